"""Compensation: completed activities are undone, the last first, each before the next (BPMN 2.0, 10.7 and 13.5.5).

An activity with a handler is undone by it. A sub-process without one is open again while it is undone: by its own event
sub-process for compensation, else by undoing what completed inside it. It knows then what it knew when it completed. It is
no longer active, so events inside it and at its border are over (13.3.2).
"""

from __future__ import annotations

from tests.random.joins import Joins
from tests.random.marking import Done, Stay, start_of
from tests.random.plan import SCOPES, Node, Process


class Undoing(Joins):
    """The rules of compensation."""

    def _remember(self, stay: Stay) -> None:
        """An activity completed: the scope around it keeps how it can be undone."""
        node, scope = stay.node, stay.scope
        if scope is None or stay.undoes:
            return
        if node.kind == "eventSubProcess":  # what is done in it belongs to the scope that it stands in
            scope.completed += stay.completed
        elif stay.completed or (node.undone_by is not None and not stay.is_item) or self._own_handler(stay) is not None:
            scope.completed.append(Done(node, stay.completed, dict(stay.variables), stay.is_item))

    def _own_handler(self, stay: Stay) -> Node | None:
        if stay.is_frame:
            return None
        return compensation_handler(stay.instance.process, stay.node)

    def _to_undo(self, scope: Stay, activity: str | None) -> list[tuple[Stay, Done]]:
        """What a compensation thrown here reaches; thrown in an event sub-process, also what is done in the scope around."""
        found = [(scope, done) for done in scope.completed if activity in (None, done.node.id)]
        scope.completed = [done for done in scope.completed if activity not in (None, done.node.id)]
        if scope.node.kind == "eventSubProcess" and scope.scope is not None:
            return [*self._to_undo(scope.scope, activity), *found]
        return found

    def _undo_next(self, stay: Stay) -> bool:
        """Begin to undo the next activity; False when there is none left."""
        if not stay.undoing:
            stay.undoing = None
            return False
        scope, done = stay.undoing.pop()
        self._undo(scope, done, stay)
        return True

    def _undo(self, scope: Stay, done: Done, undone_for: Stay | None) -> None:
        node, process = done.node, scope.instance.process
        self.met[node.word, "compensation handler"] += 1
        if node.undone_by is not None and not done.is_item:
            handler = self._arrive(process.nodes[node.undone_by], scope, None)
            handler.undoes, handler.undone_for = True, undone_for
            return
        body = Stay(self._number(), node, scope.instance, scope, is_item=done.is_item)
        body.phase, body.undoes, body.is_reopened = "active", True, True
        body.undone_for, body.variables = undone_for, dict(done.variables)
        scope.kids.append(body)
        self._note_coming(body)
        start = None if body.is_frame else compensation_handler(process, node)
        if start is not None:
            body.completed = done.inner
            self._arrive(start, body, None).happened = {}
            return
        body.undoing = [(body, inner) for inner in done.inner]
        if not self._undo_next(body):
            self._close(body)

    def _one_undone(self, waiting: Stay | None) -> None:
        """What somebody wanted undone is, or was taken away: the next follows."""
        if waiting is None or not waiting.is_alive or waiting.undoing is None or self._undo_next(waiting):
            return
        if not waiting.is_reopened:
            self._undone(waiting)
        elif not waiting.kids:
            self._close(waiting)

    def _close(self, body: Stay) -> None:
        """All inside an activity that was open again is undone."""
        scope = body.scope
        assert scope is not None
        body.instance.log["completed", body.node.id, ()] += 1
        self._remove(body)
        self._one_undone(body.undone_for)
        if scope.is_alive:
            self._ended_inside(scope)

    def _undone(self, stay: Stay) -> None:
        """All is undone: a throwing event goes on, a cancelled transaction is left by its border (10.5.7)."""
        if stay.node.trigger != "cancel":
            self._guard(stay, self._leave)
            return
        host = stay.scope
        assert host is not None
        if host.is_item:
            host = host.scope
        assert host is not None
        border = next(node for node in self._attached(host) if node.trigger == "cancel")
        self._attached_happened(host, border, {})


def compensation_handler(process: Process, scope: Node) -> Node | None:
    """The event sub-process for compensation directly inside."""
    if scope.kind not in SCOPES:
        return None
    return next(
        (
            node for node in process.inside(scope.id)
            if node.kind == "eventSubProcess" and start_of(process, node).trigger == "compensation"
        ),
        None,
    )  # fmt: skip
