"""One process instance on its way from wait to wait: start, run, trigger, throw, cancel.

SpiffWorkflow's `BpmnWorkflow` holds the tokens and their states; what it would do by walking its tree of history
(finding ready tasks, refreshing waiting ones, predicting futures) is done here by a queue. No SQL and no other
instance: those are the `Step`'s (`engine.runtime.step`).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine import limits
from engine.errors import ModelError
from engine.expressions import Value
from engine.feel import FeelLimitError, to_json
from engine.ids import new_id
from engine.model import (
    BpmnError,
    ClosedHow,
    IncidentOpened,
    InstanceState,
    JobOpened,
    Json,
    LoopPosition,
    Opened,
    SubscriptionOpened,
    TimerOpened,
    UserTaskOpened,
    Variables,
    WaitClosed,
)  # fmt: skip
from engine.parsing.records import (
    CalledDecision,
    CalledElement,
    Element,
    ElementKind,
    JobDefinition,
    TimerKind,
    Trigger,
)
from engine.runtime import activities, events, gateways
from engine.runtime.elements import ElementSpec
from engine.runtime.scripting import NoScripts
from engine.runtime.token import Stage, Token
from engine.runtime.variables import Variables as VariableStore
from engine.runtime.variables import View, put
from engine.timers import Cycle, schedule

if TYPE_CHECKING:
    from engine.runtime.graph import Graph
    from engine.runtime.step import Step

ENTERED, COMPLETED, TERMINATED, DECIDED = 0, 1, 2, 3
"""Kinds of history events; the numbers stand in stored rows and never change."""


class Execution(BpmnWorkflow):
    """The live tokens of one instance, and what this command has done to them.

    `opened` and `closed` are the waits that came and went, `log` the history events of this command.
    """

    def __init__(self, graph: Graph, step: Step, instance_id: int, variables: VariableStore) -> None:
        super().__init__(graph.spec, script_engine=NoScripts(), deserializing=True)
        self.graph = graph
        self.step = step
        self.instance_id = instance_id
        self.variables = variables
        self.ready: deque[Token] = deque()
        self.opened: dict[int, Opened] = {}
        self.cycles: dict[int, Cycle | None] = {}
        self.jobs: dict[int, tuple[int, Mapping[str, str]]] = {}
        self.closed: list[WaitClosed] = []
        self.log: list[list[Any]] = []
        self.joins_waiting = graph.has_inclusive_joins
        self.root: Token | None = None
        self.state = InstanceState.ACTIVE
        self.end_element: str | None = None
        self.last_variables: Variables = {}
        self._fresh_conditions: list[tuple[Token, str]] = []
        self._passed = 0
        self._deadline: float | None = None

    # -- reading ------------------------------------------------------------------------------------------------------

    def element_spec(self, name: str) -> ElementSpec:
        spec: ElementSpec = self.graph.spec.task_specs[name]
        return spec

    def children_of(self, token: Token) -> list[Token]:
        return [self.tasks[child] for child in token._children]

    @property
    def is_called(self) -> bool:
        """Whether a call activity started this instance."""
        return self.step.rows[self.instance_id].parent_id is not None

    def token(self, element_instance_id: int) -> Token | None:
        found: Token | None = self.tasks.get(element_instance_id)
        return found

    def view(self, token: Token | None, extra: Mapping[str, Json] | None = None) -> View:
        return View(self.variables, token, extra)

    def local_variables(self, token: Token) -> dict[str, Json]:
        self.variables.need_all()
        return {name: value for name, value in self.variables.local(token.id).items() if not name.startswith("#")}

    # -- expressions --------------------------------------------------------------------------------------------------

    def evaluate(self, value: Value, token: Token | None, extra: Mapping[str, Json] | None = None) -> Any:
        """What the expression gives with the variables seen from `token`; a bound that is reached is the model's fault."""
        view = View(self.variables, token, extra)
        view.need(value.names)
        try:
            return value.evaluate(view, now=self.step.now, zone=self.step.zone, environment=self.step.environment).value
        except FeelLimitError as error:
            raise ModelError(
                "EXTRACT_VALUE_ERROR", f"表达式超出限度:{error}", f"expression reached a limit: {error}"
            ) from error

    def json(self, value: Value, token: Token | None, extra: Mapping[str, Json] | None = None) -> Json:
        return to_json(self.evaluate(value, token, extra))

    def text(self, value: Value, token: Token | None) -> str:
        found = self.evaluate(value, token)
        if not isinstance(found, str) or not found:
            raise ModelError("EXTRACT_VALUE_ERROR", f"需要文本,得到 {found!r}", f"expected a text, found {found!r}")
        return found

    def key(self, value: Value, token: Token | None) -> str:
        """A correlation key: text or number (Camunda 8, "Messages")."""
        found = self.json(value, token)
        if isinstance(found, bool) or (not isinstance(found, str | int) and not hasattr(found, "as_tuple")):
            raise ModelError("EXTRACT_VALUE_ERROR", f"相关键需要文本或数字,得到 {found!r}",
                             f"a correlation key must be a text or a number, found {found!r}")  # fmt: skip
        return str(found)

    def holds(self, condition: Value, token: Token, place: str, extra: Mapping[str, Json] | None = None) -> bool:
        """Whether a condition is true; anything but true or false is an error (Camunda 8, incident CONDITION_ERROR)."""
        found = self.evaluate(condition, token, extra)
        if not isinstance(found, bool):
            raise ModelError(
                "CONDITION_ERROR",
                f"{place} 的条件应得真或假,得到 {'null' if found is None else repr(found)[:80]}",
                f"the condition at {place} must be true or false, found {'null' if found is None else repr(found)[:80]}",
            )
        return found

    def texts(self, value: Value | None, token: Token) -> tuple[str, ...]:
        """A list of names: a literal is comma separated, FEEL gives a list (or one text)."""
        if value is None:
            return ()
        found = self.evaluate(value, token)
        if isinstance(found, str):
            found = [part.strip() for part in found.split(",")]
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise ModelError(
                "EXTRACT_VALUE_ERROR", f"需要文本列表,得到 {found!r}", f"expected a list of texts, found {found!r}"
            )
        return tuple(item for item in found if item)

    def properties(self, element: Element, token: Token) -> dict[str, Json]:
        """The element's `zeebe:property` values, those that begin with `=` evaluated; what fails there is null."""
        return {name: self.json(value, token) for name, value in element.properties.items()}

    # -- variables ----------------------------------------------------------------------------------------------------

    def merge(self, token: Token, values: Variables) -> None:
        """Write each value where its name stands, looking outward from `token` (Camunda 8, "Variable propagation")."""
        if values:
            view = self.view(token)
            self.variables.need(values)
            for name, value in values.items():
                view.set(name, value)

    def assign(self, token: Token, path: tuple[str, ...], value: Json) -> None:
        view = self.view(token)
        view.set(path[0], put(view.get(path[0]), path[1:], value) if len(path) > 1 else value)

    # -- running ------------------------------------------------------------------------------------------------------

    def begin(self, variables: Variables, start: str | None = None, happened: Variables | None = None) -> None:
        """The first token: the process itself, with its variables. `start` names the start event when it is not none."""
        self.root = Token(self, self.graph.root, None, token_id=self.instance_id)
        for name, value in variables.items():
            self.variables.set_local(self.root.id, name, value)
        if start is not None:
            self.root.notes["start"] = start
            self.root.notes["happened"] = dict(happened or {})
        self.graph.root._update(self.root)

    def spawn(self, spec: ElementSpec, scope: Token, flow: str | None = None) -> Token:
        """A token arrives at an element inside `scope`."""
        if len(self.tasks) >= limits.TOKENS:
            raise ModelError(
                "STEP_LIMIT", f"一个案件最多 {limits.TOKENS} 个令牌", f"at most {limits.TOKENS} tokens in one instance"
            )
        token = Token(self, spec, scope)
        token.flow = flow
        if flow is not None:
            token.came_by = (flow,)
        spec._update(token)
        return token

    def run(self) -> None:
        """Go on until every token waits, has an incident, or is gone."""
        while True:
            while self.ready:
                token = self.ready.popleft()
                if token._state == TaskState.READY and token.is_alive:
                    self._run(token)
            if not (self.joins_waiting and self._release_inclusive_join()) and not self._condition_became_true():
                return

    def _run(self, token: Token) -> None:
        try:
            self._count(token)
            token.run()
        except ModelError as error:
            self.fail(token, error)

    def _count(self, token: Token) -> None:
        """Bounds of one step: a loop without a wait becomes an incident instead of a hang (reliability, section 5)."""
        self._passed += 1
        if self._deadline is None:
            self._deadline = time.monotonic() + limits.STEP_TIME.total_seconds()
        if self._passed > limits.STEP_ACTIVITIES or time.monotonic() > self._deadline:
            raise ModelError(
                "STEP_LIMIT",
                f"一步之内超过 {limits.STEP_ACTIVITIES} 个自动活动或 {limits.STEP_TIME.total_seconds():g} 秒,可能是没有等待的循环",
                f"more than {limits.STEP_ACTIVITIES} automatic activities or {limits.STEP_TIME.total_seconds():g} s in one step; "
                "perhaps a loop without a wait",
            )

    def _release_inclusive_join(self) -> bool:
        for token in list(self.tasks.values()):
            spec = token.task_spec
            if token._state == TaskState.WAITING and isinstance(spec, gateways.InclusiveGateway):
                merging = spec.may_go_on(token)
                if merging is not None:
                    gateways.merge(merging[0], merging)
                    merging[0]._ready()
                    return True
        return False

    def _condition_became_true(self) -> bool:
        """Trigger the conditional events whose condition holds after a change of a variable they name."""
        if not self.graph.has_conditions:
            return False
        names = {name for _, name in self.variables.changed} - self.step.seen_changes.setdefault(
            self.instance_id, set()
        )
        fresh, self._fresh_conditions = self._fresh_conditions, []
        self.step.seen_changes[self.instance_id] |= names
        candidates = dict.fromkeys(fresh)
        if names:
            for token in list(self.tasks.values()):
                for event_id in token.waits:
                    event = self.element_spec(event_id).element.event
                    if event.trigger is Trigger.CONDITIONAL and event.condition is not None:
                        watched = event.condition_variables or event.condition.names
                        if watched & names:
                            candidates[(token, event_id)] = None
        triggered = False
        for token, event_id in candidates:
            condition = self.element_spec(event_id).element.event.condition
            if not token.is_alive or event_id not in token.waits or condition is None:
                continue
            if self.evaluate(condition, token) is True:
                self.trigger(token, event_id, {})
                triggered = True
        return triggered

    def _task_completed_notify(self, task: Token) -> None:
        scope = task.scope
        if scope is not None and scope.is_alive:
            try:
                scope.task_spec.on_child_ended(scope)
            except ModelError as error:
                self.fail(scope, error)

    # -- what a token does to the tree --------------------------------------------------------------------------------

    def enter(self, token: Token) -> None:
        scope = None if token.scope is None else token.scope.id
        self.log.append([ENTERED, token.id, token.task_spec.element.id, list(token.came_by), scope])

    def drop(self, token: Token, given: tuple[str, ...] = ()) -> None:
        """The token completed: out of the tree, its waits closed."""
        if token.scope is self.root and token.task_spec.element.kind is ElementKind.END_EVENT:
            self.end_element = token.task_spec.element.id
        self._take_out(token, ClosedHow.CANCELLED, None)
        self.log.append([COMPLETED, token.id, list(given)])

    def terminate(self, token: Token, by: str | None) -> None:
        """Take away a token and everything inside it."""
        for child in self.children_of(token):
            self.terminate(child, by)
        token.task_spec.on_cancel(token)
        entered = token.stage is not Stage.ENTERING or token._state == TaskState.ERROR
        token._set_state(TaskState.CANCELLED)
        self._take_out(token, ClosedHow.CANCELLED, by)
        if entered:
            self.log.append([TERMINATED, token.id, by])

    def terminate_others(self, token: Token) -> None:
        """A terminate end event: everything else in its scope ends (BPMN 2.0, section 10.5.3)."""
        scope = token.scope
        assert scope is not None  # an end event lies in a process or sub-process
        self.disarm(scope, by=token.task_spec.element.id, only_handlers=True)
        for other in self.children_of(scope):
            if other is not token:
                self.terminate(other, by=token.task_spec.element.id)

    def absorb(self, token: Token) -> None:
        """A token that waited at a join goes into the one that passes."""
        self._remove(token)

    def _take_out(self, token: Token, how: ClosedHow, by: str | None) -> None:
        self.disarm(token, by)
        for what in ("user_task", "job", "incident"):
            if (wait_id := token.notes.pop(what, None)) is not None:
                self.close(what, wait_id, token.task_spec.element.id, how, by)
        if token is not self.root:  # what the outermost scope holds stays readable after the end
            self.variables.forget(token.id)
        self._remove(token)

    def _remove(self, token: Token) -> None:
        del self.tasks[token.id]
        if token.scope is not None and token.id in token.scope._children:
            token.scope._children.remove(token.id)

    def close(self, what: str, wait_id: int, element_id: str, how: ClosedHow, by: str | None = None) -> None:
        """A wait is gone. One that this very command opened was never seen by anybody and leaves no trace."""
        self.cycles.pop(wait_id, None)
        self.jobs.pop(wait_id, None)
        if self.opened.pop(wait_id, None) is None:
            self.closed.append(WaitClosed(what, wait_id, self.instance_id, element_id, how, by))

    # -- waits --------------------------------------------------------------------------------------------------------

    def arm(self, token: Token, element: Element) -> None:
        """Wait at `token` for the event of `element` (itself, attached to it, behind it, or the start of a handler)."""
        event = element.event
        wait: Opened
        match event.trigger:
            case Trigger.TIMER:
                assert event.timer is not None
                assert event.timer_kind is not None  # deployment refuses a timer without
                planned = schedule(event.timer_kind, self.evaluate(event.timer, token), self.step.now, self.step.zone)
                wait = TimerOpened(new_id(), self.instance_id, element.id, token.id, planned.due_at,
                                   self.properties(element, token))  # fmt: skip
                self.cycles[wait.id] = planned.cycle
            case Trigger.MESSAGE | Trigger.SIGNAL:
                assert event.name is not None  # deployment refuses an event without a reference
                key = None if event.correlation_key is None else self.key(event.correlation_key, token)
                wait = SubscriptionOpened(new_id(), self.instance_id, element.id, token.id, str(event.trigger),
                                          self.text(event.name, token), key, self.properties(element, token))  # fmt: skip
            case Trigger.CONDITIONAL:
                wait = SubscriptionOpened(new_id(), self.instance_id, element.id, token.id, "conditional", element.id, None,
                                          self.properties(element, token))  # fmt: skip
                self._fresh_conditions.append((token, element.id))
            case _:
                return  # errors find their catcher when they are thrown
        token.waits[element.id] = wait.id
        self.opened[wait.id] = wait

    def disarm(self, token: Token, by: str | None = None, only_handlers: bool = False) -> None:
        """Stop waiting for events at `token`."""
        for event_id in list(token.waits):
            if not only_handlers or self.graph.is_handler_start(event_id):
                self._close_event(token, event_id, ClosedHow.CANCELLED, by)

    def _close_event(self, token: Token, event_id: str, how: ClosedHow, by: str | None = None) -> None:
        wait_id = token.waits.pop(event_id)
        trigger = self.element_spec(event_id).element.event.trigger
        self.close("timer" if trigger is Trigger.TIMER else "subscription", wait_id, event_id, how, by)

    def open_user_task(self, token: Token) -> None:
        element = token.task_spec.element
        task = element.user_task
        assert task is not None  # the reader gives every user task a definition
        form_id, external = self.step.form(self.graph, element)
        due = None if task.due_date is None else self.evaluate(task.due_date, token)
        priority = 50 if task.priority is None else self._priority(self.evaluate(task.priority, token))
        loop = None
        if token.notes.get("loop") is not None:
            loop = LoopPosition(token.notes["loop"])
        properties = self.properties(element, token)
        wait = UserTaskOpened(
            id=token.id, instance_id=self.instance_id, element_id=element.id, name=element.name or element.id,
            form_id=form_id, external_form=external,
            assignee=None if task.assignee is None else (self.evaluate(task.assignee, token) or None),
            candidate_users=self.texts(task.candidate_users, token),
            candidate_groups=self.texts(task.candidate_groups, token),
            priority=priority, due_at=None if due in (None, "") else schedule(TimerKind.DATE, due, self.step.now, self.step.zone).due_at, properties=properties, loop=loop,
        )  # fmt: skip
        token.notes["user_task"] = token.id
        self.opened[token.id] = wait

    @staticmethod
    def _priority(value: Any) -> int:
        try:
            number = int(value)
        except (TypeError, ValueError, ArithmeticError):
            number = -1
        if not 0 <= number <= 100:
            raise ModelError("EXTRACT_VALUE_ERROR", f"优先级应为 0 至 100 的整数,得到 {value!r}",
                             f"a priority is a whole number from 0 to 100, found {value!r}")  # fmt: skip
        return number

    def open_job(self, token: Token, job: JobDefinition) -> None:
        element = token.task_spec.element
        retries = 3 if job.retries is None else self._retries(self.evaluate(job.retries, token))
        wait = JobOpened(new_id(), self.instance_id, element.id, token.id, self.text(job.type, token),
                         self.properties(element, token))  # fmt: skip
        token.notes["job"] = wait.id
        self.jobs[wait.id] = (retries, job.headers)
        self.opened[wait.id] = wait

    @staticmethod
    def _retries(value: Any) -> int:
        try:
            return max(1, int(value))
        except (TypeError, ValueError, ArithmeticError) as error:
            raise ModelError("EXTRACT_VALUE_ERROR", f"重试次数应为整数,得到 {value!r}",
                             f"retries must be a whole number, found {value!r}") from error  # fmt: skip

    def open_listener(self, token: Token, event: str) -> bool:
        """Open the job of the next execution listener of this kind; False when all have run."""
        listeners = self.graph.listeners(token.task_spec, event)
        done = token.notes.get("listener", 0)
        if done >= len(listeners):
            return False
        listener = listeners[done]
        self.open_job(token, JobDefinition(listener.type, listener.retries, listener.headers))
        return True

    def fail(self, token: Token, error: ModelError, job_id: int | None = None) -> None:
        """An incident stands at the token until somebody repairs and retries; what was armed for this stay is taken down."""
        if not token.is_alive:
            return
        if job_id is None:
            if token.stage in (Stage.ENTERING, Stage.STARTING, Stage.ACTIVE):
                for child in self.children_of(token):
                    self.terminate(child, by=None)
                self.disarm(token)
            token._set_state(TaskState.ERROR)
        wait = IncidentOpened(new_id(), self.instance_id, token.task_spec.element.id, token.id, error.kind, error.zh, error.en,
                              job_id)  # fmt: skip
        token.notes["incident"] = wait.id
        self.opened[wait.id] = wait

    def note(self, token: Token, error: ModelError) -> int:
        """An incident beside a wait that goes on (nobody may do the task); the one that stands there already wins."""
        if (standing := token.notes.get("incident")) is not None:
            return int(standing)
        wait = IncidentOpened(
            new_id(), self.instance_id, token.task_spec.element.id, token.id, error.kind, error.zh, error.en
        )
        token.notes["incident"] = wait.id
        self.opened[wait.id] = wait
        return wait.id

    def retry(self, token: Token) -> None:
        """Go on after an incident, where it stood."""
        incident_id = token.notes.pop("incident")
        self.close("incident", incident_id, token.task_spec.element.id, ClosedHow.COMPLETED)
        if token._state != TaskState.ERROR:
            return  # the incident of a job: the job goes on by itself
        token._set_state(TaskState.FUTURE)
        if token.stage in (Stage.STARTING, Stage.ACTIVE):
            token.stage = Stage.STARTING
        token._ready()

    # -- what happens from outside ------------------------------------------------------------------------------------

    def complete_user_task(self, token: Token, variables: Variables) -> None:
        task_id = token.notes.pop("user_task")
        self.close("user_task", task_id, token.task_spec.element.id, ClosedHow.COMPLETED)
        token.task_spec.finish(token, variables)

    def complete_job(self, token: Token, job_id: int, variables: Variables) -> None:
        token.notes.pop("job")
        self.close("job", job_id, token.task_spec.element.id, ClosedHow.COMPLETED)
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

    def trigger(self, token: Token, event_id: str, variables: Variables, keep: bool = False) -> None:
        """The event armed at `token` happened. `keep`: the wait goes on (a cycle, a message of a non-interrupting event)."""
        spec = self.element_spec(event_id)
        element = spec.element
        if token.task_spec.element.id == event_id:
            self._close_event(token, event_id, ClosedHow.COMPLETED)
            spec.finish(token, variables)
        elif isinstance(token.task_spec, gateways.EventBasedGateway):
            self._close_event(token, event_id, ClosedHow.COMPLETED)
            token.notes.update(event=event_id, happened=dict(variables))
            token.task_spec.finish(token)
        elif isinstance(spec, events.BoundaryEvent):
            self._trigger_boundary(token, spec, variables, keep)
        else:
            self._trigger_handler(token, element, variables, keep)

    def _trigger_boundary(self, host: Token, spec: ElementSpec, variables: Variables, keep: bool) -> None:
        scope = host.scope
        assert scope is not None  # an activity lies in a process or sub-process
        event_id = spec.element.id
        if event_id in host.waits and not keep:
            self._close_event(host, event_id, ClosedHow.COMPLETED)
        if spec.element.interrupting:
            self.terminate(host, by=event_id)
        self.spawn(spec, scope).notes["happened"] = dict(variables)

    def _trigger_handler(self, scope: Token, start: Element, variables: Variables, keep: bool) -> None:
        handler = self.graph.handler(start.id)
        if start.id in scope.waits and not keep:
            self._close_event(scope, start.id, ClosedHow.COMPLETED)
        if start.interrupting:
            self.disarm(scope, by=start.id, only_handlers=True)
            for child in self.children_of(scope):
                self.terminate(child, by=start.id)
        token = self.spawn(handler, scope)
        token.notes.update(start=start.id, happened=dict(variables))

    def throw(self, trigger: Trigger, name: str, key: str | None, variables: Variables) -> None:
        self.step.throw(str(trigger), name, key, variables)

    def throw_error(self, token: Token, error: BpmnError) -> None:
        """Find the catcher, nearest first, through call activities; nobody: ModelError (BPMN 2.0, section 10.5.6)."""
        found = self.catcher(token, error.code)
        if found is None:
            raise ModelError(
                "UNHANDLED_ERROR_EVENT",
                f"错误 {error.code or '(无代码)'} 没有捕获者" + (f":{error.message}" if error.message else ""),
                f"nobody catches error {error.code or '(without code)'}"
                + (f": {error.message}" if error.message else ""),
            )
        execution, place, event_id = found
        execution.trigger(place, event_id, error.variables)

    def catcher(self, token: Token, code: str) -> tuple[Execution, Token, str] | None:
        place: Token | None = token
        inside: Token | None = None
        while place is not None:
            candidates = list(place.task_spec.boundary)
            spec = place.task_spec
            if (
                inside is not None
                and isinstance(spec, activities.Scope)
                and not self.graph.is_handler(inside.task_spec)
            ):
                candidates = [start for start, _ in spec.handlers] + candidates
            named = [event for event in candidates if event.element.event.trigger is Trigger.ERROR]
            for wanted in (True, False):
                for event in named:
                    caught = event.element.event.code
                    if wanted and caught is not None and self.evaluate(caught, place) == code:
                        return self, place, event.element.id
                    if not wanted and caught is None:
                        return self, place, event.element.id
            inside, place = place, place.scope
        caller = self.step.caller(self)
        return None if caller is None else caller[0].catcher(caller[1], code)

    # -- other instances and decisions, by the step -------------------------------------------------------------------

    def call(self, token: Token, called: CalledElement, variables: Variables) -> None:
        process_id = self.text(called.process_id, token)
        token.notes["instance"] = self.step.call(self, token, called, process_id, variables)

    def cancel_called(self, instance_id: int) -> None:
        self.step.cancel(instance_id)

    def decide(self, token: Token, called: CalledDecision) -> Json:
        decision_id = self.text(called.decision_id, token)
        outcome = self.step.decide(self, called, decision_id, self.view(token), token.task_spec.element.id)
        self.log.append([DECIDED, token.id, outcome.decision_id, outcome.version, outcome.trace])
        return outcome.value

    def ended(self) -> None:
        """The last token is gone."""
        self.state = InstanceState.COMPLETED
        self.step.instance_ended(self)

    def cancel(self, workflow: Any = None) -> None:
        """End the instance from outside: every token is taken away."""
        if self.root is not None and self.root.is_alive:
            self.terminate(self.root, by=None)
        self.ready.clear()
        self.state = InstanceState.TERMINATED

    def saved(self) -> None:
        """What this command did has been written."""
        self.opened.clear()
        self.closed.clear()
        self.cycles.clear()
        self.jobs.clear()
        self.log.clear()
        self.variables.saved()

    def live(self) -> Iterable[Token]:
        tokens: Iterable[Token] = self.tasks.values()
        return tokens
