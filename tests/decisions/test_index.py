"""Tables look up the rules that a value leaves; what cannot be looked up is asked, with the warnings of asking."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from engine.decisions.index import ColumnIndex, index_column
from engine.feel import Value, compile_unary_tests, parse_at_literal
from tests.decisions.models import decide, decision, table


def index(*cells: str) -> ColumnIndex:
    return index_column([None if cell == "-" else compile_unary_tests(cell) for cell in cells], ())


def rows(cells: Sequence[str], value: Value) -> list[int]:
    mask = index(*cells).by_type[type(value)](value)
    return [row for row in range(1, len(cells) + 1) if mask >> row - 1 & 1]


@pytest.mark.parametrize(
    ("cells", "value", "expected"),
    [
        (["< 5", "5", "> 5", "-"], 5, [2, 4]),
        (["< 5", "5", "> 5", "-"], Decimal("5.0"), [2, 4]),
        (["< 5", "5", "> 5", "-"], Decimal("5.0001"), [3, 4]),
        (["< 5", "5", "> 5", "-"], Decimal(-(10**40)), [1, 4]),
        (["[0.5..1)", "1", "(1..2]"], 1, [2]),
        (['"a"', '"b", "c"', 'not("a")'], "a", [1]),
        (['"a"', '"b", "c"', 'not("a")'], "z", [3]),
        (['< "b"', '"b"', '> "b"'], "bb", [3]),
        (["true", "false", "-"], True, [1, 3]),
        (['< @"2026-01-31"', '@"2026-01-31"', "-"], parse_at_literal("2026-01-31"), [2, 3]),
        (["null", "not(null)", "5"], None, [1]),
        (["-", "-", "-"], "anything", [1, 2, 3]),
    ],
)  # fmt: skip
def test_what_is_looked_up(cells: Sequence[str], value: Value, expected: list[int]) -> None:
    assert rows(cells, value) == expected


def test_cells_that_calculate_stay_open() -> None:
    found = index("< 5", "< limit", 'starts with(?, "x")', "-")

    assert found.open == 0b0110
    assert found.by_type[int](7) == 0b1110


def test_kinds_of_which_a_cell_has_something_to_say_are_asked() -> None:
    """A text compared with a number is worth a warning, which looking up would not give."""
    assert str not in index("< 5", "> 5", "5").by_type
    assert str in index("1", "2", "3").by_type


def test_short_tables_are_asked() -> None:
    found = index("< 5", ">= 5")

    assert (found.by_type, found.open) == ({}, 0b11)


def test_a_value_of_a_kind_that_is_not_looked_up_is_asked_with_its_warning() -> None:
    rules = [([f"> {limit}"], [f"{limit}"]) for limit in (9, 5, 1)]
    result = decide([decision("d", table(["a"], ["x"], rules, attributes='hitPolicy="FIRST"'))], "d", {"a": "text"})

    assert result.value is None
    assert [each.element_id for each in result.warnings] == ["r1i1", "r2i1", "r3i1"]


def test_warnings_come_from_rules_that_are_left_only() -> None:
    rules = [(['"a"', "> limit"], ["1"]), (['"b"', "> other"], ["2"]), (["-", "-"], ["3"])]
    result = decide(
        [decision("d", table(["kind", "n"], ["x"], rules, attributes='hitPolicy="FIRST"'))], "d", {"kind": "b", "n": 1}
    )

    assert result.value == 3
    assert {each.element_id for each in result.warnings} == {"r2i2"}
