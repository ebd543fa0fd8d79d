"""The syntax tree of FEEL: a closed list of plain cases, and how to print them.

Every case knows the span of source it came from (`start` and `end`, characters from 0); spans do not
take part in equality, so a printed and re-read tree equals the original.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A piece of an expression; `start` and `end` delimit its source text."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Null(Node):
    """`null`."""


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A numeral; a minus sign is an operator."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A string literal, decoded."""

    value: str


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """`@"2026-01-31"`: a date, time, date and time or duration written as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.name`."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`, which may also be a position."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """An invocation; `names` is empty for positional arguments, else one name per argument."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{a: 1, b: 2}`; entries in order."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """An interval; a missing end (`low` or `high` None) belongs to `(< x)` and its relatives."""

    low: Node | None
    high: Node | None
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left operator right`, operator one of `+ - * / **`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left operator right`, operator one of `= != < <= > >=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """Conjunction of all operands of a chain."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Disjunction of all operands of a chain."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in (tests)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then then else otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """`name in source`, or `name in source..high` when `high` is given."""

    name: str
    source: Node
    high: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterations return body`."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every`."""

    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class TypeOf(Node):
    """A type as written: `name` with its type arguments; `fields` names them for context types."""

    name: str
    arguments: tuple[TypeOf, ...] = ()
    fields: tuple[str, ...] = ()
    result: TypeOf | None = None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: TypeOf


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """A function literal: parameters with their types, if written, and the body."""

    parameters: tuple[tuple[str, TypeOf | None], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Anything(Node):
    """The unary test `-`."""


@dataclass(frozen=True, slots=True)
class UnaryCompare(Node):
    """A unary test such as `< 5`, said of the input value."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """The cell of a decision table: satisfied if any test is, or if none is when `negated`."""

    tests: tuple[Node, ...]
    negated: bool = False


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below `node`, in source order."""
    for each in fields(node):
        yield from _nodes_in(getattr(node, each.name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
