"""Faults in gateways, flows and the ends of scopes."""

import pytest

from engine.runtime import gateways
from engine.runtime.activities import CallActivity
from engine.runtime.elements import ElementSpec
from engine.runtime.execution import Execution
from engine.runtime.gateways import merge, waiting_at
from engine.runtime.token import HELD, Token


def join_without_waiting(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gateways.ParallelGateway, "_update_hook", lambda _self, _token: True)


def join_counts_tokens_instead_of_flows(patch: pytest.MonkeyPatch) -> None:
    def arrives(self: gateways.ParallelGateway, token: Token) -> bool:
        if len(self.element.incoming) < 2:
            return True
        token._set_state(HELD)
        waiting = waiting_at(self, token)
        if len(waiting) < len(self.element.incoming):
            return False
        merge(token, [*waiting[: len(self.element.incoming) - 1], token])
        return True

    patch.setattr(gateways.ParallelGateway, "_update_hook", arrives)


def inclusive_join_waits_for_nobody(patch: pytest.MonkeyPatch) -> None:
    own = gateways.InclusiveGateway.release

    def release(self: gateways.InclusiveGateway, token: Token) -> bool:
        reach, self.reach = self.reach, {}
        try:
            return own(self, token)
        finally:
            self.reach = reach

    patch.setattr(gateways.InclusiveGateway, "release", release)


def inclusive_join_waits_for_whoever_can_come_at_all(patch: pytest.MonkeyPatch) -> None:
    own = gateways.InclusiveGateway.release

    def release(self: gateways.InclusiveGateway, token: Token) -> bool:
        assert token.scope is not None
        siblings = token.workflow.children_of(token.scope)
        if any(other.task_spec is not self and self.reach.get(other.task_spec.element.id) for other in siblings):
            return False
        return own(self, token)

    patch.setattr(gateways.InclusiveGateway, "release", release)


def default_flow_first(patch: pytest.MonkeyPatch) -> None:
    def choose(self: gateways.ExclusiveGateway, _token: Token) -> object:
        return [next((out for out in self.flows_out if out[0].id == self.default_flow), self.flows_out[0])]

    patch.setattr(gateways.ExclusiveGateway, "choose", choose)


def inclusive_split_takes_one_flow(patch: pytest.MonkeyPatch) -> None:
    own = ElementSpec.choose
    patch.setattr(gateways.InclusiveGateway, "choose", lambda self, token: own(self, token)[:1])


def default_flow_besides_the_others(patch: pytest.MonkeyPatch) -> None:
    own = ElementSpec.choose

    def choose(self: ElementSpec, token: Token) -> object:
        taken = own(self, token)
        return [out for out in self.flows_out if out in taken or out[0].id == self.default_flow]

    patch.setattr(ElementSpec, "choose", choose)


def null_is_false(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        Execution,
        "holds",
        lambda self, condition, token, _place, extra=None: self.evaluate(condition, token, extra) is True,
    )


def terminate_ends_only_itself(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Execution, "terminate_others", lambda _self, _token: None)


def scope_ends_with_its_first_token(patch: pytest.MonkeyPatch) -> None:
    def ended(self: ElementSpec, token: Token) -> None:
        for child in token.workflow.children_of(token):
            token.workflow.terminate(child, by=None)
        token.workflow.later(self._finish_empty, token)

    patch.setattr(ElementSpec, "on_child_ended", ended)


def called_instance_outlives_its_caller(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CallActivity, "on_cancel", lambda _self, _token: None)


FAULTS = (
    join_without_waiting, join_counts_tokens_instead_of_flows, inclusive_join_waits_for_nobody,
    inclusive_join_waits_for_whoever_can_come_at_all, default_flow_first, inclusive_split_takes_one_flow,
    default_flow_besides_the_others, null_is_false, terminate_ends_only_itself, scope_ends_with_its_first_token,
    called_instance_outlives_its_caller,
)  # fmt: skip
