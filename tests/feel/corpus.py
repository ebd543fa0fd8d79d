"""Expressions for the comparison with feelin: every kind of operation on values that lie at its edges."""

from collections.abc import Iterator
from itertools import product

NUMBERS = ("1", "0", "-2.5", "0.1", "7")
VALUES = ("1", '"a"', "true", "null", "[1, 2, 3]", "{a: 1}")
DATES = ('date("2024-02-29")', 'date("2025-12-31")')
MOMENTS = ('date and time("2025-03-30T01:30:00Z")', 'date and time("2025-12-31T23:59:59+08:00")')
LENGTHS = ('duration("P1D")', 'duration("PT36H")', 'duration("P1Y1M")', 'duration("-P1M")')
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or")
CALLS = {
    "substring": ['"食品安全", 2', '"abc", -2', '"abc", 2, 1', '"abc", 0', '"abc", 1, 9'],
    "string length": ['"食品"', '""', "null", "1"],
    "upper case": ['"aß"', "null"],
    "substring before": ['"foobar", "bar"', '"foobar", "x"', '"foobar", ""'],
    "substring after": ['"foobar", "oo"', '"", "a"', '"foobar", ""'],
    "contains": ['"foobar", "of"', '"foobar", ""', '"foobar", null'],
    "starts with": ['"foobar", "foo"', '"foobar", "of"'],
    "ends with": ['"foobar", "bar"', '"foobar", "x"'],
    "matches": ['"foobar", "^fo*b"', '"foobar", "O", "i"', '"a", "["'],
    "replace": ['"abcd", "(ab)|(a)", "[1=$1]"', '"banana", "an", "x"'],
    "split": ['"John Doe", "\\\\s"', '"a;b;;c", ";"'],
    "string join": ['["a", "b", "c"], "-"', '["a", null, "c"], "-"', '["a"]', '[], "-"', '["a", 1]'],
    "string": ["1.50", "true", "null", "[1, \"a\"]", '{a: "b"}', 'date("2025-01-01")', 'duration("P1D")', '"a"'],
    "number": ['"1 000.5", " ", "."', '"1,5", ".", ","', '"x"', '"1.5"', '"1e3"'],
    "not": ["true", "null", "1"],
    "list contains": ["[1, 2], 2", "[1, null], null", "[], 1"],
    "count": ["[1, null]", "[]", "null", "1"],
    "min": ["[3, 1, 2]", "3, 1", "[]", '"b", "a"', "null"],
    "max": ["[3, 1, 2]", "[]", '[1, "a"]'],
    "sum": ["[1, 2, 3]", "1, 2", "[]", '[1, "a"]', '[duration("P1D"), duration("PT1H")]'],
    "mean": ["[1, 2]", "[]", "[1, null]"],
    "product": ["[2, 3, 4]", "[]"],
    "median": ["[1, 3, 2]", "[1, 2, 3, 4]", "[]"],
    "stddev": ["[2, 4, 7, 5]", "[1]", "[]"],
    "mode": ["[1, 2, 2, 3, 3]", "[]"],
    "all": ["[true, null]", "[false, null]", "[]", "[true, 1]"],
    "any": ["[false, null]", "[true, null]", "[]"],
    "sublist": ["[1, 2, 3], 2", "[1, 2, 3], -2", "[1, 2, 3], 1, 2", "[1, 2, 3], 0", "[1, 2, 3], 2, 9"],
    "append": ["[1], 2, 3", "null, 1"],
    "concatenate": ["[1], [2, 3]", "[1], 2"],
    "insert before": ["[1, 3], 1, 2", "[1, 3], -1, 2", "[1, 3], 9, 2"],
    "remove": ["[1, 2, 3], 2", "[1, 2, 3], -1", "[1], 2"],
    "reverse": ["[1, 2, 3]", "[]", "null"],
    "index of": ["[1, 2, 1], 1", "[1], 9", "[null], null"],
    "union": ["[1, 2], [2, 3]"],
    "distinct values": ["[1, 2, 1, null, null]"],
    "flatten": ["[[1], [[2, 3]], 4]", "[]"],
    "sort": ["[3, 1, 2], function(x, y) x < y", "[3, 1, 2]"],
    "list replace": ["[1, 2, 3], 2, 9", "[1, 2, 3], function(item, newItem) item > newItem, 2"],
    "decimal": ["1.115, 2", "2.5, 0", "3.5, 0", "-2.5, 0", "1234, -2"],
    "floor": ["1.5", "-1.5", "1.56, 1"],
    "ceiling": ["1.5", "-1.5", "1.51, 1"],
    "round up": ["5.5, 0", "-5.5, 0", "1.121, 2"],
    "round down": ["5.5, 0", "-5.5, 0", "1.126, 2"],
    "round half up": ["5.5, 0", "-5.5, 0", "1.125, 2"],
    "round half down": ["5.5, 0", "-5.5, 0", "1.125, 2"],
    "abs": ["-10", 'duration("-PT5H")', 'duration("-P1Y")'],
    "modulo": ["12, 5", "-12, 5", "12, -5", "10.1, 4.5", "1, 0"],
    "sqrt": ["16", "-1"],
    "log": ["10", "0"],
    "exp": ["1"],
    "odd": ["5", "-1", "2.5"],
    "even": ["2", "0", "2.5"],
    "date": ['"2025-02-30"', "2025, 2, 28", "2025, 13, 1", '"2025-02-28T10:00:00"', "null"],
    "time": ['"25:00:00"', '"10:30:00"', "10, 30, 0", '10, 30, 0, duration("PT8H")', '"10:30:00@Asia/Shanghai"'],
    "date and time": ['"2025-02-28T10:00:00"', '"2025-02-28"', 'date("2025-02-28"), time("10:00:00Z")', '"x"'],
    "duration": ['"P1DT2H"', '"P1Y2M"', '"P1M1D"', '"x"', '"-PT0S"', '"P14M"', '"PT36H"'],
    "years and months duration": [f"{DATES[0]}, {DATES[1]}", f"{DATES[1]}, {DATES[0]}"],
    "day of year": [DATES[0]],
    "day of week": [DATES[0]],
    "month of year": [DATES[0]],
    "week of year": [DATES[1]],
    "before": ["1, 10", "10, 1", "[1..5], 6", "[1..5), (5..6]"],
    "after": ["10, 1", "[5..6], 4"],
    "meets": ["[1..5], [5..10]", "[1..5), [5..10]"],
    "met by": ["[5..10], [1..5]"],
    "overlaps": ["[1..5], [3..8]", "[1..5), [5..8]"],
    "overlaps before": ["[1..5], [3..8]", "[3..8], [1..5]"],
    "overlaps after": ["[3..8], [1..5]"],
    "finishes": ["10, [1..10]", "[5..10], [1..10]"],
    "finished by": ["[1..10], 10"],
    "includes": ["[1..10], 5", "[1..10], [4..6]", "(1..10), 1"],
    "during": ["5, [1..10]", "[4..6], [1..10]"],
    "starts": ["1, [1..10]", "[1..5], [1..10]"],
    "started by": ["[1..10], 1"],
    "coincides": ["5, 5", "[1..5], [1..5]"],
    "get value": ['{a: 1}, "a"', '{a: 1}, "b"'],
    "get entries": ["{a: 1}", "{}"],
    "context put": ['{a: 1}, "b", 2', '{a: 1}, "a", 2'],
    "context merge": ["[{a: 1}, {b: 2}]", "[{a: 1}, {a: 2}]"],
    "context": ['[{key: "a", value: 1}]'],
    "is": ['date("2025-01-01"), date("2025-01-01")', "1, 1.0", "null, null", '1, "1"'],
}  # fmt: skip
OTHERS = (
    "0.1 + 0.2 = 0.3", "12345678901234567890 + 1", "1 / 3 * 3 = 1", "2 ** 3 ** 2", "-2 ** 2", "5 - 3 - 1", "1 < 2 and 2 = 2",
    "if null then 1 else 2", "if 1 then 1 else 2", "5 in [1..10]", "5 in (5..10]", "5 in (< 3, > 4)", "null in [null]", "5 in [4, 5]",
    "1 between 0 and 2", "null between 0 and 2", "[1, 2, 3][item > 1]", "[1, 2, 3][2]", "[1, 2, 3][-1]", "[1, 2, 3][9]", "[1, 2, 3][0]",
    "[{a: 1}, {a: 2}].a", "[{a: 1}, {b: 2}].a", "[{a: 1}, {a: 2}][a = 2]", "{a: 1, b: a + 1}.b", "{a: 1}.b", "missing", "missing.x",
    "for i in [1, 2], j in [3, 4] return i * j", "for i in 1..3 return i", "for i in 3..1 return i", "for i in 1..3 return sum(partial)",
    "some i in [1, 2] satisfies i > 1", "every i in [1, 2] satisfies i > 1", "some i in [] satisfies true", "every i in [] satisfies false",
    "some i in [null] satisfies i > 1", "1 instance of number", "null instance of Any", "[1] instance of list<number>",
    '"a" instance of string', 'duration("P1Y") instance of years and months duration', "(function(x) x + 1)(2)", "function(x) x",
    'date("2025-03-31") + duration("P1M")', 'date("2024-02-29") + duration("P1Y")', 'date("2025-01-01").weekday', 'duration("P1DT2H").hours',
    'time("10:00:00") + duration("PT15H")', 'time("10:00:00+08:00") = time("02:00:00Z")', '@"2025-01-01" < @"2025-01-02"',
    "[1..5] = [1..5]", "[1, [2]] = [1, [2]]", "{a: 1, b: 2} = {b: 2, a: 1}", "[1..5].start", "(1..5).start included", "1 = 1.0",
    '"1" = 1', "null = missing", "null != 1", "not(missing = 1)", '"a" < "b"', '"a" < 1', "true < false", "// note\n1", "1 /* note */ + 1",
    '"\\u98df"', '"tab\\t"', '"\\U01F600"', "[1] + 1", "[5] > 4", "count([1, 2][item > 5])", "-(-3)", "3 - -3", "1e400", ".5", "1.",
)  # fmt: skip


def expressions() -> Iterator[str]:
    """The corpus, always in the same order."""
    for values in (NUMBERS, VALUES):
        yield from (f"{left} {operator} {right}" for left, operator, right in product(values, OPERATORS, values))
    for left, right in product((*DATES, *MOMENTS, *LENGTHS), repeat=2):
        yield from (f"{left} {operator} {right}" for operator in ("+", "-", "=", "<"))
    yield from (
        f"{length} {operator} {number}" for length in LENGTHS for operator in "*/" for number in ("2", "0", "-1.5")
    )
    yield from (f"{name}({arguments})" for name, each in CALLS.items() for arguments in each)
    yield from OTHERS
