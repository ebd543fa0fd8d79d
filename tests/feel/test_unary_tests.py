"""The cells of decision tables (DMN 1.5, 7.3.2)."""

from decimal import Decimal
from typing import Any

import pytest

from engine.feel import FeelSyntaxError, compile_unary_tests
from tests.feel.moment import NOW


@pytest.mark.parametrize(
    ("source", "given", "passes"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("5", 6, False),
        ("5", "5", False),
        ('"低保", "特困"', "特困", True),
        ('not("低保", "特困")', "特困", False),
        ("not(5)", None, True),
        ("< 10", 5, True),
        ("<= 10, > 100", 50, False),
        ("[1..5]", 5, True),
        ("(1..5)", 5, False),
        ("null", None, True),
        ("= null", None, True),
        ("!= null", 1, True),
        ("< 10", None, None),
        ("[1..5]", None, None),
        ("true", True, True),
        ("false", True, False),
        ("? > 3 and ? < 9", 5, True),
        ("? > 3 and ? < 9", 9, False),
        ('list contains(?, "a")', ["a", "b"], True),
        ("count(?) > 1", ["a"], False),
        ("limit", 10, True),
        ("<= limit", 10, True),
        ("[limit..limit * 2]", 15, True),
        ("allowed", "x", True),
        ("not(allowed)", "x", False),
        ("limit > 5", "anything", True),
        ("limit > 50", "anything", False),
        ("limit > 5", False, False),
        ("not(? = 5)", 5, False),
        ('if ? = "a" then true else false', "a", True),
        ("-5", -5, True),
        ("- 5", -5, True),
    ],
)
def test_cells(source: str, given: object, passes: object) -> None:
    variables: dict[str, Any] = {"limit": Decimal(10), "allowed": ["x", "y"]}

    assert compile_unary_tests(source).evaluate(variables, input_value=given, now=NOW).value is passes


def test_an_unknown_input_is_no_mistake_of_the_table() -> None:
    assert compile_unary_tests("< 10, [20..30]").evaluate({}, input_value=None, now=NOW).warnings == ()


def test_a_wrong_kind_of_input_is_warned_of() -> None:
    warnings = compile_unary_tests("[1..5]").evaluate({}, input_value="a", now=NOW).warnings

    assert warnings[0].text_en == "string cannot be compared with a range of number"


def test_variables_of_a_cell_are_told_without_the_input() -> None:
    assert compile_unary_tests("? > limit").names == {"limit"}


@pytest.mark.parametrize("cell", ["not((1..5])", "not([1..5))", "not(]1..5[)", "not([1..5], (7..9))"])
def test_not_around_half_open_ranges_is_the_negation_of_the_cell(cell: str) -> None:
    tests = compile_unary_tests(cell)

    assert [tests.evaluate({}, input_value=point, now=NOW).value for point in (3, 20)] == [False, True]


def test_a_mistake_inside_not_is_told_where_it_is() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_unary_tests("not(< 5, * 3)")

    assert caught.value.position == 9


@pytest.mark.parametrize(
    "cell", ["< ? + 1", "[? - 1..10]", "? > 3", "-1, ? = 4", "not(? = 5)", "some n in [4] satisfies n = ?"]
)
def test_the_input_may_be_mentioned_anywhere(cell: str) -> None:
    assert compile_unary_tests(cell).evaluate({}, input_value=4, now=NOW).value is True
