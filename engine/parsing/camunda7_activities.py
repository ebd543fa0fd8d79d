"""Reads what carries out an activity of a Camunda 7 file: external tasks, expressions, scripts, decisions, calls, loops."""

from __future__ import annotations

from dataclasses import replace

from engine.expressions import Literal, Value
from engine.juel import is_template
from engine.parsing.camunda7_code import assignment, refuse_connectors, refuse_fields, refuse_java, script_value
from engine.parsing.camunda7_data import business_key, passed_all, travelling
from engine.parsing.camunda7_place import attribute, bound_version, extensions, optional, variable_name
from engine.parsing.camunda7_tasks import user_task
from engine.parsing.elements import children, chinese_name, comments_removed, local
from engine.parsing.reading import Reading, check_name, expression, value
from engine.parsing.records import (
    CalledDecision,
    CalledElement,
    Element,
    ElementKind,
    JobDefinition,
    MultiInstance,
    Script,
)
from engine.xml import Node

_MAPPINGS = frozenset({"singleEntry", "singleResult", "collectEntries", "resultList"})


def activity(reading: Reading, node: Node, element: Element) -> Element:
    """What an activity does, by its kind; exactly one implementation where it needs one."""
    match element.kind:
        case ElementKind.USER_TASK:
            return replace(element, user_task=user_task(reading, node))
        case ElementKind.SERVICE_TASK:
            task, text = _implementation(reading, node, is_needed=True)
            return replace(element, job=task, script=text)
        case ElementKind.SEND_TASK:
            task, text = _implementation(reading, node, is_needed=not node.get("messageRef"))
            return replace(element, job=task, script=text)
        case ElementKind.BUSINESS_RULE_TASK:
            decision = called_decision(reading, node)
            task, text = _implementation(reading, node, is_needed=decision is None)
            if decision is not None and (task is not None or text is not None):
                _refuse_several(reading, node)
            return replace(element, job=task, script=text if decision is None else None, decision=decision)
        case ElementKind.SCRIPT_TASK:
            return replace(element, script=script(reading, node))
        case ElementKind.CALL_ACTIVITY:
            return replace(element, called=called_element(reading, node))
        case _:
            return element


def _implementation(reading: Reading, node: Node, *, is_needed: bool) -> tuple[JobDefinition | None, Script | None]:
    """An external task, or an expression; what is Java's is refused."""
    refuse_fields(reading, *extensions(node, "field"))
    refused = [
        refuse_java(reading, node, "class", "delegateExpression"),
        refuse_connectors(reading, node),
    ]
    task, text = external(reading, node), _expression(reading, node)
    if task is not None and text is not None:
        _refuse_several(reading, node)
    if is_needed and task is None and text is None and not any(refused) and not attribute(node, "type"):
        zh = chinese_name(local(node))
        reading.report.refuse(
            "implementation",
            node,
            f'“{zh}”没有写明由什么执行(camunda:type="external" 与 topic,或 camunda:expression)。',
            f'The {local(node)} does not say what carries it out (camunda:type="external" with a topic, or camunda:expression).',
        )
    return task, text


def _refuse_several(reading: Reading, node: Node) -> None:
    reading.report.refuse(
        "implementation",
        node,
        f"“{chinese_name(local(node))}”同时写了几种实现,只能有一种。",
        f"The {local(node)} has several implementations; it can have one.",
    )


def external(reading: Reading, node: Node) -> JobDefinition | None:
    """`camunda:type="external"` with its topic, which is the type of the job."""
    kind = attribute(node, "type")
    if not kind:
        return None
    if kind != "external":
        reading.report.refuse(
            "implementation",
            node,
            f"实现方式(camunda:type)“{kind}”不执行;可以是 external(外部任务)。",
            f"The implementation (camunda:type) '{kind}' is not carried out; it can be external.",
        )
        return None
    if not attribute(node, "topic"):
        reading.report.refuse("job-type", node, "外部任务没有写明主题(topic)。", "The external task has no topic.")
    process = next((owner for owner in node.iterancestors("*") if local(owner) == "process"), node)
    place = node if attribute(node, "taskPriority") else process
    return JobDefinition(
        type=optional(reading, node, "topic", "外部任务的主题") or Literal(""),
        retries=None,
        headers={},
        priority=optional(reading, place, "taskPriority", "外部任务的优先级"),
    )


def _expression(reading: Reading, node: Node) -> Script | None:
    text = attribute(node, "expression")
    if not text:
        return None
    result = variable_name(reading, node, "resultVariable", "结果变量")
    setting = assignment(reading, node, text, "表达式(expression)", "The expression")
    if setting is None:
        return Script(value(reading, node, text, "表达式(expression)", "The expression"), result)
    if result is not None:
        reading.report.refuse(
            "script",
            node,
            "execution.setVariable 没有结果,不能再写结果变量(resultVariable)。",
            "execution.setVariable has no result that a resultVariable could take.",
        )
    return setting


def script(reading: Reading, node: Node) -> Script | None:
    """A script task in JUEL or FEEL and the variable that takes its result."""
    found = children(node, "script")
    text = comments_removed(found[0]) if found else ""
    result = variable_name(reading, node, "resultVariable", "脚本的结果变量")
    name = node.get("scriptFormat") or ""
    if name.strip().lower() == "juel":
        setting = assignment(reading, node, text, "脚本", "The script")
        if setting is not None:
            return setting
    return Script(script_value(reading, node, name, text, "脚本", "The script"), result)


def called_decision(reading: Reading, node: Node) -> CalledDecision | None:
    """The decision of a business rule task; without `mapDecisionResult` it gives the list of its results."""
    decision = optional(reading, node, "decisionRef", "决策编号")
    if decision is None:
        return None
    mapping = attribute(node, "mapDecisionResult") or "resultList"
    if mapping not in _MAPPINGS:
        reading.report.refuse(
            "called-decision",
            node,
            f"决策结果的取法(mapDecisionResult)“{mapping}”应为 {'、'.join(sorted(_MAPPINGS))}。",
            f"mapDecisionResult '{mapping}' has to be {', '.join(sorted(_MAPPINGS))}.",
        )
    binding, tag, version = bound_version(reading, node, "decisionRef")
    return CalledDecision(
        decision_id=decision,
        result_variable=variable_name(reading, node, "resultVariable", "决策的结果变量"),
        binding=binding,
        version_tag=tag,
        version=version,
        mapping=mapping,
    )


def called_element(reading: Reading, node: Node) -> CalledElement | None:
    """The process that a call activity starts; nothing travels that no `camunda:in` and no `camunda:out` names."""
    refuse_java(reading, node, "variableMappingClass", "variableMappingDelegateExpression")
    name = (node.get("calledElement") or "").strip()
    if not name:
        reading.report.refuse(
            "called-element",
            node,
            "调用活动没有写明调用哪个流程(calledElement)。",
            "The call activity does not say which process it calls (calledElement).",
        )
        return None
    binding, tag, version = bound_version(reading, node, "calledElement")
    there, back = extensions(node, "in"), extensions(node, "out")
    return CalledElement(
        process_id=value(reading, node, name, "被调用流程的编号(calledElement)", "The called process id"),
        binding=binding,
        version_tag=tag,
        version=version,
        propagate_all_child_variables=passed_all(back),
        propagate_all_parent_variables=passed_all(there),
        passed=travelling(reading, there, whole=True),
        returned=travelling(reading, back, whole=True),
        business_key=business_key(reading, node),
    )


def multi_instance(reading: Reading, loop: Node) -> MultiInstance | None:
    """Over a collection (a variable's name or an expression) or a number of times; `loopCounter` begins with 0."""
    collection, item = _collection(reading, loop), _item(reading, loop)
    cardinality = _child(reading, loop, "loopCardinality", "循环次数")
    if (collection is None) == (cardinality is None):
        reading.report.refuse(
            "loop-characteristics",
            loop,
            "多实例应写明集合(camunda:collection)或循环次数(loopCardinality)之一。",
            "The multi-instance activity names either a collection (camunda:collection) or a loopCardinality.",
        )
        return None
    return MultiInstance(
        sequential=(loop.get("isSequential") or "false").strip() in {"true", "1"},
        input_collection=collection,
        input_element=item,
        completion_condition=_child(reading, loop, "completionCondition", "完成条件"),
        cardinality=cardinality,
        first_counter=0,
    )


def _collection(reading: Reading, loop: Node) -> Value | None:
    references = children(loop, "loopDataInputRef")
    text = attribute(loop, "collection") or (comments_removed(references[0]) if references else "")
    if not text:
        return None
    if is_template(text):
        return value(reading, loop, text, "多实例的集合", "The collection")
    check_name(reading, loop, text, "多实例的集合", "collection of the multi-instance activity")
    return value(reading, loop, f"${{{text}}}", "多实例的集合", "The collection")


def _item(reading: Reading, loop: Node) -> str | None:
    items = children(loop, "inputDataItem")
    named = variable_name(reading, loop, "elementVariable", "多实例的项变量")
    return named or ((items[0].get("name") or "").strip() or None if items else None)


def _child(reading: Reading, node: Node, tag: str, zh: str) -> Value | None:
    found = children(node, tag)
    text = comments_removed(found[0]) if found else ""
    if not text:
        return None
    if tag == "completionCondition":
        return expression(reading, found[0], text, zh, f"The {tag}")
    if not is_template(text) and not text.isdecimal():
        reading.report.refuse(
            "loop-characteristics", found[0], f"{zh}“{text}”不是自然数。", f"The {tag} '{text}' is no whole number."
        )
    return value(reading, found[0], text, zh, f"The {tag}")
