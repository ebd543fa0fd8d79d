"""Loops: one activity several times, over a collection or while a condition holds (BPMN 2.0, section 13.3.6-7).

The frame stands for the activity: boundary events hang on it, flows leave it. Inside it one item at a time, or all at
once, does the activity's work; mappings and listeners belong to the items.
"""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine import limits
from engine.errors import ModelError
from engine.model import Json
from engine.parsing.records import Behaviour, BehaviourEvent, EventDefinition, MultiInstance, StandardLoop, Trigger
from engine.runtime.elements import ElementSpec
from engine.runtime.token import Stage, Token

ITEMS = "#items"
"""The collection of a running loop, kept as a hidden local variable of its frame: edits of the source do not move it."""
COUNTER = "loopCounter"


class LoopFrame(ElementSpec):
    """The frame of a loop; `inner` is the spec of its items."""

    inner: ElementSpec

    def map_inputs(self, token: Token) -> None:
        """Belongs to the items."""

    def item_leaves(self, frame: Token, item: Token) -> None:
        """The work of an item is done; called before it ends, while its variables can still be read."""
        raise NotImplementedError

    def begin_item(self, frame: Token, counter: int, position: int) -> Token:
        """Begin one item; `counter` counts from one, `position` is what the model reads as `loopCounter`."""
        execution = frame.workflow
        item = execution.spawn(self.inner, frame)
        item.notes["loop"] = counter
        execution.variables.set_local(item.id, COUNTER, position)
        return item

    def end_others(self, frame: Token) -> None:
        for other in frame.workflow.children_of(frame):
            frame.workflow.terminate(other, by=self.element.id)


class StandardLoopFrame(LoopFrame):
    """Again while the condition holds, at most so many times; the condition is asked before or after each round."""

    @property
    def loop(self) -> StandardLoop:
        loop = self.element.loop
        assert isinstance(loop, StandardLoop)  # built so by `graph`
        return loop

    def map_outputs(self, token: Token) -> None:
        """Belongs to the items."""

    def activate(self, token: Token) -> bool | None:
        token.notes["done"] = 0
        if self.loop.test_before and not self._goes_on(token):
            return self.leave(token)
        self._begin(token)
        return None

    def _goes_on(self, token: Token) -> bool:
        execution, done = token.workflow, token.notes["done"]
        if self.loop.maximum is not None and done >= whole_number(
            execution.json(self.loop.maximum, token), "循环的上限(loopMaximum)", "the loop's maximum"
        ):
            return False
        return self.loop.condition is None or execution.holds(
            self.loop.condition, token, self.element.label, {COUNTER: done}
        )

    def _begin(self, token: Token) -> None:
        counter = token.notes["done"] + 1
        self.begin_item(token, counter, counter)

    def item_leaves(self, frame: Token, item: Token) -> None:
        frame.notes["done"] += 1

    def on_child_ended(self, token: Token) -> None:
        if token.stage is not Stage.ACTIVE or token._state == TaskState.ERROR or token._children:
            return
        if self._goes_on(token):
            self._begin(token)
        else:
            self.finish(token)


class MultiInstanceFrame(LoopFrame):
    """One item for each entry of a collection, or a number of times (Camunda 8, "Multi-instance"; Camunda 7, cardinality)."""

    @property
    def loop(self) -> MultiInstance:
        loop = self.element.loop
        assert isinstance(loop, MultiInstance)  # built so by `graph`
        return loop

    def map_outputs(self, token: Token) -> None:
        """The collected outputs go outward."""
        name = self.loop.output_collection
        if name is not None:
            execution = token.workflow
            execution.variables.need((name,))
            collected = execution.variables.local(token.id).get(name, [])
            execution.assign(token.scope or token, (name,), collected)

    def activate(self, token: Token) -> bool | None:
        execution, loop = token.workflow, self.loop
        items = self._items(token)
        token.notes.update(total=len(items), done=0, ended=0)
        if loop.output_collection is not None:
            execution.variables.set_local(token.id, loop.output_collection, [None] * len(items))
        if not items:
            return self.leave(token)
        if loop.sequential:
            if loop.input_element is not None:
                execution.variables.set_local(token.id, ITEMS, items)
            self._begin(token, 1, items[0])
        else:
            for counter, item in enumerate(items, start=1):
                self._begin(token, counter, item)
        self._tell_counts(token)
        return None

    def _items(self, token: Token) -> list[Json]:
        execution, loop, name = token.workflow, self.loop, self.element.label
        if loop.input_collection is not None:
            items = execution.json(loop.input_collection, token)
            if not isinstance(items, list):
                raise ModelError(
                    "EXTRACT_VALUE_ERROR",
                    f"“{name}”的循环集合不是列表",
                    f"the input collection of '{name}' is not a list",
                )
        else:
            assert loop.cardinality is not None  # deployment refuses a loop with neither
            number = whole_number(execution.json(loop.cardinality, token), "循环次数", "the number of items")
            if number > limits.SEQUENTIAL_ITEMS:
                raise _too_many(name, number, limits.SEQUENTIAL_ITEMS)
            items = [None] * number
        if not loop.sequential and len(items) > limits.PARALLEL_ITEMS:
            raise _too_many(name, len(items), limits.PARALLEL_ITEMS)
        return items

    def _begin(self, token: Token, counter: int, item: Json) -> None:
        loop = self.loop
        inner = self.begin_item(token, counter, counter - 1 + loop.first_counter)
        if loop.input_element is not None:
            token.workflow.variables.set_local(inner.id, loop.input_element, item)

    def item_leaves(self, frame: Token, item: Token) -> None:
        execution, loop = frame.workflow, self.loop
        if loop.output_collection is not None and loop.output_element is not None:
            value = execution.json(loop.output_element, item)
            execution.variables.need((loop.output_collection,))
            collected = execution.variables.local(frame.id).get(loop.output_collection)
            position = item.notes["loop"] - 1
            if not isinstance(collected, list) or len(collected) <= position:
                raise ModelError(
                    "EXTRACT_VALUE_ERROR",
                    f"输出集合 {loop.output_collection} 被别处改写,放不下第 {position + 1} 项的结果",
                    f"the output collection {loop.output_collection} was overwritten by something else and has no place for "
                    f"the result of item {position + 1}",
                )
            execution.variables.set_local(
                frame.id, loop.output_collection, [*collected[:position], value, *collected[position + 1 :]]
            )
        enough = loop.completion_condition is not None and execution.holds(
            loop.completion_condition, item, self.element.label, self._counts(frame)
        )
        for entry in loop.behaviour_events:
            enough = self._behave(frame, item, entry) or enough
        frame.notes["done"] += 1
        if enough:
            frame.notes["enough"] = True

    def _counts(self, frame: Token) -> dict[str, Json]:
        """What a completion condition sees: the item that is leaving counts as completed."""
        total, done, active = frame.notes["total"], frame.notes["done"] + 1, len(frame._children) - 1
        return {
            "numberOfInstances": total, "numberOfActiveInstances": active, "numberOfCompletedInstances": done,
            "numberOfTerminatedInstances": 0,
            "nrOfInstances": total, "nrOfActiveInstances": active, "nrOfCompletedInstances": done,
        }  # fmt: skip

    def _tell_counts(self, frame: Token) -> None:
        """Camunda 7 lets every expression inside the loop read its counters."""
        if self.loop.first_counter == 0:
            execution, notes = frame.workflow, frame.notes
            execution.variables.set_local(frame.id, "nrOfInstances", notes["total"])
            execution.variables.set_local(frame.id, "nrOfActiveInstances", len(frame._children))
            execution.variables.set_local(frame.id, "nrOfCompletedInstances", notes["done"])

    def _behave(self, frame: Token, item: Token, entry: BehaviourEvent) -> bool:
        """Throw what the loop throws when an item completes, to its own boundary (BPMN 2.0, table 10.30).

        The item that throws is completing anyway, so an interrupting boundary event takes nothing else away; only a
        complex behaviour whose condition holds ends the others too. True when it does.
        """
        behaviour = self.loop.behaviour
        if behaviour is Behaviour.ONE and frame.notes["done"] > 0:
            return False
        execution = frame.workflow
        if entry.condition is not None and not execution.holds(
            entry.condition, item, self.element.label, self._counts(frame)
        ):
            return False
        scope = frame.scope
        assert scope is not None  # an activity lies in a process or sub-process
        for border in self.boundary:
            if any(_catches(awaited, entry.event, frame) for awaited in border.element.event.triggers):
                execution.spawn(border, scope).notes["happened"] = {}
        return behaviour is Behaviour.COMPLEX

    def on_child_ended(self, token: Token) -> None:
        if token.stage is not Stage.ACTIVE or token._state == TaskState.ERROR:
            return
        execution, loop = token.workflow, self.loop
        if token.notes.pop("enough", False):
            self.end_others(token)
            self.finish(token)
        elif loop.sequential and token.notes["done"] < token.notes["total"]:
            counter, item = token.notes["done"] + 1, None
            if loop.input_element is not None:
                execution.variables.need((ITEMS,))
                item = execution.variables.local(token.id)[ITEMS][counter - 1]
            self._begin(token, counter, item)
            self._tell_counts(token)
        elif not token._children:
            self.finish(token)
        else:
            self._tell_counts(token)


def loop_item(spec: ElementSpec) -> ElementSpec:
    """Make a spec of an activity the item of a loop: on leaving it reports to the frame instead of taking flows."""
    own_leave = spec.leave

    def leave(token: Token) -> bool | None:
        frame = token.scope
        assert frame is not None
        assert isinstance(frame.task_spec, LoopFrame)  # built so by `graph`
        done = own_leave(token)
        if done:
            frame.task_spec.item_leaves(frame, token)
        return done

    spec.leave = leave  # type: ignore[method-assign]  # one item spec per loop, built once
    spec.is_item = True
    spec.start_quantity = spec.completion_quantity = 1
    return spec


def whole_number(value: Json, zh: str, en: str) -> int:
    """A number of rounds; ModelError when it is none or negative."""
    try:
        number = int(value)
        if number != value and not isinstance(value, str):
            number = -1
    except (TypeError, ValueError, ArithmeticError):
        number = -1
    if number < 0 or isinstance(value, bool):
        raise ModelError("EXTRACT_VALUE_ERROR", f"{zh}应为不小于零的整数,得到 {value!r}",
                         f"{en} must be a whole number of at least zero, found {value!r}")  # fmt: skip
    return number


def _catches(awaited: EventDefinition, thrown: EventDefinition, frame: Token) -> bool:
    if awaited.trigger is not thrown.trigger or thrown.trigger is Trigger.NONE:
        return False
    wanted, given = awaited.name or awaited.code, thrown.name or thrown.code
    if wanted is None or given is None:
        return wanted is None
    evaluate = frame.workflow.evaluate
    return bool(evaluate(wanted, frame) == evaluate(given, frame))


def _too_many(name: str, found: int, most: int) -> ModelError:
    return ModelError(
        "EXTRACT_VALUE_ERROR",
        f"“{name}”的循环最多 {most} 项,得到 {found} 项",
        f"the loop '{name}' takes at most {most} items, found {found}",
    )
