"""Every rule has a page for designers, and the diagrams on it are right about what they show."""

import ast
import re
from pathlib import Path

import pytest

from engine.decisions import analyse, parse_decisions
from engine.errors import DeploymentRefused, Problem
from engine.parsing.bpmn import inspect_bpmn
from engine.parsing.forms import read_form
from tests.sources import ROOT

PAGES = {page.stem: page for page in sorted((ROOT / "docs" / "rules").glob("*.md")) if page.stem != "README"}
REPORTING = {"refuse", "warn", "say", "add", "required", "required_text", "_text", "_refused", "_NotRead"}
SOURCES = [
    ROOT / "engine" / "xml.py",
    ROOT / "engine" / "json_text.py",
    ROOT / "engine" / "deployment.py",
    ROOT / "engine" / "start_events.py",
    *sorted((ROOT / "engine" / "parsing").glob("*.py")),
    *sorted((ROOT / "engine" / "decisions").glob("*.py")),
]
# Rules whose names are put together from the kind of thing that is missing.
COMPOSED = {f"{kind}-{part}" for kind in ("message", "signal") for part in ("reference", "name")} | {
    f"{kind}-{part}" for kind in ("error", "escalation") for part in ("reference", "code")
}
COMPOSED |= {f"{kind}-{part}" for kind in ("form", "decision", "process") for part in ("found", "id-unique")}
DEFINITIONS = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">{}</bpmn:definitions>'
)


DECISIONS = '<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" id="file" name="file" namespace="t">{}</dmn:definitions>'


def blocks(page: Path) -> list[tuple[str, str]]:
    return re.findall(r"```(xml|json)\n(.*?)\n```", page.read_text("utf-8"), re.DOTALL)


ANALYSED = {"dmn-gap", "dmn-overlap", "dmn-conflict", "dmn-unreachable"}


def problems(rule: str, language: str, text: str) -> tuple[Problem, ...]:
    if language == "json":
        try:
            read_form(text.encode(), file="page.form")
        except DeploymentRefused as refused:
            return refused.problems
        return ()
    if text.startswith("<dmn:"):
        try:
            model = parse_decisions(DECISIONS.format(text).encode(), file="page.dmn")
        except DeploymentRefused as refused:
            return refused.problems
        found = analyse(model.tables)
        return (*found.problems, *found.remarks) if rule in ANALYSED else ()
    whole = text if text.startswith(("<?xml", "<!DOCTYPE", "<html")) else DEFINITIONS.format(text)
    return inspect_bpmn(whole.encode(), file="page.bpmn").problems


SHOWN = [pytest.param(rule, *blocks(page), id=rule) for rule, page in PAGES.items() if blocks(page)]


@pytest.mark.parametrize(("rule", "wrong", "right"), SHOWN)
def test_the_wrong_diagram_of_a_page_breaks_its_rule(rule: str, wrong: tuple[str, str], right: tuple[str, str]) -> None:
    assert rule in {problem.rule for problem in problems(rule, *wrong)}


@pytest.mark.parametrize(("rule", "wrong", "right"), SHOWN)
def test_the_right_diagram_of_a_page_breaks_no_rule(rule: str, wrong: tuple[str, str], right: tuple[str, str]) -> None:
    assert [str(problem) for problem in problems(rule, *right)] == []


def rules_in_the_code() -> set[str]:
    """The rule ids that stand as a literal first in a call that reports, or as `rule=` of a problem."""
    found: set[str] = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = list(node.args[:1]) if name == "Problem" else []
            named = first + [keyword.value for keyword in node.keywords if name == "Problem" and keyword.arg == "rule"]
            for argument in [*(node.args if name in REPORTING else []), *named]:
                if isinstance(argument, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z]+)*", str(argument.value)):
                    found.add(str(argument.value))
    return found


def test_every_rule_of_the_code_has_a_page_and_every_page_a_rule() -> None:
    # Words such as attribute names are lower-case too; only what is a page or looks like a rule with a hyphen can be one.
    mentioned = {rule for rule in rules_in_the_code() | COMPOSED if "-" in rule or rule in PAGES}

    assert mentioned == set(PAGES)


@pytest.mark.parametrize("rule", sorted(PAGES))
def test_a_page_says_its_rule_in_chinese_and_in_english(rule: str) -> None:
    title, _, chinese, _, english = PAGES[rule].read_text("utf-8").split("\n")[:5]

    assert title == f"# {rule}"
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert re.search(r"[a-z]", english)
    assert not re.search(r"[\u4e00-\u9fff]", english)


def test_the_list_of_rules_names_every_page() -> None:
    listed = re.findall(r"\]\(([a-z-]+)\.md\)", (ROOT / "docs" / "rules" / "README.md").read_text("utf-8"))

    assert sorted(listed) == sorted(PAGES)
