"""Casework's tables, on the engine's one `MetaData`. The records over them are `casework.model`'s.

Every key is (region, id). Append-only tables are listed in `APPEND_ONLY`: nothing of ours updates or deletes their rows, and the
application's role on PostgreSQL has no right to.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)  # fmt: skip
from sqlalchemy.schema import SchemaItem

from casework.model.cases import CaseState, TaskPart, TaskState
from casework.model.law import ClockEventKind, ClockState, Unit
from casework.model.outgoing import OutboxState
from casework.model.people import OfficeKind, StaffState
from casework.persistence.columns import Exact, Word, Words
from engine.persistence.tables import Id, Packed, Region, Utc, metadata

__all__ = ["APPEND_ONLY", "metadata"]


def _table(name: str, *items: SchemaItem) -> Table:
    """A table keyed by region and id."""
    return Table(
        name, metadata,
        Column("region", Region(), primary_key=True),
        Column("id", Id, primary_key=True, autoincrement=False),
        *items,
    )  # fmt: skip


def _to(table: str, column: str) -> ForeignKeyConstraint:
    """`column` names a row of `table` in the same region."""
    return ForeignKeyConstraint(["region", column], [f"{table}.region", f"{table}.id"])


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _must(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _may(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, nullable=True)


# ---- people

office = _table(
    "office",
    _must("code", String(40)), _must("name", String(100)), _must("name_en", String(100)), _must("kind", Word(OfficeKind)),
    _may("parent_id", Id), _must("phone", String(40)), _must("synthetic", Boolean),
    UniqueConstraint("region", "code"), Index(None, "region", "parent_id"),
)  # fmt: skip

staff = _table(
    "staff",
    _must("name", String(100)), _must("login", String(60)), _must("state", Word(StaffState)), _must("synthetic", Boolean),
    UniqueConstraint("login"),
)  # fmt: skip

credential = _table(
    "credential",
    _must("password_hash", String(200)), _must("changed_at", Utc),
    _to("staff", "id"),
)  # fmt: skip

staff_session = _table(
    "staff_session",
    _must("staff_id", Id), _must("token_hash", String(64)), _must("address", String(60)),
    _must("started_at", Utc), _must("seen_at", Utc), _must("expires_at", Utc), _may("ended_at", Utc),
    UniqueConstraint("token_hash"), Index(None, "region", "staff_id"), _to("staff", "staff_id"),
)  # fmt: skip

sign_in_failure = _table(
    "sign_in_failure",
    _must("login", String(60)), _must("address", String(60)), _must("at", Utc),
    Index(None, "login", "at"), Index(None, "address", "at"),
)  # fmt: skip

program = _table(
    "program",
    _must("name", String(40)), _must("secret_hash", String(64)), _must("scopes", Words), _must("made_by", String(100)),
    _must("made_at", Utc), _may("ended_at", Utc),
    UniqueConstraint("name"),
)  # fmt: skip

holding = _table(
    "holding",
    _must("staff_id", Id), _must("post", String(60)), _must("office_id", Id), _must("from_on", Date), _may("until_on", Date),
    Index(None, "region", "staff_id"), Index(None, "region", "office_id", "post"),
    _to("staff", "staff_id"), _to("office", "office_id"),
)  # fmt: skip

relation = _table(
    "relation",
    _must("staff_id", Id), _may("person_id", Id), _may("household_id", Id), _may("case_id", Id),
    _must("type", String(40)), _may("nature", String(40)), _may("care", Boolean), _must("ground", Text),
    _must("said_by", String(100)), _must("since_at", Utc), _may("ended_at", Utc), _must("bars", Boolean),
    _may("row_id", String(60)), _must("clause", String(200)),
    Index("ix_relation_barring", "region", "staff_id", **_where("bars and ended_at is null")),
    Index(None, "region", "household_id"), Index(None, "region", "person_id"), Index(None, "region", "case_id"),
    _to("staff", "staff_id"),
)  # fmt: skip

# ---- households

person = _table(
    "person",
    _must("name", String(100)), _must("pinyin", String(300)), _must("initials", String(100)), _may("sex", String(10)),
    _may("birth_on", Date), _may("id_type", String(30)), _may("id_sealed", LargeBinary), _may("id_hash", String(64)),
    _may("phone_sealed", LargeBinary), _may("bank_sealed", LargeBinary), _may("health_sealed", LargeBinary),
    _may("village_id", Id), _must("synthetic", Boolean),
    UniqueConstraint("region", "id_hash"), Index(None, "region", "name"), Index(None, "region", "pinyin"),
    Index(None, "region", "initials"), _to("office", "village_id"),
)  # fmt: skip

household = _table(
    "household",
    _must("file_no", String(40)), _may("head_id", Id), _may("village_id", Id), _may("urban", Boolean),
    _may("address_sealed", LargeBinary), _must("synthetic", Boolean),
    UniqueConstraint("region", "file_no"), Index(None, "region", "head_id"), Index(None, "region", "village_id"),
    _to("person", "head_id"), _to("office", "village_id"),
)  # fmt: skip

member = _table(
    "member",
    _must("household_id", Id), _must("person_id", Id), _must("role", String(40)), _must("from_on", Date), _may("until_on", Date),
    Index(None, "region", "household_id"),
    Index("uq_member_open", "region", "person_id", unique=True, **_where("until_on is null")),
    _to("household", "household_id"), _to("person", "person_id"),
)  # fmt: skip

# ---- cases

case_file = _table(
    "case_file",
    _must("case_no", String(60)), _must("root_instance_id", Id), _must("definition_id", Id), _must("process_id", String(255)),
    _must("process_version", Integer), _must("procedure_name", String(200)), _must("procedure_name_en", String(200)), _may("matter", String(60)),
    _may("aid_kind", String(60)), _may("channel", String(30)), _must("person_name", String(100)), _must("place", String(300)),
    _may("household_id", Id), _must("office_id", Id), _may("village_id", Id), _must("state", Word(CaseState)),
    _must("urgent", Boolean), _may("outcome", String(60)), _may("started_by", Id), _must("opened_at", Utc), _may("closed_at", Utc),
    _may("origin_job_id", Id), _may("cause", String(200)),
    UniqueConstraint("region", "case_no"), UniqueConstraint("region", "root_instance_id"),
    UniqueConstraint("region", "origin_job_id"), UniqueConstraint("region", "cause"),
    Index(None, "region", "household_id"), Index("ix_case_file_office", "region", "office_id", "state", "id"),
    Index(None, "region", "started_by"),
    _to("household", "household_id"), _to("office", "office_id"), _to("office", "village_id"), _to("staff", "started_by"),
)  # fmt: skip

case_link = _table(
    "case_link",
    _must("from_case_id", Id), _must("to_case_id", Id), _must("kind", String(60)), _must("at", Utc),
    UniqueConstraint("region", "from_case_id", "to_case_id", "kind"), Index(None, "region", "to_case_id"),
    _to("case_file", "from_case_id"), _to("case_file", "to_case_id"),
)  # fmt: skip

human_task = _table(
    "human_task",
    _must("case_id", Id), _may("household_id", Id), _must("office_id", Id), _must("instance_id", Id),
    _must("process_id", String(255)), _must("procedure_name", String(200)), _must("procedure_name_en", String(200)),
    _must("case_no", String(60)),
    _must("person_name", String(100)), _must("element_id", String(255)), _must("element_name", String(500)),
    _must("title", String(500)), _must("title_en", String(500)), _may("form_id", Id), _must("state", Word(TaskState)), _may("resumes_as", Word(TaskState)),
    _must("part", Word(TaskPart)), _may("parent_id", Id), _must("audiences", Words), _may("assignee_id", Id),
    _must("rank", Integer), _must("due_at", Utc), _may("clock_ref", String(250)), _may("clock_id", Id), _may("stage", String(40)), _must("not_by", Words),
    _may("allowed", Words), _may("second", String(100)), _may("second_id", Id), _must("clause", String(300)), _must("offered_at", Utc), _may("seen_at", Utc), _may("claimed_at", Utc),
    _may("closed_at", Utc), _may("closed_by", Id), _may("closed_for", Id), _may("closed_how", String(30)), _may("vote", String(30)),
    _may("return_to", Id), _must("urged", Integer), _may("urged_at", Utc), _must("why", Packed), _must("version", Integer),
    Index("ix_human_task_mine", "region", "assignee_id", "rank", "due_at", "id", **_where("state <> 'closed'")),
    Index("ix_human_task_done", "region", "closed_by", "closed_at", "id", **_where("closed_by is not null")),
    Index("ix_human_task_element", "region", "case_id", "element_id"),
    Index("ix_human_task_office", "region", "office_id", "rank", "due_at", "id", **_where("state <> 'closed'")),
    Index("ix_human_task_clock", "region", "clock_id", **_where("state <> 'closed'")),
    Index("ix_human_task_household", "region", "household_id", **_where("state <> 'closed'")),
    _to("case_file", "case_id"), _to("office", "office_id"),
)  # fmt: skip

# A row per audience of a task, exactly while the task is unclaimed.
offer = Table(
    "offer", metadata,
    Column("region", Region(), primary_key=True),
    Column("task_id", Id, primary_key=True, autoincrement=False),
    Column("audience", String(120), primary_key=True),
    _must("rank", Integer), _must("due_at", Utc), _must("case_id", Id), _may("household_id", Id), _must("process_id", String(255)),
    Index("ix_offer_audience", "region", "audience", "rank", "due_at", "task_id"),
    _to("human_task", "task_id"),
)  # fmt: skip

submission = _table(
    "submission",
    _must("case_id", Id), _may("task_id", Id), _must("element_id", String(255)), _may("form_id", Id),
    _must("data_sealed", LargeBinary), _must("dropped", Words), _may("by_id", Id), _must("at", Utc),
    Index(None, "region", "case_id"), Index(None, "region", "task_id"), _to("case_file", "case_id"),
)  # fmt: skip

draft = _table(
    "draft",
    _must("task_id", Id), _must("staff_id", Id), _must("data_sealed", LargeBinary), _must("saved_at", Utc),
    UniqueConstraint("region", "task_id", "staff_id"), _to("human_task", "task_id"), _to("staff", "staff_id"),
)  # fmt: skip

# ---- law

clock = _table(
    "clock",
    _must("case_id", Id), _must("code", String(40)), _must("item", String(200)), _must("unit", Word(Unit)),
    _must("length", Exact), _must("rolls", Boolean), _must("amber_share", Exact), _must("started_at", Utc), _must("due_at", Utc),
    _must("amber_at", Utc), _must("state", Word(ClockState)), _must("remaining", Exact), _must("extensions", Integer),
    _may("follows", String(40)), _must("calendar_version", Integer), _must("provisional", Boolean), _must("clause", String(300)),
    _may("row_id", String(60)),
    Index("uq_clock_open", "region", "case_id", "code", "item", unique=True, **_where("state <> 'stopped'")),
    Index(None, "region", "case_id"),
    _to("case_file", "case_id"),
)  # fmt: skip

clock_event = _table(
    "clock_event",
    _must("clock_id", Id), _must("n", Integer), _must("kind", Word(ClockEventKind)), _must("at", Utc), _may("amount", Exact),
    _may("ground", Text), _may("clause", String(300)), _must("by", String(100)), _may("remaining_before", Exact),
    _may("remaining_after", Exact), _may("due_before", Utc), _may("due_after", Utc), _must("told", Words),
    UniqueConstraint("region", "clock_id", "n"), _to("clock", "clock_id"),
)  # fmt: skip

clock_timer = _table(
    "clock_timer",
    _may("clock_id", Id), _must("case_id", Id), _must("code", String(40)), _must("item", String(200)), _must("edge", String(10)),
    Index(None, "region", "case_id"), Index(None, "region", "clock_id"),
    _to("clock", "clock_id"), _to("case_file", "case_id"),
)  # fmt: skip

calendar_day = _table(
    "calendar_day",
    _must("on", Date), _must("kind", String(12)), _must("name", String(60)), _must("name_en", String(60)),
    _must("source", String(60)), _must("version", Integer),
    UniqueConstraint("region", "on"),
)  # fmt: skip

policy_edition = _table(
    "policy_edition",
    _must("decision_id", String(255)), _must("version", Integer), _must("effective_from", Date), _must("applies_to", String(10)),
    UniqueConstraint("region", "decision_id", "version"), Index(None, "region", "decision_id", "effective_from"),
)  # fmt: skip

policy_snapshot = _table(
    "policy_snapshot",
    _must("case_id", Id), _must("n", Integer), _must("at", Utc), _must("jurisdiction", String(40)), _may("aid_kind", String(60)),
    _must("editions", Packed), _must("values", Packed), _must("units", Packed), _must("row_ids", Packed), _must("clauses", Packed),
    UniqueConstraint("region", "case_id", "n"), _to("case_file", "case_id"),
)  # fmt: skip

# ---- records

document = _table(
    "document",
    _may("case_id", Id), _must("type", String(100)), _must("name", String(255)), _must("sha256", String(64)), _must("size", Integer),
    _must("place", String(300)), _may("made_by", Id), _must("made_at", Utc),
    Index(None, "region", "case_id"), _to("case_file", "case_id"),
)  # fmt: skip

letter = _table(
    "letter",
    _must("letter_no", String(60)), _must("kind", String(10)), _must("name", String(100)), _must("case_id", Id),
    _must("template", String(100)), _must("template_version", Integer), _must("data_sealed", LargeBinary), _must("issued_at", Utc),
    _may("issued_by", Id), _may("document_id", Id), _may("sha256", String(64)), _may("size", Integer),
    UniqueConstraint("region", "letter_no"), Index(None, "region", "case_id"),
    _to("case_file", "case_id"), _to("document", "document_id"),
)  # fmt: skip

notice = _table(
    "notice",
    _must("notice_no", String(60)), _must("kind", String(10)), _must("name", String(100)), _must("case_id", Id),
    _must("template", String(100)), _must("template_version", Integer), _must("data_sealed", LargeBinary), _must("posted_at", Utc),
    _may("until_on", Date), _may("removed_at", Utc), _may("document_id", Id), _may("sha256", String(64)),
    UniqueConstraint("region", "notice_no"), Index(None, "region", "case_id"),
    _to("case_file", "case_id"), _to("document", "document_id"),
)  # fmt: skip

ledger_entry = _table(
    "ledger_entry",
    _must("ledger", String(10)), _must("entry_no", String(60)), _may("case_id", Id), _must("office_id", Id), _must("item", String(200)),
    _must("opened_on", Date), _may("struck_on", Date), _may("red_at", Utc), _must("flagged", Boolean), _must("data", Packed),
    UniqueConstraint("region", "ledger", "entry_no"), Index("ix_ledger_entry_office", "region", "ledger", "office_id", "opened_on"),
    Index(None, "region", "case_id"), Index("ix_ledger_entry_open", "region", "ledger", "office_id", **_where("struck_on is null")),
    _to("case_file", "case_id"), _to("office", "office_id"),
)  # fmt: skip

ledger_event = _table(
    "ledger_event",
    _must("entry_id", Id), _must("n", Integer), _must("valid_on", Date), _must("recorded_at", Utc), _must("what", String(30)),
    _may("ground", Text), _must("by", String(100)), _must("data", Packed),
    UniqueConstraint("region", "entry_id", "n"), _to("ledger_entry", "entry_id"),
)  # fmt: skip

aid = _table(
    "aid",
    _must("case_id", Id), _may("household_id", Id), _must("kind", String(60)), _may("grade", String(60)), _must("amount", Exact),
    _must("from_on", Date), _may("until_on", Date),
    Index(None, "region", "household_id"), Index(None, "region", "case_id"), _to("case_file", "case_id"),
)  # fmt: skip

payment = _table(
    "payment",
    _must("case_id", Id), _must("job_id", Id), _must("payee", String(100)), _must("amount", Exact), _must("way", String(60)),
    _must("receipt", String(100)), _must("part", Boolean), _must("paid_at", Utc), _must("month", String(7)),
    UniqueConstraint("region", "job_id"), Index(None, "region", "case_id"), _to("case_file", "case_id"),
)  # fmt: skip

archive_file = _table(
    "archive_file",
    _must("case_id", Id), _may("file_no", String(60)), _must("record_class", String(60)), _may("place", String(200)),
    _may("pieces", Integer), _may("secrecy", String(60)), _may("retention_until", Date), _may("retention_clause", String(100)),
    _may("sealed_at", Utc), _may("digest", String(64)),
    UniqueConstraint("region", "file_no"), UniqueConstraint("region", "case_id", "record_class"), _to("case_file", "case_id"),
)  # fmt: skip

archive_item = _table(
    "archive_item",
    _must("archive_file_id", Id), _must("item", String(200)), _must("kind", String(20)), _must("post", String(60)),
    _may("document_id", Id), _may("submission_id", Id), _may("excused", Text),
    UniqueConstraint("region", "archive_file_id", "item"), _to("archive_file", "archive_file_id"),
)  # fmt: skip

notification = _table(
    "notification",
    _may("case_id", Id), _must("audience", String(120)), _must("channel", String(10)), _must("text_id", String(60)),
    _must("zh", Text), _must("en", Text), _must("sent_at", Utc), _may("read_at", Utc), _must("state", String(20)),
    Index("ix_notification_audience", "region", "audience", "sent_at"), Index(None, "region", "case_id"),
)  # fmt: skip

# ---- proof and what leaves the house

audit_entry = _table(
    "audit_entry",
    _must("chain", String(80)), _must("n", Integer), _must("at", Utc), _may("actor_id", Id), _must("actor", String(100)),
    _must("capacity", String(20)), _must("verb", String(40)), _must("subject", String(120)), _may("ground", Text),
    _may("clause", String(300)), _must("payload_digest", String(64)), _must("previous", String(64)), _must("hash", String(64)),
    UniqueConstraint("region", "chain", "n"), Index("ix_audit_entry_actor", "region", "actor_id", "id"),
)  # fmt: skip

audit_payload = _table(
    "audit_payload",
    _must("payload_sealed", LargeBinary),
)  # fmt: skip

# Where each chain stands: the row that orders those who append to it. `anchored` is the last n that a head entry holds.
audit_chain = Table(
    "audit_chain", metadata,
    Column("region", Region(), primary_key=True),
    Column("chain", String(80), primary_key=True),
    _must("n", Integer), _must("hash", String(64)), _must("anchored", Integer), _must("moved_at", Utc),
    Index("ix_audit_chain_loose", "moved_at", **_where("n > anchored")),
)  # fmt: skip

audit_head = Table(
    "audit_head", metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    _must("at", Utc), _must("heads", Packed), _must("previous", String(64)), _must("hash", String(64)),
)  # fmt: skip

outbox = _table(
    "outbox",
    _must("kind", String(40)), _may("case_id", Id), _may("cause", String(200)), _must("due_at", Utc),
    _must("payload_sealed", LargeBinary), _must("attempts", Integer), _must("state", Word(OutboxState)), _may("message", Text),
    _must("made_at", Utc), _may("done_at", Utc),
    UniqueConstraint("region", "cause"), Index("ix_outbox_due", "due_at", "id", **_where("state = 'waiting'")),
)  # fmt: skip

answer = _table(
    "answer",
    _must("key", String(300)), _must("digest", String(64)), _may("status", Integer), _may("body", LargeBinary), _must("at", Utc),
    UniqueConstraint("region", "key"), Index(None, "at"),
)  # fmt: skip

counter = Table(
    "counter", metadata,
    Column("region", Region(), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("office", String(40), primary_key=True),
    _must("value", Integer),
)  # fmt: skip

APPEND_ONLY = (submission, clock_event, policy_snapshot, document, ledger_event, audit_entry, audit_head)
