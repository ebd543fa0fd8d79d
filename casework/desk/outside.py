"""Human tasks as other systems handle them: Camunda's words (assign, unassign, complete, update) in those of the house.

Every one of them is an act of a person and goes through the gate; none of them opens a way round it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from casework import audit
from casework.act import Act
from casework.audit import Entry
from casework.desk import tasks
from casework.errors import Overtaken, Refused
from casework.model.cases import HumanTask, TaskState
from casework.model.people import Staff
from casework.outside import check_names
from casework.people import eligibility
from casework.persistence import signins
from engine.errors import Closed, InvalidInput
from engine.model import Json, Variables

GROUND = "通过接口改派"
"""The ground of a transfer that a program gives without one."""
_LONGEST_LOG = 5_000


def assign(act: Act, task_id: int, login: str, *, override: bool, ground: str | None = None) -> HumanTask:
    """Give a task to a person: she claims it, the head of its office assigns it, or it is transferred (`override`).

    Overtaken where another has it and `override` is not wanted.
    """
    task = act.get(HumanTask, task_id)
    receiver = staff_of(act, login)
    if task.state is TaskState.CLOSED:
        raise Closed("任务已办结。", "The task is over.")
    if task.assignee_id == receiver.id:
        eligibility.check(act, tasks.OPERATIONS["view"], task)
        return task
    if task.state is TaskState.UNCLAIMED:
        if act.actor is not None and act.actor.staff_id == receiver.id:
            return tasks.claim(act, task_id)
        return tasks.assign(act, task_id, receiver.id)
    if not override:
        raise Overtaken("任务已有办理人。", "Somebody has the task already.", who=None, at=task.claimed_at)
    return tasks.transfer(act, task_id, receiver.id, ground or GROUND)


def unassign(act: Act, task_id: int) -> HumanTask:
    """Put a task back into its queue; nothing happens where it lies there."""
    task = act.get(HumanTask, task_id)
    if task.state is TaskState.CLOSED:
        raise Closed("任务已办结。", "The task is over.")
    if task.state is TaskState.UNCLAIMED:
        eligibility.check(act, tasks.OPERATIONS["view"], task)
        return task
    return tasks.give_back(act, task_id)


def complete(act: Act, task_id: int, data: Mapping[str, Json]) -> HumanTask:
    """Complete a task; one that lies in the queue is claimed first, by the gate as any other. Without a form it takes any variables."""
    task = act.get(HumanTask, task_id)
    if task.state is TaskState.UNCLAIMED:
        tasks.claim(act, task_id)
    check_names(data)
    return tasks.complete(act, task_id, data, free=True)


def update(
    act: Act,
    task_id: int,
    *,
    priority: int | None = None,
    follow_up: tuple[datetime | None] | None = None,
    noted: Variables,
) -> HumanTask:
    """Change what a list shows of a task: its priority, until when it may rest (a tuple; None in it takes that away).

    Who has the task may, and the head of its office. When it is due follows from the law's clocks, and who may do it from posts.
    """
    task = act.lock(HumanTask, task_id)
    if task.state is TaskState.CLOSED:
        raise Closed("任务已办结。", "The task is over.")
    facts = eligibility.check(act, tasks.OPERATIONS["view"], task)
    if not facts.standings & {eligibility.Standing.ASSIGNEE, eligibility.Standing.HEAD}:
        raise Refused("standing", "您不能修改此任务。", "You may not change this task.")
    act.work.update_user_task(task_id, priority=priority, follow_up=follow_up)
    act.record("update-task", task, after=dict(noted))
    return task


def form_data(act: Act, task_id: int) -> dict[str, Json]:
    """What a task's form shows the person who asks, as on its page."""
    view = tasks.view(act, task_id)
    shown: dict[str, Json] = view.submitted if isinstance(view.submitted, dict) else view.data
    return shown


def staff_of(act: Act, login: str) -> Staff:
    """A member of staff of the region by login; InvalidInput where there is none."""
    found = signins.staff_of_login(act.connection, login)
    if found is None or found.region != act.region:
        raise InvalidInput(f"没有工作人员 {login}。", f"There is no member of staff {login}.")
    return found


def log_of(act: Act, case_id: int, task_id: int) -> list[Entry]:
    """What is on record of a task, oldest first. Whether the asker may see the task was asked before."""
    found = audit.entries(act.connection, act.region, chain=audit.case_chain(case_id), limit=_LONGEST_LOG)
    return [each for each in found if each.subject.startswith(f"task:{task_id}:")]
