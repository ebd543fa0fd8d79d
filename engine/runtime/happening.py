"""What happens to an instance: work that is done, events that come from outside or are thrown inside."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.errors import InvalidInput, ModelError
from engine.model import BpmnError, ClosedHow, TaskAnswer, Variables
from engine.parsing.records import Element, EventDefinition, TimerKind, Trigger
from engine.runtime import activities, compensation, events, gateways
from engine.runtime.elements import ElementSpec
from engine.runtime.token import Stage, Token
from engine.runtime.tree import TokenTree
from engine.runtime.waiting import gathered


class Happenings(TokenTree):
    """Work done at a token, and events: armed ones that happen, errors and escalations that look for their catcher."""

    # -- work ---------------------------------------------------------------------------------------------------------

    def complete_user_task(self, token: Token, variables: Variables) -> None:
        task = token.task_spec
        assert isinstance(task, activities.UserTask)  # nothing else opens one
        task.complete(token, variables)

    def close_user_task(self, token: Token) -> None:
        task_id = token.notes.pop("user_task")
        self.close("user_task", task_id, token.task_spec.element.id, ClosedHow.COMPLETED)

    def complete_job(self, token: Token, job_id: int, variables: Variables, answer: TaskAnswer | None = None) -> None:
        """A worker is done. `answer`: what the listener of a user task says; InvalidInput from any other job."""
        token.notes.pop("job")
        self.close("job", job_id, token.task_spec.element.id, ClosedHow.COMPLETED)
        if token.stage is Stage.ACTIVE and isinstance(token.task_spec, activities.UserTask):
            token.task_spec.job_done(token, variables, answer)
            return
        if answer is not None and (answer.denied or answer.corrections):
            raise InvalidInput("这不是任务监听器的作业", "this is not the job of a user task listener")
        if token.stage is Stage.STARTING or token.stage is Stage.ENDING:
            self._listener_done(token, variables)
        else:
            token.task_spec.finish(token, variables)

    def _listener_done(self, token: Token, variables: Variables) -> None:
        """Start listeners write locally, end listeners outward, as mappings do (Camunda 8, "Execution listeners")."""
        if token.stage is Stage.STARTING:
            for name, value in variables.items():
                self.variables.set_local(token.id, name, value)
        elif token.scope is not None:
            self.merge(token.scope, variables)
        token.notes["listener"] += 1
        token._set_state(TaskState.FUTURE)
        if token.stage is Stage.ENDING:
            try:
                if token.task_spec.leave(token):
                    token.complete()
            except ModelError as error:
                self.fail(token, error)
        else:
            token._ready()

    # -- events -------------------------------------------------------------------------------------------------------

    def trigger(self, token: Token, key: str, variables: Variables, keep: bool = False) -> None:
        """The event armed at `token` under `key` happened. `keep`: the wait goes on (a cycle, a message that may repeat)."""
        spec = self.element_spec(key.partition("#")[0])
        if spec.element.event.trigger is Trigger.PARALLEL_MULTIPLE:
            brought = self._gather(token, key, variables)
            if brought is None:
                return
            variables, keep = brought, False
        elif not keep and key in token.waits:
            self.close_event(token, key, ClosedHow.COMPLETED)
        if token.task_spec is spec:
            if keep:
                spec.pass_on(token, variables)
            else:
                self.disarm(token, of=spec.element.id)  # one of several triggers is enough; end listeners may keep it here
                spec.finish(token, variables)
        elif isinstance(token.task_spec, gateways.EventBasedGateway):
            token.notes.update(event=spec.element.id, happened=dict(variables))
            token.task_spec.finish(token)
        elif isinstance(spec, events.BoundaryEvent):
            self._trigger_boundary(token, spec, variables)
        else:
            self._trigger_handler(token, spec.element, variables)
        if spec.element.event.trigger is Trigger.PARALLEL_MULTIPLE and not spec.element.interrupting and token.is_alive:
            self.arm(token, spec.element)

    def stays(self, host: Token, key: str) -> bool:
        """Whether a message, signal, condition or cycle is awaited on after it happened.

        That of a non-interrupting event is; so is a cycle in the middle of a flow, which gives a token each time.
        """
        spec = self.element_spec(key.partition("#")[0])
        if host.task_spec is spec:
            return self.graph.awaited(key).timer_kind is TimerKind.CYCLE
        return not spec.element.interrupting

    def _gather(self, token: Token, key: str, variables: Variables) -> Variables | None:
        """One part of a parallel multiple event happened; what all have brought when it was the last."""
        self.close_event(token, key, ClosedHow.COMPLETED)
        event_id = key.partition("#")[0]
        brought = {**token.notes.pop(gathered(event_id), {}), **variables}
        if any(other.partition("#")[0] == event_id for other in token.waits):
            token.notes[gathered(event_id)] = brought
            return None
        return brought

    def _trigger_boundary(self, host: Token, spec: ElementSpec, variables: Variables) -> None:
        scope = host.scope
        assert scope is not None  # an activity lies in a process or sub-process
        if spec.element.interrupting:
            self.terminate(host, by=spec.element.id)
        self.spawn(spec, scope).notes["happened"] = dict(variables)
        if spec.element.interrupting:
            compensation.taken_away(host)

    def _trigger_handler(self, scope: Token, start: Element, variables: Variables) -> None:
        handler = self.graph.handler(start.id)
        if start.interrupting:
            self.disarm(scope, by=start.id, only_handlers=True)
            for child in self.children_of(scope):
                self.terminate(child, by=start.id)
        token = self.spawn(handler, scope)
        token.notes.update(start=start.id, happened=dict(variables))

    # -- throwing -----------------------------------------------------------------------------------------------------

    def throw(self, trigger: Trigger, name: str, key: str | None, variables: Variables) -> None:
        """A message or signal goes to other instances after commit; a signal to this one as soon as all else has moved.

        So a signal that a sub-process throws at its end still finds the events at its border, as in Camunda.
        """
        self.step.throw(self.instance_id, str(trigger), name, key, variables)
        if trigger is Trigger.SIGNAL and self.root is not None:
            self.later(lambda _root: self._signal(name, variables), self.root)

    def _signal(self, name: str, variables: Variables) -> None:
        waiting = [
            (token, key)
            for token in list(self.tasks.values())
            for key in token.waits
            if self.graph.awaited(key).trigger is Trigger.SIGNAL and self.signal_name(token, key) == name
        ]
        for token, key in waiting:
            if token.is_alive and key in token.waits:
                self.trigger(token, key, variables, keep=self.stays(token, key))

    def throw_error(self, token: Token, error: BpmnError) -> None:
        """Find the catcher, nearest first, through call activities; nobody: ModelError (BPMN 2.0, section 10.5.6)."""
        found = self.catcher(token, Trigger.ERROR, error.code)
        if found is None:
            raise ModelError(
                "UNHANDLED_ERROR_EVENT",
                f"错误 {error.code or '(无代码)'} 没有捕获者" + (f":{error.message}" if error.message else ""),
                f"nobody catches error {error.code or '(without code)'}"
                + (f": {error.message}" if error.message else ""),
            )
        execution, place, event_id, event = found
        execution.trigger(place, event_id, {**error.variables, **_named(event, error.code, error.message)})

    def throw_escalation(self, token: Token, code: str, variables: Variables) -> None:
        """As an error, but whoever throws goes on unless the catcher interrupts it, and nobody need catch it."""
        found = self.catcher(token, Trigger.ESCALATION, code)
        if found is not None:
            execution, place, event_id, event = found
            execution.trigger(place, event_id, {**variables, **_named(event, code, "")})

    def _has_interrupted(self, inside: Token) -> bool:
        """Whether this is an event sub-process that has interrupted the scope around it: no other handler listens there."""
        return self.graph.is_handler(inside.task_spec) and self.graph.interrupts(inside.task_spec)

    def catcher(
        self, token: Token, trigger: Trigger, code: str
    ) -> tuple[Happenings, Token, str, EventDefinition] | None:
        """Who catches an error or escalation thrown at `token`: (instance, host or scope, event element, its definition)."""
        place: Token | None = token
        inside: Token | None = None
        while place is not None:
            candidates = list(place.task_spec.boundary)
            spec = place.task_spec
            if inside is not None and isinstance(spec, activities.Scope) and not self._has_interrupted(inside):
                candidates = [start for start, _ in spec.handlers] + candidates
            if compensation.REOPENED in place.notes:
                candidates = []  # it completed and is being undone: its events are over (BPMN 2.0, section 13.3.2)
            named = [
                (event, part)
                for event in candidates
                for part in event.element.event.triggers
                if part.trigger is trigger
            ]
            for event, part in named:
                if part.code is not None and self.evaluate(part.code, place) == code:
                    return self, place, event.element.id, part
            for event, part in named:
                if part.code is None:
                    return self, place, event.element.id, part
            inside, place = place, place.scope
        caller = self.step.caller(self)
        return None if caller is None else caller[0].catcher(caller[1], trigger, code)


def _named(event: EventDefinition, code: str, message: str) -> Variables:
    """What a catch event wants to know of what it caught (Camunda 7, `errorCodeVariable` and its siblings)."""
    named = {event.code_variable: code, event.message_variable: message}
    return {name: value for name, value in named.items() if name is not None}
