"""Definitions: what is deployed, in which versions. Reference data: written once, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from engine.ids import new_id
from engine.persistence import tables as t
from engine.persistence.statements import Statement, equal

_COLUMNS = (*t.definition.columns, t.resource.c.name.label("resource_name"), t.deployment.c.deployed_at)


def _select() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(t.resource, t.resource.c.id == t.definition.c.resource_id)
        .join(t.deployment, t.deployment.c.id == t.definition.c.deployment_id)
    )


def add_deployment(connection: Connection, name: str | None, at: datetime, by: str) -> int:
    """A deployment's row; its id."""
    deployment_id = new_id()
    connection.execute(insert(t.deployment).values(id=deployment_id, name=name, deployed_at=at, deployed_by=by))
    return deployment_id


def add_resource(connection: Connection, deployment_id: int, name: str, content: bytes) -> int:
    """A file, byte for byte; its id."""
    resource_id = new_id()
    digest = hashlib.sha256(content).hexdigest()
    connection.execute(
        insert(t.resource).values(
            id=resource_id, deployment_id=deployment_id, name=name, content=content, sha256=digest
        )
    )
    return resource_id


def add_definition(connection: Connection, **values: Any) -> int:
    """A version; its id."""
    definition_id = new_id()
    connection.execute(insert(t.definition).values(id=definition_id, **values))
    return definition_id


def hold(connection: Connection, deployment_id: int, definition_ids: Sequence[int]) -> None:
    """Record which versions a deployment holds, new or not."""
    if definition_ids:
        connection.execute(
            insert(t.deployed),
            [
                {"deployment_id": deployment_id, "definition_id": definition_id}
                for definition_id in dict.fromkeys(definition_ids)
            ],
        )


_NAMED = (equal(t.definition.c.kind), equal(t.definition.c.key))
_NEWEST = Statement(_select().where(*_NAMED).order_by(t.definition.c.version.desc()).limit(1))
_BY_VERSION = Statement(_select().where(*_NAMED, equal(t.definition.c.version)))
_BY_ID = Statement(_select().where(equal(t.definition.c.id)))
#: How many deployments there are, as part of another query: it rises with each, and no row ever goes.
MARK = select(func.count()).select_from(t.deployment).scalar_subquery()
_MARK = Statement(select(MARK))


def mark(connection: Connection) -> int:
    """How many deployments there are: what is newest can change only when this does."""
    return int(_MARK.scalar(connection))


def newest(connection: Connection, kind: str, key: str) -> Any:
    """The newest version of a thing; None where there is none."""
    return _NEWEST.first(connection, kind=kind, key=key)


def by_version(connection: Connection, kind: str, key: str, version: int) -> Any:
    """A version by its number; None where there is none."""
    return _BY_VERSION.first(connection, kind=kind, key=key, version=version)


def by_tag(connection: Connection, kind: str, key: str, tag: str) -> Row[Any] | None:
    """The newest version that carries the tag."""
    return connection.execute(
        _select()
        .where(t.definition.c.kind == kind, t.definition.c.key == key, t.definition.c.version_tag == tag)
        .order_by(t.definition.c.version.desc())
        .limit(1)
    ).first()


def by_id(connection: Connection, definition_id: int) -> Any:
    """A version by its id; None where there is none."""
    return _BY_ID.first(connection, id=definition_id)


def in_deployment(connection: Connection, deployment_id: int, kind: str, key: str) -> Row[Any] | None:
    """The version that a deployment holds, new or not."""
    return connection.execute(
        _select()
        .join(t.deployed, t.deployed.c.definition_id == t.definition.c.id)
        .where(t.deployed.c.deployment_id == deployment_id, t.definition.c.kind == kind, t.definition.c.key == key)
    ).first()


def content(connection: Connection, resource_id: int) -> bytes:
    """The bytes of a file."""
    return bytes(connection.execute(select(t.resource.c.content).where(t.resource.c.id == resource_id)).scalar_one())


def listing(connection: Connection, kind: str, *, latest: bool) -> list[Row[Any]]:
    """All versions of a kind, newest first; `latest`: only the newest version of each."""
    query = _select().where(t.definition.c.kind == kind)
    if latest:
        newest_versions = (
            select(t.definition.c.key, func.max(t.definition.c.version).label("version"))
            .where(t.definition.c.kind == kind)
            .group_by(t.definition.c.key)
            .subquery()
        )
        query = query.join(
            newest_versions,
            (newest_versions.c.key == t.definition.c.key) & (newest_versions.c.version == t.definition.c.version),
        )
    return list(connection.execute(query.order_by(t.definition.c.key, t.definition.c.version.desc())))


def replace_starts(
    connection: Connection, process_id: str, subscriptions: list[dict[str, Any]], timers: list[dict[str, Any]]
) -> None:
    """Only the newest version of a process starts by itself: its subscriptions and timers replace those before."""
    connection.execute(delete(t.start_subscription).where(t.start_subscription.c.process_id == process_id))
    connection.execute(delete(t.start_timer).where(t.start_timer.c.process_id == process_id))
    if subscriptions:
        connection.execute(
            insert(t.start_subscription), [{"id": new_id(), "process_id": process_id} | row for row in subscriptions]
        )
    if timers:
        connection.execute(insert(t.start_timer), [{"id": new_id(), "process_id": process_id} | row for row in timers])


def conditional_starts(connection: Connection, process_id: str | None) -> list[Row[Any]]:
    """Start events with a condition, of one process or of all."""
    query = select(t.start_subscription).where(t.start_subscription.c.kind == "conditional")
    if process_id is not None:
        query = query.where(t.start_subscription.c.process_id == process_id)
    return list(connection.execute(query.order_by(t.start_subscription.c.id)))


def start_subscriptions(connection: Connection, kind: str, name: str) -> list[Row[Any]]:
    """Who is started by a message or signal of this name."""
    return list(
        connection.execute(
            select(t.start_subscription)
            .where(t.start_subscription.c.kind == kind, t.start_subscription.c.name == name)
            .order_by(t.start_subscription.c.id)
        )
    )
