"""The inbox: order, pages without gap or double, filters, who is left out, and plans without a full scan."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, insert, text

from casework.desk import inbox
from casework.errors import Invalid
from casework.model.cases import HumanTask, TaskState
from casework.model.record import PARKED
from casework.people import relations
from casework.persistence import inbox as queries
from casework.persistence import rows
from casework.persistence.tables import human_task, offer
from tests.casework.conftest import Town

# Plans do not change between thirty and a hundred thousand; filling PostgreSQL is what takes long.
MANY = {"sqlite": 100_000, "postgresql": 30_000}
PORTION = 10_000
TASKS_OF_A_CASE = 20


def fill(town: Town, count: int) -> HumanTask:
    """`count` more tasks like the first of a new case, twenty to a case, half with 300 people and half offered to 50 other offices."""
    case = town.open()
    task = town.task(case, "A")
    cases = [
        replace(case, id=case.id + n, case_no=f"{case.case_no}-{n}", root_instance_id=case.root_instance_id + n)
        for n in range(1, 1 + count // TASKS_OF_A_CASE)
    ]
    with town.authority.database.begin() as connection:
        rows.add_all(connection, cases)
        # Foreign keys are looked up by plans that are kept; made on an empty table they would scan it a hundred thousand times.
        connection.execute(text("analyze"))
    for start in range(0, count, PORTION):
        copies = [
            replace(
                task, id=task.id + n + 1, case_id=cases[n % len(cases)].id, rank=n % 2,
                due_at=task.due_at + timedelta(seconds=n * 7919 % 100_000), clock_id=None, audiences=(f"case-handler@OTHER-{n % 50}",),
                assignee_id=1000 + n % 300 if n % 2 else None, state=TaskState.CLAIMED if n % 2 else TaskState.UNCLAIMED,
            )
            for n in range(start, min(start + PORTION, count))
        ]  # fmt: skip
        with town.authority.database.begin() as connection:
            rows.add_all(connection, copies)
            connection.execute(
                insert(offer),
                [
                    {"region": copy.region, "task_id": copy.id, "audience": copy.audiences[0], "rank": copy.rank,
                     "due_at": copy.due_at, "case_id": copy.case_id, "household_id": None, "process_id": copy.process_id}
                    for copy in copies if copy.assignee_id is None
                ],
            )  # fmt: skip
            connection.execute(text("analyze"))
    return task


@contextmanager
def statements(connection: Connection) -> Iterator[list[tuple[str, object]]]:
    """What is executed inside, with its parameters."""
    seen: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, _context: object, _many: bool) -> None:
        seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)


def plan(connection: Connection, statement: str, parameters: object) -> str:
    prefix = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    return "\n".join(str(row) for row in connection.exec_driver_sql(prefix + statement, parameters))  # type: ignore[arg-type]


@pytest.mark.slow
def test_no_list_scans_a_table_of_many_tasks(town: Town) -> None:
    fill(town, MANY[town.authority.database.dialect])
    with town.authority.read(town.who("ja-01-handler")) as act, statements(act.connection) as seen:
        for tab in inbox.Tab:
            inbox.page(act, tab)
        inbox.counts(act)
        hot = [(statement, parameters) for statement, parameters in seen if "human_task" in statement or "offer" in statement]
        plans = [plan(act.connection, statement, parameters) for statement, parameters in hot]

    assert len(hot) == 4
    scans = ("SCAN human_task", "SCAN offer", "Seq Scan on human_task", "Seq Scan on offer")
    assert [found for found in plans if any(scan in found for scan in scans)] == []


def test_urgent_comes_first_then_what_is_due_soonest_and_without_a_clock_last(town: Town) -> None:
    tasks = [town.task(town.open(), "A") for _ in range(4)]
    values = [(1, PARKED), (1, tasks[1].due_at - timedelta(days=1)), (0, PARKED), (1, tasks[3].due_at)]
    with town.authority.database.begin() as connection:
        for task, (rank, due_at) in zip(tasks, values, strict=True):
            for table, key in ((human_task, human_task.c.id), (offer, offer.c.task_id)):
                connection.execute(table.update().where(key == task.id).values(rank=rank, due_at=due_at))

    with town.authority.read(town.who("ja-01-handler")) as act:
        shown = [row.task.id for row in inbox.page(act, "claimable").rows]

    assert shown == [tasks[2].id, tasks[1].id, tasks[3].id, tasks[0].id]


def test_pages_follow_without_gap_or_double_while_tasks_are_taken(town: Town) -> None:
    expected = [town.task(town.open(), "A").id for _ in range(7)]
    handler = town.who("ja-01-handler")

    shown: list[int] = []
    with town.authority.read(handler) as act:
        first = inbox.page(act, "claimable", limit=3)
    shown += [row.task.id for row in first.rows]
    town.claim(first.rows[1].task, "ja-01-handler2")
    with town.authority.read(handler) as act:
        second = inbox.page(act, "claimable", limit=3, after=first.next)
        third = inbox.page(act, "claimable", limit=3, after=second.next)
    shown += [row.task.id for page in (second, third) for row in page.rows]

    assert (sorted(shown), third.next) == (sorted(expected), None)


def test_done_shows_the_newest_first_page_by_page(town: Town) -> None:
    done = []
    for _ in range(3):
        task = town.task(town.open(), "A")
        town.complete(task, "ja-01-handler")
        done.append(task.id)
        town.authority.advance_to(town.clock.now() + timedelta(minutes=1))

    with town.authority.read(town.who("ja-01-handler")) as act:
        first = inbox.page(act, "done", limit=2)
        second = inbox.page(act, "done", limit=2, after=first.next)

    assert [row.task.id for page in (first, second) for row in page.rows] == done[::-1]


def test_counts_are_what_the_lists_hold(town: Town) -> None:
    tasks = [town.task(town.open(), "A") for _ in range(3)]
    town.claim(tasks[0], "ja-01-handler")

    with town.authority.read(town.who("ja-01-handler")) as act:
        counts = inbox.counts(act)

    assert (counts.mine, counts.claimable) == (1, 2)


def test_a_count_stops_at_a_thousand(town: Town) -> None:
    task = fill(town, 2400)
    with town.authority.database.begin() as connection:
        connection.execute(offer.update().where(offer.c.task_id != task.id).values(audience="case-handler@JA-01"))

    with town.authority.read(town.who("ja-01-handler")) as act:
        assert inbox.counts(act).claimable == queries.COUNTED


@pytest.mark.parametrize(
    ("filters", "found"),
    [({"q": "经办"}, 2), ({"q": "%"}, 0), ({"procedure": "tiny"}, 2), ({"procedure": "other"}, 0), ({"urgent": True}, 0),
     ({"due": "overdue"}, 0), ({"due": "week"}, 0)],
)  # fmt: skip
def test_filters_narrow_the_list(town: Town, filters: dict[str, object], found: int) -> None:
    for _ in range(2):
        town.open()

    with town.authority.read(town.who("ja-01-handler")) as act:
        assert len(inbox.page(act, "claimable", **filters).rows) == found  # type: ignore[arg-type]


def test_what_is_due_today_is_found_until_midnight(town: Town) -> None:
    town.open()
    town.authority.advance_to(town.clock.now() + timedelta(days=7))

    with town.authority.read(town.who("ja-01-handler")) as act:
        found = [len(inbox.page(act, "claimable", due=due).rows) for due in ("overdue", "today", "week")]

    assert found == [0, 1, 1]


@pytest.mark.parametrize("mark", ["x", "1.2", "0.0.99999999999999999999", "0.9999999999999999999.1", "1.1.-1"])
def test_a_mark_that_cannot_be_is_refused(town: Town, mark: str) -> None:
    with pytest.raises(Invalid), town.authority.read(town.who("ja-01-handler")) as act:
        inbox.page(act, "claimable", after=mark)


def test_cases_of_relatives_are_neither_listed_nor_counted(town: Town) -> None:
    case = town.open()
    town.open()
    with town.authority.act(town.who("ja-01-handler")) as act:
        relations.declare(act, type="child", nature="blood", case_no=case.case_no)

    with town.authority.read(town.who("ja-01-handler")) as act:
        listed = [row.task.case_id for row in inbox.page(act, "claimable").rows]
        counted = inbox.counts(act).claimable

    assert case.id not in listed
    assert (len(listed), counted) == (1, 1)


def test_a_task_is_listed_once_for_one_who_is_in_two_of_its_audiences(town: Town) -> None:
    task = town.task(town.open(), "A")
    with town.authority.database.begin() as connection:
        connection.execute(insert(offer).values(
            region="JA", task_id=task.id, audience="survey-officer@JA-01", rank=task.rank, due_at=task.due_at, case_id=task.case_id,
            household_id=None, process_id="tiny"))  # fmt: skip

    with town.authority.read(town.who("ja-01-handler2")) as act:
        assert [row.task.id for row in inbox.page(act, "claimable").rows] == [task.id]
        assert inbox.counts(act).claimable == 1


def test_what_she_claimed_is_hers_alone(town: Town) -> None:
    task = town.claim(town.task(town.open(), "A"), "ja-01-handler")

    def lists(login: str) -> tuple[list[int], list[int]]:
        with town.authority.read(town.who(login)) as act:
            return tuple([row.task.id for row in inbox.page(act, tab).rows] for tab in ("mine", "claimable"))  # type: ignore[return-value]

    assert lists("ja-01-handler") == ([task.id], [])
    assert lists("ja-01-handler2") == ([], [])
    assert town.task_now(task).state is TaskState.CLAIMED
