"""Records in and out of their tables: get, lock, find, add, change, drop. No rule of the house is here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Integer, Row, ScalarSelect, Table, and_, bindparam, func, select
from sqlalchemy.exc import MultipleResultsFound

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
    Program,
    Relation,
    SignInFailure,
    Staff,
    StaffSession,
)
from casework.model.record import EVERYWHERE, Record
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
from engine.persistence.definitions import MARK
from engine.persistence.statements import Insert, Statement, among, deleting, equal, insert_for, updating

__all__ = [
    "TABLES", "Condition", "Connection", "add", "add_all", "change", "drop", "find", "find_all", "get", "greatest", "next_number", "only",
]  # fmt: skip

R = TypeVar("R", bound=Record)
F = TypeVar("F", bound=Callable[..., Any])
#: A condition on columns, as `casework.persistence` builds them.
Condition = ColumnElement[bool]



def _once(make: F) -> F:
    """Make a statement once for each kind and each set of columns."""
    return lru_cache(maxsize=None)(make)  # type: ignore[return-value]  # the cache has the signature of what it keeps


TABLES: dict[type[Record], Table] = {
    Office: tables.office, Staff: tables.staff, Credential: tables.credential,
    StaffSession: tables.staff_session, SignInFailure: tables.sign_in_failure, Program: tables.program, Holding: tables.holding,
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
    found: R | None = _by_id(kind, lock).first(connection, region=region, id=record_id)
    if found is None:
        raise Unknown("没有这条记录。", "There is no such record.")
    return found


def find(connection: Connection, kind: type[R], region: str, /, **equals: Any) -> R | None:
    """The one record whose columns equal the given values, None where there is none."""
    return only(_matching(connection, kind, region, equals, 2))


def only(found: list[R]) -> R | None:
    """The one record that was found, None where none was; MultipleResultsFound for more (the caller's mistake)."""
    if len(found) > 1:
        raise MultipleResultsFound(f"more than one {type(found[0]).__name__}")
    return found[0] if found else None


def find_all(
    connection: Connection, kind: type[R], region: str, /, *conditions: Condition, limit: int = 1000, **equals: Any
) -> list[R]:
    """All records that meet the conditions (a list or tuple means one of them), in order of id, at most `limit`."""
    if not conditions:
        return _matching(connection, kind, region, equals, limit)
    table = TABLES[kind]
    query = select(table).where(_equal(table, region, equals), *conditions).order_by(table.c.id).limit(limit)
    return [_record(kind, row) for row in connection.execute(query)]


def greatest(connection: Connection, kind: type[Record], region: str, column: str, /, **equals: Any) -> Any:
    """The greatest value of a column among the records with these values; None where there is none."""
    return _greatest(kind, column, tuple(equals)).scalar(connection, region=region, **equals)


def add(connection: Connection, record: Record) -> None:
    """Write a new row."""
    add_all(connection, [record])


def add_all(connection: Connection, records: list[R]) -> None:
    """Many records of one kind, together."""
    if records:
        _note_reference(connection, records[0])
        statement, names = _adding(type(records[0]))
        statement.write_in_order(connection, [[getattr(record, name) for name in names] for record in records])


def change(connection: Connection, record: R, **values: Any) -> R:
    """The record with other values, written; the rest of the row is left as it stands."""
    table = TABLES[type(record)]
    if table in tables.APPEND_ONLY:
        raise TypeError(f"rows of {table.name} are never changed")
    _note_reference(connection, record)
    key = {"key_region": record.region, "key_id": record.id}
    _changing(type(record), tuple(values)).write(connection, {**values, **key})
    return replace(record, **values)  # type: ignore[type-var]  # every kind of record is a dataclass


def drop(connection: Connection, record: Record) -> None:
    """Remove a row that is no evidence of anything (drafts, old sessions)."""
    table = TABLES[type(record)]
    if table in tables.APPEND_ONLY:
        raise TypeError(f"rows of {table.name} are never removed")
    _note_reference(connection, record)
    _dropping(type(record)).write(connection, {"key_region": record.region, "key_id": record.id})


#: What changes seldom and is read in every act: kept in memory as long as the region's number stands (`casework.reference`).
REFERENCE: frozenset[type[Record]] = frozenset(
    {Office, Staff, Holding, Relation, CalendarDay, PolicyEdition}
)
_REFERENCE = "reference"


def reference_number(region: Any) -> ScalarSelect[int]:
    """How often reference data of the region has changed, as part of another query."""
    counter = tables.counter.c
    return select(counter.value).where(*_reference_key(region)).scalar_subquery()


def _reference_key(region: Any) -> tuple[ColumnElement[bool], ...]:
    counter = tables.counter.c
    return counter.region == region, counter.name == _REFERENCE, counter.year == 0, counter.office == ""


_STANDING = Statement(
    select(MARK, reference_number(bindparam("region", type_=tables.counter.c.region.type)), reference_number(EVERYWHERE)),
    into=lambda *row: row,
)


def read_standing(connection: Connection, region: str) -> tuple[int, int, int]:
    """How many deployments there are, and how often reference data changed: of the region, and of the installation."""
    mark, own, everywhere = _STANDING.first(connection, region=region)
    return mark, own or 0, everywhere or 0


def _note_reference(connection: Connection, record: Record) -> None:
    """Reference data of a region changes: all nodes must read it anew after this commit."""
    if type(record) in REFERENCE:
        next_number(connection, record.region, _REFERENCE, 0, "")


def next_number(connection: Connection, region: str, name: str, year: int, office: str) -> int:
    """The next number of a series, from 1, without gaps: the row stays locked until the transaction ends."""
    number: int = _NEXT_NUMBER.scalar(connection, region=region, name=name, year=year, office=office, value=1)
    return number


def _next_number(dialect: str) -> Any:
    counter = tables.counter
    names = ("region", "name", "year", "office", "value")
    statement = insert_for(dialect, counter).values({name: bindparam(name, type_=counter.c[name].type) for name in names})
    raised = statement.on_conflict_do_update(index_elements=list(names[:4]), set_={"value": counter.c.value + 1})
    return raised.returning(counter.c.value)


_NEXT_NUMBER = Statement(_next_number)


# ---- statements, built once for each kind and each set of columns


def columns_of(kind: type[Record], table: Any = None) -> list[Any]:
    """The columns of a record in the order of its fields; of an alias where one is given."""
    own = TABLES[kind] if table is None else table
    return [own.c[field.name] for field in fields(kind)]  # type: ignore[arg-type]  # every record is a dataclass


@_once
def _by_id(kind: type[Record], lock: bool) -> Statement:
    table = TABLES[kind]
    query = select(*columns_of(kind)).where(equal(table.c.region), equal(table.c.id))
    return Statement(query.with_for_update() if lock else query, into=kind)


def _matching(connection: Connection, kind: type[R], region: str, equals: dict[str, Any], limit: int) -> list[R]:
    shape = tuple((name, _shape(value)) for name, value in equals.items())
    values = {name: list(value) if _shape(value) is _Shape.LIST else value for name, value in equals.items()}
    found: list[R] = _finding(kind, shape).all(connection, region=region, most=limit, **values)
    return found


class _Shape(Enum):
    VALUE = "value"
    NULL = "null"
    LIST = "list"


def _shape(value: Any) -> _Shape:
    if value is None:
        return _Shape.NULL
    return _Shape.LIST if isinstance(value, list | set | frozenset | tuple) else _Shape.VALUE


@_once
def _finding(kind: type[Record], shape: tuple[tuple[str, _Shape], ...]) -> Statement:
    table = TABLES[kind]

    def build(dialect: str) -> Any:
        terms = [equal(table.c.region)]
        for name, form in shape:
            column = table.c[name]
            # `= NULL` finds nothing; a column that must be empty is asked for as such.
            terms.append(
                column.is_(None) if form is _Shape.NULL
                else among(dialect, column, name) if form is _Shape.LIST
                else equal(column)
            )  # fmt: skip
        return select(*columns_of(kind)).where(*terms).order_by(table.c.id).limit(bindparam("most", type_=Integer))

    return Statement(build, into=kind)


@_once
def _greatest(kind: type[Record], column: str, names: tuple[str, ...]) -> Statement:
    table = TABLES[kind]
    query = select(func.max(table.c[column])).where(equal(table.c.region), *(equal(table.c[name]) for name in names))
    return Statement(query)


@_once
def _adding(kind: type[Record]) -> tuple[Insert, list[str]]:
    table = TABLES[kind]
    return Insert(table), [column.name for column in table.columns]


@_once
def _changing(kind: type[Record], names: tuple[str, ...]) -> Statement:
    return updating(TABLES[kind], *names)


@_once
def _dropping(kind: type[Record]) -> Statement:
    return deleting(TABLES[kind])


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
