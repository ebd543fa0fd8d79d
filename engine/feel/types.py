"""FEEL types: reading a type expression, `instance of`, and DMN's implicit conversions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, time

from engine.feel import far, tree
from engine.feel.values import Function, Kind, Range, Value, kind_of

# Type names of several words, longest first; all others are read like variable names.
BUILT_IN_TYPES = (
    ("days", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
    ("date", "and", "time"),
    ("function",),
)


@dataclass(frozen=True, slots=True)
class Type:
    """A FEEL type: a kind with its parts.

    `item` belongs to lists and ranges, `fields` to contexts (None: any context), `parameters` and `result` to functions.
    """

    kind: Kind
    item: Type | None = None
    fields: Mapping[str, Type] | None = field(default=None, hash=False)
    parameters: tuple[Type, ...] | None = None
    result: Type | None = None


ANY = Type(Kind.UNKNOWN)
_SIMPLE = {str(kind): Type(kind) for kind in Kind}
_ALIASES = {
    "dayTimeDuration": Type(Kind.DAYS),
    "yearMonthDuration": Type(Kind.MONTHS),
    "dateTime": Type(Kind.DATE_TIME),
}


def read_type(node: tree.TypeOf, known: Mapping[str, Type]) -> Type | None:
    """The type that `node` names, or None if a name in it is neither built in nor `known`."""
    arguments = [read_type(each, known) for each in node.arguments]
    if any(each is None for each in arguments):
        return None
    parts = tuple(each for each in arguments if each is not None)
    match node.name:
        case "list" | "range" if len(parts) == 1:
            return Type(Kind(node.name), item=parts[0])
        case "context" if node.fields:
            return Type(Kind.CONTEXT, fields=dict(zip(node.fields, parts, strict=True)))
        case "function" if node.result is not None or parts:
            result = ANY if node.result is None else read_type(node.result, known)
            return None if result is None else Type(Kind.FUNCTION, parameters=parts, result=result)
    return known.get(node.name) or named_type(node.name)


def named_type(name: str) -> Type | None:
    """A built-in type without arguments."""
    return _SIMPLE.get(name) or _ALIASES.get(name)


def is_instance(value: Value, type_: Type) -> bool:
    """`value instance of type` (DMN 1.5, 10.3.2.9.3): null is an instance of Null only."""
    if value is None:
        return type_.kind is Kind.NULL
    if type_.kind is Kind.UNKNOWN:
        return True
    if kind_of(value) is not type_.kind:
        return False
    match value:
        case list():
            return type_.item is None or all(conforms(item, type_.item) for item in value)
        case dict():
            return type_.fields is None or all(
                name in value and conforms(value[name], each) for name, each in type_.fields.items()
            )
        case Range(low, high):
            return type_.item is None or all(conforms(bound, type_.item) for bound in (low, high))
        case Function():
            return type_.parameters is None or len(type_.parameters) == len(value.parameters)
    return True


def conforms(value: Value, type_: Type) -> bool:
    """Whether a slot of this type may hold `value`; null fits everywhere."""
    if value is None or type_.kind is Kind.UNKNOWN:
        return True
    if kind_of(value) is not type_.kind:
        return False
    match value:
        case list():
            return type_.item is None or all(conforms(item, type_.item) for item in value)
        case dict():
            return type_.fields is None or all(
                name in value and conforms(value[name], each) for name, each in type_.fields.items()
            )
    return is_instance(value, type_)


def convert(value: Value, type_: Type) -> Value:
    """`value` as the type wants it, or null (DMN 1.5, 10.3.2.9.4).

    A list of one gives its item, an item gives a list of one, a date gives its midnight in UTC.
    """
    if type_.kind is Kind.UNKNOWN or conforms(value, type_):
        return value
    if isinstance(value, list) and len(value) == 1 and type_.kind is not Kind.LIST:
        return value[0] if conforms(value[0], type_) else None
    if type_.kind is Kind.LIST and not isinstance(value, list):
        return [value] if conforms([value], type_) else None
    if type_.kind is Kind.DATE_TIME and isinstance(value, date | far.FarDate):
        return far.combine(value, time(tzinfo=UTC))
    return None
