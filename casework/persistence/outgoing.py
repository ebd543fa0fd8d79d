"""The statements behind `casework.outbox`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from casework.model import OutboxState
from casework.persistence.tables import outbox


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
