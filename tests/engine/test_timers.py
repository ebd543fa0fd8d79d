"""Calendar arithmetic of timers (research on SpiffWorkflow: its months are 30 or 31 days long, which no law means)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.errors import ModelError
from engine.parsing.records import TimerKind
from engine.timers import PARKED, Cycle, check_literal, parse_moment, parse_span, schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        ("2026-01-31T10:00+08:00", "P1M", "2026-02-28T10:00+08:00"),
        ("2026-03-31T10:00+08:00", "P1M", "2026-04-30T10:00+08:00"),
        ("2026-08-31T10:00+08:00", "P6M", "2027-02-28T10:00+08:00"),
        ("2024-02-29T10:00+08:00", "P1Y", "2025-02-28T10:00+08:00"),
        ("2026-02-14T20:00+08:00", "PT24H", "2026-02-15T20:00+08:00"),
        ("2026-02-14T20:00+08:00", "P1W", "2026-02-21T20:00+08:00"),
        ("2026-02-14T20:00+08:00", "P1DT2H30M", "2026-02-15T22:30+08:00"),
        ("2026-02-14T20:00+08:00", "PT0.5S", "2026-02-14T20:00:00.500+08:00"),
    ],
)
def test_a_duration_counts_on_the_calendar(start: str, span: str, due: str) -> None:
    assert schedule(TimerKind.DURATION, span, at(start), SHANGHAI).due_at == at(due)


def test_days_are_days_of_the_wall_clock_and_hours_run_through() -> None:
    before = at("2026-03-28T12:00+01:00")  # the night in which summer time begins in Berlin

    assert schedule(TimerKind.DURATION, "P1D", before, BERLIN).due_at == at("2026-03-29T12:00+02:00")
    assert schedule(TimerKind.DURATION, "PT24H", before, BERLIN).due_at == at("2026-03-29T13:00+02:00")


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("2026-02-15", "2026-02-15T00:00+08:00"),
        ("2026-02-15T20:00", "2026-02-15T20:00+08:00"),
        ("2026-02-15T20:00:00Z", "2026-02-16T04:00+08:00"),
        ("2026-02-15T20:00+02:00", "2026-02-16T02:00+08:00"),
        ("2026-02-15T20:00:00[Europe/Berlin]", "2026-02-16T03:00+08:00"),
        (datetime(2026, 2, 15, 20), "2026-02-15T20:00+08:00"),  # noqa: DTZ001 - FEEL knows moments without a zone
        (date(2026, 2, 15), "2026-02-15T00:00+08:00"),
    ],
)
def test_a_date_is_read_in_the_zone_of_the_authority(value: object, due: str) -> None:
    assert schedule(TimerKind.DATE, value, at("2026-01-01T00:00Z"), SHANGHAI).due_at == at(due)


def test_the_year_9999_is_parked() -> None:
    assert schedule(TimerKind.DATE, "9999-12-31T00:00:00+00:00", at("2026-01-01T00:00Z"), SHANGHAI).due_at == PARKED


def test_a_cycle_counts_from_its_start_and_does_not_drift() -> None:
    start = at("2026-01-31T10:00+08:00")
    planned = schedule(TimerKind.CYCLE, "R4/P1M", start, SHANGHAI)
    moments, cycle = [planned.due_at], planned.cycle

    while cycle is not None and (following := cycle.next(SHANGHAI, moments[-1])) is not None:
        moments.append(following[0])
        cycle = following[1]

    assert [m.astimezone(SHANGHAI).date().isoformat() for m in moments] == [
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]


def test_a_cycle_with_a_start_fires_first_at_that_start() -> None:
    planned = schedule(TimerKind.CYCLE, "R2/2026-02-01T00:00:00Z/P1D", at("2026-01-01T00:00Z"), SHANGHAI)

    assert planned.due_at == at("2026-02-01T00:00Z")
    assert planned.cycle is not None
    assert planned.cycle.next(SHANGHAI, planned.due_at) is not None


def test_an_endless_cycle_skips_what_was_missed() -> None:
    planned = schedule(TimerKind.CYCLE, "R/PT1H", at("2026-01-01T00:00Z"), SHANGHAI)
    assert planned.cycle is not None

    following = planned.cycle.next(SHANGHAI, at("2026-01-03T00:30Z"))

    assert following is not None
    assert following[0] == at("2026-01-03T01:00Z")


def test_a_cycle_survives_its_row() -> None:
    cycle = schedule(TimerKind.CYCLE, "R3/P1M", at("2026-01-31T10:00+08:00"), SHANGHAI).cycle
    assert cycle is not None

    assert Cycle.from_row(cycle.row()) == cycle


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (TimerKind.DATE, "tomorrow"), (TimerKind.DATE, "2026-13-01"), (TimerKind.DATE, ""), (TimerKind.DURATION, "P"),
        (TimerKind.DURATION, "PT"), (TimerKind.DURATION, "1 day"), (TimerKind.DURATION, "P1.5D"), (TimerKind.CYCLE, "R3"),
        (TimerKind.CYCLE, "R0/PT1H"), (TimerKind.CYCLE, "R3/PT0S"), (TimerKind.CYCLE, "R/-PT1H"), (TimerKind.CYCLE, "R3/P1X"),
    ],
)  # fmt: skip
def test_text_that_is_no_timer_is_refused_in_both_languages(kind: TimerKind, text: str) -> None:
    complaint = check_literal(kind, text)

    assert complaint is not None
    assert all(complaint)


@pytest.mark.parametrize("value", [None, 5, True, [], {}])
def test_a_value_that_is_no_moment_is_the_models_mistake(value: object) -> None:
    for kind in TimerKind:
        with pytest.raises(ModelError, match="a timer needs"):
            schedule(kind, value, at("2026-01-01T00:00Z"), SHANGHAI)


@pytest.mark.parametrize("text", ["P99999Y", "P9999999D"])
def test_a_span_beyond_the_calendar_is_parked(text: str) -> None:
    assert schedule(TimerKind.DURATION, text, at("2026-01-01T00:00Z"), SHANGHAI).due_at == PARKED


def test_weeks_and_negative_spans_are_read() -> None:
    week, back = parse_span("P2W"), parse_span("-PT90M")

    assert week is not None
    assert week.days == 14
    assert back is not None
    assert back.time == -timedelta(minutes=90)


def test_a_moment_of_the_last_second_is_utc() -> None:
    assert parse_moment("9999-12-31T23:59:59-12:00", SHANGHAI) == PARKED
    assert parse_moment("2026-02-15T20:00:00.123456789Z", SHANGHAI) == datetime(
        2026, 2, 15, 20, 0, 0, 123456, tzinfo=UTC
    )
