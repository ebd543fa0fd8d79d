"""Joins: who waits for whom (BPMN 2.0, 13.4)."""

from __future__ import annotations

from tests.random.marking import Instance, See, Stay, Trouble, within
from tests.random.plan import Node, Process
from tests.random.standing import Standing


class Joins(Standing):
    """Parallel, inclusive and complex gateways with several ways in."""

    def _pass_parallel_join(self, stay: Stay) -> None:
        """One token on each incoming flow is needed, and taken (13.4.1); a surplus one waits on."""
        first = self._held(stay)
        if all(flow in first for flow in stay.node.incoming):
            self._merge_tokens([first[flow] for flow in stay.node.incoming])

    def _held(self, stay: Stay) -> dict[str, Stay]:
        """By flow, the first token that the join holds."""
        assert stay.scope is not None
        first: dict[str, Stay] = {}
        for other in stay.scope.kids:
            if other.node is stay.node and other.phase == "held":
                first.setdefault(other.came_by[0], other)
        return first

    def _merge_tokens(self, tokens: list[Stay]) -> None:
        keeps = tokens[0]
        keeps.came_by = tuple(token.came_by[0] for token in tokens)
        for other in tokens[1:]:
            self._remove(other)
        self._queue(keeps)

    def _pass_late_join(self, instance: Instance) -> bool:
        """A join that had to see first what may still come: one goes on, or begins anew."""
        return self._pass_inclusive_join(instance) or self._reset_complex_join(instance)

    def _pass_inclusive_join(self, instance: Instance) -> bool:
        """13.4.3: no token is left that could still come by an empty flow and could not come by one that is taken."""
        for stay in list(within(instance.root)):
            if stay.phase != "held" or stay.node.kind != "inclusiveGateway" or stay.scope is None:
                continue
            first = self._held(stay)
            empty = [flow for flow in stay.node.incoming if flow not in first]
            if not self._can_come(stay.scope, stay.node, empty, list(first)):
                self._merge_tokens([first[flow] for flow in stay.node.incoming if flow in first])
                return True
        return False

    def _can_come(self, scope: Stay, join: Node, empty: list[str], taken: list[str]) -> bool:
        """Whether a token can still come by an empty flow that cannot come by one of the others instead.

        What is only open again to be undone does not go on to anywhere.
        """
        process = scope.instance.process
        return any(
            self._can_reach(process, other.node, join, empty) and not self._can_reach(process, other.node, join, taken)
            for other in scope.kids
            if other.node is not join and not other.is_reopened
        )

    @staticmethod
    def _can_reach(process: Process, node: Node, join: Node, flows: list[str]) -> bool:
        """Whether a token at the node, or an event attached to it, can come to the join by one of the flows."""
        seen = {join.id}
        pending = [node]
        while pending:
            current = pending.pop()
            if current.id in seen:
                continue
            seen.add(current.id)
            pending += process.attached(current.id)
            if current.trigger == "link":  # a pair of links is a flow that is not drawn (10.5.6)
                pending += [other for other in process.inside(current.scope) if other.name == current.name]
            for flow in current.out:
                if flow.id in flows:
                    return True
                pending.append(process.nodes[flow.target])
        return False

    # -- complex gateways (13.4.5) --------------------------------------------------------------------------------------

    def _comes_through(self, stay: Stay) -> bool:
        """Whether a token that comes to a complex join goes on; it waits otherwise, or ends because the join has gone on.

        The activation condition sees how many tokens are there, `activationCount`.
        """
        node, scope = stay.node, stay.scope
        assert scope is not None
        assert node.enough is not None
        flow = stay.came_by[0]
        passed = scope.passed.get(node.id)
        if passed is not None:
            if flow in passed:
                stay.phase = "held"  # for the next round
                return False
            passed.append(flow)
            self._take_in(stay)
            self._ended_inside(scope)
            return False
        waiting = [other for other in scope.kids if other.node is node and other.phase == "held"]
        try:
            is_enough = self._holds(node.enough.value(See(stay, {"activationCount": len(waiting) + 1})))
        except Trouble:
            self._note_coming(stay)  # a failure stands at an element that was come to
            raise
        if not is_enough:
            stay.phase = "held"
            return False
        first = {**{other.came_by[0]: other for other in reversed(waiting)}, flow: stay}
        scope.passed[node.id] = [way for way in node.incoming if way in first]
        stay.came_by = tuple(scope.passed[node.id])
        for other in first.values():
            if other is not stay:
                self._take_in(other)
        stay.is_through = True
        return True

    def _take_in(self, stay: Stay) -> None:
        """A token goes into another that passes, or is of no use any more."""
        if stay.has_begun:
            stay.instance.log["completed", stay.node.id, ()] += 1
        self._remove(stay)

    def _reset_complex_join(self, instance: Instance) -> bool:
        """A complex join that has gone on begins anew when nothing more is to come by its other flows, as inclusive joins ask."""
        for scope in list(within(instance.root)):
            for node_id, passed in list(scope.passed.items()):
                join = instance.process.nodes[node_id]
                rest = [flow for flow in join.incoming if flow not in passed]
                if self._can_come(scope, join, rest, passed):
                    continue
                del scope.passed[node_id]
                waiting = [other for other in scope.kids if other.node is join and other.phase == "held"]
                for other in waiting:
                    self._queue(other)
                if waiting:
                    return True
        return False
