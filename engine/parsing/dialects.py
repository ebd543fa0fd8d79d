"""Which dialect a BPMN file is written in: what it says of itself, and which namespace it uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.juel import is_template
from engine.parsing import camunda7, camunda8
from engine.parsing.dialect import DialectReader
from engine.parsing.elements import ACTIVITI, BPMN, CAMUNDA7, MODELER, OPERATON, ZEEBE, local, split
from engine.parsing.records import Dialect
from engine.parsing.report import Report
from engine.parsing.survey import EDITOR_ATTRIBUTES
from engine.xml import Node

PLATFORM: Mapping[Dialect, str] = MappingProxyType(
    {Dialect.CAMUNDA_8: "Camunda Cloud", Dialect.CAMUNDA_7: "Camunda Platform"}
)
"""What the Modeler writes as `modeler:executionPlatform` for a dialect."""

_PLATFORMS: Mapping[str, Dialect] = MappingProxyType(
    {
        "Camunda Cloud": Dialect.CAMUNDA_8,
        "Camunda Platform": Dialect.CAMUNDA_7,
        "Operaton": Dialect.CAMUNDA_7,
        "CIB seven": Dialect.CAMUNDA_7,
    }
)
_NAMESPACES: Mapping[str, Dialect] = MappingProxyType(
    {
        ZEEBE: Dialect.CAMUNDA_8,
        CAMUNDA7: Dialect.CAMUNDA_7,
        OPERATON: Dialect.CAMUNDA_7,
        ACTIVITI: Dialect.CAMUNDA_7,
    }
)
_NAMES: Mapping[Dialect, str] = MappingProxyType({Dialect.CAMUNDA_8: "Camunda 8", Dialect.CAMUNDA_7: "Camunda 7"})
READERS: Mapping[Dialect, DialectReader] = MappingProxyType({Dialect.CAMUNDA_8: camunda8, Dialect.CAMUNDA_7: camunda7})


def reader_of(root: Node) -> DialectReader:
    """Who reads the file's attributes and extension elements."""
    return READERS[dialect_of(root)]


def dialect_of(root: Node) -> Dialect:
    """What the file says, or shows by its namespaces, expressions and scripts; else Camunda 8."""
    platform = _PLATFORMS.get(root.get(f"{{{MODELER}}}executionPlatform") or "")
    if platform is not None:
        return platform
    used = _used(root)
    if used:
        return next(iter(used))
    # Camunda Modeler marks what it draws for Camunda 8; a file of its that bears no mark is for the older one.
    is_older = root.get("exporter") == "Camunda Modeler" or any(map(_is_camunda_7, root.iter(f"{{{BPMN}}}*")))
    return Dialect.CAMUNDA_7 if is_older else Dialect.CAMUNDA_8


def check(root: Node, report: Report) -> bool:
    """Whether the file is of one dialect that is read; reports why not."""
    name = root.get(f"{{{MODELER}}}executionPlatform")
    if name is not None and name not in _PLATFORMS:
        report.refuse(
            "dialect",
            root,
            f"文件是为“{name}”画的;可读的是 {'、'.join(_PLATFORMS)}。",
            f"The file was drawn for '{name}'; files for {', '.join(_PLATFORMS)} are read.",
        )
        return False
    wanted, used = _PLATFORMS.get(name or ""), _used(root)
    others = [(dialect, node) for dialect, node in used.items() if dialect is not wanted]
    if len(used) < 2 and not (wanted is not None and others):
        return True
    for dialect, node in others if wanted is not None else used.items():
        report.refuse(
            "dialect",
            node,
            f"这里用了 {_NAMES[dialect]} 方言的属性或扩展元素,"
            f"而{f'文件是为“{name}”画的' if wanted is not None else '别处用了另一种方言'};一个文件只能用一种方言。",
            f"Here stand attributes or extension elements of the {_NAMES[dialect]} dialect, while "
            f"{f'the file was drawn for {name}' if wanted is not None else 'elsewhere the other one is used'}; a file is written "
            "in one dialect.",
        )
    return False


def _is_camunda_7(node: Node) -> bool:
    """Whether an element of BPMN alone is such as only Camunda 7 reads."""
    written = (node.text or "", *(str(text) for text in node.attrib.values()))
    return local(node) == "script" or node.get("calledElement") is not None or any(map(is_template, written))


def _used(root: Node) -> dict[Dialect, Node]:
    """The first element of each dialect whose elements or attributes stand in the file."""
    found: dict[Dialect, Node] = {}
    for node in root.iter("*"):
        for name in (node.tag, *(name for name in node.attrib if name not in EDITOR_ATTRIBUTES)):
            dialect = _NAMESPACES.get(split(str(name))[0])
            if dialect is not None:
                found.setdefault(dialect, node)
        if len(found) == len(Dialect):
            break
    return found
