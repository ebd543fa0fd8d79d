"""The walks find faults that are put into the engine on purpose: a check that finds nothing wrong must be able to."""

from collections.abc import Callable
from random import Random

import pytest

from engine.persistence import waits
from engine.runtime import events, gateways
from engine.runtime.execution import Execution
from engine.runtime.token import Token
from tests.engine.lab import Lab
from tests.random.models import Builder
from tests.random.test_walks import walk

MODELS = 40


def join_without_waiting(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gateways.ParallelGateway, "_update_hook", lambda _self, _token: True)


def always_interrupt(patch: pytest.MonkeyPatch) -> None:
    own = Execution._trigger_boundary

    def trigger(self: Execution, host: Token, spec: object, variables: object, keep: bool) -> None:
        own(self, host, spec, variables, keep=False)  # type: ignore[arg-type]
        if host.is_alive:
            self.terminate(host, by=None)

    patch.setattr(Execution, "_trigger_boundary", trigger)


def terminate_only_itself(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Execution, "terminate_others", lambda _self, _token: None)


def default_first(patch: pytest.MonkeyPatch) -> None:
    def choose(self: gateways.ExclusiveGateway, _token: Token) -> object:
        return [next((out for out in self.flows_out if out[0].id == self.default_flow), self.flows_out[0])]

    patch.setattr(gateways.ExclusiveGateway, "choose", choose)


def forget_boundary_events(patch: pytest.MonkeyPatch) -> None:
    own = Execution.arm
    patch.setattr(
        Execution, "arm", lambda self, token, element: own(self, token, element) if token.task_spec.catches else None
    )


def any_key_will_do(patch: pytest.MonkeyPatch) -> None:
    own = waits.subscriptions
    patch.setattr(waits, "subscriptions", lambda c, region, kind, name, _key: own(c, region, kind, name, None))


def leave_rows_behind(patch: pytest.MonkeyPatch) -> None:
    own = waits.save
    patch.setattr(waits, "save", lambda c, row, opened, _closed, **rest: own(c, row, opened, [], **rest))


FAULTS = (
    join_without_waiting, always_interrupt, terminate_only_itself, default_first, forget_boundary_events, any_key_will_do,
    leave_rows_behind,
)  # fmt: skip


@pytest.mark.sqlite_only
@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(lab: Lab, plant: Callable[[pytest.MonkeyPatch], None]) -> None:
    lab.is_damaged = True
    assert not events.StartEvent.catches  # the engine is whole before the fault is planted

    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        found = False
        for seed in range(1, MODELS + 1):
            file, nodes = Builder(Random(seed)).model()
            lab.deploy(file)
            try:
                walk(lab, nodes, Random(seed * 1000))
            except Exception:  # noqa: BLE001 - whatever shows the fault has found it
                found = True
                break

    assert found
