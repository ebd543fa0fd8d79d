"""The ground on which is walked: one database with two nodes on it, watched from outside."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from engine.clock import ManualClock
from engine.codec import unpack
from engine.engine import ProcessEngine
from engine.log import log
from engine.model import Changes, ClosedHow, JobOpened, TimerOpened
from engine.persistence import Database
from engine.runtime.graph import Graph
from engine.work import Work
from tests.engine.lab import REGION, START
from tests.random.drawing import files
from tests.random.events import times_left
from tests.random.marking import Alarm
from tests.random.picture import Eye, moment
from tests.random.plan import Model, Node, Process

_ROOTS = "select id from instance where region = ? and id > ? and process_id = ? and parent_id is null order by id"
_ALARMS = "select element_id, due_at, cycle from start_timer where process_id = ?"


class Watch:
    """I9, seen in the changes of every step: no timer early or twice, no job begun or done twice."""

    def __init__(self) -> None:
        self.due: dict[int, datetime] = {}
        self.jobs: set[int] = set()
        self.over: set[int] = set()
        self.faults: list[str] = []

    def __call__(self, work: Work, changes: Changes) -> None:
        for wait in changes.opened:
            if isinstance(wait, TimerOpened):
                self.due[wait.id] = wait.due_at
            elif isinstance(wait, JobOpened):
                if wait.id in self.jobs:
                    self.faults.append(f"I9: the job {wait.id} began twice")
                self.jobs.add(wait.id)
        for closed in changes.closed:
            if closed.what in {"timer", "job"} and closed.id in self.over:
                self.faults.append(f"I9: {closed.what} {closed.id} ended twice")
            self.over.add(closed.id)
            if closed.what == "timer" and closed.how is ClosedHow.COMPLETED and self.due[closed.id] > work.now:
                self.faults.append(f"I9: the timer {closed.id} fired before it was due")


class Ground:
    """One database with two nodes on it."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, synchronous="OFF")
        self.watch = Watch()
        self.errors: list[str] = []
        self.lease_clock = ManualClock(START)
        self.clock = ManualClock(START)
        self.nodes = [self._node(), self._node()]
        self.graphs: dict[int, Graph] = {}
        self.eye = Eye(url, self._graph)
        self._handler = _Listener(self.errors)
        log.addHandler(self._handler)

    def _node(self) -> ProcessEngine:
        return ProcessEngine(
            self.database, self.clock, lease_clock=self.lease_clock, on_change=self.watch, regions=lambda _: (REGION,)
        )

    def _graph(self, definition_id: int) -> Graph:
        if definition_id not in self.graphs:
            with self.database.read() as connection:
                self.graphs[definition_id] = self.nodes[0].definitions.graph(connection, definition_id)
        return self.graphs[definition_id]

    def node(self, random: Random) -> ProcessEngine:
        """One of the two nodes; now and then it has just started, with no cache at all."""
        number = random.randrange(2)
        if random.random() < 0.01:
            self.nodes[number] = self._node()
        return self.nodes[number]

    def deploy(self, models: Sequence[Model]) -> None:
        with self.nodes[0].work(region=REGION, by="walker") as work:
            work.deploy([file for model in models for file in files(model)])

    def deploy_timed(self, model: Model) -> list[Alarm]:
        """A model that time starts; it has its turn alone. Its timers, in hours from now, as they have to be."""
        self.deploy([model])
        return [Alarm(node, node.hours, times_left(node)) for node in model.main.starts() if node.trigger == "timer"]

    def retire(self, model: Model) -> None:
        """A newer version takes the place of the model: time starts nothing of it any more."""
        plain = Process(model.main.id)
        plain.add(Node("start", "startEvent", plain.id))
        plain.add(Node("end", "endEvent", plain.id))
        plain.flow("start", "end")
        self.deploy([Model(model.seed, [plain])])

    def roots_since(self, process_id: str, last: int) -> list[int]:
        """The outermost instances of the process that began after instance `last`, in order."""
        with self.eye.look() as eye:
            rows = eye.rows(_ROOTS, (REGION, last, process_id))
        return [row[0] for row in rows]

    def alarms(self, process_id: str) -> list[tuple[str, int, int | None]]:
        """The timers that start instances of the process: element, hours from the beginning of all, times left."""
        with self.eye.look() as eye:
            rows = eye.rows(_ALARMS, (process_id,))
        found = []
        for element, due, cycle in rows:
            hours = (moment(due) - START) // timedelta(hours=1)
            found.append((element, hours, 0 if cycle is None else unpack(bytes(cycle))[4]))
        return sorted(found, key=str)

    def hours(self) -> int:
        """Hours since the beginning of all."""
        return (self.clock.now() - START) // timedelta(hours=1)

    def close(self) -> None:
        log.removeHandler(self._handler)
        self.eye.close()
        self.database.close()


class _Listener(logging.Handler):
    """What the engine logs as an error while it works off what is due is a failure here."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.errors = errors

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text += f": {record.exc_info[1]!r}"
        self.errors.append(text)
