"""What rests while an instance is suspended: its timers keep what was left of them, its jobs are not handed out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from engine.persistence import tables as t
from engine.timers import PARKED, Cycle, repetition

_MICROSECOND = timedelta(microseconds=1)


def suspend(connection: Connection, region: str, root_id: int, now: datetime) -> None:
    """Park the timers and jobs of a tree. A timer that is overdue has nothing left; one that was parked stays so."""
    timers = connection.execute(
        select(t.timer.c.id, t.timer.c.due_at).where(
            t.timer.c.region == region, t.timer.c.root_id == root_id, t.timer.c.due_at < PARKED
        )
    )
    rests = [{"timer_id": row.id, "left": max(row.due_at - now, timedelta()) // _MICROSECOND} for row in timers]
    if rests:
        connection.execute(
            update(t.timer)
            .where(t.timer.c.region == region, t.timer.c.id == bindparam("timer_id"))
            .values(due_at=PARKED, remaining=bindparam("left")),
            rests,
        )
    connection.execute(
        update(t.job).where(t.job.c.region == region, t.job.c.root_id == root_id).values(available_at=PARKED)
    )


def resume(connection: Connection, region: str, root_id: int, now: datetime, leased_now: datetime) -> None:
    """Let timers run on with what was left of them, and jobs be taken. What repeats is counted from its next moment on."""
    timers = connection.execute(
        select(t.timer.c.id, t.timer.c.remaining, t.timer.c.cycle).where(
            t.timer.c.region == region, t.timer.c.root_id == root_id, t.timer.c.remaining.is_not(None)
        )
    )
    goes_on = []
    for row in timers:
        due = now + row.remaining * _MICROSECOND
        goes_on.append({"timer_id": row.id, "due": due, "repeats": _from(row.cycle, due)})
    if goes_on:
        connection.execute(
            update(t.timer)
            .where(t.timer.c.region == region, t.timer.c.id == bindparam("timer_id"))
            .values(due_at=bindparam("due"), remaining=None, cycle=bindparam("repeats")),
            goes_on,
        )
    connection.execute(
        update(t.job)
        .where(t.job.c.region == region, t.job.c.root_id == root_id, t.job.c.available_at == PARKED)
        .values(available_at=leased_now)
    )


def _from(row: list[object] | None, due: datetime) -> list[object] | None:
    """The repetition of a timer whose next moment is `due`: its rest did not count, so no firing is owed for it.

    One that is written as times of the calendar (cron) stays with them.
    """
    if row is None:
        return None
    held = repetition(row)
    return row if not isinstance(held, Cycle) else Cycle(due, held.span, held.left, fired=-1).row()


def set_rest(connection: Connection, region: str, timer_id: int, rest: timedelta | None) -> None:
    """What a timer of a suspended instance will have left when it goes on; None: it stays parked then too."""
    left = None if rest is None else max(rest, timedelta()) // _MICROSECOND
    connection.execute(
        update(t.timer).where(t.timer.c.region == region, t.timer.c.id == timer_id).values(remaining=left)
    )
