"""Reads the people's side of a Camunda 7 file: who may do a user task, until when, and with which form."""

from __future__ import annotations

import re
from datetime import datetime

from engine.expressions import Composite, Literal, Value, compile_value
from engine.juel import is_template
from engine.parsing.camunda7_code import refuse_java
from engine.parsing.camunda7_place import attribute, bound_version, extensions, optional
from engine.parsing.reading import Reading, shortened, value
from engine.parsing.records import Binding, FormReference, UserTaskDefinition
from engine.timers import parse_span
from engine.xml import Node

_PRIORITIES = range(101)


def user_task(reading: Reading, node: Node) -> UserTaskDefinition:
    """Who may do a user task, until when, and with which form."""
    return UserTaskDefinition(
        assignee=optional(reading, node, "assignee", "经办人"),
        candidate_users=_candidates(reading, node, "candidateUsers", "候选人"),
        candidate_groups=_candidates(reading, node, "candidateGroups", "候选岗位"),
        due_date=_date(reading, node, "dueDate", "到期日"),
        follow_up_date=_date(reading, node, "followUpDate", "跟进日"),
        priority=_priority(reading, node),
        form=form(reading, node),
    )


def _candidates(reading: Reading, node: Node, name: str, zh: str) -> Value | None:
    """A comma separated list, each entry a text or an expression that gives a text or a list of texts."""
    parts = [part.strip() for part in _split(attribute(node, name))]
    if parts == [""]:
        return None
    if not all(parts):
        reading.report.refuse("candidates", node, f"{zh}({name})中有空的一项。", f"The list {name} has an empty entry.")
    if len(parts) == 1 or not any(map(is_template, parts)):
        return optional(reading, node, name, zh)
    items = tuple(value(reading, node, part, f"{zh}({name})", f"The {name}") for part in parts)
    return Composite(attribute(node, name), items, flat=True)


def _split(text: str) -> list[str]:
    """Parts between commas that stand outside of expressions."""
    return re.split(r",(?![^{]*\})", text)


def _date(reading: Reading, node: Node, name: str, zh: str) -> Value | None:
    """A moment, or a duration that is counted from the opening of the task."""
    text = attribute(node, name)
    if not text or is_template(text):
        return optional(reading, node, name, zh)
    if parse_span(text) is not None:
        return compile_value(f'=now() + duration("{text}")')
    if not _is_moment(text):
        reading.report.refuse(
            "task-schedule",
            node,
            f"{zh}({name})“{text}”不是日期时间(例如 2026-03-01T17:00:00+08:00)或时长(例如 P3D)。",
            f"The {name} '{text}' is no date and time (such as 2026-03-01T17:00:00+08:00) and no duration (such as P3D).",
        )
    return Literal(text)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _priority(reading: Reading, node: Node) -> Value | None:
    text = attribute(node, "priority")
    if text and not is_template(text) and not (re.fullmatch(r"[0-9]{1,3}", text) and int(text) in _PRIORITIES):
        reading.report.refuse(
            "priority",
            node,
            f"优先级“{text}”不是 0 到 100 的整数。",
            f"The priority '{text}' is not a whole number from 0 to 100.",
        )
    return optional(reading, node, "priority", "优先级")


def form(reading: Reading, node: Node) -> FormReference | None:
    """The form of a user task or start event: a deployed one (`formRef`), or the key of one that another program shows."""
    for generated in extensions(node, "formData"):
        reading.report.refuse(
            "form-reference",
            generated,
            "生成式表单(camunda:formData)不执行。请在 Modeler 中另画一张表单,用 camunda:formRef 引用。",
            "A generated form (camunda:formData) is not carried out. Draw a form in the Modeler and refer to it by camunda:formRef.",
        )
    refuse_java(reading, node, "formHandlerClass")
    reference, key = attribute(node, "formRef"), attribute(node, "formKey")
    if reference and key:
        reading.report.refuse(
            "form-reference",
            node,
            "表单引用(formRef)与表单键(formKey)只能写一个。",
            "A form is given by formRef or by formKey, one of the two.",
        )
    if is_template(reference) or is_template(key):
        reading.report.refuse(
            "form-reference", node, "表单的引用不能是表达式。", "The reference of a form cannot be an expression."
        )
    elif reference:
        binding, _, version = bound_version(reading, node, "formRef", tags=False)
        return FormReference(reference, binding, version=version)
    elif key:
        return _keyed_form(reading, node, key)
    return None


def _keyed_form(reading: Reading, node: Node, key: str) -> FormReference | None:
    """A form by its file in the same deployment, or one that another program shows; not the pages of Camunda's own."""
    file = key.removeprefix("camunda-forms:deployment:")
    if file != key and file:
        return FormReference(file, Binding.DEPLOYMENT)
    if key.partition(":")[0] in {"embedded", "app", "camunda-forms"}:
        reading.report.refuse(
            "form-reference",
            node,
            f"表单键“{shortened(key)}”指 Camunda 应用中的网页或表单,此处不能显示。请在 Modeler 中另画一张表单,用 camunda:formRef 引用。",
            f"The form key '{shortened(key)}' means a page or form of an application in Camunda, which cannot be shown here. Draw a "
            "form in the Modeler and refer to it by camunda:formRef.",
        )
        return None
    return FormReference(None, external_reference=key)
