"""Writes a JUEL tree as text that reads back to an equal tree."""

from __future__ import annotations

from decimal import Decimal

from engine.juel.tree import Binary, Choice, Index, Invocation, Literal, Member, Name, Node, Template, Unary


def to_source(template: Template) -> str:
    """The text of a whole attribute."""
    opening = "#{" if template.deferred else "${"
    return "".join(
        part.replace("${", "\\${").replace("#{", "\\#{") if isinstance(part, str) else f"{opening}{written(part)}}}"
        for part in template.parts
    )


def written(node: Node) -> str:
    """The text of one expression; operands that are no values of their own are put in parentheses."""
    match node:
        case Literal(value):
            return _literal(value)
        case Name(name):
            return name
        case Member(base, name):
            return f"{_base(base)}.{name}"
        case Index(base, key):
            return f"{_base(base)}[{written(key)}]"
        case Invocation(base, name, arguments):
            prefix = "" if base is None else f"{_base(base)}."
            return f"{prefix}{name}({', '.join(map(written, arguments))})"
        case Unary(operator, operand):
            return f"{operator} {_operand(operand)}"
        case Binary(operator, left, right):
            return f"{_operand(left)} {operator} {_operand(right)}"
        case Choice(condition, then, otherwise):
            return f"{_operand(condition)} ? {_operand(then)} : {_operand(otherwise)}"


def _operand(node: Node) -> str:
    text = written(node)
    return f"({text})" if isinstance(node, Unary | Binary | Choice) else text


def _base(node: Node) -> str:
    """As an operand; a number would run into the point that follows."""
    is_number = isinstance(node, Literal) and isinstance(node.value, int | Decimal)
    return f"({written(node)})" if is_number else _operand(node)


def _literal(value: int | Decimal | str | bool | None) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case Decimal():
            text = str(value)
            return text if set(text) & {".", "E"} else f"{text}.0"
        case _:
            return str(value)
