"""Steering: which flows of a model were taken, and what to do to see the others. Blind choices miss half of the wrong conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.random.marking import Alarm
from tests.random.plan import SIZE, Flow, Model, Node, Process, Test


class Map:
    """Which flows of a model were taken, over all its walks, and where there is still something to see.

    `alarms` are the timers that start its instances, in hours from the beginning of all: they outlive a walk. `is_lost`: a
    walk was given up, and where they stand is not known any more. `last_root` is the newest outermost instance of all walks.
    """

    def __init__(self, model: Model, alarms: Sequence[Alarm] = ()) -> None:
        self.alarms = list(alarms)
        self.is_lost = False
        self.last_root = 0
        self.flows = [flow for process in model.processes for flow in process.flows()]
        self.unseen = {flow.id for flow in self.flows}
        self._processes = {process.id: process for process in model.processes}
        self._of = {node.id: process for process in model.processes for node in process.nodes.values()}
        self._behind = {node_id: self._reach(node_id) for node_id in self._of}
        self._ways: dict[str, list[dict[str, int]]] = {}

    def _reach(self, node_id: str) -> frozenset[str]:
        """The flows that a token at the node may come to take: behind it, inside it, behind what is attached to it or around it."""
        found: set[str] = set()
        seen: set[tuple[str, bool]] = set()
        pending = [(self._of[node_id].nodes[node_id], True)]
        while pending:
            node, enters = pending.pop()
            if (node.id, enters) in seen:
                continue
            seen.add((node.id, enters))
            process = self._of[node.id]
            found.update(flow.id for flow in node.out)
            pending += [(process.nodes[flow.target], True) for flow in node.out]
            pending += [(other, True) for other in self._begun_by(process, node, enters)]
            if node.scope in process.nodes:  # what it stands in may end with it
                pending.append((process.nodes[node.scope], False))
            else:
                pending += [(caller, False) for caller in self._callers(process)]
        return frozenset(found)

    def _begun_by(self, process: Process, node: Node, enters: bool) -> Iterator[Node]:
        """Where a token at the node may make others begin, besides its flows."""
        if not enters:  # something inside it has ended; that can throw, but not bring about other things
            yield from (
                other for other in process.attached(node.id) if other.trigger in {"error", "escalation", "cancel"}
            )
            return
        yield from process.attached(node.id)
        yield from process.inside(node.id)
        if node.called is not None:
            called = self._processes[node.called]
            yield from called.inside(called.id)
        if node.trigger == "link":
            yield from (other for other in process.inside(node.scope) if other.name == node.name)
        if any(part.trigger in {"compensation", "cancel"} for part in node.triggers):
            yield from (other for other in process.nodes.values() if other.undoes or other.trigger == "compensation")

    def _callers(self, process: Process) -> Iterator[Node]:
        return (
            node for other in self._processes.values() for node in other.nodes.values() if node.called == process.id
        )

    def is_new(self, flow_id: str) -> bool:
        return flow_id in self.unseen

    def see(self, taken: Iterable[str]) -> None:
        """These flows were taken."""
        self.unseen.difference_update(taken)

    @property
    def has_unseen(self) -> bool:
        return bool(self.unseen)

    def leads_on(self, node: Node) -> bool:
        """Whether a token at the node may show something new, at once or later."""
        return not self.unseen.isdisjoint(self._behind.get(node.id, ()))

    def novelty(self, nodes: Iterable[Node]) -> float:
        """A weight for what lets a token go on from these nodes."""
        weight = 1.0
        for node in nodes:
            if any(self.is_new(flow.id) for flow in node.out):
                weight += 20.0
            elif self.leads_on(node):
                weight += 6.0
        return weight

    def wishes(self) -> list[list[dict[str, int]]]:
        """For each way to something new that a condition guards, the values of variables that open it."""
        found = []
        for process in self._processes.values():
            for node in process.nodes.values():
                if any(flow.test is not None for flow in node.out):
                    found += [
                        self._opening(node, flow) for flow in node.out
                        if self.is_new(flow.id) or self.leads_on(process.nodes[flow.target])
                    ]  # fmt: skip
                if self.leads_on(node):
                    found += [[{test.name: test.wanted()}] for test in _to_leave(node)]
        return [values for values in found if values]

    def _opening(self, node: Node, flow: Flow) -> list[dict[str, int]]:
        """Values of `v` and `w` with which a split takes this flow."""
        if flow.id not in self._ways:
            values = [{"v": v, "w": w} for v in range(SIZE) for w in range(SIZE)]
            self._ways[flow.id] = [value for value in values if flow in _chosen(node, value)]
        return self._ways[flow.id]


def _chosen(node: Node, values: Mapping[str, int]) -> list[Flow]:
    """Which flows a split takes by their conditions, as far as these values decide them."""
    chosen = [flow for flow in node.out if flow.test is not None and flow.test.value(values)]
    if node.kind == "exclusiveGateway":
        chosen = chosen[:1]
    return chosen or [flow for flow in node.out if flow.id == node.default]


def _to_leave(node: Node) -> Iterator[Test]:
    """What has to hold of the usual variables before an activity is left, or a join goes on."""
    tests = [node.until, node.enough, None if node.rounds is None else _opposite(node.rounds.test)]
    return (test for test in tests if test is not None and test.name in {"v", "w", "x"})


def _opposite(test: Test) -> Test:
    return Test(test.name, not test.above, test.number)
