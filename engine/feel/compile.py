"""Syntax tree to closures: every node becomes one Python function of the environment.

Closures are made once and run often, so what is known beforehand (constants, where a name lives, which function is
meant) is decided here. Warnings are made on the slow paths only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import tree
from engine.feel.calls import builtin_value, compile_call, compile_function, known_type
from engine.feel.errors import FeelSyntaxError, WarningCode
from engine.feel.loops import compile_filter, compile_for, compile_quantified
from engine.feel.membership import compile_in
from engine.feel.operators import (
    compile_and,
    compile_arithmetic,
    compile_between,
    compile_compare,
    compile_if,
    compile_negate,
    compile_or,
)
from engine.feel.paths import compile_path
from engine.feel.scope import MISSING, Closure, Env, Scope, lookup
from engine.feel.temporal import parse_at_literal, parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.types import is_instance
from engine.feel.values import Range, Value, compare, kind_of

_READERS: dict[str, Callable[[str], Value]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}


def compile_node(node: tree.Node, scope: Scope) -> Closure:
    """The closure of `node`; raises FeelSyntaxError for what only shows here (unknown type, impossible date)."""
    constant = constant_of(node, scope)
    if constant is not MISSING:
        return lambda _env: constant
    return _COMPILERS[type(node)](node, scope)


def constant_of(node: tree.Node, scope: Scope) -> Value:
    """The value that `node` has in every environment, MISSING if it depends on one."""
    match node:
        case tree.Null():
            return None
        case tree.Boolean(value) | tree.Number(value) | tree.Text(value):
            return value
        case tree.Negate(tree.Number(value)):
            return -value
        case tree.AtLiteral(text):
            return _at_literal(node, text)
        case tree.Call(tree.Name(name), (tree.Text(text),), ()) if name in _READERS:
            return _made_of_text(name, text, scope)
    return MISSING


def _at_literal(node: tree.Node, text: str) -> Value:
    value = parse_at_literal(text)
    if value is None:
        raise FeelSyntaxError(
            f"“{text}”不是日期、时间或时长",
            f"{text!r} is no date, time or duration",
            source="",
            position=node.start,
        )
    return value


def _made_of_text(name: str, text: str, scope: Scope) -> Value:
    """`date("2026-01-31")` and its like are worked out once; what cannot be read stays a call, for its warning."""
    if name in scope.declared or any(not isinstance(layer, frozenset) or name in layer for layer in scope.layers):
        return MISSING
    value = _READERS[name](text)
    return MISSING if value is None else value


# ---------------------------------------------------------------------- names, contexts, lists, ranges


def _compile_name(node: tree.Name, scope: Scope) -> Closure:
    name, position = node.name, node.start
    # Also a built-in's name counts as a variable that may be read: one of that name wins (`count` of a ledger).
    item_keys, local = scope.find(name)
    overloads = scope.functions.get(name)
    if local and not item_keys:
        return lambda env: env.local[name]

    def absent(env: Env) -> Value:
        if overloads is not None:
            return builtin_value(env.run, name, overloads, position)
        env.run.warn(WarningCode.MISSING_VARIABLE, f"变量“{name}”不存在", f"variable '{name}' does not exist", position)
        return None

    if item_keys:

        def entry(env: Env) -> Value:
            value = lookup(env, name, item_keys, local)
            return absent(env) if value is MISSING else value

        return entry

    def variable(env: Env) -> Value:
        value = env.root.get(name, MISSING)
        return absent(env) if value is MISSING else value

    return variable


def _compile_list(node: tree.ListOf, scope: Scope) -> Closure:
    items = [scope.compile(_as_value(item)) for item in node.items]
    return lambda env: [item(env) for item in items]


def _as_value(node: tree.Node) -> tree.Node:
    """A comparison such as `< 5` standing as a value is the interval it describes."""
    if not isinstance(node, tree.UnaryCompare):
        return node
    operand, span = node.operand, {"start": node.start, "end": node.end}
    match node.operator:
        case "<" | "<=":
            return tree.RangeOf(None, operand, False, node.operator == "<=", **span)
        case ">" | ">=":
            return tree.RangeOf(operand, None, node.operator == ">=", False, **span)
        case _:
            return node


def _compile_stray_comparison(node: tree.UnaryCompare, scope: Scope) -> Closure:
    """`(= 10)` and `(!= 10)` as values: ranges of their own kind."""
    interval = _as_value(node)
    if interval is not node:
        return scope.compile(interval)
    operand = scope.compile(node.operand)
    if node.operator == "=":

        def only(env: Env) -> Range:
            value = operand(env)
            return Range(value, value, True, True, sign="=")

        return only
    return lambda env: Range(None, None, False, False, True, True, sign="!=", excluded=operand(env))


def _compile_context(node: tree.ContextOf, scope: Scope) -> Closure:
    entries: list[tuple[str, Closure]] = []
    seen: set[str] = set()
    for name, value in node.entries:
        if name in seen:
            raise FeelSyntaxError(f"键“{name}”重复", f"the key '{name}' occurs twice", source="", position=value.start)
        entries.append((name, scope.compile(value)))
        seen.add(name)
        scope = scope.with_names(name)  # later entries see earlier ones

    def context(env: Env) -> dict[str, Value]:
        inner = env.inner()
        made: dict[str, Value] = {}
        for name, value in entries:
            made[name] = inner.local[name] = value(inner)
        return made

    return context


def _compile_range(node: tree.RangeOf, scope: Scope) -> Closure:
    low = None if node.low is None else scope.compile(node.low)
    high = None if node.high is None else scope.compile(node.high)
    low_included, high_included, position = node.low_included, node.high_included, node.start

    def interval(env: Env) -> Value:
        first = None if low is None else low(env)
        last = None if high is None else high(env)
        if low is not None and high is not None:
            order = compare(first, last)
            if order is None or order > 0:
                env.run.warn(
                    WarningCode.WRONG_TYPE,
                    f"区间的两端不能是{kind_of(first)}和{kind_of(last)}，或下限大于上限",
                    f"no range from {kind_of(first)} to {kind_of(last)}, or it is upside down",
                    position,
                )
                return None
        return Range(first, last, low_included, high_included, low is None, high is None)

    return interval


def _compile_instance_of(node: tree.InstanceOf, scope: Scope) -> Closure:
    value, type_ = scope.compile(node.value), known_type(node.type, scope)

    def instance_of(env: Env) -> bool:
        given = value(env)
        env.run.weigh(given)
        return is_instance(given, type_)

    return instance_of


_COMPILERS: dict[type[tree.Node], Callable[[Any, Scope], Closure]] = {
    tree.Name: _compile_name,
    tree.Path: compile_path,
    tree.Filter: compile_filter,
    tree.Call: compile_call,
    tree.ListOf: _compile_list,
    tree.ContextOf: _compile_context,
    tree.RangeOf: _compile_range,
    tree.UnaryCompare: _compile_stray_comparison,
    tree.Negate: compile_negate,
    tree.Arithmetic: compile_arithmetic,
    tree.Compare: compile_compare,
    tree.And: compile_and,
    tree.Or: compile_or,
    tree.Between: compile_between,
    tree.In: compile_in,
    tree.If: compile_if,
    tree.For: compile_for,
    tree.Quantified: compile_quantified,
    tree.InstanceOf: _compile_instance_of,
    tree.FunctionOf: compile_function,
}
