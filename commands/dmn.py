"""`yimen dmn FILE --decision ID --input FILE`: what a decision gives and why, rule by rule, without a server.

With --analyse: the faults of the file's tables, each with an input for which it shows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from casework.law import calendar
from commands import evaluating
from commands.evaluating import Unanswerable, print_json, print_warning, shown
from engine.decisions import (
    Decision,
    DecisionModel,
    DecisionRefused,
    DecisionResult,
    Fault,
    Step,
    analyse,
    library,
    parse_decisions,
)
from engine.errors import ModelError, Problem
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
    parser.add_argument(
        "--analyse",
        action="store_true",
        help="找出表的遗漏、重叠、矛盾和不起作用的规则 / find gaps, overlaps, contradictions and rules without effect",
    )
    evaluating.describe(parser, "--input")


def run(asked: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print value and trace, or what the analysis found; 0 with a value and without faults, 1 where file or table are wrong,
    2 where the question has no answer."""
    try:
        variables, now = evaluating.variables(asked), evaluating.moment(asked)
        model = _read(asked.files)
        if asked.analyse:
            return _analyse(model, asked, out)
        decision = _chosen(model, asked.decision)
        result = decision.evaluate(variables, now=now)
    except Unanswerable as error:
        err.write(f"{error}\n")
        return 2
    except DecisionRefused as refused:
        _print_problems(err, refused.problems)
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


def _analyse(model: DecisionModel, asked: argparse.Namespace, out: TextIO) -> int:
    """Print the faults of the tables, then what could not be read; 1 with faults, under --strict also with the latter."""
    found = analyse(model.tables, file=asked.files[0])
    if asked.json:
        print_json(
            out,
            {"faults": [_fault(each) for each in found.faults], "notAnalysed": [_row(each) for each in found.remarks]},
        )
    else:
        _print_problems(out, (*found.problems, *found.remarks))
        out.write(
            f"{len(model.tables)} 张表,{len(found.faults)} 处问题,{len(found.remarks)} 处未分析 / "
            f"tables: {len(model.tables)}, faults: {len(found.faults)}, not analysed: {len(found.remarks)}\n"
        )
    return 1 if found.faults or (asked.strict and found.remarks) else 0


def _fault(fault: Fault) -> dict[str, object]:
    example = None if fault.example is None else [to_json(each) for each in fault.example]
    return {**_row(fault.problem), "table": fault.table.element_id, "rows": list(fault.rows), "example": example}


def _row(problem: Problem) -> dict[str, object]:
    return {
        "rule": problem.rule,
        "elementId": problem.element_id,
        "line": problem.line,
        "zh": problem.zh,
        "en": problem.en,
    }


def _print_problems(out: TextIO, problems: Iterable[Problem]) -> None:
    for problem in problems:
        place = ":".join(str(part) for part in (problem.file, problem.line) if part)
        out.write(f"{place}: {problem.rule} [{problem.element_id}]\n    {problem.zh}\n    {problem.en}\n")


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
