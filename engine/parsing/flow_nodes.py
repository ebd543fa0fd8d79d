"""Reads one flow node: what BPMN itself says of it here, what its dialect says through `Reading.dialect`."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.expressions import Value
from engine.limits import NAME_CHARACTERS
from engine.parsing import events
from engine.parsing.elements import children, comments_removed
from engine.parsing.reading import Reading, expression, value
from engine.parsing.records import (
    ACTIVITIES,
    AdHoc,
    Element,
    ElementKind,
    EventDefinition,
    MultiInstance,
    StandardLoop,
    Trigger,
)
from engine.xml import Node, line_of

_EVENTS = events.THROWING | {
    ElementKind.START_EVENT,
    ElementKind.INTERMEDIATE_CATCH_EVENT,
    ElementKind.BOUNDARY_EVENT,
}
_TRUE = frozenset({"true", "1"})


def read_element(reading: Reading, node: Node, kind: ElementKind, scope: str, *, starts_process: bool) -> Element:
    """The record of a flow node without its flows, which `bpmn` knows; `starts_process`: its event makes an instance."""
    inputs, outputs = reading.dialect.mappings(reading, node)
    element = Element(
        id=node.get("id", ""),
        name=name_of(reading, node),
        kind=kind,
        line=line_of(node) or 0,
        scope=scope,
        documentation=documentation_of(node),
        default_flow=(node.get("default") or "").strip() or None,
        inputs=inputs,
        outputs=outputs,
        listeners=reading.dialect.listeners(reading, node),
        properties=reading.dialect.properties(reading, node),
        starts_instance=_is_true(node, "instantiate"),
        for_compensation=_is_true(node, "isForCompensation"),
    )
    if kind in ACTIVITIES:
        return _activity(reading, node, element)
    if kind in _EVENTS:
        return _event(reading, node, element, starts_process=starts_process)
    if kind is ElementKind.COMPLEX_GATEWAY:
        return replace(element, activation=_condition(reading, node, "activationCondition", "激活条件"))
    return element


def _activity(reading: Reading, node: Node, element: Element) -> Element:
    element = replace(
        reading.dialect.activity(reading, node, element),
        loop=_loop(reading, node),
        start_quantity=_quantity(reading, node, "startQuantity"),
        completion_quantity=_quantity(reading, node, "completionQuantity"),
    )
    match element.kind:
        case ElementKind.RECEIVE_TASK:
            return replace(element, event=events.message(reading, node, node, keyed=not element.starts_instance))
        case ElementKind.SEND_TASK if node.get("messageRef"):
            # A send task is a job or names the message that the engine publishes; with both it is a job.
            return replace(element, event=events.message(reading, node, node, keyed=element.job is None))
        case ElementKind.AD_HOC_SUB_PROCESS:
            return replace(element, ad_hoc=_ad_hoc(reading, node))
        case _:
            return element


def _loop(reading: Reading, node: Node) -> MultiInstance | StandardLoop | None:
    for loop in children(node, "multiInstanceLoopCharacteristics"):
        found = reading.dialect.multi_instance(reading, loop)
        if found is None:
            return None
        kind, thrown = events.behaviour(reading, loop)
        return replace(found, behaviour=kind, behaviour_events=thrown)
    for loop in children(node, "standardLoopCharacteristics"):
        maximum = (loop.get("loopMaximum") or "").strip()
        return StandardLoop(
            condition=_condition(reading, loop, "loopCondition", "循环条件"),
            maximum=value(reading, loop, maximum, "循环的上限(loopMaximum)", "The loop's maximum") if maximum else None,
            test_before=_is_true(loop, "testBefore"),
        )
    return None


def _ad_hoc(reading: Reading, node: Node) -> AdHoc:
    return replace(
        reading.dialect.ad_hoc(reading, node),
        completion_condition=_condition(reading, node, "completionCondition", "完成条件"),
        cancels=(node.get("cancelRemainingInstances") or "true").strip() in _TRUE,
        sequential=node.get("ordering") == "Sequential",
    )


def _condition(reading: Reading, node: Node, tag: str, zh: str) -> Value | None:
    """An optional condition that stands in a child element."""
    found = children(node, tag)
    text = comments_removed(found[0]) if found else ""
    return expression(reading, found[0], text, zh, f"The {tag}") if text else None


def _quantity(reading: Reading, node: Node, attribute: str) -> int:
    """How many tokens an activity takes or gives (BPMN 2.0, table 10.3); at least one."""
    text = (node.get(attribute) or "1").strip()
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text):
        reading.report.refuse(
            "token-quantity",
            node,
            f"令牌数量({attribute})应为 1 至 999 的整数,而不是“{text}”。",
            f"{attribute} has to be a whole number from 1 to 999, not '{text}'.",
        )
        return 1
    return int(text)


def _is_true(node: Node, attribute: str, default: str = "false") -> bool:
    return node.get(attribute, default).strip() in _TRUE


def _event(reading: Reading, node: Node, element: Element, *, starts_process: bool) -> Element:
    job = None
    if element.kind in events.THROWING:
        job = reading.dialect.job(reading, node, *events.definitions_of(reading, node))
    event: EventDefinition = events.event(
        reading, node, element.kind, starts_process=starts_process, has_job=job is not None
    )
    if job is not None and event.trigger is not Trigger.MESSAGE:
        reading.report.refuse(
            "job-place",
            node,
            "只有抛出消息的事件才能带作业定义。",
            "Only an event that throws a message can carry a job.",
        )
    element = replace(element, event=event, job=job)
    if element.kind is ElementKind.START_EVENT:
        element = replace(element, interrupting=_is_true(node, "isInterrupting", "true"))
        return reading.dialect.start(reading, node, element)
    if element.kind is ElementKind.BOUNDARY_EVENT:
        attached = (node.get("attachedToRef") or "").strip().rpartition(":")[2]
        if not attached:
            reading.report.refuse(
                "boundary-host",
                node,
                "边界事件没有附着在活动上(attachedToRef)。",
                "The boundary event is attached to nothing.",
            )
        return replace(
            element,
            attached_to=attached or None,
            interrupting=_is_true(node, "cancelActivity", "true"),
            compensation=reading.handlers.get(element.id) if event.trigger is Trigger.COMPENSATION else None,
        )
    return element


def name_of(reading: Reading, node: Node) -> str:
    """The name on one line, as people see it."""
    name = " ".join((node.get("name") or "").split())
    if len(name) > NAME_CHARACTERS:
        reading.report.refuse(
            "name-length",
            node,
            f"名称超过 {NAME_CHARACTERS} 个字符。",
            f"The name has more than {NAME_CHARACTERS} characters.",
        )
    return name


def documentation_of(node: Node) -> str:
    """The texts of all its documentation elements."""
    return "\n".join(text for text in (comments_removed(child) for child in children(node, "documentation")) if text)
