"""/engine-rest/history: instances, activities, tasks and variables, running and over."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response

from api.camunda7 import tasks as task_routes
from api.camunda7 import variables as variable_routes
from api.camunda7.door import (
    body_of,
    count,
    definition_id,
    everywhere,
    in_tenants,
    instances_of,
    number_in,
    reading,
    reply,
    router_of,
    tenant_of,
)
from api.camunda7.errors import missing
from api.camunda7.incidents import only_of_one
from api.camunda7.lists import (
    Lookup,
    among,
    asks_for_data,
    either,
    equal,
    given_in,
    if_true,
    like,
    number_of,
    of_variables,
    since,
)
from api.camunda7.values import moment, typed
from casework import outside
from casework.act import Act
from casework.desk import search
from casework.desk.search import FoundTask, Stage
from engine.errors import Unknown
from engine.model import InstanceState
from engine.parsing.records import ElementKind
from engine.search import Condition, FoundElement, FoundInstance, FoundVariable, Op, Query, Sort

router = router_of("/history")

_RUNNING = Condition("ended_at", Op.EXISTS, False)
_OVER = Condition("ended_at", Op.EXISTS, True)


def _in(state: InstanceState) -> Condition:
    return Condition("state", Op.EQ, state)


_INSTANCES = Lookup(
    {
        "processInstanceId": equal("id", number_of), "processInstanceIds": among("id", number_of),
        "processInstanceIdNotIn": among("id", number_of, without=True), "processInstanceBusinessKey": equal("business_key"),
        "processInstanceBusinessKeyIn": among("business_key"), "processInstanceBusinessKeyLike": like("business_key"),
        "processDefinitionId": equal("definition_id", number_of), "processDefinitionKey": equal("process_id"),
        "processDefinitionKeyIn": among("process_id"), "processDefinitionKeyNotIn": among("process_id", without=True),
        "processDefinitionName": equal("process_name"), "processDefinitionNameLike": like("process_name"),
        "superProcessInstanceId": equal("parent_id", number_of), "rootProcessInstanceId": equal("root_id", number_of),
        "rootProcessInstances": if_true(Condition("parent_id", Op.EXISTS, False)), "finished": if_true(_OVER),
        "unfinished": if_true(_RUNNING), "withIncidents": if_true(Condition("has_incident", Op.EQ, True)),
        "active": if_true(_in(InstanceState.ACTIVE)), "suspended": if_true(_in(InstanceState.SUSPENDED)),
        "completed": if_true(_in(InstanceState.COMPLETED)), "externallyTerminated": if_true(_in(InstanceState.TERMINATED)),
        "startedBefore": since("started_at", Op.LT), "startedAfter": since("started_at", Op.GT),
        "finishedBefore": since("ended_at", Op.LT), "finishedAfter": since("ended_at", Op.GT), "tenantIdIn": among("region"),
        "variables": of_variables("variable"),
    },
    {
        "instanceId": "id", "definitionId": "definition_id", "definitionKey": "process_id", "definitionName": "process_name",
        "definitionVersion": "version", "businessKey": "business_key", "startTime": "started_at", "endTime": "ended_at",
        "tenantId": "region",
    },
)  # fmt: skip
_ACTIVITIES = Lookup(
    {
        "activityInstanceId": equal("id", number_of), "processInstanceId": equal("instance_id", number_of),
        "processDefinitionId": equal("definition_id", number_of), "executionId": equal("id", number_of),
        "activityId": equal("element_id"), "activityIdIn": among("element_id"), "activityName": equal("name"),
        "activityNameLike": like("name"), "activityType": equal("kind"), "finished": if_true(_OVER),
        "unfinished": if_true(_RUNNING),
        "canceled": either(Condition("state", Op.EQ, "terminated"), Condition("state", Op.NEQ, "terminated")),
        "startedBefore": since("started_at", Op.LT), "startedAfter": since("started_at", Op.GT),
        "finishedBefore": since("ended_at", Op.LT), "finishedAfter": since("ended_at", Op.GT), "tenantIdIn": among("region"),
    },
    {
        "activityInstanceId": "id", "instanceId": "instance_id", "executionId": "id", "activityId": "element_id",
        "activityName": "name", "activityType": "kind", "startTime": "started_at", "endTime": "ended_at", "occurrence": "id",
        "definitionId": "definition_id", "tenantId": "region",
    },
)  # fmt: skip
_HISTORY_OF_TASKS = {
    name: each for name, each in task_routes.FILTERS.items()
    if name.startswith(("taskId", "taskDefinitionKey", "processInstance", "processDefinition", "activityInstance", "tenantId"))
}  # fmt: skip
_STAGE = {True: "completed", False: "created"}
_TASKS = Lookup(
    {
        **_HISTORY_OF_TASKS, "taskName": equal("name"), "taskNameLike": like("name"), "taskAssignee": equal("assignee"),
        "taskAssigneeLike": like("assignee"), "assigned": task_routes.FILTERS["assigned"],
        "unassigned": task_routes.FILTERS["unassigned"], "executionId": equal("id", number_of),
        "finished": if_true(Condition("stage", Op.IN, ("completed", "cancelled"))),
        "unfinished": if_true(Condition("stage", Op.IN, ("created", "completing"))),
        "startedBefore": since("created_at", Op.LT), "startedAfter": since("created_at", Op.GT),
        "finishedBefore": since("closed_at", Op.LT), "finishedAfter": since("closed_at", Op.GT),
        "taskDueDateBefore": since("due_at", Op.LT), "taskDueDateAfter": since("due_at", Op.GT),
        "taskHadCandidateGroup": equal("candidate_group"), "taskHadCandidateUser": equal("candidate_user"),
    },
    {
        "taskId": "id", "activityInstanceID": "id", "processDefinitionId": "definition_id", "processInstanceId": "instance_id",
        "executionId": "id", "endTime": "closed_at", "startTime": "created_at", "taskName": "name", "assignee": "assignee",
        "dueDate": "due_at", "followUpDate": "follow_up_at", "taskDefinitionKey": "element_id", "priority": "priority",
        "tenantId": "region",
    },
)  # fmt: skip


# ---- instances


@router.get("/process-instance")
def instances(request: Request) -> Response:
    """Instances of cases that the caller may see, running and over."""
    return _instances(request, None)


@router.post("/process-instance")
def query_instances(request: Request, body: dict[str, Any] | None = None) -> Response:
    """Instances of cases that the caller may see, running and over."""
    return _instances(request, body)


@router.get("/process-instance/count")
def count_instances(request: Request) -> Response:
    """How many instances there are."""
    with reading(request) as act:
        return count(search.instances(act, _query(act, _INSTANCES, in_tenants(request, given_in(request)))).total)


@router.get("/process-instance/{given}")
def instance(request: Request, given: str) -> Response:
    """One instance."""
    with reading(request) as act:
        found = search.instance(act, number_in(given, "流程实例", "Historic process instance"))
        if outside.is_officer(act):
            outside.seen(act, found.id, "history")
        return reply(next(iter(_of_instances(request, act, [found]))))


# ---- activities


@router.get("/activity-instance")
def activities(request: Request) -> Response:
    """Stays at activities: exact for one process instance; without one, of the 200 that were started last."""
    return _activities(request, None)


@router.post("/activity-instance")
def query_activities(request: Request, body: dict[str, Any] | None = None) -> Response:
    """Stays at activities."""
    return _activities(request, body)


@router.get("/activity-instance/count")
def count_activities(request: Request) -> Response:
    """How many stays at activities there are."""
    with reading(request) as act:
        return count(len(_stays(act, in_tenants(request, given_in(request)))))


@router.get("/activity-instance/{given}")
def activity(request: Request, given: str) -> Response:
    """One stay at an activity."""
    with reading(request) as act:
        try:
            number = number_in(given, "活动实例", "Historic activity instance")
            found = act.work.find_element(number, everywhere=everywhere(act))
        except Unknown:
            raise missing(
                f"没有活动实例 {given}。", f"Historic activity instance with id '{given}' does not exist"
            ) from None
        if outside.is_officer(act):
            outside.seen(act, found.instance_id, "history")
        return reply(_activity(request, act, found, {}))


# ---- tasks


@router.get("/task")
def tasks(request: Request) -> Response:
    """Tasks that the caller may see, open and closed."""
    return _tasks(request, None)


@router.post("/task")
def query_tasks(request: Request, body: dict[str, Any] | None = None) -> Response:
    """Tasks that the caller may see, open and closed."""
    return _tasks(request, body)


@router.get("/task/count")
def count_tasks(request: Request) -> Response:
    """How many tasks the caller may see."""
    with reading(request) as act:
        return count(search.tasks(act, _TASKS.query(in_tenants(request, given_in(request)))).total)


# ---- variables


@router.get("/variable-instance")
def variables(request: Request) -> Response:
    """Variables, also those that ended instances have kept."""
    return _variables(request, None)


@router.post("/variable-instance")
def query_variables(request: Request, body: dict[str, Any] | None = None) -> Response:
    """Variables, also those that ended instances have kept."""
    return _variables(request, body)


@router.get("/variable-instance/count")
def count_variables(request: Request) -> Response:
    """How many variables there are."""
    with reading(request) as act:
        return count(len(variable_routes.found(act, in_tenants(request, given_in(request)))))


@router.get("/variable-instance/{given}")
def variable(request: Request, given: str) -> Response:
    """One variable."""
    with reading(request) as act:
        each = variable_routes.one(act, given, "Historic variable instance")
        return reply(_variable(request, each, instances_of(act, [each.instance_id])[each.instance_id]))


# ---- inside


def _instances(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request) as act:
        asked = _query(act, _INSTANCES, in_tenants(request, given_in(request, body_of(body))))
        return reply(list(_of_instances(request, act, search.instances(act, asked).items)))


def _query(act: Act, lookup: Lookup, given: Mapping[str, Any]) -> Query:
    asked = lookup.query(given, otherwise=(Sort("id"),))
    if asks_for_data(asked):
        outside.must_read_data(act)
    return asked


def _of_instances(request: Request, act: Act, found: Iterable[FoundInstance]) -> Iterable[dict[str, Any]]:
    """`HistoricProcessInstanceDto`."""
    listed = list(found)
    logins = outside.starters(act, listed)
    for each in listed:
        yield {
            "id": str(each.id), "businessKey": each.business_key,
            "processDefinitionId": definition_id(each.process_id, each.version, each.definition_id),
            "processDefinitionKey": each.process_id, "processDefinitionName": each.process_name or None,
            "processDefinitionVersion": each.version, "startTime": moment(each.started_at), "endTime": moment(each.ended_at),
            "removalTime": None, "durationInMillis": _milliseconds(each.started_at, each.ended_at),
            "startUserId": logins.get(each.root_id), "startActivityId": None,
            "deleteReason": None, "rootProcessInstanceId": str(each.root_id),
            "superProcessInstanceId": str(each.parent_id) if each.parent_id is not None else None, "superCaseInstanceId": None,
            "caseInstanceId": None, "tenantId": tenant_of(request, each.region), "state": _state(each),
            "restartedProcessInstanceId": None,
        }  # fmt: skip


def _state(found: FoundInstance) -> str:
    """Camunda 7 tells who ended an instance: somebody from outside, or what called it."""
    if found.state is InstanceState.TERMINATED:
        return "EXTERNALLY_TERMINATED" if found.parent_id is None else "INTERNALLY_TERMINATED"
    return found.state.value.upper()


def _activities(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request) as act:
        stays = _stays(act, in_tenants(request, given_in(request, body_of(body))))
        ids = tuple(each.id for each in stays if each.kind == ElementKind.USER_TASK)
        done = {each.id: each for each in search.tasks(act, Query((Condition("id", Op.IN, ids),))).items} if ids else {}
        return reply([_activity(request, act, each, done) for each in stays])


def _stays(act: Act, given: Mapping[str, Any]) -> list[FoundElement]:
    only_of_one(act, given, "history")
    found = act.work.search_elements(_ACTIVITIES.query(given, otherwise=(Sort("id"),)), everywhere=everywhere(act))
    return [each for each in found.items if each.kind != "process"]


def _activity(request: Request, act: Act, each: FoundElement, done: Mapping[int, FoundTask]) -> dict[str, Any]:
    """`HistoricActivityInstanceDto`."""
    is_task = each.kind == ElementKind.USER_TASK
    task = done.get(each.id)
    return {
        "id": f"{each.element_id}:{each.id}", "parentActivityInstanceId": str(each.scope_id or each.instance_id),
        "activityId": each.element_id, "activityName": each.name, "activityType": each.kind,
        "processDefinitionKey": each.process_id,
        "processDefinitionId": definition_id(
            each.process_id, act.work.definition(each.definition_id).version, each.definition_id
        ),
        "processInstanceId": str(each.instance_id), "executionId": str(each.id), "taskId": str(each.id) if is_task else None,
        "assignee": task.assignee if task is not None else None, "calledProcessInstanceId": None, "calledCaseInstanceId": None,
        "startTime": moment(each.started_at), "endTime": moment(each.ended_at),
        "durationInMillis": _milliseconds(each.started_at, each.ended_at), "canceled": each.state == "terminated",
        "completeScope": each.state == "completed" and each.kind == ElementKind.END_EVENT,
        "tenantId": tenant_of(request, each.region), "removalTime": None, "rootProcessInstanceId": str(each.root_id),
    }  # fmt: skip


def _tasks(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request) as act:
        asked = _TASKS.query(in_tenants(request, given_in(request, body_of(body))), otherwise=(Sort("id"),))
        return reply([_task(request, act, each) for each in search.tasks(act, asked).items])


def _task(request: Request, act: Act, each: FoundTask) -> dict[str, Any]:
    """`HistoricTaskInstanceDto`."""
    ended = {Stage.COMPLETED: "completed", Stage.CANCELLED: "deleted"}.get(each.stage)
    return {
        "id": str(each.id), "processDefinitionKey": each.process_id,
        "processDefinitionId": definition_id(each.process_id, each.version, each.definition_id),
        "processInstanceId": str(each.instance_id), "executionId": str(each.id), "caseDefinitionKey": None,
        "caseDefinitionId": None, "caseInstanceId": None, "caseExecutionId": None,
        "activityInstanceId": f"{each.element_id}:{each.id}", "name": each.name,
        "description": act.work.model(each.definition_id).elements[each.element_id].documentation or None,
        "deleteReason": ended, "owner": None, "assignee": each.assignee, "startTime": moment(each.created_at),
        "endTime": moment(each.closed_at), "duration": _milliseconds(each.created_at, each.closed_at),
        "taskDefinitionKey": each.element_id, "priority": each.priority, "due": moment(each.due_at), "parentTaskId": None,
        "followUp": moment(each.follow_up_at), "tenantId": tenant_of(request, each.region), "removalTime": None,
        "rootProcessInstanceId": str(each.root_id),
        "taskState": {"completed": "Completed", "deleted": "Deleted", None: "Created"}[ended],
    }  # fmt: skip


def _variables(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request) as act:
        found = variable_routes.found(act, in_tenants(request, given_in(request, body_of(body))))
        rows = instances_of(act, (each.instance_id for each in found))
        return reply([_variable(request, each, rows[each.instance_id]) for each in found])


def _variable(request: Request, each: FoundVariable, row: FoundInstance) -> dict[str, Any]:
    """`HistoricVariableInstanceDto`."""
    return {
        **typed(each.value), "id": each.id, "name": each.name, "processDefinitionKey": row.process_id,
        "processDefinitionId": definition_id(row.process_id, row.version, row.definition_id),
        "processInstanceId": str(each.instance_id), "executionId": str(each.scope_id),
        "activityInstanceId": str(each.scope_id), "caseDefinitionKey": None, "caseDefinitionId": None, "caseInstanceId": None,
        "caseExecutionId": None, "taskId": None, "tenantId": tenant_of(request, each.region), "errorMessage": None,
        "state": "CREATED", "createTime": None, "removalTime": None, "rootProcessInstanceId": str(each.root_id),
    }  # fmt: skip


def _milliseconds(begun: datetime, ended: datetime | None) -> int | None:
    return None if ended is None else (ended - begun) // timedelta(milliseconds=1)
