"""The one place where bytes from outside become XML.

Whoever reads BPMN or DMN calls `parse_xml`. It accepts a short list of encodings, no document type, no entities, no
inclusion, opens no file and no connection, and keeps to the bounds of `engine.limits`. It judges nothing else: whether the
tree is a diagram is for the readers to say.
"""

from __future__ import annotations

import codecs
import re
from typing import TypeAlias, cast

from lxml import etree

from engine.errors import CallerError, Problem
from engine.limits import BPMN_BYTES, XML_ATTRIBUTES, XML_DEPTH, XML_ELEMENTS

Node: TypeAlias = etree._Element  # noqa: SLF001 - the class of every element; lxml offers no public name for it

# Declared name -> codec. GB18030 contains GBK and GB 2312, so one codec reads all three.
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
}
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Appendix F of XML 1.0: what "<?" looks like in UTF-16 without a mark.
_UTF_16_STARTS = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_DECLARATION = re.compile(r"""\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
_PIECE = 65_536
_XINCLUDE = "{http://www.w3.org/2001/XInclude}"


class XmlRefused(CallerError):
    """The bytes are not XML, or XML that is not read here; `problem` says why and where."""

    code = "xml_refused"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.zh, problem.en)
        self.problem = problem


def parse_xml(data: bytes, *, file: str = "", limit: int = BPMN_BYTES) -> Node:
    """The root element of a document that came from outside.

    `limit` is the size in bytes. Line numbers (`sourceline`) are those of the file as it was sent, whatever its
    encoding. Raises `XmlRefused`, the sender's mistake; `file` is only put into the problem.
    """
    if len(data) > limit:
        raise _refused(
            "xml-size",
            f"文件有 {len(data):,} 字节,超过上限 {limit:,} 字节。",
            f"The file has {len(data):,} bytes, more than the limit of {limit:,}.",
            file,
        )
    text = _decode(data, file)
    parser = etree.XMLPullParser(
        events=("start", "end", "comment", "pi", "start-ns"),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_blank_text=False,
    )
    try:
        return _feed(parser, text.encode("utf-8"), file)
    except etree.XMLSyntaxError as error:
        raise _syntax(error, parser.feed_error_log.last_error, text, file) from None


def text_of(data: bytes, *, file: str = "") -> str:
    """The document as text, in whatever allowed encoding it came; not parsed. Raises `XmlRefused` for bytes that are no text."""
    return _decode(data, file)


def line_of(node: Node) -> int | None:
    """The line of the file on which an element's start tag ends, from 1; None for an element that was not read from a file."""
    # lxml counts beyond 65 535 (a limit of older libxml2); the published stubs give this attribute no type.
    return cast("int | None", node.sourceline)


def _feed(parser: etree.XMLPullParser, data: bytes, file: str) -> Node:
    """Parse piece by piece, so that a bomb is refused while it is read and not after it was built."""
    nodes = depth = namespaces = 0
    for start in range(0, len(data) or 1, _PIECE):
        parser.feed(data[start : start + _PIECE])
        for event, node in parser.read_events():
            if event == "end":
                depth -= 1
                continue
            if event == "start-ns":
                namespaces += 1
                if namespaces > XML_ATTRIBUTES:
                    raise _namespaces(file)
                continue
            # Every event but that of a namespace carries a node.
            node = cast("Node", node)
            nodes += 1
            if nodes > XML_ELEMENTS:
                raise _refused(
                    "xml-elements",
                    f"元素(含注释)超过 {XML_ELEMENTS:,} 个。",
                    f"There are more than {XML_ELEMENTS:,} elements and comments.",
                    file,
                    line_of(node),
                )
            if event == "start":
                depth += 1
                _check_element(node, depth, file)
    root: Node = parser.close()
    return root


def _check_element(node: Node, depth: int, file: str) -> None:
    line = line_of(node)
    if depth == 1 and node.getroottree().docinfo.internalDTD is not None:
        raise _doctype(file)
    if depth > XML_DEPTH:
        raise _depth(file, line)
    if len(node.attrib) > XML_ATTRIBUTES:
        raise _refused(
            "xml-attributes",
            f"一个元素的属性超过 {XML_ATTRIBUTES:,} 个。",
            f"One element has more than {XML_ATTRIBUTES:,} attributes.",
            file,
            line,
        )
    if node.tag.startswith(_XINCLUDE):
        raise _refused(
            "xml-xinclude",
            "文件要求引入其他文件(XInclude),不予执行。",
            "The file asks for another file to be included (XInclude); that is not done.",
            file,
            line,
        )


def _decode(data: bytes, file: str) -> str:
    """The text, by byte order mark, else by declaration, else UTF-8; refused where they contradict each other."""
    marked = next(((mark, name) for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if marked is not None:
        data, codec = data[len(marked[0]) :], marked[1]
    else:
        codec = next((name for start, name in _UTF_16_STARTS if data.startswith(start)), "")
    declared = _declared(data, codec)
    named = _ENCODINGS.get(declared.lower()) if declared else None
    if declared and named is None:
        raise _refused(
            "xml-encoding",
            f"编码“{declared}”不在可读之列(UTF-8、UTF-16、ISO-8859-1、windows-1252、GBK、GB18030)。",
            f"The encoding '{declared}' is not one that is read (UTF-8, UTF-16, ISO-8859-1, windows-1252, GBK, GB18030).",
            file,
            1,
        )
    if named is not None and not _agree(codec, named):
        raise _refused(
            "xml-encoding",
            f"文件声明的编码是“{declared}”,实际内容却不是。请以 UTF-8 保存。",
            f"The file declares the encoding '{declared}', but its bytes are not. Save it as UTF-8.",
            file,
            1,
        )
    codec = codec or named or "utf-8"
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refused(
            "xml-encoding",
            f"第 {error.start + 1} 个字节不是 {codec} 编码的文字。请以 UTF-8 保存。",
            f"Byte {error.start + 1} is not text in {codec}. Save the file as UTF-8.",
            file,
            line,
        ) from None


def _declared(data: bytes, codec: str) -> str | None:
    """The encoding that the XML declaration names; the declaration itself is ASCII in every encoding of the list."""
    head = data[:1_000]
    text = head.decode(codec, errors="ignore") if codec.startswith("utf-16") else head.decode("ascii", errors="replace")
    found = _DECLARATION.match(text)
    return found.group(1) if found else None


def _agree(seen: str, named: str) -> bool:
    if not seen:
        return not named.startswith("utf-16")
    return named == seen or (named == "utf-16" and seen.startswith("utf-16"))


def _syntax(error: etree.XMLSyntaxError, complaint: etree._LogEntry | None, text: str, file: str) -> XmlRefused:
    detail, line = (error.msg or "no content").rsplit(", line ", 1)[0], error.lineno
    if not line and complaint is not None:
        # An undefined entity ends the parser without a place ("no element found"); its log has the cause.
        detail, line = complaint.message, complaint.line
    if detail.startswith("Excessive depth"):
        return _depth(file, line)
    if "<!DOCTYPE" in text:
        # Broken or bombed behind a document type, which alone would have refused the file: name that.
        return _doctype(file)
    return _refused(
        "xml-syntax",
        f"不是格式正确的 XML({detail})。",
        f"This is not well-formed XML ({detail}).",
        file,
        line or 1,
    )


def _doctype(file: str) -> XmlRefused:
    return _refused(
        "xml-doctype",
        "文件含有文档类型声明(DOCTYPE),为防止外部实体与实体炸弹,一律不接受。",
        "The file has a document type declaration (DOCTYPE); none is accepted, because of external entities and entity bombs.",
        file,
        1,
    )


def _namespaces(file: str) -> XmlRefused:
    return _refused(
        "xml-attributes",
        f"文件声明的命名空间超过 {XML_ATTRIBUTES:,} 个。",
        f"The file declares more than {XML_ATTRIBUTES:,} namespaces.",
        file,
    )


def _depth(file: str, line: int | None) -> XmlRefused:
    return _refused(
        "xml-depth",
        f"元素嵌套超过 {XML_DEPTH} 层。",
        f"Elements are nested more than {XML_DEPTH} deep.",
        file,
        line,
    )


def _refused(rule: str, zh: str, en: str, file: str, line: int | None = None) -> XmlRefused:
    return XmlRefused(Problem(rule=rule, zh=zh, en=en, file=file, line=line))
