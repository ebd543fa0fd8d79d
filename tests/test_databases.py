"""The promises of the fixtures that every other test relies on."""

import pytest
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from migrations import metadata


@pytest.mark.parametrize("round_", [1, 2])
def test_each_test_gets_all_tables_and_no_rows_of_another_test(database_url: str, round_: int) -> None:
    engine = create_engine(database_url, poolclass=NullPool)

    with engine.begin() as connection:
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())
        connection.execute(text("create table left_behind (id integer primary key)"))

    engine.dispose()


@pytest.mark.sqlite_only
def test_marker_sqlite_only_keeps_the_test_on_sqlite(database_url: str) -> None:
    assert make_url(database_url).get_backend_name() == "sqlite"


@pytest.mark.postgresql_only
def test_marker_postgresql_only_keeps_the_test_on_postgresql(database_url: str) -> None:
    assert make_url(database_url).get_backend_name() == "postgresql"
