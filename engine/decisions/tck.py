"""Answers the requests of the DMN TCK runner, which measures us against the standard's own cases.

What a deployment would refuse is left null here, so that the other cases of the same file still count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.decisions.building import build
from engine.decisions.imports import library
from engine.decisions.model import DECISION_LIMITS, DecisionModel, FunctionNode, ServiceNode
from engine.decisions.report import Report
from engine.decisions.session import Session
from engine.errors import ModelError
from engine.feel import OFFICE_ZONE, Run, Value, parse_at_literal, text_of
from engine.xml import parse_xml

_NOW = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)


class Unknown(LookupError):
    """The request asks for something that the file does not have."""


def evaluate(path: str, request: Mapping[str, Any]) -> Value:
    """The value of the result node asked for: request keys `inputs`, `kind`, `invocable` and `result`."""
    model = _model(path)
    inputs = {name: _to_feel(value) for name, value in request["inputs"].items()}
    session = Session(Run(_NOW, OFFICE_ZONE, None, DECISION_LIMITS), inputs)
    try:
        value = _ask(model, session, request, inputs)
    except ModelError:
        return None  # the standard: an inconsistent table has no value
    return _for_runner(value)


@lru_cache(maxsize=8)
def _model(path: str) -> DecisionModel:
    beside = library(each.read_bytes() for each in sorted(Path(path).parent.glob("*.dmn")))
    model = build(parse_xml(Path(path).read_bytes()), Report(path), {}, beside)
    if model is None:
        raise Unknown(path)
    return model


def _ask(model: DecisionModel, session: Session, request: Mapping[str, Any], inputs: dict[str, Value]) -> Value:
    if request["kind"] == "decisionService":
        service = _named(model, request["invocable"], ServiceNode)
        value = model.call_service(session, service, inputs)
        several = len(service.outputs) > 1 and isinstance(value, dict) and request["result"] in value
        return value[request["result"]] if several else value  # type: ignore[index]  # a dict, just checked
    if request["kind"] == "bkm":
        node = _named(model, request["invocable"], FunctionNode)
        return model.function(session, node).call([inputs.get(name) for name in node.parameters])
    for decision in model.decisions.values():
        if decision.name == request["result"]:
            return model.decide(session, decision)
    raise Unknown(request["result"])


def _named(model: DecisionModel, name: str, kind: type[Any]) -> Any:
    for node in model.nodes.values():
        if isinstance(node, kind) and node.name == name:
            return node
    raise Unknown(name)


def _to_feel(value: Any) -> Value:
    """The runner gives temporal values as strings with an attribute `xsd`."""
    if isinstance(value, list):
        return [_to_feel(item) for item in value]
    if isinstance(value, dict):
        return {name: _to_feel(item) for name, item in value.items()}
    return parse_at_literal(str(value)) if hasattr(value, "xsd") else value


def _for_runner(value: Value) -> Value:
    """Temporal values as a text of their own, because the runner's reading of Python's classes loses zones."""
    match value:
        case None | bool() | str():
            return value
        case list():
            return [_for_runner(item) for item in value]
        case dict():
            return {name: _for_runner(item) for name, item in value.items()}
        case int() | float():
            return value
    return value if type(value).__name__ == "Decimal" else _Lexical(text_of(value))


class _Lexical:
    """An object whose text is the ISO form."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text
