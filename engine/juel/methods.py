"""The methods that JUEL may call: pure ones of texts, numbers, lists, maps, JSON values and decision results.

Named as in Java's standard library, Camunda's Spin and its decision results. What stands in no table is refused when a
diagram is deployed. Nothing here reaches an attribute of a Python object.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from engine.feel import Run, kind_of
from engine.feel.values import KIND_ZH, is_number
from engine.juel import moments
from engine.juel.errors import JuelError
from engine.juel.operations import equal, number, same, shown, text, whole

Call: TypeAlias = Callable[..., Any]
_REGEX = re.compile(r"[\\^$.|?*+()\[\]{}]")


@dataclass(frozen=True, slots=True)
class Method:
    """What is called with (run, base, *arguments), and how many arguments it takes."""

    call: Call
    least: int = 0
    most: int = 0


Table: TypeAlias = Mapping[str, Method]


def _of(call: Call, least: int = 0, most: int | None = None) -> Method:
    return Method(call, least, least if most is None else most)


# -- texts -------------------------------------------------------------------------------------------------------------
def _substring(_run: Run, base: str, begin: Any, end: Any = None) -> str:
    first = whole(begin)
    last = len(base) if end is None else whole(end)
    if not 0 <= first <= last <= len(base):
        raise JuelError(f"下标 {first} 至 {last} 超出文本", f"{first} to {last} lies outside of the text")
    return base[first:last]


def _char_at(run: Run, base: str, index: Any) -> str:
    position = whole(index)
    return _substring(run, base, position, position + 1)


def _replace(run: Run, base: str, old: Any, new: Any) -> str:
    found, replacement = text(old), text(new)
    run.check_text(len(base) + (base.count(found) if found else len(base) + 1) * len(replacement))
    return base.replace(found, replacement)


def _concat(run: Run, base: str, other: Any) -> str:
    joined = base + text(other)
    run.check_text(len(joined))
    return joined


def _split(run: Run, base: str, separator: Any) -> list[str]:
    """Java's `split` by a plain text, or one escaped character; empty parts at the end fall away."""
    mark = text(separator)
    if len(mark) == 2 and mark[0] == "\\" and not mark[1].isalnum():
        mark = mark[1]
    elif not mark or _REGEX.search(mark):
        raise JuelError(
            f"split 的分隔符只能是普通文字，而不是 {shown(mark)}",
            f"split takes a plain text as its separator, not {shown(mark)}",
        )
    parts = base.split(mark)
    run.check_items(len(parts))
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


_TEXT: Table = {
    "contains": _of(lambda _run, base, part: text(part) in base, 1),
    "startsWith": _of(lambda _run, base, part, at=0: base.startswith(text(part), max(whole(at), 0)), 1, 2),
    "endsWith": _of(lambda _run, base, part: base.endswith(text(part)), 1),
    "equalsIgnoreCase": _of(lambda _run, base, other: isinstance(other, str) and base.lower() == other.lower(), 1),
    "isEmpty": _of(lambda _run, base: not base),
    "isBlank": _of(lambda _run, base: not base.strip()),
    "length": _of(lambda _run, base: len(base)),
    "trim": _of(lambda _run, base: base.strip()),
    "strip": _of(lambda _run, base: base.strip()),
    "toLowerCase": _of(lambda _run, base: base.lower()),
    "toUpperCase": _of(lambda _run, base: base.upper()),
    "substring": _of(_substring, 1, 2),
    "charAt": _of(_char_at, 1),
    "indexOf": _of(lambda _run, base, part, at=0: base.find(text(part), max(whole(at), 0)), 1, 2),
    "lastIndexOf": _of(lambda _run, base, part: base.rfind(text(part)), 1),
    "replace": _of(_replace, 2),
    "concat": _of(_concat, 1),
    "split": _of(_split, 1),
    "compareTo": _of(lambda _run, base, other: (base > text(other)) - (base < text(other)), 1),
}


# -- lists and maps ----------------------------------------------------------------------------------------------------
def _item(_run: Run, base: list[Any], index: Any) -> Any:
    position = whole(index)
    if not 0 <= position < len(base):
        raise JuelError(
            f"下标 {position} 超出列表（共 {len(base)} 项）", f"the list has {len(base)} items and no index {position}"
        )
    return base[position]


def _position(run: Run, base: list[Any], value: Any) -> int:
    return next((position for position, item in enumerate(base) if same(run, item, value)), -1)


def _only(_run: Run, base: list[Any]) -> Any:
    """The one rule's result, null for none (`DmnDecisionResult.getSingleResult`)."""
    if len(base) > 1:
        raise JuelError(f"决策有 {len(base)} 条结果，不是一条", f"the decision has {len(base)} results and not one")
    return base[0] if base else None


def _only_entry(run: Run, base: Any) -> Any:
    """The one value of the one result; null for none."""
    result = _only(run, base) if isinstance(base, list) else base
    if not isinstance(result, dict):
        return result
    if len(result) > 1:
        raise JuelError(f"结果有 {len(result)} 个值，不是一个", f"the result has {len(result)} entries and not one")
    return next(iter(result.values()), None)


def _collected(_run: Run, base: list[Any], name: Any) -> list[Any]:
    key = text(name)
    return [item[key] for item in base if isinstance(item, dict) and key in item]


_LIST: Table = {
    "size": _of(lambda _run, base: len(base)),
    "isEmpty": _of(lambda _run, base: not base),
    "contains": _of(lambda run, base, value: _position(run, base, value) >= 0, 1),
    "containsAll": _of(lambda run, base, values: all(_position(run, base, value) >= 0 for value in _list(values)), 1),
    "indexOf": _of(_position, 1),
    "get": _of(_item, 1),
    "getSingleResult": _of(_only),
    "getFirstResult": _of(lambda _run, base: base[0] if base else None),
    "getSingleEntry": _of(_only_entry),
    "getResultList": _of(lambda _run, base: base),
    "collectEntries": _of(_collected, 1),
}


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise JuelError(f"{shown(value)} 不是列表", f"{shown(value)} is no list")
    return value


def _property(_run: Run, base: dict[str, Any], name: Any) -> Any:
    """Spin's `prop`, which wants the property to be there."""
    key = text(name)
    if key not in base:
        raise JuelError(f"没有属性“{key}”", f"there is no property '{key}'")
    return base[key]


_MAP: Table = {
    "get": _of(lambda _run, base, key: base.get(key) if isinstance(key, str) else None, 1),
    "getOrDefault": _of(
        lambda _run, base, key, default: base.get(key, default) if isinstance(key, str) else default, 2
    ),
    "containsKey": _of(lambda _run, base, key: isinstance(key, str) and key in base, 1),
    "containsValue": _of(lambda run, base, value: any(same(run, item, value) for item in base.values()), 1),
    "size": _of(lambda _run, base: len(base)),
    "isEmpty": _of(lambda _run, base: not base),
    "keySet": _of(lambda _run, base: list(base)),
    "values": _of(lambda _run, base: list(base.values())),
    "prop": _of(_property, 1),
    "hasProp": _of(lambda _run, base, name: text(name) in base, 1),
    "fieldNames": _of(lambda _run, base: list(base)),
    "getEntry": _of(lambda _run, base, name: base.get(text(name)), 1),
    "getSingleEntry": _of(_only_entry),
    "getFirstEntry": _of(lambda _run, base: next(iter(base.values()), None)),
}


# -- numbers, booleans, moments ----------------------------------------------------------------------------------------
_NUMBER: Table = {
    "intValue": _of(lambda _run, base: whole(base)),
    "longValue": _of(lambda _run, base: whole(base)),
    "doubleValue": _of(lambda _run, base: base),
    "compareTo": _of(lambda _run, base, other: int(number(base).compare(number(other))), 1),
}
_BOOLEAN: Table = {"booleanValue": _of(lambda _run, base: base)}
MOMENT: Table = {name: Method(*entry) for name, entry in moments.METHODS.items()}


# -- every value -------------------------------------------------------------------------------------------------------
def _typed(kind: type, zh: str, en: str) -> Call:
    def check(_run: Run, base: Any) -> Any:
        if not isinstance(base, kind) or (kind is not bool and isinstance(base, bool)):
            raise JuelError(f"{shown(base)} 不是{zh}", f"{shown(base)} is no {en}")
        return base

    return check


def _number_value(_run: Run, base: Any) -> Any:
    if not is_number(base):
        raise JuelError(f"{shown(base)} 不是数值", f"{shown(base)} is no number")
    return base


def _equals(run: Run, base: Any, other: Any) -> bool:
    """Java's `equals`; a moment also equals the ISO text of the same moment, which is how variables hold it."""
    return equal(run, base, other) if isinstance(base, datetime) and other is not None else same(run, base, other)


ANY: Table = {
    "equals": _of(_equals, 1),
    "toString": _of(lambda _run, base: text(base)),
    # Spin: a JSON value unpacked. Values of ours are plain already.
    "value": _of(lambda _run, base: base),
    "stringValue": _of(_typed(str, "文本", "text")),
    "boolValue": _of(_typed(bool, "真假值", "boolean")),
    "numberValue": _of(_number_value),
    "elements": _of(_typed(list, "列表", "list")),
    "isNull": _of(lambda _run, base: base is None),
    "isString": _of(lambda _run, base: isinstance(base, str)),
    "isNumber": _of(lambda _run, base: is_number(base)),
    "isBoolean": _of(lambda _run, base: isinstance(base, bool)),
    "isObject": _of(lambda _run, base: isinstance(base, dict)),
    "isArray": _of(lambda _run, base: isinstance(base, list)),
    "isValue": _of(lambda _run, base: not isinstance(base, list | dict)),
}

TABLES: tuple[Table, ...] = (_TEXT, _LIST, _MAP, _NUMBER, _BOOLEAN, MOMENT, ANY)
KNOWN: Mapping[str, tuple[Method, ...]] = {
    name: tuple(table[name] for table in TABLES if name in table) for table in TABLES for name in table
}
"""By name: every method that a call of this name may turn out to mean."""


def table_of(value: Any) -> Table:
    """The methods of a value's own kind."""
    match value:
        case str():
            return _TEXT
        case bool():
            return _BOOLEAN
        case list():
            return _LIST
        case dict():
            return _MAP
        case datetime():
            return MOMENT
        case _ if is_number(value):
            return _NUMBER
        case _:
            return {}


def call(run: Run, base: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    """The result of a method; JuelError where the value has no such method or the method no result."""
    run.step()
    if base is None:
        raise JuelError(f"空值上不能调用 {name}", f"{name} is called on null")
    if name == "value" and isinstance(base, dict) and not arguments:
        raise JuelError("JSON 对象没有单个的值", "a JSON object has no single value")
    method = table_of(base).get(name) or ANY.get(name)
    if method is None or not method.least <= len(arguments) <= method.most:
        raise JuelError(
            f"{KIND_ZH[kind_of(base)]}没有方法 {name}（{len(arguments)} 个参数）",
            f"a {kind_of(base)} has no method {name} with {len(arguments)} arguments",
        )
    for argument in arguments:
        run.weigh(argument)
    try:
        return method.call(run, base, *arguments)
    except (OverflowError, ValueError, ArithmeticError):
        raise JuelError(f"{name} 的结果超出范围", f"the result of {name} is out of range") from None
