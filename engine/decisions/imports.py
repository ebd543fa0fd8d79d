"""DMN files that other DMN files import, found by their namespace (DMN 1.5, 6.3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.xml import XmlRefused, parse_xml

Library = Mapping[str, bytes]
"""Files by the namespace of their root."""


def library(files: Iterable[bytes]) -> dict[str, bytes]:
    """The files that can be imported; one that is no XML is left to its own refusal."""
    found: dict[str, bytes] = {}
    for content in files:
        try:
            namespace = parse_xml(content).get("namespace")
        except XmlRefused:
            continue
        if namespace:
            found.setdefault(namespace, content)
    return found
