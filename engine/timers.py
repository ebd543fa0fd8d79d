"""When a timer is due: pure calendar arithmetic in the authority's time zone.

Dates, durations and cycles as BPMN 2.0 section 10.5.5 and Camunda 8 write them (ISO 8601). Months end on the same day
number, else on the month's last day (Jan 31 + P1M = Feb 28); days are days of the wall clock; hours run through.
A cycle's n-th moment is counted from its start, not from the moment before, so that it does not drift. Cron texts:
`engine.cron`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from engine.cron import Cron, looks_like_cron
from engine.cron import parse as parse_cron
from engine.errors import ModelError
from engine.parsing.records import TimerKind

PARKED = datetime(9999, 12, 31, tzinfo=UTC)

_DURATION = re.compile(
    r"(?P<sign>-)?P(?=[\dT])(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
_CYCLE = re.compile(r"R(?P<times>\d*)/(?:(?P<start>[^/P][^/]*)/)?(?P<duration>-?P[^/]+)", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?(?:\[([A-Za-z_/+-]+)\])?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: `months` of the calendar, `days` of the wall clock, and exact `time`."""

    months: int = 0
    days: int = 0
    time: timedelta = timedelta()

    def after(self, start: datetime, zone: ZoneInfo, times: int = 1) -> datetime:
        """The moment `times` spans after `start`, in UTC."""
        local = start.astimezone(zone).replace(tzinfo=None)
        months = local.year * 12 + local.month - 1 + self.months * times
        year, month = divmod(months, 12)
        try:
            day = min(local.day, calendar.monthrange(year, month + 1)[1])
            local = local.replace(year=year, month=month + 1, day=day) + timedelta(days=self.days * times)
            return local.replace(tzinfo=zone).astimezone(UTC) + self.time * times
        except (OverflowError, ValueError):
            return PARKED

    @property
    def is_empty(self) -> bool:
        return not (self.months or self.days or self.time)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: `left` further firings after this one (None: for ever), `fired` so far, counted from `start`."""

    start: datetime
    span: Span
    left: int | None
    fired: int = 0

    def row(self) -> list[object]:
        return [
            self.start.isoformat(),
            self.span.months,
            self.span.days,
            _micros(self.span.time),
            self.left,
            self.fired,
        ]

    @classmethod
    def from_row(cls, row: list[object]) -> Cycle:
        start, months, days, micros, left, fired = row
        span = Span(_int(months), _int(days), timedelta(microseconds=_int(micros)))
        return cls(datetime.fromisoformat(str(start)), span, None if left is None else _int(left), _int(fired))

    def next(self, zone: ZoneInfo, now: datetime) -> tuple[datetime, Cycle] | None:
        """The next due moment and what is left after it, or None when the repetitions are used up.

        Repetitions missed while nothing ran are skipped, not caught up one by one: the next due moment lies after `now`
        unless the number of repetitions is limited (then each is owed).
        """
        if self.left == 0:
            return None
        fired = self.fired + 1
        due = self.span.after(self.start, zone, fired + 1)
        if self.left is None:
            while due <= now:
                fired += 1
                due = self.span.after(self.start, zone, fired + 1)
        return due, Cycle(self.start, self.span, None if self.left is None else self.left - 1, fired)


Repetition: TypeAlias = Cycle | Cron


@dataclass(frozen=True, slots=True)
class Schedule:
    """The first due moment of a timer, and its repetition if it has one."""

    due_at: datetime
    cycle: Repetition | None = None


def schedule(kind: TimerKind, value: object, now: datetime, zone: ZoneInfo, *, sunday: int = 0) -> Schedule:
    """When a timer whose definition gave `value` is due, seen from `now`.

    `value` is what the expression gave: ISO text, date, date and time, a duration of either kind, or for cycles text.
    `sunday`: see `engine.cron`. ModelError `EXTRACT_VALUE_ERROR` when it is none of these (the model's or the data's mistake).
    """
    match kind:
        case TimerKind.DATE:
            return Schedule(_moment(value, zone))
        case TimerKind.DURATION:
            span = _span(value)
            return Schedule(span.after(now, zone))
        case TimerKind.CYCLE:
            return _cycle(value, now, zone, sunday)


def repetition(row: list[object]) -> Repetition:
    """A repetition as it was stored (`row()`)."""
    if row[0] == "cron":
        return Cron(str(row[1]), _int(row[2]))
    return Cycle.from_row(row)


def check_literal(kind: TimerKind, text: str, sunday: int = 0) -> tuple[str, str] | None:
    """What is wrong with a timer's literal text, as a sentence (zh, en); None when it is right. For deployment."""
    try:
        schedule(kind, text, datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC"), sunday=sunday)
    except ModelError as error:
        return error.zh, error.en
    return None


def parse_span(text: str) -> Span | None:
    """An ISO 8601 duration, or None when `text` is none."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    part = {name: match[name] for name in ("years", "months", "weeks", "days", "hours", "minutes")}
    number = {name: int(text or 0) for name, text in part.items()}
    sign = -1 if match["sign"] else 1
    time = timedelta(hours=number["hours"], minutes=number["minutes"], seconds=float(match["seconds"] or 0))
    months = number["years"] * 12 + number["months"]
    return Span(sign * months, sign * (number["weeks"] * 7 + number["days"]), sign * time)


def parse_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """An ISO 8601 date or date and time (offset, `Z` or `[zone]`; without one: the authority's zone), in UTC."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    day, time, offset, named = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{(time or '00:00')[:15]}{offset or ''}")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(named) if named else zone)
        return moment.astimezone(UTC)
    except OverflowError:
        return PARKED
    except (ValueError, KeyError):
        return None


def _moment(value: object, zone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone).astimezone(UTC)
    moment = parse_moment(value, zone) if isinstance(value, str) else None
    if moment is None:
        raise _unreadable("日期时间", "a date and time (ISO 8601)", value)
    return moment


def _span(value: object) -> Span:
    if isinstance(value, timedelta):
        span: Span | None = Span(0, value.days, value - timedelta(days=value.days))
    elif isinstance(months := getattr(value, "months", None), int):
        span = Span(months)
    else:
        span = parse_span(value) if isinstance(value, str) else None
    if span is None:
        raise _unreadable("时长", "a duration (ISO 8601, such as PT2H or P5D)", value)
    return span


def _cycle(value: object, now: datetime, zone: ZoneInfo, sunday: int) -> Schedule:
    if isinstance(value, str) and looks_like_cron(value.strip()):
        cron = parse_cron(value.strip(), sunday)
        coming = None if cron is None else cron.next(zone, now)
        if coming is None:
            raise _unreadable("可读的 cron 周期", "a cron text that can be read and that happens again", value)
        return Schedule(*coming)
    match = _CYCLE.fullmatch(value.strip()) if isinstance(value, str) else None
    span = parse_span(match["duration"]) if match else None
    if match is None or span is None:
        raise _unreadable("周期", "a cycle (ISO 8601, such as R3/PT10H or R/P1M; or cron)", value)
    if span.is_empty or span.after(now, zone) <= now:
        raise _unreadable("长于零的周期", "a cycle longer than zero", value)
    times = int(match["times"]) if match["times"] else None
    if times == 0:
        raise _unreadable("至少一次的周期", "a cycle of at least one repetition", value)
    left = None if times is None else times - 1
    if match["start"]:
        first = _moment(match["start"], zone)
        # counted from one span before, so that the first firing is the given start
        cycle = Cycle(first, span, left, fired=-1)
        return Schedule(first, cycle)
    return Schedule(span.after(now, zone), Cycle(now, span, left))


def _unreadable(zh: str, en: str, value: object) -> ModelError:
    found = "null" if value is None else repr(value)[:80]
    return ModelError("EXTRACT_VALUE_ERROR", f"定时器需要{zh},得到 {found}", f"a timer needs {en}, found {found}")


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"not an integer: {value!r}")
    return value
