"""Who is signed in, what she holds, and who is related to whom."""

from typing import NotRequired

from typing_extensions import TypedDict


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
    clause: NotRequired[str]
