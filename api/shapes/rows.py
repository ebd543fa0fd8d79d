"""Tasks and cases as lists show them, wherever the list stands."""

from typing_extensions import TypedDict

from api.shapes.common import Due, due
from api.wire import moment
from casework.desk import inbox
from casework.records import cases


class TaskRow(TypedDict):
    """A line of the inbox. `state` is unclaimed, claimed, delegated, signed, suspended or closed; `urged` how often a head reminded."""

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
    officeNameEn: str
    state: str
    urgent: bool
    dueAt: str | None
    dueOn: str | None
    due: Due
    assignee: str | None
    offeredAt: str | None
    urged: int
    urgedAt: str | None
    closedAt: str | None
    clause: str | None


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


def task_row(row: inbox.Row) -> TaskRow:
    """A line of a list."""
    task, badge = row.task, row.badge
    return {
        "id": str(task.id),
        "title": task.title,
        "titleEn": task.title_en,
        "element": task.element_id,
        "caseNo": task.case_no,
        "procedure": task.process_id,
        "procedureName": task.procedure_name,
        "procedureNameEn": task.procedure_name_en,
        "person": task.person_name,
        "office": row.office.code,
        "officeName": row.office.name,
        "officeNameEn": row.office.name_en,
        "state": task.state.value,
        "urgent": task.rank == 0,
        "dueAt": moment(badge.due_at),
        "dueOn": badge.due_on,
        "due": due(badge),
        "assignee": row.assignee.name if row.assignee else None,
        "offeredAt": moment(task.offered_at),
        "urged": task.urged,
        "urgedAt": moment(task.urged_at),
        "closedAt": moment(task.closed_at),
        "clause": task.clause or None,
    }


def case_row(row: cases.Row) -> CaseRow:
    """A line of a list of cases."""
    case = row.case
    return {
        "caseNo": case.case_no,
        "processId": case.process_id,
        "procedureName": case.procedure_name,
        "procedureNameEn": case.procedure_name_en,
        "person": case.person_name,
        "state": case.state.value,
        "openedAt": moment(case.opened_at),
        "urgent": case.urgent,
        "officeName": row.office.name,
    }
