"""Dates, times and durations: reading, writing and the arithmetic Python lacks (DMN 1.5, 10.3.2.3.4-8).

Years run from 1 to 9999 and fractions of a second to the microsecond; a text beyond that is null.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.values import NUMBERS, Value, YearsMonths, time_offset, truncated

_DATE = re.compile(r"(-?\d{4,9})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z|z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*))?",
    re.ASCII,
)
_DAYS = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_MAX_DIGITS = 18
_SOME_DAY = date(2000, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


# ---------------------------------------------------------------------- reading


def parse_date(text: str) -> date | None:
    """A date such as `2026-01-31`."""
    match = _DATE.fullmatch(text)
    if match is None or (len(match[1].lstrip("-")) > 4 and match[1].lstrip("-").startswith("0")):
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """A time such as `08:30:00`, with an offset, `Z`, or a zone name after `@`."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    known, zone = _zone(match)
    if not known:
        return None
    microsecond = int((match[4] or "0")[:6].ljust(6, "0"))
    try:
        return time(int(match[1]), int(match[2]), int(match[3]), microsecond, tzinfo=zone)
    except ValueError:
        return None


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


def parse_date_time(text: str) -> datetime | None:
    """A date and time such as `2026-01-31T08:30:00+08:00`; a bare date is its midnight."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    if not separator:
        return datetime.combine(day, time())
    clock = parse_time(time_text)
    if clock is not None:
        return datetime.combine(day, clock)
    # ISO 8601 writes the end of a day as 24:00:00.
    if time_text.startswith("24:00:00"):
        midnight = parse_time("00" + time_text[2:])
        if midnight is not None and midnight.replace(tzinfo=None) == time():
            return _shift_days(datetime.combine(day, midnight), 1)
    return None


def _shift_days(moment: datetime, days: int) -> datetime | None:
    try:
        return moment + timedelta(days=days)
    except OverflowError:
        return None


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """An ISO 8601 duration of days and smaller, or of years and months."""
    match = _DAYS.fullmatch(text)
    if match is not None and any(part is not None for part in match.groups()[1:]) and not text.endswith("T"):
        if any(part is not None and len(part) > _MAX_DIGITS for part in match.groups()[1:5]):
            return None
        microseconds = int((match[6] or "0")[:6].ljust(6, "0"))
        try:
            length = timedelta(
                days=int(match[2] or 0),
                hours=int(match[3] or 0),
                minutes=int(match[4] or 0),
                seconds=int(match[5] or 0),
                microseconds=microseconds,
            )
            return -length if match[1] else length
        except OverflowError:
            return None
    match = _MONTHS.fullmatch(text)
    if match is not None and any(part is not None for part in match.groups()[1:]):
        if any(part is not None and len(part) > _MAX_DIGITS for part in match.groups()[1:]):
            return None
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        try:
            return YearsMonths(-months if match[1] else months)
        except OverflowError:
            return None
    return None


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


def temporal_text(value: date | time | datetime | timedelta | YearsMonths) -> str:
    """The text FEEL's `string` gives (DMN 1.5, table 72)."""
    if isinstance(value, datetime):
        return f"{_date_text(value)}T{_clock_text(value)}{zone_text(value.tzinfo, value.utcoffset())}"
    if isinstance(value, date):
        return _date_text(value)
    if isinstance(value, time):
        return _clock_text(value) + zone_text(value.tzinfo, time_offset(value))
    return _days_text(value) if isinstance(value, timedelta) else str(value)


def _date_text(value: date) -> str:
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def _clock_text(value: datetime | time) -> str:
    fraction = f".{value.microsecond:06}".rstrip("0") if value.microsecond else ""
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}"


def _days_text(value: timedelta) -> str:
    if not value:
        return "PT0S"
    length = abs(value)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    clock = "".join(
        (
            f"{hours}H" if hours else "",
            f"{minutes}M" if minutes else "",
            f"{seconds}{fraction}S" if seconds or fraction else "",
        )
    )
    days = f"{length.days}D" if length.days else ""
    return f"{'-' if value < timedelta() else ''}P{days}{'T' + clock if clock else ''}"


# ---------------------------------------------------------------------- arithmetic


def add_months(value: date, months: int) -> date:
    """`value` moved by whole months; a day the month lacks becomes its last. Raises ValueError beyond year 9999."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError("year out of range")
    day = min(value.day, calendar.monthrange(year, month + 1)[1])
    return value.replace(year=year, month=month + 1, day=day)


def add_length(value: datetime, length: timedelta) -> datetime:
    """`value` after `length` of real time, in the same zone; raises OverflowError."""
    if value.tzinfo is None or not isinstance(value.tzinfo, ZoneInfo):
        return value + length
    return (value.astimezone(UTC) + length).astimezone(value.tzinfo)


def add_to_time(value: time, length: timedelta) -> time:
    """`value` after `length`, around midnight if need be."""
    moment = datetime.combine(_SOME_DAY, value.replace(tzinfo=None)) + length % timedelta(days=1)
    return moment.time().replace(tzinfo=value.tzinfo)


def as_instant(value: date) -> datetime:
    """A date as its midnight in UTC; a date and time unchanged (DMN 1.5, 10.3.2.3.6)."""
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)


def between_moments(left: date, right: date) -> timedelta | None:
    """`left - right` in real time; None when only one of them knows its zone."""
    first, second = as_instant(left), as_instant(right)
    if (first.tzinfo is None) != (second.tzinfo is None):
        return None
    if first.tzinfo is None:
        return first - second
    return first.astimezone(UTC) - second.astimezone(UTC)


def between_times(left: time, right: time) -> timedelta | None:
    """`left - right`; None when only one of them knows its zone."""
    offsets = time_offset(left), time_offset(right)
    if (offsets[0] is None) != (offsets[1] is None):
        return None
    zero = timedelta()
    return (since_midnight(left) - (offsets[0] or zero)) - (since_midnight(right) - (offsets[1] or zero))


def since_midnight(value: time) -> timedelta:
    """How far the clock has come, whatever the zone."""
    return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)


def months_between(start: date, end: date) -> YearsMonths:
    """Whole months from `start` to `end`, negative when `end` is earlier; the time of day does not count."""
    first, last = (each.date() if isinstance(each, datetime) else each for each in (start, end))
    if last < first:
        return YearsMonths(-months_between(end, start).months)
    months = (last.year - first.year) * 12 + last.month - first.month
    return YearsMonths(months - (last.day < first.day))


def seconds_of(length: timedelta) -> Decimal:
    """Length in seconds, exact."""
    return Decimal(length // _MICROSECOND).scaleb(-6, NUMBERS)


def of_seconds(seconds: Decimal) -> timedelta:
    """A length of so many seconds, cut to the microsecond; raises OverflowError."""
    return timedelta(microseconds=truncated(seconds.scaleb(6, NUMBERS)))
