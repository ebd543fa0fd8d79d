"""User tasks of the Camunda 8 dialect: who may do them, until when, with which form."""

from __future__ import annotations

import re
from datetime import datetime

from engine.expressions import Value
from engine.parsing.camunda8_place import binding_of, extension
from engine.parsing.reading import Reading, optional
from engine.parsing.records import FormReference, UserTaskDefinition
from engine.xml import Node

_PRIORITIES = range(101)


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
    binding, version_tag = binding_of(reading, definition)
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
