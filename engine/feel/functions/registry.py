"""How a built-in function is declared, and how a call finds it.

A function is declared with its parameters as text, `"string: string"`, `"[length: number]"` for one that may be
left out, `"?value"` for one that a call by names may leave out, `"...items"` for any number of further arguments. The kinds are checked here, so that the functions
themselves see only what they asked for (DMN 1.5, 10.3.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from engine.feel.errors import FunctionFailed, WarningCode
from engine.feel.limits import Run
from engine.feel.values import KIND_ZH, Kind, Value, kind_of

_KINDS: dict[str, frozenset[Kind]] = {
    "boolean": frozenset({Kind.BOOLEAN}),
    "number": frozenset({Kind.NUMBER}),
    "string": frozenset({Kind.STRING}),
    "list": frozenset({Kind.LIST}),
    "context": frozenset({Kind.CONTEXT}),
    "date": frozenset({Kind.DATE}),
    "time": frozenset({Kind.TIME}),
    "datetime": frozenset({Kind.DATE_TIME}),
    "days": frozenset({Kind.DAYS}),
    "months": frozenset({Kind.MONTHS}),
    "duration": frozenset({Kind.DAYS, Kind.MONTHS}),
    "range": frozenset({Kind.RANGE}),
    "function": frozenset({Kind.FUNCTION}),
    "point": frozenset({Kind.NUMBER, Kind.STRING, Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS, Kind.MONTHS}),
}
_Call = TypeVar("_Call", bound=Callable[..., Value])
_MAY_GIVE_NULL = frozenset({"assert", "from json", "get value"})  # of what they were given
ABSENT = object()  # the hole that a named call leaves for a parameter it does not mention


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter; `kinds` is empty where anything, also null, is welcome."""

    name: str
    kinds: frozenset[Kind]
    optional: bool
    rest: bool
    nullable: bool = False

    @classmethod
    def read(cls, text: str) -> Parameter:
        optional = text.startswith("[")
        rest = text.startswith("...")
        name, _, kinds = text.strip("[].?").partition(":")
        accepted = frozenset[Kind]().union(*(_KINDS[kind.strip()] for kind in kinds.split("|") if kind.strip()))
        return cls(name.strip(), accepted, optional, rest, text.startswith("?"))

    def accept(self, value: Value) -> tuple[bool, Value]:
        """Whether the value fits, and the value after DMN's implicit conversions between items and lists of one."""
        if not self.kinds or value is ABSENT:
            return True, None if value is ABSENT else value
        kind = kind_of(value)
        if kind in self.kinds:
            return True, value
        if isinstance(value, list):
            return (True, value[0]) if len(value) == 1 and kind_of(value[0]) in self.kinds else (False, None)
        if Kind.LIST in self.kinds and value is not None:
            return True, [value]
        return False, None


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function offered to expressions.

    `params` are declarations as described above; `call` gets the `Run` (its `now`, `zone` and `environment`) and
    then the arguments, None for those left out. It may raise `FunctionFailed`, which becomes null and a warning.
    With `needs_environment` a call without one is such a failure.
    """

    params: tuple[str, ...]
    call: Callable[..., Value]
    needs_environment: bool = False
    parameters: tuple[Parameter, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", tuple(Parameter.read(text) for text in self.params))

    def accept(self, arguments: Sequence[Value]) -> list[Value] | None:
        """The arguments as the function wants them, or None if they do not fit."""
        accepted: list[Value] = []
        parameters = self.parameters
        for index, argument in enumerate(arguments):
            if index < len(parameters):
                parameter = parameters[index]
            elif parameters and parameters[-1].rest:
                parameter = parameters[-1]
            else:
                return None
            fits, value = parameter.accept(argument)
            if not fits:
                return None
            accepted.append(value)
        missing = parameters[len(arguments) :]
        if any(not each.optional and not each.rest for each in missing):
            return None
        return accepted

    def arrange(self, names: Sequence[str]) -> list[int] | None:
        """For each parameter the index of the argument of that name, -1 for none; None if a name is foreign."""
        known = [each.name for each in self.parameters]
        if any(name not in known for name in names):
            return None
        return [names.index(name) if name in names else -1 for name in known]


Overloads = tuple[Builtin, ...]
Functions = Mapping[str, Overloads]
ExtraFunctions = Mapping[str, "Builtin | Overloads"]  # as callers give them: with or without overloads


class FunctionTable(dict[str, Overloads]):
    """Functions of one group, filled by decorating them with their declaration."""

    def add(self, name: str, *params: str) -> Callable[[_Call], _Call]:
        """Declare the decorated function under `name`; more than one declaration makes overloads, tried in order."""

        def declare(call: _Call) -> _Call:
            self[name] = (*self.get(name, ()), Builtin(params, call))
            return call

        return declare


def apply(run: Run, name: str, overloads: Overloads, arguments: Sequence[Value], position: int) -> Value:
    """Call the first overload that the positional `arguments` fit; null and a warning if none does or it fails."""
    for builtin in overloads:
        accepted = builtin.accept(arguments)
        if accepted is not None:
            return _call(run, name, builtin, accepted, position)
    _warn_no_fit(run, name, arguments, position)
    return None


def apply_named(
    run: Run, name: str, overloads: Overloads, names: Sequence[str], arguments: Sequence[Value], position: int
) -> Value:
    """Like `apply` for a call with named arguments."""
    for builtin in overloads:
        order = builtin.arrange(names)
        if order is None:
            continue
        parameters = builtin.parameters
        while order and order[-1] == -1 and not parameters[len(order) - 1].nullable:
            order.pop()
        placed = [ABSENT if index == -1 else arguments[index] for index in order]
        needed = (not (each.optional or each.nullable) for each in parameters)
        if any(each is ABSENT and is_needed for each, is_needed in zip(placed, needed, strict=False)):
            continue
        accepted = builtin.accept(placed)
        if accepted is not None:
            return _call(run, name, builtin, accepted, position)
    _warn_no_fit(run, name, arguments, position)
    return None


def _call(run: Run, name: str, builtin: Builtin, arguments: list[Value], position: int) -> Value:
    run.step()
    if builtin.needs_environment and run.environment is None:
        run.warn(
            WarningCode.NO_RESULT,
            f"函数“{name}”在此处没有可用的日历",
            f"function '{name}' has no calendar here",
            position,
        )
        return None
    run.place = position
    known = len(run.warnings)
    try:
        value = builtin.call(run, *arguments)
        if value is None and len(run.warnings) == known and name not in _MAY_GIVE_NULL and not _hold_null(arguments):
            run.warn(
                WarningCode.NO_RESULT,
                f"函数“{name}”对这些参数没有结果",
                f"'{name}' has no result for these arguments",
                position,
            )
        return value
    except FunctionFailed as failure:
        run.warn(
            WarningCode.NO_RESULT, f"函数“{name}”：{failure.message_zh}", f"{name}: {failure.message_en}", position
        )
    except ArithmeticError:  # decimal's signals and lengths beyond timedelta
        run.warn(
            WarningCode.OUT_OF_RANGE, f"函数“{name}”的结果超出范围", f"the result of '{name}' is out of range", position
        )
    return None


def _hold_null(arguments: Iterable[Value]) -> bool:
    """Whether null came in, which explains that null comes out."""
    return any(each is None or (isinstance(each, list) and None in each) for each in arguments)


def _warn_no_fit(run: Run, name: str, arguments: Iterable[Value], position: int) -> None:
    kinds = [kind_of(argument) for argument in arguments]
    run.warn(
        WarningCode.WRONG_ARGUMENTS,
        f"函数“{name}”不接受参数（{'，'.join(KIND_ZH[kind] for kind in kinds)}）",
        f"function '{name}' does not accept ({', '.join(kinds)})",
        position,
    )
