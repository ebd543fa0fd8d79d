"""Records in and out of their tables: get, lock, find, add, change, drop. No rule of the house is here."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, insert, select, update
from sqlalchemy import delete as delete_from
from sqlalchemy.dialects import postgresql, sqlite

from casework.model.cases import CaseFile, CaseLink, Draft, HumanTask, Submission
from casework.model.law import CalendarDay, ClockEvent, ClockTimer, LegalClock, PolicyEdition, PolicySnapshot
from casework.model.outgoing import Answer, Notification, Outgoing
from casework.model.people import (
    Credential,
    Holding,
    Household,
    Member,
    Office,
    Person,
    Relation,
    SignInFailure,
    Staff,
    StaffSession,
)
from casework.model.record import Record
from casework.model.records import (
    Aid,
    ArchiveFile,
    ArchiveItem,
    Document,
    LedgerEntry,
    LedgerEvent,
    Letter,
    Notice,
    Payment,
)
from casework.persistence import tables
from engine.errors import Unknown

__all__ = [
    "TABLES", "Condition", "Connection", "add", "add_all", "change", "drop", "find", "find_all", "get", "greatest", "next_number",
]  # fmt: skip

R = TypeVar("R", bound=Record)
#: A condition on columns, as `casework.persistence` builds them.
Condition = ColumnElement[bool]

TABLES: dict[type[Record], Table] = {
    Office: tables.office, Staff: tables.staff, Credential: tables.credential,
    StaffSession: tables.staff_session, SignInFailure: tables.sign_in_failure, Holding: tables.holding,
    Relation: tables.relation, Person: tables.person, Household: tables.household, Member: tables.member,
    CaseFile: tables.case_file, CaseLink: tables.case_link, HumanTask: tables.human_task,
    Submission: tables.submission, Draft: tables.draft, LegalClock: tables.clock,
    ClockEvent: tables.clock_event, ClockTimer: tables.clock_timer, CalendarDay: tables.calendar_day,
    PolicyEdition: tables.policy_edition, PolicySnapshot: tables.policy_snapshot, Document: tables.document,
    Letter: tables.letter, Notice: tables.notice, LedgerEntry: tables.ledger_entry,
    LedgerEvent: tables.ledger_event, Aid: tables.aid, Payment: tables.payment,
    ArchiveFile: tables.archive_file, ArchiveItem: tables.archive_item, Notification: tables.notification,
    Outgoing: tables.outbox, Answer: tables.answer,
}  # fmt: skip


def get(connection: Connection, kind: type[R], region: str, record_id: int, *, lock: bool = False) -> R:
    """The record of that id; Unknown where there is none. `lock` holds the row until the transaction ends (PostgreSQL)."""
    table = TABLES[kind]
    query = select(table).where(table.c.region == region, table.c.id == record_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise Unknown("没有这条记录。", "There is no such record.")
    return _record(kind, row)


def find(connection: Connection, kind: type[R], region: str, /, **equals: Any) -> R | None:
    """The one record whose columns equal the given values, None where there is none."""
    table = TABLES[kind]
    row = connection.execute(select(table).where(_equal(table, region, equals)).limit(2)).one_or_none()
    return None if row is None else _record(kind, row)


def find_all(
    connection: Connection, kind: type[R], region: str, /, *conditions: Condition, limit: int = 1000, **equals: Any
) -> list[R]:
    """All records that meet the conditions (a list or tuple means one of them), in order of id, at most `limit`."""
    table = TABLES[kind]
    query = select(table).where(_equal(table, region, equals), *conditions).order_by(table.c.id).limit(limit)
    return [_record(kind, row) for row in connection.execute(query)]


def greatest(connection: Connection, kind: type[Record], region: str, column: str, /, **equals: Any) -> Any:
    """The greatest value of a column among the records with these values; None where there is none."""
    table = TABLES[kind]
    return connection.execute(select(func.max(table.c[column])).where(_equal(table, region, equals))).scalar()


def add(connection: Connection, record: Record) -> None:
    """Write a new row."""
    connection.execute(insert(TABLES[type(record)]).values(**_values(record)))


def add_all(connection: Connection, records: list[R]) -> None:
    """Many records of one kind in one statement."""
    if records:
        connection.execute(insert(TABLES[type(records[0])]), [_values(record) for record in records])


def change(connection: Connection, record: R, **values: Any) -> R:
    """The record with other values, written; the rest of the row is left as it stands."""
    table = TABLES[type(record)]
    if table in tables.APPEND_ONLY:
        raise TypeError(f"rows of {table.name} are never changed")
    connection.execute(update(table).where(table.c.region == record.region, table.c.id == record.id).values(**values))
    return replace(record, **values)  # type: ignore[type-var]  # every kind of record is a dataclass


def drop(connection: Connection, record: Record) -> None:
    """Remove a row that is no evidence of anything (drafts, old sessions)."""
    table = TABLES[type(record)]
    if table in tables.APPEND_ONLY:
        raise TypeError(f"rows of {table.name} are never removed")
    connection.execute(delete_from(table).where(table.c.region == record.region, table.c.id == record.id))


def next_number(connection: Connection, region: str, name: str, year: int, office: str) -> int:
    """The next number of a series, from 1, without gaps: the row stays locked until the transaction ends."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    counter = tables.counter
    statement = dialect.insert(counter).values(region=region, name=name, year=year, office=office, value=1)
    raised = statement.on_conflict_do_update(
        index_elements=["region", "name", "year", "office"], set_={"value": counter.c.value + 1}
    ).returning(counter.c.value)
    number: int = connection.execute(raised).scalar_one()
    return number


def _equal(table: Table, region: str, equals: dict[str, Any]) -> ColumnElement[bool]:
    terms = [table.c.region == region]
    for name, value in equals.items():
        column = table.c[name]
        # `= NULL` finds nothing; a column that must be empty is asked for as such.
        terms.append(
            column.is_(None)
            if value is None
            else column.in_(value)
            if isinstance(value, list | set | frozenset | tuple)
            else column == value
        )
    return and_(*terms)


def _record(kind: type[R], row: Row[Any]) -> R:
    return kind(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name begins with an underscore


def _values(record: Record) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]
