"""From records to the graph that SpiffWorkflow runs: one spec per element, built once per version, never changed.

The records keep what the file says; what BPMN leaves implicit is settled here: where a scope begins, which events end
up behind an event-based gateway, which flows carry conditions, what can still reach an inclusive join.
"""

from __future__ import annotations

from collections import defaultdict

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.parsing.records import ACTIVITIES, Element, ElementKind, Listener, ProcessModel, Trigger
from engine.runtime import activities, events, gateways
from engine.runtime.elements import ElementSpec

_BEHAVIOURS: dict[ElementKind, type[ElementSpec]] = {
    ElementKind.SUB_PROCESS: activities.Scope,
    ElementKind.EVENT_SUB_PROCESS: activities.Scope,
    ElementKind.CALL_ACTIVITY: activities.CallActivity,
    ElementKind.TASK: activities.PassThrough,
    ElementKind.MANUAL_TASK: activities.PassThrough,
    ElementKind.USER_TASK: activities.UserTask,
    ElementKind.SERVICE_TASK: activities.JobTask,
    ElementKind.SEND_TASK: events.SendTask,
    ElementKind.RECEIVE_TASK: events.ReceiveTask,
    ElementKind.SCRIPT_TASK: activities.ScriptTask,
    ElementKind.BUSINESS_RULE_TASK: activities.BusinessRuleTask,
    ElementKind.EXCLUSIVE_GATEWAY: gateways.ExclusiveGateway,
    ElementKind.PARALLEL_GATEWAY: gateways.ParallelGateway,
    ElementKind.INCLUSIVE_GATEWAY: gateways.InclusiveGateway,
    ElementKind.EVENT_BASED_GATEWAY: gateways.EventBasedGateway,
    ElementKind.START_EVENT: events.StartEvent,
    ElementKind.INTERMEDIATE_CATCH_EVENT: events.CatchEvent,
    ElementKind.INTERMEDIATE_THROW_EVENT: events.ThrowEvent,
    ElementKind.BOUNDARY_EVENT: events.BoundaryEvent,
    ElementKind.END_EVENT: events.ThrowEvent,
}
"""One table from element kind to behaviour: what is supported."""

_JOB_KINDS = (ElementKind.SCRIPT_TASK, ElementKind.BUSINESS_RULE_TASK)
ITEM = "#item"
"""Suffix of the spec of a loop's items; the frame has the element's own id. `#` cannot stand in an XML id."""


class Graph:
    """The specs of one process version. `definition_id` and `bindings` say which version this is and what it pinned.

    `bindings` maps `form:<form id>`, `decision:<id>` and `process:<id>` to the version's row that the deployment pinned.
    """

    def __init__(self, model: ProcessModel, definition_id: int, bindings: dict[str, int]) -> None:
        self.model = model
        self.definition_id = definition_id
        self.bindings = bindings
        self.spec = BpmnProcessSpec(name=model.id, description=model.name)
        self._handlers: dict[str, activities.Scope] = {}
        self._handler_specs: set[ElementSpec] = set()
        self._listeners: dict[ElementSpec, dict[str, tuple[Listener, ...]]] = {}
        outer = Element(model.id, model.name, ElementKind.PROCESS, model.line, "", listeners=model.listeners)
        self.root: activities.ProcessScope = activities.ProcessScope(self.spec, outer)
        self._frames = {element.id: self._spec(element) for element in model.elements.values()}
        self._wire()
        self.has_inclusive_joins = self._reach()
        self.has_conditions = any(e.event.trigger is Trigger.CONDITIONAL for e in model.elements.values())
        for spec in [self.root, *self._frames.values(), *self._inner.values()]:
            self._listeners[spec] = self._listeners_of(spec)

    @property
    def _inner(self) -> dict[str, ElementSpec]:
        return {
            name: spec.inner for name, spec in self._frames.items() if isinstance(spec, activities.MultiInstanceBody)
        }

    def is_handler_start(self, event_id: str) -> bool:
        return event_id in self._handlers

    def is_handler(self, spec: ElementSpec) -> bool:
        return spec in self._handler_specs

    def handler(self, start_id: str) -> activities.Scope:
        """The event sub-process that begins with this start event."""
        return self._handlers[start_id]

    def listeners(self, spec: ElementSpec, event: str) -> tuple[Listener, ...]:
        return self._listeners[spec][event]

    def _listeners_of(self, spec: ElementSpec) -> dict[str, tuple[Listener, ...]]:
        own = () if isinstance(spec, activities.MultiInstanceBody) else spec.element.listeners
        return {event: tuple(listener for listener in own if listener.event == event) for event in ("start", "end")}

    def _spec(self, element: Element) -> ElementSpec:
        if element.loop is None:
            return self._behaviour(element, element.id)
        frame = activities.MultiInstanceBody(self.spec, element)
        frame.inner = activities.loop_item(self._behaviour(element, element.id + ITEM))
        return frame

    def _behaviour(self, element: Element, name: str) -> ElementSpec:
        if element.kind is ElementKind.START_EVENT and self._starts_handler(element):
            return events.EventSubProcessStart(self.spec, element, name)
        if element.kind in _JOB_KINDS and element.job is not None:
            return activities.JobTask(self.spec, element, name)
        return _BEHAVIOURS[element.kind](self.spec, element, name)

    def _starts_handler(self, element: Element) -> bool:
        scope = self.model.elements.get(element.scope)
        return scope is not None and scope.kind is ElementKind.EVENT_SUB_PROCESS

    def _body(self, scope_id: str) -> activities.Scope:
        """The spec whose tokens hold the elements of a scope: the item of a loop, else the element's own."""
        if scope_id == self.model.id:
            return self.root
        frame = self._frames[scope_id]
        inner = frame.inner if isinstance(frame, activities.MultiInstanceBody) else frame
        assert isinstance(inner, activities.Scope)  # only sub-processes contain elements
        return inner

    def _wire(self) -> None:
        model, frames = self.model, self._frames
        attached: dict[str, list[ElementSpec]] = defaultdict(list)
        inside: dict[str, list[Element]] = defaultdict(list)
        for element in model.elements.values():
            inside[element.scope].append(element)
            if element.attached_to is not None:
                attached[element.attached_to].append(frames[element.id])
        for element in model.elements.values():
            spec = frames[element.id]
            spec.boundary = tuple(attached[element.id])
            spec.flows_out = tuple((model.flows[flow], frames[model.flows[flow].target]) for flow in element.outgoing)
            spec.has_conditions = any(flow.condition is not None for flow, _ in spec.flows_out)
            for _, target in spec.flows_out:
                spec.connect(target)
        for scope_id, members in inside.items():
            self._open_scope(self._body(scope_id), members)

    def _open_scope(self, body: activities.Scope, members: list[Element]) -> None:
        handlers = []
        for element in members:
            if element.kind is ElementKind.EVENT_SUB_PROCESS:
                handler = self._frames[element.id]
                assert isinstance(handler, activities.Scope)  # an event sub-process has no loop (refused)
                start = next(e for e in self.model.children(element.id) if e.kind is ElementKind.START_EVENT)
                handlers.append((self._frames[start.id], handler))
                self._handlers[start.id] = handler
                self._handler_specs.add(handler)
        body.handlers = tuple(handlers)
        starts = [e for e in members if e.kind is ElementKind.START_EVENT and e.event.trigger is Trigger.NONE]
        if not starts and not any(e.kind is ElementKind.START_EVENT for e in members):
            begins = (
                ACTIVITIES | _GATEWAYS | {ElementKind.INTERMEDIATE_CATCH_EVENT, ElementKind.INTERMEDIATE_THROW_EVENT}
            )
            starts = [e for e in members if not e.incoming and e.kind in begins]
        body.starts = tuple(self._frames[element.id] for element in starts)

    def _reach(self) -> bool:
        """For each inclusive join: which of its incoming flows a token at each element of its scope may still come by."""
        joins = [
            spec for spec in self._frames.values()
            if isinstance(spec, gateways.InclusiveGateway) and len(spec.element.incoming) > 1
        ]  # fmt: skip
        for join in joins:
            reach: dict[str, set[str]] = defaultdict(set)
            for flow_id in join.element.incoming:
                self._mark(reach, self.model.flows[flow_id].source, flow_id, join.element.id)
            join.reach = {element_id: frozenset(flows) for element_id, flows in reach.items()}
        return bool(joins)

    def _mark(self, reach: dict[str, set[str]], element_id: str, flow_id: str, join_id: str) -> None:
        pending = [element_id]
        while pending:
            current = pending.pop()
            if current == join_id or flow_id in reach[current]:
                continue
            reach[current].add(flow_id)
            element = self.model.elements[current]
            pending.extend(self.model.flows[flow].source for flow in element.incoming)
            if element.attached_to is not None:
                pending.append(element.attached_to)


_GATEWAYS = frozenset(
    {
        ElementKind.EXCLUSIVE_GATEWAY, ElementKind.PARALLEL_GATEWAY, ElementKind.INCLUSIVE_GATEWAY,
        ElementKind.EVENT_BASED_GATEWAY,
    }
)  # fmt: skip
