"""A token game over the plan of a process, written from the text of BPMN 2.0 and sharing no code with the engine.

Chapter 13 says which tokens there are: 13.2 flows and activities, 13.3 loops, 13.4 gateways, 13.5 events; chapter 10.5 how
triggers find their catchers. Where the specification leaves it open, Camunda 8's documentation decides (variables and
their scopes, messages and their keys, what a failure stops). Where both leave it open, things happen in the order in which
they became possible: tokens move first come, first served; an inclusive join is asked, and conditions are, when nothing
else can move; a called process moves when its caller stands still.

`World` is everything that runs on one clock: instances, kept messages, signals on their way. One command moves it from one
standstill to the next.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.random.plan import Flow, Loop, Model, Node, Process

MOVES = 800
"""Elements entered by one command after which the walk is given up as one that may not end (the engine's bound is 1 000)."""
STAYS = 250


class Endless(Exception):
    """A command that goes on and on, or a marking that grows without bound: no answer is foretold."""


class Trouble(Exception):
    """What the diagram or its data got wrong, as the kind of incident that shows it."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(slots=True, eq=False)
class Wait:
    """A stay waits for an event: `number` in order of beginning to wait."""

    number: int
    node: Node
    stay: Stay
    key: str | None = None
    due: int = 0
    left: int | None = 0


@dataclass(slots=True, eq=False)
class Stay:
    """A token at an element. phase: queued, held (by a join), active, leaving, failed.

    `resume` is where it goes on after a failure; `variables` are its own; `kids` the stays inside it; `ids` what others call it.
    """

    number: int
    node: Node
    instance: Instance
    scope: Stay | None
    came_by: tuple[str, ...] = ()
    phase: str = "queued"
    is_item: bool = False
    resume: str = "begin"
    has_begun: bool = False
    waits: dict[str, Wait] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    kids: list[Stay] = field(default_factory=list)
    happened: dict[str, Any] | None = None
    first: str | None = None
    work: str | None = None
    retries: int = 0
    trouble: str | None = None
    counter: int = 0
    items: list[Any] | None = None
    done: int = 0
    is_enough: bool = False
    is_mapped: bool = False
    is_interrupted: bool = False
    listener: int = 0
    called: Instance | None = None
    ids: dict[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<{self.node.id} {self.phase}>"

    @property
    def is_alive(self) -> bool:
        return self.phase != "gone"

    @property
    def is_frame(self) -> bool:
        """The stay at a loop as a whole, in which its items stay."""
        return self.node.loop is not None and not self.is_item


@dataclass(slots=True, eq=False)
class Instance:
    """A running process: `caller` is the stay at the call activity that waits for it, `tree` the instance all began with."""

    number: int
    process: Process
    caller: Stay | None
    tree: Instance | None
    root: Stay = field(init=False)
    state: str = "active"
    queue: deque[tuple[Callable[[Stay], None], Stay]] = field(default_factory=deque)
    fresh: list[Wait] = field(default_factory=list)
    changed: set[tuple[Stay, str]] = field(default_factory=set)
    touched: list[Instance] = field(default_factory=list)
    members: list[Instance] = field(default_factory=list)
    log: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    moves: int = 0

    @property
    def top(self) -> Instance:
        return self.tree or self


@dataclass(slots=True)
class Message:
    name: str
    key: str
    variables: dict[str, Any]
    id: str | None
    until: int
    taken_by: set[str]


class See(Mapping[str, Any]):
    """The variables that a stay sees, looking outward; `extra` win."""

    def __init__(self, stay: Stay | None, extra: Mapping[str, Any] | None = None) -> None:
        self.stay = stay
        self.extra = extra or {}

    def get(self, name: str, default: Any = None) -> Any:
        if name in self.extra:
            return self.extra[name]
        stay = self.stay
        while stay is not None:
            if name in stay.variables:
                return stay.variables[name]
            stay = stay.scope
        return default

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def all(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        stay = self.stay
        while stay is not None:
            found = stay.variables | found
            stay = stay.scope
        return found


class World:
    """Instances on one clock, counted in hours."""

    def __init__(self, model: Model) -> None:
        self.processes = {process.id: process for process in model.processes}
        self.hour = 0
        self.roots: list[Instance] = []
        self.messages: list[Message] = []
        self.thrown: deque[tuple[Any, ...]] = deque()
        self.taken: Counter[str] = Counter()
        self.met: Counter[tuple[str, str]] = Counter()
        self._numbers = 0

    # -- commands -----------------------------------------------------------------------------------------------------

    def start(self, process_id: str, variables: Mapping[str, Any]) -> Instance:
        instance = self._new_instance(self.processes[process_id], None, dict(variables))
        self.roots.append(instance)
        self._stand_still(instance)
        return instance

    def complete_task(self, stay: Stay, variables: Mapping[str, Any]) -> None:
        self._touch(stay.instance)
        stay.work = None
        self._finish(stay, variables)
        self._stand_still(stay.instance)

    def complete_job(self, stay: Stay, variables: Mapping[str, Any]) -> None:
        self._touch(stay.instance)
        stay.work, stay.trouble = None, None
        if stay.resume == "start listeners":
            stay.variables.update(variables)
            self._note(stay, variables)
            self._listened(stay)
        elif stay.resume == "end listeners":
            if stay.scope is not None:
                self._merge(stay.scope, variables)
            self._listened(stay)
        else:
            self._finish(stay, variables)
        self._stand_still(stay.instance)

    def fail_job(self, stay: Stay, retries: int) -> None:
        """A worker gave up; without retries left a failure stands beside the job, and what waits goes on waiting."""
        stay.retries = retries
        if retries == 0 and stay.trouble is None:
            stay.trouble = "JOB_NO_RETRIES"

    def error_job(self, stay: Stay, code: str, variables: Mapping[str, Any]) -> None:
        self._touch(stay.instance)
        stay.trouble = None
        try:
            self._throw_error(stay, code, variables)
        except Trouble as trouble:
            stay.retries = 0
            stay.trouble = trouble.kind
        self._stand_still(stay.instance)

    def resolve(self, stay: Stay) -> None:
        self._touch(stay.instance)
        stay.trouble = None
        if stay.phase == "failed":
            self._queue(stay)
        elif stay.work == "job":
            stay.retries = max(stay.retries, 1)
        self._stand_still(stay.instance)

    def set_variables(self, stay: Stay, variables: Mapping[str, Any]) -> None:
        self._touch(stay.instance)
        self._merge(stay, variables)
        self._stand_still(stay.instance)

    def cancel(self, instance: Instance) -> None:
        self._cancel_instance(instance)

    def publish(self, name: str, key: str, variables: Mapping[str, Any], id: str | None, hours: int) -> None:  # noqa: A002
        self._publish(name, key, variables, id, hours)
        self._deliver()

    def broadcast(self, name: str, variables: Mapping[str, Any]) -> None:
        self.thrown.append(("signal", name, dict(variables), None))
        self._deliver()

    def pass_time(self, hours: int) -> None:
        """Time passes: what is due happens at its hour, in the order of falling due, then of having begun to wait."""
        target = self.hour + hours
        while True:
            waiting = [wait for wait in self._waits() if wait.node.trigger == "timer" and wait.due <= target]
            if not waiting:
                break
            self.hour = max(self.hour, min(wait.due for wait in waiting))
            for wait in sorted(waiting, key=lambda wait: (wait.due, wait.number)):
                if wait.due <= self.hour and wait.stay.is_alive and wait.stay.waits.get(wait.node.id) is wait:
                    self._touch(wait.stay.instance)
                    self._happen(wait, {})
                    self._settle(wait.stay.instance)
                    self._deliver()
        self.hour = target

    # -- what can be asked --------------------------------------------------------------------------------------------

    def stays(self, instance: Instance | None = None) -> Iterator[Stay]:
        """The stays of a tree of instances, or of all."""
        for root in self.roots if instance is None else [instance]:
            for member in [root, *root.members]:
                if member.state == "active":
                    yield from _within(member.root)

    def _waits(self) -> list[Wait]:
        return [wait for stay in self.stays() for wait in stay.waits.values()]

    # -- messages and signals -----------------------------------------------------------------------------------------

    def _deliver(self) -> None:
        while self.thrown:
            kind, name, *rest = self.thrown.popleft()
            if kind == "message":
                self._publish(name, rest[0], rest[1], None, 0)
            elif kind == "signal":
                for wait in sorted(self._waits(), key=lambda wait: wait.number):
                    if wait.node.trigger == "signal" and wait.node.name == name and wait.stay.instance is not rest[1]:
                        self.thrown.append(("signalled", name, wait, rest[0]))
            else:
                wait = rest[0]
                if wait.stay.is_alive and wait.stay.waits.get(wait.node.id) is wait:
                    self._touch(wait.stay.instance)
                    self._happen(wait, rest[1])
                    self._settle(wait.stay.instance)

    def _signal(self, instance: Instance, name: str, variables: Mapping[str, Any]) -> None:
        """A signal thrown inside comes to those who wait in the instance itself once all else has moved, to others later."""

        def happens(_root: Stay) -> None:
            waiting = [wait for stay in _within(instance.root) for wait in stay.waits.values()]
            for wait in waiting:
                if wait.node.trigger == "signal" and wait.node.name == name and wait.stay.is_alive \
                        and wait.stay.waits.get(wait.node.id) is wait:  # fmt: skip
                    self._happen(wait, variables)

        instance.queue.append((happens, instance.root))

    def _publish(self, name: str, key: str, variables: Mapping[str, Any], id: str | None, hours: int) -> None:  # noqa: A002
        """At most one taker in each process (Camunda 8, "Messages"); kept as long as it lives for one who comes later."""
        if id is not None and any(
            m.id == id and m.name == name and m.key == key and m.until > self.hour for m in self.messages
        ):
            return
        taken: set[str] = set()
        waiting = [w for w in self._waits() if w.node.trigger == "message" and w.node.name == name and w.key == key]
        waiting.sort(key=lambda wait: (wait.stay.instance.top.number, wait.number))
        for wait in waiting:
            process_id = wait.stay.instance.process.id
            if process_id not in taken and wait.stay.is_alive and wait.stay.waits.get(wait.node.id) is wait:
                taken.add(process_id)
                self._touch(wait.stay.instance)
                self._happen(wait, variables)
                self._settle(wait.stay.instance)
        if hours > 0:
            self.messages = [m for m in self.messages if id is None or (m.id, m.name, m.key) != (id, name, key)]
            self.messages.append(Message(name, key, dict(variables), id, self.hour + hours, taken))

    def _take_kept(self, tree: Instance) -> bool:
        """A wait that has just begun takes the oldest kept message that its process has not taken yet."""
        for instance in tree.touched:
            for wait in list(instance.fresh):
                if wait.node.trigger != "message" or wait.stay.waits.get(wait.node.id) is not wait:
                    continue
                process_id = instance.process.id
                for message in self.messages:
                    if (message.name, message.key) == (wait.node.name, wait.key) and message.until > self.hour \
                            and process_id not in message.taken_by:  # fmt: skip
                        message.taken_by.add(process_id)
                        self._happen(wait, message.variables)
                        return True
        return False

    # -- from one standstill to the next ------------------------------------------------------------------------------

    def _touch(self, instance: Instance) -> None:
        if instance not in instance.top.touched:
            instance.top.touched.append(instance)

    def _stand_still(self, instance: Instance) -> None:
        """The end of a command: all that moves has moved, and what was thrown has come to those who waited for it."""
        self._settle(instance)
        self._deliver()

    def _settle(self, instance: Instance) -> None:
        tree = instance.top
        moving = True
        while moving:
            moving = False
            for member in list(tree.touched):
                moving = self._run(member) or moving
            moving = self._take_kept(tree) or moving
        for member in tree.touched:
            member.fresh.clear()
            member.changed.clear()
            member.moves = 0
        tree.touched.clear()

    def _run(self, instance: Instance) -> bool:
        moved = False
        while True:
            while instance.queue:
                moved = True
                act, stay = instance.queue.popleft()
                if stay.is_alive:
                    self._guard(stay, act)
            if not self._pass_inclusive_join(instance) and not self._ask_conditions(instance):
                return moved
            moved = True

    def _count(self, instance: Instance) -> None:
        instance.moves += 1
        if instance.moves > MOVES or len(instance.queue) > STAYS:
            raise Endless

    def _guard(self, stay: Stay, act: Any) -> None:
        """Do something at a stay; what the model got wrong becomes a failure that stands there."""
        try:
            act(stay)
        except Trouble as trouble:
            self._fail(stay, trouble)

    def _fail(self, stay: Stay, trouble: Trouble) -> None:
        if not stay.is_alive:
            return
        if stay.resume != "leave":
            for kid in list(stay.kids):
                self._terminate(kid)
            stay.waits.clear()
        stay.phase = "failed"
        stay.trouble = trouble.kind

    def _new_instance(self, process: Process, caller: Stay | None, variables: dict[str, Any]) -> Instance:
        instance = Instance(self._number(), process, caller, None if caller is None else caller.instance.top)
        instance.root = Stay(instance.number, Node(process.id, "process", ""), instance, None)
        instance.root.variables = variables
        if instance.tree is not None:
            instance.tree.members.append(instance)
        instance.changed.update((instance.root, name) for name in variables)
        self._queue(instance.root)
        self._touch(instance)
        return instance

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    # -- coming to an element -----------------------------------------------------------------------------------------

    def _arrive(self, node: Node, scope: Stay, flow: str | None) -> Stay:
        stay = Stay(self._number(), node, scope.instance, scope, () if flow is None else (flow,))
        scope.kids.append(stay)
        if node.is_join:
            stay.phase = "held"
            if node.kind == "parallelGateway":
                self._pass_parallel_join(stay)
        else:
            self._queue(stay)
        return stay

    def _queue(self, stay: Stay) -> None:
        stay.phase = "queued"
        stay.instance.queue.append((self._go_on, stay))

    def _pass_parallel_join(self, stay: Stay) -> None:
        """One token on each incoming flow is needed, and taken (13.4.1); a surplus one waits on."""
        first = self._held(stay)
        if all(flow in first for flow in stay.node.incoming):
            self._merge_tokens([first[flow] for flow in stay.node.incoming])

    def _held(self, stay: Stay) -> dict[str, Stay]:
        """By flow, the first token that the join holds."""
        assert stay.scope is not None
        first: dict[str, Stay] = {}
        for other in stay.scope.kids:
            if other.node is stay.node and other.phase == "held":
                first.setdefault(other.came_by[0], other)
        return first

    def _merge_tokens(self, tokens: list[Stay]) -> None:
        keeps = tokens[0]
        keeps.came_by = tuple(token.came_by[0] for token in tokens)
        for other in tokens[1:]:
            self._remove(other)
        self._queue(keeps)

    def _pass_inclusive_join(self, instance: Instance) -> bool:
        """13.4.3: no token is left that could still come by an empty flow and could not come by one that is taken."""
        for stay in list(_within(instance.root)):
            if stay.phase != "held" or stay.node.kind != "inclusiveGateway" or stay.scope is None:
                continue
            first = self._held(stay)
            empty = [flow for flow in stay.node.incoming if flow not in first]
            if not any(
                self._can_reach(instance.process, other.node, stay.node, empty)
                and not self._can_reach(instance.process, other.node, stay.node, list(first))
                for other in stay.scope.kids
                if other.node is not stay.node
            ):
                self._merge_tokens([first[flow] for flow in stay.node.incoming if flow in first])
                return True
        return False

    @staticmethod
    def _can_reach(process: Process, node: Node, join: Node, flows: list[str]) -> bool:
        """Whether a token at the node, or an event attached to it, can come to the join by one of the flows."""
        seen = {join.id}
        pending = [node]
        while pending:
            current = pending.pop()
            if current.id in seen:
                continue
            seen.add(current.id)
            pending += process.attached(current.id)
            for flow in current.out:
                if flow.id in flows:
                    return True
                pending.append(process.nodes[flow.target])
        return False

    def _go_on(self, stay: Stay) -> None:
        """Begin, or go on where a failure or a listener stopped it."""
        self._count(stay.instance)
        if not stay.has_begun:
            stay.has_begun = True
            stay.instance.log["entered", stay.node.id, tuple(sorted(stay.came_by))] += 1
            if not stay.is_frame:
                for name, term in stay.node.inputs.items():
                    self._write(stay, name, term.value(See(stay)))
        if stay.resume in {"leave", "end listeners"}:
            self._leave(stay)
            return
        if self._listen(stay, "start"):
            return
        stay.resume = "begin"
        stay.phase = "active"
        if not stay.is_item:
            for node in self._attached(stay):
                self._arm(stay, node)
        self._activate(stay)

    def _listen(self, stay: Stay, when: str) -> bool:
        """Jobs before and after the element's own work (Camunda 8, "Execution listeners")."""
        wanted = [] if stay.is_frame else [listener for listener in stay.node.listeners if listener == when]
        if stay.listener >= len(wanted):
            return False
        stay.work, stay.retries, stay.phase = "job", 3, "active"
        stay.resume = f"{when} listeners"
        return True

    def _listened(self, stay: Stay) -> None:
        stay.listener += 1
        if stay.resume == "end listeners":
            self._guard(stay, self._leave)
        else:
            self._queue(stay)

    def _attached(self, stay: Stay) -> list[Node]:
        return stay.instance.process.attached(stay.node.id)

    def _activate(self, stay: Stay) -> None:
        node = stay.node
        if stay.is_frame:
            self._begin_loop(stay)
            return
        match node.kind:
            case "userTask":
                stay.work = "task"
            case "serviceTask":
                stay.work, stay.retries = "job", 3
            case "scriptTask":
                assert node.script is not None
                self._results(stay, {node.script[0]: node.script[1].value(See(stay))})
                self._leave(stay)
            case "process" | "subProcess" | "eventSubProcess":
                self._begin_scope(stay)
            case "callActivity":
                self._call(stay)
            case "eventBasedGateway":
                for flow in node.out:
                    self._arm(stay, stay.instance.process.nodes[flow.target])
            case "intermediateCatchEvent" | "receiveTask" if stay.happened is None:
                self._arm(stay, node)
            case "startEvent" if stay.happened is not None and not node.outputs and stay.scope is not None:
                # what the trigger brought is local to the event sub-process (Camunda 8, "Event sub-process")
                stay.scope.variables.update(stay.happened)
                self._note(stay.scope, stay.happened)
                self._leave(stay)
            case "endEvent" | "intermediateThrowEvent":
                self._throw(stay)
            case _:
                self._results(stay, stay.happened or {})
                self._leave(stay)

    def _begin_scope(self, stay: Stay) -> None:
        process = stay.instance.process
        inside = process.inside(stay.node.id)
        for handler in inside:
            if handler.kind == "eventSubProcess":
                self._arm(stay, _start_of(process, handler))
        starts = [node for node in inside if node.kind == "startEvent"]
        if not starts:
            starts = [
                node for node in inside if not node.incoming and node.kind not in {"boundaryEvent", "eventSubProcess"}
            ]
        for start in starts:
            self._arrive(start, stay, None).happened = stay.happened

    def _call(self, stay: Stay) -> None:
        assert stay.node.called is not None
        passed = See(stay).all() if stay.node.passes_all else dict(stay.variables)
        stay.called = self._new_instance(self.processes[stay.node.called], stay, passed)

    def _throw(self, stay: Stay) -> None:
        node = stay.node
        assert stay.scope is not None
        match node.trigger:
            case "message":
                self.thrown.append(("message", node.name, _key(stay), dict(stay.variables)))
            case "signal":
                self.thrown.append(("signal", node.name, dict(stay.variables), stay.instance))
                self._signal(stay.instance, str(node.name), dict(stay.variables))
            case "error":
                self._throw_error(stay, node.name or "", {})
                return
            case "terminate":
                self._disarm_handlers(stay.scope)
                for other in list(stay.scope.kids):
                    if other is not stay:
                        self._terminate(other)
        self._leave(stay)

    # -- loops (13.3.7; Camunda 8, "Multi-instance") ------------------------------------------------------------------

    def _begin_loop(self, stay: Stay) -> None:
        loop = _loop_of(stay)
        items = See(stay).get(loop.items) if isinstance(loop.items, str) else list(loop.items)
        if not isinstance(items, list):
            raise Trouble("EXTRACT_VALUE_ERROR")
        stay.items, stay.done, stay.is_enough = list(items), 0, False
        if loop.out is not None:
            self._write(stay, loop.out, [None] * len(items))
        if not items:
            self._leave(stay)
        for counter in range(1, (1 if loop.sequential and items else len(items)) + 1):
            self._begin_item(stay, counter)

    def _begin_item(self, frame: Stay, counter: int) -> None:
        loop = _loop_of(frame)
        item = Stay(self._number(), frame.node, frame.instance, frame, is_item=True, counter=counter)
        frame.kids.append(item)
        self._queue(item)
        if loop.element is not None:
            self._write(item, loop.element, (frame.items or ())[counter - 1])
        self._write(item, "loopCounter", counter)

    def _collect(self, frame: Stay, item: Stay) -> None:
        loop = _loop_of(frame)
        if loop.out is not None and loop.result is not None:
            collected = frame.variables.get(loop.out)
            if not isinstance(collected, list) or len(collected) < item.counter:
                raise Trouble("EXTRACT_VALUE_ERROR")  # something else wrote to the variable (Camunda 8, same words)
            collected = list(collected)
            collected[item.counter - 1] = loop.result.value(See(item))
            self._write(frame, loop.out, collected)
        if loop.until is not None:
            counts = {
                "numberOfInstances": len(frame.items or ()), "numberOfActiveInstances": len(frame.kids) - 1,
                "numberOfCompletedInstances": frame.done + 1, "numberOfTerminatedInstances": 0,
            }  # fmt: skip
            if self._holds(loop.until.value(See(item, counts))):
                frame.is_enough = True
        frame.done += 1

    # -- leaving ------------------------------------------------------------------------------------------------------

    def _finish(self, stay: Stay, results: Mapping[str, Any]) -> None:
        stay.resume = "leave"
        self._results(stay, results)
        self._guard(stay, self._leave)

    def _leave(self, stay: Stay) -> None:
        if not stay.is_mapped:
            stay.is_mapped = True
            stay.resume, stay.listener = "leave", 0
            self._disarm_handlers(stay)  # a scope that completes is no longer open to events inside it (13.3.2, 13.5.4)
            self._map_outputs(stay)
        if self._listen(stay, "end"):
            return
        stay.resume = "leave"
        flows = [] if stay.is_item else self._choose(stay)
        if stay.is_item:
            assert stay.scope is not None
            self._collect(stay.scope, stay)
        scope, process = stay.scope, stay.instance.process
        stay.instance.log["completed", stay.node.id, tuple(flow.id for flow in flows)] += 1
        event = stay.happened if stay.node.kind == "eventBasedGateway" else None
        self._remove(stay)
        if scope is None:
            self._end_instance(stay.instance)
            return
        for flow in flows:
            self.taken[flow.id] += 1
            target = process.nodes[flow.target]
            self.met[stay.node.word, target.word] += 1
            arrived = self._arrive(target, scope, flow.id)
            if event is not None:
                arrived.happened = event
        if scope.is_alive:
            self._ended_inside(scope)

    def _map_outputs(self, stay: Stay) -> None:
        if stay.is_frame:
            out = _loop_of(stay).out
            if out is not None and stay.scope is not None:
                self._merge(stay.scope, {out: stay.variables.get(out, [])})
        elif stay.scope is not None:
            for name, term in stay.node.outputs.items():
                self._merge(stay.scope, {name: term.value(See(stay))})

    def _choose(self, stay: Stay) -> list[Flow]:
        node = stay.node
        if node.kind == "eventBasedGateway":
            return [flow for flow in node.out if flow.target == stay.first]
        if node.kind == "parallelGateway" or all(flow.test is None for flow in node.out):
            return [flow for flow in node.out if node.kind != "exclusiveGateway" or flow is node.out[0]]
        plain = [flow for flow in node.out if flow.test is None and flow.id != node.default]
        chosen = []
        for flow in node.out:
            if flow.test is not None and self._holds(flow.test.value(See(stay))):
                chosen.append(flow)
                if node.kind == "exclusiveGateway":
                    return chosen
        if not chosen:
            chosen = [flow for flow in node.out if flow.id == node.default]
        if not chosen and not plain:
            raise Trouble("CONDITION_ERROR")
        return [flow for flow in node.out if flow in chosen or flow in plain]

    @staticmethod
    def _holds(found: bool | None) -> bool:
        if found is None:
            raise Trouble("CONDITION_ERROR")
        return found

    def _ended_inside(self, scope: Stay) -> None:
        """A stay inside ended: a loop goes on to its next item; what holds nothing any more is over."""
        if scope.phase != "active" or scope.resume != "begin":
            return
        if scope.is_frame:
            if scope.is_enough:
                for other in list(scope.kids):
                    self._terminate(other)
            elif _loop_of(scope).sequential and scope.done < len(scope.items or ()):
                self._begin_item(scope, scope.done + 1)
                return
            if not scope.kids:
                self._finish(scope, {})
        elif not scope.kids:  # it ends after what was thrown before its end has happened
            scope.instance.queue.append((self._finish_empty, scope))

    def _finish_empty(self, scope: Stay) -> None:
        if not scope.kids and scope.phase == "active" and scope.resume == "begin":
            self._finish(scope, {})

    def _end_instance(self, instance: Instance) -> None:
        instance.state = "completed"
        caller = instance.caller
        if caller is not None and caller.is_alive:
            caller.called = None
            self._touch(caller.instance)
            back = dict(instance.root.variables) if caller.node.gives_all or caller.node.outputs else {}
            self._finish(caller, back)

    # -- events -------------------------------------------------------------------------------------------------------

    def _arm(self, stay: Stay, node: Node) -> None:
        if node.trigger not in {"timer", "message", "signal", "conditional"}:
            return
        wait = Wait(self._number(), node, stay)
        if node.trigger == "timer":
            wait.due = self.hour + node.hours
            wait.left = 0 if node.times is None else None if node.times == 0 else node.times - 1
        if node.trigger == "message":
            wait.key = _key(stay)
        stay.waits[node.id] = wait
        stay.instance.fresh.append(wait)

    def _happen(self, wait: Wait, variables: Mapping[str, Any]) -> None:
        """The event for which a stay waits has come."""
        stay, node = wait.stay, wait.node
        process = stay.instance.process
        if stay.node is node:  # a catch event
            del stay.waits[node.id]
            self._finish(stay, variables)
            return
        if stay.node.kind == "eventBasedGateway":  # the first one wins (13.4.4)
            stay.waits.clear()
            stay.first, stay.happened = node.id, dict(variables)
            self._finish_gateway(stay)
            return
        self._go_on_waiting(wait)
        if node.kind == "boundaryEvent":
            self._attached_happened(stay, node, variables)
        else:
            self._handler_happened(stay, node, process, variables)

    def _finish_gateway(self, stay: Stay) -> None:
        stay.resume = "leave"
        self._guard(stay, self._leave)

    def _go_on_waiting(self, wait: Wait) -> None:
        """A non-interrupting event can happen again; a timer as often as its cycle says (10.5.6, 13.5.3)."""
        node = wait.node
        if node.trigger == "timer" and wait.left != 0 and not node.interrupting:
            wait.due += node.hours
            wait.left = None if wait.left is None else wait.left - 1
        elif node.trigger == "timer" or node.interrupting:
            wait.stay.waits.pop(node.id, None)

    def _attached_happened(self, host: Stay, node: Node, variables: Mapping[str, Any]) -> None:
        assert host.scope is not None
        self.met[host.node.word, node.word] += 1
        scope = host.scope
        if node.interrupting:
            self._terminate(host)
        self._arrive(node, scope, None).happened = dict(variables)

    def _handler_happened(self, scope: Stay, start: Node, process: Process, variables: Mapping[str, Any]) -> None:
        handler = process.nodes[start.scope]
        self.met[scope.node.word, start.word] += 1
        if start.interrupting:
            scope.is_interrupted = True
            self._disarm_handlers(scope)
            for kid in list(scope.kids):
                self._terminate(kid)
        self._arrive(handler, scope, None).happened = dict(variables)

    def _disarm_handlers(self, scope: Stay) -> None:
        process = scope.instance.process
        for node_id in list(scope.waits):
            if process.nodes[node_id].kind == "startEvent":
                del scope.waits[node_id]

    def _throw_error(self, stay: Stay, code: str, variables: Mapping[str, Any]) -> None:
        """The innermost catcher, one that names the code before one that takes all (10.5.6; Camunda 8, "Error events")."""
        inside: Stay | None = None
        place: Stay | None = stay
        while place is not None:
            process = place.instance.process
            nodes: list[Node] = []
            if inside is not None and place.node.kind in {"process", "subProcess", "eventSubProcess"} \
                    and not place.is_frame and not place.is_interrupted:  # fmt: skip
                nodes += [_start_of(process, n) for n in process.inside(place.node.id) if n.kind == "eventSubProcess"]
            if not place.is_item:
                nodes += self._attached(place)
            errors = [node for node in nodes if node.trigger == "error"]
            for node in [n for n in errors if n.name == code] + [n for n in errors if n.name is None]:
                self._touch(place.instance)
                if node.kind == "boundaryEvent":
                    self._attached_happened(place, node, variables)
                else:
                    self._handler_happened(place, node, process, variables)
                return
            inside = place
            if place.scope is None:
                inside, place = None, place.instance.caller
            else:
                place = place.scope
        raise Trouble("UNHANDLED_ERROR_EVENT")

    def _ask_conditions(self, instance: Instance) -> bool:
        """Conditions that have just begun to wait, and those that read a variable that has changed where they see it."""
        asked = [wait for wait in instance.fresh if wait.node.trigger == "conditional"]
        instance.fresh = [wait for wait in instance.fresh if wait.node.trigger != "conditional"]
        changed, instance.changed = instance.changed, set()
        if changed and instance.state == "active":
            for stay in _within(instance.root):
                for wait in stay.waits.values():
                    test = wait.node.test
                    if wait.node.trigger == "conditional" and test is not None and wait not in asked \
                            and _sees_change(stay, test.name, changed):  # fmt: skip
                        asked.append(wait)
        happened = False
        for wait in asked:
            test = wait.node.test
            if test is not None and wait.stay.is_alive and wait.stay.waits.get(wait.node.id) is wait \
                    and test.value(See(wait.stay)) is True:  # fmt: skip
                self._happen(wait, {})
                happened = True
        return happened

    # -- variables (Camunda 8, "Variables") ---------------------------------------------------------------------------

    def _results(self, stay: Stay, results: Mapping[str, Any]) -> None:
        if stay.node.outputs and not stay.is_frame:
            for name, value in results.items():
                self._write(stay, name, value)
        else:
            self._merge(stay, results)

    def _merge(self, stay: Stay, values: Mapping[str, Any]) -> None:
        """Each value goes to the nearest scope that has the name, else to the outermost."""
        for name, value in values.items():
            place = stay
            while name not in place.variables and place.scope is not None:
                place = place.scope
            self._write(place, name, value)

    def _write(self, stay: Stay, name: str, value: Any) -> None:
        stay.variables[name] = value
        stay.instance.changed.add((stay, name))

    def _note(self, stay: Stay, values: Mapping[str, Any]) -> None:
        stay.instance.changed.update((stay, name) for name in values)

    # -- taking away --------------------------------------------------------------------------------------------------

    def _terminate(self, stay: Stay) -> None:
        for kid in list(stay.kids):
            self._terminate(kid)
        if stay.called is not None and stay.called.state == "active":
            self._cancel_instance(stay.called)
        if stay.has_begun:
            stay.instance.log["terminated", stay.node.id] += 1
        self._remove(stay)

    def _cancel_instance(self, instance: Instance) -> None:
        self._terminate(instance.root)
        instance.queue.clear()
        instance.state = "terminated"

    def _remove(self, stay: Stay) -> None:
        stay.phase = "gone"
        stay.waits.clear()
        stay.work, stay.trouble = None, None
        if stay.scope is not None:
            stay.scope.kids.remove(stay)


def _within(stay: Stay) -> Iterator[Stay]:
    yield stay
    for kid in list(stay.kids):
        yield from _within(kid)


def _start_of(process: Process, handler: Node) -> Node:
    return next(node for node in process.inside(handler.id) if node.kind == "startEvent")


def _loop_of(stay: Stay) -> Loop:
    assert stay.node.loop is not None
    return stay.node.loop


def _key(stay: Stay) -> str:
    found = See(stay).get("key")
    if not isinstance(found, str):
        raise Trouble("EXTRACT_VALUE_ERROR")
    return found


def _sees_change(stay: Stay, name: str, changed: set[tuple[Stay, str]]) -> bool:
    """Whether the variable that the stay sees under this name is one of the changed ones."""
    place: Stay | None = stay
    while place is not None:
        if (place, name) in changed:
            return True
        place = place.scope
    return False
