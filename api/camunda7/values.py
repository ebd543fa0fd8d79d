"""Typed variables of Camunda 7 and its moments, to and from the engine's values.

The engine keeps JSON values: null, true and false, exact numbers, text, lists and contexts. A type that is one of these comes back
as it went in; a date is kept as the ISO 8601 text that FEEL and JUEL read and comes back as `String`, objects and spin JSON come
back as `Json`. Files and bytes are refused: papers belong into the case's documents.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NotRequired

from typing_extensions import TypedDict

from api.camunda7.errors import RestError, invalid
from api.wire import write_json
from casework.outside import check_names
from engine.json_text import JsonRefused, parse_json
from engine.limits import VALUE_BYTES
from engine.model import Json


class Typed(TypedDict):
    """A variable as Camunda 7 writes it."""

    type: str
    value: Any
    valueInfo: NotRequired[dict[str, Any]]


_INTEGERS = {"short": 2**15, "integer": 2**31, "long": 2**63}
_OFFSET = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")


def moment(at: datetime | None) -> str | None:
    """Camunda 7's form, in UTC: `2026-01-05T01:02:03.004+0000`."""
    if at is None:
        return None
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}+0000"


def read_moment(text: Any, name: str) -> datetime:
    """A moment with its offset, in Camunda 7's form or as ISO 8601."""
    if isinstance(text, str) and _OFFSET.search(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise invalid(
        f"{name} 不是带时区的时刻:{text!r:.60}。",
        f"{name} is no date like 2026-01-05T00:00:00.000+0800: {text!r:.60}.",
    )


def typed(value: Json) -> Typed:
    """A value of the engine with its type; a number without decimals is an integer, however it was written."""
    if isinstance(value, Decimal) and value == value.to_integral_value() and value.as_tuple().exponent == 0:
        value = int(value)
    match value:
        case None:
            return {"type": "Null", "value": None, "valueInfo": {}}
        case bool():
            return {"type": "Boolean", "value": value, "valueInfo": {}}
        case int() if -(2**31) <= value < 2**31:
            return {"type": "Integer", "value": value, "valueInfo": {}}
        case int() if -(2**63) <= value < 2**63:
            return {"type": "Long", "value": value, "valueInfo": {}}
        case int() | Decimal():
            return {"type": "Double", "value": value, "valueInfo": {}}
        case str():
            return {"type": "String", "value": value, "valueInfo": {}}
        case _:
            return {"type": "Json", "value": write_json(value).decode(), "valueInfo": {}}


def all_typed(values: Mapping[str, Json]) -> dict[str, Typed]:
    """Variables by name, typed."""
    return {name: typed(values[name]) for name in sorted(values)}


def plain(given: Mapping[str, Any] | None) -> dict[str, Json]:
    """Typed variables as values of the engine. RestError 400 for a type or value that cannot be."""
    values = {name: read(name, each) for name, each in (given or {}).items()}
    check_names(values)
    return values


def read(name: str, given: Any) -> Json:
    """One typed variable; the type in any letter case, or left out."""
    if not isinstance(given, Mapping):
        raise invalid(f"变量 {name} 须写作 {{value, type}}。", f"The variable {name} is written as {{value, type}}.")
    kind, value = given.get("type"), given.get("value")
    if kind is not None and not isinstance(kind, str):
        raise invalid(f"变量 {name} 的类型不是文字。", f"The type of variable {name} is no text.")
    word = (kind or "").lower()
    if value is None or word == "null":
        return _null(name, word, value)
    if not word:
        return value
    if word in ("file", "bytes"):
        raise invalid(
            f"变量 {name}:不接受类型 {kind},材料请作为案件的文件上传。",
            f"Variable {name}: values of type {kind} are not taken; papers are uploaded as documents of the case.",
        )
    reader = _READERS.get(word)
    if reader is None:
        raise invalid(f"变量 {name}:不支持的类型 {kind!r:.40}。", f"Variable {name}: Unsupported value type {kind!r:.40}.")
    return reader(name, value, word, given.get("valueInfo") or {})


def _null(name: str, word: str, value: Any) -> Json:
    if value is not None:
        raise _wrong(name, word, value)
    return None


def _text(name: str, value: Any, word: str, _info: Any) -> Json:
    return _is(name, word, value, isinstance(value, str))


def _boolean(name: str, value: Any, word: str, _info: Any) -> Json:
    return _is(name, word, value, isinstance(value, bool))


def _number(name: str, value: Any, word: str, _info: Any) -> Json:
    return _is(name, word, value, isinstance(value, int | Decimal) and not isinstance(value, bool))


def _integer(name: str, value: Any, word: str, _info: Any) -> Json:
    number = int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value
    fits = isinstance(number, int) and not isinstance(number, bool) and -_INTEGERS[word] <= number < _INTEGERS[word]
    return _is(name, word, number, fits)


def _date(name: str, value: Any, _word: str, _info: Any) -> Json:
    return read_moment(value, name).isoformat()


def _json(name: str, value: Any, _word: str, _info: Any) -> Json:
    """JSON as a text, or written out in the request itself."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value.encode(), limit=VALUE_BYTES)
    except JsonRefused as refused:
        raise invalid(f"变量 {name}:{refused.zh}", f"Variable {name}: {refused.en}") from None


def _object(name: str, value: Any, word: str, info: Any) -> Json:
    written = info.get("serializationDataFormat", "application/json") if isinstance(info, Mapping) else None
    if written != "application/json":
        raise invalid(
            f"变量 {name}:对象只接受 application/json 格式,而不是 {written!r:.60}。",
            f"Variable {name}: objects are taken as application/json only, not as {written!r:.60}.",
        )
    return _json(name, value, word, info)


_READERS: Mapping[str, Callable[[str, Any, str, Any], Json]] = {
    "string": _text, "boolean": _boolean, "short": _integer, "integer": _integer, "long": _integer, "double": _number,
    "number": _number, "date": _date, "json": _json, "object": _object,
}  # fmt: skip


def _is(name: str, word: str, value: Any, right: bool) -> Json:
    if not right:
        raise _wrong(name, word, value)
    return value


def _wrong(name: str, word: str, value: Any) -> RestError:
    return invalid(
        f"变量 {name}:{value!r:.60} 不是 {word} 类型的值。",
        f"Variable {name}: Cannot convert value {value!r:.60} to type {word}.",
    )
