"""Alembic's entry: brings one database from whatever revision it has to the one asked for, in one transaction.

`engine.persistence.migrate` hands the URL over in the configuration. Several nodes may start at once: the first migrates, the
others wait for it and find nothing left to do. A node that is killed half-way leaves the old schema, on both databases.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _repr_type  # Alembic offers no public name for it
from sqlalchemy import Connection, Dialect, create_engine, event, text, types
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import NullPool

from migrations import metadata

# Any fixed number will do; it only has to be the same on every node.
MIGRATION_LOCK = 7_411_906
DIALECTS: tuple[Dialect, Dialect] = (sqlite.dialect(), postgresql.dialect())  # type: ignore[no-untyped-call]  # SQLAlchemy's


def _own_types_as_plain_types(kind: str, value: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as what each database stores, so that an old migration never imports today's code."""
    if kind != "type" or not isinstance(value, types.TypeDecorator):
        return False
    on_sqlite, on_postgresql = (_plain(value, dialect, autogen) for dialect in DIALECTS)
    return on_sqlite if on_sqlite == on_postgresql else f'{on_sqlite}.with_variant({on_postgresql}, "postgresql")'


def _plain(value: types.TypeEngine[Any], dialect: Dialect, autogen: AutogenContext) -> str:
    while isinstance(value, types.TypeDecorator):
        value = value.load_dialect_impl(dialect)
    # A dialect answers with a private class of its own; the general type says the same and has a name.
    return str(_repr_type(value.as_generic(), autogen))


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_own_types_as_plain_types,
        compare_type=True,
        transaction_per_migration=False,
        # SQLite can roll back DDL as PostgreSQL can, provided that nobody commits behind our back; see _sqlite_transactions.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        context.run_migrations()


def _sqlite_transactions(engine: Any) -> None:
    """Let SQLAlchemy alone begin and end transactions: Python's driver would commit before every DDL statement."""

    @event.listens_for(engine, "connect")
    def _no_implicit_begin(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _take_the_write_lock(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def main() -> None:
    """Open the database of the configuration and migrate it."""
    url = context.config.get_main_option("sqlalchemy.url")
    if not url:
        raise ValueError("no database: run migrations by engine.persistence.migrate, or give sqlalchemy.url to Alembic")
    sqlite = url.startswith("sqlite")
    # 60 s: the time that a second node waits for the first one's migration.
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 60} if sqlite else {})
    if sqlite:
        _sqlite_transactions(engine)
    try:
        with engine.connect() as connection:
            _migrate(connection)
    finally:
        engine.dispose()


if context.is_offline_mode():
    raise ValueError("migrations run against a database; printing them as SQL is not offered")
main()
