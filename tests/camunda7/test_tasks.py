"""Human tasks at /engine-rest: by the person who calls, through the same gate as on the desk."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.camunda7.conftest import Caller, as_person
from tests.camunda7.diagrams import chain, diagram, node, parts

HANDLER, COLLEAGUE, HEAD, NEIGHBOUR = "ja-01-handler", "ja-01-handler2", "ja-01-office-head", "ja-02-handler"
ADMIN = as_person("admin")


def with_form(name: str) -> dict[str, Any]:
    """A process with a form at its one task; an error leads to another."""
    inside = (
        node("startEvent", "start")
        + node("userTask", "judge", name="初审", camunda_candidateGroups="case-handler", camunda_formRef=name, camunda_formRefBinding="deployment")
        + node("boundaryEvent", "no", '<bpmn:errorEventDefinition errorRef="e" />', attachedToRef="judge")
        + node("userTask", "again", camunda_candidateGroups="case-handler")
        + node("endEvent", "end")
        + node("endEvent", "end2")
        + chain("start", "judge", "end")
        + chain("no", "again", "end2")
    )
    form = f"""{{"type": "default", "id": "{name}", "schemaVersion": 19, "components": [
        {{"type": "number", "id": "f1", "key": "amount", "label": "金额", "validate": {{"required": true, "min": 0}}}},
        {{"type": "textfield", "id": "f2", "key": "remark", "label": "意见"}}]}}"""
    error = '<bpmn:error id="e" name="incomplete" errorCode="incomplete" />'
    return parts((f"{name}.bpmn", diagram(name, inside, before=error)), (f"{name}.form", form.encode()))


@pytest.fixture(scope="module")
def key(locked: Caller) -> str:
    name = f"k-{uuid4().hex[:12]}"
    answer = locked.post("/deployment/create", **with_form(name), **ADMIN)
    assert answer.status_code == 200, answer.text
    return name


@pytest.fixture
def task(locked: Caller, key: str) -> str:
    """An open task of the township JA-01 that nobody has."""
    sent = {"businessKey": f"BK-{key}", "variables": {"townshipCode": {"value": "JA-01"}, "secret": {"value": "保密"}}}
    started = locked.post(f"/process-definition/key/{key}/start", json=sent, **ADMIN)
    assert started.status_code == 200, started.text
    [found] = locked.get(f"/task?processInstanceId={started.json()['id']}", **ADMIN).json()
    number: str = found["id"]
    return number


def said(locked: Caller, task: str, who: str) -> dict[str, Any]:
    found: dict[str, Any] = locked.get(f"/task/{task}", **as_person(who)).json()
    return found


def test_a_task_is_shown_as_camunda_7_shows_it(locked: Caller, key: str, task: str) -> None:
    found = said(locked, task, HANDLER)

    assert (found["name"], found["taskDefinitionKey"], found["assignee"], found["taskState"]) == ("初审", "judge", None, "Created")
    assert (found["priority"], found["delegationState"], found["owner"], found["suspended"]) == (50, None, None, False)
    assert found["camundaFormRef"] == {"key": key, "binding": "version", "version": 1}
    assert found["created"].endswith("+0000")
    assert locked.get(f"/task/{task}/form", **as_person(HANDLER)).json() == {
        "key": None, "camundaFormRef": found["camundaFormRef"], "contextPath": None,
    }  # fmt: skip
    assert locked.get(f"/task/{task}/deployed-form", **as_person(HANDLER)).json()["id"] == key


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("candidateGroup=case-handler", True),
        ("candidateGroups=case-handler,township-leader", True),
        ("candidateGroup=township-leader", False),
        ("unassigned=true", True),
        ("assigned=true", False),
        (f"assignee={HANDLER}", False),
        ("taskDefinitionKey=judge", True),
        ("taskDefinitionKeyIn=a,judge", True),
        ("nameLike=%25%E5%AE%A1", True),
        ("name=other", False),
        ("processInstanceBusinessKey=none", False),
        ("minPriority=51", False),
        ("active=true", True),
        ("suspended=true", False),
        ("createdAfter=2000-01-01T00:00:00.000%2B0000", True),
    ],
)
def test_tasks_are_found_by_the_common_filters(locked: Caller, task: str, asked: str, finds: bool) -> None:
    listed = locked.get(f"/task?{asked}", **as_person(HANDLER)).json()

    assert (task in {each["id"] for each in listed}) is finds
    assert locked.get(f"/task/count?{asked}", **as_person(HANDLER)).json() == {"count": len(listed)}


@pytest.mark.parametrize(("value", "finds"), [("JA-01", True), ("JA-02", False)])
def test_tasks_are_found_by_what_the_case_holds_by_those_who_read_it(locked: Caller, task: str, value: str, finds: bool) -> None:
    listed = locked.get(f"/task?processVariables=townshipCode_eq_{value}", **ADMIN).json()

    assert (task in {each["id"] for each in listed}) is finds


def test_tasks_are_sorted_and_paged(locked: Caller, key: str, task: str) -> None:
    asked = {"processDefinitionKey": key, "sorting": [{"sortBy": "id", "sortOrder": "desc"}]}

    [first] = locked.post("/task?maxResults=1", json=asked, **as_person(HANDLER)).json()

    assert first["id"] == task


def test_a_person_outside_the_audience_finds_no_task(locked: Caller, task: str) -> None:
    for who in (NEIGHBOUR, "jb-01-survey"):
        assert locked.get(f"/task/{task}", **as_person(who)).status_code == 404
        assert task not in {each["id"] for each in locked.get("/task", **as_person(who)).json()}
        assert locked.post(f"/task/{task}/claim", json={"userId": who}, **as_person(who)).status_code == 500
    assert said(locked, task, HANDLER)["assignee"] is None


def test_a_task_is_claimed_done_and_gone(locked: Caller, task: str) -> None:
    me = as_person(HANDLER)
    assert locked.post(f"/task/{task}/claim", json={"userId": HANDLER}, **me).status_code == 204
    assert said(locked, task, HANDLER)["assignee"] == HANDLER

    sent = {"variables": {"amount": {"value": 620, "type": "Integer"}, "secret": {"value": 1}}, "withVariablesInReturn": True}
    done = locked.post(f"/task/{task}/complete", json=sent, **me)

    assert done.status_code == 200, done.text
    assert done.json()["amount"] == {"type": "Integer", "value": 620, "valueInfo": {}}
    assert done.json().keys() <= {"amount", "remark"}
    assert locked.get(f"/task/{task}", **me).status_code == 404
    again = locked.post(f"/task/{task}/complete", json=sent, **me)
    assert (again.status_code, again.json()["type"]) == (500, "NullValueException")
    [past] = locked.get(f"/history/task?taskId={task}", **me).json()
    assert (past["assignee"], past["deleteReason"], past["taskState"]) == (HANDLER, "completed", "Completed")


def test_a_task_of_ones_queue_is_claimed_on_the_way(locked: Caller, task: str) -> None:
    done = locked.post(f"/task/{task}/complete", json={"variables": {"amount": {"value": 1}}}, **as_person(COLLEAGUE))

    assert done.status_code == 204, done.text


@pytest.mark.parametrize("path", ["complete", "submit-form"])
def test_what_the_form_refuses_is_told_field_by_field_and_nothing_is_saved(locked: Caller, task: str, path: str) -> None:
    sent = {"variables": {"amount": {"value": -1, "type": "Integer"}}}

    answer = locked.post(f"/task/{task}/{path}", json=sent, **as_person(HANDLER))

    assert (answer.status_code, answer.json()["type"]) == (400, "InvalidRequestException")
    assert [each["path"] for each in answer.json()["fields"]] == ["amount"]
    assert said(locked, task, HANDLER)["assignee"] is None


def test_of_two_who_claim_the_second_is_told(locked: Caller, task: str) -> None:
    locked.post(f"/task/{task}/claim", json={"userId": HANDLER}, **as_person(HANDLER))

    second = locked.post(f"/task/{task}/claim", json={"userId": COLLEAGUE}, **as_person(COLLEAGUE))
    done = locked.post(f"/task/{task}/complete", json={"variables": {"amount": {"value": 1}}}, **as_person(COLLEAGUE))

    assert (second.status_code, second.json()["type"]) == (500, "TaskAlreadyClaimedException")
    assert done.status_code == 500
    assert said(locked, task, HANDLER)["assignee"] == HANDLER


def test_a_task_is_put_back(locked: Caller, task: str) -> None:
    locked.post(f"/task/{task}/claim", json={"userId": HANDLER}, **as_person(HANDLER))

    assert locked.post(f"/task/{task}/unclaim", **as_person(HANDLER)).status_code == 204
    assert said(locked, task, HANDLER)["assignee"] is None
    assert locked.post(f"/task/{task}/unclaim", **as_person(HANDLER)).status_code == 204


def test_a_head_gives_a_task_and_it_is_handed_on_and_put_back(locked: Caller, task: str) -> None:
    path = f"/task/{task}/assignee"
    assert locked.post(path, json={"userId": COLLEAGUE}, **as_person(HANDLER)).status_code == 403
    assert locked.post(path, json={"userId": HANDLER}, **as_person(HEAD)).status_code == 204
    assert said(locked, task, HEAD)["assignee"] == HANDLER
    assert locked.post(path, json={"userId": COLLEAGUE}, **as_person(HANDLER)).status_code == 204
    assert said(locked, task, HEAD)["assignee"] == COLLEAGUE
    assert locked.post(path, json={"userId": NEIGHBOUR}, **as_person(COLLEAGUE)).status_code in (400, 403, 404, 500)
    assert locked.post(path, json={"userId": None}, **as_person(COLLEAGUE)).status_code == 204
    assert said(locked, task, HEAD)["assignee"] is None
    assert locked.post(path, json={"userId": "nobody"}, **as_person(HEAD)).status_code == 400


def test_for_whom_a_task_is_is_told_and_not_changed(locked: Caller, task: str) -> None:
    locked.post(f"/task/{task}/claim", json={"userId": HANDLER}, **as_person(HANDLER))

    links = locked.get(f"/task/{task}/identity-links", **as_person(HANDLER)).json()

    assert {"userId": HANDLER, "groupId": None, "type": "assignee"} in links
    assert {"userId": None, "groupId": "case-handler", "type": "candidate"} in links
    assert locked.get(f"/task/{task}/identity-links?type=assignee", **as_person(HANDLER)).json() == links[:1]
    added = {"userId": NEIGHBOUR, "type": "candidate"}
    assert locked.post(f"/task/{task}/identity-links", json=added, **as_person(HEAD)).status_code == 403


def test_an_officer_reads_what_the_form_shows_and_no_more(locked: Caller, task: str) -> None:
    shown = locked.get(f"/task/{task}/variables", **as_person(HANDLER)).json()

    assert shown.keys() <= {"amount", "remark"}
    assert locked.get(f"/task/{task}/form-variables", **as_person(HANDLER)).json() == shown
    assert locked.get(f"/task/{task}/variables/secret", **as_person(HANDLER)).status_code == 404
    assert locked.get(f"/task/{task}/variables/secret", **ADMIN).json()["value"] == "保密"


def test_an_error_of_the_business_leaves_a_task_by_the_diagrams_path(locked: Caller, task: str) -> None:
    locked.post(f"/task/{task}/claim", json={"userId": HANDLER}, **as_person(HANDLER))
    path = f"/task/{task}/bpmnError"
    instance = said(locked, task, HANDLER)["processInstanceId"]
    assert locked.post(path, json={"errorCode": "other"}, **as_person(HANDLER)).status_code == 400
    assert locked.post(path, json={"errorCode": "incomplete"}, **as_person(COLLEAGUE)).status_code == 500

    assert locked.post(path, json={"errorCode": "incomplete", "errorMessage": "缺材料"}, **as_person(HANDLER)).status_code == 204

    [next_] = locked.get(f"/task?processInstanceId={instance}", **as_person(HANDLER)).json()
    assert next_["taskDefinitionKey"] == "again"


def test_remarks_go_on_record_for_all_who_see_the_task(locked: Caller, task: str) -> None:
    path = f"/task/{task}/comment"
    made = locked.post(f"{path}/create", json={"message": "已电话核实。"}, **as_person(HANDLER)).json()
    locked.post(f"{path}/create", json={"message": "second"}, **as_person(COLLEAGUE))

    listed = locked.get(path, **as_person(COLLEAGUE)).json()

    assert [(each["userId"], each["message"]) for each in listed] == [(COLLEAGUE, "second"), (HANDLER, "已电话核实。")]
    assert locked.get(f"{path}/{made['id']}", **as_person(HEAD)).json() == made == listed[1]
    assert locked.get(path, **as_person(NEIGHBOUR)).status_code == 404
    assert locked.get(path, **ADMIN).json() == listed
    assert locked.get(f"{path}/1", **as_person(HEAD)).status_code == 404
    assert locked.post(f"{path}/create", json={"message": " "}, **as_person(HANDLER)).status_code == 400


def test_a_task_is_not_lent(locked: Caller, task: str) -> None:
    for verb in ("delegate", "resolve"):
        answer = locked.post(f"/task/{task}/{verb}", json={"userId": COLLEAGUE}, **as_person(HANDLER))
        assert answer.status_code == 400
        assert "assignee" in answer.json()["message"]


def test_an_administrator_does_no_humans_task(locked: Caller, task: str) -> None:
    answer = locked.post(f"/task/{task}/claim", json={"userId": HANDLER}, **ADMIN)

    assert (answer.status_code, answer.json()["type"]) == (403, "AuthorizationException")


def test_in_a_demonstration_whom_the_request_names_acts(rest: Caller) -> None:
    name = f"k-{uuid4().hex[:12]}"
    assert rest.post("/deployment/create", **with_form(name)).status_code == 200
    started = rest.post(f"/process-definition/key/{name}/start", json={"variables": {"townshipCode": {"value": "JA-01"}}})
    [task] = rest.get(f"/task?processInstanceId={started.json()['id']}").json()
    done = {"variables": {"amount": {"value": 1}}}

    nobody = rest.post(f"/task/{task['id']}/complete", json=done)
    assert (nobody.status_code, nobody.json()["type"]) == (403, "AuthorizationException")
    assert "assign" in nobody.json()["message"]
    assert rest.post(f"/task/{task['id']}/claim", json={"userId": NEIGHBOUR}).status_code == 500
    assert rest.post(f"/task/{task['id']}/claim", json={"userId": HANDLER}).status_code == 204
    assert rest.post(f"/task/{task['id']}/complete", json=done).status_code == 204
