"""The short way of common conditions gives what the whole way gives, warnings included."""

import os
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import Run, compile_expression
from tests.feel.moment import NOW

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 3), st.sampled_from([Decimal("1.0"), Decimal("1.5"), Decimal(2)]), st.just(1.5),
    st.sampled_from(["", "a", "b"]), st.just([1]), st.just({"a": 1}),
)  # fmt: skip
CONTEXTS = st.fixed_dictionaries(
    {}, optional={"a": VALUES, "b": VALUES, "c": st.fixed_dictionaries({}, optional={"d": VALUES})}
)
CONSTANTS = st.sampled_from(["1", "1.5", "2", "-1", '"a"', '"b"', "true", "false", "null"])
OPERANDS = st.sampled_from(["a", "b", "c.d", "c.d.e", "c", "count"])
SYMBOLS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(several.map(" and ".join), several.map(" or ".join)).map(lambda text: f"({text})")


COMPARISONS = st.one_of(
    st.tuples(OPERANDS, SYMBOLS, CONSTANTS).map(" ".join),
    st.tuples(CONSTANTS, SYMBOLS, OPERANDS).map(" ".join),
    st.sampled_from(["a", "b", "c.d"]),
)
CONDITIONS = st.recursive(COMPARISONS, _joined, max_leaves=5)


@settings(max_examples=int(os.environ.get("YIMEN_EXAMPLES", "500")), deadline=None)
@given(CONDITIONS, CONTEXTS)
def test_the_short_way_gives_what_the_whole_way_gives(source: str, context: dict[str, Any]) -> None:
    expression = compile_expression(source)
    run = Run(NOW)

    whole = expression.run(run, context)

    assert expression.evaluate(context, now=NOW) == (whole, tuple(run.warnings))


@pytest.mark.parametrize(
    ("source", "is_quick"),
    [
        ("a > 1", True),
        ("1 < a", True),
        ("a.b.c = true", True),
        ('a = "x" or b and c', True),
        ("a > b", False),
        ("a + 1 > 2", False),
        ("for a in [1] return a > 1", False),
        ("a[1] = 1", False),
        ("a", False),
        ("a > true", False),
    ],
)
def test_which_conditions_have_a_short_way(source: str, is_quick: bool) -> None:
    assert (compile_expression(source)._quick is not None) is is_quick


def test_a_local_variable_hides_one_from_outside() -> None:
    assert compile_expression("some a in [1] satisfies a > 0").evaluate({"a": -1}, now=NOW).value is True


def test_a_context_of_another_class_is_read_all_the_same() -> None:
    class Reading(dict[str, Any]):
        """As the engine reads variables of a scope within scopes."""

        def get(self, key: str, default: Any = None) -> Any:
            return 5 if key == "a" else default

    assert compile_expression("a > 1").evaluate(Reading(), now=NOW).value is True
