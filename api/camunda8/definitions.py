"""Versions of processes and forms, and what goes on in them."""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from api.camunda8 import shapes
from api.camunda8.bodies import Key, SearchBody
from api.camunda8.door import documents, everywhere, nothing, reading, reply, router_of
from api.camunda8.fields import Table, answer, flag, key, number, text, word
from casework.act import Act
from engine.errors import Unknown
from engine.search import Condition, FoundDefinition, Op, Page, Query
from engine.work.searches import by_id

router = router_of("/process-definitions")
forms = router_of("/forms")
At = Annotated[Key, Path()]

PROCESSES = Table(
    {
        "name": text("name"), "isLatestVersion": flag("is_latest", sort=False), "resourceName": text("resource_name"),
        "version": number("version"), "versionTag": text("version_tag"), "processDefinitionId": text("key"),
        "processDefinitionKey": key("id"), "hasStartForm": flag("has_start_form", sort=False),
        "state": word("kind", {"ACTIVE": "process", "DRAINING": "-", "DELETED": "-"}, sort=False),
        "tenantId": text("kind", ask=False),
    },
    tenant=False,
)  # fmt: skip


@router.post("/search")
def search(request: Request, body: SearchBody | None = None) -> Response:
    """Process definitions."""
    query = PROCESSES.query(request, body)
    with reading(request) as act:
        found = act.work.search_definitions("process", query)
    return reply(answer(found, lambda each: shapes.definition(request, each)))


@router.get("/{definition_key}")
@documents(404)
def get(request: Request, definition_key: At) -> Response:
    """One version of a process."""
    with reading(request) as act:
        return reply(shapes.definition(request, process(act, definition_key)))


@router.get("/{definition_key}/xml")
@documents(404)
def xml(request: Request, definition_key: At) -> Response:
    """Its file, byte for byte as it was deployed."""
    with reading(request) as act:
        process(act, definition_key)
        return Response(act.work.xml(definition_key), media_type="text/xml")


@router.get("/{definition_key}/form")
@documents(404)
def start_form(request: Request, definition_key: At) -> Response:
    """Its start form; 204 where it has none."""
    with reading(request) as act:
        process(act, definition_key)
        form_id = act.work.definition(definition_key).start_form_id
        return nothing() if form_id is None else reply(shapes.form(act.work.form(form_id)))


@router.post("/{definition_key}/statistics/element-instances")
@documents()
def statistics(request: Request, definition_key: At, body: dict[str, Any] | None = None) -> Response:
    """How often each element is active, has ended, stands still: what goes on is exact, what is over counts the newest instances."""
    del body  # filters by properties of instances are not served: the counts are of all
    with reading(request) as act:
        process(act, definition_key)
        query = Query((Condition("definition_id", Op.EQ, definition_key),), page=Page(limit=10_000))
        stays = act.work.search_elements(query, everywhere=everywhere(act)).items
    return reply({"items": counted(stays)})


def counted(stays: Any) -> list[dict[str, Any]]:
    """Stays, counted by element; the process itself is none."""
    counts: dict[str, dict[str, Any]] = {}
    for stay in stays:
        if stay.kind == "process":
            continue
        row = counts.setdefault(
            stay.element_id, {"elementId": stay.element_id, "active": 0, "canceled": 0, "incidents": 0, "completed": 0}
        )
        row[{"active": "active", "completed": "completed"}.get(stay.state, "canceled")] += 1
        row["incidents"] += stay.incident_id is not None
    return list(counts.values())


@forms.get("/{form_key}")
@documents(404)
def form(request: Request, form_key: At) -> Response:
    """A deployed form with its schema."""
    with reading(request) as act:
        if not act.work.search_definitions("form", by_id(form_key)).items:
            raise Unknown(f"没有编号为 {form_key} 的表单。", f"There is no form {form_key}.")
        return reply(shapes.form(act.work.form(form_key)))


def process(act: Act, definition_key: int) -> FoundDefinition:
    """A version of a process. Unknown where there is none."""
    found = act.work.search_definitions("process", by_id(definition_key)).items
    if not found:
        raise Unknown(f"没有编号为 {definition_key} 的流程定义。", f"There is no process definition {definition_key}.")
    return found[0]
