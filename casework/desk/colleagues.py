"""Whom an officer may name in a form or a transfer: the colleagues of her region, by name, spelling or login.

Names and posts only, as on an office's door; what they work on is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from casework.act import Act
from casework.model.people import OfficeKind, Staff, StaffState
from casework.people import organisation
from casework.people.organisation import Held
from casework.records import households

MOST = 20


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff with what she holds today."""

    staff: Staff
    held: tuple[Held, ...]


def find(act: Act, q: str = "", *, limit: int = MOST) -> list[Colleague]:
    """Colleagues who hold a post, without the asker, by name.

    Without a text those of her own township and its villages (of her own office, where she belongs to none); with one, all of
    the region whose name, pinyin, initials or login contains it.
    """
    asker = act.actor.staff_id if act.actor else None
    near = _near(act) if not q.strip() else None
    text = q.strip().lower()
    found = [
        Colleague(person, tuple(held))
        for person, held in organisation.staff(act)
        if held and person.id != asker and person.state is StaffState.ACTIVE and _fits(person, held, text, near)
    ]
    return sorted(found, key=lambda each: (each.staff.name, each.staff.id))[:limit]


def _fits(person: Staff, held: list[Held], text: str, near: set[int] | None) -> bool:
    if near is not None:
        return any(each.office.id in near for each in held)
    return any(text in spelling for spelling in (person.name.lower(), person.login, *_spelled(person.name)))


def _near(act: Act) -> set[int]:
    """The asker's townships with their villages; offices that belong to no township by themselves."""
    tops: set[int] = set()
    for each in organisation.holdings_of(act, act.actor.staff_id) if act.actor else []:
        township = organisation.above(act, each.office, OfficeKind.TOWNSHIP)
        tops.add(township.id if township else each.office.id)
    below = {office.id for office in organisation.offices(act) if office.parent_id in tops and office.kind is OfficeKind.VILLAGE}
    return tops | below


@lru_cache(maxsize=20_000)
def _spelled(name: str) -> tuple[str, str]:
    return households.spelled(name)
