"""The gate: may this person do this operation on this task or case, and why.

There is one gate for every door. It walks a list of lines in order and stops at the first that does not hold; `explain` shows
the very list, so that it cannot say something else. Outside the audience a task does not exist for the asker (Unknown); inside
but barred she is told the ground (Refused); where another was first she is told who and when (Overtaken). It changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from casework.act import Act
from casework.errors import Closed, Overtaken, Refused
from casework.model.cases import CaseFile, HumanTask, TaskState
from casework.model.people import Office, OfficeKind, Staff
from casework.people import organisation, relations
from casework.persistence import standings
from engine.errors import CallerError, InvalidInput, Unknown

FOUR_EYES = "LZ-D3"
#: Posts of the district that supervise every office.
SEE_ALL = (organisation.SUPERVISOR, "district-section", "district-section-head", "district-leader")


class Standing(StrEnum):
    """What a person is to a task."""

    AUDIENCE = "audience"
    ASSIGNEE = "assignee"
    HEAD = "head"
    DOER = "doer"


@dataclass(frozen=True, slots=True)
class Operation:
    """A word of the table of operations: from which states, by whom, and what else it needs.

    `doing`: the person will do the step itself, so four eyes are asked of her. `allowed` may be narrowed by the step.
    """

    word: str
    zh: str
    en: str
    states: frozenset[TaskState]
    standings: frozenset[Standing]
    doing: bool = False
    needs_receiver: bool = False
    needs_ground: bool = False
    narrowed: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the walk: what was asked, whether it holds, and why."""

    name: str
    holds: bool
    zh: str
    en: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gate looks at, gathered once."""

    staff: Staff
    audiences: frozenset[str]
    standings: frozenset[Standing]
    case: CaseFile
    relation_clause: str | None
    did: str | None
    assignee: Staff | None


def check(act: Act, operation: Operation, task: HumanTask, *, staff_id: int | None = None) -> Facts:
    """Let the actor (or `staff_id`, for a receiver) through, or raise what stops her. The system passes as nobody: Unknown."""
    facts = gather(act, task, staff_id=staff_id)
    for line, stop in _walk(operation, task, facts):
        if not line.holds:
            raise stop()
    return facts


def explain(act: Act, operation: Operation, task: HumanTask, *, staff_id: int | None = None) -> list[Line]:
    """The lines of the walk for the asker, each with its answer; after one that does not hold none follows."""
    lines = []
    for line, _ in _walk(operation, task, gather(act, task, staff_id=staff_id)):
        lines.append(line)
        if not line.holds:
            break
    return lines


def allows(act: Act, operation: Operation, task: HumanTask, *, facts: Facts | None = None) -> bool:
    """Whether the gate would let the actor through."""
    known = facts or gather(act, task)
    return all(line.holds for line, _ in _walk(operation, task, known))


def eligible(act: Act, task: HumanTask, case: CaseFile) -> list[Staff]:
    """Who of a task's audiences may do it: not barred by a relation, not excluded by four eyes; by id."""
    barred = relations.barred_staff(act, case)
    doers = standings.doers(act.connection, act.region, case.id, task.not_by)
    return [
        person
        for person in organisation.holders(act, task.audiences)
        if person.id not in barred and person.id not in doers
    ]


def check_person(act: Act, task: HumanTask, case: CaseFile, staff_id: int) -> None:
    """Whether another person may take part in a step (a second officer): Refused with the ground where she may not."""
    person = act.find(Staff, id=staff_id)
    if person is None:
        raise InvalidInput("没有这名工作人员。", "There is no such officer.")
    if relations.bars(act, staff_id, case) is not None:
        raise _barred(None)
    element = standings.doers(act.connection, act.region, case.id, task.not_by).get(staff_id)
    if element is not None:
        raise _four_eyes(element)


def check_case(act: Act, case: CaseFile) -> None:
    """Let the actor see a case: one who has or had to do with it, its office in charge, or the district's supervision.

    Unknown for anybody else, Refused where a relation bars.
    """
    if act.actor is None or act.actor.region not in {act.region}:
        raise _unknown_case()
    staff_id = act.actor.staff_id
    audiences = organisation.audiences_of(act, staff_id)
    if not _concerned(act, case, staff_id, audiences):
        raise _unknown_case()
    if relations.bars(act, staff_id, case) is not None:
        raise _barred(None)


def offices_seen(act: Act, audiences: frozenset[str]) -> list[int] | None:
    """The offices whose cases a person sees without a task of hers; None: all of the region (the district's supervision).

    Posts of villages and departments see only what they have to do with (`procedures` 8.2).
    """
    held = {(post, code) for post, _, code in (audience.partition("@") for audience in audiences) if code}
    offices = act.find_all(Office, code=sorted({code for _, code in held}))
    if any(
        office.kind is OfficeKind.DISTRICT and (post, office.code) in held for office in offices for post in SEE_ALL
    ):
        return None
    return [office.id for office in offices if office.kind in {OfficeKind.TOWNSHIP, OfficeKind.DISTRICT}]


def gather(act: Act, task: HumanTask, *, staff_id: int | None = None) -> Facts:
    """The facts of a person and a task. Unknown for the system and for people of other regions."""
    if staff_id is None:
        if act.actor is None or act.actor.region != act.region:
            raise _unknown_task()
        staff_id = act.actor.staff_id
    person = act.get(Staff, staff_id)
    audiences = organisation.audiences_of(act, staff_id)
    case = act.get(CaseFile, task.case_id)
    relation = relations.bars(act, staff_id, case)
    return Facts(
        staff=person, audiences=audiences, standings=_standings(act, task, staff_id, audiences), case=case,
        relation_clause=None if relation is None else relations.CLAUSE,
        did=standings.doers(act.connection, act.region, case.id, task.not_by).get(staff_id),
        assignee=act.get(Staff, task.assignee_id) if task.assignee_id is not None else None,
    )  # fmt: skip


def _standings(act: Act, task: HumanTask, staff_id: int, audiences: frozenset[str]) -> frozenset[Standing]:
    found = set()
    if audiences & set(task.audiences):
        found.add(Standing.AUDIENCE)
    if task.assignee_id == staff_id:
        found.add(Standing.ASSIGNEE)
    if audiences & organisation.heads_of(act, act.get(Office, task.office_id)):
        found.add(Standing.HEAD)
    if staff_id in {task.closed_by, task.second_id}:
        found.add(Standing.DOER)
    return frozenset(found)


def _walk(operation: Operation, task: HumanTask, facts: Facts) -> list[tuple[Line, Callable[[], CallerError]]]:
    """The lines in order, each with what is raised where it does not hold."""
    visible = bool(facts.standings)
    related = facts.relation_clause is not None
    return [
        (Line("visible", visible, "属于您的岗位或由您负责" if visible else "不在您的岗位范围内",
              "within your posts" if visible else "not within your posts"), _unknown_task),
        (Line("relation", not related, "与当事人有近亲属关系,应当回避" if related else "与当事人无需回避的关系",
              "a near relative of those concerned: recusal" if related else "no relation that bars", facts.relation_clause or ""),
         lambda: _barred(task.stage)),
        (Line("state", task.state in operation.states, _state_zh(task, facts), _state_en(task, facts)),
         lambda: _wrong_state(operation, task, facts)),
        (Line("standing", bool(facts.standings & operation.standings), f"可以{operation.zh}", f"may {operation.en}"),
         lambda: _no_standing(operation, task, facts)),
        (Line("four-eyes", not (operation.doing and facts.did), f"本人已办理 {facts.did}" if facts.did else "未办理须由他人办理的步骤",
              f"did {facts.did} herself" if facts.did else "did no step that another must do", FOUR_EYES),
         lambda: _four_eyes(facts.did or "")),
        (Line("allowed", not operation.narrowed or task.allowed is None or operation.word in task.allowed,
              "本环节允许此操作", "the step allows it"),
         lambda: Refused("not-allowed", f"本环节不允许“{operation.zh}”。", f"This step does not allow to {operation.en}.", clause=task.clause)),
    ]  # fmt: skip


def _concerned(act: Act, case: CaseFile, staff_id: int, audiences: frozenset[str]) -> bool:
    if case.started_by == staff_id:
        return True
    seen = offices_seen(act, audiences)
    if seen is None or case.office_id in seen:
        return True
    return standings.has_task(act.connection, act.region, case.id, staff_id, sorted(audiences))


def _unknown_task() -> CallerError:
    return Unknown("没有这项任务。", "There is no such task.")


def _unknown_case() -> CallerError:
    return Unknown("没有这个案件。", "There is no such case.")


def _barred(stage: str | None) -> CallerError:
    zh, en = (
        "您与当事人有近亲属关系,应当回避,不能查看或办理本案。",
        "You are a near relative of those concerned: you may neither see nor work on this case.",
    )
    return Refused("relation", zh, en, clause=relations.CLAUSE, subject=stage or "")


def _four_eyes(element: str) -> CallerError:
    zh, en = f"您已办理“{element}”,本环节须由他人办理。", f"You did {element}; this step must be done by somebody else."
    return Refused("four-eyes", zh, en, clause=FOUR_EYES)


def _wrong_state(operation: Operation, task: HumanTask, facts: Facts) -> CallerError:
    who = facts.assignee.name if facts.assignee else None
    if task.state is TaskState.CLOSED:
        if task.closed_how == "cancelled":
            return Closed("任务已被流程撤回。", "The task was withdrawn by the process.")
        if task.closed_by == facts.staff.id:
            return Closed("您已办理此任务。", "You have completed this task already.")
        return Overtaken(
            f"任务已由{who or '他人'}办理。",
            f"The task was completed by {who or 'somebody else'}.",
            who=who,
            at=task.closed_at,
        )
    if task.state is TaskState.CLAIMED and facts.assignee is not None and facts.assignee.id != facts.staff.id:
        return Overtaken(f"任务已由{who}认领。", f"The task was claimed by {who}.", who=who, at=task.claimed_at)
    match task.state:
        case TaskState.UNCLAIMED:
            zh, en = "请先认领。", "Claim the task first."
        case TaskState.SUSPENDED:
            zh, en = "任务已提交,正在由程序核对。", "The task was submitted and a program is looking at it."
        case _:
            zh, en = f"任务现在的状态不能“{operation.zh}”。", f"One cannot {operation.en} the task in its present state."
    return Refused("state", zh, en)


def _no_standing(operation: Operation, task: HumanTask, facts: Facts) -> CallerError:
    who = facts.assignee.name if facts.assignee else None
    if Standing.ASSIGNEE in operation.standings and task.assignee_id is not None and task.assignee_id != facts.staff.id:
        return Overtaken(f"任务由{who}办理。", f"The task is with {who}.", who=who, at=task.claimed_at)
    return Refused("standing", f"您不能“{operation.zh}”此任务。", f"You may not {operation.en} this task.")


def _state_zh(task: HumanTask, facts: Facts) -> str:
    names = {TaskState.UNCLAIMED: "待认领", TaskState.CLAIMED: f"由{facts.assignee.name if facts.assignee else '他人'}办理",
             TaskState.CLOSED: "已办结", TaskState.SUSPENDED: "核对中"}  # fmt: skip
    return names.get(task.state, task.state.value)


def _state_en(task: HumanTask, facts: Facts) -> str:
    names = {TaskState.UNCLAIMED: "unclaimed", TaskState.CLAIMED: f"with {facts.assignee.name if facts.assignee else 'another'}",
             TaskState.CLOSED: "closed", TaskState.SUSPENDED: "being checked"}  # fmt: skip
    return names.get(task.state, task.state.value)
