"""What is over, read out of the history: stays at elements, jobs and incidents that are gone.

The rows of what waits go with the wait; the history keeps of jobs and incidents what tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.model import ClosedHow, IncidentOpened, InstanceState, JobOpened, Opened, WaitClosed
from engine.persistence import instances
from engine.persistence import tables as t
from engine.runtime.step import InstanceRow
from engine.runtime.tree import CLOSED, COMPLETED, ENTERED, OPENED, TERMINATED
from engine.search import FoundIncident, FoundJob, JobState

_STATES = {InstanceState.COMPLETED: "completed", InstanceState.TERMINATED: "terminated"}


def noted(opened: Iterable[Opened], closed: Iterable[WaitClosed]) -> Iterator[list[Any]]:
    """What the history keeps of the jobs and incidents that came and went in a command."""
    for wait in opened:
        match wait:
            case JobOpened():
                yield [
                    OPENED,
                    "job",
                    wait.id,
                    wait.element_instance_id,
                    wait.element_id,
                    wait.type,
                    wait.listener,
                    wait.priority,
                ]
            case IncidentOpened():
                yield [
                    OPENED,
                    "incident",
                    wait.id,
                    wait.element_instance_id,
                    wait.element_id,
                    wait.kind,
                    wait.zh,
                    wait.en,
                    wait.job_id,
                ]
    for over in closed:
        if over.what in ("job", "incident"):
            yield [CLOSED, over.what, over.id, over.how is ClosedHow.COMPLETED]


@dataclass(slots=True)
class Stay:
    """One stay at an element, as far as the history tells; `state` is active, completed or terminated."""

    id: int
    element_id: str
    scope_id: int | None
    entered_at: datetime
    left_at: datetime | None = None
    state: str = "active"


@dataclass(slots=True)
class Past:
    """What the history of one instance tells, in the order in which it happened; jobs and incidents that are gone only."""

    row: InstanceRow
    stays: dict[int, Stay] = field(default_factory=dict)
    jobs: list[FoundJob] = field(default_factory=list)
    incidents: list[FoundIncident] = field(default_factory=list)
    _open: dict[int, FoundJob | FoundIncident] = field(default_factory=dict)

    def take(self, at: datetime, events: Sequence[Sequence[Any]]) -> None:
        """The next entry."""
        for event in events:
            match event[0]:
                case kind if kind == ENTERED:
                    self.stays[event[1]] = Stay(event[1], event[2], event[4], at)
                case kind if kind in (COMPLETED, TERMINATED) and event[1] in self.stays:
                    stay = self.stays[event[1]]
                    stay.left_at, stay.state = at, "completed" if kind == COMPLETED else "terminated"
                case kind if kind == OPENED:
                    self._open[event[2]] = self._job(at, event) if event[1] == "job" else self._incident(at, event)
                case kind if kind == CLOSED and event[2] in self._open:
                    self._close(at, self._open.pop(event[2]), done=event[3])

    def _close(self, at: datetime, over: FoundJob | FoundIncident, *, done: bool) -> None:
        if isinstance(over, FoundIncident):
            self.incidents.append(replace(over, resolved_at=at, is_open=False))
        else:
            self.jobs.append(replace(over, ended_at=at, state=JobState.COMPLETED if done else JobState.CANCELLED))

    def _job(self, at: datetime, event: Sequence[Any]) -> FoundJob:
        row, (_, _, job_id, stay_id, element_id, kind, listener, priority) = self.row, event
        return FoundJob(
            job_id, row.region, row.id, row.root_id, row.definition_id, row.process_id, element_id, stay_id, kind, listener,
            JobState.CREATED, 0, priority, {}, None, None, None, at, None,
        )  # fmt: skip

    def _incident(self, at: datetime, event: Sequence[Any]) -> FoundIncident:
        row, (_, _, incident_id, stay_id, element_id, kind, zh, en, job_id) = self.row, event
        return FoundIncident(
            incident_id, row.region, row.id, row.root_id, row.definition_id, row.process_id, element_id, stay_id, job_id, kind,
            zh, en, at, None, True,
        )  # fmt: skip


def read(connection: Connection, rows: Sequence[InstanceRow]) -> list[Past]:
    """The past of these instances."""
    found = {row.id: Past(row) for row in rows}
    for region in sorted({row.region for row in rows}):
        ids = [row.id for row in rows if row.region == region]
        for instance_id, _, at, _, _, events in instances.history(connection, region, ids):
            found[instance_id].take(at, events)
    return list(found.values())


def newest(
    connection: Connection, region: str | None, limit: int, *, instance_id: int | None = None, definition_id: int | None = None,
    process_id: str | None = None, begun_by: int | None = None,
) -> list[InstanceRow]:  # fmt: skip
    """The instances that were started last, of a region (None: of all); `begun_by`: none whose id is greater."""
    i = t.instance.c
    query = select(t.instance).order_by(i.id.desc()).limit(limit)
    for column, value in (
        (i.region, region),
        (i.id, instance_id),
        (i.definition_id, definition_id),
        (i.process_id, process_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if begun_by is not None:
        query = query.where(i.id <= begun_by)
    return [instances.as_row(*row) for row in connection.execute(query)]


def state_of(row: InstanceRow) -> str:
    """The state of the process itself as a stay: what rests is active."""
    return _STATES.get(row.state, "active")
