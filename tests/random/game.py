"""A token game over the graph, written from the text of BPMN and sharing no code with the engine: flows hold tokens.

It knows user tasks, exclusive and parallel gateways, sub-processes, terminate ends, and boundary timers and messages. Its
answers are compared with the engine's after every step of a random walk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Condition = Callable[[int], bool]


@dataclass
class Node:
    """One element: `out` are (flow, target, condition or None for always or default)."""

    id: str
    kind: str
    scope: str
    out: list[tuple[str, str, Condition | None]] = field(default_factory=list)
    incoming: list[str] = field(default_factory=list)
    host: str | None = None
    interrupting: bool = True
    hours: int | None = None
    message: str | None = None


@dataclass
class Stay:
    """A token that waits at a task, or a running sub-process; `fired` are its non-interrupting timers that rang already."""

    node: str
    since: int
    inside: Place | None = None
    fired: set[str] = field(default_factory=set)


@dataclass
class Place:
    """A running scope: its waiting stays in order of arrival, and the tokens that joins hold."""

    stays: list[Stay] = field(default_factory=list)
    held: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def is_empty(self) -> bool:
        return not self.stays and not +self.held


class Game:
    """The marking of one instance; `value` is the variable that conditions read, `hour` the time since the start."""

    def __init__(self, nodes: dict[str, Node], value: int) -> None:
        self.nodes = nodes
        self.value = value
        self.hour = 0
        self.taken: Counter[str] = Counter()
        self.root = Place()
        self._enter(self.root, "start", None)
        self._collapse(self.root)

    # -- what can be asked --------------------------------------------------------------------------------------------

    def open_tasks(self) -> Counter[str]:
        return Counter(stay.node for _, stay in self._stays(self.root) if stay.inside is None)

    @property
    def is_over(self) -> bool:
        return self.root.is_empty

    def armed_messages(self) -> dict[str, int]:
        """Each message that somebody waits for, with the number of those who do."""
        armed: Counter[str] = Counter()
        for _, stay in self._stays(self.root):
            for node in self._attached(stay.node):
                if node.message is not None:
                    armed[node.message] += 1
        return dict(armed)

    # -- what can happen ----------------------------------------------------------------------------------------------

    def complete(self, task: str, value: int) -> None:
        self.value = value
        place, stay = next((p, s) for p, s in self._stays(self.root) if s.node == task and s.inside is None)
        place.stays.remove(stay)
        self._leave(place, self.nodes[task])
        self._collapse(self.root)

    def message(self, name: str) -> None:
        for place, stay in self._stays(self.root):
            for node in self._attached(stay.node):
                if node.message == name:
                    self._happen(place, stay, node)
                    self._collapse(self.root)
                    return

    def pass_hour(self) -> None:
        """One hour passes: what is due rings in order of arrival."""
        self.hour += 1
        ringing = True
        while ringing:
            ringing = False
            for place, stay in self._stays(self.root):
                due = [n for n in self._attached(stay.node)
                       if n.hours is not None and n.id not in stay.fired and stay.since + n.hours <= self.hour]  # fmt: skip
                if due:
                    first = min(due, key=lambda node: node.hours or 0)
                    stay.fired.add(first.id)
                    self._happen(place, stay, first)
                    self._collapse(self.root)
                    ringing = True
                    break

    # -- rules --------------------------------------------------------------------------------------------------------

    def _happen(self, place: Place, stay: Stay, event: Node) -> None:
        if event.interrupting:
            place.stays.remove(stay)
        self._leave(place, event)

    def _enter(self, place: Place, node_id: str, flow: str | None) -> None:
        node = self.nodes[node_id]
        match node.kind:
            case "user":
                place.stays.append(Stay(node_id, self.hour))
            case "sub":
                stay = Stay(node_id, self.hour, Place())
                place.stays.append(stay)
                assert stay.inside is not None
                self._enter(stay.inside, f"start-of-{node_id}", None)
            case "and" if len(node.incoming) > 1:
                assert flow is not None
                place.held[node_id, flow] += 1
                if all(place.held[node_id, other] > 0 for other in node.incoming):
                    for other in node.incoming:
                        place.held[node_id, other] -= 1
                    self._leave(place, node)
            case "terminate":
                place.stays.clear()
                place.held.clear()
            case "end":
                return
            case _:
                self._leave(place, node)

    def _leave(self, place: Place, node: Node) -> None:
        if node.kind == "xor":
            flow, target, _ = next(
                (out for out in node.out if out[2] is not None and out[2](self.value)),
                next((out for out in node.out if out[2] is None), node.out[0]),
            )
            self._follow(place, flow, target)
        else:
            for flow, target, _ in node.out:
                self._follow(place, flow, target)

    def _follow(self, place: Place, flow: str, target: str) -> None:
        self.taken[flow] += 1
        self._enter(place, target, flow)

    def _collapse(self, place: Place) -> None:
        """Sub-processes in which nothing lives any more are over."""
        changed = True
        while changed:
            changed = False
            for stay in list(place.stays):
                if stay.inside is not None:
                    self._collapse(stay.inside)
                    if stay.inside.is_empty and stay in place.stays:
                        place.stays.remove(stay)
                        self._leave(place, self.nodes[stay.node])
                        changed = True

    def _attached(self, host: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.host == host]

    def _stays(self, place: Place) -> list[tuple[Place, Stay]]:
        found = []
        for stay in place.stays:
            found.append((place, stay))
            if stay.inside is not None:
                found += self._stays(stay.inside)
        return found
