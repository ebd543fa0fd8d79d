"""Where the Modeler's links for Camunda 8 lead: it offers them after a deployment and a start, under the addresses of Operate and
Tasklist that its own preset names. Each sends people to the page of ours that shows the same; that page asks who one is.
"""

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from api.camunda7.engine import process_instance
from api.door import Door, authority_of

DEFINITIONS = "/admin/definitions"

router = APIRouter(tags=["camunda 8"], route_class=Door, include_in_schema=False)


@router.get("/operate")
@router.get("/operate/decisions")
def deployed() -> Response:
    """What is deployed."""
    return RedirectResponse(DEFINITIONS, 303)


@router.get("/operate/processes")
def version(request: Request, process: str = "", version: str = "") -> Response:
    """The version of a process, with what stands where in it; the Modeler links to the one that it has just deployed."""
    with authority_of(request).system_read() as act:
        newest = act.work.find_definition(process)
    found = newest is not None and version == str(newest.version)
    return RedirectResponse(f"{DEFINITIONS}/{newest.id}" if newest is not None and found else DEFINITIONS, 303)


@router.get("/operate/processes/{number}")
def instance(request: Request, number: str) -> Response:
    """The version in which an instance runs; its case is shown to those who work on it."""
    return process_instance(request, number)


@router.get("/tasklist")
def inbox() -> Response:
    """One's own tasks."""
    return RedirectResponse("/inbox", 303)


@router.get("/tasklist/{number}")
def task(number: str) -> Response:
    """A human task."""
    return RedirectResponse(f"/tasks/{number}" if number.isdecimal() else "/inbox", 303)
