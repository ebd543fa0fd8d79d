"""The floor (`floor_spiff.py` beside the peers' scripts) under conditions that it does not bring itself: SQLite, several clients.

    PYTHON bench/floor.py PEERS --dsn DSN --clients 4 --first 1000 --n 100
    PYTHON bench/floor.py PEERS --sqlite FILE --n 60

Runs with the interpreter that has SpiffWorkflow, lxml and psycopg2; imports nothing of ours. The load, the save and the engine are
the floor's own; only the connection to SQLite (write-ahead log, synchronous=NORMAL) and the threads are added here.
"""

import argparse
import importlib
import json
import os
import sqlite3
import sys
import threading
import time
from typing import Any, Self


class Cursor:
    """A cursor of sqlite3 that takes the floor's statements as they are."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._cursor = connection.cursor()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cursor.close()

    def execute(self, text: str, values: tuple[Any, ...] = ()) -> None:
        for one in text.split(";"):
            self._cursor.execute(one.replace("%s", "?").replace(" for update", ""), values)

    def fetchone(self) -> Any:
        return self._cursor.fetchone()


class Sqlite:
    """A connection that begins to write at once and commits at the end of a `with`, as psycopg2's does."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.execute("pragma journal_mode=wal")
        self._connection.execute("pragma synchronous=normal")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback" if kind else "commit")

    def cursor(self) -> Cursor:
        if not self._connection.in_transaction:
            self._connection.execute("begin immediate")
        return Cursor(self._connection)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("peers")
    parser.add_argument("--dsn")
    parser.add_argument("--sqlite")
    parser.add_argument("--clients", type=int, default=1)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--n", type=int, default=60)
    parser.add_argument("--waits", action="store_true", help="print 'ready', begin at a line from standard input")
    asked = parser.parse_args()
    sys.path.insert(0, asked.peers)
    floor, w = importlib.import_module("floor_spiff"), importlib.import_module("workload")
    spec = floor.parse(w.review_bpmn(), "review")
    stores = [_store(floor, asked, share) for share in range(asked.clients)]
    latencies: list[list[float]] = [[] for _ in stores]

    def client(share: int) -> None:
        for number in range(asked.first + share, asked.first + asked.n, asked.clients):
            names = floor.start(stores[share], number, spec)
            while names:
                begun = time.perf_counter()
                names, _, _ = floor.complete(stores[share], number, _data(w, number))
                latencies[share].append(time.perf_counter() - begun)

    client_threads = [threading.Thread(target=client, args=(share,)) for share in range(asked.clients)]
    if asked.waits:
        print("ready", flush=True)
        sys.stdin.readline()
    begun, cpu = time.perf_counter(), time.process_time()
    for thread in client_threads:
        thread.start()
    for thread in client_threads:
        thread.join()
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(json.dumps({
        "cases": asked.n, "cases_per_s": round(asked.n / wall, 2), "cpu_ms_per_case": round(cpu / asked.n * 1000, 2),
        "complete": w.summary_ms([one for each in latencies for one in each]), "load": os.getloadavg()[0],
    }))  # fmt: skip


def _data(w: Any, number: int) -> Any:
    return lambda task: w.case_data(number) if task == "accept" else w.step_data(task)


def _store(floor: Any, asked: argparse.Namespace, share: int) -> Any:
    """One client's connection; the first of all makes the tables when it works on SQLite, on PostgreSQL the floor's own run has."""
    store = floor.Store(None)
    if asked.sqlite:
        store.db = Sqlite(asked.sqlite)
        if share == 0:
            with store.db, store.db.cursor() as cursor:
                cursor.execute("create table floor_case(id int primary key, state text, done bool)")
                cursor.execute("create table floor_inbox(case_id int, task text, assignee text)")
                cursor.execute("create index floor_inbox_case on floor_inbox(case_id)")
                cursor.execute("create index floor_inbox_assignee on floor_inbox(assignee)")
    else:
        store.db = importlib.import_module("psycopg2").connect(asked.dsn)
    return store


if __name__ == "__main__":
    main()
