"""JSON in and out: numbers are decimals on both sides, and everything that comes in is bounded.

The standard decoder accepts what would hurt later (a key twice, NaN, half a surrogate pair, an exponent of a million), so
each door reads JSON through `read_json` and nothing else.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from engine.errors import CallerError
from engine.limits import JSON_DEPTH, JSON_INTEGER_DIGITS, JSON_VALUES, NUMBER_DIGITS, NUMBER_EXPONENT
from engine.model import Json

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NOT_STRUCTURE = re.compile(r"[^\[\]{},]+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LARGEST_PLAIN_INTEGER = 2**63 - 1


class JsonRefused(CallerError):
    """The body is not JSON, or JSON beyond the bounds of `engine.limits`. The sender's mistake."""

    code = "json_refused"


class JsonTooLarge(JsonRefused):
    """JSON with more values or deeper nesting than is read."""

    code = "too_large"


def read_json(body: bytes) -> Json:
    """The value of a JSON text (RFC 8259): integers as int, other numbers as Decimal, never float.

    Raises `JsonTooLarge` for more than 100,000 values or 64 levels; `JsonRefused` for what is no JSON, for a key that stands
    twice in an object, NaN and Infinity, numbers beyond decimal128, a lone surrogate, and U+0000 (no database stores it).
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(f"第 {error.start + 1} 个字节不是 UTF-8", f"byte {error.start + 1} is not UTF-8") from None
    _check_size(text)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _refused(
            f"第 {error.lineno} 行第 {error.colno} 个字符处不是 JSON",
            f"no JSON at line {error.lineno}, column {error.colno}",
        ) from None
    _check_values(value)
    return value


def write_json(value: Any) -> bytes:
    """The JSON text of `value`: decimals as plain numbers digit by digit, moments as ISO 8601 with `Z`, dates as yyyy-mm-dd."""
    return orjson.dumps(_plain(value))


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC to the second's fraction that it has: `2026-03-02T01:30:00Z`."""
    if at is None:
        return None
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def day(on: date | None) -> str | None:
    """yyyy-mm-dd."""
    return on.isoformat() if on is not None else None


def _check_size(text: str) -> None:
    """Refuse depth and size bombs before anything is built; every comma and every bracket stands for at least one value."""
    structure = _NOT_STRUCTURE.sub("", _STRING.sub("", text))
    if structure.count(",") > JSON_VALUES or structure.count("[") + structure.count("{") > JSON_VALUES:
        raise _too_many()
    depth = 0
    for sign in structure.replace(",", ""):
        depth += 1 if sign in "[{" else -1
        if depth > JSON_DEPTH:
            raise JsonTooLarge(
                f"JSON 嵌套超过 {JSON_DEPTH} 层。", f"The JSON is nested deeper than {JSON_DEPTH} levels."
            )


def _check_values(root: Json) -> None:
    """Count exactly, and look at each text; iterative, so that no input decides about our stack."""
    count, open_values = 0, [root]
    while open_values:
        value = open_values.pop()
        count += 1
        if isinstance(value, dict):
            for key in value:
                _check_text(key)
            open_values.extend(value.values())
        elif isinstance(value, list):
            open_values.extend(value)
        elif isinstance(value, str):
            _check_text(value)
    if count > JSON_VALUES:
        raise _too_many()


def _check_text(text: str) -> None:
    if _UNSTORABLE.search(text):
        raise _refused("文字中有无法保存的字符(U+0000 或不成对的代理码)", "a text holds U+0000 or a lone surrogate")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _refused(
            f"“{_shown(twice)}”在同一对象中出现两次", f"the key '{_shown(twice)}' stands twice in one object"
        )
    return members


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > JSON_INTEGER_DIGITS:
        raise _number(digits)
    return int(digits)


def _fraction(digits: str) -> Decimal:
    if len(digits) > NUMBER_DIGITS * 4:
        raise _number(digits)
    try:
        number = Decimal(digits)
    except InvalidOperation:
        raise _number(digits) from None
    if len(number.as_tuple().digits) > NUMBER_DIGITS or abs(number.adjusted()) > NUMBER_EXPONENT:
        raise _number(digits)
    return number


def _constant(name: str) -> Json:
    raise _refused(f"{name} 不是 JSON 数字", f"{name} is not a JSON number")


def _number(digits: str) -> JsonRefused:
    return _refused(
        f"数字 {_shown(digits)} 超出范围(最多 {NUMBER_DIGITS} 位有效数字)",
        f"the number {_shown(digits)} is out of range (at most {NUMBER_DIGITS} digits)",
    )


def _too_many() -> JsonTooLarge:
    return JsonTooLarge(f"JSON 中的值超过 {JSON_VALUES:,} 个。", f"The JSON has more than {JSON_VALUES:,} values.")


def _refused(zh: str, en: str) -> JsonRefused:
    return JsonRefused(f"请求内容无法读取:{zh}。", f"The body cannot be read: {en}.")


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)


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
