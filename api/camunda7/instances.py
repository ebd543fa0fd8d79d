"""/engine-rest/process-instance: what runs, its variables and where it stands; ending, moving and suspending it."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from pydantic import Field

from api.access import Scope, open_act, open_read
from api.camunda7.door import (
    body_of,
    count,
    definition_id,
    in_tenants,
    nothing,
    number_in,
    reading,
    region_at,
    reply,
    router_of,
    tenant_of,
)
from api.camunda7.errors import RestError, invalid, missing
from api.camunda7.lists import Lookup, among, asks_for_data, equal, given_in, if_true, like, number_of, of_variables
from api.camunda7.values import all_typed, plain, typed
from api.parameters import Body
from casework import outside
from casework.act import Act
from casework.desk import search
from engine.errors import Unknown
from engine.model import Activation, ElementPassed, IncidentOpened, InstanceState, Termination
from engine.runtime.step import InstanceRow
from engine.search import Condition, FoundInstance, Op, Query, Sort

router = router_of("/process-instance")

RUNNING = Condition("state", Op.IN, (InstanceState.ACTIVE, InstanceState.SUSPENDED))
_LOOKUP = Lookup(
    {
        "processInstanceIds": among("id", number_of), "businessKey": equal("business_key"),
        "businessKeyLike": like("business_key"), "processDefinitionId": equal("definition_id", number_of),
        "processDefinitionKey": equal("process_id"), "processDefinitionKeyIn": among("process_id"),
        "processDefinitionKeyNotIn": among("process_id", without=True), "deploymentId": equal("deployment_id", number_of),
        "superProcessInstance": equal("parent_id", number_of), "rootProcessInstanceId": equal("root_id", number_of),
        "active": if_true(Condition("state", Op.EQ, InstanceState.ACTIVE)),
        "suspended": if_true(Condition("state", Op.EQ, InstanceState.SUSPENDED)),
        "withIncident": if_true(Condition("has_incident", Op.EQ, True)), "incidentMessage": equal("error_message"),
        "incidentMessageLike": like("error_message"), "activityIdIn": among("element_id"), "tenantIdIn": among("region"),
        "rootProcessInstances": if_true(Condition("parent_id", Op.EXISTS, False)), "variables": of_variables("variable"),
    },
    {
        "instanceId": "id", "definitionKey": "process_id", "definitionId": "definition_id", "businessKey": "business_key",
        "tenantId": "region",
    },
)  # fmt: skip


class Suspension(Body):
    """`SuspensionStateDto` of one instance."""

    suspended: bool


class Variable(Body):
    """`VariableValueDto`."""

    value: Any = None
    type: str | None = None
    value_info: dict[str, Any] | None = None


class Patch(Body):
    """`PatchVariablesDto`."""

    modifications: dict[str, Any] | None = None
    deletions: list[str] | None = None


class Instruction(Body):
    """`ProcessInstanceModificationInstructionDto`."""

    type: str
    activity_id: str | None = None
    transition_id: str | None = None
    activity_instance_id: str | None = None
    transition_instance_id: str | None = None
    ancestor_activity_instance_id: str | None = None
    cancel_current_active_activity_instances: bool | None = None
    variables: dict[str, Any] | None = None


class Modification(Body):
    """`ProcessInstanceModificationDto`."""

    instructions: list[Instruction] = Field(default_factory=list)
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    annotation: str | None = None


# ---- shapes


def shape(request: Request, found: FoundInstance) -> dict[str, Any]:
    """`ProcessInstanceDto`."""
    return {
        "links": [], "id": str(found.id), "definitionId": definition_id(found.process_id, found.version, found.definition_id),
        "definitionKey": found.process_id, "businessKey": found.business_key, "caseInstanceId": None,
        "ended": found.ended_at is not None, "suspended": found.state is InstanceState.SUSPENDED,
        "tenantId": tenant_of(request, found.region),
    }  # fmt: skip


def of_row(request: Request, row: InstanceRow, definition: str) -> dict[str, Any]:
    """`ProcessInstanceDto` of an instance that was just changed."""
    return {
        "id": str(row.id), "definitionId": definition, "definitionKey": row.process_id, "businessKey": row.business_key,
        "caseInstanceId": None, "ended": row.ended_at is not None, "suspended": row.state is InstanceState.SUSPENDED,
        "tenantId": tenant_of(request, row.region),
    }  # fmt: skip


# ---- lists


@router.get("")
def instances(request: Request) -> Response:
    """What runs, of cases that the caller may see."""
    return _list(request, None)


@router.post("")
def query(request: Request, body: dict[str, Any] | None = None) -> Response:
    """What runs, of cases that the caller may see."""
    return _list(request, body)


@router.get("/count")
def how_many(request: Request) -> Response:
    """How many run."""
    with reading(request) as act:
        return count(search.instances(act, _query(request, act, None)).total)


@router.post("/count")
def how_many_found(request: Request, body: dict[str, Any] | None = None) -> Response:
    """How many run."""
    with reading(request) as act:
        return count(search.instances(act, _query(request, act, body)).total)


@router.get("/{given}")
def instance(request: Request, given: str) -> Response:
    """One that runs."""
    with open_read(request, region=_region(request, given)) as act:
        row = running(act, given, "instance")
        return reply({"links": [], **of_row(request, row, _definition(act, row))})


@router.delete("/{given}")
def delete(request: Request, given: str) -> Response:
    """End it, with everything in it. Its case closes as terminated; nothing of what happened is removed."""
    with open_act(request, Scope.OPERATE, _region(request, given)) as act:
        outside.cancel(act, running(act, given, None).id, ground=request.query_params.get("deleteReason"))
    return nothing()


@router.put("/{given}/suspended")
def suspend(request: Request, given: str, body: Suspension) -> Response:
    """Let it rest, or go on."""
    with open_act(request, Scope.OPERATE, _region(request, given)) as act:
        outside.set_suspended(act, running(act, given, None).id, body.suspended)
    return nothing()


@router.post("/{given}/modification")
def modify(request: Request, given: str, body: Modification) -> Response:
    """Begin at activities and take activity instances away, all at once."""
    with open_act(request, Scope.OPERATE, _region(request, given)) as act:
        row = running(act, given, None)
        activate, terminate = _instructions(act, row, body.instructions)
        outside.modify(act, row.id, activate=activate, terminate=terminate, ground=body.annotation)
    return nothing()


# ---- where it stands


@router.get("/{given}/activity-instances")
def activity_instances(request: Request, given: str) -> Response:
    """Where it stands: the process, the scopes in it, and what is active in them."""
    with open_read(request, region=_region(request, given)) as act:
        row = running(act, given, "activity-instances")
        return reply(_tree(act, row))


# ---- variables


@router.get("/{given}/variables")
def variables(request: Request, given: str) -> Response:
    """The variables of its outermost scope."""
    with open_read(request, region=_region(request, given)) as act:
        outside.must_read_data(act)
        row = running(act, given, "variables")
        return reply(all_typed(act.work.variables(row.id)))


@router.post("/{given}/variables")
def patch(request: Request, given: str, body: Patch) -> Response:
    """Write variables."""
    if body.deletions:
        raise invalid("变量不能删除,可以写为 null。", "Variables are not deleted here; write null instead.")
    values = plain(body.modifications)
    with open_act(request, Scope.OPERATE, _region(request, given)) as act:
        number = running(act, given, None).id
        if values:
            outside.set_variables(act, number, number, values)
    return nothing()


@router.get("/{given}/variables/{name}")
def variable(request: Request, given: str, name: str) -> Response:
    """One variable."""
    with open_read(request, region=_region(request, given)) as act:
        outside.must_read_data(act)
        row = running(act, given, "variables")
        found = act.work.variables(row.id, [name])
        if name not in found:
            raise missing(f"没有变量 {name}。", f"process instance variable with name {name} does not exist")
        return reply(typed(found[name]))


@router.put("/{given}/variables/{name}")
def put(request: Request, given: str, name: str, body: Variable) -> Response:
    """Write one variable."""
    values = plain({name: {"value": body.value, "type": body.type, "valueInfo": body.value_info}})
    with open_act(request, Scope.OPERATE, _region(request, given)) as act:
        number = running(act, given, None).id
        outside.set_variables(act, number, number, values)
    return nothing()


# ---- inside


def running(act: Act, given: str, purpose: str | None) -> InstanceRow:
    """The instance, which must run; with a `purpose` the caller must be allowed to see it, and the look is noted."""
    number = number_in(given, "流程实例", "Process instance")
    try:
        row = outside.seen(act, number, purpose)[0] if purpose else act.work.instance(number)
    except Unknown:
        row = None
    if row is None or row.ended_at is not None:
        raise _not_running(given)
    return row


def _region(request: Request, given: str) -> str:
    try:
        return region_at(request, "instance", number_in(given, "流程实例", "Process instance"))
    except Unknown:
        raise _not_running(given) from None


def _not_running(given: str) -> RestError:
    return missing(f"没有运行中的流程实例 {given}。", f"Process instance with id {given} does not exist")


def _list(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request) as act:
        found = search.instances(act, _query(request, act, body))
        return reply([shape(request, each) for each in found.items])


def _query(request: Request, act: Act, body: Mapping[str, Any] | None) -> Query:
    asked = _LOOKUP.query(in_tenants(request, given_in(request, body_of(body))), otherwise=(Sort("id"),))
    if asks_for_data(asked):
        outside.must_read_data(act)
    return Query((RUNNING, *asked.conditions), asked.sort, asked.page)


def _definition(act: Act, row: InstanceRow) -> str:
    return definition_id(row.process_id, act.work.definition(row.definition_id).version, row.definition_id)


def _instructions(
    act: Act, row: InstanceRow, given: list[Instruction]
) -> tuple[list[Activation], list[Termination]]:
    activate: list[Activation] = []
    terminate: list[Termination] = []
    active = [each for each in _stays(act, row) if each.how == "active"]
    for each in given:
        if each.transition_instance_id:
            raise invalid("transitionInstanceId 不支持。", "transitionInstanceId is not supported.")
        element_id = _target(act, row, each)
        if each.type == "cancel":
            terminate.append(_termination(each, element_id))
            continue
        if element_id is None:
            raise invalid("请指明 activityId。", f"{each.type}: activityId must be set")
        if each.cancel_current_active_activity_instances:
            terminate += [Termination(one.element_instance_id) for one in active if one.element_id == element_id]
        activate.append(
            Activation(
                element_id, plain(each.variables), _number_of(each.ancestor_activity_instance_id, row),
                after=each.type == "startAfterActivity",
            )
        )  # fmt: skip
    if not activate and not terminate:
        raise invalid("没有给出修改指令。", "Modification instructions list is empty")
    return activate, terminate


def _target(act: Act, row: InstanceRow, each: Instruction) -> str | None:
    if each.type not in ("cancel", "startBeforeActivity", "startAfterActivity", "startTransition"):
        raise invalid(f"未知的指令 {each.type!r:.40}。", f"For instruction type '{each.type}': unknown type")
    if each.type != "startTransition":
        return each.activity_id
    flow = act.work.model(row.definition_id).flows.get(each.transition_id or "")
    if flow is None:
        raise invalid(f"没有顺序流 {each.transition_id}。", f"Element '{each.transition_id}' does not exist in process")
    return flow.target


def _termination(each: Instruction, element_id: str | None) -> Termination:
    if each.activity_instance_id:
        return Termination(element_instance_id=number_in(each.activity_instance_id, "活动实例", "Activity instance"))
    if element_id is None:
        raise invalid("请指明 activityId 或 activityInstanceId。", "cancel: activityId or activityInstanceId must be set")
    return Termination(element_id=element_id)


def _number_of(given: str | None, row: InstanceRow) -> int | None:
    if given is None:
        return None
    number = number_in(given, "活动实例", "Activity instance")
    return None if number == row.id else number


def _stays(act: Act, row: InstanceRow) -> list[ElementPassed]:
    return [each for each in act.work.path(row.root_id) if each.instance_id == row.id and each.element_instance_id != row.id]


def _tree(act: Act, row: InstanceRow) -> dict[str, Any]:
    """`ActivityInstanceDto` of the process with all that is active in it."""
    active = [each for each in _stays(act, row) if each.how == "active"]
    model, definition = act.work.model(row.definition_id), _definition(act, row)
    at: dict[int, list[IncidentOpened]] = {}
    for wait in act.work.open_waits(row.root_id):
        if isinstance(wait, IncidentOpened) and wait.instance_id == row.id:
            at.setdefault(wait.element_instance_id, []).append(wait)

    def node(number: int, element_id: str, name: str | None, kind: str, parent: str | None) -> dict[str, Any]:
        own = str(row.id) if number == row.id else f"{element_id}:{number}"
        inside = [each for each in active if (each.scope_id or row.id) == number]
        return {
            "id": own, "parentActivityInstanceId": parent, "activityId": element_id, "activityType": kind,
            "processInstanceId": str(row.id), "processDefinitionId": definition,
            "childActivityInstances": [
                node(each.element_instance_id, each.element_id, model.elements[each.element_id].name,
                     model.elements[each.element_id].kind.value, own)
                for each in inside
            ],
            "childTransitionInstances": [], "executionIds": [str(number)], "activityName": name, "name": name,
            "incidentIds": [str(each.id) for each in at.get(number, [])],
            "incidents": [
                {"id": str(each.id), "parentActivityInstanceId": own, "activityId": each.element_id} for each in at.get(number, [])
            ],
        }  # fmt: skip

    return node(row.id, definition, model.name or None, "processDefinition", None)
