"""`yimen check FILE…`: what a deployment of these files would say, problem by problem.

Several files are one deployment: an id may not stand twice, and what an element binds to its deployment should be among
them. What is not may have been deployed before, which only a server knows; it is therefore a warning here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TextIO

from casework import catalogue
from casework.law import calendar
from commands.rules import Rule, read_rules
from engine.decisions import analyse, library, parse_decisions
from engine.deployment import references
from engine.errors import DeploymentRefused, Problem
from engine.model import Resource
from engine.parsing.bpmn import inspect_bpmn
from engine.parsing.forms import read_form
from engine.parsing.records import Binding, Element

SUMMARY = "检查 BPMN、DMN 与表单文件 / check BPMN, DMN and form files"
SEVERITIES = {"error": ("错误", "error"), "warning": ("提醒", "warning")}
_WORDS = {"form": "表单", "decision": "决策", "process": "流程"}


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="文件;几个文件视为一次部署 / several are one deployment"
    )
    parser.add_argument("--lang", choices=["zh", "en", "both"], default="both", help="语言 / language (both)")
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs: one JSON document")
    parser.add_argument("--rules", action="store_true", help="列出全部规则 / list all rules")


def run(asked: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print what was asked for; 0 without errors, 1 with some, 2 where a file cannot be opened or none was named."""
    if asked.rules:
        _print_rules(read_rules(), asked, out)
        return 0
    if not asked.files:
        err.write("没有文件 / no file was named\n")
        return 2
    try:
        resources = [Resource(name, Path(name).read_bytes()) for name in asked.files]
    except OSError as error:
        err.write(f"打不开 / cannot open {error.filename}: {error.strerror}\n")
        return 2
    problems = inspect(resources)
    errors = sum(problem.severity == "error" for problem in problems)
    if asked.json:
        json.dump([_row(problem) for problem in problems], out, ensure_ascii=False, indent=1)
        out.write("\n")
    else:
        _print(problems, asked.lang, out)
        warnings = len(problems) - errors
        summary = {
            "zh": f"{len(resources)} 个文件,{errors} 个错误,{warnings} 个提醒",
            "en": f"files: {len(resources)}, errors: {errors}, warnings: {warnings}",
        }
        out.write(" / ".join(text for lang, text in summary.items() if asked.lang in (lang, "both")) + "\n")
    return 1 if errors else 0


def inspect(resources: Sequence[Resource]) -> list[Problem]:
    """Every problem of every file, warnings included, in the order of the files and of their lines."""
    found: list[Problem] = []
    held: dict[tuple[str, str], str] = {}
    bound: list[tuple[Element, Resource]] = []
    imports = library(each.content for each in resources if PurePath(each.name).suffix.lower() == ".dmn")
    for resource in resources:
        try:
            for kind, key in _read(resource, found, bound, imports):
                other = held.setdefault((kind, key), resource.name)
                if other != resource.name:
                    found.append(_twice(kind, key, other, resource.name))
        except DeploymentRefused as refused:
            found.extend(refused.problems)
    found.extend(_missing(bound, held))
    order = {resource.name: number for number, resource in enumerate(resources)}
    return sorted(dict.fromkeys(found), key=lambda problem: (order.get(problem.file, 0), problem.line or 0))


def _read(
    resource: Resource, found: list[Problem], bound: list[tuple[Element, Resource]], imports: Mapping[str, bytes]
) -> Iterator[tuple[str, str]]:
    """Judge one file; gives the kind and id of everything that it defines."""
    match PurePath(resource.name).suffix.lower():
        case ".bpmn":
            inspection = inspect_bpmn(resource.content, file=resource.name, functions=calendar.FUNCTIONS)
            found.extend(inspection.problems)
            if inspection.collaboration is None:
                return
            for rule in catalogue.RULES:
                found.extend(rule(inspection.collaboration, resource))
            for process in inspection.collaboration.processes:
                bound.extend((element, resource) for element in process.elements.values())
                yield "process", process.id
        case ".dmn":
            model = parse_decisions(resource.content, file=resource.name, functions=calendar.FUNCTIONS, imports=imports)
            found.extend(analyse(model.tables, file=resource.name).problems)
            for decision in model.decisions:
                yield "decision", decision
        case ".form":
            form = read_form(resource.content, file=resource.name, functions=calendar.FUNCTIONS)
            found.extend(catalogue.form_problems(resource))
            yield "form", form.form_id
        case suffix if suffix in catalogue.RESOURCE_KINDS:
            found.extend(catalogue.RESOURCE_KINDS[suffix](resource))
        case suffix:
            known = ", ".join((".bpmn", ".dmn", ".form", *catalogue.RESOURCE_KINDS))
            found.append(
                Problem(
                    "resource-kind",
                    f"不认识的文件种类 {suffix or '(无扩展名)'},可部署:{known}",
                    f"unknown kind of file {suffix or '(no suffix)'}; can be deployed: {known}",
                    resource.name,
                )
            )


def _twice(kind: str, key: str, first: str, second: str) -> Problem:
    return Problem(
        f"{kind}-id-unique",
        f"同一次部署中{_WORDS[kind]}标识 {key} 出现两次({first} 和 {second})",
        f"{kind} id {key} occurs twice in one deployment ({first} and {second})",
        second,
        key,
    )


def _missing(bound: Iterable[tuple[Element, Resource]], held: dict[tuple[str, str], str]) -> Iterator[Problem]:
    for element, resource in bound:
        for kind, key, binding in references(element):
            if binding is Binding.DEPLOYMENT and (kind, key) not in held:
                yield Problem(
                    f"{kind}-found",
                    f"{_WORDS[kind]} {key} 不在这些文件中;部署时它须在同一次部署中,或已部署过",
                    f"{kind} {key} is not among these files; it has to be in the same deployment or deployed already",
                    resource.name,
                    element.id,
                    element.name or None,
                    element.line,
                    severity="warning",
                )


# -- what is printed ---------------------------------------------------------------------------------------------------
def _print(problems: Iterable[Problem], lang: str, out: TextIO) -> None:
    for problem in problems:
        place = ":".join(str(part) for part in (problem.file, problem.line) if part)
        element = " ".join(part for part in (problem.element_id, problem.element_name) if part)
        zh, en = SEVERITIES[problem.severity]
        severity = {"zh": zh, "en": en, "both": f"{zh} {en}"}[lang]
        out.write(f"{place}: {severity}: {problem.rule}{f' [{element}]' if element else ''}\n")
        for written, text in (("zh", problem.zh), ("en", problem.en)):
            if lang in (written, "both"):
                out.write(f"    {text}\n")


def _row(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "severity": problem.severity,
        "rule": problem.rule,
        "elementId": problem.element_id,
        "elementName": problem.element_name,
        "zh": problem.zh,
        "en": problem.en,
    }


def _print_rules(rules: Sequence[Rule], asked: argparse.Namespace, out: TextIO) -> None:
    if asked.json:
        json.dump(
            [{"rule": rule.id, "zh": rule.zh, "en": rule.en} for rule in rules], out, ensure_ascii=False, indent=1
        )
        out.write("\n")
        return
    for rule in rules:
        out.write(f"{rule.id}\n")
        for written, text in (("zh", rule.zh), ("en", rule.en)):
            if asked.lang in (written, "both"):
                out.write(f"    {text}\n")
