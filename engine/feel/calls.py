"""Closures of invocations and of function literals (DMN 1.5, 10.3.2.6 and 10.3.2.15)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from engine.feel import tree
from engine.feel.errors import FeelSyntaxError, WarningCode
from engine.feel.functions.registry import Overloads, apply, apply_named
from engine.feel.limits import Run
from engine.feel.operators import quietly
from engine.feel.scope import MISSING, Closure, Env, Scope, lookup
from engine.feel.types import ANY, Type, convert, read_type
from engine.feel.values import KIND_ZH, Function, Value, kind_of


def compile_call(node: tree.Call, scope: Scope) -> Closure:
    """An invocation; local functions win over built-in ones, and those over variables that hold no function."""
    match node.function:
        case tree.Name("is defined") if len(node.arguments) == 1:
            return _is_defined(node.arguments[0], scope)
        case tree.Name("get or else") if len(node.arguments) == 2:
            return _get_or_else(node, scope)
        case tree.Name(name):
            return _call_by_name(node, name, scope)
    callee, arguments, position = scope.compile(node.function), _arguments(node, scope), node.start

    def invocation(env: Env) -> Value:
        return call_value(env.run, callee(env), node.names, [each(env) for each in arguments], position)

    return invocation


def _arguments(node: tree.Call, scope: Scope) -> list[Closure]:
    return [scope.compile(each) for each in node.arguments]


def _call_by_name(node: tree.Call, name: str, scope: Scope) -> Closure:
    arguments, names, position = _arguments(node, scope), node.names, node.start
    overloads = scope.functions.get(name)
    free_before = name in scope.free
    item_keys, local = scope.find(name)
    if overloads is not None and not item_keys and not local and name not in scope.declared:
        if not free_before:
            scope.free.discard(name)  # a built-in function is no variable
        return _call_builtin(name, overloads, arguments, names, position)

    def invocation(env: Env) -> Value:
        values = [each(env) for each in arguments]
        callee = lookup(env, name, item_keys, local)
        if isinstance(callee, Function):
            return call_value(env.run, callee, names, values, position)
        if overloads is not None:
            return _apply(env.run, name, overloads, names, values, position)
        env.run.warn(
            WarningCode.UNKNOWN_FUNCTION, f"没有名为“{name}”的函数", f"there is no function '{name}'", position
        )
        return None

    return invocation


def _call_builtin(
    name: str, overloads: Overloads, arguments: list[Closure], names: tuple[str, ...], position: int
) -> Closure:
    if len(arguments) == 1 and not names:
        only = arguments[0]
        return lambda env: apply(env.run, name, overloads, (only(env),), position)
    return lambda env: _apply(env.run, name, overloads, names, [each(env) for each in arguments], position)


def _apply(
    run: Run, name: str, overloads: Overloads, names: Sequence[str], values: Sequence[Value], position: int
) -> Value:
    if names:
        return apply_named(run, name, overloads, names, values, position)
    return apply(run, name, overloads, values, position)


def call_value(run: Run, callee: Value, names: Sequence[str], arguments: Sequence[Value], position: int) -> Value:
    """Invoke a function value; null and a warning if it is none or the arguments do not fit its parameters."""
    if not isinstance(callee, Function):
        kind = kind_of(callee)
        run.warn(WarningCode.UNKNOWN_FUNCTION, f"{KIND_ZH[kind]}不是函数，不能调用", f"{kind} is no function", position)
        return None
    ordered = list(arguments)
    if names:
        if set(names) != set(callee.parameters) or len(names) != len(callee.parameters):
            _wrong_arguments(run, callee, position)
            return None
        ordered = [arguments[names.index(name)] for name in callee.parameters]
    elif len(ordered) != len(callee.parameters) and (callee.parameters or not callee.name):
        # A built-in function whose parameters may all be left out names none, and looks at its arguments itself.
        _wrong_arguments(run, callee, position)
        return None
    return callee.call(ordered)


def _wrong_arguments(run: Run, callee: Function, position: int) -> None:
    wanted = ", ".join(callee.parameters)
    run.warn(WarningCode.WRONG_ARGUMENTS, f"参数应为（{wanted}）", f"the arguments should be ({wanted})", position)


def builtin_value(run: Run, name: str, overloads: Overloads, position: int) -> Function:
    """A built-in function as a value, for example as an argument of `sort`."""
    parameters = tuple(each.name for each in overloads[0].parameters if not each.optional and not each.rest)
    return Function(parameters, partial(apply, run, name, overloads, position=position), name)


# ---------------------------------------------------------------------- function literals


def compile_function(node: tree.FunctionOf, scope: Scope) -> Closure:
    """A function value that remembers the variables around it."""
    names = tuple(name for name, _ in node.parameters)
    types = tuple(_parameter_type(type_, scope) for _, type_ in node.parameters)
    body = scope.with_names(*names).compile(node.body)

    def literal(env: Env) -> Function:
        captured = env.inner()
        return make_function(env.run, names, types, lambda values: body(_frame(captured, names, values)))

    return literal


def _parameter_type(node: tree.TypeOf | None, scope: Scope) -> Type:
    return ANY if node is None else known_type(node, scope)


def known_type(node: tree.TypeOf, scope: Scope) -> Type:
    """The type a node names; raises FeelSyntaxError if there is none of that name."""
    type_ = read_type(node, scope.types)
    if type_ is None:
        raise FeelSyntaxError(
            f"没有名为“{node.name}”的类型", f"there is no type '{node.name}'", source="", position=node.start
        )
    return type_


def _frame(captured: Env, names: tuple[str, ...], values: Sequence[Value]) -> Env:
    return Env(captured.root, {**captured.local, **dict(zip(names, values, strict=True))}, captured.run)


def make_function(
    run: Run, names: tuple[str, ...], types: tuple[Type, ...], body: Callable[[list[Value]], Value]
) -> Function:
    """A function value that checks its arguments, converts them, and counts its calls."""

    def call(arguments: list[Value]) -> Value:
        converted = []
        for argument, type_ in zip(arguments, types, strict=True):
            if type_ is not ANY:
                run.weigh(argument)
            value = convert(argument, type_)
            if value is None and argument is not None:
                return None
            converted.append(value)
        run.enter_call()
        try:
            return body(converted)
        finally:
            run.leave_call()

    return Function(names, call)


# ---------------------------------------------------------------------- Camunda's questions about absence


def _is_defined(argument: tree.Node, scope: Scope) -> Closure:
    """Whether the variable or entry exists, even if it is null."""
    match argument:
        case tree.Null():
            return lambda _env: True
        case tree.Name(name):
            item_keys, local = scope.find(name)
            return lambda env: lookup(env, name, item_keys, local) is not MISSING
        case tree.Path(source_node, name):
            source = scope.compile(source_node)

            def has_entry(env: Env) -> bool:
                holder = quietly(env, source)
                return name in holder if isinstance(holder, dict) else False

            return has_entry
    value = scope.compile(argument)
    return lambda env: quietly(env, value) is not None


def _get_or_else(node: tree.Call, scope: Scope) -> Closure:
    first, second = _arguments(node, scope)

    def chosen(env: Env) -> Value:
        value = quietly(env, first)
        return second(env) if value is None else value

    return chosen
