"""The plug-in on models that we did not draw: it never stumbles, and never marks what the server would take into use."""

import pytest

from commands import linting
from engine.parsing.bpmn import inspect_bpmn
from tests.modeler import node
from tests.modeler.test_plugin import PLUGIN, question
from tests.parsing.test_public_suites import models, pytestmark  # noqa: F401 - where the suites are, and who runs them
from tests.sources import SUITES

AT_ONCE = 100
UNREADABLE = ("xml-", "not-bpmn", "duplicate-id")
"""Rules without which the Modeler opens no file either."""


def test_a_model_that_deploys_is_not_marked_as_an_error_and_most_that_do_not_are() -> None:
    asked, deploys = [], {}
    for path in models():
        problems = inspect_bpmn(path.read_bytes(), file=path.name).problems
        if not any(problem.rule.startswith(UNREADABLE) for problem in problems):
            name = str(path.relative_to(SUITES))
            asked.append(question(name, path.read_text("utf-8")))
            deploys[name] = not any(problem.severity == "error" for problem in problems)

    found: dict[str, list[dict[str, str]]] = {}
    for first in range(0, len(asked), AT_ONCE):
        found |= node.run("lint.cjs", str(PLUGIN / "client.js"), asked=asked[first : first + AT_ONCE])
    # Words of our catalogue mean nothing in other people's models; they are judged in test_plugin.
    said = {name: [report for report in reports if report["rule"] not in linting.CATALOGUE] for name, reports in found.items()}
    marked = {name for name, reports in said.items() if any(report["category"] == "error" for report in reports)}
    stumbled = {name for name, reports in found.items() if any(report["category"] == "rule-error" for report in reports)}

    assert len(found) > 500
    assert stumbled == set()
    assert marked & {name for name, good in deploys.items() if good} == set()
    refused = {name for name, good in deploys.items() if not good}
    assert len(marked & refused) > len(refused) / 2


@pytest.mark.parametrize("xml", ["<bpmn:process id='p' isExecutable='true' />", "<bpmn:collaboration id='c' />", ""])
def test_an_empty_diagram_makes_it_stumble_no_more_than_a_full_one(xml: str) -> None:
    whole = f'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">{xml}</bpmn:definitions>'

    found = node.run("lint.cjs", str(PLUGIN / "client.js"), asked=[{"name": "x", "xml": whole, "dialect": 8}])
    assert {report["category"] for report in found["x"]} <= {"error"}
