"""Dates, times and durations (DMN 1.5, tables 72, 79 and 80; Camunda `last day of month`, `date and time` with a zone)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from engine.feel import far, temporal
from engine.feel.errors import FunctionFailed
from engine.feel.far import Date, Length, Moment
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


def _unreadable(text: str, zh: str, en: str) -> FunctionFailed:
    return FunctionFailed(f"“{text}”不是{zh}", f"{text!r} is not {en}")


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
def date_of_text(_run: Run, source: str) -> Date:
    day = temporal.parse_date(source)
    if day is None and "T" in source:
        moment = temporal.parse_date_time(source)
        day = None if moment is None else far.date_of(moment)
    if day is None:
        raise _unreadable(source, "日期", "a date")
    return day


@FUNCTIONS.add("date", "from: datetime")
def date_of_moment(_run: Run, source: Moment) -> Date:
    return far.date_of(source)


@FUNCTIONS.add("date", "from: date")
def date_of_date(_run: Run, source: Date) -> Date:
    return source


@FUNCTIONS.add("date", "year: number", "month: number", "day: number")
def date_of_parts(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> Date:
    try:
        return far.make_date(_whole(year), _whole(month), _whole(day))
    except ValueError:
        raise FunctionFailed("没有这一天", "there is no such day") from None


@FUNCTIONS.add("time", "from: string")
def time_of_text(_run: Run, source: str) -> time:
    clock = temporal.parse_time(source.removeprefix("T"))
    if clock is None and "T" in source:
        moment = temporal.parse_date_time(source)
        clock = None if moment is None else far.time_of(moment)
    if clock is None:
        raise _unreadable(source, "时间", "a time")
    return clock


@FUNCTIONS.add("time", "from: datetime")
def time_of_moment(_run: Run, source: Moment) -> time:
    return far.time_of(source)


@FUNCTIONS.add("time", "from: time")
def time_of_time(_run: Run, source: time) -> time:
    return source


@FUNCTIONS.add("time", "from: date")
def time_of_date(_run: Run, _source: Date) -> time:
    return time(tzinfo=UTC)


@FUNCTIONS.add("time", "hour: number", "minute: number", "second: number")
def time_of_parts(_run: Run, hour: Decimal, minute: Decimal, second: Decimal) -> time:
    parts = _whole(hour), _whole(minute), truncated(to_number(second).scaleb(9))
    if parts[0] not in range(24) or parts[1] not in range(60) or parts[2] not in range(60 * far.SECOND):
        raise FunctionFailed("没有这个时间", "there is no such time")
    return far.time_at((parts[0] * 60 + parts[1]) * 60 * far.SECOND + parts[2], None)


@FUNCTIONS.add("time", "hour: number", "minute: number", "second: number", "offset")
def time_of_parts_with_offset(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: object) -> time:
    clock = time_of_parts(run, hour, minute, second)
    if offset is None:
        return clock
    if not isinstance(offset, timedelta):
        raise FunctionFailed("时区偏移必须是时长", "the offset must be a duration")
    try:
        return far.time_at(far.nanoseconds_of_day(clock), timezone(offset) if offset else UTC)
    except ValueError:
        raise FunctionFailed("时区偏移超出范围", "the offset is out of range") from None


@FUNCTIONS.add("date and time", "from: string")
def moment_of_text(_run: Run, source: str) -> Moment:
    moment = temporal.parse_date_time(source)
    if moment is None:
        raise _unreadable(source, "日期时间", "a date and time")
    return moment


@FUNCTIONS.add("date and time", "from: datetime")
def moment_of_moment(_run: Run, source: Moment) -> Moment:
    return source


@FUNCTIONS.add("date and time", "from: date")
def moment_of_date(_run: Run, source: Date) -> Moment:
    return far.combine(source, time())


@FUNCTIONS.add("date and time", "date: date | datetime", "time: time")
def moment_of_parts(_run: Run, day: Date | Moment, clock: time) -> Moment:
    return far.combine(day, clock)


@FUNCTIONS.add("date and time", "date: datetime", "timezone: string")
def moment_in_zone(_run: Run, moment: Moment, timezone: str) -> Moment:
    """Camunda: the same instant in the zone; a local moment is taken to be in it."""
    zone = temporal.parse_zone(timezone)
    if zone is None:
        raise _unreadable(timezone, "时区", "a time zone")
    if moment.tzinfo is None:
        return far.moment_at(far.local_nanoseconds(moment), zone)
    return far.moment_in(far.instant(moment), zone)


@FUNCTIONS.add("duration", "from: string")
def duration_of_text(_run: Run, source: str) -> Length | YearsMonths:
    length = temporal.parse_duration(source)
    if length is None:
        raise _unreadable(source, "时长", "a duration")
    return length


@FUNCTIONS.add("duration", "from: duration")
def duration_of_duration(_run: Run, source: Length | YearsMonths) -> Length | YearsMonths:
    return source


@FUNCTIONS.add("years and months duration", "from: date | datetime", "to: date | datetime")
def months_between(_run: Run, start: Date | Moment, end: Date | Moment) -> YearsMonths:
    return temporal.months_between(start, end)


# ---------------------------------------------------------------------- calendar


@FUNCTIONS.add("day of year", "date: date | datetime")
def day_of_year(_run: Run, day: Date | Moment) -> Decimal:
    return Decimal(far.near(day).timetuple().tm_yday)


@FUNCTIONS.add("day of week", "date: date | datetime")
def day_of_week(_run: Run, day: Date | Moment) -> str:
    return _DAYS[far.near(day).weekday()]


@FUNCTIONS.add("month of year", "date: date | datetime")
def month_of_year(_run: Run, day: Date | Moment) -> str:
    return _MONTHS[far.near(day).month - 1]


@FUNCTIONS.add("week of year", "date: date | datetime")
def week_of_year(_run: Run, day: Date | Moment) -> Decimal:
    """The week of ISO 8601: weeks begin on Monday, the first holds the year's first Thursday."""
    return Decimal(far.near(day).isocalendar().week)


@FUNCTIONS.add("last day of month", "date: date | datetime")
def last_day_of_month(_run: Run, day: Date | Moment) -> Date:
    month = far.near(day).month
    return far.make_date(day.year, month, temporal.days_in_month(day.year, month))
