"""Counts what goes over the wire: statements, round trips and commits, for both kinds of database.

PostgreSQL: a proxy that reads the client's messages (protocol 3, "Message Formats"). A round trip is a turn of the conversation:
the client speaks, then waits for the server. SQLite has no wire; its trace hook tells each statement.
"""

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, make_url

from engine.persistence import Database

_TRANSACTION = (b"BEGIN", b"COMMIT", b"ROLLBACK")


@dataclass
class Counted:
    """`statements` are those that are neither begin nor commit."""

    statements: int = 0
    round_trips: int = 0
    commits: int = 0

    def __sub__(self, before: "Counted") -> "Counted":
        return Counted(self.statements - before.statements, self.round_trips - before.round_trips, self.commits - before.commits)

    def copy(self) -> "Counted":
        return Counted(self.statements, self.round_trips, self.commits)

    def note(self, text: bytes) -> None:
        head = text.lstrip()[:8].upper()
        if head.startswith(_TRANSACTION):
            self.commits += head.startswith(b"COMMIT")
        elif head:
            self.statements += 1


class Proxy:
    """Stands between the product and a PostgreSQL server on loopback; `url` is what the product connects to."""

    def __init__(self, url: str) -> None:
        real = make_url(url)
        self.counted = Counted()
        self._server = (real.host or "127.0.0.1", real.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = real.set(host="127.0.0.1", port=port, query={**real.query, "sslmode": "disable"}).render_as_string(hide_password=False)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(self._server)
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(client, server), daemon=True).start()

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        answered = threading.Event()
        answered.set()
        reader = _Messages(self.counted)

        def answers() -> None:
            with contextlib.suppress(OSError):  # either side may close first
                while data := server.recv(65536):
                    answered.set()
                    client.sendall(data)
            client.close()

        threading.Thread(target=answers, daemon=True).start()
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if answered.is_set():
                    answered.clear()
                    self.counted.round_trips += reader.has_begun
                reader.feed(data)
                server.sendall(data)
        server.close()


class _Messages:
    """The client's stream cut into messages: Query, Parse, Bind and Execute are looked at."""

    def __init__(self, counted: Counted) -> None:
        self.has_begun = False
        self._counted = counted
        self._buffer = b""
        self._texts: dict[bytes, bytes] = {}
        self._bound = b""

    def feed(self, data: bytes) -> None:
        self._buffer += data
        if not self.has_begun:  # the start packet has no type
            (size,) = struct.unpack("!I", self._buffer[:4])
            if len(self._buffer) < size:
                return
            self._buffer, self.has_begun = self._buffer[size:], True
        while len(self._buffer) >= 5:
            (size,) = struct.unpack("!I", self._buffer[1:5])
            if len(self._buffer) < size + 1:
                return
            kind, body, self._buffer = self._buffer[:1], self._buffer[5 : size + 1], self._buffer[size + 1 :]
            self._look(kind, body)

    def _look(self, kind: bytes, body: bytes) -> None:
        if kind == b"Q":
            self._counted.note(body)
        elif kind == b"P":
            name, text, _ = body.split(b"\0", 2)
            self._texts[name] = text
        elif kind == b"B":
            self._bound = self._texts.get(body.split(b"\0", 2)[1], b"?")
        elif kind == b"E":
            self._counted.note(self._bound)


def count_sqlite(database: Database) -> Counted:
    """What the SQLite connections of this database do from now on; those that are open already are closed first."""
    counted = Counted()

    def connect(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(lambda text: counted.note(text.encode()))

    database.engine.dispose()
    event.listen(database.engine, "connect", connect)
    return counted
