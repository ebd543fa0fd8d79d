"""The marking: where tokens stand, what they wait for, what they know. Only records; the rules are in the other modules."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.random.plan import Loop, Node, Process

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
    """A stay waits for an event: `number` in order of beginning to wait, `node` the trigger, `event` what it makes happen.

    Both are the same unless the event has several triggers.
    """

    number: int
    node: Node
    stay: Stay
    event: Node
    key: str | None = None
    due: int = 0
    left: int | None = 0

    @property
    def is_on(self) -> bool:
        """Whether it is still awaited."""
        return self.stay.is_alive and self.stay.waits.get(self.node.id) is self


@dataclass(slots=True, eq=False)
class Done:
    """A completed activity that can be undone: what completed inside it, and what it knew at its end."""

    node: Node
    inner: list[Done]
    variables: dict[str, Any]
    is_item: bool


@dataclass(slots=True, eq=False)
class Stay:
    """A token at an element. phase: queued, held (by a join), active, leaving, failed.

    `completed` is what can be undone in this scope, `undoing` what this stay has still to undo and where, `undoes` says that
    it is itself part of undoing and `undone_for` who waits for it; `is_reopened`: a completed activity, open again to undo
    what is inside it. `passed`: of each complex join that has gone on, the flows whose tokens it has taken; `gathered`: what the
    triggers of a parallel multiple event have brought so far. `resume` is where it goes on after a failure; `variables` are
    its own; `kids` the stays inside it; `ids` what others call it.
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
    listener: int = 0
    called: Instance | None = None
    later: list[Node] = field(default_factory=list)
    completed: list[Done] = field(default_factory=list)
    undoing: list[tuple[Stay, Done]] | None = None
    undoes: bool = False
    undone_for: Stay | None = None
    is_reopened: bool = False
    passed: dict[str, list[str]] = field(default_factory=dict)
    is_through: bool = False
    gathered: dict[str, dict[str, Any]] = field(default_factory=dict)
    begins_at: Node | None = None
    ids: dict[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<{self.node.id} {self.phase}>"

    @property
    def is_alive(self) -> bool:
        return self.phase != "gone"

    @property
    def is_frame(self) -> bool:
        """The stay at a loop as a whole, in which its items stay."""
        return self.node.repeats and not self.is_item


@dataclass(slots=True, eq=False)
class Instance:
    """A running process: `caller` is the stay at the call activity that waits for it, `tree` the instance all began with.

    `key` is that of the message that started it.
    """

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
    key: str | None = None

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


@dataclass(slots=True)
class Alarm:
    """A timer that starts instances: when it is due, and how often it is due again after that (None: without end)."""

    node: Node
    due: int
    left: int | None


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


def within(stay: Stay) -> Iterator[Stay]:
    yield stay
    for kid in list(stay.kids):
        yield from within(kid)


def start_of(process: Process, handler: Node) -> Node:
    return next(node for node in process.inside(handler.id) if node.kind == "startEvent")


def loop_of(stay: Stay) -> Loop:
    assert stay.node.loop is not None
    return stay.node.loop


def key_of(stay: Stay) -> str:
    found = See(stay).get("key")
    if not isinstance(found, str):
        raise Trouble("EXTRACT_VALUE_ERROR")
    return found


def sees_change(stay: Stay, name: str, changed: set[tuple[Stay, str]]) -> bool:
    """Whether the variable that the stay sees under this name is one of the changed ones."""
    place: Stay | None = stay
    while place is not None:
        if (place, name) in changed:
            return True
        place = place.scope
    return False
