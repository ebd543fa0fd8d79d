"""Laws of numbers, dates and order, checked against fractions and against a calendar counted here day by day."""

import calendar
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.parser import isoparse
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.feel import compile_expression, compile_unary_tests, parse_unary_tests, text_of, to_source, tree
from engine.feel.functions import BUILT_INS
from tests.feel.moment import NOW
from tests.feel.test_properties_of_the_language import EXPRESSIONS

NUMBERS = st.decimals(-(10**12), 10**12, places=4, allow_nan=False) | st.integers(-(10**15), 10**15)
DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
COMPILED: dict[str, Any] = {}


def value(source: str, **variables: Any) -> Any:
    """The value of an expression that many examples share."""
    if source not in COMPILED:
        COMPILED[source] = compile_expression(source)
    return COMPILED[source].evaluate(variables, now=NOW).value


# ---------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    "law",
    [
        "a + b = b + a",
        "a * b = b * a",
        "(a + b) + c = a + (b + c)",
        "a * (b + c) = a * b + a * c",
        "a - b = a + -b",
        "a - a = 0",
        "-(-a) = a",
        "a + 0 = a and a * 1 = a and a * 0 = 0",
        "if b = 0 then true else abs(a / b * b - a) <= abs(a) / 10 ** 33",
        "if b = 0 then true else modulo(a, b) + floor(a / b) * b = a or abs(a / b) > 10 ** 25",
        "a ** 2 = a * a",
        "(a < b) = (b > a) and (a <= b) = not(a > b)",
        "(if a < b then 1 else 0) + (if a = b then 1 else 0) + (if a > b then 1 else 0) = 1",
        "floor(a) <= a and a <= ceiling(a) and ceiling(a) - floor(a) <= 1",
        "abs(decimal(a, 2) - a) <= 0.005",
        "abs(a + b) <= abs(a) + abs(b)",
        "min(a, b) + max(a, b) = a + b",
        "number(string(a)) = a",
        "sum([a, b, c]) = a + b + c",
        "(a in [b..c]) = (b <= a and a <= c) or b > c",
    ],
)
@given(st.data())
def test_numbers_keep_the_law(law: str, data: st.DataObject) -> None:
    small = st.decimals(-(10**8), 10**8, places=3) | st.integers(-(10**8), 10**8)
    variables = {name: data.draw(small) for name in "abc"}

    assert value(law, **variables) is True


@given(NUMBERS, NUMBERS, st.sampled_from("+-*/"))
def test_an_operation_is_the_exact_one_rounded_to_34_digits(a: Decimal | int, b: Decimal | int, operator: str) -> None:
    assume(operator != "/" or b != 0)
    first, second = Fraction(a), Fraction(b)
    exact = {"+": first + second, "-": first - second, "*": first * second, "/": first / second if second else first}[
        operator
    ]

    found = Fraction(value(f"a {operator} b", a=a, b=b))
    assert abs(found - exact) * 10**34 <= 5 * abs(exact)


# ---------------------------------------------------------------------- dates


def later(day: date, months: int) -> date:
    """One month at a time, the day kept as far as each last month has it."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        year, month = (year + 1, 1) if month > 12 else (year - 1, 12) if month < 1 else (year, month)
    last = max(number for number in calendar.Calendar().itermonthdays(year, month))
    return date(year, month, min(day.day, last))


@given(st.dates(date(1000, 1, 1), date(9000, 1, 1)), st.integers(-500, 500))
def test_months_are_added_one_by_one(day: date, months: int) -> None:
    assert value('d + m * duration("P1M")', d=day, m=months) == later(day, months)


@given(st.dates(date(1000, 1, 1), date(9000, 1, 1)), st.integers(-100_000, 100_000))
def test_days_are_added_and_taken_away_again(day: date, days: int) -> None:
    moved = value('d + n * duration("P1D")', d=day, n=days)

    assert (moved - day).days == days
    assert value("a - b", a=moved, b=day) == timedelta(days=days)


@given(DATES)
def test_the_calendar_s_questions_about_a_day(day: date) -> None:
    january = date(day.year, 1, 1)
    week = int(day.strftime("%V"))

    assert value("[day of year(d), d.weekday, week of year(d)]", d=day) == [
        (day - january).days + 1,
        int(day.strftime("%u")),
        week,
    ]
    assert value("[day of week(d), month of year(d)]", d=day) == [
        calendar.day_name[day.weekday()],
        calendar.month_name[day.month],
    ]


@given(DATES, st.integers(-2_000_000, 2_000_000))
def test_the_calendar_repeats_itself_every_400_years(day: date, cycles: int) -> None:
    """So a far year is as a near one: same day of the week, and 146 097 days for each cycle."""
    moved = value('d + n * duration("P400Y")', d=day, n=cycles)

    assert value("[e.month, e.day, e.weekday]", e=moved) == [day.month, day.day, day.isoweekday()]
    assert value("e.year - d.year", e=moved, d=day) == 400 * cycles
    assert value('(e - d) / duration("P1D")', e=moved, d=day) == 146_097 * cycles


@given(st.datetimes(datetime(1980, 1, 1), datetime(2037, 1, 1)), ZONES, st.timedeltas(timedelta(-900), timedelta(900)))  # noqa: DTZ001
def test_zoned_moments_move_by_real_time(local: datetime, zone: str, length: timedelta) -> None:
    moment = local.replace(tzinfo=ZoneInfo(zone))
    moved = value("m + l", m=moment, l=length)

    assert (moved.timestamp() - moment.timestamp()) == pytest.approx(length.total_seconds(), abs=1e-5)
    assert value("b - a", a=moment, b=moved) == length
    assert value("a < b", a=moment, b=moved) is (int(moved.timestamp() // 1) > int(moment.timestamp() // 1))


@given(st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Asia/Shanghai")])))
def test_a_moment_is_its_date_and_its_time(moment: datetime) -> None:
    assert value("date and time(date(m), time(m)) = m", m=moment) is True


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_whole_months_between_two_dates_are_counted_from_the_earlier(first: date, last: date) -> None:
    found = int(value('years and months duration(a, b) / duration("P1M")', a=first, b=last))
    early, late = sorted((first, last))
    months = abs(found)

    def reaches(count: int) -> bool:
        """Whether so many months fit: the day of the month must have come, even where the month is shorter."""
        moved = early.year * 12 + early.month - 1 + count
        return (moved // 12, moved % 12 + 1, early.day) <= (late.year, late.month, late.day)

    assert (found < 0) is (last < first and months > 0)
    assert reaches(months)
    assert not reaches(months + 1)


MONTHS = st.integers(-4_000, 4_000)


@given(st.dates(date(1000, 1, 1), date(3000, 12, 31)), MONTHS, MONTHS)
def test_months_are_added_as_another_library_adds_them(day: date, months: int, years: int) -> None:
    """The last day of a shorter month stands for a day that it does not have (dateutil's `relativedelta`)."""
    years //= 12

    moved = value('d + n * duration("P1M") + y * duration("P1Y")', d=day, n=months, y=years)

    assert moved == day + relativedelta(months=months) + relativedelta(years=years)


@given(DATES, DATES)
def test_what_lies_between_two_days_is_what_another_library_counts(one: date, other: date) -> None:
    first, last = sorted((one, other))
    between = relativedelta(last, first)

    assert value('years and months duration(a, b) / duration("P1M")', a=first, b=last) == between.years * 12 + between.months
    assert value("b - a", a=first, b=last) == last - first


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(1, 366), st.integers(0, 23), st.integers(0, 59))  # noqa: DTZ001
def test_moments_are_read_and_moved_as_another_library_reads_and_moves_them(
    local: datetime, days: int, hours: int, minutes: int
) -> None:
    text = local.replace(microsecond=0).isoformat() + "+08:00"

    moved = value("date and time(t) + duration(l)", t=text, l=f"P{days}DT{hours}H{minutes}M")

    assert moved == isoparse(text) + relativedelta(days=days, hours=hours, minutes=minutes)


# ---------------------------------------------------------------------- cells


TESTS = EXPRESSIONS | st.builds(tree.UnaryCompare, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), EXPRESSIONS)


@given(st.lists(TESTS, min_size=1, max_size=3), st.booleans())
def test_printed_cells_read_back_as_themselves(tests: list[tree.Node], negated: bool) -> None:
    node = tree.UnaryTests(tuple(tests), negated)

    assert parse_unary_tests(to_source(node), names=BUILT_INS) == node


@given(NUMBERS, NUMBERS, NUMBERS, st.booleans(), st.booleans())
def test_a_cell_with_an_interval_is_two_comparisons(
    point: Decimal | int, one: Decimal | int, other: Decimal | int, low_included: bool, high_included: bool
) -> None:
    low, high = sorted((one, other))
    cell = f"{'[' if low_included else '('}{text_of(low)}..{text_of(high)}{']' if high_included else ')'}"
    tests = compile_unary_tests(cell)

    above = point >= low if low_included else point > low
    below = point <= high if high_included else point < high
    for asked in (point, Decimal(point)):
        assert tests.evaluate({}, input_value=asked, now=NOW).value is (above and below)
