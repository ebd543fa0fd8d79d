"""What Camunda Modeler does at a Camunda 7 server: probe, version, deploy, start, and the link to look at it."""

from __future__ import annotations

import pytest

from tests.camunda7.conftest import Caller, as_person
from tests.camunda7.diagrams import chain, diagram, external, node, parts

ELECTRON = "Mozilla/5.0 camunda-modeler/5.50.1 Chrome/138.0 Electron/37.1 Safari/537.36"


def test_the_probe_finds_a_server(rest: Caller) -> None:
    answer = rest.get("/deployment?maxResults=0", headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 401),
        ({"auth": ("admin", "no such password")}, 401),
        ({"headers": {"authorization": "Bearer nonsense"}}, 401),
        (as_person("admin"), 200),
    ],
)
def test_the_probe_tells_whether_credentials_are_needed_and_right(locked: Caller, given: dict, status: int) -> None:
    answer = locked.get("/deployment?maxResults=0", **given)

    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Basic")
        assert answer.json()["type"] == "AuthenticationException"


def test_the_version_is_that_of_the_api(rest: Caller) -> None:
    assert rest.get("/version").json() == {"version": "7.24.0"}


def test_one_file_is_deployed_and_started(rest: Caller) -> None:
    deployed = rest.post("/deployment/create", **parts(("one.bpmn", external("one"))))

    assert deployed.status_code == 200, deployed.text
    body = deployed.json()
    assert (body["name"], body["source"], body["tenantId"]) == ("一个流程", "Camunda Modeler", None)
    [(definition_id, definition)] = body["deployedProcessDefinitions"].items()
    assert definition_id == definition["id"] == f"one:1:{definition_id.rpartition(':')[2]}"
    assert (definition["key"], definition["version"], definition["resource"]) == ("one", 1, "one.bpmn")
    assert definition["deploymentId"] == body["id"]

    sent = {"businessKey": None, "variables": {"x": {"value": 1, "type": "Integer"}}}
    started = rest.post(f"/process-definition/{definition_id}/start", json=sent)
    assert started.status_code == 200, started.text
    assert started.json()["definitionId"] == definition_id
    variables = rest.get(f"/process-instance/{started.json()['id']}/variables").json()
    assert variables["x"] == {"type": "Integer", "value": 1, "valueInfo": {}}


def test_an_instance_starts_without_variables_and_key(rest: Caller) -> None:
    started = rest.post("/process-definition/key/with-worker/start", json={"businessKey": None, "variables": None})

    assert started.status_code == 200
    assert started.json()["businessKey"] is None


def test_several_files_are_deployed_together_the_diagram_first(rest: Caller) -> None:
    form = b'{"type": "default", "id": "sev-form", "components": [], "schemaVersion": 19}'
    sent = parts(("two.bpmn", external("two-main")), ("sev.form", form), ("more.bpmn", external("aaa-other")))

    body = rest.post("/deployment/create", **sent).json()

    assert [each["key"] for each in body["deployedProcessDefinitions"].values()] == ["two-main", "aaa-other"]
    files = rest.get(f"/deployment/{body['id']}/resources").json()
    assert {each["name"] for each in files} == {"two.bpmn", "sev.form", "more.bpmn"}


def test_an_unchanged_file_names_its_definition_again_and_makes_no_deployment(rest: Caller) -> None:
    first = rest.post("/deployment/create", **parts(("same.bpmn", external("same")))).json()
    before = rest.get("/deployment/count").json()

    again = rest.post("/deployment/create", **parts(("same.bpmn", external("same"))))

    assert again.status_code == 200
    assert again.json()["deployedProcessDefinitions"] == first["deployedProcessDefinitions"]
    assert again.json()["id"] == first["id"]
    assert rest.get("/deployment/count").json() == before


def test_a_changed_file_is_a_new_version(rest: Caller) -> None:
    rest.post("/deployment/create", **parts(("new.bpmn", external("new", "one"))))

    body = rest.post("/deployment/create", **parts(("new.bpmn", external("new", "other")))).json()

    assert [each["version"] for each in body["deployedProcessDefinitions"].values()] == [2]


def test_a_refused_file_is_told_with_file_element_and_line_and_leaves_nothing(rest: Caller) -> None:
    before = rest.get("/deployment/count").json()
    broken = diagram("broken", node("startEvent", "start") + node("serviceTask", "java", camunda_class="a.B") + chain("start", "java"))

    answer = rest.post("/deployment/create", **parts(("broken.bpmn", broken), ("good.bpmn", external("good"))))

    body = answer.json()
    assert (answer.status_code, body["type"]) == (400, "ParseException")
    assert body["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    assert "broken.bpmn" in body["message"]
    assert "java" in body["message"]
    assert "line 2" in body["message"]
    [error, *_] = body["details"]["broken.bpmn"]["errors"]
    assert (error["mainElementId"], error["elementIds"], error["line"]) == ("java", ["java"], 2)
    assert rest.get("/deployment/count").json() == before
    assert rest.get("/process-definition/key/good").status_code == 404


@pytest.mark.parametrize("content", [b"", b"no xml", b"<a>", b"<?xml version='1.0'?><!DOCTYPE a><a/>"])
def test_a_file_that_is_no_diagram_is_a_parse_error(rest: Caller, content: bytes) -> None:
    answer = rest.post("/deployment/create", **parts(("x.bpmn", content)))

    assert (answer.status_code, answer.json()["type"]) == (400, "ParseException")


def test_no_file_and_another_kind_of_body_are_refused(rest: Caller) -> None:
    assert rest.post("/deployment/create", files={"deployment-name": (None, "x")}).status_code == 400
    assert rest.post("/deployment/create", json={}).status_code == 415


def test_an_old_ending_of_a_file_is_understood(rest: Caller) -> None:
    body = rest.post("/deployment/create", **parts(("old.bpmn20.xml", external("old")))).json()

    assert [each["resource"] for each in body["deployedProcessDefinitions"].values()] == ["old.bpmn"]


def test_a_tenant_that_there_is_not_is_refused(rest: Caller) -> None:
    sent = parts(("t.bpmn", external("t")), **{"tenant-id": "XX"})

    assert rest.post("/deployment/create", **sent).status_code == 404


def test_who_may_not_deploy_is_told_so(locked: Caller) -> None:
    answer = locked.post("/deployment/create", **parts(("o.bpmn", external("o"))), **as_person("ja-01-handler"))

    assert (answer.status_code, answer.json()["type"]) == (403, "AuthorizationException")


def test_the_link_after_deploying_leads_to_our_pages(rest: Caller, locked: Caller) -> None:
    for client in (rest, locked):
        well_known = super(Caller, client).get("/.well-known/camunda-automation-platform/webapps")
        assert well_known.status_code == 200
        cockpit = well_known.json()["cockpitUrl"]
        assert cockpit.endswith("/")
        assert not cockpit.endswith("cockpit/")  # the Modeler would add a fragment
        shown = super(Caller, client).get(f"{cockpit}repository?deploymentsQuery=1", follow_redirects=False)
        assert shown.headers["location"] == "/admin/definitions"
    started = rest.post("/process-definition/key/with-worker/start", json={}).json()
    shown = super(Caller, rest).get(f"{cockpit}process-instance/{started['id']}", follow_redirects=False)
    assert shown.headers["location"] == f"/admin/definitions/{started['definitionId'].rpartition(':')[2]}"


@pytest.mark.parametrize(
    ("origin", "agent", "allowed"),
    [
        ("file://", ELECTRON, True),
        ("null", ELECTRON, True),
        ("null", "Mozilla/5.0 Chrome/138.0", False),
        ("https://evil.example", ELECTRON, False),
    ],
)
def test_the_modelers_page_may_deploy_and_no_other_sites(rest: Caller, origin: str, agent: str, allowed: bool) -> None:
    headers = {"origin": origin, "user-agent": agent}

    answer = rest.post("/deployment/create", **parts(("cors.bpmn", external("cors"))), headers=headers)

    assert answer.status_code == (200 if allowed else 403)
    assert answer.headers.get("access-control-allow-origin") == (origin if allowed else None)


def test_the_modelers_page_is_let_through_before_it_asks(rest: Caller) -> None:
    asked = {"origin": "file://", "user-agent": ELECTRON, "access-control-request-method": "POST"}

    answer = super(Caller, rest).options("/engine-rest/deployment/create", headers=asked)

    assert answer.status_code == 204
    assert "authorization" in answer.headers["access-control-allow-headers"]
