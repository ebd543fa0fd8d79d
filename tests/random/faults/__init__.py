"""Faults that are put into the engine on purpose, one at a time: a check that finds nothing wrong must be able to.

Each is a function that patches one function of the engine, with a fault that somebody could make; the walks have to find it
(reliability page, section 3, a4).
"""

from collections.abc import Callable

import pytest

from tests.random.faults import events, flows, loops, several, starts, storage, undoing

Fault = Callable[[pytest.MonkeyPatch], None]

FAULTS: tuple[Fault, ...] = (
    *flows.FAULTS, *events.FAULTS, *loops.FAULTS, *storage.FAULTS, *several.FAULTS, *undoing.FAULTS, *starts.FAULTS,
)  # fmt: skip

QUICK: tuple[Fault, ...] = (
    flows.default_flow_first, flows.default_flow_besides_the_others, flows.terminate_ends_only_itself,
    flows.scope_ends_with_its_first_token, flows.called_instance_outlives_its_caller, events.every_boundary_event_interrupts,
    events.no_boundary_event_interrupts, events.boundary_events_are_not_awaited,
    events.events_go_on_waiting_after_the_host_completed, events.non_interrupting_event_happens_once,
    several.one_trigger_of_a_parallel_event_is_enough, several.parallel_event_happens_only_once,
    several.second_trigger_is_not_awaited, starts.message_starts_a_second_instance_with_the_same_key,
    starts.message_that_starts_brings_no_variables, starts.triggered_instance_begins_at_the_plain_start,
    starts.signal_starts_nothing, starts.timer_starts_only_once, starts.old_version_goes_on_starting,
    starts.condition_that_does_not_hold_starts,
)  # fmt: skip
"""Those that showed themselves within sixty walks when all were planted; some of the others need more than a thousand."""

__all__ = ["FAULTS", "QUICK", "Fault"]
