"""Process instances: started, looked at, cancelled, moved, suspended."""

from typing import Annotated, Any

from fastapi import Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api import access
from api.access import Scope
from api.camunda8 import shapes
from api.camunda8.bodies import NO_ID, Create, Key, Modify, Reference, SearchBody, VariableInstruction, exclusive
from api.camunda8.definitions import counted, process
from api.camunda8.door import (
    TimeIsOver,
    WrongState,
    documents,
    everywhere,
    key,
    no_data,
    nothing,
    reading,
    region_at,
    reply,
    router_of,
    see,
    tenant,
)
from api.camunda8.fields import Table, answer, at, flag, number, text, word
from api.camunda8.fields import key as key_field
from api.camunda8.incidents import INCIDENTS, meant
from casework import outside
from casework.act import Act
from casework.desk import search as desk
from engine.errors import InvalidInput, Unknown
from engine.model import Activation, InstanceState, ProcessDefinition, Termination
from engine.search import Condition, Op, Page, Query

router = router_of("/process-instances")
At = Annotated[Key, Path()]
AWAITED_SECONDS = 10.0
"""How long a start waits for the end of the instance where the caller names no time."""
LONGEST_WAIT_SECONDS = 300.0
LARGEST = 10_000

INSTANCES = Table(
    {
        "processInstanceKey": key_field("id"), "processDefinitionId": text("process_id"),
        "processDefinitionName": text("process_name"), "processDefinitionVersion": number("version"),
        "processDefinitionVersionTag": text("version_tag"), "processDefinitionKey": key_field("definition_id"),
        "parentProcessInstanceKey": key_field("parent_id"), "parentElementInstanceKey": key_field("parent_element_instance_id"),
        "startDate": at("started_at"), "endDate": at("ended_at"), "suspendedDate": at("suspended_at"),
        "state": word("state", {each.value.upper(): each.value for each in InstanceState}), "hasIncident": flag("has_incident"),
        "tenantId": text("region", ask=False), "businessId": text("business_key"), "elementId": text("element_id", sort=False),
        "errorMessage": text("error_message", sort=False), "hasElementInstanceIncident": flag("has_incident", sort=False),
    },
    variables={"variables": "variable"},
    absent=frozenset({"batchOperationId", "batchOperationKey", "tags", "incidentErrorHashCode"}),
)  # fmt: skip


@router.post("")
@documents(409, 504)
async def create(request: Request, body: Create) -> Response:
    """Start an instance; where asked to, wait for its end and give its variables."""
    told, region = await run_in_threadpool(_start, request, body)
    if not body.await_completion:
        return reply(told)
    wait = AWAITED_SECONDS if not body.request_timeout or body.request_timeout < 0 else body.request_timeout / 1000
    instance_id = int(told["processInstanceKey"])
    ended = await request.app.state.bell.first(
        request, min(wait, LONGEST_WAIT_SECONDS), lambda: _ended(request, region, instance_id, body.fetch_variables)
    )
    if not ended:
        raise TimeIsOver(
            f"流程实例 {instance_id} 在限定时间内没有结束;它继续运行。",
            f"The process instance {instance_id} did not end in time; it goes on.",
        )
    state, variables = ended[0]
    if state is not InstanceState.COMPLETED:
        raise WrongState(f"流程实例 {instance_id} 已被终止。", f"The process instance {instance_id} was terminated.")
    return reply({**told, "variables": variables})


def _start(request: Request, body: Create) -> tuple[dict[str, Any], str]:
    exclusive(body.process_definition_id, body.process_definition_key)
    if body.tags:
        raise InvalidInput("不支持标签。", "tags: instances carry no tags here.")
    region = tenant(request, body.tenant_id)
    with access.open_act(request, Scope.START, region) as act:
        definition = _definition(act, body)
        case = outside.start(
            act, definition.process_id, body.variables or {}, business_key=body.business_id, definition_id=definition.id,
            begin_at=[each.element_id for each in body.start_instructions or ()],
            end_after=[each.after_element_id for each in body.runtime_instructions or ()],
        )  # fmt: skip
        told = {
            "processDefinitionId": definition.process_id, "processDefinitionVersion": definition.version,
            "tenantId": access.tenant_of(request, region), "variables": {}, "processDefinitionKey": key(definition.id),
            "processInstanceKey": key(case.root_instance_id), "tags": [], "businessId": body.business_id,
        }  # fmt: skip
    return told, region


def _definition(act: Act, body: Create) -> ProcessDefinition:
    """The version that a start means: by key, else of this id with this version or version tag, else the newest."""
    if body.process_definition_key is not None:
        return act.work.definition(process(act, body.process_definition_key).id)
    conditions = [Condition("key", Op.EQ, body.process_definition_id)]
    version, tag = body.process_definition_version, body.process_definition_version_tag
    if tag is not None:
        if version is not None:
            raise InvalidInput("版本与版本标签只能指明一种。", "Name a version or a version tag, not both.")
        conditions.append(Condition("version_tag", Op.EQ, tag))
    elif version is not None and version != -1:
        conditions.append(Condition("version", Op.EQ, version))
    found = act.work.search_definitions("process", Query(tuple(conditions), page=Page(limit=LARGEST))).items
    if not found:
        raise Unknown(
            f"没有部署流程 {body.process_definition_id}(或没有这个版本)。",
            f"The process {body.process_definition_id} is not deployed, or not in this version.",
        )
    return act.work.definition(max(found, key=lambda each: each.version).id)


def _ended(
    request: Request, region: str, instance_id: int, names: list[str] | None
) -> list[tuple[InstanceState, dict[str, Any]]]:
    """The state of an instance that is over, and what its outermost scope held; empty while it goes on."""
    with access.open_read(request, Scope.START, region) as act:
        state = act.work.instance(instance_id).state
        if state not in (InstanceState.COMPLETED, InstanceState.TERMINATED):
            return []
        return [(state, {} if outside.is_officer(act) else act.work.variables(instance_id, names or None))]


@router.post("/search")
def search(request: Request, body: SearchBody | None = None) -> Response:
    """Process instances: of an officer those of cases that she may see."""
    query = INSTANCES.query(request, body)
    with reading(request) as act:
        no_data(act, query)
        found = desk.instances(act, query)
    return reply(answer(found, lambda each: shapes.instance(request, each)))


@router.get("/{instance_key}")
@documents(404)
def get(request: Request, instance_key: At) -> Response:
    """One instance."""
    with reading(request) as act:
        return reply(shapes.instance(request, desk.instance(act, instance_key)))


@router.post("/{instance_key}/cancellation")
@documents(404, 409)
def cancel(request: Request, instance_key: At, body: Reference | None = None) -> Response:
    """End an instance with everything in it."""
    del body
    with access.open_act(request, Scope.OPERATE, region_at(request, "instance", instance_key)) as act:
        outside.cancel(act, instance_key)
    return nothing()


@router.post("/{instance_key}/suspension")
@documents(404, 409)
def suspend(request: Request, instance_key: At, body: Reference | None = None) -> Response:
    """Let an instance rest."""
    del body
    return _set_suspended(request, instance_key, suspended=True)


@router.post("/{instance_key}/resumption")
@documents(404, 409)
def resume(request: Request, instance_key: At, body: Reference | None = None) -> Response:
    """Let an instance go on."""
    del body
    return _set_suspended(request, instance_key, suspended=False)


def _set_suspended(request: Request, instance_key: int, *, suspended: bool) -> Response:
    with access.open_act(request, Scope.OPERATE, region_at(request, "instance", instance_key)) as act:
        before = InstanceState.ACTIVE if suspended else InstanceState.SUSPENDED
        if act.work.instance(instance_key).state is not before:
            raise WrongState("流程实例的状态不允许这样做。", f"The process instance is not {before.value}.")
        outside.set_suspended(act, instance_key, suspended)
    return nothing()


@router.post("/{instance_key}/modification")
@documents(404)
def modify(request: Request, instance_key: At, body: Modify) -> Response:
    """Begin at elements, end element instances, move them: all of it or nothing."""
    with access.open_act(request, Scope.OPERATE, region_at(request, "instance", instance_key)) as act:
        activate, terminate = _modification(act, instance_key, body)
        if not activate and not terminate:
            raise InvalidInput("没有指明要做什么。", "Nothing is asked to be done.")
        outside.modify(act, instance_key, activate=activate, terminate=terminate)
    return nothing()


def _modification(act: Act, instance_key: int, body: Modify) -> tuple[list[Activation], list[Termination]]:
    activate = [
        Activation(each.element_id, _written(each.variable_instructions), _ancestor(each.ancestor_element_instance_key))
        for each in body.activate_instructions or ()
    ]
    terminate = []
    for gone in body.terminate_instructions or ():
        exclusive(gone.element_id, gone.element_instance_key)
        terminate.append(Termination(gone.element_instance_key, gone.element_id))
    for move in body.move_instructions or ():
        source = move.source_element_instruction
        exclusive(source.source_element_id, source.source_element_instance_key)
        what = Termination(source.source_element_instance_key, source.source_element_id)
        times = 1
        if what.element_id is not None:
            where = (Condition("instance_id", Op.EQ, instance_key), Condition("element_id", Op.EQ, what.element_id))
            here = (*where, Condition("state", Op.EQ, "active"))
            times = max(1, act.work.search_elements(Query(here, page=Page(limit=LARGEST))).total)
        scope = move.ancestor_scope_instruction
        ancestor = _ancestor(scope.ancestor_element_instance_key if scope else None)
        activate += [Activation(move.target_element_id, _written(move.variable_instructions), ancestor)] * times
        terminate.append(what)
    return activate, terminate


def _ancestor(named: int | None) -> int | None:
    """Inside which scope: none is named where the key is left out or is one that nothing has (`-1`)."""
    return None if named in (None, NO_ID) else named


def _written(instructions: list[VariableInstruction] | None) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for each in instructions or ():
        if each.scope_id:
            raise InvalidInput(
                "只能写入流程实例的变量。", "scopeId: variables are written to the process instance only."
            )
        written |= each.variables
    return written


@router.post("/{instance_key}/incidents/search")
@documents(404)
def incidents(request: Request, instance_key: At, body: SearchBody | None = None) -> Response:
    """What stands still in an instance and in those that it called, or did."""
    asked = meant(INCIDENTS.query(request, body))
    with reading(request) as act:
        see(act, instance_key, "incidents")
        of = desk.instance(act, instance_key)
        within = "root_id" if of.id == of.root_id else "instance_id"
        query = Query((*asked.conditions, Condition(within, Op.EQ, instance_key)), asked.sort, asked.page)
        found = act.work.search_incidents(query, everywhere=everywhere(act))
    return reply(answer(found, lambda each: shapes.incident(request, each)))


@router.get("/{instance_key}/statistics/element-instances")
def statistics(request: Request, instance_key: At) -> Response:
    """How often each element of an instance is active, has ended, stands still."""
    with reading(request) as act:
        see(act, instance_key, "statistics")
        query = Query((Condition("instance_id", Op.EQ, instance_key),), page=Page(limit=LARGEST))
        return reply({"items": counted(act.work.search_elements(query, everywhere=everywhere(act)).items)})


@router.get("/{instance_key}/sequence-flows")
def flows(request: Request, instance_key: At) -> Response:
    """The sequence flows that were taken in an instance."""
    region = region_at(request, "instance", instance_key)
    with access.open_read(request, Scope.READ, region) as act:
        see(act, instance_key, "path")
        of = desk.instance(act, instance_key)
        passed = (each for each in act.work.path(of.root_id) if each.instance_id == of.id)
        taken = dict.fromkeys(flow for each in passed for flow in each.taken)
    return reply({"items": [
        {
            "sequenceFlowId": f"{of.id}_{flow}", "processInstanceKey": key(of.id), "rootProcessInstanceKey": key(of.root_id),
            "processDefinitionKey": key(of.definition_id), "processDefinitionId": of.process_id, "elementId": flow,
            "tenantId": access.tenant_of(request, region),
        }
        for flow in taken
    ]})  # fmt: skip
