"""Column types that both databases keep alike, and the ids of rows."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, LargeBinary, String
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.codec import pack, unpack

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Utc(TypeDecorator[datetime]):
    """An aware moment in UTC: `timestamptz` on PostgreSQL, microseconds since 1970 on SQLite (sorts, compares, exact)."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        if dialect.name == "postgresql":
            return value.astimezone(UTC)
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            moment: datetime = value
            return moment.astimezone(UTC)
        return _EPOCH + timedelta(microseconds=value)


class Packed(TypeDecorator[Any]):
    """A JSON value with exact numbers (`engine.codec`), as bytes. Never `jsonb`: that reorders keys."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes:
        return pack(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else unpack(bytes(value))


Id = BigInteger


def Region() -> String:  # noqa: N802 - reads as a type where columns are declared
    """The district code: first column of every key of a case's rows, so that rows can be sharded by it."""
    return String(16)


class IdSource:
    """63-bit ids in time order: 41 bits of milliseconds, 10 of node, 12 of a counter.

    `node` tells processes on one database apart: each takes the next number from the database when it opens it
    (`Database`), so two processes share one only after 1 024 starts. Never goes back when the clock does.
    """

    def __init__(self, node: int) -> None:
        self._node = (node % 1024) << 12
        self._lock = threading.Lock()
        self._last = 0
        self._count = secrets.randbelow(1024)

    def __call__(self) -> int:
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._last:
                self._last = now
                self._count &= 0x3FF
            else:
                self._count += 1
                if self._count > 0xFFF:
                    self._last += 1
                    self._count = 0
            return (self._last << 22) | self._node | self._count


_ids = IdSource(secrets.randbelow(1024))


def new_id() -> int:
    """The next id of this process; unique over all processes that opened the same database."""
    return _ids()


def take_node(node: int) -> None:
    """Give this process its number among the processes of a database (called by `Database` once it knows)."""
    global _ids
    _ids = IdSource(node)
