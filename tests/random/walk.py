"""Walks: commands drawn at random, given to the engine and to the token game, and compared after each.

Every command is a transaction of its own in a fresh unit of work, so each begins by loading what the one before saved; it
is done by one of two nodes with caches of their own, now and then by one that has just started. After it the picture in the
database must be the one that the game foretells, and every invariant must hold. Choices are steered to flows not taken yet:
blind ones miss half of the wrong conditions.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine.clock import ManualClock
from engine.engine import ProcessEngine
from engine.errors import Closed, Suspended
from engine.log import log
from engine.model import Activation, Changes, ClosedHow, JobOpened, Termination, TimerOpened
from engine.persistence import Database
from engine.runtime import state
from engine.runtime.graph import Graph
from engine.runtime.step import Step
from engine.work import Work
from tests.engine.lab import REGION, START
from tests.random.game import World
from tests.random.marking import Endless, Instance, Stay, Wait
from tests.random.picture import Eye, Picture, Reader, foretold, pair
from tests.random.plan import SIZE, Flow, Model, Test

STEPS = 26
CROWD = 60
"""Stays at which a walk is ended: what multiplies without end is of no further interest."""


class Difference(Exception):
    """The engine does not stand where the token game stands."""


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
        return ProcessEngine(self.database, self.clock, lease_clock=self.lease_clock, on_change=self.watch)

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
            work.deploy([file for model in models for file in model.files()])

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


@dataclass
class Tally:
    """What walks have come to."""

    models: int = 0
    walks: int = 0
    steps: int = 0
    refused: int = 0
    endless: int = 0
    flows: int = 0
    flows_taken: int = 0
    seconds: float = 0.0
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        for name in ("models", "walks", "steps", "refused", "endless", "flows", "flows_taken", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.met.update(other.met)
        self.commands.update(other.commands)


Do = Callable[[Work], object]


@dataclass
class Command:
    """One thing that can be done: to the game, and to the engine; `text` for whoever reads a failure."""

    name: str
    text: str
    weight: float
    play: Callable[[], object]
    do: Do | None = None
    engine: Callable[[ProcessEngine], object] | None = None
    is_final: bool = False


class Map:
    """Which flows of a model were taken, over all its walks, and where there is still something to see."""

    def __init__(self, model: Model) -> None:
        self.taken: Counter[str] = Counter()
        self.flows = [flow for process in model.processes for flow in process.flows()]
        self._processes = {process.id: process for process in model.processes}
        self._of = {node.id: process for process in model.processes for node in process.nodes.values()}
        self._behind = {node_id: self._reach(node_id) for node_id in self._of}

    def _reach(self, node_id: str) -> frozenset[str]:
        """The flows that a token at the node may come to take: behind it, inside it, behind what is attached to it."""
        found: set[str] = set()
        seen: set[str] = set()
        pending = [self._of[node_id].nodes[node_id]]
        while pending:
            node = pending.pop()
            if node.id in seen:
                continue
            seen.add(node.id)
            process = self._of[node.id]
            found.update(flow.id for flow in node.out)
            pending += [process.nodes[flow.target] for flow in node.out]
            pending += process.attached(node.id)
            pending += process.inside(node.id)
            if node.called is not None:
                called = self._processes[node.called]
                pending += called.inside(called.id)
        return frozenset(found)

    def is_new(self, flow_id: str) -> bool:
        return not self.taken[flow_id]

    @property
    def has_unseen(self) -> bool:
        return any(self.is_new(flow.id) for flow in self.flows)

    def leads_on(self, flow: Flow) -> bool:
        """Whether taking the flow shows something new, at once or later."""
        return self.is_new(flow.id) or any(self.is_new(other) for other in self._behind[flow.target])

    def novelty(self, flows: Sequence[Flow]) -> float:
        """A weight for what takes these flows."""
        weight = 1.0
        for flow in flows:
            if self.is_new(flow.id):
                weight += 8.0
            elif self.leads_on(flow):
                weight += 3.0
        return weight

    def wishes(self, name: str) -> list[int]:
        """Numbers of a variable that would open a way to something new."""
        found = []
        for process in self._processes.values():
            for node in process.nodes.values():
                tests = [flow.test for flow in node.out if flow.test is not None]
                for flow in node.out:
                    if tests and self.leads_on(flow):
                        asked = [flow.test] if flow.test is not None else [_opposite(test) for test in tests]
                        found += [test.wanted() for test in asked if test.name == name]
        return found


def _opposite(test: Test) -> Test:
    return Test(test.name, not test.above, test.number)


class Walk:
    """One walk through a model; its map, shared by all walks of the model, steers the choices."""

    def __init__(self, ground: Ground, model: Model, seed: int, map_: Map, tally: Tally) -> None:
        self.ground = ground
        self.model = model
        self.seed = seed
        self.random = Random(seed)
        self.map = map_
        self.tally = tally
        self.begun = ground.clock.now()
        self.world = World(model)
        self.readers: dict[Instance, Reader] = {}
        self.script: list[str] = []
        self.key = f"{model.seed}-{seed}"
        self.over: list[tuple[str, Do]] = []
        self.ended: set[Instance] = set()
        self._wishes: dict[str, list[int]] = {}

    # -- the walk -----------------------------------------------------------------------------------------------------

    def run(self, steps: int = STEPS) -> None:
        try:
            self._run(steps)
        except Endless:
            self.tally.endless += 1
        except Difference:
            raise
        except Exception as error:
            raise Difference(self._report(f"{type(error).__name__}: {error}", None, None)) from error
        finally:
            self.tally.walks += 1
            self._account()

    def _run(self, steps: int) -> None:
        for _ in range(self.random.choice((1, 1, 1, 1, 2, 3))):
            self._start()
        for _ in range(round(steps * (2.0 if self.map.has_unseen else 0.2))):
            alive = [root for root in self.world.roots if root.state == "active"]
            if not alive or (len(alive) < 3 and not self._is_moving(alive)):
                self._start()
            elif sum(1 for _ in self.world.stays()) > CROWD:
                break
            else:
                self._act(self._choose())
        for root in self.world.roots:
            if root.state == "active":
                self._act(self._cancel(root))
        self._compare(all_of_them=True)

    def _is_moving(self, alive: Sequence[Instance]) -> bool:
        """Whether anything can still happen in one of the instances; one that is stuck for ever is left alone."""
        return any(stay.waits or stay.work or stay.trouble for root in alive for stay in self.world.stays(root))

    def _account(self) -> None:
        self._learn()
        self.tally.met.update(self.world.met)

    def _start(self) -> None:
        variables = {
            "v": self._value("v"), "w": self._value("w"), "key": self.key,
            "items": self.random.choice(([], [3], [1, 2], [4, 5, 6])),
        }  # fmt: skip
        process_id = self.model.main.id
        self._step("start", f"start {variables}")
        try:
            instance = self.world.start(process_id, variables)
        except Endless:
            with self.ground.nodes[0].work(region=REGION, by="walker") as work:
                root_id = work.start_instance(process_id, variables)
            self._give_up(root_id)
            raise
        with self.ground.node(self.random).work(region=REGION, by="walker") as work:
            root_id = work.start_instance(process_id, variables)
        self.readers[instance] = Reader(REGION, root_id, self.begun)
        self._compare()

    def _step(self, name: str, text: str) -> None:
        self.tally.steps += 1
        self.tally.commands[name] += 1
        self.script.append(text)

    def _act(self, command: Command) -> None:
        self._step(command.name, command.text)
        is_endless = False
        try:
            command.play()
        except Endless:
            is_endless = True
        node = self.ground.node(self.random)
        if command.engine is not None:
            command.engine(node)
        elif command.do is not None:
            with node.work(region=REGION, by="walker") as work:
                command.do(work)
        if command.is_final and command.do is not None:
            self.over.append((command.text, command.do))
        if is_endless:
            for reader in self.readers.values():
                self._give_up(reader.key[1])
            raise Endless
        self._compare()

    def _give_up(self, root_id: int) -> None:
        """Nothing is foretold of what may not end: the engine must have stopped, keep its invariants, and let itself be ended."""
        self._invariants(Reader(REGION, root_id, self.begun))
        with self.ground.nodes[1].work(region=REGION, by="walker") as work:
            if work.instance(root_id).state == "active":
                work.cancel_instance(root_id)
        self._invariants(Reader(REGION, root_id, self.begun))

    def _invariants(self, reader: Reader) -> None:
        with self.ground.eye.look() as eye:
            _, faults = reader.read(eye)
        self._no_faults(faults)

    def _no_faults(self, faults: list[str]) -> None:
        faults = [*faults, *self.ground.watch.faults, *self.ground.errors]
        self.ground.watch.faults.clear()
        self.ground.errors.clear()
        if faults:
            raise Difference(self._report("; ".join(faults), None, None))

    def _compare(self, *, all_of_them: bool = False) -> None:
        """Both stand where the other stands. Instances that are over are looked at as they end, and at the end of the walk."""
        with self.ground.eye.look() as eye:
            for instance, reader in self.readers.items():
                if instance in self.ended and not all_of_them:
                    continue
                if instance.state != "active":
                    self.ended.add(instance)
                found, faults = reader.read(eye)
                expected = foretold(instance)
                if found != expected:
                    raise Difference(self._report("; ".join(["another picture", *faults]), expected, found))
                self._no_faults(faults)
                if found.root is not None and expected.root is not None:
                    pair(found.root, expected.root)
        if self.random.random() < 0.1:
            self._write_again()

    def _write_again(self) -> None:
        """I5: an execution that was loaded is written as it was stored."""
        node = self.ground.node(self.random)
        for instance, reader in self.readers.items():
            if instance.state != "active":
                continue
            with node.read(region=REGION) as work:
                for row in work.instances(reader.key[1]):
                    step = Step(work, row.root_id, REGION, work.now, node.zone, work.by)
                    if state.dump(step.execution(row.id)) != row.tokens:
                        raise Difference(self._report("I5: loaded and written again it has other bytes", None, None))

    def _report(self, what: str, expected: Picture | None, found: Picture | None) -> str:
        lines = [f"model seed {self.model.seed}, walk seed {self.seed}, step {len(self.script)}: {what}", "commands:"]
        lines += [f"  {number}. {text}" for number, text in enumerate(self.script, start=1)]
        if expected is not None and found is not None:
            lines += ["expected, not found, by the token game:"]
            lines += _only(expected.lines(), found.lines())
            lines += ["found, not expected, in the database:"]
            lines += _only(found.lines(), expected.lines())
        return "\n".join(lines)

    # -- choices ------------------------------------------------------------------------------------------------------

    def _choose(self) -> Command:
        self._learn()
        commands = list(self._possible())
        commands += self._noise()
        return self.random.choices(commands, [command.weight for command in commands])[0]

    def _learn(self) -> None:
        """Draw the flows that were taken into the map."""
        if self.world.taken:
            self.map.taken.update(self.world.taken)
            self.world.taken.clear()
            self._wishes.clear()

    def _value(self, name: str) -> int:
        """A number for a variable: often one that opens a flow that was not taken yet."""
        if self.random.random() < 0.75:
            if name not in self._wishes:
                self._wishes[name] = self.map.wishes(name)
            if self._wishes[name]:
                return self.random.choice(self._wishes[name])
        return self.random.randrange(SIZE)

    def _results(self) -> dict[str, Any]:
        results: dict[str, Any] = {}
        for name, share in (("v", 0.7), ("w", 0.4), ("x", 0.1), ("result", 0.1)):
            if self.random.random() < share:
                results[name] = self._value(name)
        if self.random.random() < 0.1:
            results["items"] = self.random.choice(([], [3], [1, 2]))
        return results

    def _possible(self) -> Iterator[Command]:
        for stay in self.world.stays():
            if stay.phase == "held":
                continue
            if stay.work == "task":
                yield self._complete_task(stay)
            elif stay.work == "job":
                yield from self._on_job(stay)
            if stay.trouble is not None:
                yield self._resolve(stay)
            for wait in stay.waits.values():
                yield self._bring_about(wait)

    def _complete_task(self, stay: Stay) -> Command:
        results, task_id = self._results(), _wait_id(stay, "user_task")
        return Command(
            "complete task", f"complete {stay.node.id} with {results}", 3 * self.map.novelty(stay.node.out),
            lambda: self.world.complete_task(stay, results), lambda work: work.complete_user_task(task_id, results),
            is_final=True,
        )  # fmt: skip

    def _on_job(self, stay: Stay) -> Iterator[Command]:
        results, job_id, name = self._results(), _wait_id(stay, "job"), stay.node.id
        yield Command(
            "complete job", f"complete the job of {name} with {results}", 3 * self.map.novelty(stay.node.out),
            lambda: self.world.complete_job(stay, results), lambda work: work.complete_job(job_id, results),
            is_final=True,
        )  # fmt: skip
        left = self.random.choice((0, 0, 1, 2))
        yield Command(
            "fail job", f"fail the job of {name}, {left} retries left", 0.4,
            lambda: self.world.fail_job(stay, left), lambda work: work.fail_job(job_id, left, "坏了", "broken"),
        )  # fmt: skip
        code = self.random.choice(("e1", "e2", "e3"))
        yield Command(
            "throw error", f"error {code} in the job of {name} with {results}", 0.6 * self.map.novelty(self._behind_errors(stay)),
            lambda: self.world.error_job(stay, code, results), lambda work: work.throw_error(job_id, code, "", results),
        )  # fmt: skip

    def _behind_errors(self, stay: Stay) -> list[Any]:
        process = stay.instance.process
        return [flow for node in process.attached(stay.node.id) if node.trigger == "error" for flow in node.out]

    def _resolve(self, stay: Stay) -> Command:
        incident_id = _wait_id(stay, "incident")
        if stay.phase != "failed":
            return Command(
                "resolve", f"resolve the incident at the job of {stay.node.id}", 1.5,
                lambda: self.world.resolve(stay), lambda work: work.resolve_incident(incident_id),
            )  # fmt: skip
        repair: dict[str, Any] = {name: self._value(name) for name in ("v", "w") if self.random.random() < 0.8}
        if self.random.random() < 0.5:
            repair["items"] = [1]
        if self.random.random() < 0.5:
            return self._set("repair", stay, repair, 2.0)
        return Command(
            "resolve", f"resolve the incident at {stay.node.id}", 2.0,
            lambda: self.world.resolve(stay), lambda work: work.resolve_incident(incident_id),
        )  # fmt: skip

    def _set(self, name: str, stay: Stay, values: dict[str, Any], weight: float) -> Command:
        scope_id = stay.ids["token"]
        return Command(
            name, f"set {values} at {stay.node.id}", weight,
            lambda: self.world.set_variables(stay, values), lambda work: work.set_variables(scope_id, values),
        )  # fmt: skip

    def _bring_about(self, wait: Wait) -> Command:
        """What makes the awaited event happen."""
        node, stay = wait.node, wait.stay
        new = self.map.novelty(node.out)
        match node.trigger:
            case "timer":
                return self._pass_time(wait.due - self.world.hour, 0.8 * new)
            case "message":
                return self._publish(str(node.name), str(wait.key), 1.0 * new)
            case "signal":
                return self._broadcast(str(node.name), 0.7 * new)
            case _:
                assert node.test is not None
                return self._set("meet condition", stay, {node.test.name: node.test.wanted()}, 1.0 * new)

    def _pass_time(self, hours: int, weight: float) -> Command:
        def move(engine: ProcessEngine) -> None:
            engine.advance_to(self.ground.clock.now() + timedelta(hours=hours))

        return Command(
            "pass time", f"{hours} hours pass", weight, lambda: self.world.pass_time(hours), engine=move
        )  # fmt: skip

    def _publish(self, name: str, key: str, weight: float, message_id: str | None = None, hours: int = 0) -> Command:
        values = {"v": self._value("v")} if self.random.random() < 0.6 else {}
        return Command(
            "publish", f"publish {name} with key {key}, {values}, id {message_id}, for {hours} hours", weight,
            lambda: self.world.publish(name, key, values, message_id, hours),
            lambda work: work.publish_message(name, key, values, message_id=message_id, time_to_live=timedelta(hours=hours)),
        )  # fmt: skip

    def _broadcast(self, name: str, weight: float) -> Command:
        values = {"w": self._value("w")} if self.random.random() < 0.6 else {}
        return Command(
            "broadcast", f"broadcast {name} with {values}", weight,
            lambda: self.world.broadcast(name, values), lambda work: work.broadcast_signal(name, values),
        )  # fmt: skip

    def _cancel(self, root: Instance) -> Command:
        root_id = self.readers[root].key[1]
        return Command(
            "cancel", "cancel the instance", 0.02,
            lambda: self.world.cancel(root), lambda work: work.cancel_instance(root_id),
            is_final=True,
        )  # fmt: skip

    def _noise(self) -> Iterator[Command]:
        """What people and other systems do besides: at the wrong time, to the wrong one, twice."""
        yield self._pass_time(self.random.choice((0, 1, 2)), 0.5)
        names = [n.name for p in self.model.processes for n in p.nodes.values() if n.trigger == "message" and n.name]
        if names:
            name = self.random.choice(names)
            yield self._publish(name, f"{self.key}-wrong", 0.2)
            yield self._publish(name, self.key, 0.5, f"id{self.random.randrange(4)}", self.random.choice((0, 1, 5)))
        yield self._broadcast(self.random.choice(("s1", "s2", "s3")), 0.2)
        alive = [root for root in self.world.roots if root.state == "active"]
        root = self.random.choice(alive)
        stay = self.random.choice([s for s in self.world.stays(root) if s.waits or s.work == "task"] or [root.root])
        yield self._set("set", self.random.choice((root.root, stay)), self._results() or {"v": 1}, 0.5)
        yield self._cancel(root)
        yield self._rest(root)
        yield from self._modify(root)
        if self.over:
            yield self._too_late()

    def _rest(self, root: Instance) -> Command:
        """Suspended, nothing moves the instance and its timers stand still."""
        root_id, hours = self.readers[root].key[1], self.random.choice((1, 3))
        values = self._results() if self.random.random() < 0.5 else {}
        waiting = [stay for stay in self.world.stays(root) if stay.work == "task"]

        def rests(engine: ProcessEngine) -> None:
            with engine.work(region=REGION, by="walker") as work:
                work.suspend_instance(root_id)
            if waiting:
                try:
                    with engine.work(region=REGION, by="walker") as work:
                        work.complete_user_task(_wait_id(waiting[0], "user_task"), {})
                    raise AssertionError("a task of a suspended instance was completed")
                except Suspended:
                    pass
            if values:
                with engine.work(region=REGION, by="walker") as work:
                    work.set_variables(root_id, values)
            engine.advance_to(self.ground.clock.now() + timedelta(hours=hours))
            with engine.work(region=REGION, by="walker") as work:
                work.resume_instance(root_id)

        return Command(
            "rest", f"the instance is suspended for {hours} hours, {values} written meanwhile", 0.15,
            lambda: self.world.rest(root, values, hours), engine=rests,
        )  # fmt: skip

    def _modify(self, root: Instance) -> Iterator[Command]:
        """An operator begins somewhere else and takes something away."""
        beginnings = [
            node for node in root.process.inside(root.process.id)
            if node.kind in {"task", "userTask", "serviceTask", "scriptTask", "subProcess"} and not node.undoes
        ]  # fmt: skip
        stays = [
            stay for stay in self.world.stays(root) if stay.instance is root and stay.scope and not _is_in_loop(stay)
        ]
        if not beginnings or not stays:
            return
        begin, stay = self.random.choice(beginnings), self.random.choice(stays)
        root_id, token_id = self.readers[root].key[1], stay.ids["token"]
        yield Command(
            "modify", f"begin at {begin.id}, take {stay.node.id} away", 0.15,
            lambda: self.world.modify(begin, stay),
            lambda work: work.modify_instance(
                root_id, activate=[Activation(begin.id)], terminate=[Termination(element_instance_id=token_id)]
            ),
        )  # fmt: skip

    def _too_late(self) -> Command:
        """What is done already cannot be done again: the second one is told so, and nothing happens."""
        name, do = self.random.choice(self.over)

        def refused(engine: ProcessEngine) -> None:
            try:
                with engine.work(region=REGION, by="walker") as work:
                    do(work)
            except Closed:
                return
            raise AssertionError(f"{name} was done a second time")

        return Command("too late", f"{name} again", 0.4, lambda: None, engine=refused)


def _is_in_loop(stay: Stay) -> bool:
    place = stay.scope
    while place is not None:
        if place.is_frame or place.is_item:
            return True
        place = place.scope
    return stay.is_item


def _wait_id(stay: Stay, kind: str) -> int:
    return stay.ids[f"{kind}:{stay.node.id}"]


def _only(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """The lines of a picture, with a mark at those that the other has not."""
    rest = Counter(others)
    marked = []
    for line in lines:
        marked.append(f"  {'  ' if rest[line] else '! '}{line}")
        rest[line] -= 1
    return marked
