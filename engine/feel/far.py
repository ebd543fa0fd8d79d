"""Dates, times and durations that Python's own classes cannot hold, and the way between them and plain integers.

The standard asks for years from -999999999 to 999999999 and seconds to the nanosecond (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8).
What Python can hold is always one of its own classes, so that everybody else meets nothing new; a value with digits
beyond the microsecond is a subclass that knows them, and only what lies outside Python's calendar is a class apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, TypeAlias

MAX_YEAR = 999_999_999
SECOND = 1_000_000_000  # all lengths here are whole nanoseconds
DAY = 86_400 * SECOND
_MICROSECOND = 1_000
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097  # the calendar, weekdays included, repeats itself
# Where far years lie within Python's calendar: the past before any zone's first law, the future after its last.
_PAST, _FUTURE = 400, 9200
_MAX_LENGTH = 4 * MAX_YEAR * 366 * DAY


class FineTime(time):
    """A time of day with `nanos`, 1 to 999, beyond its microsecond."""

    __slots__ = ("nanos",)
    nanos: int


class FineMoment(datetime):
    """A date and time with `nanos`, 1 to 999, beyond its microsecond."""

    __slots__ = ("nanos",)
    nanos: int


class FineLength(timedelta):
    """A days and time duration with `nanos`, 1 to 999, beyond its microsecond."""

    __slots__ = ("nanos",)
    nanos: int


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date outside the years 1 to 9999: that of `near`, 400 times `cycles` years away."""

    near: date
    cycles: int

    @property
    def year(self) -> int:
        return self.near.year + _CYCLE_YEARS * self.cycles


@dataclass(frozen=True, slots=True)
class FarMoment:
    """A date and time outside the years 1 to 9999, in the sense of `FarDate`; the zone is that of `near`."""

    near: datetime
    cycles: int

    @property
    def year(self) -> int:
        return self.near.year + _CYCLE_YEARS * self.cycles

    @property
    def tzinfo(self) -> tzinfo | None:
        return self.near.tzinfo


@dataclass(frozen=True, slots=True)
class LongLength:
    """A days and time duration of more days than `timedelta` can count, in nanoseconds."""

    nanoseconds: int

    def __bool__(self) -> bool:
        return True


Date: TypeAlias = date | FarDate
Moment: TypeAlias = datetime | FarMoment
Length: TypeAlias = timedelta | LongLength


def near(value: Date | Moment) -> Any:
    """The date or date and time within Python's calendar that shares month, day, weekday and clock with `value`."""
    return value.near if isinstance(value, FarDate | FarMoment) else value


def nanos(value: object) -> int:
    """The digits beyond the microsecond, 0 to 999."""
    return getattr(value, "nanos", 0)


# ---------------------------------------------------------------------- dates


def _placed(year: int) -> tuple[int, int]:
    """A year that Python can hold, and how many cycles lie between it and `year`; raises OverflowError."""
    if 1 <= year <= 9999:
        return year, 0
    if abs(year) > MAX_YEAR:
        raise OverflowError("year out of range")
    within = year % _CYCLE_YEARS + (_PAST if year < 1 else _FUTURE)
    return within, (year - within) // _CYCLE_YEARS


def make_date(year: int, month: int, day: int) -> Date:
    """The date; raises ValueError for a day that does not exist, OverflowError for a year beyond the standard."""
    within, cycles = _placed(year)
    found = date(within, month, day)
    return FarDate(found, cycles) if cycles else found


def date_at(ordinal: int) -> Date:
    """The date so many days after the last one before year 1; raises OverflowError."""
    if 1 <= ordinal <= date.max.toordinal():
        return date.fromordinal(ordinal)
    cycles, rest = divmod(ordinal - 1, _CYCLE_DAYS)
    found = date.fromordinal(rest + 1)
    return make_date(found.year + _CYCLE_YEARS * cycles, found.month, found.day)


def ordinal_of(value: Date | Moment) -> int:
    """Days since the last one before year 1."""
    if isinstance(value, FarDate | FarMoment):
        return value.near.toordinal() + _CYCLE_DAYS * value.cycles
    return value.toordinal()


# ---------------------------------------------------------------------- times


def nanoseconds_of_day(value: time | datetime) -> int:
    """How far the clock has come, whatever the zone."""
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return seconds * SECOND + value.microsecond * _MICROSECOND + nanos(value)


def time_at(nanoseconds: int, zone: tzinfo | None, fold: int = 0) -> time:
    """The time of day so long after midnight."""
    seconds, rest = divmod(nanoseconds, SECOND)
    microsecond, fine = divmod(rest, _MICROSECOND)
    minutes, second = divmod(seconds, 60)
    kind = FineTime if fine else time
    made = kind(minutes // 60, minutes % 60, second, microsecond, tzinfo=zone, fold=fold)
    if isinstance(made, FineTime):
        made.nanos = fine
    return made


# ---------------------------------------------------------------------- dates and times


def combine(day: Date | Moment, clock: time) -> Moment:
    """The day of a date, or of a date and time, at a time of day in the time's zone."""
    within: date = near(day)
    kind = FineMoment if nanos(clock) else datetime
    made = kind.combine(within, clock)
    if isinstance(made, FineMoment):
        made.nanos = nanos(clock)
    cycles = day.cycles if isinstance(day, FarDate | FarMoment) else 0
    return FarMoment(made, cycles) if cycles else made


def date_of(value: Moment) -> Date:
    """The date of a date and time."""
    return FarDate(value.near.date(), value.cycles) if isinstance(value, FarMoment) else value.date()


def time_of(value: Moment) -> time:
    """The time of day of a date and time, in its zone."""
    within: datetime = near(value)
    return time_at(nanoseconds_of_day(within), within.tzinfo, within.fold)


def moment_at(nanoseconds: int, zone: tzinfo | None, fold: int = 0) -> Moment:
    """The date and time whose clock is so long after the last midnight before year 1; raises OverflowError."""
    days, rest = divmod(nanoseconds, DAY)
    return combine(date_at(days), time_at(rest, zone, fold))


def local_nanoseconds(value: Moment) -> int:
    """What `moment_at` reads back."""
    return ordinal_of(value) * DAY + nanoseconds_of_day(near(value))


def offset_of(value: Moment) -> timedelta | None:
    """Offset from UTC; a far year has that of the zone's first or last law."""
    within: datetime = near(value)
    return within.utcoffset()


def instant(value: Moment) -> int:
    """Nanoseconds of a date and time as a clock in UTC shows them; one without a zone counts as it stands."""
    offset = offset_of(value)
    return local_nanoseconds(value) - (0 if offset is None else nanoseconds(offset))


def moment_in(at: int, zone: tzinfo | None) -> Moment:
    """The date and time in `zone` at an `instant`; raises OverflowError."""
    if zone is None or zone is UTC:
        return moment_at(at, zone)
    within: datetime = near(moment_at(at, UTC))
    if within.year in (1, 9999):  # a zone may lead out of Python's calendar: ask a cycle away
        within = within.replace(year=within.year + (_CYCLE_YEARS if within.year == 1 else -_CYCLE_YEARS))
    there = within.astimezone(zone)
    offset = there.utcoffset()
    return moment_at(at + (nanoseconds(offset) if offset else 0), zone, there.fold)


# ---------------------------------------------------------------------- lengths


def nanoseconds(length: Length) -> int:
    """A duration in nanoseconds."""
    if isinstance(length, LongLength):
        return length.nanoseconds
    microseconds = (length.days * 86_400 + length.seconds) * 1_000_000 + length.microseconds
    return microseconds * _MICROSECOND + nanos(length)


def length_of(amount: int) -> Length:
    """The duration of so many nanoseconds; raises OverflowError where it would outlast the calendar."""
    microseconds, fine = divmod(amount, _MICROSECOND)
    try:
        if not fine:
            return timedelta(microseconds=microseconds)
        made = FineLength(microseconds=microseconds)
    except OverflowError:
        if abs(amount) > _MAX_LENGTH:
            raise
        return LongLength(amount)
    made.nanos = fine
    return made
