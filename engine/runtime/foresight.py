"""Which variables a step is going to ask for, so that they are read together. A hint only: what is missing is read when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from engine.parsing.records import Element, ElementKind, ProcessModel

_WAITS = frozenset(
    {
        ElementKind.USER_TASK, ElementKind.RECEIVE_TASK, ElementKind.CALL_ACTIVITY, ElementKind.EVENT_BASED_GATEWAY,
        ElementKind.INTERMEDIATE_CATCH_EVENT,
    }
)  # fmt: skip
_MOST = 60


def names_ahead(model: ProcessModel, element_id: str) -> frozenset[str]:
    """The names in expressions, and those written to, from an element up to where its token waits next; at most sixty."""
    found: dict[str, None] = {}
    seen, coming = {element_id}, [element_id]
    while coming:
        element = model.elements.get(coming.pop())
        if element is None:  # the process itself, or the item of a loop
            continue
        found.update(dict.fromkeys(_names_of(model, element)))
        if element.id != element_id and (element.kind in _WAITS or element.job is not None):
            continue
        for flow in (model.flows[flow_id] for flow_id in element.outgoing):
            found.update(dict.fromkeys(_names(flow.condition)))
            if flow.target not in seen:
                seen.add(flow.target)
                coming.append(flow.target)
    return frozenset(list(found)[:_MOST])


def _names_of(model: ProcessModel, element: Element) -> Iterator[str]:
    yield from _names(element)
    for boundary in model.boundary_events(element.id):
        yield from _names(boundary.event)


def _names(part: Any) -> Iterable[str]:
    """The names in every expression of a record, and the variables that it writes."""
    if hasattr(part, "evaluate"):
        yield from part.names
    elif is_dataclass(part):
        for field in fields(part):
            value = getattr(part, field.name)
            if field.name == "result_variable" and isinstance(value, str):
                yield value
            elif field.name == "target" and isinstance(value, tuple) and value:
                yield value[0]
            else:
                yield from _names(value)
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _names(value)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from _names(value)
