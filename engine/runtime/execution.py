"""A running instance: SpiffWorkflow's workflow with a live token for everything that can go on, and nothing else.

SpiffWorkflow's `BpmnWorkflow` holds the tokens and their states; what it would do by walking its tree of history
(finding ready tasks, refreshing waiting ones, predicting futures) is done here by a queue. No SQL and no other
instance: those are the `Step`'s (`engine.runtime.step`). Built up from `evaluation` (variables), `waiting` (waits), `tree`
(tokens) and `happening` (work done, events).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine import limits
from engine.errors import Closed, ModelError
from engine.ids import new_id
from engine.model import ClosedHow, DecisionOutcome, IncidentOpened, InstanceState, Opened, Variables
from engine.parsing.records import CalledDecision, CalledElement, Trigger
from engine.runtime import compensation, gateways
from engine.runtime.happening import Happenings
from engine.runtime.token import HELD, NOTED, Stage, Token
from engine.runtime.tree import DECIDED, OPERATED

if TYPE_CHECKING:
    from engine.runtime.graph import Graph
    from engine.runtime.step import Step
    from engine.runtime.variables import Variables as VariableStore


WRITTEN = "written#"
"""The note of a suspended instance's outermost scope: the variables that were written meanwhile."""
END_AFTER = "end after"
"""The note of a process that ends, as terminated, once one of these elements is completed (Camunda 8, "Runtime instructions")."""
UNASKED = "unasked#"
"""The note of a token with an incident: the awaited conditions that could not be evaluated."""


class Execution(Happenings):
    """The live tokens of one instance, and what this command has done to them."""

    def __init__(self, graph: Graph, step: Step, instance_id: int, variables: VariableStore) -> None:
        super().__init__(graph, step, instance_id, variables)
        self.has_late_joins = graph.has_late_joins
        self.state = InstanceState.ACTIVE
        self.last_variables: Variables = {}
        self.resumed: list[Opened] = []
        self._passed = 0
        self._deadline: float | None = None

    @property
    def root_token(self) -> Token:
        """The process itself. Closed when it has ended."""
        if self.root is None or not self.root.is_alive:
            raise Closed("流程实例已经结束", "the process instance is over")
        return self.root

    @property
    def is_called(self) -> bool:
        """Whether a call activity started this instance."""
        return self.step.rows[self.instance_id].parent_id is not None

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

    def run(self) -> bool:
        """Go on until every token waits, has an incident, or is gone; whether anything has moved."""
        moved = False
        while True:
            moved = moved or bool(self.ready)
            while self.ready:
                item = self.ready.popleft()
                if not isinstance(item, Token):
                    self._do(*item)
                elif item._state == TaskState.READY and item.is_alive:
                    self._run(item)
            if not self._release_join() and not self._condition_became_true():
                return moved
            moved = True

    def _do(self, what: Callable[[Token], None], token: Token) -> None:
        if not token.is_alive:
            return
        try:
            what(token)
        except ModelError as error:
            self.fail(token, error)

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

    def _release_join(self) -> bool:
        """Let go on one join that waited until nothing else could move."""
        if not self.has_late_joins:
            return False
        for token in list(self.tasks.values()):
            spec = token.task_spec
            if token._state == HELD and isinstance(spec, gateways.LateJoin) and spec.release(token):
                return True
            for gateway in spec.resets:
                if gateway.reset(token) and self.ready:
                    return True
        return False

    def _condition_became_true(self) -> bool:
        """Trigger the conditional events whose condition holds after a change of a variable they name."""
        if not self.graph.has_conditions:
            return False
        written, self.variables.unseen = self.variables.unseen, set()
        fresh, self.fresh_conditions = self.fresh_conditions, []
        candidates = dict.fromkeys(fresh)
        if written:
            for token in list(self.tasks.values()):
                for key in token.waits:
                    event = self.graph.awaited(key)
                    if event.trigger is Trigger.CONDITIONAL and event.condition is not None:
                        watched = event.condition_variables or event.condition.names
                        if self.view(token).has_any(written, watched):
                            candidates[(token, key)] = None
        triggered = False
        for token, key in candidates:
            if not token.is_alive or key not in token.waits:
                continue
            condition = self.graph.awaited(key).condition
            try:
                happens = condition is not None and self.became_true(condition, token)
            except ModelError as error:  # the wait goes on; whoever repairs it has it asked again
                self.note(token, error)
                token.notes[UNASKED] = sorted({key, *token.notes.get(UNASKED, ())})
                continue
            if happens:
                self.trigger(token, key, {}, keep=self.stays(token, key))
                triggered = True
        return triggered

    def note_operation(self, token: Token, what: dict[str, Any]) -> None:
        """What an operator did at an element instance stands in its history."""
        self.log.append([OPERATED, token.id, what])

    def keep_written(self) -> None:
        """A suspended instance notes which variables are written, so that conditions are asked about them when it goes on."""
        written, self.variables.unseen = self.variables.unseen, set()
        if written and self.graph.has_conditions:
            kept = {(scope, name) for scope, name in self.root_token.notes.get(WRITTEN, ())}
            self.root_token.notes[WRITTEN] = sorted([scope, name] for scope, name in kept | written)

    def see_written(self) -> None:
        """What was written while the instance rested is looked at now."""
        self.variables.unseen |= {(scope, name) for scope, name in self.root_token.notes.pop(WRITTEN, ())}

    def _task_completed_notify(self, task: Token) -> None:
        scope = task.scope
        try:
            compensation.completed(task)
            if scope is None or not scope.is_alive:
                return
            if compensation.REOPENED in scope.notes:
                compensation.child_ended(scope)
            else:
                scope.task_spec.on_child_ended(scope)
        except ModelError as error:
            if scope is not None:
                self.fail(scope, error)

    # -- incidents ----------------------------------------------------------------------------------------------------

    def fail(self, token: Token, error: ModelError, job_id: int | None = None) -> None:
        """An incident stands at the token until somebody repairs and retries; what was armed for this stay is taken down."""
        if not token.is_alive:
            return
        if job_id is None:
            if token.stage in (Stage.ENTERING, Stage.STARTING, Stage.ACTIVE):
                for child in self.children_of(token):
                    self.terminate(child, by=None)
                self.disarm(token)
            if token.stage is Stage.ENTERING and NOTED not in token.notes:
                self.enter(token)  # an incident stands at an element that was come to
                token.notes[NOTED] = True
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
            self.fresh_conditions += [(token, key) for key in token.notes.pop(UNASKED, ()) if key in token.waits]
            return  # the incident of a job: the job goes on by itself
        token._set_state(TaskState.FUTURE)
        if token.stage in (Stage.STARTING, Stage.ACTIVE):
            token.stage = Stage.STARTING
        token._ready()

    # -- other instances and decisions, by the step -------------------------------------------------------------------

    def call(self, token: Token, called: CalledElement, variables: Variables) -> None:
        process_id = self.text(called.process_id, token)
        key = None if called.business_key is None else self.text(called.business_key, token)
        token.notes["instance"] = self.step.call(self, token, called, process_id, variables,
                                                 version=self.version(called.version, token), business_key=key)  # fmt: skip

    def cancel_called(self, instance_id: int) -> None:
        self.step.cancel(instance_id)

    def decide(self, token: Token, called: CalledDecision) -> DecisionOutcome:
        decision_id = self.text(called.decision_id, token)
        outcome = self.step.decide(self, called, decision_id, self.version(called.version, token), self.view(token))
        self.log.append([DECIDED, token.id, outcome.decision_id, outcome.version, outcome.trace])
        return outcome

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

    def drop(self, token: Token, given: tuple[str, ...] = ()) -> None:
        super().drop(token, given)
        if self.root is not None and token.task_spec.name in self.root.notes.get(END_AFTER, ()):
            self.ready.appendleft((self._stop, self.root))

    def _stop(self, _root: Token) -> None:
        """The element was completed after which the instance's starter wanted it to end; what follows is not entered."""
        self.cancel()
        self.step.cancelled(self)

    def saved(self) -> None:
        """What this command did has been written."""
        self.opened.clear()
        self.closed.clear()
        self.denied.clear()
        self.cycles.clear()
        self.jobs.clear()
        self.log.clear()
        self.variables.saved()

    def live(self) -> Iterable[Token]:
        tokens: Iterable[Token] = self.tasks.values()
        return tokens
