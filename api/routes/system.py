"""Whether the server is well, and live events: the two addresses that no case stands behind."""

from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from typing_extensions import TypedDict

from api.door import Door, SignedDoor, authority_of, is_signed_in, settings_of
from api.events import Events

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


@signed.get("/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def events(request: Request) -> StreamingResponse:
    """Live events: `{"lists": ["tasks", …]}` names the lists that changed; `signed-out` says that the session is over."""
    open_pages = cast(Events, request.app.state.events)
    stream = open_pages.open(request.state.actor.staff_id)
    text = open_pages.follow(stream, lambda: is_signed_in(request))
    return StreamingResponse(text, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
