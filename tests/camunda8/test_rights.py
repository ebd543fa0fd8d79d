"""Who may do what at /v2: as on the pages and at every other door, by scopes and by the gate."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.camunda8 import ROUTERS
from casework.model.people import Scope
from tests.camunda8 import spec
from tests.camunda8.serving import Guarded, Rest

HERE = (Scope.START, Scope.READ, Scope.WORK, Scope.OPERATE)
"""The scopes that a program of one region may have."""
HANDLER, OTHER, WINDOW = "ja-01-handler", "ja-02-handler", "ja-01-window"
CASE = {"processDefinitionId": "permit", "variables": {"permitNo": "R-1", "townshipCode": "JA-01"}}
# What needs which scope, with a body that is right otherwise; a thing that there is not is answered 404 to who may ask.
COMMANDS: list[tuple[str, str, Any, Scope]] = [
    ("POST", "/process-instances", CASE, Scope.START),
    ("POST", "/process-instances/search", {}, Scope.READ),
    ("POST", "/process-definitions/search", {}, Scope.READ),
    ("POST", "/variables/search", {}, Scope.READ),
    ("POST", "/jobs/search", {}, Scope.READ),
    (
        "POST",
        "/jobs/activation",
        {"type": "x", "timeout": 1000, "maxJobsToActivate": 1, "requestTimeout": -1},
        Scope.WORK,
    ),
    ("POST", "/jobs/1/completion", {}, Scope.WORK),
    ("POST", "/jobs/1/failure", {}, Scope.WORK),
    ("POST", "/jobs/1/error", {"errorCode": "E"}, Scope.WORK),
    ("PATCH", "/jobs/1", {"changeset": {"retries": 1}}, Scope.WORK),
    ("POST", "/messages/publication", {"name": "m"}, Scope.OPERATE),
    ("POST", "/messages/correlation", {"name": "m"}, Scope.OPERATE),
    ("POST", "/signals/broadcast", {"signalName": "s"}, Scope.OPERATE),
    ("POST", "/incidents/1/resolution", {}, Scope.OPERATE),
    ("POST", "/process-instances/1/cancellation", {}, Scope.OPERATE),
    ("POST", "/process-instances/1/modification", {"terminateInstructions": [{"elementId": "x"}]}, Scope.OPERATE),
    ("POST", "/process-instances/1/suspension", {}, Scope.OPERATE),
]


def addresses() -> list[tuple[str, str]]:
    """Every (method, address) of this door, with a number for each part that varies."""
    found = []
    for route in (each for router in ROUTERS for each in router.routes):
        path = "/".join("1" if part.startswith("{") else part for part in route.path.split("/"))  # type: ignore[attr-defined]
        found += [(method, path) for method in route.methods]  # type: ignore[attr-defined]
    return sorted(found)


@pytest.fixture(scope="module")
def case(guarded: Guarded, person: Callable[[str], Rest], program: Callable[..., Rest]) -> dict[str, str]:
    """A case of the first township whose task waits in the queue."""
    person("admin").deploy("permit.bpmn", "quick.bpmn", "permit.form", "fee.dmn")
    worker = program(Scope.START, Scope.WORK, Scope.READ)
    instance = worker.post("/process-instances", CASE)["processInstanceKey"]
    (job,) = worker.post("/jobs/activation", {"type": "permit-measure", "timeout": 9000, "maxJobsToActivate": 1})[
        "jobs"
    ]
    worker("POST", f"/jobs/{job['jobKey']}/completion", {"variables": {"secret": 7}}, status=204)
    (task,) = worker.post("/user-tasks/search", {"filter": {"processInstanceKey": instance}})["items"]
    return {"processInstanceKey": instance, "userTaskKey": task["userTaskKey"]}


@pytest.mark.parametrize(("method", "path"), addresses())
def test_nobody_is_answered_who_does_not_say_who_it_is(guarded: Guarded, method: str, path: str) -> None:
    expected = {"/v2/status": 204, "/v2/clock": {"GET": 200, "PUT": 400}, "/v2/clock/reset": 204}.get(path, 401)
    wanted = expected[method] if isinstance(expected, dict) else expected

    assert httpx.request(method, f"{guarded.address}{path}").status_code == wanted


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"), COMMANDS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_program_needs_the_scope(
    case: dict[str, str], program: Callable[..., Rest], method: str, path: str, body: Any, scope: Scope
) -> None:
    without = program(*(each for each in HERE if each is not scope))
    within = program(scope)

    assert without(method, path, body).status_code == 403
    assert within(method, path, body).status_code in (200, 204, 400, 404)


def test_a_program_does_no_human_task(case: dict[str, str], program: Callable[..., Rest]) -> None:
    rest = program(*HERE)
    task = case["userTaskKey"]

    assert rest("POST", f"/user-tasks/{task}/assignment", {"assignee": HANDLER}, status=403)
    assert rest("POST", f"/user-tasks/{task}/completion", {"variables": {"area": 5}}, status=403)


def test_a_program_of_another_region_sees_and_moves_nothing(case: dict[str, str], program: Callable[..., Rest]) -> None:
    rest = program(*HERE, region="JB")
    instance = case["processInstanceKey"]

    assert rest.post("/process-instances/search", {"filter": {"processInstanceKey": instance}})["items"] == []
    assert rest.post("/variables/search", {"filter": {"processInstanceKey": instance}})["items"] == []
    rest("GET", f"/process-instances/{instance}", status=404)
    rest("GET", f"/user-tasks/{case['userTaskKey']}", status=404)
    rest("POST", f"/process-instances/{instance}/cancellation", {}, status=404)
    rest("POST", "/process-instances", {**CASE, "tenantId": "JA"}, status=400)


def test_an_officer_sees_the_tasks_and_cases_that_are_hers(case: dict[str, str], person: Callable[[str], Rest]) -> None:
    of = {"filter": {"processInstanceKey": case["processInstanceKey"]}}
    mine, foreign = person(HANDLER), person(OTHER)

    assert len(mine.post("/user-tasks/search", of)["items"]) == 1
    assert len(mine.post("/process-instances/search", of)["items"]) == 1
    assert len(mine.post("/element-instances/search", of)["items"]) > 1
    assert foreign.post("/user-tasks/search", of)["items"] == []
    assert foreign.post("/process-instances/search", of)["items"] == []
    foreign("POST", "/element-instances/search", of, status=400)
    foreign("GET", f"/user-tasks/{case['userTaskKey']}", status=404)
    foreign("POST", f"/user-tasks/{case['userTaskKey']}/completion", {}, status=404)


def test_an_officer_reads_data_through_the_forms_of_her_tasks_only(
    case: dict[str, str], person: Callable[[str], Rest]
) -> None:
    mine = person(HANDLER)
    shown = mine.post(f"/user-tasks/{case['userTaskKey']}/variables/search", {})["items"]

    assert "secret" not in {each["name"] for each in shown}
    mine("POST", "/variables/search", {"filter": {"processInstanceKey": case["processInstanceKey"]}}, status=403)
    mine("POST", "/element-instances/search", {}, status=403)
    mine("POST", "/process-instances/search", {"filter": {"variables": [{"name": "secret", "value": "7"}]}}, status=400)
    mine(
        "POST",
        "/user-tasks/search",
        {"filter": {"processInstanceVariables": [{"name": "secret", "value": "7"}]}},
        status=400,
    )


def test_an_officer_claims_and_completes_by_the_gate(case: dict[str, str], person: Callable[[str], Rest]) -> None:
    mine, window = person(HANDLER), person(WINDOW)
    task = case["userTaskKey"]
    window("POST", f"/user-tasks/{task}/completion", {"variables": {"area": 5}}, status=404)

    mine("POST", f"/user-tasks/{task}/assignment", {"assignee": HANDLER}, status=204)
    assert mine("GET", f"/user-tasks/{task}", status=200).json()["assignee"] == HANDLER
    mine(
        "PATCH",
        f"/user-tasks/{task}",
        {"changeset": {"priority": 80, "followUpDate": "2026-03-01T00:00:00Z"}},
        status=204,
    )
    changed = mine("GET", f"/user-tasks/{task}", status=200).json()
    mine("DELETE", f"/user-tasks/{task}/assignee", status=204)
    mine("POST", f"/user-tasks/{task}/completion", {"variables": {"area": 5}}, status=204)

    log = mine.post(f"/user-tasks/{task}/audit-logs/search", {})["items"]
    assert (changed["priority"], changed["followUpDate"]) == (80, "2026-03-01T00:00:00Z")
    assert [each["operationType"] for each in log] == ["ASSIGN", "UPDATE", "UNASSIGN", "ASSIGN", "COMPLETE"]
    assert {each["actorType"] for each in log} == {"USER"}


def test_an_officer_may_neither_work_jobs_off_nor_operate(case: dict[str, str], person: Callable[[str], Rest]) -> None:
    mine = person(HANDLER)

    for method, path, body, scope in COMMANDS:
        if scope in (Scope.WORK, Scope.OPERATE):
            assert mine(method, path, body).status_code == 403, path


def test_everything_that_is_served_is_looked_at_here() -> None:
    assert {(method, path.removeprefix("/v2")) for method, path in addresses()} >= {
        (method, "/".join("1" if part.startswith("{") else part for part in path.split("/")))
        for method, path in spec.served()
    }
