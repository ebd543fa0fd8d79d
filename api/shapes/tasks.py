"""Human tasks: the row of a list, the page, and why somebody has it."""

from typing import Any

from typing_extensions import TypedDict

from api.shapes.cases import Clock, Opened, clock
from api.shapes.common import Data, FormVersion, Json, NextTask, Page, data, form_version
from api.shapes.rows import TaskRow, task_row
from api.wire import moment
from casework.act import Act
from casework.desk import inbox, tasks
from casework.model.cases import CaseFile, HumanTask
from casework.model.people import Staff
from casework.people.eligibility import Line


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
    """The page of a task: form with data, draft, case, reason; `submitted` is what was sent once it is done.

    `masked` are the ids of the form's fields of which the asker's posts may not see everything.
    """

    task: Task
    form: FormVersion | None
    data: Data
    draft: Draft | None
    case: TaskCase
    why: Reason | None
    submitted: Data | None
    masked: list[str]


class GateLine(TypedDict):
    """One question of the gate and its answer for the asker."""

    name: str
    holds: bool
    zh: str
    en: str
    clause: str | None


class Why(TypedDict):
    """How the audience was found, what the gate says to the asker, and (for heads) who may do it."""

    rule: str
    zh: str
    en: str
    lines: list[GateLine]
    people: list[str]


class Receiver(TypedDict):
    """Somebody to whom a task may be given."""

    id: str
    name: str
    post: str
    postName: str
    postNameEn: str
    officeName: str


class Counts(TypedDict):
    """How many, each counted up to 1,000."""

    mine: int
    claimable: int


class Saved(TypedDict):
    """When the draft was kept."""

    savedAt: str


class Closed(TypedDict):
    """A task is closed, in this case."""

    closed: bool
    caseNo: str


class Completed(Closed):
    """`next` are open tasks of the same case that this person may do."""

    next: list[NextTask]


def page(found: inbox.Page) -> Page[TaskRow]:
    """A page of the inbox."""
    return {"rows": [task_row(row) for row in found.rows], "next": found.next}


def counts(found: inbox.Counts) -> Counts:
    """How many."""
    return {"mine": found.mine, "claimable": found.claimable}


def view(act: Act, found: tasks.TaskView) -> TaskView:
    """The page of a task."""
    row = inbox.Row(found.task, found.badge, found.office, found.assignee)
    return {
        "task": {
            **task_row(row),
            "version": found.task.version,
            "operations": list(found.operations),
            "document": documentation(act, found.task),
        },
        "form": form_version(found.form),
        "data": data(found.data),
        "draft": {"data": data(found.draft[0]), "savedAt": moment(found.draft[1])} if found.draft else None,
        "case": task_case(found),
        "why": reason(found.why),
        "submitted": data(found.submitted) if found.submitted is not None else None,
        "masked": list(found.masked),
    }


def documentation(act: Act, task: HumanTask) -> str | None:
    """What the diagram says about the step."""
    element = act.work.model(act.work.instance(task.instance_id).definition_id).elements.get(task.element_id)
    return (element.documentation or None) if element else None


def task_case(found: tasks.TaskView) -> TaskCase:
    """The case of a task with its clocks."""
    case = found.case
    return {
        "caseNo": case.case_no,
        "procedure": case.process_id,
        "procedureName": case.procedure_name,
        "procedureNameEn": case.procedure_name_en,
        "person": case.person_name,
        "place": case.place,
        "openedAt": moment(case.opened_at),
        "office": found.office.code,
        "officeName": found.office.name,
        "state": case.state.value,
        "clocks": [clock(each) for each in found.clocks],
    }


def reason(found: Json) -> Reason | None:
    """How the audience was found."""
    return {"zh": str(found["zh"]), "en": str(found["en"])} if isinstance(found, dict) else None


def why(answer: tuple[Json, list[Line], list[Staff]]) -> Why:
    """How the audience was found, and the gate's answer to the asker, line by line."""
    derived, lines, people = answer
    found: dict[str, Json] = derived if isinstance(derived, dict) else {}
    return {
        "rule": str(found.get("rule", "")),
        "zh": str(found.get("zh", "")),
        "en": str(found.get("en", "")),
        "lines": [
            {"name": line.name, "holds": line.holds, "zh": line.zh, "en": line.en, "clause": line.clause or None}
            for line in lines
        ],
        "people": [person.name for person in people],
    }


def receiver(found: tasks.Receiver) -> Receiver:
    """Somebody to whom a task may be given, and what makes her so."""
    held = found.held
    return {
        "id": str(found.staff.id),
        "name": found.staff.name,
        "post": held.post if held else "",
        "postName": held.post_name if held else "",
        "postNameEn": held.post_name_en if held else "",
        "officeName": held.office.name if held else "",
    }


def with_next(act: Act, kept: Opened) -> dict[str, Any]:
    """An answer with the open tasks of its case that this person may do now."""
    case = act.find(CaseFile, case_no=kept["caseNo"])
    found = tasks.next_for_me(act, case.id) if case else []
    return {**kept, "next": [{"id": str(task.id), "title": task.title, "titleEn": task.title_en} for task in found]}
