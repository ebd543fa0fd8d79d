"""Who works on what is due: rows are claimed so that two nodes never take the same one.

PostgreSQL: `FOR UPDATE SKIP LOCKED`. SQLite compiles that to a bare SELECT without a word, but there every writing
transaction starts with `BEGIN IMMEDIATE` and is alone, so what it reads it owns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)  # fmt: skip

from engine.model import JobWanted
from engine.persistence import tables as t
from engine.persistence.statements import Statement, equal
from engine.persistence.waits import splitting
from engine.runtime.step import InstanceRow
from engine.timers import PARKED

_ROOT = t.instance.alias("root")
_DUE_TIMER = (
    select(t.timer, _ROOT)
    .join(_ROOT, (_ROOT.c.region == t.timer.c.region) & (_ROOT.c.id == t.timer.c.root_id))
    .where(t.timer.c.due_at <= bindparam("now", type_=t.Utc))
    .with_for_update(skip_locked=True, of=[_ROOT, t.timer])
)
_CLAIM_TIMER = Statement(_DUE_TIMER.where(equal(t.timer.c.region), equal(t.timer.c.id)), into=splitting(t.timer))
_AFTER = bindparam("after", type_=t.Utc)
_CLAIM_NEXT_TIMER = Statement(
    _DUE_TIMER.where(t.timer.c.due_at >= _AFTER, or_(t.timer.c.due_at > _AFTER, t.timer.c.id > bindparam("after_id", type_=BigInteger)))
    .order_by(t.timer.c.due_at, t.timer.c.id).limit(1),
    into=splitting(t.timer),
)  # fmt: skip


def _claimed(connection: Connection, query: Select[Any], table: Table) -> Select[Any]:
    return query.with_for_update(skip_locked=True, of=table) if connection.dialect.name == "postgresql" else query


def next_due(connection: Connection) -> datetime | None:
    """The earliest moment at which a timer, a start timer, a thrown event or a job's back-off is due; parked ones never."""
    moments = union_all(
        select(func.min(t.timer.c.due_at).label("due")).where(t.timer.c.due_at < PARKED),
        select(func.min(t.start_timer.c.due_at)).where(t.start_timer.c.due_at < PARKED),
        select(func.min(t.thrown.c.due_at)).where(t.thrown.c.stuck.is_(False)),
    ).subquery()
    return connection.execute(select(func.min(moments.c.due, type_=t.Utc))).scalar()


def due_timers(connection: Connection, now: datetime, after: tuple[datetime, int], limit: int) -> list[tuple[datetime, str, int]]:
    """Timers that are due behind `after` (due, id), earliest first: (due, region, id). Not claimed, and nothing else of them is read."""
    due, last = after
    query = select(t.timer.c.due_at, t.timer.c.region, t.timer.c.id).where(
        t.timer.c.due_at <= now, t.timer.c.due_at >= due, or_(t.timer.c.due_at > due, t.timer.c.id > last)
    )
    rows = connection.execute(query.order_by(t.timer.c.due_at, t.timer.c.id).limit(limit))
    return [(row.due_at, row.region, row.id) for row in rows]


def claim_next_timer(connection: Connection, now: datetime, after: tuple[datetime, int]) -> tuple[Any, InstanceRow] | None:
    """The first timer that is due behind `after` (due, id) and whose tree nobody holds, with the root of that tree, both locked.

    Nodes that work side by side so each take another one; those of one case keep their order, its root being locked.
    """
    found: tuple[Any, InstanceRow] | None = _CLAIM_NEXT_TIMER.first(connection, now=now, after=after[0], after_id=after[1])
    return found


def claim_timer(connection: Connection, region: str, timer_id: int, now: datetime) -> tuple[Any, InstanceRow] | None:
    """The timer's row and the root of its tree, both locked; None when it is gone, moved into the future, or its tree is held."""
    found: tuple[Any, InstanceRow] | None = _CLAIM_TIMER.first(connection, region=region, id=timer_id, now=now)
    return found


def due_start_timers(connection: Connection, now: datetime, limit: int) -> list[tuple[datetime, str, int]]:
    """Timers of timer start events that are due, earliest first."""
    rows = connection.execute(
        select(t.start_timer.c.due_at, t.start_timer.c.region, t.start_timer.c.id)
        .where(t.start_timer.c.due_at <= now)
        .order_by(t.start_timer.c.due_at, t.start_timer.c.id)
        .limit(limit)
    )
    return [(row.due_at, row.region, row.id) for row in rows]


def claim_start_timer(connection: Connection, region: str, timer_id: int, now: datetime) -> Row[Any] | None:
    """The start timer's row, locked; None as in `claim_timer`."""
    query = select(t.start_timer).where(
        t.start_timer.c.region == region, t.start_timer.c.id == timer_id, t.start_timer.c.due_at <= now
    )
    return connection.execute(_claimed(connection, query, t.start_timer)).first()


def due_thrown(connection: Connection, now: datetime, limit: int) -> list[tuple[datetime, str, int]]:
    """Thrown messages and signals to deliver, earliest first."""
    rows = connection.execute(
        select(t.thrown.c.due_at, t.thrown.c.region, t.thrown.c.id)
        .where(t.thrown.c.due_at <= now, t.thrown.c.stuck.is_(False))
        .order_by(t.thrown.c.due_at, t.thrown.c.id)
        .limit(limit)
    )
    return [(row.due_at, row.region, row.id) for row in rows]


def claim_thrown(connection: Connection, region: str, thrown_id: int) -> Row[Any] | None:
    """The thrown event's row, locked; None when another node has it or it is gone."""
    query = select(t.thrown).where(t.thrown.c.region == region, t.thrown.c.id == thrown_id, t.thrown.c.stuck.is_(False))
    return connection.execute(_claimed(connection, query, t.thrown)).first()


def _available(now: datetime) -> ColumnElement[bool]:
    return and_(
        t.job.c.retries > 0, t.job.c.available_at <= now, or_(t.job.c.locked_until.is_(None), t.job.c.locked_until <= now)
    )


def _wanted(wanted: Sequence[JobWanted]) -> ColumnElement[bool]:
    return or_(*(_is_wanted(each) for each in wanted))


def _is_wanted(wanted: JobWanted) -> ColumnElement[bool]:
    conditions = [t.job.c.type == wanted.type]
    if wanted.definition_ids is not None:
        conditions.append(t.job.c.definition_id.in_(wanted.definition_ids))
    if wanted.process_ids is not None or wanted.business_key is not None:
        of_instance = [t.instance.c.region == t.job.c.region, t.instance.c.id == t.job.c.instance_id]
        if wanted.process_ids is not None:
            of_instance.append(t.instance.c.process_id.in_(wanted.process_ids))
        if wanted.business_key is not None:
            of_instance.append(t.instance.c.business_key == wanted.business_key)
        conditions.append(exists().where(*of_instance))
    v = t.variable.c
    for name, value in wanted.variables.items():
        here = (v.region == t.job.c.region, v.instance_id == t.job.c.instance_id, v.scope_id == t.job.c.instance_id)
        conditions.append(exists().where(*here, v.name == name, v.value == bindparam(None, value, type_=t.Packed())))
    return and_(*conditions)


def has_jobs(connection: Connection, wanted: Sequence[JobWanted], *, now: datetime, region: str) -> bool:
    """Whether a worker would get something now; takes no lock."""
    query = select(t.job.c.id).where(t.job.c.region == region, _available(now), _wanted(wanted)).limit(1)
    return connection.execute(query).first() is not None


def lock_wanted(
    connection: Connection, wanted: Sequence[JobWanted], *, now: datetime, worker: str, limit: int, region: str
) -> list[tuple[Row[Any], JobWanted]]:
    """Lock up to `limit` available jobs of any of these wishes, in the order of `lock_jobs`; each with the wish that got it."""
    which = case(*((_is_wanted(each), index) for index, each in enumerate(wanted)), else_=-1)
    query = (
        select(t.job, which.label("wish"))
        .where(t.job.c.region == region, _available(now), _wanted(wanted))
        .order_by(t.job.c.priority.desc(), t.job.c.available_at, t.job.c.id)
        .limit(limit)
    )
    rows = connection.execute(_claimed(connection, query, t.job)).all()
    found = [(row, wanted[row.wish]) for row in rows]
    for row, wish in found:
        hold_job(connection, region, row.id, worker=worker, until=now + wish.lock_for)
    return found


def hold_job(connection: Connection, region: str, job_id: int, *, worker: str, until: datetime) -> None:
    """Note who has a job and how long."""
    connection.execute(
        update(t.job)
        .where(t.job.c.region == region, t.job.c.id == job_id)
        .values(locked_by=worker, locked_until=until, available_at=until)
    )


def claim_job(connection: Connection, region: str, job_id: int) -> Row[Any] | None:
    """The job's row, locked, waited for where another holds it; None when there is none (any more)."""
    query = select(t.job).where(t.job.c.region == region, t.job.c.id == job_id)
    return connection.execute(query.with_for_update(of=t.job) if connection.dialect.name == "postgresql" else query).first()


def release_job(connection: Connection, region: str, job_id: int, available_at: datetime) -> None:
    """Let a job be taken by another."""
    connection.execute(
        update(t.job)
        .where(t.job.c.region == region, t.job.c.id == job_id)
        .values(locked_by=None, locked_until=None, available_at=available_at)
    )


def lock_jobs(
    connection: Connection, types: Sequence[str], *, now: datetime, worker: str, until: datetime, limit: int,
    region: str | None = None, root_id: int | None = None,
) -> list[Row[Any]]:  # fmt: skip
    """Lock up to `limit` available jobs of these types for a worker, those of a higher priority first, then the oldest."""
    query = select(t.job).where(t.job.c.type.in_(types), _available(now))
    if region is not None:
        query = query.where(t.job.c.region == region)
    if root_id is not None:
        query = query.where(t.job.c.root_id == root_id)
    rows = connection.execute(
        _claimed(connection, query.order_by(t.job.c.priority.desc(), t.job.c.available_at, t.job.c.id).limit(limit), t.job)
    ).all()
    for row in rows:
        hold_job(connection, row.region, row.id, worker=worker, until=until)
    return list(rows)
