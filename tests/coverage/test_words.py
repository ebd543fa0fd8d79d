"""Words of Camunda 7 that no other test speaks of."""

import pytest

from engine.parsing.bpmn import inspect_bpmn, read_bpmn
from engine.parsing.records import Binding
from tests.coverage.matrix import Writer


def file(inside: str) -> bytes:
    return Writer("camunda7").file(f'<bpmn:process id="p" isExecutable="true">{inside}</bpmn:process>')


@pytest.mark.parametrize(
    "data",
    [
        file('<bpmn:userTask id="a" camunda:async="true"/>'),
        file('<bpmn:userTask id="a"/>').replace(b'id="file"', b'id="file" camunda:diagramRelationId="r"'),
    ],
    ids=["async", "diagramRelationId"],
)
def test_a_word_for_the_modeler_or_the_job_executor_changes_nothing(data: bytes) -> None:
    plain = read_bpmn(file('<bpmn:userTask id="a"/>'), file="x.bpmn")

    assert inspect_bpmn(data, file="x.bpmn").problems == ()
    assert read_bpmn(data, file="x.bpmn").processes == plain.processes


@pytest.mark.parametrize(
    ("attributes", "binding", "version", "tag"),
    [
        ("", Binding.LATEST, None, None),
        ('camunda:calledElementBinding="deployment"', Binding.DEPLOYMENT, None, None),
        ('camunda:calledElementBinding="version" camunda:calledElementVersion="3"', Binding.VERSION, "3", None),
        (
            'camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="v2"',
            Binding.VERSION_TAG,
            None,
            "v2",
        ),
    ],
)
def test_a_call_names_the_version_that_it_means(
    attributes: str, binding: Binding, version: str | None, tag: str | None
) -> None:
    data = file(f'<bpmn:callActivity id="a" calledElement="q" {attributes}/>')

    called = read_bpmn(data, file="x.bpmn").processes[0].elements["a"].called

    assert called is not None
    assert (called.binding, called.version_tag) == (binding, tag)
    assert (called.version.source if called.version is not None else None) == version


def test_the_mark_of_the_web_modeler_stands_in_files_of_camunda_8_too() -> None:
    process = '<bpmn:process id="p" isExecutable="true"><bpmn:task id="a"/></bpmn:process>'
    data = Writer("camunda8").file(process).replace(b'id="file"', b'id="file" camunda:diagramRelationId="r"')

    assert inspect_bpmn(data, file="x.bpmn").problems == ()
