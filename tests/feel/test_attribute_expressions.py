"""Attributes of a diagram: FEEL after an equals sign, else text (`engine.expressions`)."""

import pytest

from engine.expressions import Feel, Literal, compile_value
from engine.feel import FeelSyntaxError
from tests.feel.moment import NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [("=amount + 1", 6), ("  = amount", 5), ("amount", "amount"), ("", ""), ("a=b", "a=b"), ("=amount = 5", True)],
)
def test_attributes(text: str, expected: object) -> None:
    assert compile_value(text).evaluate({"amount": 5}, now=NOW).value == expected


def test_kind_of_an_attribute_is_known_beforehand() -> None:
    assert (type(compile_value("=a")), type(compile_value("a"))) == (Feel, Literal)


def test_variables_of_an_attribute_are_told() -> None:
    assert (compile_value("=a + b").names, compile_value("a + b").names) == ({"a", "b"}, set())


def test_place_of_a_mistake_counts_in_the_attribute_itself() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_value("= a +* b")

    assert caught.value.position == 5


def test_an_empty_expression_is_refused() -> None:
    with pytest.raises(FeelSyntaxError):
        compile_value("=")
