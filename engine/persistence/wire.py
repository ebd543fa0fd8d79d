"""How prepared text reaches the database: what is read is asked at once, what is written travels together.

PostgreSQL: writes wait until something is read, or until the commit, and go over the wire as one batch (libpq's pipeline mode), so
that a command costs few round trips. They arrive in the order in which they were given, before anything that comes after them;
an error shows when they arrive. SQLite has no wire: there each statement is carried out as it is given.

Values are adapted by psycopg's own dumpers and loaders. Errors are SQLAlchemy's, as those of any other statement.
"""

from __future__ import annotations

import select
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn, Protocol

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

Values = Sequence[Any]
Otherwise = Callable[[], Exception]

_BATCH = 200
_DONE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_KEY = "yimen_wire"

watchers: list[Callable[[str], None]] = []
"""Told of each statement before it is sent and again when it was carried out; for tests that count or die."""


class Asked:
    """A question on its way; `rows` waits for the answer, with everything that was sent before it."""

    __slots__ = ("_rows", "_wire")

    def __init__(self, wire: PostgresWire | None = None, rows: list[tuple[Any, ...]] | None = None) -> None:
        self._wire = wire
        self._rows = rows

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        if self._rows is None:
            if self._wire is not None:
                self._wire.flush()
            if self._rows is None:
                raise LookupError("the transaction ended before the answer came")
        return self._rows

    def answer(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows


class Wire(Protocol):
    """One connection's way to its database."""

    def ask(self, text: str, values: Values) -> Asked:
        """Ask for the rows of a query, or for what a statement returns."""
        ...

    def write(self, text: str, values: Values, otherwise: Otherwise | None = None) -> None:
        """Write; `otherwise` makes the exception to raise where the database refuses the row."""
        ...

    def flush(self) -> None:
        """Let everything that was written arrive."""
        ...

    def commit(self) -> None:
        """Let everything arrive and commit with it, where something is still on its way."""
        ...

    def forget(self) -> None:
        """Drop what was written and has not arrived."""
        ...

    @property
    def broken(self) -> bool:
        """Whether the connection is gone; then its transaction is, too."""
        ...


def of(connection: Connection) -> Wire:
    """The wire of a connection; one for as long as the driver's connection lives."""
    info = connection.info
    kept: Wire | None = info.get(_KEY)
    if kept is None:
        raw: Any = connection.connection.driver_connection
        kept = PostgresWire(raw) if connection.dialect.name == "postgresql" else SqliteWire(raw)
        info[_KEY] = kept
    return kept


def kept_of(connection: Connection) -> Wire | None:
    """The wire of a connection if one was needed so far."""
    return None if connection.invalidated else connection.info.get(_KEY)


class SqliteWire:
    """SQLite: no wire, every statement at once."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def ask(self, text: str, values: Values) -> Asked:
        return Asked(rows=self._execute(text, values).fetchall())

    def write(self, text: str, values: Values, otherwise: Otherwise | None = None) -> None:
        try:
            self._execute(text, values)
        except IntegrityError as refused:
            if otherwise is None:
                raise
            raise otherwise() from refused

    def flush(self) -> None:
        """Nothing waits."""

    def commit(self) -> None:
        """Nothing waits."""

    def forget(self) -> None:
        """Nothing waits."""

    @property
    def broken(self) -> bool:
        return False

    def _execute(self, text: str, values: Values) -> sqlite3.Cursor:
        _tell(text)
        try:
            cursor = self._raw.execute(text, values)
        except sqlite3.Error as error:
            _fail(text, error, sqlite3.Error)
        _tell(text)
        return cursor


class _Sent(NamedTuple):
    """A statement on its way. `prepares`: only prepared, by the way of one that follows."""

    text: str
    values: Sequence[Any] = ()
    formats: Sequence[pq.Format] = ()
    otherwise: Otherwise | None = None
    asked: Asked | None = None
    prepares: bool = False


_BEGIN, _COMMIT = _Sent("BEGIN"), _Sent("COMMIT")


class PostgresWire:
    """PostgreSQL: prepared statements in libpq's pipeline mode, beside psycopg on its connection."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self._pg = raw.pgconn
        self._adapter = Transformer(raw)
        self._names: dict[str, bytes] = {}
        self._prepared = 0
        self._waiting: list[_Sent] = []
        self._poll = select.poll()
        self._poll.register(self._pg.socket, select.POLLIN)

    def ask(self, text: str, values: Values) -> Asked:
        asked = Asked(self)
        self._waiting.append(_Sent(text, *self._dump(text, values), None, asked))
        return asked

    def write(self, text: str, values: Values, otherwise: Otherwise | None = None) -> None:
        self._waiting.append(_Sent(text, *self._dump(text, values), otherwise))
        if len(self._waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            batch, self._waiting = self._waiting, []
            self._send(batch)

    def commit(self) -> None:
        if self._waiting:
            batch, self._waiting = self._waiting, []
            self._send([*batch, _COMMIT])

    def forget(self) -> None:
        self._waiting.clear()

    @property
    def broken(self) -> bool:
        return self._pg.status != pq.ConnStatus.OK

    def _dump(self, text: str, values: Values) -> tuple[Sequence[Any], Sequence[pq.Format]]:
        """Values as they travel: bytes in binary, everything else as text of the type that the statement says."""
        formats = [PyFormat.BINARY if type(value) is bytes else PyFormat.TEXT for value in values]
        try:
            return self._adapter.dump_sequence(values, formats), self._adapter.formats or ()
        except psycopg.Error as error:
            _fail(text, error, psycopg.Error)

    def _send(self, batch: list[_Sent]) -> None:
        """Send all in one go and take in all answers. What went wrong first is raised after them; then nothing later was done."""
        for sent in batch if watchers else ():
            _tell(sent.text)
        try:
            self._pg.enter_pipeline_mode()
            failed = self._answers(self._put(batch))
        except psycopg.Error as error:
            self._names.clear()
            _fail(batch[-1].text, error, psycopg.Error)
        finally:
            if self._pg.status == pq.ConnStatus.OK:
                self._pg.exit_pipeline_mode()
        if failed is not None:
            _refuse(*failed)
        for sent in batch if watchers else ():
            _tell(sent.text)

    def _put(self, batch: list[_Sent]) -> list[_Sent]:
        """Hand the batch to the socket, begun and prepared as needed; what answers will come, in order."""
        pg, expected = self._pg, []
        if pg.transaction_status == pq.TransactionStatus.IDLE:
            pg.send_query_params(b"BEGIN", None)
            expected.append(_BEGIN)
        for sent in batch:
            name = self._names.get(sent.text)
            if name is None:
                self._prepared += 1
                name = self._names[sent.text] = b"yimen_%d" % self._prepared
                pg.send_prepare(name, sent.text.encode())
                expected.append(_Sent(sent.text, prepares=True))
            pg.send_query_prepared(name, sent.values, sent.formats, pq.Format.BINARY)
            expected.append(sent)
        pg.pipeline_sync()
        self._push()
        return expected

    def _answers(self, expected: list[_Sent]) -> tuple[_Sent, Any] | None:
        """Take in all answers; the first failure with its result."""
        failed: tuple[_Sent, Any] | None = None
        for sent in expected:
            result = self._result()
            if result.status not in _DONE:
                failed = failed or (sent, result)
                if sent.prepares:
                    self._names.pop(sent.text, None)
            elif sent.asked is not None:
                self._adapter.set_pgresult(result, set_loaders=True, format=pq.Format.BINARY)
                sent.asked.answer(self._adapter.load_rows(0, result.ntuples, tuple))
        self._next()  # the end of the batch
        return failed

    def _result(self) -> Any:
        """The result of one statement."""
        result = self._next()
        self._next()  # nothing more of it
        return result

    def _push(self) -> None:
        """Hand all to the socket, taking in answers meanwhile so that neither side waits for the other."""
        while self._pg.flush():
            self._poll.modify(self._pg.socket, select.POLLIN | select.POLLOUT)
            try:
                self._poll.poll()
            finally:
                self._poll.modify(self._pg.socket, select.POLLIN)
            self._pg.consume_input()

    def _next(self) -> Any:
        while self._pg.is_busy():
            self._poll.poll()  # other threads run meanwhile
            self._pg.consume_input()
        return self._pg.get_result()


def _refuse(sent: _Sent, result: Any) -> NoReturn:
    """Raise what a statement's failure means."""
    error = psycopg.errors.error_from_result(result)
    if isinstance(error, psycopg.IntegrityError) and sent.otherwise is not None:
        raise sent.otherwise() from error
    _fail(sent.text, error, psycopg.Error)


def _tell(text: str) -> None:
    for watcher in watchers:
        watcher(text)


def _fail(text: str, error: Exception, kind: type[Exception]) -> NoReturn:
    raise DBAPIError.instance(text, None, error, kind, hide_parameters=True) from error
