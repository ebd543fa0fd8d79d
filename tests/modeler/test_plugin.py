"""The lint plug-in marks in the Modeler what a deployment would refuse, on the diagrams of the rules' own pages."""

import re
from typing import Any

import pytest

from casework import catalogue
from commands import linting
from engine.errors import DeploymentRefused
from engine.model import Resource
from engine.parsing.bpmn import inspect_bpmn, read_bpmn
from engine.parsing.dialects import dialect_of
from engine.parsing.records import Dialect
from engine.xml import parse_xml
from tests.modeler import node
from tests.parsing.test_rule_pages import DEFINITIONS, PAGES, blocks
from tests.sources import ROOT

PLUGIN = ROOT / "modeler" / "yimen-plugin"
"""As it lies in the repository, and as a designer copies it."""
LINTED = linting.ERRORS | set(linting.WARNINGS.values())
SERVER_ONLY_FILES = ("dmn-", "form", "json-", "xml-")
SHIPPED = sorted((ROOT / "processes").rglob("*.bpmn"))
CORPUS = sorted((ROOT / "tests").rglob("*.bpmn"))


def whole(text: str) -> str:
    return text if text.startswith(("<?xml", "<!DOCTYPE", "<html")) else DEFINITIONS.format(text)


def question(name: str, xml: str, *, knows_schema: bool = True) -> dict[str, Any]:
    """A diagram as the tab of its dialect would hold it."""
    dialect = 7 if dialect_of(parse_xml(xml.encode(), file=name)) is Dialect.CAMUNDA_7 else 8
    return {"name": name, "xml": xml, "dialect": dialect if knows_schema else 0}


@pytest.fixture(scope="session")
def pages() -> dict[str, list[dict[str, str]]]:
    """What the plug-in says of the wrong and the right diagram of each page, with and without the dialect's schema."""
    asked = []
    for rule in sorted(LINTED):
        for side, (_, text) in zip(("wrong", "right"), blocks(PAGES[rule]), strict=False):
            asked += [question(f"{rule} {side}", whole(text)), question(f"{rule} {side} 0", whole(text), knows_schema=False)]
    answer: dict[str, list[dict[str, str]]] = node.run("lint.cjs", str(PLUGIN / "client.js"), asked=asked)
    return answer


def said(reports: list[dict[str, str]]) -> set[tuple[str, str]]:
    """(page of the rule, element) of each report."""
    return {(linting.WARNINGS.get(report["rule"], report["rule"]), report["id"]) for report in reports}


def judged(xml: str) -> set[str]:
    """The rules that the server says are broken, the catalogue's included."""
    found = {problem.rule for problem in inspect_bpmn(xml.encode(), file="page.bpmn").problems}
    # A tree without a reference does not tell one that is missing from one that leads nowhere.
    found |= {f"{kind}-reference" for kind in ("message", "signal", "error", "escalation") if "undefined-reference" in found}
    try:
        model = read_bpmn(xml.encode(), file="page.bpmn")
    except DeploymentRefused:
        return found | set(linting.CATALOGUE)  # what is refused has no model that the catalogue could look at
    return found | {problem.rule for problem in catalogue.rule()(model, Resource("page.bpmn", b""))}


SHOWN = [rule for rule in sorted(LINTED) if blocks(PAGES[rule])]


@pytest.mark.parametrize("schema", ["", " 0"], ids=["with the schema", "without"])
@pytest.mark.parametrize("rule", SHOWN)
def test_the_wrong_diagram_is_marked_at_the_element_that_the_server_names(pages: Any, rule: str, schema: str) -> None:
    _, text = blocks(PAGES[rule])[0]
    refused = inspect_bpmn(whole(text).encode(), file="page.bpmn").problems
    named = {problem.element_id for problem in refused if problem.rule == rule}

    found = said(pages[f"{rule} wrong{schema}"])
    marked = {element for page, element in found if page == rule}
    assert marked & named or (marked == {"p"} and named == {"d"})  # the whole file is marked at its process


@pytest.mark.parametrize("schema", ["", " 0"], ids=["with the schema", "without"])
@pytest.mark.parametrize("rule", SHOWN)
def test_nothing_is_marked_that_the_server_lets_pass(pages: Any, rule: str, schema: str) -> None:
    wrong, right = (whole(text) for _, text in blocks(PAGES[rule])[:2])

    assert {page for page, _ in said(pages[f"{rule} wrong{schema}"])} <= judged(wrong)
    assert {page for page, _ in said(pages[f"{rule} right{schema}"])} <= judged(right) <= set(linting.CATALOGUE)


def test_every_rule_without_a_diagram_on_its_page_is_shown_here() -> None:
    assert sorted(LINTED - set(SHOWN)) == ["name-length"]
    long_name = whole(f'<bpmn:process id="p" isExecutable="true"><bpmn:task id="a" name="{"x" * 1001}" /></bpmn:process>')

    found = node.run("lint.cjs", str(PLUGIN / "client.js"), asked=[question("long", long_name)])
    assert said(found["long"]) == {("name-length", "a")}


def test_shipped_diagrams_and_those_of_our_tests_are_marked_only_where_the_server_refuses() -> None:
    asked, refused = [], {}
    for file in [*SHIPPED, *CORPUS]:
        name, xml = str(file.relative_to(ROOT)), file.read_text("utf-8")
        refused[name] = judged(xml)
        if not any(rule.startswith(("xml-", "not-bpmn", "duplicate-id")) for rule in refused[name]):
            asked.append(question(name, xml))
    found = node.run("lint.cjs", str(PLUGIN / "client.js"), asked=asked)

    assert len(asked) >= len(SHIPPED)
    assert {name: rules for name in found if (rules := {page for page, _ in said(found[name])} - refused[name])} == {}
    assert {str(file.relative_to(ROOT)): found[str(file.relative_to(ROOT))] for file in SHIPPED} == {
        str(file.relative_to(ROOT)): [] for file in SHIPPED
    }


# ---- our own words

HEAD = '<bpmn:process id="p" isExecutable="true">{}</bpmn:process>'
COUNT = (
    '<zeebe:taskDefinition type="ledger.count" /><zeebe:taskHeaders><zeebe:header key="ledger" value="L01" />'
    '<zeebe:header key="state" value="{}" /></zeebe:taskHeaders>'
)
WORDS = {
    "job-known": (
        '<zeebe:taskDefinition type="clock.begin" />',
        '<zeebe:taskDefinition type="clock.start" /><zeebe:taskHeaders><zeebe:header key="clock" value="debt" /></zeebe:taskHeaders>',
    ),
    "job-words": (
        COUNT.format("closed"),
        COUNT.format("open"),
    ),
    "property-known": (
        '<zeebe:taskDefinition type="policy.load" /><zeebe:properties><zeebe:property name="titel" value="x" /></zeebe:properties>',
        '<zeebe:taskDefinition type="policy.load" /><zeebe:properties><zeebe:property name="clause" value="x" /></zeebe:properties>',
    ),
}  # fmt: skip
PEOPLE = {
    "clock-edge": ('name="edge" value="red"', 'name="edge" value="amber"'),
    "four-eyes": ('name="notBy" value="b"', 'name="notBy" value="a"'),
    "recusal-stage": ('name="recusal" value="reading"', 'name="recusal" value="review"'),
}


def shown() -> dict[str, tuple[str, str]]:
    service = '<bpmn:serviceTask id="a"><bpmn:extensionElements>{}</bpmn:extensionElements></bpmn:serviceTask>'
    people = (
        '<bpmn:userTask id="a"><bpmn:extensionElements><zeebe:userTask /><zeebe:properties><zeebe:property {} />'
        "</zeebe:properties></bpmn:extensionElements></bpmn:userTask>"
    )
    return {
        rule: (whole(HEAD.format(outer.format(wrong))), whole(HEAD.format(outer.format(right))))
        for outer, table in ((service, WORDS), (people, PEOPLE))
        for rule, (wrong, right) in table.items()
    }


def test_words_of_the_catalogue_are_judged_as_the_server_judges_them() -> None:
    diagrams = shown()
    asked = [
        question(f"{rule} {side}", xml) for rule, sides in diagrams.items() for side, xml in zip(("wrong", "right"), sides, strict=True)
    ]
    found = node.run("lint.cjs", str(PLUGIN / "client.js"), asked=asked)

    check = catalogue.rule()
    for rule, (wrong, right) in diagrams.items():
        resource = Resource("page.bpmn", wrong.encode())
        server = [(problem.rule, problem.element_id) for problem in check(read_bpmn(wrong.encode(), file="page.bpmn"), resource)]
        assert said(found[f"{rule} wrong"]) == set(server) == {(rule, "a")}
        assert found[f"{rule} right"] == []
        assert check(read_bpmn(right.encode(), file="page.bpmn"), resource) == []
    assert set(diagrams) == set(linting.CATALOGUE)


# ---- what is kept in the repository


def test_the_plug_in_in_the_repository_is_what_the_rules_and_tables_make() -> None:
    made = linting.plugin()

    assert {name: (PLUGIN / name).read_text("utf-8") for name in made} == made


def test_every_rule_is_either_decided_in_the_modeler_or_named_as_the_servers() -> None:
    page = (ROOT / "docs" / "designer.md").read_text("utf-8")
    listed = re.search(r"<!-- rules of the server -->\n(.*?)\n<!-- /rules of the server -->", page, re.DOTALL)
    left = [rule for rule in linting.server_only() if not rule.startswith(SERVER_ONLY_FILES)]

    assert listed is not None
    assert re.findall(r"\[([a-z-]+)\]\(rules/\1\.md\)", listed.group(1)) == left
    assert LINTED.isdisjoint(left)
    assert set(PAGES) >= LINTED
