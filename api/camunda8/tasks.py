"""User tasks: each step of one is an act of a person, and passes the same gate as on the pages."""

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from api import access
from api.access import Scope
from api.camunda8 import shapes
from api.camunda8.audit import AUDIT, entries_of
from api.camunda8.bodies import Assign, Complete, Key, SearchBody, UpdateTask
from api.camunda8.door import WrongState, documents, no_data, nothing, reading, region_at, reply, router_of
from api.camunda8.fields import Table, answer, at, number, text, word
from api.camunda8.fields import key as key_field
from api.camunda8.variables import FURTHER, VARIABLES
from casework import outside
from casework.act import Act
from casework.desk import outside as desk
from casework.desk import search as found_tasks
from casework.desk.search import FoundTask
from engine.errors import InvalidInput
from engine.search import Condition, FoundVariable, Listing, Op
from engine.search import Query as Asked
from engine.work.searches import variable_id

router = router_of("/user-tasks")
At = Annotated[Key, Path()]
Truncate = Annotated[bool, Query(alias="truncateValues")]
_NEVER = ("CREATING", "ASSIGNING", "UPDATING", "CANCELING", "FAILED")

TASKS = Table(
    {
        "state": word("stage", {
            **{name: stage for stage, name in shapes.TASK_STATES.items()}, **dict.fromkeys(_NEVER, "-"),
        }, sort=False),
        "assignee": text("assignee", sort=False), "businessId": text("business_key"), "priority": number("priority"),
        "elementId": text("element_id", sort=False), "name": text("name"), "candidateGroup": text("candidate_group", sort=False),
        "candidateUser": text("candidate_user", sort=False), "processDefinitionId": text("process_id", sort=False),
        "creationDate": at("created_at"), "completionDate": at("closed_at"), "followUpDate": at("follow_up_at"),
        "dueDate": at("due_at"), "userTaskKey": key_field("id", sort=False),
        "processDefinitionKey": key_field("definition_id", sort=False), "processInstanceKey": key_field("instance_id", sort=False),
        "elementInstanceKey": key_field("id", sort=False),
    },
    variables={"processInstanceVariables": "variable", "localVariables": "local"},
    absent=frozenset({"tags"}),
)  # fmt: skip


@router.post("/search")
def search(request: Request, body: SearchBody | None = None) -> Response:
    """User tasks, open and closed: of an officer those that she may see."""
    query = TASKS.query(request, body)
    with reading(request) as act:
        no_data(act, query)
        found = found_tasks.tasks(act, query)
        users = found_tasks.logins(act, (user for each in found.items for user in each.user_ids))
    return reply(answer(found, lambda each: shapes.task(request, each, users)))


@router.get("/{task_key}")
@documents(404)
def get(request: Request, task_key: At) -> Response:
    """One task."""
    with reading(request) as act:
        found = found_tasks.task(act, task_key)
        return reply(shapes.task(request, found, found_tasks.logins(act, found.user_ids)))


@router.get("/{task_key}/form")
@documents(404)
def form(request: Request, task_key: At) -> Response:
    """The task's form, in the version that it was opened with; 204 where it has none."""
    with reading(request) as act:
        found = found_tasks.task(act, task_key)
        return nothing() if found.form_id is None else reply(shapes.form(act.work.form(found.form_id)))


@router.post("/{task_key}/assignment")
@documents(404, 409)
def assign(request: Request, task_key: At, body: Assign) -> Response:
    """Give a task to a person: she claims it herself, or the head of its office gives it to her."""
    if not body.assignee:
        raise InvalidInput("请指明办理人。", "assignee: a login is expected.")
    task = _task(request, task_key)
    with access.open_read(request, Scope.READ, task.region) as act:
        desk.staff_of(act, body.assignee)
    override = body.allow_override is not False
    person = task.assignee if task.assignee and override else body.assignee
    with access.open_act(request, Scope.TASKS, task.region, person=person) as act:
        desk.assign(act, task_key, body.assignee, override=override, ground=body.action or None)
    return nothing()


@router.delete("/{task_key}/assignee")
@documents(404, 409)
def unassign(request: Request, task_key: At) -> Response:
    """Put a task back into its queue."""
    task = _task(request, task_key)
    if _is_idle(request, task):
        return nothing()
    with access.open_act(request, Scope.TASKS, task.region, person=task.assignee) as act:
        desk.unassign(act, task_key)
    return nothing()


@router.post("/{task_key}/completion")
@documents(404, 409)
def complete(request: Request, task_key: At, body: Complete | None = None) -> Response:
    """Complete a task with what its form asks for; every fault of every field is told at once, and then nothing is kept."""
    task = _task(request, task_key)
    _held(request, task)
    with access.open_act(request, Scope.TASKS, task.region, person=task.assignee) as act:
        desk.complete(act, task_key, (body.variables if body else None) or {})
    return nothing()


@router.patch("/{task_key}")
@documents(404, 409)
def update(request: Request, task_key: At, body: UpdateTask | None = None) -> Response:
    """Change priority and follow-up date. When a task is due follows from the law's clocks, and who may do it from posts."""
    changes = body.changeset if body else None
    given = changes.model_fields_set if changes else frozenset()
    if changes is None or not given & {"priority", "follow_up_date", "due_date", "candidate_users", "candidate_groups"}:
        raise InvalidInput("没有指明要改什么。", "changeset: nothing is asked to be changed.")
    if given & {"due_date", "candidate_users", "candidate_groups"}:
        raise InvalidInput(
            "任务的期限由法定时钟决定,办理人由岗位决定,不能直接修改。",
            "changeset: dueDate follows from the law's clocks, candidates from posts; neither is changed here.",
        )
    task = _task(request, task_key)
    _held(request, task)
    follow_up = (changes.follow_up_date or None,) if "follow_up_date" in given else None
    with access.open_act(request, Scope.TASKS, task.region, person=task.assignee) as act:
        desk.update(
            act, task_key, priority=changes.priority, follow_up=follow_up,
            noted=changes.model_dump(mode="json", exclude_unset=True, by_alias=True),
        )  # fmt: skip
    return nothing()


@router.post("/{task_key}/variables/search")
@documents()
def variables(request: Request, task_key: At, body: SearchBody | None = None, truncate: Truncate = True) -> Response:
    """What a task sees of the variables; an officer gets what its form shows her."""
    return _variables(request, task_key, body, truncate)


@router.post("/{task_key}/effective-variables/search")
@documents()
def effective(request: Request, task_key: At, body: SearchBody | None = None, truncate: Truncate = True) -> Response:
    """The same with each name once, from the scope that is nearest to the task."""
    return _variables(request, task_key, body, truncate)


@router.post("/{task_key}/audit-logs/search")
@documents()
def audit_log(request: Request, task_key: At, body: SearchBody | None = None) -> Response:
    """What was done with a task and by whom."""
    query = AUDIT.query(request, body)
    task = _task(request, task_key)
    with access.open_read(request, Scope.READ, task.region) as act:
        found = entries_of(act, task, query)
        return reply(answer(found, lambda each: each.shape(access.tenant_of(request, task.region))))


def _variables(request: Request, task_key: int, body: SearchBody | None, truncate: bool) -> Response:
    query = VARIABLES.query(request, body)
    task = _task(request, task_key)
    with access.open_read(request, Scope.READ, task.region) as act:
        listed = [
            FoundVariable(variable_id(scope, name), task.region, task.instance_id, task.root_id, scope, name, value)
            for scope, name, value in _seen(act, task)
        ]
    found = Listing(listed, further=FURTHER).find(query)
    return reply(answer(found, lambda each: shapes.cut(shapes.variable(request, each), truncate=truncate)))


def _seen(act: Act, task: FoundTask) -> list[tuple[int, str, Any]]:
    """(scope, name, value) of what is visible from a task; the value of the nearest scope, each name once."""
    if outside.is_officer(act):
        return [(task.instance_id, name, value) for name, value in desk.form_data(act, task.id).items()]
    scope = task.id if task.is_open else task.instance_id
    visible = act.work.variables(scope, instance_id=task.instance_id)
    own = Asked((Condition("instance_id", Op.EQ, task.instance_id), Condition("scope_id", Op.EQ, task.id)))
    local = {each.name for each in act.work.search_variables(own).items}
    return [(task.id if name in local else task.instance_id, name, value) for name, value in visible.items()]


def _task(request: Request, task_key: int) -> FoundTask:
    """The task as the caller may see it. Unknown for others."""
    region = region_at(request, "human_task", task_key)
    with access.open_read(request, Scope.READ, region) as act:
        return found_tasks.task(act, task_key)


def _held(request: Request, task: FoundTask) -> None:
    """In a demonstration without credentials whoever has the task does it; where nobody has, there is nobody to act for."""
    if access.caller(request).is_demo and task.assignee is None:
        raise WrongState(
            "任务还没有办理人:请先把任务分派给一名工作人员。",
            "Nobody holds the task: assign it to a member of staff first.",
        )


def _is_idle(request: Request, task: FoundTask) -> bool:
    return access.caller(request).is_demo and task.is_open and task.assignee is None
