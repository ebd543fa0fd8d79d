"""How tokens move: through flows, gateways and activities, into scopes and out of them (BPMN 2.0, 13.2 to 13.4)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from tests.random.marking import (
    MOVES,
    STAYS,
    Endless,
    Instance,
    See,
    Stay,
    Trouble,
    key_of,
    start_of,
    within,
)
from tests.random.plan import Flow, Node, Process


class Moves:
    """The rules of moving. `processes` are those that may be called, `hour` is the time."""

    processes: dict[str, Process]
    hour: int
    roots: list[Instance]
    thrown: deque[tuple[Any, ...]]
    taken: Counter[str]
    met: Counter[tuple[str, str]]
    _numbers: int

    # -- from one standstill to the next --------------------------------------------------------------------------------

    def _touch(self, instance: Instance) -> None:
        if instance not in instance.top.touched:
            instance.top.touched.append(instance)

    def _stand_still(self, instance: Instance) -> None:
        """The end of a command: all that moves has moved, and what was thrown has come to those who waited for it."""
        self._settle(instance)
        self._deliver()

    def _settle(self, instance: Instance) -> None:
        tree = instance.top
        moving = True
        while moving:
            moving = False
            for member in list(tree.touched):
                moving = self._run(member) or moving
            moving = self._take_kept(tree) or moving
        for member in tree.touched:
            member.fresh.clear()
            member.changed.clear()
            member.moves = 0
        tree.touched.clear()

    def _run(self, instance: Instance) -> bool:
        moved = False
        while True:
            while instance.queue:
                moved = True
                act, stay = instance.queue.popleft()
                if stay.is_alive:
                    self._guard(stay, act)
            if not self._pass_inclusive_join(instance) and not self._ask_conditions(instance):
                return moved
            moved = True

    def _count(self, instance: Instance) -> None:
        instance.moves += 1
        if instance.moves > MOVES or len(instance.queue) > STAYS:
            raise Endless

    def _guard(self, stay: Stay, act: Any) -> None:
        """Do something at a stay; what the model got wrong becomes a failure that stands there."""
        try:
            act(stay)
        except Trouble as trouble:
            self._fail(stay, trouble)

    def _fail(self, stay: Stay, trouble: Trouble) -> None:
        if not stay.is_alive:
            return
        if stay.resume != "leave":
            for kid in list(stay.kids):
                self._terminate(kid)
            stay.waits.clear()
        stay.phase = "failed"
        stay.trouble = trouble.kind

    def _new_instance(self, process: Process, caller: Stay | None, variables: dict[str, Any]) -> Instance:
        instance = Instance(self._number(), process, caller, None if caller is None else caller.instance.top)
        instance.root = Stay(instance.number, Node(process.id, "process", ""), instance, None)
        instance.root.variables = variables
        if instance.tree is not None:
            instance.tree.members.append(instance)
        instance.changed.update((instance.root, name) for name in variables)
        self._queue(instance.root)
        self._touch(instance)
        return instance

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    # -- coming to an element -------------------------------------------------------------------------------------------

    def _arrive(self, node: Node, scope: Stay, flow: str | None) -> Stay:
        stay = Stay(self._number(), node, scope.instance, scope, () if flow is None else (flow,))
        scope.kids.append(stay)
        if node.is_join:
            stay.phase = "held"
            if node.kind == "parallelGateway":
                self._pass_parallel_join(stay)
        else:
            self._queue(stay)
        return stay

    def _queue(self, stay: Stay) -> None:
        stay.phase = "queued"
        stay.instance.queue.append((self._go_on, stay))

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

    def _pass_inclusive_join(self, instance: Instance) -> bool:
        """13.4.3: no token is left that could still come by an empty flow and could not come by one that is taken."""
        for stay in list(within(instance.root)):
            if stay.phase != "held" or stay.node.kind != "inclusiveGateway" or stay.scope is None:
                continue
            first = self._held(stay)
            empty = [flow for flow in stay.node.incoming if flow not in first]
            if not any(
                self._can_reach(instance.process, other.node, stay.node, empty)
                and not self._can_reach(instance.process, other.node, stay.node, list(first))
                for other in stay.scope.kids
                if other.node is not stay.node
            ):
                self._merge_tokens([first[flow] for flow in stay.node.incoming if flow in first])
                return True
        return False

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

    def _go_on(self, stay: Stay) -> None:
        """Begin, or go on where a failure or a listener stopped it."""
        self._count(stay.instance)
        if not stay.has_begun:
            stay.has_begun = True
            stay.instance.log["entered", stay.node.id, tuple(sorted(stay.came_by))] += 1
            if not stay.is_frame:
                for name, term in stay.node.inputs.items():
                    self._write(stay, name, term.value(See(stay)))
        if stay.resume in {"leave", "end listeners"}:
            self._leave(stay)
            return
        if self._listen(stay, "start"):
            return
        stay.resume = "begin"
        stay.phase = "active"
        if not stay.is_item:
            for node in self._attached(stay):
                self._arm(stay, node)
        self._activate(stay)

    def _listen(self, stay: Stay, when: str) -> bool:
        """Jobs before and after the element's own work (Camunda 8, "Execution listeners")."""
        wanted = [] if stay.is_frame else [listener for listener in stay.node.listeners if listener == when]
        if stay.listener >= len(wanted):
            return False
        stay.work, stay.retries, stay.phase = "job", 3, "active"
        stay.resume = f"{when} listeners"
        return True

    def _listened(self, stay: Stay) -> None:
        stay.listener += 1
        if stay.resume == "end listeners":
            self._guard(stay, self._leave)
        else:
            self._queue(stay)

    def _attached(self, stay: Stay) -> list[Node]:
        return stay.instance.process.attached(stay.node.id)

    def _activate(self, stay: Stay) -> None:  # noqa: C901 - one case for each kind
        node = stay.node
        if stay.is_frame:
            self._begin_loop(stay)
            return
        match node.kind:
            case "userTask":
                stay.work = "task"
            case "serviceTask":
                stay.work, stay.retries = "job", 3
            case "scriptTask":
                assert node.script is not None
                self._results(stay, {node.script[0]: node.script[1].value(See(stay))})
                self._leave(stay)
            case "process" | "subProcess" | "transaction" | "eventSubProcess":
                self._begin_scope(stay)
            case "adHocSubProcess":
                self._begin_ad_hoc(stay)
            case "callActivity":
                self._call(stay)
            case "eventBasedGateway":
                for flow in node.out:
                    self._arm(stay, stay.instance.process.nodes[flow.target])
            case "intermediateCatchEvent" | "receiveTask" if stay.happened is None and node.trigger != "link":
                self._arm(stay, node)
            case "startEvent" if stay.happened is not None and not node.outputs and stay.scope is not None:
                # what the trigger brought is local to the event sub-process (Camunda 8, "Event sub-process")
                stay.scope.variables.update(stay.happened)
                self._note(stay.scope, stay.happened)
                self._leave(stay)
            case "endEvent" | "intermediateThrowEvent" | "sendTask":
                self._throw(stay)
            case _:
                self._results(stay, stay.happened or {})
                self._leave(stay)

    def _begin_scope(self, stay: Stay) -> None:
        inside = stay.instance.process.inside(stay.node.id)
        self._arm_handlers(stay, inside)
        starts = [node for node in inside if node.kind == "startEvent"] or beginnings(inside)
        for start in starts:
            self._arrive(start, stay, None).happened = stay.happened

    def _arm_handlers(self, stay: Stay, inside: list[Node]) -> None:
        for handler in inside:
            if handler.kind == "eventSubProcess":
                self._arm(stay, start_of(stay.instance.process, handler))

    def _call(self, stay: Stay) -> None:
        assert stay.node.called is not None
        passed = See(stay).all() if stay.node.passes_all else dict(stay.variables)
        stay.called = self._new_instance(self.processes[stay.node.called], stay, passed)

    def _throw(self, stay: Stay) -> None:
        node = stay.node
        assert stay.scope is not None
        match node.trigger:
            case "message":
                self.thrown.append(("message", node.name, key_of(stay), dict(stay.variables)))
            case "signal":
                self.thrown.append(("signal", node.name, dict(stay.variables), stay.instance))
                self._signal(stay.instance, str(node.name), dict(stay.variables))
            case "error":
                if not self._throw_up(stay, "error", node.name or "", {}):
                    raise Trouble("UNHANDLED_ERROR_EVENT")
                return
            case "escalation":  # whoever throws goes on unless the catcher interrupts it, and nobody need catch it
                self._throw_up(stay, "escalation", node.name or "", {})
                if not stay.is_alive:
                    return
            case "terminate":
                self._end_others(stay)
            case "compensation":
                stay.undoing, stay.scope.completed = stay.scope.completed, []
                if self._undo_next(stay):
                    return
            case "cancel":
                self._end_others(stay)
                stay.undoing, stay.scope.completed = stay.scope.completed, []
                if not self._undo_next(stay):
                    self._undone(stay)
                return
        self._leave(stay)

    def _end_others(self, stay: Stay) -> None:
        assert stay.scope is not None
        self._disarm_handlers(stay.scope)
        for other in list(stay.scope.kids):
            if other is not stay:
                self._terminate(other)

    # -- leaving --------------------------------------------------------------------------------------------------------

    def _finish(self, stay: Stay, results: Mapping[str, Any]) -> None:
        stay.resume = "leave"
        self._results(stay, results)
        self._guard(stay, self._leave)

    def _leave(self, stay: Stay) -> None:
        if not stay.is_mapped:
            stay.is_mapped = True
            stay.resume, stay.listener = "leave", 0
            self._disarm_handlers(stay)  # a scope that completes is no longer open to events inside it (13.3.2, 13.5.4)
            self._map_outputs(stay)
        if self._listen(stay, "end"):
            return
        stay.resume = "leave"
        flows = [] if stay.is_item else self._choose(stay)
        if stay.is_item:
            assert stay.scope is not None
            self._item_done(stay.scope, stay)
        scope, process = stay.scope, stay.instance.process
        stay.instance.log["completed", stay.node.id, tuple(sorted(flow.id for flow in flows))] += 1
        event = stay.happened if stay.node.kind == "eventBasedGateway" else None
        self._remove(stay)
        if scope is None:
            self._end_instance(stay.instance)
            return
        if stay.node.undone_by is not None and not stay.is_item:
            scope.completed.append(stay.node)
        for flow in flows:
            self.taken[flow.id] += 1
            target = process.nodes[flow.target]
            self.met[stay.node.word, target.word] += 1
            arrived = self._arrive(target, scope, flow.id)
            if event is not None:
                arrived.happened = event
        if (stay.node.kind, stay.node.trigger) == ("intermediateThrowEvent", "link"):
            self._arrive(
                next(n for n in process.inside(scope.node.id) if n.name == stay.node.name and n is not stay.node),
                scope,
                None,
            )
        if stay.undone_for is not None and stay.undone_for.is_alive and not self._undo_next(stay.undone_for):
            self._undone(stay.undone_for)
        if scope.is_alive:
            self._ended_inside(scope)

    def _map_outputs(self, stay: Stay) -> None:
        if stay.is_frame:
            out = None if stay.node.loop is None else stay.node.loop.out
            if out is not None and stay.scope is not None:
                self._merge(stay.scope, {out: stay.variables.get(out, [])})
        elif stay.scope is not None:
            for name, term in stay.node.outputs.items():
                self._merge(stay.scope, {name: term.value(See(stay))})

    def _choose(self, stay: Stay) -> list[Flow]:
        node = stay.node
        if node.kind == "eventBasedGateway":
            return [flow for flow in node.out if flow.target == stay.first]
        if node.kind == "parallelGateway" or all(flow.test is None for flow in node.out):
            return [flow for flow in node.out if node.kind != "exclusiveGateway" or flow is node.out[0]]
        plain = [flow for flow in node.out if flow.test is None and flow.id != node.default]
        chosen = []
        for flow in node.out:
            if flow.test is not None and self._holds(flow.test.value(See(stay))):
                chosen.append(flow)
                if node.kind == "exclusiveGateway":
                    return chosen
        if not chosen:
            chosen = [flow for flow in node.out if flow.id == node.default]
        if not chosen and not plain:
            raise Trouble("CONDITION_ERROR")
        return [flow for flow in node.out if flow in chosen or flow in plain]

    @staticmethod
    def _holds(found: bool | None) -> bool:
        if found is None:
            raise Trouble("CONDITION_ERROR")
        return found

    def _ended_inside(self, scope: Stay) -> None:
        """A stay inside ended: a loop goes on to its next item; what holds nothing any more is over."""
        if scope.phase != "active" or scope.resume != "begin":
            return
        if scope.is_frame:
            self._guard(scope, self._next_item)
        elif scope.node.kind == "adHocSubProcess":
            self._guard(scope, self._next_of_choice)
        elif not scope.kids:  # it ends after what was thrown before its end has happened
            scope.instance.queue.append((self._finish_empty, scope))

    def _finish_empty(self, scope: Stay) -> None:
        if not scope.kids and scope.phase == "active" and scope.resume == "begin":
            self._finish(scope, {})

    def _end_instance(self, instance: Instance) -> None:
        instance.state = "completed"
        caller = instance.caller
        if caller is not None and caller.is_alive:
            caller.called = None
            self._touch(caller.instance)
            back = dict(instance.root.variables) if caller.node.gives_all or caller.node.outputs else {}
            self._finish(caller, back)

    # -- variables (Camunda 8, "Variables") -----------------------------------------------------------------------------

    def _results(self, stay: Stay, results: Mapping[str, Any]) -> None:
        if stay.node.outputs and not stay.is_frame:
            for name, value in results.items():
                self._write(stay, name, value)
        else:
            self._merge(stay, results)

    def _merge(self, stay: Stay, values: Mapping[str, Any]) -> None:
        """Each value goes to the nearest scope that has the name, else to the outermost."""
        for name, value in values.items():
            place = stay
            while name not in place.variables and place.scope is not None:
                place = place.scope
            self._write(place, name, value)

    def _write(self, stay: Stay, name: str, value: Any) -> None:
        stay.variables[name] = value
        stay.instance.changed.add((stay, name))

    def _note(self, stay: Stay, values: Mapping[str, Any]) -> None:
        stay.instance.changed.update((stay, name) for name in values)

    # -- taking away ----------------------------------------------------------------------------------------------------

    def _terminate(self, stay: Stay) -> None:
        for kid in list(stay.kids):
            self._terminate(kid)
        if stay.called is not None and stay.called.state == "active":
            self._cancel_instance(stay.called)
        if stay.has_begun:
            stay.instance.log["terminated", stay.node.id] += 1
        self._remove(stay)

    def _cancel_instance(self, instance: Instance) -> None:
        self._terminate(instance.root)
        instance.queue.clear()
        instance.state = "terminated"

    def _remove(self, stay: Stay) -> None:
        stay.phase = "gone"
        stay.waits.clear()
        stay.work, stay.trouble = None, None
        if stay.scope is not None:
            stay.scope.kids.remove(stay)


def beginnings(inside: list[Node]) -> list[Node]:
    """Without a start event, what nothing leads to begins."""
    return [
        node for node in inside
        if not node.incoming and node.kind not in {"boundaryEvent", "eventSubProcess"} and not node.undoes
        and (node.kind, node.trigger) != ("intermediateCatchEvent", "link")
    ]  # fmt: skip
