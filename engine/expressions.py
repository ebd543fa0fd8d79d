"""Attribute values of a diagram: an expression in its dialect's language, else the text itself.

Camunda 8 writes FEEL after an equals sign, Camunda 7 JUEL between `${` and `}`, in every attribute that may hold an
expression. Everything is compiled once, at deployment, so that a mistake refuses the file and not the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from engine.feel import OFFICE_ZONE, Evaluation, Expression, ExtraFunctions, compile_expression
from engine.juel import JuelExpression, compile_juel, constant_text


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the diagram as it is."""

    value: str
    names: frozenset[str] = frozenset()

    @property
    def source(self) -> str:
        """The text as written."""
        return self.value

    @property
    def literal(self) -> str | None:
        """The text: what it gives is known without evaluating it."""
        return self.value

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime,
        zone: ZoneInfo = OFFICE_ZONE,
        environment: object = None,
    ) -> Evaluation:
        """The text itself, always."""
        return Evaluation(self.value)


@dataclass(frozen=True, slots=True)
class Feel:
    """A FEEL expression; `text` is the attribute with its equals sign."""

    text: str
    expression: Expression

    @property
    def source(self) -> str:
        """The text as written, with its equals sign."""
        return self.text

    @property
    def literal(self) -> str | None:
        """None: what it gives depends on variables."""
        return None

    @property
    def names(self) -> frozenset[str]:
        """The variables the expression may read."""
        return self.expression.names

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime,
        zone: ZoneInfo = OFFICE_ZONE,
        environment: object = None,
    ) -> Evaluation:
        """The value over the variables of `context`; raises FeelLimitError only."""
        return self.expression.evaluate(context, now=now, zone=zone, environment=environment)


@dataclass(frozen=True, slots=True)
class Juel:
    """A JUEL expression, or a text with expressions in it."""

    expression: JuelExpression

    @property
    def source(self) -> str:
        """The text as written."""
        return self.expression.source

    @property
    def literal(self) -> str | None:
        """None: what it gives depends on variables."""
        return None

    @property
    def names(self) -> frozenset[str]:
        """The variables it may read; those that begin with `#` are what `engine.juel.context` names."""
        return self.expression.names

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime,
        zone: ZoneInfo = OFFICE_ZONE,
        environment: object = None,
    ) -> Evaluation:
        """The value over the variables of `context`; raises FeelLimitError and, where there is no value, JuelError."""
        return Evaluation(self.expression.evaluate(context, now=now, zone=zone, environment=environment))


@dataclass(frozen=True, slots=True)
class Composite:
    """A list or map of values, as Camunda 7 writes one in an input or output parameter.

    `keys` makes a map of it. `flat` joins lists and comma separated texts to one list, as candidates are.
    """

    source: str
    items: tuple[Value, ...]
    keys: tuple[str, ...] | None = None
    flat: bool = False

    @property
    def literal(self) -> str | None:
        """None: it is no text."""
        return None

    @property
    def names(self) -> frozenset[str]:
        """The variables that its parts may read."""
        return frozenset().union(*(item.names for item in self.items))

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime,
        zone: ZoneInfo = OFFICE_ZONE,
        environment: object = None,
    ) -> Evaluation:
        """The list or map of the parts' values; raises as they do."""
        values = [item.evaluate(context, now=now, zone=zone, environment=environment).value for item in self.items]
        if self.keys is not None:
            return Evaluation(dict(zip(self.keys, values, strict=True)))
        return Evaluation(_flattened(values) if self.flat else values)


def _flattened(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if isinstance(value, str):
            found.extend(part.strip() for part in value.split(","))
        elif isinstance(value, list):
            found.extend(value)
        elif value is not None:
            found.append(value)
    return found


Value: TypeAlias = Literal | Feel | Juel | Composite


def compile_juel_value(text: str) -> Value:
    """Read an attribute of Camunda 7: JUEL, or the text with its escapes undone.

    Raises FeelSyntaxError, with the place, for what is not JUEL or is not carried out, and FeelLimitError.
    """
    constant = constant_text(text)
    return Literal(constant) if constant is not None else Juel(compile_juel(text))


def compile_value(text: str, *, functions: ExtraFunctions | None = None, names: Iterable[str] = ()) -> Value:
    """Read an attribute; raises FeelSyntaxError, whose positions count in `text` itself, if its FEEL cannot be read.

    White space before the equals sign is allowed, as the Modeler allows it.
    """
    stripped = text.lstrip()
    if not stripped.startswith("="):
        return Literal(text)
    # The sign becomes a space, so that positions in messages and warnings are those of the attribute.
    source = text.replace("=", " ", 1)
    return Feel(text, compile_expression(source, functions=functions, names=names))
