"""Element instances: stays at elements, and the variables in their scopes."""

from typing import Annotated

from fastapi import Path, Request, Response

from api import access
from api.access import Scope
from api.camunda8 import shapes
from api.camunda8.bodies import Key, SearchBody, SetVariables
from api.camunda8.door import documents, everywhere, nothing, reading, reply, router_of, see
from api.camunda8.fields import Table, answer, at, flag, text, word
from api.camunda8.fields import key as key_field
from api.camunda8.incidents import INCIDENTS, meant
from casework import outside
from engine.search import Condition, Op, Query

router = router_of("/element-instances")
At = Annotated[Key, Path()]
_KINDS: dict[str, str] = {}
for _kind, _type in shapes.ELEMENT_TYPES.items():
    _KINDS.setdefault(_type, _kind)
_ELSEWHERE = ("AD_HOC_SUB_PROCESS_INNER_INSTANCE", "SEQUENCE_FLOW")

ELEMENTS = Table(
    {
        "elementInstanceKey": key_field("id"), "processInstanceKey": key_field("instance_id"),
        "processDefinitionKey": key_field("definition_id"), "processDefinitionId": text("process_id"), "startDate": at("started_at"),
        "endDate": at("ended_at"), "elementId": text("element_id"), "elementName": text("name"),
        "type": word("kind", {**_KINDS, **dict.fromkeys(_ELSEWHERE, "-")}),
        "state": word("state", {"ACTIVE": "active", "COMPLETED": "completed", "TERMINATED": "terminated"}),
        "hasIncident": flag("has_incident"), "incidentKey": key_field("incident_id"), "tenantId": text("region", ask=False),
        "elementInstanceScopeKey": key_field("scope_id", sort=False),
    }
)  # fmt: skip


@router.post("/search")
def search(request: Request, body: SearchBody | None = None) -> Response:
    """Element instances, active and over."""
    query = ELEMENTS.query(request, body)
    with reading(request) as act:
        see(act, query.only("instance_id"), "path")
        found = act.work.search_elements(query, everywhere=everywhere(act))
    return reply(answer(found, lambda each: shapes.element(request, each)))


@router.get("/{element_instance_key}")
@documents(404)
def get(request: Request, element_instance_key: At) -> Response:
    """One element instance."""
    with reading(request) as act:
        found = act.work.find_element(element_instance_key, everywhere=everywhere(act))
        see(act, found.instance_id, "path")
    return reply(shapes.element(request, found))


@router.post("/{element_instance_key}/incidents/search")
@documents(404)
def incidents(request: Request, element_instance_key: At, body: SearchBody | None = None) -> Response:
    """What stands still at an element instance, or did."""
    asked = meant(INCIDENTS.query(request, body))
    with reading(request) as act:
        at_element = act.work.find_element(element_instance_key, everywhere=everywhere(act))
        see(act, at_element.instance_id, "incidents")
        within = (
            Condition("element_instance_id", Op.EQ, at_element.id),
            Condition("instance_id", Op.EQ, at_element.instance_id),
        )
        query = Query((*asked.conditions, *within), asked.sort, asked.page)
        found = act.work.search_incidents(query, everywhere=everywhere(act))
    return reply(answer(found, lambda each: shapes.incident(request, each)))


@router.put("/{element_instance_key}/variables")
@documents()
def write(request: Request, element_instance_key: At, body: SetVariables) -> Response:
    """Write variables from a scope outward, or (`local`) into it. The key is an element instance's or a process instance's."""
    outside.check_names(body.variables)
    with reading(request) as act:
        found = act.work.find_element(element_instance_key, everywhere=everywhere(act))
    with access.open_act(request, Scope.OPERATE, found.region) as act:
        outside.set_variables(act, element_instance_key, found.instance_id, body.variables, local=body.local)
    return nothing()
