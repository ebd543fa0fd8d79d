"""Moments in JUEL: `now()` and `dateTime()` of Camunda 7 with the methods of Joda-Time's DateTime.

Calendar arithmetic in the authority's zone: months end on the same day number or on the month's last day, days are
days of the wall clock, hours run through.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from engine.feel import Run
from engine.feel.temporal import add_months, temporal_text
from engine.juel.errors import JuelError
from engine.juel.operations import fixed, moment, text, whole

Entry: TypeAlias = tuple[Callable[..., Any], int, int]
_FARTHEST = 10**9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PATTERN = re.compile(r"'(?:[^']|'')*'|[A-Za-z]+|[^A-Za-z']+")


def now(run: Run) -> datetime:
    """The moment of the evaluation, in the authority's zone."""
    return run.now.astimezone(run.zone)


def _count(value: Any) -> int:
    count = whole(value)
    if abs(count) > _FARTHEST:
        raise JuelError(f"{count} 超出日历", f"{count} lies beyond the calendar")
    return count


def _days(base: datetime, days: int) -> datetime:
    """So many days later at the same time of day; a time that a zone skips moves on with it."""
    moved = base.replace(tzinfo=None) + timedelta(days=days)
    return moved.replace(tzinfo=base.tzinfo)


def _length(base: datetime, length: timedelta) -> datetime:
    return (base.astimezone(UTC) + length).astimezone(base.tzinfo)


_STEPS: dict[str, Callable[[datetime, int], datetime]] = {
    "Years": lambda base, count: add_months(base, 12 * count),  # type: ignore[dict-item,return-value]  # a datetime stays one
    "Months": add_months,  # type: ignore[dict-item]  # a datetime stays one
    "Weeks": lambda base, count: _days(base, 7 * count),
    "Days": _days,
    "Hours": lambda base, count: _length(base, timedelta(hours=count)),
    "Minutes": lambda base, count: _length(base, timedelta(minutes=count)),
    "Seconds": lambda base, count: _length(base, timedelta(seconds=count)),
    "Millis": lambda base, count: _length(base, timedelta(milliseconds=count)),
}


def _stepping(step: Callable[[datetime, int], datetime], sign: int) -> Entry:
    return lambda _run, base, count: step(base, sign * _count(count)), 1, 1


def _replacing(part: str) -> Entry:
    return lambda _run, base, value: base.replace(**{part: _count(value)}), 1, 1


def _reading(read: Callable[[datetime], Any]) -> Entry:
    return lambda _run, base: read(base), 0, 0


def _with_time(_run: Run, base: datetime, hour: Any, minute: Any, second: Any, millisecond: Any) -> datetime:
    return base.replace(
        hour=_count(hour), minute=_count(minute), second=_count(second), microsecond=_count(millisecond) * 1000
    )


def _midnight(_run: Run, base: datetime) -> datetime:
    return base.replace(hour=0, minute=0, second=0, microsecond=0)


def _millis(base: datetime) -> Decimal:
    return Decimal((base - _EPOCH) // timedelta(milliseconds=1))


_WRITTEN: dict[str, Callable[[datetime], str]] = {
    "yyyy": lambda base: f"{base.year:04}",
    "yy": lambda base: f"{base.year % 100:02}",
    "MM": lambda base: f"{base.month:02}",
    "M": lambda base: str(base.month),
    "dd": lambda base: f"{base.day:02}",
    "d": lambda base: str(base.day),
    "HH": lambda base: f"{base.hour:02}",
    "H": lambda base: str(base.hour),
    "mm": lambda base: f"{base.minute:02}",
    "ss": lambda base: f"{base.second:02}",
    "SSS": lambda base: f"{base.microsecond // 1000:03}",
}


def _to_string(_run: Run, base: datetime, pattern: Any = None) -> str:
    """ISO 8601, or by a pattern of digits such as `yyyy-MM-dd HH:mm`."""
    if pattern is None:
        return temporal_text(fixed(base))
    written = []
    for part in _PATTERN.findall(text(pattern)):
        if part.startswith("'"):
            written.append(part[1:-1].replace("''", "'") or "'")
        elif part[0].isalpha() and part[0].isascii():
            if part not in _WRITTEN:
                raise JuelError(f"日期格式中的 {part} 不能用", f"'{part}' of the date pattern is not carried out")
            written.append(_WRITTEN[part](base))
        else:
            written.append(part)
    return "".join(written)


_PARTS: dict[str, Callable[[datetime], Any]] = {
    "Year": lambda base: base.year,
    "MonthOfYear": lambda base: base.month,
    "DayOfMonth": lambda base: base.day,
    "DayOfYear": lambda base: base.timetuple().tm_yday,
    "DayOfWeek": lambda base: base.isoweekday(),
    "WeekOfWeekyear": lambda base: base.isocalendar().week,
    "HourOfDay": lambda base: base.hour,
    "MinuteOfHour": lambda base: base.minute,
    "SecondOfMinute": lambda base: base.second,
    "MillisOfSecond": lambda base: base.microsecond // 1000,
    "Millis": _millis,
    "Time": _millis,
}

METHODS: dict[str, Entry] = {
    **{f"plus{unit}": _stepping(step, 1) for unit, step in _STEPS.items()},
    **{f"minus{unit}": _stepping(step, -1) for unit, step in _STEPS.items()},
    **{f"get{part}": _reading(read) for part, read in _PARTS.items()},
    "withYear": _replacing("year"),
    "withMonthOfYear": _replacing("month"),
    "withDayOfMonth": _replacing("day"),
    "withHourOfDay": _replacing("hour"),
    "withMinuteOfHour": _replacing("minute"),
    "withSecondOfMinute": _replacing("second"),
    "withMillisOfSecond": (lambda _run, base, value: base.replace(microsecond=_count(value) * 1000), 1, 1),
    "withDayOfWeek": (lambda _run, base, value: _days(base, _count(value) - base.isoweekday()), 1, 1),
    "withTime": (_with_time, 4, 4),
    "withTimeAtStartOfDay": (_midnight, 0, 0),
    "toDate": _reading(lambda base: base),
    "toDateTime": _reading(lambda base: base),
    "toString": (_to_string, 0, 1),
    "isAfter": (lambda run, base, other: base > moment(run, other), 1, 1),
    "isBefore": (lambda run, base, other: base < moment(run, other), 1, 1),
    "isEqual": (lambda run, base, other: base == moment(run, other), 1, 1),
    "isAfterNow": (lambda run, base: base > run.now, 0, 0),
    "isBeforeNow": (lambda run, base: base < run.now, 0, 0),
    # of java.util.Date
    "after": (lambda run, base, other: base > moment(run, other), 1, 1),
    "before": (lambda run, base, other: base < moment(run, other), 1, 1),
    "compareTo": (lambda run, base, other: (base > moment(run, other)) - (base < moment(run, other)), 1, 1),
}
OF_A_DATE = frozenset({"getTime", "after", "before", "compareTo", "equals", "toString"})
"""What `now()` and `toDate()`, which give plain Java dates, can be asked."""
PROPERTIES: dict[str, Callable[[datetime], Any]] = {part[0].lower() + part[1:]: read for part, read in _PARTS.items()}
"""The same parts as `moment.year`."""
