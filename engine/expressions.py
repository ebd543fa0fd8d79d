"""Attribute values of a diagram: FEEL after an equals sign, else the text itself.

This is Camunda 8's convention for every attribute that may hold an expression. Everything is compiled once, at
deployment, so that a mistake refuses the file and not the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from engine.feel import OFFICE_ZONE, Evaluation, Expression, ExtraFunctions, compile_expression


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


Value: TypeAlias = Literal | Feel


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
