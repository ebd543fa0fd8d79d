"""What stands still."""

from dataclasses import replace
from typing import Annotated

from fastapi import Path, Request, Response

from api import access
from api.access import Scope
from api.camunda8 import shapes
from api.camunda8.bodies import Key, Reference, SearchBody
from api.camunda8.door import documents, everywhere, nothing, reading, region_at, reply, router_of, see
from api.camunda8.fields import Table, answer, at, text, word
from api.camunda8.fields import key as key_field
from api.camunda8.shapes import ERROR_TYPES, UNKNOWN_ERROR
from casework import outside
from engine.errors import Unknown
from engine.search import AnyOf, Condition, Op, Query
from engine.work.searches import by_id

router = router_of("/incidents")
At = Annotated[Key, Path()]

INCIDENTS = Table(
    {
        "incidentKey": key_field("id"), "processDefinitionId": text("process_id"),
        "errorType": word("kind", {each: each for each in ERROR_TYPES}), "errorMessage": text("en"),
        "elementId": text("element_id"), "creationTime": at("created_at"),
        "state": word("is_open", {"ACTIVE": True, "RESOLVED": False, "MIGRATED": None, "PENDING": None, "UNKNOWN": None}),
        "processDefinitionKey": key_field("definition_id"), "processInstanceKey": key_field("instance_id"),
        "elementInstanceKey": key_field("element_instance_id"), "jobKey": key_field("job_id"), "tenantId": text("region", ask=False),
    }
)  # fmt: skip
_NAMED = tuple(each for each in ERROR_TYPES if each != UNKNOWN_ERROR)


def meant(query: Query) -> Query:
    """Kinds of ours that Camunda has no word for are its `UNKNOWN`: asked for that, they are meant too."""
    conditions = tuple(
        Condition("kind", Op.NOT_IN if each.op is Op.EQ else Op.IN, _NAMED)
        if not isinstance(each, AnyOf)
        and each.field == "kind"
        and each.op in (Op.EQ, Op.NEQ)
        and each.value == UNKNOWN_ERROR
        else each
        for each in query.conditions
    )
    return replace(query, conditions=conditions)


@router.post("/search")
def search(request: Request, body: SearchBody | None = None) -> Response:
    """Incidents, open and resolved."""
    query = meant(INCIDENTS.query(request, body))
    with reading(request) as act:
        see(act, query.only("instance_id"), "incidents")
        found = act.work.search_incidents(query, everywhere=everywhere(act))
    return reply(answer(found, lambda each: shapes.incident(request, each)))


@router.get("/{incident_key}")
@documents(404)
def get(request: Request, incident_key: At) -> Response:
    """One incident."""
    with reading(request) as act:
        items = act.work.search_incidents(by_id(incident_key), everywhere=everywhere(act)).items
        if not items:
            raise Unknown(f"没有故障 {incident_key}。", f"There is no incident {incident_key}.")
        see(act, items[0].instance_id, "incidents")
    return reply(shapes.incident(request, items[0]))


@router.post("/{incident_key}/resolution")
@documents(404, 409)
def resolve(request: Request, incident_key: At, body: Reference | None = None) -> Response:
    """Try again after the cause was mended; what fails again stands still again, under a new key."""
    del body
    with access.open_act(request, Scope.OPERATE, region_at(request, "incident", incident_key)) as act:
        outside.resolve_incident(act, incident_key)
    return nothing()
