"""A submission of a form: checked against the schema and the server's rules, and kept as it was (append-only)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from casework.act import Act
from casework.errors import FieldFault, Invalid
from casework.law import calendar
from casework.model.cases import CaseFile, Submission
from casework.records import documents, forms, households
from casework.records.formjs import Moment
from casework.records.forms import Form
from engine.model import Json


@dataclass(frozen=True, slots=True)
class Accepted:
    """What may be set, what the variables were, and the names of what was left out."""

    values: dict[str, Json]
    stored: dict[str, Json]
    dropped: tuple[str, ...]


def check(
    act: Act, form_id: int | None, data: Mapping[str, Json], *, scope_id: int | None, case: CaseFile | None, free: bool = False
) -> Accepted:
    """Check a form's data against the variables visible at `scope_id`. Invalid with every fault of every field.

    Without a form nothing may be set and whatever was sent is left out; with `free` anything may, but what casework writes itself.
    """
    if form_id is None and free:
        if ours := sorted(data.keys() & forms.WRITTEN_BY_CASEWORK):
            zh, en = f"变量 {ours[0]} 由系统写入,不能提交。", f"The variable {ours[0]} is written by the system; it cannot be set."
            raise Invalid([FieldFault(ours[0], (ours[0],), zh, en)])
        return Accepted(dict(data), {}, ())
    if form_id is None:
        return Accepted({}, {}, tuple(sorted(data))[:20])
    form = form_of(act, form_id)
    stored = act.work.variables(scope_id, forms.names_needed(form)) if scope_id is not None else {}
    moment = Moment(act.now, act.house.zone, calendar.of_region(act))
    checked = forms.check(form, data, stored, moment, files=documents.resolver(act, case.id if case else None))
    if checked.errors:
        raise Invalid(
            [FieldFault(error.id, tuple(error.path.split(".")), error.zh, error.en) for error in checked.errors]
        )
    return Accepted(checked.values, stored, checked.dropped)


def form_of(act: Act, form_id: int) -> Form:
    """A version of a form, read; kept in memory, since a version never changes."""
    key = ("form", str(form_id))
    kept = act.house.memory.get(key)
    if kept is None:
        kept = act.house.memory[key] = (0, forms.read(act.work.form(form_id).schema, calendar.FUNCTIONS))
    form: Form = kept[1]
    return form


def with_household(act: Act, case: CaseFile, form_id: int | None, accepted: Accepted) -> Accepted:
    """Where a field of the form links a household (widget `household`), link it, tell the diagram, and put its id in the field."""
    if form_id is None:
        return accepted
    values = dict(accepted.values)
    for field in form_of(act, form_id).fields:
        name = field.path[0] if len(field.path) == 1 else ""
        if field.properties.get("widget") == "household" and values.get(name):
            household = households.link_or_open(act, case, str(values[name]))
            act.work.set_variables(case.root_instance_id, {"household": household})
            values[name] = household["id"]
    return replace(accepted, values=values)


def keep(
    act: Act, case: CaseFile, element_id: str, form_id: int | None, accepted: Accepted, *, task_id: int | None = None
) -> Submission:
    """Write the snapshot of what was typed and accepted."""
    submission_id = act.new_id()
    return act.add(
        Submission(
            region=act.region,
            id=submission_id,
            case_id=case.id,
            task_id=task_id,
            element_id=element_id,
            form_id=form_id,
            data_sealed=act.house.seal.close(accepted.values, region=act.region, purpose=f"submission:{submission_id}"),
            dropped=accepted.dropped,
            by_id=act.actor.staff_id if act.actor else None,
            at=act.now,
        )
    )


def content(act: Act, kept: Submission) -> dict[str, Json]:
    """What a submission holds."""
    values: dict[str, Json] = act.house.seal.open(kept.data_sealed, region=act.region, purpose=f"submission:{kept.id}")
    return values
