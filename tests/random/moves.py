"""How tokens move: through flows and activities, into scopes and out of them (BPMN 2.0, 13.2 to 13.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.random.marking import Instance, See, Stay, Trouble, start_of
from tests.random.plan import Flow, Node
from tests.random.undoing import Undoing


class Moves(Undoing):
    """The rules of moving."""

    # -- coming to an element -------------------------------------------------------------------------------------------

    def _arrive(self, node: Node, scope: Stay, flow: str | None) -> Stay:
        stay = Stay(self._number(), node, scope.instance, scope, () if flow is None else (flow,))
        scope.kids.append(stay)
        if node.is_join and node.kind != "complexGateway":
            stay.phase = "held"
            if node.kind == "parallelGateway":
                self._pass_parallel_join(stay)
        else:
            self._queue(stay)
        return stay

    def _queue(self, stay: Stay) -> None:
        stay.phase = "queued"
        stay.instance.queue.append((self._go_on, stay))

    def _go_on(self, stay: Stay) -> None:
        """Begin, or go on where a failure or a listener stopped it."""
        self._count(stay.instance)
        if stay.node.is_join and stay.node.enough is not None and not stay.is_through and not self._comes_through(stay):
            return
        if not stay.has_begun:
            self._note_coming(stay)
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
        if stay.node.kind == "process":  # the one that was triggered, or those without a trigger
            starts = [node for node in starts if node.trigger == "none" or node.kind != "startEvent"]
        for start in starts if stay.begins_at is None else [stay.begins_at]:
            self._arrive(start, stay, None).happened = stay.happened

    def _arm_handlers(self, stay: Stay, inside: list[Node]) -> None:
        for handler in inside:
            if handler.kind == "eventSubProcess":
                self._arm(stay, start_of(stay.instance.process, handler))

    def _call(self, stay: Stay) -> None:
        assert stay.node.called is not None
        passed = See(stay).all() if stay.node.passes_all else dict(stay.variables)
        stay.called = self._new_instance(self.processes[stay.node.called], stay, passed)

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
        self._remember(stay)
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
        self._one_undone(stay.undone_for)
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
        if scope.is_reopened:
            if not scope.kids and scope.undoing is None:
                self._close(scope)
            return
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
