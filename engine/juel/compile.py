"""Turns JUEL trees into closures, and refuses at deployment whatever is not carried out.

A closure gives the value over an environment (`Env`); beside it goes what kind of value that is, where the text alone tells
("text", "number", "boolean", "moment", "date"), so that a method that can never be there is refused at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, NoReturn, TypeAlias

from engine.feel import MISSING, Env, FeelSyntaxError
from engine.juel import methods, moments, operations
from engine.juel.context import FUNCTIONS, MEMBERS, OBJECTS, REFUSED, SCOPES
from engine.juel.errors import JuelError, MissingVariable
from engine.juel.operations import calculate, equal, number, order, shown, text, truth
from engine.juel.printer import written
from engine.juel.tree import Binary, Choice, Index, Invocation, Literal, Member, Name, Node, Template, Unary

Closure: TypeAlias = Callable[[Env], Any]


class Compiled(NamedTuple):
    """A closure and, where it is known, the kind of its value."""

    closure: Closure
    kind: str | None = None


_TABLES: Mapping[str, Any] = {
    "text": methods.table_of(""),
    "number": methods.table_of(0),
    "boolean": methods.table_of(True),
    "moment": {name: method for name, method in methods.MOMENT.items() if name not in {"after", "before"}},
    "date": {name: method for name, method in methods.MOMENT.items() if name in moments.OF_A_DATE},
}
# What a method gives, where that is always the same kind.
_GIVES: Mapping[str, str] = {
    **{
        name: "moment" for name in moments.METHODS if name.startswith(("plus", "minus", "with")) or name == "toDateTime"
    },
    "toDate": "date",
    **dict.fromkeys(("toString", "trim", "strip", "toLowerCase", "toUpperCase", "substring", "stringValue"), "text"),
    **dict.fromkeys(("size", "length", "indexOf", "lastIndexOf", "compareTo", "numberValue"), "number"),
    **dict.fromkeys(("isEmpty", "contains", "startsWith", "endsWith", "equals", "boolValue"), "boolean"),
}
_ORDERED: Mapping[str, Callable[[int], bool]] = {
    "<": lambda found: found < 0,
    "<=": lambda found: found <= 0,
    ">": lambda found: found > 0,
    ">=": lambda found: found >= 0,
}


def compile_template(source: str, template: Template) -> tuple[Closure, frozenset[str]]:
    """The closure of a whole attribute and the variables that it may read; raises FeelSyntaxError."""
    compiler = Compiler(source)
    parts = [part if isinstance(part, str) else compiler.compile(part).closure for part in template.parts]
    names = frozenset(compiler.names)
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0], names
    return _joined(parts), names


def _joined(parts: list[str | Closure]) -> Closure:
    def join(env: Env) -> str:
        found, length = [], 0
        for part in parts:
            if isinstance(part, str):
                piece = part
            else:
                value = part(env)
                env.run.weigh(value)
                piece = text(value)
            length += len(piece)
            env.run.check_text(length)
            found.append(piece)
        return "".join(found)

    return join


class Compiler:
    """Compiles the nodes of one source; `names` gathers the variables that they read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.names: set[str] = set()

    def compile(self, node: Node) -> Compiled:
        match node:
            case Literal(value):
                return Compiled(lambda _env: value, _kind_of(value))
            case Name(name):
                return self._variable(node, name)
            case Member(base, name):
                return self._member(node, base, name)
            case Index(base, key):
                return self._index(base, key)
            case Invocation(base, name, arguments) if base is not None:
                return self._method(node, base, name, arguments)
            case Invocation(_, name, arguments):
                return self._function(node, name, arguments)
            case Unary(operator, operand):
                return self._unary(operator, operand)
            case Binary(operator, left, right):
                return self._binary(node, operator, left, right)
            case Choice(condition, then, otherwise):
                return self._choice(condition, then, otherwise)

    # -- names ----------------------------------------------------------------------------------------------------

    def _variable(self, node: Node, name: str) -> Compiled:
        if name in OBJECTS:
            self._refuse(node, f"“{name}”不能单独使用", f"'{name}' cannot stand alone")
        return self.variable(name)

    def variable(self, name: str, *, missing_is_null: bool = False) -> Compiled:
        """A variable by its name; one that does not exist is an error or, as `getVariable` has it, null."""
        self.names.add(name)

        def read(env: Env) -> Any:
            found = env.root.get(name, MISSING)
            if found is MISSING:
                if missing_is_null:
                    return None
                raise MissingVariable(name)
            return found

        return Compiled(read)

    def _member(self, node: Node, base: Node, name: str) -> Compiled:
        if isinstance(base, Name) and base.name in OBJECTS:
            return self._of_scope(node, base.name, name)
        inner, _ = self.compile(base)
        return Compiled(lambda env: _entry(env, inner(env), name))

    def _of_scope(self, node: Node, scope: str, member: str) -> Compiled:
        """A property of `execution` that the engine hands over."""
        given = MEMBERS.get(member) if scope == "execution" else None
        if given is None:
            self._refuse(node, f"“{scope}.{member}”不能使用", f"'{scope}.{member}' is not carried out")
        return self.variable(given, missing_is_null=True)

    def _index(self, base: Node, key: Node) -> Compiled:
        inner, wanted = self.compile(base).closure, self.compile(key).closure

        def read(env: Env) -> Any:
            found = inner(env)
            return None if found is None else _entry(env, found, wanted(env))

        return Compiled(read)

    # -- calls ----------------------------------------------------------------------------------------------------

    def _function(self, node: Node, name: str, arguments: tuple[Node, ...]) -> Compiled:
        if name in REFUSED:
            self._refuse(node, *REFUSED[name])
        function = FUNCTIONS.get(name)
        if function is None:
            self._refuse(
                node,
                f"没有函数 {name}，可用的是 {'、'.join(FUNCTIONS)}",
                f"there is no function {name}; there are {', '.join(FUNCTIONS)}",
            )
        if len(arguments) != function.arguments:
            self._refuse(
                node,
                f"函数 {name} 应有 {function.arguments} 个参数",
                f"the function {name} takes {function.arguments} arguments",
            )
        given = [self.compile(argument).closure for argument in arguments]
        return Compiled(lambda env: function.call(env.run, *(value(env) for value in given)), function.kind)

    def _method(self, node: Node, base: Node, name: str, arguments: tuple[Node, ...]) -> Compiled:
        if isinstance(base, Name) and base.name in OBJECTS:
            return self._call_on_scope(node, base.name, name, arguments)
        inner, kind = self.compile(base)
        self._check_method(node, base, kind, name, len(arguments))
        given = [self.compile(argument).closure for argument in arguments]
        return Compiled(
            lambda env: methods.call(env.run, inner(env), name, tuple(value(env) for value in given)),
            _GIVES.get(name),
        )

    def _check_method(self, node: Node, base: Node, kind: str | None, name: str, count: int) -> None:
        known = methods.KNOWN.get(name, ())
        if not known:
            self._refuse(
                node,
                f"方法 {written(base)}.{name} 不能调用：Java 组件（bean）和类不执行，请改用外部任务",
                f"the method {written(base)}.{name} is not carried out: no Java bean or class is, use an external task",
            )
        own = _TABLES.get(kind or "")
        if own is not None and name not in own and name not in methods.ANY:
            self._refuse(node, f"此处的值没有方法 {name}", f"the value here has no method {name}")
        if not any(method.least <= count <= method.most for method in known):
            self._refuse(
                node, f"方法 {name} 没有带 {count} 个参数的形式", f"the method {name} does not take {count} arguments"
            )

    def _call_on_scope(self, node: Node, scope: str, name: str, arguments: tuple[Node, ...]) -> Compiled:
        """`execution.getVariable("x")` and the getters of `execution`."""
        if scope in SCOPES and name in {"getVariable", "hasVariable"}:
            variable = arguments[0] if len(arguments) == 1 else None
            if (
                not isinstance(variable, Literal)
                or not isinstance(variable.value, str)
                or variable.value.startswith("#")
            ):
                self._refuse(
                    node,
                    f"{name} 的参数应是写明的变量名",
                    f"the argument of {name} has to be the variable's name as it is",
                )
            wanted = variable.value
            if name == "getVariable":
                return self.variable(wanted, missing_is_null=True)
            self.names.add(wanted)
            return Compiled(lambda env: env.root.get(wanted, MISSING) is not MISSING, "boolean")
        if name.startswith("get") and not arguments:
            return self._of_scope(node, scope, name[3:4].lower() + name[4:])
        if name == "setVariable":
            self._refuse(
                node,
                "execution.setVariable 只能单独作为服务任务的表达式；其他地方请用输出参数",
                "execution.setVariable stands alone as the expression of a service task; elsewhere use an output parameter",
            )
        return self._refuse(node, f"“{scope}.{name}(…)”不能使用", f"'{scope}.{name}(…)' is not carried out")

    # -- operators ------------------------------------------------------------------------------------------------

    def _unary(self, operator: str, operand: Node) -> Compiled:
        inner = self.compile(operand).closure
        match operator:
            case "!":
                return Compiled(lambda env: not truth(inner(env)), "boolean")
            case "empty":
                return Compiled(lambda env: operations.is_empty(inner(env)), "boolean")
            case _:
                return Compiled(lambda env: -number(inner(env)), "number")

    def _binary(self, node: Binary, operator: str, left: Node, right: Node) -> Compiled:
        (first, _), (second, _) = self.compile(left), self.compile(right)
        match operator:
            case "&&":
                return Compiled(lambda env: truth(first(env)) and truth(second(env)), "boolean")
            case "||":
                return Compiled(lambda env: truth(first(env)) or truth(second(env)), "boolean")
            case "==":
                return Compiled(lambda env: equal(env.run, first(env), second(env)), "boolean")
            case "!=":
                return Compiled(lambda env: not equal(env.run, first(env), second(env)), "boolean")
            case "<" | "<=" | ">" | ">=":
                holds = _ORDERED[operator]

                def compared(env: Env) -> bool:
                    found = order(env.run, first(env), second(env))
                    return found is not None and holds(found)

                return Compiled(compared, "boolean")
            case _:
                self._check_operands(node, left, right)
                return Compiled(lambda env: calculate(operator, first(env), second(env)), "number")

    def _check_operands(self, node: Binary, *operands: Node) -> None:
        """A text that is no number can only be meant to be joined, which JUEL's `+` does not do."""
        for operand in operands:
            if isinstance(operand, Literal) and isinstance(operand.value, str) and not _is_number(operand.value):
                self._refuse(
                    node,
                    f"“{node.operator}”只计算数值，不连接文本；请写成 文字${{变量}} 的形式",
                    f"'{node.operator}' calculates and does not join texts; write text${{variable}} instead",
                )

    def _choice(self, condition: Node, then: Node, otherwise: Node) -> Compiled:
        asked, (first, kind), (second, other) = (
            self.compile(condition).closure,
            self.compile(then),
            self.compile(otherwise),
        )
        return Compiled(lambda env: first(env) if truth(asked(env)) else second(env), kind if kind == other else None)

    def _refuse(self, node: Node, zh: str, en: str) -> NoReturn:
        raise FeelSyntaxError(zh, en, source=self._source, position=node.at)


def _kind_of(value: object) -> str | None:
    match value:
        case bool():
            return "boolean"
        case str():
            return "text"
        case None:
            return None
        case _:
            return "number"


def _is_number(value: str) -> bool:
    try:
        number(value)
    except JuelError:
        return False
    return True


def _entry(env: Env, base: Any, key: Any) -> Any:
    """`base.key` and `base[key]`: null-safe; an entry of a map or a place of a list that is not there is null."""
    env.run.step()
    match base:
        case None:
            return None
        case dict():
            return base.get(key) if isinstance(key, str) else None
        case list():
            position = operations.whole(truth(key) if isinstance(key, bool) else key)
            return base[position] if 0 <= position < len(base) else None
        case datetime() if key in moments.PROPERTIES:
            return moments.PROPERTIES[key](base)
        case _:
            raise JuelError(f"{shown(base)} 没有属性 {shown(key)}", f"{shown(base)} has no property {shown(key)}")
