"""Cases: the list, the page, the timeline, the path through the diagrams, and what may be started."""

from typing import Any
from urllib.parse import quote

from typing_extensions import TypedDict

from api.shapes.common import Data, Due, FormVersion, NextTask, Page, form_version, text_of
from api.shapes.common import due as due_of
from api.shapes.records import entry_state
from api.shapes.rows import CaseRow, TaskRow, case_row, task_row
from api.wire import day, moment
from casework.act import Act
from casework.desk import inbox
from casework.desk.timeline import Event
from casework.law.badges import ShownClock
from casework.law.calendar import DayExplained
from casework.model.record import PARKED
from casework.model.records import Document, Letter
from casework.records import case_page, cases, households, ledgers, starting
from engine import model as engine


class Clock(TypedDict):
    """A legal clock. `dueOn` is its last day where it counts days; `dueAt` the moment at which it is over."""

    id: str
    code: str
    item: str | None
    name: str
    nameEn: str | None
    unit: str
    state: str
    startedAt: str | None
    dueAt: str | None
    dueOn: str | None
    amberAt: str | None
    due: Due
    provisional: bool
    clause: str | None


class Procedure(TypedDict):
    """A procedure that the asker may start."""

    processId: str
    name: str
    nameEn: str | None
    description: str | None
    descriptionEn: str | None
    version: int


class StartForm(TypedDict):
    """The form by which a procedure or an operation begins."""

    form: FormVersion | None
    data: Data


class Opened(TypedDict):
    """A case was opened, or moved on."""

    caseNo: str


class Started(Opened):
    """`next` are the case's open tasks that this person may do now."""

    next: list[NextTask]


class CaseHead(TypedDict):
    """What a case is; `state` open, closing or closed."""

    caseNo: str
    processId: str
    procedureName: str
    procedureNameEn: str | None
    version: int
    state: str
    outcome: str | None
    openedAt: str
    closedAt: str | None
    officeName: str
    officeNameEn: str
    villageName: str | None
    urgent: bool
    startedBy: str | None


class CaseStandstill(TypedDict):
    """Where the case stands still until an administrator has mended something, and why."""

    element: str
    zh: str
    en: str


class CasePerson(TypedDict):
    """A person of the case's household, numbers masked."""

    id: str | None
    name: str
    role: str | None
    idMasked: str | None


class CaseField(TypedDict):
    """A value of the case with its label."""

    label: str
    labelEn: str | None
    value: Any


class LetterRow(TypedDict):
    """A letter that was issued."""

    letterNo: str
    kind: str
    name: str
    nameEn: str | None
    issuedAt: str
    url: str


class DocumentRow(TypedDict):
    """A file of the case; `size` in bytes."""

    id: str
    name: str
    type: str
    size: int
    at: str


class CaseLedgerEntry(TypedDict):
    """A ledger's line about the case."""

    ledger: str
    name: str
    nameEn: str | None
    item: str | None
    openedOn: str
    struckOn: str | None
    state: str


class CaseLink(TypedDict):
    """Another case that belongs to this one."""

    caseNo: str
    kind: str
    procedureName: str
    procedureNameEn: str | None


class Operation(TypedDict):
    """What the diagram offers on the whole case."""

    name: str
    label: str
    labelEn: str | None
    formId: str | None


class Payment(TypedDict):
    """Money that went out; `amount` in yuan."""

    amount: Any
    way: str
    receipt: str
    paidAt: str


class CaseView(TypedDict):
    """The page of a case; `tasks` are the open ones."""

    head: CaseHead
    standstills: list[CaseStandstill]
    persons: list[CasePerson]
    fields: list[CaseField]
    clocks: list[Clock]
    tasks: list[TaskRow]
    letters: list[LetterRow]
    documents: list[DocumentRow]
    ledgers: list[CaseLedgerEntry]
    payments: list[Payment]
    links: list[CaseLink]
    operations: list[Operation]


class TimelineEntry(TypedDict):
    """One thing that happened."""

    at: str
    actor: str | None
    verb: str
    title: str
    titleEn: str | None
    text: str | None
    textEn: str | None
    ground: str | None
    clause: str | None
    kind: str


class InstancePath(TypedDict):
    """How far one instance of the case has come in its diagram: element ids."""

    instanceId: str
    processId: str
    name: str
    version: int
    xml: str
    passed: list[str]
    current: list[str]
    incidents: list[str]


class ClockDay(TypedDict):
    """One day of a clock: counted or not, and why."""

    date: str
    counted: bool
    why: str
    whyEn: str
    provisional: bool


class ClockExplanation(TypedDict):
    """A clock, day by day."""

    clock: Clock
    days: list[ClockDay]


def procedure(found: starting.Procedure) -> Procedure:
    """A procedure that may be started."""
    return {
        "processId": found.definition.process_id,
        "name": found.name,
        "nameEn": found.name_en,
        "description": found.description,
        "descriptionEn": found.description_en,
        "version": found.definition.version,
    }


def start_form(form: engine.FormVersion | None, values: Data) -> StartForm:
    """A form and the data to open it with."""
    return {"form": form_version(form), "data": values}


def page(found: cases.Page) -> Page[CaseRow]:
    """A page of cases."""
    return {"rows": [case_row(row) for row in found.rows], "next": found.next}


def view(act: Act, found: case_page.CaseView) -> CaseView:
    """The page of a case; numbers of persons masked."""
    return {
        "head": head(found),
        "standstills": [{"element": one.element, "zh": one.zh, "en": one.en} for one in found.standing_still],
        "persons": persons(act, found),
        "fields": [{"label": label, "labelEn": label_en, "value": value} for label, label_en, value in found.fields],
        "clocks": [clock(each) for each in found.clocks],
        "tasks": [task_row(row) for row in inbox.rows_of(act, list(found.tasks))],
        "letters": [letter(each) for each in found.letters],
        "documents": [document(each) for each in found.documents],
        "ledgers": ledger_entries(act, found),
        "payments": [
            {"amount": each.amount, "way": each.way, "receipt": each.receipt, "paidAt": moment(each.paid_at)}
            for each in found.payments
        ],
        "links": [
            {
                "caseNo": other.case_no,
                "kind": link.kind,
                "procedureName": other.procedure_name,
                "procedureNameEn": other.procedure_name_en,
            }
            for link, other in found.links
        ],
        "operations": [
            {"name": each.name, "label": each.label, "labelEn": each.label_en, "formId": each.form_id}
            for each in found.operations
        ],
    }


def head(found: case_page.CaseView) -> CaseHead:
    """What a case is."""
    case = found.case
    return {
        "caseNo": case.case_no,
        "processId": case.process_id,
        "procedureName": case.procedure_name,
        "procedureNameEn": case.procedure_name_en,
        "version": case.process_version,
        "state": case.state.value,
        "outcome": case.outcome,
        "openedAt": moment(case.opened_at),
        "closedAt": moment(case.closed_at),
        "officeName": found.office.name,
        "officeNameEn": found.office.name_en,
        "villageName": found.village.name if found.village else None,
        "urgent": case.urgent,
        "startedBy": found.started_by.name if found.started_by else None,
    }


def persons(act: Act, found: case_page.CaseView) -> list[CasePerson]:
    """The household's members; before a household is linked, the person as she was named at the start."""
    if found.household is None:
        if not found.case.person_name:
            return []
        return [{"id": None, "name": found.case.person_name, "role": None, "idMasked": None}]
    members = households.view(act, found.household.id).members
    return [
        {"id": str(line.id), "name": line.name, "role": member.role, "idMasked": line.id_masked}
        for member, line in members
    ]


def clock(shown: ShownClock) -> Clock:
    """A legal clock by its name, with what is left of it."""
    kept, rule, badge = shown.clock, shown.rule, shown.badge
    return {
        "id": str(kept.id),
        "code": kept.code,
        "item": kept.item or None,
        "name": rule.zh if rule else kept.code,
        "nameEn": rule.en if rule else kept.code,
        "unit": kept.unit.value,
        "state": kept.state.value,
        "startedAt": moment(kept.started_at),
        "dueAt": moment(kept.due_at) if kept.due_at < PARKED else None,
        "dueOn": badge.due_on,
        "amberAt": moment(kept.amber_at) if kept.amber_at < PARKED else None,
        "due": due_of(badge),
        "provisional": kept.provisional,
        "clause": kept.clause or None,
    }


def letter(kept: Letter) -> LetterRow:
    """A letter that was issued."""
    return {
        "letterNo": kept.letter_no,
        "kind": kept.kind,
        "name": kept.name,
        "nameEn": None,
        "issuedAt": moment(kept.issued_at),
        "url": f"/api/letters/{quote(kept.letter_no, safe='')}",
    }


def document(kept: Document) -> DocumentRow:
    """A file of the case."""
    return {
        "id": str(kept.id),
        "name": kept.name,
        "type": kept.type,
        "size": kept.size,
        "at": moment(kept.made_at),
    }


def ledger_entries(act: Act, found: case_page.CaseView) -> list[CaseLedgerEntry]:
    """What ledgers say about the case."""
    kinds = ledgers.all_kinds(act)
    return [
        {
            "ledger": entry.ledger,
            "name": kinds[entry.ledger].zh if entry.ledger in kinds else entry.ledger,
            "nameEn": kinds[entry.ledger].en if entry.ledger in kinds else entry.ledger,
            "item": entry.item or None,
            "openedOn": day(entry.opened_on),
            "struckOn": day(entry.struck_on),
            "state": entry_state(entry),
        }
        for entry in found.entries
    ]


def timeline_entry(event: Event) -> TimelineEntry:
    """One thing that happened."""
    return {
        "at": moment(event.at),
        "actor": event.actor,
        "verb": event.verb,
        "title": event.words.zh,
        "titleEn": event.words.en,
        "text": event.about or None,
        "textEn": event.about_en or None,
        "ground": event.ground,
        "clause": event.clause,
        "kind": event.words.kind,
    }


def instance_path(found: case_page.InstancePath) -> InstancePath:
    """How far an instance has come."""
    return {
        "instanceId": str(found.instance_id),
        "processId": found.process_id,
        "name": found.name,
        "version": found.version,
        "xml": text_of(found.xml),
        "passed": list(found.passed),
        "current": list(found.current),
        "incidents": list(found.incidents),
    }


def explanation(shown: ShownClock, days: list[DayExplained]) -> ClockExplanation:
    """A clock, day by day."""
    counted: list[ClockDay] = [
        {
            "date": day(each.on),
            "counted": each.counted,
            "why": each.zh,
            "whyEn": each.en,
            "provisional": each.provisional,
        }
        for each in days
    ]
    return {"clock": clock(shown), "days": counted}
