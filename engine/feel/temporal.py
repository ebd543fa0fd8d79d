"""Dates, times and durations: reading, writing and the arithmetic Python lacks (DMN 1.5, 10.3.2.3.4-8).

Python's own classes take the short way; what they cannot hold is counted in nanoseconds (`engine.feel.far`).
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel import far
from engine.feel.far import Date, FarDate, FarMoment, Length, LongLength, Moment
from engine.feel.values import NUMBERS, Value, YearsMonths, time_offset, truncated

_DATE = re.compile(r"(-?\d{4,9})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z|z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*))?",
    re.ASCII,
)
_DAYS = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_MAX_DIGITS = 18
_YEARS = range(1, 10_000)  # of Python's calendar


# ---------------------------------------------------------------------- reading


def parse_date(text: str) -> Date | None:
    """A date such as `2026-01-31`."""
    match = _DATE.fullmatch(text)
    if match is None or (len(match[1].lstrip("-")) > 4 and match[1].lstrip("-").startswith("0")):
        return None
    try:
        return far.make_date(int(match[1]), int(match[2]), int(match[3]))
    except (ValueError, OverflowError):
        return None


def parse_time(text: str) -> time | None:
    """A time such as `08:30:00`, with an offset, `Z`, or a zone name after `@`."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    known, zone = _zone(match)
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    if not known or hour > 23 or minute > 59 or second > 59:
        return None
    return far.time_at(((hour * 60 + minute) * 60 + second) * far.SECOND + _fraction(match[4]), zone)


def _fraction(digits: str | None) -> int:
    """Nanoseconds; what lies beyond is cut."""
    return int(digits[:9].ljust(9, "0")) if digits else 0


def _zone(match: re.Match[str]) -> tuple[bool, tzinfo | None]:
    if match[5]:
        return True, UTC
    if match[6]:
        hours, minutes, seconds = int(match[7]), int(match[8]), int(match[9] or 0)
        if hours > 18 or minutes > 59 or seconds > 59 or (hours == 18 and (minutes or seconds)):
            return False, None
        offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return True, timezone(-offset if match[6] == "-" else offset)
    if match[10]:
        zone = parse_zone(match[10])
        return zone is not None, zone
    return True, None


def parse_zone(name: str) -> tzinfo | None:
    """The zone of an IANA name, or None if there is no such zone."""
    if name == "Z":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown key, path-like key, directory
        return None


def parse_date_time(text: str) -> Moment | None:
    """A date and time such as `2026-01-31T08:30:00+08:00`; a bare date is its midnight."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    if not separator:
        return far.combine(day, time())
    clock = parse_time(time_text)
    if clock is not None:
        return far.combine(day, clock)
    # ISO 8601 writes the end of a day as 24:00:00.
    if time_text.startswith("24:00:00"):
        midnight = parse_time("00" + time_text[2:])
        if midnight is not None and not far.nanoseconds_of_day(midnight):
            return _day_after(day, midnight)
    return None


def _day_after(day: Date, midnight: time) -> Moment | None:
    try:
        return far.combine(far.date_at(far.ordinal_of(day) + 1), midnight)
    except OverflowError:
        return None


def parse_duration(text: str) -> Length | YearsMonths | None:
    """An ISO 8601 duration of days and smaller, or of years and months."""
    try:
        match = _DAYS.fullmatch(text)
        if match is not None and _says_something(match) and not text.endswith("T"):
            days, hours, minutes, seconds = (int(match[group] or 0) for group in range(2, 6))
            whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
            length = whole * far.SECOND + _fraction(match[6])
            return far.length_of(-length if match[1] else length)
        match = _MONTHS.fullmatch(text)
        if match is not None and _says_something(match):
            months = int(match[2] or 0) * 12 + int(match[3] or 0)
            return YearsMonths(-months if match[1] else months)
    except OverflowError:
        return None
    return None


def _says_something(match: re.Match[str]) -> bool:
    """Whether any part is there; raises OverflowError for one of so many digits that it need not be read."""
    parts = [part for part in match.groups()[1:5] if part is not None]
    if any(len(part) > _MAX_DIGITS for part in parts):
        raise OverflowError("duration out of range")
    return bool(parts)


def parse_at_literal(text: str) -> Value:
    """The value of `@"..."`: whichever temporal kind the text is, or None."""
    if _DATE.match(text) and "T" in text:
        return parse_date_time(text)
    for reader in (parse_date, parse_time, parse_duration):
        value = reader(text)
        if value is not None:
            return value
    return None


# ---------------------------------------------------------------------- writing


def zone_text(zone: tzinfo | None, offset: timedelta | None) -> str:
    """`Z`, `+08:00` or `@Asia/Shanghai`; empty for local values."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    if not offset:
        return "Z"
    seconds = int(offset.total_seconds())
    sign = "-" if seconds < 0 else "+"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def temporal_text(value: Date | Moment | time | Length | YearsMonths) -> str:
    """The text FEEL's `string` gives (DMN 1.5, table 72)."""
    match value:
        case datetime() | FarMoment():
            clock: datetime = far.near(value)
            return f"{_date_text(value)}T{_clock_text(clock)}{zone_text(value.tzinfo, clock.utcoffset())}"
        case date() | FarDate():
            return _date_text(value)
        case time():
            return _clock_text(value) + zone_text(value.tzinfo, time_offset(value))
        case timedelta() | LongLength():
            return _days_text(far.nanoseconds(value))
        case _:
            return str(value)


def _date_text(value: Date | Moment) -> str:
    within = far.near(value)
    return f"{'-' if value.year < 0 else ''}{abs(value.year):04}-{within.month:02}-{within.day:02}"


def _clock_text(value: datetime | time) -> str:
    fraction = value.microsecond * 1000 + far.nanos(value)
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{_fraction_text(fraction)}"


def _fraction_text(nanoseconds: int) -> str:
    return f".{nanoseconds:09}".rstrip("0") if nanoseconds else ""


def _days_text(nanoseconds: int) -> str:
    if not nanoseconds:
        return "PT0S"
    days, hours, minutes, seconds, rest = split_length(abs(nanoseconds))
    fraction = _fraction_text(rest)
    clock = "".join(
        (
            f"{hours}H" if hours else "",
            f"{minutes}M" if minutes else "",
            f"{seconds}{fraction}S" if seconds or fraction else "",
        )
    )
    return f"{'-' if nanoseconds < 0 else ''}P{f'{days}D' if days else ''}{'T' + clock if clock else ''}"


def split_length(nanoseconds: int) -> tuple[int, int, int, int, int]:
    """Days, hours, minutes, seconds and nanoseconds of a length that is not negative."""
    whole, rest = divmod(nanoseconds, far.SECOND)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return hours // 24, hours % 24, minutes, seconds, rest


# ---------------------------------------------------------------------- arithmetic


def add_months(value: date, months: int) -> date:
    """`value` moved by whole months; a day the month lacks becomes its last. Raises ValueError beyond year 9999."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if year not in _YEARS:
        raise ValueError("year out of range")
    return value.replace(year=year, month=month + 1, day=min(value.day, days_in_month(year, month + 1)))


def add_months_far(value: Date | Moment, months: int) -> Date | Moment:
    """Like `add_months` for every date of the standard; raises OverflowError beyond its years."""
    year, month = divmod(value.year * 12 + far.near(value).month - 1 + months, 12)
    if year in _YEARS and isinstance(value, date) and not far.nanos(value):
        return add_months(value, months)
    moved = far.make_date(year, month + 1, min(far.near(value).day, days_in_month(year, month + 1)))
    return far.combine(moved, far.time_of(value)) if isinstance(value, datetime | FarMoment) else moved


def days_in_month(year: int, month: int) -> int:
    """How many days a month has, in any year."""
    return calendar.monthrange(year % 400 + 400, month)[1]


def add_length(value: Moment, length: Length) -> Moment:
    """`value` after `length` of real time, in the same zone; raises OverflowError beyond the years."""
    if type(value) is datetime and type(length) is timedelta:
        try:
            if value.tzinfo is None or not isinstance(value.tzinfo, ZoneInfo):
                return value + length
            return (value.astimezone(UTC) + length).astimezone(value.tzinfo)
        except OverflowError:
            pass  # it ends outside Python's calendar
    return far.moment_in(far.instant(value) + far.nanoseconds(length), value.tzinfo)


def add_to_date(day: Date, length: Length) -> Date:
    """The day that a length after midnight falls on; raises OverflowError beyond the years."""
    return far.date_at(far.ordinal_of(day) + far.nanoseconds(length) // far.DAY)


def negated(length: Length) -> Length:
    """The same length backwards."""
    return -length if type(length) is timedelta else far.length_of(-far.nanoseconds(length))


def add_to_time(value: time, length: Length) -> time:
    """`value` after `length`, around midnight if need be."""
    return far.time_at((far.nanoseconds_of_day(value) + far.nanoseconds(length)) % far.DAY, value.tzinfo)


def as_moment(value: Date | Moment) -> Moment:
    """A date as its midnight in UTC; a date and time unchanged (DMN 1.5, 10.3.2.3.6)."""
    return value if isinstance(value, datetime | FarMoment) else far.combine(value, time(tzinfo=UTC))


def between_moments(left: Date | Moment, right: Date | Moment) -> Length | None:
    """`left - right` in real time; None when only one of them knows its zone."""
    first, second = as_moment(left), as_moment(right)
    if (first.tzinfo is None) != (second.tzinfo is None):
        return None
    return far.length_of(far.instant(first) - far.instant(second))


def between_times(left: time, right: time) -> Length | None:
    """`left - right`; None when only one of them knows its zone."""
    offsets = time_offset(left), time_offset(right)
    if (offsets[0] is None) != (offsets[1] is None):
        return None
    shifts = [far.nanoseconds(offset or timedelta()) for offset in offsets]
    return far.length_of(far.nanoseconds_of_day(left) - shifts[0] - (far.nanoseconds_of_day(right) - shifts[1]))


def months_between(start: Date | Moment, end: Date | Moment) -> YearsMonths:
    """Whole months from `start` to `end`, negative when `end` is earlier; the time of day does not count."""
    if far.ordinal_of(end) < far.ordinal_of(start):
        return YearsMonths(-months_between(end, start).months)
    first, last = far.near(start), far.near(end)
    months = (end.year - start.year) * 12 + last.month - first.month
    return YearsMonths(months - (last.day < first.day))


def seconds_of(length: Length) -> Decimal:
    """Length in seconds, exact."""
    return Decimal(far.nanoseconds(length)).scaleb(-9, NUMBERS)


def of_seconds(seconds: Decimal) -> Length:
    """A length of so many seconds, cut to the nanosecond; raises OverflowError."""
    return far.length_of(truncated(seconds.scaleb(9, NUMBERS)))
