"""What Camunda Modeler sends to a Camunda 8 server, in our own words, and the members of the answers that it reads."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.people import PASSWORD
from tests.camunda8.serving import DIAGRAMS, Guarded, Rest

MODELER = {"user-agent": "camunda8-sdk-nodejs/8.8.13", "accept": "application/json"}


def test_the_connection_is_looked_at_with_the_header_of_a_body_and_no_body(address: str) -> None:
    answer = httpx.get(f"{address}/v2/topology", headers={**MODELER, "content-type": "application/json"})

    version = answer.json()["gatewayVersion"]
    assert (answer.status_code, tuple(int(part) for part in version.split("-")[0].split("."))) == (200, (8, 9, 0))


def test_one_file_is_deployed_under_its_own_name_and_started(rest: Rest) -> None:
    made = rest.deploy("quick.bpmn").json()
    item = next(each["processDefinition"] for each in made["deployments"] if each["processDefinition"])
    started = rest.post(
        "/process-instances",
        {
            "processDefinitionId": item["processDefinitionId"],
            "variables": {"n": 1},
            "businessId": "B-1",
            "tenantId": "<default>",
        },
    )

    assert (made["tenantId"], item["resourceName"], item["tenantId"]) == ("<default>", "quick.bpmn", "<default>")
    assert str(started["processInstanceKey"]).isdecimal()


def test_a_file_that_was_deployed_before_keeps_its_version_and_is_listed(rest: Rest) -> None:
    first, second = (rest.deploy("quick.bpmn").json() for _ in range(2))

    assert first["deployments"] == second["deployments"]
    assert first["deploymentKey"] != second["deploymentKey"]


def test_a_folder_is_one_deployment_with_a_file_of_decisions_before_its_decisions(rest: Rest) -> None:
    made = rest.deploy("permit.bpmn", "permit.form", "fee.dmn").json()["deployments"]
    kinds = [next(kind for kind, thing in each.items() if thing) for each in made]

    assert all(len(each) == 5 for each in made)
    assert sorted(kinds) == ["decisionDefinition", "decisionRequirements", "form", "processDefinition"]
    table = next(each["decisionDefinition"] for each in made if each["decisionDefinition"])
    file = next(each["decisionRequirements"] for each in made if each["decisionRequirements"])
    assert kinds.index("decisionRequirements") < kinds.index("decisionDefinition")
    assert (table["decisionRequirementsKey"], file["resourceName"]) == (file["decisionRequirementsKey"], "fee.dmn")


def test_of_several_files_none_is_deployed_when_one_is_refused(rest: Rest) -> None:
    fresh = (DIAGRAMS / "quick.bpmn").read_bytes().replace(b'"quick"', b'"never"')
    parts = [
        ("resources", ("never.bpmn", fresh, "application/octet-stream")),
        ("resources", ("broken.bpmn", b"<bpmn", "application/octet-stream")),
    ]
    answer = rest.client.post("/deployments", files=parts, data={"tenantId": "<default>"})
    found = rest.post("/process-definitions/search", {"filter": {"processDefinitionId": "never"}})

    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert "broken.bpmn" in problem["detail"]
    assert found["items"] == []


def test_a_tenant_that_there_is_not_is_a_mistake_of_the_request(rest: Rest) -> None:
    body = {"processDefinitionId": "quick", "tenantId": "nowhere"}

    assert rest("POST", "/process-instances", body, status=400).json()["title"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize("credentials", [None, ("admin", "wrong"), ("nobody", PASSWORD)])
def test_without_the_right_credentials_nothing_is_answered(guarded: Guarded, credentials: Any) -> None:
    answer = httpx.get(f"{guarded.address}/v2/topology", headers=MODELER, auth=credentials)

    assert (answer.status_code, answer.json()["title"]) == (401, "UNAUTHENTICATED")
    assert "Basic" in answer.headers["www-authenticate"]


def test_an_administrator_deploys_and_starts_with_her_password(person: Callable[[str], Rest]) -> None:
    rest = person("admin")
    rest.deploy("quick.bpmn")

    started = rest.post("/process-instances", {"processDefinitionId": "quick", "tenantId": "JA"})

    assert started["tenantId"] in ("<default>", "JA")


def test_an_officer_may_not_deploy(person: Callable[[str], Rest]) -> None:
    answer = person("ja-01-handler").deploy("quick.bpmn", status=403)

    assert answer.json()["title"] == "PERMISSION_DENIED"


def test_one_task_is_tested_with_start_and_runtime_instructions(rest: Rest) -> None:
    made = rest.deploy("quick.bpmn").json()["deployments"][0]["processDefinition"]
    started = rest.post(
        "/process-instances",
        {
            "processDefinitionKey": made["processDefinitionKey"], "variables": {"doubled": 8}, "tenantId": "<default>",
            "startInstructions": [{"elementId": "half"}],
            "runtimeInstructions": [{"type": "TERMINATE_PROCESS_INSTANCE", "afterElementId": "half"}],
        },
    )  # fmt: skip
    of = {"filter": {"processInstanceKey": started["processInstanceKey"]}}

    (instance,) = rest.post("/process-instances/search", of)["items"]
    elements = {each["elementId"]: each["state"] for each in rest.post("/element-instances/search", of)["items"]}
    variables = {
        each["name"]: each["value"] for each in rest.post("/variables/search?truncateValues=false", of)["items"]
    }
    assert (instance["state"], elements) == ("TERMINATED", {"quick": "TERMINATED", "half": "COMPLETED"})
    assert json.loads(variables["half"]) == 4
    for noun in ("jobs", "message-subscriptions", "user-tasks"):
        assert rest.post(f"/{noun}/search", of)["items"] == []
    assert (
        rest.post(
            "/process-instances/search", {"filter": {"parentProcessInstanceKey": instance["processInstanceKey"]}}
        )["items"]
        == []
    )
    assert rest.post(f"/process-instances/{instance['processInstanceKey']}/incidents/search", {})["items"] == []


def test_a_task_that_waits_for_a_worker_is_tested_until_the_work_is_done(rest: Rest) -> None:
    started = rest.post(
        "/process-instances",
        {
            "processDefinitionId": "quick", "variables": {"n": 1}, "startInstructions": [{"elementId": "double"}],
            "runtimeInstructions": [{"type": "TERMINATE_PROCESS_INSTANCE", "afterElementId": "double"}],
        },
    )  # fmt: skip
    of = {"filter": {"processInstanceKey": started["processInstanceKey"]}}
    (job,) = rest.post("/jobs/search", of)["items"]
    assert (job["state"], job["kind"], job["listenerEventType"]) == ("CREATED", "BPMN_ELEMENT", "UNSPECIFIED")

    rest("POST", f"/jobs/{job['jobKey']}/completion", {"variables": {"doubled": 2}}, status=204)

    (instance,) = rest.post("/process-instances/search", of)["items"]
    elements = {each["elementId"]: each["state"] for each in rest.post("/element-instances/search", of)["items"]}
    (done,) = rest.post("/jobs/search", of)["items"]
    assert (instance["state"], elements["double"], done["state"]) == ("TERMINATED", "COMPLETED", "COMPLETED")
    assert "half" not in elements
