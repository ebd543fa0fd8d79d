"""The built-in functions, one row per fact (DMN 1.5, 10.3.4; Camunda 8's additions)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.feel import Range, YearsMonths
from engine.feel.functions import BUILT_INS

Value = Callable[..., Any]
ONE, TWO, THREE = Decimal(1), Decimal(2), Decimal(3)

NUMBERS = [
    ("decimal(2.345, 2)", Decimal("2.34")),
    ("decimal(2.355, 2)", Decimal("2.36")),
    ("decimal(1234.5, -2)", Decimal(1200)),
    ("floor(-1.5)", Decimal(-2)),
    ("floor(1.57, 1)", Decimal("1.5")),
    ("ceiling(1.5)", Decimal(2)),
    ("round up(-1.1, 0)", Decimal(-2)),
    ("round down(1.19, 1)", Decimal("1.1")),
    ("round half up(2.5, 0)", Decimal(3)),
    ("round half down(2.5, 0)", Decimal(2)),
    ("decimal(1.5, 7000)", None),
    ("abs(-3)", THREE),
    ('abs(@"-P1D")', timedelta(days=1)),
    ('abs(@"-P1Y")', YearsMonths(12)),
    ("modulo(-12, 5)", Decimal(3)),
    ("modulo(12, -5)", Decimal(-3)),
    ("modulo(1, 0)", None),
    ("sqrt(16)", Decimal(4)),
    ("sqrt(-1)", None),
    ("log(1)", Decimal(0)),
    ("log(0)", None),
    ("exp(0)", ONE),
    ("exp(100000)", None),
    ("odd(5)", True),
    ("even(-2)", True),
    ("0 <= random number() and random number() < 1", True),
]
STRINGS = [
    ('substring("救助申请", 3)', "申请"),
    ('substring("救助申请", -2, 1)', "申"),
    ('substring("😀ab", 2)', "ab"),
    ('substring("abc", 0)', None),
    ('string length("救助")', TWO),
    ('upper case("aß")', "ASS"),
    ('lower case("AB")', "ab"),
    ('substring before("a/b/c", "/")', "a"),
    ('substring before("abc", "x")', ""),
    ('substring after("a/b/c", "/")', "b/c"),
    ('substring after("abc", "")', "abc"),
    ('contains("救助申请", "申请")', True),
    ('starts with("P04-S01", "P04")', True),
    ('ends with("P04-S01", "S02")', False),
    (r'matches("PL-07", "^PL-\d{2}$")', True),
    ('matches("ABC", "b", "i")', True),
    (r'matches("a\nb", "a.b")', False),
    (r'matches("a\nb", "a.b", "s")', True),
    ('matches("a b", "a b", "x")', False),
    ('matches("a.b", "a.b", "q")', True),
    ('matches("abc", "a", "z")', None),
    (r'replace("2026-01-31", "(\d+)-(\d+)-(\d+)", "$3.$2.$1")', "31.01.2026"),
    (r'replace("ab", "(a)", "$1$1")', "aab"),
    ('replace("abc", "b", "$$", "q")', "a$$c"),
    ('replace("abc", "x*", "-")', None),
    ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
    (r'split("a1b22c", "\d+")', ["a", "b", "c"]),
    ('split("abc", "")', None),
    (r'extract("电话 13800000000 或 010-123", "\d{3,}")', ["13800000000", "010", "123"]),
    ('string join(["a", null, "b"], "、")', "a、b"),
    ('string join(["a", "b"])', "ab"),
    ('string join(["a", "b"], ",", "[", "]")', "[a,b]"),
    ("string join([1])", None),
    ('trim("  a b ")', "a b"),
    ('is blank("  ")', True),
    ('to base64("救助")', "5pWR5Yqp"),
    ('from base64("5pWR5Yqp")', "救助"),
    ('from base64("%")', None),
    ("string length(uuid())", Decimal(36)),
]
LISTS = [
    ("list contains([1, null], null)", True),
    ('list contains(["a"], "b")', False),
    ("count([1, 2, 3])", THREE),
    ("count(null)", None),
    ("count(5)", ONE),
    ("min([3, 1, 2])", ONE),
    ("max(3, 1, 2)", THREE),
    ('max("b", "a")', "b"),
    ("min([])", None),
    ('min(1, "a")', None),
    ("sum([1, 2])", THREE),
    ("sum([])", None),
    ('sum([1, "a"])', None),
    ('sum([@"P1D", @"PT12H"])', timedelta(days=1, hours=12)),
    ("mean([1, 2])", Decimal("1.5")),
    ('mean([@"P1D", @"P3D"])', timedelta(days=2)),
    ("product([2, 3])", Decimal(6)),
    ("median([8, 2, 5, 3, 4])", Decimal(4)),
    ("median([6, 1, 2, 3])", Decimal("2.5")),
    ("stddev([2, 4, 7, 5])", Decimal("2.081665999466132735282297706979931")),
    ("stddev([1])", None),
    ("mode([6, 3, 9, 6, 6])", [Decimal(6)]),
    ("mode([6, 1, 9, 6, 1])", [ONE, Decimal(6)]),
    ("all([true, null])", None),
    ("all([false, null])", False),
    ("any(true, null)", True),
    ("any([])", False),
    ("sublist([1, 2, 3], 2)", [TWO, THREE]),
    ("sublist([1, 2, 3], -2, 1)", [TWO]),
    ("sublist([1, 2, 3], 3, 2)", None),
    ("append([1], 2, 3)", [ONE, TWO, THREE]),
    ("append(null, 1)", [None, ONE]),
    ("concatenate([1], [2, 3])", [ONE, TWO, THREE]),
    ("insert before([1, 3], 2, 2)", [ONE, TWO, THREE]),
    ("insert before([1], 5, 2)", None),
    ("remove([1, 2, 3], 2)", [ONE, THREE]),
    ("list replace([1, 5, 3], 2, 2)", [ONE, TWO, THREE]),
    ("list replace([1, 5, 3], function(item, newItem) item > newItem, 2)", [ONE, TWO, TWO]),
    ("reverse([1, 2])", [TWO, ONE]),
    ("index of([1, 2, 1], 1)", [ONE, THREE]),
    ("union([1, 2], [2, 3])", [ONE, TWO, THREE]),
    ("distinct values([1, 2, 1])", [ONE, TWO]),
    ("duplicate values([1, 2, 3, 1])", [ONE]),
    ("flatten([[1, [2]], 3])", [ONE, TWO, THREE]),
    ("sort([2, 3, 1])", [ONE, TWO, THREE]),
    ("sort([{a: 2}, {a: 1}], function(x, y) x.a < y.a)", [{"a": ONE}, {"a": TWO}]),
    ('sort([1, "a"])', None),
    ("is empty([])", True),
    ("is empty([1])", False),
    ("partition([1, 2, 3], 2)", [[ONE, TWO], [THREE]]),
    ("partition([1], 0)", None),
]
CONTEXTS = [
    ('get value({a: 1}, "a")', ONE),
    ('get value({a: 1}, "b")', None),
    ('get value({a: {b: 2}}, ["a", "b"])', TWO),
    ("get entries({a: 1})", [{"key": "a", "value": ONE}]),
    ('context([{key: "a", value: 1}])', {"a": ONE}),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
    ('context put({a: 1}, "b", 2)', {"a": ONE, "b": TWO}),
    ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": ONE, "c": TWO}}),
    ('context put({a: 1}, ["a", "c"], 2)', None),
    ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": TWO, "b": THREE}),
    ("context merge({a: 1}, {b: 2})", {"a": ONE, "b": TWO}),
    ('context merge([{a: 1}, "x"])', None),
]
CONVERSIONS = [
    ("string(1.10)", "1.1"),
    ("string(100)", "100"),
    ('string("a")', "a"),
    ("string(true)", "true"),
    ("string(null)", None),
    ('string([1, "a", null])', '[1, "a", null]'),
    ("string({a: 1})", "{a: 1}"),
    ('string(@"2026-01-31")', "2026-01-31"),
    ('string(@"P1DT0.5S")', "P1DT0.5S"),
    ("string([1..5))", "[1..5)"),
    ('number("1 000,5", " ", ",")', Decimal("1000.5")),
    ('number("12.50")', Decimal("12.50")),
    ('number("abc")', None),
    ('number("1", "x", ".")', None),
    ('to json({a: 1.10, b: ["x", null], c: true})', '{"a":1.1,"b":["x",null],"c":true}'),
    ('from json("{\\"a\\": 0.1}")', {"a": Decimal("0.1")}),
    ('from json("{")', None),
    ('from json("NaN")', None),
    ("get or else(null, 1)", ONE),
    ("get or else(2, 1)", TWO),
    ("is defined(missing)", False),
    ("is defined({a: null}.a)", True),
    ("is defined(1)", True),
    ("is defined(null)", True),
    ("assert(5, true)", Decimal(5)),
    ('assert(5, false, "错")', None),
    ("is(1, 1.0)", True),
    ('is(@"08:00:00Z", @"08:00:00+08:00")', False),
    ('is(@"2026-01-01", "2026-01-01")', False),
    ("not(true)", False),
]
DATES = [
    ("now()", datetime(2026, 11, 22, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai"))),
    ("today()", date(2026, 11, 22)),
    ('date("2026-02-28")', date(2026, 2, 28)),
    ('date("2026-02-30")', None),
    ("date(2026, 2, 28)", date(2026, 2, 28)),
    ("date(2026, 2.5, 28)", None),
    ('date(@"2026-02-28T10:00:00Z")', date(2026, 2, 28)),
    ('time("10:30:00+08:00")', time(10, 30, tzinfo=timezone(timedelta(hours=8)))),
    ("time(10, 30, 0)", time(10, 30)),
    ('time(10, 30, 0, @"PT8H")', time(10, 30, tzinfo=timezone(timedelta(hours=8)))),
    ("time(25, 0, 0)", None),
    ('date and time("2026-01-31T24:00:00")', datetime(2026, 2, 1)),  # noqa: DTZ001
    ('date and time(@"2026-01-31", @"10:00:00Z")', datetime(2026, 1, 31, 10, tzinfo=UTC)),
    (
        'date and time(@"2026-01-31T00:00:00Z", "Asia/Shanghai")',
        datetime(2026, 1, 31, 8, tzinfo=ZoneInfo("Asia/Shanghai")),
    ),
    ('date and time(@"2026-01-31T00:00:00Z", "Atlantis/Capital")', None),
    ('duration("P1Y6M")', YearsMonths(18)),
    ('duration("PT90M")', timedelta(minutes=90)),
    ('duration("P1Y1D")', None),
    ('years and months duration(@"2024-02-29", @"2026-02-28")', YearsMonths(23)),
    ('years and months duration(@"2026-02-28", @"2024-02-28")', YearsMonths(-24)),
    ('years and months duration(@"2026-01-31T10:00:00Z", @"2026-03-01")', YearsMonths(1)),
    ('day of year(@"2026-02-01")', Decimal(32)),
    ('day of week(@"2026-11-22")', "Sunday"),
    ('month of year(@"2026-11-22")', "November"),
    ('week of year(@"2027-01-01")', Decimal(53)),
    ('last day of month(@"2024-02-03")', date(2024, 2, 29)),
]
RANGES = [
    ("before(1, [2..3])", True),
    ("before([1..2), 2)", True),
    ("before([1..2], [2..3])", False),
    ("after(5, [1..3])", True),
    ("meets([1..3], [3..5])", True),
    ("met by([3..5], [1..3])", True),
    ("overlaps([1..5], [3..8])", True),
    ("overlaps before([1..5], [3..8])", True),
    ("overlaps after([3..8], [1..5])", True),
    ("finishes(5, [1..5])", True),
    ("finished by([1..5], [3..5])", True),
    ("includes([1..10], [2..5))", True),
    ("during(5, (5..10])", False),
    ("starts([1..3], [1..5])", True),
    ("started by([1..5], 1)", True),
    ("coincides([1..5], [1..5])", True),
    ('before(1, "a")', None),
    ('range("[1..5)")', Range(ONE, Decimal(5), True, False)),
    ('range("[@\\"2026-01-01\\"..@\\"2026-12-31\\"]")', Range(date(2026, 1, 1), date(2026, 12, 31), True, True)),
    ('range("[5..1]")', None),
    ('range("nonsense")', None),
]


@pytest.mark.parametrize(("source", "expected"), [*NUMBERS, *STRINGS, *LISTS, *CONTEXTS, *CONVERSIONS, *DATES, *RANGES])
def test_functions(value: Value, source: str, expected: object) -> None:
    assert value(source) == expected


def test_every_function_has_a_row() -> None:
    rows = [*NUMBERS, *STRINGS, *LISTS, *CONTEXTS, *CONVERSIONS, *DATES, *RANGES]
    text = " ".join(source for source, _ in rows)

    assert [name for name in BUILT_INS if f"{name}(" not in text] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('substring(string: "abc", start position: 2)', "bc"),
        ('substring(start position: 2, length: 1, string: "abc")', "b"),
        ("sum(list: [1, 2])", THREE),
        ('date and time(date: @"2026-01-31", time: @"10:00:00")', datetime(2026, 1, 31, 10)),  # noqa: DTZ001
        ("decimal(n: 1.25, scale: 1)", Decimal("1.2")),
        ('substring(text: "abc", start position: 2)', None),
        ('substring(string: "abc")', None),
        ("{f: function(a, b) a - b, r: f(b: 1, a: 3)}.r", TWO),
        ("{f: function(a, b) a - b, r: f(b: 1, c: 3)}.r", None),
    ],
)
def test_arguments_by_name(value: Value, source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('upper case(["a"])', "A"),
        ("count(1)", ONE),
        ('string length(["ab", "c"])', None),
    ],
)
def test_items_and_lists_of_one_stand_for_each_other(value: Value, source: str, expected: object) -> None:
    """DMN 1.5, 10.3.2.9.4."""
    assert value(source) == expected


def test_a_built_in_function_is_a_value(value: Value) -> None:
    assert value("for f in [min, max] return f([1, 3])") == [ONE, THREE]
