"""An application with a few addresses at which nothing is done but asking who calls."""

import base64
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request

from api.access import AccessDoor, Scope, caller, open_act, open_read, region_of, tenant_of
from api.main import create_app
from api.settings import Settings

router = APIRouter(route_class=AccessDoor)


@router.get("/v2/who")
@router.get("/engine-rest/who")
@router.post("/v2/who")
@router.post("/engine-rest/who")
def who(request: Request) -> dict[str, Any]:
    """Everything that is known of the caller."""
    known = caller(request)
    return {
        "actor": known.actor.login if known.actor else None, "program": known.program,
        "scopes": sorted(known.scopes), "region": known.region, "reach": known.reach,
    }  # fmt: skip


@router.get("/v2/open/{scope}")
def look(request: Request, scope: Scope, tenant: str | None = None) -> dict[str, Any]:
    """Open a look under a scope."""
    region = region_of(request, tenant) if tenant else None
    with open_read(request, scope, region) as act:
        return {"region": act.region, "by": act.by, "tenant": tenant_of(request, act.region)}


@router.post("/v2/act/{scope}")
def write(
    request: Request, scope: Scope, tenant: str | None = None, person: Annotated[str | None, Query()] = None
) -> dict[str, Any]:
    """Open an act under a scope and record something in it."""
    region = region_of(request, tenant) if tenant else None
    with open_act(request, scope, region, person=person) as act:
        act.record("tried", "probe")
        return {"region": act.region, "by": act.by}


def with_addresses(settings: Settings) -> FastAPI:
    app = create_app(settings, static=settings.data_dir / "no-client")
    app.include_router(router)
    return app


def asked(settings: Settings, **changes: Any) -> Settings:
    """The same installation with other choices."""
    kept = {name: getattr(settings, name) for name in ("data_dir", "database_url", "clock", "demo")}
    return Settings(**{**kept, **changes})


def basic(name: str, password: str) -> dict[str, str]:
    """The header of Basic credentials."""
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}
