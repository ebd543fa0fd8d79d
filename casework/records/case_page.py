"""What the page of a case shows: what was typed, persons, clocks, tasks, papers, where it has been and where it stands still."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from casework.act import Act
from casework.law import badges, clocks
from casework.law.badges import ShownClock
from casework.law.calendar import DayExplained
from casework.model.cases import CaseFile, CaseLink, HumanTask, Submission, TaskState
from casework.model.law import ClockState, LegalClock
from casework.model.people import Household, Member, Office, Person, Staff
from casework.model.records import Aid, Document, LedgerEntry, Letter, Payment
from casework.people import eligibility, organisation
from casework.records import cases, masks, operations, starting, submissions
from casework.records.operations import OperationOffered
from engine.model import ElementPassed, Incident, Json


@dataclass(frozen=True, slots=True)
class InstancePath:
    """Where one instance of a case has been and stands, by element ids, with its diagram."""

    instance_id: int
    process_id: str
    name: str
    version: int
    xml: bytes
    passed: tuple[str, ...]
    current: tuple[str, ...]
    incidents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standstill:
    """Where a case stands still until an administrator has mended something, and why."""

    element: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its page shows it; persons still unmasked (`records.masks` is applied where it is shown)."""

    case: CaseFile
    office: Office
    village: Office | None
    started_by: Staff | None
    household: Household | None
    persons: tuple[Person, ...]
    fields: tuple[tuple[str, str, Json], ...]
    clocks: tuple[ShownClock, ...]
    tasks: tuple[HumanTask, ...]
    letters: tuple[Letter, ...]
    documents: tuple[Document, ...]
    entries: tuple[LedgerEntry, ...]
    aids: tuple[Aid, ...]
    payments: tuple[Payment, ...]
    links: tuple[tuple[CaseLink, CaseFile], ...]
    operations: tuple[OperationOffered, ...]
    standing_still: tuple[Standstill, ...]


def view(act: Act, case_no: str) -> CaseView:
    """A case as its page shows it, for one who may see it; the look is written to her log of views."""
    case = cases.seen(act, case_no, "case")
    household = act.find(Household, id=case.household_id) if case.household_id is not None else None
    members = act.find_all(Member, household_id=household.id, until_on=None) if household else []
    outgoing = act.find_all(CaseLink, from_case_id=case.id)
    incoming = act.find_all(CaseLink, to_case_id=case.id)
    links = [(each, act.get(CaseFile, each.to_case_id)) for each in outgoing]
    links += [(each, act.get(CaseFile, each.from_case_id)) for each in incoming]
    return CaseView(
        case=case, office=act.get(Office, case.office_id),
        village=act.get(Office, case.village_id) if case.village_id is not None else None,
        started_by=act.find(Staff, id=case.started_by) if case.started_by is not None else None, household=household,
        persons=tuple(act.find_all(Person, id=[member.person_id for member in members])) if members else (),
        fields=_fields(act, case), clocks=tuple(badges.of_case(act, case)),
        tasks=tuple(task for task in act.find_all(HumanTask, case_id=case.id) if task.state is not TaskState.CLOSED),
        letters=tuple(act.find_all(Letter, case_id=case.id)), documents=tuple(act.find_all(Document, case_id=case.id)),
        entries=tuple(act.find_all(LedgerEntry, case_id=case.id)), aids=tuple(act.find_all(Aid, case_id=case.id)),
        payments=tuple(act.find_all(Payment, case_id=case.id)), links=tuple(links), operations=tuple(operations.offered(act, case)),
        standing_still=tuple(_standstill(act, incident) for incident in _incidents(act, case)),
    )  # fmt: skip


def path(act: Act, case_no: str) -> list[InstancePath]:
    """For each instance of the case its diagram with the elements passed, current and standing still."""
    case = cases.seen(act, case_no, "path")
    passed: dict[int, list[ElementPassed]] = {}
    for stay in act.work.path(case.root_instance_id):
        passed.setdefault(stay.instance_id, []).append(stay)
    still: dict[int, set[str]] = {}
    for incident in _incidents(act, case):
        still.setdefault(incident.instance_id, set()).add(incident.element_id)
    found = []
    for instance in act.work.instances(case.root_instance_id):
        definition = act.work.definition(instance.definition_id)
        stays = passed.get(instance.id, [])
        known = act.work.model(definition.id).elements
        found.append(
            InstancePath(
                instance_id=instance.id,
                process_id=definition.process_id,
                name=definition.name,
                version=definition.version,
                xml=act.work.xml(definition.id),
                passed=_elements(stays, known, current=False),
                current=_elements(stays, known, current=True),
                incidents=tuple(sorted(still.get(instance.id, ()))),
            )
        )
    return found


def clock_days(act: Act, clock_id: int) -> tuple[ShownClock, list[DayExplained]]:
    """A clock of a case that the actor may see, counted day by day from its last start or resumption; no days for hours."""
    clock = act.get(LegalClock, clock_id)
    case = act.get(CaseFile, clock.case_id)
    eligibility.check_case(act, case)
    act.note_view(case.id, f"clock:{clock.code}")
    return badges.shown(act, clock), clocks.days(act, clock) if clock.state is ClockState.RUNNING else []


def _fields(act: Act, case: CaseFile) -> tuple[tuple[str, str, Json], ...]:
    """What was typed at the start, as (label, English label, value), in the form's order; masked for posts that may not see it."""
    kept = act.find_all(Submission, case_id=case.id, element_id=starting.START)
    if not kept or kept[0].form_id is None:
        return ()
    schema = act.work.form(kept[0].form_id).schema
    values = submissions.content(act, kept[0])
    posts = {held.post for held in organisation.holdings_of(act, act.actor.staff_id)} if act.actor else set()
    labelled = []
    for component in schema.get("components") or []:
        key = component.get("key")
        if key in values and component.get("label"):
            english = (component.get("properties") or {}).get("labelEn") or component["label"]
            mask = (component.get("properties") or {}).get("mask")
            shown = _shown(component, values[key])
            labelled.append((str(component["label"]), str(english), masks.for_posts(mask, shown, posts) if mask else shown))
    return tuple(labelled)


def _shown(component: Mapping[str, Json], value: Json) -> Json:
    """The label of a chosen option, else the value."""
    for option in component.get("values") or []:
        if option.get("value") == value:
            return option.get("label")
    return value


def _incidents(act: Act, case: CaseFile) -> list[Incident]:
    return act.work.incidents(limit=1000, root_id=case.root_instance_id)


def _standstill(act: Act, incident: Incident) -> Standstill:
    element = act.work.model(incident.definition_id).elements.get(incident.element_id)
    return Standstill((element.name if element else None) or incident.element_id, incident.zh, incident.en)


def _elements(stays: list[ElementPassed], known: Container[str], *, current: bool) -> tuple[str, ...]:
    """Ids of the elements; the process itself, which is passed too, is none."""
    here = (stay.element_id for stay in stays if (stay.left_at is None) is current and stay.element_id in known)
    return tuple(dict.fromkeys(here))
