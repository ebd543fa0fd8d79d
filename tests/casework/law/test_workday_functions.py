"""Working days in FEEL: after the calendar of the case, marked where a year is not published yet (`decisions` 4)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.law.calendar import FUNCTIONS, Calendar
from engine.feel import Evaluation, compile_expression

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
CALENDAR = Calendar(7, date(2026, 12, 31), {date(2026, 1, 1): (False, "元旦", "New Year"), date(2026, 1, 4): (True, "元旦", "New Year")})  # fmt: skip


def feel(source: str, calendar: Calendar | None = CALENDAR, **variables: Any) -> Evaluation:
    return compile_expression(source, functions=FUNCTIONS).evaluate(variables, now=NOW, environment=calendar)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('add workdays(date("2025-12-31"), 1)', date(2026, 1, 2)),
        ('add workdays("2026-01-02", 1)', date(2026, 1, 4)),
        ('add workdays("2026-01-05", -1)', date(2026, 1, 4)),
        ('add workdays("2026-01-01", 0)', date(2026, 1, 1)),
        ('is workday("2026-01-04")', True),
        ('is workday("2026-01-01")', False),
        ('next workday("2026-01-01")', date(2026, 1, 2)),
        ('count workdays("2025-12-31", "2026-01-05")', 3),
        ("is workday(now())", False),
    ],
)
def test_published_days_are_counted_without_a_word(source: str, value: object) -> None:
    assert feel(source) == (value, ())


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('add workdays("2026-12-31", 1)', date(2027, 1, 4)),
        ('add workdays("2027-01-04", -1)', date(2026, 12, 31)),
        ('is workday("2027-10-01")', False),
        ('next workday("2027-01-01")', date(2027, 1, 4)),
        ('count workdays("2026-12-31", "2027-01-08")', 5),
    ],
)
def test_days_beyond_the_published_year_are_counted_and_marked(source: str, value: object) -> None:
    found = feel(source)

    assert found.value == value
    assert [each.code for each in found.warnings] == ["provisional"]
    assert "2026-12-31" in found.warnings[0].text_zh
    assert "2026-12-31" in found.warnings[0].text_en


def test_the_mark_stands_at_the_call() -> None:
    assert feel('1 + count workdays("2026-12-31", "2027-01-08")').warnings[0].position == 4


@pytest.mark.parametrize(
    "source",
    [
        'add workdays("2026-01-01", 1.5)',
        'add workdays("someday", 1)',
        'add workdays("2079-12-31", 99)',
        "is workday(1)",
    ],
)
def test_what_cannot_be_counted_is_null_with_a_warning(source: str) -> None:
    found = feel(source)

    assert found.value is None
    assert [each.code for each in found.warnings] in (["no-result"], ["wrong-arguments"])


def test_without_a_calendar_there_is_no_answer() -> None:
    found = feel('is workday("2026-01-04")', None)

    assert (found.value, [each.code for each in found.warnings]) == (None, ["no-result"])
