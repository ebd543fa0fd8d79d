"""Activities: tasks, sub-processes, call activities and loops over collections (BPMN 2.0, sections 10.3 and 13.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.util.task import TaskState

from engine import limits
from engine.errors import ModelError
from engine.parsing.records import Element, Flow
from engine.runtime.elements import ElementSpec
from engine.runtime.token import Stage, Token

if TYPE_CHECKING:
    from engine.model import Json, Variables

ITEMS = "#items"
"""The collection of a running loop, kept as a hidden local variable of its frame: edits of the source do not move it."""


class PassThrough(ElementSpec):
    """Abstract and manual tasks: nothing to do for an engine, the token passes (as in Camunda)."""


class UserTask(ElementSpec):
    """Work of a person: waits until it is completed."""

    def activate(self, token: Token) -> bool | None:
        token.workflow.open_user_task(token)
        return None


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
        self.map_results(token, {script.result_variable: value})
        return self.leave(token)


class BusinessRuleTask(ElementSpec):
    """A decision evaluated at once; its trace goes to the history, the result to a variable."""

    def activate(self, token: Token) -> bool | None:
        called = self.element.decision
        assert called is not None  # deployment refuses a rule task without a decision
        value = token.workflow.decide(token, called)
        self.map_results(token, {called.result_variable: value})
        return self.leave(token)


class Scope(ElementSpec):
    """A sub-process, an event sub-process or the process itself: holds the tokens inside it.

    `starts` are the elements that get a token when it begins: none start events, or elements without incoming flow.
    `handlers` pair the start event of each event sub-process inside with that sub-process.
    """

    starts: tuple[ElementSpec, ...] = ()
    handlers: tuple[tuple[ElementSpec, Scope], ...] = ()

    def activate(self, token: Token) -> bool | None:
        execution = token.workflow
        for start, _ in self.handlers:
            execution.arm(token, start.element)
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
            variables: Variables = dict(execution.view(token))
        else:
            variables = dict(execution.local_variables(token))
        execution.call(token, called, variables)
        return None

    def on_child_instance_ended(self, token: Token, variables: Mapping[str, Json]) -> None:
        """The called instance completed; `variables` are those of its outermost scope."""
        called = self.element.called
        assert called is not None  # as above
        token.notes.pop("instance", None)
        passed = variables if called.propagate_all_child_variables or self.element.outputs else {}
        self.finish(token, passed)

    def on_cancel(self, token: Token) -> None:
        if (instance_id := token.notes.get("instance")) is not None:
            token.workflow.cancel_called(instance_id)


class MultiInstanceBody(ElementSpec):
    """The frame of a loop: one stay inside it for each item (Camunda 8, "Multi-instance").

    Boundary events are attached to the frame; mappings and listeners belong to the items.
    """

    inner: ElementSpec

    def __init__(self, graph: BpmnProcessSpec, element: Element) -> None:
        super().__init__(graph, element)

    def map_inputs(self, token: Token) -> None:
        """Belongs to the items."""

    def map_outputs(self, token: Token) -> None:
        """The collected outputs go outward."""
        loop = self.element.loop
        assert loop is not None  # a frame is built only for an element with a loop
        if loop.output_collection is not None:
            execution = token.workflow
            execution.variables.need((loop.output_collection,))
            collected = execution.variables.local(token.id).get(loop.output_collection, [])
            execution.assign(token.scope or token, (loop.output_collection,), collected)

    def activate(self, token: Token) -> bool | None:
        execution = token.workflow
        loop = self.element.loop
        assert loop is not None  # as above
        items = execution.json(loop.input_collection, token)
        if not isinstance(items, list):
            raise ModelError(
                "EXTRACT_VALUE_ERROR",
                f"“{self.element.name or self.element.id}”的循环集合不是列表",
                f"the input collection of '{self.element.name or self.element.id}' is not a list",
            )
        if not loop.sequential and len(items) > limits.PARALLEL_ITEMS:
            raise ModelError(
                "EXTRACT_VALUE_ERROR",
                f"并行循环最多 {limits.PARALLEL_ITEMS} 项,得到 {len(items)} 项",
                f"a parallel loop takes at most {limits.PARALLEL_ITEMS} items, found {len(items)}",
            )
        token.notes.update(total=len(items), done=0, ended=0)
        if loop.output_collection is not None:
            execution.variables.set_local(token.id, loop.output_collection, [None] * len(items))
        if not items:
            return self.leave(token)
        if loop.sequential:
            execution.variables.set_local(token.id, ITEMS, items)
            self._begin_item(token, 1, items[0])
        else:
            for counter, item in enumerate(items, start=1):
                self._begin_item(token, counter, item)
        return None

    def _begin_item(self, token: Token, counter: int, item: Json) -> None:
        execution = token.workflow
        loop = self.element.loop
        assert loop is not None  # as above
        inner = execution.spawn(self.inner, token)
        inner.notes["loop"] = counter
        if loop.input_element is not None:
            execution.variables.set_local(inner.id, loop.input_element, item)
        execution.variables.set_local(inner.id, "loopCounter", counter)

    def collect(self, token: Token, inner: Token) -> bool:
        """An item is done: keep its output element, count it; True when the completion condition now holds."""
        execution = token.workflow
        loop = self.element.loop
        assert loop is not None  # as above
        if loop.output_collection is not None and loop.output_element is not None:
            value = execution.json(loop.output_element, inner)
            execution.variables.need((loop.output_collection,))
            collected = list(execution.variables.local(token.id).get(loop.output_collection) or [])
            collected[inner.notes["loop"] - 1] = value
            execution.variables.set_local(token.id, loop.output_collection, collected)
        if loop.completion_condition is None:
            return False
        counts = {
            "numberOfInstances": token.notes["total"],
            "numberOfActiveInstances": len(token._children) - 1,
            "numberOfCompletedInstances": token.notes["done"] + 1,
            "numberOfTerminatedInstances": 0,
        }
        return execution.holds(loop.completion_condition, inner, self.element.id, counts)

    def on_child_ended(self, token: Token) -> None:
        if token.stage is not Stage.ACTIVE or token._state == TaskState.ERROR:
            return
        loop = self.element.loop
        assert loop is not None  # as above
        execution = token.workflow
        if token.notes.pop("enough", False):
            for other in execution.children_of(token):
                execution.terminate(other, by=self.element.id)
            self.finish(token)
        elif loop.sequential and token.notes["done"] < token.notes["total"]:
            execution.variables.need((ITEMS,))
            items = execution.variables.local(token.id)[ITEMS]
            counter = token.notes["done"] + 1
            self._begin_item(token, counter, items[counter - 1])
        elif not token._children:
            self.finish(token)


def loop_item(spec: ElementSpec) -> ElementSpec:
    """Make a spec of an activity the item of a loop: on leaving it reports to the frame instead of taking flows."""
    own_leave = spec.leave

    def leave(token: Token) -> bool | None:
        frame = token.scope
        assert frame is not None
        assert isinstance(frame.task_spec, MultiInstanceBody)  # built so by `graph`
        done = own_leave(token)
        if done:
            enough = frame.task_spec.collect(frame, token)
            frame.notes["done"] += 1
            if enough:
                frame.notes["enough"] = True
        return done

    spec.leave = leave  # type: ignore[method-assign]  # one item spec per loop, built once
    return spec
