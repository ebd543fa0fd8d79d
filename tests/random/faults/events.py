"""Faults in events: what is awaited, what is interrupted, who catches."""

from typing import Any

import pytest

from engine.parsing.records import Element
from engine.persistence import waits
from engine.runtime import events, gateways
from engine.runtime.elements import ElementSpec
from engine.runtime.execution import Execution
from engine.runtime.happening import Happenings
from engine.runtime.token import Token
from engine.timers import Cycle
from engine.work.waits import WaitCommands


def every_boundary_event_interrupts(patch: pytest.MonkeyPatch) -> None:
    own = Happenings._trigger_boundary

    def trigger(self: Execution, host: Token, spec: ElementSpec, variables: Any) -> None:
        own(self, host, spec, variables)
        if host.is_alive:
            self.terminate(host, by=spec.element.id)

    patch.setattr(Happenings, "_trigger_boundary", trigger)


def no_boundary_event_interrupts(patch: pytest.MonkeyPatch) -> None:
    def trigger(self: Execution, host: Token, spec: ElementSpec, variables: Any) -> None:
        assert host.scope is not None
        self.spawn(spec, host.scope).notes["happened"] = dict(variables)

    patch.setattr(Happenings, "_trigger_boundary", trigger)


def boundary_events_are_not_awaited(patch: pytest.MonkeyPatch) -> None:
    own = Execution.arm

    def arm(self: Execution, token: Token, element: Element) -> None:
        if element.attached_to is None:
            own(self, token, element)

    patch.setattr(Execution, "arm", arm)


def events_go_on_waiting_after_the_host_completed(patch: pytest.MonkeyPatch) -> None:
    own = Execution.disarm

    def disarm(self: Execution, token: Token, by: str | None = None, **which: Any) -> None:
        if by is not None or which:
            own(self, token, by, **which)

    patch.setattr(Execution, "disarm", disarm)


def interrupting_handler_leaves_the_others_armed(patch: pytest.MonkeyPatch) -> None:
    own = Execution.disarm

    def disarm(self: Execution, token: Token, by: str | None = None, **which: Any) -> None:
        if not (by is not None and which.get("only_handlers")):
            own(self, token, by, **which)

    patch.setattr(Execution, "disarm", disarm)


def non_interrupting_event_happens_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Happenings, "stays", lambda _self, _host, _key: False)


def cycle_without_end(patch: pytest.MonkeyPatch) -> None:
    own = Cycle.next

    def following(self: Cycle, zone: Any, now: Any) -> Any:
        found = own(Cycle(self.start, self.span, None, self.fired), zone, now)
        return None if found is None else (found[0], Cycle(self.start, self.span, self.left, found[1].fired))

    patch.setattr(Cycle, "next", following)


def cycle_of_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(WaitCommands, "_rearm", lambda _self, _row: False)


def catch_all_before_the_named_code(patch: pytest.MonkeyPatch) -> None:
    own = Happenings.catcher

    def catcher(self: Execution, token: Token, trigger: Any, code: str) -> Any:
        return own(self, token, trigger, "no such code") or own(self, token, trigger, code)

    patch.setattr(Happenings, "catcher", catcher)


def error_does_not_leave_a_called_process(patch: pytest.MonkeyPatch) -> None:
    from engine.runtime.step import Step

    own = Step.caller

    def caller(self: Step, execution: Execution) -> Any:
        return own(self, execution) if execution.root is None or not execution.root.is_alive else None

    patch.setattr(Step, "caller", caller)


def event_gateway_lets_every_event_through(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gateways.EventBasedGateway, "choose", lambda self, _token: list(self.flows_out))


def any_key_will_do(patch: pytest.MonkeyPatch) -> None:
    own = waits.subscriptions
    patch.setattr(waits, "subscriptions", lambda c, region, kind, name, _key: own(c, region, kind, name, None))


def message_id_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(waits, "message_known", lambda *_arguments: False)


def kept_message_is_never_found(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(waits, "take_buffered", lambda *_arguments: None)


def condition_is_asked_only_once(patch: pytest.MonkeyPatch) -> None:
    own = Execution._condition_became_true

    def asked(self: Execution) -> bool:
        self.variables.unseen.clear()
        return own(self)

    patch.setattr(Execution, "_condition_became_true", asked)


def event_brings_no_variables(patch: pytest.MonkeyPatch) -> None:
    own = events.BoundaryEvent.activate

    def activate(self: events.BoundaryEvent, token: Token) -> Any:
        token.notes.pop("happened", None)
        return own(self, token)

    patch.setattr(events.BoundaryEvent, "activate", activate)


FAULTS = (
    every_boundary_event_interrupts, no_boundary_event_interrupts, boundary_events_are_not_awaited,
    events_go_on_waiting_after_the_host_completed, interrupting_handler_leaves_the_others_armed,
    non_interrupting_event_happens_once, cycle_without_end, cycle_of_one, catch_all_before_the_named_code,
    error_does_not_leave_a_called_process, event_gateway_lets_every_event_through, any_key_will_do, message_id_is_forgotten,
    kept_message_is_never_found, condition_is_asked_only_once, event_brings_no_variables,
)  # fmt: skip
