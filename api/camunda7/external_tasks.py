"""/engine-rest/external-task: workers of Camunda 7 take jobs, hold them, complete and fail them. The topic is the job's type."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field

from api import access
from api.access import Scope, open_act, open_read
from api.camunda7.door import (
    body_of,
    count,
    definition_id,
    everywhere,
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
from api.camunda7.errors import RestError, invalid
from api.camunda7.lists import (
    Lookup,
    among,
    compared,
    equal,
    given_in,
    if_true,
    number_of,
    since,
)
from api.camunda7.values import all_typed, moment, plain
from api.parameters import Body
from api.waiting import JobBell
from casework import catalogue, outside
from casework.act import Act
from engine.errors import Unknown
from engine.model import InstanceState, Job, JobWanted
from engine.search import AnyOf, Condition, FoundInstance, FoundJob, JobState, Op, Query, Sort

router = router_of("/external-task")

LONGEST_WAIT_MS = 1_800_000
"""Half an hour, as in Camunda 7."""
MOST_TASKS = 1_000
TOPICS = 100
LONGEST_LOCK_MS = 10 * 365 * 24 * 3600 * 1000
_ACTIVITY = ":"

Milliseconds = Annotated[int, Field(gt=0, le=LONGEST_LOCK_MS)]
Worker = Annotated[str, Field(min_length=1, max_length=255)]
Values = dict[str, Any] | None


class Topic(Body):
    """`FetchExternalTaskTopicDto`."""

    topic_name: Annotated[str, Field(min_length=1, max_length=255)]
    lock_duration: Milliseconds
    variables: list[str] | None = None
    local_variables: bool | None = False
    business_key: str | None = None
    process_definition_id: str | None = None
    process_definition_id_in: list[str] | None = None
    process_definition_key: str | None = None
    process_definition_key_in: list[str] | None = None
    process_definition_version_tag: str | None = None
    process_variables: dict[str, Any] | None = None
    without_tenant_id: bool | None = None
    tenant_id_in: list[str] | None = None
    deserialize_values: bool | None = None
    include_extension_properties: bool | None = False


class Fetch(Body):
    """`FetchExternalTasksDto`. Among several tasks those of a higher priority come first, then the oldest."""

    worker_id: Worker
    max_tasks: Annotated[int, Field(ge=0)]
    use_priority: bool | None = None
    async_response_timeout: int | None = None
    sorting: list[Any] | None = None
    topics: Annotated[list[Topic], Field(max_length=TOPICS, default_factory=list)]


class Completion(Body):
    """`CompleteExternalTaskDto`."""

    worker_id: Worker
    variables: Values = None
    local_variables: Values = None


class Failure(Body):
    """`ExternalTaskFailureDto`."""

    worker_id: Worker
    error_message: Annotated[str | None, Field(max_length=100_000)] = None
    error_details: Annotated[str | None, Field(max_length=1_000_000)] = None
    retries: Annotated[int | None, Field(le=1_000_000)] = None
    retry_timeout: Annotated[int | None, Field(le=LONGEST_LOCK_MS)] = None
    variables: Values = None
    local_variables: Values = None


class Error(Body):
    """`ExternalTaskBpmnError`."""

    worker_id: Worker
    error_code: Annotated[str, Field(min_length=1, max_length=255)]
    error_message: Annotated[str | None, Field(max_length=100_000)] = None
    variables: Values = None


class Extension(Body):
    """`ExtendLockOnExternalTaskDto`."""

    worker_id: Worker
    new_duration: Milliseconds


class Lock(Body):
    """`LockExternalTaskDto`."""

    worker_id: Worker
    lock_duration: Milliseconds


class Retries(Body):
    """`RetriesDto`."""

    retries: Annotated[int, Field(ge=0, le=1_000_000)]


_NOT_OURS = Condition("type", Op.NOT_IN, tuple(sorted(catalogue.JOBS)))
_LEFT = Condition("state", Op.EQ, JobState.CREATED)
_NONE_LEFT = Condition("state", Op.EQ, JobState.FAILED)
_OPEN = Condition("state", Op.IN, (JobState.CREATED, JobState.FAILED))


def _locked(now: Any, *, is_locked: bool) -> tuple[Condition | AnyOf, ...]:
    if is_locked:
        return (Condition("locked_until", Op.GT, now),)
    free = (Condition("locked_until", Op.EXISTS, False),)
    return (AnyOf((free, (Condition("locked_until", Op.LTE, now),))),)


def _lookup(act: Act) -> Lookup:
    now = act.work.leased_now
    return Lookup(
        {
            "externalTaskId": equal("id", number_of), "externalTaskIdIn": among("id", number_of), "topicName": equal("type"),
            "workerId": equal("worker"), "locked": if_true(*_locked(now, is_locked=True)),
            "notLocked": if_true(*_locked(now, is_locked=False)), "withRetriesLeft": if_true(_LEFT),
            "noRetriesLeft": if_true(_NONE_LEFT), "lockExpirationAfter": since("locked_until", Op.GT),
            "lockExpirationBefore": since("locked_until", Op.LT), "activityId": equal("element_id"),
            "activityIdIn": among("element_id"), "executionId": equal("element_instance_id", number_of),
            "processInstanceId": equal("instance_id", number_of), "processInstanceIdIn": among("instance_id", number_of),
            "processDefinitionId": equal("definition_id", number_of), "processDefinitionKey": equal("process_id"),
            "processDefinitionKeyIn": among("process_id"), "processDefinitionName": equal("process_name"),
            "active": if_true(Condition("instance_state", Op.EQ, "active")),
            "suspended": if_true(Condition("instance_state", Op.EQ, "suspended")),
            "priorityHigherThanOrEquals": compared("priority", Op.GTE),
            "priorityLowerThanOrEquals": compared("priority", Op.LTE), "tenantIdIn": among("region"),
        },
        {
            "id": "id", "lockExpirationTime": "locked_until", "processInstanceId": "instance_id",
            "processDefinitionId": "definition_id", "processDefinitionKey": "process_id", "taskPriority": "priority",
            "createTime": "created_at", "tenantId": "region",
        },
    )  # fmt: skip


# ---- lists


@router.get("")
def tasks(request: Request) -> Response:
    """External tasks that wait, whoever has them."""
    return _list(request, None)


@router.post("")
def search(request: Request, body: dict[str, Any] | None = None) -> Response:
    """External tasks that wait, whoever has them."""
    return _list(request, body)


@router.get("/count")
def how_many(request: Request) -> Response:
    """How many external tasks wait."""
    return _count(request, None)


@router.post("/count")
def how_many_found(request: Request, body: dict[str, Any] | None = None) -> Response:
    """How many external tasks wait."""
    return _count(request, body)


@router.get("/topic-names")
def topics(request: Request) -> Response:
    """The topics of which tasks wait."""
    with reading(request, Scope.WORK) as act:
        found = act.work.search_jobs(_query(request, act, None), everywhere=everywhere(act))
        return reply(sorted({job.type for job in found.items}))


# ---- work


@router.post("/fetchAndLock")
async def fetch_and_lock(request: Request, body: Fetch) -> Response:
    """Take tasks; where there are none, the answer waits for them up to `asyncResponseTimeout` milliseconds."""
    wait = body.async_response_timeout or 0
    if wait > LONGEST_WAIT_MS:
        raise invalid(
            f"asyncResponseTimeout 最多 {LONGEST_WAIT_MS} 毫秒。",
            f"The asynchronous response timeout cannot be set to a value greater than {LONGEST_WAIT_MS} milliseconds",
        )
    bell: JobBell = request.app.state.bell
    return reply(await bell.first(request, max(0, wait) / 1000, lambda: _take(request, body)))


@router.get("/{given}")
def task(request: Request, given: str) -> Response:
    """One external task."""
    with reading(request, Scope.WORK) as act:
        one = Query((_OPEN, _NOT_OURS, Condition("id", Op.EQ, _number(given))))
        found = act.work.search_jobs(one, everywhere=everywhere(act)).items
        if not found:
            raise _gone(given)
        return reply(_shapes(request, act, found)[0])


@router.post("/{given}/complete")
def complete(request: Request, given: str, body: Completion) -> Response:
    """The work is done."""
    values, local = plain(body.variables), plain(body.local_variables)
    with open_act(request, Scope.WORK, _place(request, given)) as act:
        outside.complete_job(act, _number(given), values, worker=body.worker_id, local=local)
    return nothing()


@router.post("/{given}/failure")
def fail(request: Request, given: str, body: Failure) -> Response:
    """The work could not be done: again after `retryTimeout`, or an incident where no retries are left."""
    if (body.retries or 0) < 0:
        raise _refused("重试次数不能是负数。", "The number of retries cannot be negative")
    if (body.retry_timeout or 0) < 0:
        raise _refused("重试间隔不能是负数。", "Retry duration in milliseconds must be greater than or equal to 0")
    values, local = plain(body.variables), plain(body.local_variables)
    with open_act(request, Scope.WORK, _place(request, given)) as act:
        outside.fail_job(
            act, _number(given), message=body.error_message or "", details=body.error_details or "", retries=body.retries or 0,
            back_off=timedelta(milliseconds=body.retry_timeout or 0), worker=body.worker_id, variables=values, local=local,
        )  # fmt: skip
    return nothing()


@router.post("/{given}/bpmnError")
def throw_error(request: Request, given: str, body: Error) -> Response:
    """The work met an error of the business: the diagram's path for its code."""
    values = plain(body.variables)
    with open_act(request, Scope.WORK, _place(request, given)) as act:
        outside.throw_error(
            act, _number(given), body.error_code, body.error_message or "", values, worker=body.worker_id
        )
    return nothing()


@router.post("/{given}/extendLock")
def extend(request: Request, given: str, body: Extension) -> Response:
    """Hold a task longer, counted from now."""
    with open_act(request, Scope.WORK, _place(request, given)) as act:
        outside.extend_lock(act, _number(given), worker=body.worker_id, lock_for=timedelta(milliseconds=body.new_duration))
    return nothing()


@router.post("/{given}/lock")
def lock(request: Request, given: str, body: Lock) -> Response:
    """Take this very task."""
    with open_act(request, Scope.WORK, _place(request, given)) as act:
        outside.lock_job(act, _number(given), worker=body.worker_id, lock_for=timedelta(milliseconds=body.lock_duration))
    return nothing()


@router.post("/{given}/unlock")
def unlock(request: Request, given: str) -> Response:
    """Let another take the task."""
    with open_act(request, Scope.WORK, _place(request, given)) as act:
        outside.unlock(act, _number(given))
    return nothing()


@router.put("/{given}/retries")
def set_retries(request: Request, given: str, body: Retries) -> Response:
    """Give a task so many tries; one that stands still for want of them goes on."""
    with open_act(request, Scope.WORK, _place(request, given)) as act:
        outside.set_retries(act, _number(given), body.retries)
    return nothing()


# ---- inside


def _list(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request, Scope.WORK) as act:
        found = act.work.search_jobs(_query(request, act, body), everywhere=everywhere(act))
        return reply(_shapes(request, act, found.items))


def _count(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request, Scope.WORK) as act:
        return count(act.work.search_jobs(_query(request, act, body), everywhere=everywhere(act)).total)


def _place(request: Request, given: str) -> str:
    """The region of a task that is named by its id."""
    try:
        return region_at(request, "job", _number(given))
    except Unknown:
        raise _gone(given) from None


def _query(request: Request, act: Act, body: Mapping[str, Any] | None) -> Query:
    asked = _lookup(act).query(in_tenants(request, given_in(request, body_of(body))), otherwise=(Sort("id"),))
    return Query((_OPEN, _NOT_OURS, *asked.conditions), asked.sort, asked.page)


def _take(request: Request, body: Fetch) -> list[dict[str, Any]]:
    region = _region(request, body)
    with open_read(request, Scope.WORK, region) as act:
        wanted = [_wanted(act, topic) for topic in body.topics]
        if not body.max_tasks or not outside.has_jobs(act, wanted):
            return []
    with open_act(request, Scope.WORK, region) as act:
        jobs = outside.lock_jobs(act, wanted, min(body.max_tasks, MOST_TASKS), worker=body.worker_id)
        extended = {topic.topic_name for topic in body.topics if topic.include_extension_properties}
        return [_taken(request, act, job, body.worker_id, with_properties=job.type in extended) for job in jobs]


def _region(request: Request, body: Fetch) -> str:
    named = {tenant for topic in body.topics for tenant in topic.tenant_id_in or ()}
    if len(named) > 1:
        raise invalid("一次只能取一个地区的任务。", "Tasks of one tenant are fetched at a time.")
    return access.region_of(request, next(iter(named), None))


def _wanted(act: Act, topic: Topic) -> JobWanted:
    if topic.local_variables:
        raise invalid("localVariables 不支持。", "localVariables is not supported: name the variables instead.")
    ids = {*(topic.process_definition_id_in or ()), *filter(None, [topic.process_definition_id])}
    keys = {*(topic.process_definition_key_in or ()), *filter(None, [topic.process_definition_key])}
    numbers = tuple(sorted(number_of("processDefinitionId", each) for each in ids)) if ids else None
    if topic.process_definition_version_tag is not None:
        tagged = Query((Condition("version_tag", Op.EQ, topic.process_definition_version_tag),))
        of_tag = {each.id for each in act.work.search_definitions("process", tagged).items}
        numbers = tuple(sorted(of_tag if numbers is None else of_tag & set(numbers)))
    return JobWanted(
        topic.topic_name, timedelta(milliseconds=topic.lock_duration), definition_ids=numbers,
        process_ids=tuple(sorted(keys)) if keys else None, business_key=topic.business_key,
        names=None if topic.variables is None else tuple(topic.variables), variables=topic.process_variables or {},
    )  # fmt: skip


def _taken(request: Request, act: Act, job: Job, worker: str, *, with_properties: bool) -> dict[str, Any]:
    """`LockedExternalTaskDto`. `retries` is null until somebody has failed, as workers of Camunda 7 expect it."""
    definition = act.work.definition(job.definition_id)
    return {
        "activityId": job.element_id, "activityInstanceId": f"{job.element_id}{_ACTIVITY}{job.element_instance_id}",
        "errorMessage": job.message, "errorDetails": None, "executionId": str(job.element_instance_id), "id": str(job.id),
        "lockExpirationTime": moment(job.locked_until), "createTime": moment(job.created_at),
        "processDefinitionId": definition_id(job.process_id, definition.version, definition.id),
        "processDefinitionKey": job.process_id, "processDefinitionVersionTag": definition.version_tag,
        "processInstanceId": str(job.instance_id), "tenantId": tenant_of(request, act.region),
        "retries": job.retries if job.message is not None else None, "suspended": False, "workerId": worker,
        "priority": job.priority, "topicName": job.type, "businessKey": act.work.instance(job.instance_id).business_key,
        "variables": all_typed(job.variables), "extensionProperties": _properties(act, job) if with_properties else None,
    }  # fmt: skip


def _properties(act: Act, job: Job) -> dict[str, str]:
    """The element's own properties, as they are written in the diagram."""
    element = act.work.model(job.definition_id).elements[job.element_id]
    return {name: value.source for name, value in element.properties.items()}


def _shapes(request: Request, act: Act, jobs: Sequence[FoundJob]) -> list[dict[str, Any]]:
    instances = instances_of(act, (job.instance_id for job in jobs))
    return [_shape(request, act, job, instances[job.instance_id]) for job in jobs]


def _shape(request: Request, act: Act, job: FoundJob, row: FoundInstance) -> dict[str, Any]:
    """`ExternalTaskDto`."""
    definition = act.work.definition(job.definition_id)
    return {
        "activityId": job.element_id, "activityInstanceId": f"{job.element_id}{_ACTIVITY}{job.element_instance_id}",
        "errorMessage": job.message, "executionId": str(job.element_instance_id), "id": str(job.id),
        "lockExpirationTime": moment(job.locked_until), "createTime": moment(job.created_at),
        "processDefinitionId": definition_id(job.process_id, definition.version, definition.id),
        "processDefinitionKey": job.process_id, "processDefinitionVersionTag": definition.version_tag,
        "processInstanceId": str(job.instance_id), "tenantId": tenant_of(request, job.region),
        "retries": job.retries if job.message is not None or job.state is JobState.FAILED else None,
        "suspended": row.state is InstanceState.SUSPENDED, "workerId": job.worker, "topicName": job.type, "priority": job.priority,
        "businessKey": row.business_key,
    }  # fmt: skip


def _number(given: str) -> int:
    return number_in(given, "外部任务", "External task")


def _gone(given: str) -> RestError:
    return RestError(404, "RestException", f"没有外部任务 {given}。", f"External task with id {given} does not exist")


def _refused(zh: str, en: str) -> RestError:
    return RestError(400, "RestException", zh, en)
