"""Which diagrams cannot be carried out although every word of them is known: flows, gateways, scopes.

Each rule is a small function over the records of one process; its id is the name of its page in `docs/rules/`, where it
stands with a wrong and a right diagram. Rules about events are in `rules_events`. The guide was BPMN 2.0 chapter 13
together with chapter 10, the checks that Camunda 8 makes at deployment, and the invalid models of public conformance suites.
What is legal though unusual (no start event, no end event, several flows out of an activity) is not refused here.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.parsing import rules_events
from engine.parsing.elements import chinese_name
from engine.parsing.judgement import Judgement
from engine.parsing.records import ACTIVITIES, Element, ElementKind, ProcessModel, Trigger
from engine.parsing.report import Report

_GATEWAYS = frozenset(
    {
        ElementKind.EXCLUSIVE_GATEWAY,
        ElementKind.PARALLEL_GATEWAY,
        ElementKind.INCLUSIVE_GATEWAY,
        ElementKind.EVENT_BASED_GATEWAY,
    }
)
_DECIDING = frozenset({ElementKind.EXCLUSIVE_GATEWAY, ElementKind.INCLUSIVE_GATEWAY})
_AWAITED = frozenset({Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL, Trigger.CONDITIONAL})


def check(process: ProcessModel, report: Report) -> None:
    """Report every rule that a process breaks; warnings too."""
    judgement = Judgement(process, report)
    for rule in (*_RULES, *rules_events.RULES):
        rule(judgement)
    if not report.errors:
        # What is unreachable can only be said of a graph that is otherwise right.
        unreachable(judgement)


# -- flows -------------------------------------------------------------------------------------------------------------
def flow_ends(judgement: Judgement) -> None:
    """Where a sequence flow may begin and end (BPMN 2.0, 7.6.1)."""
    for flow, source, target in judgement.connections():
        if source.scope != target.scope:
            judgement.refuse(
                "flow-scope",
                flow,
                "顺序流不能穿过子流程的边框;进出子流程请连到子流程本身。",
                "A sequence flow cannot cross the border of a sub-process; connect it to the sub-process itself.",
            )
        if target.kind is ElementKind.START_EVENT:
            judgement.refuse(
                "flow-into-start", flow, "顺序流不能流入开始事件。", "No sequence flow can lead into a start event."
            )
        if source.kind is ElementKind.END_EVENT:
            judgement.refuse(
                "flow-out-of-end", flow, "顺序流不能从结束事件流出。", "No sequence flow can leave an end event."
            )
        if target.kind is ElementKind.BOUNDARY_EVENT:
            judgement.refuse(
                "flow-into-boundary",
                flow,
                "顺序流不能流入边界事件。",
                "No sequence flow can lead into a boundary event.",
            )
        if ElementKind.EVENT_SUB_PROCESS in {source.kind, target.kind}:
            judgement.refuse(
                "event-sub-process-flow",
                flow,
                "事件子流程由事件启动,不能有顺序流进出。",
                "An event sub-process is started by its event; no sequence flow can lead into it or out of it.",
            )


def conditions_have_a_place(judgement: Judgement) -> None:
    """Conditions are evaluated where a choice is: behind exclusive and inclusive gateways and behind activities."""
    for flow, source, _ in judgement.connections():
        if flow.condition is None:
            continue
        if source.kind not in _DECIDING and source.kind not in ACTIVITIES:
            judgement.refuse(
                "condition-place",
                flow,
                f"“{chinese_name(source.kind)}”之后的顺序流不能带条件,因为那里不作选择。",
                f"A flow that leaves a {source.kind} cannot have a condition: nothing is chosen there.",
            )
        if source.default_flow == flow.id:
            judgement.refuse("default-flow", flow, "默认流不能带条件。", "A default flow cannot have a condition.")


def choices_are_complete(judgement: Judgement) -> None:
    """Behind a gateway that decides, each of several flows has a condition or is the default."""
    for element in judgement.of(_DECIDING):
        outgoing = judgement.outgoing(element)
        if len(outgoing) < 2:
            continue
        for flow in outgoing:
            if flow.condition is None and flow.id != element.default_flow:
                judgement.refuse(
                    "condition-missing",
                    flow,
                    f"“{chinese_name(element.kind)}”之后的这条顺序流既没有条件,也不是默认流。",
                    f"This flow behind the {element.kind} has no condition and is not the default flow.",
                )


def defaults_leave_their_element(judgement: Judgement) -> None:
    """A default flow is one of the element's own outgoing flows."""
    for element in judgement.process.elements.values():
        if element.default_flow is not None and element.default_flow not in element.outgoing:
            judgement.refuse(
                "default-flow",
                element,
                f"默认流“{element.default_flow}”不是从这里流出的顺序流。",
                f"The default flow '{element.default_flow}' does not leave this element.",
            )


# -- gateways ----------------------------------------------------------------------------------------------------------
def gateways_lead_on(judgement: Judgement) -> None:
    """A gateway chooses or joins on the way to something; without an outgoing flow it does neither."""
    for element in judgement.of(_GATEWAYS):
        if not element.outgoing:
            judgement.refuse(
                "gateway-without-outgoing",
                element,
                f"“{chinese_name(element.kind)}”没有流出的顺序流。",
                f"The {element.kind} has no outgoing flow.",
            )


def event_gateways_wait_for_events(judgement: Judgement) -> None:
    """Behind an event-based gateway stand catch events alone, at least two, reached by no other way (BPMN 2.0, 10.6.6)."""
    for gateway in judgement.of({ElementKind.EVENT_BASED_GATEWAY}):
        flows = judgement.outgoing(gateway)
        if len(flows) == 1:
            judgement.refuse(
                "event-gateway",
                gateway,
                "基于事件的网关之后至少要有两个事件。",
                "An event-based gateway has at least two events behind it.",
            )
        for flow in flows:
            target = judgement.process.elements.get(flow.target)
            if target is not None:
                _check_event_gateway_target(judgement, target)


def _check_event_gateway_target(judgement: Judgement, target: Element) -> None:
    if target.kind is not ElementKind.INTERMEDIATE_CATCH_EVENT or target.event.trigger not in _AWAITED:
        judgement.refuse(
            "event-gateway",
            target,
            "基于事件的网关之后只能是消息、定时、信号或条件的中间捕获事件。",
            "Behind an event-based gateway there can be intermediate catch events (message, timer, signal, conditional) alone.",
        )
    elif len(target.incoming) > 1:
        judgement.refuse(
            "event-gateway",
            target,
            "基于事件的网关之后的事件不能另有顺序流流入。",
            "An event behind an event-based gateway cannot have another incoming flow.",
        )


# -- scopes ------------------------------------------------------------------------------------------------------------
def scopes_can_begin(judgement: Judgement) -> None:
    """A process or sub-process has one plain start, or an element that nothing leads to (an implicit start)."""
    process = judgement.process
    scopes: list[ProcessModel | Element] = [process, *judgement.of({ElementKind.SUB_PROCESS})]
    for scope in scopes:
        inside = judgement.children(scope.id)
        starts = [element for element in inside if element.kind is ElementKind.START_EVENT]
        plain = [start for start in starts if start.event.trigger is Trigger.NONE]
        if len(plain) > 1:
            judgement.refuse(
                "start-events",
                plain[1],
                "一个流程或子流程只能有一个无触发条件的开始事件。",
                "A process or sub-process can have one start event without a trigger.",
            )
        if not starts and not any(_is_implicit_start(element) for element in inside):
            judgement.refuse(
                "no-start",
                scope,
                "没有开始事件,也没有可以作为起点的元素。",
                "There is no start event, and no element that could serve as the beginning.",
            )


def event_sub_processes_have_one_event(judgement: Judgement) -> None:
    """An event sub-process begins with exactly one start event, and that has a trigger (BPMN 2.0, 10.3.5)."""
    for scope in judgement.of({ElementKind.EVENT_SUB_PROCESS}):
        starts = [e for e in judgement.children(scope.id) if e.kind is ElementKind.START_EVENT]
        if len(starts) != 1:
            judgement.refuse(
                "event-sub-process-start",
                scope,
                f"事件子流程应当恰好有一个开始事件,现有 {len(starts)} 个。",
                f"An event sub-process has exactly one start event; this one has {len(starts)}.",
            )


def _is_implicit_start(element: Element) -> bool:
    return not element.incoming and element.kind not in {
        ElementKind.START_EVENT,
        ElementKind.BOUNDARY_EVENT,
        ElementKind.EVENT_SUB_PROCESS,
    }


def unreachable(judgement: Judgement) -> None:
    """Warn of elements that no token can ever come to: legal, and almost always a forgotten flow."""
    process = judgement.process
    reached: set[str] = set()
    waiting = _beginnings(judgement, process.id)
    while waiting:
        element = process.elements[waiting.pop()]
        if element.id in reached:
            continue
        reached.add(element.id)
        waiting.extend(flow.target for flow in judgement.outgoing(element))
        waiting.extend(boundary.id for boundary in judgement.boundary_events(element.id))
        if element.kind in {ElementKind.SUB_PROCESS, ElementKind.EVENT_SUB_PROCESS}:
            waiting.extend(_beginnings(judgement, element.id))
    for element in process.elements.values():
        if element.id not in reached:
            judgement.warn("unreachable", element, "没有路径通到这个元素。", "No path leads to this element.")


def _beginnings(judgement: Judgement, scope: str) -> list[str]:
    inside = judgement.children(scope)
    starts = [element.id for element in inside if element.kind is ElementKind.START_EVENT]
    if not starts:
        starts = [element.id for element in inside if _is_implicit_start(element)]
    return starts + [element.id for element in inside if element.kind is ElementKind.EVENT_SUB_PROCESS]


_RULES: tuple[Callable[[Judgement], None], ...] = (
    flow_ends,
    conditions_have_a_place,
    choices_are_complete,
    defaults_leave_their_element,
    gateways_lead_on,
    event_gateways_wait_for_events,
    scopes_can_begin,
    event_sub_processes_have_one_event,
)
