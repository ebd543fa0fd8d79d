"""Refuses every word of a file that stands in no table: of BPMN's, or of its dialect's vocabulary.

So a file can never mean more to its author than it does to us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.parsing.elements import (
    BPMN,
    BPMN_DI,
    BPMN_TAGS,
    CAMUNDA7,
    MODELER,
    XSI,
    Tag,
    chinese_name,
    elements,
    is_executable,
    local,
    split,
    tag,
)
from engine.parsing.report import Report
from engine.xml import Node

# Marks that editors leave for themselves: colours, last position, expected engine.
_EDITOR_NAMESPACES = frozenset(
    {
        MODELER,
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    }
)


EDITOR_ATTRIBUTES = frozenset({f"{{{CAMUNDA7}}}diagramRelationId"})
"""Marks of the Web Modeler in the Camunda 7 namespace; it writes them in files of both dialects."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a dialect adds to BPMN. All mappings are by tag.

    `tags` are its own elements; `extensions` those of them that may stand in a BPMN element's `extensionElements`;
    `attributes` its own (prefixed) attributes on BPMN elements, `everywhere` those that any may carry; `plain` and
    `children` are further attributes and children of BPMN itself that the dialect gives a meaning, `fixed` further values.
    """

    prefix: str
    namespaces: frozenset[str]
    tags: Mapping[str, Tag]
    extensions: Mapping[str, frozenset[str]]
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    everywhere: frozenset[str] = frozenset()
    plain: Mapping[str, frozenset[str]] = field(default_factory=dict)
    children: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fixed: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    repeatable: frozenset[str] = frozenset()
    """Extension elements of which several may stand on one BPMN element."""
    bpmn_tags: Mapping[str, Tag] = field(default_factory=dict)
    """BPMN elements that only this dialect gives a meaning (such as the text of a script)."""


NONE: frozenset[str] = frozenset()
_DOCUMENTATION = tag("说明", "textFormat")


def survey(root: Node, report: Report, words: Vocabulary) -> None:
    """Refuse every tag and attribute that stands in no table. Processes that are not executable are not looked into."""
    _Survey(report, words).run(root)


class _Survey:
    def __init__(self, report: Report, words: Vocabulary) -> None:
        self._report = report
        self._words = words

    def run(self, root: Node) -> None:
        waiting = [(root, BPMN_TAGS["definitions"])]
        while waiting:
            node, known = waiting.pop()
            if self._report.is_full:
                return
            self._attributes(node, known)
            for child in elements(node):
                waiting.extend(self._child(node, known, child))

    def _child(self, node: Node, known: Tag, child: Node) -> Iterator[tuple[Node, Tag]]:
        """What to look into next below `node`; reports the child if it has no place there."""
        namespace, name = split(child.tag)
        words = self._words
        if namespace == BPMN:
            if name == "BPMNDiagram" or (name == "process" and not is_executable(child)):
                return
            if name == "documentation":
                yield child, _DOCUMENTATION
            elif name == "extensionElements":
                yield from self._extensions(node, child)
            elif name in known.children:
                yield child, BPMN_TAGS[name]
            elif name in words.children.get(local(node), NONE):
                yield child, words.bpmn_tags.get(name) or BPMN_TAGS[name]
            else:
                self._refuse_child(node, child)
        elif namespace in words.namespaces and split(node.tag)[0] in words.namespaces and name in known.children:
            yield child, words.tags[name]
        elif namespace == BPMN_DI and name == "BPMNDiagram" and local(node) == "definitions":
            return
        else:
            self._refuse_child(node, child)

    def _extensions(self, node: Node, container: Node) -> Iterator[tuple[Node, Tag]]:
        words = self._words
        allowed = words.extensions.get(local(node), NONE)
        seen: set[str] = set()
        for child in elements(container):
            namespace, name = split(child.tag)
            if namespace in _EDITOR_NAMESPACES:
                continue
            if namespace not in words.namespaces or name not in allowed:
                self._refuse_child(node, child)
                continue
            if name in seen and name not in words.repeatable:
                self._report.refuse(
                    "extension-twice",
                    child,
                    f"“{words.prefix}:{name}”({words.tags[name].zh})只能出现一次。",
                    f"'{words.prefix}:{name}' may stand here only once.",
                )
            seen.add(name)
            yield child, words.tags[name]

    def _refuse_child(self, node: Node, child: Node) -> None:
        namespace, name = split(child.tag)
        parent = local(node)
        inside_zh, inside_en = f"“{chinese_name(parent)}”", f"'{parent}'"
        if namespace == BPMN:
            zh = chinese_name(name)
            label = f"“{zh}”({name})" if zh != name else f"“{name}”"
            self._report.refuse(
                "unsupported-element",
                child,
                f"{label}在{inside_zh}中不能执行,系统不接受画得出而做不到的内容。",
                f"'{name}' inside {inside_en} is not carried out by this engine.",
            )
            return
        qualified = f"{child.prefix}:{name}" if child.prefix else name
        self._report.refuse(
            "unsupported-extension",
            child,
            f"扩展元素“{qualified}”在{inside_zh}中不能执行。",
            f"The extension element '{qualified}' is not carried out on {inside_en}.",
        )

    def _attributes(self, node: Node, known: Tag) -> None:
        words, name_of_node = self._words, local(node)
        in_dialect = split(node.tag)[0] in words.namespaces
        own = NONE if in_dialect else words.attributes.get(name_of_node, NONE) | words.everywhere
        plain = NONE if in_dialect else words.plain.get(name_of_node, NONE)
        fixed = {} if in_dialect else words.fixed.get(name_of_node, {})
        for attribute, value in node.attrib.items():
            namespace, name = split(str(attribute))
            if not namespace:
                if name in known.attributes or name in plain or (name == "id" and not in_dialect):
                    continue
                if value.strip() in known.fixed.get(name, NONE) | fixed.get(name, NONE):
                    continue
                self._refuse_attribute(node, name, str(value), name in known.fixed or name in fixed)
            elif (
                namespace in _EDITOR_NAMESPACES
                or namespace == XSI
                or attribute in EDITOR_ATTRIBUTES
                or (namespace in words.namespaces and name in own)
            ):
                continue
            else:
                prefix = next((prefix for prefix, uri in node.nsmap.items() if uri == namespace and prefix), namespace)
                self._refuse_attribute(node, f"{prefix}:{name}", str(value), False)

    def _refuse_attribute(self, node: Node, name: str, value: str, known: bool) -> None:
        owner = local(node)
        own = self._words.tags.get(owner) if split(node.tag)[0] in self._words.namespaces else None
        zh = own.zh if own is not None else chinese_name(owner)
        if known:
            self._report.refuse(
                "unsupported-attribute",
                node,
                f"“{zh}”的属性 {name} 取值“{value}”时不能执行。",
                f"The attribute {name} of '{owner}' is not carried out with the value '{value}'.",
            )
        else:
            self._report.refuse(
                "unsupported-attribute",
                node,
                f"“{zh}”的属性 {name} 不能执行。",
                f"The attribute {name} of '{owner}' is not carried out.",
            )
