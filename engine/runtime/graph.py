"""From records to the graph that SpiffWorkflow runs: one spec per element, built once per version, never changed.

The records keep what the file says; what BPMN leaves implicit is settled here: where a scope begins, which events end
up behind an event-based gateway, which flows carry conditions, what can still reach an inclusive join.
"""

from __future__ import annotations

from collections import defaultdict

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.model import TASK_MOMENTS
from engine.parsing.records import (
    ACTIVITIES,
    Element,
    ElementKind,
    EventDefinition,
    Listener,
    ProcessModel,
    StandardLoop,
    Trigger,
)
from engine.runtime import activities, events, gateways, loops
from engine.runtime.elements import ElementSpec
from engine.runtime.foresight import names_ahead

_BEHAVIOURS: dict[ElementKind, type[ElementSpec]] = {
    ElementKind.SUB_PROCESS: activities.Scope,
    ElementKind.EVENT_SUB_PROCESS: activities.Scope,
    ElementKind.TRANSACTION: activities.Scope,
    ElementKind.AD_HOC_SUB_PROCESS: activities.AdHocScope,
    ElementKind.CALL_ACTIVITY: activities.CallActivity,
    ElementKind.TASK: activities.PassThrough,
    ElementKind.MANUAL_TASK: activities.PassThrough,
    ElementKind.USER_TASK: activities.UserTask,
    ElementKind.SERVICE_TASK: activities.ScriptTask,
    ElementKind.SEND_TASK: events.SendTask,
    ElementKind.RECEIVE_TASK: events.ReceiveTask,
    ElementKind.SCRIPT_TASK: activities.ScriptTask,
    ElementKind.BUSINESS_RULE_TASK: activities.BusinessRuleTask,
    ElementKind.EXCLUSIVE_GATEWAY: gateways.ExclusiveGateway,
    ElementKind.PARALLEL_GATEWAY: gateways.ParallelGateway,
    ElementKind.INCLUSIVE_GATEWAY: gateways.InclusiveGateway,
    ElementKind.EVENT_BASED_GATEWAY: gateways.EventBasedGateway,
    ElementKind.COMPLEX_GATEWAY: gateways.ComplexGateway,
    ElementKind.START_EVENT: events.StartEvent,
    ElementKind.INTERMEDIATE_CATCH_EVENT: events.CatchEvent,
    ElementKind.INTERMEDIATE_THROW_EVENT: events.ThrowEvent,
    ElementKind.BOUNDARY_EVENT: events.BoundaryEvent,
    ElementKind.END_EVENT: events.ThrowEvent,
}
"""One table from element kind to behaviour: what is supported."""

_BY_TRIGGER: dict[tuple[ElementKind, Trigger], type[ElementSpec]] = {
    (ElementKind.INTERMEDIATE_THROW_EVENT, Trigger.LINK): events.LinkThrow,
    (ElementKind.INTERMEDIATE_CATCH_EVENT, Trigger.LINK): activities.PassThrough,
    (ElementKind.END_EVENT, Trigger.CANCEL): events.CancelEnd,
}
"""Events whose trigger asks for a behaviour of its own."""

_JOB_KINDS = (ElementKind.SERVICE_TASK, ElementKind.SCRIPT_TASK, ElementKind.BUSINESS_RULE_TASK)
_MOMENTS = ("start", "end", *TASK_MOMENTS)
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
        self._ahead: dict[str, frozenset[str]] = {}
        self.spec = BpmnProcessSpec(name=model.id, description=model.name)
        self.spec.task_specs.clear()  # SpiffWorkflow's own Start and End would take these ids from the diagram
        self._handlers: dict[str, activities.Scope] = {}
        self._handler_specs: dict[ElementSpec, bool] = {}
        self._listeners: dict[ElementSpec, dict[str, tuple[Listener, ...]]] = {}
        outer = Element(model.id, model.name, ElementKind.PROCESS, model.line, "", listeners=model.listeners)
        self.root: activities.ProcessScope = activities.ProcessScope(self.spec, outer)
        self._frames = {element.id: self._spec(element) for element in model.elements.values()}
        self._wire()
        self.has_late_joins = self._reach()
        self.has_conditions = any(
            part.trigger is Trigger.CONDITIONAL for e in model.elements.values() for part in e.event.triggers
        )
        self._prepare_compensation()
        for spec in [self.root, *self._frames.values(), *self._inner.values()]:
            self._listeners[spec] = self._listeners_of(spec)

    @property
    def _inner(self) -> dict[str, ElementSpec]:
        return {name: spec.inner for name, spec in self._frames.items() if isinstance(spec, loops.LoopFrame)}

    def is_handler_start(self, event_id: str) -> bool:
        return event_id in self._handlers

    def ahead(self, element_id: str) -> frozenset[str]:
        """The variables that a token at the element is going to ask for before it waits again (`foresight`)."""
        if element_id not in self._ahead:
            self._ahead[element_id] = names_ahead(self.model, element_id)
        return self._ahead[element_id]

    def is_handler(self, spec: ElementSpec) -> bool:
        return spec in self._handler_specs

    def interrupts(self, handler: ElementSpec) -> bool:
        """Whether an event sub-process interrupts the scope that it stands in."""
        return self._handler_specs[handler]

    def handler(self, start_id: str) -> activities.Scope:
        """The event sub-process that begins with this start event."""
        return self._handlers[start_id]

    def awaited(self, key: str) -> EventDefinition:
        """What a token awaits under a key of its waits: an event element's id, with `#` and a number one of its parts."""
        element_id, _, part = key.partition("#")
        event = self._frames[element_id].element.event
        return event.parts[int(part)] if part else event

    def listeners(self, spec: ElementSpec, event: str) -> tuple[Listener, ...]:
        return self._listeners[spec][event]

    def _listeners_of(self, spec: ElementSpec) -> dict[str, tuple[Listener, ...]]:
        own = () if isinstance(spec, loops.LoopFrame) else spec.element.listeners
        return {event: tuple(listener for listener in own if listener.event == event) for event in _MOMENTS}

    def _spec(self, element: Element) -> ElementSpec:
        if element.loop is None:
            return self._behaviour(element, element.id)
        kind = loops.StandardLoopFrame if isinstance(element.loop, StandardLoop) else loops.MultiInstanceFrame
        frame: loops.LoopFrame = kind(self.spec, element)
        frame.inner = loops.loop_item(self._behaviour(element, element.id + ITEM))
        return frame

    def _behaviour(self, element: Element, name: str) -> ElementSpec:
        if element.kind is ElementKind.START_EVENT and self._starts_handler(element):
            return events.EventSubProcessStart(self.spec, element, name)
        if element.kind in _JOB_KINDS and element.job is not None:
            return activities.JobTask(self.spec, element, name)
        if element.script is not None and element.job is None:
            return activities.ScriptTask(self.spec, element, name)
        if (special := _BY_TRIGGER.get((element.kind, element.event.trigger))) is not None:
            return special(self.spec, element, name)
        return _BEHAVIOURS[element.kind](self.spec, element, name)

    def _starts_handler(self, element: Element) -> bool:
        scope = self.model.elements.get(element.scope)
        return scope is not None and scope.kind is ElementKind.EVENT_SUB_PROCESS

    def body(self, scope_id: str) -> activities.Scope:
        """The spec whose tokens hold the elements of a scope: the item of a loop, else the element's own."""
        if scope_id == self.model.id:
            return self.root
        frame = self._frames[scope_id]
        inner = frame.inner if isinstance(frame, loops.LoopFrame) else frame
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
            self._open_scope(self.body(scope_id), members)

    def _open_scope(self, body: activities.Scope, members: list[Element]) -> None:
        body.members = tuple(self._frames[element.id] for element in members)
        self._join_links(members)
        handlers = []
        for element in members:
            if element.kind is ElementKind.EVENT_SUB_PROCESS:
                handler = self._frames[element.id]
                assert isinstance(handler, activities.Scope)  # an event sub-process has no loop (refused)
                start = next(e for e in self.model.children(element.id) if e.kind is ElementKind.START_EVENT)
                if start.event.trigger is Trigger.COMPENSATION:
                    body.compensating_start = (self._frames[start.id], handler)
                handlers.append((self._frames[start.id], handler))
                self._handlers[start.id] = handler
                self._handler_specs[handler] = start.interrupting
        body.handlers = tuple(handlers)
        starts = [e for e in members if e.kind is ElementKind.START_EVENT and e.event.trigger is Trigger.NONE]
        if not starts and not any(e.kind is ElementKind.START_EVENT for e in members):
            begins = (
                ACTIVITIES | _GATEWAYS | {ElementKind.INTERMEDIATE_CATCH_EVENT, ElementKind.INTERMEDIATE_THROW_EVENT}
            )
            starts = [e for e in members if not e.incoming and e.kind in begins and not _is_reached_otherwise(e)]
        body.starts = tuple(self._frames[element.id] for element in starts)

    def _reach(self) -> bool:
        """For each inclusive join: which of its incoming flows a token at each element of its scope may still come by."""
        joins = [
            spec for spec in self._frames.values()
            if isinstance(spec, gateways.LateJoin) and len(spec.element.incoming) > 1
        ]  # fmt: skip
        for join in joins:
            reach: dict[str, set[str]] = defaultdict(set)
            for flow_id in join.element.incoming:
                self._mark(reach, self.model.flows[flow_id].source, flow_id, join.element.id)
            join.reach = {element_id: frozenset(flows) for element_id, flows in reach.items()}
            if isinstance(join, gateways.ComplexGateway):
                body = self.body(join.element.scope)
                body.resets = (*body.resets, join)
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
            if element.kind is ElementKind.INTERMEDIATE_CATCH_EVENT and element.event.trigger is Trigger.LINK:
                pending.extend(
                    throw.id
                    for throw in self.model.children(element.scope)
                    if throw.kind is ElementKind.INTERMEDIATE_THROW_EVENT and throw.event.link == element.event.link
                )

    def _join_links(self, members: list[Element]) -> None:
        catches = {
            e.event.link: self._frames[e.id]
            for e in members
            if e.kind is ElementKind.INTERMEDIATE_CATCH_EVENT and e.event.trigger is Trigger.LINK
        }
        for element in members:
            spec = self._frames[element.id]
            if isinstance(spec, events.LinkThrow):
                spec.target = catches[element.event.link]  # deployment refuses a throw without its catch

    def _prepare_compensation(self) -> None:
        """Which activities leave something to undo when they complete: those with a handler, and those around them."""
        for element in self.model.elements.values():
            if element.compensation is not None and element.attached_to is not None:
                spec = self._frames[element.attached_to]
                spec.compensation = self._frames[element.compensation]
                self._can_be_undone(element.attached_to)
            if element.kind is ElementKind.START_EVENT and element.event.trigger is Trigger.COMPENSATION:
                self._can_be_undone(element.scope)

    def _can_be_undone(self, element_id: str) -> None:
        while element_id != self.model.id:
            spec = self._frames[element_id]
            spec.can_be_undone = True
            if isinstance(spec, loops.LoopFrame):
                spec.inner.can_be_undone = True
            element_id = spec.element.scope


def _is_reached_otherwise(element: Element) -> bool:
    """No flow leads to a compensation handler, to a catching link or to what a message starts; nothing begins there."""
    return element.for_compensation or element.starts_instance or element.event.trigger is Trigger.LINK


_GATEWAYS = frozenset(
    {
        ElementKind.EXCLUSIVE_GATEWAY, ElementKind.PARALLEL_GATEWAY, ElementKind.INCLUSIVE_GATEWAY,
        ElementKind.EVENT_BASED_GATEWAY, ElementKind.COMPLEX_GATEWAY,
    }
)  # fmt: skip
