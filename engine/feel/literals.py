"""Which written values a decision table's cell compares its input with, where it does nothing else.

A cell that can be read so answers alike for all inputs that no written value separates; that is what the analysis of
tables rests on. Any other cell is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine.feel import tree
from engine.feel.expression import compile_expression
from engine.feel.membership import INPUT
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.printer import to_source
from engine.feel.scope import MISSING
from engine.feel.values import Kind, Value, kind_of

_READERS = frozenset({"date", "time", "date and time", "duration"})
_ORDERS = frozenset({"<", "<=", ">", ">="})
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)  # no written value depends on it


class NotReadable(Exception):
    """The cell does more than compare its input with written values; the sentences say what."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(slots=True)
class Literals:
    """What a cell compares its input with; `orders_texts` where it asks whether a text comes before or after another."""

    values: list[Value] = field(default_factory=list)
    orders_texts: bool = False

    @property
    def names_null(self) -> bool:
        """Whether the cell says something of a missing input."""
        return any(each is None for each in self.values)

    def add(self, other: Literals) -> None:
        """Take over what another cell of the same column compares with."""
        self.values.extend(other.values)
        self.orders_texts = self.orders_texts or other.orders_texts


def literals_of(source: str, names: Iterable[str] = ()) -> Literals:
    """What the unary tests of a cell compare with; `names` as for `compile_unary_tests`. Raises NotReadable."""
    reader = _Reader()
    for test in parse_unary_tests(source, names).tests:
        reader.read(test)
    return reader.found


def constant_value(source: str, names: Iterable[str] = ()) -> Value:
    """The value of an expression that is written out, MISSING of one that has to be worked out."""
    return _constant(parse_expression(source, names))


def constant_list(source: str, names: Iterable[str] = ()) -> list[Value] | None:
    """The values of a list of expressions separated by commas, None where one of them has to be worked out."""
    node = parse_expression(f"[{source}\n]", names)
    found = [_constant(each) for each in node.items] if isinstance(node, tree.ListOf) else [MISSING]
    return None if MISSING in found else found


def _constant(node: tree.Node) -> Value:
    match node:
        case tree.Null():
            return None
        case tree.Boolean(value) | tree.Text(value) | tree.Number(value):
            return value
    return compile_expression(to_source(node)).evaluate({}, now=_ANY_MOMENT).value if _is_constant(node) else MISSING


def _is_constant(node: tree.Node) -> bool:
    match node:
        case tree.Null() | tree.Boolean() | tree.Number() | tree.Text() | tree.AtLiteral():
            return True
        case tree.Call(tree.Name(name), (tree.Text(),), ()):
            return name in _READERS
        case tree.Negate() | tree.Arithmetic():
            return all(map(_is_constant, tree.children(node)))
    return False


class _Reader:
    def __init__(self) -> None:
        self.found = Literals()

    def read(self, node: tree.Node) -> None:
        """Note what a test compares with; raises NotReadable."""
        value = _constant(node)
        if value is not MISSING:
            self.found.values.append(value)
            return
        read = _READS.get(type(node))
        if read is None:
            raise _not_readable(node)
        read(self, node)

    def _value(self, node: tree.Node | None, *, in_order: bool) -> None:
        if node is None:
            return
        value = _constant(node)
        if value is MISSING:
            raise _not_readable(node)
        self.found.values.append(value)
        self.found.orders_texts |= in_order and kind_of(value) is Kind.STRING

    def _anything(self, _node: tree.Anything) -> None:
        """A cell that says nothing compares with nothing."""

    def _input(self, node: tree.Name) -> None:
        if node.name != INPUT:
            raise _not_readable(node)

    def _comparison(self, node: tree.UnaryCompare) -> None:
        self._value(node.operand, in_order=node.operator in _ORDERS)

    def _range(self, node: tree.RangeOf) -> None:
        self._value(node.low, in_order=True)
        self._value(node.high, in_order=True)

    def _list(self, node: tree.ListOf) -> None:
        for item in node.items:
            self.read(item)
        whole = [_constant(item) for item in node.items]
        if MISSING not in whole:
            self.found.values.append(whole)  # a list is also equal to itself

    def _compare(self, node: tree.Compare) -> None:
        for side in (node.left, node.right):
            if not _is_input(side):
                self._value(side, in_order=node.operator in _ORDERS)

    def _all(self, node: tree.And | tree.Or) -> None:
        for each in node.operands:
            self.read(each)

    def _between(self, node: tree.Between) -> None:
        if not _is_input(node.value):
            raise _not_readable(node.value)
        self._value(node.low, in_order=True)
        self._value(node.high, in_order=True)

    def _in(self, node: tree.In) -> None:
        if not _is_input(node.value):
            raise _not_readable(node.value)
        for each in node.tests:
            self.read(each)

    def _call(self, node: tree.Call) -> None:
        if node.function != tree.Name("not") or len(node.arguments) != 1:
            raise _not_readable(node)
        self.read(node.arguments[0])


def _is_input(node: tree.Node) -> bool:
    return isinstance(node, tree.Name) and node.name == INPUT


def _not_readable(node: tree.Node) -> NotReadable:
    """The reason by its innermost part: the first call or variable."""
    match node:
        case tree.Name(name) if name != INPUT:
            return NotReadable(f"读取了变量“{name}”", f"reads the variable '{name}'")
        case tree.Call(tree.Name(name)) if name != "not":
            return NotReadable(f"调用了函数“{name}”", f"calls the function '{name}'")
    for child in tree.children(node):
        reason = _not_readable(child)
        if reason.args != _CALCULATES:
            return reason
    return NotReadable("需要计算", *_CALCULATES)


_CALCULATES = ("has to be worked out",)
_READS: dict[type[tree.Node], Callable[[_Reader, Any], None]] = {
    tree.Anything: _Reader._anything,  # noqa: SLF001 - the table of this class
    tree.Name: _Reader._input,  # noqa: SLF001
    tree.UnaryCompare: _Reader._comparison,  # noqa: SLF001
    tree.RangeOf: _Reader._range,  # noqa: SLF001
    tree.ListOf: _Reader._list,  # noqa: SLF001
    tree.Compare: _Reader._compare,  # noqa: SLF001
    tree.And: _Reader._all,  # noqa: SLF001
    tree.Or: _Reader._all,  # noqa: SLF001
    tree.Between: _Reader._between,  # noqa: SLF001
    tree.In: _Reader._in,  # noqa: SLF001
    tree.Call: _Reader._call,  # noqa: SLF001
}
