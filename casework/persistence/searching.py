"""Human tasks by their fields, for other systems (`engine.search`): what the desk knows joined with what the diagram says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)

from casework.model.cases import TaskState
from casework.model.record import PARKED
from casework.persistence.inbox import Barred
from casework.persistence.tables import case_file, human_task, offer, staff
from engine.persistence import tables as t
from engine.persistence.searching import Source, compare
from engine.search import Condition, Op

h, u, i, d = human_task.c, t.user_task.c, t.instance.c, t.definition.c
ORDINARY = 50
"""The priority of a task whose diagram says none (Camunda 8, "User tasks")."""

_ROWS = (
    human_task.join(t.instance, and_(i.region == h.region, i.id == h.instance_id))
    .join(t.definition, d.id == i.definition_id)
    .outerjoin(t.user_task, and_(u.region == h.region, u.id == h.id))
    .outerjoin(staff, and_(staff.c.region == h.region, staff.c.id == h.assignee_id))
)  # fmt: skip


def _listed(connection: Connection, text: str) -> ColumnElement[bool]:
    """Whether the audiences of a task hold something that begins so; they are kept one per line."""
    position = func.strpos if connection.dialect.name == "postgresql" else func.instr
    whole = literal("\n") + type_coerce(h.audiences, String()) + literal("\n")
    return position(whole, "\n" + text) > 0


def _of_group(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    """`candidate_group`: a post, or a post at an office (`post@code`)."""

    def one(group: Any) -> ColumnElement[bool]:
        return or_(_listed(connection, f"{group}@"), _listed(connection, f"{group}\n"))

    found = or_(false(), *(one(each) for each in _values(condition)))
    return ~found if condition.op in (Op.NEQ, Op.NOT_IN) else found


def _of_user(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    """`candidate_user`: a person named in the diagram, by login."""
    ids = [row.id for row in connection.execute(select(staff.c.id).where(staff.c.login.in_(_values(condition))))]
    found = or_(false(), *(_listed(connection, f"staff:{each}\n") for each in ids))
    return ~found if condition.op in (Op.NEQ, Op.NOT_IN) else found


def _values(condition: Condition) -> list[str]:
    return [str(each) for each in condition.value] if isinstance(condition.value, tuple) else [str(condition.value)]


def _variable(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    """`variable:<name>` of the instance, `local:<name>` of the task itself."""
    kind, _, name = condition.field.partition(":")
    v = t.variable.c
    scope = h.id if kind == "local" else h.instance_id
    value = select(v.value).where(
        v.region == h.region, v.instance_id == h.instance_id, v.scope_id == scope, v.name == name
    )
    return compare(connection, type_coerce(value.scalar_subquery(), t.Packed()), condition)


def source(into: Any) -> Source[Any]:
    """Human tasks; `into` makes the record of a row."""
    return Source(
        into,
        select().select_from(_ROWS),
        {
            "id": h.id, "region": h.region, "instance_id": h.instance_id, "root_id": i.root_id, "definition_id": i.definition_id,
            "process_id": h.process_id, "process_name": d.name, "version": d.version, "business_key": i.business_key,
            "element_id": h.element_id, "name": h.title, "state": h.state, "closed_how": h.closed_how, "assignee": staff.c.login,
            "assignee_id": h.assignee_id, "audiences": h.audiences, "priority": func.coalesce(u.priority, ORDINARY),
            "created_at": h.offered_at, "claimed_at": h.claimed_at, "closed_at": h.closed_at,
            "due_at": case((h.due_at == literal(PARKED, t.Utc()), null()), else_=h.due_at), "follow_up_at": u.follow_up_at,
            "form_id": h.form_id, "external_form": u.external_form, "case_id": h.case_id, "case_no": h.case_no,
        },
        further={
            "instance_state": i.state,
            "stage": case(
                (h.state == TaskState.SUSPENDED, "completing"), (h.state != TaskState.CLOSED, "created"),
                (h.closed_how == "completed", "completed"), else_="cancelled",
            ),
        },
        special={"candidate_group": _of_group, "candidate_user": _of_user, "variable": _variable, "local": _variable},
    )  # fmt: skip


def seen_by(
    staff_id: int, audiences: Sequence[str], headed: Sequence[int], barred: Barred
) -> list[ColumnElement[bool]]:
    """What a person sees of the tasks: offered to her, hers, done by her, or of an office that she heads; nothing of relatives."""
    own = or_(h.assignee_id == staff_id, h.closed_by == staff_id, h.second_id == staff_id)
    lines = literal("\n") + type_coerce(h.audiences, String()) + literal("\n")
    offered = or_(false(), *(lines.contains(f"\n{each}\n", autoescape=True) for each in audiences))
    conditions = [or_(own, offered, h.office_id.in_(headed))]
    if barred.households:
        conditions.append(or_(h.household_id.is_(None), h.household_id.not_in(sorted(barred.households))))
    if barred.cases:
        conditions.append(h.case_id.not_in(sorted(barred.cases)))
    return conditions


def of_cases_seen(
    staff_id: int, audiences: Sequence[str], office_ids: Sequence[int] | None, barred: Barred, region: str
) -> ColumnElement[bool]:
    """That an instance belongs to a case that a person may see (as `standings.visible_cases`)."""
    c = case_file.c
    roots = select(c.root_instance_id).where(c.region == region)
    if office_ids is not None:
        worked_on = select(h.case_id).where(
            h.region == region, or_(h.assignee_id == staff_id, h.closed_by == staff_id, h.second_id == staff_id)
        )
        offered = select(offer.c.case_id).where(offer.c.region == region, offer.c.audience.in_(audiences))
        roots = roots.where(
            or_(c.started_by == staff_id, c.office_id.in_(office_ids), c.id.in_(worked_on), c.id.in_(offered))
        )
    if barred.households:
        roots = roots.where(or_(c.household_id.is_(None), c.household_id.not_in(sorted(barred.households))))
    if barred.cases:
        roots = roots.where(c.id.not_in(sorted(barred.cases)))
    return i.root_id.in_(roots)
