"""`yimen feel 'EXPRESSION' --context FILE`: what an expression gives, what it read, and why parts of it are null."""

from __future__ import annotations

import argparse
from typing import TextIO

from casework.law import calendar
from commands import evaluating
from commands.evaluating import Unanswerable, placed, print_json, print_warning, shown
from engine.feel import Expression, FeelLimitError, FeelSyntaxError, compile_expression, compile_unary_tests, to_json

SUMMARY = "计算 FEEL 表达式 / evaluate a FEEL expression"


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("expression", help="表达式,等号可有可无 / the expression, with or without an equals sign")
    evaluating.describe(parser, "--context")
    parser.add_argument(
        "--unary",
        metavar="INPUT",
        help="把表达式当作决策表的格子,INPUT 是被检验的值(FEEL) / read it as a cell of a decision table that tests this value",
    )


def run(asked: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print the value; 0 with one, 1 where the expression is wrong or goes on too long, 2 where a file cannot be read."""
    try:
        context, now = evaluating.variables(asked), evaluating.moment(asked)
        source = asked.expression if asked.unary is not None else asked.expression.removeprefix("=")
        tested = None if asked.unary is None else _input(asked.unary)
    except Unanswerable as error:
        err.write(f"{error}\n")
        return 2
    functions = calendar.FUNCTIONS
    try:
        if asked.unary is None:
            compiled = compile_expression(source, functions=functions, names=context)
            names, found = compiled.names, compiled.evaluate(context, now=now)
        else:
            tests = compile_unary_tests(source, functions=functions, names=context)
            given = tested.evaluate(context, now=now).value if tested else None
            names, found = tests.names, tests.evaluate(context, input_value=given, now=now)
    except FeelSyntaxError as error:
        _refused(asked, out, error.message_zh, error.message_en, (error.line, error.column), source)
        return 1
    except FeelLimitError as error:
        _refused(asked, out, error.message_zh, error.message_en, None, source)
        return 1
    read = {name: context[name] for name in sorted(names) if name in context}
    if asked.json:
        print_json(
            out,
            {
                "value": to_json(found.value),
                "text": shown(found.value),
                "read": read,
                "warnings": [
                    {"code": str(each.code), "line": line, "column": column, "zh": each.text_zh, "en": each.text_en}
                    for each in found.warnings
                    for line, column in [placed(each, source)]
                ],
            },
        )
    else:
        out.write(f"{shown(found.value)}\n")
        for name, value in read.items():
            out.write(f"读取 read: {name} = {shown(value)}\n")
        for each in found.warnings:
            print_warning(out, "{}:{}".format(*placed(each, source)), each)
    return 1 if found.warnings and asked.strict else 0


def _input(source: str) -> Expression:
    try:
        return compile_expression(source)
    except FeelSyntaxError as error:
        raise Unanswerable(f"--unary: {error.message_zh} / {error}") from None


def _refused(
    asked: argparse.Namespace, out: TextIO, zh: str, en: str, place: tuple[int, int] | None, source: str
) -> None:
    line, column = place or (None, None)
    if asked.json:
        print_json(out, {"error": {"zh": zh, "en": en, "line": line, "column": column}})
        return
    out.write("错误 error" + (f" {line}:{column}" if place else "") + f"\n    {zh}\n    {en}\n")
    if place is not None:
        out.write(f"    {source.splitlines()[place[0] - 1] if source else ''}\n    {' ' * (place[1] - 1)}^\n")
