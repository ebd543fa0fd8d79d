"""What clients and the Modeler ask first: which version is spoken, which engine there is, and where people look."""

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from api.access import open_read
from api.camunda7.door import reply, router_of
from api.door import Door, authority_of, settings_of
from casework.people import organisation
from engine.errors import Unknown

VERSION = "7.24.0"
"""The release of Camunda 7 whose API this is; it has no later minor one."""
COCKPIT = "/designer/"
"""Not `cockpit/`: the Modeler would write `default/#/` behind that, and what stands behind a # never reaches a server."""

router = router_of("")
signposts = APIRouter(tags=["camunda 7"], route_class=Door, include_in_schema=False)


@router.get("/version")
def version(request: Request) -> Response:
    """The version of the API."""
    with open_read(request):
        return reply({"version": VERSION})


@router.get("/engine")
def engines(request: Request) -> Response:
    """The one engine."""
    with open_read(request):
        return reply([{"name": "default"}])


@signposts.get("/.well-known/camunda-automation-platform/webapps")
def webapps(request: Request) -> Response:
    """Where the Modeler sends people after it has deployed or started something; told to everybody."""
    public = settings_of(request).public_url
    return reply({"cockpitUrl": f"{public}{COCKPIT}", "adminUrl": f"{public}/admin/people", "tasklistUrl": f"{public}/inbox"})


@signposts.get(f"{COCKPIT}repository")
def repository() -> Response:
    """The Modeler's link to a deployment: our page of what is deployed."""
    return RedirectResponse("/admin/definitions", 303)


@signposts.get(f"{COCKPIT}process-instance/{{number}}")
def process_instance(request: Request, number: str) -> Response:
    """The Modeler's link to an instance: the page of its version, which shows where instances stand; the page asks who one is."""
    authority = authority_of(request)
    if number.isdecimal() and len(number) < 20:
        for region in _regions(request):
            with authority.system_read(region=region) as act:
                try:
                    row = act.work.instance(int(number))
                except Unknown:
                    continue
                return RedirectResponse(f"/admin/definitions/{row.definition_id}", 303)
    return RedirectResponse("/admin/definitions", 303)


def _regions(request: Request) -> list[str]:
    with authority_of(request).system_read() as act:
        return organisation.regions(act)
