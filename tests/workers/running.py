"""Worker programs as processes of their own, and what the server knows of their work."""

from __future__ import annotations

import logging
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI

from casework import outside
from casework.model.people import Scope
from engine.search import Condition, Op, Query

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "workers.md"
REGION = "JA"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server answers, the application itself, and what a worker must say to be let in."""

    address: str
    app: FastAPI
    credentials: Mapping[str, str] = field(default_factory=dict)

    def start(self, process_id: str, each: Iterable[Mapping[str, object]]) -> list[int]:
        """Start an instance with each of these variables, all in one transaction; their ids."""
        with self.app.state.authority.program("tests", frozenset(Scope), region=REGION) as act:
            return [outside.start(act, process_id, dict(variables)).root_instance_id for variables in each]

    def states(self, instances: Iterable[int]) -> dict[str, int]:
        """How many of the instances are in which state."""
        found: dict[str, int] = {}
        with self.app.state.authority.program_read("tests", frozenset(Scope), region=REGION) as act:
            for number in instances:
                state = act.work.instance(number).state.value
                found[state] = found.get(state, 0) + 1
        return found

    def variables(self, instance: int) -> dict[str, object]:
        """What an instance that is over has kept."""
        with self.app.state.authority.program_read("tests", frozenset(Scope), region=REGION) as act:
            items = act.work.search_variables(Query((Condition("instance_id", Op.EQ, instance),))).items
            return {each.name: each.value for each in items}

    def wait(self, instances: Iterable[int], seconds: float) -> dict[str, int]:
        """The states of the instances, as soon as all are over or the time is."""
        listed, until, pause = list(instances), time.monotonic() + seconds, threading.Event()
        while (found := self.states(listed)).get("active") and time.monotonic() < until:
            pause.wait(0.1)
        return found


def snippet(file: str) -> str:
    """The program of that name in docs/workers.md."""
    found = re.search(rf"file `{re.escape(file)}`.*?```\w+\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None, f"the page has no {file}"
    return found.group(1)


@contextmanager
def working(
    node: str, server: Server, file: str, folder: Path, *, worker: str = "w1", further: Mapping[str, str] | None = None
) -> Iterator[queue.Queue[str]]:
    """A worker of the page at work until the block ends; gives the jobs that it says it has done."""
    folder.mkdir(exist_ok=True)
    program = folder / file
    if not program.exists():
        program.write_text(snippet(file), "utf-8")
        (folder / "node_modules").symlink_to(HERE / "node_modules")
    environment = {**os.environ, "YIMEN": server.address, "WORKER": worker, **server.credentials, **(further or {})}
    command = [sys.executable if file.endswith(".py") else node, str(program)]
    done: queue.Queue[str] = queue.Queue()
    with ExitStack() as stack:
        log = stack.enter_context((folder / f"{worker}.log").open("w", encoding="utf-8"))
        process = stack.enter_context(
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=folder)
        )
        reader = threading.Thread(target=_read, args=(process, done), daemon=True)
        reader.start()
        try:
            yield done
        finally:
            process.terminate()
            process.wait(20)
            reader.join(20)


def _read(process: subprocess.Popen[str], done: queue.Queue[str]) -> None:
    for line in process.stdout or ():
        word, _, number = line.strip().partition(" ")
        if word == "done":
            done.put(number)


def all_of(done: queue.Queue[str]) -> list[str]:
    """Everything that a worker has said so far."""
    found = []
    while not done.empty():
        found.append(done.get())
    return found


class Counting(logging.Handler):
    """Counts the requests that the server has answered, by address."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        route = record.__dict__.get("request", {}).get("route", "")
        self.counts[route] = self.counts.get(route, 0) + 1


@contextmanager
def counting() -> Iterator[Counting]:
    """Count what the server answers in the block."""
    log, handler = logging.getLogger("yimen.access"), Counting()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield handler
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
