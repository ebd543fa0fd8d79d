"""The syntax tree of JUEL, the expression language of Camunda 7 (Expression Language 2.2): one class for each form.

Every node knows where it stands in the source (`at`, characters from 0), so that what is refused can be shown.
Two trees are equal when they mean the same, wherever they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, boolean or null, as written."""

    value: int | Decimal | str | bool | None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, or one of the context objects."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Member:
    """`base.name`."""

    base: Node
    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Index:
    """`base[key]`."""

    base: Node
    key: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Invocation:
    """`base.name(arguments)`, or `name(arguments)` of a function (`base` is None)."""

    base: Node | None
    name: str
    arguments: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`!`, `-` or `empty`."""

    operator: str
    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator with two operands, in its sign form: `eq` stands here as `==`, `and` as `&&`."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? then : otherwise`."""

    condition: Node
    then: Node
    otherwise: Node
    at: int = field(default=0, compare=False)


Node: TypeAlias = Literal | Name | Member | Index | Invocation | Unary | Binary | Choice


@dataclass(frozen=True, slots=True)
class Template:
    """A whole attribute: plain texts and expressions in turn. One expression alone keeps the kind of its value."""

    parts: tuple[str | Node, ...]
    deferred: bool = False
    """Written with `#{…}`; Camunda takes both alike."""
