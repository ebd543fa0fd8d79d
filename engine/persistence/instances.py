"""Saving and loading instances: state, variables, waits and history of one step, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, case, delete, func, null, select, update

from engine.codec import pack, unpack
from engine.errors import Overtaken
from engine.model import InstanceState, Json
from engine.persistence import tables as t
from engine.persistence.statements import Insert, Statement, among, equal
from engine.runtime.step import InstanceRow


def as_row(region: str, instance_id: int, *rest: Any) -> InstanceRow:
    """An instance from its columns in the order of the table."""
    row = InstanceRow(instance_id, region, *rest)
    row.state = InstanceState(row.state)
    row.tokens = bytes(row.tokens)
    return row


_HERE = (equal(t.instance.c.region), equal(t.instance.c.id))
_ROOT_OF = select(t.instance.c.root_id).where(*_HERE).scalar_subquery()
_root = t.instance.alias("root")
_LOCK_ROOT = Statement(
    select(_root).where(equal(_root.c.region), _root.c.id == _ROOT_OF).with_for_update(of=_root), into=as_row
)
_LOAD = Statement(select(t.instance).where(*_HERE), into=as_row)
_ADD = Insert(t.instance)
# A version that differs from what was loaded becomes null, which the column refuses: the check needs no answer before the commit.
_LOADED = bindparam("loaded", type_=Integer)
_SAVE = Statement(
    update(t.instance).where(equal(t.instance.c.region, "key_region"), equal(t.instance.c.id, "key_id"))
    .values(
        tokens=bindparam("tokens"), state=bindparam("state"), ended_at=bindparam("ended_at"),
        version=case((t.instance.c.version == _LOADED, _LOADED + 1), else_=null()),
    )
)  # fmt: skip
_OF_INSTANCE = (equal(t.variable.c.region), equal(t.variable.c.instance_id))
_VARIABLES = select(t.variable.c.scope_id, t.variable.c.name, t.variable.c.value).where(*_OF_INSTANCE)
_ALL_VARIABLES = Statement(_VARIABLES, into=lambda *row: row)
_NAMED_VARIABLES = Statement(
    lambda dialect: _VARIABLES.where(among(dialect, t.variable.c.name, "names")), into=lambda *row: row
)
_SEEN_VARIABLES = Statement(
    lambda dialect: _VARIABLES.where(
        among(dialect, t.variable.c.name, "names"), among(dialect, t.variable.c.scope_id, "scopes")
    ),
    into=lambda *row: row,
)
_DROP_SCOPES = Statement(
    lambda dialect: delete(t.variable).where(*_OF_INSTANCE, among(dialect, t.variable.c.scope_id, "scopes"))
)
_SET_VARIABLES = Insert(t.variable, replaces=True)
_ADD_HISTORY = Insert(t.history)


def lock_root(connection: Connection, region: str, instance_id: int) -> InstanceRow | None:
    """Lock the root of the instance's tree and give it as it is then; None when there is no such instance.

    On SQLite the writing transaction itself is the lock.
    """
    found: InstanceRow | None = _LOCK_ROOT.first(connection, region=region, id=instance_id)
    return found


def load(connection: Connection, region: str, instance_id: int) -> InstanceRow | None:
    """An instance as it is stored; None when there is none."""
    found: InstanceRow | None = _LOAD.first(connection, region=region, id=instance_id)
    return found


def fetcher(
    connection: Connection, region: str, instance_id: int
) -> Callable[[Iterable[str] | None, Iterable[int] | None], list[tuple[int, str, Json]]]:
    """A function that reads variables of one instance by name and scope (None: all)."""

    def fetch(names: Iterable[str] | None, scopes: Iterable[int] | None) -> list[tuple[int, str, Json]]:
        if names is None:
            return _ALL_VARIABLES.all(connection, region=region, instance_id=instance_id)
        if scopes is not None:
            return _SEEN_VARIABLES.all(
                connection, region=region, instance_id=instance_id, names=list(names), scopes=list(scopes)
            )
        return _NAMED_VARIABLES.all(connection, region=region, instance_id=instance_id, names=list(names))

    return fetch


def save(connection: Connection, row: InstanceRow, tokens: bytes) -> None:
    """Write state and version; Overtaken, at the latest at the commit, when somebody else has written this instance since."""
    if row.is_new:
        _ADD.write(connection, [{
            "region": row.region, "id": row.id, "root_id": row.root_id, "parent_id": row.parent_id,
            "parent_element_instance_id": row.parent_element_instance_id, "definition_id": row.definition_id,
            "process_id": row.process_id, "business_key": row.business_key, "state": str(row.state), "version": 1,
            "tokens": tokens, "started_at": row.started_at, "ended_at": row.ended_at,
        }])  # fmt: skip
    else:
        values = {
            "tokens": tokens, "state": str(row.state), "ended_at": row.ended_at, "loaded": row.version, "key_region": row.region,
            "key_id": row.id,
        }  # fmt: skip
        _SAVE.write(connection, values, otherwise=_overtaken)
    row.version += 1
    row.is_new = False
    row.tokens = tokens


def _overtaken() -> Overtaken:
    return Overtaken("案件刚被别的操作改动,请重试", "another command changed this instance meanwhile; try again")


def save_variables(
    connection: Connection, region: str, instance_id: int, changed: Mapping[tuple[int, str], Json], dropped: Iterable[int]
) -> None:
    """Write what changed, and clear the scopes that ended."""
    if dropped:
        _DROP_SCOPES.write(connection, {"region": region, "instance_id": instance_id, "scopes": sorted(dropped)})
    _SET_VARIABLES.write(connection, [
        {"region": region, "instance_id": instance_id, "scope_id": scope, "name": name, "value": value}
        for (scope, name), value in changed.items()
    ])  # fmt: skip


def save_history(
    connection: Connection, row: InstanceRow, *, at: datetime, by: str, command: str, events: list[Any]
) -> None:
    """Entry n of an instance is its version n (invariant I8)."""
    _ADD_HISTORY.write(connection, [{
        "region": row.region, "instance_id": row.id, "n": row.version, "at": at, "by": by, "command": command,
        "events": pack(events),
    }])  # fmt: skip


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
    )  # fmt: skip
    return [as_row(*row) for row in rows]


def every(connection: Connection, region: str | None) -> Iterator[InstanceRow]:
    """All instances, of one region or of all, in order of their start."""
    query = select(t.instance).order_by(t.instance.c.id)
    if region is not None:
        query = query.where(t.instance.c.region == region)
    for row in connection.execute(query):
        yield as_row(*row)


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
