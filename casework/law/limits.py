"""A legal clock as a pure fold of its events: no rows, no engine, no present moment.

Counting: the day of an event is not counted; a period of days ends at 24:00 of its last day, which is the midnight that follows;
hours run through nights and holidays; months end on the same day number, else on the month's last day. The day on which a clock
is suspended counts as used, the day on which it is resumed does not count.
"""

from __future__ import annotations

import calendar as months
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from casework.law.calendar import Calendar
from casework.model.law import ClockEventKind, ClockState, Unit
from casework.model.record import PARKED

_AMBER_HOUR = time(9)
_HOUR = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a limit is: `length` in `unit`; `rolls`: an end on a day off moves to the next working day.

    `amber_share` of the length is left when the clock turns amber; 0: it never does.
    """

    unit: Unit
    length: Decimal
    rolls: bool
    amber_share: Decimal


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a clock; `amount` is the length added by an extension."""

    kind: ClockEventKind
    at: datetime
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a clock stands after its events.

    `used` and `remaining` are in the unit, as of the last event; `due_at` is PARKED while the clock does not run. `due_on` is
    the last day of the period, None for hours.
    """

    state: ClockState
    started_at: datetime
    leg_from: datetime
    length: Decimal
    used: Decimal
    remaining: Decimal
    extensions: int
    due_at: datetime
    due_on: date | None
    amber_at: datetime
    provisional: bool


def fold(terms: Terms, events: Sequence[Happening], calendar: Calendar, zone: ZoneInfo) -> Standing:
    """The standing that a clock's events come to. ValueError where an event cannot follow the one before (our mistake)."""
    if not events or events[0].kind is not ClockEventKind.STARTED:
        raise ValueError("a clock begins with its start")
    count = _Count(terms, calendar, zone, started_at=events[0].at)
    for event in events[1:]:
        count.take(event)
    return count.standing()


def remaining_at(terms: Terms, standing: Standing, moment: datetime, calendar: Calendar, zone: ZoneInfo) -> Decimal:
    """What is left at a moment after the last event, in the unit (months: in days); negative when overdue."""
    if standing.state is not ClockState.RUNNING:
        return standing.remaining
    return standing.remaining - measure(terms.unit, standing.leg_from, moment, calendar, zone)


def measure(unit: Unit, start: datetime, end: datetime, calendar: Calendar, zone: ZoneInfo) -> Decimal:
    """How much of a period in `unit` passes from `start` to `end`; months are measured in days."""
    if unit is Unit.HOURS:
        return Decimal((end - start) // timedelta(microseconds=1)) / 1_000_000 / _HOUR
    first, last = local_day(start, zone), local_day(end, zone)
    if unit is Unit.WORKDAYS:
        return Decimal(calendar.count_workdays(first, last))
    return Decimal((last - first).days)


def add_months(day: date, count: int) -> date:
    """The same day number `count` months later, else the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day of a moment on the office's wall calendar."""
    return moment.astimezone(zone).date()


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """24:00 of a day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)


def last_day(due_at: datetime, unit: Unit, zone: ZoneInfo) -> date | None:
    """The last day of a period that ends at `due_at`; None for hours and for clocks that do not run."""
    if unit is Unit.HOURS or due_at >= PARKED:
        return None
    return local_day(due_at - timedelta(microseconds=1), zone)


class _Count:
    """The fold's running state: how much is used, since when the present leg runs."""

    def __init__(self, terms: Terms, calendar: Calendar, zone: ZoneInfo, *, started_at: datetime) -> None:
        self._terms, self._calendar, self._zone = terms, calendar, zone
        self._length = terms.length
        self._state = ClockState.RUNNING
        self._extensions = 0
        self._begin(started_at)

    def take(self, event: Happening) -> None:
        state, kind = self._state, event.kind
        if state is ClockState.STOPPED and kind is not ClockEventKind.RECOMPUTED:
            raise ValueError(f"a stopped clock takes no event ({kind})")
        match kind:
            case ClockEventKind.SUSPENDED if state is ClockState.RUNNING:
                self._pause(event.at, ClockState.SUSPENDED)
            case ClockEventKind.RESUMED if state is ClockState.SUSPENDED:
                self._leg_from, self._state = event.at, ClockState.RUNNING
            case ClockEventKind.EXTENDED if event.amount is not None:
                self._length += event.amount
                self._extensions += 1
            case ClockEventKind.RESTARTED:
                self._begin(event.at)
            case ClockEventKind.STOPPED:
                self._pause(event.at, ClockState.STOPPED)
            case ClockEventKind.RECOMPUTED:
                pass  # the calendar changed, which the fold is given anew; the event says why the dates moved
            case _:
                raise ValueError(f"a {state} clock cannot be {kind}")

    def standing(self) -> Standing:
        remaining = self._total() - self._used
        due_at, due_on, amber_at = PARKED, None, PARKED
        if self._state is ClockState.RUNNING:
            due_at, due_on = self._due(remaining)
            amber_at = self._amber(due_at, due_on)
        return Standing(
            state=self._state, started_at=self._started_at, leg_from=self._leg_from, length=self._length, used=self._used,
            remaining=remaining, extensions=self._extensions, due_at=due_at, due_on=due_on, amber_at=amber_at,
            provisional=due_on is not None and self._calendar.is_provisional(due_on) and self._by_calendar(),
        )  # fmt: skip

    def _begin(self, at: datetime) -> None:
        self._started_at = self._leg_from = at
        self._used = Decimal(0)
        self._state = ClockState.RUNNING

    def _pause(self, at: datetime, state: ClockState) -> None:
        if self._state is ClockState.RUNNING:
            self._used += measure(self._terms.unit, self._leg_from, at, self._calendar, self._zone)
        self._state = state

    def _total(self) -> Decimal:
        """The whole length; of months the days that they come to from the start."""
        if self._terms.unit is not Unit.MONTHS:
            return self._length
        start = local_day(self._started_at, self._zone)
        return Decimal((add_months(start, int(self._length)) - start).days)

    def _due(self, remaining: Decimal) -> tuple[datetime, date | None]:
        if self._terms.unit is Unit.HOURS:
            return self._leg_from + timedelta(seconds=float(remaining * _HOUR)), None
        start = local_day(self._leg_from, self._zone)
        if self._terms.unit is Unit.WORKDAYS:
            day = self._calendar.add_workdays(start, int(remaining))
        else:
            day = start + timedelta(days=int(remaining))
        if self._terms.rolls:
            day = self._calendar.next_workday(day)
        return end_of_day(day, self._zone), day

    def _amber(self, due_at: datetime, due_on: date | None) -> datetime:
        """When only the amber share is left: to the hour for hours, else 09:00 of the first of the last days."""
        share = self._terms.amber_share
        if share <= 0:
            return PARKED
        if due_on is None:
            return due_at - timedelta(seconds=float(share * self._length * _HOUR))
        left = math.ceil(share * self._total())
        if self._terms.unit is Unit.WORKDAYS:
            # `left` working days are left when the last `left` of them begin; add_workdays(-0) would be the day itself.
            day = self._calendar.add_workdays(due_on, 1 - left) if left > 1 else due_on
        else:
            day = due_on - timedelta(days=left - 1)
        return max(datetime.combine(day, _AMBER_HOUR, self._zone).astimezone(UTC), self._started_at)

    def _by_calendar(self) -> bool:
        return self._terms.rolls or self._terms.unit is Unit.WORKDAYS
