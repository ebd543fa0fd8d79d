"""What holds for every expression: it prints to itself, and nothing but a limit ever stops it (reliability, e3 and e4).

YIMEN_EXAMPLES sets how many expressions are tried.
"""

import contextlib
import os
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feel import (
    FeelError,
    FeelLimitError,
    YearsMonths,
    compile_expression,
    compile_unary_tests,
    parse_expression,
    text_of,
    to_json,
    to_source,
    tree,
)
from engine.feel.functions import BUILT_INS
from tests.feel.moment import NOW

_NAMES = st.sampled_from(["a", "b", "item", "一个 名称", "monthly income", "date and time", "count", "x"])
_CONSTANTS = st.one_of(
    st.just(tree.Null()),
    st.booleans().map(tree.Boolean),
    st.decimals(min_value=0, max_value=10**6, places=2).map(tree.Number),
    st.sampled_from([0, 1, 2, 3, 31, 10**40]).map(Decimal).map(tree.Number),
    st.text(max_size=4).filter(lambda text: text.isprintable()).map(tree.Text),
    st.sampled_from(
        [
            "2026-01-31",
            "0001-01-01",
            "9999-12-31",
            "08:30:00",
            "08:30:00Z",
            "08:30:00@Europe/Paris",
            "2026-03-29T02:30:00@Europe/Paris",
            "9999-12-31T23:59:59-14:00",
            "0001-01-01T00:00:00+14:00",
            "2026-01-31T08:30:00",
            "P1DT2H",
            "-P999999999D",
            "P100000Y",
        ]
    ).map(tree.AtLiteral),
    _NAMES.map(tree.Name),
)
_TYPES = st.sampled_from(["number", "string", "date", "date and time", "list", "Any"]).map(tree.TypeOf)


def _call(function: str) -> st.SearchStrategy[tree.Node]:
    count = max(len(each.parameters) for each in BUILT_INS[function])
    arguments = st.lists(_CONSTANTS | _lists(_CONSTANTS), max_size=min(4, count + 1)).map(tuple)
    return st.builds(tree.Call, st.just(tree.Name(function)), arguments)


def _lists(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    return st.lists(inner, max_size=3).map(tuple).map(tree.ListOf)


def _larger(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    iterations = st.lists(st.builds(tree.Iteration, _NAMES, inner), min_size=1, max_size=2).map(tuple)
    entries = st.lists(st.tuples(_NAMES, inner), max_size=2, unique_by=lambda entry: entry[0]).map(tuple)
    comparison = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    return st.one_of(
        _lists(inner),
        entries.map(tree.ContextOf),
        st.builds(tree.Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(tree.Compare, comparison, inner, inner),
        several.map(tree.And),
        several.map(tree.Or),
        st.builds(tree.Negate, inner),
        st.builds(tree.Between, inner, inner, inner),
        st.builds(
            tree.In,
            inner,
            st.lists(inner | st.builds(tree.UnaryCompare, comparison, inner), min_size=1, max_size=2).map(tuple),
        ),
        st.builds(tree.RangeOf, inner, inner, st.booleans(), st.booleans()),
        st.builds(tree.If, inner, inner, inner),
        st.builds(tree.For, iterations, inner),
        st.builds(tree.Quantified, st.booleans(), iterations, inner),
        st.builds(tree.Filter, inner, inner),
        st.builds(tree.Path, inner, st.sampled_from(["a", "year", "time offset", "start", "days", "timezone"])),
        st.builds(tree.InstanceOf, inner, _TYPES),
        st.builds(tree.FunctionOf, st.just((("x", None),)), inner),
        st.builds(tree.Call, inner, several),
        st.sampled_from(sorted(BUILT_INS)).flatmap(_call),
        st.sampled_from(sorted(BUILT_INS)).flatmap(
            lambda name: st.builds(tree.Call, st.just(tree.Name(name)), st.lists(inner, max_size=3).map(tuple))
        ),
    )


@cache
def _up_to(depth: int) -> st.SearchStrategy[tree.Node]:
    return _larger(_nested(depth))


@st.composite
def _nested(draw: st.DrawFn, depth: int) -> tree.Node:
    """A tree of at most so many levels below its root; one in four ends early."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(_CONSTANTS)
    return draw(_up_to(depth - 1))


EXPRESSIONS = _nested(3)
_VARIABLES: dict[str, Any] = {
    "a": [1, "x", None, {"a": 1}],
    "b": {"a": [1, 2], "b": "text", "x": 0.1},
    "一个 名称": datetime(2026, 1, 1, tzinfo=UTC),
    "monthly income": Decimal("1200.50"),
    "count": date(2026, 2, 28),
    "x": timedelta(days=3),
}
_MANY = settings(
    max_examples=int(os.environ.get("YIMEN_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@_MANY
@given(EXPRESSIONS)
def test_a_printed_tree_reads_back_as_itself(node: tree.Node) -> None:
    assert parse_expression(to_source(node), names=BUILT_INS) == node


@_MANY
@given(EXPRESSIONS)
def test_evaluation_ends_with_a_value_or_a_limit(node: tree.Node) -> None:
    try:
        result = compile_expression(to_source(node)).evaluate(_VARIABLES, now=NOW)
    except FeelError:
        return  # a limit, or a tree that only this test would write, such as a duplicate key

    text_of(result.value)
    to_json(result.value)


@_MANY
@given(st.text(alphabet="ab1 .\"'[](){}+-*/<>=!:,@?|\\\n中in and or if then else for some not functio", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for compile_text in (compile_expression, compile_unary_tests):
        with contextlib.suppress(FeelError):
            compile_text(text)


@pytest.mark.parametrize(
    "value",
    [YearsMonths(14), timedelta(days=-1, seconds=1), time(8, tzinfo=ZoneInfo("Asia/Shanghai")), date(2026, 1, 1)],
)
def test_temporal_text_reads_back_as_the_value(value: object) -> None:
    assert compile_expression(f'@"{text_of(value)}"').evaluate({}, now=NOW).value == value


def test_a_limit_is_an_error_of_this_package() -> None:
    assert issubclass(FeelLimitError, FeelError)
