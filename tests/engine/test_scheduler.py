"""The heartbeat: wakes in time, survives what fails, and leaves the truth to the database."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from engine.clock import ManualClock, SystemClock
from engine.engine import ProcessEngine
from engine.model import Changes
from engine.persistence import Database
from engine.scheduler import Heartbeat
from engine.work import Work
from tests.engine.diagrams import Body, resource
from tests.engine.lab import Lab


def waiting_task(timer: str) -> Body:
    body = Body()
    body.start().user("work").boundary("t", "work", body.timer("timeDuration", timer)).user("late")
    return body.flow("start -> work").flow("t -> late")


def test_the_heart_fires_a_timer_by_itself(database_url: str) -> None:
    database = Database(database_url)
    fired = Event()
    engine = ProcessEngine(
        database, SystemClock(), on_change=lambda _work, changes: fired.set() if changes.command == "timer" else None
    )
    with engine.work() as work:
        work.deploy([resource(waiting_task("PT0.2S"))])
        work.start_instance("p", {})
    heart = Heartbeat(engine, beat=timedelta(seconds=1))

    heart.start()
    rang = fired.wait(timeout=20)
    heart.stop()
    database.close()

    assert rang


def test_a_beat_that_fails_does_not_end_the_heart(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise RuntimeError("a beat of the layer above failed")

    Heartbeat(lab.engine, broken).beat()

    assert "a heartbeat failed" in caplog.text


def test_more_than_one_round_takes_is_worked_off_without_waiting_for_the_next_beat(database_url: str) -> None:
    many = 230
    database, fired, all_fired = Database(database_url), set[int](), Event()

    def note(_work: Work, changes: Changes) -> None:
        if changes.command == "timer":
            fired.add(changes.root_id)
            if len(fired) == many:
                all_fired.set()

    engine = ProcessEngine(database, SystemClock(), on_change=note)
    with engine.work() as work:
        work.deploy([resource(waiting_task("PT0S"))])
        started = {work.start_instance("p", {}) for _ in range(many)}
    heart = Heartbeat(engine, beat=timedelta(hours=1))

    heart.start()
    rang = all_fired.wait(timeout=60)
    heart.stop()
    database.close()

    assert rang
    assert fired == started


def test_a_timer_that_fails_does_not_stop_those_behind_it_and_is_tried_again(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    lab.deploy(waiting_task("PT1H"))
    broken, *others = [lab.start() for _ in range(3)]
    poisoned = {broken}

    def react(_work: Work, changes: Changes) -> None:
        if changes.root_id in poisoned:
            raise RuntimeError("the layer above failed")

    lab.engine.on_change = react
    lab.advance(hours=1)
    first = [lab.tasks(instance) for instance in (broken, *others)]
    poisoned.clear()
    lab.engine.run_due()

    assert first == [["work"], ["late"], ["late"]]
    assert lab.tasks(broken) == ["late"]
    assert "is tried again" in caplog.text


def test_what_is_due_on_the_way_happens_in_order_when_the_clock_is_moved(lab: Lab) -> None:
    body = Body()
    body.start().user("work")
    for hours in (3, 1, 2):
        name = f"t{hours}"
        body.boundary(name, "work", body.timer("timeDuration", f"PT{hours}H"), interrupting=False)
        body.script(f"s{hours}", f"=append(if order = null then [] else order, {hours})", "order").flow(
            f"{name} -> s{hours}"
        )
    instance = lab.run(body.flow("start -> work"))

    lab.advance(hours=5)

    assert lab.variables(instance)["order"] == [1, 2, 3]
    with lab.read() as work:
        rang = [entry.entered_at - lab.clock.now() for entry in work.path(instance) if entry.element_id.startswith("s")
                and entry.element_id != "start"]  # fmt: skip
    assert [round(span.total_seconds() / 3600) for span in rang] == [-4, -3, -2]


def test_other_sources_are_worked_off_in_order_with_the_timers(database_url: str) -> None:
    lab = Lab(database_url)
    done: list[str] = []
    start = lab.clock.now()

    class Outbox:
        due: datetime | None = start + timedelta(minutes=90)

        def next_due(self, _connection: object) -> datetime | None:
            return self.due

        def run_due(self, now: datetime) -> int:
            if self.due is None or self.due > now:
                return 0
            self.due = None
            done.append(f"outbox at {(now - start).total_seconds() / 60:g}")
            return 1

    lab.engine.due_sources.append(Outbox())
    lab.engine.on_change = lambda work, changes: done.append(
        f"{changes.command} at {(work.now - start).total_seconds() / 60:g}"
    )
    lab.run(waiting_task("PT1H"))
    done.clear()
    with lab.work() as work:
        work.start_instance("p", {})
    done.clear()

    lab.advance(hours=3)

    assert done == ["timer at 60", "timer at 60", "outbox at 90"]
    lab.database.close()


def test_the_clock_moves_forward_only(lab: Lab) -> None:
    with pytest.raises(ValueError, match="forward only"):
        lab.engine.advance_to(lab.clock.now() - timedelta(seconds=1))


def test_a_clock_that_follows_the_machine_cannot_be_moved(database_url: str) -> None:
    database = Database(database_url)
    engine = ProcessEngine(database, SystemClock())

    with pytest.raises(ValueError, match="follows the machine"):
        engine.advance_to(datetime(2030, 1, 1, tzinfo=UTC))
    database.close()


def test_all_nodes_share_the_manual_clock(database_url: str) -> None:
    first, second = Lab(database_url), Lab(database_url)

    first.advance(hours=5)

    with second.read() as work:
        assert work.now == first.clock.now()
    assert isinstance(second.engine.clock, ManualClock)
    first.database.close()
    second.database.close()
