"""Gateways: who is let through, and by which flows (BPMN 2.0, section 13.4)."""

from __future__ import annotations

from engine.parsing.records import Flow
from engine.runtime.compensation import REOPENED
from engine.runtime.elements import ElementSpec, merge, no_flow, waiting_at
from engine.runtime.token import HELD, Stage, Token


class ExclusiveGateway(ElementSpec):
    """The first flow in document order whose condition holds, else the default. Merges by passing each token on."""

    def choose(self, token: Token) -> list[tuple[Flow, ElementSpec]]:
        if len(self.flows_out) == 1 and self.flows_out[0][0].condition is None:
            return list(self.flows_out)
        default = None
        for flow, target in self.flows_out:
            if flow.id == self.default_flow:
                default = (flow, target)
            elif flow.condition is None or token.workflow.holds(flow.condition, token, flow.label):
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
        token._set_state(HELD)
        waiting = waiting_at(self, token)
        first = {other.flow: other for other in reversed(waiting)}
        if any(flow not in first for flow in incoming):
            return False
        merge(token, [first[flow] for flow in incoming])
        return True

    def choose(self, token: Token) -> list[tuple[Flow, ElementSpec]]:
        return list(self.flows_out)


class LateJoin(ElementSpec):
    """A join that has to know what may still come. Asked by `release` when nothing else in the instance can move.

    `reach` holds, for each element of the scope, the incoming flows of this gateway that a token there can still arrive
    by; it is computed once per version.
    """

    reach: dict[str, frozenset[str]]

    def release(self, token: Token) -> bool:
        """Let go on what waits at this join in the token's scope; False when it has to wait on."""
        raise NotImplementedError


class InclusiveGateway(LateJoin):
    """Every flow whose condition holds, else the default.

    As a join it waits for every token that can still reach it by a flow on which none waits, unless that token can also
    reach it by a flow on which one does (BPMN 2.0, section 13.4.3).
    """

    def _update_hook(self, token: Token) -> bool:
        if len(self.element.incoming) < 2:
            return True
        token._set_state(HELD)
        return False

    def release(self, token: Token) -> bool:
        """Merge what has arrived, unless a token is still to come."""
        waiting = waiting_at(self, token)
        first = {other.flow: other for other in reversed(waiting)}
        scope = token.scope
        assert scope is not None  # a gateway lies in a process or sub-process
        for sibling in token.workflow.children_of(scope):
            if sibling.task_spec is self or REOPENED in sibling.notes:
                continue
            arrivals = self.reach.get(sibling.task_spec.element.id, frozenset())
            if arrivals and not any(flow in first for flow in arrivals):
                return False
        merging = [first[flow] for flow in self.element.incoming if flow in first]
        merge(merging[0], merging)
        merging[0]._ready()
        return True


class ComplexGateway(LateJoin):
    """A join that goes on when its activation condition holds, and takes in silently what comes after (BPMN 2.0, 13.4.5).

    The condition sees `activationCount`, the number of tokens that wait. After it held the gateway waits for the other
    incoming flows, until each has brought its token or none can come any more; then it is as at the beginning. The
    flows out are those whose condition holds, else the default, as behind an inclusive gateway; none leaves when it resets.
    """

    def _run_hook(self, token: Token) -> bool | None:
        if token.stage is Stage.ENTERING and len(self.element.incoming) > 1 and "passes" not in token.notes:
            scope = token.scope
            assert scope is not None  # a gateway lies in a process or sub-process
            passed = scope.notes.get(self._passed)
            if passed is not None:
                if token.flow not in passed:
                    scope.notes[self._passed] = sorted({*passed, str(token.flow)})
                    token.workflow.take_in(token)
                return None
            if not self._is_active(token):
                return None
            first = {other.flow: other for other in reversed(waiting_at(self, token))} | {token.flow: token}
            scope.notes[self._passed] = sorted(str(flow) for flow in first)
            merge(token, [first[flow] for flow in self.element.incoming if flow in first])
            token.notes["passes"] = True
        return super()._run_hook(token)

    @property
    def _passed(self) -> str:
        return f"passed#{self.element.id}"

    def _is_active(self, token: Token) -> bool:
        if self.element.activation is None:
            return True
        count = len(waiting_at(self, token)) + 1
        return token.workflow.holds(
            self.element.activation, token, self.element.label, {"activationCount": count, "waitingForStart": True}
        )

    def reset(self, scope: Token) -> bool:
        """Begin anew when nothing more can come by the other flows, by the rule of inclusive joins; asked when all waits."""
        passed = scope.notes.get(self._passed)
        if passed is None:
            return False
        execution = scope.workflow
        for sibling in execution.children_of(scope):
            arrivals = self.reach.get(sibling.task_spec.element.id, frozenset())
            if sibling.task_spec is self or REOPENED in sibling.notes:
                continue
            if arrivals and arrivals.isdisjoint(passed):
                return False
        del scope.notes[self._passed]
        for token in execution.children_of(scope):
            if token.task_spec is self and token._state == HELD:
                token._ready()
        return True

    def release(self, token: Token) -> bool:
        """What waits for the next round begins it when this one is over."""
        return token.scope is not None and self.reset(token.scope)


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
