"""What is kept of a case: documents, letters, notices, ledgers, aid, payments, the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from casework.model.record import Record
from engine.model import Json


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
