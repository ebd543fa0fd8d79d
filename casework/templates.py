"""Our words as element templates of Camunda Modeler, for both dialects: from the catalogue, so that they cannot say anything else.

A template is what a designer picks in the Modeler instead of typing a job type and its words. Codes of tables (clocks, ledgers,
letters, texts) are offered as they stand in the tables that are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework import deployed
from casework.catalogue import JOBS, STAGES, JobWords
from casework.law import clocks
from engine.model import Json

CAMUNDA_8 = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
CAMUNDA_7 = "https://unpkg.com/@camunda/element-templates-json-schema/resources/schema.json"
#: Raised whenever a template means something else than before, so that the Modeler offers to bring drawn elements up to date.
VERSION = 1
_ENGINES = {"camunda": "^8.6"}
_CATEGORY = {"id": "yimen", "name": "一门 Yimen"}
_GROUPS = {"work": "办什么 What", "data": "数据 Data", "result": "结果 Result", "law": "依据 Ground"}

#: A word as designers read it.
_WORDS: Mapping[str, tuple[str, str]] = {
    "amount": ("金额", "Amount"), "at": ("从何时起", "As of"), "caseNo": ("案件编号", "Case number"),
    "cause": ("起因(同一起因只开一案)", "Cause: one case per cause"), "channel": ("渠道", "Channel"), "class": ("等级", "Class"),
    "clock": ("时限", "Clock"), "counter": ("计数变量", "Counter"), "data": ("数据", "Data"), "delta": ("增加多少", "Added"),
    "entries": ("多条登记", "Entries"), "entry": ("登记内容", "Entry"), "excused": ("免缺的材料", "Excused papers"),
    "fileNo": ("档号", "File number"), "from": ("起始日期", "From"), "ground": ("理由", "Ground"), "item": ("哪一项", "Item"),
    "items": ("逐项计时的各项", "Items, one clock each"), "key": ("关联键", "Correlation key"), "kind": ("种类", "Kind"),
    "ledger": ("台账", "Ledger"), "length": ("延长多少", "Length"), "letter": ("文书", "Letter"), "message": ("开始消息", "Start message"),
    "name": ("消息名", "Message name"), "notice": ("公示", "Notice"), "openedOn": ("登记日期", "Opened on"), "part": ("是否部分支付", "A part"),
    "payee": ("收款人", "Payee"), "person": ("何人", "Person"), "pieces": ("件数", "Pieces"), "place": ("存放地点", "Place"),
    "posts": ("通知哪些岗位", "Posts"), "process": ("流程标识", "Process id"), "recordClass": ("档案类别", "Record class"),
    "retention": ("保管期限", "Retention"), "secrecy": ("密级", "Secrecy"), "startAt": ("起算时刻", "Starts at"), "state": ("状态", "State"),
    "step": ("动作", "Step"), "taskId": ("任务编号", "Task id"), "text": ("文本", "Text"), "variables": ("消息变量", "Variables"),
    "way": ("支付方式", "Way"),
}  # fmt: skip
#: Words whose value is a text that may be written out; of any other it is an expression.
_TEXTS = frozenset({
    "caseNo", "ground", "key", "kind", "message", "name", "place", "process", "recordClass", "text", "way",
})  # fmt: skip
#: From which table a word takes its codes.
_TABLE_OF = {"clock": "clocks", "ledger": "ledgers", "letter": "letters", "notice": "letters"}


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a table with its name."""

    value: str
    name: str


Tables = Mapping[str, tuple[Code, ...]]


def read_tables(folder: Path) -> Tables:
    """The codes of the tables below a folder, by table: clocks, ledgers, letters, texts. BadTable for one that cannot be read."""
    found = {}
    for name in ("clocks", "ledgers", "letters", "texts"):
        files = sorted(folder.rglob(f"{name}.yaml"))
        rows = deployed.rows(deployed.load(files[0].read_bytes()), name) if files else ()
        found[name] = tuple(Code(str(row.get("code") or row["id"]), _name(row)) for row in rows)
    return found


def camunda_8(tables: Tables) -> list[dict[str, Json]]:
    """Templates for diagrams of Camunda 8: every job type, and the words of processes, user tasks, timers and events."""
    jobs = [_job_8(name, words, tables) for name, words in JOBS.items() if not words.listener]
    return [*jobs, *_drawn(tables)]


def camunda_7(tables: Tables) -> list[dict[str, Json]]:
    """Templates for diagrams of Camunda 7: every job type as an external task with that topic.

    A field of these cannot be left out, so only what a job needs is asked for; further parameters are added in the panel.
    """
    return [_job_7(name, words, tables) for name, words in JOBS.items() if not words.listener]


# ---- jobs


def _job_8(name: str, words: JobWords, tables: Tables) -> dict[str, Json]:
    fields = [_hidden(name, {"type": "zeebe:taskDefinition", "property": "type"})]
    for word in (*words.required, *words.optional):
        must = word in words.required
        fields.append(_header(name, word, words, tables) | ({"constraints": {"notEmpty": True}} if must else {"optional": True}))
    for word in (*words.inputs, *words.further):
        must = word in words.inputs
        field = {
            "label": _label(word), "type": "String", "group": "data", "feel": "optional" if word in _TEXTS else "required",
            "binding": {"type": "zeebe:input", "name": word},
        }  # fmt: skip
        fields.append(field | ({"constraints": {"notEmpty": True}} if must else {"optional": True}))
    fields += [
        {
            "label": f"结果 {word} 存入变量 Result into variable", "type": "String", "group": "result", "optional": True,
            "binding": {"type": "zeebe:output", "source": f"={word}"},
        }
        for word in words.gives
    ]  # fmt: skip
    return _template(
        CAMUNDA_8, name, words.zh, words.en, ["bpmn:Task", "bpmn:ServiceTask"], "bpmn:ServiceTask", [*fields, _property("clause")]
    )


def _job_7(name: str, words: JobWords, tables: Tables) -> dict[str, Json]:
    fields = [
        _hidden("external", {"type": "property", "name": "camunda:type"}),
        _hidden(name, {"type": "property", "name": "camunda:topic"}),
    ]
    for word in (*words.required, *words.optional[:1]):
        field = _header(name, word, words, tables)
        fields.append({**field, "binding": {"type": "camunda:inputParameter", "name": word}, "constraints": {"notEmpty": True}})
    fields += [
        {
            "label": _label(word), "type": "String", "group": "data", "constraints": {"notEmpty": True},
            "binding": {"type": "camunda:inputParameter", "name": word},
        }
        for word in words.inputs
    ]  # fmt: skip
    return _template(CAMUNDA_7, name, words.zh, words.en, ["bpmn:Task", "bpmn:ServiceTask"], "bpmn:ServiceTask", fields)


def _header(job: str, word: str, words: JobWords, tables: Tables) -> dict[str, Json]:
    field: dict[str, Json] = {"label": _label(word), "group": "work", "binding": {"type": "zeebe:taskHeader", "key": word}}
    codes = tuple(Code(value, value) for value in sorted(words.one_of.get(word, ())))
    if job == "notify" and word == "text":
        codes = tables.get("texts", ())
    elif not codes:
        codes = tables.get(_TABLE_OF.get(word, ""), ())
        if codes and (job, word) == ("clock.stop", "clock"):
            codes = (*codes, Code(clocks.ALL, "全部 all"))
    return field | (_dropdown(codes) if codes else {"type": "String"})


# ---- what else is drawn


def _drawn(tables: Tables) -> Iterator[dict[str, Json]]:
    clock = _property("clock", _dropdown((Code("", "–"), Code("step", "本环节 this step"), *tables.get("clocks", ()))))
    edge = _property("edge", _dropdown((Code("", "–"), Code("amber", "临近 amber"), Code("due", "到期 due"))))
    done = [
        {"type": "Hidden", "binding": {"type": "zeebe:userTask"}},
        {
            "label": "岗位(逗号分隔) Posts", "type": "String", "group": "work", "feel": "optional", "constraints": {"notEmpty": True},
            "binding": {"type": "zeebe:assignmentDefinition", "property": "candidateGroups"},
        },
        {
            "label": "表单编号 Form id", "type": "String", "group": "work", "constraints": {"notEmpty": True},
            "binding": {"type": "zeebe:formDefinition", "property": "formId"},
        },
        _hidden("deployment", {"type": "zeebe:formDefinition", "property": "bindingType"}),
        *(_property(name, feel=name in {"title", "titleEn"}) for name in ("title", "titleEn", "notBy")),
        _property("recusal", _dropdown((Code("", "–"), *(Code(stage, stage) for stage in sorted(STAGES))))),
        *(_property(name) for name in ("second", "allowed", "clause")),
    ]  # fmt: skip
    task = ["bpmn:Task", "bpmn:UserTask"]
    yield _template(CAMUNDA_8, "user-task", "办理环节", "A step for people", task, "bpmn:UserTask", [*done, clock])
    timed = [*done, _hidden("clock.step", {"type": "zeebe:executionListener", "eventType": "start"})]
    yield _template(CAMUNDA_8, "user-task.timed", "计时的办理环节", "A step with a clock of its own", task, "bpmn:UserTask", timed)
    timer = ["bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent"]
    yield _template(CAMUNDA_8, "timer", "随时限移动的定时", "A timer that follows a clock", timer, None, [clock, edge, _property("clause")])
    operation = [_property(name) for name in ("operation", "label", "form", "post", "clause")]
    yield _template(CAMUNDA_8, "operation", "案件上的操作", "An operation on the case", ["bpmn:StartEvent"], None, operation)
    yield _template(
        CAMUNDA_8, "outcome", "办理结果", "How a case ends", ["bpmn:EndEvent"], None, [_property("outcome"), _property("clause")]
    )
    procedure = [
        _property(name)
        for name in ("startBy", "matter", "aidKind", "mainClock", "clockCodes", "urgent", "nameEn", "description", "clause")
    ]
    yield _template(CAMUNDA_8, "procedure", "事项", "A procedure", ["bpmn:Process"], None, procedure)


_PROPERTIES: Mapping[str, tuple[str, str]] = {
    "aidKind": ("救助种类", "Kind of aid"), "allowed": ("可用的操作", "Operations allowed"), "clause": ("依据的规则编号", "Rule ids"),
    "clock": ("时限", "Clock"), "clockCodes": ("全部时限", "All its clocks"), "description": ("说明", "Description, Chinese"),
    "edge": ("时刻", "Edge"), "form": ("表单编号", "Form id"), "label": ("名称", "Label"), "mainClock": ("主时限", "Main clock"),
    "matter": ("事项", "Matter"), "nameEn": ("英文名称", "English name"), "notBy": ("不得由办理过这些环节的人办理", "Not by who did"),
    "operation": ("操作代码", "Operation"), "outcome": ("结果", "Outcome"), "post": ("岗位", "Posts"), "recusal": ("回避环节", "Recusal"),
    "second": ("第二人所在字段", "Field of the second officer"), "startBy": ("可发起的岗位", "Posts that may start it"),
    "title": ("待办标题", "Title"), "titleEn": ("英文待办标题", "English title"), "urgent": ("紧急", "Urgent"),
}  # fmt: skip


def _property(name: str, kind: Mapping[str, Json] | None = None, *, feel: bool = False) -> dict[str, Json]:
    zh, en = _PROPERTIES[name]
    return {
        "label": f"{zh} {en}", **(kind or {"type": "String"}), "group": "law" if name == "clause" else "work", "optional": True,
        "binding": {"type": "zeebe:property", "name": name}, **({"feel": "optional"} if feel else {}),
    }  # fmt: skip


def _dropdown(codes: tuple[Code, ...]) -> dict[str, Json]:
    return {"type": "Dropdown", "choices": [{"name": _shown(code), "value": code.value} for code in codes]}


def _shown(code: Code) -> str:
    return code.name if code.name in (code.value, "–") else f"{code.name} ({code.value})"


def _hidden(value: str, binding: dict[str, Json]) -> dict[str, Json]:
    return {"type": "Hidden", "value": value, "binding": binding}


def _label(word: str) -> str:
    zh, en = _WORDS[word]
    return f"{zh} {en}"


def _template(
    schema: str, name: str, zh: str, en: str, applies_to: list[str], element: str | None, fields: list[dict[str, Json]]
) -> dict[str, Json]:
    is_8 = schema == CAMUNDA_8
    template: dict[str, Any] = {
        "$schema": schema, "name": f"{zh} {en}", "id": f"yimen.{name}" if is_8 else f"yimen.camunda7.{name}", "version": VERSION,
        "description": f"{en}. {name}" if element else en, "appliesTo": applies_to,
    }  # fmt: skip
    if element is not None:
        template["elementType"] = {"value": element}
    if is_8:
        template |= {"engines": _ENGINES, "category": _CATEGORY}
    used = {field["group"] for field in fields if "group" in field}
    template["groups"] = [{"id": group, "label": label} for group, label in _GROUPS.items() if group in used]
    listens = any(field["binding"]["type"] == "zeebe:executionListener" for field in fields)
    template["entriesVisible"] = {"executionListeners": False} if listens else True
    template["properties"] = fields
    return template


def _name(row: Mapping[str, Json]) -> str:
    """The name of a row; a text as its first words, since it has none."""
    return re.sub(r"\s+", " ", str(row.get("zh") or "")).partition("。")[0][:40]
