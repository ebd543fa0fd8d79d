"""A null never comes silently: the warning says what is missing and where."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.feel import Evaluation, FeelError, WarningCode, compile_expression
from tests.feel import corpus
from tests.feel.moment import NOW

Evaluate = Callable[..., Evaluation]


@pytest.mark.parametrize(
    ("source", "variables", "code", "position", "said"),
    [
        ("1 + incme", {}, WarningCode.MISSING_VARIABLE, 4, "incme"),
        ("a.b", {"a": {"c": 1}}, WarningCode.MISSING_ENTRY, 0, "'b'"),
        ("1 + nothing(1)", {}, WarningCode.UNKNOWN_FUNCTION, 4, "nothing"),
        ('1 < "2"', {}, WarningCode.WRONG_TYPE, 0, "number and string"),
        ("1 / 0", {}, WarningCode.NO_RESULT, 0, "division by zero"),
        ("[1][5]", {}, WarningCode.OUT_OF_RANGE, 4, "no item 5"),
        ('true and "x"', {}, WarningCode.WRONG_TYPE, 9, "boolean"),
        ("10 ** 100000", {}, WarningCode.OUT_OF_RANGE, 0, "range"),
        ('substring("a", "b")', {}, WarningCode.WRONG_ARGUMENTS, 0, "(string, string)"),
        ('date("someday")', {}, WarningCode.NO_RESULT, 0, "not a date"),
        ('assert(1, 1 > 2, "金额不符")', {}, WarningCode.NO_RESULT, 0, "金额不符"),
        ("{f: function(a) a, r: f(1, 2)}.r", {}, WarningCode.WRONG_ARGUMENTS, 22, "(a)"),
        ("(function() 1)(2)", {}, WarningCode.WRONG_ARGUMENTS, 1, "()"),
        ("{f: now, r: f(1)}.r", {}, WarningCode.WRONG_ARGUMENTS, 4, "now"),
        ("a(1)", {"a": 5}, WarningCode.UNKNOWN_FUNCTION, 0, "a"),
        ("5[item]", {}, WarningCode.OUT_OF_RANGE, 2, "no item 5"),
        ('[1]["x"]', {}, WarningCode.WRONG_TYPE, 4, "a boolean or a position"),
        ("for i in true..2 return i", {}, WarningCode.WRONG_TYPE, 4, "iterate"),
        ("[5..1]", {}, WarningCode.WRONG_TYPE, 0, "upside down"),
        ('matches("a", "(")', {}, WarningCode.NO_RESULT, 0, "invalid"),
    ],
)
def test_a_null_explains_itself(
    evaluate: Evaluate, source: str, variables: dict[str, Any], code: WarningCode, position: int, said: str
) -> None:
    last = evaluate(source, variables).warnings[0]

    assert (last.code, last.position, said in last.text_en) == (code, position, True), last.text_en


def test_warnings_are_also_in_chinese(evaluate: Evaluate) -> None:
    assert evaluate("incme > 1").warnings[0].text_zh == "变量“incme”不存在"


def test_a_broken_path_warns_once(evaluate: Evaluate) -> None:
    assert len(evaluate("a.b.c.d").warnings) == 1


@pytest.mark.parametrize(
    "source",
    ["x = null", "null != x", "is defined(x.y)", "get or else(x.y, 1)", "if x.y = null then 1 else 2", "1 + 1"],
)
def test_asking_whether_something_is_there_warns_of_nothing(evaluate: Evaluate, source: str) -> None:
    assert evaluate(source).warnings == ()


def test_no_more_than_a_hundred_warnings_are_kept(evaluate: Evaluate) -> None:
    assert len(evaluate("for i in 1..500 return i + missing").warnings) == 100


def is_silent(source: str) -> bool:
    """Whether the expression gives null without a word; `null` handed on, as in `not(null)`, is no news."""
    try:
        found = compile_expression(source).evaluate({}, now=NOW)
    except FeelError:
        return False
    return found.value is None and not found.warnings and "null" not in source


def test_a_null_made_of_what_is_there_never_comes_silently() -> None:
    assert [source for source in corpus.expressions() if is_silent(source)] == []
