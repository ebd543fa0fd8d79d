"""Counting periods: the vectors of the procedures, suspensions, ambers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.law.calendar import Calendar, build, published_days
from casework.law.limits import Happening, Standing, Terms, fold, measure, remaining_at
from casework.model.law import CalendarDay, ClockEventKind, ClockState, Unit
from casework.model.record import PARKED

ZONE = ZoneInfo("Asia/Shanghai")
NEVER = Decimal(0)
CALENDAR: Calendar = build(
    CalendarDay(region="JA", id=n, on=day.on, kind=day.kind, name=day.name, name_en=day.name_en, source="test", version=1)
    for n, day in enumerate(published_days(2024))
)


def at(text: str) -> datetime:
    """A moment on the wall clock in Shanghai; 09:00 where only a day is given."""
    moment = datetime.fromisoformat(text if "T" in text else f"{text}T09:00")
    return moment.replace(tzinfo=ZONE).astimezone(UTC)


def due_on(unit: Unit, length: int, start: str, *events: tuple[ClockEventKind, str], rolls: bool = False) -> str:
    standing = run(Terms(unit, Decimal(length), rolls, NEVER), start, *events)
    return str(standing.due_on)


def run(terms: Terms, start: str, *events: tuple[ClockEventKind, str]) -> Standing:
    happenings = [Happening(ClockEventKind.STARTED, at(start)), *(Happening(kind, at(when)) for kind, when in events)]
    return fold(terms, happenings, CALENDAR, ZONE)


SUSPENDED = ((ClockEventKind.SUSPENDED, "2026-03-09"), (ClockEventKind.RESUMED, "2026-03-19"))


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-03-02", 1, "2026-03-03"), ("2026-03-02", 3, "2026-03-05"), ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-02", 10, "2026-03-16"), ("2026-03-02", 15, "2026-03-23"), ("2026-03-02", 20, "2026-03-30"),
        ("2026-03-02", 30, "2026-04-14"), ("2026-03-02", 45, "2026-05-08"), ("2026-09-14", 1, "2026-09-15"),
        ("2026-09-14", 5, "2026-09-20"), ("2026-09-14", 10, "2026-09-28"), ("2026-09-14", 20, "2026-10-16"),
        ("2026-09-14", 30, "2026-10-30"), ("2026-09-14", 45, "2026-11-20"), ("2026-02-10", 3, "2026-02-13"),
        ("2026-02-10", 5, "2026-02-24"), ("2026-02-10", 10, "2026-03-02"), ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"), ("2026-04-29", 3, "2026-05-07"), ("2026-04-29", 5, "2026-05-09"),
    ],
)  # fmt: skip
def test_working_days_end_where_the_procedures_say(start: str, length: int, due: str) -> None:
    assert due_on(Unit.WORKDAYS, length, start) == due


@pytest.mark.parametrize(("length", "due"), [(20, "2026-04-10"), (30, "2026-04-24")])
def test_a_suspended_clock_counts_on_from_the_day_after_it_is_resumed(length: int, due: str) -> None:
    assert due_on(Unit.WORKDAYS, length, "2026-03-02", *SUSPENDED) == due


def test_the_day_of_suspension_counts_as_used() -> None:
    standing = run(Terms(Unit.WORKDAYS, Decimal(20), False, NEVER), "2026-03-02", SUSPENDED[0])

    assert (standing.used, standing.remaining, standing.due_at) == (5, 15, PARKED)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [("2026-03-16", 7, "2026-03-23"), ("2026-09-24", 7, "2026-10-08"), ("2026-03-16", 5, "2026-03-23"), ("2026-03-04", 60, "2026-05-06")],
)
def test_calendar_days_that_end_on_a_day_off_roll_to_the_next_working_day(start: str, length: int, due: str) -> None:
    assert due_on(Unit.DAYS, length, start, rolls=True) == due


def test_hours_run_through_the_spring_festival() -> None:
    standing = run(Terms(Unit.HOURS, Decimal(24), False, Decimal("0.3")), "2026-02-14T20:00")

    assert standing.due_at == at("2026-02-15T20:00")
    assert standing.amber_at == at("2026-02-15T12:48")


def test_a_period_of_days_ends_at_midnight_after_its_last_day() -> None:
    standing = run(Terms(Unit.WORKDAYS, Decimal(5), False, NEVER), "2026-02-10")

    assert standing.due_at == at("2026-02-25T00:00")


@pytest.mark.parametrize(
    ("start", "length", "due"), [("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-15", 12, "2027-03-15")]
)
def test_months_end_on_the_same_day_or_the_months_last(start: str, length: int, due: str) -> None:
    assert due_on(Unit.MONTHS, length, start) == due


@pytest.mark.parametrize(
    ("length", "amber"), [(1, "2026-03-03T09:00"), (5, "2026-03-06T09:00"), (10, "2026-03-12T09:00")]
)
def test_amber_begins_in_the_morning_of_the_first_of_the_last_days(length: int, amber: str) -> None:
    standing = run(Terms(Unit.WORKDAYS, Decimal(length), False, Decimal("0.3")), "2026-03-02")

    assert standing.amber_at == at(amber)


def test_a_restart_begins_anew() -> None:
    assert due_on(Unit.WORKDAYS, 5, "2026-03-02", (ClockEventKind.RESTARTED, "2026-09-14")) == "2026-09-20"


def test_an_extension_adds_to_the_whole() -> None:
    events = [
        Happening(ClockEventKind.STARTED, at("2026-03-02")),
        Happening(ClockEventKind.EXTENDED, at("2026-03-10"), Decimal(15)),
    ]

    standing = fold(Terms(Unit.WORKDAYS, Decimal(30), False, NEVER), events, CALENDAR, ZONE)

    assert (str(standing.due_on), standing.extensions) == ("2026-05-08", 1)


def test_a_stopped_clock_takes_no_further_event() -> None:
    with pytest.raises(ValueError, match="stopped"):
        run(
            Terms(Unit.WORKDAYS, Decimal(5), False, NEVER), "2026-03-02",
            (ClockEventKind.STOPPED, "2026-03-03"), (ClockEventKind.RESUMED, "2026-03-04"),
        )  # fmt: skip


def test_beyond_the_published_year_a_due_date_is_provisional_and_still_there() -> None:
    standing = run(Terms(Unit.WORKDAYS, Decimal(5), False, NEVER), "2026-12-30")

    assert standing.provisional
    assert standing.due_on == date(2027, 1, 7)


@given(
    unit=st.sampled_from([Unit.HOURS, Unit.DAYS, Unit.WORKDAYS]),
    gaps=st.lists(st.integers(min_value=0, max_value=20 * 24), min_size=0, max_size=7),
    tail=st.integers(min_value=0, max_value=900),
)
@settings(max_examples=200, deadline=None)
def test_elapsed_and_remaining_always_make_the_whole(unit: Unit, gaps: list[int], tail: int) -> None:
    terms = Terms(unit, Decimal(30), False, NEVER)
    moment = at("2026-01-05T08:00")
    events = [Happening(ClockEventKind.STARTED, moment)]
    elapsed, leg = Decimal(0), moment
    for n, gap in enumerate(gaps):
        moment += timedelta(hours=gap)
        suspends = n % 2 == 0
        elapsed += measure(unit, leg, moment, CALENDAR, ZONE) if suspends else Decimal(0)
        leg = moment
        events.append(Happening(ClockEventKind.SUSPENDED if suspends else ClockEventKind.RESUMED, moment))

    standing = fold(terms, events, CALENDAR, ZONE)
    later = moment + timedelta(hours=tail)
    if standing.state is ClockState.RUNNING:
        elapsed += measure(unit, leg, later, CALENDAR, ZONE)

    assert elapsed + remaining_at(terms, standing, later, CALENDAR, ZONE) == 30


@given(days=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 45)), min_size=2, max_size=30))
@settings(max_examples=100, deadline=None)
def test_the_order_by_due_moment_is_the_order_by_working_days_left(days: list[tuple[int, int]]) -> None:
    today = date(2026, 6, 1)
    first = at("2025-09-01")
    ends = sorted(
        due
        for offset, length in days
        if (due := fold(Terms(Unit.WORKDAYS, Decimal(length), False, NEVER),
                        [Happening(ClockEventKind.STARTED, first + timedelta(days=offset))], CALENDAR, ZONE).due_on)
    )  # fmt: skip

    left = [CALENDAR.count_workdays(today, due) for due in ends]

    assert left == sorted(left)
