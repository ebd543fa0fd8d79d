"""Offices, staff and the audit."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.door import SignedDoor, acting, reading
from api.parameters import AfterId, Body, Id, Limit, RecordId
from api.shapes import administration as shapes
from api.shapes.common import Page
from casework import administration
from casework.act import Act
from casework.authority import Authority
from casework.model.people import OfficeKind
from casework.people.signin import LONGEST_PASSWORD

router = APIRouter(prefix="/api", tags=["administration"], route_class=SignedDoor)

RegionCode = Annotated[str, Field(pattern=r"^(?:\*|[A-Z0-9]{1,16})$", description="`*` is the installation itself.")]
ShortName = Annotated[str, Field(max_length=60)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,40}$")]
Chain = Annotated[
    str | None, Query(max_length=60, description="`case:<id>`, `views:<staff>:<day>` or `administration`.")
]


@router.get("/people")
@reading(in_region=True)
def people(act: Act) -> shapes.Organisation:
    """Offices and staff of a region, with the posts held today."""
    return shapes.organisation(administration.organisation_of(act))


@router.get("/audit")
@reading(in_region=True)
def audit(act: Act, chain: Chain = None, after: AfterId = 0, limit: Limit = 50) -> Page[shapes.AuditEntry]:
    """What is on record, newest first: of a region, or of one chain."""
    return shapes.audit_page(administration.audit_entries(act, chain=chain, after=after, limit=limit), limit)


@router.post("/audit/verify")
@acting
def verify(act: Act) -> shapes.Verified:
    """Walk every chain and name the first bad entry of each that is not as it was written."""
    return shapes.verified(administration.verify_audit(act))


class InRegion(Body):
    """The region in which something is done."""

    region: RegionCode


class NewOffice(InRegion):
    """An office of a region; the first one, a district without a parent, begins the region."""

    code: Code
    name: Annotated[str, Field(min_length=1, max_length=60)]
    name_en: ShortName = ""
    kind: OfficeKind
    parent: Code | None = None
    phone: Annotated[str, Field(max_length=40)] = ""


class NewStaff(InRegion):
    """A member of staff with her first password, which she changes herself."""

    login: ShortName
    name: ShortName
    password: Annotated[str, Field(max_length=LONGEST_PASSWORD)]


class Post(InRegion):
    """A post of a person at an office (by its code)."""

    staff_id: RecordId
    post: ShortName
    office: Code


class NewHolding(Post):
    """A post that a person is given, from today or from a day on."""

    from_on: date | None = None


def _of_body(_: Authority, given: Mapping[str, Any]) -> str:
    """The region that the body names."""
    region: str = given["body"].region
    return region


def _given(body: InRegion) -> dict[str, Any]:
    return body.model_dump(exclude={"region"})


@router.post("/offices", status_code=201)
@acting(status=201, region=_of_body)
def add_office(act: Act, body: NewOffice) -> shapes.Added:
    """Add an office to a region's tree."""
    return {"id": str(administration.add_office(act, **_given(body)).id)}


@router.post("/staff", status_code=201)
@acting(status=201, region=_of_body)
def add_staff(act: Act, body: NewStaff) -> shapes.Added:
    """Add a member of staff, who can sign in from now on."""
    return {"id": str(administration.add_staff(act, **_given(body)).id)}


@router.post("/staff/{staff_id}/disable", status_code=204)
@acting(region=_of_body)
def disable_staff(act: Act, staff_id: Id, body: InRegion) -> None:  # noqa: ARG001 - the body names the region of the act
    """Take a person's sign-in away at once; what she holds goes back to its queues."""
    administration.disable_staff(act, staff_id)


@router.post("/holdings", status_code=201)
@acting(status=201, region=_of_body)
def appoint(act: Act, body: NewHolding) -> shapes.Added:
    """Give a person a post at an office; from then on she sees what waits there."""
    return {"id": str(administration.appoint(act, **_given(body)).id)}


@router.post("/holdings/end", status_code=204)
@acting(region=_of_body)
def end_holding(act: Act, body: Post) -> None:
    """Take a post away from today on; what was held under it goes back to its queues."""
    administration.end_holding(act, **_given(body))
