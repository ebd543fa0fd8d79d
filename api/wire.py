"""JSON in and out: numbers are exact on both sides, and everything that comes in is bounded."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, overload

import orjson

from api.bounds import JSON_BODY_BYTES
from engine.errors import CallerError
from engine.json_text import JsonRefused, parse_json
from engine.model import Json

_LARGEST_PLAIN_INTEGER = 2**63 - 1
_TOO_LARGE = frozenset({"json-size", "json-depth", "json-values"})


class TooLarge(CallerError):
    """JSON with more bytes, values or levels than is read. The sender's mistake."""

    code = "too_large"


def read_json(body: bytes) -> Json:
    """The value of a JSON text: integers as int, other numbers as Decimal, never float.

    Raises `TooLarge` beyond the bounds of size, `JsonRefused` for what is no JSON or cannot be meant (`engine.json_text`).
    """
    try:
        return parse_json(body, limit=JSON_BODY_BYTES)
    except JsonRefused as refused:
        if refused.problem.rule in _TOO_LARGE:
            raise TooLarge(refused.zh, refused.en) from None
        raise


def write_json(value: Any) -> bytes:
    """The JSON text of `value`: decimals as plain numbers digit by digit, moments as ISO 8601 with `Z`, dates as yyyy-mm-dd."""
    return orjson.dumps(_plain(value))


@overload
def moment(at: datetime) -> str: ...
@overload
def moment(at: datetime | None) -> str | None: ...
def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC to the second's fraction that it has: `2026-03-02T01:30:00Z`."""
    if at is None:
        return None
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


@overload
def day(on: date) -> str: ...
@overload
def day(on: date | None) -> str | None: ...
def day(on: date | None) -> str | None:
    """yyyy-mm-dd."""
    return on.isoformat() if on is not None else None


def _plain(value: Any) -> Any:
    """`value` as something orjson writes: it knows neither decimals nor integers beyond 64 bits."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if -_LARGEST_PLAIN_INTEGER <= value <= _LARGEST_PLAIN_INTEGER else orjson.Fragment(str(value))
        case Decimal():
            return orjson.Fragment(_digits(value))
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _digits(number: Decimal) -> str:
    if not number.is_finite():
        raise TypeError("NaN and Infinity have no JSON form")
    # Plain notation for the amounts and counts of daily use; exponents only where the plain form would be absurdly long.
    return format(number, "f") if abs(number.adjusted()) <= 40 else str(number)
