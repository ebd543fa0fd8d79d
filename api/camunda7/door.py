"""What the routes of /engine-rest share: how they answer, and how things are called here."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, Request, Response

from api import access
from api.access import AccessDoor, Scope
from api.camunda7.errors import PREFIX, missing
from api.door import authority_of
from api.wire import write_json
from casework.act import Act
from casework.desk import search
from casework.model.record import EVERYWHERE
from engine.search import Condition, FoundDefinition, FoundInstance, Op, Page, Query


def router_of(noun: str) -> APIRouter:
    """A router for the addresses of one noun; its operations are Camunda's own and stand in no OpenAPI of ours."""
    return APIRouter(prefix=f"{PREFIX}{noun}", tags=["camunda 7"], route_class=AccessDoor, include_in_schema=False)


def reply(body: Any, status: int = 200) -> Response:
    """JSON."""
    return Response(write_json(body), status, media_type="application/json")


def nothing() -> Response:
    """204."""
    return Response(status_code=204)


@contextmanager
def reading(request: Request, scope: Scope = Scope.READ) -> Iterator[Act]:
    """A look at everything that the caller reaches: one region, or all."""
    with access.open_read(request, scope, region=access.caller(request).reach) as act:
        yield act


def everywhere(act: Act) -> bool:
    """Whether a look goes over all regions."""
    return act.region == EVERYWHERE


def region_at(request: Request, what: str, number: int) -> str:
    """The region in which a thing lies that is named by its id (`what`: its table). Unknown where the caller reaches none."""
    who = access.caller(request)
    if who.reach != EVERYWHERE:
        return who.reach
    with authority_of(request).system_read() as act:
        return search.region_of(act, what, number)


def instances_of(act: Act, ids: Iterable[int]) -> dict[int, FoundInstance]:
    """The instances in which listed things stand, read at once."""
    wanted = tuple(sorted(set(ids)))
    query = Query((Condition("id", Op.IN, wanted),), page=Page(limit=len(wanted)))
    return {each.id: each for each in act.work.search_instances(query, everywhere=True).items} if wanted else {}


def in_tenants(request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with `withoutTenantId` as the caller's own region, which is the one that has no tenant's name here."""
    rest = dict(given)
    if str(rest.pop("withoutTenantId", "false")).lower() == "true":
        rest["tenantIdIn"] = access.caller(request).region
    return rest


def tenant_of(request: Request, region: str | None) -> str | None:
    """How a region is called in answers: its code; null for the caller's own and for what belongs to all."""
    found = None if region is None else access.tenant_of(request, region)
    return None if found == access.DEFAULT_TENANT else found


def definition_id(key: str, version: int, number: int) -> str:
    """A definition's id as Camunda 7 makes them: `key:version:id`."""
    return f"{key}:{version}:{number}"


def id_of(definition: FoundDefinition) -> str:
    """The id of a version of a process or decision."""
    return definition_id(definition.key, definition.version, definition.id)


def number_in(word: str, zh: str, en: str) -> int:
    """The number in an id of ours: all of it, or what stands behind the last colon. 404 for what is none."""
    digits = word.rpartition(":")[2]
    if not digits.isdecimal() or len(digits) > 19 or int(digits) >= 2**63:
        raise missing(f"没有编号为 {word!r:.80} 的{zh}。", f"{en} with id {word!r:.80} does not exist")
    return int(digits)


def count(number: int) -> Response:
    """How many."""
    return reply({"count": number})


def body_of(given: Any) -> Mapping[str, Any]:
    """A body that is an object, or nothing."""
    return given if isinstance(given, Mapping) else {}
