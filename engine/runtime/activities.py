"""Activities: tasks, sub-processes, call activities and loops over collections (BPMN 2.0, sections 10.3 and 13.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.errors import Closed, InvalidInput, ModelError
from engine.model import TaskAnswer, TaskDenied
from engine.parsing.records import Dialect, Flow
from engine.runtime.elements import ElementSpec
from engine.runtime.token import Stage, Token
from engine.runtime.waiting import HEARD, RESULTS

if TYPE_CHECKING:
    from engine.model import DecisionOutcome, Json, Variables


class PassThrough(ElementSpec):
    """Abstract and manual tasks: nothing to do for an engine, the token passes (as in Camunda)."""


class UserTask(ElementSpec):
    """Work of a person: waits until it is completed.

    Listeners have a word before it is offered, and before its completion holds (Camunda 8, "User task listeners"). What was
    typed becomes visible when they have agreed.
    """

    def activate(self, token: Token) -> bool | None:
        execution = token.workflow
        if not execution.open_listener(token, "creating"):
            execution.open_user_task(token)
            token.notes.pop(HEARD, None)
        return None

    def complete(self, token: Token, results: Variables) -> None:
        """A person says that it is done. Closed while listeners look at what she said before."""
        execution = token.workflow
        if "job" in token.notes:
            raise Closed("任务已提交,正在由程序核对", "the task was completed and is being looked at by a listener")
        if any(listener.type is not None for listener in execution.graph.listeners(self, "completing")):
            execution.variables.set_local(token.id, RESULTS, dict(results))
            execution.open_listener(token, "completing")
        else:
            self._end(token, results)

    def job_done(self, token: Token, variables: Variables, answer: TaskAnswer | None) -> None:
        """A listener is done with the task."""
        execution = token.workflow
        answer = answer or TaskAnswer()
        if variables:
            raise InvalidInput("任务监听器不能写变量", "the listener of a task writes no variables")
        token.notes[HEARD] += 1
        if "user_task" not in token.notes:
            if answer.denied:
                raise InvalidInput("任务尚未产生,不能拒绝", "a task that is being created cannot be denied")
            execution.correct(token, answer.corrections)
            try:
                self.activate(token)
            except ModelError as error:
                execution.fail(token, error)
        elif answer.corrections:
            raise InvalidInput("任务正在办结,不能再更正", "a task that is being completed is not corrected any more")
        elif answer.denied:
            del token.notes[HEARD]
            execution.denied.append(TaskDenied(token.id, execution.instance_id, self.element.id, answer.reason))
        elif not execution.open_listener(token, "completing"):
            self._end(token, execution.own(token, RESULTS))

    def map_results(self, token: Token, results: Variables) -> None:
        super().map_results(token, results)
        token.workflow.run_listeners(token, "completing")

    def _end(self, token: Token, results: Variables) -> None:
        token.notes.pop(HEARD, None)
        token.workflow.close_user_task(token)
        self.finish(token, results)



class JobTask(ElementSpec):
    """Work of a worker outside the step (service task; script, rule and send task with a task definition)."""

    def activate(self, token: Token) -> bool | None:
        assert self.element.job is not None  # deployment refuses a service task without a task definition
        token.workflow.open_job(token, self.element.job)
        return None


class ScriptTask(ElementSpec):
    """A FEEL expression whose result goes to a variable."""

    def activate(self, token: Token) -> bool | None:
        script = self.element.script
        assert script is not None  # deployment refuses a script task without an expression
        value = token.workflow.json(script.expression, token)
        self.map_results(token, {} if script.result_variable is None else {script.result_variable: value})
        return self.leave(token)


class BusinessRuleTask(ElementSpec):
    """A decision evaluated at once; its trace goes to the history, the result to a variable."""

    def activate(self, token: Token) -> bool | None:
        called = self.element.decision
        assert called is not None  # deployment refuses a rule task without a decision
        outcome = token.workflow.decide(token, called)
        value = decision_result(outcome, called.mapping)
        if called.mapping is not None:  # Camunda 7: what output parameters read
            token.workflow.variables.set_local(token.id, "decisionResult", decision_result(outcome, "resultList"))
        self.map_results(token, {} if called.result_variable is None else {called.result_variable: value})
        return self.leave(token)


AT_WILL = "at will"
"""The note of a process that begins at elements that its starter names: no start event is entered."""


class Scope(ElementSpec):
    """A sub-process, an event sub-process or the process itself: holds the tokens inside it.

    `starts` are the elements that get a token when it begins: none start events, or elements without incoming flow.
    `handlers` pair the start event of each event sub-process inside with that sub-process.
    """

    members: tuple[ElementSpec, ...] = ()
    starts: tuple[ElementSpec, ...] = ()
    handlers: tuple[tuple[ElementSpec, Scope], ...] = ()

    def activate(self, token: Token) -> bool | None:
        execution = token.workflow
        for start, _ in self.handlers:
            execution.arm(token, start.element)
        if token.notes.pop(AT_WILL, False):
            return None
        first = token.notes.pop("start", None)
        happened = token.notes.pop("happened", None)
        starts = self.starts if first is None else (execution.element_spec(first),)
        if not starts:
            return self.leave(token)
        for start in starts:
            inside = execution.spawn(start, token)
            if happened is not None:
                inside.notes["happened"] = happened
        return None

    def leave(self, token: Token) -> bool | None:
        """A scope that completes no longer listens to events inside it, also while an incident keeps it from leaving."""
        token.workflow.disarm(token, only_handlers=True)
        return super().leave(token)


class AdHocScope(Scope):
    """An ad-hoc sub-process: some or all of its activities, side by side or one after the other, until its condition holds.

    Camunda 8, "Ad-hoc sub-process"; BPMN 2.0, section 13.3.5. The condition is asked each time something inside ends.
    """

    def activate(self, token: Token) -> bool | None:
        execution, ad_hoc = token.workflow, self.element.ad_hoc
        assert ad_hoc is not None  # the reader gives every ad-hoc sub-process one
        for start, _ in self.handlers:
            execution.arm(token, start.element)
        begin = [spec.name for spec in self.starts]
        if ad_hoc.active is not None:
            begin = self._chosen(execution.json(ad_hoc.active, token))
        if not begin:
            return self._over(token)
        now, later = (begin[:1], begin[1:]) if ad_hoc.sequential else (begin, [])
        token.notes["later"] = later
        for name in now:
            execution.spawn(execution.element_spec(name), token)
        return None

    def _chosen(self, value: Json) -> list[str]:
        inside = {spec.name for spec in self.members}
        unknown = [name for name in value if name not in inside] if isinstance(value, list) else [value]
        if unknown or not isinstance(value, list):
            raise ModelError(
                "EXTRACT_VALUE_ERROR",
                f"即席子流程“{self.element.label}”中没有元素 {unknown[0]!r}",
                f"the ad-hoc sub-process '{self.element.label}' has no element {unknown[0]!r}",
            )
        return [str(name) for name in value]

    def _over(self, token: Token) -> bool | None:
        """Nothing is left to do: right without a condition; with one that does not hold it is an incident."""
        if not self._is_complete(token, otherwise=True):
            raise ModelError(
                "CONDITION_ERROR",
                f"“{self.element.label}”中已没有可做的事,完成条件却不成立",
                f"nothing is left to do in '{self.element.label}', and its completion condition is not true",
            )
        return self.leave(token)

    def _is_complete(self, token: Token, *, otherwise: bool) -> bool:
        ad_hoc = self.element.ad_hoc
        assert ad_hoc is not None  # as above
        if ad_hoc.completion_condition is None:
            return otherwise
        return token.workflow.holds(ad_hoc.completion_condition, token, self.element.label)

    def on_child_ended(self, token: Token) -> None:
        if token.stage is not Stage.ACTIVE or token._state == TaskState.ERROR:
            return
        execution, ad_hoc = token.workflow, self.element.ad_hoc
        assert ad_hoc is not None  # as above
        if self._is_complete(token, otherwise=False):
            token.notes["later"] = []
            if ad_hoc.cancels:
                for other in execution.children_of(token):
                    execution.terminate(other, by=self.element.id)
        if token._children:
            return
        if later := token.notes.get("later"):
            token.notes["later"] = later[1:]
            execution.spawn(execution.element_spec(later[0]), token)
        elif self._over(token):
            token.complete()


class ProcessScope(Scope):
    """The process itself: its end is the end of the instance."""

    def choose(self, token: Token) -> list[tuple[Flow, ElementSpec]]:
        return []

    def _on_complete_hook(self, token: Token) -> None:
        execution = token.workflow
        execution.last_variables = execution.local_variables(token) if execution.is_called else {}
        execution.drop(token)
        execution.ended()


class CallActivity(ElementSpec):
    """Starts an instance of another process and waits for its end."""

    def activate(self, token: Token) -> bool | None:
        execution = token.workflow
        called = self.element.called
        assert called is not None  # deployment refuses a call activity without a called element
        if called.propagate_all_parent_variables:
            variables: Variables = {name: value for name, value in execution.view(token).items() if name[:1] != "#"}
        elif execution.graph.model.dialect is Dialect.CAMUNDA_7:
            variables = {}  # nothing travels that no `camunda:in` names
        else:
            variables = dict(execution.local_variables(token))
        for entry in called.passed:
            variables = {**variables, entry.target[0]: execution.json(entry.source, token)}
        execution.call(token, called, variables)
        return None

    def on_child_instance_ended(self, token: Token, variables: Mapping[str, Json]) -> None:
        """The called instance completed; `variables` are those of its outermost scope."""
        called = self.element.called
        assert called is not None  # as above
        token.notes.pop("instance", None)
        passed = dict(variables) if called.propagate_all_child_variables or self.element.outputs else {}
        execution = token.workflow
        try:
            for entry in called.returned:
                passed[entry.target[0]] = execution.json(entry.source, None, variables)
        except ModelError as error:
            execution.fail(token, error)
        else:
            self.finish(token, passed)

    def on_cancel(self, token: Token) -> None:
        if (instance_id := token.notes.get("instance")) is not None:
            token.workflow.cancel_called(instance_id)


def decision_result(outcome: DecisionOutcome, mapping: str | None) -> Json:
    """What Camunda 7's `mapDecisionResult` makes of a decision's result (its manual, "Map the decision result").

    Without one it is Camunda 8's and FEEL's shape: one row, or one value, where the hit policy gives one. ModelError when the
    mapping asks for one row or value and there are more.
    """
    if mapping is None:
        return outcome.value
    rows = [dict(row) for row in outcome.rows]
    if mapping == "resultList":
        return rows
    entries = [next(iter(row.values()), None) for row in rows]
    if mapping == "collectEntries":
        return entries
    if len(rows) > 1 or (mapping == "singleEntry" and rows and len(rows[0]) > 1):
        raise ModelError(
            "CALLED_DECISION_ERROR",
            f"决策的结果不止一项,不能按 {mapping} 取值",
            f"the decision gave more than one result, which {mapping} does not allow",
        )
    if not rows:
        return None
    return entries[0] if mapping == "singleEntry" else rows[0]
