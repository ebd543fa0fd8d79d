"""From a diagram's words to audiences, and the row of the human task; what happens when nobody may act.

A diagram names posts (`candidateGroups`), persons (`assignee`, `candidateUsers`) or a rule by name (property `assign`). The answer
is a list of audiences or one person, with the derivation kept in `why`. Looks at no single person's desk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from casework import outbox
from casework.act import Act
from casework.law import clocks
from casework.model.cases import CaseFile, HumanTask, TaskPart, TaskState
from casework.model.people import Office, Staff, StaffState
from casework.model.record import PARKED
from casework.people import eligibility, organisation, relations
from casework.persistence import inbox, signins, standings
from engine.errors import InvalidInput
from engine.model import Json, UserTaskOpened

NOBODY = "task.nobody"
NO_ELIGIBLE_OFFICER = "noEligibleOfficer"
#: The kind of the incident where a diagram does not listen to that message.
NO_ELIGIBLE = "NO_ELIGIBLE_OFFICER"
URGENT, ORDINARY = 0, 1


@dataclass(frozen=True, slots=True)
class Derived:
    """Audiences or one person, the office that counts, and why in both languages."""

    audiences: tuple[str, ...]
    assignee: Staff | None
    office: Office | None
    rule: str
    zh: str
    en: str


def offer(act: Act, opened: UserTaskOpened, case: CaseFile) -> HumanTask:
    """Put a user task that has just opened on the desk: found its audience, due date, rank; offered or given.

    Where nobody of the audience may act, the outbox says so to the case (X-05) after this transaction.
    """
    properties = opened.properties
    derived = derive(act, opened, case)
    code, item = clocks.code_and_item(properties.get("clock"))
    item = str(opened.element_instance_id) if code == clocks.STEP else item
    clock = clocks.find(act, case, code, item) if code else None
    definition = act.work.definition(act.work.instance(opened.instance_id).definition_id)
    title = properties.get("title")
    task = HumanTask(
        region=act.region, id=opened.id, case_id=case.id, household_id=case.household_id,
        office_id=derived.office.id if derived.office else case.office_id, instance_id=opened.instance_id,
        process_id=definition.process_id, procedure_name=case.procedure_name, procedure_name_en=case.procedure_name_en,
        case_no=case.case_no, person_name=case.person_name, element_id=opened.element_id, element_name=opened.name,
        title=str(title)[:500] if isinstance(title, str) and title else opened.name or opened.element_id,
        title_en=_english(act, definition.id, opened), form_id=opened.form_id, state=TaskState.UNCLAIMED, resumes_as=None,
        part=TaskPart.MAIN, parent_id=None, audiences=derived.audiences, assignee_id=None, rank=URGENT if case.urgent else ORDINARY,
        due_at=clock.due_at if clock else PARKED, clock_ref=f"{code}|{item}" if code else None,
        clock_id=clock.id if clock else None, stage=_text(properties.get("recusal")), not_by=_words(properties.get("notBy")),
        allowed=_words(properties["allowed"]) if properties.get("allowed") else None, second=_text(properties.get("second")),
        second_id=None, clause=str(properties.get("clause") or ""), offered_at=act.now, seen_at=None, claimed_at=None,
        closed_at=None, closed_by=None, closed_for=None, closed_how=None, vote=None, return_to=None, urged=0, urged_at=None,
        why={"rule": derived.rule, "zh": derived.zh, "en": derived.en, "clause": properties.get("clause")}, version=1,
    )  # fmt: skip
    given = derived.assignee is not None and derived.assignee in eligibility.eligible(act, task, case)
    if given and derived.assignee is not None:
        task = act.add(_given(task, derived.assignee, act))
    else:
        task = act.add(task)
        inbox.add_offers(act.connection, task)
        call_for_somebody(act, task, case)
    act.lists.add("tasks")
    return task


def derive(act: Act, opened: UserTaskOpened, case: CaseFile) -> Derived:
    """Who a task is for, in the words of its diagram. InvalidInput for words that no table knows (the model's mistake)."""
    named = opened.properties.get("assign")
    if isinstance(named, str) and named:
        rule, _, argument = named.partition(":")
        if rule not in RULES:
            raise InvalidInput(f"没有指派规则 {rule}。", f"There is no assignment rule {rule}.")
        return RULES[rule](act, opened, case, argument)
    audiences: list[str] = []
    offices: list[Office] = []
    zh, en = [], []
    posts = organisation.posts(act)
    for group in opened.candidate_groups:
        post = posts.get(group.partition(":")[0])
        for office in organisation.offices_of_post(act, group, case):
            audiences.append(organisation.audience_of(group.partition(":")[0], office))
            offices.append(office)
            zh.append(f"{office.name}的{post.zh if post else group}")
            en.append(f"{post.en if post else group} at {office.name_en}")
    persons = [
        _person(act, login) for login in (*opened.candidate_users, *([opened.assignee] if opened.assignee else []))
    ]
    audiences += [organisation.personal(person.id) for person in persons if person is not None]
    assignee = _person(act, opened.assignee) if opened.assignee else None
    if assignee is not None:
        zh.append(f"{assignee.name}本人")
        en.append(f"{assignee.name} in person")
    return Derived(
        audiences=tuple(dict.fromkeys(audiences)), assignee=assignee, office=offices[0] if offices else None,
        rule="candidateGroups" if audiences else "none",
        zh=f"由{'、'.join(zh)}办理" if zh else "流程没有指明由谁办理", en=f"For {', '.join(en)}" if en else "The diagram names nobody",
    )  # fmt: skip


def call_for_somebody(act: Act, task: HumanTask, case: CaseFile) -> bool:
    """Whether somebody may do an open task; if nobody may, the outbox tells the case (X-05)."""
    if eligibility.eligible(act, task, case):
        return True
    outbox.put(act, NOBODY, {"taskId": task.id}, case_id=case.id)
    return False


def nobody(act: Act, task_id: int) -> None:
    """From the outbox: nobody of a task's audience may act. The case's diagram is told; where it does not listen, an incident."""
    task = act.find(HumanTask, id=task_id)
    if task is None or task.state is TaskState.CLOSED:
        return
    case = act.get(CaseFile, task.case_id)
    if eligibility.eligible(act, task, case):
        return
    holders = organisation.holders(act, task.audiences)
    level = "township" if _somebody_at(act, case, "township-leader") else "district"
    told = act.work.publish_message(
        NO_ELIGIBLE_OFFICER, case.case_no,
        {
            "taskId": str(task.id), "stage": task.stage, "level": level,
            "excluded": [person.name for person in holders], "taskTitle": task.title,
        },
        message_id=f"{NO_ELIGIBLE_OFFICER}:{task.id}:{task.version}",
    )  # fmt: skip
    if not told.instance_ids:
        act.work.raise_incident(
            task.id,
            "NO_ELIGIBLE_OFFICER",
            f"“{task.title}”没有可以办理的人员。",
            f"Nobody may act on {task.element_id} {task.title}.",
        )
    act.record("nobody-eligible", task, after={"excluded": [person.id for person in holders]}, clause="LZ-C7")


Rule = Callable[[Act, UserTaskOpened, CaseFile, str], Derived]


def _initiator(act: Act, opened: UserTaskOpened, case: CaseFile, argument: str) -> Derived:
    """Who started the case."""
    del opened, argument
    person = act.find(Staff, id=case.started_by) if case.started_by is not None else None
    return _for_person(person, "initiator", "由发起人办理", "For who started the case")


def _earlier_handler(act: Act, opened: UserTaskOpened, case: CaseFile, argument: str) -> Derived:
    """Who did an earlier step of the case."""
    del opened
    doers = sorted(standings.doers(act.connection, act.region, case.id, [argument]))
    person = act.find(Staff, id=doers[-1]) if doers else None
    return _for_person(person, "earlierHandler", f"由办理“{argument}”的人员办理", f"For who did {argument}")


def _field(act: Act, opened: UserTaskOpened, case: CaseFile, argument: str) -> Derived:
    """Who a form field names."""
    del case
    named = act.work.variables(opened.id, [argument]).get(argument)
    person = _person(act, str(named)) if named is not None else None
    return _for_person(person, "field", "由表单中指定的人员办理", "For who was named in the form")


#: Rules by name, for property `assign`: a word, or a word and its argument after a colon.
RULES: dict[str, Rule] = {"initiator": _initiator, "earlierHandler": _earlier_handler, "field": _field}


def _for_person(person: Staff | None, rule: str, zh: str, en: str) -> Derived:
    audiences = (organisation.personal(person.id),) if person else ()
    return Derived(audiences=audiences, assignee=person, office=None, rule=rule, zh=zh, en=en)


def _given(task: HumanTask, person: Staff, act: Act) -> HumanTask:
    return replace(task, state=TaskState.CLAIMED, assignee_id=person.id, claimed_at=act.now)


def _somebody_at(act: Act, case: CaseFile, post: str) -> bool:
    audiences = [organisation.audience_of(post, office) for office in organisation.offices_of_post(act, post, case)]
    barred = relations.barred_staff(act, case)
    return any(person.id not in barred for person in organisation.holders(act, audiences))


def _person(act: Act, named: str | None) -> Staff | None:
    """A person by id or login; None where the region has none or she is no longer active."""
    if not named:
        return None
    found = act.find(Staff, id=int(named)) if named.isdecimal() else signins.staff_of_login(act.connection, named)
    return found if found is not None and found.region == act.region and found.state is StaffState.ACTIVE else None


def _english(act: Act, definition_id: int, opened: UserTaskOpened) -> str:
    """The English title: property `titleEn`; a title from data as it is; else the first sentence of the documentation, or the name."""
    named = opened.properties.get("titleEn") or opened.properties.get("title")
    if isinstance(named, str) and named:
        return named[:500]
    element = act.work.model(definition_id).elements.get(opened.element_id)
    # The first clause of the sentence is the task, the rest explains it.
    said = re.split(r"[.;:](?:\s|$)", element.documentation, maxsplit=1)[0] if element else ""
    return (said or opened.name or opened.element_id)[:500]


def _words(value: Json) -> tuple[str, ...]:
    listed: Sequence[Json] = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(str(word).strip() for word in listed if str(word).strip())


def _text(value: Json) -> str | None:
    return str(value) if value else None
