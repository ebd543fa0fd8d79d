"""Reads for people and programs: files, deployments, the way a case has taken, incidents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from engine.errors import Unknown
from engine.model import DeployedResource, Deployment, ElementPassed, Incident, ResourceVersion
from engine.persistence import definitions, instances
from engine.persistence import tables as t
from engine.persistence.waits import WAITS
from engine.runtime import state
from engine.runtime.graph import Graph
from engine.runtime.tree import COMPLETED, ENTERED, TERMINATED


def xml(connection: Connection, definition_id: int) -> bytes:
    """The file of a definition, byte for byte as it was uploaded."""
    row = definitions.by_id(connection, definition_id)
    if row is None:
        raise Unknown(f"没有编号为 {definition_id} 的定义", f"there is no definition {definition_id}")
    return definitions.content(connection, row.resource_id)


def resource(connection: Connection, name: str, version: int | None) -> ResourceVersion | None:
    """A deployed file of a kind of the layer above; the newest when `version` is None."""
    if version is None:
        row = definitions.newest(connection, "resource", name)
    else:
        row = definitions.by_version(connection, "resource", name, version)
    if row is None:
        return None
    return ResourceVersion(row.id, row.key, row.version, definitions.content(connection, row.resource_id))


def deployments(connection: Connection, limit: int, after: int | None) -> list[Deployment]:
    """The newest deployments with everything that they hold."""
    found = []
    query = select(t.deployment).order_by(t.deployment.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(t.deployment.c.id < after)
    for row in connection.execute(query).all():
        held = connection.execute(
            select(t.definition, t.resource.c.name.label("file"))
            .join(t.deployed, t.deployed.c.definition_id == t.definition.c.id)
            .join(t.resource, t.resource.c.id == t.definition.c.resource_id)
            .where(t.deployed.c.deployment_id == row.id)
            .order_by(t.definition.c.kind, t.definition.c.key)
        )
        found.append(
            Deployment(
                row.id, row.deployed_at,
                tuple(DeployedResource(r.kind, r.key, r.version, r.id, r.file, r.deployment_id == row.id, r.name, r.version_tag)
                      for r in held),
                row.name, row.deployed_by,
            )
        )  # fmt: skip
    return found


def path(connection: Connection, region: str, root_id: int) -> list[ElementPassed]:
    """Every stay at an element in the tree, in order of entering, from the append-only history."""
    ids = [row.id for row in instances.tree(connection, region, root_id)]
    entered: dict[int, dict[str, Any]] = {}
    for instance_id, _, at, _, _, events in instances.history(connection, region, ids):
        for event in events:
            match event[0]:
                case kind if kind == ENTERED:
                    entered[event[1]] = {
                        "element_instance_id": event[1], "instance_id": instance_id, "element_id": event[2], "entered_at": at,
                        "left_at": None, "how": "active", "taken": tuple(event[3]), "given": (), "scope_id": event[4],
                    }  # fmt: skip
                case kind if kind == COMPLETED:
                    entered[event[1]].update(left_at=at, how="completed", given=tuple(event[2]))
                case kind if kind == TERMINATED:
                    entered[event[1]].update(left_at=at, how="terminated")
    return [ElementPassed(**values) for values in entered.values()]


def _incident_query() -> Select[Any]:
    return select(t.incident, t.instance.c.process_id).join(
        t.instance, (t.instance.c.region == t.incident.c.region) & (t.instance.c.id == t.incident.c.instance_id)
    )


def _incident(row: Row[Any]) -> Incident:
    return Incident(
        row.id, row.region, row.instance_id, row.root_id, row.process_id, row.definition_id, row.element_id,
        row.element_instance_id, row.job_id, row.kind, row.zh, row.en, row.created_at,
    )  # fmt: skip


def incidents(
    connection: Connection, region: str | None, limit: int, after: int | None, root_id: int | None = None
) -> list[Incident]:
    """Open incidents, newest first; `after`: those older than this id, `root_id`: those of one tree."""
    query = _incident_query()
    if region is not None:
        query = query.where(t.incident.c.region == region)
    if after is not None:
        query = query.where(t.incident.c.id < after)
    if root_id is not None:
        query = query.where(t.incident.c.root_id == root_id)
    return [_incident(row) for row in connection.execute(query.order_by(t.incident.c.id.desc()).limit(limit))]


def incident(connection: Connection, incident_id: int) -> Incident | None:
    """An open incident by its id."""
    row = connection.execute(_incident_query().where(t.incident.c.id == incident_id)).first()
    return None if row is None else _incident(row)


def element_counts(connection: Connection, graph: Graph, definition_id: int) -> list[tuple[str, int, int]]:
    """Per element: tokens there now and open incidents, counted over the state of every active instance of the version."""
    tokens: Counter[str] = Counter()
    states = connection.execute(
        select(t.instance.c.tokens).where(t.instance.c.definition_id == definition_id, t.instance.c.state == "active")
    ).scalars()
    for data in states:
        tokens.update(state.element_ids(bytes(data)))
    failed = connection.execute(
        select(t.incident.c.element_id, func.count())
        .where(t.incident.c.definition_id == definition_id)
        .group_by(t.incident.c.element_id)
    )
    incidents: dict[str, int] = {row[0]: row[1] for row in failed}
    return [
        (element, tokens[element], incidents.get(element, 0))
        for element in graph.model.elements
        if tokens[element] or element in incidents
    ]  # fmt: skip


def instance_of(connection: Connection, region: str | None, element_instance_id: int) -> int | None:
    """The instance of a stay that waits, that holds variables, or that is an instance itself; None where the rows do not tell."""
    for table in (t.instance, *WAITS.values(), t.variable):
        own = table.c.id if table is t.instance else table.c.scope_id if table is t.variable else table.c.element_instance_id
        query = select(table.c.id if table is t.instance else table.c.instance_id).where(own == element_instance_id)
        if region is not None:
            query = query.where(table.c.region == region)
        if (found := connection.execute(query.limit(1)).scalar()) is not None:
            return int(found)
    return None


def variables(
    connection: Connection, region: str | None, limit: int, *, instance_id: int | None, scope_id: int | None, name: str | None
) -> list[Row[Any]]:
    """Variables with the root of their tree, those of the newest instances first; the engine's own are left out."""
    v = t.variable.c
    query = (
        select(t.variable, t.instance.c.root_id)
        .join(t.instance, (t.instance.c.region == v.region) & (t.instance.c.id == v.instance_id))
        .where(v.name.not_like("#%"))
        .order_by(v.instance_id.desc(), v.scope_id, v.name)
    )
    for column, value in ((v.region, region), (v.instance_id, instance_id), (v.scope_id, scope_id), (v.name, name)):
        if value is not None:
            query = query.where(column == value)
    return list(connection.execute(query.limit(limit)))


def region_of(connection: Connection, what: str, thing_id: int, regions: Iterable[str]) -> str | None:
    """The region whose table of this name has a row of this id; None where none has."""
    table = t.metadata.tables[what]
    for region in regions:
        query = select(table.c.id).where(table.c.region == region, table.c.id == thing_id)
        if connection.execute(query).first() is not None:
            return region
    return None
