"""Which diagrams cannot be carried out although every word of them is known: flows, gateways, scopes.

Each rule is a small function over the records of one process; its id is the name of its page in `docs/rules/`, where it
stands with a wrong and a right diagram. Rules about events are in `rules_events`, about loops and ad-hoc sub-processes in
`rules_activities`, about compensation, transactions and links in `rules_compensation`. The guide was BPMN 2.0 chapter 13
together with chapter 10, the checks that Camunda 8 makes at deployment, and the invalid models of public conformance suites.
What is legal though unusual (no start event, no end event, several flows out of an activity) is not refused here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from engine.parsing import rules_activities, rules_compensation, rules_events
from engine.parsing.elements import chinese_name
from engine.parsing.judgement import Judgement
from engine.parsing.records import ACTIVITIES, SUB_PROCESSES, Dialect, Element, ElementKind, ProcessModel, Trigger
from engine.parsing.report import Report

_GATEWAYS = frozenset(
    {
        ElementKind.EXCLUSIVE_GATEWAY,
        ElementKind.PARALLEL_GATEWAY,
        ElementKind.INCLUSIVE_GATEWAY,
        ElementKind.EVENT_BASED_GATEWAY,
        ElementKind.COMPLEX_GATEWAY,
    }
)
_DECIDING = frozenset({ElementKind.EXCLUSIVE_GATEWAY, ElementKind.INCLUSIVE_GATEWAY})
_CHOOSING = _DECIDING | {ElementKind.COMPLEX_GATEWAY} | ACTIVITIES
_AWAITED = frozenset({Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL, Trigger.CONDITIONAL, Trigger.MULTIPLE})
# What can create an instance from outside without any clock or variable of its own.
_CREATING = frozenset({Trigger.MESSAGE, Trigger.SIGNAL})
_INTERMEDIATE = frozenset({ElementKind.INTERMEDIATE_CATCH_EVENT, ElementKind.INTERMEDIATE_THROW_EVENT})


def check(process: ProcessModel, report: Report) -> None:
    """Report every rule that a process breaks; warnings too."""
    judgement = Judgement(process, report)
    for rule in (*_RULES, *rules_events.RULES, *rules_activities.RULES, *rules_compensation.RULES):
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
    """Conditions are evaluated where a choice is: behind gateways that choose and behind activities."""
    for flow, source, _ in judgement.connections():
        if flow.condition is None:
            continue
        if source.kind is ElementKind.PARALLEL_GATEWAY:
            # BPMN 2.0 (10.6.4) lets a parallel gateway never look at conditions, and so do both Camundas.
            judgement.warn(
                "condition-place",
                flow,
                "并行网关之后的条件不起作用:每条顺序流都会走。请删去条件,或改用包容网关。",
                "A condition behind a parallel gateway has no effect: every flow is taken. Remove it or use an inclusive gateway.",
            )
        elif source.kind not in _CHOOSING:
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
        bare = [flow for flow in outgoing if flow.condition is None and flow.id != element.default_flow]
        say = judgement.warn if _is_taken_anyway(judgement, element, len(bare)) else judgement.refuse
        for flow in bare:
            say(
                "condition-missing",
                flow,
                f"“{chinese_name(element.kind)}”之后的这条顺序流既没有条件,也不是默认流。",
                f"This flow behind the {element.kind} has no condition and is not the default flow.",
            )


def _is_taken_anyway(judgement: Judgement, gateway: Element, bare: int) -> bool:
    """Camunda 7 takes a flow without condition as always true; behind an exclusive gateway one, and no default beside it."""
    if judgement.process.dialect is not Dialect.CAMUNDA_7:
        return False
    return gateway.kind is ElementKind.INCLUSIVE_GATEWAY or (bare == 1 and gateway.default_flow is None)


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


def complex_gateways_say_when(judgement: Judgement) -> None:
    """A complex gateway with several flows into it says when it goes on (BPMN 2.0, 10.6.5)."""
    for gateway in judgement.of({ElementKind.COMPLEX_GATEWAY}):
        if len(gateway.incoming) > 1 and gateway.activation is None and not judgement.is_refused(gateway):
            judgement.refuse(
                "activation-condition",
                gateway,
                "复杂网关有几条流入的顺序流,却没有写明何时继续(activationCondition)。",
                "Several flows lead into the complex gateway, and it does not say when it goes on (activationCondition).",
            )


def event_gateways_wait_for_events(judgement: Judgement) -> None:
    """Behind an event-based gateway stand at least two awaited events, reached by no other way (BPMN 2.0, 10.6.6)."""
    for gateway in judgement.of({ElementKind.EVENT_BASED_GATEWAY}):
        ends = (judgement.process.elements.get(flow.target) for flow in judgement.outgoing(gateway))
        targets = [target for target in ends if target is not None]
        if len(gateway.outgoing) == 1:
            judgement.refuse(
                "event-gateway",
                gateway,
                "基于事件的网关之后至少要有两个事件。",
                "An event-based gateway has at least two events behind it.",
            )
        for target in targets:
            _check_event_gateway_target(judgement, target)
        if gateway.starts_instance:
            _check_starting_gateway(judgement, gateway, targets)
        tasks = [target for target in targets if target.kind is ElementKind.RECEIVE_TASK]
        if tasks and any(target.event.trigger is Trigger.MESSAGE for target in targets if target not in tasks):
            judgement.refuse(
                "event-gateway",
                gateway,
                "基于事件的网关之后,等待消息的只能全是接收任务,或全是消息捕获事件,不能混用。",
                "Behind an event-based gateway messages are awaited by receive tasks alone or by catch events alone.",
            )


def _check_event_gateway_target(judgement: Judgement, target: Element) -> None:
    is_task = target.kind is ElementKind.RECEIVE_TASK and judgement.process.dialect is not Dialect.CAMUNDA_8
    is_event = target.kind is ElementKind.INTERMEDIATE_CATCH_EVENT and target.event.trigger in _AWAITED
    if not is_task and not is_event:
        task_zh, task_en = (
            ("", "") if judgement.process.dialect is Dialect.CAMUNDA_8 else ("或接收任务", " and receive tasks")
        )
        judgement.refuse(
            "event-gateway",
            target,
            f"基于事件的网关之后只能是消息、定时、信号或条件的中间捕获事件{task_zh}。",
            "Behind an event-based gateway there can be intermediate catch events (message, timer, signal, conditional)"
            f"{task_en} alone.",
        )
    elif len(target.incoming) > 1:
        judgement.refuse(
            "event-gateway",
            target,
            "基于事件的网关之后的事件不能另有顺序流流入。",
            "An event behind an event-based gateway cannot have another incoming flow.",
        )
    elif is_task and judgement.boundary_events(target.id):
        judgement.refuse(
            "event-gateway",
            target,
            "基于事件的网关之后的接收任务不能带边界事件;请把该事件也放到网关之后。",
            "A receive task behind an event-based gateway has no boundary events; put the event behind the gateway, too.",
        )


def _check_starting_gateway(judgement: Judgement, gateway: Element, targets: list[Element]) -> None:
    """An event-based gateway that instantiates is the beginning: of the process, without a flow into it, by messages."""
    if gateway.incoming or gateway.scope != judgement.process.id:
        judgement.refuse(
            "instantiate",
            gateway,
            "启动流程的网关(instantiate)应当在流程的最外层,且没有流入的顺序流。",
            "A gateway that starts the process (instantiate) stands at its top level, and nothing leads to it.",
        )
    for target in targets:
        if target.kind is ElementKind.INTERMEDIATE_CATCH_EVENT and target.event.trigger not in _CREATING:
            judgement.refuse(
                "instantiate",
                target,
                "启动流程的网关之后只能等待消息或信号。",
                "Behind a gateway that starts the process, messages and signals alone can be awaited.",
            )


# -- scopes ------------------------------------------------------------------------------------------------------------
def scopes_can_begin(judgement: Judgement) -> None:
    """A process or sub-process has one plain start, or an element that nothing leads to (an implicit start)."""
    for scope in _scopes(judgement):
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


def ends_come_with_a_start(judgement: Judgement) -> None:
    """Where an end event is drawn, the beginning is drawn too: BPMN 2.0 asks for both or neither (10.5.2)."""
    for scope in _scopes(judgement):
        inside = judgement.children(scope.id)
        begins = any(element.kind is ElementKind.START_EVENT or element.starts_instance for element in inside)
        ends = [element for element in inside if element.kind is ElementKind.END_EVENT]
        if ends and not begins and any(_is_implicit_start(element) for element in inside):
            judgement.refuse(
                "end-without-start",
                scope,
                "画了结束事件,却没有开始事件。请加上开始事件。",
                "There is an end event and no start event. Add a start event.",
            )


def what_is_drawn_is_led_to(judgement: Judgement) -> None:
    """Beside a start event every element has a flow into it (BPMN 2.0, 10.5.2), or no token would ever come to it."""
    for scope in _scopes(judgement):
        inside = judgement.children(scope.id)
        begins = any(element.kind is ElementKind.START_EVENT or element.starts_instance for element in inside)
        for element in inside:
            # An intermediate event stands between two others, so it cannot even be an implicit start (10.5.4).
            if (
                (begins or element.kind in _INTERMEDIATE)
                and _is_implicit_start(element)
                and not element.starts_instance
            ):
                judgement.refuse(
                    "no-incoming",
                    element,
                    "没有顺序流流入,永远不会执行到这里。请连上顺序流,或删去它。",
                    "No sequence flow leads to it, so it would never be carried out. Connect it or remove it.",
                )


def intermediate_events_lead_on(judgement: Judgement) -> None:
    """Warn of an intermediate event that ends a branch: BPMN 2.0 (10.5.4) asks for an end event, engines let it pass."""
    for event in judgement.of(_INTERMEDIATE):
        is_link = event.event.trigger is Trigger.LINK and event.kind is ElementKind.INTERMEDIATE_THROW_EVENT
        if not event.outgoing and not is_link:
            judgement.warn(
                "no-outgoing",
                event,
                "中间事件没有流出的顺序流,这一支到此结束。请连上后续元素,或改用结束事件。",
                "No sequence flow leaves the intermediate event, so the branch ends here. Connect it or use an end event.",
            )


def _scopes(judgement: Judgement) -> list[ProcessModel | Element]:
    """What begins by a start event: the process and its sub-processes, but ad-hoc ones."""
    return [judgement.process, *judgement.of(SUB_PROCESSES - {ElementKind.AD_HOC_SUB_PROCESS})]


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
    """Whether a token begins here when its scope begins and has no start event."""
    is_link = element.kind is ElementKind.INTERMEDIATE_CATCH_EVENT and element.event.trigger is Trigger.LINK
    return not element.incoming and not element.for_compensation and not is_link and element.kind not in {
        ElementKind.START_EVENT,
        ElementKind.BOUNDARY_EVENT,
        ElementKind.EVENT_SUB_PROCESS,
    }  # fmt: skip


def unreachable(judgement: Judgement) -> None:
    """Warn of elements that no token can ever come to: legal, and almost always a forgotten flow."""
    process = judgement.process
    links = _link_catches(judgement)
    reached: set[str] = set()
    waiting = _beginnings(judgement, process.id)
    while waiting:
        element = process.elements[waiting.pop()]
        if element.id in reached:
            continue
        reached.add(element.id)
        waiting.extend(flow.target for flow in judgement.outgoing(element))
        waiting.extend(boundary.id for boundary in judgement.boundary_events(element.id))
        if element.compensation is not None and element.compensation in process.elements:
            waiting.append(element.compensation)
        if element.event.trigger is Trigger.LINK:
            waiting.extend(links[element.scope, element.event.link])
        if element.kind in SUB_PROCESSES or element.kind is ElementKind.EVENT_SUB_PROCESS:
            waiting.extend(_beginnings(judgement, element.id))
    for element in process.elements.values():
        if element.id not in reached:
            judgement.warn("unreachable", element, "没有路径通到这个元素。", "No path leads to this element.")


def _link_catches(judgement: Judgement) -> defaultdict[tuple[str, str | None], list[str]]:
    catches: defaultdict[tuple[str, str | None], list[str]] = defaultdict(list)
    for element in judgement.of({ElementKind.INTERMEDIATE_CATCH_EVENT}):
        if element.event.trigger is Trigger.LINK:
            catches[element.scope, element.event.link].append(element.id)
    return catches


def _beginnings(judgement: Judgement, scope: str) -> list[str]:
    inside = judgement.children(scope)
    starts = [e.id for e in inside if e.kind is ElementKind.START_EVENT or e.starts_instance]
    if not starts:
        starts = [element.id for element in inside if _is_implicit_start(element)]
    return starts + [element.id for element in inside if element.kind is ElementKind.EVENT_SUB_PROCESS]


_RULES: tuple[Callable[[Judgement], None], ...] = (
    flow_ends,
    conditions_have_a_place,
    choices_are_complete,
    defaults_leave_their_element,
    gateways_lead_on,
    complex_gateways_say_when,
    event_gateways_wait_for_events,
    scopes_can_begin,
    ends_come_with_a_start,
    what_is_drawn_is_led_to,
    intermediate_events_lead_on,
    event_sub_processes_have_one_event,
)
