"""Every event of BPMN 2.0 at every place, in both dialects: nothing happens before it, the right thing after it."""

from collections.abc import Iterator

import pytest

from engine.invariants import broken
from engine.model import JobOpened, Resource
from engine.parsing.bpmn import inspect_bpmn
from tests.coverage.matrix import (
    BESIDE,
    BORDER,
    CATCH,
    END,
    PLACES,
    PROCESS,
    SCOPE,
    START,
    TABLE,
    THROW,
    Cell,
    cells,
    diagram,
)
from tests.engine.lab import REGION, Lab


class EventLab(Lab):
    """A laboratory that remembers its one instance."""

    root = 0


@pytest.fixture
def lab(database_url: str) -> Iterator[EventLab]:
    laboratory = EventLab(database_url, regions=lambda _connection: [REGION])
    yield laboratory
    with laboratory.database.read() as connection:
        found = broken(connection, laboratory.engine.definitions)
    laboratory.database.close()
    assert found == []


def jobs(lab: Lab) -> list[str]:
    """The types of all jobs that wait, of whichever instance."""
    opened = {wait.id: wait.type for change in lab.changes for wait in change.opened if isinstance(wait, JobOpened)}
    closed = {wait.id for change in lab.changes for wait in change.closed if wait.what == "job"}
    return sorted(kind for number, kind in opened.items() if number not in closed)


def happen(lab: EventLab, cell: Cell, dialect: str) -> None:
    """What the event waits for comes, from outside. A Camunda 7 message has no key of its own, nor has a start."""
    key = "K" if dialect == "camunda8" and cell.place != START else ""
    match cell.trigger:
        case "message" | "multiple":
            lab.publish("news", key)
        case "signal":
            lab.signal("news")
        case "parallelMultiple":
            lab.publish("news", key)
            assert "handled" not in jobs(lab)
            lab.signal("news")
        case "timer":
            lab.advance(hours=2)
        case "conditional" if cell.place == START:
            with lab.work() as work:
                work.evaluate_conditions({"go": True})
        case "conditional":
            lab.set(lab.root, go=True)
    lab.engine.run_due()


def expected(cell: Cell) -> list[str]:
    """The jobs that wait after the event."""
    match cell.trigger, cell.place:
        case ("none", place) if place == THROW:
            return ["rest"]
        case ("none" | "terminate", place) if place == END:
            return []
        case ("escalation", place) if place in {SCOPE, BESIDE, THROW}:
            return ["handled", "rest"]
        case ("message" | "signal", place) if place == THROW:
            return ["handled", "rest"]
        case ("multiple", place) if place == THROW:
            return ["handled", "rest"]
        case (_, place) if place in {SCOPE, BESIDE}:
            return ["handled", "work"]
    return ["handled"]


CARRIED_OUT = [cell for cell in cells() if cell.rule is None]
REFUSED = [cell for cell in cells() if cell.rule is not None]
# What is thrown cannot be written as parallel: `parallelMultiple` is an attribute of what is caught.
NOWHERE = [
    (trigger, place)
    for trigger, places in TABLE.items()
    for place in PLACES
    if place not in places and (trigger != "parallelMultiple" or place not in {THROW, END})
]
each_dialect = pytest.mark.parametrize("dialect", ["camunda8", "camunda7"])


@pytest.mark.parametrize("cell", CARRIED_OUT, ids=lambda cell: cell.id)
@each_dialect
@pytest.mark.sqlite_only
def test_an_event_happens_when_it_should_and_leads_where_it_should(lab: EventLab, dialect: str, cell: Cell) -> None:
    lab.deploy(Resource("event.bpmn", diagram(cell, dialect)))

    if cell.place != START:
        lab.root = lab.start("p", key="K", go=False)
        if cell.place in {CATCH, THROW, END} or not cell.is_awaited:
            assert "handled" not in jobs(lab)
            lab.done("work")
    elif cell.trigger == "none":
        lab.start("p")
    if cell.is_awaited:
        assert "handled" not in jobs(lab)
        happen(lab, cell, dialect)
    lab.engine.run_due()

    assert jobs(lab) == expected(cell)
    for job in list(jobs(lab)):
        lab.done(job)
    if cell.place in {PROCESS, BORDER, THROW} and cell.trigger == "compensation":
        assert jobs(lab) == ["rest"]
        lab.done("rest")
    assert jobs(lab) == []
    with lab.read() as work:
        assert work.incidents() == []
        assert all(work.instance(change.root_id).state == "completed" for change in lab.changes)


BESIDE_CELLS = [
    cell for cell in CARRIED_OUT if cell.place in {SCOPE, BESIDE} and cell.trigger in {"message", "signal", "multiple"}
]


@pytest.mark.parametrize("cell", BESIDE_CELLS, ids=lambda cell: cell.id)
@each_dialect
@pytest.mark.sqlite_only
def test_an_event_that_does_not_interrupt_happens_again_and_again(lab: EventLab, dialect: str, cell: Cell) -> None:
    lab.deploy(Resource("event.bpmn", diagram(cell, dialect)))
    lab.root = lab.start("p", key="K", go=False)

    for times in range(1, 4):
        happen(lab, cell, dialect)
        assert jobs(lab) == [*["handled"] * times, "work"]

    lab.done("work")
    happen(lab, cell, dialect)
    # The host of a boundary event is over, and with it the waiting; a process that still handles something is not.
    assert jobs(lab) == ["handled"] * (3 if cell.place == BESIDE else 4)


@pytest.mark.parametrize("cell", REFUSED, ids=lambda cell: cell.id)
@each_dialect
def test_an_event_that_is_not_carried_out_is_refused_by_name(dialect: str, cell: Cell) -> None:
    problems = inspect_bpmn(diagram(cell, dialect), file="event.bpmn").problems

    assert [problem.rule for problem in problems if problem.severity == "error"] == [cell.rule]


@pytest.mark.parametrize(("trigger", "place"), NOWHERE, ids=lambda part: part)
@each_dialect
def test_an_event_where_bpmn_has_none_is_refused_by_name(dialect: str, trigger: str, place: str) -> None:
    inspection = inspect_bpmn(diagram(Cell(trigger, place), dialect), file="event.bpmn")

    assert inspection.collaboration is None
    assert {problem.rule for problem in inspection.problems} & {
        "start-trigger", "catch-trigger", "throw-trigger", "non-interrupting", "several-triggers", "unsupported-element",
        "unsupported-attribute",
    }  # fmt: skip
