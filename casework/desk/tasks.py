"""The human task: who has it, and what may be done with it.

`OPERATIONS` is the table of the house: a word, from which states, by whom. It is handed to the gate; a step narrows it by the
property `allowed`. Forms and clocks are other rooms' affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework import audit, outbox
from casework.act import Act, name_of
from casework.desk import assignment
from casework.errors import FieldFault, Invalid, Refused
from casework.law import badges, calendar
from casework.law.badges import Badge, ShownClock
from casework.model.cases import CaseFile, Draft, HumanTask, Submission, TaskState
from casework.model.law import LegalClock
from casework.model.people import Office, Staff
from casework.people import eligibility, organisation, relations
from casework.people.eligibility import Operation, Standing
from casework.people.organisation import Held
from casework.persistence import inbox
from casework.records import forms, submissions
from engine.errors import InvalidInput
from engine.model import ClosedHow, FormVersion, Json, TaskDenied, UserTaskOpened, WaitClosed

URGE_AGAIN = timedelta(hours=4)

_OPEN = frozenset({TaskState.UNCLAIMED, TaskState.CLAIMED})
_ANY = frozenset(TaskState)
_ANYBODY = frozenset(Standing)
_ASSIGNEE = frozenset({Standing.ASSIGNEE})
_HEAD = frozenset({Standing.HEAD})
_ASSIGNEE_OR_HEAD = _ASSIGNEE | _HEAD
_AT_THE_STEP = frozenset({Standing.ASSIGNEE, Standing.AUDIENCE})
_UNCLAIMED = frozenset({TaskState.UNCLAIMED})
_CLAIMED = frozenset({TaskState.CLAIMED})

#: The operations of a human task, one word each, the same in code and in addresses.
OPERATIONS: Mapping[str, Operation] = {
    operation.word: operation
    for operation in (
        Operation("view", "查看", "view", _ANY, _ANYBODY, narrowed=False),
        Operation("claim", "认领", "claim", _UNCLAIMED, frozenset({Standing.AUDIENCE}), doing=True, narrowed=False),
        Operation("assign", "指派", "assign", _UNCLAIMED, _HEAD, needs_receiver=True),
        Operation("give-back", "归还", "give back", _CLAIMED, _ASSIGNEE_OR_HEAD),
        Operation("transfer", "转办", "transfer", _CLAIMED, _ASSIGNEE_OR_HEAD, needs_receiver=True, needs_ground=True),
        Operation("complete", "办理", "complete", _CLAIMED, _ASSIGNEE, doing=True, narrowed=False),
        Operation("save-draft", "暂存", "save a draft of", _CLAIMED, _ASSIGNEE, narrowed=False),
        Operation("urge", "催办", "urge", _OPEN, _HEAD, narrowed=False),
    )
}
#: What a receiver of a task must pass: she is in its audience and may do the step.
_RECEIVE = Operation("receive", "接收", "receive", _OPEN, frozenset({Standing.AUDIENCE}), doing=True, narrowed=False)
_OFFERED_AS_BUTTONS = ("claim", "assign", "give-back", "transfer", "complete", "save-draft", "urge")


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as its page shows it. `data` holds only what the form shows; `submitted` what was typed when it is done.

    `masked` are the ids of the fields of which the asker's posts may not see everything: `data` and `submitted` hold what is left.
    """

    task: HumanTask
    badge: Badge
    office: Office
    assignee: Staff | None
    case: CaseFile
    clocks: tuple[ShownClock, ...]
    form: FormVersion | None
    data: dict[str, Json]
    draft: tuple[Json, datetime] | None
    submitted: Json
    masked: tuple[str, ...]
    operations: tuple[str, ...]
    why: Json


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who may be given a task, and what she holds that makes her its audience (None: she is named in person)."""

    staff: Staff
    held: Held | None


def view(act: Act, task_id: int) -> TaskView:
    """A task with its form, for one who may see it; the look is written to her log of views."""
    task = act.get(HumanTask, task_id)
    facts = eligibility.check(act, OPERATIONS["view"], task)
    act.note_view(task.case_id, f"task:{task.element_id}")
    form = act.work.form(task.form_id) if task.form_id is not None else None
    is_open = task.state is not TaskState.CLOSED
    read = forms.read(form.schema, calendar.FUNCTIONS) if form is not None else None
    data = forms.opening(read, act.work.variables(task.id, forms.names_shown(read))) if read and is_open else {}
    submitted, typed_by = (None, None) if is_open else _submitted(act, task.id)
    # Who works on an open step, or typed what is shown, sees it plain; everybody else reads by the rights of her posts.
    own = bool(facts.standings & _AT_THE_STEP) if is_open else typed_by == facts.staff.id
    masked: tuple[str, ...] = ()
    if read and not own:
        posts = {audience.partition("@")[0] for audience in facts.audiences}
        if submitted is None:
            data, masked = forms.masked(read, data, posts)
        else:
            submitted, masked = forms.masked(read, submitted, posts)
    kept = act.find(Draft, task_id=task.id, staff_id=facts.staff.id) if is_open else None
    saved = None if kept is None else (_unseal(act, kept.data_sealed, f"draft:{kept.id}"), kept.saved_at)
    return TaskView(
        task=task, badge=badges.badge_of(act, act.find(LegalClock, id=task.clock_id) if task.clock_id else None),
        office=act.get(Office, task.office_id), assignee=facts.assignee, case=facts.case,
        clocks=tuple(badges.of_case(act, facts.case)), form=form, data=data, draft=saved,
        submitted=submitted, masked=masked,
        operations=tuple(word for word in _OFFERED_AS_BUTTONS if eligibility.allows(act, OPERATIONS[word], task, facts=facts)),
        why=task.why,
    )  # fmt: skip


def claim(act: Act, task_id: int) -> HumanTask:
    """Take an unclaimed task; whoever has it already keeps it. Of two who try, the second is told who has it (Overtaken)."""
    task = act.lock(HumanTask, task_id)
    if task.state is TaskState.CLAIMED and act.actor is not None and task.assignee_id == act.actor.staff_id:
        eligibility.check(act, OPERATIONS["view"], task)
        return task
    facts = eligibility.check(act, OPERATIONS["claim"], task)
    claimed = _give(act, task, facts.staff)
    act.record("claim", claimed)
    return claimed


def give_back(act: Act, task_id: int, *, ground: str | None = None) -> HumanTask:
    """Put a claimed task back into its queue; what was typed stays as a draft."""
    task = act.lock(HumanTask, task_id)
    eligibility.check(act, OPERATIONS["give-back"], task)
    returned = _unclaim(act, task)
    act.record("give-back", returned, ground=ground)
    return returned


def assign(act: Act, task_id: int, receiver: int) -> HumanTask:
    """Give a task from the queue to a person of its audience; by the head of its office."""
    task = act.lock(HumanTask, task_id)
    eligibility.check(act, OPERATIONS["assign"], task)
    return _hand_over(act, task, receiver, verb="assign", ground=None)


def transfer(act: Act, task_id: int, receiver: int, ground: str) -> HumanTask:
    """Hand a claimed task to another person of its audience, with the ground."""
    task = act.lock(HumanTask, task_id)
    eligibility.check(act, OPERATIONS["transfer"], task)
    if not ground.strip():
        raise Invalid([FieldFault("ground", ("ground",), "请填写转办理由。", "Give the ground of the transfer.")])
    if receiver == task.assignee_id:
        raise InvalidInput("任务已在此人手中。", "She has the task already.")
    return _hand_over(act, task, receiver, verb="transfer", ground=ground)


def receivers(act: Act, task_id: int) -> list[Receiver]:
    """Who may be given a task: its audience without those who are barred and without who has it, with the post that makes them so."""
    task = act.get(HumanTask, task_id)
    facts = eligibility.gather(act, task)
    if not any(eligibility.allows(act, OPERATIONS[word], task, facts=facts) for word in ("assign", "transfer")):
        eligibility.check(act, OPERATIONS["transfer"], task)
    people = [person for person in eligibility.eligible(act, task, facts.case) if person.id != task.assignee_id]
    return [Receiver(person, _held_for(act, person, task)) for person in people]


def complete(act: Act, task_id: int, data: Mapping[str, Json], *, free: bool = False) -> HumanTask:
    """Complete a task with a form's data: the gate again, the form's checks, the snapshot, then the engine.

    Invalid with every fault of every field, and nothing is saved. What the form does not show is left out and noted. Where the
    diagram has a program look at it first, the task rests until that has agreed (`closed`) or refused (`denied`). `free`: a task
    without a form takes any variables (the Camunda doors, where the caller's program is the form).
    """
    task = act.lock(HumanTask, task_id)
    facts = eligibility.check(act, OPERATIONS["complete"], task)
    accepted = submissions.check(act, task.form_id, data, scope_id=task.id, case=facts.case, free=free)
    accepted = submissions.with_household(act, facts.case, task.form_id, accepted)
    second = _second_officer(act, task, facts, accepted.values)
    submissions.keep(act, facts.case, task.element_id, task.form_id, accepted, task_id=task.id)
    if second != task.second_id:
        act.change(task, second_id=second)
    act.work.complete_user_task(task.id, accepted.values)
    completed = act.get(HumanTask, task.id)
    if completed.state is not TaskState.CLOSED:  # a listener looks at it first; what was typed is kept for a second try
        _keep_draft(act, task.id, facts.staff.id, data)
        completed = act.change(completed, state=TaskState.SUSPENDED, resumes_as=completed.state, version=completed.version + 1)
    noted = {"form": task.form_id, "fields": sorted(accepted.values), "dropped": list(accepted.dropped)}
    act.record("complete", completed, after=noted, clause=task.clause)
    return completed


def throw_error(act: Act, task_id: int, code: str, message: str = "", variables: Mapping[str, Json] | None = None) -> None:
    """Leave a task by the diagram's path for an error of the business: for who may complete it, and where something catches it.

    What is typed on the way is not checked by the form, so none of it is kept but what the diagram takes from the error.
    """
    task = act.lock(HumanTask, task_id)
    eligibility.check(act, OPERATIONS["complete"], task)
    act.work.throw_task_error(task.id, code, message, variables)
    act.record("throw-task-error", act.get(HumanTask, task.id), after={"code": code}, ground=message or None)


def comment(act: Act, task_id: int, text: str) -> int:
    """Put a remark on record for everybody who may see the task; the id of its entry. It can be neither changed nor removed."""
    task = act.get(HumanTask, task_id)
    eligibility.check(act, OPERATIONS["view"], task)
    if not text.strip():
        raise Invalid([FieldFault("message", ("message",), "请填写备注。", "Write the remark.")])
    return act.record("comment", task, ground=text)


def comments(act: Act, task_id: int) -> list[audit.Entry]:
    """The remarks on a task, oldest first; `ground` is the text."""
    task = act.get(HumanTask, task_id)
    eligibility.check(act, OPERATIONS["view"], task)
    return remarks_on(act, task)


def remarks_on(act: Act, task: HumanTask) -> list[audit.Entry]:
    """The remarks on a task; no gate: for callers who may look at the case by another right."""
    entries = audit.entries(act.connection, act.region, chain=audit.case_chain(task.case_id), limit=2000)
    return [entry for entry in entries if entry.verb == "comment" and entry.subject == name_of(task)]


def save_draft(act: Act, task_id: int, data: Mapping[str, Json]) -> Draft:
    """Keep what was typed so far; not checked, not recorded, seen by nobody else."""
    task = act.lock(HumanTask, task_id)
    facts = eligibility.check(act, OPERATIONS["save-draft"], task)
    return _keep_draft(act, task.id, facts.staff.id, data)


def _keep_draft(act: Act, task_id: int, staff_id: int, data: Mapping[str, Json]) -> Draft:
    kept = act.find(Draft, task_id=task_id, staff_id=staff_id)
    if kept is not None:
        sealed = act.house.seal.close(dict(data), region=act.region, purpose=f"draft:{kept.id}")
        return act.change(kept, data_sealed=sealed, saved_at=act.now)
    draft_id = act.new_id()
    sealed = act.house.seal.close(dict(data), region=act.region, purpose=f"draft:{draft_id}")
    return act.add(
        Draft(
            region=act.region,
            id=draft_id,
            task_id=task_id,
            staff_id=staff_id,
            data_sealed=sealed,
            saved_at=act.now,
        )
    )


def urge(act: Act, task_id: int) -> HumanTask:
    """Remind whoever has a task; not again within four hours (Refused)."""
    task = act.lock(HumanTask, task_id)
    eligibility.check(act, OPERATIONS["urge"], task)
    if task.urged_at is not None and act.now - task.urged_at < URGE_AGAIN:
        again = f"{(task.urged_at + URGE_AGAIN).astimezone(act.house.zone):%m-%d %H:%M}"
        raise Refused(
            "urged", f"四小时内已催办过,{again} 以后可以再催。", f"It was urged within the last four hours; urge again after {again}."
        )
    urged = act.change(task, urged=task.urged + 1, urged_at=act.now)
    act.record("urge", urged)
    return urged


def why(act: Act, task_id: int) -> tuple[Json, list[eligibility.Line], list[Staff]]:
    """Why a task is for whom it is, how the gate answers the asker, and (for heads) who of the audience may do it."""
    task = act.get(HumanTask, task_id)
    facts = eligibility.check(act, OPERATIONS["view"], task)
    lines = eligibility.explain(act, OPERATIONS["claim" if task.state is TaskState.UNCLAIMED else "complete"], task)
    people = eligibility.eligible(act, task, facts.case) if Standing.HEAD in facts.standings else []
    return task.why, lines, people


def next_for_me(act: Act, case_id: int) -> list[HumanTask]:
    """The open tasks of a case that the actor has or may claim, the most pressing first."""
    if act.actor is None:
        return []
    open_tasks = act.find_all(HumanTask, case_id=case_id, state=[TaskState.UNCLAIMED, TaskState.CLAIMED])
    mine = [
        task
        for task in open_tasks
        if task.assignee_id == act.actor.staff_id or eligibility.allows(act, OPERATIONS["claim"], task)
    ]
    return sorted(mine, key=lambda task: (task.assignee_id is None, task.rank, task.due_at, task.id))


# ---- what the system does


def opened(act: Act, wait: UserTaskOpened, case: CaseFile) -> HumanTask:
    """The engine waits for a person: the task comes onto the desk."""
    return assignment.offer(act, wait, case)


def closed(act: Act, wait: WaitClosed) -> None:
    """The engine no longer waits: done by the actor, or taken away (boundary, end, return)."""
    task = act.find(HumanTask, id=wait.id)
    if task is None or task.state is TaskState.CLOSED:
        return
    by = None
    if wait.how is ClosedHow.COMPLETED:  # by her who completed it, also where a listener has agreed to that since
        by = task.assignee_id if task.resumes_as is not None else act.actor.staff_id if act.actor else None
    inbox.withdraw_offers(act.connection, act.region, task.id)
    inbox.drop_drafts(act.connection, act.region, task.id)
    act.change(
        task, state=TaskState.CLOSED, resumes_as=None, closed_at=act.now, closed_by=by, closed_how=wait.how.value, assignee_id=by,
        version=task.version + 1,
    )  # fmt: skip
    act.lists.add("tasks")


def denied(act: Act, refusal: TaskDenied) -> None:
    """A listener did not agree to the completion: the task is again where it was, with what was typed as a draft."""
    task = act.find(HumanTask, id=refusal.id)
    if task is None or task.resumes_as is None:
        return
    reason = refusal.reason or ""
    why = {
        **(task.why or {}),
        "zh": f"提交后核对未通过{':' if reason else ''}{reason}",
        "en": f"What was submitted was not agreed to{': ' if reason else ''}{reason}",
    }
    back = act.change(task, state=task.resumes_as, resumes_as=None, why=why, version=task.version + 1)
    act.record("deny", back, ground=reason or None)
    act.lists.add("tasks")


def appoint(act: Act, task_id: int, staff_id: int, *, ground: str) -> HumanTask:
    """Give an open task to a person by name (X-05, X-03): she need not hold the post, but no relation or four eyes may bar."""
    task = act.lock(HumanTask, task_id)
    if task.state is TaskState.CLOSED:
        raise InvalidInput("任务已办结,不能再指定办理人。", "The task is over; nobody can be appointed to it.")
    case = act.get(CaseFile, task.case_id)
    eligibility.check_person(act, task, case, staff_id)
    person = act.get(Staff, staff_id)
    audiences = tuple(dict.fromkeys((*task.audiences, organisation.personal(staff_id))))
    given = _give(act, act.change(task, audiences=audiences), person)
    act.record("appoint", given, ground=ground, clause="LZ-C7")
    return given


def recheck(act: Act, case_id: int) -> None:
    """Take back what barred or dismissed persons hold of a case, and call for somebody where nobody is left."""
    case = act.lock_case(case_id)
    for held in act.find_all(HumanTask, case_id=case_id, state=sorted(_OPEN)):
        task = held
        eligible = {person.id for person in eligibility.eligible(act, task, case)}
        if task.assignee_id is not None and task.assignee_id not in eligible:
            barred = relations.bars(act, task.assignee_id, case)
            ground, clause = ("relation", relations.CLAUSE) if barred else ("post-ended", "")
            task = _unclaim(act, task)
            act.record("take-off", task, ground=ground, clause=clause)
        if not eligible:
            outbox.put(act, assignment.NOBODY, {"taskId": task.id}, case_id=case_id)


def recheck_staff(act: Act, staff_id: int) -> None:
    """A person lost a post or her account: one recheck for each case of which she holds a task."""
    held = act.find_all(HumanTask, assignee_id=staff_id, state=sorted(_OPEN), limit=100_000)
    for case_id in sorted({task.case_id for task in held}):
        outbox.put(act, relations.RECHECK, {"caseId": case_id}, case_id=case_id)


def _second_officer(act: Act, task: HumanTask, facts: eligibility.Facts, values: Mapping[str, Json]) -> int | None:
    """The second officer that the form names: another person, whom the same gate lets through."""
    if task.second is None or not values.get(task.second):
        return None
    named = str(values[task.second])
    if not named.isdecimal():
        return None
    if int(named) == facts.staff.id:
        fault = FieldFault(
            task.second, (task.second,), "第二名工作人员须为他人。", "The second officer must be somebody else."
        )
        raise Invalid([fault])
    eligibility.check_person(act, task, facts.case, int(named))
    return int(named)


def _held_for(act: Act, person: Staff, task: HumanTask) -> Held | None:
    fitting = [held for held in organisation.holdings_of(act, person.id) if held.audience in task.audiences]
    return fitting[0] if fitting else None


def _hand_over(act: Act, task: HumanTask, receiver: int, *, verb: str, ground: str | None) -> HumanTask:
    facts = eligibility.check(act, _RECEIVE, task, staff_id=receiver)
    given = _give(act, task, facts.staff)
    act.record(verb, given, ground=ground, after={"receiver": facts.staff.name})
    return given


def _give(act: Act, task: HumanTask, person: Staff) -> HumanTask:
    inbox.withdraw_offers(act.connection, act.region, task.id)
    act.lists.add("tasks")
    return act.change(
        task,
        state=TaskState.CLAIMED,
        assignee_id=person.id,
        claimed_at=act.now,
        seen_at=task.seen_at,
        version=task.version + 1,
    )


def _unclaim(act: Act, task: HumanTask) -> HumanTask:
    free = act.change(task, state=TaskState.UNCLAIMED, assignee_id=None, claimed_at=None, version=task.version + 1)
    inbox.add_offers(act.connection, free)
    act.lists.add("tasks")
    return free


def _submitted(act: Act, task_id: int) -> tuple[dict[str, Json] | None, int | None]:
    """What was typed when the task was done, and by whom; nothing where it was taken away."""
    kept = act.find_all(Submission, task_id=task_id)
    return (submissions.content(act, kept[-1]), kept[-1].by_id) if kept else (None, None)


def _unseal(act: Act, sealed: bytes, purpose: str) -> Json:
    return act.house.seal.open(sealed, region=act.region, purpose=purpose)
