"""Answers to requests that carry a key: claimed before the act begins, filled in before it commits."""

from datetime import datetime

from sqlalchemy import Connection, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.model.outgoing import Answer
from casework.persistence.tables import answer as table


def claim(connection: Connection, answer: Answer) -> bool:
    """Put the row unless its key is taken. Of two at once the second waits here until the first is committed or gone."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    put = dialect.insert(table).values(
        region=answer.region, id=answer.id, key=answer.key, digest=answer.digest, at=answer.at
    )
    unless_taken = put.on_conflict_do_nothing(index_elements=["region", "key"]).returning(table.c.id)
    return connection.execute(unless_taken).scalar_one_or_none() is not None


def fill(connection: Connection, region: str, key: str, *, status: int, body: bytes) -> None:
    """Write what is answered into the claimed row."""
    connection.execute(
        update(table).where(table.c.region == region, table.c.key == key).values(status=status, body=body)
    )


def forget(connection: Connection, region: str, prefix: str, *, before: datetime) -> None:
    """Drop answers from before `before` whose key begins with `prefix`: one person's, so that no two acts wait for
    one another over old rows.
    """
    old = (table.c.region == region) & (table.c.at < before) & table.c.key.startswith(prefix, autoescape=True)
    connection.execute(delete(table).where(old))
