"""Deployments, versions of processes and incidents: what an administrator looks after."""

from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile

from api.door import SignedDoor, acting, reading
from api.files import drawn, resources
from api.parameters import AfterId, Id, Limit
from api.shapes import administration as shapes
from api.shapes.common import Page
from casework import administration
from casework.act import Act

router = APIRouter(prefix="/api", tags=["administration"], route_class=SignedDoor)


@router.post("/deployments")
@acting
def deploy(act: Act, files: Annotated[list[UploadFile], File()]) -> shapes.Deployed:
    """Take files into use, all or none; a refusal names every problem of every file, and gives the diagrams to draw them on."""
    uploaded = resources(files)
    with drawn(uploaded):
        return shapes.deployed(administration.deploy(act, uploaded))


@router.get("/deployments")
@reading
def deployments(act: Act, after: AfterId = 0, limit: Limit = 30) -> Page[shapes.DeploymentShape]:
    """What was deployed, newest first."""
    return shapes.deployments(administration.deployments(act, after=after or None, limit=limit), limit)


@router.get("/definitions")
@reading
def definitions(act: Act, latest: Annotated[bool, Query()] = False) -> list[shapes.Definition]:
    """The versions of all processes with what runs on them; `latest` leaves out the older ones."""
    return [shapes.definition(each) for each in administration.definitions(act, latest=latest)]


@router.get("/definitions/{definition_id}")
@reading
def definition(act: Act, definition_id: Id) -> shapes.DefinitionView:
    """A version with its diagram and where its tokens are."""
    return shapes.definition_view(administration.definition(act, definition_id))


@router.get("/incidents")
@reading
def incidents(act: Act, after: AfterId = 0, limit: Limit = 50) -> Page[shapes.Incident]:
    """What stands still and why."""
    return shapes.incidents(administration.incidents(act, after=after or None, limit=limit), limit)


@router.post("/incidents/{incident_id}/retry", status_code=204)
@acting(region=lambda authority, given: administration.region_of_incident(authority, given["incident_id"]))
def retry(act: Act, incident_id: Id) -> None:
    """Try again after the cause was mended; what fails again stands still again, with its new reason."""
    administration.retry(act, incident_id)
