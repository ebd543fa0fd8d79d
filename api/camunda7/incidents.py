"""/engine-rest/incident: what stands still and why."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from api.access import Scope, open_act, open_read
from api.camunda7.door import (
    count,
    definition_id,
    everywhere,
    in_tenants,
    nothing,
    number_in,
    reading,
    region_at,
    reply,
    router_of,
    tenant_of,
)
from api.camunda7.errors import RestError, missing
from api.camunda7.lists import Lookup, among, equal, given_in, like, number_of, since
from api.camunda7.values import moment
from casework import outside
from casework.act import Act
from casework.errors import Refused
from engine.errors import Unknown
from engine.search import AnyOf, Condition, FoundIncident, Op, Query, Sort

router = router_of("/incident")

_OPEN = Condition("is_open", Op.EQ, True)
FAILED_TASK, FAILED_JOB = "failedExternalTask", "failedJob"


def _kind(_name: str, value: Any) -> list[Condition | AnyOf]:
    """Camunda 7 has two kinds: a worker's task without retries, and everything else that failed."""
    if value == FAILED_TASK:
        return [Condition("kind", Op.EQ, "JOB_NO_RETRIES")]
    if value == FAILED_JOB:
        return [Condition("kind", Op.NEQ, "JOB_NO_RETRIES")]
    return [Condition("id", Op.EXISTS, False)]


_LOOKUP = Lookup(
    {
        "incidentId": equal("id", number_of), "incidentType": _kind, "incidentMessage": equal("en"),
        "incidentMessageLike": like("en"), "processDefinitionId": equal("definition_id", number_of),
        "processDefinitionKeyIn": among("process_id"), "processInstanceId": equal("instance_id", number_of),
        "executionId": equal("element_instance_id", number_of), "activityId": equal("element_id"),
        "failedActivityId": equal("element_id"), "incidentTimestampBefore": since("created_at", Op.LT),
        "incidentTimestampAfter": since("created_at", Op.GT), "configuration": equal("job_id", number_of),
        "tenantIdIn": among("region"),
    },
    {
        "incidentId": "id", "incidentMessage": "en", "incidentTimestamp": "created_at", "incidentType": "kind",
        "executionId": "element_instance_id", "activityId": "element_id", "processInstanceId": "instance_id",
        "processDefinitionId": "definition_id", "configuration": "job_id", "tenantId": "region", "causeIncidentId": "id",
        "rootCauseIncidentId": "id",
    },
)  # fmt: skip


@router.get("")
def incidents(request: Request) -> Response:
    """What stands still."""
    with reading(request) as act:
        given = in_tenants(request, given_in(request))
        only_of_one(act, given, "incidents")
        found = act.work.search_incidents(_query(given), everywhere=everywhere(act))
        return reply([_shape(request, act, each) for each in found.items])


@router.get("/count")
def how_many(request: Request) -> Response:
    """How much stands still."""
    with reading(request) as act:
        given = in_tenants(request, given_in(request))
        only_of_one(act, given, "incidents")
        return count(act.work.search_incidents(_query(given), everywhere=everywhere(act)).total)


@router.get("/{given}")
def incident(request: Request, given: str) -> Response:
    """One incident."""
    with open_read(request, region=_region(request, given)) as act:
        return reply(_shape(request, act, _one(act, given)))


@router.delete("/{given}")
def resolve(request: Request, given: str) -> Response:
    """Try again after a repair; what fails again stands still again, as a new incident."""
    with open_act(request, Scope.OPERATE, _region(request, given)) as act:
        outside.resolve_incident(act, _one(act, given).id)
    return nothing()


def only_of_one(act: Act, given: Mapping[str, Any], purpose: str) -> None:
    """An officer of a district names the instance that she looks at, so that the gate can be asked; others see the region."""
    if not outside.is_officer(act):
        return
    named = given.get("processInstanceId")
    if not isinstance(named, str):
        raise Refused(
            "scope", "请指明流程实例(processInstanceId)。", "Name the process instance that you look at (processInstanceId)."
        )
    outside.seen(act, number_in(named, "流程实例", "Process instance"), purpose)


def _region(request: Request, given: str) -> str:
    try:
        return region_at(request, "incident", number_in(given, "故障", "Incident"))
    except Unknown:
        raise _none(given) from None


def _none(given: str) -> RestError:
    return missing(f"没有未解决的故障 {given}。", f"No matching incident with id {given}")


def _query(given: Mapping[str, Any]) -> Query:
    asked = _LOOKUP.query(given, otherwise=(Sort("id"),))
    return Query((_OPEN, *asked.conditions), asked.sort, asked.page)


def _one(act: Act, given: str) -> FoundIncident:
    number = number_in(given, "故障", "Incident")
    found = act.work.search_incidents(Query((_OPEN, Condition("id", Op.EQ, number)))).items
    if not found:
        raise _none(given)
    outside.seen(act, found[0].instance_id, "incident")
    return found[0]


def _shape(request: Request, act: Act, found: FoundIncident) -> dict[str, Any]:
    """`IncidentDto`. The type is Camunda 7's; our own kind of incident stands before the message."""
    version = act.work.definition(found.definition_id).version
    return {
        "id": str(found.id), "processDefinitionId": definition_id(found.process_id, version, found.definition_id),
        "processInstanceId": str(found.instance_id), "executionId": str(found.element_instance_id),
        "incidentTimestamp": moment(found.created_at),
        "incidentType": FAILED_TASK if found.kind == "JOB_NO_RETRIES" else FAILED_JOB, "activityId": found.element_id,
        "failedActivityId": found.element_id, "causeIncidentId": str(found.id), "rootCauseIncidentId": str(found.id),
        "configuration": str(found.job_id) if found.job_id is not None else None, "tenantId": tenant_of(request, found.region),
        "incidentMessage": found.en if found.kind == "JOB_NO_RETRIES" else f"{found.kind}: {found.en} / {found.zh}",
        "jobDefinitionId": None, "annotation": None,
    }  # fmt: skip
