"""Reads what the Camunda 7 dialect keeps in prefixed attributes and extension elements (Camunda 7.24, CIB seven, Operaton).

Sources: the vendor's reference pages "Extension attributes" and "Extension elements", and its user guide on the process
engine. Expressions are JUEL (`engine.juel`); text without `${` or `#{` is itself. Markers for the engine's own job executor
(`async`, `exclusive`, `jobPriority`, `failedJobRetryTimeCycle`) and clean-up (`historyTimeToLive`) are read and change nothing:
here each element that fails is an incident of its own, and what came before it stays. `docs/designer.md` lists them.
"""

from __future__ import annotations

from dataclasses import replace

from engine.expressions import Literal, Value, compile_juel_value
from engine.feel import ExtraFunctions
from engine.juel import is_template
from engine.parsing import camunda7_activities, camunda7_code, camunda7_data
from engine.parsing.camunda7_activities import external
from engine.parsing.camunda7_code import refuse_connectors, refuse_fields, refuse_java
from engine.parsing.camunda7_data import travelling
from engine.parsing.camunda7_place import attribute, extension, extensions, optional, variable_name
from engine.parsing.camunda7_tasks import form
from engine.parsing.camunda7_words import CAMUNDA_7_WORDS
from engine.parsing.elements import local
from engine.parsing.reading import Reading, shortened
from engine.parsing.records import (
    AdHoc,
    Dialect,
    Element,
    IoMapping,
    JobDefinition,
)
from engine.xml import Node

_EVENTS = frozenset({"create", "update", "delete"})

WORDS = CAMUNDA_7_WORDS
DIALECT = Dialect.CAMUNDA_7
language = "JUEL"
syntax_rule = "juel-syntax"
how_to_write = ("${…} 形式的 JUEL 表达式", "a JUEL expression between '${' and '}'")

properties = camunda7_data.properties
mappings = camunda7_data.mappings
activity = camunda7_activities.activity
multi_instance = camunda7_activities.multi_instance
listeners = camunda7_code.listeners
taken = camunda7_code.taken


def is_expression(text: str) -> bool:
    """Text with `${` or `#{` in it is an expression, any other text is itself."""
    return is_template(text)


def compile_text(text: str, _functions: ExtraFunctions) -> Value:
    """JUEL compiled; raises FeelError. The product's own functions are FEEL's."""
    return compile_juel_value(text)


def version_tag(_reading: Reading, node: Node) -> str | None:
    """The process's `camunda:versionTag`."""
    return attribute(node, "versionTag") or None


def ad_hoc(_reading: Reading, _node: Node) -> AdHoc:
    """Camunda 7 adds nothing to BPMN's ad-hoc sub-process (and does not carry it out itself)."""
    return AdHoc()


# -- events ------------------------------------------------------------------------------------------------------------
def start(reading: Reading, node: Node, element: Element) -> Element:
    """A start event with its form and the variable that takes the starter's name."""
    return replace(element, form=form(reading, node), initiator=variable_name(reading, node, "initiator", "发起人变量"))


def job(reading: Reading, _node: Node, *places: Node) -> JobDefinition | None:
    """The external task of a thrown message, which stands on its definition.

    What another implementation would be is refused here; the event is then read as if it had a job.
    """
    found = None
    for place in places:
        if local(place) != "messageEventDefinition":
            continue
        refuse_fields(reading, *extensions(place, "field"))
        refused = [refuse_java(reading, place, "class", "delegateExpression"), refuse_connectors(reading, place)]
        if text := attribute(place, "expression"):
            reading.report.refuse(
                "script",
                place,
                f'消息事件的表达式“{shortened(text)}”不执行。请改为外部任务(camunda:type="external" 与 topic),或写明 messageRef,由本系统发布。',
                f"The expression '{shortened(text)}' of a message event is not carried out. Make it an external task "
                '(camunda:type="external" with a topic), or name the message (messageRef) and the engine publishes it.',
            )
            refused.append(True)
        if any(refused):
            found = found or JobDefinition(Literal(""), None, {})
        found = found or external(reading, place)
    return found


def correlation_key(_reading: Reading, _node: Node, _message: Node, _keyed: bool) -> Value | None:
    """None: a message of Camunda 7 is correlated by its name and the business key that its sender gives."""
    return None


def watched(reading: Reading, definition: Node) -> frozenset[str]:
    """`camunda:variableName`: the one variable whose change has the condition looked at."""
    events = {part.strip() for part in attribute(definition, "variableEvents").split(",") if part.strip()}
    if events and (not events <= _EVENTS or not {"create", "update"} <= events):
        reading.report.refuse(
            "condition",
            definition,
            f"条件事件的变量事件(variableEvents)“{attribute(definition, 'variableEvents')}”不执行:变量的新建与修改都会重新计算条件。",
            f"variableEvents '{attribute(definition, 'variableEvents')}' is not carried out: the condition is looked at when a "
            "variable is created and when it is changed.",
        )
    name = variable_name(reading, definition, "variableName", "条件事件的变量")
    return frozenset({name}) if name is not None else frozenset()


def catch_variables(reading: Reading, definition: Node) -> tuple[str | None, str | None]:
    """The variables that take the code and the message of what is caught."""
    code = "escalationCodeVariable" if local(definition) == "escalationEventDefinition" else "errorCodeVariable"
    return (
        variable_name(reading, definition, code, "代码变量"),
        variable_name(reading, definition, "errorMessageVariable", "错误信息变量"),
    )


def error_message(reading: Reading, error: Node) -> Value | None:
    """`camunda:errorMessage`."""
    return optional(reading, error, "errorMessage", "错误信息")


def payload(reading: Reading, definition: Node) -> tuple[IoMapping, ...]:
    """What a thrown signal carries (`camunda:in`)."""
    if extension(definition, "in") is None:
        return ()
    return travelling(reading, extensions(definition, "in"), whole=False)
