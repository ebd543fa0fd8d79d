"""Where things stand in a file of the Camunda 8 dialect: in extension elements of the zeebe namespace."""

from __future__ import annotations

from engine.parsing.elements import BPMN, ZEEBE, children
from engine.parsing.reading import Reading, required_text
from engine.parsing.records import Binding
from engine.xml import Node

_BINDINGS = frozenset({Binding.LATEST.value, Binding.DEPLOYMENT.value, Binding.VERSION_TAG.value})


def extension(node: Node, tag: str) -> Node | None:
    """The element's extension of this name; that there is one at most is the survey's business."""
    for container in children(node, "extensionElements", namespace=BPMN):
        for child in children(container, tag, namespace=ZEEBE):
            return child
    return None


def nested(node: Node | None, *path: str) -> list[Node]:
    """The entries of a list-like extension, e.g. the headers inside `taskHeaders`."""
    found = [node] if node is not None else []
    for tag in path:
        found = [child for parent in found for child in children(parent, tag, namespace=ZEEBE)]
    return found


def binding_of(reading: Reading, node: Node) -> tuple[Binding, str | None]:
    """`bindingType` with the tag that it may name."""
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
