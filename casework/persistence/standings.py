"""The statements behind the gate: who did which element of a case."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from casework.model.cases import CaseFile, CaseState
from casework.persistence.tables import case_file, human_task, offer


def doers(connection: Connection, region: str, case_id: int, elements: Sequence[str]) -> dict[int, str]:
    """Staff who completed one of these elements in a case, as doer, principal or second officer: staff id -> element."""
    if not elements:
        return {}
    task = human_task.c
    query = select(task.closed_by, task.closed_for, task.second_id, task.element_id).where(
        task.region == region, task.case_id == case_id, task.element_id.in_(elements), task.closed_how == "completed"
    )
    found: dict[int, str] = {}
    for by, for_, second, element in connection.execute(query):
        found.update({staff_id: element for staff_id in (by, for_, second) if staff_id is not None})
    return found


def has_task(connection: Connection, region: str, case_id: int, staff_id: int, audiences: Sequence[str]) -> bool:
    """Whether a person has or had a task of a case, or is offered one."""
    mine = select(human_task.c.id).where(
        human_task.c.region == region, human_task.c.case_id == case_id,
        or_(human_task.c.assignee_id == staff_id, human_task.c.closed_by == staff_id, human_task.c.second_id == staff_id),
    )  # fmt: skip
    if connection.execute(mine.limit(1)).one_or_none() is not None:
        return True
    offered = select(offer.c.task_id).where(
        offer.c.region == region, offer.c.case_id == case_id, offer.c.audience.in_(audiences)
    )
    return connection.execute(offered.limit(1)).one_or_none() is not None


def visible_cases(
    connection: Connection, region: str, *, staff_id: int, audiences: Sequence[str], office_ids: Sequence[int] | None, text: str,
    state: CaseState | None, after: int | None, limit: int, household_id: int | None, not_households: Sequence[int],
    not_cases: Sequence[int],
) -> list[CaseFile]:  # fmt: skip
    """Cases that a person started, had a task of, is offered one of, or whose office is hers (None: every office), newest first."""
    case, task = case_file.c, human_task.c
    query = select(case_file).where(case.region == region)
    if office_ids is not None:
        worked_on = select(task.case_id).where(
            task.region == region,
            or_(task.assignee_id == staff_id, task.closed_by == staff_id, task.second_id == staff_id),
        )
        offered = select(offer.c.case_id).where(offer.c.region == region, offer.c.audience.in_(audiences))
        query = query.where(
            or_(
                case.started_by == staff_id,
                case.office_id.in_(office_ids),
                case.id.in_(worked_on),
                case.id.in_(offered),
            )
        )
    if text:
        columns = (case.case_no, case.person_name, case.procedure_name)
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in columns)))
    if state is not None:
        query = query.where(case.state == state)
    if after is not None:
        query = query.where(case.id < after)
    if household_id is not None:
        query = query.where(case.household_id == household_id)
    if not_households:
        query = query.where(or_(case.household_id.is_(None), case.household_id.not_in(not_households)))
    if not_cases:
        query = query.where(case.id.not_in(not_cases))
    found = connection.execute(query.order_by(case.id.desc()).limit(limit)).mappings()
    return [CaseFile(**row) for row in found]
