"""What follows a point: entries of contexts and the properties of dates, times, durations and ranges (DMN 1.5, table 53)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import far, tree
from engine.feel.errors import WarningCode
from engine.feel.far import Length, Moment
from engine.feel.scope import MISSING, Closure, Env, Scope
from engine.feel.temporal import split_length
from engine.feel.values import KIND_ZH, Kind, Value, YearsMonths, kind_of, time_offset

_Property = Callable[[Any], Value]  # called only with the kind it is listed for


def _zone_name(value: Moment | time) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _offset(value: Moment | time) -> timedelta | None:
    return time_offset(value) if isinstance(value, time) else far.offset_of(value)


def _part(index: int) -> _Property:
    """Days, hours or minutes, with the sign of the duration."""

    def read(length: Length) -> Decimal:
        amount = far.nanoseconds(length)
        return Decimal(split_length(abs(amount))[index] * (-1 if amount < 0 else 1))

    return read


def _seconds(length: Length) -> Decimal:
    amount = far.nanoseconds(length)
    *_, seconds, rest = split_length(abs(amount))
    return (Decimal(seconds) + Decimal(rest).scaleb(-9)) * (-1 if amount < 0 else 1)


def _years(length: YearsMonths) -> Decimal:
    return Decimal(abs(length.months) // 12 * (-1 if length.months < 0 else 1))


_DATE: dict[str, _Property] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(far.near(value).month),
    "day": lambda value: Decimal(far.near(value).day),
    "weekday": lambda value: Decimal(far.near(value).isoweekday()),
}
_TIME: dict[str, _Property] = {
    "hour": lambda value: Decimal(far.near(value).hour),
    "minute": lambda value: Decimal(far.near(value).minute),
    "second": lambda value: Decimal(far.near(value).second),
    "time offset": _offset,
    "timezone": _zone_name,
}
_PROPERTIES: dict[Kind, dict[str, _Property]] = {
    Kind.DATE: _DATE,
    Kind.TIME: _TIME,
    Kind.DATE_TIME: _DATE | _TIME,
    Kind.DAYS: {
        "days": _part(0),
        "hours": _part(1),
        "minutes": _part(2),
        "seconds": _seconds,
    },
    Kind.MONTHS: {
        "years": _years,
        "months": lambda value: Decimal(value.months) - 12 * _years(value),
    },
    Kind.RANGE: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_included,
        "end included": lambda value: value.high_included,
    },
}


def property_of(value: Value, name: str) -> Value:
    """The entry or property `name` of a single value, MISSING if it has none."""
    if isinstance(value, dict):
        return value.get(name, MISSING)
    read = _PROPERTIES.get(kind_of(value), {}).get(name)
    return MISSING if read is None else read(value)


def compile_path(node: tree.Path, scope: Scope) -> Closure:
    """`source.name`; over a list the list of each item's entry."""
    source, name, position = scope.compile(node.source), node.name, node.start

    def path(env: Env) -> Value:
        value = source(env)
        if type(value) is dict and name in value:
            return value[name]
        return _slow_path(env, value, name, position)

    return path


def _slow_path(env: Env, value: Value, name: str, position: int) -> Value:
    if isinstance(value, list):
        env.run.step(len(value))
        return [_entry_or_null(item, name) for item in value]
    found = property_of(value, name)
    if found is not MISSING:
        return found
    warnings = env.run.warnings
    if value is None and warnings and warnings[-1].position == position:
        return None  # the same path already broke further left
    kind = kind_of(value)
    env.run.warn(WarningCode.MISSING_ENTRY, f"{KIND_ZH[kind]}没有“{name}”", f"the {kind} has no '{name}'", position)
    return None


def _entry_or_null(item: Value, name: str) -> Value:
    found = property_of(item, name)
    return None if found is MISSING else found
