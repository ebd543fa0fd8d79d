"""Brings a database to the tables that this version of the code expects.

Runs Alembic from the `migrations` folder that lies beside the packages, in a checkout as in an installed wheel. It knows nothing
of the tables themselves: `migrations/env.py` gathers those of the engine and of the layers above.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database to `revision`; does nothing where it is there already.

    All steps are one transaction, and nodes that start together wait for one another. Raises SQLAlchemy's `OperationalError`
    where the database cannot be reached (the installation's mistake), Alembic's `CommandError` where it was written by a newer
    version than this code.
    """
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision` ("base": no tables at all); rows of tables that go are lost."""
    command.downgrade(_config(url), revision)


def stamp(url: str) -> None:
    """Record that the tables are those of the newest revision, without touching them.

    For a database whose tables were made another way, such as a test's template.
    """
    command.stamp(_config(url), "head")


def check(url: str) -> None:
    """Raise Alembic's `CommandError` with the differences where the code declares other tables than the migrations make."""
    command.check(_config(url))


def revise(url: str, message: str, revision: str | None = None) -> None:
    """Write a new migration from the difference between the code's tables and those of the database at `url`."""
    command.revision(_config(url), message=message, rev_id=revision, autogenerate=True)


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    # Percent signs of an encoded password would be read as interpolation.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
