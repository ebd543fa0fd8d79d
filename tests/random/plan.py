"""A random process before it is written down: elements, flows, and what they read, as plain records.

One plan is used twice: `drawing` makes the BPMN file that the engine is given, and the token game plays on the records. The
vocabulary is small on purpose: numbers from 0 to 10, lists of them, and hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

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
    an ad-hoc sub-process; `enough` is the activation condition of a complex gateway. A compensation names an `activity` or
    means all, and `waits` for it or does not. An event of several triggers has `parts`, which stand in no process: each has the
    id of the event, `#` and a number.
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
    enough: Test | None = None
    activity: str | None = None
    waits: bool = True
    parts: tuple[Node, ...] = ()
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
        return self.kind in {"parallelGateway", "inclusiveGateway", "complexGateway"} and len(self.incoming) > 1

    @property
    def triggers(self) -> tuple[Node, ...]:
        """What makes the event happen, or what it throws: its parts, or itself."""
        return self.parts or (self,)

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

    def starts(self) -> list[Node]:
        """The start events of the process itself that something brings about."""
        return [node for node in self.inside(self.id) if node.kind == "startEvent" and node.trigger != "none"]

    @property
    def begins_by_itself(self) -> bool:
        """Whether it can be started without a trigger."""
        starts = [node for node in self.inside(self.id) if node.kind == "startEvent"]
        return not starts or any(node.trigger == "none" for node in starts)


@dataclass(slots=True)
class Model:
    """What is deployed together: the process that is walked, first, and those that it calls."""

    seed: int
    processes: list[Process]

    @property
    def main(self) -> Process:
        return self.processes[0]

    @property
    def is_timed(self) -> bool:
        """Whether the passing of time starts instances."""
        return any(node.trigger == "timer" for node in self.main.starts())

    def size(self) -> int:
        return sum(len(process.nodes) for process in self.processes)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
