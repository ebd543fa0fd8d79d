"""What the law makes of dates and amounts: clocks and their events, days of the calendar, policy in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from casework.model.record import Record
from engine.model import Json


class ClockState(StrEnum):
    """Whether time runs."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    STOPPED = "stopped"


class Unit(StrEnum):
    """Hours, calendar days, working days, months."""

    HOURS = "h"
    DAYS = "d"
    WORKDAYS = "wd"
    MONTHS = "m"


@dataclass(frozen=True, slots=True)
class LegalClock(Record):
    """A time limit of a case; the row repeats the fold of its events (`casework.law.clocks`).

    `length` and `remaining` are in `unit`; `item` tells loop items of one code apart ("" for the case's own).
    """

    region: str
    id: int
    case_id: int
    code: str
    item: str
    unit: Unit
    length: Decimal
    rolls: bool
    amber_share: Decimal
    started_at: datetime
    due_at: datetime
    amber_at: datetime
    state: ClockState
    remaining: Decimal
    extensions: int
    follows: str | None
    calendar_version: int
    provisional: bool
    clause: str
    row_id: str | None


class ClockEventKind(StrEnum):
    """What can happen to a clock."""

    STARTED = "started"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EXTENDED = "extended"
    RESTARTED = "restarted"
    STOPPED = "stopped"
    RECOMPUTED = "recomputed"


@dataclass(frozen=True, slots=True)
class ClockEvent(Record):
    """A line of a clock's life; append-only. `remaining_*` are in the clock's unit."""

    region: str
    id: int
    clock_id: int
    n: int
    kind: ClockEventKind
    at: datetime
    amount: Decimal | None
    ground: str | None
    clause: str | None
    by: str
    remaining_before: Decimal | None
    remaining_after: Decimal | None
    due_before: datetime | None
    due_after: datetime | None
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockTimer(Record):
    """A timer of the engine that follows a clock; the row's id is the timer's."""

    region: str
    id: int
    clock_id: int | None
    case_id: int
    code: str
    item: str
    edge: str


@dataclass(frozen=True, slots=True)
class CalendarDay(Record):
    """A day that differs from the week's rule, or that closes a published year (`kind` published)."""

    region: str
    id: int
    on: date
    kind: str
    name: str
    name_en: str
    source: str
    version: int


@dataclass(frozen=True, slots=True)
class PolicyEdition(Record):
    """From when a version of a table is in force, and for which cases (`new` or `open`)."""

    region: str
    id: int
    decision_id: str
    version: int
    effective_from: date
    applies_to: str


@dataclass(frozen=True, slots=True)
class PolicySnapshot(Record):
    """The policy values of a case as of one date: `values`, `units`, `row_ids` and `clauses` by parameter; append-only."""

    region: str
    id: int
    case_id: int
    n: int
    at: datetime
    jurisdiction: str
    aid_kind: str | None
    editions: Json
    values: Json
    units: Json
    row_ids: Json
    clauses: Json
