"""Faults in loops and variables."""

from typing import Any

import pytest

from engine.runtime import loops
from engine.runtime.elements import ElementSpec
from engine.runtime.execution import Execution
from engine.runtime.token import Token
from engine.runtime.variables import Variables, View


def completion_condition_is_ignored(patch: pytest.MonkeyPatch) -> None:
    own = loops.MultiInstanceFrame.item_leaves

    def leaves(self: loops.MultiInstanceFrame, frame: Token, item: Token) -> None:
        own(self, frame, item)
        frame.notes.pop("enough", None)

    patch.setattr(loops.MultiInstanceFrame, "item_leaves", leaves)


def other_items_go_on_when_it_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(loops.LoopFrame, "end_others", lambda _self, _frame: None)


def outputs_in_order_of_completion(patch: pytest.MonkeyPatch) -> None:
    own = loops.MultiInstanceFrame.item_leaves

    def leaves(self: loops.MultiInstanceFrame, frame: Token, item: Token) -> None:
        counter, item.notes["loop"] = item.notes["loop"], frame.notes["done"] + 1
        own(self, frame, item)
        item.notes["loop"] = counter

    patch.setattr(loops.MultiInstanceFrame, "item_leaves", leaves)


def every_item_gets_the_first_element(patch: pytest.MonkeyPatch) -> None:
    own = loops.MultiInstanceFrame._items

    def items(self: loops.MultiInstanceFrame, token: Token) -> Any:
        found = own(self, token)
        return [found[0]] * len(found) if found else found

    patch.setattr(loops.MultiInstanceFrame, "_items", items)


def variables_always_go_to_the_outermost_scope(patch: pytest.MonkeyPatch) -> None:
    def write(self: View, name: str, value: Any) -> int:
        self._variables.set_local(self._scopes[-1], name, value)
        return self._scopes[-1]

    patch.setattr(View, "set", write)


def variables_of_an_ended_scope_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Variables, "forget", lambda _self, _scope: None)


def results_stay_inside(patch: pytest.MonkeyPatch) -> None:
    def results(self: ElementSpec, token: Token, found: Any) -> None:
        for name, value in found.items():
            token.workflow.variables.set_local(token.id, name, value)

    patch.setattr(ElementSpec, "map_results", results)


def inputs_are_evaluated_again_on_leaving(patch: pytest.MonkeyPatch) -> None:
    own = ElementSpec.map_outputs

    def outputs(self: ElementSpec, token: Token) -> None:
        self.map_inputs(token)
        own(self, token)

    patch.setattr(ElementSpec, "map_outputs", outputs)


def second_listener_is_left_out(patch: pytest.MonkeyPatch) -> None:
    own = Execution.open_listener
    patch.setattr(
        Execution,
        "open_listener",
        lambda self, token, event: token.notes.get("listener", 0) == 0 and own(self, token, event),
    )


FAULTS = (
    completion_condition_is_ignored, other_items_go_on_when_it_is_enough, outputs_in_order_of_completion,
    every_item_gets_the_first_element, variables_always_go_to_the_outermost_scope, variables_of_an_ended_scope_stay,
    results_stay_inside, inputs_are_evaluated_again_on_leaving, second_listener_is_left_out,
)  # fmt: skip
