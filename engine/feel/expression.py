"""Compiled expressions: what a caller holds after reading FEEL source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from engine.feel.compile import compile_node
from engine.feel.errors import FeelLimitError, FeelSyntaxError, Warning_
from engine.feel.functions import BUILT_INS, Builtin, ExtraFunctions, Functions
from engine.feel.limits import DEFAULT_LIMITS, OFFICE_ZONE, Limits, Run
from engine.feel.membership import INPUT, Test, test_of_cell
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.quick import Quick, quick_condition
from engine.feel.scope import Closure, Env, Scope, outer_name
from engine.feel.types import Type
from engine.feel.values import Value

_T = TypeVar("_T")


class Evaluation(NamedTuple):
    """A value with the reasons why parts of it fell to null, in the order they were met."""

    value: Value
    warnings: tuple[Warning_, ...] = ()


_evaluation = Evaluation._make
_TRUE, _FALSE = Evaluation(True), Evaluation(False)
_COMPOUND = (list, dict)  # a union would be made anew at every evaluation
_NO_LOCALS: dict[Any, Any] = {}  # never written to: whatever declares a variable works in an inner environment


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression compiled once, to be evaluated often and from any thread.

    `names` are the variables it may read, so that a caller need load no others.
    """

    source: str
    names: frozenset[str]
    _closure: Closure
    plain: str | None = None
    """The name of the variable that it is, if it is nothing else."""
    _quick: Quick | None = None

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
        quick = self._quick
        if quick is not None:
            answer = quick(context)
            if answer is True:
                return _TRUE
            if answer is False:
                return _FALSE
        env = Env(context, _NO_LOCALS, None, (now, zone, environment, limits))
        try:
            value = self._closure(env)
            if isinstance(value, _COMPOUND):
                env.run.weigh(value)
        except RecursionError:
            raise FeelLimitError("表达式嵌套过深", "the expression nests too deeply") from None
        if env.begun is None:
            return _TRUE if value is True else _FALSE if value is False else _evaluation((value, ()))
        return _evaluation((value, tuple(env.begun.warnings)))

    def run(self, run: Run, context: Mapping[str, Any], local: Mapping[str, Value] | None = None) -> Value:
        """Like `evaluate`, as a part of an evaluation under way; `local` variables hide those of `context`."""
        try:
            value = self._closure(Env(context, dict(local) if local else {}, run))
            if isinstance(value, _COMPOUND):
                run.weigh(value)
            return value
        except RecursionError:
            raise FeelLimitError("表达式嵌套过深", "the expression nests too deeply") from None

    def within(self, env: Env) -> Value:
        """Like `run`, where a table has made the environment for all its cells."""
        value: Value = self._closure(env)
        if isinstance(value, _COMPOUND):
            env.run.weigh(value)
        return value


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The tests of a decision table cell, compiled once.

    `test` is for a table, which makes one environment for all its cells and gives the value under test beside it.
    """

    source: str
    names: frozenset[str]
    test: Test

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
            return self.test(Env(context, _NO_LOCALS, run), input_value)
        except RecursionError:
            raise FeelLimitError("表达式嵌套过深", "the expression nests too deeply") from None


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
    scope = _scope(available, outer, types, tuple(local))
    closure = _compiled(source, lambda: scope.compile(node))
    return Expression(
        source, frozenset(scope.free), closure, plain=outer_name(node, scope), _quick=quick_condition(node, scope)
    )


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
    scope = _scope(available, outer, types, (INPUT,))
    test = _compiled(source, lambda: test_of_cell(node, scope))
    return UnaryTests(source, frozenset(scope.free), test)


def _with_extra(functions: ExtraFunctions | None) -> Functions:
    if not functions:
        return BUILT_INS
    given = {name: (each,) if isinstance(each, Builtin) else each for name, each in functions.items()}
    return {**BUILT_INS, **given}


def _scope(
    functions: Functions, declared: tuple[str, ...], types: Mapping[str, Type] | None, local: tuple[str, ...]
) -> Scope:
    return Scope(compile_node, functions, types or {}, frozenset(declared), (frozenset(local),) if local else ())


def _compiled(source: str, compile_: Callable[[], _T]) -> _T:
    try:
        return compile_()
    except RecursionError:  # the caller's own stack was already deep
        raise FeelSyntaxError("表达式嵌套过深", "the expression nests too deeply", source=source, position=0) from None
    except FeelSyntaxError as error:  # raised at a node, which knows its place but not the source
        raise FeelSyntaxError(error.message_zh, error.message_en, source=source, position=error.position) from None
