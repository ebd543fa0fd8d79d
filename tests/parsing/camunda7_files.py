"""Small files of the Camunda 7 dialect for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.errors import Problem
from engine.expressions import Value
from engine.parsing.bpmn import inspect_bpmn, read_bpmn
from engine.parsing.records import Element, ProcessModel

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
    'xmlns:camunda="{namespace}" id="d" targetNamespace="t" modeler:executionPlatform="{platform}">'
)
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
OPERATON = "http://operaton.org/schema/1.0/bpmn"


def file(
    body: str, *, outside: str = "", process: str = "", namespace: str = CAMUNDA, platform: str = "Camunda Platform"
) -> bytes:
    """A file with one process around `body`; `process` are its attributes, `outside` stands beside it."""
    head = HEAD.format(namespace=namespace, platform=platform)
    return f'{head}{outside}<bpmn:process id="p" isExecutable="true" {process}>{body}</bpmn:process></bpmn:definitions>'.encode()


def read(body: str, **options: str) -> ProcessModel:
    return read_bpmn(file(body, **options), file="test.bpmn").processes[0]


def element(body: str, element_id: str = "a", **options: str) -> Element:
    return read(body, **options).elements[element_id]


def problems(body: str, **options: str) -> list[Problem]:
    """What is wrong with it; warnings (this is no whole diagram) left out."""
    return [
        problem
        for problem in inspect_bpmn(file(body, **options), file="test.bpmn").problems
        if problem.severity == "error"
    ]


def extended(tag: str, inner: str, attributes: str = "", more: str = "") -> str:
    """An element `a` with extension elements."""
    return (
        f'<bpmn:{tag} id="a" {attributes}><bpmn:extensionElements>{inner}</bpmn:extensionElements>{more}</bpmn:{tag}>'
    )


def reached(inner: str) -> str:
    """A start event, and a flow to the element `a` in `inner`."""
    return f'<bpmn:startEvent id="s0"/>{inner}<bpmn:sequenceFlow id="f0" sourceRef="s0" targetRef="a"/>'


def given(value: Value | None, **variables: Any) -> Any:
    """What a value of the file gives over these variables."""
    assert value is not None
    return value.evaluate(variables, now=NOW).value
