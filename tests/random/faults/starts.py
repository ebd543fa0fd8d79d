"""Faults in what starts an instance."""

from typing import Any

import pytest

from engine.persistence import definitions, waits
from engine.work.messages import MessageCommands
from engine.work.starts import StartCommands


def message_starts_a_second_instance_with_the_same_key(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(waits, "is_running", lambda *_arguments: False)


def message_that_starts_brings_no_variables(patch: pytest.MonkeyPatch) -> None:
    own = StartCommands._start

    def start(self: StartCommands, definition: Any, variables: Any, **more: Any) -> int:
        return own(self, definition, {} if more.get("command") == "message_start" else variables, **more)

    patch.setattr(StartCommands, "_start", start)


def triggered_instance_begins_at_the_plain_start(patch: pytest.MonkeyPatch) -> None:
    own = StartCommands._start

    def start(self: StartCommands, definition: Any, variables: Any, **more: Any) -> int:
        if self.graph(definition.id).root.starts:
            more["start"] = None
        return own(self, definition, variables, **more)

    patch.setattr(StartCommands, "_start", start)


def signal_starts_nothing(patch: pytest.MonkeyPatch) -> None:
    own = definitions.start_subscriptions
    patch.setattr(
        definitions, "start_subscriptions", lambda c, kind, name: [] if kind == "signal" else own(c, kind, name)
    )


def timer_starts_only_once(patch: pytest.MonkeyPatch) -> None:
    own = waits.move_start_timer
    patch.setattr(waits, "move_start_timer", lambda c, region, timer_id, _following: own(c, region, timer_id, None))


def old_version_goes_on_starting(patch: pytest.MonkeyPatch) -> None:
    own = definitions.replace_starts

    def replace(connection: Any, process_id: str, subscriptions: Any, timers: Any) -> None:
        if subscriptions or timers:
            own(connection, process_id, subscriptions, timers)

    patch.setattr(definitions, "replace_starts", replace)


def condition_that_does_not_hold_starts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MessageCommands, "_holds", lambda _self, _condition, _variables: True)


FAULTS = (
    message_starts_a_second_instance_with_the_same_key, message_that_starts_brings_no_variables,
    triggered_instance_begins_at_the_plain_start, signal_starts_nothing, timer_starts_only_once, old_version_goes_on_starting,
    condition_that_does_not_hold_starts,
)  # fmt: skip
