"""Values on their way out: as text, and as JSON of process variables."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.feel import Function, Range, YearsMonths, text_of, to_json


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0"), "0"),
        (Decimal("1E+100"), "1E+100"),
        (date(26, 1, 2), "0026-01-02"),
        (time(8, 5, 0, 120_000), "08:05:00.12"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(-timedelta(hours=3, minutes=30))), "2026-01-02T03:04:05-03:30"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=ZoneInfo("Asia/Shanghai")), "2026-01-02T03:04:05@Asia/Shanghai"),
        (timedelta(), "PT0S"),
        (timedelta(days=-1, hours=-2), "-P1DT2H"),
        (YearsMonths(0), "P0M"),
        (YearsMonths(-14), "-P1Y2M"),
        (Range(None, Decimal(5), False, True, open_low=True), "<= 5"),
        ({"a": ["x", None]}, '{a: ["x", null]}'),
    ],
)
def test_text(value: object, text: str) -> None:
    assert text_of(value) == text


def test_json_of_variables_keeps_numbers_and_writes_everything_temporal_as_text() -> None:
    value = {"amount": Decimal("0.10"), "due": date(2026, 1, 2), "waits": [timedelta(days=1)], "ok": True, "n": None}

    assert to_json(value) == {"amount": Decimal("0.10"), "due": "2026-01-02", "waits": ["P1D"], "ok": True, "n": None}


def test_a_function_has_no_json() -> None:
    assert to_json([Function(("a",), lambda arguments: arguments[0])]) == [None]
