"""The nouns of casework, one frozen record per row.

Every record is keyed by (region, id); region is the district's code, ids rise in time. `_at` are aware UTC moments, `_on` dates
of the region's calendar, money is Decimal. `_sealed` bytes are encrypted with the region's key (`casework.seal`), `_hash` is a
keyed hash for exact search. Which table a record lives in is said in `casework.persistence.rows`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from engine.model import Json

#: A moment that never comes: a clock that does not run, a task without a date (`decisions` 35).
PARKED = datetime(9999, 12, 31, tzinfo=UTC)

#: The region of what belongs to the installation as a whole: its administrators, deployments.
EVERYWHERE = "*"


class Record:
    """A row: frozen, keyed by region and id."""

    __slots__ = ()
    region: str
    id: int


# ---- people


class OfficeKind(StrEnum):
    """What an office is."""

    DISTRICT = "district"
    TOWNSHIP = "township"
    VILLAGE = "village"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Office(Record):
    """A place that holds posts. `code` is unique in the region; a department's is `<district>.<organisation>`."""

    region: str
    id: int
    code: str
    name: str
    name_en: str
    kind: OfficeKind
    parent_id: int | None
    phone: str = ""
    synthetic: bool = False


class StaffState(StrEnum):
    """Whether somebody may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Staff(Record):
    """A person who works for the authority; `login` is unique over all regions."""

    region: str
    id: int
    name: str
    login: str
    state: StaffState
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Credential(Record):
    """A password's argon2 hash; the row's id is the staff member's."""

    region: str
    id: int
    password_hash: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class StaffSession(Record):
    """A sign-in; the token itself is never stored."""

    region: str
    id: int
    staff_id: int
    token_hash: str
    address: str
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignInFailure(Record):
    """A failed try to sign in, of an account that may not exist."""

    region: str
    id: int
    login: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Holding(Record):
    """A person in a post at an office, from a day until the day before `until_on`."""

    region: str
    id: int
    staff_id: int
    post: str
    office_id: int
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Relation(Record):
    """A near relative of an officer: to a person, a household or one case, on whose word, and whether it bars (D04)."""

    region: str
    id: int
    staff_id: int
    person_id: int | None
    household_id: int | None
    case_id: int | None
    type: str
    nature: str | None
    care: bool | None
    ground: str
    said_by: str
    since_at: datetime
    ended_at: datetime | None
    bars: bool
    row_id: str | None
    clause: str = ""


# ---- households


@dataclass(frozen=True, slots=True)
class Person(Record):
    """A person of a household; what identifies or burdens her is sealed."""

    region: str
    id: int
    name: str
    pinyin: str
    initials: str
    sex: str | None
    birth_on: date | None
    id_type: str | None
    id_sealed: bytes | None
    id_hash: str | None
    phone_sealed: bytes | None
    bank_sealed: bytes | None
    health_sealed: bytes | None
    village_id: int | None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Household(Record):
    """One household, one file. `head_id` is a person; `village_id` an office of kind village."""

    region: str
    id: int
    file_no: str
    head_id: int | None
    village_id: int | None
    urban: bool | None = None
    address_sealed: bytes | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Member(Record):
    """A person in a household, from a day until the day before `until_on`."""

    region: str
    id: int
    household_id: int
    person_id: int
    role: str
    from_on: date
    until_on: date | None


# ---- cases


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


# ---- law


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


# ---- records


@dataclass(frozen=True, slots=True)
class Document(Record):
    """A stored file; `place` is its path below the data folder, `sha256` its digest in hex, `size` in bytes."""

    region: str
    id: int
    case_id: int | None
    type: str
    name: str
    sha256: str
    size: int
    place: str
    made_by: int | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Letter(Record):
    """An issued letter: its frozen data, and its file once it is drawn."""

    region: str
    id: int
    letter_no: str
    kind: str
    name: str
    case_id: int
    template: str
    template_version: int
    data_sealed: bytes
    issued_at: datetime
    issued_by: int | None
    document_id: int | None
    sha256: str | None
    size: int | None


@dataclass(frozen=True, slots=True)
class Notice(Record):
    """A public notice: its frozen data, until when it hangs, and its file once it is drawn."""

    region: str
    id: int
    notice_no: str
    kind: str
    name: str
    case_id: int
    template: str
    template_version: int
    data_sealed: bytes
    posted_at: datetime
    until_on: date | None
    removed_at: datetime | None
    document_id: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class LedgerEntry(Record):
    """A line of a ledger: the fold of its events as they stand now. `data` are the ledger's typed columns."""

    region: str
    id: int
    ledger: str
    entry_no: str
    case_id: int | None
    office_id: int
    item: str
    opened_on: date
    struck_on: date | None
    red_at: datetime | None
    flagged: bool
    data: Json


@dataclass(frozen=True, slots=True)
class LedgerEvent(Record):
    """A dated event of a ledger's line; append-only."""

    region: str
    id: int
    entry_id: int
    n: int
    valid_on: date
    recorded_at: datetime
    what: str
    ground: str | None
    by: str
    data: Json


@dataclass(frozen=True, slots=True)
class Aid(Record):
    """Aid that a household gets or got."""

    region: str
    id: int
    case_id: int
    household_id: int | None
    kind: str
    grade: str | None
    amount: Decimal
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Payment(Record):
    """Money or goods given, once per job."""

    region: str
    id: int
    case_id: int
    job_id: int
    payee: str
    amount: Decimal
    way: str
    receipt: str
    part: bool
    paid_at: datetime
    month: str


@dataclass(frozen=True, slots=True)
class ArchiveFile(Record):
    """The file of a closed case, sealed or still open."""

    region: str
    id: int
    case_id: int
    file_no: str | None
    record_class: str
    place: str | None
    pieces: int | None
    secrecy: str | None
    retention_until: date | None
    retention_clause: str | None
    sealed_at: datetime | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class ArchiveItem(Record):
    """A thing that a file must hold: what it is, who owes it, and where it is."""

    region: str
    id: int
    archive_file_id: int
    item: str
    kind: str
    post: str
    document_id: int | None
    submission_id: int | None
    excused: str | None


@dataclass(frozen=True, slots=True)
class Notification(Record):
    """A message to a person or an audience over a channel (inbox, sms, phone), with what became of it."""

    region: str
    id: int
    case_id: int | None
    audience: str
    channel: str
    text_id: str
    zh: str
    en: str
    sent_at: datetime
    read_at: datetime | None
    state: str


# ---- outside this transaction


class OutboxState(StrEnum):
    """What became of a row of the outbox; `stuck` waits for an administrator."""

    WAITING = "waiting"
    DONE = "done"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Outgoing(Record):
    """Something to do outside this transaction; its id goes out with the effect, so that a receiver can remember it."""

    region: str
    id: int
    kind: str
    case_id: int | None
    cause: str | None
    due_at: datetime
    payload_sealed: bytes
    attempts: int
    state: OutboxState
    message: str | None
    made_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """The first answer to a request with an idempotency key, kept in the same transaction as its effect."""

    region: str
    id: int
    key: str
    digest: str
    status: int | None
    body: bytes | None
    at: datetime
