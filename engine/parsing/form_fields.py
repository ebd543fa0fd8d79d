"""What a Camunda form may say: field types, their attributes, and what the attributes may hold.

Source: the form schema of form-js up to schema version 19. An attribute stands here because the page draws it, the server
checks it, or both; what stands nowhere is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

SCHEMA_VERSION = 19
FORM_ATTRIBUTES = frozenset(
    {
        "type", "id", "components", "schemaVersion", "versionTag",
        "executionPlatform", "executionPlatformVersion", "exporter",
    }
)  # fmt: skip
COMMON = frozenset({"type", "id", "label", "layout", "conditional", "properties"})

_INPUT = "key description disabled readonly defaultValue validate"
_OPTIONS = "values valuesKey valuesExpression"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ATTRIBUTES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "textfield": _names(f"{_INPUT} appearance"),
        "textarea": _names(_INPUT),
        "number": _names(f"{_INPUT} appearance increment decimalDigits serializeToString"),
        "datetime": _names(
            f"{_INPUT} subtype dateLabel timeLabel use24h timeSerializingFormat timeInterval disallowPassedDates"
        ),
        "checkbox": _names(_INPUT),
        "radio": _names(f"{_INPUT} {_OPTIONS}"),
        "select": _names(f"{_INPUT} {_OPTIONS} searchable"),
        "checklist": _names(f"{_INPUT} {_OPTIONS}"),
        "taglist": _names(f"{_INPUT} {_OPTIONS}"),
        "filepicker": _names(f"{_INPUT} accept multiple"),
        "expression": _names("key expression computeOn"),
        "group": _names("path components showOutline verticalAlignment"),
        "dynamiclist": _names(
            "path components showOutline verticalAlignment isRepeating allowAddRemove defaultRepetitions disableCollapse "
            "nonCollapsedItems"
        ),
        "table": _names("dataSource columns columnsExpression rowCount"),
        "documentPreview": _names("dataSource title endpointKey maxHeight"),
        "text": _names("text"),
        "html": _names("content"),
        "image": _names("source alt"),
        "button": _names("action"),
        "spacer": _names("height"),
        "separator": _names(""),
    }
)
KEYED = frozenset(
    {
        "textfield", "textarea", "number", "datetime", "checkbox", "radio", "select", "checklist", "taglist",
        "filepicker", "expression",
    }
)  # fmt: skip
WITH_OPTIONS = frozenset({"radio", "select", "checklist", "taglist"})
OPTION_SOURCES = ("values", "valuesKey", "valuesExpression")

LITERAL = frozenset(
    {
        "id", "type", "key", "path", "defaultValue", "pattern", "valuesKey", "subtype", "timeSerializingFormat", "action",
        "validationType", "computeOn", "endpointKey", "verticalAlignment", "row",
    }
)  # fmt: skip
"""Attributes whose text is never an expression."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an attribute may hold, in words and as a test; `kinds` are the field types that have it (validations)."""

    zh: str
    en: str
    fits: Callable[[object], bool]
    kinds: frozenset[str] = frozenset()


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_feel(value: object) -> bool:
    return isinstance(value, str) and value.lstrip().startswith("=")


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_conditional(value: object) -> bool:
    return isinstance(value, dict) and set(value) <= {"hide"} and all(_is_feel(v) for v in value.values() if v != "")


def _is_increment(value: object) -> bool:
    return _is_number(value) or (isinstance(value, str) and value.replace(".", "", 1).isdecimal())


def _one_of(*allowed: str) -> Callable[[object], bool]:
    return lambda value: value in allowed


_BOOLEAN = Shape("布尔值", "true or false", _is_boolean)
_BOOLEAN_OR_FEEL = Shape(
    "布尔值或以“=”开头的 FEEL 表达式",
    "true, false or FEEL that begins with '='",
    lambda v: _is_boolean(v) or _is_feel(v),
)
_TEXT = Shape("文字", "a text", _is_text)
_FEEL = Shape("以“=”开头的 FEEL 表达式", "FEEL that begins with '='", _is_feel)
_COUNT = Shape("自然数", "a whole number from 0", _is_count)
_NUMBER = Shape("数字", "a number", _is_number)
_OBJECT = Shape("对象", "an object", _is_object)
_LIST = Shape("列表", "a list", _is_list)

TYPED: Mapping[str, Shape] = MappingProxyType(
    {
        "label": _TEXT,
        "description": _TEXT,
        "layout": _OBJECT,
        "conditional": Shape(
            "只含 hide 的对象,其值为 FEEL 表达式", "an object with 'hide' alone, in FEEL", _is_conditional
        ),
        "properties": _OBJECT,
        "appearance": _OBJECT,
        "validate": _OBJECT,
        "disabled": _BOOLEAN,
        "readonly": _BOOLEAN_OR_FEEL,
        "decimalDigits": _COUNT,
        "increment": Shape("数字", "a number", _is_increment),
        "serializeToString": _BOOLEAN,
        "subtype": Shape("date、time 或 datetime", "date, time or datetime", _one_of("date", "time", "datetime")),
        "timeSerializingFormat": Shape(
            "utc_offset、utc_normalized 或 no_timezone",
            "utc_offset, utc_normalized or no_timezone",
            _one_of("utc_offset", "utc_normalized", "no_timezone"),
        ),
        "timeInterval": Shape(
            "1 到 60 的整数",
            "a whole number from 1 to 60",
            lambda v: isinstance(v, int) and _is_count(v) and 1 <= v <= 60,
        ),
        "use24h": _BOOLEAN,
        "disallowPassedDates": _BOOLEAN,
        "searchable": _BOOLEAN,
        "values": _LIST,
        "valuesKey": _TEXT,
        "valuesExpression": _FEEL,
        "expression": _FEEL,
        "computeOn": Shape("change 或 presubmit", "change or presubmit", _one_of("change", "presubmit")),
        "accept": _TEXT,
        "multiple": _BOOLEAN_OR_FEEL,
        "showOutline": _BOOLEAN,
        "isRepeating": _BOOLEAN,
        "allowAddRemove": _BOOLEAN,
        "disableCollapse": _BOOLEAN,
        "defaultRepetitions": _COUNT,
        "nonCollapsedItems": _COUNT,
        "components": _LIST,
        "dataSource": _TEXT,
        "columns": _LIST,
        "columnsExpression": _FEEL,
        "rowCount": _COUNT,
        "text": _TEXT,
        "content": _TEXT,
        "source": _TEXT,
        "alt": _TEXT,
        "height": _NUMBER,
        "action": Shape("submit 或 reset", "submit or reset", _one_of("submit", "reset")),
    }
)

_INPUTS = KEYED - {"expression"}
_TEXTS = frozenset({"textfield", "textarea"})
_BOUND = Shape(
    "数字或以“=”开头的 FEEL 表达式", "a number or FEEL that begins with '='", lambda v: _is_number(v) or _is_feel(v)
)
_LENGTH = Shape(
    "自然数或以“=”开头的 FEEL 表达式",
    "a whole number or FEEL that begins with '='",
    lambda v: _is_count(v) or _is_feel(v),
)


def _for(shape: Shape, kinds: frozenset[str]) -> Shape:
    return Shape(shape.zh, shape.en, shape.fits, kinds)


VALIDATE: Mapping[str, Shape] = MappingProxyType(
    {
        "required": _for(_BOOLEAN, _INPUTS),
        "min": _for(_BOUND, frozenset({"number"})),
        "max": _for(_BOUND, frozenset({"number"})),
        "minLength": _for(_LENGTH, _TEXTS),
        "maxLength": _for(_LENGTH, _TEXTS),
        "pattern": _for(_TEXT, frozenset({"textfield"})),
        "patternErrorMessage": _for(_TEXT, frozenset({"textfield"})),
        "validationType": Shape(
            "email、phone 或 custom",
            "email, phone or custom",
            _one_of("", "email", "phone", "custom"),
            frozenset({"textfield"}),
        ),
    }
)
