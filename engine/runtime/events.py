"""Events: start, catch, throw, boundary and end (BPMN 2.0, section 10.5)."""

from __future__ import annotations

from engine.model import BpmnError
from engine.parsing.records import Trigger
from engine.runtime.elements import ElementSpec
from engine.runtime.token import Stage, Token


class StartEvent(ElementSpec):
    """Where a scope begins. Its trigger was dealt with before the token was made."""


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
    """The path that begins when its event happens; `Execution.trigger` made the token."""

    def activate(self, token: Token) -> bool | None:
        happened = token.notes.pop("happened", {})
        self.map_results(token, happened)
        return self.leave(token)


class ThrowEvent(ElementSpec):
    """Throws its message, signal or error and goes on; with a task definition a message is a job (Camunda 8)."""

    def activate(self, token: Token) -> bool | None:
        execution = token.workflow
        event = self.element.event
        if self.element.job is not None:
            execution.open_job(token, self.element.job)
            return None
        match event.trigger:
            case Trigger.MESSAGE | Trigger.SIGNAL:
                assert event.name is not None  # deployment refuses a throw without a reference
                key = None if event.correlation_key is None else execution.key(event.correlation_key, token)
                variables = dict(execution.variables.local(token.id))
                execution.throw(event.trigger, execution.text(event.name, token), key, variables)
            case Trigger.ERROR:
                code = "" if event.code is None else execution.text(event.code, token)
                execution.throw_error(token, BpmnError(code))
                return None
            case Trigger.TERMINATE:
                execution.terminate_others(token)
        return self.leave(token)


class SendTask(ThrowEvent):
    """A task that sends a message: a job, or the engine's own publication when it names a message."""


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
