"""The manual clock's moment, kept in the database so that all nodes share it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from engine.persistence import tables as t


def read(connection: Connection) -> datetime | None:
    """The moment; None while the clock was never moved."""
    return connection.execute(select(t.manual_clock.c.now_at)).scalar()


def write(connection: Connection, moment: datetime) -> None:
    """Put the clock to a moment, for all nodes."""
    connection.execute(delete(t.manual_clock))
    connection.execute(insert(t.manual_clock).values(id=1, now_at=moment))
