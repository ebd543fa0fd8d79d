"""*Deploy* in the Modeler on a shipped procedure, over HTTP, in either dialect's way, by who may and by who may not."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from casework.authority import Authority
from casework.model.people import Scope
from casework.people import programs
from tests.api.access.house import basic
from tests.api.access.test_desktop import MODELER
from tests.api.people import PASSWORD
from tests.processes.test_applications import APPLICATIONS, SENT

FOLDER = next(file.parent for file in APPLICATIONS if file.parent.name == "temporary-aid-urgent")
FILES = sorted(file for file in FOLDER.iterdir() if file.suffix in SENT)


def changed(file: Path) -> bytes:
    """The file as a designer's that has edited it."""
    return file.read_bytes().replace(b"</bpmn:definitions>", b"<!-- x --></bpmn:definitions>")


def deploy_8(client: TestClient, headers: dict[str, str]) -> Any:
    """All files of the folder in one request, as Camunda 8's button sends them."""
    files = [("resources", (file.name, changed(file), "application/octet-stream")) for file in FILES]
    return client.post("/v2/deployments", files=files, data={"tenantId": "<default>"}, headers=headers)


def deploy_7(client: TestClient, headers: dict[str, str]) -> Any:
    """The diagram and its attachments, as Camunda 7's dialog sends them from its page."""
    form = {"deployment-name": "aid", "deployment-source": "Camunda Modeler", "enable-duplicate-filtering": "true"}
    files = [(file.name, (file.name, changed(file), "text/xml")) for file in FILES]
    page = {"Origin": "file://", "User-Agent": MODELER}
    return client.post("/engine-rest/deployment/create", files=files, data=form, headers={**page, **headers})


def test_one_request_of_camunda_8_carries_the_whole_procedure(open_house: TestClient) -> None:
    answer = deploy_8(open_house, {})

    assert answer.status_code == 200, answer.text
    held = [next(value for value in item.values() if value) for item in answer.json()["deployments"]]
    assert {item["resourceName"] for item in held} == {file.name for file in FILES}


def test_one_request_of_camunda_7_too(open_house: TestClient) -> None:
    answer = deploy_7(open_house, {})

    assert answer.status_code == 200, answer.text
    assert [item["key"] for item in answer.json()["deployedProcessDefinitions"].values()] == ["temporary-aid-urgent"]


@pytest.mark.parametrize("deploy", [deploy_8, deploy_7])
def test_deploying_is_for_administrators_and_for_programs_that_were_given_it(
    anybody: TestClient, authority: Authority, worker: tuple[str, str], deploy: Any
) -> None:
    pipeline, secret = programs.add(authority, "pipeline", scopes=[Scope.DEPLOY])

    statuses = {
        who: deploy(anybody, headers).status_code
        for who, headers in {
            "nobody": {},
            "officer": basic("ja-01-handler", PASSWORD),
            "program without the scope": basic(*worker),
            "program with it": basic(pipeline.name, secret),
            "administrator": basic("admin", PASSWORD),
        }.items()
    }

    assert statuses == {
        "nobody": 401, "officer": 403, "program without the scope": 403, "program with it": 200, "administrator": 200,
    }  # fmt: skip
