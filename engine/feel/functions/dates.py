"""Dates, times and durations (DMN 1.5, tables 72, 79 and 80; Camunda `last day of month`, `date and time` with a zone)."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TypeVar

from engine.feel import temporal
from engine.feel.errors import FunctionFailed
from engine.feel.functions.registry import FunctionTable
from engine.feel.limits import Run
from engine.feel.values import YearsMonths, to_number, truncated

FUNCTIONS = FunctionTable()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_T = TypeVar("_T")


def _read(value: _T | None, text: str, zh: str, en: str) -> _T:
    if value is None:
        raise FunctionFailed(f"“{text}”不是{zh}", f"{text!r} is not {en}")
    return value


def _whole(number: Decimal) -> int:
    whole = truncated(number)
    if number != whole:
        raise FunctionFailed("必须是整数", "a whole number is needed")
    return whole


@FUNCTIONS.add("now")
def now(run: Run) -> datetime:
    """The moment of the evaluation in the zone of the office."""
    return run.now.astimezone(run.zone)


@FUNCTIONS.add("today")
def today(run: Run) -> date:
    return run.now.astimezone(run.zone).date()


# ---------------------------------------------------------------------- making


@FUNCTIONS.add("date", "from: string")
def date_of_text(_run: Run, source: str) -> date:
    day = temporal.parse_date(source)
    if day is None and "T" in source:
        moment = temporal.parse_date_time(source)
        day = None if moment is None else moment.date()
    return _read(day, source, "日期", "a date")


@FUNCTIONS.add("date", "from: datetime")
def date_of_moment(_run: Run, source: datetime) -> date:
    return source.date()


@FUNCTIONS.add("date", "from: date")
def date_of_date(_run: Run, source: date) -> date:
    return source


@FUNCTIONS.add("date", "year: number", "month: number", "day: number")
def date_of_parts(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> date:
    try:
        return date(_whole(year), _whole(month), _whole(day))
    except ValueError:
        raise FunctionFailed("没有这一天", "there is no such day") from None


@FUNCTIONS.add("time", "from: string")
def time_of_text(_run: Run, source: str) -> time:
    clock = temporal.parse_time(source.removeprefix("T"))
    if clock is None and "T" in source:
        moment = temporal.parse_date_time(source)
        clock = None if moment is None else moment.timetz()
    return _read(clock, source, "时间", "a time")


@FUNCTIONS.add("time", "from: datetime")
def time_of_moment(_run: Run, source: datetime) -> time:
    return source.timetz()


@FUNCTIONS.add("time", "from: time")
def time_of_time(_run: Run, source: time) -> time:
    return source


@FUNCTIONS.add("time", "from: date")
def time_of_date(_run: Run, _source: date) -> time:
    return time(tzinfo=UTC)


@FUNCTIONS.add("time", "hour: number", "minute: number", "second: number")
def time_of_parts(_run: Run, hour: Decimal, minute: Decimal, second: Decimal) -> time:
    try:
        whole = truncated(second)
        microsecond = truncated((to_number(second) - whole) * 1_000_000)
        return time(_whole(hour), _whole(minute), whole, microsecond)
    except ValueError:
        raise FunctionFailed("没有这个时间", "there is no such time") from None


@FUNCTIONS.add("time", "hour: number", "minute: number", "second: number", "offset")
def time_of_parts_with_offset(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: object) -> time:
    clock = time_of_parts(run, hour, minute, second)
    if offset is None:
        return clock
    if not isinstance(offset, timedelta):
        raise FunctionFailed("时区偏移必须是时长", "the offset must be a duration")
    try:
        return clock.replace(tzinfo=timezone(offset) if offset else UTC)
    except ValueError:
        raise FunctionFailed("时区偏移超出范围", "the offset is out of range") from None


@FUNCTIONS.add("date and time", "from: string")
def moment_of_text(_run: Run, source: str) -> datetime:
    return _read(temporal.parse_date_time(source), source, "日期时间", "a date and time")


@FUNCTIONS.add("date and time", "from: datetime")
def moment_of_moment(_run: Run, source: datetime) -> datetime:
    return source


@FUNCTIONS.add("date and time", "from: date")
def moment_of_date(_run: Run, source: date) -> datetime:
    return datetime.combine(source, time())


@FUNCTIONS.add("date and time", "date: date | datetime", "time: time")
def moment_of_parts(_run: Run, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock)


@FUNCTIONS.add("date and time", "date: datetime", "timezone: string")
def moment_in_zone(_run: Run, moment: datetime, timezone: str) -> datetime:
    """Camunda: the same instant in the zone; a local moment is taken to be in it."""
    zone = _read(temporal.parse_zone(timezone), timezone, "时区", "a time zone")
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


@FUNCTIONS.add("duration", "from: string")
def duration_of_text(_run: Run, source: str) -> timedelta | YearsMonths:
    length = temporal.parse_duration(source)
    if length is None:
        raise FunctionFailed(f"“{source}”不是时长", f"{source!r} is not a duration")
    return length


@FUNCTIONS.add("duration", "from: duration")
def duration_of_duration(_run: Run, source: timedelta | YearsMonths) -> timedelta | YearsMonths:
    return source


@FUNCTIONS.add("years and months duration", "from: date | datetime", "to: date | datetime")
def months_between(_run: Run, start: date, end: date) -> YearsMonths:
    return temporal.months_between(start, end)


# ---------------------------------------------------------------------- calendar


@FUNCTIONS.add("day of year", "date: date | datetime")
def day_of_year(_run: Run, day: date) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@FUNCTIONS.add("day of week", "date: date | datetime")
def day_of_week(_run: Run, day: date) -> str:
    return _DAYS[day.weekday()]


@FUNCTIONS.add("month of year", "date: date | datetime")
def month_of_year(_run: Run, day: date) -> str:
    return _MONTHS[day.month - 1]


@FUNCTIONS.add("week of year", "date: date | datetime")
def week_of_year(_run: Run, day: date) -> Decimal:
    """The week of ISO 8601: weeks begin on Monday, the first holds the year's first Thursday."""
    return Decimal(day.isocalendar().week)


@FUNCTIONS.add("last day of month", "date: date | datetime")
def last_day_of_month(_run: Run, day: date) -> date:
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
