"""The hot statements of the desk: offers, pages of the inbox, counts.

`(rank, due_at, id)` ascending is the order urgent, overdue, fewest days left, so a page is what lies after a key. A person has
few audiences: one limited range of the index per audience, joined by `union all`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)  # fmt: skip

from casework.model.cases import HumanTask, TaskState
from casework.persistence.tables import draft, human_task, offer
from engine.persistence.statements import Insert, Statement, equal

COUNTED = 1000
Key = tuple[int, datetime, int]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None and "" leave it as it is. `due_before` compares with the task's due moment."""

    text: str = ""
    process_id: str | None = None
    urgent: bool | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Barred:
    """What a person's lists leave out: households and cases of relatives; tasks whose earlier step she did."""

    staff_id: int
    households: frozenset[int]
    cases: frozenset[int]


_ADD_OFFERS = Insert(offer)
_DROP_OFFERS = Statement(delete(offer).where(equal(offer.c.region), equal(offer.c.task_id)))
_DROP_DRAFTS = Statement(delete(draft).where(equal(draft.c.region), equal(draft.c.task_id)))


def add_offers(connection: Connection, task: HumanTask) -> None:
    """Offer an unclaimed task to its audiences."""
    _ADD_OFFERS.write(connection, [
        {
            "region": task.region, "task_id": task.id, "audience": audience, "rank": task.rank, "due_at": task.due_at,
            "case_id": task.case_id, "household_id": task.household_id, "process_id": task.process_id,
        }
        for audience in task.audiences
    ])  # fmt: skip


def withdraw_offers(connection: Connection, region: str, task_id: int) -> None:
    """Take a task out of every queue."""
    _DROP_OFFERS.write(connection, {"region": region, "task_id": task_id})


def drop_drafts(connection: Connection, region: str, task_id: int) -> None:
    """Drop what people typed into a task and did not send."""
    _DROP_DRAFTS.write(connection, {"region": region, "task_id": task_id})


def mine(
    connection: Connection,
    region: str,
    staff_id: int,
    *,
    filters: Filters,
    after: Key | None,
    limit: int,
    barred: Barred,
) -> list[HumanTask]:
    """The open tasks of a person, the most pressing first."""
    query = select(human_task).where(*_is_mine(region, staff_id), *_narrowed(filters), *_not_barred(barred))
    if after is not None:
        query = query.where(_after(after))
    query = query.order_by(human_task.c.rank, human_task.c.due_at, human_task.c.id).limit(limit)
    return [HumanTask(**row) for row in connection.execute(query).mappings()]


def claimable(
    connection: Connection,
    region: str,
    audiences: Sequence[str],
    *,
    filters: Filters,
    after: Key | None,
    limit: int,
    barred: Barred,
) -> list[HumanTask]:
    """The unclaimed tasks that are offered to any of these audiences, the most pressing first, each once."""
    if not audiences:
        return []
    found = _offered(connection, region, audiences, filters, after, limit, barred).subquery()
    query = (
        select(human_task)
        .where(human_task.c.region == region, human_task.c.id.in_(select(found.c.task_id)))
        .order_by(human_task.c.rank, human_task.c.due_at, human_task.c.id)
        .limit(limit)
    )
    return [HumanTask(**row) for row in connection.execute(query).mappings()]


def done(
    connection: Connection, region: str, staff_id: int, *, filters: Filters, after: tuple[datetime, int] | None, limit: int,
    barred: Barred,
) -> list[HumanTask]:  # fmt: skip
    """The tasks that a person completed, the newest first."""
    task = human_task.c
    query = select(human_task).where(
        task.region == region, task.closed_by == staff_id, *_narrowed(filters), *_not_barred(barred)
    )
    if after is not None:
        query = query.where(
            tuple_(task.closed_at, task.id) < tuple_(literal(after[0], task.closed_at.type), literal(after[1]))
        )
    query = query.order_by(task.closed_at.desc(), task.id.desc()).limit(limit)
    return [HumanTask(**row) for row in connection.execute(query).mappings()]


def counts(
    connection: Connection, region: str, staff_id: int, audiences: Sequence[str], barred: Barred
) -> tuple[int, int]:
    """(mine, claimable), each up to 1000 and in one round trip."""
    own = select(literal(1)).where(*_is_mine(region, staff_id), *_not_barred(barred)).limit(COUNTED).subquery()
    if audiences:
        offered = _offered(connection, region, audiences, Filters(), None, COUNTED, barred).subquery()
        of_offers: Any = select(func.count(offered.c.task_id.distinct())).scalar_subquery()
    else:
        of_offers = literal(0)
    row = connection.execute(select(select(func.count()).select_from(own).scalar_subquery(), of_offers)).one()
    return int(row[0]), min(int(row[1]), COUNTED)


def _is_mine(region: str, staff_id: int) -> tuple[ColumnElement[bool], ...]:
    task = human_task.c
    return (task.region == region, task.assignee_id == staff_id, task.state != TaskState.CLOSED)


def _offered(
    connection: Connection,
    region: str,
    audiences: Sequence[str],
    filters: Filters,
    after: Key | None,
    limit: int,
    barred: Barred,
) -> Select[Any]:
    """(task_id) of offers: one limited range per audience."""
    ranges = []
    joins = bool(filters.text)
    for audience in audiences:
        one = select(offer.c.task_id, offer.c.rank, offer.c.due_at).where(
            offer.c.region == region, offer.c.audience == audience
        )
        one = one.where(*_offer_conditions(connection, filters, after, barred))
        if joins:
            task = human_task.c
            one = one.join(human_task, and_(task.region == offer.c.region, task.id == offer.c.task_id)).where(
                _text(filters.text)
            )
        one = one.order_by(offer.c.rank, offer.c.due_at, offer.c.task_id).limit(limit)
        ranges.append(select(one.subquery()))
    together = union_all(*ranges).subquery()
    return (
        select(together.c.task_id)
        .group_by(together.c.task_id, together.c.rank, together.c.due_at)
        .order_by(together.c.rank, together.c.due_at, together.c.task_id)
        .limit(limit)
    )


def _offer_conditions(
    connection: Connection, filters: Filters, after: Key | None, barred: Barred
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.process_id is not None:
        conditions.append(offer.c.process_id == filters.process_id)
    if filters.urgent is not None:
        conditions.append(offer.c.rank == 0 if filters.urgent else offer.c.rank != 0)
    if filters.due_before is not None:
        conditions.append(offer.c.due_at < filters.due_before)
    if after is not None:
        key = tuple_(literal(after[0]), literal(after[1], offer.c.due_at.type), literal(after[2]))
        conditions.append(tuple_(offer.c.rank, offer.c.due_at, offer.c.task_id) > key)
    conditions += _outside(offer.c.household_id, offer.c.case_id, barred)
    conditions.append(~_did_earlier(connection, barred.staff_id))
    return conditions


def _did_earlier(connection: Connection, staff_id: int) -> ColumnElement[bool]:
    """Four eyes: the person did a step of the same case that excludes her from this one."""
    wanted, earlier = human_task.alias(), human_task.alias()
    position = func.strpos if connection.dialect.name == "postgresql" else func.instr
    listed = literal("\n") + type_coerce(wanted.c.not_by, String()) + literal("\n")
    return exists(
        select(literal(1))
        .select_from(wanted.join(earlier, and_(earlier.c.region == wanted.c.region, earlier.c.case_id == wanted.c.case_id)))
        .where(
            wanted.c.region == offer.c.region, wanted.c.id == offer.c.task_id, wanted.c.not_by != (),
            or_(earlier.c.closed_by == staff_id, earlier.c.closed_for == staff_id, earlier.c.second_id == staff_id),
            earlier.c.closed_how == "completed",
            position(listed, literal("\n") + earlier.c.element_id + literal("\n")) > 0,
        )
    )  # fmt: skip


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    task = human_task.c
    conditions: list[ColumnElement[bool]] = []
    if filters.text:
        conditions.append(_text(filters.text))
    if filters.process_id is not None:
        conditions.append(task.process_id == filters.process_id)
    if filters.urgent is not None:
        conditions.append(task.rank == 0 if filters.urgent else task.rank != 0)
    if filters.due_before is not None:
        conditions.append(task.due_at < filters.due_before)
    return conditions


def _text(text: str) -> ColumnElement[bool]:
    """Part of the title, the person's name or the case number."""
    task = human_task.c
    return or_(*(column.contains(text, autoescape=True) for column in (task.title, task.person_name, task.case_no)))


def _not_barred(barred: Barred) -> list[ColumnElement[bool]]:
    return _outside(human_task.c.household_id, human_task.c.case_id, barred)


def _outside(household: Any, case: Any, barred: Barred) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if barred.households:
        conditions.append(or_(household.is_(None), household.not_in(sorted(barred.households))))
    if barred.cases:
        conditions.append(case.not_in(sorted(barred.cases)))
    return conditions


def _after(key: Key) -> ColumnElement[bool]:
    task = human_task.c
    return tuple_(task.rank, task.due_at, task.id) > tuple_(
        literal(key[0]), literal(key[1], task.due_at.type), literal(key[2])
    )
