"""The one door for XML: what comes through, what is refused, and that refusing costs little."""

import gc
import socket
import time

import pytest

from engine.limits import BPMN_BYTES, XML_ATTRIBUTES, XML_DEPTH, XML_ELEMENTS
from engine.xml import XmlRefused, line_of, parse_xml


def rule(data: bytes) -> str:
    with pytest.raises(XmlRefused) as refused:
        parse_xml(data)
    return refused.value.problem.rule


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


def siblings(count: int) -> bytes:
    return b"<a>" + b"<b/>" * (count - 1) + b"</a>"


def attributes(count: int) -> bytes:
    return b"<a " + b" ".join(b'x%d="1"' % number for number in range(count)) + b"/>"


def namespaces(count: int) -> bytes:
    return b"<a " + b" ".join(b'xmlns:x%d="u%d"' % (number, number) for number in range(count)) + b"/>"


def padded(size: int) -> bytes:
    return b"<a>" + b"x" * (size - 7) + b"</a>"


BOMB = (
    b'<!DOCTYPE a [<!ENTITY e0 "lol">'
    + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><a b='&e11;'>&e11;</a>"
)
PARAMETER = b'<!DOCTYPE a [<!ENTITY %% x SYSTEM "file://%s"> %%x;]><a/>' % __file__.encode()
EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file://%s">]><a>&x;</a>' % __file__.encode()


# -- bounds: below, at and above ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "bound", "name"),
    [
        (nested, XML_DEPTH, "xml-depth"),
        (siblings, XML_ELEMENTS, "xml-elements"),
        (attributes, XML_ATTRIBUTES, "xml-attributes"),
        (namespaces, XML_ATTRIBUTES, "xml-attributes"),
        (padded, BPMN_BYTES, "xml-size"),
    ],
    ids=["depth", "elements", "attributes", "namespaces", "size"],
)
def test_a_document_is_read_up_to_the_bound_and_refused_above_it(make, bound: int, name: str) -> None:
    below, at = parse_xml(make(bound - 1)), parse_xml(make(bound))

    assert below.tag == at.tag == "a"
    assert rule(make(bound + 1)) == name


def test_comments_count_like_elements() -> None:
    assert rule(b"<a>" + b"<!---->" * XML_ELEMENTS + b"</a>") == "xml-elements"


# -- refusals ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "xml-syntax"),
        (b"hello", "xml-syntax"),
        (b"\x00\x01\x02", "xml-syntax"),
        (b"<a>", "xml-syntax"),
        (b"<a/><b/>", "xml-syntax"),
        (b"<a>&x;</a>", "xml-syntax"),
        (b"<!DOCTYPE a><a/>", "xml-doctype"),
        (EXTERNAL, "xml-doctype"),
        (PARAMETER, "xml-doctype"),
        (BOMB, "xml-doctype"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "xml-doctype"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-', "xml-encoding"),
        (b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>', "xml-encoding"),
        (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "xml-encoding"),
        (b'\xef\xbb\xbf<?xml version="1.0" encoding="GBK"?><a/>', "xml-encoding"),
        (b"<a>\xff</a>", "xml-encoding"),
        (b'<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="x"/></a>', "xml-xinclude"),
    ],
)
def test_what_is_not_read_is_refused_by_name(data: bytes, name: str) -> None:
    assert rule(data) == name


def test_a_comment_that_mentions_a_doctype_is_no_doctype() -> None:
    assert parse_xml(b"<!-- <!DOCTYPE a> --><a/>").tag == "a"


def test_a_refusal_names_file_line_and_reason() -> None:
    with pytest.raises(XmlRefused) as refused:
        parse_xml(b"<a>\n<b>\n</a>", file="x.bpmn")

    problem = refused.value.problem
    assert (problem.file, problem.line) == ("x.bpmn", 3)
    assert "b" in problem.en


def test_an_undefined_entity_is_named_though_the_parser_only_says_that_there_is_no_element() -> None:
    with pytest.raises(XmlRefused) as refused:
        parse_xml(b"<a>\n&nowhere;</a>")

    assert "nowhere" in refused.value.problem.en
    assert refused.value.problem.line == 2


# -- encodings and lines -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("declared", "codec", "text"),
    [
        ("UTF-8", "utf-8", "临时救助𠮷"),
        ("utf-8", "utf-8-sig", "临时救助𠮷"),
        ("UTF-16", "utf-16", "临时救助𠮷"),
        ("UTF-16", "utf-16-le", "临时救助𠮷"),
        ("UTF-16BE", "utf-16-be", "临时救助𠮷"),
        ("GBK", "gbk", "临时救助"),
        ("GB2312", "gb2312", "临时救助"),
        ("GB18030", "gb18030", "临时救助𠮷"),
        ("ISO-8859-1", "iso-8859-1", "Grüße"),
        ("windows-1252", "cp1252", "Grüße €"),
    ],
)
def test_every_encoding_of_the_list_gives_the_same_text_and_lines(declared: str, codec: str, text: str) -> None:
    document = f'<?xml version="1.0" encoding="{declared}"?>\n<a>\n<b>{text}</b></a>'

    root = parse_xml(document.encode(codec))

    assert root[0].text == text
    assert line_of(root[0]) == 3


def test_lines_are_right_far_down_a_long_file() -> None:
    root = parse_xml(b"<a>" + b"\n" * 70_000 + b"<b/></a>")

    assert line_of(root[0]) == 70_001


# -- cost --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "data",
    [
        b"<a>" * (20 * 2**20 // 3),
        b"<a>" * 1_600_000,
        b"<a>" + b"<b/>" * 1_000_000 + b"</a>",
        attributes(400_000),
        namespaces(250_000),
        b"<a>" + b"<?x y?>" * 600_000 + b"</a>",
        b'<a x="' + b"y" * 5_000_000 + b'"/>',
        BOMB,
    ],
    ids=["20 MB of nesting", "nesting", "siblings", "attributes", "namespaces", "instructions", "text", "entities"],
)
def test_a_bomb_is_refused_within_a_second(data: bytes) -> None:
    gc.collect()
    gc.freeze()  # as the server does: what other tests have left is not looked through for garbage meanwhile
    started = time.thread_time()

    with pytest.raises(XmlRefused):
        parse_xml(data)

    assert time.thread_time() - started < 1
    gc.unfreeze()


def test_no_connection_is_made_for_what_a_document_type_names() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.dtd"

        rule(f'<!DOCTYPE a SYSTEM "{address}"><a/>'.encode())
        rule(f'<!DOCTYPE a [<!ENTITY % x SYSTEM "{address}"> %x;]><a/>'.encode())

        with pytest.raises(BlockingIOError):
            server.accept()
