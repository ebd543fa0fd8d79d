"""What Camunda 7 hands to Java, connectors and foreign scripts: refused at its element, with what to draw instead.

A script or listener expression is carried out where all it does can be seen in the text: it is JUEL or FEEL, or it sets one
variable (`execution.setVariable`).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.expressions import Juel, Literal, Value, compile_value
from engine.feel import FeelError, FeelSyntaxError
from engine.juel import compile_assignment
from engine.parsing.camunda7_place import attribute, entries, extensions
from engine.parsing.elements import comments_removed, local
from engine.parsing.reading import Reading, check_name, refuse_expression, shortened, value
from engine.parsing.records import Listener, Script
from engine.xml import Node

# Elements that are not entered: what Camunda 7 does at their start happens when they have happened.
_BEGUN_BY_EVENT = frozenset({"startEvent", "boundaryEvent"})
_TASK_MOMENTS = {"create": "creating", "complete": "completing"}
"""The moments of a task listener that are carried out, with Camunda 8's names for them."""


def refuse_java(reading: Reading, node: Node, *attributes: str, plain: bool = False) -> bool:
    """Refuse each of these attributes that the element has, and its field injections; whether there was one.

    `plain`: an extension element's own attributes, which have no prefix.
    """
    found = [name for name in attributes if (node.get(name) if plain else attribute(node, name))]
    for name in found:
        named = shortened((node.get(name) or "") if plain else attribute(node, name))
        reading.report.refuse(
            "java-code",
            node,
            f'{name}“{named}”是 Java 代码(类或 bean),此处不执行。请改为外部任务(camunda:type="external" 与 topic),由作业程序完成。',
            f"{name} '{named}' is Java code (a class or bean), which is not carried out. Make it an external task "
            '(camunda:type="external" with a topic) that a worker carries out.',
        )
    return bool(found)


def refuse_fields(reading: Reading, *fields: Node) -> None:
    """Field injections set fields of a Java object."""
    for field in fields:
        reading.report.refuse(
            "java-code",
            field,
            f"字段注入“{field.get('name') or ''}”只对 Java 对象有意义,此处不执行。请改用输入参数(camunda:inputParameter)。",
            f"The field injection '{field.get('name') or ''}' is for a Java object and is not carried out. Use an input parameter.",
        )


def refuse_connectors(reading: Reading, node: Node) -> bool:
    """Connectors are Java libraries; whether there was one."""
    found = extensions(node, "connector")
    for connector in found:
        name = next((comments_removed(child) for child in entries(connector, "connectorId")), "")
        reading.report.refuse(
            "connector",
            connector,
            f'连接器“{name}”不执行。请改为外部任务(camunda:type="external" 与 topic),由作业程序连接别的系统。',
            f"The connector '{name}' is not carried out. Make it an external task (camunda:type=\"external\" with a topic), "
            "whose worker talks to the other system.",
        )
    return bool(found)


# -- scripts -----------------------------------------------------------------------------------------------------------
def script_value(reading: Reading, node: Node, language: str, text: str, zh: str, en: str) -> Value:
    """A script's text as a value where its language is JUEL or FEEL; every other language is refused."""
    known = language.strip().lower()
    if attribute(node, "resource") or node.get("resource"):
        _refuse_script(reading, node, f"{zh}放在单独的文件(resource)中", f"{en} lies in a file of its own (resource)")
    elif known == "feel":
        return _feel(reading, node, text, zh, en)
    elif known != "juel":
        named = f"'{language}'" if language else "a language that it does not name"
        _refuse_script(reading, node, f"{zh}用“{language or '未写明的语言'}”写成", f"{en} is written in {named}")
    elif not text.strip():
        reading.report.refuse("script", node, f"{zh}是空的。", f"{en} is empty.")
    else:
        return value(reading, node, text, zh, en)
    return Literal("")


def _refuse_script(reading: Reading, node: Node, zh: str, en: str) -> None:
    reading.report.refuse(
        "foreign-script",
        node,
        f"{zh},此处不执行。请改用表达式(juel 或 feel)、决策表,或由外部任务完成。",
        f"{en}, which is not carried out. Use an expression (juel or feel), a decision table or an external task.",
    )


def _feel(reading: Reading, node: Node, text: str, zh: str, en: str) -> Value:
    """FEEL as Camunda 7 writes it in scripts: without an equals sign."""
    try:
        return compile_value(f"={text}", functions=reading.expressions.functions)
    except FeelError as error:
        place = f" {error.line}:{error.column - 1}" if isinstance(error, FeelSyntaxError) else ""
        reading.report.refuse(
            "juel-syntax", node, f"{zh}:FEEL{place} {error.message_zh}", f"{en}: FEEL{place} {error.message_en}"
        )
        return Literal("")


# -- listeners ---------------------------------------------------------------------------------------------------------
def listeners(reading: Reading, node: Node) -> tuple[Listener, ...]:
    """Listeners that set a variable; every other kind is refused."""
    of_execution = [
        Listener("end" if local(node) in _BEGUN_BY_EVENT else event, type=None, retries=None, script=script)
        for event, script in _scripts(reading, node, "start", "end")
    ]
    return (*of_execution, *_task_listeners(reading, node))


def _task_listeners(reading: Reading, node: Node) -> Iterator[Listener]:
    for listener in extensions(node, "taskListener"):
        event = (listener.get("event") or "").strip()
        if event in _TASK_MOMENTS:
            script = _listener_script(reading, listener)
            if script is not None:
                yield Listener(_TASK_MOMENTS[event], type=None, retries=None, script=script)
        else:
            _refuse_task_listener(reading, listener, event)


def taken(reading: Reading, node: Node) -> tuple[Script, ...]:
    """What the listeners of a sequence flow set when it is taken."""
    return tuple(script for _, script in _scripts(reading, node, "take"))


def _scripts(reading: Reading, node: Node, *events: str) -> list[tuple[str, Script]]:
    found = []
    for listener in extensions(node, "executionListener"):
        event = (listener.get("event") or "").strip()
        if event not in events:
            reading.report.refuse(
                "execution-listener",
                listener,
                f"执行监听器的时机(event)在此应为 {' 或 '.join(events)},而不是“{event}”。",
                f"The event of an execution listener is {' or '.join(events)} here, not '{event}'.",
            )
        script = _listener_script(reading, listener)
        if script is not None:
            found.append((event, script))
    return found


def _listener_script(reading: Reading, listener: Node) -> Script | None:
    """What a listener sets; None where it does something else, which is then refused."""
    refused = refuse_java(reading, listener, "class", "delegateExpression", plain=True)
    refuse_fields(reading, *entries(listener, "field"))
    for inner in entries(listener, "script"):
        refused = True
        language = inner.get("scriptFormat") or ""
        if language.strip().lower() in {"juel", "feel"} and not inner.get("resource"):
            _refuse_effect(reading, listener, comments_removed(inner))
        else:
            script_value(reading, inner, language, comments_removed(inner), "监听器的脚本", "The listener's script")
    text = (listener.get("expression") or "").strip()
    if not text:
        if not refused:
            _refuse_effect(reading, listener, "")
        return None
    setting = assignment(reading, listener, text, "监听器", "The listener")
    if setting is not None:
        return setting
    compiled = value(reading, listener, text, "监听器", "The listener")
    if isinstance(compiled, Juel) or not reading.dialect.is_expression(text):
        _refuse_effect(reading, listener, text)
    return None


def _refuse_effect(reading: Reading, listener: Node, text: str) -> None:
    reading.report.refuse(
        "execution-listener",
        listener,
        f'监听器的表达式“{shortened(text)}”没有作用:它不设置变量。可以写 ${{execution.setVariable("变量", 值)}}。',
        f"The listener's expression '{shortened(text)}' has no effect: it sets no variable. It can be "
        '${execution.setVariable("variable", value)}.',
    )


def _refuse_task_listener(reading: Reading, listener: Node, event: str) -> None:
    reading.report.refuse(
        "task-listener",
        listener,
        f"任务监听器的时机(event)可以是 create 或 complete,而不是“{event}”。通知请用服务任务,到期请用定时边界事件。",
        f"A task listener's event is create or complete, not '{event}'. Notify people by a service task; use a timer boundary event "
        "for what happens when time is up.",
    )


def assignment(reading: Reading, node: Node, text: str, zh: str, en: str) -> Script | None:
    """`${execution.setVariable("name", value)}` as a script; None for any other text."""
    if "setVariable" not in text:
        return None
    try:
        found = compile_assignment(text)
    except FeelError as error:
        refuse_expression(reading, node, text, error, zh, en)
        return Script(Literal(""), None)
    if found is None:
        return None
    check_name(reading, node, found.name, f"{zh}的变量", f"variable of {en.lower()}")
    return Script(Juel(found.value), found.name)
