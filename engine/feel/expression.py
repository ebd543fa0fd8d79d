"""Compiled expressions: what a caller holds after reading FEEL source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import tree
from engine.feel.compile import compile_node
from engine.feel.errors import FeelLimitError, FeelSyntaxError, Warning_
from engine.feel.functions import BUILT_INS, Builtin, ExtraFunctions, Functions
from engine.feel.limits import DEFAULT_LIMITS, OFFICE_ZONE, Limits, Run
from engine.feel.membership import INPUT
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.scope import Closure, Env, Scope
from engine.feel.types import Type
from engine.feel.values import Value


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A value with the reasons why parts of it fell to null, in the order they were met."""

    value: Value
    warnings: tuple[Warning_, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression compiled once, to be evaluated often and from any thread.

    `names` are the variables it may read, so that a caller need load no others.
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
    ) -> Evaluation:
        """The value over the variables of `context`; a variable that is missing counts as null, with a warning.

        Raises FeelLimitError when a limit is reached, and nothing else.
        """
        run = Run(now, zone, environment, limits)
        return Evaluation(self.run(run, context), tuple(run.warnings))

    def run(self, run: Run, context: Mapping[str, Any], local: Mapping[str, Value] | None = None) -> Value:
        """Like `evaluate`, as a part of an evaluation under way; `local` variables hide those of `context`."""
        try:
            env = Env(context, dict(local) if local else {}, run)
            value = self._closure(env)
            run.weigh(value)
            return value
        except RecursionError:
            raise FeelLimitError("表达式嵌套过深", "the expression nests too deeply") from None


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The tests of a decision table cell, compiled once."""

    source: str
    names: frozenset[str]
    _closure: Closure

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        input_value: Value,
        now: datetime,
        zone: ZoneInfo = OFFICE_ZONE,
        environment: object = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Evaluation:
        """Whether `input_value` passes: true, false, or null with a warning where it cannot be told."""
        run = Run(now, zone, environment, limits)
        return Evaluation(self.run(run, context, input_value), tuple(run.warnings))

    def run(self, run: Run, context: Mapping[str, Any], input_value: Value) -> bool | None:
        """Like `evaluate`, as a part of an evaluation under way."""
        try:
            return self.holds(bind_input(run, context, input_value))
        except RecursionError:
            raise FeelLimitError("表达式嵌套过深", "the expression nests too deeply") from None

    def holds(self, bound: Env) -> bool | None:
        """Like `run`, for a table that binds an input value once and tests it in every row."""
        answer = self._closure(bound)
        return answer if isinstance(answer, bool) else None


def bind_input(run: Run, context: Mapping[str, Any], input_value: Value) -> Env:
    """Where `input_value` can be tested with `UnaryTests.holds`."""
    return Env(context, {INPUT: input_value}, run)


def compile_expression(
    source: str,
    *,
    functions: ExtraFunctions | None = None,
    names: Iterable[str] = (),
    types: Mapping[str, Type] | None = None,
    local: Iterable[str] = (),
) -> Expression:
    """Read and compile one FEEL expression; raises FeelSyntaxError with the place of the mistake.

    `functions` are added to the built-in ones. `names` are outer variables worth knowing: those spelled with keywords
    or operator characters, and functions that hide a built-in one. `types` serve `instance of`. `local` are variables
    given to `Expression.run` apart from the context.
    """
    outer = tuple(names)
    available = _with_extra(functions)
    node = parse_expression(source, (*available, *outer, *local))
    closure, free = _compile(source, node, available, outer, types, tuple(local))
    return Expression(source, free, closure)


def compile_unary_tests(
    source: str,
    *,
    functions: ExtraFunctions | None = None,
    names: Iterable[str] = (),
    types: Mapping[str, Type] | None = None,
) -> UnaryTests:
    """Read and compile the tests of a decision table cell; raises FeelSyntaxError with the place of the mistake."""
    outer = tuple(names)
    available = _with_extra(functions)
    node = parse_unary_tests(source, (*available, *outer))
    closure, free = _compile(source, node, available, outer, types, (INPUT,))
    return UnaryTests(source, free, closure)


def _with_extra(functions: ExtraFunctions | None) -> Functions:
    if not functions:
        return BUILT_INS
    given = {name: (each,) if isinstance(each, Builtin) else each for name, each in functions.items()}
    return {**BUILT_INS, **given}


def _compile(
    source: str,
    node: tree.Node,
    functions: Functions,
    declared: tuple[str, ...],
    types: Mapping[str, Type] | None,
    local: tuple[str, ...],
) -> tuple[Closure, frozenset[str]]:
    scope = Scope(compile_node, functions, types or {}, frozenset(declared), (frozenset(local),) if local else ())
    try:
        closure = scope.compile(node)
    except RecursionError:  # the caller's own stack was already deep
        raise FeelSyntaxError("表达式嵌套过深", "the expression nests too deeply", source=source, position=0) from None
    except FeelSyntaxError as error:  # raised at a node, which knows its place but not the source
        raise FeelSyntaxError(error.message_zh, error.message_en, source=source, position=error.position) from None
    return closure, frozenset(scope.free)
