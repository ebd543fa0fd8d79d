"""docs/camunda-api.md says what is; and what is not served is refused as the API refuses."""

import re

import pytest

from tests.camunda8 import spec
from tests.camunda8.page import DIFFERS, PAGE, page
from tests.camunda8.serving import Rest

# What has to be there: the Modeler's buttons, the SDKs, and those who look after a running system.
REQUIRED = ["getTopology", "getLicense", "getAuthentication", "getStatus", "createDeployment", "createProcessInstance", "searchProcessInstances", "getProcessInstance", "cancelProcessInstance", "modifyProcessInstance", "searchProcessInstanceIncidents", "searchProcessDefinitions", "getProcessDefinition", "getProcessDefinitionXML", "getStartProcessForm", "getProcessDefinitionStatistics", "searchDecisionDefinitions", "getDecisionDefinition", "getDecisionDefinitionXML", "searchDecisionRequirements", "getDecisionRequirements", "getDecisionRequirementsXML", "evaluateDecision", "searchUserTasks", "getUserTask", "updateUserTask", "assignUserTask", "unassignUserTask", "completeUserTask", "getUserTaskForm", "searchUserTaskVariables", "searchUserTaskAuditLogs", "searchElementInstances", "getElementInstance", "createElementInstanceVariables", "searchVariables", "getVariable", "activateJobs", "completeJob", "failJob", "throwJobError", "updateJob", "publishMessage", "correlateMessage", "broadcastSignal", "searchIncidents", "getIncident", "resolveIncident", "createDocument", "createDocuments", "getDocument", "pinClock", "resetClock", "searchJobs", "searchMessageSubscriptions", "getFormByKey"]  # fmt: skip


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.camunda8 writes it anew"


def test_every_operation_that_has_to_be_there_is_served() -> None:
    served = spec.served()
    names = {operation["operationId"] for each, operation in spec.operations().items() if each in served}

    assert set(REQUIRED) <= names


def test_what_differs_is_said_of_operations_that_are_served() -> None:
    served = spec.served()
    names = {operation["operationId"] for each, operation in spec.operations().items() if each in served}

    assert DIFFERS.keys() <= names


def test_nothing_is_served_that_the_api_does_not_have_but_the_clocks_face() -> None:
    assert spec.served().keys() - spec.operations().keys() == {("GET", "/clock")}


def test_what_is_not_served_is_refused_in_the_described_form(rest: Rest) -> None:
    wrong = []
    for method, path in spec.operations().keys() - spec.served().keys():
        if path.startswith("/cluster/v2"):
            continue  # an address beside /v2, not below it
        answer = rest(method, re.sub(r"\{[^}]*\}", "1", path))
        whole = answer.headers["content-type"] == "application/problem+json"
        if (
            answer.status_code not in (404, 405)
            or not whole
            or set(answer.json()) != {"type", "title", "status", "detail", "instance"}
        ):
            wrong.append((method, path, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("path", ["/nothing", "/user-tasks/7/nothing", "/process-instances/search/more"])
def test_an_address_that_there_is_not_is_not_found(rest: Rest, path: str) -> None:
    assert rest("GET", path, status=404).json()["title"] == "NOT_FOUND"
