"""What goes out: each thing that is found, with every member that the published schema demands, null where there is nothing."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request

from api import access
from api.camunda8.door import key
from api.wire import moment, write_json
from casework.desk.search import FoundTask, Stage
from engine.model import TASK_HEADER, TASK_MOMENTS, Job, JobKind, Json
from engine.search import (
    FoundDefinition,
    FoundElement,
    FoundIncident,
    FoundInstance,
    FoundJob,
    FoundRequirements,
    FoundSubscription,
    FoundVariable,
    JobState,
)

Shape = dict[str, Any]
TRUNCATED_AT = 8_191
"""Characters of a variable's value that a search shows, as Camunda's secondary storage does by default."""
UNKNOWN_ERROR = "UNKNOWN"
ERROR_TYPES = (
    "AD_HOC_SUB_PROCESS_NO_RETRIES", "CALLED_DECISION_ERROR", "CALLED_ELEMENT_ERROR", "CONDITION_ERROR",
    "DECISION_EVALUATION_ERROR", "EXECUTION_LISTENER_NO_RETRIES", "EXTRACT_VALUE_ERROR", "FORM_NOT_FOUND", "IO_MAPPING_ERROR",
    "JOB_NO_RETRIES", "MESSAGE_SIZE_EXCEEDED", "RESOURCE_NOT_FOUND", "SECRET_RESOLUTION_ERROR", "TASK_LISTENER_NO_RETRIES",
    "UNHANDLED_ERROR_EVENT", UNKNOWN_ERROR, "UNSPECIFIED",
)  # fmt: skip
ELEMENT_TYPES = {
    "process": "PROCESS", "subProcess": "SUB_PROCESS", "eventSubProcess": "EVENT_SUB_PROCESS", "transaction": "SUB_PROCESS",
    "adHocSubProcess": "AD_HOC_SUB_PROCESS", "callActivity": "CALL_ACTIVITY", "task": "TASK", "userTask": "USER_TASK",
    "manualTask": "MANUAL_TASK", "serviceTask": "SERVICE_TASK", "sendTask": "SEND_TASK", "receiveTask": "RECEIVE_TASK",
    "scriptTask": "SCRIPT_TASK", "businessRuleTask": "BUSINESS_RULE_TASK", "exclusiveGateway": "EXCLUSIVE_GATEWAY",
    "parallelGateway": "PARALLEL_GATEWAY", "inclusiveGateway": "INCLUSIVE_GATEWAY", "eventBasedGateway": "EVENT_BASED_GATEWAY",
    "complexGateway": "UNKNOWN", "startEvent": "START_EVENT", "intermediateCatchEvent": "INTERMEDIATE_CATCH_EVENT",
    "intermediateThrowEvent": "INTERMEDIATE_THROW_EVENT", "boundaryEvent": "BOUNDARY_EVENT", "endEvent": "END_EVENT",
    "multiInstanceBody": "MULTI_INSTANCE_BODY", "unspecified": "UNSPECIFIED",
}  # fmt: skip
"""BPMN's tag name -> Camunda's word; the complex gateway and the transaction have none of their own."""
JOB_KINDS = {
    JobKind.ELEMENT: "BPMN_ELEMENT", JobKind.EXECUTION_LISTENER: "EXECUTION_LISTENER", JobKind.TASK_LISTENER: "TASK_LISTENER",
}  # fmt: skip
TASK_STATES = {
    Stage.CREATED: "CREATED", Stage.COMPLETING: "COMPLETING", Stage.COMPLETED: "COMPLETED", Stage.CANCELLED: "CANCELED",
}  # fmt: skip
_JOB_STATES = {
    JobState.CREATED: "CREATED", JobState.FAILED: "FAILED", JobState.COMPLETED: "COMPLETED", JobState.CANCELLED: "CANCELED",
}  # fmt: skip


def json_text(value: Json) -> str:
    """A value as JSON text, as variables travel here."""
    return write_json(value).decode()


def instance(request: Request, found: FoundInstance) -> Shape:
    """ProcessInstanceResult."""
    return {
        "processDefinitionId": found.process_id, "processDefinitionName": found.process_name,
        "processDefinitionVersion": found.version, "processDefinitionVersionTag": found.version_tag,
        "startDate": moment(found.started_at), "endDate": moment(found.ended_at), "state": found.state.value.upper(),
        "suspendedDate": moment(found.suspended_at), "hasIncident": found.has_incident,
        "tenantId": access.tenant_of(request, found.region), "processInstanceKey": key(found.id),
        "processDefinitionKey": key(found.definition_id), "parentProcessInstanceKey": key(found.parent_id),
        "parentElementInstanceKey": key(found.parent_element_instance_id), "rootProcessInstanceKey": key(found.root_id),
        "tags": [], "businessId": found.business_key,
    }  # fmt: skip


def definition(_: Request, found: FoundDefinition) -> Shape:
    """ProcessDefinitionResult."""
    return {
        "name": found.name or None, "resourceName": found.resource_name, "version": found.version, "versionTag": found.version_tag,
        "processDefinitionId": found.key, "tenantId": access.DEFAULT_TENANT, "processDefinitionKey": key(found.id),
        "hasStartForm": found.has_start_form, "state": "ACTIVE",
    }  # fmt: skip


def decision(found: FoundDefinition, of: FoundRequirements) -> Shape:
    """DecisionDefinitionResult."""
    return {
        "decisionDefinitionId": found.key, "decisionDefinitionKey": key(found.id), "decisionRequirementsId": of.key,
        "decisionRequirementsKey": key(of.id), "decisionRequirementsName": of.name, "decisionRequirementsVersion": of.version,
        "name": found.name, "tenantId": access.DEFAULT_TENANT, "version": found.version,
    }  # fmt: skip


def requirements(_: Request, found: FoundRequirements) -> Shape:
    """DecisionRequirementsResult."""
    return {
        "decisionRequirementsId": found.key, "decisionRequirementsKey": key(found.id), "decisionRequirementsName": found.name,
        "resourceName": found.resource_name, "tenantId": access.DEFAULT_TENANT, "version": found.version,
    }  # fmt: skip


def element(request: Request, found: FoundElement) -> Shape:
    """ElementInstanceResult."""
    return {
        "processDefinitionId": found.process_id, "startDate": moment(found.started_at), "endDate": moment(found.ended_at),
        "elementId": found.element_id, "elementName": found.name, "type": ELEMENT_TYPES.get(found.kind, "UNKNOWN"),
        "state": found.state.upper(), "hasIncident": found.has_incident, "tenantId": access.tenant_of(request, found.region),
        "elementInstanceKey": key(found.id), "processInstanceKey": key(found.instance_id),
        "rootProcessInstanceKey": key(found.root_id), "processDefinitionKey": key(found.definition_id),
        "incidentKey": key(found.incident_id),
    }  # fmt: skip


def variable(request: Request, found: FoundVariable) -> Shape:
    """VariableResult."""
    value = json_text(found.value)
    told: Shape = {
        "name": found.name, "tenantId": access.tenant_of(request, found.region), "variableKey": found.id,
        "scopeKey": key(found.scope_id), "processInstanceKey": key(found.instance_id),
        "rootProcessInstanceKey": key(found.root_id), "value": value,
    }  # fmt: skip
    return told


def cut(told: Shape, *, truncate: bool) -> Shape:
    """A variable as a search tells it."""
    value = told["value"]
    is_long = truncate and len(value) > TRUNCATED_AT
    return {**told, "value": value[:TRUNCATED_AT] if is_long else value, "isTruncated": is_long}


def incident(request: Request, found: FoundIncident) -> Shape:
    """IncidentResult."""
    return {
        "processDefinitionId": found.process_id, "errorType": found.kind if found.kind in ERROR_TYPES else UNKNOWN_ERROR,
        "errorMessage": f"{found.en} / {found.zh}", "elementId": found.element_id, "creationTime": moment(found.created_at),
        "state": "ACTIVE" if found.is_open else "RESOLVED", "tenantId": access.tenant_of(request, found.region),
        "incidentKey": key(found.id), "processDefinitionKey": key(found.definition_id), "processInstanceKey": key(found.instance_id),
        "rootProcessInstanceKey": key(found.root_id), "elementInstanceKey": key(found.element_instance_id),
        "jobKey": key(found.job_id),
    }  # fmt: skip


def job(request: Request, found: FoundJob, business_id: str | None = None) -> Shape:
    """JobSearchResult."""
    return {
        "customHeaders": dict(found.headers), "deadline": moment(found.locked_until), "deniedReason": None,
        "elementId": found.element_id, "elementInstanceKey": key(found.element_instance_id), "endTime": moment(found.ended_at),
        "errorCode": None, "errorMessage": found.message,
        "hasFailedWithRetriesLeft": found.state is JobState.CREATED and found.message is not None, "isDenied": None,
        "jobKey": key(found.id), **job_kind(found.listener), "processDefinitionId": found.process_id,
        "processDefinitionKey": key(found.definition_id), "processInstanceKey": key(found.instance_id),
        "rootProcessInstanceKey": key(found.root_id), "businessId": business_id, "retries": found.retries,
        "state": _JOB_STATES[found.state], "tenantId": access.tenant_of(request, found.region), "type": found.type,
        "worker": found.worker or "", "creationTime": moment(found.created_at), "lastUpdateTime": moment(found.ended_at),
        "priority": found.priority,
    }  # fmt: skip


def job_kind(listener: str | None) -> Shape:
    """Whether a job is the element's own work or a listener's, and of which moment."""
    if listener is None:
        return {"kind": "BPMN_ELEMENT", "listenerEventType": "UNSPECIFIED"}
    return {"kind": JOB_KINDS[JobKind.of(listener)], "listenerEventType": listener.upper()}


def own_headers(headers: Mapping[str, str]) -> Shape:
    """The headers that the diagram gives, without those that tell a listener about its task."""
    return {name: value for name, value in headers.items() if not name.startswith(TASK_HEADER)}


def task_of_listener(job: Job, found: FoundTask | None) -> Shape | None:
    """UserTaskProperties: the task that a listener looks at, from the headers of its job where it is not offered yet."""
    if found is not None:
        told: Shape = {
            "assignee": found.assignee, "candidateGroups": list(found.groups), "dueDate": moment(found.due_at),
            "followUpDate": moment(found.follow_up_at), "formKey": key(found.form_id), "priority": found.priority,
        }  # fmt: skip
    elif job.listener in TASK_MOMENTS:
        told = {name.removeprefix(TASK_HEADER): value for name, value in job.headers.items() if name.startswith(TASK_HEADER)}
        for name in ("candidateGroups", "candidateUsers", "priority"):
            if name in told:
                told[name] = json.loads(told[name])
    else:
        return None
    missing = dict.fromkeys(("assignee", "dueDate", "followUpDate", "formKey", "priority"))
    return {
        **missing, "candidateGroups": [], "candidateUsers": [], **told, "changedAttributes": [],
        "action": "create" if job.listener == "creating" else "complete", "userTaskKey": key(job.element_instance_id),
    }  # fmt: skip


def subscription(request: Request, found: FoundSubscription) -> Shape:
    """MessageSubscriptionResult. When somebody began to wait is told by the time in the id, which is the machine's."""
    return {
        "businessId": found.business_key, "messageSubscriptionKey": key(found.id), "processDefinitionId": found.process_id,
        "processDefinitionKey": key(found.definition_id), "processInstanceKey": key(found.instance_id),
        "rootProcessInstanceKey": key(found.root_id), "elementId": found.element_id,
        "elementInstanceKey": key(found.element_instance_id), "messageSubscriptionState": "CREATED",
        "lastUpdatedDate": moment(found.begun_at), "messageName": found.name, "correlationKey": found.key,
        "messageSubscriptionType": "START_EVENT" if found.starts else "PROCESS_EVENT", "toolProperties": {},
        "processDefinitionName": found.process_name, "processDefinitionVersion": found.version, "toolName": None,
        "inboundConnectorType": None,
        "tenantId": access.DEFAULT_TENANT if found.region is None else access.tenant_of(request, found.region),
    }  # fmt: skip


def task(request: Request, found: FoundTask, users: dict[int, str]) -> Shape:
    """UserTaskResult."""
    state = TASK_STATES[found.stage]
    return {
        "name": found.name, "state": state, "assignee": found.assignee, "elementId": found.element_id,
        "candidateGroups": list(found.groups), "candidateUsers": [users.get(each, str(each)) for each in found.user_ids],
        "processDefinitionId": found.process_id, "creationDate": moment(found.created_at),
        "completionDate": moment(found.closed_at), "followUpDate": moment(found.follow_up_at), "dueDate": moment(found.due_at),
        "tenantId": access.tenant_of(request, found.region), "externalFormReference": found.external_form,
        "processDefinitionVersion": found.version, "customHeaders": {}, "priority": found.priority,
        "userTaskKey": key(found.id), "elementInstanceKey": key(found.id), "processName": found.process_name,
        "processDefinitionKey": key(found.definition_id), "processInstanceKey": key(found.instance_id),
        "rootProcessInstanceKey": key(found.root_id), "businessId": found.business_key, "formKey": key(found.form_id), "tags": [],
    }  # fmt: skip


def form(found: Any) -> Shape:
    """FormResult: the schema as text."""
    return {
        "tenantId": access.DEFAULT_TENANT, "formId": found.form_id, "schema": json_text(found.schema), "version": found.version,
        "formKey": key(found.id),
    }  # fmt: skip
