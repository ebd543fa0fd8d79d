"""The official SDK for Python, as it is, against a started server; it refuses answers in which a required member is missing."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import camunda_orchestration_sdk as camunda
import pytest
from camunda_orchestration_sdk import CamundaClient, errors

from tests.camunda8.serving import DIAGRAMS, Rest

HANDLER = "ja-01-handler"


@pytest.fixture(scope="module")
def client(address: str, rest: Rest) -> Iterator[CamundaClient]:
    with CamundaClient(
        configuration={"CAMUNDA_REST_ADDRESS": f"{address}/v2", "CAMUNDA_AUTH_STRATEGY": "NONE"}
    ) as found:
        yield found


def started(client: CamundaClient, number: str, **more: Any) -> str:
    body = {"processDefinitionId": "permit", "variables": {"permitNo": number, "townshipCode": "JA-01"}, **more}
    return client.create_process_instance(data=camunda.ProcessCreationById.from_dict(body)).process_instance_key


def taken(client: CamundaClient, kind: str = "permit-measure", **more: Any) -> list[Any]:
    body = {"type": kind, "timeout": 60_000, "maxJobsToActivate": 100, "worker": "tests", "requestTimeout": -1, **more}
    return list(client.activate_jobs(data=camunda.JobActivationRequest.from_dict(body)).jobs)


def job_of(client: CamundaClient, instance: str, kind: str = "permit-measure") -> Any:
    return next(job for job in taken(client, kind) if job.process_instance_key == instance)


def incidents(client: CamundaClient, instance: str) -> list[Any]:
    query = camunda.IncidentSearchQuery.from_dict({"filter": {"processInstanceKey": instance}})
    return list(client.search_incidents(data=query).items)


def test_what_the_server_says_of_itself_is_understood(client: CamundaClient) -> None:
    assert client.get_topology().gateway_version.startswith("8.9.0")
    assert client.get_license().valid_license is True
    assert client.get_authentication().username == "demo"


def test_files_are_deployed_together(client: CamundaClient) -> None:
    made = client.deploy_resources_from_files(
        [DIAGRAMS / "permit.bpmn", DIAGRAMS / "permit.form", DIAGRAMS / "fee.dmn"]
    )

    assert [process.process_definition_id for process in made.processes] == ["permit"]
    assert [process.resource_name for process in made.processes] == ["permit.bpmn"]
    assert [decision.decision_definition_id for decision in made.decisions] == ["fee"]
    assert [form.form_id for form in made.forms] == ["permit-decision"]


def test_a_refused_file_names_its_element(client: CamundaClient, tmp_path: Path) -> None:
    broken = tmp_path / "broken.bpmn"
    broken.write_bytes((DIAGRAMS / "quick.bpmn").read_bytes().replace(b'type="quick-double"', b'type=""'))

    with pytest.raises(errors.BadRequestError, match="double"):
        client.deploy_resources_from_files([broken])


def test_a_case_goes_from_job_to_task_to_message(client: CamundaClient) -> None:
    instance = started(client, "S-1", businessId="B-S-1")
    job = job_of(client, instance)
    assert (job.custom_headers.to_dict(), job.variables.to_dict()["what"]) == ({"unit": "m"}, "S-1")
    client.complete_job(job.job_key, data=camunda.JobCompletionRequest.from_dict({"variables": {"area": 40}}))

    query = {"filter": {"processInstanceKey": instance, "candidateGroup": "case-handler", "state": "CREATED"}}
    (task,) = client.search_user_tasks(data=camunda.UserTaskSearchQuery.from_dict(query)).items
    assert (task.element_id, task.assignee, task.business_id) == ("decide", None, "B-S-1")
    client.assign_user_task(task.user_task_key, data=camunda.UserTaskAssignmentRequest.from_dict({"assignee": HANDLER}))
    assert client.get_user_task(task.user_task_key).assignee == HANDLER
    assert "Field_area" in client.get_user_task_form(task.user_task_key).schema
    done = camunda.UserTaskCompletionRequest.from_dict({"variables": {"area": 41, "granted": True}})
    client.complete_user_task(task.user_task_key, data=done)
    assert client.get_user_task(task.user_task_key).state == "COMPLETED"

    message = {"name": "permit-paid", "correlationKey": "S-1", "timeToLive": 60_000, "variables": {"receipt": "R-1"}}
    client.publish_message(data=camunda.MessagePublicationRequest.from_dict(message))

    ended = client.get_process_instance(instance)
    assert (ended.state, ended.end_date is not None) == ("COMPLETED", True)
    named = camunda.VariableSearchQuery.from_dict({"filter": {"processInstanceKey": instance, "name": "area"}})
    assert [variable.value for variable in client.search_variables(data=named).items] == ["41"]


def test_a_form_with_a_fault_is_refused_and_the_task_stays(client: CamundaClient) -> None:
    instance = started(client, "S-2")
    client.complete_job(job_of(client, instance).job_key)
    query = camunda.UserTaskSearchQuery.from_dict({"filter": {"processInstanceKey": instance}})
    (task,) = client.search_user_tasks(data=query).items
    client.assign_user_task(task.user_task_key, data=camunda.UserTaskAssignmentRequest.from_dict({"assignee": HANDLER}))

    with pytest.raises(errors.BadRequestError, match="area"):
        client.complete_user_task(
            task.user_task_key, data=camunda.UserTaskCompletionRequest.from_dict({"variables": {"area": 0}})
        )

    assert client.get_user_task(task.user_task_key).state == "CREATED"


def test_a_failed_job_becomes_an_incident_that_is_resolved(client: CamundaClient) -> None:
    instance = started(client, "S-3")
    failure = {"retries": 0, "errorMessage": "the tape is torn"}
    client.fail_job(job_of(client, instance).job_key, data=camunda.JobFailRequest.from_dict(failure))

    (incident,) = incidents(client, instance)
    assert (incident.error_type, incident.state, "torn" in incident.error_message) == ("JOB_NO_RETRIES", "ACTIVE", True)
    assert client.get_process_instance(instance).has_incident is True
    client.resolve_incident(incident.incident_key)

    assert client.get_incident(incident.incident_key).state == "RESOLVED"
    client.complete_job(job_of(client, instance).job_key)


def test_an_error_of_the_business_takes_its_path(client: CamundaClient) -> None:
    instance = started(client, "S-4")
    client.throw_job_error(
        job_of(client, instance).job_key, data=camunda.JobErrorRequest.from_dict({"errorCode": "CANNOT"})
    )

    query = camunda.ElementInstanceSearchQuery.from_dict({"filter": {"processInstanceKey": instance}})
    stays = {stay.element_id: stay.state for stay in client.search_element_instances(data=query).items}

    assert (stays["measure"], stays["end-refused"]) == ("TERMINATED", "COMPLETED")
    assert client.get_process_instance(instance).state == "COMPLETED"


def test_a_decision_is_evaluated(client: CamundaClient) -> None:
    body = {"decisionDefinitionId": "fee", "variables": {"area": 200}}

    found = client.evaluate_decision(data=camunda.DecisionEvaluationByID.from_dict(body))

    assert (found.output, found.decision_definition_name) == ("20", "收费 Fee")
    assert [rule.rule_id for rule in found.evaluated_decisions[0].matched_rules] == ["large"]


def test_a_signal_and_a_cancellation_are_taken(client: CamundaClient) -> None:
    instance = started(client, "S-5")
    assert client.broadcast_signal(data=camunda.SignalBroadcastRequest.from_dict({"signalName": "flood"})).signal_key
    client.cancel_process_instance(instance, data=camunda.CancelProcessInstanceRequest())

    assert client.get_process_instance(instance).state == "TERMINATED"
    with pytest.raises(errors.NotFoundError):
        client.cancel_process_instance(instance, data=camunda.CancelProcessInstanceRequest())


def test_what_is_deployed_is_found_again(client: CamundaClient) -> None:
    query = camunda.ProcessDefinitionSearchQuery.from_dict(
        {"filter": {"processDefinitionId": "permit", "isLatestVersion": True}}
    )
    (process,) = client.search_process_definitions(data=query).items

    assert "permit-measure" in client.get_process_definition_xml(process.process_definition_key)
    assert client.get_process_definition(process.process_definition_key).name == "许可 Permit"
    decisions = client.search_decision_definitions(
        data=camunda.DecisionDefinitionSearchQuery.from_dict({"filter": {"name": "收费 Fee"}})
    )
    assert "fee-table" in client.get_decision_definition_xml(decisions.items[0].decision_definition_key)


def test_a_worker_of_the_sdk_works_off_what_a_caller_waits_for(address: str, client: CamundaClient) -> None:
    async def double(job: camunda.ConnectedJobContext) -> dict[str, object]:
        return {"doubled": job.variables.to_dict()["n"] * 2}

    async def run() -> list[Any]:
        configuration = {"CAMUNDA_REST_ADDRESS": f"{address}/v2", "CAMUNDA_AUTH_STRATEGY": "NONE"}
        async with camunda.CamundaAsyncClient(configuration=configuration) as other:
            config = camunda.WorkerConfig(job_type="quick-double", job_timeout_milliseconds=30_000)
            other.create_job_worker(config=config, callback=double, execution_strategy="async")
            working = asyncio.create_task(other.run_workers())
            bodies = [
                {
                    "processDefinitionId": "quick", "variables": {"n": n}, "awaitCompletion": True, "fetchVariables": ["half"],
                    "requestTimeout": 20_000,
                }
                for n in (3, 5)
            ]  # fmt: skip
            asked = [other.create_process_instance(data=camunda.ProcessCreationById.from_dict(body)) for body in bodies]
            answers = await asyncio.gather(*asked)
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
            return [answer.variables.to_dict() for answer in answers]

    with ThreadPoolExecutor(1) as apart:  # the browser of other tests keeps an event loop in this thread
        assert apart.submit(asyncio.run, run()).result(60) == [{"half": 3}, {"half": 5}]
