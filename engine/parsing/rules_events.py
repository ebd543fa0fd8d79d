"""Which events cannot be carried out: what may trigger where, which timers, what a boundary event hangs on.

BPMN 2.0 section 10.5 and table 10.93, within what Camunda 8 carries out. See `rules` for the manner.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from engine.expressions import Feel, Value
from engine.parsing.elements import chinese_name
from engine.parsing.judgement import Judgement
from engine.parsing.records import ACTIVITIES, Element, ElementKind, TimerKind, Trigger

_NAMES: Mapping[Trigger, str] = {
    Trigger.NONE: "无触发条件",
    Trigger.MESSAGE: "消息",
    Trigger.TIMER: "定时",
    Trigger.SIGNAL: "信号",
    Trigger.ERROR: "错误",
    Trigger.CONDITIONAL: "条件",
    Trigger.TERMINATE: "终止",
}
_WAITING = frozenset({Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL, Trigger.CONDITIONAL})
_STARTS: Mapping[ElementKind, frozenset[Trigger]] = {
    # A condition is looked at when a variable of its instance changes; before the start there is neither.
    ElementKind.PROCESS: frozenset({Trigger.NONE, Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL}),
    ElementKind.SUB_PROCESS: frozenset({Trigger.NONE}),
    ElementKind.EVENT_SUB_PROCESS: _WAITING | {Trigger.ERROR},
}
_ONCE = frozenset({TimerKind.DATE, TimerKind.DURATION})
_AGAIN = frozenset(TimerKind)
_GATEWAYS = frozenset(
    {
        ElementKind.EXCLUSIVE_GATEWAY,
        ElementKind.PARALLEL_GATEWAY,
        ElementKind.INCLUSIVE_GATEWAY,
        ElementKind.EVENT_BASED_GATEWAY,
    }
)
_BEGUN_BY_EVENT = frozenset({ElementKind.START_EVENT, ElementKind.BOUNDARY_EVENT})


def scope_kind(judgement: Judgement, element: Element) -> ElementKind:
    """What kind of scope an element stands in."""
    scope = judgement.process.elements.get(element.scope)
    return scope.kind if scope is not None else ElementKind.PROCESS


def starts_have_the_right_trigger(judgement: Judgement) -> None:
    """Which triggers may start a process, a sub-process, an event sub-process."""
    for start in judgement.of({ElementKind.START_EVENT}):
        kind = scope_kind(judgement, start)
        # A scope of another kind has an id that stands twice, which is refused as such.
        allowed = _STARTS.get(kind, frozenset(Trigger))
        if start.event.trigger not in allowed and not judgement.is_refused(start):
            judgement.refuse(
                "start-trigger",
                start,
                f"“{chinese_name(kind) if kind is not ElementKind.EVENT_SUB_PROCESS else '事件子流程'}”的开始事件不能是"
                f"“{_NAMES[start.event.trigger]}”。",
                f"The start event of a {kind} cannot have the trigger '{start.event.trigger}'.",
            )
        if start.interrupting:
            continue
        if kind is not ElementKind.EVENT_SUB_PROCESS:
            judgement.refuse(
                "non-interrupting",
                start,
                "只有事件子流程的开始事件才分中断与不中断。",
                "Only the start event of an event sub-process can be non-interrupting.",
            )
        elif start.event.trigger is Trigger.ERROR:
            _refuse_quiet_error(judgement, start)


def starts_need_no_variables(judgement: Judgement) -> None:
    """Before an instance exists there is no variable that a name or a timer could read."""
    for start in judgement.of({ElementKind.START_EVENT}):
        if start.scope != judgement.process.id:
            continue
        for text in (start.event.name, start.event.timer):
            if text is not None and text.names:
                judgement.refuse(
                    "start-expression",
                    start,
                    f"流程开始之前还没有变量,此处不能使用 {'、'.join(sorted(text.names))}。",
                    f"Before the process starts there are no variables; {', '.join(sorted(text.names))} cannot be read here.",
                )


def process_properties_are_texts(judgement: Judgement) -> None:
    """Properties of a process are read without any instance, so an expression could never be evaluated."""
    for name, value in judgement.process.properties.items():
        if isinstance(value, Feel):
            judgement.refuse(
                "process-property",
                judgement.process,
                f"流程的扩展属性“{name}”不能是表达式。",
                f"The extension property '{name}' of a process cannot be an expression.",
            )


def catches_have_a_trigger(judgement: Judgement) -> None:
    """An intermediate catch event and a boundary event wait for something."""
    for element in judgement.of({ElementKind.INTERMEDIATE_CATCH_EVENT, ElementKind.BOUNDARY_EVENT}):
        if element.event.trigger is Trigger.NONE and not judgement.is_refused(element):
            judgement.refuse(
                "catch-trigger",
                element,
                f"“{chinese_name(element.kind)}”没有写明等待什么(消息、定时、信号、条件{'、错误' if element.kind is ElementKind.BOUNDARY_EVENT else ''})。",
                f"The {element.kind} does not say what it waits for.",
            )


def boundaries_hang_on_activities(judgement: Judgement) -> None:
    """A boundary event is attached to an activity of its own scope; an error always interrupts it."""
    for boundary in judgement.of({ElementKind.BOUNDARY_EVENT}):
        if boundary.event.trigger is Trigger.ERROR and not boundary.interrupting:
            _refuse_quiet_error(judgement, boundary)
        if boundary.attached_to is None:
            continue
        host = judgement.process.elements.get(boundary.attached_to)
        if host is None:
            judgement.refuse(
                "undefined-reference",
                boundary,
                f"attachedToRef 所指的活动“{boundary.attached_to}”不在此流程中。",
                f"The activity '{boundary.attached_to}' that attachedToRef refers to is not in this process.",
            )
        elif host.kind not in ACTIVITIES or host.scope != boundary.scope:
            judgement.refuse(
                "boundary-host",
                boundary,
                f"边界事件只能附着在同一层的活动上,不能附着在“{chinese_name(host.kind)}”上。"
                if host.kind not in ACTIVITIES
                else "边界事件与它所附着的活动不在同一层。",
                f"A boundary event is attached to an activity of its own scope, not to this {host.kind}.",
            )


def _refuse_quiet_error(judgement: Judgement, element: Element) -> None:
    judgement.refuse(
        "non-interrupting",
        element,
        "错误事件总是中断的。",
        "An error event always interrupts; it cannot be non-interrupting.",
    )


def timers_fit_their_place(judgement: Judgement) -> None:
    """A cycle needs something that can begin again and again; a duration something that it is counted from."""
    for element in judgement.process.elements.values():
        if element.event.timer_kind is None:
            continue
        allowed = _timers(judgement, element)
        if element.event.timer_kind not in allowed:
            names = "、".join(chinese_name(kind) for kind in TimerKind if kind in allowed)
            judgement.refuse(
                "timer-place",
                element,
                f"此处的定时不能用{chinese_name(element.event.timer_kind)}({element.event.timer_kind}),只能用{names}。",
                f"A timer here cannot be a {element.event.timer_kind}; it can be "
                f"{' or '.join(kind for kind in TimerKind if kind in allowed)}.",
            )


def _timers(judgement: Judgement, element: Element) -> Collection[TimerKind]:
    if element.kind is ElementKind.START_EVENT and element.scope == judgement.process.id:
        return {TimerKind.DATE, TimerKind.CYCLE}
    if element.kind in _BEGUN_BY_EVENT and not element.interrupting:
        return _AGAIN
    return _ONCE


def forms_open_the_process(judgement: Judgement) -> None:
    """A start form is filled in by whoever starts the process by hand."""
    for start in judgement.of({ElementKind.START_EVENT}):
        by_hand = start.scope == judgement.process.id and start.event.trigger is Trigger.NONE
        if start.form is not None and not by_hand:
            judgement.refuse(
                "start-form",
                start,
                "只有流程的无触发条件的开始事件才能带表单。",
                "Only a process's start event without a trigger can have a form.",
            )


def listeners_have_a_moment(judgement: Judgement) -> None:
    """Camunda 8's table of execution listeners: an event that has happened has no start, a gateway no end."""
    for element in judgement.process.elements.values():
        moments = {listener.event for listener in element.listeners}
        if "start" in moments and element.kind in _BEGUN_BY_EVENT:
            judgement.refuse(
                "listener-place",
                element,
                f"“{chinese_name(element.kind)}”不能有 start 监听器。",
                f"A {element.kind} cannot have a start listener.",
            )
        leaves_by_throwing = element.kind is ElementKind.END_EVENT and element.event.trigger is Trigger.ERROR
        if "end" in moments and (element.kind in _GATEWAYS or leaves_by_throwing):
            judgement.refuse(
                "listener-place",
                element,
                f"“{chinese_name(element.kind)}”不能有 end 监听器。",
                f"A {element.kind} cannot have an end listener.",
            )


def inputs_have_a_scope(judgement: Judgement) -> None:
    """Input mappings make local variables on entering; a start event and a boundary event are not entered."""
    for element in judgement.of(_BEGUN_BY_EVENT):
        if element.inputs:
            judgement.refuse(
                "io-mapping",
                element,
                f"“{chinese_name(element.kind)}”不能有输入映射。",
                f"A {element.kind} cannot have input mappings.",
            )


def catches_are_unambiguous(judgement: Judgement) -> None:
    """Two events that wait at one place for the same message, signal or error: nobody could say which one happens."""
    seen: dict[tuple[str, Trigger, str | None], Element] = {}
    for element in judgement.process.elements.values():
        for place in _places(judgement, element):
            name = element.event.code if element.event.trigger is Trigger.ERROR else element.event.name
            key = (place, element.event.trigger, source_of(name) if name is not None else None)
            first = seen.setdefault(key, element)
            if first is not element:
                judgement.refuse(
                    "ambiguous-catch",
                    element,
                    f"与“{first.name or first.id}”在同一处等待同一个{_NAMES[element.event.trigger]},无法确定由谁接收。",
                    f"It waits for the same {element.event.trigger} at the same place as '{first.name or first.id}'; which of "
                    "the two happens would be open.",
                )


def _places(judgement: Judgement, element: Element) -> list[str]:
    """The places for which an event competes with others: its host, its scope, the event-based gateway before it."""
    if element.event.trigger not in {Trigger.MESSAGE, Trigger.ERROR} or judgement.is_refused(element):
        return []
    if element.kind is ElementKind.BOUNDARY_EVENT and element.attached_to is not None:
        return [f"boundary {element.attached_to}"]
    if element.kind is ElementKind.START_EVENT:
        scope = judgement.process.elements.get(element.scope)
        return [f"scope {scope.scope}" if scope is not None else f"process {element.scope}"]
    if element.kind is ElementKind.INTERMEDIATE_CATCH_EVENT:
        sources = {judgement.process.flows[flow].source for flow in element.incoming}
        gateways = (judgement.process.elements.get(source) for source in sorted(sources))
        return [f"gateway {g.id}" for g in gateways if g is not None and g.kind is ElementKind.EVENT_BASED_GATEWAY]
    return []


def source_of(text: Value) -> str:
    """How a value is written in the file."""
    return text.text if isinstance(text, Feel) else text.value


RULES: tuple[Callable[[Judgement], None], ...] = (
    starts_have_the_right_trigger,
    starts_need_no_variables,
    process_properties_are_texts,
    catches_have_a_trigger,
    boundaries_hang_on_activities,
    timers_fit_their_place,
    forms_open_the_process,
    listeners_have_a_moment,
    inputs_have_a_scope,
    catches_are_unambiguous,
)
