"""A worker that listens to a user task, by the official SDK: who gets the task, and whether its completion holds."""

from collections.abc import Iterator
from typing import Any

import camunda_orchestration_sdk as camunda
import pytest
from camunda_orchestration_sdk import CamundaClient, errors

from tests.camunda8.serving import Rest

ROUTE, AMOUNT = "checked-route", "checked-amount"
HANDLER, OTHER = "ja-01-handler", "ja-01-handler2"


@pytest.fixture(scope="module")
def client(address: str, rest: Rest) -> Iterator[CamundaClient]:
    rest.deploy("checked.bpmn")
    configuration = {"CAMUNDA_REST_ADDRESS": f"{address}/v2", "CAMUNDA_AUTH_STRATEGY": "NONE"}
    with CamundaClient(configuration=configuration) as found:
        yield found


def started(client: CamundaClient) -> str:
    body = {"processDefinitionId": "checked", "variables": {"townshipCode": "JA-01"}}
    return client.create_process_instance(data=camunda.ProcessCreationById.from_dict(body)).process_instance_key


def taken(client: CamundaClient, instance: str, kind: str) -> Any:
    body = {"type": kind, "timeout": 60_000, "maxJobsToActivate": 100, "worker": "tests", "requestTimeout": -1}
    jobs = client.activate_jobs(data=camunda.JobActivationRequest.from_dict(body)).jobs
    return next(job for job in jobs if job.process_instance_key == instance)


def answer(client: CamundaClient, job: Any, **result: Any) -> None:
    said = {"result": {"type": "userTask", **result}}
    client.complete_job(job.job_key, data=camunda.JobCompletionRequest.from_dict(said))


def task_of(client: CamundaClient, instance: str) -> Any:
    query = camunda.UserTaskSearchQuery.from_dict({"filter": {"processInstanceKey": instance}})
    (task,) = client.search_user_tasks(data=query).items
    return task


def complete(client: CamundaClient, task: Any, amount: int) -> None:
    done = camunda.UserTaskCompletionRequest.from_dict({"variables": {"amount": amount}})
    client.complete_user_task(task.user_task_key, data=done)


def test_a_listener_says_who_gets_the_task_and_another_whether_its_completion_holds(client: CamundaClient) -> None:
    instance = started(client)
    routing = taken(client, instance, ROUTE)
    assert (routing.kind, routing.listener_event_type) == ("TASK_LISTENER", "CREATING")
    assert (routing.user_task.candidate_groups, routing.user_task.priority) == (["case-handler"], 50)
    assert routing.custom_headers.to_dict() == {}
    answer(client, routing, corrections={"assignee": OTHER, "candidateGroups": [], "dueDate": "2027-01-04T09:00:00Z"})

    task = task_of(client, instance)
    assert (task.state, task.assignee, task.candidate_groups) == ("CREATED", OTHER, [])
    complete(client, task, 900)
    assert task_of(client, instance).state == "COMPLETING"
    checking = taken(client, instance, AMOUNT)
    assert (checking.listener_event_type, checking.variables.to_dict()["amount"]) == ("COMPLETING", 900)
    assert checking.user_task.assignee == OTHER
    answer(client, checking, denied=True, deniedReason="over the limit")

    assert task_of(client, instance).state == "CREATED"
    complete(client, task, 300)
    answer(client, taken(client, instance, AMOUNT))

    assert task_of(client, instance).state == "COMPLETED"
    assert client.get_process_instance(instance).state == "COMPLETED"


def test_jobs_of_listeners_are_found_by_their_kind_and_moment(client: CamundaClient) -> None:
    instance = started(client)

    for asked in ({"kind": "TASK_LISTENER"}, {"listenerEventType": "CREATING"}):
        query = camunda.JobSearchQuery.from_dict({"filter": {"processInstanceKey": instance, **asked}})
        assert [job.type_ for job in client.search_jobs(data=query).items] == [ROUTE]
    for asked in ({"kind": "BPMN_ELEMENT"}, {"hasFailedWithRetriesLeft": True}):
        query = camunda.JobSearchQuery.from_dict({"filter": {"processInstanceKey": instance, **asked}})
        assert client.search_jobs(data=query).items == []


def test_while_a_listener_looks_the_task_is_nobodys_to_complete(client: CamundaClient) -> None:
    instance = started(client)
    answer(client, taken(client, instance, ROUTE), corrections={"assignee": HANDLER})
    task = task_of(client, instance)
    complete(client, task, 1)

    with pytest.raises(errors.ConflictError):
        complete(client, task, 2)


def test_a_correction_out_of_range_is_refused_at_once(client: CamundaClient) -> None:
    job = taken(client, started(client), ROUTE)

    with pytest.raises(errors.BadRequestError, match="priority"):
        answer(client, job, corrections={"priority": 101})


def test_a_task_without_a_form_takes_variables_but_none_that_casework_writes(client: CamundaClient) -> None:
    instance = started(client)
    answer(client, taken(client, instance, ROUTE), corrections={"assignee": HANDLER})
    task = task_of(client, instance)

    with pytest.raises(errors.BadRequestError, match="caseNo"):
        client.complete_user_task(
            task.user_task_key, data=camunda.UserTaskCompletionRequest.from_dict({"variables": {"caseNo": "x"}})
        )

    assert client.get_user_task(task.user_task_key).state == "CREATED"
