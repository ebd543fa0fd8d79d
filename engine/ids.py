"""Ids of rows and element instances: 63-bit integers in time order, unique over all processes of one database."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import UTC, datetime


class IdSource:
    """63-bit ids in time order: 41 bits of milliseconds, 10 of node, 12 of a counter.

    `node` tells processes on one database apart: each takes the next number from the database when it opens it
    (`Database`), so two processes share one only after 1 024 starts. Never goes back when the clock does.
    """

    def __init__(self, node: int) -> None:
        self.node = node
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
            return (self._last << 22) | (self.node % 1024) << 12 | self._count


_ids = IdSource(secrets.randbelow(1024))


def new_id() -> int:
    """The next id of this process; unique over all processes that opened the same database."""
    return _ids()


def take_node(node: int) -> None:
    """Give this process its number among the processes of a database (called by `Database` once it knows)."""
    _ids.node = node


def time_of(made: int) -> datetime:
    """When an id was made, to the millisecond, by the machine's clock."""
    return datetime.fromtimestamp((made >> 22) / 1000, UTC)


def first_id(at: datetime) -> int:
    """The smallest id that could be made in this millisecond; 0 before 1970."""
    return max(0, int(at.timestamp() * 1000)) << 22
