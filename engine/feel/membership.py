"""Closures of `in` and of unary tests, the cells of decision tables (DMN 1.5, 7.3.2 and tables 51, 55)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from engine.feel import tree
from engine.feel.errors import WarningCode
from engine.feel.limits import same
from engine.feel.operators import ON_SAME_KIND, compare_values
from engine.feel.scope import Closure, Env, Scope
from engine.feel.values import KIND_ZH, Range, Value, contains, equal, kind_of, whole_form

INPUT = "?"
Test: TypeAlias = Callable[[Env, Value], bool | None]


def compile_in(node: tree.In, scope: Scope) -> Closure:
    """`value in tests`: true as soon as one test holds."""
    value = scope.compile(node.value)
    tests = [_test_of_point(each, scope) for each in node.tests]
    return lambda env: _any(env, tests, value(env))


def test_of_cell(node: tree.UnaryTests, scope: Scope) -> Test:
    """Whether the input value passes; for the cells that mention it, it is the local variable `?`."""
    texts = [each.value for each in node.tests if isinstance(each, tree.Text)]
    tests = [_test_in_cell(each, scope) for each in node.tests]
    tests = [_with_input(test) if _mentions_input(each) else test for test, each in zip(tests, node.tests, strict=True)]
    if len(tests) == 1:
        passed = tests[0]
    elif len(texts) == len(tests):
        passed = _one_of(frozenset(texts))
    else:

        def passed(env: Env, point: Value) -> bool | None:
            return _any(env, tests, point)

    return (lambda env, point: _negated(passed(env, point))) if node.negated else passed


def _one_of(texts: frozenset[str]) -> Test:
    return lambda _env, point: type(point) is str and point in texts


def _negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _any(env: Env, tests: list[Test], point: Value) -> bool | None:
    answer: bool | None = False
    for test in tests:
        passed = test(env, point)
        if passed:
            return True
        if passed is None:
            answer = None
    return answer


def _test_in_cell(node: tree.Node, scope: Scope) -> Test:
    """A test that may also be a condition: one that mentions `?`, or that is true by itself."""
    if isinstance(node, tree.Anything):
        return lambda _env, _point: True
    if isinstance(node, tree.UnaryCompare | tree.RangeOf | tree.Number | tree.Text | tree.Boolean):
        return _test_of_point(node, scope)
    value, position = scope.compile(node), node.start
    if _mentions_input(node):

        def condition(env: Env, _point: Value) -> bool | None:
            answer = value(env)
            return answer if isinstance(answer, bool) else None

        return condition

    def condition_or_member(env: Env, point: Value) -> bool | None:
        wanted = value(env)
        if isinstance(wanted, bool) and not isinstance(point, bool):
            return wanted
        return _is_member(env, point, wanted, position)

    return condition_or_member


def _with_input(test: Test) -> Test:
    """A test that can read the value under test, which the others, most of all, need not be given."""
    return lambda env, point: test(Env(env.root, {INPUT: point}, env.run), point)


def _mentions_input(node: tree.Node) -> bool:
    if isinstance(node, tree.Name):
        return node.name == INPUT
    return any(_mentions_input(child) for child in tree.children(node))


def _test_of_point(node: tree.Node, scope: Scope) -> Test:
    position = node.start
    if isinstance(node, tree.UnaryCompare):
        general = _comparison(node.operator, scope.compile(node.operand), position)
        operand = node.operand
        return _quickly(node.operator, operand.value, general) if isinstance(operand, tree.Number) else general
    if isinstance(node, tree.Number | tree.Text | tree.Boolean):
        return _is_constant(node.value)
    if isinstance(node, tree.RangeOf):
        fixed = _fixed_interval(node, position)
        if fixed is not None:
            return fixed
    value = scope.compile(node)
    if isinstance(node, tree.RangeOf):
        return lambda env, point: _lies_in(env, point, value(env), position)
    return lambda env, point: _is_member(env, point, value(env), position)


# ---------------------------------------------------------------------- tests against what is written in the cell


def _is_constant(constant: Decimal | str | bool) -> Test:
    """Unlike `=`, a value of another kind is simply not a member."""
    if isinstance(constant, str):
        return lambda _env, point: type(point) is str and point == constant
    if isinstance(constant, bool):
        return lambda _env, point: point is constant
    return lambda _env, point: equal(point, constant) is True


def _quickly(symbol: str, constant: Decimal, general: Test) -> Test:
    """A comparison with a number for points that are numbers."""
    compared, whole = ON_SAME_KIND[symbol], whole_form(constant)

    def holds(env: Env, point: Value) -> bool | None:
        kind = type(point)
        if kind is int:
            return compared(point, whole)
        if kind is Decimal:
            return compared(point, constant)
        return general(env, point)

    return holds


def _fixed_interval(node: tree.RangeOf, position: int) -> Test | None:
    """The test against an interval of numbers that the cell writes out, if it does."""
    low, high = _number_of(node.low), _number_of(node.high)
    if low is None or high is None or low > high:
        return None
    interval = Range(low, high, node.low_included, node.high_included)
    above, below = ON_SAME_KIND[">=" if node.low_included else ">"], ON_SAME_KIND["<=" if node.high_included else "<"]
    whole_low, whole_high = whole_form(low), whole_form(high)

    def within(env: Env, point: Value) -> bool | None:
        kind = type(point)
        if kind is int:
            return above(point, whole_low) and below(point, whole_high)
        if kind is Decimal:
            return above(point, low) and below(point, high)
        return _is_member(env, point, interval, position)

    return within


def _number_of(node: tree.Node | None) -> Decimal | None:
    match node:
        case tree.Number(value):
            return value
        case tree.Negate(tree.Number(value)):
            return -value
    return None


# ---------------------------------------------------------------------- tests against what is worked out


def _lies_in(env: Env, point: Value, interval: Value, position: int) -> bool | None:
    """Like `_is_member`, for a range written out: if its ends make no range, there is no answer."""
    return None if interval is None else _is_member(env, point, interval, position)


def _comparison(symbol: str, operand: Closure, position: int) -> Test:
    def holds(env: Env, point: Value) -> bool | None:
        if point is None and symbol not in ("=", "!="):
            return None  # an unknown input is no mistake of the table, so no warning
        return compare_values(env, symbol, point, operand(env), position)

    return holds


def _is_member(env: Env, point: Value, wanted: Value, position: int) -> bool | None:
    """Whether `point` is `wanted`, lies in that range, or is found in that list of values and ranges."""
    if isinstance(wanted, Range) and not isinstance(point, Range):
        inside = contains(wanted, point)
        if inside is None and point is not None:
            _not_comparable(env, point, wanted, position)
        return inside
    if isinstance(wanted, list):
        env.run.step(len(wanted))
        if isinstance(point, list) and same(env.run, point, wanted):
            return True
        return any(
            contains(each, point) is True
            if isinstance(each, Range) and not isinstance(point, Range)
            else same(env.run, each, point)
            for each in wanted
        )
    return same(env.run, point, wanted) is True


def _not_comparable(env: Env, point: Value, interval: Range, position: int) -> None:
    kind, bound = kind_of(point), kind_of(interval.high if interval.open_low else interval.low)
    env.run.warn(
        WarningCode.WRONG_TYPE,
        f"{KIND_ZH[kind]}不能与{KIND_ZH[bound]}的区间比较",
        f"{kind} cannot be compared with a range of {bound}",
        position,
    )
