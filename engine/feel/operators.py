"""Closures of the operators: arithmetic, comparison and three-valued logic (DMN 1.5, 10.3.2.8 and tables 50-58)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import tree
from engine.feel.arithmetic import calculate, is_defined, negate, power
from engine.feel.errors import WarningCode
from engine.feel.limits import same
from engine.feel.scope import Closure, Env, Scope, outer_name
from engine.feel.values import KIND_ZH, NUMBERS, Kind, Value, compare, kind_of, whole_form

_ON_DECIMALS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
    "**": power,
}
ON_SAME_KIND: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_FROM_ORDER: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
_EXACT = frozenset({Decimal, int})  # what decimal's operations take as it is
_CONSTANTS = (tree.Number, tree.Text, tree.Boolean)


def quietly(env: Env, closure: Closure) -> Value:
    """A value whose absence is asked for, not suffered: warnings made on the way are dropped."""
    warnings = env.run.warnings
    before = len(warnings)
    value = closure(env)
    del warnings[before:]
    return value


# ---------------------------------------------------------------------- arithmetic


def compile_arithmetic(node: tree.Arithmetic, scope: Scope) -> Closure:
    """Two numbers take the short way; every other pair of kinds goes through the tables."""
    left, right = scope.compile(node.left), scope.compile(node.right)
    symbol, position, on_decimals = node.operator, node.start, _ON_DECIMALS[node.operator]

    def arithmetic(env: Env) -> Value:
        first, second = left(env), right(env)
        if type(first) in _EXACT and type(second) in _EXACT:
            try:
                return on_decimals(first, second)
            except ArithmeticError:
                _warn_no_result(env, symbol, first, second, position)
                return None
        if type(first) is str and type(second) is str and symbol == "+":
            env.run.check_text(len(first) + len(second))
        result = calculate(symbol, first, second)
        if result is None:
            _warn_no_result(env, symbol, first, second, position)
        return result

    return arithmetic


def _warn_no_result(env: Env, symbol: str, left: Value, right: Value, position: int) -> None:
    if not is_defined(symbol, left, right):
        _wrong_kinds(env, symbol, left, right, position)
    elif symbol == "/" and not right:
        env.run.warn(WarningCode.NO_RESULT, "除数为 0", "division by zero", position)
    else:
        env.run.warn(
            WarningCode.OUT_OF_RANGE, f"“{symbol}”的结果超出范围", f"the result of '{symbol}' is out of range", position
        )


def _wrong_kinds(env: Env, symbol: str, left: Value, right: Value, position: int) -> None:
    first, second = kind_of(left), kind_of(right)
    env.run.warn(
        WarningCode.WRONG_TYPE,
        f"“{symbol}”不能用于{KIND_ZH[first]}和{KIND_ZH[second]}",
        f"'{symbol}' is not defined for {first} and {second}",
        position,
    )


def compile_negate(node: tree.Negate, scope: Scope) -> Closure:
    """Negation of numbers and durations."""
    operand, position = scope.compile(node.operand), node.start

    def negated(env: Env) -> Value:
        value = operand(env)
        result = negate(value)
        if result is None:
            kind = kind_of(value)
            env.run.warn(WarningCode.WRONG_TYPE, f"{KIND_ZH[kind]}不能取负", f"{kind} cannot be negated", position)
        return result

    return negated


# ---------------------------------------------------------------------- comparison


def compile_compare(node: tree.Compare, scope: Scope) -> Closure:
    """A comparison; asking whether something is null never warns that it is missing."""
    if isinstance(node.right, tree.Null) or isinstance(node.left, tree.Null):
        asked = scope.compile(node.left if isinstance(node.right, tree.Null) else node.right)
        if node.operator == "=":
            return lambda env: quietly(env, asked) is None
        if node.operator == "!=":
            return lambda env: quietly(env, asked) is not None
    if isinstance(node.left, _CONSTANTS):
        return _with_constant(node, scope, node.right, node.left.value, constant_first=True)
    if isinstance(node.right, _CONSTANTS):
        return _with_constant(node, scope, node.left, node.right.value, constant_first=False)
    left, right = scope.compile(node.left), scope.compile(node.right)
    symbol, position = node.operator, node.start
    return lambda env: compare_values(env, symbol, left(env), right(env), position)


def _with_constant(
    node: tree.Compare, scope: Scope, compared: tree.Node, constant: Decimal | str | bool, *, constant_first: bool
) -> Closure:
    """Comparison with a value written in the expression: the commonest condition of all."""
    closure = scope.compile(compared)
    symbol, position = node.operator, node.start

    def any_kind(env: Env, value: Value) -> bool | None:
        if constant_first:
            return compare_values(env, symbol, constant, value, position)
        return compare_values(env, symbol, value, constant, position)

    if isinstance(constant, bool) and symbol not in ("=", "!="):
        return lambda env: any_kind(env, closure(env))
    on_same_kind = ON_SAME_KIND[_MIRRORED[symbol] if constant_first else symbol]
    one: type = type(constant)
    other: type = int if one is Decimal else one
    for_other = whole_form(constant) if isinstance(constant, Decimal) else constant

    name = outer_name(compared, scope)
    if name is not None:
        if isinstance(constant, bool):
            return _variable_is(name, constant, symbol, lambda env: any_kind(env, closure(env)))

        def variable_comparison(env: Env) -> Value:
            value = env.root.get(name)
            kind = type(value)
            if kind is other:
                return on_same_kind(value, for_other)
            if kind is one:
                return on_same_kind(value, constant)
            return any_kind(env, closure(env))

        return variable_comparison

    def comparison(env: Env) -> Value:
        value = closure(env)
        kind = type(value)
        if kind is one:
            return on_same_kind(value, constant)
        if kind is other:
            return on_same_kind(value, for_other)
        return any_kind(env, value)

    return comparison


def _variable_is(name: str, constant: bool, symbol: str, otherwise: Closure) -> Closure:
    wanted = constant if symbol == "=" else not constant

    def is_constant(env: Env) -> Value:
        value = env.root.get(name)
        return value is wanted if isinstance(value, bool) else otherwise(env)

    return is_constant


def compare_values(env: Env, symbol: str, left: Value, right: Value, position: int) -> bool | None:
    """`left symbol right`; null and a warning for values of different or unordered kinds."""
    if symbol in ("=", "!="):
        answer = same(env.run, left, right)
        if answer is not None:
            return answer if symbol == "=" else not answer
    else:
        order = compare(left, right)
        if order is not None:
            return _FROM_ORDER[symbol](order)
    _wrong_kinds(env, symbol, left, right, position)
    return None


def compile_between(node: tree.Between, scope: Scope) -> Closure:
    """`value between low and high`, both ends included."""
    value, low, high = scope.compile(node.value), scope.compile(node.low), scope.compile(node.high)
    position = node.start

    def between(env: Env) -> Value:
        point = value(env)
        above = compare_values(env, ">=", point, low(env), position)
        below = compare_values(env, "<=", point, high(env), position)
        return _all_of(above, below)

    return between


def _all_of(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return True if first and second else None


# ---------------------------------------------------------------------- logic


def compile_and(node: tree.And, scope: Scope) -> Closure:
    """Three-valued conjunction (DMN 1.5, table 50)."""
    return _connective(node, scope, absorbing=False, word="and")


def compile_or(node: tree.Or, scope: Scope) -> Closure:
    """Three-valued disjunction (DMN 1.5, table 50)."""
    return _connective(node, scope, absorbing=True, word="or")


def _connective(node: tree.And | tree.Or, scope: Scope, *, absorbing: bool, word: str) -> Closure:
    """`and` is false as soon as one operand is, whatever the others; `or` likewise with true."""
    operands = [(scope.compile(each), each.start) for each in node.operands]
    neutral = not absorbing
    if len(operands) == 2:
        return _pair(operands[0], operands[1], absorbing=absorbing, word=word)

    def connective(env: Env) -> bool | None:
        answer: bool | None = neutral
        for operand, position in operands:
            value: Value = operand(env)
            if value is absorbing:
                return absorbing
            if value is not neutral:
                answer = None
                if value is not None:
                    _not_boolean(env, word, value, position)
        return answer

    return connective


def _pair(left: tuple[Closure, int], right: tuple[Closure, int], *, absorbing: bool, word: str) -> Closure:
    (one, at_one), (two, at_two) = left, right
    neutral = not absorbing

    def pair(env: Env) -> bool | None:
        first: Value = one(env)
        if first is absorbing:
            return absorbing
        second: Value = two(env)
        if second is absorbing:
            return absorbing
        if first is neutral and second is neutral:
            return neutral
        for value, position in ((first, at_one), (second, at_two)):
            if value is not None and not isinstance(value, bool):
                _not_boolean(env, word, value, position)
        return None

    return pair


def _not_boolean(env: Env, word: str, value: Value, position: int) -> None:
    kind = kind_of(value)
    env.run.warn(
        WarningCode.WRONG_TYPE,
        f"“{word}”需要布尔值，但此处是{KIND_ZH[kind]}",
        f"'{word}' needs a boolean, found {kind}",
        position,
    )


def compile_if(node: tree.If, scope: Scope) -> Closure:
    """Anything but true chooses `else`."""
    condition, then, otherwise = scope.compile(node.condition), scope.compile(node.then), scope.compile(node.otherwise)
    position = node.condition.start

    def choice(env: Env) -> Value:
        value = condition(env)
        if value is True:
            return then(env)
        if value is not False and kind_of(value) is not Kind.NULL:
            _not_boolean(env, "if", value, position)
        return otherwise(env)

    return choice
