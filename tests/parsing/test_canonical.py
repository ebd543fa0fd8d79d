"""A version is new when its content is: formatting and the program that saved the file do not count."""

import pytest

from engine.parsing.canonical import canonical_hash
from engine.xml import parse_xml

BASE = b'<d xmlns="urn:a" exporter="Modeler" exporterVersion="1" id="x"><p a="1" b="2">\n  <q>text</q>\n</p></d>'


@pytest.mark.parametrize(
    "same",
    [
        BASE.replace(b'a="1" b="2"', b'b="2"   a="1"'),
        BASE.replace(b"\n  ", b"").replace(b"\n", b""),
        BASE.replace(b"text", b"\n text "),
        BASE.replace(b"<q>", b"<!-- note --><q>"),
        BASE.replace(b'exporterVersion="1"', b'exporterVersion="2"'),
        BASE.replace(b"<q>text</q>", b"<q>t&#101;xt</q>"),
        b'<?xml version="1.0" encoding="UTF-16"?>'.decode().encode("utf-16") + BASE.decode().encode("utf-16-le"),
    ],
    ids=[
        "order of attributes",
        "indentation",
        "space around text",
        "comment",
        "exporter",
        "character reference",
        "encoding",
    ],
)
def test_what_says_the_same_has_the_same_hash(same: bytes) -> None:
    assert canonical_hash(parse_xml(same)) == canonical_hash(parse_xml(BASE))


@pytest.mark.parametrize(
    "other",
    [
        BASE.replace(b"text", b"te xt"),
        BASE.replace(b'a="1"', b'a="2"'),
        BASE.replace(b"<q>text</q>", b"<q>text</q><q/>"),
        BASE.replace(b"urn:a", b"urn:b"),
    ],
)
def test_what_says_something_else_has_another_hash(other: bytes) -> None:
    assert canonical_hash(parse_xml(other)) != canonical_hash(parse_xml(BASE))


def test_hashing_leaves_the_tree_as_it_was() -> None:
    root = parse_xml(BASE)

    canonical_hash(root)

    assert root.get("exporter") == "Modeler"
