"""Clients of the measured systems: the engine alone, and the product around it through the acts that the API calls.

A client walks `review` from start to end; a process of clients is started with `spawn` and begins when all are ready.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.models import forms, review
from casework import demo
from casework.act import Actor
from casework.authority import Authority
from casework.desk import tasks
from casework.model.people import Staff
from casework.records import starting
from casework.seal import Seal
from engine.engine import ProcessEngine
from engine.model import Changes, UserTaskOpened
from engine.persistence import Database

REGION = "JA"
WARM = 20
"""Cases that count for nothing: statements are prepared, caches filled."""
KEY = bytes(32)
LOGINS = ("ja-01-handler", "ja-01-handler2", "ja-01-survey", "ja-01-window", "ja-02-handler", "ja-02-handler2", "ja-02-window", "ja-01-fund")


@dataclass
class Outcome:
    """What a run of clients took. `latencies` in seconds, one for each completed task."""

    cases: int
    wall: float
    cpu: float
    latencies: list[float] = field(default_factory=list)


class Alone:
    """The engine without anything around it."""

    def __init__(self, url: str, peers: Any, *, synchronous: str = "FULL", share: int = 0) -> None:
        self.peers = peers
        self.database = Database(url, synchronous=synchronous)
        self._opened = threading.local()
        self.engine = ProcessEngine(self.database, on_change=self._note)

    def prepare(self) -> None:
        with self.work() as work:
            work.deploy([review()])

    def work(self) -> Any:
        return self.engine.work(region=REGION, by="bench")

    def _note(self, _work: Any, changes: Changes) -> None:
        kept = self._opened.__dict__.setdefault("tasks", [])
        kept.extend((wait.element_id, wait.id) for wait in changes.opened if isinstance(wait, UserTaskOpened))

    def opened(self) -> list[tuple[str, int]]:
        """The tasks that opened in this thread since it was asked last: (element, id)."""
        kept: list[tuple[str, int]] = self._opened.__dict__.setdefault("tasks", [])
        found, kept[:] = list(kept), []
        return found

    def start(self, share: int) -> None:
        with self.work() as work:
            work.start_instance("review", {})

    def complete(self, share: int, task_id: int, data: dict[str, Any]) -> None:
        with self.work() as work:
            work.complete_user_task(task_id, data)

    def run_due(self) -> None:
        self.engine.run_due()

    def close(self) -> None:
        self.database.close()

    def walk(self, share: int, number: int, latencies: list[float], watch: Callable[[str], None] = lambda _element: None) -> None:
        """One case from start to end."""
        self.start(share)
        watch("start")
        waiting = self.opened()
        done = 0
        while waiting:
            element, task_id = waiting.pop(0)
            data = self.peers.case_data(number) if element == "accept" else self.peers.step_data(element)
            begun = time.perf_counter()
            self.complete(share, task_id, data)
            latencies.append(time.perf_counter() - begun)
            watch(element)
            done += 1
            waiting += self.opened()
            if not waiting and done == 4:  # the timer after 'approve' is due; another thread's look may fire it
                deadline = time.monotonic() + 20
                while not waiting and time.monotonic() < deadline:
                    self.run_due()
                    waiting += self.opened()
                watch("timer")
        if done != 5:
            raise RuntimeError(f"case {number} came to rest after {done} tasks")


class Town(Alone):
    """The product: officers, human tasks, forms, history and audit; each step is the act that the API opens for it."""

    def __init__(self, url: str, peers: Any, *, synchronous: str = "FULL", share: int = 0) -> None:
        self.peers = peers
        self.database = Database(url, synchronous=synchronous)
        self._opened = threading.local()
        self.files = tempfile.TemporaryDirectory()
        self.authority = Authority(self.database, seal=Seal(KEY), files=Path(self.files.name))
        self.engine = self.authority.engine
        react = self.engine.on_change

        def note(work: Any, changes: Changes) -> None:
            react(work, changes)
            self._note(work, changes)

        self.engine.on_change = note
        self._actors: list[Actor] = []

    def prepare(self) -> None:
        from casework import administration

        administration.deploy_shipped(self.authority)
        demo.load(self.authority)
        with self.authority.system("bench") as act:
            deployment = act.work.deploy([*forms(), review(with_people=True)])
            act.record("deploy", f"deployment:{deployment.id}")

    def actor(self, share: int) -> Actor:
        if not self._actors:
            with self.authority.system_read(region=REGION) as act:
                for login in LOGINS:
                    person = act.find(Staff, login=login)
                    if person is None:
                        raise RuntimeError(f"no officer {login}")
                    self._actors.append(Actor(staff_id=person.id, name=person.name, login=person.login, region=person.region))
        return self._actors[share % len(self._actors)]

    def start(self, share: int) -> None:
        with self.authority.act(self.actor(share)) as act:
            starting.start(act, "review", {})

    def complete(self, share: int, task_id: int, data: dict[str, Any]) -> None:
        if "household" in data:  # with us a word of the house: the household that the case is about
            data["family"] = data.pop("household")
            data["members"] = "\n".join(f"{one['name']}, {one['born']}, {one['relation']}" for one in data["members"])
        with self.authority.act(self.actor(share)) as act:
            tasks.complete(act, task_id, data)

    def run_due(self) -> None:
        self.authority.run_due()

    def close(self) -> None:
        super().close()
        self.files.cleanup()


def grow_old(system: Alone) -> None:
    """Some cases, then what PostgreSQL does by itself within a minute: without statistics it plans as if tables were empty."""
    for number in range(WARM):
        system.walk(0, number, [])
    analyse(system.database)


def analyse(database: Database) -> None:
    """Give PostgreSQL its statistics of the tables."""
    if database.dialect == "postgresql":
        with database.begin() as connection:
            connection.execute(text("analyze"))


def run(system: Alone, cases_: int, first: int, clients: int = 1, share: int = 0, go: Callable[[], Any] = lambda: None) -> Outcome:
    """So many cases through so many threads; some cases before that count for nothing."""
    for number in range(WARM):
        system.walk(share, number, [])
    settle()
    failures: list[BaseException] = []
    latencies: list[list[float]] = [[] for _ in range(clients)]

    def client(mine: int) -> None:
        try:
            for number in range(first + mine, first + cases_, clients):
                system.walk(share + mine, number, latencies[mine])
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits
            failures.append(error)

    threads = [threading.Thread(target=client, args=(mine,)) for mine in range(clients)]
    go()
    begun, cpu = time.perf_counter(), time.process_time()
    if clients == 1:
        client(0)
    else:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return Outcome(cases_, time.perf_counter() - begun, time.process_time() - cpu, [one for each in latencies for one in each])


def _process(kind: str, url: str, peers: str, cases_: int, first: int, clients: int, share: int, barrier: Any, answers: Any) -> None:
    sys.path.insert(0, peers)
    import workload

    system = {"alone": Alone, "town": Town}[kind](url, workload)
    with contextlib.closing(system):
        answers.put(run(system, cases_, first, clients, share, go=barrier.wait))


def run_processes(kind: str, url: str, peers: str, cases_: int, *, processes: int, clients: int) -> Outcome:
    """`clients` threads in each of `processes` processes, all beginning together."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(processes + 1), context.Queue()
    each = cases_ // processes
    started = [
        context.Process(target=_process, args=(kind, url, peers, each, 1000 + index * each, clients, index * clients, barrier, answers))
        for index in range(processes)
    ]
    for process in started:
        process.start()
    barrier.wait(120)
    begun = time.perf_counter()
    found = [answers.get(timeout=600) for _ in started]
    wall = time.perf_counter() - begun
    for process in started:
        process.join()
    return Outcome(each * processes, wall, sum(one.cpu for one in found), [one for outcome in found for one in outcome.latencies])


@contextlib.contextmanager
def opened(system: Alone) -> Iterator[Alone]:
    try:
        system.prepare()
        grow_old(system)
        yield system
    finally:
        system.close()


def settle() -> None:
    """As the server does when it has loaded everything: what lives now is not looked through for garbage again."""
    gc.collect()
    gc.freeze()


def load() -> float:
    return round(os.getloadavg()[0], 2)


