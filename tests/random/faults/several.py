"""Faults in events of several triggers and in complex gateways."""

from typing import Any

import pytest

from engine.model import ClosedHow
from engine.parsing.records import Trigger
from engine.runtime import events, gateways
from engine.runtime.elements import waiting_at
from engine.runtime.execution import Execution
from engine.runtime.happening import Happenings
from engine.runtime.token import Token


def one_trigger_of_a_parallel_event_is_enough(patch: pytest.MonkeyPatch) -> None:
    def gather(self: Execution, token: Token, key: str, variables: Any) -> Any:
        self.close_event(token, key, ClosedHow.COMPLETED)
        self.disarm(token, of=key.partition("#")[0])
        return variables

    patch.setattr(Happenings, "_gather", gather)


def parallel_event_remembers_only_the_last(patch: pytest.MonkeyPatch) -> None:
    own = Happenings._gather

    def gather(self: Execution, token: Token, key: str, variables: Any) -> Any:
        return None if own(self, token, key, variables) is None else variables

    patch.setattr(Happenings, "_gather", gather)


def parallel_event_happens_only_once(patch: pytest.MonkeyPatch) -> None:
    own = Happenings.trigger

    def trigger(self: Execution, token: Token, key: str, variables: Any, keep: bool = False) -> None:
        own(self, token, key, variables, keep)
        event = self.element_spec(key.partition("#")[0]).element.event
        if event.trigger is Trigger.PARALLEL_MULTIPLE and token.is_alive and key in token.waits:
            self.disarm(token, of=key.partition("#")[0])

    patch.setattr(Happenings, "trigger", trigger)


def second_trigger_is_not_awaited(patch: pytest.MonkeyPatch) -> None:
    own = Execution._arm

    def arm(self: Execution, token: Token, element: Any, key: str, event: Any) -> None:
        if not key.endswith("#1"):
            own(self, token, element, key, event)

    patch.setattr(Execution, "_arm", arm)


def other_triggers_are_awaited_on(patch: pytest.MonkeyPatch) -> None:
    own = Execution.disarm

    def disarm(self: Execution, token: Token, by: str | None = None, **which: Any) -> None:
        if which.get("of") is None:
            own(self, token, by, **which)

    patch.setattr(Execution, "disarm", disarm)


def only_the_first_of_several_is_thrown(patch: pytest.MonkeyPatch) -> None:
    own = events.ThrowEvent._throw

    def throw(self: events.ThrowEvent, token: Token, event: Any) -> bool:
        return event is not self.element.event.triggers[0] or own(self, token, event)

    patch.setattr(events.ThrowEvent, "_throw", throw)


def complex_join_waits_for_every_flow(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        gateways.ComplexGateway,
        "_is_active",
        lambda self, token: len(waiting_at(self, token)) + 1 >= len(self.element.incoming),
    )


def complex_join_lets_the_first_one_through(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gateways.ComplexGateway, "_is_active", lambda _self, _token: True)


def complex_join_begins_anew_at_once(patch: pytest.MonkeyPatch) -> None:
    own = gateways.ComplexGateway._run_hook

    def run(self: gateways.ComplexGateway, token: Token) -> bool | None:
        assert token.scope is not None
        token.scope.notes.pop(self._passed, None)
        return own(self, token)

    patch.setattr(gateways.ComplexGateway, "_run_hook", run)


def complex_join_never_begins_anew(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gateways.ComplexGateway, "reset", lambda _self, _scope: False)


def late_token_at_a_complex_join_is_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Execution, "take_in", lambda _self, _token: None)


FAULTS = (
    one_trigger_of_a_parallel_event_is_enough, parallel_event_remembers_only_the_last, parallel_event_happens_only_once,
    second_trigger_is_not_awaited, other_triggers_are_awaited_on, only_the_first_of_several_is_thrown,
    complex_join_waits_for_every_flow, complex_join_lets_the_first_one_through, complex_join_begins_anew_at_once,
    complex_join_never_begins_anew, late_token_at_a_complex_join_is_lost,
)  # fmt: skip
