"""The shortest way through the commonest conditions: variables compared with written values, joined by `and` and `or`.

Such a condition is asked directly of the variables. Whenever it has more to do than to say true or false (a value is
missing, of another kind, or has digits to be looked at) it answers UNSURE, and the whole way is gone.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from engine.feel import tree
from engine.feel.scope import Scope, outer_name
from engine.feel.values import whole_form

Quick: TypeAlias = Callable[[Mapping[str, Any]], object]
"""True, False or UNSURE, of the variables given from outside."""
UNSURE = object()
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def quick_condition(node: tree.Node, scope: Scope) -> Quick | None:
    """The short way through a condition, None where there is none."""
    match node:
        case tree.Compare(symbol, left, tree.Number() | tree.Text() | tree.Boolean() as constant):
            return _comparison(symbol, left, constant.value, scope)
        case tree.Compare(symbol, tree.Number() | tree.Text() | tree.Boolean() as constant, right):
            return _comparison(_MIRRORED[symbol], right, constant.value, scope)
        case tree.And(operands):
            return _joined(
                [quick_condition(each, scope) or _boolean(each, scope) for each in operands], absorbing=False
            )
        case tree.Or(operands):
            return _joined([quick_condition(each, scope) or _boolean(each, scope) for each in operands], absorbing=True)
    return None


def _boolean(node: tree.Node, scope: Scope) -> Quick | None:
    """A variable or entry that is true or false by itself."""
    return _comparison("=", node, True, scope)


def _comparison(symbol: str, compared: tree.Node, constant: Decimal | str | bool, scope: Scope) -> Quick | None:
    path = _path(compared, scope)
    if path is None or (isinstance(constant, bool) and symbol not in ("=", "!=")):
        return None
    name, entries = path
    if entries:
        return _of_entry(name, entries, _of_value(symbol, constant))
    return _of_variable(name, symbol, constant)


def _path(node: tree.Node, scope: Scope) -> tuple[str, tuple[str, ...]] | None:
    """The variable from outside that a path begins with, and the entries it goes on to."""
    entries: list[str] = []
    while isinstance(node, tree.Path):
        entries.append(node.name)
        node = node.source
    name = outer_name(node, scope)
    return None if name is None else (name, tuple(reversed(entries)))


def _of_variable(name: str, symbol: str, constant: Decimal | str | bool) -> Quick:
    if isinstance(constant, bool):
        wanted = constant if symbol == "=" else not constant

        def is_boolean(variables: Mapping[str, Any]) -> object:
            value = variables.get(name)
            return value is wanted if value is True or value is False else UNSURE

        return is_boolean
    holds = _TESTS[symbol]
    if isinstance(constant, str):

        def is_text(variables: Mapping[str, Any]) -> object:
            value = variables.get(name)
            return holds(value, constant) if type(value) is str else UNSURE

        return is_text
    whole = whole_form(constant)

    def is_number(variables: Mapping[str, Any]) -> object:
        value = variables.get(name)
        kind = type(value)
        if kind is int:
            return holds(value, whole)
        return holds(value, constant) if kind is Decimal else UNSURE

    return is_number


def _of_value(symbol: str, constant: Decimal | str | bool) -> Callable[[Any], object]:
    """The same of a value that is at hand already."""
    quick = _of_variable("", symbol, constant)
    return lambda value: quick({"": value})


def _of_entry(name: str, entries: tuple[str, ...], holds: Callable[[Any], object]) -> Quick:
    def of_entry(variables: Mapping[str, Any]) -> object:
        value = variables.get(name)
        for entry in entries:
            if type(value) is not dict:
                return UNSURE
            value = value.get(entry)
        return holds(value)

    return of_entry


def _joined(parts: list[Quick | None], *, absorbing: bool) -> Quick | None:
    """`and` and `or`: sure as soon as one part is, provided that all before it were."""
    quick = [each for each in parts if each is not None]
    if len(quick) != len(parts):
        return None
    if len(quick) == 2:
        one, two = quick

        def pair(variables: Mapping[str, Any]) -> object:
            first = one(variables)
            return two(variables) if first is not absorbing and first is not UNSURE else first

        return pair

    def joined(variables: Mapping[str, Any]) -> object:
        answer: object = not absorbing
        for each in quick:
            answer = each(variables)
            if answer is absorbing or answer is UNSURE:
                return answer
        return answer

    return joined
