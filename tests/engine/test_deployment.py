"""Deployment: all files together or none, versions by content, and what is bound is found (Camunda 8, "Deployments")."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from engine.errors import DeploymentRefused, Problem
from engine.model import Resource
from engine.persistence import tables as t
from tests.engine.diagrams import Body, resource
from tests.engine.lab import Lab


def form(form_id: str = "F1", **changes: object) -> Resource:
    schema = {
        "type": "default", "id": form_id, "schemaVersion": 19,
        "components": [{"type": "textfield", "id": "Field_1", "key": "name", "label": "姓名"}],
    } | changes  # fmt: skip
    return Resource(f"{form_id}.form", json.dumps(schema, ensure_ascii=False).encode())


def with_form(binding: str = "deployment") -> Body:
    bound = f'<zeebe:formDefinition formId="F1" bindingType="{binding}"/>'
    return Body().start().user("a", ext=bound).flow("start -> a")


def small() -> str:
    return resource(Body().start().user("a").flow("start -> a")).content.decode()


def twice() -> Resource:
    return Resource("q.bpmn", small().encode())


REFUSED: dict[str, tuple[Callable[[], list[Resource]], str]] = {
    "not XML": (lambda: [Resource("p.bpmn", b"this is no XML")], ""),
    "XML that is not BPMN": (lambda: [Resource("p.bpmn", b"<html><body/></html>")], ""),
    "an external entity": (
        lambda: [Resource("p.bpmn", b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + small().encode()[39:])], "DOCTYPE",
    ),
    "an entity bomb": (
        lambda: [Resource("p.bpmn", b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>')], "DOCTYPE",
    ),
    "20 MB of nesting": (lambda: [Resource("p.bpmn", b"<a>" * 7_000_000)], ""),
    "an unknown element": (
        lambda: [Resource("p.bpmn", small().replace("<bpmn:startEvent", '<bpmn:robotTask id="robot"/><bpmn:startEvent').encode())],
        "robotTask",
    ),
    "an undefined message reference": (
        lambda: [resource(Body().start().node("receiveTask", "r", messageRef="nowhere").flow("start -> r"))], "nowhere",
    ),
    "a syntax error of FEEL": (
        lambda: [resource(Body().start().script("s", "=1 + * 2", "x").flow("start -> s"))], "",
    ),
    "a form field that the schema does not know": (
        lambda: [form(components=[{"type": "hologram", "id": "Field_9", "key": "x"}])], "hologram",
    ),
    "two processes with one id": (lambda: [Resource("p.bpmn", small().encode()), twice()], "p"),
    "a form that is nowhere": (lambda: [resource(with_form())], "F1"),
    "an unknown kind of file": (lambda: [Resource("notes.exe", b"MZ")], ".exe"),
    "no file at all": (list, ""),
}  # fmt: skip


def refuse(lab: Lab, files: list[Resource]) -> tuple[Problem, ...]:
    with pytest.raises(DeploymentRefused) as refused, lab.work() as work:
        work.deploy(files)
    return refused.value.problems


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(lab: Lab, case: str) -> None:
    files, names = REFUSED[case]

    problems = refuse(lab, files())

    assert problems
    assert all(problem.zh and problem.en and problem.rule for problem in problems)
    assert any(names in f"{problem.zh}{problem.en}{problem.element_id}" for problem in problems)
    with lab.database.read() as connection:
        left = [
            connection.execute(select(func.count()).select_from(table)).scalar()
            for table in (t.deployment, t.resource, t.definition)
        ]
    assert left == [0, 0, 0]


def test_a_syntax_error_of_feel_names_the_element_and_the_position(lab: Lab) -> None:
    (problem,) = refuse(lab, REFUSED["a syntax error of FEEL"][0]())

    assert problem.element_id == "s"
    assert problem.line is not None
    assert "6" in problem.en  # the star that cannot stand there


def test_all_problems_of_all_files_come_at_once(lab: Lab) -> None:
    bad = Body().start().script("s", "=1 +", "x").script("s2", "=(", "y").flow("start -> s -> s2")

    problems = refuse(
        lab, [resource(bad), Resource("q.bpmn", b"no"), form(components=[{"type": "hologram", "id": "F"}])]
    )

    assert {problem.file for problem in problems} == {"p.bpmn", "q.bpmn", "F1.form"}
    assert {"s", "s2"} <= {problem.element_id for problem in problems}


def test_one_bad_file_keeps_the_good_ones_out(lab: Lab) -> None:
    refuse(lab, [form(), Resource("q.bpmn", b"no")])

    with lab.read() as work:
        assert work.find_form_version("F1") is None


def test_the_same_content_makes_no_new_version_whatever_its_layout(lab: Lab) -> None:
    first = lab.deploy(Resource("p.bpmn", small().encode()))
    again = lab.deploy(Resource("p.bpmn", small().replace("<bpmn:startEvent", "\n   <bpmn:startEvent").encode()))
    other = lab.deploy(Resource("p.bpmn", small().replace('name="a"', 'name="b"').encode()))

    assert [(d.resources[0].version, d.resources[0].is_new) for d in (first, again, other)] == [
        (1, True),
        (1, False),
        (2, True),
    ]
    assert again.resources[0].id == first.resources[0].id


def test_running_instances_stay_with_their_version(lab: Lab) -> None:
    old = lab.run(Body().start().user("a").user("old").flow("start -> a -> old"))
    lab.deploy(Body().start().user("a").user("new").flow("start -> a -> new"))

    lab.complete(old, "a")

    assert lab.tasks(old) == ["old"]


def test_a_form_bound_to_the_deployment_stays_the_one_it_was_deployed_with(lab: Lab) -> None:
    lab.deploy(resource(with_form()), form())
    lab.deploy(form(components=[]))

    instance = lab.start()

    task = lab.task(instance, "a")
    assert task.form_id is not None
    with lab.read() as work:
        assert work.form(task.form_id).version == 1


def test_a_new_form_of_a_bundle_makes_a_new_version_of_the_process_that_pins_it(lab: Lab) -> None:
    lab.deploy(resource(with_form()), form())

    second = lab.deploy(resource(with_form()), form(components=[]))

    assert {item.kind: (item.version, item.is_new) for item in second.resources} == {
        "form": (2, True),
        "process": (2, True),
    }


def test_the_latest_form_is_the_newest_when_the_task_opens(lab: Lab) -> None:
    lab.deploy(resource(with_form("latest")), form())
    lab.deploy(form(components=[]))

    task = lab.task(lab.start(), "a")

    assert task.form_id is not None
    with lab.read() as work:
        assert work.form(task.form_id).version == 2


def test_a_missing_latest_form_is_an_incident_until_it_is_deployed(lab: Lab) -> None:
    instance = lab.run(with_form("latest"))
    assert lab.incident(instance).kind == "FORM_NOT_FOUND"

    lab.deploy(form())
    lab.resolve(instance)

    assert lab.tasks(instance) == ["a"]


def test_a_file_is_given_back_byte_for_byte(lab: Lab) -> None:
    file = Resource("p.bpmn", small().encode())
    deployment = lab.deploy(file)

    with lab.read() as work:
        assert work.xml(deployment.resources[0].id) == file.content


def test_an_older_version_can_be_started_by_its_number(lab: Lab) -> None:
    lab.deploy(Body().start().user("old").flow("start -> old"))
    lab.deploy(Body().start().user("new").flow("start -> new"))

    with lab.work() as work:
        instance = work.start_instance("p", {}, version=1)

    assert lab.tasks(instance) == ["old"]
