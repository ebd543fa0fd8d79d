"""Jobs: taken by workers that wait for them, and worked off."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api import access
from api.access import Scope
from api.camunda8 import shapes
from api.camunda8.bodies import ActivateJobs, CompleteJob, FailJob, JobError, Key, SearchBody, UpdateJob
from api.camunda8.door import documents, everywhere, key, nothing, reading, region_at, reply, router_of, see, tenant
from api.camunda8.fields import Table, answer, at, flag, number, text, word
from api.camunda8.fields import key as key_field
from casework import outside
from casework.act import Act
from casework.desk import search as found_tasks
from casework.desk.search import FoundTask
from casework.model.record import EVERYWHERE
from casework.people import organisation
from engine.errors import InvalidInput
from engine.model import Job, JobWanted
from engine.search import Condition, JobState, Op, Page, Query

router = router_of("/jobs")
At = Annotated[Key, Path()]
POLLED_SECONDS = 10.0
"""How long an activation waits for a job where the worker names no time (`requestTimeout` 0)."""
LONGEST_POLL_SECONDS = 300.0
MOST_AT_ONCE = 1_000
LONGEST_LOCK = timedelta(days=365)
WORKER = "camunda"
_LISTENERS = {"START": "start", "END": "end", "CREATING": "creating", "COMPLETING": "completing"}
_NO_LISTENERS = ("ASSIGNING", "BEFORE_ALL", "CANCEL", "CANCELING", "UPDATING")

JOBS = Table(
    {
        "creationTime": at("created_at"), "deadline": at("locked_until"), "elementId": text("element_id"),
        "elementInstanceKey": key_field("element_instance_id"), "endTime": at("ended_at"), "errorMessage": text("message"),
        "jobKey": key_field("id"), "priority": number("priority"), "processDefinitionId": text("process_id"),
        "processDefinitionKey": key_field("definition_id"), "processInstanceKey": key_field("instance_id"),
        "retries": number("retries"), "state": word("state", {
            "CREATED": JobState.CREATED, "FAILED": JobState.FAILED, "COMPLETED": JobState.COMPLETED,
            "CANCELED": JobState.CANCELLED,
            **dict.fromkeys(("ERROR_THROWN", "MIGRATED", "PRIORITY_UPDATED", "RETRIES_UPDATED", "TIMEOUT_UPDATED", "TIMED_OUT"), "-"),
        }),
        "listenerEventType": word("listener", {**_LISTENERS, **dict.fromkeys(_NO_LISTENERS, "-"), "UNSPECIFIED": None}),
        "kind": word("kind", {**{name: kind for kind, name in shapes.JOB_KINDS.items()}, "AD_HOC_SUB_PROCESS": "-"}),
        "hasFailedWithRetriesLeft": flag("has_failed"), "type": text("type"), "worker": text("worker"),
        "tenantId": text("region", ask=False), "lastUpdateTime": at("ended_at", sort=False),
        "deniedReason": text("type", ask=False), "errorCode": text("type", ask=False), "isDenied": text("type", ask=False),
    },
    absent=frozenset({"deniedReason", "errorCode", "isDenied"}),
)  # fmt: skip


@router.post("/activation")
@documents()
async def activate(request: Request, body: ActivateJobs) -> Response:
    """Take jobs of a type; held open until there is one, the time is over, or the worker has gone."""
    if body.max_jobs_to_activate < 1:
        raise InvalidInput("maxJobsToActivate 须为正数。", "maxJobsToActivate: a number above 0 is expected.")
    if body.timeout < 1:
        raise InvalidInput("timeout 须为正数。", "timeout: a number above 0 is expected.")
    regions = await run_in_threadpool(_regions, request, body)
    lock_for = min(timedelta(milliseconds=min(body.timeout, 2**48)), LONGEST_LOCK)
    names = None if not body.fetch_variable else tuple(body.fetch_variable)
    wanted = [JobWanted(body.type, lock_for, names=names)]
    most, worker = min(body.max_jobs_to_activate, MOST_AT_ONCE), (body.worker or WORKER)[:255]
    seconds = POLLED_SECONDS if body.request_timeout == 0 else max(0.0, body.request_timeout / 1000)
    jobs = await request.app.state.bell.first(
        request, min(seconds, LONGEST_POLL_SECONDS), lambda: _take(request, regions, wanted, most, worker)
    )
    return reply({"jobs": jobs})


def _regions(request: Request, body: ActivateJobs) -> list[str]:
    """The regions whose jobs are meant: those named, else all that the worker reaches."""
    who = access.require(request, Scope.WORK)
    if body.tenant_ids:
        return list(dict.fromkeys(tenant(request, each) for each in body.tenant_ids))
    if who.reach != EVERYWHERE:
        return [who.reach]
    with reading(request, Scope.WORK) as act:
        return organisation.regions(act)


def _take(
    request: Request, regions: Iterable[str], wanted: list[JobWanted], most: int, worker: str
) -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = []
    for region in regions:
        if len(taken) >= most:
            break
        with access.open_read(request, Scope.WORK, region) as act:
            if not outside.has_jobs(act, wanted):
                continue
        with access.open_act(request, Scope.WORK, region) as act:
            jobs = outside.lock_jobs(act, wanted, most - len(taken), worker=worker)
            taken += [_activated(request, act, job, worker) for job in jobs]
    return taken


def _activated(request: Request, act: Act, job: Job, worker: str) -> dict[str, Any]:
    """ActivatedJobResult. `deadline` is in milliseconds since 1970; secrets of leases are not used."""
    definition = act.work.definition(job.definition_id)
    return {
        "type": job.type, "processDefinitionId": job.process_id, "processDefinitionVersion": definition.version,
        "elementId": job.element_id, "customHeaders": shapes.own_headers(job.headers), "worker": worker, "retries": job.retries,
        "deadline": int(job.locked_until.timestamp() * 1000), "variables": dict(job.variables),
        "tenantId": access.tenant_of(request, act.region), "physicalTenantId": "default", "jobKey": key(job.id),
        "processInstanceKey": key(job.instance_id), "processDefinitionKey": key(job.definition_id),
        "elementInstanceKey": key(job.element_instance_id), **shapes.job_kind(job.listener),
        "userTask": shapes.task_of_listener(job, _task_of(act, job)), "tags": [],
        "rootProcessInstanceKey": key(job.root_id), "businessId": act.work.instance(job.instance_id).business_key,
        "priority": job.priority, "jobLeaseToken": None,
    }  # fmt: skip


def _task_of(act: Act, job: Job) -> FoundTask | None:
    """The user task that a listener looks at, where it is there already."""
    if job.listener != "completing":
        return None
    return found_tasks.task(act, job.element_instance_id)


@router.post("/search")
def search(request: Request, body: SearchBody | None = None) -> Response:
    """Jobs, open and gone."""
    query = JOBS.query(request, body)
    with reading(request) as act:
        see(act, query.only("instance_id"), "jobs")
        found = act.work.search_jobs(query, everywhere=everywhere(act))
        shown = {each.instance_id for each in found.items}
        named = Query(
            (Condition("id", Op.IN, tuple(shown)), Condition("business_key", Op.EXISTS, True)),
            page=Page(limit=len(shown)),
        )
        keys = (
            {each.id: each.business_key for each in act.work.search_instances(named, everywhere=everywhere(act)).items}
            if shown
            else {}
        )
    return reply(answer(found, lambda each: shapes.job(request, each, keys.get(each.instance_id))))


@router.post("/{job_key}/completion")
@documents(404, 409)
def complete(request: Request, job_key: At, body: CompleteJob | None = None) -> Response:
    """The work is done."""
    given = body or CompleteJob()
    if given.business_id is not None:
        raise InvalidInput("业务编号在发起时给定。", "businessId: it is given when the instance is started.")
    outside.check_names(given.variables or {})
    with access.open_act(request, Scope.WORK, region_at(request, "job", job_key)) as act:
        outside.complete_job(act, job_key, given.variables or {}, answer=None if given.result is None else given.result.answer)
    return nothing()


@router.post("/{job_key}/failure")
@documents(404, 409)
def fail(request: Request, job_key: At, body: FailJob | None = None) -> Response:
    """The work could not be done: again after the back-off while retries are left, else an incident."""
    given = body or FailJob()
    if given.retries < 0 or given.retry_back_off < 0:
        raise InvalidInput("retries 和 retryBackOff 不能为负数。", "retries and retryBackOff are not negative.")
    outside.check_names(given.variables or {})
    back_off = min(timedelta(milliseconds=min(given.retry_back_off, 2**48)), LONGEST_LOCK)
    with access.open_act(request, Scope.WORK, region_at(request, "job", job_key)) as act:
        outside.fail_job(
            act, job_key, message=given.error_message or "no error message was given", retries=given.retries, back_off=back_off,
            local=given.variables,
        )  # fmt: skip
    return nothing()


@router.post("/{job_key}/error")
@documents(404, 409)
def error(request: Request, job_key: At, body: JobError) -> Response:
    """The work met an error of the business: the diagram's path for its code."""
    outside.check_names(body.variables or {})
    with access.open_act(request, Scope.WORK, region_at(request, "job", job_key)) as act:
        outside.throw_error(act, job_key, body.error_code, body.error_message or "", body.variables)
    return nothing()


@router.patch("/{job_key}")
@documents(404, 409)
def update(request: Request, job_key: At, body: UpdateJob) -> Response:
    """Give a job other retries, or hold it for so long from now on."""
    changes = body.changeset
    if changes.priority is not None:
        raise InvalidInput("作业优先级由流程图决定。", "priority: a job's priority is the diagram's.")
    if changes.retries is None and changes.timeout is None:
        raise InvalidInput("没有指明要改什么。", "changeset: nothing is asked to be changed.")
    if (changes.retries is not None and changes.retries < 1) or (changes.timeout is not None and changes.timeout < 0):
        raise InvalidInput("retries 须为正数,timeout 不能为负数。", "retries is above 0, timeout is not negative.")
    with access.open_act(request, Scope.WORK, region_at(request, "job", job_key)) as act:
        if changes.retries is not None:
            outside.set_retries(act, job_key, changes.retries)
        if changes.timeout is not None:
            lock_for = min(timedelta(milliseconds=min(changes.timeout, 2**48)), LONGEST_LOCK)
            outside.extend_lock(act, job_key, worker=None, lock_for=lock_for)
    return nothing()
