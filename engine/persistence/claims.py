"""Who works on what is due: rows are claimed so that two nodes never take the same one.

PostgreSQL: `FOR UPDATE SKIP LOCKED`. SQLite compiles that to a bare SELECT without a word, but there every writing
transaction starts with `BEGIN IMMEDIATE` and is alone, so what it reads it owns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, Table, bindparam, func, or_, select, union_all, update

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


def lock_jobs(
    connection: Connection, types: Sequence[str], *, now: datetime, worker: str, until: datetime, limit: int,
    region: str | None = None, root_id: int | None = None,
) -> list[Row[Any]]:  # fmt: skip
    """Lock up to `limit` available jobs of these types for a worker, those of a higher priority first, then the oldest."""
    query = select(t.job).where(
        t.job.c.type.in_(types), t.job.c.retries > 0, t.job.c.available_at <= now,
        or_(t.job.c.locked_until.is_(None), t.job.c.locked_until <= now),
    )  # fmt: skip
    if region is not None:
        query = query.where(t.job.c.region == region)
    if root_id is not None:
        query = query.where(t.job.c.root_id == root_id)
    rows = connection.execute(
        _claimed(connection, query.order_by(t.job.c.priority.desc(), t.job.c.available_at, t.job.c.id).limit(limit), t.job)
    ).all()
    for row in rows:
        connection.execute(
            update(t.job)
            .where(t.job.c.region == row.region, t.job.c.id == row.id)
            .values(locked_by=worker, locked_until=until, available_at=until)
        )
    return list(rows)
