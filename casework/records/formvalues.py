"""Single values of a form: what a field takes, which options it offers, and the checks that its schema declares.

A mirror of form-js 2.0's fields and validator, with decimals instead of floating-point numbers. English sentences are the
library's own, so that both sides of a form say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import re2

from engine.limits import NUMBER_DIGITS, NUMBER_EXPONENT

Json = Any


class _Missing:
    """Marks a path that leads nowhere, as JavaScript's undefined does."""

    def __bool__(self) -> bool:
        return False


MISSING = _Missing()

# Python's own default keeps 28 digits only.
_EXACT = Context(prec=NUMBER_DIGITS)
_LONG_DIVISION = Context(prec=3 * NUMBER_EXPONENT)

EMPTY: Mapping[str, Json] = {
    "textfield": "", "textarea": "", "number": None, "datetime": None, "expression": None, "filepicker": None,
    "checkbox": False, "checklist": [], "radio": None, "select": None, "taglist": [],
}  # fmt: skip

NO_SOURCE = ("value",)
"""What the library offers for a choice whose schema names no options."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,5})?", re.ASCII)
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?", re.ASCII)
_OFFSET = re.compile(r"Z|[+-]\d{2}:\d{2}", re.ASCII)
_JS_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_LINE_SPACE = str.maketrans({"\r": " ", "\n": " ", "\t": " "})
_EMAIL = (
    r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$"
)
# What the library means by an international number: a country's calling code, then a national part that begins as the
# calling codes of the world's zones do. A mobile number without +86 fails; forms for citizens declare a pattern instead.
_CALLING_CODES = ["1", "7", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "76", "77", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98", "211", "212", "213", "216", "218", "220", "221", "222", "223", "224", "225", "226", "227", "228", "229", "230", "231", "232", "233", "234", "235", "236", "237", "238", "239", "240", "241", "242", "243", "244", "245", "246", "248", "249", "250", "251", "252", "253", "254", "255", "256", "257", "258", "260", "261", "262", "263", "264", "265", "266", "267", "268", "269", "291", "297", "298", "299", "350", "351", "352", "353", "354", "355", "356", "357", "358", "359", "370", "371", "372", "373", "374", "375", "376", "377", "378", "379", "380", "381", "382", "383", "385", "386", "387", "389", "420", "421", "423", "500", "501", "502", "503", "504", "505", "506", "507", "508", "509", "590", "591", "592", "593", "594", "595", "596", "597", "598", "670", "672", "673", "674", "675", "676", "677", "678", "679", "680", "681", "682", "683", "685", "686", "687", "688", "689", "690", "691", "692", "850", "852", "853", "855", "856", "880", "886", "960", "961", "962", "963", "964", "965", "966", "967", "968", "970", "971", "972", "973", "974", "975", "976", "977", "992", "993", "994", "995", "996", "998", "1242", "1246", "1264", "1268", "1284", "1340", "1345", "1441", "1473", "1649", "1664", "1670", "1671", "1684", "1721", "1758", "1767", "1784", "1787", "1809", "1829", "1849", "1868", "1869", "1876", "1939", "4779", "5999", "3906698"]
_THREE_DIGIT_ZONES = ["99", "97", "96", "89", "88", "87", "85", "83", "80", "69", "68", "67", "59", "50", "42", "38", "37", "35", "29", "28", "26", "25", "24", "23", "22", "21"]
_SHORT_ZONES = ["98", "95", "94", "93", "92", "91", "90", "86", "84", "82", "81", "66", "65", "64", "63", "62", "61", "60", "58", "57", "56", "55", "54", "53", "52", "51", "49", "48", "47", "46", "45", "44", "43", "41", "40", "39", "36", "34", "33", "32", "31", "30", "27", "20", "7", "1"]
_PHONE = (
    rf"(?:\+|00)(?:{'|'.join(_CALLING_CODES)})(?:{'|'.join(f'{zone}[0-9]' for zone in _THREE_DIGIT_ZONES)}"
    rf"|{'|'.join(_SHORT_ZONES)})[0-9]{{4,20}}$"
)


def same(left: Json, right: Json) -> bool:
    """Equal as JSON: 1 is 1.0 but never true."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    return bool(left == right)


def as_decimal(value: Json) -> Decimal | None:
    """The number that a value spells within decimal128, None otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    if isinstance(value, str):
        value = value.strip(_JS_SPACE)
        if not _NUMBER.fullmatch(value):
            return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or len(number.as_tuple().digits) > NUMBER_DIGITS or abs(number.adjusted()) > NUMBER_EXPONENT:
        return None
    return number


def clean(kind: str, raw: Mapping[str, Json], value: Json, data: Mapping[str, Json]) -> Json:
    """The value as the field takes it on opening: of the wrong kind means empty."""
    match kind:
        case "textfield" | "textarea":
            text = "" if value is None or isinstance(value, list | dict) else _text(value)
            return text.translate(_LINE_SPACE) if kind == "textfield" else text
        case "number":
            number = as_decimal(value)
            if number is None:
                return None
            return _text(value) if raw.get("serializeToString") else number
        case "checkbox":
            return value is True
        case "datetime":
            return value if isinstance(value, str) and _is_moment(str(raw.get("subtype") or "date"), value) else None
        case "radio" | "select":
            if raw.get("valuesExpression"):
                return value
            return value if any(same(value, option) for option in _listed(raw, data)) else None
        case "checklist" | "taglist":
            if not isinstance(value, list):
                return []
            if raw.get("valuesExpression"):
                return value
            offered = _listed(raw, data)
            return [one for one in value if any(same(one, option) for option in offered)]
        case _:
            return value


def option_values(listed: list[Json]) -> list[Json]:
    """The values of a list of options: bare values, or objects with `value` and perhaps `label`."""
    values = []
    for option in listed:
        if _is_plain(option):
            values.append(option)
        elif isinstance(option, dict) and option:
            value, label = option.get("value"), option.get("label")
            labelled = isinstance(label, str) and label != ""
            if _is_plain(value) or (labelled and isinstance(value, dict | list) and value):
                values.append(value)
    return values


def preset_errors(
    kind: str, raw: Mapping[str, Json], value: Json, validate: Mapping[str, Json]
) -> Iterator[tuple[str, str, str]]:
    """What the schema's own checks say against a value: (check, sentence in Chinese, sentence in English)."""
    if kind == "number":
        yield from _number_errors(raw, value)
    pattern = validate.get("pattern")
    if pattern and _truthy(value) and not javascript_pattern(str(pattern)).search(_text(value)):
        own = validate.get("patternErrorMessage")
        yield "pattern", own or f"格式不符合要求:{pattern}", own or f"Field must match pattern {pattern}."
    if validate.get("required") and _unset(kind, value):
        yield "required", "此项必填", "Field is required."
    yield from _bound_errors(value, validate)
    yield from _length_errors(value, validate)
    if _truthy(value) and validate.get("validationType") == "phone" and not re2.search(_PHONE, _text(value)):
        yield (
            "phone",
            "请填写带国际区号的电话号码(例如 +8613800000000)",
            "Field must be a valid international phone number. (e.g. +4930664040900)",
        )
    if _truthy(value) and validate.get("validationType") == "email" and not re2.search(_EMAIL, _text(value)):
        yield "email", "请填写有效的电子邮箱", "Field must be a valid email."


@lru_cache(maxsize=256)
def javascript_pattern(pattern: str) -> Any:
    """A designer's JavaScript pattern as a linear-time one; `\\uXXXX` is spelled `\\x{XXXX}` there.

    Raises `re2.error` for look-around and back-references, which deployment refuses.
    """
    return re2.compile(re.sub(r"\\u([0-9a-fA-F]{4})", r"\\x{\1}", pattern))


def utf16_length(text: str) -> int:
    """How long JavaScript finds a text: rare characters of names count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# -- helpers -----------------------------------------------------------------------------------------------------------


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _plain(value) if isinstance(value, Decimal) else str(value)


def _truthy(value: Json) -> bool:
    """JavaScript's idea of a value that is there: empty lists and objects are, 0 and "" are not."""
    return isinstance(value, list | dict) or bool(value)


def _unset(kind: str, value: Json) -> bool:
    return value is None or value in ("", []) or (kind == "checkbox" and value is False)


def _is_plain(value: Json) -> bool:
    return isinstance(value, bool | int | Decimal) or (isinstance(value, str) and value != "")


def _listed(raw: Mapping[str, Json], data: Mapping[str, Json]) -> list[Json]:
    key = raw.get("valuesKey")
    listed = data.get(str(key)) if key else raw.get("values", [] if "valuesKey" in raw else list(NO_SOURCE))
    return option_values(listed) if isinstance(listed, list) else []


def _is_moment(subtype: str, text: str) -> bool:
    day, separator, time = text.partition("T")
    if subtype == "date":
        return _DATE.fullmatch(text) is not None
    if subtype == "datetime" and (not separator or not _DATE.fullmatch(day)):
        return False
    clock = text if subtype == "time" else time
    offset = _OFFSET.search(clock)
    return _TIME.fullmatch(clock[: offset.start()] if offset and offset.end() == len(clock) else clock) is not None


def _plain(number: Decimal) -> str:
    return format(_EXACT.normalize(number), "f")


def _number_errors(raw: Mapping[str, Json], value: Json) -> Iterator[tuple[str, str, str]]:
    number = as_decimal(value)
    if number is None or value == 0:
        return
    digits = raw.get("decimalDigits")
    exponent = _EXACT.normalize(number).as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if isinstance(digits, int) and digits >= 0 and decimals > digits:
        if digits == 0:
            yield "decimalDigits", "请填写整数", "Value is expected to be an integer."
        else:
            plural = "digit" if digits == 1 else "digits"
            yield "decimalDigits", f"最多 {digits} 位小数", f"Value is expected to have at most {digits} decimal {plural}."
    step = as_decimal(raw.get("increment"))
    rest = _LONG_DIVISION.remainder(number, step) if step is not None and step != 0 else None
    if step is not None and rest:
        low, high = (format(_LONG_DIVISION.normalize(one), "f") for one in (number - rest, number - rest + step))
        yield (
            "increment",
            f"请填写有效的数值,最近的两个是 {low} 和 {high}",
            f"Please select a valid value, the two nearest valid values are {low} and {high}.",
        )


def _bound_errors(value: Json, validate: Mapping[str, Json]) -> Iterator[tuple[str, str, str]]:
    if not _truthy(value) and (value != 0 or isinstance(value, bool)):
        return
    number = as_decimal(value)
    for name, word, english in (("min", "小于", "minimum"), ("max", "大于", "maximum")):
        if name not in validate:
            continue
        bound = as_decimal(validate[name])
        if number is None or bound is None:
            yield name, "数值或其界限不是数字", f"{name.capitalize()} validation value is not a valid number."
        elif (number < bound) if name == "min" else (number > bound):
            yield name, f"不能{word} {_plain(bound)}", f"Field must have {english} value of {_plain(bound)}."


def _length_errors(value: Json, validate: Mapping[str, Json]) -> Iterator[tuple[str, str, str]]:
    if not isinstance(value, str) or not value:
        return
    length = utf16_length(value.strip(_JS_SPACE))
    for name, word, english in (("minLength", "少", "minimum"), ("maxLength", "多", "maximum")):
        bound = as_decimal(validate.get(name))
        if bound is not None and ((length < bound) if name == "minLength" else (length > bound)):
            yield name, f"至{word} {_plain(bound)} 个字", f"Field must have {english} length of {_plain(bound)}."
