"""Offices as a tree, posts and who holds them; the office of a post for a case. Knows no tasks.

An audience is a text: `post@officeCode` for whoever holds the post there, `staff:<id>` for one person. Persons are matched when
they look, so that a new post or a leave changes no task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from casework import deployed, outbox
from casework.act import Act
from casework.deployed import BadTable
from casework.errors import Refused
from casework.model.cases import CaseFile
from casework.model.people import Credential, Holding, Office, OfficeKind, Scope, Staff, StaffState
from casework.model.record import EVERYWHERE
from casework.persistence import outgoing, rows, signins
from engine.errors import InvalidInput, Unknown
from engine.model import Json

ADMINISTRATOR = "administrator"
AUDITOR = "auditor"
SUPERVISOR = "supervisor"
POSTS_FILE = "posts.yaml"
#: Outbox: a person lost a post or her account.
RECHECK = "staff.recheck"

_OWN_POSTS = {ADMINISTRATOR: ("系统管理员", "Administrator"), AUDITOR: ("审计员", "Auditor")}

#: Who distributes the work of an office of each kind (指派), first the nearest.
HEADS: Mapping[OfficeKind, frozenset[str]] = {
    OfficeKind.TOWNSHIP: frozenset({"township-office-head", "deputy-leader", "township-leader"}),
    OfficeKind.DISTRICT: frozenset({"district-section-head", "district-leader"}),
    OfficeKind.VILLAGE: frozenset({"village-head"}),
    OfficeKind.DEPARTMENT: frozenset({"department-head"}),
}


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the table `posts.yaml`; `tiers` are the kinds of offices that have it, the first where it is looked for first."""

    code: str
    zh: str
    en: str
    tiers: tuple[OfficeKind, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A post that a person holds now, at which office."""

    post: str
    post_name: str
    post_name_en: str
    office: Office

    @property
    def audience(self) -> str:
        return audience_of(self.post, self.office)


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, what she holds, and whether she runs the installation or reads the audit."""

    staff: Staff
    holdings: tuple[Held, ...]
    region: str
    is_administrator: bool
    is_auditor: bool


def read_posts(tree: Json) -> dict[str, Post]:
    """The table of posts; BadTable where a row cannot be meant."""
    posts = {}
    for row in deployed.rows(tree, "posts"):
        tiers = row.get("tiers", row.get("tier"))
        listed = tiers if isinstance(tiers, list) else [part.strip() for part in str(tiers).split(",")]
        try:
            kinds = tuple(OfficeKind(str(tier)) for tier in listed)
        except ValueError as unknown:
            raise BadTable(
                f"岗位 {row.get('code')} 的层级不明:{tiers}", f"Post {row.get('code')}: unknown tier {tiers}"
            ) from unknown
        posts[str(row["code"])] = Post(str(row["code"]), str(row["zh"]), str(row["en"]), kinds)
    return posts


def posts(act: Act) -> dict[str, Post]:
    """The posts as deployed, by code."""
    return deployed.table(act, POSTS_FILE, read_posts)


def me(act: Act) -> Me:
    """The signed-in officer. Unknown for the system."""
    if act.actor is None:
        raise Unknown("没有登录。", "Nobody is signed in.")
    person = rows.get(act.connection, Staff, act.actor.region, act.actor.staff_id)
    held = holdings_of(act, person.id, region=act.actor.region)
    return Me(
        staff=person, holdings=tuple(held), region=act.actor.region, is_administrator=is_administrator(act),
        is_auditor=is_auditor(act),
    )  # fmt: skip


def is_administrator(act: Act) -> bool:
    """Whether the actor runs the installation: holds the post `administrator` in the region `*`."""
    return act.actor is not None and act.actor.region == EVERYWHERE and ADMINISTRATOR in _posts_held(act)


def is_auditor(act: Act) -> bool:
    """Whether the actor reads the audit: auditors of the installation, supervisors of a district."""
    return act.actor is not None and bool(_posts_held(act) & {AUDITOR, SUPERVISOR})


def scopes_of(act: Act) -> frozenset[Scope]:
    """What the actor may do at the doors that other systems use, of what the rest of the product lets her do.

    Administrators run things and see no case's tasks; everybody in a district starts what her posts may start, does her tasks
    and sees her cases; who only reads the audit of the installation looks.
    """
    if act.actor is None:
        return frozenset()
    if act.actor.region != EVERYWHERE:
        return frozenset({Scope.START, Scope.TASKS, Scope.READ})
    if is_administrator(act):
        return frozenset(Scope) - {Scope.TASKS}
    return frozenset({Scope.READ}) if is_auditor(act) else frozenset()


def holdings_of(act: Act, staff_id: int, *, region: str | None = None) -> list[Held]:
    """What a person holds today."""
    region = region or act.region
    held = _open(act.reference(Holding, region=region).find({"staff_id": staff_id}, 1000), act.today)
    offices = act.reference(Office, region=region)
    return [_named(act, each, offices.find({"id": each.office_id}, 1)[0]) for each in held]


def audiences_of(act: Act, staff_id: int) -> frozenset[str]:
    """Every audience that a person is part of today."""
    held = _open(act.find_all(Holding, staff_id=staff_id), act.today)
    codes = {office.id: office.code for office in act.find_all(Office, id=[each.office_id for each in held])}
    return frozenset({personal(staff_id), *(f"{each.post}@{codes[each.office_id]}" for each in held)})


def holders(act: Act, audiences: Iterable[str]) -> list[Staff]:
    """The active staff who are part of any of these audiences today, by id."""
    wanted = set(audiences)
    persons = {int(audience.removeprefix("staff:")) for audience in wanted if audience.startswith("staff:")}
    at_posts = [tuple(audience.split("@", 1)) for audience in sorted(wanted) if not audience.startswith("staff:")]
    if at_posts:
        offices = {
            office.id: office.code for office in act.find_all(Office, code=sorted({code for _, code in at_posts}))
        }
        held = act.find_all(
            Holding, office_id=sorted(offices), post=sorted({post for post, _ in at_posts}), limit=10_000
        )
        persons |= {
            each.staff_id for each in _open(held, act.today) if (each.post, offices[each.office_id]) in set(at_posts)
        }
    return act.find_all(Staff, id=sorted(persons), state=StaffState.ACTIVE, limit=10_000) if persons else []


def heads_of(act: Act, office: Office) -> frozenset[str]:
    """The audiences that distribute the work of an office: its own heads and those of the office above."""
    found = {f"{post}@{office.code}" for post in HEADS[office.kind]}
    if office.parent_id is not None:
        above = act.get(Office, office.parent_id)
        found |= {f"{post}@{above.code}" for post in HEADS[above.kind]}
    return frozenset(found)


def audience_of(post: str, office: Office) -> str:
    """Whoever holds the post at the office."""
    return f"{post}@{office.code}"


def audience_words(act: Act, audience: str) -> tuple[str, str]:
    """An audience as a reader knows it, in Chinese and English: the office and its post, or the person's name."""
    post_code, _, office_code = audience.partition("@")
    if not office_code:
        person = act.find(Staff, id=int(audience.removeprefix("staff:")))
        return (person.name, person.name) if person else (audience, audience)
    post, place = posts(act).get(post_code), act.find(Office, code=office_code)
    zh, en = (post.zh, post.en) if post else (post_code, post_code)
    return (f"{place.name}{zh}", f"{en} of {place.name_en}") if place else (zh, en)


def personal(staff_id: int) -> str:
    """The audience that is one person."""
    return f"staff:{staff_id}"


def offices_of_post(act: Act, post_code: str, case: CaseFile) -> list[Office]:
    """The offices whose holders of a post have to do with a case.

    The tier of the post picks village, township, district or department; `post:organisation` names a department
    (`department-officer:housing`). A village post of a case without a village is looked for in all villages of the township.
    Empty where the case has no office of that tier; InvalidInput for a post that no table names.
    """
    code, _, organisation = post_code.partition(":")
    post = posts(act).get(code)
    if post is None:
        raise InvalidInput(f"岗位表中没有岗位 {code}。", f"The table of posts has no post {code}.")
    for tier in post.tiers:
        found = _offices_of_tier(act, tier, case, organisation)
        if found:
            return found
    return []


def office(act: Act, code: str) -> Office:
    """The office with that code; Unknown where there is none."""
    found = act.find(Office, code=code)
    if found is None:
        raise Unknown(f"没有机构 {code}。", f"There is no office {code}.")
    return found


def place_in(act: Act, text: str) -> Office | None:
    """The village, else the township, whose name a place as people write it contains; the longest name wins."""
    kinds = [OfficeKind.VILLAGE, OfficeKind.TOWNSHIP]
    named = [each for each in act.find_all(Office, kind=kinds, limit=10_000) if each.name in text]
    return max(named, key=lambda each: (each.kind is OfficeKind.VILLAGE, len(each.name)), default=None)


def district(act: Act) -> Office:
    """The office at the top of the region."""
    found = act.find_all(Office, kind=OfficeKind.DISTRICT, limit=1)
    if not found:
        raise Unknown("本区尚无机构。", "The region has no offices.")
    return found[0]


def above(act: Act, start: Office, kind: OfficeKind) -> Office | None:
    """The office of a kind at or above `start`."""
    here: Office | None = start
    while here is not None and here.kind is not kind:
        here = act.get(Office, here.parent_id) if here.parent_id is not None else None
    return here


def offices(act: Act) -> list[Office]:
    """All offices of the region, by code."""
    return sorted(act.find_all(Office, limit=10_000), key=lambda each: each.code)


def staff(act: Act) -> list[tuple[Staff, list[Held]]]:
    """All staff of the region with what they hold today, by name."""
    by_id = {each.id: each for each in act.find_all(Office, limit=10_000)}
    held: dict[int, list[Held]] = {}
    for each in _open(act.find_all(Holding, limit=100_000), act.today):
        held.setdefault(each.staff_id, []).append(_named(act, each, by_id[each.office_id]))
    everybody = sorted(act.find_all(Staff, limit=100_000), key=lambda person: person.login)
    return [(person, held.get(person.id, [])) for person in everybody]


def colleagues(act: Act, q: str = "", *, limit: int = 30) -> list[tuple[Staff, list[Held]]]:
    """Active staff of the actor's region whose name or login contains `q`, with what they hold; for whoever works there."""
    wanted = q.strip().casefold()
    found = [
        (person, held)
        for person, held in staff(act)
        if person.state is StaffState.ACTIVE and held and (wanted in person.name.casefold() or wanted in person.login)
    ]
    return found[: max(1, min(limit, 200))]


def regions(act: Act) -> list[str]:
    """The districts of the installation for an administrator or auditor of it; for anybody else her own."""
    own = act.actor.region if act.actor else EVERYWHERE
    return outgoing.regions(act.connection) if own == EVERYWHERE else [own]


def demo_people(act: Act) -> list[tuple[Staff, list[Held]]]:
    """The synthetic staff of the region, who may be signed in with one click in a demonstration."""
    return [(person, held) for person, held in staff(act) if person.synthetic]


# ---- administration


def add_office(act: Act, *, code: str, name: str, name_en: str, kind: OfficeKind, parent: Office | None, phone: str = "",
               synthetic: bool = False) -> Office:  # fmt: skip
    """A new office below `parent`. InvalidInput for a code that is taken."""
    _only_administrators(act)
    if act.find(Office, code=code) is not None:
        raise InvalidInput(f"机构代码 {code} 已被使用。", f"The office code {code} is taken.")
    added = act.add(
        Office(
            region=act.region,
            id=act.new_id(),
            code=code,
            name=name,
            name_en=name_en,
            kind=kind,
            parent_id=parent.id if parent else None,
            phone=phone,
            synthetic=synthetic,
        )
    )
    act.record("add-office", added, after={"code": code, "name": name})
    return added


def add_staff(act: Act, *, login: str, name: str, password_hash: str | None = None, synthetic: bool = False) -> Staff:
    """A new member of staff; without a password hash nobody can sign in as her. InvalidInput for a login that is taken."""
    _only_administrators(act)
    if signins.is_taken(act.connection, login):
        raise InvalidInput(f"登录名 {login} 已被使用。", f"The login {login} is taken.")
    added = act.add(
        Staff(region=act.region, id=act.new_id(), name=name, login=login, state=StaffState.ACTIVE, synthetic=synthetic)
    )
    if password_hash is not None:
        act.add(Credential(region=act.region, id=added.id, password_hash=password_hash, changed_at=act.now))
    act.record("add-staff", added, after={"login": login, "name": name})
    return added


def disable_staff(act: Act, staff_id: int) -> Staff:
    """Take a person's sign-in away at once; what she held goes back to its queues."""
    _only_administrators(act)
    person = act.change(act.lock(Staff, staff_id), state=StaffState.DISABLED)
    signins.end_sessions(act.connection, act.region, staff_id, act.now)
    outbox.put(act, RECHECK, {"staffId": staff_id})
    act.record("disable-staff", person)
    return person


def appoint(act: Act, staff_id: int, post: str, at: Office, *, from_on: date | None = None) -> Holding:
    """Give a person a post at an office from a day on (today)."""
    _only_administrators(act)
    added = act.add(
        Holding(
            region=act.region,
            id=act.new_id(),
            staff_id=staff_id,
            post=post,
            office_id=at.id,
            from_on=from_on or act.today,
            until_on=None,
        )
    )
    act.record("appoint", added, after={"staff": staff_id, "post": post, "office": at.code})
    return added


def end_holding(act: Act, holding_id: int) -> Holding:
    """Take a post away from today on; what she held under it goes back to its queues (outbox)."""
    _only_administrators(act)
    ended = act.change(act.lock(Holding, holding_id), until_on=act.today)
    outbox.put(act, RECHECK, {"staffId": ended.staff_id})
    act.record("end-holding", ended)
    return ended


def _only_administrators(act: Act) -> None:
    if (act.actor is not None or act.program is not None) and not is_administrator(act):
        raise Refused(
            "not-administrator", "只有管理员可以维护机构和人员。", "Only an administrator may change offices and staff."
        )


def _named(act: Act, held: Holding, at: Office) -> Held:
    """A holding with its names: of the installation's own posts, else of the table of posts."""
    if held.post in _OWN_POSTS:
        zh, en = _OWN_POSTS[held.post]
        return Held(held.post, zh, en, at)
    post = posts(act).get(held.post)
    return Held(held.post, post.zh if post else held.post, post.en if post else held.post, at)


def _posts_held(act: Act) -> set[str]:
    if act.actor is None:
        return set()
    held = act.reference(Holding, region=act.actor.region).find({"staff_id": act.actor.staff_id}, 1000)
    return {each.post for each in _open(held, act.today)}


def _open(held: Iterable[Holding], on: date) -> list[Holding]:
    return [each for each in held if each.from_on <= on and (each.until_on is None or on < each.until_on)]


def _offices_of_tier(act: Act, tier: OfficeKind, case: CaseFile, organisation: str) -> list[Office]:
    in_charge = act.get(Office, case.office_id)
    if tier is OfficeKind.DEPARTMENT:
        top = district(act)
        found = act.find(Office, code=f"{top.code}.{organisation}") if organisation else None
        return [found] if found else []
    if tier is OfficeKind.VILLAGE:
        if case.village_id is not None:
            return [act.get(Office, case.village_id)]
        return act.find_all(Office, parent_id=in_charge.id, kind=OfficeKind.VILLAGE)
    here = above(act, in_charge, tier)
    return [here] if here else []
