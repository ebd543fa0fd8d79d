"""Who is there, who asks, and the clock of trials.

`/v2/clock` follows "Pin internal clock" and "Reset internal clock" of the API, with one difference: time never runs backwards.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import Field

from api import access
from api import clock as trials
from api.access import Scope
from api.camunda8.bodies import Body, Moment
from api.camunda8.door import documents, nothing, reading, reply, router_of
from api.door import authority_of, settings_of
from api.wire import moment
from casework.model.record import EVERYWHERE
from casework.people import organisation

GATEWAY_VERSION = "8.9.0-yimen"
"""Camunda Modeler reads it: the version of the API that diagrams are drawn for; what follows the hyphen is ours."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT = 253_370_764_800_000
"""The first of January 9999, in milliseconds; the year 9999 means parked."""


def must_be_manual(request: Request) -> None:
    """Unknown where time is real; 403 for who may not move it: on this machine anybody, elsewhere who may operate."""
    trials.must_be_manual(request)
    if not settings_of(request).loopback:
        access.require(request, Scope.OPERATE)


router = router_of("")
clock = router_of("/clock", asks=False)
clock.dependencies.append(Depends(must_be_manual))


class Pin(Body):
    """The moment to which time is moved: milliseconds since 1970 as Camunda has it, or ISO 8601 with an offset."""

    timestamp: Annotated[int, Field(ge=0, lt=_LAST_MOMENT)] | Moment

    @property
    def at(self) -> datetime:
        """The moment, in UTC."""
        return _EPOCH + timedelta(milliseconds=self.timestamp) if isinstance(self.timestamp, int) else self.timestamp


@router.get("/topology")
def topology(request: Request) -> Response:
    """That somebody is there and which version of the API is spoken; the Modeler asks every few seconds."""
    settings = settings_of(request)
    partition = {"partitionId": 1, "role": "leader", "health": "healthy", "state": "active"}
    return reply({
        "brokers": [
            {
                "nodeId": 0, "brokerId": "0", "host": settings.host, "port": settings.port, "version": GATEWAY_VERSION,
                "partitions": [partition],
            }
        ],
        "clusterId": "yimen", "clusterSize": 1, "gatewayVersion": GATEWAY_VERSION, "lastCompletedChangeId": "0",
        "partitionsCount": 1, "replicationFactor": 1,
    })  # fmt: skip


@router.get("/license")
def licence() -> Response:
    """There is nothing to buy, and nothing that ends."""
    return reply({"validLicense": True, "licenseType": "yimen", "isCommercial": False, "expiresAt": None})


@router.get("/authentication/me")
def me(request: Request) -> Response:
    """Who asks: a member of staff, or a program by its name."""
    who = access.caller(request)
    groups: list[str] = []
    with reading(request) as act:
        if who.actor is not None and who.reach != EVERYWHERE:
            groups = sorted({each.post for each in organisation.holdings_of(act, who.actor.staff_id)})
        regions = organisation.regions(act) if who.reach == EVERYWHERE else [who.reach]
    return reply({
        "username": who.actor.login if who.actor else who.program, "displayName": who.actor.name if who.actor else who.program,
        "email": None, "authorizedComponents": [],
        "tenants": [{"name": each, "tenantId": access.tenant_of(request, each), "description": None} for each in regions],
        "groups": groups, "roles": sorted(each.value for each in who.scopes), "salesPlanType": None, "c8Links": {}, "canLogout": False,
    })  # fmt: skip


@clock.get("")
@documents(404)
def read_clock(request: Request) -> Response:
    """The present moment of timers and legal clocks."""
    now = authority_of(request).now()
    return reply({"timestamp": (now - _EPOCH) // timedelta(milliseconds=1), "at": moment(now)})


@clock.put("")
@documents(404)
def move_clock(request: Request, pin: Pin) -> Response:
    """Move time forward; whatever is due on the way has happened, in order, when this answers."""
    trials.advance(request, pin.at)
    return nothing()


@clock.post("/reset")
@documents(404)
def reset_clock(request: Request) -> Response:
    """Move time to the machine's; refused where the clock is already ahead of it."""
    trials.advance(request)
    return nothing()
