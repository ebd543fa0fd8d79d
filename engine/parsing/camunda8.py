"""Reads what the Camunda 8 dialect keeps in extension elements and in expression texts.

Sources: the zeebe schema of Camunda 8.9 and its reference pages on variables, expressions, user tasks, job workers and
execution listeners. One rule holds everywhere: text that begins with `=` is FEEL, any other text is itself.
Each function reads one thing into its record and reports what is wrong with it; none of them raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.expressions import Value, compile_value
from engine.feel import ExtraFunctions
from engine.parsing.camunda8_words import CAMUNDA_8_WORDS
from engine.parsing.elements import BPMN, ZEEBE, children, chinese_name, local
from engine.parsing.reading import Reading, check_name, expression, optional, required, required_text, value
from engine.parsing.records import (
    AdHoc,
    Binding,
    CalledDecision,
    CalledElement,
    Dialect,
    Element,
    ElementKind,
    FormReference,
    IoMapping,
    JobDefinition,
    Listener,
    MultiInstance,
    Script,
    UserTaskDefinition,
)
from engine.xml import Node

_PRIORITIES = range(101)
_BINDINGS = frozenset({Binding.LATEST.value, Binding.DEPLOYMENT.value, Binding.VERSION_TAG.value})

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


# -- where things stand ------------------------------------------------------------------------------------------------
def extension(node: Node, tag: str) -> Node | None:
    """The element's extension of this name; that there is one at most is the survey's business."""
    for container in children(node, "extensionElements", namespace=BPMN):
        for child in children(container, tag, namespace=ZEEBE):
            return child
    return None


def _nested(node: Node | None, *path: str) -> list[Node]:
    """The entries of a list-like extension, e.g. the headers inside `taskHeaders`."""
    found = [node] if node is not None else []
    for tag in path:
        found = [child for parent in found for child in children(parent, tag, namespace=ZEEBE)]
    return found


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
    for header in _nested(container, "header"):
        key = required_text(reading, header, "key", "task-headers", "标头的键(key)", "header's key")
        if key in found:
            reading.report.refuse("task-headers", header, f"标头“{key}”重复。", f"The header '{key}' stands twice.")
        found.setdefault(key, header.get("value") or "")
    return found


def listeners(reading: Reading, node: Node) -> tuple[Listener, ...]:
    """Execution listeners in document order."""
    found = []
    for listener in _nested(extension(node, "executionListeners"), "executionListener"):
        event = (listener.get("eventType") or "").strip()
        if event not in {"start", "end"}:
            reading.report.refuse(
                "execution-listener",
                listener,
                f"执行监听器的时机(eventType)应为 start 或 end,而不是“{event}”。",
                f"An execution listener's eventType is start or end, not '{event}'.",
            )
        inner = children(listener, "taskHeaders", namespace=ZEEBE)
        found.append(
            Listener(
                event=event,
                type=required(reading, listener, "type", "job-type", "监听器的作业类型(type)", "listener's job type"),
                retries=_retries(reading, listener),
                headers=headers(reading, inner[0] if inner else None),
            )
        )
    return tuple(found)


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
        tuple(_mapping(reading, entry, "输入映射", "input mapping") for entry in _nested(container, "input")),
        tuple(_mapping(reading, entry, "输出映射", "output mapping") for entry in _nested(container, "output")),
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
    for entry in _nested(extension(node, "properties"), "property"):
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


# -- user tasks and forms ----------------------------------------------------------------------------------------------
def user_task(reading: Reading, node: Node) -> UserTaskDefinition:
    """Who may do a user task, until when, and with which form; a task for people only (`zeebe:userTask`)."""
    if extension(node, "userTask") is None:
        reading.report.refuse(
            "user-task-implementation",
            node,
            "用户任务没有 zeebe:userTask;在 Camunda 8 中这表示由程序处理的作业,此处不执行。请在 Modeler 中把实现选为“Camunda user task”。",
            "The user task has no zeebe:userTask; in Camunda 8 that means a job for a program, which is not carried out here. "
            "Choose 'Camunda user task' as its implementation in the Modeler.",
        )
    assignment = extension(node, "assignmentDefinition")
    schedule = extension(node, "taskSchedule")
    return UserTaskDefinition(
        assignee=optional(reading, assignment, "assignee", "经办人(assignee)", "assignee"),
        candidate_users=_candidates(reading, assignment, "candidateUsers", "候选人(candidateUsers)"),
        candidate_groups=_candidates(reading, assignment, "candidateGroups", "候选岗位(candidateGroups)"),
        due_date=_date(reading, schedule, "dueDate", "到期日(dueDate)"),
        follow_up_date=_date(reading, schedule, "followUpDate", "跟进日(followUpDate)"),
        priority=_priority(reading, extension(node, "priorityDefinition")),
        form=form(reading, node),
    )


def form(reading: Reading, node: Node) -> FormReference | None:
    """`zeebe:formDefinition` of a user task or a start event: a form by id, or an address elsewhere, never both."""
    definition = extension(node, "formDefinition")
    if definition is None:
        return None
    form_id = (definition.get("formId") or "").strip() or None
    external = (definition.get("externalReference") or "").strip() or None
    if (form_id is None) == (external is None):
        reading.report.refuse(
            "form-reference",
            definition,
            "表单引用应当给出表单编号(formId)或外部地址(externalReference)之一。",
            "A form reference gives either a form id (formId) or an external reference, one of the two.",
        )
    if form_id is not None and form_id.startswith("="):
        reading.report.refuse(
            "form-reference",
            definition,
            "表单编号(formId)不能是表达式。",
            "The form id (formId) cannot be an expression.",
        )
    binding, version_tag = _binding(reading, definition)
    return FormReference(form_id, binding, version_tag, external)


def _candidates(reading: Reading, node: Node | None, attribute: str, zh: str) -> Value | None:
    text = (node.get(attribute) or "").strip() if node is not None else ""
    if node is not None and text and not text.startswith("=") and not all(part.strip() for part in text.split(",")):
        reading.report.refuse(
            "candidates", node, f"{zh}“{text}”中有空的一项。", f"The list {attribute} '{text}' has an empty entry."
        )
    return optional(reading, node, attribute, zh, attribute)


def _date(reading: Reading, node: Node | None, attribute: str, zh: str) -> Value | None:
    text = (node.get(attribute) or "").strip() if node is not None else ""
    if node is not None and text and not text.startswith("=") and not _is_moment(text):
        reading.report.refuse(
            "task-schedule",
            node,
            f"{zh}“{text}”不是带时区的日期时间(例如 2026-03-01T17:00:00+08:00)。",
            f"The {attribute} '{text}' is not a date and time with an offset (such as 2026-03-01T17:00:00+08:00).",
        )
    return optional(reading, node, attribute, zh, attribute)


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _priority(reading: Reading, node: Node | None) -> Value | None:
    text = (node.get("priority") or "").strip() if node is not None else ""
    literal = bool(text) and not text.startswith("=")
    if node is not None and literal and not (re.fullmatch(r"[0-9]{1,3}", text) and int(text) in _PRIORITIES):
        reading.report.refuse(
            "priority",
            node,
            f"优先级“{text}”不是 0 到 100 的整数。",
            f"The priority '{text}' is not a whole number from 0 to 100.",
        )
    return optional(reading, node, "priority", "优先级(priority)", "priority")


def _binding(reading: Reading, node: Node) -> tuple[Binding, str | None]:
    text = (node.get("bindingType") or "").strip() or Binding.LATEST.value
    tag = (node.get("versionTag") or "").strip() or None
    if text not in _BINDINGS:
        reading.report.refuse(
            "binding",
            node,
            f"绑定方式“{text}”应为 latest、deployment 或 versionTag。",
            f"The binding '{text}' has to be latest, deployment or versionTag.",
        )
        return Binding.LATEST, tag
    binding = Binding(text)
    if binding is Binding.VERSION_TAG and tag is None:
        reading.report.refuse(
            "binding",
            node,
            "按版本标签绑定时应写明版本标签(versionTag)。",
            "A binding by version tag has to name the tag.",
        )
    return binding, tag


def version_tag(reading: Reading, node: Node) -> str | None:
    """The process's `zeebe:versionTag`."""
    tag = extension(node, "versionTag")
    return (
        required_text(reading, tag, "value", "version-tag", "版本标签的值(value)", "value of the version tag")
        if tag is not None
        else None
    )


# -- what an activity does ---------------------------------------------------------------------------------------------
def script(reading: Reading, node: Node) -> Script | None:
    """`zeebe:script`: a FEEL expression and the variable that takes its result."""
    definition = extension(node, "script")
    if definition is None:
        return None
    text = required_text(reading, definition, "expression", "script", "脚本的表达式(expression)", "script's expression")
    result = required_text(
        reading, definition, "resultVariable", "script", "脚本的结果变量(resultVariable)", "script's result variable"
    )
    check_name(reading, definition, result, "脚本的结果变量", "result variable of the script")
    return Script(expression(reading, definition, text, "脚本", "The script"), result)


def called_decision(reading: Reading, node: Node) -> CalledDecision | None:
    """`zeebe:calledDecision`: the decision that a business rule task evaluates."""
    definition = extension(node, "calledDecision")
    if definition is None:
        return None
    result = required_text(
        reading,
        definition,
        "resultVariable",
        "called-decision",
        "决策的结果变量(resultVariable)",
        "decision's result variable",
    )
    check_name(reading, definition, result, "决策的结果变量", "result variable of the decision")
    binding, tag = _binding(reading, definition)
    return CalledDecision(
        decision_id=required(
            reading, definition, "decisionId", "called-decision", "决策编号(decisionId)", "decision id"
        ),
        result_variable=result,
        binding=binding,
        version_tag=tag,
    )


def called_element(reading: Reading, node: Node) -> CalledElement | None:
    """`zeebe:calledElement`: the process that a call activity starts, and which variables travel."""
    definition = extension(node, "calledElement")
    if definition is None:
        reading.report.refuse(
            "called-element",
            node,
            "调用活动没有写明调用哪个流程(zeebe:calledElement 的 processId)。",
            "The call activity does not say which process it calls (processId of zeebe:calledElement).",
        )
        return None
    binding, tag = _binding(reading, definition)
    return CalledElement(
        process_id=required(
            reading, definition, "processId", "called-element", "被调用流程的编号(processId)", "called process id"
        ),
        binding=binding,
        version_tag=tag,
        propagate_all_child_variables=_flag(reading, definition, "propagateAllChildVariables"),
        propagate_all_parent_variables=_flag(reading, definition, "propagateAllParentVariables"),
    )


def _flag(reading: Reading, node: Node, attribute: str) -> bool:
    """Camunda 8 takes both propagation attributes as true where they are absent; its Modeler always writes them."""
    text = (node.get(attribute) or "true").strip()
    if text not in {"true", "false"}:
        reading.report.refuse(
            "called-element", node, f"{attribute} 应为 true 或 false。", f"{attribute} has to be true or false."
        )
    return text == "true"


def multi_instance(reading: Reading, loop: Node) -> MultiInstance | None:
    """A `multiInstanceLoopCharacteristics` element with its `zeebe:loopCharacteristics`."""
    definition = extension(loop, "loopCharacteristics")
    if definition is None:
        reading.report.refuse(
            "loop-characteristics",
            loop,
            "多实例没有写明逐项处理的集合(zeebe:loopCharacteristics 的 inputCollection)。",
            "The multi-instance activity does not say over which collection it goes (inputCollection).",
        )
        return None
    element = (definition.get("inputElement") or "").strip() or None
    collection = (definition.get("outputCollection") or "").strip() or None
    output = (definition.get("outputElement") or "").strip()
    check_name(reading, definition, element or "", "多实例的项变量(inputElement)", "inputElement")
    check_name(reading, definition, collection or "", "多实例的结果集合(outputCollection)", "outputCollection")
    _check_output(reading, definition, collection, output)
    source = required_text(
        reading,
        definition,
        "inputCollection",
        "loop-characteristics",
        "多实例的集合(inputCollection)",
        "inputCollection",
    )
    conditions = children(loop, "completionCondition")
    condition = (conditions[0].text or "").strip() if conditions else ""
    return MultiInstance(
        sequential=(loop.get("isSequential") or "false").strip() in {"true", "1"},
        input_collection=expression(reading, definition, source, "多实例的集合", "The input collection"),
        input_element=element,
        output_collection=collection,
        output_element=expression(reading, definition, output, "多实例的每项结果", "The output element")
        if output
        else None,
        completion_condition=expression(reading, conditions[0], condition, "完成条件", "The completion condition")
        if condition
        else None,
    )


def ad_hoc(reading: Reading, node: Node) -> AdHoc:
    """`zeebe:adHoc`: which inner elements are activated (Camunda 8, "Ad-hoc sub-process")."""
    definition = extension(node, "adHoc")
    if definition is None:
        return AdHoc()
    active = (definition.get("activeElementsCollection") or "").strip()
    return AdHoc(
        active=expression(reading, definition, active, "启动的元素集合", "The collection of active elements")
        if active
        else None
    )


def _check_output(reading: Reading, definition: Node, collection: str | None, output: str) -> None:
    if (collection is None) != (not output):
        reading.report.refuse(
            "loop-characteristics",
            definition,
            "结果集合(outputCollection)与每项结果(outputElement)应当同时写明。",
            "outputCollection and outputElement have to be given together.",
        )


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


def check_implementation(reading: Reading, node: Node, found: Mapping[str, bool]) -> None:
    """An activity that needs an implementation has exactly one; `found` says which of the possible ones it has."""
    present = [name for name, there in found.items() if there]
    if len(present) == 1:
        return
    choices = " / ".join(found)
    zh = chinese_name(local(node))
    if present:
        reading.report.refuse(
            "implementation",
            node,
            f"“{zh}”同时写了 {'、'.join(present)},只能有一种实现。",
            f"The {local(node)} has several implementations ({', '.join(present)}); it can have one.",
        )
    else:
        reading.report.refuse(
            "implementation",
            node,
            f"“{zh}”没有写明由什么执行({choices})。",
            f"The {local(node)} does not say what carries it out ({choices}).",
        )
