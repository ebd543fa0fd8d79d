"""The life of an element, written down once: what happens on entering, completing and leaving.

SpiffWorkflow's hooks carry it: `_update_hook` (a token arrives; joins may hold it), `_on_ready_hook` (it is queued),
`_run_hook` (entering; True: done at once, None: waits), `_on_complete_hook` (it leaves and takes its flows). An element
differs from another in `activate` and, for gateways, in `choose`. Order as in Camunda 8: input mappings, start
listeners, properties and events armed, own work; output mappings, end listeners, flows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.errors import ModelError
from engine.parsing.records import Dialect, Element, Flow
from engine.runtime import compensation
from engine.runtime.token import HELD, NOTED, Stage, Token
from engine.runtime.variables import put

if TYPE_CHECKING:
    from engine.model import Json, Variables
    from engine.runtime.gateways import ComplexGateway


class ElementSpec(BpmnTaskSpec):
    """What one element of a diagram does. Shared by all instances of a version and never changed after it was built.

    `flows_out` pairs each outgoing flow with the spec it leads to; `boundary` are the events attached to it.
    """

    catches = False
    """True when the element itself waits for its event (catch events, receive tasks)."""
    compensation: ElementSpec | None = None
    """The handler that is attached to this activity."""
    compensating_start: tuple[ElementSpec, ElementSpec] | None = None
    """Of a sub-process: the start event and the event sub-process that undo it."""
    can_be_undone = False
    """Whether completing it leaves something that compensation may ask for."""
    is_item = False
    """Whether it does the work of one item of a loop, inside its frame."""
    resets: tuple[ComplexGateway, ...] = ()
    """Of a scope: its complex gateways, which begin anew when nothing more can come."""

    def __init__(self, graph: BpmnProcessSpec, element: Element, name: str | None = None) -> None:
        super().__init__(graph, name or element.id)
        self.element = element
        self.flows_out: tuple[tuple[Flow, ElementSpec], ...] = ()
        self.default_flow: str | None = element.default_flow
        self.has_conditions = False
        self.boundary: tuple[ElementSpec, ...] = ()
        self.start_quantity = element.start_quantity
        self.completion_quantity = element.completion_quantity
        self.bpmn_id = element.id
        self.bpmn_name = element.name

    @property
    def logged(self) -> bool:
        """Whether a stay at this element stands in the history (the items of a loop do, its frame does too)."""
        return True

    def test(self) -> None:
        """SpiffWorkflow refuses tasks without a predecessor here; ours are judged at deployment."""

    def _update_hook(self, token: Token) -> bool:
        """A token arrives; an activity may need several to begin (BPMN 2.0, `startQuantity`)."""
        if self.start_quantity == 1:
            return True
        token._set_state(HELD)
        waiting = waiting_at(self, token)
        if len(waiting) < self.start_quantity:
            return False
        merge(token, waiting[-self.start_quantity :])
        return True

    def _on_ready_hook(self, token: Token) -> None:
        token.workflow.ready.append(token)

    def _run(self, token: Token) -> bool | None:
        """Without SpiffWorkflow's handling of exceptions: what fails becomes an incident (`Execution.run`)."""
        return self._run_hook(token)

    def _run_hook(self, token: Token) -> bool | None:
        execution = token.workflow
        if token.stage is Stage.ENTERING:
            if NOTED not in token.notes:
                execution.enter(token)
                token.notes[NOTED] = True
            self.map_inputs(token)
            del token.notes[NOTED]
            token.stage = Stage.STARTING
            token.notes["listener"] = 0
        if token.stage is Stage.STARTING and execution.open_listener(token, "start"):
            return None
        if token.stage in (Stage.LEAVING, Stage.ENDING):
            return self.leave(token)
        token.stage = Stage.ACTIVE
        for event in self.boundary:
            execution.arm(token, event.element)
        return self.activate(token)

    def activate(self, token: Token) -> bool | None:
        """The element's own work: True when it is done, None when it waits."""
        return self.leave(token)

    def finish(self, token: Token, variables: Variables | None = None) -> None:
        """The own work is done with these results: map outputs, leave. What fails becomes an incident."""
        execution = token.workflow
        try:
            token.stage = Stage.LEAVING
            self.map_results(token, variables or {})
            if self.leave(token):
                token.complete()
        except ModelError as error:
            execution.fail(token, error)

    def leave(self, token: Token) -> bool | None:
        """Output mappings, end listeners, choice of flows. True when nothing holds it any more."""
        execution = token.workflow
        if token.stage is not Stage.ENDING:
            token.stage = Stage.LEAVING
            self.map_outputs(token)
            token.stage = Stage.ENDING
            token.notes["listener"] = 0
        if execution.open_listener(token, "end"):
            return None
        token.notes["given"] = [flow.id for flow, _ in self.taken(token)]
        return True

    def map_inputs(self, token: Token) -> None:
        """Input mappings: evaluated in the scope outside, written locally.

        In Camunda 8 a later one sees what an earlier one wrote, in Camunda 7 it does not.
        """
        execution = token.workflow
        values: Iterable[Json] = (execution.json(mapping.source, token) for mapping in self.element.inputs)
        if execution.graph.model.dialect is Dialect.CAMUNDA_7:
            values = list(values)
        for mapping, value in zip(self.element.inputs, values, strict=True):
            name, *path = mapping.target
            local = execution.variables.local(token.id).get(name)
            execution.variables.set_local(token.id, name, put(local, tuple(path), value) if path else value)

    def map_results(self, token: Token, results: Variables) -> None:
        """The results of the element's work: local when output mappings pick from them, else merged outward.

        In Camunda 7 output parameters are additional: results always go outward.
        """
        execution = token.workflow
        if self.element.outputs and execution.graph.model.dialect is Dialect.CAMUNDA_8:
            for name, value in results.items():
                execution.variables.set_local(token.id, name, value)
        else:
            execution.merge(token, results)

    def map_outputs(self, token: Token) -> None:
        """`zeebe:output`: evaluated inside, written from the surrounding scope outward."""
        execution = token.workflow
        for mapping in self.element.outputs:
            value = execution.json(mapping.source, token)
            execution.assign(token.scope or token, mapping.target, value)

    def taken(self, token: Token) -> list[tuple[Flow, ElementSpec]]:
        """The flows that are chosen, what they set written to the scope around."""
        chosen, execution = self.choose(token), token.workflow
        outside = token.scope or token
        for flow, _ in chosen:
            for script in flow.scripts:
                if script.result_variable is not None:
                    execution.merge(outside, {script.result_variable: execution.json(script.expression, outside)})
        return chosen

    def choose(self, token: Token) -> list[tuple[Flow, ElementSpec]]:
        """The flows that are taken: those without condition, those whose condition holds, the default when none does.

        BPMN 2.0, sections 8.4.13 and 13.3.1.
        """
        if not self.has_conditions:
            return list(self.flows_out)
        execution = token.workflow
        taken, default, chosen = [], None, False
        for flow, target in self.flows_out:
            if flow.id == self.default_flow:
                default = (flow, target)
            elif flow.condition is None:
                taken.append((flow, target))
            elif execution.holds(flow.condition, token, flow.label):
                taken.append((flow, target))
                chosen = True
        if not chosen and default is not None:
            taken.append(default)
        if not taken:
            raise no_flow(self.element)
        return taken

    def _on_complete_hook(self, token: Token) -> None:
        """Leave: the token goes out of the tree, one new token for each flow taken."""
        execution = token.workflow
        given = token.notes.get("given", ())
        scope = token.scope
        compensation.remember(token)
        execution.drop(token, given=tuple(given))
        if scope is not None and scope.is_alive:
            for flow, target in self.flows_out:
                if flow.id in given:
                    for _ in range(self.completion_quantity):
                        execution.spawn(target, scope, flow.id)

    def on_child_ended(self, token: Token) -> None:
        """A token inside this one ended; by default the scope ends when nothing lives in it any more.

        It does so after what was thrown before its end has happened, as in Camunda 8.
        """
        if not token._children and token.stage is Stage.ACTIVE:
            token.workflow.later(self._finish_empty, token)

    def _finish_empty(self, token: Token) -> None:
        if not token._children and token.stage is Stage.ACTIVE:
            self.finish(token)

    def on_cancel(self, token: Token) -> None:
        """The token is being taken away; its children are gone already."""

    def pass_on(self, token: Token, variables: Variables) -> None:
        """The event happened and will again: tokens leave, this one stays (a cycle in the middle of a flow)."""
        execution, scope = token.workflow, token.scope
        assert scope is not None  # an event lies in a process or sub-process
        try:
            self.map_results(token, variables)
            self.map_outputs(token)
            for flow, target in self.taken(token):
                execution.spawn(target, scope, flow.id)
        except ModelError as error:
            execution.fail(token, error)

    def undone(self, token: Token) -> None:
        """Everything that this token undoes is undone."""
        self.finish(token)


def waiting_at(spec: ElementSpec, token: Token) -> list[Token]:
    """The tokens that are held at this element in the token's scope, in order of arrival."""
    scope = token.scope
    assert scope is not None  # tokens are held inside a process or sub-process
    return [other for other in token.workflow.children_of(scope) if other.task_spec is spec and other._state == HELD]


def merge(token: Token, arrived: list[Token]) -> None:
    """Make one token of those that arrived; it remembers by which flows they came."""
    token.came_by = tuple(other.flow for other in arrived if other.flow is not None)
    for other in arrived:
        if other is not token:
            token.workflow.absorb(other)


def no_flow(element: Element) -> ModelError:
    """No outgoing flow could be taken (Camunda 8, incident CONDITION_ERROR)."""
    return ModelError(
        "CONDITION_ERROR",
        f"“{element.label}”没有一个出口条件成立,也没有缺省出口",
        f"at '{element.label}' no outgoing condition holds and there is no default flow",
    )
