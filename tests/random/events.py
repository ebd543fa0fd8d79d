"""Events: who waits for what, who catches what, what an event stops (BPMN 2.0, 10.5 and 13.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.random.loops import Loops
from tests.random.marking import (
    Instance,
    See,
    Stay,
    Wait,
    key_of,
    sees_change,
    start_of,
    within,
)
from tests.random.plan import SCOPES, Node, Process


class Events(Loops):
    """The rules of events."""

    # -- events ---------------------------------------------------------------------------------------------------------

    def _arm(self, stay: Stay, node: Node) -> None:
        if node.trigger not in {"timer", "message", "signal", "conditional"}:
            return
        wait = Wait(self._number(), node, stay)
        if node.trigger == "timer":
            wait.due = self.hour + node.hours
            wait.left = 0 if node.times is None else None if node.times == 0 else node.times - 1
        if node.trigger == "message":
            wait.key = key_of(stay)
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
            self._disarm_handlers(scope)
            for kid in list(scope.kids):
                self._terminate(kid)
        self._arrive(handler, scope, None).happened = dict(variables)

    def _disarm_handlers(self, scope: Stay) -> None:
        process = scope.instance.process
        for node_id in list(scope.waits):
            if process.nodes[node_id].kind == "startEvent":
                del scope.waits[node_id]

    def _throw_up(self, stay: Stay, trigger: str, code: str, variables: Mapping[str, Any]) -> bool:
        """The innermost catcher of an error or escalation, one that names the code before one that takes all; whether there is one.

        10.5.6; Camunda 8, "Error events", "Escalation events".
        """
        inside: Stay | None = None
        place: Stay | None = stay
        while place is not None:
            process = place.instance.process
            nodes: list[Node] = []
            if inside is not None and place.node.kind in SCOPES and not place.is_frame and not _has_interrupted(inside):
                nodes += [start_of(process, n) for n in process.inside(place.node.id) if n.kind == "eventSubProcess"]
            if not place.is_item:
                nodes += self._attached(place)
            catching = [node for node in nodes if node.trigger == trigger]
            for node in [n for n in catching if n.name == code] + [n for n in catching if n.name is None]:
                self._touch(place.instance)
                if node.kind == "boundaryEvent":
                    self._attached_happened(place, node, variables)
                else:
                    self._handler_happened(place, node, process, variables)
                return True
            inside = place
            if place.scope is None:
                inside, place = None, place.instance.caller
            else:
                place = place.scope
        return False

    # -- compensation (10.7, 13.5.5): completed activities are undone, the last first, each before the next ---------------

    def _undo_next(self, stay: Stay) -> bool:
        """Begin to undo the next activity; False when there is none left."""
        if not stay.undoing:
            stay.undoing = None
            return False
        node = stay.undoing.pop()
        assert stay.scope is not None
        assert node.undone_by is not None
        self.met[node.word, "compensation handler"] += 1
        self._arrive(stay.instance.process.nodes[node.undone_by], stay.scope, None).undone_for = stay
        return True

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

    def _ask_conditions(self, instance: Instance) -> bool:
        """Conditions that have just begun to wait, and those that read a variable that has changed where they see it."""
        asked = [wait for wait in instance.fresh if wait.node.trigger == "conditional"]
        instance.fresh = [wait for wait in instance.fresh if wait.node.trigger != "conditional"]
        changed, instance.changed = instance.changed, set()
        if changed and instance.state == "active":
            for stay in within(instance.root):
                for wait in stay.waits.values():
                    test = wait.node.test
                    if wait.node.trigger == "conditional" and test is not None and wait not in asked \
                            and sees_change(stay, test.name, changed):  # fmt: skip
                        asked.append(wait)
        happened = False
        for wait in asked:
            test = wait.node.test
            if test is not None and wait.stay.is_alive and wait.stay.waits.get(wait.node.id) is wait \
                    and test.value(See(wait.stay)) is True:  # fmt: skip
                self._happen(wait, {})
                happened = True
        return happened


def _has_interrupted(stay: Stay) -> bool:
    """Whether this is an event sub-process that has interrupted the scope around it: no other handler listens there then."""
    return stay.node.kind == "eventSubProcess" and start_of(stay.instance.process, stay.node).interrupting
