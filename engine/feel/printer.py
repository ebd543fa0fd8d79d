"""Writes a syntax tree as FEEL text that reads back to an equal tree."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.feel import tree
from engine.feel.tokens import KEYWORDS

_PLAIN_WORD = re.compile(r"^[^\W\d]\w*( \w+)*$")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_source(node: tree.Node) -> str:
    """FEEL text of `node`; operands of operators are put in parentheses unless they are atoms."""
    match node:
        case tree.Null():
            return "null"
        case tree.Boolean(value):
            return "true" if value else "false"
        case tree.Number(value):
            return _number(value)
        case tree.Text(value):
            return quote(value)
        case tree.AtLiteral(text):
            return "@" + quote(text)
        case tree.Name(name):
            return _name(name)
        case tree.Path(source, name):
            return f"{_operand(source)}.{_name(name)}"
        case tree.Filter(source, condition):
            return f"{_operand(source)}[{to_source(condition)}]"
        case tree.Call(function, arguments, names):
            texts = [to_source(argument) for argument in arguments]
            if names:
                texts = [f"{name}: {text}" for name, text in zip(names, texts, strict=True)]
            return f"{_operand(function)}({', '.join(texts)})"
        case tree.ListOf(items):
            return f"[{', '.join(to_source(item) for item in items)}]"
        case tree.ContextOf(entries):
            return "{" + ", ".join(f"{_key(name)}: {to_source(value)}" for name, value in entries) + "}"
        case tree.RangeOf():
            return _range(node)
        case _:
            return _compound(node)


def _compound(node: tree.Node) -> str:
    match node:
        case tree.Negate(operand):
            return f"-{_operand(operand)}"
        case tree.Arithmetic(operator, left, right) | tree.Compare(operator, left, right):
            return f"{_operand(left)} {operator} {_operand(right)}"
        case tree.And(operands):
            return " and ".join(_operand(each) for each in operands)
        case tree.Or(operands):
            return " or ".join(_operand(each) for each in operands)
        case tree.Between(value, low, high):
            return f"{_operand(value)} between {_operand(low)} and {_operand(high)}"
        case tree.In(value, tests):
            return f"{_operand(value)} in ({', '.join(to_source(test) for test in tests)})"
        case tree.If(condition, then, otherwise):
            return f"if {to_source(condition)} then {to_source(then)} else {to_source(otherwise)}"
        case tree.For(iterations, body):
            return f"for {_iterations(iterations)} return {to_source(body)}"
        case tree.Quantified(every, iterations, condition):
            word = "every" if every else "some"
            return f"{word} {_iterations(iterations)} satisfies {to_source(condition)}"
        case tree.InstanceOf(value, type_):
            return f"{_operand(value)} instance of {_type(type_)}"
        case tree.FunctionOf(parameters, body):
            texts = [name if type_ is None else f"{name}: {_type(type_)}" for name, type_ in parameters]
            return f"function({', '.join(texts)}) {to_source(body)}"
        case tree.Anything():
            return "-"
        case tree.UnaryCompare(operator, operand):
            return f"{operator} {_operand(operand)}"
        case tree.UnaryTests(tests, negated):
            text = ", ".join(to_source(test) for test in tests)
            return f"not({text})" if negated else text
        case _:
            raise TypeError(f"no text for {type(node).__name__}")


_ATOMS = (
    tree.Null,
    tree.Boolean,
    tree.Number,
    tree.Text,
    tree.AtLiteral,
    tree.Name,
    tree.Path,
    tree.Filter,
    tree.Call,
    tree.ListOf,
    tree.ContextOf,
    tree.RangeOf,
)


def _operand(node: tree.Node) -> str:
    return to_source(node) if isinstance(node, _ATOMS) else f"({to_source(node)})"


def quote(text: str) -> str:
    """A FEEL string literal for `text`."""
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _name(name: str) -> str:
    plain = _PLAIN_WORD.match(name) and KEYWORDS.isdisjoint(name.split())
    return name if plain or name == "?" else f"`{name}`"


def _key(name: str) -> str:
    return name if _PLAIN_WORD.match(name) else quote(name)


def _range(node: tree.RangeOf) -> str:
    if node.low is None and node.high is not None:
        return f"({'<=' if node.high_included else '<'} {_operand(node.high)})"
    if node.high is None or node.low is None:
        return f"({'>=' if node.low_included else '>'} {_operand(node.low or tree.Null())})"
    opening, closing = "[" if node.low_included else "(", "]" if node.high_included else ")"
    return f"{opening}{_operand(node.low)}..{_operand(node.high)}{closing}"


def _iterations(iterations: tuple[tree.Iteration, ...]) -> str:
    texts = []
    for each in iterations:
        high = "" if each.high is None else f"..{_operand(each.high)}"
        texts.append(f"{each.name} in {_operand(each.source) if high else to_source(each.source)}{high}")
    return ", ".join(texts)


def _type(node: tree.TypeOf) -> str:
    if node.name == "function":
        result = "" if node.result is None else f" -> {_type(node.result)}"
        return f"function<{', '.join(_type(each) for each in node.arguments)}>{result}"
    if node.fields:
        pairs = zip(node.fields, node.arguments, strict=True)
        return f"{node.name}<{', '.join(f'{name}: {_type(each)}' for name, each in pairs)}>"
    if node.arguments:
        return f"{node.name}<{', '.join(_type(each) for each in node.arguments)}>"
    return node.name
