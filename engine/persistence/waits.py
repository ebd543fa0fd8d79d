"""What waits: rows that exist exactly while an element instance waits, and messages on their way."""

from __future__ import annotations

import hashlib
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, bindparam, delete, func, insert, select, update

from engine.ids import new_id
from engine.model import (
    IncidentOpened,
    JobOpened,
    Json,
    LoopPosition,
    Opened,
    SubscriptionOpened,
    TimerOpened,
    UserTaskOpened,
    Variables,
    WaitClosed,
)  # fmt: skip
from engine.persistence import tables as t
from engine.persistence.instances import as_row
from engine.persistence.statements import Insert, Statement, among, equal
from engine.runtime.step import InstanceRow, Thrown
from engine.timers import Repetition, repetition

WAITS: dict[str, Table] = {
    "user_task": t.user_task, "timer": t.timer, "job": t.job, "subscription": t.subscription, "incident": t.incident,
}  # fmt: skip
_ADD_THROWN = Insert(t.thrown)
_ROOT = t.instance.alias("root")


def _with_root(table: Table) -> Select[Any]:
    return select(table, _ROOT).join(_ROOT, (_ROOT.c.region == table.c.region) & (_ROOT.c.id == table.c.root_id))


def splitting(table: Table) -> Callable[..., tuple[Any, InstanceRow]]:
    """Cuts a joined row into that of `table` and the root's."""
    width = len(table.columns)
    row = namedtuple("Wait", [column.name for column in table.columns])  # type: ignore[misc]  # noqa: PYI024 - made of data
    return lambda *values: (row(*values[:width]), as_row(*values[width:]))


def _dropping(table: Table) -> Statement:
    return Statement(lambda dialect: delete(table).where(equal(table.c.region), among(dialect, table.c.id, "ids")))


_ADD = {what: Insert(table) for what, table in WAITS.items()}
_FIND = {what: Statement(select(table).where(equal(table.c.region), equal(table.c.id))) for what, table in WAITS.items()}
_DROP = {what: _dropping(table) for what, table in WAITS.items()}
_LOCK = {
    what: Statement(
        _with_root(table).where(equal(table.c.region), equal(table.c.id)).with_for_update(of=_ROOT), into=splitting(table)
    )
    for what, table in WAITS.items()
}


def save(
    connection: Connection, row: InstanceRow, opened: Iterable[Opened], closed: Iterable[WaitClosed], *,
    cycles: Mapping[int, Repetition | None], jobs: Mapping[int, tuple[int, Mapping[str, str]]], now: datetime, leased_now: datetime,
) -> None:  # fmt: skip
    """Reconcile the rows of what waits with what the step opened and closed."""
    gone: dict[str, list[int]] = {}
    for over in closed:
        gone.setdefault(over.what, []).append(over.id)
    for what, ids in gone.items():
        _DROP[what].write(connection, {"region": row.region, "ids": ids})
    rows: dict[str, list[dict[str, Any]]] = {}
    for wait in opened:
        base = {
            "region": row.region, "id": wait.id, "instance_id": row.id, "root_id": row.root_id,
            "definition_id": row.definition_id, "element_id": wait.element_id,
        }  # fmt: skip
        match wait:
            case UserTaskOpened():
                rows.setdefault("user_task", []).append(base | {
                    "element_instance_id": wait.id, "name": wait.name, "form_id": wait.form_id,
                    "external_form": wait.external_form, "assignee": wait.assignee,
                    "candidate_users": list(wait.candidate_users), "candidate_groups": list(wait.candidate_groups),
                    "priority": wait.priority, "due_at": wait.due_at, "follow_up_at": wait.follow_up_at, "properties": dict(wait.properties),
                    "loop": None if wait.loop is None else [wait.loop.counter], "opened_at": now,
                })  # fmt: skip
            case TimerOpened():
                cycle = cycles.get(wait.id)
                rows.setdefault("timer", []).append(base | {
                    "element_instance_id": wait.element_instance_id, "due_at": wait.due_at,
                    "cycle": None if cycle is None else cycle.row(), "properties": dict(wait.properties),
                })  # fmt: skip
            case JobOpened():
                retries, headers = jobs[wait.id]
                rows.setdefault("job", []).append(base | {
                    "element_instance_id": wait.element_instance_id, "type": wait.type, "retries": retries,
                    "headers": dict(headers), "properties": dict(wait.properties), "available_at": leased_now,
                    "locked_by": None, "locked_until": None, "created_at": now, "message": None, "priority": wait.priority,
                    "listener": wait.listener,
                })  # fmt: skip
            case SubscriptionOpened():
                rows.setdefault("subscription", []).append(base | {
                    "element_instance_id": wait.element_instance_id, "kind": wait.kind, "name": wait.name, "key": wait.key,
                    "properties": dict(wait.properties),
                })  # fmt: skip
            case IncidentOpened():
                rows.setdefault("incident", []).append(base | {
                    "element_instance_id": wait.element_instance_id, "job_id": wait.job_id, "kind": wait.kind,
                    "zh": wait.zh, "en": wait.en, "created_at": now,
                })  # fmt: skip
    for what, values in rows.items():
        _ADD[what].write(connection, values)


def lock(connection: Connection, what: str, region: str, wait_id: int) -> tuple[Any, InstanceRow] | None:
    """The row of a wait and the root of its tree, the root locked; None when the wait is gone.

    Where the lock was waited for, the root is as it is now and the wait may be gone: the tokens tell.
    """
    found: tuple[Any, InstanceRow] | None = _LOCK[what].first(connection, region=region, id=wait_id)
    return found


def find(connection: Connection, what: str, region: str, wait_id: int) -> Any:
    """The row of a wait; None when it is gone."""
    return _FIND[what].first(connection, region=region, id=wait_id)


def ids_of(connection: Connection, table: Table, region: str, instance_id: int) -> Sequence[int]:
    """The ids of an instance's rows in one of the tables of waits."""
    return connection.execute(
        select(table.c.id).where(table.c.region == region, table.c.instance_id == instance_id)
    ).scalars().all()  # fmt: skip


def instance_of(connection: Connection, region: str, scope_id: int) -> int | None:
    """The instance that a scope belongs to: itself, or the one that holds a wait or variables for this element instance."""
    found: int | None = connection.execute(
        select(t.instance.c.id).where(t.instance.c.region == region, t.instance.c.id == scope_id)
    ).scalar()  # fmt: skip
    if found is not None:
        return found
    for table in WAITS.values():
        query = select(table.c.instance_id).where(table.c.region == region, table.c.element_instance_id == scope_id)
        if (found := connection.execute(query.limit(1)).scalar()) is not None:
            break
    return (
        found
        or connection.execute(
            select(t.variable.c.instance_id)
            .where(t.variable.c.region == region, t.variable.c.scope_id == scope_id)
            .limit(1)
        ).scalar()
    )


def update_user_task(connection: Connection, region: str, task_id: int, changed: Mapping[str, Any]) -> None:
    """Write other values into the row of an open task."""
    if changed:
        connection.execute(
            update(t.user_task).where(t.user_task.c.region == region, t.user_task.c.id == task_id).values(**changed)
        )


_MOVE_TIMER = Statement(
    update(t.timer).where(equal(t.timer.c.region), equal(t.timer.c.id))
    .values(due_at=bindparam("due_at", type_=t.Utc)).returning(t.timer.c.id)
)  # fmt: skip
_BUFFERED = Statement(
    select(t.message)
    .where(
        equal(t.message.c.region), equal(t.message.c.name), equal(t.message.c.key),
        t.message.c.expires_at > bindparam("now", type_=t.Utc),
    )
    .order_by(t.message.c.id)
)  # fmt: skip
# -- timers -----------------------------------------------------------------------------------------------------------


def change_due_date(connection: Connection, region: str, timer_id: int, due_at: datetime) -> bool:
    """Move a waiting timer; False when it does not wait."""
    return _MOVE_TIMER.first(connection, region=region, id=timer_id, due_at=due_at) is not None


def cycle_of(row: Any) -> Repetition:
    """The repetition of a timer row."""
    return repetition(row.cycle)


def move_cycle(connection: Connection, region: str, timer_id: int, due_at: datetime, cycle: Repetition) -> None:
    """Put a repeating timer to its next moment."""
    connection.execute(
        update(t.timer)
        .where(t.timer.c.region == region, t.timer.c.id == timer_id)
        .values(due_at=due_at, cycle=cycle.row())
    )


def move_start_timer(
    connection: Connection, region: str, timer_id: int, following: tuple[datetime, Repetition] | None
) -> None:
    """Put a start timer to its next moment, or drop it after the last."""
    key = and_(t.start_timer.c.region == region, t.start_timer.c.id == timer_id)
    if following is None:
        connection.execute(delete(t.start_timer).where(key))
    else:
        connection.execute(update(t.start_timer).where(key).values(due_at=following[0], cycle=following[1].row()))


# -- messages and signals ---------------------------------------------------------------------------------------------


def subscriptions(connection: Connection, region: str, kind: str, name: str, key: str | None) -> Sequence[Row[Any]]:
    """Who waits for a message (with this key, or without one: Camunda 7) or a signal of this name."""
    query = select(t.subscription).where(
        t.subscription.c.region == region, t.subscription.c.kind == kind, t.subscription.c.name == name
    )
    if key is not None:
        query = query.where((t.subscription.c.key == key) | t.subscription.c.key.is_(None))
    return connection.execute(query.order_by(t.subscription.c.id)).all()


def lock_name(connection: Connection, *parts: str) -> None:
    """Hold a name until the transaction ends, where no row exists yet that could be locked. SQLite's writers are alone."""
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256("\0".join(parts).encode()).digest()
        connection.execute(select(func.pg_advisory_xact_lock(int.from_bytes(digest[:8], signed=True))))


def is_running(connection: Connection, region: str, process_id: str, business_key: str) -> bool:
    """Whether an instance of the process with this business key has not ended; one that is suspended goes on later."""
    query = select(t.instance.c.id).where(
        t.instance.c.region == region, t.instance.c.process_id == process_id, t.instance.c.business_key == business_key,
        t.instance.c.state.in_(("active", "suspended")),
    )  # fmt: skip
    return connection.execute(query.limit(1)).first() is not None


def remember_message(
    connection: Connection, region: str, row_id: int, *, name: str, key: str, message_id: str | None, variables: Variables,
    taken_by: list[str], expires_at: datetime,
) -> None:  # fmt: skip
    """Keep a message for its time to live."""
    if message_id is not None:  # one that has expired makes room for its namesake
        connection.execute(
            delete(t.message).where(
                t.message.c.region == region,
                t.message.c.name == name,
                t.message.c.key == key,
                t.message.c.message_id == message_id,
            )
        )
    connection.execute(
        insert(t.message).values(
            region=region, id=row_id, name=name, key=key, message_id=message_id, variables=dict(variables), taken_by=taken_by,
            expires_at=expires_at,
        )
    )  # fmt: skip


def message_known(connection: Connection, region: str, name: str, key: str, message_id: str, now: datetime) -> bool:
    """Keep a message for its time to live."""
    query = select(t.message.c.id).where(
        t.message.c.region == region, t.message.c.name == name, t.message.c.key == key,
        t.message.c.message_id == message_id, t.message.c.expires_at > now,
    )  # fmt: skip
    return connection.execute(query).first() is not None


def take_buffered(
    connection: Connection, region: str, name: str, key: str, process_id: str, now: datetime
) -> Variables | None:
    """The oldest kept message that no instance of the process has taken yet; it is marked as taken."""
    for row in _BUFFERED.all(connection, region=region, name=name, key=key, now=now):
        if process_id not in row.taken_by:
            connection.execute(
                update(t.message)
                .where(t.message.c.region == region, t.message.c.id == row.id)
                .values(taken_by=[*row.taken_by, process_id])
            )
            variables: Variables = row.variables
            return variables
    return None


def forget_messages(connection: Connection, now: datetime) -> int:
    """Drop messages whose time to live is over; how many."""
    return connection.execute(delete(t.message).where(t.message.c.expires_at <= now)).rowcount


def throw(
    connection: Connection, region: str, kind: str, name: str, key: str | None, variables: Variables, receiver: list[Json] | None,
    due_at: datetime,
) -> int:  # fmt: skip
    """Put a message or signal on its way; its id."""
    thrown_id = new_id()
    _ADD_THROWN.write(connection, [{
        "region": region, "id": thrown_id, "kind": kind, "name": name, "key": key, "variables": dict(variables),
        "receiver": receiver, "due_at": due_at, "attempts": 0, "stuck": False,
    }])  # fmt: skip
    return thrown_id


def save_thrown(connection: Connection, region: str, thrown: Iterable[Thrown], due_at: datetime, hops: int) -> None:
    """Put what a step has thrown on its way; `hops`: how many deliveries led to it, this one counted."""
    for item in thrown:
        receiver: list[Json] = ["from", item.instance_id, hops]
        throw(connection, region, item.kind, item.name, item.key, item.variables, receiver, due_at)


def drop_thrown(connection: Connection, region: str, thrown_id: int) -> None:
    """It was delivered."""
    connection.execute(delete(t.thrown).where(t.thrown.c.region == region, t.thrown.c.id == thrown_id))


def postpone_thrown(connection: Connection, region: str, thrown_id: int, due_at: datetime, *, most: int) -> None:
    """Try a delivery again later; after `most` attempts it is stuck until a person looks at it."""
    connection.execute(
        update(t.thrown)
        .where(t.thrown.c.region == region, t.thrown.c.id == thrown_id)
        .values(due_at=due_at, attempts=t.thrown.c.attempts + 1, stuck=t.thrown.c.attempts + 1 >= most)
    )


# -- jobs -------------------------------------------------------------------------------------------------------------


def fail_job(
    connection: Connection, region: str, job_id: int, retries: int, available_at: datetime, message: str
) -> None:
    """Note a failure: fewer retries, available again later."""
    connection.execute(
        update(t.job)
        .where(t.job.c.region == region, t.job.c.id == job_id)
        .values(retries=retries, available_at=available_at, locked_by=None, locked_until=None, message=message)
    )


def set_retries(connection: Connection, region: str, job_id: int, retries: int) -> None:
    """Give a job so many tries."""
    connection.execute(update(t.job).where(t.job.c.region == region, t.job.c.id == job_id).values(retries=retries))


def revive_job(connection: Connection, region: str, job_id: int, now: datetime) -> None:
    """Give a job that ran out of retries another try."""
    connection.execute(
        update(t.job)
        .where(t.job.c.region == region, t.job.c.id == job_id, t.job.c.retries == 0)
        .values(retries=1, available_at=now, locked_by=None, locked_until=None)
    )


# -- reading ----------------------------------------------------------------------------------------------------------


def open_waits(connection: Connection, region: str, root_id: int) -> list[Opened]:
    """Everything that a tree waits for."""
    rows = {what: _rows(connection, table, region, root_id) for what, table in WAITS.items()}
    found: list[Opened] = [
        UserTaskOpened(
            row.id, row.instance_id, row.element_id, row.name, row.form_id, row.assignee, tuple(row.candidate_users),
            tuple(row.candidate_groups), row.priority, row.due_at, row.properties,
            None if row.loop is None else LoopPosition(row.loop[0]), row.external_form, row.follow_up_at,
        )
        for row in rows["user_task"]
    ]  # fmt: skip
    found += [
        TimerOpened(row.id, row.instance_id, row.element_id, row.element_instance_id, row.due_at, row.properties)
        for row in rows["timer"]
    ]
    found += [
        JobOpened(row.id, row.instance_id, row.element_id, row.element_instance_id, row.type, row.properties, row.priority)
        for row in rows["job"]
    ]
    found += [
        SubscriptionOpened(
            row.id,
            row.instance_id,
            row.element_id,
            row.element_instance_id,
            row.kind,
            row.name,
            row.key,
            row.properties,
        )
        for row in rows["subscription"]
    ]
    found += [
        IncidentOpened(
            row.id, row.instance_id, row.element_id, row.element_instance_id, row.kind, row.zh, row.en, row.job_id
        )
        for row in rows["incident"]
    ]
    return found


def _rows(connection: Connection, table: Table, region: str, root_id: int) -> Sequence[Row[Any]]:
    return connection.execute(
        select(table).where(table.c.region == region, table.c.root_id == root_id).order_by(table.c.id)
    ).all()
