"""Copies that lists sort and filter by: due date and household of tasks and their offers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from casework.model.cases import TaskState
from casework.persistence.tables import human_task, offer


def due(connection: Connection, region: str, *, case_id: int, clock_ref: str, clock_id: int, due_at: datetime) -> None:
    """Give the open tasks of a case that follow a clock its due date, and their offers too."""
    followers = (
        (human_task.c.region == region) & (human_task.c.case_id == case_id) & (human_task.c.clock_ref == clock_ref)
        & (human_task.c.state != TaskState.CLOSED)
    )  # fmt: skip
    connection.execute(update(human_task).where(followers).values(due_at=due_at, clock_id=clock_id))
    connection.execute(
        update(offer)
        .where(offer.c.region == region, offer.c.task_id.in_(select(human_task.c.id).where(followers)))
        .values(due_at=due_at)
    )


def household(connection: Connection, region: str, *, case_id: int, household_id: int, person_name: str) -> None:
    """Tell the open tasks of a case whose household it is."""
    open_tasks = (
        (human_task.c.region == region) & (human_task.c.case_id == case_id) & (human_task.c.state != TaskState.CLOSED)
    )
    connection.execute(update(human_task).where(open_tasks).values(household_id=household_id, person_name=person_name))
    connection.execute(
        update(offer).where(offer.c.region == region, offer.c.case_id == case_id).values(household_id=household_id)
    )
