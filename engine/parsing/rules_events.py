"""Which events cannot be carried out: what may trigger where, which timers, what a boundary event hangs on.

BPMN 2.0 section 10.5 and table 10.93; where the two dialects differ, the process's decides. See `rules` for the manner.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from engine.parsing.elements import chinese_name
from engine.parsing.judgement import Judgement
from engine.parsing.records import ACTIVITIES, Dialect, Element, ElementKind, EventDefinition, TimerKind, Trigger

_NAMES: Mapping[Trigger, str] = {
    Trigger.NONE: "无触发条件",
    Trigger.MESSAGE: "消息",
    Trigger.TIMER: "定时",
    Trigger.SIGNAL: "信号",
    Trigger.ERROR: "错误",
    Trigger.CONDITIONAL: "条件",
    Trigger.TERMINATE: "终止",
    Trigger.ESCALATION: "升级",
    Trigger.COMPENSATION: "补偿",
    Trigger.CANCEL: "取消",
    Trigger.LINK: "链接",
    Trigger.MULTIPLE: "多重",
    Trigger.PARALLEL_MULTIPLE: "并行多重",
}
_SEVERAL = frozenset({Trigger.MULTIPLE, Trigger.PARALLEL_MULTIPLE})
_WAITING = frozenset({Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL, Trigger.CONDITIONAL})
_RAISED = frozenset({Trigger.ERROR, Trigger.ESCALATION})
_SENT = frozenset({Trigger.MESSAGE, Trigger.SIGNAL, Trigger.ESCALATION, Trigger.COMPENSATION})
# BPMN 2.0, table 10.93: which trigger stands where; starts by the kind of scope that they begin.
_STARTS: Mapping[ElementKind, frozenset[Trigger]] = {
    # Several events together cannot start a process: before it there is no instance that could remember the first of them.
    ElementKind.PROCESS: _WAITING | {Trigger.NONE, Trigger.MULTIPLE},
    ElementKind.SUB_PROCESS: frozenset({Trigger.NONE}),
    ElementKind.TRANSACTION: frozenset({Trigger.NONE}),
    ElementKind.EVENT_SUB_PROCESS: _WAITING | _RAISED | _SEVERAL | {Trigger.COMPENSATION},
}
_CATCHES: Mapping[ElementKind, frozenset[Trigger]] = {
    ElementKind.INTERMEDIATE_CATCH_EVENT: _WAITING | _SEVERAL | {Trigger.LINK},
    ElementKind.BOUNDARY_EVENT: _WAITING | _RAISED | _SEVERAL | {Trigger.COMPENSATION, Trigger.CANCEL},
}
_THROWS: Mapping[ElementKind, frozenset[Trigger]] = {
    ElementKind.INTERMEDIATE_THROW_EVENT: _SENT | {Trigger.NONE, Trigger.LINK, Trigger.MULTIPLE},
    ElementKind.END_EVENT: _SENT | {Trigger.NONE, Trigger.ERROR, Trigger.CANCEL, Trigger.TERMINATE, Trigger.MULTIPLE},
}
# An error, a cancellation and a compensation say that something is over, so they never leave it running.
_ALWAYS_INTERRUPTING = frozenset({Trigger.ERROR, Trigger.CANCEL, Trigger.COMPENSATION})
_ONCE = frozenset({TimerKind.DATE, TimerKind.DURATION})
_AGAIN = frozenset(TimerKind)
_GATEWAYS = frozenset(
    {
        ElementKind.EXCLUSIVE_GATEWAY,
        ElementKind.PARALLEL_GATEWAY,
        ElementKind.INCLUSIVE_GATEWAY,
        ElementKind.EVENT_BASED_GATEWAY,
        ElementKind.COMPLEX_GATEWAY,
    }
)
_CAUGHT_ONCE = frozenset({Trigger.MESSAGE, Trigger.ERROR, Trigger.ESCALATION})
_LEAVES = frozenset({Trigger.ERROR, Trigger.CANCEL})
_BEGUN_BY_EVENT = frozenset({ElementKind.START_EVENT, ElementKind.BOUNDARY_EVENT})


def scope_kind(judgement: Judgement, element: Element) -> ElementKind:
    """What kind of scope an element stands in."""
    scope = judgement.process.elements.get(element.scope)
    return scope.kind if scope is not None else ElementKind.PROCESS


def name_of(kind: ElementKind) -> str:
    """The Chinese word for a kind of element; event sub-processes have no tag of their own."""
    return "事件子流程" if kind is ElementKind.EVENT_SUB_PROCESS else chinese_name(kind)


def starts_have_the_right_trigger(judgement: Judgement) -> None:
    """Which triggers may start a process, a sub-process, an event sub-process."""
    for start in judgement.of({ElementKind.START_EVENT}):
        kind = scope_kind(judgement, start)
        # Ad-hoc sub-processes have no start at all; a scope of another kind has an id that stands twice. Both are refused.
        allowed = _STARTS.get(kind, frozenset(Trigger))
        if start.event.trigger not in allowed and not judgement.is_refused(start):
            judgement.refuse(
                "start-trigger",
                start,
                f"“{name_of(kind)}”的开始事件不能是“{_NAMES[start.event.trigger]}”,可以是{_listed(allowed)}。",
                f"The start event of a {kind} cannot have the trigger '{start.event.trigger}'; it can have "
                f"{_listed_en(allowed)}.",
            )
        if not start.interrupting and kind is not ElementKind.EVENT_SUB_PROCESS:
            judgement.refuse(
                "non-interrupting",
                start,
                "只有事件子流程的开始事件才分中断与不中断。",
                "Only the start event of an event sub-process can be non-interrupting.",
            )


def throws_have_the_right_trigger(judgement: Judgement) -> None:
    """Which triggers an intermediate throw event and an end event can throw."""
    for kind, allowed in _THROWS.items():
        for element in judgement.of({kind}):
            if element.event.trigger not in allowed:
                judgement.refuse(
                    "throw-trigger",
                    element,
                    f"“{chinese_name(kind)}”不能抛出“{_NAMES[element.event.trigger]}”,可以是{_listed(allowed)}。",
                    f"An {kind} cannot throw '{element.event.trigger}'; it can throw {_listed_en(allowed)}.",
                )


def several_triggers_go_together(judgement: Judgement) -> None:
    """What can be one of several triggers of a multiple event (BPMN 2.0, 10.5.5: table 10.93, row "Multiple")."""
    for element in judgement.process.elements.values():
        if not element.event.parts:
            continue
        if element.kind in _THROWS:
            allowed = _SENT
        elif element.event.trigger is Trigger.MULTIPLE and _can_be_raised(judgement, element):
            allowed = _WAITING | _RAISED
        else:
            allowed = _WAITING
        for part in element.event.parts:
            if part.trigger not in allowed:
                judgement.refuse(
                    "several-triggers",
                    element,
                    f"“{_NAMES[part.trigger]}”不能与其他触发条件合在一个事件里;可以合在一起的是{_listed(allowed)}。请分成几个事件。",
                    f"'{part.trigger}' cannot be one of several triggers of this event; {_listed_en(allowed)} can. Draw "
                    "separate events.",
                )


def _can_be_raised(judgement: Judgement, element: Element) -> bool:
    """Whether errors and escalations can come here: at a boundary and at the start of an event sub-process."""
    if element.kind is ElementKind.START_EVENT:
        return scope_kind(judgement, element) is ElementKind.EVENT_SUB_PROCESS
    return element.kind is ElementKind.BOUNDARY_EVENT


def _listed(triggers: frozenset[Trigger]) -> str:
    return "、".join(_NAMES[trigger] for trigger in Trigger if trigger in triggers)


def _listed_en(triggers: frozenset[Trigger]) -> str:
    return ", ".join(trigger for trigger in Trigger if trigger in triggers)


def what_ends_something_interrupts(judgement: Judgement) -> None:
    """Errors, cancellations and compensations cannot be caught without interrupting (BPMN 2.0, tables 10.86 and 10.91)."""
    for element in judgement.of(_BEGUN_BY_EVENT):
        for part in element.event.triggers:
            if not element.interrupting and part.trigger in _ALWAYS_INTERRUPTING:
                judgement.refuse(
                    "non-interrupting",
                    element,
                    f"{_NAMES[part.trigger]}事件不能设为不中断。",
                    f"An event that catches '{part.trigger}' cannot be non-interrupting.",
                )


def starts_need_no_variables(judgement: Judgement) -> None:
    """Before an instance exists there is no variable that a name or a timer could read."""
    for start in judgement.of({ElementKind.START_EVENT}):
        if start.scope != judgement.process.id:
            continue
        for text in (text for part in start.event.triggers for text in (part.name, part.timer)):
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
        if value.literal is None:
            judgement.refuse(
                "process-property",
                judgement.process,
                f"流程的扩展属性“{name}”不能是表达式。",
                f"The extension property '{name}' of a process cannot be an expression.",
            )


def catches_have_the_right_trigger(judgement: Judgement) -> None:
    """An intermediate catch event and a boundary event wait for something that can come there."""
    for kind, allowed in _CATCHES.items():
        for element in judgement.of({kind}):
            if element.event.trigger in allowed or judgement.is_refused(element):
                continue
            is_none = element.event.trigger is Trigger.NONE
            judgement.refuse(
                "catch-trigger",
                element,
                f"“{chinese_name(kind)}”{'没有写明等待什么' if is_none else f'不能等待“{_NAMES[element.event.trigger]}”'},"
                f"可以是{_listed(allowed)}。",
                f"The {kind} {'does not say what it waits for' if is_none else f'cannot wait for {element.event.trigger!s}'}; "
                f"it can be {_listed_en(allowed)}.",
            )


def boundaries_hang_on_activities(judgement: Judgement) -> None:
    """A boundary event is attached to an activity of its own scope."""
    for boundary in judgement.of({ElementKind.BOUNDARY_EVENT}):
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


def timers_fit_their_place(judgement: Judgement) -> None:
    """A cycle needs something that can begin again and again; a duration something that it is counted from."""
    for element in judgement.process.elements.values():
        for part in element.event.triggers:
            allowed = _timers(judgement, element)
            if part.timer_kind is None or part.timer_kind in allowed:
                continue
            names = "、".join(chinese_name(kind) for kind in TimerKind if kind in allowed)
            judgement.refuse(
                "timer-place",
                element,
                f"此处的定时不能是“{chinese_name(part.timer_kind)}”,可以是“{names}”。",
                f"The timer here cannot be a {part.timer_kind}; it can be "
                f"{' or '.join(kind for kind in TimerKind if kind in allowed)}.",
            )


def _timers(judgement: Judgement, element: Element) -> Collection[TimerKind]:
    if element.kind is ElementKind.START_EVENT and element.scope == judgement.process.id:
        return {TimerKind.DATE, TimerKind.CYCLE}
    if element.kind in _BEGUN_BY_EVENT and not element.interrupting:
        return _AGAIN
    # A cycle that interrupts happens once; Camunda 7 says the same of it and lets it stand.
    return _AGAIN if judgement.process.dialect is Dialect.CAMUNDA_7 else _ONCE


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
        leaves_by_throwing = element.kind is ElementKind.END_EVENT and element.event.trigger in _LEAVES
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
    """Two events that wait at one place for the same message, error or escalation: nobody could say which one happens."""
    seen: dict[tuple[str, Trigger, str | None], Element] = {}
    for element in judgement.process.elements.values():
        for place in _places(judgement, element):
            for part in element.event.triggers:
                if part.trigger not in _CAUGHT_ONCE:
                    continue
                first = seen.setdefault((place, part.trigger, _waited_for(part)), element)
                if first is not element:
                    judgement.refuse(
                        "ambiguous-catch",
                        element,
                        f"与“{first.name or first.id}”在同一处等待同一个{_NAMES[part.trigger]},无法确定由谁接收。",
                        f"It waits for the same {part.trigger} at the same place as '{first.name or first.id}'; which of "
                        "the two happens would be open.",
                    )


def _waited_for(part: EventDefinition) -> str | None:
    text = part.name if part.trigger is Trigger.MESSAGE else part.code
    return text.source if text is not None else None


def _places(judgement: Judgement, element: Element) -> list[str]:
    """The places for which an event competes with others: its host, its scope, the event-based gateway before it."""
    if judgement.is_refused(element):
        return []
    if element.kind is ElementKind.BOUNDARY_EVENT and element.attached_to is not None:
        return [f"boundary {element.attached_to}"]
    if element.kind is ElementKind.START_EVENT:
        scope = judgement.process.elements.get(element.scope)
        return [f"scope {scope.scope}" if scope is not None else f"process {element.scope}"]
    if element.kind in {ElementKind.INTERMEDIATE_CATCH_EVENT, ElementKind.RECEIVE_TASK}:
        sources = {judgement.process.flows[flow].source for flow in element.incoming}
        gateways = (judgement.process.elements.get(source) for source in sorted(sources))
        return [f"gateway {g.id}" for g in gateways if g is not None and g.kind is ElementKind.EVENT_BASED_GATEWAY]
    return []


RULES: tuple[Callable[[Judgement], None], ...] = (
    starts_have_the_right_trigger,
    starts_need_no_variables,
    process_properties_are_texts,
    throws_have_the_right_trigger,
    catches_have_the_right_trigger,
    several_triggers_go_together,
    what_ends_something_interrupts,
    boundaries_hang_on_activities,
    timers_fit_their_place,
    forms_open_the_process,
    listeners_have_a_moment,
    inputs_have_a_scope,
    catches_are_unambiguous,
)
