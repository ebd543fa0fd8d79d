"""Who is signed in, what she holds, and who is related to whom."""

from datetime import datetime

from typing_extensions import TypedDict

from api.wire import moment
from casework.desk import colleagues
from casework.model.people import Staff
from casework.people import organisation
from casework.people.organisation import Held
from casework.people.relations import Declared


class StaffMember(TypedDict):
    """A member of staff."""

    id: str
    name: str
    login: str


class Post(TypedDict):
    """A post that is held at an office; `tier` district, department, township or village."""

    post: str
    postName: str
    postNameEn: str
    office: str
    officeName: str
    tier: str


class Me(TypedDict):
    """The person who is signed in, and the server's present moment."""

    staff: StaffMember
    posts: list[Post]
    region: str
    administrator: bool
    auditor: bool
    demo: bool
    now: str
    clockMode: str
    language: str | None


class SignedIn(TypedDict):
    """The answer to a sign-in."""

    me: Me


class DemoPerson(TypedDict):
    """A synthetic person of the demo authority, for one-click sign-in."""

    login: str
    name: str
    posts: list[Post]


class Relation(TypedDict):
    """A near relation of an officer that was declared; exactly one of person, household and case is named."""

    id: str
    staffId: str
    staffName: str
    personId: str | None
    householdId: str | None
    caseNo: str | None
    name: str
    type: str
    nature: str | None
    ground: str
    since: str | None
    ended: str | None
    saidBy: str
    bars: bool
    clause: str


class Colleague(TypedDict):
    """A colleague with the first of her posts and where it is."""

    id: str
    name: str
    post: str
    postName: str
    postNameEn: str
    officeName: str


def colleague(found: colleagues.Colleague) -> Colleague:
    """A colleague, with all her posts by name."""
    first = found.held[0]
    return {
        "id": str(found.staff.id),
        "name": found.staff.name,
        "post": first.post,
        "postName": "、".join(each.post_name for each in found.held),
        "postNameEn": ", ".join(each.post_name_en for each in found.held),
        "officeName": first.office.name,
    }


def me(found: organisation.Me, *, now: datetime, manual: bool, demo: bool) -> Me:
    """Who is signed in; `demo`: one-click sign-in exists here, `manual`: the clock is moved by hand."""
    return {
        "staff": staff_member(found.staff),
        "posts": [post(held) for held in found.holdings],
        "region": found.region,
        "administrator": found.is_administrator,
        "auditor": found.is_auditor,
        "demo": demo,
        "now": moment(now),
        "clockMode": "manual" if manual else "real",
        "language": None,
    }


def staff_member(person: Staff) -> StaffMember:
    """A member of staff by name."""
    return {"id": str(person.id), "name": person.name, "login": person.login}


def post(held: Held) -> Post:
    """A post that is held."""
    return {
        "post": held.post,
        "postName": held.post_name,
        "postNameEn": held.post_name_en,
        "office": held.office.code,
        "officeName": held.office.name,
        "tier": held.office.kind.value,
    }


def demo_person(person: Staff, held: list[Held]) -> DemoPerson:
    """A synthetic person with what she holds."""
    return {"login": person.login, "name": person.name, "posts": [post(each) for each in held]}


def relation(declared: Declared) -> Relation:
    """A declared relation with the names that a person reads."""
    kept = declared.relation
    return {
        "id": str(kept.id),
        "staffId": str(kept.staff_id),
        "staffName": declared.staff.name,
        "personId": str(kept.person_id) if kept.person_id is not None else None,
        "householdId": str(kept.household_id) if kept.household_id is not None else None,
        "caseNo": declared.whom if kept.case_id is not None else None,
        "name": declared.whom,
        "type": kept.type,
        "nature": kept.nature,
        "ground": kept.ground,
        "since": moment(kept.since_at),
        "ended": moment(kept.ended_at),
        "saidBy": kept.said_by,
        "bars": kept.bars,
        "clause": kept.clause,
    }
