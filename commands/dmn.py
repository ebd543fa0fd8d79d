"""`yimen dmn FILE --decision ID --input FILE`: what a decision gives and why, rule by rule, without a server."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TextIO

from casework.law import calendar
from commands import evaluating
from commands.evaluating import Unanswerable, print_json, print_warning, shown
from engine.decisions import Decision, DecisionModel, DecisionRefused, DecisionResult, Step, library, parse_decisions
from engine.errors import ModelError
from engine.feel import FeelLimitError, to_json

SUMMARY = "计算 DMN 决策 / evaluate a DMN decision"


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="DMN 文件;其后是它引入的文件 / the file, then those that it imports"
    )
    parser.add_argument(
        "--decision", metavar="ID", help="决策编号,只有一个时可省 / id of the decision, where there are several"
    )
    evaluating.describe(parser, "--input")


def run(asked: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print value and trace; 0 with a value, 1 where file or table are wrong, 2 where the question has no answer."""
    try:
        variables, now = evaluating.variables(asked), evaluating.moment(asked)
        decision = _chosen(_read(asked.files), asked.decision)
        result = decision.evaluate(variables, now=now)
    except Unanswerable as error:
        err.write(f"{error}\n")
        return 2
    except DecisionRefused as refused:
        for problem in refused.problems:
            place = ":".join(str(part) for part in (problem.file, problem.line) if part)
            err.write(f"{place}: {problem.rule} [{problem.element_id}]\n    {problem.zh}\n    {problem.en}\n")
        return 1
    except ModelError as error:
        err.write(f"{error.zh}\n{error.en}\n")
        return 1
    except FeelLimitError as error:
        err.write(f"{error.message_zh}\n{error.message_en}\n")
        return 1
    if asked.json:
        _print_json(out, result)
    else:
        _print(out, result)
    return 1 if result.warnings and asked.strict else 0


def _read(names: list[str]) -> DecisionModel:
    try:
        contents = [Path(name).read_bytes() for name in names]
    except OSError as error:
        raise Unanswerable(f"打不开 / cannot open {error.filename}: {error.strerror}") from None
    return parse_decisions(contents[0], functions=calendar.FUNCTIONS, file=names[0], imports=library(contents[1:]))


def _chosen(model: DecisionModel, wanted: str | None) -> Decision:
    """By id, or by name; the only one where none is named."""
    known = model.decisions
    if wanted is None and len(known) == 1:
        return next(iter(known.values()))
    found = known.get(wanted or "") or next((each for each in known.values() if each.name == wanted), None)
    if found is None:
        choice = ", ".join(f"{each.id} ({each.name})" if each.name != each.id else each.id for each in known.values())
        raise Unanswerable(f"请用 --decision 选择 / choose with --decision: {choice}")
    return found


def _print(out: TextIO, result: DecisionResult) -> None:
    out.write(f"{shown(result.value)}\n")
    for step in result.trace:
        _print_step(out, step)
    for each in result.warnings:
        print_warning(out, f"{each.element_id or '?'} +{each.warning.position}", each.warning)


def _print_step(out: TextIO, step: Step) -> None:
    name = f"{step.id} {step.name}" if step.name and step.name != step.id else step.id
    out.write(f"\n{name}{f' ({step.hit_policy})' if step.hit_policy else ''} = {shown(step.value)}\n")
    for each in step.inputs:
        written = f" [{' '.join(each.expression.split())}]" if each.expression not in ("", each.label) else ""
        out.write(f"    输入 input: {each.label}{written} = {shown(each.value)}\n")
    for rule in step.rules:
        outputs = ", ".join(f"{label} = {shown(value)}" for label, value in rule.outputs.items())
        note = " ".join(rule.annotation.split())
        out.write(f"    命中 rule {rule.index} ({rule.rule_id}): {outputs}{f'  // {note}' if note else ''}\n")
    if step.hit_policy and not step.rules:
        out.write("    没有规则命中 no rule matches\n")


def _print_json(out: TextIO, result: DecisionResult) -> None:
    print_json(
        out,
        {
            "value": to_json(result.value),
            "trace": [step.to_json() for step in result.trace],
            "warnings": [
                {
                    "element": each.element_id,
                    "position": each.warning.position,
                    "code": str(each.warning.code),
                    "zh": each.warning.text_zh,
                    "en": each.warning.text_en,
                }
                for each in result.warnings
            ],
        },
    )
