"""Statements on their way: in order, all or nothing, each with its own error."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import URL, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from engine.errors import Overtaken
from engine.persistence import Connection, Database, instances
from engine.persistence import tables as t
from engine.persistence.statements import Insert, Statement, equal
from tests.engine.diagrams import Body
from tests.engine.lab import REGION, Lab

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ADD = Insert(t.history)
NUMBERS = Statement(select(t.history.c.n).where(equal(t.history.c.instance_id)).order_by(t.history.c.n))


def entry(n: int, **values: object) -> dict[str, object]:
    return {"region": "JA", "instance_id": 7, "n": n, "at": NOW, "by": "b", "command": "c", "events": b"e"} | values


def numbers(connection: Connection) -> list[int]:
    return [row.n for row in NUMBERS.all(connection, instance_id=7)]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def test_what_was_written_has_arrived_when_something_is_read(database: Database) -> None:
    with database.begin() as connection:
        ADD.write(connection, [entry(1), entry(2)])
        ADD.write(connection, [entry(3)])

        assert numbers(connection) == [1, 2, 3]


def test_what_was_written_arrives_before_a_statement_of_sqlalchemy(database: Database) -> None:
    with database.begin() as connection:
        ADD.write(connection, [entry(1)])

        assert connection.execute(select(func.count()).select_from(t.history)).scalar() == 1


def test_what_was_written_last_is_kept_by_the_commit(database: Database) -> None:
    with database.begin() as connection:
        ADD.write(connection, [entry(1)])

    with database.read() as connection:
        assert numbers(connection) == [1]


def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        ADD.write(connection, [entry(1)])
        raise ZeroDivisionError

    with database.begin() as connection:
        assert numbers(connection) == []


def test_a_row_that_is_refused_is_told_and_takes_the_others_with_it(database: Database) -> None:
    with database.begin() as connection:
        ADD.write(connection, [entry(2)])
    with pytest.raises(IntegrityError), database.begin() as connection:
        ADD.write(connection, [entry(1)])
        ADD.write(connection, [entry(2)])
        ADD.write(connection, [entry(3)])

    with database.begin() as connection:
        assert numbers(connection) == [2]
        ADD.write(connection, [entry(4)])


def test_a_value_that_cannot_travel_is_told_at_once_and_harms_nothing_else(database: Database) -> None:
    with database.begin() as connection:
        ADD.write(connection, [entry(1)])
        if database.dialect == "postgresql":
            with pytest.raises(DBAPIError):
                ADD.write(connection, [entry(2, by="a\0b")])

    with database.read() as connection:
        assert numbers(connection) == [1]


def test_more_than_the_socket_holds_goes_out_and_comes_back(database: Database) -> None:
    large = bytes(range(256)) * 20_000
    with database.begin() as connection:
        for n in range(1, 6):
            ADD.write(connection, [entry(n, events=large)])
    query = Statement(select(t.history.c.events).where(equal(t.history.c.instance_id)))

    with database.read() as connection:
        assert [bytes(row.events) for row in query.all(connection, instance_id=7)] == [large] * 5


def test_more_statements_than_a_batch_holds_arrive_in_order(database: Database) -> None:
    with database.begin() as connection:
        for n in range(1, 501):
            ADD.write(connection, [entry(n)])

        assert numbers(connection) == list(range(1, 501))


def test_questions_are_answered_with_what_was_written_before_each(database: Database) -> None:
    with database.begin() as connection:
        first = NUMBERS.ask(connection, instance_id=7)
        ADD.write(connection, [entry(1)])
        second = NUMBERS.ask(connection, instance_id=7)

        assert ([row.n for row in second.all()], first.all()) == ([1], [])


def test_a_statement_of_sqlalchemy_and_a_prepared_one_share_the_transaction(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(insert(t.history).values(**entry(1)))
        ADD.write(connection, [entry(2)])

    with database.read() as connection:
        assert numbers(connection) == [1, 2]


def backend(connection: Connection) -> int:
    return connection.execute(text("select pg_backend_pid()")).scalar_one()


def drop(url: URL, pid: int) -> None:
    """End a server's process and wait until it is gone, up to 10 seconds."""
    others = Database(url.render_as_string(hide_password=False))
    with others.begin() as connection:
        assert connection.execute(text("select pg_terminate_backend(:pid, 10000)"), {"pid": pid}).scalar()
    others.close()


@pytest.mark.postgresql_only
def test_connections_that_the_server_dropped_are_replaced(database: Database) -> None:
    with database.begin() as connection:
        ADD.write(connection, [entry(1)])
        own = backend(connection)
    drop(database.engine.url, own)

    with database.begin() as connection:
        ADD.write(connection, [entry(2)])
    with database.read() as connection:
        assert numbers(connection) == [1, 2]


@pytest.mark.postgresql_only
def test_a_connection_dropped_in_the_middle_is_told_and_leaves_nothing(database: Database) -> None:
    with pytest.raises(OperationalError), database.begin() as connection:
        ADD.write(connection, [entry(1)])
        assert numbers(connection) == [1]
        drop(database.engine.url, backend(connection))
        ADD.write(connection, [entry(2)])

    with database.begin() as connection:
        assert numbers(connection) == []
        ADD.write(connection, [entry(3)])
    with database.read() as connection:
        assert numbers(connection) == [3]


def test_an_instance_that_somebody_else_has_written_is_not_written_over(lab: Lab) -> None:
    instance = lab.run(Body().start().user("a").end().flow("start -> a -> end"))
    with lab.database.read() as connection:
        row = instances.load(connection, REGION, instance)
    assert row is not None
    lab.set(instance, x=1)

    with pytest.raises(Overtaken), lab.database.begin() as connection:
        instances.save(connection, row, b"stale")

    assert lab.open(instance) == ["a"]
