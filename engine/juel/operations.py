"""Coercion, equality, order and arithmetic as Expression Language 2.2 defines them (JSR 245 MR, sections 1.8 and 1.18).

Two differences, both towards exactness: numbers are decimals of 34 digits where Java would use binary fractions or
overflow, and a moment meets the ISO text of another as a moment, because variables hold moments as texts here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import Run, kind_of
from engine.feel.temporal import parse_date_time, temporal_text
from engine.feel.text import number_text
from engine.feel.values import KIND_ZH, NUMBERS, compare, is_number, to_number
from engine.juel.errors import JuelError

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_SHOWN = 40
# Kinds that Python compares as JUEL does.
_PLAIN = frozenset({int, Decimal, str})


# -- coercion ----------------------------------------------------------------------------------------------------------
def truth(value: Any) -> bool:
    """A value where a condition is wanted: null and the empty text are false, `"true"` in any case is true."""
    if isinstance(value, bool):
        return value
    if value is None or isinstance(value, str):
        return value is not None and value.lower() == "true"
    raise _cannot(value, "真假值", "a boolean")


def number(value: Any) -> Decimal:
    """A value where a number is wanted: null and the empty text are 0, a text may be a number."""
    if is_number(value):
        return to_number(value)
    if value is None or value == "":
        return Decimal(0)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        try:
            return NUMBERS.create_decimal(value)
        except ArithmeticError:
            raise _cannot(value, "数值", "a number") from None
    raise _cannot(value, "数值", "a number")


def text(value: Any) -> str:
    """A value where a text is wanted: null is the empty text."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case _ if is_number(value):
            return number_text(value)
        case date():
            return temporal_text(fixed(value))
        # as Java writes its collections
        case list():
            return f"[{', '.join(map(_inner_text, value))}]"
        case dict():
            return f"{{{', '.join(f'{key}={_inner_text(item)}' for key, item in value.items())}}}"
        case _:
            raise _cannot(value, "文本", "a text")


def _inner_text(value: Any) -> str:
    return "null" if value is None else text(value)


def whole(value: Any) -> int:
    """A value where a whole number is wanted, as an index is."""
    found = number(value)
    if abs(found.adjusted()) > NUMBERS.prec:
        raise _cannot(value, "整数", "a whole number")
    return int(found)


def fixed(value: Any) -> Any:
    """A moment with the offset that its zone has there, so that its text is plain ISO 8601; others unchanged."""
    if isinstance(value, datetime) and isinstance(value.tzinfo, ZoneInfo):
        return datetime.fromisoformat(value.isoformat())
    return value


def is_empty(value: Any) -> bool:
    """JUEL's `empty`: null, the empty text, a list or map without entries."""
    return value is None or (isinstance(value, str | list | dict) and not value)


# -- comparison --------------------------------------------------------------------------------------------------------
def equal(run: Run, left: Any, right: Any) -> bool:
    """`==`: numbers before booleans before texts decide what the other is taken for."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    if is_number(left) or is_number(right):
        return number(left) == number(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) is truth(right)
    if isinstance(left, datetime) or isinstance(right, datetime):
        return _moments_compared(run, left, right) == 0
    if isinstance(left, str) or isinstance(right, str):
        return text(left) == text(right)
    return same(run, left, right)


def same(run: Run, left: Any, right: Any) -> bool:
    """Java's `equals`: nothing is taken for anything else; lists and maps by their parts."""
    run.weigh(left)
    run.weigh(right)
    return _same(left, right)


def _same(left: Any, right: Any) -> bool:
    if is_number(left) and is_number(right):
        return to_number(left) == to_number(right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(value, right[key]) for key, value in left.items())
    return type(left) is type(right) and bool(left == right)


def order(run: Run, left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None where null has no place in an order."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return _sign(left, right)
    if left is None or right is None:
        return 0 if left is right else None
    if is_number(left) or is_number(right):
        first, second = number(left), number(right)
    elif isinstance(left, datetime) or isinstance(right, datetime):
        return _moments_compared(run, left, right)
    elif isinstance(left, str) or isinstance(right, str):
        return _sign(text(left), text(right))
    else:
        raise JuelError(
            f"{_named_zh(left)}与{_named_zh(right)}不能比大小",
            f"{kind_of(left)} and {kind_of(right)} have no order",
        )
    return _sign(first, second)


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def _moments_compared(run: Run, left: Any, right: Any) -> int | None:
    first, second = moment(run, left), moment(run, right)
    return compare(first, second)


def moment(run: Run, value: Any) -> datetime:
    """A moment, or the ISO text of one; without an offset it is the authority's time."""
    found = parse_date_time(value) if isinstance(value, str) else value
    if not isinstance(found, datetime):
        raise _cannot(value, "日期时间", "a moment")
    return found if found.tzinfo is not None else found.replace(tzinfo=run.zone)


# -- arithmetic --------------------------------------------------------------------------------------------------------
_CALCULATED: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
    "%": NUMBERS.remainder,
}


def calculate(operator: str, left: Any, right: Any) -> Decimal:
    """`+ - * / %` of two numbers; JUEL's `+` never joins texts."""
    first, second = number(left), number(right)
    try:
        return _CALCULATED[operator](first, second)
    except ArithmeticError:
        zero = operator in {"/", "%"} and not second
        raise JuelError(
            "除数为零" if zero else "数值超出范围", "division by zero" if zero else "the number is out of range"
        ) from None


# -- sentences ---------------------------------------------------------------------------------------------------------
def shown(value: Any) -> str:
    """A value for a sentence, shortened."""
    found = "null" if value is None else repr(fixed(value)) if isinstance(value, str) else _short(value)
    return found if len(found) <= _SHOWN else found[: _SHOWN - 1] + "…"


def _short(value: Any) -> str:
    return str(kind_of(value)) if isinstance(value, list | dict) else text(value)


def _named_zh(value: Any) -> str:
    return KIND_ZH[kind_of(value)]


def _cannot(value: Any, zh: str, en: str) -> JuelError:
    return JuelError(f"{shown(value)} 不能当作{zh}", f"{shown(value)} cannot be taken for {en}")
