"""The case and the work on it: tasks, what was typed, drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casework.model.record import Record
from engine.model import Json


class CaseState(StrEnum):
    """A case is open, being filed (closing), or closed."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CaseFile(Record):
    """A case: one root process instance, seen as an office sees it.

    `office_id` is the office in charge (a township, or the district's own), `village_id` the village concerned.
    `person_name` and `place` are what was said at the start; the household is linked when a step knows it.
    """

    region: str
    id: int
    case_no: str
    root_instance_id: int
    definition_id: int
    process_id: str
    process_version: int
    procedure_name: str
    procedure_name_en: str
    matter: str | None
    aid_kind: str | None
    channel: str | None
    person_name: str
    place: str
    household_id: int | None
    office_id: int
    village_id: int | None
    state: CaseState
    urgent: bool
    outcome: str | None
    started_by: int | None
    opened_at: datetime
    closed_at: datetime | None
    origin_job_id: int | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class CaseLink(Record):
    """Two cases that belong together; `kind` says how."""

    region: str
    id: int
    from_case_id: int
    to_case_id: int
    kind: str
    at: datetime


class TaskState(StrEnum):
    """Where a human task stands (`architecture-casework`, section 5)."""

    UNCLAIMED = "unclaimed"
    CLAIMED = "claimed"
    DELEGATED = "delegated"
    SIGNED = "signed"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class TaskPart(StrEnum):
    """Whether a row is the task itself or another signer's part of it."""

    MAIN = "main"
    DELEGATE = "delegate"
    BEFORE = "before"
    BESIDE = "beside"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class HumanTask(Record):
    """Who has a user task, where and until when; the engine's row of the same id says what the diagram says.

    `audiences` are `post@officeCode` or `staff:<id>`; `rank` 0 is urgent, 1 ordinary; `due_at` is PARKED without a running clock;
    `clock_ref` the `code|item` of the clock that the diagram names, `clock_id` that clock once it runs;
    `not_by` the elements whose doers are excluded (four eyes); `second` is the form's field that names a second officer and
    `second_id` who it was; `why` tells how the audience was found.
    """

    region: str
    id: int
    case_id: int
    household_id: int | None
    office_id: int
    instance_id: int
    process_id: str
    procedure_name: str
    procedure_name_en: str
    case_no: str
    person_name: str
    element_id: str
    element_name: str
    title: str
    title_en: str
    form_id: int | None
    state: TaskState
    resumes_as: TaskState | None
    part: TaskPart
    parent_id: int | None
    audiences: tuple[str, ...]
    assignee_id: int | None
    rank: int
    due_at: datetime
    clock_ref: str | None
    clock_id: int | None
    stage: str | None
    not_by: tuple[str, ...]
    allowed: tuple[str, ...] | None
    second: str | None
    second_id: int | None
    clause: str
    offered_at: datetime
    seen_at: datetime | None
    claimed_at: datetime | None
    closed_at: datetime | None
    closed_by: int | None
    closed_for: int | None
    closed_how: str | None
    vote: str | None
    return_to: int | None
    urged: int
    urged_at: datetime | None
    why: Json
    version: int


@dataclass(frozen=True, slots=True)
class Submission(Record):
    """What was typed and accepted, as it was; append-only. A start form has no task."""

    region: str
    id: int
    case_id: int
    task_id: int | None
    element_id: str
    form_id: int | None
    data_sealed: bytes
    dropped: tuple[str, ...]
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft(Record):
    """Unfinished typing, kept for its writer until the task is closed."""

    region: str
    id: int
    task_id: int
    staff_id: int
    data_sealed: bytes
    saved_at: datetime
