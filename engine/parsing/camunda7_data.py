"""Reads the data of a Camunda 7 file: input and output parameters, what a call passes on, extension properties."""

from __future__ import annotations

from engine.expressions import Composite, Juel, Literal, Value
from engine.juel import variable
from engine.parsing.camunda7_code import script_value
from engine.parsing.camunda7_place import entries, extension, extensions
from engine.parsing.elements import children, comments_removed, local
from engine.parsing.reading import Reading, check_name, required_text, value
from engine.parsing.records import IoMapping
from engine.xml import Node


# -- input and output parameters ---------------------------------------------------------------------------------------
def mappings(reading: Reading, node: Node) -> tuple[tuple[IoMapping, ...], tuple[IoMapping, ...]]:
    """`camunda:inputOutput` in document order (Camunda 7 manual, "Input/output variable mapping")."""
    container = extension(node, "inputOutput")
    outputs = entries(container, "outputParameter")
    if outputs and children(node, "multiInstanceLoopCharacteristics"):
        reading.report.refuse(
            "io-mapping",
            outputs[0],
            "多实例活动不能有输出参数(Camunda 7 同样拒绝):各项会互相覆盖。请把活动放进子流程,在其中写出。",
            "A multi-instance activity has no output parameters (Camunda 7 refuses them too): its items would overwrite each "
            "other. Put the activity into a sub-process and write there.",
        )
    return (
        tuple(
            _parameter(reading, entry, "输入参数", "input parameter") for entry in entries(container, "inputParameter")
        ),
        tuple(_parameter(reading, entry, "输出参数", "output parameter") for entry in outputs),
    )


def _parameter(reading: Reading, node: Node, zh: str, en: str) -> IoMapping:
    name = required_text(reading, node, "name", "io-mapping", f"{zh}的名称(name)", f"name of the {en}")
    check_name(reading, node, name, f"{zh}的名称", f"name of the {en}")
    return IoMapping(_content(reading, node, f"{zh}“{name}”", f"The {en} '{name}'"), (name,))


def _content(reading: Reading, node: Node, zh: str, en: str) -> Value:
    """What a parameter, a list's entry or a map's entry holds: a text, an expression, a script, a list or a map."""
    inner = entries(node, "script", "list", "map")
    if not inner:
        text = comments_removed(node)
        # An empty parameter is null in Camunda 7.
        return value(reading, node, text or "${null}", zh, en)
    if len(inner) > 1:
        reading.report.refuse("io-mapping", inner[1], f"{zh}只能有一个值。", f"{en} can have one value.")
    return _definition(reading, inner[0], zh, en)


def _definition(reading: Reading, node: Node, zh: str, en: str) -> Value:
    match local(node):
        case "script":
            language = node.get("scriptFormat") or ""
            return script_value(reading, node, language, comments_removed(node), f"{zh}的脚本", f"{en}: the script")
        case "list":
            items = tuple(_definition(reading, entry, zh, en) for entry in entries(node))
            return Composite(f"[{', '.join(item.source for item in items)}]", items)
        case "map":
            found: dict[str, Value] = {}
            for entry in entries(node, "entry"):
                key = (entry.get("key") or "").strip()
                if not key or key in found or reading.dialect.is_expression(key):
                    reading.report.refuse(
                        "io-mapping",
                        entry,
                        f"{zh}:映射项的键(key)“{key}”为空、重复或是表达式。",
                        f"{en}: the key '{key}' of an entry is empty, stands twice or is an expression.",
                    )
                found[key] = _content(reading, entry, zh, en)
            source = ", ".join(f"{key}: {item.source}" for key, item in found.items())
            return Composite(f"{{{source}}}", tuple(found.values()), tuple(found))
        case _:
            return _content(reading, node, zh, en)


# -- what a call passes on, what a signal carries ----------------------------------------------------------------------
def passed_all(nodes: list[Node]) -> bool:
    """Whether one of these `camunda:in` or `camunda:out` passes every variable."""
    return any(node.get("variables") for node in nodes)


def travelling(reading: Reading, nodes: list[Node], *, whole: bool) -> tuple[IoMapping, ...]:
    """The variables that `camunda:in` or `camunda:out` name one by one; `whole`: all of them may be passed at once."""
    return tuple(
        mapping
        for node in nodes
        if _is_well_said(reading, node, whole=whole) and (mapping := _travelling(reading, node)) is not None
    )


def _is_well_said(reading: Reading, node: Node, *, whole: bool) -> bool:
    tag = local(node)
    if (node.get("local") or "false").strip() != "false":
        reading.report.refuse(
            "called-element",
            node,
            f"camunda:{tag} 的 local 不执行:请写明要传的变量。",
            f"'local' of camunda:{tag} is not carried out: name the variables that are passed.",
        )
        return False
    every = (node.get("variables") or "").strip()
    if every and (every != "all" or not whole):
        reading.report.refuse(
            "called-element",
            node,
            f"camunda:{tag} 的 variables=“{every}”在此不执行:请逐个写明变量。",
            f"variables='{every}' of camunda:{tag} is not carried out here: name the variables one by one.",
        )
    return not every


def _travelling(reading: Reading, node: Node) -> IoMapping | None:
    """One variable; None for the entry that gives the business key."""
    if node.get("businessKey") is not None:
        return None
    tag = local(node)
    source, text = (node.get("source") or "").strip(), (node.get("sourceExpression") or "").strip()
    target = (node.get("target") or "").strip()
    if not target or bool(source) == bool(text):
        reading.report.refuse(
            "called-element",
            node,
            f"camunda:{tag} 应写明目标变量(target),以及来源变量(source)与来源表达式(sourceExpression)之一。",
            f"camunda:{tag} has a target and either a source or a sourceExpression.",
        )
        return None
    check_name(reading, node, target, f"camunda:{tag} 的目标变量(target)", f"target of camunda:{tag}")
    if source.startswith("#"):
        check_name(reading, node, source, f"camunda:{tag} 的来源变量(source)", f"source of camunda:{tag}")
    if source:
        return IoMapping(Juel(variable(source)), (target,))
    return IoMapping(value(reading, node, text, f"camunda:{tag} 的来源", f"The source of camunda:{tag}"), (target,))


def business_key(reading: Reading, node: Node) -> Value | None:
    """`<camunda:in businessKey="…"/>` of a call activity."""
    for entry in extensions(node, "in"):
        text = (entry.get("businessKey") or "").strip()
        if text:
            return value(reading, entry, text, "业务编号(businessKey)", "The business key")
    return None


# -- properties --------------------------------------------------------------------------------------------------------
def properties(reading: Reading, node: Node) -> dict[str, Value]:
    """`camunda:properties`: texts as they are; Camunda 7 evaluates nothing there."""
    found: dict[str, Value] = {}
    for entry in entries(extension(node, "properties"), "property"):
        name = required_text(
            reading, entry, "name", "property-name", "扩展属性的名称(name)", "name of the extension property"
        )
        if name in found:
            reading.report.refuse(
                "property-name", entry, f"扩展属性“{name}”重复。", f"The extension property '{name}' stands twice."
            )
        found.setdefault(name, Literal((entry.get("value") or "").strip()))
    return found
