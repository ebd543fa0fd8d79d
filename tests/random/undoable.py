"""Blocks that can be undone: compensation and transactions (BPMN 2.0, 10.3.5 and 10.7)."""

from __future__ import annotations

from tests.random.building import DEPTH
from tests.random.plan import Node
from tests.random.simple import Simple


class Undoable(Simple):
    """Activities with handlers, alone and inside others, and the events that have them undone."""

    def _transaction(self, last: str, scope: str, depth: int) -> str:
        """It succeeds, or is cancelled: then what it did is undone and it is left by its border."""
        node = self._add("transaction", scope)
        self._link(last, node)
        start = self._add("startEvent", node.id)
        inner = self._completed(start.id, node.id, depth + 1)
        split = self._add("exclusiveGateway", node.id)
        self._link(inner, split)
        self._link(split.id, self._add("endEvent", node.id, trigger="cancel"), self._test())
        split.default = self.process.flow(split.id, self._add("endEvent", node.id).id).id
        border = self._add("boundaryEvent", scope, host=node.id, trigger="cancel")
        after = self._aside(border.id, scope, depth + 1)
        if scope not in self.bare:
            self._link(after, self._add("endEvent", scope))
        return node.id

    def _completed(self, last: str, scope: str, depth: int) -> str:
        """One to three activities that can be undone, in a row."""
        for _ in range(self.random.randint(1, 3)):
            draw = self.random.random()
            if draw < 0.25 and depth < DEPTH - 1 and self.room > 0:
                last = self._link(last, self._with_insides(scope, depth))
            else:
                last = self._link(last, self._undoable(scope, depth))
        return last

    def _undoable(self, scope: str, depth: int) -> Node:
        """An activity with a handler of its own."""
        kinds = ["userTask", "serviceTask", "scriptTask"]
        if depth < DEPTH and self.room > 2:
            kinds += ["subProcess", "callActivity"] if self.called else ["subProcess"]
        node = self._add(self.random.choice(kinds), scope)
        if node.kind == "scriptTask":
            node.script = (self.random.choice("vwx"), self._term())
        elif node.kind == "callActivity":
            node.called = self.random.choice(self.called)
        elif node.kind == "subProcess":
            self._short(node.id)
        elif self.chance(0.15):
            node.loop = self._loop_over()
        handler = self._add(
            self.random.choice(("userTask", "userTask", "serviceTask", "subProcess")), scope, undoes=True
        )
        if handler.kind == "subProcess":
            self._short(handler.id)
        node.undone_by = handler.id
        if handler.kind != "subProcess" and self.chance(0.3):
            self._guard(handler.id, scope, DEPTH - 1)
        return node

    def _short(self, scope: str) -> None:
        """A sub-process with a little work in it."""
        last = self._aside(self._add("startEvent", scope).id, scope, DEPTH)
        self._link(last, self._add("endEvent", scope))

    def _with_insides(self, scope: str, depth: int) -> Node:
        """A sub-process without a handler: it is undone by what is inside it, or by an event sub-process of its own."""
        node = self._add("subProcess", scope)
        if self.chance(0.3):
            node.loop = self._loop_over()
        elif self.chance(0.4):
            node.inputs["local"] = self._term()
        start = self._add("startEvent", node.id)
        last = self._completed(start.id, node.id, depth + 1)
        if self.chance(0.15):
            last = self._link(last, self._compensation("intermediateThrowEvent", node.id))
        self._link(last, self._add("endEvent", node.id))
        if self.chance(0.35):
            handler = self._add("eventSubProcess", node.id)
            begins = self._add("startEvent", handler.id, trigger="compensation")
            last = self._link(begins.id, self._add("userTask", handler.id))
            if self.chance(0.7):
                last = self._link(last, self._compensation("intermediateThrowEvent", handler.id, node.id))
            self._link(last, self._add("endEvent", handler.id))
        return node

    def _compensation(self, kind: str, scope: str, around: str | None = None) -> Node:
        """An event that has what completed undone: all in the scope, or one activity; waiting for it or not."""
        node = self._add(kind, scope, trigger="compensation", waits=self.chance(0.75))
        inside = [n.id for n in self.process.inside(around or scope) if n.undone_by is not None]
        if inside and around is None and self.chance(0.35):
            node.activity = self.random.choice(inside)
        return node

    def _undo(self, last: str, scope: str, depth: int) -> str:
        """Activities that can be undone, and an event that has it done; sometimes two of them, or one at the end."""
        last = self._completed(last, scope, depth)
        if self.chance(0.15):
            last = self._task(last, scope, depth)
        for _ in range(self.random.choice((1, 1, 1, 2))):
            last = self._link(last, self._compensation("intermediateThrowEvent", scope))
        return last
