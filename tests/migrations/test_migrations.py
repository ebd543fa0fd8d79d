"""Migrations come to the tables that the code declares, all or nothing, and once however many nodes start."""

import subprocess
import sys

import pytest
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from engine.persistence import migrate
from migrations import metadata
from tests.sources import ROOT


def tables_of(url: str) -> set[str]:
    engine = create_engine(url, poolclass=NullPool)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def execute(url: str, statement: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_migrations_make_exactly_the_tables_that_the_code_declares(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)

    migrate.check(empty_database_url)
    assert tables_of(empty_database_url) == set(metadata.tables) | {"alembic_version"}


def test_the_template_of_the_other_tests_is_what_migrations_make(database_url: str) -> None:
    migrate.check(database_url)


def test_a_difference_between_code_and_tables_is_found(database_url: str) -> None:
    execute(database_url, "create table forgotten (id integer primary key)")

    with pytest.raises(CommandError, match="forgotten"):
        migrate.check(database_url)


def test_migrating_twice_changes_nothing(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    migrate.upgrade(empty_database_url)

    migrate.check(empty_database_url)


def test_going_back_to_base_leaves_no_table(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)

    migrate.downgrade(empty_database_url, "base")

    assert tables_of(empty_database_url) == {"alembic_version"}


def test_a_migration_that_fails_half_way_leaves_no_table(empty_database_url: str) -> None:
    last = list(metadata.tables)[-1]

    def fail_on_the_last_table(_connection, _cursor, statement: str, *_rest) -> None:
        if f"CREATE TABLE {last} " in statement.replace('"', ""):
            raise OSError("no space left on device")

    event.listen(Engine, "before_cursor_execute", fail_on_the_last_table)
    try:
        with pytest.raises(OSError, match="no space left"):
            migrate.upgrade(empty_database_url)
    finally:
        event.remove(Engine, "before_cursor_execute", fail_on_the_last_table)

    assert tables_of(empty_database_url) == set()
    migrate.upgrade(empty_database_url)
    migrate.check(empty_database_url)


def test_two_nodes_that_start_at_once_both_find_the_tables(empty_database_url: str) -> None:
    program = "import sys; from engine.persistence.migrate import upgrade; upgrade(sys.argv[1])"
    nodes = [
        subprocess.Popen([sys.executable, "-c", program, empty_database_url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    complaints = [node.communicate(timeout=120)[1] for node in nodes]

    assert [node.returncode for node in nodes] == [0, 0], complaints
    migrate.check(empty_database_url)


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    execute(database_url, "update alembic_version set version_num = '9999'")

    with pytest.raises(CommandError, match="9999"):
        migrate.upgrade(database_url)


def test_a_password_with_a_percent_sign_reaches_the_database_unchanged() -> None:
    url = "postgresql+psycopg://u:p%40w@127.0.0.1/yimen"

    assert migrate._config(url).get_main_option("sqlalchemy.url") == url
