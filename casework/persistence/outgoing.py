"""The statements behind the outbox and the worker of our own jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from casework.model.outgoing import OutboxState
from casework.model.record import EVERYWHERE
from casework.persistence.tables import office, outbox
from engine.persistence.tables import job


def next_due(connection: Connection) -> datetime | None:
    """When the earliest waiting row is due."""
    query = select(outbox.c.due_at).where(outbox.c.state == OutboxState.WAITING).order_by(outbox.c.due_at).limit(1)
    found: datetime | None = connection.execute(query).scalar()
    return found


def due(connection: Connection, now: datetime, limit: int) -> list[tuple[str, int]]:
    """(region, id) of rows that are due, earliest first."""
    query = (
        select(outbox.c.region, outbox.c.id)
        .where(outbox.c.state == OutboxState.WAITING, outbox.c.due_at <= now)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
    )
    return [(row.region, row.id) for row in connection.execute(query)]


def take(connection: Connection, region: str, outgoing_id: int) -> bool:
    """Hold a waiting row until the transaction ends; False if it is no longer waiting or another process holds it."""
    query = select(outbox.c.id).where(
        outbox.c.region == region, outbox.c.id == outgoing_id, outbox.c.state == OutboxState.WAITING
    )
    return connection.execute(query.with_for_update(skip_locked=True)).one_or_none() is not None


def ready_roots(connection: Connection, types: Sequence[str], now: datetime, limit: int) -> list[tuple[str, int]]:
    """(region, root instance id) of cases with a job of these types that may be done now, the oldest first."""
    query = (
        select(job.c.region, job.c.root_id)
        .where(
            job.c.type.in_(types), job.c.retries > 0, job.c.available_at <= now,
            or_(job.c.locked_until.is_(None), job.c.locked_until <= now),
        )
        .group_by(job.c.region, job.c.root_id)
        .order_by(func.min(job.c.created_at))
        .limit(limit)
    )  # fmt: skip
    return [(row.region, row.root_id) for row in connection.execute(query)]


def regions(connection: Connection) -> list[str]:
    """The regions that have offices, without the installation's own."""
    query = select(office.c.region).where(office.c.region != EVERYWHERE).distinct().order_by(office.c.region)
    return list(connection.execute(query).scalars())
