"""Faults in what is stored and read again."""

from typing import Any

import pytest

from engine.persistence import instances, waits
from engine.runtime import state
from engine.runtime.execution import Execution
from engine.work.jobs import JobCommands
from engine.work.unit import Unit


def rows_are_left_behind(patch: pytest.MonkeyPatch) -> None:
    own = waits.save
    patch.setattr(waits, "save", lambda c, row, opened, _closed, **rest: own(c, row, opened, [], **rest))


def join_forgets_by_which_flow_its_token_came(patch: pytest.MonkeyPatch) -> None:
    own = state.load

    def load(execution: Execution, data: bytes) -> None:
        own(execution, data)
        for token in execution.live():
            if token.came_by:
                token.flow = token.task_spec.element.incoming[0] if token.task_spec.element.incoming else None

    patch.setattr(state, "load", load)


def stage_is_not_stored(patch: pytest.MonkeyPatch) -> None:
    from engine.runtime.token import Stage

    own = state.load

    def load(execution: Execution, data: bytes) -> None:
        own(execution, data)
        for token in execution.live():
            if token.stage in {Stage.STARTING, Stage.ENDING}:
                token.stage = Stage.ACTIVE

    patch.setattr(state, "load", load)


def history_begins_a_stay_twice(patch: pytest.MonkeyPatch) -> None:
    own = Execution.enter

    def enter(self: Execution, token: Any) -> None:
        own(self, token)
        if token.task_spec.element.loop is not None and token.scope is not None:
            own(self, token)

    patch.setattr(Execution, "enter", enter)


def variables_are_saved_only_when_new(patch: pytest.MonkeyPatch) -> None:
    own = instances.save_variables

    def save(connection: Any, region: str, instance_id: int, changed: Any, dropped: Any) -> None:
        kept = {key: value for key, value in changed.items() if key[1] != "w"}
        own(connection, region, instance_id, kept if len(changed) > 1 else changed, dropped)

    patch.setattr(instances, "save_variables", save)


def incident_of_a_job_outlives_the_job(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(JobCommands, "_clear_incident", staticmethod(lambda _execution, _token: None))


def signal_is_never_delivered_to_others(patch: pytest.MonkeyPatch) -> None:
    from engine.work.messages import MessageCommands

    patch.setattr(MessageCommands, "_signal_one", lambda _self, _subscription_id, _variables: None)


def version_is_not_counted_when_nothing_was_opened(patch: pytest.MonkeyPatch) -> None:
    own = Unit._save

    def save(self: Unit, step: Any, command: str) -> Any:
        if command == "set_variables" and not any(execution.opened for execution in step.executions.values()):
            for execution in step.executions.values():
                execution.log.clear()
        return own(self, step, command)

    patch.setattr(Unit, "_save", save)


FAULTS = (
    rows_are_left_behind, join_forgets_by_which_flow_its_token_came, stage_is_not_stored, history_begins_a_stay_twice,
    variables_are_saved_only_when_new, incident_of_a_job_outlives_the_job, signal_is_never_delivered_to_others,
    version_is_not_counted_when_nothing_was_opened,
)  # fmt: skip
