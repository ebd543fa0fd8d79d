"""The case as a row and over its life: found, listed, linked, closed. How it begins is `starting`'s, what its page shows `case_page`'s,
and what may be done with it beside its tasks `operations`'."""

from __future__ import annotations

from dataclasses import dataclass

from casework import audit
from casework.act import Act
from casework.errors import FieldFault, Invalid
from casework.law import clocks
from casework.model.cases import CaseFile, CaseLink, CaseState
from casework.model.people import Office
from casework.people import eligibility, organisation, relations
from casework.persistence.standings import visible_cases
from casework.records import ledgers
from engine.errors import Unknown
from engine.model import InstanceEnded, InstanceState


@dataclass(frozen=True, slots=True)
class Row:
    """A case as a list shows it."""

    case: CaseFile
    office: Office


@dataclass(frozen=True, slots=True)
class Page:
    """Cases, and the mark with which the next page begins; None on the last."""

    rows: tuple[Row, ...]
    next: str | None


def of_instance(act: Act, root_instance_id: int) -> CaseFile | None:
    """The case of a root instance."""
    return act.find(CaseFile, root_instance_id=root_instance_id)


def by_number(act: Act, case_no: str) -> CaseFile:
    """The case of that number; Unknown where there is none. No gate: `view` and `operate` have it."""
    found = act.find(CaseFile, case_no=case_no)
    if found is None:
        raise Unknown("没有这个案件。", "There is no such case.")
    return found


def seen(act: Act, case_no: str, purpose: str) -> CaseFile:
    """The case of that number, if the actor may see it; notes the look."""
    case = by_number(act, case_no)
    eligibility.check_case(act, case)
    act.note_view(case.id, purpose)
    return case


def link(act: Act, case: CaseFile, other: CaseFile, kind: str) -> CaseLink:
    """Note that two cases belong together; once per kind."""
    known = act.find(CaseLink, from_case_id=case.id, to_case_id=other.id, kind=kind)
    if known is not None:
        return known
    added = act.add(
        CaseLink(region=act.region, id=act.new_id(), from_case_id=case.id, to_case_id=other.id, kind=kind, at=act.now)
    )
    act.record("link-case", case, after={"to": other.case_no, "kind": kind})
    return added


def ended(act: Act, instance: InstanceEnded) -> None:
    """The engine ended an instance: with the root the case closes, its clocks stop, its intake entries are struck off."""
    if instance.instance_id != instance.root_id:
        return
    case = of_instance(act, instance.root_id)
    if case is None or case.state is CaseState.CLOSED:
        return
    for clock in clocks.open_clocks(act, case):
        clocks.stop(act, case, clock.code, item=clock.item, ground="case-ended", publish=False)
    outcome = _outcome(act, case) if instance.state is InstanceState.COMPLETED else "terminated"
    closed = act.change(case, state=CaseState.CLOSED, closed_at=act.now, outcome=outcome or case.outcome)
    ledgers.strike_ended(act, closed, ground=closed.outcome or "ended")
    act.record("close-case", closed, after={"outcome": closed.outcome})
    act.lists.add("cases")


def page(act: Act, *, q: str = "", state: str | None = None, after: str | None = None, limit: int = 30) -> Page:
    """Cases that the actor may see, newest first; by number, person or procedure, and by state (open, closing, closed).

    `after` is the mark of the page before. Invalid for a state or mark that cannot be.
    """
    if state and state not in set(CaseState):
        raise Invalid([FieldFault("state", ("state",), "状态不在清单中。", "state is open, closing or closed.")])
    if after and not (after.isascii() and after.isdigit() and len(after) < 20 and int(after) < 2**63):
        raise Invalid([FieldFault("after", ("after",), "翻页标记无效。", "The mark of the page is not valid.")])
    limit = max(1, min(limit, 200))
    found = _visible(act, q=q, state=CaseState(state) if state else None, after=int(after) if after else None, limit=limit + 1)
    return Page(_with_offices(act, found[:limit]), next=str(found[limit - 1].id) if len(found) > limit else None)


def of_household(act: Act, household_id: int) -> tuple[Row, ...]:
    """The cases of a household that the actor may see, newest first."""
    return _with_offices(act, _visible(act, household_id=household_id, limit=200))


def timeline(act: Act, case_no: str) -> list[audit.Entry]:
    """What was done in a case, oldest first, as the audit has it (payloads left shut)."""
    case = seen(act, case_no, "timeline")
    return audit.entries(act.connection, act.region, chain=audit.case_chain(case.id), limit=2000)


def _visible(
    act: Act, *, q: str = "", state: CaseState | None = None, after: int | None = None, limit: int, household_id: int | None = None
) -> list[CaseFile]:
    if act.actor is None:
        return []
    staff_id = act.actor.staff_id
    audiences = organisation.audiences_of(act, staff_id)
    households, cases = relations.barred_cases(act, staff_id)
    return visible_cases(
        act.connection, act.region, staff_id=staff_id, audiences=sorted(audiences),
        office_ids=eligibility.offices_seen(act, audiences), text=q.strip()[:100], state=state, after=after, limit=limit,
        household_id=household_id, not_households=sorted(households), not_cases=sorted(cases),
    )  # fmt: skip


def _with_offices(act: Act, found: list[CaseFile]) -> tuple[Row, ...]:
    offices = {office.id: office for office in act.find_all(Office, id=sorted({case.office_id for case in found}))} if found else {}
    return tuple(Row(case, offices[case.office_id]) for case in found)


def _outcome(act: Act, case: CaseFile) -> str | None:
    """Property `outcome` of the end event of the root process that was reached last."""
    model = act.work.model(case.definition_id)
    found = None
    if not any("outcome" in element.properties for element in model.elements.values()):
        return found
    for stay in act.work.path(case.root_instance_id):
        element = model.elements.get(stay.element_id) if stay.instance_id == case.root_instance_id else None
        if element is not None and stay.how == "completed" and "outcome" in element.properties:
            found = str(element.properties["outcome"].evaluate({}, now=act.now, zone=act.house.zone).value)
    return found
