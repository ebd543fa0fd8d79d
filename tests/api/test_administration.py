"""What an administrator does over HTTP: deploy or be refused with the diagram in hand, watch versions, retry, appoint."""

from typing import Any

import pytest

from tests.api.people import PASSWORD, Person, Signing
from tests.api.samples import STUCK
from tests.decisions.models import decision, model, table

ADMINISTRATOR, GRID, SUPERVISOR = "admin", "ja-01-01-grid", "ja-supervisor"


@pytest.fixture
def administrator(sign_in: Signing) -> Person:
    return sign_in(ADMINISTRATOR)


def deploy(person: Person, *files: tuple[str, bytes]) -> Any:
    return person.post("/api/deployments", files=[("files", (name, content)) for name, content in files])


def test_a_deployed_diagram_is_a_new_version_once(administrator: Person) -> None:
    first, again = (deploy(administrator, ("stuck.bpmn", STUCK)).json()["deployment"] for _ in range(2))

    assert [(each["key"], each["version"], each["isNew"]) for each in first["resources"]] == [("stuck", 1, True)]
    assert [(each["key"], each["version"], each["isNew"]) for each in again["resources"]] == [("stuck", 1, False)]


def test_a_refused_diagram_names_its_problems_and_comes_back_to_be_drawn(administrator: Person) -> None:
    broken = STUCK.replace(b"=1 &gt; 2", b"=1 &gt;").replace(b"=2 &gt; 3", b"=2 &gt;")

    answer = deploy(
        administrator, ("broken.bpmn", broken), ("fine.form", b'{"type":"default","id":"f","components":[]}')
    )

    body = answer.json()
    assert (answer.status_code, body["code"], body["saved"]) == (422, "deployment_refused", False)
    assert {problem["file"] for problem in body["problems"]} == {"broken.bpmn"}
    assert len(body["problems"]) == 2
    assert all(problem["zh"] and problem["en"] and problem["rule"] for problem in body["problems"])
    assert [file["name"] for file in body["files"]] == ["broken.bpmn"]
    assert body["files"][0]["xml"] == broken.decode()
    assert "broken" not in administrator.get("/api/deployments").text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.bpmn", b"not xml"),
        ("a.bpmn", b"<html/>"),
        ("a.bpmn", b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>'),
        ("a.bpmn", b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'),
        ("a.bpmn", b"<d>" * 100_000),
        ("a.bpmn", b""),
        ("a.exe", b"MZ"),
        ("", b"x"),
        ("../../a.bpmn", b"<html/>"),
        ("a.form", b'{"type":"default","id":"a","components":[{"type":"hologram"}]}'),
        ("a.form", b'{"id":"a","id":"b"}'),
    ],
)
def test_a_file_that_cannot_be_carried_out_is_refused_with_a_sentence_and_leaves_nothing(
    administrator: Person, name: str, content: bytes
) -> None:
    before = administrator.get("/api/deployments").json()

    answer = deploy(administrator, (name, content))

    assert answer.status_code in {413, 422}
    assert answer.json()["detail"]
    assert "passwd" not in answer.json()["detailEn"]
    assert administrator.get("/api/deployments").json() == before


def test_more_files_than_a_deployment_may_have_are_refused(administrator: Person) -> None:
    files = [(f"{number}.form", b"{}") for number in range(51)]

    answer = deploy(administrator, *files)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_version_shows_its_diagram_and_where_its_tokens_are(administrator: Person, sign_in: Signing) -> None:
    deploy(administrator, ("stuck.bpmn", STUCK))
    assert sign_in(GRID).post("/api/cases", json={"processId": "stuck"}).status_code == 201

    version = next(each for each in administrator.get("/api/definitions").json() if each["processId"] == "stuck")
    view = administrator.get(f"/api/definitions/{version['id']}").json()

    assert (version["active"], version["incidents"], version["latest"]) == (1, 1, True)
    assert view["xml"] == STUCK.decode()
    assert view["elementCounts"] == [{"elementId": "choice", "active": 1, "incidents": 1}]


def test_what_stands_still_is_named_with_its_case_and_stands_again_after_a_retry_in_vain(
    administrator: Person, sign_in: Signing
) -> None:
    deploy(administrator, ("stuck.bpmn", STUCK))
    case_no = sign_in(GRID).post("/api/cases", json={"processId": "stuck"}).json()["caseNo"]

    (incident,) = administrator.get("/api/incidents").json()["rows"]
    retried = administrator.post(f"/api/incidents/{incident['id']}/retry", json={})
    (after,) = administrator.get("/api/incidents").json()["rows"]

    assert (incident["caseNo"], incident["elementId"], incident["elementName"]) == (case_no, "choice", "没有出路")
    assert (incident["kind"], bool(incident["zh"]), bool(incident["en"])) == ("CONDITION_ERROR", True, True)
    assert retried.status_code == 204
    assert (after["elementId"], after["id"] != incident["id"]) == ("choice", True)


def test_a_new_district_is_set_up_from_nothing(administrator: Person, nobody: Person) -> None:
    for office in (
        {"code": "JC", "name": "丙区", "kind": "district"},
        {"code": "JC-01", "name": "丙一镇", "kind": "township", "parent": "JC"},
    ):
        assert administrator.post("/api/offices", json={"region": "JC", **office}).status_code == 201
    person = {"region": "JC", "login": " Zhang.San ", "name": "张三", "password": PASSWORD}
    staff_id = administrator.post("/api/staff", json=person).json()["id"]
    holding = {"region": "JC", "staffId": staff_id, "post": "case-handler", "office": "JC-01"}
    assert administrator.post("/api/holdings", json=holding).status_code == 201

    me = nobody.post("/api/session", json={"login": "zhang.san", "password": PASSWORD}).json()["me"]

    assert (me["region"], [(post["post"], post["officeName"]) for post in me["posts"]]) == (
        "JC",
        [("case-handler", "丙一镇")],
    )


def test_a_post_that_is_taken_away_is_gone_with_the_next_request(administrator: Person, sign_in: Signing) -> None:
    grid = sign_in(GRID)
    staff_id = grid.get("/api/me").json()["staff"]["id"]
    held = [(post["post"], post["office"]) for post in grid.get("/api/me").json()["posts"]]

    for post, office in held:
        ended = administrator.post(
            "/api/holdings/end", json={"region": "JA", "staffId": staff_id, "post": post, "office": office}
        )
        assert ended.status_code == 204

    assert grid.get("/api/me").json()["posts"] == []
    assert grid.get("/api/procedures").json() == []


def test_a_disabled_account_is_out_at_once(administrator: Person, sign_in: Signing) -> None:
    grid = sign_in(GRID)
    staff_id = grid.get("/api/me").json()["staff"]["id"]

    assert administrator.post(f"/api/staff/{staff_id}/disable", json={"region": "JA"}).status_code == 204

    assert grid.get("/api/me").status_code == 401


@pytest.mark.parametrize("post", ["auditor", "case-handler"])
def test_an_administrator_is_no_auditor_too_and_holds_no_post_of_a_district(administrator: Person, post: str) -> None:
    me = administrator.get("/api/me").json()["staff"]["id"]

    answer = administrator.post(
        "/api/holdings", json={"region": "*", "staffId": me, "post": post, "office": "installation"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_region_of_others_does_not_exist_for_an_officer(sign_in: Signing) -> None:
    assert sign_in(SUPERVISOR).get("/api/audit?region=JB").status_code == 404


def test_the_audit_is_read_and_found_sound(sign_in: Signing) -> None:
    sign_in(GRID)
    supervisor = sign_in(SUPERVISOR)

    first = supervisor.get("/api/audit?limit=2").json()
    second = supervisor.get(f"/api/audit?limit=2&after={first['next']}").json()
    verdict = supervisor.post("/api/audit/verify", json={}).json()

    assert len(first["rows"]) == 2
    assert second["rows"]
    assert {row["id"] for row in first["rows"]}.isdisjoint(row["id"] for row in second["rows"])
    assert verdict == {"sound": True, "faults": []}


@pytest.fixture(autouse=True)
def _beat(nobody: Person) -> None:
    """The application runs with its heart beating, as in an installation."""


def test_an_unknown_version_and_an_unknown_incident_are_not_found(administrator: Person) -> None:
    assert administrator.get("/api/definitions/1").status_code == 404
    assert administrator.post("/api/incidents/1/retry", json={}).status_code == 404


def test_faults_of_a_decision_table_come_with_the_deployment(administrator: Person) -> None:
    rules = [(["<= 3000"], ['"township"']), ([">= 3000"], ['"district"'])]
    file = model(decision("who", table(["amount"], ["x"], rules, input_types={"amount": "number"})))

    answer = deploy(administrator, ("who.dmn", file))

    (warning,) = answer.json()["warnings"]
    assert answer.status_code == 200
    assert (warning["rule"], warning["severity"], warning["file"], warning["elementId"]) == (
        "dmn-overlap", "warning", "who.dmn", "r2"
    )  # fmt: skip
    assert "amount = 3000" in warning["zh"]
