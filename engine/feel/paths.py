"""What follows a point: entries of contexts and the properties of dates, times, durations and ranges (DMN 1.5, table 53)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import tree
from engine.feel.errors import WarningCode
from engine.feel.scope import MISSING, Closure, Env, Scope
from engine.feel.values import KIND_ZH, Kind, Value, YearsMonths, kind_of, time_offset

_Property = Callable[[Any], Value]  # called only with the kind it is listed for


def _zone_name(value: datetime | time) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _offset(value: datetime | time) -> timedelta | None:
    return value.utcoffset() if isinstance(value, datetime) else time_offset(value)


def _whole_and_rest(length: timedelta) -> tuple[int, int, int, int]:
    """Days, hours, minutes and seconds, all with the sign of the duration."""
    sign = -1 if length < timedelta() else 1
    length = abs(length)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return sign * length.days, sign * hours, sign * minutes, sign * seconds


def _seconds(length: timedelta) -> Decimal:
    sign = -1 if length < timedelta() else 1
    return Decimal(_whole_and_rest(length)[3]) + sign * Decimal(abs(length).microseconds).scaleb(-6)


def _years(length: YearsMonths) -> Decimal:
    return Decimal(abs(length.months) // 12 * (-1 if length.months < 0 else 1))


_DATE: dict[str, _Property] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_TIME: dict[str, _Property] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second),
    "time offset": _offset,
    "timezone": _zone_name,
}
_PROPERTIES: dict[Kind, dict[str, _Property]] = {
    Kind.DATE: _DATE,
    Kind.TIME: _TIME,
    Kind.DATE_TIME: _DATE | _TIME,
    Kind.DAYS: {
        "days": lambda value: Decimal(_whole_and_rest(value)[0]),
        "hours": lambda value: Decimal(_whole_and_rest(value)[1]),
        "minutes": lambda value: Decimal(_whole_and_rest(value)[2]),
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
