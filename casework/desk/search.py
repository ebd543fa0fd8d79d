"""Tasks and instances by their fields, for other systems: no more is found than the one who asks may see.

A person finds the tasks that the gate lets her see and the instances of cases that she may see; a program, and a person of the
installation, what lies in the region. Closed tasks are found too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from casework.act import Act
from casework.model.cases import TaskState
from casework.model.people import Staff
from casework.model.record import EVERYWHERE
from casework.people import eligibility, organisation, relations
from casework.persistence import searching as sources
from casework.persistence.inbox import Barred
from engine.errors import Unknown
from engine.persistence import reading, search, searching
from engine.search import Condition, Found, FoundInstance, Op, Query


class Stage(StrEnum):
    """Where a task stands for other systems; completing: a listener looks at what was submitted."""

    CREATED = "created"
    COMPLETING = "completing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class FoundTask:
    """A human task as other systems see it. `name` is its title; `assignee` a login; `due_at` None without a running clock.

    Also asked by: `stage`, `candidate_group` (a post, or `post@office`), `candidate_user` (a
    login), `variable:<name>` (of the instance), `local:<name>` (of the task), `instance_state`.
    """

    id: int
    region: str
    instance_id: int
    root_id: int
    definition_id: int
    process_id: str
    process_name: str
    version: int
    business_key: str | None
    element_id: str
    name: str
    state: TaskState
    closed_how: str | None
    assignee: str | None
    assignee_id: int | None
    audiences: tuple[str, ...]
    priority: int
    created_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    follow_up_at: datetime | None
    form_id: int | None
    external_form: str | None
    case_id: int
    case_no: str

    @property
    def groups(self) -> tuple[str, ...]:
        """The posts that the task is for, as the diagram names them."""
        return tuple(dict.fromkeys(each.partition("@")[0] for each in self.audiences if "@" in each))

    @property
    def user_ids(self) -> tuple[int, ...]:
        """The persons whom the diagram names."""
        return tuple(int(each.partition(":")[2]) for each in self.audiences if each.startswith("staff:"))

    @property
    def is_open(self) -> bool:
        return self.state is not TaskState.CLOSED

    @property
    def stage(self) -> Stage:
        """Where it stands, in the engine's words."""
        match self.state:
            case TaskState.CLOSED:
                return Stage.COMPLETED if self.closed_how == "completed" else Stage.CANCELLED
            case TaskState.SUSPENDED:
                return Stage.COMPLETING
            case _:
                return Stage.CREATED


def tasks(act: Act, query: Query) -> Found[FoundTask]:
    """Human tasks, by default in the order of their opening."""
    source = _tasks()
    where = list(search.in_region(source, None if act.region == EVERYWHERE else act.region))
    if _is_bounded(act) and act.actor is not None:
        staff_id = act.actor.staff_id
        audiences = organisation.audiences_of(act, staff_id)
        headed = [each.id for each in organisation.offices(act) if audiences & organisation.heads_of(act, each)]
        where += sources.seen_by(staff_id, sorted(audiences), headed, _barred(act, staff_id))
    return searching.find(act.connection, source, query, where)


def task(act: Act, task_id: int) -> FoundTask:
    """One task. Unknown where there is none, or none for the one who asks."""
    found = tasks(act, Query((Condition("id", Op.EQ, task_id),))).items
    if not found:
        raise Unknown("没有这项任务。", "There is no such task.")
    return found[0]


def instances(act: Act, query: Query) -> Found[FoundInstance]:
    """Process instances, as `Work.search_instances`."""
    if not _is_bounded(act) or act.actor is None:
        return act.work.search_instances(query, everywhere=act.region == EVERYWHERE)
    staff_id = act.actor.staff_id
    audiences = organisation.audiences_of(act, staff_id)
    offices = eligibility.offices_seen(act, audiences)
    seen = sources.of_cases_seen(staff_id, sorted(audiences), offices, _barred(act, staff_id), act.region)
    return searching.find(
        act.connection, search.INSTANCES, query, [*search.in_region(search.INSTANCES, act.region), seen]
    )


def instance(act: Act, instance_id: int) -> FoundInstance:
    """One instance. Unknown where there is none, or none for the one who asks."""
    found = instances(act, Query((Condition("id", Op.EQ, instance_id),))).items
    if not found:
        raise Unknown(f"没有流程实例 {instance_id}", f"there is no process instance {instance_id}")
    return found[0]


def region_of(act: Act, what: str, thing_id: int) -> str:
    """The region in which a thing lies that is known by its id only. `what` is its table. Unknown where there is none."""
    found = reading.region_of(act.connection, what, thing_id, organisation.regions(act))
    if found is None:
        raise Unknown(f"没有编号为 {thing_id} 的事项。", f"There is nothing with key {thing_id}.")
    return found


def logins(act: Act, staff_ids: Iterable[int]) -> dict[int, str]:
    """The logins of these people, by id."""
    wanted = sorted(set(staff_ids))
    return {each.id: each.login for each in act.find_all(Staff, id=wanted)} if wanted else {}


@cache
def _tasks() -> searching.Source[FoundTask]:
    return sources.source(FoundTask)


def _is_bounded(act: Act) -> bool:
    """Whether a person asks who sees by her posts."""
    return act.actor is not None and act.actor.region != EVERYWHERE


def _barred(act: Act, staff_id: int) -> Barred:
    households, cases = relations.barred_cases(act, staff_id)
    return Barred(staff_id, frozenset(households), frozenset(cases))
