"""The inbox: tabs, counts, search, and the badge that says how much time is left. Changes no task.

Rows come in the order urgent, overdue, fewest days left; that order is stored (`persistence.inbox`), the badge is computed for the
rows shown. Who is barred is left out, never listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from casework.act import Act
from casework.errors import FieldFault, Invalid
from casework.law.badges import Badge, badge_of
from casework.model.cases import HumanTask
from casework.model.law import LegalClock
from casework.model.people import Office, Staff
from casework.model.record import PARKED
from casework.people import organisation, relations
from casework.persistence import inbox as queries
from casework.persistence.inbox import Barred, Filters, Key
from engine.errors import Unknown

MOST = 200


class Tab(StrEnum):
    """The lists of an inbox."""

    MINE = "mine"
    CLAIMABLE = "claimable"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Row:
    """A task as a list shows it."""

    task: HumanTask
    badge: Badge
    office: Office
    assignee: Staff | None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and where the next page begins; None on the last."""

    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks lie in each list, up to 1000."""

    mine: int
    claimable: int


def page(
    act: Act, tab: Tab | str, *, q: str = "", procedure: str | None = None, urgent: bool | None = None, due: str | None = None,
    after: str | None = None, limit: int = 30,
) -> Page:  # fmt: skip
    """A page of a list. `due` is overdue, today or week; `after` the mark of the page before. Invalid for what none of them can be."""
    staff_id = _asker(act)
    wanted, limit = Tab(tab), max(1, min(limit, MOST))
    filters = Filters(text=q.strip()[:100], process_id=procedure, urgent=urgent, due_before=_due_before(act, due))
    barred = _barred(act, staff_id)
    if wanted is Tab.DONE:
        found = queries.done(
            act.connection, act.region, staff_id, filters=filters, after=_read_done(after), limit=limit + 1, barred=barred
        )
    elif wanted is Tab.MINE:
        found = queries.mine(act.connection, act.region, staff_id, filters=filters, after=_read(after), limit=limit + 1, barred=barred)
    else:
        audiences = sorted(organisation.audiences_of(act, staff_id))
        found = queries.claimable(
            act.connection, act.region, audiences, filters=filters, after=_read(after), limit=limit + 1, barred=barred
        )
    more = len(found) > limit
    shown = found[:limit]
    last = shown[-1] if more else None
    return Page(
        rows=tuple(rows_of(act, shown)), next=None if last is None else _mark_done(last) if wanted is Tab.DONE else _mark(last)
    )


def counts(act: Act) -> Counts:
    """How many tasks the actor has, and how many she may claim."""
    staff_id = _asker(act)
    audiences = sorted(organisation.audiences_of(act, staff_id))
    mine, claimable = queries.counts(act.connection, act.region, staff_id, audiences, _barred(act, staff_id))
    return Counts(mine, claimable)


def rows_of(act: Act, tasks: list[HumanTask]) -> list[Row]:
    """Tasks with badge, office and assignee, in the order given."""
    clock_ids = sorted({task.clock_id for task in tasks if task.clock_id is not None})
    clocks = {clock.id: clock for clock in act.find_all(LegalClock, id=clock_ids)} if clock_ids else {}
    offices = {office.id: office for office in act.find_all(Office, id=sorted({task.office_id for task in tasks}))} if tasks else {}
    assigned = sorted({task.assignee_id for task in tasks if task.assignee_id is not None})
    people = {person.id: person for person in act.find_all(Staff, id=assigned)} if assigned else {}
    return [
        Row(
            task=task, badge=badge_of(act, clocks.get(task.clock_id or 0)), office=offices[task.office_id],
            assignee=people.get(task.assignee_id or 0),
        )
        for task in tasks
    ]  # fmt: skip


def _asker(act: Act) -> int:
    if act.actor is None:
        raise Unknown("没有登录。", "Nobody is signed in.")
    return act.actor.staff_id


def _barred(act: Act, staff_id: int) -> Barred:
    households, cases = relations.barred_cases(act, staff_id)
    return Barred(staff_id, frozenset(households), frozenset(cases))


def _due_before(act: Act, due: str | None) -> datetime | None:
    """Midnight at the end of the span; a task without a running clock is never due."""
    if due is None:
        return None
    days = {"overdue": None, "today": 1, "week": 7}
    if due not in days:
        raise Invalid([FieldFault("due", ("due",), "期限筛选不在清单中。", "due is overdue, today or week.")])
    ahead = days[due]
    if ahead is None:
        return act.now
    # A day-counted limit ends at the midnight itself, so that midnight belongs to the span.
    end = datetime.combine(act.today + timedelta(days=ahead), time(0), act.house.zone).astimezone(UTC)
    return end + timedelta(microseconds=1)


def _mark(task: HumanTask) -> str:
    return f"{task.rank}.{_microseconds(task.due_at)}.{task.id}"


def _mark_done(task: HumanTask) -> str:
    return f"{_microseconds(task.closed_at or PARKED)}.{task.id}"


def _read(mark: str | None) -> Key | None:
    if mark is None:
        return None
    rank, due, task_id = _numbers(mark, 3)
    return rank, _moment(due), task_id


def _read_done(mark: str | None) -> tuple[datetime, int] | None:
    if mark is None:
        return None
    closed, task_id = _numbers(mark, 2)
    return _moment(closed), task_id


def _numbers(mark: str, count: int) -> list[int]:
    parts = mark.split(".")
    if len(parts) != count or not all(_is_number(part) for part in parts):
        raise Invalid([FieldFault("after", ("after",), "翻页标记无效。", "The mark of the page is not valid.")])
    return [int(part) for part in parts]


def _is_number(part: str) -> bool:
    """Digits of a number that both databases can compare."""
    return part.isascii() and part.isdigit() and len(part) < 20 and int(part) < 2**63


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(microseconds: int) -> datetime:
    if microseconds > _microseconds(PARKED):
        raise Invalid([FieldFault("after", ("after",), "翻页标记无效。", "The mark of the page is not valid.")])
    return _EPOCH + timedelta(microseconds=microseconds)
