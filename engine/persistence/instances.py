"""Saving and loading instances: state, variables, waits and history of one step, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.codec import pack, unpack
from engine.errors import Overtaken
from engine.model import InstanceState, Json
from engine.persistence import tables as t
from engine.runtime.step import InstanceRow


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or replace what is not key where the primary key exists already."""
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement: Any = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    changes = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), list(rows))


def lock_root(connection: Connection, region: str, instance_id: int) -> int | None:
    """Lock the root of the instance's tree and give its id; None when there is no such instance.

    On SQLite the writing transaction itself is the lock.
    """
    root_id = connection.execute(
        select(t.instance.c.root_id).where(t.instance.c.region == region, t.instance.c.id == instance_id)
    ).scalar()
    if root_id is not None and connection.dialect.name == "postgresql":
        connection.execute(
            select(t.instance.c.id).where(t.instance.c.region == region, t.instance.c.id == root_id).with_for_update()
        )
    return root_id


def try_lock_root(connection: Connection, region: str, root_id: int) -> bool:
    """Lock the root unless somebody else is working on the tree."""
    if connection.dialect.name != "postgresql":
        return True
    query = select(t.instance.c.id).where(t.instance.c.region == region, t.instance.c.id == root_id)
    return connection.execute(query.with_for_update(skip_locked=True)).first() is not None


def load(connection: Connection, region: str, instance_id: int) -> InstanceRow | None:
    """An instance as it is stored; None when there is none."""
    row = connection.execute(
        select(t.instance).where(t.instance.c.region == region, t.instance.c.id == instance_id)
    ).mappings().first()  # fmt: skip
    return None if row is None else _row(row)


def fetcher(
    connection: Connection, region: str, instance_id: int
) -> Callable[[Iterable[str] | None], list[tuple[int, str, Json]]]:
    """A function that reads variables of one instance by name (None: all)."""

    def fetch(names: Iterable[str] | None) -> list[tuple[int, str, Json]]:
        query = select(t.variable.c.scope_id, t.variable.c.name, t.variable.c.value).where(
            t.variable.c.region == region, t.variable.c.instance_id == instance_id
        )
        if names is not None:
            wanted = list(names)
            query = query.where(t.variable.c.name == wanted[0] if len(wanted) == 1 else t.variable.c.name.in_(wanted))
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]

    return fetch


def save(connection: Connection, row: InstanceRow, tokens: bytes) -> None:
    """Write state and version; Overtaken when somebody else has written this instance since it was loaded."""
    key = (t.instance.c.region == row.region, t.instance.c.id == row.id)
    if row.is_new:
        values = asdict(row)
        del values["is_new"]
        connection.execute(
            insert(t.instance).values(**(values | {"tokens": tokens, "version": 1, "state": str(row.state)}))
        )
    else:
        done = connection.execute(
            update(t.instance)
            .where(*key, t.instance.c.version == row.version)
            .values(tokens=tokens, version=row.version + 1, state=str(row.state), ended_at=row.ended_at)
        )
        if done.rowcount != 1:
            raise Overtaken("案件刚被别的操作改动,请重试", "another command changed this instance meanwhile; try again")
    row.version += 1
    row.is_new = False
    row.tokens = tokens


def save_variables(
    connection: Connection, region: str, instance_id: int, changed: Mapping[tuple[int, str], Json], dropped: set[int]
) -> None:
    """Write what changed, and clear the scopes that ended."""
    if dropped:
        connection.execute(
            delete(t.variable).where(
                t.variable.c.region == region,
                t.variable.c.instance_id == instance_id,
                t.variable.c.scope_id.in_(dropped),
            )
        )
    upsert(connection, t.variable, [
        {"region": region, "instance_id": instance_id, "scope_id": scope, "name": name, "value": value}
        for (scope, name), value in changed.items()
    ])  # fmt: skip


def save_history(
    connection: Connection, row: InstanceRow, *, at: datetime, by: str, command: str, events: list[Any]
) -> None:
    """Entry n of an instance is its version n (invariant I8)."""
    connection.execute(
        insert(t.history).values(
            region=row.region, instance_id=row.id, n=row.version, at=at, by=by, command=command, events=pack(events)
        )
    )


def history(
    connection: Connection, region: str, instance_ids: Sequence[int]
) -> list[tuple[int, int, datetime, str, str, list[Any]]]:
    """Entries of these instances: (instance id, n, at, by, command, events), in order."""
    rows = connection.execute(
        select(t.history)
        .where(t.history.c.region == region, t.history.c.instance_id.in_(instance_ids))
        .order_by(t.history.c.instance_id, t.history.c.n)
    )
    return [(r.instance_id, r.n, r.at, r.by, r.command, unpack(bytes(r.events))) for r in rows]


def tree(connection: Connection, region: str, root_id: int) -> list[InstanceRow]:
    """The instances of a tree, root first."""
    rows = connection.execute(
        select(t.instance).where(t.instance.c.region == region, t.instance.c.root_id == root_id).order_by(t.instance.c.id)
    ).mappings()  # fmt: skip
    return [_row(row) for row in rows]


def every(connection: Connection, region: str | None) -> Iterator[InstanceRow]:
    """All instances, of one region or of all, in order of their start."""
    query = select(t.instance).order_by(t.instance.c.id)
    if region is not None:
        query = query.where(t.instance.c.region == region)
    for row in connection.execute(query).mappings():
        yield _row(row)


def _row(row: RowMapping) -> InstanceRow:
    values = dict(row)
    values["state"] = InstanceState(values["state"])
    values["tokens"] = bytes(values["tokens"])
    return InstanceRow(**values)


def running_counts(connection: Connection) -> dict[int, tuple[int, int]]:
    """Per definition: active instances and open incidents."""
    active = _counts(
        connection,
        select(t.instance.c.definition_id, func.count())
        .where(t.instance.c.state == "active")
        .group_by(t.instance.c.definition_id),
    )
    incidents = _counts(
        connection, select(t.incident.c.definition_id, func.count()).group_by(t.incident.c.definition_id)
    )
    return {key: (active.get(key, 0), incidents.get(key, 0)) for key in active.keys() | incidents.keys()}


def _counts(connection: Connection, query: Select[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in connection.execute(query)}
