"""The links that the Modeler offers after a deployment and a start lead to pages of ours, whoever follows them."""

import pytest
from starlette.testclient import TestClient

from tests.api.access.test_deploy import deploy_8


def leads_to(client: TestClient, address: str) -> str:
    answer = client.get(address, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_the_link_to_a_version_leads_to_its_page(open_house: TestClient) -> None:
    held = [item["processDefinition"] for item in deploy_8(open_house, {}).json()["deployments"] if item["processDefinition"]]
    (one,) = held
    query = f"process={one['processDefinitionId']}&version={one['processDefinitionVersion']}&active=true&incidents=true"

    assert leads_to(open_house, f"/operate/processes?{query}") == f"/admin/definitions/{one['processDefinitionKey']}"


def test_the_link_to_an_instance_leads_to_the_version_in_which_it_runs(open_house: TestClient) -> None:
    started = open_house.post("/v2/process-instances", json={"processDefinitionId": "linked-case", "variables": {}})
    assert started.status_code == 200, started.text
    number, version = started.json()["processInstanceKey"], started.json()["processDefinitionKey"]

    assert leads_to(open_house, f"/operate/processes/{number}") == f"/admin/definitions/{version}"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/operate", "/admin/definitions"),
        ("/operate/decisions?name=x&version=1", "/admin/definitions"),
        ("/operate/processes?process=nothing&version=1", "/admin/definitions"),
        ("/operate/processes/1", "/admin/definitions"),
        ("/operate/processes/not-a-number", "/admin/definitions"),
        ("/tasklist", "/inbox"),
        ("/tasklist/17", "/tasks/17"),
        ("/tasklist/evil", "/inbox"),
    ],
)
def test_what_is_not_there_leads_to_the_list(open_house: TestClient, address: str, page: str) -> None:
    assert leads_to(open_house, address) == page
