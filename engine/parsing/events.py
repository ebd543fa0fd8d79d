"""Reads why an event happens: its event definition and the message, signal or error that this refers to.

BPMN 2.0 section 10.5.5; texts and correlation keys as Camunda 8 writes them. What may stand where is `rules`' business,
except for the kinds of timer, which are a matter of how a definition is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.expressions import Value
from engine.parsing.camunda8 import Reading, check_name, extension, feel, value
from engine.parsing.elements import children, chinese_name, comments_removed, local
from engine.parsing.records import NO_TRIGGER, ElementKind, EventDefinition, TimerKind, Trigger
from engine.timers import check_literal
from engine.xml import Node

TRIGGERS: Mapping[str, Trigger] = {
    "messageEventDefinition": Trigger.MESSAGE,
    "timerEventDefinition": Trigger.TIMER,
    "signalEventDefinition": Trigger.SIGNAL,
    "errorEventDefinition": Trigger.ERROR,
    "conditionalEventDefinition": Trigger.CONDITIONAL,
    "terminateEventDefinition": Trigger.TERMINATE,
}
THROWING = frozenset({ElementKind.INTERMEDIATE_THROW_EVENT, ElementKind.END_EVENT})


def definition_of(node: Node) -> Node | None:
    """The event's first event definition, whether the engine knows it or not; None for a none event."""
    return next((child for child in children(node) if local(child).endswith("EventDefinition")), None)


def event(reading: Reading, node: Node, kind: ElementKind, *, starts_process: bool, has_job: bool) -> EventDefinition:
    """The event definition of an event element.

    `starts_process`: a start event of the process itself, whose message needs no correlation key and which waits in no
    instance. `has_job`: a thrown message that a worker sends, for which the diagram need not name the message.
    """
    definitions = [child for child in children(node) if local(child).endswith("EventDefinition")]
    if len(definitions) > 1:
        reading.report.refuse(
            "several-triggers",
            node,
            f"“{chinese_name(local(node))}”有 {len(definitions)} 个触发条件,只能有一个。",
            f"The {local(node)} has {len(definitions)} event definitions; it can have one.",
        )
    definition = definition_of(node)
    trigger = TRIGGERS.get(local(definition)) if definition is not None else None
    if definition is None or trigger is None:
        return NO_TRIGGER
    match trigger:
        case Trigger.MESSAGE:
            if has_job and not definition.get("messageRef"):
                return EventDefinition(Trigger.MESSAGE)
            return message(reading, node, definition, keyed=not starts_process and not has_job)
        case Trigger.SIGNAL:
            return _signal(reading, node, definition)
        case Trigger.ERROR:
            return _error(reading, node, definition, throws=kind in THROWING)
        case Trigger.TIMER:
            return _timer(reading, definition)
        case Trigger.CONDITIONAL:
            return _conditional(reading, definition)
        case _:
            return EventDefinition(trigger)


def message(reading: Reading, node: Node, holder: Node, *, keyed: bool) -> EventDefinition:
    """The message that `holder` (an event definition or a task) refers to by `messageRef`.

    `keyed`: the message meets a running instance, so its `zeebe:subscription` has to say which by a correlation key.
    """
    definition = _referred(reading, node, holder, "messageRef", reading.messages, "消息", "message")
    if definition is None:
        return EventDefinition(Trigger.MESSAGE)
    name = _named(reading, node, definition, "消息", "message")
    subscription = extension(definition, "subscription")
    key = (subscription.get("correlationKey") or "").strip() if subscription is not None else ""
    if keyed and not key:
        reading.report.refuse(
            "correlation-key",
            node,
            f"消息“{definition.get('name', '')}”没有关联键(zeebe:subscription 的 correlationKey),无法知道它属于哪一件。",
            f"The message '{definition.get('name', '')}' has no correlation key (correlationKey of zeebe:subscription), so "
            "nobody could tell which instance it is for.",
        )
    return EventDefinition(
        Trigger.MESSAGE,
        name=name,
        correlation_key=feel(reading, node, key, "消息的关联键", "The correlation key") if key else None,
    )


def _signal(reading: Reading, node: Node, holder: Node) -> EventDefinition:
    definition = _referred(reading, node, holder, "signalRef", reading.signals, "信号", "signal")
    name = _named(reading, node, definition, "信号", "signal") if definition is not None else None
    return EventDefinition(Trigger.SIGNAL, name=name)


def _error(reading: Reading, node: Node, holder: Node, *, throws: bool) -> EventDefinition:
    if not throws and not holder.get("errorRef"):
        return EventDefinition(Trigger.ERROR)
    definition = _referred(reading, node, holder, "errorRef", reading.errors, "错误", "error")
    if definition is None:
        return EventDefinition(Trigger.ERROR)
    text = (definition.get("errorCode") or "").strip()
    if not text:
        reading.report.refuse(
            "error-code",
            node,
            f"错误“{definition.get('name') or definition.get('id')}”没有错误代码(errorCode)。",
            f"The error '{definition.get('name') or definition.get('id')}' has no errorCode.",
        )
    if not throws and text.startswith("="):
        reading.report.refuse(
            "error-code",
            node,
            "捕获错误时错误代码不能是表达式。",
            "An error that is caught cannot have an expression as its code.",
        )
    return EventDefinition(Trigger.ERROR, code=value(reading, node, text, "错误代码", "The error code"))


def _timer(reading: Reading, definition: Node) -> EventDefinition:
    times = children(definition, *(kind.value for kind in TimerKind))
    if len(times) != 1:
        reading.report.refuse(
            "timer",
            definition,
            "定时事件应当恰好写明时间点(timeDate)、时长(timeDuration)、周期(timeCycle)之一。",
            "A timer has exactly one of timeDate, timeDuration and timeCycle.",
        )
        return EventDefinition(Trigger.TIMER)
    kind = TimerKind(local(times[0]))
    text = comments_removed(times[0])
    if not text:
        reading.report.refuse(
            "timer", times[0], f"定时事件的{chinese_name(kind)}为空。", f"The timer's {kind} is empty."
        )
    elif not text.startswith("="):
        wrong = check_literal(kind, text)
        if wrong is not None:
            reading.report.refuse("timer", times[0], wrong[0], wrong[1])
    return EventDefinition(
        Trigger.TIMER,
        timer_kind=kind,
        timer=value(reading, times[0], text, f"定时事件的{chinese_name(kind)}", f"The timer's {kind}"),
    )


def _conditional(reading: Reading, definition: Node) -> EventDefinition:
    conditions = children(definition, "condition")
    text = comments_removed(conditions[0]) if conditions else ""
    if not text:
        reading.report.refuse(
            "condition", definition, "条件事件没有写明条件。", "The conditional event has no condition."
        )
        return EventDefinition(Trigger.CONDITIONAL)
    return EventDefinition(
        Trigger.CONDITIONAL,
        condition=feel(reading, conditions[0], text, "条件事件的条件", "The condition of the event"),
        condition_variables=_variables(reading, extension(definition, "conditionalFilter")),
    )


def _variables(reading: Reading, node: Node | None) -> frozenset[str]:
    """The variables whose change lets the condition be looked at again; none named means all that it reads."""
    names = [name for name in re.split(r"[,\s]+", node.get("variableNames") or "") if name] if node is not None else []
    for name in names:
        if node is not None:
            check_name(reading, node, name, "条件事件的变量(variableNames)", "variable of the conditional event")
    return frozenset(names)


def _referred(
    reading: Reading, node: Node, holder: Node, attribute: str, known: Mapping[str, Node], zh: str, en: str
) -> Node | None:
    reference = (holder.get(attribute) or "").strip()
    if not reference:
        reading.report.refuse(
            f"{en}-reference",
            node,
            f"没有写明是哪个{zh}({attribute})。",
            f"It does not say which {en} it means ({attribute}).",
        )
        return None
    # A reference is a qualified name; files of one namespace may or may not write the prefix.
    definition = known.get(reference, known.get(reference.rpartition(":")[2]))
    if definition is None:
        reading.report.refuse(
            "undefined-reference",
            node,
            f"{attribute} 所指的{zh}“{reference}”在文件中没有定义。",
            f"The {en} '{reference}' that {attribute} refers to is not defined in the file.",
        )
    return definition


def _named(reading: Reading, node: Node, definition: Node, zh: str, en: str) -> Value:
    if not (definition.get("name") or "").strip():
        reading.report.refuse(
            f"{en}-name",
            node,
            f"{zh}“{definition.get('id')}”没有名称(name)。",
            f"The {en} '{definition.get('id')}' has no name.",
        )
    return value(reading, node, definition.get("name") or "", f"{zh}的名称", f"The {en}'s name")
