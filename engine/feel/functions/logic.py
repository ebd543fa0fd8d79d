"""Functions on any value: negation, identity, assertion (DMN 1.5, table 74 and 10.3.4.9; Camunda)."""

from __future__ import annotations

from datetime import datetime, time

from engine.feel import far
from engine.feel.errors import FunctionFailed
from engine.feel.far import FarMoment, Moment
from engine.feel.functions.registry import FunctionTable
from engine.feel.limits import Run, same
from engine.feel.values import Value, kind_of

FUNCTIONS = FunctionTable()


@FUNCTIONS.add("not", "negand")
def negation(_run: Run, negand: Value) -> Value:
    return None if not isinstance(negand, bool) else not negand


@FUNCTIONS.add("is", "?value1", "?value2")
def identity(run: Run, value1: Value, value2: Value) -> bool:
    """Equal and of one kind; times also need the same zone."""
    if kind_of(value1) is not kind_of(value2):
        return False
    if isinstance(value1, _ZONED) and isinstance(value2, _ZONED):
        return _clock(value1) == _clock(value2) and _zone(value1) == _zone(value2)
    return same(run, value1, value2) is True


_ZONED = (datetime, FarMoment, time)


def _clock(value: Moment | time) -> int:
    return far.nanoseconds_of_day(value) if isinstance(value, time) else far.local_nanoseconds(value)


def _zone(value: Moment | time) -> object:
    return None if value.tzinfo is None else value.tzinfo.utcoffset(None) or str(value.tzinfo)


@FUNCTIONS.add("assert", "value", "condition", "[cause: string]")
def assertion(_run: Run, value: Value, condition: Value, cause: str | None = None) -> Value:
    """Camunda: `value` when the condition holds, else a failure that carries the cause."""
    if condition is True:
        return value
    raise FunctionFailed(cause or "断言不成立", cause or "the assertion does not hold")


@FUNCTIONS.add("is defined", "value")
def is_defined(_run: Run, value: Value) -> bool:
    """Camunda: whether a variable or entry exists; calls are compiled apart, because they ask for a name."""
    return value is not None


@FUNCTIONS.add("get or else", "value", "default")
def get_or_else(_run: Run, value: Value, default: Value) -> Value:
    """Camunda: `default` where the value is null; calls are compiled apart, because absence is no cause to warn."""
    return default if value is None else value
