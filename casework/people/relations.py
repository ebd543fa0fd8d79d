"""Who is related to which person or household, on whose word, and whether that bars (decision D04).

A relation bars every step and the sight of the whole case to the officer as officer (LZ-C10, `decisions` 44). The gate reads
relations, never lists; what a barred person holds already is taken back by a recheck per case, from the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from casework import outbox
from casework.act import Act
from casework.errors import Refused
from casework.law import policy
from casework.model.cases import CaseFile, CaseState
from casework.model.people import Household, Member, Person, Relation, Staff
from casework.people import organisation
from engine.errors import InvalidInput, Unknown
from engine.model import DecisionOutcome, Json

TABLE = "near_relative"
RECHECK = "relation.recheck"
CLAUSE = "LZ-C10"

TYPES = (
    "self", "spouse", "parent", "child", "sibling", "grandparent", "grandchild", "uncleAunt", "nephewNiece", "cousin", "other",
)  # fmt: skip
NATURES = ("blood", "adoptive", "step", "half", "inLaw")


@dataclass(frozen=True, slots=True)
class Declared:
    """A relation with the names that a person reads."""

    relation: Relation
    staff: Staff
    whom: str


def declare(
    act: Act, *, type: str, staff_id: int | None = None, nature: str | None = None, care: bool | None = None,  # noqa: A002 - the field's own word
    person_id: int | None = None, household_id: int | None = None, case_no: str | None = None, ground: str = "",
    said_by: str = "self",
) -> Relation:  # fmt: skip
    """Put a relation on record: an officer's own, or one that the other side told (`said_by` "applicant").

    From the commit on the gate refuses at every door, where D04 says that the relation bars. Where D04 leaves it to a person
    (null), it bars until somebody has decided. Exactly one of person, household and case is named. InvalidInput otherwise.
    """
    if [person_id, household_id, case_no].count(None) != 2:
        raise InvalidInput("请指明一个人、一户或一个案件。", "Name one person, one household or one case.")
    if type not in TYPES or (nature is not None and nature not in NATURES):
        raise InvalidInput("关系类型不在清单中。", "The kind of relation is not on the list.")
    if act.actor is None and staff_id is None:
        raise InvalidInput("请指明工作人员。", "Name the officer.")
    officer = act.get(Staff, staff_id if staff_id is not None else _self(act))
    if act.actor is not None and officer.id != act.actor.staff_id and said_by == "self":
        raise Refused(
            "not-own-relation", "只能申报本人的关系。", "One declares one's own relations only.", clause="LZ-C1"
        )
    case = None
    if case_no is not None:
        case = act.find(CaseFile, case_no=case_no)
        if case is None:
            raise Unknown("没有这个案件。", "There is no such case.")
    if person_id is not None:
        act.get(Person, person_id)
    if household_id is not None:
        act.get(Household, household_id)
    bars, row, clause = _judge(act, type, nature, care)
    added = act.add(
        Relation(
            region=act.region,
            id=act.new_id(),
            staff_id=officer.id,
            person_id=person_id,
            household_id=household_id,
            case_id=case.id if case else None,
            type=type,
            nature=nature,
            care=care,
            ground=ground,
            said_by=said_by,
            since_at=act.now,
            ended_at=None,
            bars=bars,
            row_id=row,
            clause=clause,
        )
    )
    # Not into the case's own chain: the audit of a case is not the place where a third person's kin is listed.
    act.record(
        "declare-relation",
        f"relation:{added.id}",
        after={"staff": officer.id, "type": type, "bars": bars},
        clause=clause,
    )
    if bars:
        _recheck(act, added)
    return added


def end(act: Act, relation_id: int, *, ground: str) -> Relation:
    """End a relation that was declared wrongly or is over; only by a supervisor or the head of the section."""
    relation = act.lock(Relation, relation_id)
    if act.actor is not None:
        posts = {held.post for held in organisation.holdings_of(act, act.actor.staff_id)}
        if not posts & {organisation.SUPERVISOR, "district-section-head", "district-section"}:
            raise Refused(
                "not-competent",
                "关系的撤销由区级核实后办理。",
                "The district ends a relation after checking it.",
                clause="LZ-C7",
            )
    if relation.ended_at is not None:
        return relation
    ended = act.change(relation, ended_at=act.now)
    act.record("end-relation", f"relation:{ended.id}", ground=ground, clause="LZ-C7")
    return ended


def listed(act: Act) -> list[Declared]:
    """The relations that the actor may read: her own; all of the region for supervisors and the district's section."""
    if act.actor is None:
        return []
    posts = {held.post for held in organisation.holdings_of(act, act.actor.staff_id)}
    reads_all = bool(posts & {organisation.SUPERVISOR, "district-section-head", "district-section"})
    found = act.find_all(Relation) if reads_all else act.find_all(Relation, staff_id=act.actor.staff_id)
    return [declared(act, each) for each in found]


def declared(act: Act, relation: Relation) -> Declared:
    """A relation with the names that a person reads."""
    return Declared(relation, act.get(Staff, relation.staff_id), _whom(act, relation))


def barring(act: Act, staff_id: int) -> list[Relation]:
    """The relations of an officer that bar, now."""
    return act.find_all(Relation, staff_id=staff_id, bars=True, ended_at=None)


def bars(act: Act, staff_id: int, case: CaseFile) -> Relation | None:
    """The relation that keeps an officer away from a case; None where there is none."""
    held = barring(act, staff_id)
    if not held:
        return None
    persons = _persons_of(act, case) if any(each.person_id for each in held) else set()
    for relation in held:
        if relation.case_id == case.id or (
            case.household_id is not None and relation.household_id == case.household_id
        ):
            return relation
        if relation.person_id is not None and relation.person_id in persons:
            return relation
    return None


def barred_cases(act: Act, staff_id: int) -> tuple[set[int], set[int]]:
    """(household ids, case ids) that an officer's lists leave out."""
    held = barring(act, staff_id)
    households = {each.household_id for each in held if each.household_id is not None}
    persons = sorted({each.person_id for each in held if each.person_id is not None})
    if persons:
        households |= {member.household_id for member in act.find_all(Member, person_id=persons, until_on=None)}
    return households, {each.case_id for each in held if each.case_id is not None}


def barred_staff(act: Act, case: CaseFile) -> set[int]:
    """The officers who are kept away from a case."""
    persons = sorted(_persons_of(act, case))
    found = {each.staff_id for each in act.find_all(Relation, case_id=case.id, bars=True, ended_at=None)}
    if case.household_id is not None:
        found |= {
            each.staff_id for each in act.find_all(Relation, household_id=case.household_id, bars=True, ended_at=None)
        }
    if persons:
        found |= {each.staff_id for each in act.find_all(Relation, person_id=persons, bars=True, ended_at=None)}
    return found


def recheck_case(act: Act, case: CaseFile) -> None:
    """A case has just learnt whose household it is: what related officers hold of it goes back."""
    outbox.put(act, RECHECK, {"caseId": case.id}, case_id=case.id)


def _recheck(act: Act, relation: Relation) -> None:
    """One recheck per open case that the relation touches, each under the case's own lock."""
    cases: set[int] = set()
    if relation.case_id is not None:
        cases.add(relation.case_id)
    households = {relation.household_id} if relation.household_id is not None else set()
    if relation.person_id is not None:
        households |= {
            member.household_id for member in act.find_all(Member, person_id=relation.person_id, until_on=None)
        }
    if households:
        open_states = [CaseState.OPEN, CaseState.CLOSING]
        cases |= {case.id for case in act.find_all(CaseFile, household_id=sorted(households), state=open_states)}
    for case_id in sorted(cases):
        outbox.put(act, RECHECK, {"caseId": case_id}, case_id=case_id)


def _judge(act: Act, type: str, nature: str | None, care: bool | None) -> tuple[bool, str | None, str]:  # noqa: A002 - the field's own word
    context: dict[str, Json] = {
        "relationType": type, "relationNature": nature, "careRelation": care, "circle": _circle(act),
    }  # fmt: skip
    try:
        outcome = act.work.evaluate_decision(TABLE, policy.edition(act, TABLE, act.today), context)
    except Unknown:
        # Without the table nobody has said that the relation is harmless.
        return True, None, CLAUSE
    answer = outcome.value if isinstance(outcome.value, dict) else {"isNear": outcome.value}
    return answer.get("isNear") is not False, policy.row_of(outcome), str(answer.get("clause") or CLAUSE)


def _circle(act: Act) -> Json:
    """The circle of kin that the district applies (PL-42)."""
    context: dict[str, Any] = {
        "jurisdiction": act.region, "aidKind": None, "parameter": "kinCircle", "urban": None, "year": act.today.year, "noticeKind": None,
    }  # fmt: skip
    outcome: DecisionOutcome = act.work.evaluate_decision(
        policy.TABLE, policy.edition(act, policy.TABLE, act.today), context
    )
    return outcome.value.get("value") if isinstance(outcome.value, dict) else None


def _persons_of(act: Act, case: CaseFile) -> set[int]:
    if case.household_id is None:
        return set()
    return {member.person_id for member in act.find_all(Member, household_id=case.household_id, until_on=None)}


def _whom(act: Act, relation: Relation) -> str:
    if relation.person_id is not None:
        return act.get(Person, relation.person_id).name
    if relation.household_id is not None:
        return act.get(Household, relation.household_id).file_no
    return act.get(CaseFile, relation.case_id).case_no if relation.case_id is not None else ""


def _self(act: Act) -> int:
    if act.actor is None:
        raise InvalidInput("请指明工作人员。", "Name the officer.")
    return act.actor.staff_id
