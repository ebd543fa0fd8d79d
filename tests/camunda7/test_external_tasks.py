"""What workers of Camunda 7 ask at /engine-rest/external-task."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from casework import outside
from engine.model import JobWanted
from tests.camunda7.conftest import Caller, as_person
from tests.camunda7.diagrams import chain, diagram, external, node, parts

LOCKED_FIELDS = {
    "activityId", "activityInstanceId", "errorMessage", "errorDetails", "executionId", "id", "lockExpirationTime",
    "createTime", "processDefinitionId", "processDefinitionKey", "processDefinitionVersionTag", "processInstanceId",
    "tenantId", "retries", "suspended", "workerId", "priority", "topicName", "businessKey", "variables",
    "extensionProperties",
}  # fmt: skip


@pytest.fixture
def key(rest: Caller) -> str:
    """A process of the test's own whose external task has a topic of the same name."""
    name = f"t-{uuid4().hex[:12]}"
    answer = rest.post("/deployment/create", **parts((f"{name}.bpmn", external(name, name))))
    assert answer.status_code == 200, answer.text
    return name


def start(rest: Caller, key: str, **variables: Any) -> str:
    sent = {"businessKey": f"BK-{key}", "variables": {name: {"value": value} for name, value in variables.items()}}
    return rest.post(f"/process-definition/key/{key}/start", json=sent).json()["id"]


def fetch(rest: Caller, key: str, *, worker: str = "w1", most: int = 10, wait: int | None = None, **topic: Any) -> list[Any]:
    asked = {
        "workerId": worker, "maxTasks": most, "usePriority": True, "asyncResponseTimeout": wait,
        "topics": [{"topicName": key, "lockDuration": 60_000, **topic}],
    }  # fmt: skip
    answer = rest.post("/external-task/fetchAndLock", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def state_of(rest: Caller, instance: str) -> str:
    return rest.get(f"/history/process-instance/{instance}").json()["state"]


def test_a_task_is_taken_with_all_that_a_worker_reads(rest: Caller, key: str) -> None:
    instance = start(rest, key, amount=620, name="甲")

    [task] = fetch(rest, key)

    assert task.keys() == LOCKED_FIELDS
    assert (task["processInstanceId"], task["processDefinitionKey"], task["activityId"]) == (instance, key, "check")
    assert (task["workerId"], task["topicName"], task["retries"], task["businessKey"]) == ("w1", key, None, f"BK-{key}")
    assert task["variables"]["amount"] == {"type": "Integer", "value": 620, "valueInfo": {}}
    assert task["lockExpirationTime"].endswith("+0000")
    assert fetch(rest, key, worker="w2") == []


def test_a_worker_gets_the_variables_that_it_asks_for(rest: Caller, key: str) -> None:
    start(rest, key, amount=620, other=1)

    [task] = fetch(rest, key, variables=["amount", "none"])

    assert task["variables"].keys() == {"amount"}


@pytest.mark.parametrize(
    ("topic", "gets"),
    [
        ({"businessKey": "other"}, 0),
        ({"processDefinitionKey": "other"}, 0),
        ({"processDefinitionKeyIn": ["other"]}, 0),
        ({"processDefinitionId": "x:1:5"}, 0),
        ({"processDefinitionVersionTag": "v9"}, 0),
        ({"processVariables": {"amount": 1}}, 0),
        ({"processVariables": {"amount": 620}}, 1),
        ({"processVariables": {}, "localVariables": False, "deserializeValues": True}, 1),
        ({"tenantIdIn": ["JB"]}, 0),
        ({"tenantIdIn": ["JA"]}, 1),
    ],
)
def test_a_topic_may_be_narrowed(rest: Caller, key: str, topic: dict[str, Any], gets: int) -> None:
    start(rest, key, amount=620)

    assert len(fetch(rest, key, **topic)) == gets


def test_no_more_than_asked_for_is_taken_the_oldest_first(rest: Caller, key: str) -> None:
    instances = [start(rest, key, n=n) for n in range(3)]

    taken = fetch(rest, key, most=2)

    assert [task["processInstanceId"] for task in taken] == instances[:2]
    assert [task["processInstanceId"] for task in fetch(rest, key)] == instances[2:]


def test_completing_a_task_lets_the_case_go_on_with_its_results(rest: Caller, key: str) -> None:
    instance = start(rest, key)
    [task] = fetch(rest, key)
    done = {
        "workerId": "w1", "variables": {"income": {"value": 800, "type": "integer"}}, "localVariables": {"own": {"value": 1}},
    }  # fmt: skip

    answer = rest.post(f"/external-task/{task['id']}/complete", json=done)

    assert (answer.status_code, answer.content) == (204, b"")
    assert state_of(rest, instance) == "COMPLETED"
    kept = {each["name"] for each in rest.get(f"/history/variable-instance?processInstanceId={instance}").json()}
    assert "income" in kept
    assert "own" not in kept


def test_only_the_worker_that_has_a_task_completes_it_and_only_once(rest: Caller, key: str) -> None:
    start(rest, key)
    [task] = fetch(rest, key)
    path = f"/external-task/{task['id']}/complete"

    refused = rest.post(path, json={"workerId": "w2"})
    assert (refused.status_code, refused.json()["type"]) == (400, "RestException")
    assert "w1" in refused.json()["message"]

    assert rest.post(path, json={"workerId": "w1"}).status_code == 204
    assert rest.post(path, json={"workerId": "w1"}).status_code == 404


def test_a_failed_task_comes_back_with_its_message_and_stands_still_in_the_end(rest: Caller, key: str) -> None:
    instance = start(rest, key)
    [task] = fetch(rest, key)
    failed = {"workerId": "w1", "errorMessage": "对方系统没有应答", "errorDetails": "timeout\n at x", "retries": 1, "retryTimeout": 0}
    assert rest.post(f"/external-task/{task['id']}/failure", json=failed).status_code == 204

    [again] = fetch(rest, key)
    assert (again["id"], again["retries"]) == (task["id"], 1)
    assert again["errorMessage"].startswith("对方系统没有应答")

    rest.post(f"/external-task/{task['id']}/failure", json={**failed, "retries": 0})
    assert fetch(rest, key) == []
    [incident] = rest.get(f"/incident?processInstanceId={instance}").json()
    assert (incident["incidentType"], incident["activityId"], incident["configuration"]) == ("failedExternalTask", "check", task["id"])
    assert "对方系统没有应答" in incident["incidentMessage"]

    assert rest.put(f"/external-task/{task['id']}/retries", json={"retries": 3}).status_code == 204
    assert rest.get(f"/incident?processInstanceId={instance}").json() == []
    [again] = fetch(rest, key)
    assert again["retries"] == 3


def test_a_failed_task_rests_for_its_back_off(rest: Caller, key: str) -> None:
    start(rest, key)
    [task] = fetch(rest, key)

    rest.post(f"/external-task/{task['id']}/failure", json={"workerId": "w1", "retries": 1, "retryTimeout": 60_000})

    assert fetch(rest, key) == []


def test_an_error_of_the_business_takes_the_diagrams_path(rest: Caller) -> None:
    started = rest.post("/process-definition/key/with-error/start", json={"variables": {"townshipCode": {"value": "JA-01"}}})
    instance = started.json()["id"]
    task = next(each for each in fetch(rest, "check-error") if each["processInstanceId"] == instance)
    thrown = {"workerId": "w1", "errorCode": "refused", "errorMessage": "不符", "variables": {"why": {"value": "x"}}}

    assert rest.post(f"/external-task/{task['id']}/bpmnError", json=thrown).status_code == 204

    [waiting] = rest.get(f"/task?processInstanceId={instance}").json()
    assert waiting["taskDefinitionKey"] == "look"


def test_a_task_is_held_longer_and_given_back(rest: Caller, key: str) -> None:
    start(rest, key)
    [task] = fetch(rest, key)
    path = f"/external-task/{task['id']}"

    assert rest.post(f"{path}/extendLock", json={"workerId": "w1", "newDuration": 3_600_000}).status_code == 204
    longer = rest.get(path).json()["lockExpirationTime"]
    assert longer > task["lockExpirationTime"]
    assert rest.post(f"{path}/extendLock", json={"workerId": "w2", "newDuration": 1_000}).status_code == 400
    assert rest.post(f"{path}/unlock").status_code == 204
    assert rest.post(f"{path}/extendLock", json={"workerId": "w1", "newDuration": 1_000}).status_code == 400
    assert rest.post(f"{path}/lock", json={"workerId": "w2", "lockDuration": 60_000}).status_code == 204
    assert rest.post(f"{path}/lock", json={"workerId": "w1", "lockDuration": 60_000}).status_code == 400
    assert rest.get(path).json()["workerId"] == "w2"


def test_open_tasks_are_listed_and_counted(rest: Caller, key: str) -> None:
    instance = start(rest, key)
    assert rest.get(f"/external-task/count?topicName={key}&notLocked=true").json() == {"count": 1}
    [task] = fetch(rest, key)

    [listed] = rest.get(f"/external-task?topicName={key}&locked=true&workerId=w1&withRetriesLeft=true").json()

    assert (listed["id"], listed["processInstanceId"], listed["workerId"]) == (task["id"], instance, "w1")
    assert rest.post("/external-task", json={"topicName": key, "processInstanceIdIn": [instance]}).json() == [listed]
    assert rest.post("/external-task/count", json={"topicName": key, "activityId": "other"}).json() == {"count": 0}
    assert rest.get(f"/external-task/count?topicName={key}&notLocked=true").json() == {"count": 0}
    assert key in rest.get("/external-task/topic-names").json()
    assert rest.get("/external-task/1").status_code == 404


def test_properties_of_the_element_are_given_where_they_are_asked_for(rest: Caller) -> None:
    name = f"t-{uuid4().hex[:12]}"
    property_ = '<bpmn:extensionElements><camunda:properties><camunda:property name="clause" value="LZ-1" /></camunda:properties></bpmn:extensionElements>'
    inside = (
        node("startEvent", "start")
        + node("serviceTask", "check", property_, camunda_type="external", camunda_topic=name)
        + node("endEvent", "end")
        + chain("start", "check", "end")
    )
    deployed = rest.post("/deployment/create", **parts((f"{name}.bpmn", diagram(name, inside))))
    assert deployed.status_code == 200, deployed.text
    start(rest, name)

    [task] = fetch(rest, name, includeExtensionProperties=True)

    assert task["extensionProperties"] == {"clause": "LZ-1"}


def test_waiting_ends_as_soon_as_there_is_a_task(rest: Caller, key: str) -> None:
    begun = time.monotonic()
    starter = threading.Timer(0.4, start, (rest, key))
    starter.start()

    [task] = fetch(rest, key, wait=20_000)

    starter.join()
    assert task["topicName"] == key
    assert 0.3 < time.monotonic() - begun < 5


def test_waiting_ends_with_nothing_when_its_time_is_over(rest: Caller, key: str) -> None:
    begun = time.monotonic()

    assert fetch(rest, key, wait=1_200) == []

    assert 1.1 < time.monotonic() - begun < 5


def test_waiting_finds_what_a_lock_that_ran_out_sets_free(rest: Caller, key: str) -> None:
    start(rest, key)
    [task] = fetch(rest, key, lockDuration=500)

    [again] = fetch(rest, key, worker="w2", wait=20_000)

    assert again["id"] == task["id"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"workerId": "", "maxTasks": 1, "topics": []},
        {"workerId": "w", "maxTasks": -1, "topics": []},
        {"workerId": "w", "maxTasks": "one", "topics": []},
        {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "t"}]},
        {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "t", "lockDuration": 0}]},
        {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "t", "lockDuration": 1, "colour": "red"}]},
        {"workerId": "w", "maxTasks": 1, "asyncResponseTimeout": 1_800_001, "topics": []},
        {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "t", "lockDuration": 1, "localVariables": True}]},
        {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "t", "lockDuration": 1, "tenantIdIn": ["JA", "JB"]}]},
        [],
        "text",
    ],
)
def test_a_request_that_cannot_be_meant_is_refused(rest: Caller, asked: Any) -> None:
    answer = rest.post("/external-task/fetchAndLock", json=asked)

    assert answer.status_code == 400
    assert answer.json().keys() >= {"type", "message", "code"}


@pytest.mark.parametrize("verb", ["complete", "failure", "bpmnError", "extendLock", "lock", "unlock"])
@pytest.mark.parametrize("number", ["1", "x", str(2**70)])
def test_a_task_that_there_is_not_is_told_so(rest: Caller, verb: str, number: str) -> None:
    body = {
        "complete": {"workerId": "w"}, "failure": {"workerId": "w"}, "bpmnError": {"workerId": "w", "errorCode": "c"},
        "extendLock": {"workerId": "w", "newDuration": 1}, "lock": {"workerId": "w", "lockDuration": 1}, "unlock": None,
    }[verb]  # fmt: skip

    assert rest.post(f"/external-task/{number}/{verb}", json=body).status_code == 404


@pytest.mark.parametrize(
    ("job_type", "own"),
    [("letter.issue", True), ("letter.of-a-later-release", True), ("policy.load", True), ("lettering", False), ("check-income", False)],
)
def test_job_types_of_our_own_are_never_handed_out(job_type: str, own: bool) -> None:
    wanted = [JobWanted(job_type, timedelta(minutes=1))]

    assert outside.wanted_here(wanted) == ([] if own else wanted)


def test_an_officer_is_no_worker(locked: Caller) -> None:
    asked = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "t", "lockDuration": 1000}]}

    answer = locked.post("/external-task/fetchAndLock", json=asked, **as_person("ja-01-handler"))

    assert (answer.status_code, answer.json()["type"]) == (403, "AuthorizationException")
