"""What Camunda Modeler sends when *Deploy* is pressed on a shipped procedure: everything below its `.process-application`."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework import administration
from casework.authority import Authority
from casework.seal import Seal
from engine.clock import ManualClock
from engine.errors import DeploymentRefused
from engine.model import Resource
from engine.persistence import Database
from tests.conftest import DEMO_KEY
from tests.processes.files import DIAGRAMS
from tests.sources import ROOT

SHARED = ROOT / "forms" / ".process-application"
APPLICATIONS = sorted((ROOT / "processes").glob("*/.process-application"))
SENT = {".bpmn", ".dmn", ".form"}
applications = pytest.mark.parametrize("application", [*APPLICATIONS, SHARED], ids=lambda file: file.parent.name)


@pytest.fixture
def authority(database_url: str, tmp_path: Path) -> Iterator[Authority]:
    clock = ManualClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    made = Authority(Database(database_url), clock, seal=Seal(DEMO_KEY), files=tmp_path)
    yield made
    made.database.close()


def sent(application: Path) -> list[Resource]:
    """The files of one Deploy."""
    files = sorted(file for file in application.parent.rglob("*") if file.suffix in SENT)
    return [Resource(file.name, file.read_bytes()) for file in files]


def test_every_procedure_is_an_application() -> None:
    assert {file.parent for file in APPLICATIONS} == {diagram.parent for diagram in DIAGRAMS}


@applications
def test_it_names_the_platform_of_its_diagrams(application: Path) -> None:
    said = json.loads(application.read_text("utf-8"))

    assert (said["executionPlatform"], said["executionPlatformVersion"]) == ("Camunda Cloud", "8.9.0")
    assert said["name"]


@applications
def test_one_deploy_carries_it_where_the_shared_forms_were_deployed_before(
    authority: Authority, application: Path
) -> None:
    administration.deploy_shipped(authority)
    files = sent(application)
    edited = [Resource(one.name, one.content.replace(b"</bpmn:definitions>", b"<!-- x --></bpmn:definitions>")) for one in files]

    with authority.system("a designer") as act:
        deployment = administration.catalogue.deploy(act, edited)

    assert {one.resource_name for one in deployment.resources} == {one.name for one in files}


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda file: file.parent.name)
def test_a_shared_form_that_was_never_deployed_is_named_and_deploying_the_forms_mends_it(
    authority: Authority, application: Path
) -> None:
    files = sent(application)
    text = b"".join(one.content for one in files).decode()
    needed = {file.stem for file in SHARED.parent.glob("*.form") if f'formId="{file.stem}"' in text}

    def lacks() -> set[str]:
        """The shared forms that a deployment of the folder does not find."""
        try:
            with authority.system("a designer") as act:
                act.work.deploy(files)
        except DeploymentRefused as refused:
            sentences = [problem.zh for problem in refused.problems if problem.rule == "form-found"]
            return {name for name in needed if any(name in sentence for sentence in sentences)}
        return set()

    assert lacks() == needed
    with authority.system("a designer") as act:
        act.work.deploy(sent(SHARED))
    assert lacks() == set()
