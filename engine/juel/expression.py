"""Compiled JUEL: what a caller holds after reading an attribute of a Camunda 7 diagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import DEFAULT_LIMITS, OFFICE_ZONE, Env, FeelLimitError, Limits, Run
from engine.juel.compile import Closure, Compiler, compile_template
from engine.juel.operations import fixed
from engine.juel.parser import parse_template
from engine.juel.tree import Invocation, Literal, Name, Template


@dataclass(frozen=True, slots=True)
class JuelExpression:
    """An attribute compiled once, to be evaluated often and from any thread.

    `names` are the variables it may read; those that begin with `#` are what `engine.juel.context` names.
    """

    source: str
    names: frozenset[str]
    _closure: Closure

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime,
        zone: ZoneInfo = OFFICE_ZONE,
        environment: object = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Any:
        """The value over the variables of `context`.

        Raises JuelError where there is none (a missing variable among them) and FeelLimitError when a limit is reached.
        """
        run = Run(now, zone, environment, limits)
        try:
            found = fixed(self._closure(Env(context, {}, run)))
            run.weigh(found)
        except RecursionError:
            raise _too_deep() from None
        return found


@dataclass(frozen=True, slots=True)
class Assignment:
    """`${execution.setVariable("name", value)}` as a whole attribute."""

    name: str
    value: JuelExpression


def compile_juel(source: str) -> JuelExpression:
    """Read and compile an attribute with `${…}` or `#{…}` in it.

    Raises FeelSyntaxError with the place of a mistake or of what is not carried out, and FeelLimitError.
    """
    try:
        return _compiled(source, parse_template(source))
    except RecursionError:
        raise _too_deep() from None


def compile_assignment(source: str) -> Assignment | None:
    """What a whole attribute sets, where it is one call of `setVariable` and nothing else; raises as `compile_juel`."""
    try:
        match parse_template(source).parts:
            case (Invocation(Name("execution" | "task"), "setVariable", (Literal(str(name)), value)),):
                return Assignment(name, _compiled(source, Template((value,))))
            case _:
                return None
    except RecursionError:
        raise _too_deep() from None


def constant_text(source: str) -> str | None:
    """The text that an attribute always is, its escapes undone; None where it has an expression."""
    parts = parse_template(source).parts
    return "".join(str(part) for part in parts) if all(isinstance(part, str) for part in parts) else None


def variable(name: str) -> JuelExpression:
    """Reads a variable by its name, whatever characters it has; one that does not exist is null."""
    compiler = Compiler(name)
    closure = compiler.variable(name, missing_is_null=True).closure
    return JuelExpression(name, frozenset(compiler.names), closure)


def _too_deep() -> FeelLimitError:
    return FeelLimitError("表达式嵌套过深", "the expression nests too deeply")


def _compiled(source: str, template: Template) -> JuelExpression:
    closure, names = compile_template(source, template)
    return JuelExpression(source, names, closure)
