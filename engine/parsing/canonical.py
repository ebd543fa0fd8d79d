"""Tells whether a file says anything new: a hash that formatting, comments and the saving program do not change.

A deployment makes a new version of a definition only when its hash differs from the newest version's. The drawing
counts as content: people see it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal

from lxml import etree

from engine.xml import Node

# Which program saved the file, and with which version, is not part of what it says.
_EXPORTER = ("exporter", "exporterVersion")


def canonical_hash(root: Node) -> str:
    """SHA-256 (hex) over the canonical form (C14N 2.0) of a BPMN or DMN document.

    Not counted: the order of attributes, white space around texts, comments, the exporter. Everything else is, the diagram
    interchange and the namespace prefixes included.
    """
    copy = deepcopy(root)
    for attribute in _EXPORTER:
        copy.attrib.pop(attribute, "")
    canonical: bytes = etree.tostring(  # type: ignore[call-overload]  # the stubs do not know strip_text
        copy, method="c14n2", with_comments=False, strip_text=True
    )
    return hashlib.sha256(canonical).hexdigest()


def canonical_form_hash(schema: Mapping[str, object]) -> str:
    """SHA-256 (hex) of a form: the order of its keys and its exporter do not count, the order of its fields does."""
    content = {name: value for name, value in schema.items() if name != "exporter"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_number)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _number(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize()}"
    raise TypeError(f"not a value of JSON: {value!r}")
