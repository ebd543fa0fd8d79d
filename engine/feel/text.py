"""Values as text: what `string` gives, and JSON for process variables."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from decimal import Decimal

from engine.feel.far import FarDate, FarMoment, LongLength
from engine.feel.printer import quote
from engine.feel.temporal import temporal_text
from engine.feel.values import Function, Range, Value, YearsMonths, is_number, to_number

_PLAIN_DIGITS = 60


def number_text(value: Decimal | float) -> str:
    """Digits without trailing zeros; an exponent only where more than sixty digits would be zeros."""
    number = to_number(value)
    if not number:
        return "0"
    if abs(number.adjusted()) > _PLAIN_DIGITS:
        return str(number.normalize())
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def text_of(value: Value) -> str:
    """FEEL's text of a value; strings inside lists and contexts are quoted."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal() | float():
            return number_text(value)
        case str():
            return quote(value)
        case list():
            return f"[{', '.join(text_of(item) for item in value)}]"
        case dict():
            return "{" + ", ".join(f"{name}: {text_of(item)}" for name, item in value.items()) + "}"
        case date() | time() | timedelta() | YearsMonths() | FarDate() | FarMoment() | LongLength():
            return temporal_text(value)
        case Range():
            return _range_text(value)
        case Function():
            return f"function({', '.join(value.parameters)})"
        case _:
            raise TypeError(f"{type(value).__name__} is no FEEL value")


def _range_text(value: Range) -> str:
    if value.sign:
        return f"({value.sign} {text_of(value.excluded if value.sign == '!=' else value.low)})"
    if value.open_low:
        return f"{'<=' if value.high_included else '<'} {text_of(value.high)}"
    if value.open_high:
        return f"{'>=' if value.low_included else '>'} {text_of(value.low)}"
    opening, closing = "[" if value.low_included else "(", "]" if value.high_included else ")"
    return f"{opening}{text_of(value.low)}..{text_of(value.high)}{closing}"


def to_json(value: Value) -> Value:
    """`value` as a process variable holds it: temporal values, durations and ranges become their text.

    Numbers stay `Decimal` or int; a function has no JSON and becomes null.
    """
    match value:
        case None | bool() | str():
            return value
        case float():
            return to_number(value)
        case list():
            return [to_json(item) for item in value]
        case dict():
            return {name: to_json(item) for name, item in value.items()}
        case Function():
            return None
        case _ if is_number(value):
            return value
        case _:
            return text_of(value)


def json_text(value: Value) -> str:
    """JSON of what `to_json` gave, with every digit of every number, which the standard library would round."""
    if isinstance(value, list):
        return f"[{','.join(json_text(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{_json_scalar(name)}:{json_text(item)}" for name, item in value.items()) + "}"
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return number_text(value)
    return _json_scalar(value)


def _json_scalar(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)
