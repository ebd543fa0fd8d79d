"""Gateways: who is let through, and by which flows (BPMN 2.0, section 13.4)."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.parsing.records import Flow
from engine.runtime.elements import ElementSpec, no_flow
from engine.runtime.token import Token


class ExclusiveGateway(ElementSpec):
    """The first flow in document order whose condition holds, else the default. Merges by passing each token on."""

    def choose(self, token: Token) -> list[tuple[Flow, ElementSpec]]:
        if len(self.flows_out) == 1 and self.flows_out[0][0].condition is None:
            return list(self.flows_out)
        default = None
        for flow, target in self.flows_out:
            if flow.id == self.default_flow:
                default = (flow, target)
            elif flow.condition is None or token.workflow.holds(flow.condition, token, flow.id):
                return [(flow, target)]
        if default is None:
            if not self.flows_out:
                return []
            raise no_flow(self.element)
        return [default]


class ParallelGateway(ElementSpec):
    """Waits for one token on each incoming flow; then one token on each outgoing flow. A further token waits on."""

    def _update_hook(self, token: Token) -> bool:
        incoming = self.element.incoming
        if len(incoming) < 2:
            return True
        token._set_state(TaskState.WAITING)
        waiting = waiting_at(self, token)
        first = {other.flow: other for other in reversed(waiting)}
        if any(flow not in first for flow in incoming):
            return False
        merge(token, [first[flow] for flow in incoming])
        return True

    def choose(self, token: Token) -> list[tuple[Flow, ElementSpec]]:
        return list(self.flows_out)


class InclusiveGateway(ElementSpec):
    """Every flow whose condition holds, else the default.

    As a join it waits for every token that can still reach it by a flow on which none waits, unless that token can also
    reach it by a flow on which one does (BPMN 2.0, section 13.4.3). `reach` holds, for each element of the scope, the
    incoming flows of this gateway that a token there can still arrive by; it is computed once per version.
    """

    reach: dict[str, frozenset[str]]

    def _update_hook(self, token: Token) -> bool:
        if len(self.element.incoming) < 2:
            return True
        token._set_state(TaskState.WAITING)
        token.workflow.joins_waiting = True
        return False

    def may_go_on(self, token: Token) -> list[Token] | None:
        """The tokens that merge now, or None while one is still to come. Asked when nothing else can move."""
        waiting = waiting_at(self, token)
        first = {other.flow: other for other in reversed(waiting)}
        scope = token.scope
        assert scope is not None  # a gateway lies in a process or sub-process
        for sibling in token.workflow.children_of(scope):
            if sibling.task_spec is self:
                continue
            arrivals = self.reach.get(sibling.task_spec.element.id, frozenset())
            if arrivals and not any(flow in first for flow in arrivals):
                return None
        return [first[flow] for flow in self.element.incoming if flow in first]


class EventBasedGateway(ElementSpec):
    """Waits for the first of the events behind it; the others are disarmed (BPMN 2.0, section 13.4.4)."""

    def activate(self, token: Token) -> bool | None:
        for _, target in self.flows_out:
            token.workflow.arm(token, target.element)
        return None

    def choose(self, token: Token) -> list[tuple[Flow, ElementSpec]]:
        event = token.notes.get("event")
        return [(flow, target) for flow, target in self.flows_out if target.element.id == event]

    def _on_complete_hook(self, token: Token) -> None:
        execution = token.workflow
        scope, flow = token.scope, token.notes["given"][0]
        target = next(target for outgoing, target in self.flows_out if outgoing.id == flow)
        assert scope is not None  # a gateway lies in a process or sub-process
        execution.drop(token, given=(flow,))
        execution.spawn(target, scope, flow).notes["happened"] = token.notes["happened"]


def waiting_at(spec: ElementSpec, token: Token) -> list[Token]:
    """The tokens that wait at this join in the token's scope, in order of arrival."""
    scope = token.scope
    assert scope is not None  # a gateway lies in a process or sub-process
    return [
        other for other in token.workflow.children_of(scope)
        if other.task_spec is spec and other._state == TaskState.WAITING
    ]  # fmt: skip


def merge(token: Token, arrived: list[Token]) -> None:
    """Make one token of those that arrived; it remembers by which flows they came."""
    token.came_by = tuple(other.flow for other in arrived if other.flow is not None)
    for other in arrived:
        if other is not token:
            token.workflow.absorb(other)
