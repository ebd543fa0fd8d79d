"""Writes a syntax tree as FEEL text that reads back to an equal tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from engine.feel import tree
from engine.feel.tokens import KEYWORDS

_PLAIN_WORD = re.compile(r"^[^\W\d]\w*( \w+)*$")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_source(node: tree.Node) -> str:
    """FEEL text of `node`; operands of operators are put in parentheses unless they are atoms."""
    return _PRINTERS[type(node)](node)


def quote(text: str) -> str:
    """A FEEL string literal for `text`."""
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


_LITERALS = (tree.Null, tree.Boolean, tree.Number, tree.Text, tree.AtLiteral, tree.Name)
_ATOMS = (
    *_LITERALS,
    tree.Path,
    tree.Filter,
    tree.Call,
    tree.ListOf,
    tree.ContextOf,
    tree.RangeOf,
)


def _operand(node: tree.Node) -> str:
    return to_source(node) if isinstance(node, _ATOMS) else f"({to_source(node)})"


def _name(name: str) -> str:
    plain = _PLAIN_WORD.match(name) and KEYWORDS.isdisjoint(name.split())
    return name if plain or name in ("?", "not") else f"`{name}`"


def _key(name: str) -> str:
    return name if _PLAIN_WORD.match(name) else quote(name)


def _listed(nodes: Iterable[tree.Node]) -> str:
    return ", ".join(to_source(node) for node in nodes)


def _call(node: tree.Call) -> str:
    texts = [to_source(argument) for argument in node.arguments]
    if node.names:
        texts = [f"{_name(name)}: {text}" for name, text in zip(node.names, texts, strict=True)]
    return f"{_operand(node.function)}({', '.join(texts)})"


def _context(node: tree.ContextOf) -> str:
    return "{" + ", ".join(f"{_key(name)}: {to_source(value)}" for name, value in node.entries) + "}"


def _range(node: tree.RangeOf) -> str:
    if node.low is None:
        return f"({'<=' if node.high_included else '<'} {_operand(node.high or tree.Null())})"
    if node.high is None:
        return f"({'>=' if node.low_included else '>'} {_operand(node.low)})"
    opening, closing = "[" if node.low_included else "(", "]" if node.high_included else ")"
    # Brackets after the upper end would be read as those of the range.
    high = to_source(node.high) if isinstance(node.high, _LITERALS) else f"({to_source(node.high)})"
    return f"{opening}{_operand(node.low)}..{high}{closing}"


def _iterations(iterations: tuple[tree.Iteration, ...]) -> str:
    texts = []
    for each in iterations:
        high = "" if each.high is None else f"..{_operand(each.high)}"
        texts.append(f"{_name(each.name)} in {_operand(each.source)}{high}")
    return ", ".join(texts)


def _quantified(node: tree.Quantified) -> str:
    word = "every" if node.every else "some"
    return f"{word} {_iterations(node.iterations)} satisfies {to_source(node.condition)}"


def _function(node: tree.FunctionOf) -> str:
    texts = [_name(name) if type_ is None else f"{_name(name)}: {to_source(type_)}" for name, type_ in node.parameters]
    return f"function({', '.join(texts)}) {to_source(node.body)}"


def _type(node: tree.TypeOf) -> str:
    if node.name == "function":
        result = "" if node.result is None else f" -> {_type(node.result)}"
        arguments = f"<{_listed(node.arguments)}>" if node.arguments or node.result is not None else ""
        return f"function{arguments}{result}"
    if node.fields:
        pairs = zip(node.fields, node.arguments, strict=True)
        return f"{node.name}<{', '.join(f'{name}: {_type(each)}' for name, each in pairs)}>"
    return f"{node.name}<{_listed(node.arguments)}>" if node.arguments else node.name


def _comparison(node: tree.UnaryCompare) -> str:
    """`(= 10)` may stand wherever a value may; the others become an interval there and need no brackets as tests."""
    text = f"{node.operator} {_operand(node.operand)}"
    return f"({text})" if node.operator in ("=", "!=") else text


def _unary_tests(node: tree.UnaryTests) -> str:
    return f"not({_listed(node.tests)})" if node.negated else _listed(node.tests)


_PRINTERS: dict[type[tree.Node], Callable[[Any], str]] = {
    tree.Null: lambda _node: "null",
    tree.Boolean: lambda node: "true" if node.value else "false",
    tree.Number: lambda node: f"{node.value:f}",
    tree.Text: lambda node: quote(node.value),
    tree.AtLiteral: lambda node: "@" + quote(node.text),
    tree.Name: lambda node: _name(node.name),
    tree.Path: lambda node: f"{_operand(node.source)}.{_name(node.name)}",
    tree.Filter: lambda node: f"{_operand(node.source)}[{to_source(node.condition)}]",
    tree.Call: _call,
    tree.ListOf: lambda node: f"[{_listed(node.items)}]",
    tree.ContextOf: _context,
    tree.RangeOf: _range,
    tree.Negate: lambda node: f"-{_operand(node.operand)}",
    tree.Arithmetic: lambda node: f"{_operand(node.left)} {node.operator} {_operand(node.right)}",
    tree.Compare: lambda node: f"{_operand(node.left)} {node.operator} {_operand(node.right)}",
    tree.And: lambda node: " and ".join(_operand(each) for each in node.operands),
    tree.Or: lambda node: " or ".join(_operand(each) for each in node.operands),
    tree.Between: lambda node: f"{_operand(node.value)} between {_operand(node.low)} and {_operand(node.high)}",
    tree.In: lambda node: f"{_operand(node.value)} in ({_listed(node.tests)})",
    tree.If: lambda node: (
        f"if {to_source(node.condition)} then {to_source(node.then)} else {to_source(node.otherwise)}"
    ),
    tree.For: lambda node: f"for {_iterations(node.iterations)} return {to_source(node.body)}",
    tree.Quantified: _quantified,
    tree.InstanceOf: lambda node: f"{_operand(node.value)} instance of {_type(node.type)}",
    tree.TypeOf: _type,
    tree.FunctionOf: _function,
    tree.Anything: lambda _node: "-",
    tree.UnaryCompare: _comparison,
    tree.UnaryTests: _unary_tests,
}
