"""Steering: which flows of a model were taken, and what to do to see the others. Blind choices miss half of the wrong conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.random.marking import Alarm
from tests.random.plan import Flow, Model, Test


class Map:
    """Which flows of a model were taken, over all its walks, and where there is still something to see.

    `alarms` are the timers that start its instances, in hours from the beginning of all: they outlive a walk. `is_lost`: a walk was given up, and
    where they stand is not known any more. `last_root` is the newest outermost instance of all walks.
    """

    def __init__(self, model: Model, alarms: Sequence[Alarm] = ()) -> None:
        self.alarms = list(alarms)
        self.is_lost = False
        self.last_root = 0
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
