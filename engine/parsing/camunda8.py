"""Reads what the Camunda 8 dialect keeps in extension elements and in expression texts.

Sources: the zeebe schema of Camunda 8.9 and its reference pages on variables, expressions, user tasks, job workers and
execution listeners. One rule holds everywhere: text that begins with `=` is FEEL, any other text is itself.
Each function reads one thing into its record and reports what is wrong with it; none of them raises.
"""

from __future__ import annotations

import re
from dataclasses import replace

from engine.expressions import Value, compile_value
from engine.feel import ExtraFunctions
from engine.model import TASK_MOMENTS
from engine.parsing.camunda8_activities import (
    ad_hoc,
    called_decision,
    called_element,
    check_implementation,
    multi_instance,
    script,
)
from engine.parsing.camunda8_place import extension, nested, version_tag
from engine.parsing.camunda8_tasks import form, user_task
from engine.parsing.camunda8_words import CAMUNDA_8_WORDS
from engine.parsing.elements import ZEEBE, children
from engine.parsing.reading import Reading, check_name, expression, optional, required, required_text, value
from engine.parsing.records import (
    Dialect,
    Element,
    ElementKind,
    IoMapping,
    JobDefinition,
    Listener,
    Script,
)
from engine.xml import Node

__all__ = [
    "DIALECT", "WORDS", "activity", "ad_hoc", "catch_variables", "compile_text", "correlation_key", "error_message",
    "how_to_write", "is_expression", "job", "language", "listeners", "mappings", "multi_instance", "payload", "properties",
    "start", "syntax_rule", "taken", "version_tag", "watched",
]  # fmt: skip
"""What `dialect.DialectReader` asks for."""

WORDS = CAMUNDA_8_WORDS
DIALECT = Dialect.CAMUNDA_8
language = "FEEL"
syntax_rule = "feel-syntax"
how_to_write = ("以“=”开头的 FEEL 表达式", "a FEEL expression that begins with '='")


def is_expression(text: str) -> bool:
    """Text that begins with `=` is FEEL, any other text is itself."""
    return text.startswith("=")


def compile_text(text: str, functions: ExtraFunctions) -> Value:
    """A FEEL expression; raises FeelError."""
    return compile_value(text, functions=functions)


# -- jobs --------------------------------------------------------------------------------------------------------------
def job(reading: Reading, node: Node, *places: Node) -> JobDefinition | None:
    """The element's `zeebe:taskDefinition`, looked for on the element and then at `places` (its message definition)."""
    for place in (node, *places):
        definition = extension(place, "taskDefinition")
        if definition is not None:
            return JobDefinition(
                type=required(reading, definition, "type", "job-type", "作业类型(type)", "job type"),
                retries=_retries(reading, definition),
                headers=headers(reading, extension(place, "taskHeaders")),
            )
    return None


def headers(reading: Reading, container: Node | None) -> dict[str, str]:
    """`zeebe:taskHeaders` as plain text by key."""
    found: dict[str, str] = {}
    for header in nested(container, "header"):
        key = required_text(reading, header, "key", "task-headers", "标头的键(key)", "header's key")
        if key in found:
            reading.report.refuse("task-headers", header, f"标头“{key}”重复。", f"The header '{key}' stands twice.")
        found.setdefault(key, header.get("value") or "")
    return found


def listeners(reading: Reading, node: Node) -> tuple[Listener, ...]:
    """Execution listeners, then those of a user task, each in document order."""
    found = []
    for listener in nested(extension(node, "executionListeners"), "executionListener"):
        event = (listener.get("eventType") or "").strip()
        if event not in {"start", "end"}:
            reading.report.refuse(
                "execution-listener",
                listener,
                f"执行监听器的时机(eventType)应为 start 或 end,而不是“{event}”。",
                f"An execution listener's eventType is start or end, not '{event}'.",
            )
        found.append(_listener(reading, listener, event))
    for listener in nested(extension(node, "taskListeners"), "taskListener"):
        event = (listener.get("eventType") or "").strip()
        if event not in TASK_MOMENTS:
            reading.report.refuse(
                "task-listener",
                listener,
                f"任务监听器的时机(eventType)可以是 creating 或 completing,而不是“{event}”:认领、转办、修改、撤销不等程序同意。",
                f"A task listener's eventType is creating or completing, not '{event}': claims, hand-overs, updates and "
                "cancellations wait for no program.",
            )
        found.append(_listener(reading, listener, event))
    return tuple(found)


def _listener(reading: Reading, node: Node, event: str) -> Listener:
    inner = children(node, "taskHeaders", namespace=ZEEBE)
    return Listener(
        event=event,
        type=required(reading, node, "type", "job-type", "监听器的作业类型(type)", "listener's job type"),
        retries=_retries(reading, node),
        headers=headers(reading, inner[0] if inner else None),
    )


def taken(_reading: Reading, _node: Node) -> tuple[Script, ...]:
    """Camunda 8 has no listeners on sequence flows."""
    return ()


def _retries(reading: Reading, node: Node) -> Value | None:
    text = (node.get("retries") or "").strip()
    if text and not text.startswith("=") and not re.fullmatch(r"[0-9]{1,4}", text):
        reading.report.refuse(
            "job-retries", node, f"重试次数“{text}”不是自然数。", f"The retries '{text}' are not a whole number."
        )
    return optional(reading, node, "retries", "重试次数(retries)", "retries")


# -- data --------------------------------------------------------------------------------------------------------------
def mappings(reading: Reading, node: Node) -> tuple[tuple[IoMapping, ...], tuple[IoMapping, ...]]:
    """Input and output mappings in document order: a later one sees what an earlier one wrote."""
    container = extension(node, "ioMapping")
    return (
        tuple(_mapping(reading, entry, "输入映射", "input mapping") for entry in nested(container, "input")),
        tuple(_mapping(reading, entry, "输出映射", "output mapping") for entry in nested(container, "output")),
    )


def _mapping(reading: Reading, node: Node, zh: str, en: str) -> IoMapping:
    target = required_text(reading, node, "target", "io-mapping", f"{zh}的目标变量(target)", f"target of the {en}")
    check_name(reading, node, target, f"{zh}的目标变量", f"target of the {en}")
    return IoMapping(
        source=required(reading, node, "source", "io-mapping", f"{zh}“{target}”的来源(source)", f"source of the {en}"),
        target=tuple(target.split(".")),
    )


def properties(reading: Reading, node: Node) -> dict[str, Value]:
    """`zeebe:properties`; a value that begins with `=` is evaluated when the element opens."""
    found: dict[str, Value] = {}
    for entry in nested(extension(node, "properties"), "property"):
        name = required_text(
            reading, entry, "name", "property-name", "扩展属性的名称(name)", "name of the extension property"
        )
        if name in found:
            reading.report.refuse(
                "property-name", entry, f"扩展属性“{name}”重复。", f"The extension property '{name}' stands twice."
            )
            continue
        found[name] = value(
            reading, entry, entry.get("value") or "", f"扩展属性“{name}”", f"extension property '{name}'"
        )
    return found


# -- elements ----------------------------------------------------------------------------------------------------------
def activity(reading: Reading, node: Node, element: Element) -> Element:
    """What an activity does, by its kind; exactly one implementation where it needs one."""
    match element.kind:
        case ElementKind.USER_TASK:
            return replace(element, user_task=user_task(reading, node))
        case ElementKind.SERVICE_TASK:
            task = job(reading, node)
            check_implementation(reading, node, {"zeebe:taskDefinition": task is not None})
            return replace(element, job=task)
        case ElementKind.SCRIPT_TASK:
            task, text = job(reading, node), script(reading, node)
            check_implementation(
                reading, node, {"zeebe:script": text is not None, "zeebe:taskDefinition": task is not None}
            )
            return replace(element, job=task, script=text)
        case ElementKind.BUSINESS_RULE_TASK:
            task, decision = job(reading, node), called_decision(reading, node)
            check_implementation(
                reading, node, {"zeebe:calledDecision": decision is not None, "zeebe:taskDefinition": task is not None}
            )
            return replace(element, job=task, decision=decision)
        case ElementKind.CALL_ACTIVITY:
            return replace(element, called=called_element(reading, node))
        case ElementKind.SEND_TASK:
            task = job(reading, node)
            if not node.get("messageRef"):
                check_implementation(reading, node, {"zeebe:taskDefinition": task is not None})
            return replace(element, job=task)
        case _:
            return element


def start(reading: Reading, node: Node, element: Element) -> Element:
    """A start event with its form."""
    return replace(element, form=form(reading, node))


# -- events ------------------------------------------------------------------------------------------------------------
def correlation_key(reading: Reading, node: Node, message: Node, keyed: bool) -> Value | None:
    """The `zeebe:subscription` of a message: which instance it is for; it has to say so where it meets one."""
    subscription = extension(message, "subscription")
    key = (subscription.get("correlationKey") or "").strip() if subscription is not None else ""
    if keyed and not key:
        reading.report.refuse(
            "correlation-key",
            node,
            f"消息“{message.get('name', '')}”没有关联键(zeebe:subscription 的 correlationKey),无法知道它属于哪一件。",
            f"The message '{message.get('name', '')}' has no correlation key (correlationKey of zeebe:subscription), so "
            "nobody could tell which instance it is for.",
        )
    return expression(reading, node, key, "消息的关联键", "The correlation key") if key else None


def watched(reading: Reading, definition: Node) -> frozenset[str]:
    """`zeebe:conditionalFilter`: the variables whose change has the condition looked at."""
    node = extension(definition, "conditionalFilter")
    names = [name for name in re.split(r"[,\s]+", node.get("variableNames") or "") if name] if node is not None else []
    for name in names:
        check_name(reading, definition, name, "条件事件的变量(variableNames)", "variable of the conditional event")
    return frozenset(names)


def catch_variables(_reading: Reading, _definition: Node) -> tuple[str | None, str | None]:
    """Camunda 8 hands what an error brings to the event's output mappings; there are no names to read."""
    return None, None


def error_message(_reading: Reading, _error: Node) -> Value | None:
    """Camunda 8 has a code and no text."""
    return None


def payload(_reading: Reading, _definition: Node) -> tuple[IoMapping, ...]:
    """A thrown event carries its own local variables (input mappings), nothing else."""
    return ()
