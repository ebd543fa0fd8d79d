"""Searches for persons and households by what people type."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from casework.model.people import Household, Person
from casework.persistence import rows
from casework.persistence.tables import household, person


def persons(connection: Connection, region: str, text: str, limit: int) -> list[Person]:
    """Persons whose name contains a text, or whose pinyin or initials begin with it; by pinyin."""
    found = (
        select(person.c.id)
        .where(
            person.c.region == region,
            or_(
                person.c.name.contains(text, autoescape=True),
                person.c.pinyin.startswith(text, autoescape=True),
                person.c.initials.startswith(text, autoescape=True),
            ),
        )
        .order_by(person.c.pinyin, person.c.id)
        .limit(limit)
    )
    ids = [row.id for row in connection.execute(found)]
    by_id = {one.id: one for one in rows.find_all(connection, Person, region, id=ids)}
    return [by_id[one] for one in ids]


def by_file_no(connection: Connection, region: str, text: str, limit: int) -> list[Household]:
    """Households whose file number begins with a text."""
    return rows.find_all(connection, Household, region, household.c.file_no.startswith(text, autoescape=True), limit=limit)
