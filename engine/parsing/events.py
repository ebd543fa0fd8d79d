"""Reads why an event happens: its event definitions and the message, signal, error or escalation that these refer to.

BPMN 2.0 section 10.5.5; texts and correlation keys as the file's dialect writes them. What may stand where is `rules`'
business, except for the kinds of timer, which are a matter of how a definition is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.expressions import Value
from engine.parsing.elements import children, chinese_name, comments_removed, local
from engine.parsing.reading import Reading, expression, value
from engine.parsing.records import (
    NO_TRIGGER,
    Behaviour,
    BehaviourEvent,
    Dialect,
    ElementKind,
    EventDefinition,
    TimerKind,
    Trigger,
)
from engine.timers import check_literal
from engine.xml import Node

TRIGGERS: Mapping[str, Trigger] = {
    "messageEventDefinition": Trigger.MESSAGE,
    "timerEventDefinition": Trigger.TIMER,
    "signalEventDefinition": Trigger.SIGNAL,
    "errorEventDefinition": Trigger.ERROR,
    "escalationEventDefinition": Trigger.ESCALATION,
    "compensateEventDefinition": Trigger.COMPENSATION,
    "cancelEventDefinition": Trigger.CANCEL,
    "conditionalEventDefinition": Trigger.CONDITIONAL,
    "linkEventDefinition": Trigger.LINK,
    "terminateEventDefinition": Trigger.TERMINATE,
}
THROWING = frozenset({ElementKind.INTERMEDIATE_THROW_EVENT, ElementKind.END_EVENT})


def definitions_of(reading: Reading, node: Node) -> list[Node]:
    """The event definitions of an event, its own and those it refers to, in document order; unknown ones too."""
    found = []
    for child in children(node):
        if local(child).endswith("EventDefinition"):
            found.append(child)
        elif local(child) == "eventDefinitionRef":
            name = comments_removed(child)
            definition = by_name(reading.event_definitions, name)
            if definition is None:
                _undefined(reading, child, "eventDefinitionRef", "事件定义", "event definition", name)
            else:
                found.append(definition)
    return found


def event(reading: Reading, node: Node, kind: ElementKind, *, starts_process: bool, has_job: bool) -> EventDefinition:
    """The event definition of an event element; several of them are the parts of a multiple event.

    `starts_process`: a start event of the process itself, whose message needs no correlation key and which waits in no
    instance. `has_job`: a thrown message that a worker sends, for which the diagram need not name the message.
    """
    throws = kind in THROWING
    parts = [
        _definition(reading, node, definition, throws=throws, starts_process=starts_process, has_job=has_job)
        for definition in definitions_of(reading, node)
        if local(definition) in TRIGGERS
    ]
    if len(parts) < 2:
        return parts[0] if parts else NO_TRIGGER
    together = (node.get("parallelMultiple") or "false").strip() == "true"
    return EventDefinition(Trigger.PARALLEL_MULTIPLE if together else Trigger.MULTIPLE, parts=tuple(parts))


def behaviour(reading: Reading, loop: Node) -> tuple[Behaviour, tuple[BehaviourEvent, ...]]:
    """When a multi-instance activity throws events to its own boundary, and which (BPMN 2.0, table 10.30)."""
    kind = Behaviour((loop.get("behavior") or "All").strip())
    if kind in (Behaviour.NONE, Behaviour.ONE):
        attribute = "noneBehaviorEventRef" if kind is Behaviour.NONE else "oneBehaviorEventRef"
        name = (loop.get(attribute) or "").strip()
        definition = by_name(reading.event_definitions, name)
        if definition is None:
            _undefined(reading, loop, attribute, "事件定义", "event definition", name)
            return kind, ()
        return kind, (BehaviourEvent(_thrown(reading, loop, definition)),)
    found: list[BehaviourEvent] = []
    for entry in children(loop, "complexBehaviorDefinition") if kind is Behaviour.COMPLEX else []:
        conditions, events = children(entry, "condition"), children(entry, "event")
        text = comments_removed(conditions[0]) if conditions else ""
        if not text:
            reading.report.refuse(
                "condition", entry, "复杂行为没有写明条件。", "The complex behaviour has no condition."
            )
            continue
        condition = expression(reading, conditions[0], text, "复杂行为的条件", "The condition of the behaviour")
        thrown = [_thrown(reading, loop, node) for holder in events for node in definitions_of(reading, holder)]
        found.extend(BehaviourEvent(definition, condition) for definition in thrown or [NO_TRIGGER])
    return kind, tuple(found)


def _thrown(reading: Reading, node: Node, definition: Node) -> EventDefinition:
    return _definition(reading, node, definition, throws=True, starts_process=False, has_job=False)


def _definition(
    reading: Reading, node: Node, definition: Node, *, throws: bool, starts_process: bool, has_job: bool
) -> EventDefinition:
    match TRIGGERS[local(definition)]:
        case Trigger.MESSAGE:
            if has_job and not definition.get("messageRef"):
                return EventDefinition(Trigger.MESSAGE)
            return message(reading, node, definition, keyed=not starts_process and not has_job)
        case Trigger.SIGNAL:
            return _signal(reading, node, definition)
        case Trigger.ERROR:
            return _coded(reading, node, definition, Trigger.ERROR, throws=throws)
        case Trigger.ESCALATION:
            return _coded(reading, node, definition, Trigger.ESCALATION, throws=throws)
        case Trigger.TIMER:
            return _timer(reading, definition)
        case Trigger.CONDITIONAL:
            return _conditional(reading, definition)
        case Trigger.COMPENSATION:
            activity = (definition.get("activityRef") or "").strip().rpartition(":")[2] or None
            waits = (definition.get("waitForCompletion") or "true").strip() in {"true", "1"}
            return EventDefinition(Trigger.COMPENSATION, activity=activity, waits=waits)
        case Trigger.LINK:
            return EventDefinition(Trigger.LINK, link=_link(definition))
        case trigger:
            return EventDefinition(trigger)


def message(reading: Reading, node: Node, holder: Node, *, keyed: bool) -> EventDefinition:
    """The message that `holder` (an event definition or a task) refers to by `messageRef`.

    `keyed`: the message meets a running instance, so that a dialect with keys has to say which.
    """
    definition = _referred(reading, node, holder, "messageRef", reading.messages, "消息", "message")
    if definition is None:
        return EventDefinition(Trigger.MESSAGE)
    return EventDefinition(
        Trigger.MESSAGE,
        name=_named(reading, node, definition, "消息", "message"),
        correlation_key=reading.dialect.correlation_key(reading, node, definition, keyed),
    )


def _signal(reading: Reading, node: Node, holder: Node) -> EventDefinition:
    definition = _referred(reading, node, holder, "signalRef", reading.signals, "信号", "signal")
    name = _named(reading, node, definition, "信号", "signal") if definition is not None else None
    return EventDefinition(Trigger.SIGNAL, name=name, payload=reading.dialect.payload(reading, holder))


_CODED: Mapping[Trigger, tuple[str, str, str, str]] = {
    Trigger.ERROR: ("errorRef", "errorCode", "错误", "error"),
    Trigger.ESCALATION: ("escalationRef", "escalationCode", "升级", "escalation"),
}


def _coded(reading: Reading, node: Node, holder: Node, trigger: Trigger, *, throws: bool) -> EventDefinition:
    """An error or escalation: named by its code; what catches may name none and catches all."""
    reference, attribute, zh, en = _CODED[trigger]
    into, text_into = (None, None) if throws else reading.dialect.catch_variables(reading, holder)
    if not throws and not holder.get(reference):
        return EventDefinition(trigger, code_variable=into, message_variable=text_into)
    known = reading.errors if trigger is Trigger.ERROR else reading.escalations
    definition = _referred(reading, node, holder, reference, known, zh, en)
    if definition is None:
        return EventDefinition(trigger, code_variable=into, message_variable=text_into)
    text = (definition.get(attribute) or "").strip()
    if not text and not throws and reading.dialect.DIALECT is Dialect.CAMUNDA_7:
        # Camunda 7 catches every code by a definition that has none.
        return EventDefinition(trigger, code_variable=into, message_variable=text_into)
    if not text:
        reading.report.refuse(
            f"{en}-code",
            node,
            f"{zh}“{definition.get('name') or definition.get('id')}”没有代码({attribute})。",
            f"The {en} '{definition.get('name') or definition.get('id')}' has no {attribute}.",
        )
    if not throws and reading.dialect.is_expression(text):
        reading.report.refuse(
            f"{en}-code",
            node,
            f"捕获{zh}时,代码({attribute})不能是表达式。",
            f"An {en} that is caught cannot have an expression as its {attribute}.",
        )
    code = value(reading, node, text, f"{zh}代码", f"The {attribute}")
    message = reading.dialect.error_message(reading, definition) if throws else None
    return EventDefinition(trigger, code=code, code_variable=into, message_variable=text_into, message=message)


def _link(definition: Node) -> str:
    """What pairs throws with their catch: the name; without one the pair that `source` and `target` make.

    The id that both ends know is the catch's: `target` of the throw, the definition's own at the catch.
    """
    name = " ".join((definition.get("name") or "").split())
    if name:
        return name
    targets = children(definition, "target")
    return "#" + (comments_removed(targets[0]).rpartition(":")[2] if targets else definition.get("id") or "")


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
    elif not reading.dialect.is_expression(text):
        wrong = check_literal(kind, text, reading.dialect.DIALECT.sunday)
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
        condition=expression(reading, conditions[0], text, "条件事件的条件", "The condition of the event"),
        condition_variables=reading.dialect.watched(reading, definition),
    )


def by_name(known: Mapping[str, Node], reference: str) -> Node | None:
    """What a reference means: it is a qualified name; files of one namespace may or may not write the prefix."""
    return known.get(reference, known.get(reference.rpartition(":")[2]))


def _undefined(reading: Reading, node: Node, attribute: str, zh: str, en: str, reference: str) -> None:
    reading.report.refuse(
        "undefined-reference",
        node,
        f"{attribute} 所指的{zh}“{reference}”在文件中没有定义。",
        f"The {en} '{reference}' that {attribute} refers to is not defined in the file.",
    )


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
    definition = by_name(known, reference)
    if definition is None:
        _undefined(reading, node, attribute, zh, en, reference)
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
