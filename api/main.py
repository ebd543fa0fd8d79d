"""The application: settings in, ASGI app out. `python -m api` serves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from api import problems
from api.access import Passes
from api.bounds import UPLOAD_FIELDS
from api.client import STATIC, Client
from api.events import Events
from api.guard import Guard
from api.routes import ROUTERS
from api.settings import ClockMode, Settings, TableFaults
from api.waiting import JobBell
from casework.authority import Authority
from casework.seal import Seal, load_key
from engine.clock import Clock, ManualClock, SystemClock
from engine.limits import DEPLOYMENT_FILES
from engine.persistence import Database, clock_row
from engine.scheduler import Heartbeat

FONTS = Path(__file__).parent / "fonts"
"""Fonts of letters; put there by the build of the web client."""

DESCRIPTION = """Our own API, used by the web client and open to other systems of the authority.
Errors are problem+json (RFC 9457) in Chinese and English. Each POST may carry an `Idempotency-Key`."""


def create_app(settings: Settings, *, static: Path = STATIC) -> FastAPI:
    """The application over the database that `settings` names; its tables must be there (`engine.persistence.migrate`).

    `app.state.authority` is casework's door, `app.state.settings` are the settings. Timers and the outbox are worked off from
    start-up to shutdown of the app.
    """
    app = FastAPI(
        title="Yimen 一门",
        description=DESCRIPTION,
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        form_limits={"max_files": DEPLOYMENT_FILES + 1, "max_fields": UPLOAD_FIELDS},
        responses={"4XX": {"description": "Refused", "model": problems.ProblemBody}},
    )
    problems.describe(app)
    app.state.settings = settings
    app.state.authority = open_authority(settings)
    app.state.events = Events()
    app.state.passes = Passes()
    app.state.bell = JobBell()
    app.add_middleware(Guard, settings=settings)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    if (static / "index.html").is_file():
        app.mount("/", Client(static))
    return app


def open_authority(settings: Settings) -> Authority:
    """Casework's door over the database of `settings`, with the clock that they ask for."""
    database = Database(settings.database_url)
    return Authority(
        database,
        _clock(settings, database),
        seal=Seal(load_key(settings.key_file)),
        files=settings.data_dir / "files",
        fonts=(FONTS,) if FONTS.is_dir() else (),
        zone=settings.zone,
        lifetime=settings.session_lifetime,
        idle=settings.session_idle,
        refuses_table_faults=settings.table_faults is TableFaults.REFUSE,
    )


def _clock(settings: Settings, database: Database) -> Clock:
    """The machine's clock, or the one that the database keeps: it stands where it stood when the last node stopped."""
    if settings.clock is ClockMode.REAL:
        return SystemClock()
    with database.begin() as connection:
        kept = clock_row.read(connection)
        if kept is None:
            kept = SystemClock().now()
            clock_row.write(connection, kept)
    return ManualClock(kept)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Timers, own jobs and the outbox are worked off while the app runs."""
    authority, events, bell = app.state.authority, app.state.events, app.state.bell
    stop_telling, stop_ringing = authority.subscribe(events.tell), authority.subscribe(bell.ring)
    heartbeat = Heartbeat(authority.engine)
    heartbeat.start()
    try:
        yield
    finally:
        events.close()
        bell.close()
        stop_telling()
        stop_ringing()
        heartbeat.stop()
        authority.database.close()
