"""Where the shipped files lie, read the way the product reads them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml.etree import _Element

from engine.xml import parse_xml
from tests.sources import ROOT

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"

DIAGRAMS = sorted((ROOT / "processes").glob("*/*.bpmn"))
DECISIONS = sorted((ROOT / "processes").glob("*/*.dmn"))
FORMS = sorted([*(ROOT / "forms").glob("*.form"), *(ROOT / "processes").glob("*/*.form")])
TABLES = sorted((ROOT / "processes" / "policy").glob("*.yaml"))
SCENARIOS = sorted((ROOT / "processes").glob("*/*.scenarios.yaml"))


@dataclass(frozen=True, slots=True)
class Node:
    """A flow element of a diagram with what the extension elements say of it."""

    id: str
    kind: str
    name: str
    element: _Element
    scope: str

    @property
    def job_type(self) -> str | None:
        definition = self.element.find(f"{BPMN}extensionElements/{ZEEBE}taskDefinition")
        return None if definition is None else definition.get("type")

    @property
    def headers(self) -> dict[str, str]:
        return self._pairs("taskHeaders/", "header", "key", "value")

    @property
    def properties(self) -> dict[str, str]:
        return self._pairs("properties/", "property", "name", "value")

    @property
    def inputs(self) -> dict[str, str]:
        return self._pairs("ioMapping/", "input", "target", "source")

    @property
    def form(self) -> str | None:
        bound = self.element.find(f"{BPMN}extensionElements/{ZEEBE}formDefinition")
        return None if bound is None else bound.get("formId")

    @property
    def posts(self) -> str | None:
        assigned = self.element.find(f"{BPMN}extensionElements/{ZEEBE}assignmentDefinition")
        return None if assigned is None else assigned.get("candidateGroups")

    @property
    def documentation(self) -> str:
        return self.element.findtext(f"{BPMN}documentation") or ""

    def _pairs(self, holder: str, tag: str, key: str, value: str) -> dict[str, str]:
        path = f"{BPMN}extensionElements/{ZEEBE}{holder.rstrip('/')}/{ZEEBE}{tag}"
        return {one.get(key) or "": one.get(value) or "" for one in self.element.iterfind(path)}


@cache
def root_of(diagram: Path) -> _Element:
    """The document element of a diagram or decision file."""
    return parse_xml(diagram.read_bytes())


@cache
def nodes_of(diagram: Path) -> tuple[Node, ...]:
    """All flow elements of a diagram, sequence flows apart."""
    found = []
    for element in root_of(diagram).iter(f"{BPMN}*"):
        above = element.getparent()
        kind = str(element.tag).removeprefix(BPMN)
        if above is None or above.tag not in (f"{BPMN}process", f"{BPMN}subProcess") or kind == "sequenceFlow":
            continue
        if element.get("id") and kind not in ("documentation", "extensionElements", "multiInstanceLoopCharacteristics"):
            found.append(Node(element.get("id") or "", kind, element.get("name") or "", element, above.get("id") or ""))
    return tuple(found)


@cache
def form_of(form_id: str) -> dict[str, Any]:
    """The schema of a shipped form."""
    schema: dict[str, Any] = json.loads(next(file for file in FORMS if file.stem == form_id).read_text("utf-8"))
    return schema


def fields_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """All components of a form, those of its lists and groups included."""
    waiting, found = list(schema["components"]), []
    while waiting:
        component = waiting.pop(0)
        found.append(component)
        waiting += component.get("components", [])
    return found
