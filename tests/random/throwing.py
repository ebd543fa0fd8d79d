"""Throwing: what an event sends out, and who catches it (BPMN 2.0, 10.5.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.random.events import Events
from tests.random.marking import Stay, Trouble, key_of, start_of
from tests.random.plan import SCOPES, Node


class Throwing(Events):
    """The rules of what is thrown."""

    def _throw(self, stay: Stay) -> None:
        """All that the event stands for, in document order; the event waits for compensation, so that comes last."""
        parts = sorted(stay.node.triggers, key=lambda part: part.trigger == "compensation")
        if all(self._throw_one(stay, part) for part in parts):
            self._leave(stay)

    def _throw_one(self, stay: Stay, event: Node) -> bool:
        """False when the stay does not go on from here, or not yet."""
        assert stay.scope is not None
        match event.trigger:
            case "message":
                self.thrown.append(("message", event.name, key_of(stay), dict(stay.variables)))
            case "signal":
                self.thrown.append(("signal", event.name, dict(stay.variables), stay.instance))
                self._signal(stay.instance, str(event.name), dict(stay.variables))
            case "error":
                if not self._throw_up(stay, "error", event.name or "", {}):
                    raise Trouble("UNHANDLED_ERROR_EVENT")
                return False
            case "escalation":  # whoever throws goes on unless the catcher interrupts it, and nobody need catch it
                self._throw_up(stay, "escalation", event.name or "", {})
                return stay.is_alive
            case "terminate":
                self._end_others(stay)
            case "compensation":
                return not self._compensate(stay, event)
            case "cancel":
                self._end_others(stay)
                stay.undoing = self._to_undo(stay.scope, None)
                if not self._undo_next(stay):
                    self._undone(stay)
                return False
        return True

    def _compensate(self, stay: Stay, event: Node) -> bool:
        """Whether the event has to wait for what is undone; an event that does not wait has all handlers begin at once."""
        assert stay.scope is not None
        found = self._to_undo(stay.scope, event.activity)
        if event.waits:
            stay.undoing = found
            return self._undo_next(stay)
        for scope, done in reversed(found):
            self._undo(scope, done, None)
        return False

    def _end_others(self, stay: Stay) -> None:
        assert stay.scope is not None
        self._disarm_handlers(stay.scope)
        for other in list(stay.scope.kids):
            if other is not stay:
                self._terminate(other)

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
            if place.is_reopened:  # it is over and only being undone: nothing happens to it any more (13.3.2)
                nodes = []
            catching = [(node, part.name) for node in nodes for part in node.triggers if part.trigger == trigger]
            for node in [n for n, name in catching if name == code] + [n for n, name in catching if name is None]:
                self._touch(place.instance)
                if node.kind == "boundaryEvent":
                    self._attached_happened(place, node, variables)
                else:
                    self._handler_happened(place, node, variables)
                return True
            inside = place
            if place.scope is None:
                inside, place = None, place.instance.caller
            else:
                place = place.scope
        return False


def _has_interrupted(stay: Stay) -> bool:
    """Whether this is an event sub-process that has interrupted the scope around it: no other handler listens there then."""
    return stay.node.kind == "eventSubProcess" and start_of(stay.instance.process, stay.node).interrupting
