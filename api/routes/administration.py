"""Offices, staff and the audit."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.door import SignedDoor, acting, reading
from api.parameters import AfterId, Limit
from api.shapes import administration as shapes
from api.shapes.common import Page
from casework import administration
from casework.act import Act

router = APIRouter(prefix="/api", tags=["administration"], route_class=SignedDoor)

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
