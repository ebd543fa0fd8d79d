"""Every kind of activity between `work` and `rest`, in both dialects, with what has to happen for it to complete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.model import Resource
from tests.coverage.matrix import Writer, chain
from tests.engine.lab import Lab

_TABLE = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">'
    b'<decision id="competence" name="competence"><variable name="competence"/>'
    b'<literalExpression><text>if amount &gt; 3 then "county" else "town"</text></literalExpression></decision></definitions>'
)


@dataclass(frozen=True, slots=True)
class Activity:
    """One kind: its element (id `it`) per dialect, what it needs beside it, what lets it complete, what it leaves."""

    name: str
    camunda8: str
    camunda7: str
    act: Callable[[Lab, int], object] | None = None
    leaves: tuple[str, Any] | None = None
    beside: str = ""
    """Another process of the file; `{job}` is a job of the type `inner`."""
    files: tuple[Resource, ...] = ()

    def element(self, dialect: str) -> str:
        return self.camunda8 if dialect == "camunda8" else self.camunda7


def _ext(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def _both(tag: str, inner: str = "", attributes: str = "") -> tuple[str, str]:
    xml = f'<bpmn:{tag} id="it"{attributes}>{inner}</bpmn:{tag}>'
    return xml, xml


def _job(tag: str) -> tuple[str, str]:
    return (
        f'<bpmn:{tag} id="it">{_ext("<zeebe:taskDefinition type=" + chr(34) + "inner" + chr(34) + "/>")}</bpmn:{tag}>',
        f'<bpmn:{tag} id="it" camunda:type="external" camunda:topic="inner"/>',
    )


def _scope(tag: str, inner: str, attributes: str = "") -> tuple[str, str]:
    """A scope that holds a job `inner`; `{job}` in `inner` is where it goes."""
    eight, seven = Writer("camunda8").job("inner"), Writer("camunda7").job("inner")
    made = f'<bpmn:{tag} id="it"{attributes}>{inner}</bpmn:{tag}>'
    return made.replace("{job}", eight), made.replace("{job}", seven)


def _looped(loop8: str, loop7: str) -> tuple[str, str]:
    eight, seven = _job("serviceTask")
    return (
        eight.replace("</bpmn:serviceTask>", f"{loop8}</bpmn:serviceTask>"),
        seven.replace("/>", f">{loop7}</bpmn:serviceTask>"),
    )


def _many(sequential: bool) -> tuple[str, str]:
    order = str(sequential).lower()
    eight = _ext('<zeebe:loopCharacteristics inputCollection="=papers" inputElement="paper"/>')
    return _looped(
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{order}">{eight}</bpmn:multiInstanceLoopCharacteristics>',
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{order}" camunda:collection="papers" camunda:elementVariable="paper"/>',
    )


def _done(*types: str) -> Callable[[Lab, int], None]:
    def act(lab: Lab, _root: int) -> None:
        for kind in types:
            lab.done(kind)

    return act


def _again(lab: Lab, _root: int) -> None:
    lab.done("inner", again=True)
    lab.done("inner", again=False)


def _heard(lab: Lab, _root: int) -> None:
    """The message comes, with the key that Camunda 8 asks for or without one, as Camunda 7 has none."""
    if not lab.publish("news", "K", amount=9).instance_ids:
        lab.publish("news", "", amount=9)


_INSIDE = '<bpmn:startEvent id="begin"/>{job}' + chain("begin", "inner")
_CALLED = f'<bpmn:process id="called" isExecutable="true">{_INSIDE}</bpmn:process>'
_LOOP = (
    "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>{}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
)

ACTIVITIES = (
    Activity("task", *_both("task")),
    Activity("manualTask", *_both("manualTask")),
    Activity(
        "userTask",
        f'<bpmn:userTask id="it">{_ext("<zeebe:userTask/>")}</bpmn:userTask>',
        '<bpmn:userTask id="it"/>',
        lambda lab, root: lab.complete(root, "it", amount=9),
        ("amount", 9),
    ),
    Activity("serviceTask", *_job("serviceTask"), _done("inner")),
    Activity("sendTask, job", *_job("sendTask"), _done("inner")),
    Activity(
        "sendTask, message",
        *_both("sendTask", attributes=' messageRef="m"'),
        _done("inner"),
        beside='<bpmn:process id="q" isExecutable="true"><bpmn:startEvent id="heard"><bpmn:messageEventDefinition '
        'messageRef="m"/></bpmn:startEvent>{job}' + chain("heard", "inner") + "</bpmn:process>",
    ),
    Activity(
        "receiveTask",
        *_both("receiveTask", attributes=' messageRef="m"'),
        _heard,
        ("amount", 9),
    ),
    Activity(
        "scriptTask",
        f'<bpmn:scriptTask id="it">{_ext("<zeebe:script expression=" + chr(34) + "=amount * 2" + chr(34) + " resultVariable=" + chr(34) + "double" + chr(34) + "/>")}</bpmn:scriptTask>',
        '<bpmn:scriptTask id="it" scriptFormat="feel" camunda:resultVariable="double"><bpmn:script>amount * 2</bpmn:script></bpmn:scriptTask>',
        None,
        ("double", 8),
    ),
    Activity("businessRuleTask, job", *_job("businessRuleTask"), _done("inner")),
    Activity(
        "businessRuleTask, decision",
        f'<bpmn:businessRuleTask id="it">{_ext("<zeebe:calledDecision decisionId=" + chr(34) + "competence" + chr(34) + " resultVariable=" + chr(34) + "who" + chr(34) + "/>")}</bpmn:businessRuleTask>',
        '<bpmn:businessRuleTask id="it" camunda:decisionRef="competence" camunda:resultVariable="who" camunda:mapDecisionResult="singleEntry"/>',
        None,
        ("who", "county"),
        files=(Resource("competence.dmn", _TABLE),),
    ),
    Activity(
        "callActivity",
        f'<bpmn:callActivity id="it">{_ext("<zeebe:calledElement processId=" + chr(34) + "called" + chr(34) + "/>")}</bpmn:callActivity>',
        '<bpmn:callActivity id="it" calledElement="called"/>',
        _done("inner"),
        beside=_CALLED,
    ),
    Activity("subProcess", *_scope("subProcess", _INSIDE), _done("inner")),
    Activity("transaction", *_scope("transaction", _INSIDE), _done("inner")),
    Activity("adHocSubProcess", *_scope("adHocSubProcess", "{job}"), _done("inner")),
    Activity("standardLoop", *_looped(_LOOP.format("=again"), _LOOP.format("${again}")), _again),
    Activity("multiInstance, parallel", *_many(sequential=False), _done("inner", "inner")),
    Activity("multiInstance, sequential", *_many(sequential=True), _done("inner", "inner")),
)
"""Standard loops are none of either Camunda's; their words are BPMN's own."""


def diagram(activity: Activity, dialect: str) -> bytes:
    """The file: process `p`, and what the activity needs beside it."""
    writer = Writer(dialect)
    inside = (
        f'<bpmn:startEvent id="start"/>{writer.job("work")}{activity.element(dialect)}{writer.job("rest")}'
        + chain("start", "work", "it", "rest")
    )  # fmt: skip
    beside = activity.beside.replace("{job}", writer.job("inner"))
    return writer.file(f'<bpmn:process id="p" isExecutable="true">{inside}</bpmn:process>{beside}')
