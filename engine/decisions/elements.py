"""What every part of a DMN file is made of: elements of its namespaces, their places, texts and type references."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.decisions.records import Place, Text
from engine.decisions.report import Report
from engine.xml import Node, line_of

# Of DMN 1.1 to 1.5; 1.6 keeps the pattern. Elements of every other namespace are extensions.
NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
_FEEL_LANGUAGES = ("feel", "/FEEL/", "/FEEL/20140401", "http://www.omg.org/spec/FEEL/20140401")


def is_dmn(element: Node) -> bool:
    """Whether the element is of a DMN schema, and not an extension."""
    return etree.QName(element).namespace in NAMESPACES


def children(element: Node, name: str | None = None) -> Iterator[Node]:
    """The DMN elements directly below, all or those of one name."""
    for below in element:
        # Comments and processing instructions are children too; their tag is no name (the stubs say it always is).
        tag: object = below.tag
        if isinstance(tag, str) and is_dmn(below) and (name is None or local(below) == name):
            yield below


def child(element: Node, name: str) -> Node | None:
    """The first DMN element of a name directly below."""
    return next(children(element, name), None)


def local(element: Node) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def place_of(element: Node) -> Place:
    """Where an element stands: its id, or that of the nearest one around it that has one, and its own line."""
    holder: Node | None = element
    while holder is not None and holder.get("id") is None:
        holder = holder.getparent()
    return Place(None if holder is None else holder.get("id"), line_of(element))


def text_of(element: Node | None, parent: Node) -> Text:
    """The `text` below an expression element, or nothing at the place of its parent."""
    if element is None:
        return Text(place_of(parent), "")
    inner = child(element, "text")
    return Text(place_of(element), "") if inner is None else Text(place_of(inner), content_of(inner))


def content_of(element: Node) -> str:
    """All text within an element."""
    return "".join(str(piece) for piece in element.itertext())


def optional_text(element: Node | None, parent: Node) -> Text | None:
    """Like `text_of`, None where nothing is said."""
    text = text_of(element, parent)
    return text if text.source.strip() else None


def type_ref_of(element: Node | None) -> str | None:
    """The attribute of DMN 1.2 and later, or the element of an item definition; prefixes of DMN 1.1 are dropped."""
    if element is None:
        return None
    written = element.get("typeRef")
    if written is None:
        inner = child(element, "typeRef")
        written = None if inner is None else inner.text
    if written is None or not written.strip():
        return None
    written = written.strip()
    return written.removeprefix("feel:")


def check_language(report: Report, element: Node) -> None:
    """Report an expression language that is not FEEL."""
    language = element.get("expressionLanguage")
    if language and not language.lower().rstrip("/").endswith("feel") and language not in _FEEL_LANGUAGES:
        report.add(
            "dmn-language",
            place_of(element),
            f"表达式语言“{language}”不受支持,请使用 FEEL。",
            f"The expression language '{language}' is not supported; use FEEL.",
        )
