"""Whether the server is well, the clock of trials, live events: the addresses that no case stands behind."""

from datetime import UTC, datetime
from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import field_validator
from typing_extensions import TypedDict

from api import clock
from api.door import Door, SignedDoor, administrator_of, authority_of, is_signed_in, settings_of
from api.events import Events
from api.parameters import Body

router = APIRouter(prefix="/api", tags=["system"], route_class=Door)
signed = APIRouter(prefix="/api", tags=["system"], route_class=SignedDoor)


class Health(TypedDict):
    """The server answers and its database does."""

    status: str
    database: str
    clockMode: str


@router.get("/health")
def health(request: Request) -> Health:
    """Answer 200 while the database can be read; for load balancers, so nothing else is told."""
    database = authority_of(request).database
    with database.read():
        return {"status": "ok", "database": database.dialect, "clockMode": settings_of(request).clock.value}


class Move(Body):
    """The moment to which time is moved, with its offset."""

    at: datetime

    @field_validator("at")
    @classmethod
    def _has_offset(cls, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("a moment needs an offset from UTC")
        return at.astimezone(UTC)


@signed.put("/clock", status_code=204)
def move_clock(request: Request, move: Move) -> Response:
    """Move the clock of trials forward; what is due on the way has happened when this answers. 404 where time is real.

    On this machine anybody who is signed in may, elsewhere an administrator.
    """
    clock.must_be_manual(request)
    if not settings_of(request).loopback:
        administrator_of(request)
    clock.advance(request, move.at)
    return Response(status_code=204)


@signed.get("/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def events(request: Request) -> StreamingResponse:
    """Live events: `{"lists": ["tasks", …]}` names the lists that changed; `signed-out` says that the session is over."""
    open_pages = cast(Events, request.app.state.events)
    stream = open_pages.open(request.state.actor.staff_id)
    text = open_pages.follow(stream, lambda: is_signed_in(request))
    return StreamingResponse(text, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
