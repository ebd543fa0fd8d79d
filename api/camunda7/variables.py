"""/engine-rest/variable-instance: variables in their scopes, as they are now; not for officers, who read through forms."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from api.camunda7.door import (
    body_of,
    count,
    definition_id,
    everywhere,
    in_tenants,
    instances_of,
    reading,
    reply,
    router_of,
    tenant_of,
)
from api.camunda7.errors import missing
from api.camunda7.lists import Filter, Lookup, among, equal, given_in, if_true, like, number_of, several
from api.camunda7.values import typed
from casework import outside
from casework.act import Act
from engine.search import AnyOf, Condition, FoundInstance, FoundVariable, Op, Query, Sort

router = router_of("/variable-instance")


def _one_of(field: str) -> Filter:
    """One of several ids; a single one as a plain condition, which is found at once."""

    def made(name: str, value: Any) -> list[Condition | AnyOf]:
        numbers = tuple(number_of(name, each) for each in several(name, value))
        return [Condition(field, Op.EQ, numbers[0]) if len(numbers) == 1 else Condition(field, Op.IN, numbers)]

    return made


LOOKUP = Lookup(
    {
        "variableName": equal("name"), "variableNameLike": like("name"), "variableNameIn": among("name"),
        "processInstanceId": equal("instance_id", number_of), "processInstanceIdIn": _one_of("instance_id"),
        "executionIdIn": _one_of("scope_id"), "activityInstanceIdIn": _one_of("scope_id"), "taskIdIn": _one_of("scope_id"),
        "variableScopeIdIn": _one_of("scope_id"), "tenantIdIn": among("region"), "deserializeValues": if_true(),
        "deserializeValue": if_true(),
    },
    {"variableName": "name", "activityInstanceId": "scope_id", "instanceId": "instance_id", "tenantId": "region"},
)  # fmt: skip


@router.get("")
def variables(request: Request) -> Response:
    """Variables."""
    return _list(request, None)


@router.post("")
def query(request: Request, body: dict[str, Any] | None = None) -> Response:
    """Variables."""
    return _list(request, body)


@router.get("/count")
def how_many(request: Request) -> Response:
    """How many variables there are."""
    with reading(request) as act:
        return count(len(found(act, in_tenants(request, given_in(request)))))


@router.get("/{given}")
def variable(request: Request, given: str) -> Response:
    """One variable."""
    with reading(request) as act:
        each = one(act, given, "Variable instance")
        return reply(shape(request, each, instances_of(act, [each.instance_id])[each.instance_id]))


def one(act: Act, given: str, what: str) -> FoundVariable:
    """The variable of that id."""
    outside.must_read_data(act)
    items = act.work.search_variables(Query((Condition("id", Op.EQ, given),)), everywhere=everywhere(act)).items
    if not items or items[0].name.startswith("#"):
        raise missing(f"没有变量 {given}。", f"{what} with Id '{given}' does not exist.")
    return items[0]


def found(act: Act, given: Mapping[str, Any]) -> list[FoundVariable]:
    """The variables that are asked for; the engine's own are left out."""
    outside.must_read_data(act)
    asked = LOOKUP.query(given, otherwise=(Sort("instance_id"), Sort("name")))
    return [each for each in act.work.search_variables(asked, everywhere=everywhere(act)).items if not each.name.startswith("#")]


def shape(request: Request, each: FoundVariable, row: FoundInstance) -> dict[str, Any]:
    """`VariableInstanceDto`."""
    is_local = each.scope_id != each.instance_id
    return {
        **typed(each.value), "id": each.id, "name": each.name,
        "processDefinitionId": definition_id(row.process_id, row.version, row.definition_id),
        "processInstanceId": str(each.instance_id), "executionId": str(each.scope_id), "caseInstanceId": None,
        "caseExecutionId": None, "taskId": None, "batchId": None, "activityInstanceId": str(each.scope_id),
        "tenantId": tenant_of(request, each.region), "errorMessage": None, "isLocal": is_local,
    }  # fmt: skip


def _list(request: Request, body: Mapping[str, Any] | None) -> Response:
    with reading(request) as act:
        listed = found(act, in_tenants(request, given_in(request, body_of(body))))
        rows = instances_of(act, (each.instance_id for each in listed))
        return reply([shape(request, each, rows[each.instance_id]) for each in listed])
