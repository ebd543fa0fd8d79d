"""Answers to requests that carry a key: claimed before the act begins, filled in before it commits."""

from datetime import datetime

from sqlalchemy import Connection, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.model import Answer
from casework.persistence.tables import answer as table


def claim(connection: Connection, answer: Answer) -> bool:
    """Put the row unless its key is taken. Of two at once the second waits here until the first is committed or gone."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    put = (
        dialect.insert(table)
        .values(
            region=answer.region,
            id=answer.id,
            staff_id=answer.staff_id,
            key=answer.key,
            digest=answer.digest,
            status=answer.status,
            body=answer.body,
            at=answer.at,
        )
        .on_conflict_do_nothing(index_elements=["region", "staff_id", "key"])
        .returning(table.c.id)
    )
    return connection.execute(put).scalar_one_or_none() is not None


def fill(connection: Connection, region: str, staff_id: int, key: str, *, status: int, body: bytes) -> None:
    """Write what is answered into the claimed row."""
    mine = (table.c.region == region) & (table.c.staff_id == staff_id) & (table.c.key == key)
    connection.execute(update(table).where(mine).values(status=status, body=body))


def forget(connection: Connection, region: str, staff_id: int, *, before: datetime) -> None:
    """Drop this person's answers from before `before`; only hers, so that no two acts wait for one another over old rows."""
    connection.execute(
        delete(table).where(table.c.region == region, table.c.staff_id == staff_id, table.c.at < before)
    )
