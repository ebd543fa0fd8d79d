"""Cases: the list, the page, the timeline, the path through the diagrams, and what may be started."""

from typing import Any

from typing_extensions import TypedDict

from api.shapes.common import Data, Due, FormVersion, NextTask


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


class Started(TypedDict):
    """A case was opened; `next` are its first tasks that this person may do."""

    caseNo: str
    next: list[NextTask]


class CaseRow(TypedDict):
    """A line of the list of cases."""

    caseNo: str
    processId: str
    procedureName: str
    procedureNameEn: str | None
    person: str | None
    state: str
    openedAt: str
    urgent: bool
    officeName: str


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
    urgent: bool
    startedBy: str | None


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


class CaseView(TypedDict):
    """The page of a case."""

    head: CaseHead
    persons: list[CasePerson]
    fields: list[CaseField]
    clocks: list[Clock]
    tasks: list[dict[str, Any]]
    letters: list[LetterRow]
    documents: list[DocumentRow]
    ledgers: list[CaseLedgerEntry]
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
    whyEn: str | None


class ClockExplanation(TypedDict):
    """A clock, day by day."""

    clock: Clock
    days: list[ClockDay]
