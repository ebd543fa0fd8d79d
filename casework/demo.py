"""The demo authority: two invented districts with their townships, villages, staff and households. Everything here is synthetic.

Names, numbers and addresses are made by rule from a fixed seed, so that every installation has the same; identity numbers begin
with 000000, which no district has. Everybody is marked `synthetic`.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import date

from casework.act import Act
from casework.authority import Authority
from casework.law import calendar
from casework.model.people import Office, OfficeKind, Staff
from casework.people import organisation, signin
from casework.persistence import rows
from casework.records import households

DISTRICTS = ("JA", "JB")
HOUSEHOLDS_PER_DISTRICT = 100
_SEED = 20_260_214


@dataclass(frozen=True, slots=True)
class _Village:
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class _Township:
    code: str
    name: str
    name_en: str
    villages: tuple[_Village, ...]


def _district(code: str, sign: str, numeral: tuple[str, str, str, str]) -> tuple[str, tuple[_Township, ...]]:
    first, second, third, fourth = numeral
    return f"示例{sign}区", (
        _Township(
            f"{code}-01", f"{sign}一镇", f"{code} First Town",
            (
                _Village(f"{code}-01-01", f"{sign}{first}村", f"{code} Village 1"),
                _Village(f"{code}-01-02", f"{sign}{second}社区", f"{code} Community 2"),
            ),
        ),
        _Township(
            f"{code}-02", f"{sign}二街道", f"{code} Second Subdistrict",
            (
                _Village(f"{code}-02-01", f"{sign}{third}社区", f"{code} Community 3"),
                _Village(f"{code}-02-02", f"{sign}{fourth}社区", f"{code} Community 4"),
            ),
        ),
    )  # fmt: skip


TREE = {
    "JA": _district("JA", "甲", ("一", "二", "三", "四")),
    "JB": _district("JB", "乙", ("一", "二", "三", "四")),
}

_Staff = tuple[tuple[tuple[str, ...], str], ...]
#: Of a town: (posts, how the login ends). One person may hold several posts; of each pair that four eyes ask for there are two.
TOWN_STAFF: _Staff = (
    (("window-clerk", "verification-officer"), "window"),
    (("case-handler",), "handler"),
    (("case-handler", "survey-officer"), "handler2"),
    (("survey-officer",), "survey"),
    (("township-office-head",), "office-head"),
    (("deputy-leader",), "deputy"),
    (("township-leader", "deputy-leader"), "leader"),
    (("fund-officer", "seal-officer"), "fund"),
    (("archivist",), "archive"),
)
#: Of a subdistrict, which is smaller.
SUBDISTRICT_STAFF: _Staff = (
    (("window-clerk", "seal-officer"), "window"),
    (("case-handler", "survey-officer", "verification-officer"), "handler"),
    (("case-handler", "survey-officer", "archivist"), "handler2"),
    (("township-office-head", "deputy-leader"), "deputy"),
    (("township-leader", "deputy-leader"), "leader"),
    (("fund-officer",), "fund"),
)
VILLAGE_STAFF: _Staff = ((("grid-worker", "liaison", "village-assistant", "village-head"), "grid"),)
DISTRICT_STAFF: _Staff = (
    (("district-section",), "section"),
    (("district-section-head",), "section-head"),
    (("district-leader",), "district-leader"),
    (("supervisor",), "supervisor"),
    (("coordination-secretary", "verification-centre", "petition-officer"), "platform"),
)
#: Departments: organisation, its name, its English name; each with an officer and a head in one person.
DEPARTMENTS: tuple[tuple[str, str, str], ...] = (("medical", "医疗保障局", "Medical Insurance Bureau"),)

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安邦成德恩凡广和佳康兰梅宁平庆荣顺泰文祥雪雅英勇玉元泽真芝中珠"


def load(authority: Authority, *, password: str | None = None) -> bool:
    """Put the demo authority into an empty database; False where it is there already.

    `password` is given to everybody; without one nobody has a password and sign-in is by `signin.sign_in_demo` only.
    """
    with authority.database.read() as connection:
        if rows.find_all(connection, Office, DISTRICTS[0], limit=1):
            return False
    hashed = signin.hash_password(password, login="demo") if password else None
    for region in DISTRICTS:
        with authority.system("demo", region=region) as act, act.as_one("load-demo", f"region:{region}"):
            _load_district(act, region, hashed)
    with authority.system_read() as act:
        has_administrator = bool(act.find_all(Staff, limit=1))
    if not has_administrator:
        signin.create_administrator(authority, "admin", "演示管理员", password or secrets.token_urlsafe(24), synthetic=True)
    return True


def _load_district(act: Act, region: str, password_hash: str | None) -> None:
    calendar.seed(act)
    names = _names(region)
    title, townships = TREE[region]
    top = organisation.add_office(
        act, code=region, name=title, name_en=f"Example District {region}", kind=OfficeKind.DISTRICT, parent=None, phone="0000-1234500",
        synthetic=True,
    )
    _hire(act, top, region.lower(), DISTRICT_STAFF, names, password_hash)
    for code, name, english in DEPARTMENTS:
        department = organisation.add_office(
            act, code=f"{region}.{code}", name=f"{title}{name}", name_en=f"{english} {region}", kind=OfficeKind.DEPARTMENT, parent=top,
            synthetic=True,
        )  # fmt: skip
        _hire(act, department, region.lower(), ((("department-officer", "department-head"), code),), names, password_hash)
    villages: list[Office] = []
    for place in townships:
        township = organisation.add_office(
            act, code=place.code, name=place.name, name_en=place.name_en, kind=OfficeKind.TOWNSHIP, parent=top,
            phone="0000-1234567", synthetic=True,
        )  # fmt: skip
        staff = TOWN_STAFF if place.code.endswith("01") else SUBDISTRICT_STAFF
        _hire(act, township, place.code.lower(), staff, names, password_hash)
        for each in place.villages:
            village = organisation.add_office(
                act, code=each.code, name=each.name, name_en=each.name_en, kind=OfficeKind.VILLAGE, parent=township, synthetic=True
            )
            villages.append(village)
            _hire(act, village, each.code.lower(), VILLAGE_STAFF, names, password_hash)
    _settle(act, region, villages)


def _hire(
    act: Act, office: Office, prefix: str, people: _Staff, names: list[str], password_hash: str | None
) -> None:
    for posts, ending in people:
        person = organisation.add_staff(
            act, login=f"{prefix}-{ending}", name=names.pop(), password_hash=password_hash, synthetic=True
        )
        for post in posts:
            organisation.appoint(act, person.id, post, office, from_on=date(2020, 1, 1))


def _settle(act: Act, region: str, villages: list[Office]) -> None:
    """A hundred households: a head with up to three relatives each, spread evenly over the villages."""
    chance = random.Random(f"{_SEED}{region}households")
    serial = 0
    for number in range(HOUSEHOLDS_PER_DISTRICT):
        village = villages[number % len(villages)]
        surname = chance.choice(_SURNAMES)
        household = None
        for position in range(chance.choice((1, 2, 2, 3, 4))):
            serial += 1
            born = date(chance.randint(1945, 1995) if position == 0 else chance.randint(1950, 2018), chance.randint(1, 12), chance.randint(1, 28))
            family = surname if position != 1 else chance.choice(_SURNAMES)
            person = households.add_person(
                act, name=family + "".join(chance.sample(_GIVEN, chance.choice((1, 2, 2)))), id_number=_identity(region, born, serial),
                phone=f"000{serial:08}", village=village, synthetic=True,
            )  # fmt: skip
            if household is None:
                urban = village.name.endswith("社区")
                household = households.open_household(act, person, village=village, urban=urban, synthetic=True)
            else:
                households.join(act, household, person, "spouse" if position == 1 else "child")


def _identity(region: str, born: date, serial: int) -> str:
    """A number with a valid check character under the area code 000000, which no place has."""
    body = f"000000{born:%Y%m%d}{DISTRICTS.index(region) * 500 + serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def _names(region: str) -> list[str]:
    """Enough different names for the staff of a district."""
    chance = random.Random(f"{_SEED}{region}staff")
    names: dict[str, None] = {}
    while len(names) < 80:
        names[chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, chance.choice((1, 2, 2))))] = None
    return list(names)
