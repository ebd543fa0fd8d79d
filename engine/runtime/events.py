"""Events: start, catch, throw, boundary and end (BPMN 2.0, section 10.5)."""

from __future__ import annotations

from engine.model import BpmnError
from engine.parsing.records import EventDefinition, Flow, Trigger
from engine.runtime import compensation
from engine.runtime.elements import ElementSpec
from engine.runtime.token import Stage, Token


class StartEvent(ElementSpec):
    """Where a scope begins. Its trigger was dealt with before the token was made."""

    def activate(self, token: Token) -> bool | None:
        execution = token.workflow
        if self.element.initiator is not None:
            execution.merge(token, {self.element.initiator: execution.step.by})
        if (happened := token.notes.pop("happened", None)) is not None:
            self.map_results(token, happened)
        return self.leave(token)


class CatchEvent(ElementSpec):
    """Waits for its event; behind an event-based gateway it has happened already when the token comes."""

    catches = True

    def activate(self, token: Token) -> bool | None:
        if (happened := token.notes.pop("happened", None)) is not None:
            self.map_results(token, happened)
            return self.leave(token)
        token.workflow.arm(token, self.element)
        return None


class ReceiveTask(CatchEvent):
    """A task that waits for a message; events may be attached to it."""


class BoundaryEvent(ElementSpec):
    """The path that begins when its event happens; `Happenings.trigger` made the token."""

    def activate(self, token: Token) -> bool | None:
        happened = token.notes.pop("happened", {})
        self.map_results(token, happened)
        return self.leave(token)


class ThrowEvent(ElementSpec):
    """Throws what it stands for and goes on; with a job a message is a worker's (Camunda 8).

    Several definitions are thrown in document order; compensation comes last, because the event waits for it.
    """

    def activate(self, token: Token) -> bool | None:
        execution = token.workflow
        if self.element.job is not None:
            execution.open_job(token, self.element.job)
            return None
        undoing = None
        for event in self.element.event.triggers:
            if event.trigger is Trigger.COMPENSATION:
                undoing = event
            elif not self._throw(token, event):
                return None
        if undoing is not None and not self._compensate(token, undoing):
            return None
        return self.leave(token)

    def _throw(self, token: Token, event: EventDefinition) -> bool:
        """False when the token does not go on from here."""
        execution = token.workflow
        match event.trigger:
            case Trigger.MESSAGE | Trigger.SIGNAL:
                assert event.name is not None  # deployment refuses a throw without a reference
                key = None if event.correlation_key is None else execution.key(event.correlation_key, token)
                variables = dict(execution.variables.local(token.id))
                variables.update({entry.target[0]: execution.json(entry.source, token) for entry in event.payload})
                execution.throw(event.trigger, execution.text(event.name, token), key, variables)
            case Trigger.ESCALATION:
                code = "" if event.code is None else execution.text(event.code, token)
                execution.throw_escalation(token, code, dict(execution.variables.local(token.id)))
                return token.is_alive
            case Trigger.ERROR:
                code = "" if event.code is None else execution.text(event.code, token)
                text = "" if event.message is None else str(execution.json(event.message, token) or "")
                execution.throw_error(token, BpmnError(code, text, dict(execution.variables.local(token.id))))
                return False
            case Trigger.TERMINATE:
                execution.terminate_others(token)
        return True

    @staticmethod
    def _compensate(token: Token, event: EventDefinition) -> bool:
        if compensation.UNDO in token.notes:  # a retry goes on where it stood
            return compensation.undo(token, token.notes[compensation.UNDO])
        return compensation.throw(token, event.activity, waits=event.waits)


class SendTask(ThrowEvent):
    """A task that sends a message: a job, or the engine's own publication when it names a message."""


class LinkThrow(ElementSpec):
    """Goes on at the catching link of its name in the same scope."""

    target: ElementSpec

    def choose(self, token: Token) -> list[tuple[Flow, ElementSpec]]:
        return []

    def _on_complete_hook(self, token: Token) -> None:
        scope = token.scope
        super()._on_complete_hook(token)
        if scope is not None and scope.is_alive:
            token.workflow.spawn(self.target, scope)


class CancelEnd(ElementSpec):
    """Ends a transaction without success: everything else in it stops, what it completed is undone, then it is left by
    its cancel boundary event (BPMN 2.0, section 10.5.7)."""

    def activate(self, token: Token) -> bool | None:
        execution, scope = token.workflow, token.scope
        assert scope is not None  # a cancel end event lies in a transaction (refused elsewhere)
        if compensation.UNDO in token.notes:
            records = token.notes[compensation.UNDO]
        else:
            execution.terminate_others(token)
            records = compensation.take_all(scope)
        if compensation.undo(token, records):
            self.undone(token)
        return None

    def undone(self, token: Token) -> None:
        execution, host = token.workflow, token.scope
        assert host is not None  # as above
        if host.task_spec.is_item:
            host = host.scope
        assert host is not None  # an item lies in its frame
        border = next(event for event in host.task_spec.boundary if event.element.event.trigger is Trigger.CANCEL)
        execution.trigger(host, border.element.id, {})


class EventSubProcessStart(ElementSpec):
    """The start of an event sub-process; armed on its scope, not a place where a token waits."""

    def activate(self, token: Token) -> bool | None:
        happened = token.notes.pop("happened", {})
        if self.element.outputs or token.scope is None:
            self.map_results(token, happened)
        else:
            for name, value in happened.items():
                token.workflow.variables.set_local(token.scope.id, name, value)
        token.stage = Stage.LEAVING
        return self.leave(token)
