"""Human tasks: the row of a list, the page, and why somebody has it."""

from typing_extensions import TypedDict

from api.shapes.cases import Clock
from api.shapes.common import Data, Due, FormVersion, NextTask


class TaskRow(TypedDict):
    """A line of the inbox. `state` is unclaimed, claimed, delegated, signed, suspended or closed."""

    id: str
    title: str
    titleEn: str | None
    element: str
    caseNo: str
    procedure: str
    procedureName: str
    procedureNameEn: str | None
    person: str | None
    office: str
    officeName: str
    state: str
    urgent: bool
    dueAt: str | None
    dueOn: str | None
    due: Due
    assignee: str | None
    offeredAt: str | None
    closedAt: str | None
    clause: str | None


class Task(TaskRow):
    """A task with what the asker may do with it now."""

    version: int
    operations: list[str]
    document: str | None


class Draft(TypedDict):
    """Typing that was kept."""

    data: Data
    savedAt: str


class TaskCase(TypedDict):
    """The case of a task, as its page shows it."""

    caseNo: str
    procedure: str
    procedureName: str
    procedureNameEn: str | None
    person: str | None
    place: str | None
    openedAt: str
    office: str
    officeName: str
    state: str
    clocks: list[Clock]


class Reason(TypedDict):
    """Why a task stands where it stands."""

    zh: str
    en: str


class TaskView(TypedDict):
    """The page of a task: form with data, draft, case, reason; `submitted` is what was sent once it is done."""

    task: Task
    form: FormVersion | None
    data: Data
    draft: Draft | None
    case: TaskCase
    why: Reason | None
    submitted: Data | None


class Why(TypedDict):
    """How the audience was found, and what the gate says to the asker."""

    rule: str
    zh: str
    en: str
    people: list[str]


class Receiver(TypedDict):
    """Somebody to whom a task may be given."""

    id: str
    name: str
    post: str
    officeName: str


class Counts(TypedDict):
    """How many, each counted up to 1,000."""

    mine: int
    claimable: int


class Saved(TypedDict):
    """When the draft was kept."""

    savedAt: str


class Completed(TypedDict):
    """The task is closed; `next` are open tasks of the same case that this person may do."""

    closed: bool
    next: list[NextTask]
