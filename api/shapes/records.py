"""Persons, households, ledgers and files."""

from typing import Any

from typing_extensions import TypedDict

from api.shapes.common import Json
from api.shapes.rows import CaseRow
from api.wire import day, moment
from casework.model.records import Document, LedgerEntry
from casework.records.households import HouseholdView as HouseholdRecord
from casework.records.households import PersonLine
from casework.records.ledgers import Ledger as LedgerKind
from casework.records.ledgers import Line, Page


class Uploaded(TypedDict):
    """A file that was kept; a form names it by `id`. `size` in bytes, `token` its SHA-256 in hex."""

    id: str
    name: str
    type: str
    size: int
    token: str


class Column(TypedDict):
    """A column of a ledger: text, number, money, integer, boolean, date, datetime or list."""

    key: str
    name: str
    nameEn: str
    type: str


class Ledger(TypedDict):
    """A ledger and its columns."""

    code: str
    name: str
    nameEn: str
    columns: list[Column]


class LedgerRow(TypedDict):
    """A line of a ledger; `state` open, overdue or struck; `values` by the columns' keys."""

    id: str
    entryNo: str
    caseNo: str | None
    item: str
    officeName: str
    openedOn: str
    struckOn: str | None
    redAt: str | None
    state: str
    values: dict[str, Any]


class Word(TypedDict):
    """What a code means to a reader."""

    zh: str
    en: str


class LedgerPage(TypedDict):
    """Some lines of a ledger; `labels` are the words of coded columns, by column and code; `next` asks for what follows."""

    ledger: Ledger
    labels: dict[str, dict[str, Word]]
    rows: list[LedgerRow]
    next: str | None


class Person(TypedDict):
    """A person as lists show her: the identity number masked; `sex` male or female."""

    id: str
    name: str
    sex: str | None
    birthOn: str | None
    idMasked: str | None
    villageName: str
    householdId: str | None
    fileNo: str | None


class Member(TypedDict):
    """A person's place in a household."""

    personId: str
    name: str
    role: str
    idMasked: str | None
    birthOn: str | None
    fromOn: str


class Household(TypedDict):
    """A household, named by its head; `members` is how many."""

    id: str
    fileNo: str
    head: str
    villageName: str
    members: int


class HouseholdView(TypedDict):
    """The page of a household: members, the head first, and the cases that the asker may see."""

    id: str
    fileNo: str
    head: str
    villageName: str
    urban: bool | None
    synthetic: bool
    members: list[Member]
    cases: list[CaseRow]


def uploaded(document: Document) -> Uploaded:
    """A document that was just kept."""
    return {
        "id": str(document.id),
        "name": document.name,
        "type": document.type,
        "size": document.size,
        "token": document.sha256,
    }


def ledger(kind: LedgerKind) -> Ledger:
    """A ledger as deployed."""
    columns: list[Column] = [
        {"key": column.code, "name": column.zh, "nameEn": column.en, "type": column.type} for column in kind.columns
    ]
    return {"code": kind.code, "name": kind.zh, "nameEn": kind.en, "columns": columns}


def ledger_page(page: Page) -> LedgerPage:
    """A page of a ledger."""
    return {
        "ledger": ledger(page.ledger),
        "labels": {
            column: {code: {"zh": zh, "en": en} for code, (zh, en) in words.items()}
            for column, words in page.labels.items()
        },
        "rows": [ledger_row(line) for line in page.lines],
        "next": str(page.next) if page.next is not None else None,
    }


def ledger_row(line: Line) -> LedgerRow:
    """A line as of the day and the moment that were asked for."""
    entry = line.entry
    values: Json = entry.data
    return {
        "id": str(entry.id),
        "entryNo": entry.entry_no,
        "caseNo": line.case_no,
        "item": entry.item,
        "officeName": line.office_name,
        "openedOn": day(entry.opened_on),
        "struckOn": day(entry.struck_on),
        "redAt": moment(entry.red_at),
        "state": entry_state(entry),
        "values": dict(values),
    }


def entry_state(entry: LedgerEntry) -> str:
    """open, overdue (marked red) or struck off."""
    return "struck" if entry.struck_on is not None else "overdue" if entry.flagged else "open"


def person(line: PersonLine) -> Person:
    """A person, masked."""
    return {
        "id": str(line.id),
        "name": line.name,
        "sex": line.sex,
        "birthOn": day(line.birth_on),
        "idMasked": line.id_masked,
        "villageName": line.village,
        "householdId": str(line.household_id) if line.household_id is not None else None,
        "fileNo": line.file_no,
    }


def household(view: HouseholdRecord) -> Household:
    """A household in a list."""
    return {
        "id": str(view.household.id),
        "fileNo": view.household.file_no,
        "head": _head(view),
        "villageName": view.village,
        "members": len(view.members),
    }


def household_view(view: HouseholdRecord, cases: list[CaseRow]) -> HouseholdView:
    """The page of a household."""
    members: list[Member] = [
        {
            "personId": str(line.id),
            "name": line.name,
            "role": member.role,
            "idMasked": line.id_masked,
            "birthOn": day(line.birth_on),
            "fromOn": day(member.from_on),
        }
        for member, line in view.members
    ]
    return {
        "id": str(view.household.id),
        "fileNo": view.household.file_no,
        "head": _head(view),
        "villageName": view.village,
        "urban": view.household.urban,
        "synthetic": view.household.synthetic,
        "members": members,
        "cases": cases,
    }


def _head(view: HouseholdRecord) -> str:
    return view.members[0][1].name if view.members else ""
