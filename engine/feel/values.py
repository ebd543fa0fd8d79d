"""What FEEL values are in Python, and when two of them are equal or ordered.

null None, boolean bool, number int or Decimal, string str, list list, context dict, date `date`, time `time`,
date and time `datetime`, days and time duration `timedelta`, with the classes of `engine.feel.far` for what those cannot
hold; the remaining kinds are the classes below.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from engine.feel import far
from engine.feel.far import FarDate, FarMoment, FineLength, FineMoment, FineTime, LongLength

Value: TypeAlias = object

# decimal128 of IEEE 754-2008 (DMN 1.5, 10.3.2.3.1): 34 digits, half even, bounded exponent.
NUMBERS = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


class Kind(StrEnum):
    """The kinds of values, spelled as FEEL spells its types."""

    NULL = "Null"
    BOOLEAN = "boolean"
    NUMBER = "number"
    STRING = "string"
    LIST = "list"
    CONTEXT = "context"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    DAYS = "days and time duration"
    MONTHS = "years and months duration"
    RANGE = "range"
    FUNCTION = "function"
    UNKNOWN = "Any"


KIND_ZH = {
    Kind.NULL: "空值",
    Kind.BOOLEAN: "布尔值",
    Kind.NUMBER: "数值",
    Kind.STRING: "文本",
    Kind.LIST: "列表",
    Kind.CONTEXT: "上下文",
    Kind.DATE: "日期",
    Kind.TIME: "时间",
    Kind.DATE_TIME: "日期时间",
    Kind.DAYS: "天时时长",
    Kind.MONTHS: "年月时长",
    Kind.RANGE: "区间",
    Kind.FUNCTION: "函数",
    Kind.UNKNOWN: "未知类型的值",
}


_FAR = int("1" + "0" * 34)
_MAX_MONTHS = 12 * 10**12


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, as a number of months; raises OverflowError beyond 10**12 years."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > _MAX_MONTHS:
            raise OverflowError("years and months out of range")

    def __str__(self) -> str:
        if not self.months:
            return "P0M"
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


@dataclass(frozen=True, slots=True)
class Range:
    """An interval of ordered values; a bound of None that is `open_low` or `open_high` does not bound.

    `sign` tells the ranges `(= 10)` and `(!= 10)` from intervals; the latter is open on both sides and `excluded` is
    what does not belong to it (DMN 1.5, 10.3.2.7).
    """

    low: Value
    high: Value
    low_included: bool
    high_included: bool
    open_low: bool = False
    open_high: bool = False
    sign: str = ""
    excluded: Value = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value: parameter names and what it does with its arguments in that order."""

    parameters: tuple[str, ...]
    call: Callable[[list[Value]], Value]
    name: str = ""
    parameter_types: tuple[Value, ...] = ()


_KINDS: dict[type, Kind] = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    int: Kind.NUMBER,
    Decimal: Kind.NUMBER,
    float: Kind.NUMBER,
    str: Kind.STRING,
    list: Kind.LIST,
    dict: Kind.CONTEXT,
    date: Kind.DATE,
    time: Kind.TIME,
    datetime: Kind.DATE_TIME,
    timedelta: Kind.DAYS,
    FarDate: Kind.DATE,
    FarMoment: Kind.DATE_TIME,
    FineMoment: Kind.DATE_TIME,
    FineTime: Kind.TIME,
    FineLength: Kind.DAYS,
    LongLength: Kind.DAYS,
    YearsMonths: Kind.MONTHS,
    Range: Kind.RANGE,
    Function: Kind.FUNCTION,
}
# Types that Python compares as FEEL does.
_PLAIN = frozenset({str, Decimal, bool, int, date, timedelta, YearsMonths})
# Types of one kind that Python orders as FEEL does.
_QUICK = {Decimal: Decimal, int: Decimal, str: str, date: date}
_ORDERED = frozenset({Kind.NUMBER, Kind.STRING, Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS, Kind.MONTHS})


def kind_of(value: Value) -> Kind:
    """The kind of `value`; UNKNOWN for an object that is no FEEL value."""
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    return next((kind for base, kind in _KINDS.items() if base is not date and isinstance(value, base)), Kind.UNKNOWN)


def to_number(value: Decimal | float) -> Decimal:
    """`value` as a Decimal; a float counts as its shortest text, never as its binary fraction."""
    if type(value) is Decimal:
        return value
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def truncated(number: Decimal | float) -> int:
    """The whole part, or a number just as far out of every range: the digits of 1e999999999 would fill the memory."""
    exact = to_number(number)
    if exact.adjusted() > NUMBERS.prec:
        return _FAR if exact > 0 else -_FAR
    return int(exact)


def whole_form(number: Decimal) -> Decimal | int:
    """A whole number as an int, which compares with another int at once; any other as it is."""
    return int(number) if abs(number.adjusted()) < NUMBERS.prec and number == int(number) else number


def is_number(value: Value) -> bool:
    """Whether arithmetic takes it: an int or Decimal, but no bool."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


# ---------------------------------------------------------------------- equality and order


def equal(left: Value, right: Value) -> bool | None:
    """FEEL equality (DMN 1.5, table 53); None where the kinds cannot be compared."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return left == right
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind is not kind_of(right):
        return None
    match kind:
        case Kind.LIST:
            return _equal_lists(left, right)  # type: ignore[arg-type]  # the kind says list
        case Kind.CONTEXT:
            return _equal_contexts(left, right)  # type: ignore[arg-type]  # the kind says dict
        case Kind.RANGE:
            return _equal_ranges(left, right)  # type: ignore[arg-type]  # the kind says Range
        case Kind.DATE_TIME | Kind.TIME:
            return moment_key(left) == moment_key(right)
        case Kind.FUNCTION:
            return True if left is right else None
        case Kind.DAYS:
            return far.nanoseconds(left) == far.nanoseconds(right)  # type: ignore[arg-type]  # the kind says a length
        case Kind.NUMBER if isinstance(left, float) or isinstance(right, float):
            return to_number(left) == to_number(right)  # type: ignore[arg-type]  # the kind says number
        case _:
            return left == right


def _equal_lists(left: list[Value], right: list[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    return _all_equal(zip(left, right, strict=True))


def _equal_contexts(left: Mapping[str, Value], right: Mapping[str, Value]) -> bool | None:
    if left.keys() != right.keys():
        return False
    return _all_equal((value, right[name]) for name, value in left.items())


def _all_equal(pairs: object) -> bool | None:
    answer: bool | None = True
    for first, second in pairs:  # type: ignore[attr-defined]  # any iterable of pairs
        same = equal(first, second)
        if same is False:
            return False
        if same is None:
            answer = None
    return answer


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if _shape(left) != _shape(right):
        return False
    return _all_equal([(left.low, right.low), (left.high, right.high), (left.excluded, right.excluded)])


def _shape(interval: Range) -> tuple[object, ...]:
    return interval.low_included, interval.high_included, interval.open_low, interval.open_high, interval.sign


def moment_key(value: Any) -> tuple[bool, int]:
    """Compares aware values by their instant and local ones by their clock; the two never equal each other.

    The standard's clock counts whole seconds (DMN 1.5, 10.3.2.3.4 and 10.3.2.3.5).
    """
    if isinstance(value, time):
        offset, at = time_offset(value), far.nanoseconds_of_day(value)
    else:
        offset, at = far.offset_of(value), far.local_nanoseconds(value)
    return offset is not None, (at - (far.nanoseconds(offset) if offset else 0)) // far.SECOND


def time_offset(value: time) -> timedelta | None:
    """Offset from UTC of a time; for a named zone the one of its standard time in January."""
    if value.tzinfo is None:
        return None
    direct = value.utcoffset()
    return direct if direct is not None else datetime(2000, 1, 1, tzinfo=value.tzinfo).utcoffset()


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1, or None where the two have no order (DMN 1.5, table 54)."""
    first: Any = left
    second: Any = right
    quick = _QUICK.get(type(left))
    if quick is not None and quick is _QUICK.get(type(right)):
        return int(first > second) - int(first < second)
    kind = kind_of(left)
    if kind is not kind_of(right) or kind not in _ORDERED:
        return None
    if kind in (Kind.DATE_TIME, Kind.TIME):
        (aware, first), (other_aware, second) = moment_key(left), moment_key(right)
        if aware is not other_aware:
            return None
    elif kind is Kind.DATE and (isinstance(left, FarDate) or isinstance(right, FarDate)):
        first, second = far.ordinal_of(left), far.ordinal_of(right)  # type: ignore[arg-type]  # the kind says date
    elif kind is Kind.DAYS:
        first, second = far.nanoseconds(left), far.nanoseconds(right)  # type: ignore[arg-type]  # the kind says a length
    elif isinstance(left, float) or isinstance(right, float):
        first, second = to_number(left), to_number(right)  # type: ignore[arg-type]  # the kind says number
    return int(first > second) - int(first < second)


def contains(interval: Range, value: Value) -> bool | None:
    """Whether `value` lies in the interval; None where it cannot be compared with a bound."""
    if interval.sign == "!=":
        same = equal(value, interval.excluded)
        return None if same is None else not same
    inside = True
    if not interval.open_low:
        order = compare(value, interval.low)
        if order is None:
            return None
        inside = order > 0 or (order == 0 and interval.low_included)
    if not interval.open_high:
        order = compare(value, interval.high)
        if order is None:
            return None
        inside = inside and (order < 0 or (order == 0 and interval.high_included))
    return inside
