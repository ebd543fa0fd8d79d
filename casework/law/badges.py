"""How much time is left, as people count it: hours to the hour, working days by the office's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework.act import Act
from casework.law import calendar, clocks, limits
from casework.law.clocks import ClockRule
from casework.model.cases import CaseFile
from casework.model.law import ClockState, LegalClock, Unit


class Colour(StrEnum):
    """How pressing a clock is: red is overdue, amber in its last share."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Badge:
    """What is left of a limit. `kind` is workdays, days, hours or none; `left` is negative when overdue; 0 days: due today."""

    kind: str
    left: int
    colour: Colour
    provisional: bool
    due_at: datetime | None
    due_on: str | None


NO_BADGE = Badge("none", 0, Colour.GREEN, provisional=False, due_at=None, due_on=None)


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with its names and its badge. `rule` is None for a code that the table has no longer."""

    clock: LegalClock
    rule: ClockRule | None
    badge: Badge


def shown(act: Act, clock: LegalClock) -> ShownClock:
    """A clock as pages show it."""
    return ShownClock(clock, clocks.rules(act).get(clock.code), badge_of(act, clock))


def of_case(act: Act, case: CaseFile) -> list[ShownClock]:
    """All clocks of a case as pages show them."""
    return [shown(act, clock) for clock in clocks.of_case(act, case)]


def badge_of(act: Act, clock: LegalClock | None) -> Badge:
    """What is left of a clock at this moment, as people count: hours to the hour, working days by the office's calendar."""
    if clock is None or clock.state is ClockState.STOPPED:
        return NO_BADGE
    if clock.state is ClockState.SUSPENDED:
        kind = "hours" if clock.unit is Unit.HOURS else "workdays" if clock.unit is Unit.WORKDAYS else "days"
        return Badge(kind, int(clock.remaining), Colour.SUSPENDED, clock.provisional, None, None)
    colour = Colour.RED if act.now >= clock.due_at else Colour.AMBER if act.now >= clock.amber_at else Colour.GREEN
    if clock.unit is Unit.HOURS:
        # Rounded down, so that "1 hour" is never less than an hour; overdue counts the hours begun.
        left = (clock.due_at - act.now) // timedelta(hours=1)
        return Badge("hours", left, colour, clock.provisional, clock.due_at, None)
    due_on = limits.last_day(clock.due_at, clock.unit, act.house.zone)
    if due_on is None:
        return NO_BADGE
    working = clock.unit is Unit.WORKDAYS
    left = calendar.of_region(act).count_workdays(act.today, due_on) if working else (due_on - act.today).days
    return Badge("workdays" if working else "days", left, colour, clock.provisional, clock.due_at, due_on.isoformat())
