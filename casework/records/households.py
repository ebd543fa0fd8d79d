"""Persons and households: one household, one file; found by name, pinyin or number; what burdens a person is sealed.

An identity number is kept encrypted and found by a keyed hash. Search answers with masked values only. Which aid a household
gets is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.act import Act
from casework.errors import Refused, Unknown
from casework.model.cases import CaseFile, HumanTask
from casework.model.people import Household, Member, Office, Person
from casework.people import organisation, relations
from casework.persistence import households as queries
from casework.persistence import spread
from casework.records import masks
from engine.errors import InvalidInput
from engine.model import Json

HEAD = "head"
VILLAGE_POSTS = frozenset({"village-assistant"})
LIMIT = 20
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"

#: Surnames that are read otherwise than the character elsewhere.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "曾": "zeng", "盖": "ge", "任": "ren", "朴": "piao", "尉": "wei",
    "翟": "zhai", "乐": "yue", "覃": "qin", "华": "hua", "宁": "ning", "召": "shao", "黑": "he", "折": "she", "种": "chong", "缪": "miao",
    "纪": "ji", "员": "yun", "秘": "bi", "燕": "yan", "贾": "jia", "晟": "cheng", "洗": "xian", "冼": "xian", "逄": "pang", "尹": "yin",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person as a list shows her: the number masked."""

    id: int
    name: str
    sex: str | None
    birth_on: date | None
    id_masked: str | None
    village: str
    household_id: int | None
    file_no: str | None


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household with its open members; the head first."""

    household: Household
    village: str
    members: tuple[tuple[Member, PersonLine], ...]


# -- identity numbers and names ----------------------------------------------------------------------------------------


def valid_identity(number: str) -> bool:
    """18 characters, a day of birth that exists, and the check character of GB 11643 (area codes are only a hint)."""
    text = number.upper()
    if len(text) != 18 or not text[:17].isascii() or not text[:17].isdigit():
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return born.year >= 1900 and text[17] == _CHECK[total % 11]


def sex_and_birth(number: str) -> tuple[str, date]:
    """What a valid number says: the sex (male, female) and the day of birth."""
    return ("male" if int(number[16]) % 2 else "female", date(int(number[6:10]), int(number[10:12]), int(number[12:14])))


def spelled(name: str) -> tuple[str, str]:
    """A name in pinyin and its initials, by which it is found and sorted."""
    # Its dictionary takes a third of a second to load, for which no start should wait.
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(name, style=Style.NORMAL, errors=_characters)
    if name and name[0] in SURNAMES and syllables:
        syllables[0] = SURNAMES[name[0]]
    return "".join(syllables).lower(), "".join(syllable[:1] for syllable in syllables).lower()


# -- writing -----------------------------------------------------------------------------------------------------------


def add_person(
    act: Act, *, name: str, id_number: str | None = None, sex: str | None = None, birth_on: date | None = None, phone: str | None = None,
    village: Office | None = None, synthetic: bool = False,
) -> Person:  # fmt: skip
    """Enter a person. InvalidInput for a number that cannot be one; Refused (`duplicate`) for one that is known."""
    if id_number and not valid_identity(id_number):
        raise InvalidInput("身份证号码不正确。", "The identity number is not valid.")
    if id_number and by_identity(act, id_number) is not None:
        raise Refused("duplicate", "此人已有登记。", "This person is on file already.", clause="LZ-H1")
    if id_number:
        sex, birth_on = sex_and_birth(id_number)
    person_id = act.new_id()
    pinyin, initials = spelled(name)
    seal, region = act.house.seal, act.region
    person = act.add(
        Person(
            region=region, id=person_id, name=name, pinyin=pinyin, initials=initials, sex=sex, birth_on=birth_on,
            id_type="identity" if id_number else None,
            id_sealed=seal.close(id_number.upper(), region=region, purpose=f"person.id:{person_id}") if id_number else None,
            id_hash=_fingerprint(act, id_number) if id_number else None,
            phone_sealed=seal.close(phone, region=region, purpose=f"person.phone:{person_id}") if phone else None,
            bank_sealed=None, health_sealed=None, village_id=village.id if village else None, synthetic=synthetic,
        )
    )
    act.record("add-person", person)
    return person


def open_household(act: Act, head: Person, *, village: Office | None, urban: bool | None = None, synthetic: bool = False) -> Household:
    """A household with its head as the first member. Refused (`duplicate`) for a head who lives in one already."""
    if act.find(Member, person_id=head.id, until_on=None) is not None:
        raise Refused("duplicate", "此人已在另一户中。", "This person belongs to a household already.", clause="LZ-H1")
    place = village.code if village else act.region
    number = act.next_number("household", office=place)
    household = act.add(
        Household(
            region=act.region, id=act.new_id(), file_no=f"{place}-{number:05}", head_id=head.id, village_id=village.id if village else None,
            urban=urban, address_sealed=None, synthetic=synthetic,
        )
    )
    act.record("open-household", household, after={"fileNo": household.file_no})
    join(act, household, head, HEAD)
    return household


def join(act: Act, household: Household, person: Person, role: str) -> Member:
    """Make a person a member from today on. Refused (`duplicate`) for one who lives in another household."""
    if act.find(Member, person_id=person.id, until_on=None) is not None:
        raise Refused("duplicate", "此人已在另一户中。", "This person belongs to a household already.", clause="LZ-H1")
    member = act.add(
        Member(
            region=act.region, id=act.new_id(), household_id=household.id, person_id=person.id, role=role, from_on=act.today, until_on=None
        )
    )
    act.record("join-household", member, after={"household": household.file_no, "role": role})
    return member


def link(act: Act, case: CaseFile, household: Household) -> dict[str, Json]:
    """Say whose case it is; gives the variable `household`. Tasks and lists of the case follow.

    Refused (`household`) when the case has another household already: a case is never moved from one to another.
    """
    if case.household_id not in (None, household.id):
        raise Refused("household", "案件已关联另一户。", "The case belongs to another household.", clause="LZ-H1")
    if case.household_id is None:
        changed = act.change(case, household_id=household.id)
        spread.household(
            act.connection, act.region, case_id=case.id, household_id=household.id, person_name=case.person_name
        )
        act.forget(HumanTask)
        act.record("link-household", changed, after={"household": household.file_no})
        if act.actor is not None and relations.bars(act, act.actor.staff_id, changed) is not None:
            zh, en = "您与这一户有近亲属关系,应当回避。", "You are a near relative of this household: you may not go on."
            raise Refused("relation", zh, en, clause=relations.CLAUSE)
        relations.recheck_case(act, changed)
    return variable(act, household)


def link_or_open(act: Act, case: CaseFile, chosen: str) -> dict[str, Json]:
    """What a field with the widget `household` sends: the id of a household, or `new` for one whose head is the person of the
    case. Gives the variable `household`."""
    if chosen == "new":
        if case.household_id is not None:
            return variable(act, act.get(Household, case.household_id))
        village = act.get(Office, case.village_id) if case.village_id is not None else None
        head = add_person(act, name=case.person_name, village=village)
        return link(act, case, open_household(act, head, village=village))
    if not (chosen.isascii() and chosen.isdigit()):
        raise InvalidInput("没有这一户。", "There is no such household.")
    return link(act, case, act.get(Household, int(chosen)))


def variable(act: Act, household: Household) -> dict[str, Json]:
    """A household as diagrams read it: no number, no address."""
    members = _members(act, household)
    return {
        "id": str(household.id), "file": household.file_no, "headId": str(household.head_id) if household.head_id else None,
        "size": len(members), "urban": household.urban,
        "members": [{"id": str(person.id), "name": person.name, "role": member.role} for member, person in members],
    }  # fmt: skip


# -- reading -----------------------------------------------------------------------------------------------------------


def by_identity(act: Act, id_number: str) -> Person | None:
    """The person with that number, by its keyed hash."""
    return act.find(Person, id_hash=_fingerprint(act, id_number))


def persons(act: Act, q: str, *, limit: int = LIMIT) -> list[PersonLine]:
    """Persons by the beginning or a part of the name, by pinyin, initials or the full identity number; masked."""
    _must_work_on_cases(act)
    text = q.strip()
    if not text:
        return []
    barred = _barred(act)
    if valid_identity(text):
        known = by_identity(act, text)
        found = [known] if known else []
    else:
        found = queries.persons(act.connection, act.region, text.lower(), limit)
    return [line for line in _lines(act, found) if line.household_id not in barred]


def search(act: Act, q: str, *, limit: int = LIMIT) -> list[HouseholdView]:
    """Households by file number or by a member's name, pinyin, initials or identity number; masked."""
    text = q.strip()
    found = {one.id: one for one in queries.by_file_no(act.connection, act.region, text, limit)} if text else {}
    for line in persons(act, text, limit=limit):
        if line.household_id is not None and line.household_id not in found:
            found[line.household_id] = act.get(Household, line.household_id)
    barred = _barred(act)
    return [view(act, household_id) for household_id in list(found)[:limit] if household_id not in barred]


def view(act: Act, household_id: int) -> HouseholdView:
    """A household with its members, masked. Unknown where there is none."""
    _must_work_on_cases(act)
    household = act.get(Household, household_id)
    if household.id in _barred(act):
        zh, en = "您与这一户有近亲属关系,应当回避。", "You are a near relative of this household: you may not see it."
        raise Refused("relation", zh, en, clause=relations.CLAUSE)
    members = _members(act, household)
    lines = {line.id: line for line in _lines(act, [person for _, person in members])}
    ordered = sorted(members, key=lambda pair: (pair[0].role != HEAD, pair[0].id))
    return HouseholdView(household, _village(act, household.village_id), tuple((member, lines[person.id]) for member, person in ordered))


def by_file_no(act: Act, file_no: str) -> Household:
    """The household of that file; Unknown where there is none."""
    found = act.find(Household, file_no=file_no)
    if found is None:
        raise Unknown("没有这一户。", "There is no such household.")
    return found


def _must_work_on_cases(act: Act) -> None:
    """Households are looked up by posts that work on cases (8.2); Refused for others."""
    if act.actor is None:
        return
    posts = {held.post for held in organisation.holdings_of(act, act.actor.staff_id)}
    if not posts & (masks.CASE_POSTS | VILLAGE_POSTS):
        raise Refused("not-allowed", "您的岗位不能查询家庭档案。", "Your posts do not look up households.", clause="LZ-H3")


def _barred(act: Act) -> set[int]:
    """Households that the actor may not see: related to her, or with a case from which a relation bars her."""
    if act.actor is None:
        return set()
    households, cases = relations.barred_cases(act, act.actor.staff_id)
    concerned = act.find_all(CaseFile, id=sorted(cases)) if cases else []
    return households | {case.household_id for case in concerned if case.household_id is not None}


def _members(act: Act, household: Household) -> list[tuple[Member, Person]]:
    open_members = act.find_all(Member, household_id=household.id, until_on=None)
    people = {person.id: person for person in act.find_all(Person, id=[member.person_id for member in open_members])}
    return [(member, people[member.person_id]) for member in open_members]


def _lines(act: Act, found: Iterable[Person]) -> list[PersonLine]:
    listed = list(found)
    homes = {member.person_id: member.household_id for member in act.find_all(Member, person_id=[one.id for one in listed], until_on=None)}
    files = {one.id: one.file_no for one in act.find_all(Household, id=sorted(set(homes.values())))}
    villages = {one.id: one.name for one in act.find_all(Office, id=sorted({one.village_id for one in listed if one.village_id}))}
    return [
        PersonLine(
            id=one.id, name=one.name, sex=one.sex, birth_on=one.birth_on, id_masked=_masked_identity(act, one),
            village=villages.get(one.village_id or 0, ""), household_id=homes.get(one.id), file_no=files.get(homes.get(one.id, 0)),
        )
        for one in listed
    ]  # fmt: skip


def _masked_identity(act: Act, person: Person) -> str | None:
    if person.id_sealed is None:
        return None
    return masks.identity(str(act.house.seal.open(person.id_sealed, region=person.region, purpose=f"person.id:{person.id}")))


def _characters(text: str) -> str:
    """What has no reading stands for itself."""
    return text


def _village(act: Act, village_id: int | None) -> str:
    return "" if village_id is None else act.get(Office, village_id).name


def _fingerprint(act: Act, id_number: str) -> str:
    return act.house.seal.fingerprint(id_number.upper(), region=act.region, purpose="person.id")
