"""What cannot be read is refused with its place, in Chinese and in English."""

import inspect
import sys

import pytest

from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests


@pytest.mark.parametrize(
    ("source", "position", "said"),
    [
        ("", 0, "expression"),
        ("1 +", 3, "end of the expression"),
        ("(1", 2, "')'"),
        ("[1, 2", 5, "']'"),
        ("{a 1}", 4, "':'"),
        ("if a then b", 11, "'else'"),
        ("for x [1] return x", 6, "'in'"),
        ("some x in [1] return x", 14, "'satisfies'"),
        ("1 2", 2, "to end here"),
        ("a.", 2, "a name"),
        ("a = = b", 4, "an expression"),
        ('"open', 0, "closing quote"),
        ("/* open", 0, "closing */"),
        ("1 # 2", 2, "unexpected character"),
        ("count（a）", 5, "full-width"),
        ("a，b", 1, "full-width"),
        ("“a”", 0, "full-width"),
        ('@"2026-02-30"', 0, "no date"),
        ("@x", 1, "quoted"),
        ("f(a: 1, 2)", 8, "cannot be mixed"),
        ("{a: 1, a: 2}", 10, "occurs twice"),
        ("x instance of nonsense", 14, "no type"),
        ("function(a) external {java: {}}", 12, "external"),
        ("1..2", 1, "to end here"),
        (r'"\U110000"', 1, "no character"),
        ("return", 0, "an expression"),
    ],
)
def test_a_mistake_is_told_with_its_place(source: str, position: int, said: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(source)

    assert (caught.value.position, said in caught.value.message_en) == (position, True), caught.value.message_en


def test_place_is_also_given_as_line_and_column() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("if a\nthen b\nelze c")

    assert (caught.value.line, caught.value.column) == (3, 7)


def test_message_is_given_in_chinese() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("amount >")

    assert caught.value.message_zh == "应为表达式，但表达式已结束"


def test_source_of_more_than_ten_thousand_characters_is_refused() -> None:
    with pytest.raises(FeelSyntaxError, match="10000 characters"):
        compile_expression('"' + "x" * 10_000 + '"')


@pytest.mark.parametrize(
    "source",
    [
        "(" * 101 + "1" + ")" * 101,
        "[" * 200,
        "-" * 200 + "1",
        "1" + "+1" * 200,
        "a" + ".b" * 200,
        "f(" * 150,
        "if a then " * 150,
    ],
)
def test_nesting_of_more_than_a_hundred_is_refused(source: str) -> None:
    with pytest.raises(FeelSyntaxError, match="deeper than 100"):
        compile_expression(source)


def test_long_chains_of_and_are_not_deep() -> None:
    assert compile_expression(" and ".join(["a"] * 500)).names == {"a"}


@pytest.mark.parametrize("source", ["", "< ", "1,", "not(", "[1..", "1 2"])
def test_unary_tests_are_refused_likewise(source: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(source)


def test_deep_nesting_is_refused_also_where_the_stack_is_nearly_used_up() -> None:
    source = "(" * 90 + "1" + ")" * 90

    def at_depth(frames: int) -> object:
        return at_depth(frames - 1) if frames else compile_expression(source)

    with pytest.raises(FeelSyntaxError, match="nests"):
        at_depth(sys.getrecursionlimit() - len(inspect.stack()) - 300)
