"""What the coverage page calls refused is refused, by the rule that it names."""

from collections.abc import Iterator

import pytest

from engine.model import Resource
from engine.parsing.bpmn import inspect_bpmn
from tests.coverage.matrix import Writer, chain
from tests.coverage.refused import RECEIVING, REFUSED, Refused
from tests.coverage.rows import REFUSED_TAGS
from tests.engine.lab import Lab

DIALECTS = ("camunda8", "camunda7")


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    yield laboratory
    laboratory.database.close()


@pytest.mark.parametrize("name", list(REFUSED))
def test_it_is_refused_by_its_rule(name: str) -> None:
    refused = REFUSED[name]
    for dialect in DIALECTS if refused.dialect is None else (refused.dialect,):
        problems = inspect_bpmn(refused.file(dialect), file="x.bpmn").problems
        assert refused.rule in {problem.rule for problem in problems if problem.severity == "error"}, dialect


@pytest.mark.parametrize("tag", REFUSED_TAGS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_refused_element_is_refused_wherever_it_stands(dialect: str, tag: str) -> None:
    element = f'<bpmn:{tag} id="z"/>'
    places = [
        Refused("", '<bpmn:task id="a"/>', above=element),
        Refused("", f'<bpmn:task id="a"/>{element}'),
        Refused("", f'<bpmn:task id="a">{element}</bpmn:task>'),
    ]

    for place in places:
        problems = inspect_bpmn(place.file(dialect), file="x.bpmn").problems
        assert ("unsupported-element", "z") in {(problem.rule, problem.element_id) for problem in problems}


@pytest.mark.sqlite_only
def test_receive_tasks_stand_behind_an_event_based_gateway_in_camunda_7(lab: Lab) -> None:
    lab.deploy(Resource("x.bpmn", Refused("", RECEIVING + '<bpmn:task id="y"/>' + chain("r", "y")).file("camunda7")))
    root = lab.start("p")

    lab.publish("news")

    assert lab.path(root)[-3:] == ["r", "g", "y"] or "y" in lab.path(root)
    assert "t" not in lab.path(root)
    assert lab.state(root) == "completed"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.sqlite_only
def test_what_nothing_leads_to_is_the_beginning_where_no_start_event_is_drawn(lab: Lab, dialect: str) -> None:
    writer = Writer(dialect)
    inside = writer.job("work") + writer.job("rest") + writer.job("handled") + chain("work", "handled")
    lab.deploy(Resource("x.bpmn", writer.file(f'<bpmn:process id="p" isExecutable="true">{inside}</bpmn:process>')))

    root = lab.start("p")

    assert lab.jobs(root) == ["rest", "work"]
