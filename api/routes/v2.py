"""The first words of the Orchestration Cluster REST API of Camunda 8: who is there, and the clock of trials.

`/v2/clock` follows "Pin internal clock" and "Reset internal clock" of that API, with one difference: time never runs backwards.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from api.door import Door, administrator_of, authority_of, settings_of
from api.parameters import Body
from api.problems import refuse
from api.settings import ClockMode
from api.wire import moment
from engine.clock import SystemClock

GATEWAY_VERSION = "8.9.0-yimen"
"""Camunda Modeler reads it: the version of the API that diagrams are drawn for; what follows the hyphen is ours."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT = 253_370_764_800_000
"""The first of January 9999, in milliseconds; the year 9999 means parked."""


def must_be_manual(request: Request) -> None:
    """404 where time is real; 401 or 403 for who may not move it: on this machine anybody, elsewhere an administrator."""
    settings = settings_of(request)
    if settings.clock is not ClockMode.MANUAL:
        raise refuse("unknown", "本系统按真实时间运行。", "This installation keeps real time.")
    if not settings.loopback:
        administrator_of(request)


router = APIRouter(prefix="/v2", tags=["camunda 8"], route_class=Door)
clock = APIRouter(prefix="/v2/clock", tags=["camunda 8"], route_class=Door, dependencies=[Depends(must_be_manual)])


class Partition(TypedDict):
    """Camunda's unit of distribution; there is one."""

    partitionId: int
    role: str
    health: str


class Broker(TypedDict):
    """A node of the cluster; there is one, this server."""

    nodeId: int
    host: str
    port: int
    version: str
    partitions: list[Partition]


class Topology(TypedDict):
    """What Camunda Modeler and the SDKs ask first."""

    brokers: list[Broker]
    clusterId: str
    clusterSize: int
    gatewayVersion: str
    lastCompletedChangeId: str
    partitionsCount: int
    replicationFactor: int


class Now(TypedDict):
    """The engine's present moment, in milliseconds since 1970 and as ISO 8601."""

    timestamp: int
    at: str


class Pin(Body):
    """The moment to which time is moved: milliseconds since 1970 as Camunda has it, or ISO 8601 with an offset."""

    timestamp: Annotated[int, Field(ge=0, lt=_LAST_MOMENT)] | datetime

    @property
    def at(self) -> datetime:
        """The moment, in UTC."""
        if isinstance(self.timestamp, int):
            return _EPOCH + timedelta(milliseconds=self.timestamp)
        if self.timestamp.tzinfo is None:
            raise refuse("invalid", "时刻须带时区。", "A moment needs an offset from UTC.")
        return self.timestamp.astimezone(UTC)


@router.get("/topology")
def topology(request: Request) -> Topology:
    """That somebody is there and which version of the API is spoken."""
    settings = settings_of(request)
    partition: Partition = {"partitionId": 1, "role": "leader", "health": "healthy"}
    return {
        "brokers": [
            {
                "nodeId": 0,
                "host": settings.host,
                "port": settings.port,
                "version": GATEWAY_VERSION,
                "partitions": [partition],
            }
        ],
        "clusterId": "yimen",
        "clusterSize": 1,
        "gatewayVersion": GATEWAY_VERSION,
        "lastCompletedChangeId": "0",
        "partitionsCount": 1,
        "replicationFactor": 1,
    }


@clock.get("")
def read_clock(request: Request) -> Now:
    """The present moment of timers and legal clocks."""
    now = authority_of(request).now()
    return {"timestamp": (now - _EPOCH) // timedelta(milliseconds=1), "at": moment(now)}


@clock.put("", status_code=204)
def move_clock(request: Request, pin: Pin) -> Response:
    """Move time forward; whatever is due on the way has happened, in order, when this answers."""
    return _advance(request, pin.at)


@clock.post("/reset", status_code=204)
def reset_clock(request: Request) -> Response:
    """Move time to the machine's; 422 where the clock is already ahead of it."""
    return _advance(request, SystemClock().now())


def _advance(request: Request, at: datetime) -> Response:
    authority = authority_of(request)
    now = authority.now()
    if at < now:
        raise refuse(
            "invalid",
            f"时钟只能向前:现在是 {moment(now)},要求 {moment(at)}。",
            f"Time moves forward only: it is {moment(now)}, asked for {moment(at)}.",
        )
    authority.advance_to(at)
    return Response(status_code=204)
