"""/engine-rest/task: human tasks, by the same gate as on the desk. Camunda's words are translated, nothing of them goes round it.

Who calls is who acts: `claim` and `complete` are done by the person whose credentials came; a head gives to others. Comments go
on record as remarks. In a demonstration without credentials the task's assignee acts (or whom `claim` names).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field

from api.access import Scope, caller, open_act, open_read
from api.bounds import SENTENCE_CHARACTERS
from api.camunda7.door import (
    body_of,
    count,
    definition_id,
    in_tenants,
    instances_of,
    nothing,
    number_in,
    reading,
    region_at,
    reply,
    router_of,
    tenant_of,
)
from api.camunda7.errors import RestError, invalid, missing
from api.camunda7.lists import (
    Lookup,
    among,
    asks_for_data,
    compared,
    equal,
    given_in,
    if_true,
    like,
    number_of,
    of_variables,
    since,
)
from api.camunda7.values import all_typed, moment, plain
from api.parameters import Body
from casework import outside
from casework.act import Act
from casework.audit import Entry
from casework.desk import search, tasks
from casework.desk.search import FoundTask
from casework.model.cases import HumanTask, TaskState
from casework.model.people import Staff
from casework.people import signin
from engine.errors import Unknown
from engine.model import InstanceState, Json
from engine.search import Condition, FoundInstance, Op, Query, Sort

router = router_of("/task")

GROUND = "经 Camunda 7 接口转办"
_OPEN = Condition("stage", Op.IN, ("created", "completing"))
_CANDIDATE = frozenset({"candidateGroup", "candidateGroups", "candidateUser"})
_NOBODYS = Condition("assignee", Op.EXISTS, False)
_SOMEBODYS = Condition("assignee", Op.EXISTS, True)

FILTERS = {
    "taskId": equal("id", number_of), "taskIdIn": among("id", number_of),
    "processInstanceId": equal("instance_id", number_of), "processInstanceIdIn": among("instance_id", number_of),
    "processInstanceBusinessKey": equal("business_key"), "processInstanceBusinessKeyIn": among("business_key"),
    "processInstanceBusinessKeyLike": like("business_key"), "processDefinitionId": equal("definition_id", number_of),
    "processDefinitionKey": equal("process_id"), "processDefinitionKeyIn": among("process_id"),
    "processDefinitionName": equal("process_name"), "processDefinitionNameLike": like("process_name"),
    "executionId": equal("id", number_of), "activityInstanceIdIn": among("id", number_of), "assignee": equal("assignee"),
    "assigneeIn": among("assignee"), "assigneeNotIn": among("assignee", without=True), "assigneeLike": like("assignee"),
    "candidateGroup": equal("candidate_group"), "candidateGroups": among("candidate_group"),
    "candidateUser": equal("candidate_user"), "includeAssignedTasks": if_true(), "assigned": if_true(_SOMEBODYS),
    "unassigned": if_true(_NOBODYS), "taskDefinitionKey": equal("element_id"), "taskDefinitionKeyIn": among("element_id"),
    "taskDefinitionKeyNotIn": among("element_id", without=True), "taskDefinitionKeyLike": like("element_id"),
    "name": equal("name"), "nameLike": like("name"), "priority": compared("priority", Op.EQ),
    "maxPriority": compared("priority", Op.LTE), "minPriority": compared("priority", Op.GTE),
    "dueDate": since("due_at", Op.EQ), "dueAfter": since("due_at", Op.GT), "dueBefore": since("due_at", Op.LT),
    "withoutDueDate": if_true(Condition("due_at", Op.EXISTS, False)), "followUpDate": since("follow_up_at", Op.EQ),
    "followUpAfter": since("follow_up_at", Op.GT), "followUpBefore": since("follow_up_at", Op.LT),
    "createdOn": since("created_at", Op.EQ), "createdAfter": since("created_at", Op.GT),
    "createdBefore": since("created_at", Op.LT), "active": if_true(Condition("instance_state", Op.EQ, InstanceState.ACTIVE)),
    "suspended": if_true(Condition("instance_state", Op.EQ, InstanceState.SUSPENDED)), "tenantIdIn": among("region"),
    "processVariables": of_variables("variable"), "taskVariables": of_variables("local"),
}  # fmt: skip
SORTS = {
    "instanceId": "instance_id", "dueDate": "due_at", "executionId": "id", "assignee": "assignee", "created": "created_at",
    "id": "id", "name": "name", "nameCaseInsensitive": "name", "priority": "priority", "followUpDate": "follow_up_at",
    "tenantId": "region",
}  # fmt: skip
_LOOKUP = Lookup(FILTERS, SORTS)

Login = Annotated[str, Field(max_length=100)]
Values = dict[str, Any] | None


class UserId(Body):
    """`UserIdDto`."""

    user_id: Login | None = None


class Completion(Body):
    """`CompleteTaskDto`."""

    variables: Values = None
    with_variables_in_return: bool = False


class Error(Body):
    """`TaskBpmnErrorDto`."""

    error_code: Annotated[str, Field(min_length=1, max_length=255)]
    error_message: Annotated[str | None, Field(max_length=SENTENCE_CHARACTERS)] = None
    variables: Values = None


class Remark(Body):
    """`CommentDto`, as it is sent."""

    message: Annotated[str, Field(max_length=SENTENCE_CHARACTERS)]
    process_instance_id: str | None = None


# ---- lists


@router.get("")
def listed(request: Request) -> Response:
    """Open tasks that the caller may see, in the order of their opening."""
    return _list(request, None)


@router.post("")
def query(request: Request, body: dict[str, Any] | None = None) -> Response:
    """Open tasks that the caller may see."""
    return _list(request, body)


@router.get("/count")
def how_many(request: Request) -> Response:
    """How many open tasks the caller may see."""
    return _count(request, None)


@router.post("/count")
def how_many_found(request: Request, body: dict[str, Any] | None = None) -> Response:
    """How many open tasks the caller may see."""
    return _count(request, body)


@router.get("/{given}")
def task(request: Request, given: str) -> Response:
    """One open task."""
    with open_read(request, region=_region(request, given)) as act:
        found = _one(act, given)
        return reply(shape(request, act, found, instances_of(act, [found.instance_id])[found.instance_id]))


# ---- who has it


@router.post("/{given}/claim")
def claim(request: Request, given: str, body: UserId) -> Response:
    """Take it. Who names somebody else gives it to her, as the head of the office."""
    if body.user_id is None:
        raise invalid("请指明 userId。", "claim: userId must be set")
    with _acting(request, given, named=body.user_id) as (act, found):
        _give(act, found, body.user_id)
    return nothing()


@router.post("/{given}/unclaim")
def unclaim(request: Request, given: str) -> Response:
    """Put it back into its queue; what was typed is kept."""
    with _acting(request, given) as (act, found):
        if found.assignee is not None:
            tasks.give_back(act, found.id)
    return nothing()


@router.post("/{given}/assignee")
def assign(request: Request, given: str, body: UserId) -> Response:
    """Give it to a person, or (null) put it back."""
    with _acting(request, given, named=body.user_id) as (act, found):
        if body.user_id is None:
            if found.assignee is not None:
                tasks.give_back(act, found.id)
        elif found.assignee is not None and found.assignee != signin.normal_login(body.user_id):
            tasks.transfer(act, found.id, _person(act, body.user_id).id, GROUND)
        elif found.assignee is None:
            _give(act, found, body.user_id)
    return nothing()


@router.post("/{given}/delegate")
@router.post("/{given}/resolve")
def delegate(request: Request, given: str) -> Response:
    """Refused: a task is handed over with its responsibility (`assignee`), there is none that is lent."""
    with open_read(request, region=_region(request, given)) as act:
        _one(act, given)
    raise invalid(
        "任务不能出借后收回:请转办(assignee),责任随之转移。",
        "A task is not lent and given back here: hand it over (assignee), and the responsibility goes with it.",
    )


@router.get("/{given}/identity-links")
def identity_links(request: Request, given: str) -> Response:
    """Who has it, and for which persons and posts it is."""
    with open_read(request, region=_region(request, given)) as act:
        found = _one(act, given)
        logins = search.logins(act, found.user_ids)
        links = [{"userId": found.assignee, "groupId": None, "type": "assignee"}] if found.assignee else []
        links += [{"userId": logins[each], "groupId": None, "type": "candidate"} for each in found.user_ids if each in logins]
        links += [{"userId": None, "groupId": group, "type": "candidate"} for group in found.groups]
        wanted = request.query_params.get("type")
        return reply([each for each in links if wanted in (None, each["type"])])


@router.post("/{given}/identity-links")
@router.post("/{given}/identity-links/delete")
def change_identity_links(request: Request, given: str) -> Response:
    """Refused: for whom a task is follows from the diagram and from who holds which post."""
    with open_read(request, region=_region(request, given)) as act:
        _one(act, given)
    raise RestError(
        403, "AuthorizationException", "任务由谁办理由流程和岗位决定,不能逐项增减。",
        "For whom a task is follows from the diagram and the posts; it is not changed task by task.",
    )  # fmt: skip


# ---- doing it


@router.post("/{given}/complete")
@router.post("/{given}/submit-form")
def complete(request: Request, given: str, body: Completion | None = None) -> Response:
    """Complete it with what its form asks for; what the form does not show is left out. A task of the caller's queue is claimed
    on the way, by the same gate. 400 names every field that is wrong. Asked for variables, it answers with what was taken.
    """
    body = body or Completion()
    values = plain(body.variables)
    with _acting(request, given) as (act, found):
        if found.assignee is None:
            tasks.claim(act, found.id)
        outside.check_names(values)
        tasks.complete(act, found.id, values, free=True)
        if not body.with_variables_in_return:
            return nothing()
        return reply(all_typed(tasks.view(act, found.id).submitted or {}))


@router.post("/{given}/bpmnError")
def throw_error(request: Request, given: str, body: Error) -> Response:
    """Leave it by the diagram's path for an error."""
    values = plain(body.variables)
    with _acting(request, given) as (act, found):
        tasks.throw_error(act, found.id, body.error_code, body.error_message or "", values)
    return nothing()


# ---- form and data


@router.get("/{given}/form")
def form(request: Request, given: str) -> Response:
    """Which form it has."""
    with open_read(request, region=_region(request, given)) as act:
        found = _one(act, given)
        return reply({"key": found.external_form, "camundaFormRef": _form_of(act, found), "contextPath": None})


@router.get("/{given}/deployed-form")
def deployed_form(request: Request, given: str) -> Response:
    """Its form, in the version that it was opened with."""
    with open_read(request, region=_region(request, given)) as act:
        found = _one(act, given)
        if found.form_id is None:
            raise missing(f"任务 {given} 没有表单。", f"No matching rendered form for task with the id {given} found.")
        return reply(act.work.form(found.form_id).schema)


@router.get("/{given}/form-variables")
@router.get("/{given}/variables")
def variables(request: Request, given: str) -> Response:
    """What the form shows, as far as the caller's posts see it; programs and administrators get all that is visible from it."""
    with open_read(request, region=_region(request, given)) as act:
        return reply(all_typed(_visible(act, _one(act, given))))


@router.get("/{given}/variables/{name}")
def variable(request: Request, given: str, name: str) -> Response:
    """One of its variables."""
    with open_read(request, region=_region(request, given)) as act:
        found = all_typed(_visible(act, _one(act, given)))
        if name not in found:
            raise missing(f"没有变量 {name}。", f"task variable with name {name} does not exist")
        return reply(found[name])


# ---- remarks


@router.get("/{given}/comment")
def comments(request: Request, given: str) -> Response:
    """The remarks on it, newest first."""
    with open_read(request, region=_region(request, given)) as act:
        found = _one(act, given)
        return reply([_comment(act, found, each) for each in reversed(_remarks(act, found))])


@router.get("/{given}/comment/{number}")
def comment(request: Request, given: str, number: str) -> Response:
    """One remark."""
    with open_read(request, region=_region(request, given)) as act:
        found = _one(act, given)
        for each in _remarks(act, found):
            if str(each.id) == number:
                return reply(_comment(act, found, each))
        raise missing(f"没有备注 {number}。", f"Task comment with id {number} does not exist for task id '{given}'.")


@router.post("/{given}/comment/create")
def remark(request: Request, given: str, body: Remark) -> Response:
    """Put a remark on record; it can be neither changed nor removed."""
    with _acting(request, given) as (act, found):
        number = tasks.comment(act, found.id, body.message)
        made = next(each for each in tasks.comments(act, found.id) if each.id == number)
        return reply(_comment(act, found, made))


# ---- shapes


def shape(request: Request, act: Act, found: FoundTask, row: FoundInstance) -> dict[str, Any]:
    """`TaskDto`."""
    return {
        "id": str(found.id), "name": found.name, "assignee": found.assignee, "created": moment(found.created_at),
        "lastUpdated": None, "due": moment(found.due_at), "followUp": moment(found.follow_up_at), "delegationState": None,
        "description": act.work.model(found.definition_id).elements[found.element_id].documentation or None,
        "executionId": str(found.id), "owner": None, "parentTaskId": None, "priority": found.priority,
        "processDefinitionId": definition_id(found.process_id, found.version, found.definition_id),
        "processInstanceId": str(found.instance_id), "caseExecutionId": None, "caseDefinitionId": None, "caseInstanceId": None,
        "taskDefinitionKey": found.element_id, "suspended": row.state is InstanceState.SUSPENDED,
        "formKey": found.external_form, "camundaFormRef": _form_of(act, found), "tenantId": tenant_of(request, found.region),
        "taskState": "Created",
    }  # fmt: skip


def _form_of(act: Act, found: FoundTask) -> dict[str, Any] | None:
    """`CamundaFormRef`: the version that the task was opened with."""
    if found.form_id is None:
        return None
    opened = act.work.form(found.form_id)
    return {"key": opened.form_id, "binding": "version", "version": opened.version}


def _comment(act: Act, found: FoundTask, entry: Entry) -> dict[str, Any]:
    """`CommentDto`."""
    logins = search.logins(act, [entry.actor_id] if entry.actor_id is not None else [])
    return {
        "links": [], "id": str(entry.id), "userId": logins.get(entry.actor_id or 0, entry.actor), "taskId": str(found.id),
        "processInstanceId": str(found.instance_id), "time": moment(entry.at), "message": entry.ground, "removalTime": None,
        "rootProcessInstanceId": str(found.root_id),
    }  # fmt: skip


# ---- inside


@contextmanager
def _acting(request: Request, given: str, *, named: str | None = None) -> Iterator[tuple[Act, FoundTask]]:
    """The act of the person who calls, and the task, which must be open. In a demonstration without credentials the task's
    assignee acts, else the person whom the request names.
    """
    region = _region(request, given)
    with open_act(request, Scope.TASKS, region, person=_assignee(request, given) or named) as act:
        yield act, _one(act, given)


def _assignee(request: Request, given: str) -> str | None:
    if not caller(request).is_demo:
        return None
    with open_read(request, region=_region(request, given)) as act:
        return _one(act, given).assignee


def _region(request: Request, given: str) -> str:
    return region_at(request, "human_task", number_in(given, "任务", "Task"))


def _one(act: Act, given: str) -> FoundTask:
    found = search.task(act, number_in(given, "任务", "Task"))
    if found.state is TaskState.CLOSED:
        raise Unknown(f"任务 {given} 已办结。", f"No matching task with id {given}")
    return found


def _give(act: Act, found: FoundTask, login: str) -> HumanTask:
    receiver = _person(act, login)
    if act.actor is not None and act.actor.staff_id == receiver.id:
        return tasks.claim(act, found.id)
    return tasks.assign(act, found.id, receiver.id)


def _person(act: Act, login: str) -> Staff:
    found = act.find(Staff, login=signin.normal_login(login))
    if found is None:
        raise invalid(f"没有工作人员 {login}。", f"There is no officer {login}.")
    return found


def _visible(act: Act, found: FoundTask) -> dict[str, Json]:
    if outside.is_officer(act):
        return tasks.view(act, found.id).data
    outside.seen(act, found.instance_id, f"task:{found.element_id}")
    return act.work.variables(found.id)


def _remarks(act: Act, found: FoundTask) -> list[Entry]:
    if outside.is_officer(act):
        return tasks.comments(act, found.id)
    outside.seen(act, found.instance_id, f"task:{found.element_id}")
    return tasks.remarks_on(act, act.get(HumanTask, found.id))


def _list(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request) as act:
        found = search.tasks(act, _query(act, in_tenants(request, given_in(request, body_of(body))))).items
        rows = instances_of(act, (each.instance_id for each in found))
        return reply([shape(request, act, each, rows[each.instance_id]) for each in found])


def _count(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request) as act:
        return count(search.tasks(act, _query(act, in_tenants(request, given_in(request, body_of(body))))).total)


def _query(act: Act, given: Mapping[str, Any]) -> Query:
    asked = _LOOKUP.query(given, otherwise=(Sort("id"),))
    if asks_for_data(asked):
        outside.must_read_data(act)
    conditions = [_OPEN, *asked.conditions]
    assigned_too = str(given.get("includeAssignedTasks", "false")).lower() == "true"
    if not assigned_too and _CANDIDATE & {name for name, value in given.items() if value is not None}:
        conditions.append(_NOBODYS)  # a candidate's list is of what may still be claimed
    return Query(tuple(conditions), asked.sort, asked.page)
