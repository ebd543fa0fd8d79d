"""A random process before it is written down: elements, flows, and what they read, as plain records.

One plan is used twice: `write` makes the BPMN file that the engine is given, and the token game plays on the records. The
vocabulary is small on purpose: numbers from 0 to 10, lists of them, and hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.model import Resource
from tests.engine.diagrams import Body, inputs, outputs

SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess", "eventSubProcess"})
SIZE = 11
"""Numbers are kept below this, so that every condition can become true and false again."""


@dataclass(frozen=True, slots=True)
class Term:
    """`(name + add) modulo SIZE`; without a name the number itself, without a number to add the variable as it is."""

    name: str | None = None
    add: int | None = None

    def feel(self) -> str:
        if self.name is None:
            return f"={self.add}"
        return f"={self.name}" if self.add is None else f"=modulo({self.name} + {self.add}, {SIZE})"

    def value(self, see: Mapping[str, Any]) -> Any:
        if self.name is None:
            return self.add
        found = see.get(self.name)
        if self.add is None:
            return found
        return (found + self.add) % SIZE if _is_number(found) else None


@dataclass(frozen=True, slots=True)
class Test:
    """`name > number`, or `name <= number`. Of a variable that does not exist it is null, which is neither true nor false."""

    __test__ = False  # no test for pytest

    name: str
    above: bool
    number: int

    def feel(self) -> str:
        return f"={self.name} {'>' if self.above else '<='} {self.number}"

    def value(self, see: Mapping[str, Any]) -> bool | None:
        found = see.get(self.name)
        return (found > self.number) == self.above if _is_number(found) else None

    def wanted(self) -> int:
        """A number that makes it true."""
        return min(self.number + 1, SIZE - 1) if self.above else self.number


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance over `items` (numbers, or the name of a variable that holds them)."""

    items: tuple[int, ...] | str
    sequential: bool
    element: str | None = None
    out: str | None = None
    result: Term | None = None
    until: Test | None = None

    def feel(self) -> str:
        return f"={self.items}" if isinstance(self.items, str) else f"={list(self.items)}"


@dataclass(frozen=True, slots=True)
class Rounds:
    """A standard loop: again while the test holds, at most so many times, asked before the round or after it."""

    test: Test
    most: int | None
    before: bool


@dataclass(slots=True)
class Flow:
    """A sequence flow; the plan's default flows carry no test."""

    id: str
    source: str
    target: str
    test: Test | None = None


@dataclass(slots=True)
class Node:
    """One element. `scope` is the process or sub-process around it; `trigger` says why an event happens.

    `name` is that of a message or signal or the code of an error (None catches all); `hours` and `times` those of a timer
    (`times` None: a duration, 0: a cycle without end); `called` a process; `script` a variable with what it becomes. The
    handler that undoes an activity is `undone_by`, and `undoes` is true of it. `until`, `cancels` and `in_order` are those of
    an ad-hoc sub-process.
    """

    id: str
    kind: str
    scope: str
    trigger: str = "none"
    name: str | None = None
    host: str | None = None
    interrupting: bool = True
    hours: int = 1
    times: int | None = None
    test: Test | None = None
    script: tuple[str, Term] | None = None
    loop: Loop | None = None
    rounds: Rounds | None = None
    undone_by: str | None = None
    undoes: bool = False
    until: Test | None = None
    cancels: bool = True
    in_order: bool = False
    called: str | None = None
    inputs: dict[str, Term] = field(default_factory=dict)
    outputs: dict[str, Term] = field(default_factory=dict)
    passes_all: bool = True
    gives_all: bool = False
    default: str | None = None
    listeners: tuple[str, ...] = ()
    out: list[Flow] = field(default_factory=list)
    incoming: list[str] = field(default_factory=list)

    @property
    def is_join(self) -> bool:
        return self.kind in {"parallelGateway", "inclusiveGateway"} and len(self.incoming) > 1

    @property
    def repeats(self) -> bool:
        return self.loop is not None or self.rounds is not None

    @property
    def word(self) -> str:
        """What it is called in the table of what was met."""
        if self.rounds is not None:
            return f"{self.kind} in rounds"
        if self.loop is not None:
            return f"{self.kind} in a loop"
        quiet = "" if self.interrupting else ", non-interrupting"
        return self.kind if self.trigger == "none" else f"{self.trigger} {self.kind}{quiet}"


class Process:
    """One process: its nodes in document order."""

    def __init__(self, process_id: str) -> None:
        self.id = process_id
        self.nodes: dict[str, Node] = {}
        self._inside: dict[str, list[Node]] | None = None
        self._attached: dict[str, list[Node]] | None = None

    def add(self, node: Node) -> Node:
        self.nodes[node.id] = node
        self._inside = self._attached = None
        return node

    def flow(self, source: str, target: str, test: Test | None = None) -> Flow:
        flow = Flow(f"{source}-{target}", source, target, test)
        self.nodes[source].out.append(flow)
        self.nodes[target].incoming.append(flow.id)
        return flow

    def flows(self) -> Iterator[Flow]:
        for node in self.nodes.values():
            yield from node.out

    def inside(self, scope: str) -> list[Node]:
        if self._inside is None:
            self._inside = defaultdict(list)
            for node in self.nodes.values():
                self._inside[node.scope].append(node)
        return self._inside.get(scope, [])

    def attached(self, host: str) -> list[Node]:
        """The events attached to an activity."""
        if self._attached is None:
            self._attached = defaultdict(list)
            for node in self.nodes.values():
                if node.host is not None:
                    self._attached[node.host].append(node)
        return self._attached.get(host, [])


@dataclass(slots=True)
class Model:
    """What is deployed together: the process that is walked, first, and those that it calls."""

    seed: int
    processes: list[Process]

    @property
    def main(self) -> Process:
        return self.processes[0]

    def files(self) -> list[Resource]:
        return [write(process) for process in self.processes]

    def size(self) -> int:
        return sum(len(process.nodes) for process in self.processes)


def write(process: Process) -> Resource:
    """The BPMN file of one process."""
    from tests.engine.diagrams import resource

    return resource(_body(process, process.id), process.id)


def _body(process: Process, scope: str) -> Body:
    body = Body()
    for node in process.inside(scope):
        _write_node(body, process, node)
    for flow in process.flows():
        if process.nodes[flow.source].scope == scope:
            body.flow(f"{flow.source} -> {flow.target}", None if flow.test is None else flow.test.feel(), flow.id)
    return body


def _write_node(body: Body, process: Process, node: Node) -> None:  # noqa: C901 - one case for each kind
    more: dict[str, Any] = {"default": node.default}
    mapping = inputs(**_texts(node.inputs)) + outputs(**_texts(node.outputs))
    if mapping:
        more["io"] = mapping
    if node.loop is not None:
        more["loop"] = _loop(body, node.loop)
    if node.rounds is not None:
        more["loop"] = body.again(node.rounds.test.feel(), most=node.rounds.most, before=node.rounds.before)
    if node.undoes:
        more["isForCompensation"] = "true"
    listeners = "".join(
        f'<zeebe:executionListener eventType="{when}" type="{when}-{node.id}"/>' for when in node.listeners
    )
    ext = f"<zeebe:executionListeners>{listeners}</zeebe:executionListeners>" if listeners else ""
    match node.kind:
        case "userTask":
            body.user(node.id, ext=ext, **more)
        case "serviceTask":
            body.service(node.id, f"work-{node.id}", ext=ext, **more)
        case "scriptTask":
            assert node.script is not None
            body.script(node.id, node.script[1].feel(), node.script[0], **more)
        case "receiveTask":
            body.node(node.kind, node.id, ext=ext, messageRef=body.message_id(str(node.name)), **more)
        case "callActivity":
            assert node.called is not None
            body.call(node.id, node.called, child=node.gives_all, parent=node.passes_all, **more)
        case "subProcess":
            body.sub(node.id, _body(process, node.id), ext=ext, **more)
        case "sendTask":
            body.node(node.kind, node.id, messageRef=body.message_id(str(node.name)), **more)
        case "transaction":
            body.transaction(node.id, _body(process, node.id), **more)
        case "adHocSubProcess":
            body.ad_hoc(
                node.id, _body(process, node.id), until=None if node.until is None else node.until.feel(),
                cancelRemainingInstances=str(node.cancels).lower(), ordering="Sequential" if node.in_order else "Parallel", **more,
            )  # fmt: skip
        case "eventSubProcess":
            body.sub(node.id, _body(process, node.id), on_event=True)
        case "boundaryEvent":
            assert node.host is not None
            body.boundary(node.id, node.host, _event(body, node), interrupting=node.interrupting, **more)
        case "startEvent" if not node.interrupting:
            body.start(node.id, _event(body, node), isInterrupting="false", **more)
        case _:
            body.node(node.kind, node.id, _event(body, node), ext=ext, **more)

    if node.undone_by is not None:
        body.undone_by(node.id, node.undone_by)


def _texts(terms: Mapping[str, Term]) -> dict[str, str]:
    return {name: term.feel() for name, term in terms.items()}


def _loop(body: Body, loop: Loop) -> str:
    return body.many(
        loop.feel(), sequential=loop.sequential, item=loop.element, out=loop.out,
        element=None if loop.result is None else loop.result.feel(), until=None if loop.until is None else loop.until.feel(),
    )  # fmt: skip


def _event(body: Body, node: Node) -> str:
    match node.trigger:
        case "timer":
            span = f"PT{node.hours}H"
            if node.times is None:
                return body.timer("timeDuration", span)
            return body.timer("timeCycle", f"R{node.times or ''}/{span}")
        case "message":
            return body.message(str(node.name))
        case "signal":
            return body.signal(str(node.name))
        case "error":
            return body.error(node.name)
        case "conditional":
            assert node.test is not None
            return body.condition(node.test.feel())
        case "escalation":
            return body.escalation(node.name)
        case "link":
            return body.link(str(node.name))
        case "compensation":
            return body.compensate()
        case "cancel":
            return body.cancel
        case "terminate":
            return body.terminate
        case _:
            return ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def names(flows: Sequence[Flow]) -> tuple[str, ...]:
    return tuple(flow.id for flow in flows)
