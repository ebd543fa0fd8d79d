"""Where things are found by their fields: the rows of what runs and waits, as sources for `searching`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)  # fmt: skip
from sqlalchemy.sql.expression import case

from engine.model import TASK_MOMENTS, InstanceState, JobKind
from engine.persistence import tables as t
from engine.persistence.searching import Source, compare
from engine.persistence.waits import WAITS
from engine.search import (
    Condition,
    FoundIncident,
    FoundInstance,
    FoundJob,
    FoundSubscription,
    FoundTimer,
    JobState,
    Op,
    holds,
)

__all__ = ["INCIDENTS", "INSTANCES", "JOBS", "SUBSCRIPTIONS", "TIMERS", "in_region"]

_i, _d = t.instance.c, t.definition.c
_LOOKED_AT = 10_000
"""So many variables of one name are compared one by one, where the comparison is more than equality."""


def _instance(state: str, **rest: Any) -> FoundInstance:
    return FoundInstance(state=InstanceState(state), **rest)


_ON_DEFINITION = t.instance.join(t.definition, _d.id == _i.definition_id)
_INCIDENT_WITHIN = exists().where(
    t.incident.c.region == _i.region, t.incident.c.root_id == _i.root_id,
    or_(t.incident.c.instance_id == _i.id, _i.id == _i.root_id),
)  # fmt: skip
_SUSPENDED_AT = case(
    (
        _i.state == "suspended",
        select(func.max(t.history.c.at, type_=t.Utc))
        .where(t.history.c.region == _i.region, t.history.c.instance_id == _i.root_id, t.history.c.command == "suspend_instance")
        .scalar_subquery(),
    ),
    else_=null(),
)  # fmt: skip


def _of_variable(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    """`variable:<name>`: a variable of the instance's outermost scope. Values that are equal are equal byte by byte."""
    name = condition.field.partition(":")[2]
    v = t.variable.c
    mine = [v.region == _i.region, v.instance_id == _i.id, v.scope_id == _i.id, v.name == name]
    match condition.op:
        case Op.EXISTS:
            return exists().where(*mine) if condition.value else ~exists().where(*mine)
        case Op.EQ:
            return exists().where(*mine, v.value == _value(condition.value))
        case Op.IN:
            return exists().where(*mine, or_(false(), *(v.value == _value(each) for each in condition.value)))
    rows = connection.execute(
        select(v.region, v.instance_id, v.value).where(v.name == name, v.scope_id == v.instance_id)
        .order_by(v.instance_id.desc()).limit(_LOOKED_AT)
    )  # fmt: skip
    fitting = [(row.region, row.instance_id) for row in rows if _fits(row.value, condition)]
    return tuple_(_i.region, _i.id).in_(fitting) if fitting else false()


def _value(value: Any) -> ColumnElement[Any]:
    """A value to compare a column of variables with; None is a value like any other there."""
    return bindparam(None, value, type_=t.Packed())


def _fits(value: Any, condition: Condition) -> bool:
    """Values of different kinds are not compared by size: such a comparison does not hold."""
    try:
        return holds(value, condition)
    except TypeError:
        return False


def _at_element(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    """`element_id`: something of the instance waits at an element that fits."""
    found = []
    for table in WAITS.values():
        mine = and_(table.c.region == _i.region, table.c.instance_id == _i.id)
        found.append(exists().where(mine, compare(connection, table.c.element_id, condition)))
    return or_(*found)


def _with_error(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    """`error_message`: an open incident of the instance with such a message."""
    mine = and_(t.incident.c.region == _i.region, t.incident.c.instance_id == _i.id)
    return exists().where(mine, compare(connection, t.incident.c.en, condition))


INSTANCES: Source[FoundInstance] = Source(
    _instance,
    select().select_from(_ON_DEFINITION),
    {
        "id": _i.id, "region": _i.region, "root_id": _i.root_id, "parent_id": _i.parent_id,
        "parent_element_instance_id": _i.parent_element_instance_id, "definition_id": _i.definition_id,
        "process_id": _i.process_id, "process_name": _d.name, "version": _d.version, "version_tag": _d.version_tag,
        "business_key": _i.business_key, "state": _i.state, "started_at": _i.started_at, "ended_at": _i.ended_at,
        "suspended_at": _SUSPENDED_AT, "has_incident": _INCIDENT_WITHIN,
    },
    further={"deployment_id": _d.deployment_id},
    special={"variable": _of_variable, "element_id": _at_element, "error_message": _with_error},
)  # fmt: skip


def _job(retries: int, **rest: Any) -> FoundJob:
    rest["headers"] = rest["headers"] or {}
    return FoundJob(state=JobState.CREATED if retries > 0 else JobState.FAILED, retries=retries, ended_at=None, **rest)


def _waiting(table: Any) -> Select[Any]:
    """The rows of a table of waits with the instance and the version that they stand in."""
    of = table.c
    joined = table.join(t.instance, and_(_i.region == of.region, _i.id == of.instance_id))
    return select().select_from(joined.join(t.definition, _d.id == of.definition_id))


def _place(table: Any) -> dict[str, ColumnElement[Any]]:
    names = ("id", "region", "instance_id", "root_id", "definition_id", "element_id", "element_instance_id")
    return {**{name: table.c[name] for name in names}, "process_id": _i.process_id}


_FURTHER: dict[str, ColumnElement[Any]] = {
    "business_key": _i.business_key, "process_name": _d.name, "version": _d.version, "instance_state": _i.state,
}  # fmt: skip
_j = t.job.c
JOBS: Source[FoundJob] = Source(
    _job,
    _waiting(t.job),
    {
        **_place(t.job), "type": _j.type, "listener": _j.listener, "retries": _j.retries, "priority": _j.priority,
        "headers": _j.headers, "worker": _j.locked_by, "locked_until": _j.locked_until, "message": _j.message,
        "created_at": _j.created_at,
    },
    further={
        **_FURTHER, "state": case((_j.retries > 0, JobState.CREATED.value), else_=JobState.FAILED.value),
        "available_at": _j.available_at, "ended_at": cast(null(), t.Utc),
        "kind": case(
            (_j.listener.is_(None), JobKind.ELEMENT.value), (_j.listener.in_(TASK_MOMENTS), JobKind.TASK_LISTENER.value),
            else_=JobKind.EXECUTION_LISTENER.value,
        ),
        "has_failed": case(((_j.retries > 0) & _j.message.is_not(None), true()), else_=false()),
    },
)  # fmt: skip


def _incident(**values: Any) -> FoundIncident:
    return FoundIncident(resolved_at=None, is_open=True, **values)


_n = t.incident.c
INCIDENTS: Source[FoundIncident] = Source(
    _incident,
    _waiting(t.incident),
    {
        **_place(t.incident), "job_id": _n.job_id, "kind": _n.kind, "zh": _n.zh, "en": _n.en,
        "created_at": _n.created_at,
    },
    further={**_FURTHER, "is_open": true()},
)  # fmt: skip
TIMERS: Source[FoundTimer] = Source(
    FoundTimer, _waiting(t.timer), {**_place(t.timer), "due_at": t.timer.c.due_at}, further=_FURTHER
)

_s, _b = t.subscription.c, t.start_subscription.c
_OF_INSTANCES = select(
    _s.id, _s.region, _s.instance_id, _s.root_id, _i.business_key, _s.definition_id, _i.process_id, _s.element_id,
    _s.element_instance_id, _s.kind, _s.name, _s.key, literal(0, Integer).label("starts"),
).join(t.instance, and_(_i.region == _s.region, _i.id == _s.instance_id))  # fmt: skip
_OF_PROCESSES = select(
    _b.id, cast(null(), String).label("region"), cast(null(), t.Id).label("instance_id"), cast(null(), t.Id).label("root_id"),
    cast(null(), String).label("business_key"), _b.definition_id, _b.process_id, _b.element_id,
    cast(null(), t.Id).label("element_instance_id"), _b.kind, _b.name, cast(null(), String).label("key"),
    literal(1, Integer).label("starts"),
)  # fmt: skip
_u = union_all(_OF_INSTANCES, _OF_PROCESSES).subquery("awaited")


def _subscription(starts: int, **rest: Any) -> FoundSubscription:
    return FoundSubscription(starts=bool(starts), **rest)


SUBSCRIPTIONS: Source[FoundSubscription] = Source(
    _subscription,
    select().select_from(_u.join(t.definition, _d.id == _u.c.definition_id)),
    {**{column.name: column for column in _u.c}, "process_name": _d.name, "version": _d.version},
)


def in_region(source: Source[Any], region: str | None) -> Sequence[ColumnElement[bool]]:
    """Only what belongs to a region (None: all); what belongs to none is everywhere."""
    column = source.column("region")
    if region is None:
        return ()
    return (or_(column == region, column.is_(None)) if source is SUBSCRIPTIONS else column == region,)
