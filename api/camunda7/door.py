"""What the routes of /engine-rest share: how they answer, and how things are called here."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from api import access
from api.access import AccessDoor
from api.camunda7.errors import PREFIX, missing
from api.wire import write_json
from engine.search import FoundDefinition


def router_of(noun: str) -> APIRouter:
    """A router for the addresses of one noun; its operations are Camunda's own and stand in no OpenAPI of ours."""
    return APIRouter(prefix=f"{PREFIX}{noun}", tags=["camunda 7"], route_class=AccessDoor, include_in_schema=False)


def reply(body: Any, status: int = 200) -> Response:
    """JSON."""
    return Response(write_json(body), status, media_type="application/json")


def nothing() -> Response:
    """204."""
    return Response(status_code=204)


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
