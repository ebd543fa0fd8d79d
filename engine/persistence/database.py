"""One door to the database: SQLite by default, PostgreSQL for an authority.

SQLite runs with write-ahead log and `synchronous=FULL` (an answered command survives a power cut), and every writing
transaction starts with `BEGIN IMMEDIATE`: with SQLAlchemy's defaults two writers lose updates without a word.
"""

from __future__ import annotations

import select as select_module
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, update
from sqlalchemy.exc import DatabaseError, InvalidatePoolError
from sqlalchemy.pool import QueuePool

from engine.errors import Busy
from engine.persistence import wire
from engine.persistence.columns import take_node
from engine.persistence.tables import node

_BUSY_MS = 20_000
_WRITER_SECONDS = 30


class Database:
    """A pool of connections to one database. `dialect` is "sqlite" or "postgresql"."""

    def __init__(self, url: str, *, pool_size: int = 10, synchronous: str = "FULL") -> None:
        if url.startswith("postgresql://"):
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        if url.startswith("sqlite"):
            self.engine = _sqlite(url, pool_size, synchronous)
        else:
            self.engine = create_engine(
                url,
                pool_size=pool_size,
                max_overflow=5,
                hide_parameters=True,
                connect_args={
                    "options": "-c timezone=UTC -c lock_timeout=20000 -c idle_in_transaction_session_timeout=60000",
                    "prepare_threshold": None,  # `wire` prepares; psycopg would drop that at a rollback
                },
            )
            event.listen(self.engine, "checkout", _refuse_if_dropped)
        event.listen(self.engine, "before_cursor_execute", _arrive_first)
        self.dialect = self.engine.dialect.name
        self._has_node = False
        self._writers = _Turns()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A writing transaction: commits at the end of the block, rolls back on any exception."""
        if not self._has_node:
            self._take_node()
        with self._alone(), self.engine.begin() as connection:
            try:
                yield connection
            except BaseException:
                if (kept := wire.kept_of(connection)) is not None:
                    kept.forget()
                    if kept.broken:
                        connection.invalidate()  # nothing to roll back; the pool opens another
                raise
            if (kept := wire.kept_of(connection)) is not None:
                kept.commit()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """SQLite lets one writer in at a time and has the others poll, so that under load one may never get in.

        Within a process its writers queue here instead. Busy when one's turn does not come within `_WRITER_SECONDS`.
        """
        if self.dialect != "sqlite":
            yield
            return
        with self._writers.turn(_WRITER_SECONDS):
            yield

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading transaction: one consistent picture, takes no write lock."""
        with self.engine.connect().execution_options(yimen_reads=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    def _take_node(self) -> None:
        """Number this process among those of the database; before the schema exists there is nothing to number."""
        self._has_node = True
        try:
            with self.engine.begin() as connection:
                connection.execute(update(node).values(taken=node.c.taken + 1))
                taken = connection.execute(select(node.c.taken)).scalar()
                if taken is None:
                    connection.execute(node.insert().values(id=1, taken=1))
                    taken = 1
        except DatabaseError:
            self._has_node = False
            return
        take_node(taken)


def _arrive_first(connection: Connection, *_: Any) -> None:
    """What was written arrives before any statement that SQLAlchemy sends."""
    if (kept := wire.kept_of(connection)) is not None:
        kept.flush()


def _refuse_if_dropped(raw: Any, _record: Any, _proxy: Any) -> None:
    """A pooled connection on which the server has something to say was dropped by it; all others were too, most likely."""
    if select_module.select([raw.fileno()], [], [], 0)[0]:
        raise InvalidatePoolError


class _Turns:
    """One at a time, in the order of asking. A plain lock may be taken again at once by the thread that lets it go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Wait for one's turn, at most so long (then Busy); hand on to the next at the end of the block."""
        with self._lock:
            mine = threading.Event()
            if self._is_taken:
                self._waiting.append(mine)
            else:
                self._is_taken = True
                mine.set()
        if not mine.wait(seconds):
            with self._lock:
                if not mine.is_set():
                    self._waiting.remove(mine)
                    raise Busy("系统正忙,请稍后重试", "the system is busy; try again in a moment")
        try:
            yield
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting.popleft().set()
                else:
                    self._is_taken = False


def _sqlite(url: str, pool_size: int, synchronous: str) -> Engine:
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=pool_size, max_overflow=5, hide_parameters=True,
        connect_args={"check_same_thread": False, "cached_statements": 512},
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        for pragma in (
            f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "cache_size=-16000",
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("yimen_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine
