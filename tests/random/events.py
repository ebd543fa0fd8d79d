"""Events: who waits for what, and what happens then (BPMN 2.0, 10.5 and 13.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.random.loops import Loops
from tests.random.marking import Instance, See, Stay, Wait, key_of, sees_change, within
from tests.random.plan import Node


class Events(Loops):
    """The rules of what is awaited."""

    def _arm(self, stay: Stay, node: Node) -> None:
        """Wait for each trigger of an event; errors, escalations and compensation find their catcher when they are thrown."""
        for trigger in node.triggers:
            if trigger.trigger in {"timer", "message", "signal", "conditional"}:
                self._await(stay, trigger, node)

    def _await(self, stay: Stay, node: Node, event: Node) -> None:
        wait = Wait(self._number(), node, stay, event)
        if node.trigger == "timer":
            wait.due = self.hour + node.hours
            wait.left = times_left(node)
        if node.trigger == "message":
            wait.key = key_of(stay)
        stay.waits[node.id] = wait
        stay.instance.fresh.append(wait)

    def _happen(self, wait: Wait, variables: Mapping[str, Any]) -> None:
        """What a stay waits for has come. Of several triggers one is enough, unless they are parallel (10.5.4)."""
        stay, event = wait.stay, wait.event
        if event.trigger == "parallelMultiple":
            del stay.waits[wait.node.id]
            brought = stay.gathered.setdefault(event.id, {})
            brought.update(variables)
            if any(other.event is event for other in stay.waits.values()):
                return
            variables = stay.gathered.pop(event.id)
        if stay.node is event:  # a catch event
            self._stop_waiting(stay, event)
            self._finish(stay, variables)
            return
        if stay.node.kind == "eventBasedGateway":  # the first one wins (13.4.4)
            stay.waits.clear()
            stay.first, stay.happened = event.id, dict(variables)
            self._finish_gateway(stay)
            return
        if event.trigger != "parallelMultiple":
            self._go_on_waiting(wait)
        if event.kind == "boundaryEvent":
            self._attached_happened(stay, event, variables)
        else:
            self._handler_happened(stay, event, variables)
        if event.trigger == "parallelMultiple" and not event.interrupting and stay.is_alive:
            self._arm(stay, event)  # it can happen again, when all of its triggers do again

    @staticmethod
    def _stop_waiting(stay: Stay, event: Node) -> None:
        for trigger in event.triggers:
            stay.waits.pop(trigger.id, None)

    def _finish_gateway(self, stay: Stay) -> None:
        stay.resume = "leave"
        self._guard(stay, self._leave)

    def _go_on_waiting(self, wait: Wait) -> None:
        """A non-interrupting event can happen again; a timer as often as its cycle says (10.5.6, 13.5.3)."""
        node, interrupts = wait.node, wait.event.interrupting
        if node.trigger == "timer" and wait.left != 0 and not interrupts:
            wait.due += node.hours
            wait.left = None if wait.left is None else wait.left - 1
        elif node.trigger == "timer" or interrupts:
            wait.stay.waits.pop(node.id, None)

    def _attached_happened(self, host: Stay, node: Node, variables: Mapping[str, Any]) -> None:
        assert host.scope is not None
        self.met[host.node.word, node.word] += 1
        scope = host.scope
        if node.interrupting:
            self._terminate(host)
        self._arrive(node, scope, None).happened = dict(variables)
        if node.interrupting:
            self._one_undone(host.undone_for)

    def _handler_happened(self, scope: Stay, start: Node, variables: Mapping[str, Any]) -> None:
        handler = scope.instance.process.nodes[start.scope]
        self.met[scope.node.word, start.word] += 1
        if start.interrupting:
            self._disarm_handlers(scope)
            for kid in list(scope.kids):
                self._terminate(kid)
        self._arrive(handler, scope, None).happened = dict(variables)

    def _disarm_handlers(self, scope: Stay) -> None:
        for wait in list(scope.waits.values()):
            if wait.event.kind == "startEvent":
                del scope.waits[wait.node.id]

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
            if test is not None and wait.is_on and test.value(See(wait.stay)) is True:
                self._happen(wait, {})
                happened = True
        return happened


def times_left(node: Node) -> int | None:
    """How often a timer is due again after the first time; None: without end."""
    return 0 if node.times is None else None if node.times == 0 else node.times - 1
