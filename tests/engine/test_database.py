"""The door to the database: writers of one process take turns in the order of asking."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from engine.errors import Busy
from engine.persistence import database as door
from engine.persistence.database import Database


def test_writers_that_read_before_they_write_lose_nothing(database_url: str) -> None:
    database = Database(database_url)
    with database.begin() as connection:
        connection.exec_driver_sql("create table tally (n integer)")
        connection.exec_driver_sql("insert into tally values (0)")
    together = Barrier(4)

    def count() -> None:
        together.wait()
        for _ in range(25):
            with database.begin() as connection:
                lock = "" if database.dialect == "sqlite" else " for update"
                n = connection.exec_driver_sql(f"select n from tally{lock}").scalar_one()
                connection.exec_driver_sql(f"update tally set n = {n + 1}")

    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(count) for _ in range(4)]:
            job.result()

    with database.read() as connection:
        assert connection.exec_driver_sql("select n from tally").scalar_one() == 100
    database.close()


@pytest.mark.sqlite_only
def test_a_writer_is_told_that_the_system_is_busy_when_its_turn_does_not_come(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_WRITER_SECONDS", 0.05)
    database = Database(database_url)
    inside, leave = Event(), Event()

    def hold() -> None:
        with database.begin():
            inside.set()
            leave.wait(10)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        inside.wait(10)
        with pytest.raises(Busy), database.begin():
            pytest.fail("two writers at once")
        leave.set()
        held.result()
    with database.begin() as connection:  # the turn of the one that gave up is not kept for it
        assert connection.exec_driver_sql("select 1").scalar_one() == 1
    database.close()


@pytest.mark.sqlite_only
def test_turns_are_given_in_the_order_of_asking(database_url: str) -> None:
    database = Database(database_url)
    order: list[int] = []
    asked = [Event() for _ in range(5)]
    first, leave = Event(), Event()

    def take(number: int) -> None:
        asked[number].set()
        with database.begin():
            order.append(number)

    def hold() -> None:
        with database.begin():
            first.set()
            leave.wait(10)

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(hold)]
        first.wait(10)
        for number in range(5):
            jobs.append(pool.submit(take, number))
            asked[number].wait(10)
            while len(database._writers._waiting) <= number:
                pass
        leave.set()
        for job in jobs:
            job.result()

    assert order == [0, 1, 2, 3, 4]
    database.close()
