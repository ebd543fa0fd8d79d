"""Where things stand in a file of the Camunda 7 dialect: prefixed attributes and extension elements, under either name.

Operaton repeats Camunda's schema under a namespace of its own, and Camunda's engine reads that of Activiti, from which it
came; a file may use any of them.
"""

from __future__ import annotations

import re

from engine.expressions import Value
from engine.parsing.elements import ACTIVITI, BPMN, CAMUNDA7, OPERATON, children, local, split
from engine.parsing.reading import Reading, check_name, value
from engine.parsing.records import Binding
from engine.xml import Node

NAMESPACES = (CAMUNDA7, OPERATON, ACTIVITI)


def attribute(node: Node, name: str) -> str:
    """A prefixed attribute, stripped; empty where it is absent."""
    for namespace in NAMESPACES:
        text = (node.get(f"{{{namespace}}}{name}") or "").strip()
        if text:
            return text
    return ""


def extensions(node: Node, *tags: str) -> list[Node]:
    """The element's extensions of these names, in document order."""
    return [
        child
        for container in children(node, "extensionElements", namespace=BPMN)
        for child in entries(container, *tags)
    ]


def extension(node: Node, tag: str) -> Node | None:
    """The element's extension of this name; that there is one at most is the survey's business."""
    return next(iter(extensions(node, tag)), None)


def entries(node: Node | None, *tags: str) -> list[Node]:
    """The dialect's own children of these names (all of them where none is named), in document order."""
    if node is None:
        return []
    return [
        child
        for child in node.iterchildren("*")
        if split(child.tag)[0] in NAMESPACES and (not tags or local(child) in tags)
    ]


def optional(reading: Reading, node: Node, name: str, zh: str) -> Value | None:
    """A prefixed attribute compiled, or None where it is absent."""
    text = attribute(node, name)
    return value(reading, node, text, f"{zh}({name})", f"The {name}") if text else None


def variable_name(reading: Reading, node: Node, name: str, zh: str) -> str | None:
    """A prefixed attribute that names a variable."""
    text = attribute(node, name)
    check_name(reading, node, text, f"{zh}({name})", name)
    return text or None


def bound_version(
    reading: Reading, node: Node, prefix: str, *, tags: bool = True
) -> tuple[Binding, str | None, Value | None]:
    """`…Binding` with `…Version` or `…VersionTag`; the newest where nothing is written."""
    text = attribute(node, f"{prefix}Binding") or Binding.LATEST.value
    tag, version = attribute(node, f"{prefix}VersionTag"), attribute(node, f"{prefix}Version")
    known = [binding.value for binding in Binding if tags or binding is not Binding.VERSION_TAG]
    if text not in known:
        reading.report.refuse(
            "binding",
            node,
            f"绑定方式({prefix}Binding)“{text}”应为 {'、'.join(known)}。",
            f"The binding '{text}' ({prefix}Binding) has to be {', '.join(known)}.",
        )
        return Binding.LATEST, None, None
    binding = Binding(text)
    is_number = re.fullmatch(r"[1-9][0-9]{0,8}", version) is not None
    if binding is Binding.VERSION and not is_number and not reading.dialect.is_expression(version):
        reading.report.refuse(
            "binding",
            node,
            f"按版本绑定时应写明版本号({prefix}Version),而不是“{version}”。",
            f"A binding by version names the version's number ({prefix}Version), not '{version}'.",
        )
    if binding is Binding.VERSION_TAG and (not tag or reading.dialect.is_expression(tag)):
        reading.report.refuse(
            "binding",
            node,
            f"按版本标签绑定时应写明版本标签({prefix}VersionTag)。",
            f"A binding by version tag names the tag ({prefix}VersionTag).",
        )
    return (
        binding,
        tag if binding is Binding.VERSION_TAG else None,
        optional(reading, node, f"{prefix}Version", "版本号") if binding is Binding.VERSION else None,
    )
