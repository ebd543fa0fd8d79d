"""The case: opened and registered, looked at, closed; and the operations that its diagram offers on it.

`register` runs before the first token of any root instance moves, whatever began it, so that no instance is without a complete
case: number, office, figures of the law, clocks. It knows no tasks beyond listing them.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework import audit
from casework.act import Act
from casework.errors import FieldFault, Invalid, Refused
from casework.law import badges, calendar, clocks, policy
from casework.law.badges import ShownClock
from casework.law.calendar import DayExplained
from casework.model import (
    EVERYWHERE,
    Aid,
    CaseFile,
    CaseLink,
    CaseState,
    ClockState,
    Document,
    Household,
    HumanTask,
    LedgerEntry,
    LegalClock,
    Letter,
    Member,
    Office,
    OfficeKind,
    Payment,
    Person,
    Staff,
    Submission,
    TaskState,
)  # fmt: skip
from casework.people import eligibility, organisation, relations
from casework.people.organisation import Held
from casework.persistence.standings import visible_cases
from casework.records import documents, forms, ledgers, masks, submissions
from engine.errors import InvalidInput, Unknown
from engine.model import (
    ElementPassed,
    FormVersion,
    Incident,
    InstanceEnded,
    InstanceState,
    Json,
    ProcessDefinition,
    Starting,
    SubscriptionOpened,
    Variables,
)  # fmt: skip

ANY_POST = "*"
START = "start"
LINKED = "linked-case"
_FALSE = {"false", "no", "0", ""}


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure that the asker may start, with what its start page shows."""

    definition: ProcessDefinition
    name: str
    name_en: str
    description: str
    description_en: str


@dataclass(frozen=True, slots=True)
class OperationOffered:
    """Something that a case's diagram offers beside its tasks (withdraw, register a change)."""

    name: str
    label: str
    label_en: str
    form_id: str | None
    clause: str


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
class Row:
    """A case as a list shows it."""

    case: CaseFile
    office: Office


@dataclass(frozen=True, slots=True)
class Page:
    """Cases, and the mark with which the next page begins; None on the last."""

    rows: tuple[Row, ...]
    next: str | None


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


# ---- starting


def procedures(act: Act) -> list[Procedure]:
    """The procedures that the actor may start from the start page, by name."""
    held = _held(act)
    return sorted(
        (_procedure(act, each) for each in act.work.definitions(latest=True) if _may_start(each, held)),
        key=lambda each: each.name,
    )


def start_form(act: Act, process_id: str) -> tuple[Procedure, FormVersion | None, dict[str, Json]]:
    """What the start page of a procedure shows: the form and the data to open it with."""
    definition, _ = _startable(act, process_id)
    form = act.work.form(definition.start_form_id) if definition.start_form_id is not None else None
    data: dict[str, Json] = {}
    if form is not None:
        data = forms.opening(forms.read(form.schema, calendar.FUNCTIONS), {})
    return _procedure(act, definition), form, data


def start(act: Act, process_id: str, data: Mapping[str, Json]) -> CaseFile:
    """Open a case from its start form. Invalid with every fault of the form; Unknown for a procedure that is not the actor's."""
    definition, held = _startable(act, process_id)
    accepted = submissions.check(act, definition.start_form_id, data, scope_id=None, case=None)
    office, village = _office_of(act, held, accepted.values)
    case = open_case(
        act,
        process_id,
        {**accepted.values, "townshipCode": office.code, "villageCode": village.code if village else None},
    )
    submissions.keep(act, case, START, definition.start_form_id, accepted)
    documents.adopt(act, case.id, accepted.values)
    act.record("start", case, after={"process": process_id, "dropped": list(accepted.dropped)})
    return case


def open_case(
    act: Act, process_id: str, variables: Variables, *, cause: str | None = None, job_id: int | None = None
) -> CaseFile:
    """Start an instance and give its case; at most one per cause and per job, a second call finds the first.

    `variables` may carry `townshipCode` and `villageCode`; without them the case belongs to the office of the case or post that
    opens it.
    """
    known = act.find(CaseFile, cause=cause) if cause else None
    if known is not None:
        return known
    case = of_instance(act, act.work.start_instance(process_id, variables))
    if case is None:
        raise Unknown("案件没有登记。", "The case was not registered.")
    if cause is not None or job_id is not None:
        case = act.change(case, cause=cause, origin_job_id=job_id)
        act.record("open-case", case, after={"cause": cause})
    return case


def register(act: Act, starting: Starting) -> dict[str, Json]:
    """Write the case of a root instance that is about to start, and give the variables it begins with (`decisions` 36).

    Office and jurisdiction come from `townshipCode` and `villageCode`, else from the starter's post. The engine calls this.
    """
    given = starting.variables
    definition = act.work.definition(starting.definition_id)
    held = _held(act)
    office, village = _place_of(act, given, held)
    aid_kind = starting.properties.get("aidKind") or _text(given.get("aidKind"))
    case = act.add(
        CaseFile(
            region=act.region,
            id=act.new_id(),
            case_no=_number(act, office),
            root_instance_id=starting.instance_id,
            definition_id=definition.id,
            process_id=definition.process_id,
            process_version=definition.version,
            procedure_name=_text(given.get("procedureName")) or definition.name or definition.process_id,
            procedure_name_en=_text(given.get("procedureNameEn")) or definition.properties.get("nameEn") or definition.process_id,
            matter=starting.properties.get("matter"),
            aid_kind=aid_kind,
            channel=_text(given.get("channel")) or _channel_of(held),
            person_name=(_text(given.get("name")) or "")[:100],
            place=(_text(given.get("place")) or "")[:300],
            household_id=None,
            office_id=office.id,
            village_id=village.id if village else None,
            state=CaseState.OPEN,
            urgent=_is_urgent(starting, aid_kind),
            outcome=None,
            started_by=act.actor.staff_id if act.actor else None,
            opened_at=act.now,
            closed_at=None,
            origin_job_id=None,
            cause=None,
        )
    )
    taken = policy.snapshot(act, case)
    _start_main_clock(act, case, starting)
    codes = tuple(code.strip() for code in starting.properties.get("clockCodes", "").split(",") if code.strip())
    household = _linked_household(act, case, given)
    act.record(
        "register", case, after={"process": definition.process_id, "version": definition.version, "office": office.code}
    )
    return {
        "caseNo": case.case_no, "jurisdiction": act.region, "townshipCode": office.code,
        "villageCode": village.code if village else None, "matter": case.matter, "aidKind": aid_kind, "channel": case.channel,
        "household": household, "relation": given.get("relation"), "policy": policy.variable(taken),
        "clocks": clocks.variable(act, case, codes), "startedBy": _starter(act, held), "outcome": None,
    }  # fmt: skip


# ---- the life of a case


def of_instance(act: Act, root_instance_id: int) -> CaseFile | None:
    """The case of a root instance."""
    return act.find(CaseFile, root_instance_id=root_instance_id)


def by_number(act: Act, case_no: str) -> CaseFile:
    """The case of that number; Unknown where there is none. No gate: `view` and `operate` have it."""
    found = act.find(CaseFile, case_no=case_no)
    if found is None:
        raise Unknown("没有这个案件。", "There is no such case.")
    return found


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


def set_outcome(act: Act, case: CaseFile, outcome: str) -> CaseFile:
    """Note how a case ends, before it does."""
    return act.change(case, outcome=outcome)


def closing(act: Act, case: CaseFile) -> CaseFile:
    """The case has been decided and is being filed."""
    return act.change(case, state=CaseState.CLOSING) if case.state is CaseState.OPEN else case


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


# ---- looking


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


def view(act: Act, case_no: str) -> CaseView:
    """A case as its page shows it, for one who may see it; the look is written to her log of views."""
    case = seen(act, case_no, "case")
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
        payments=tuple(act.find_all(Payment, case_id=case.id)), links=tuple(links), operations=tuple(_operations(act, case)),
        standing_still=tuple(_standstill(act, incident) for incident in _incidents(act, case)),
    )  # fmt: skip


def seen(act: Act, case_no: str, purpose: str) -> CaseFile:
    """The case of that number, if the actor may see it; notes the look."""
    case = by_number(act, case_no)
    eligibility.check_case(act, case)
    act.note_view(case.id, purpose)
    return case


def timeline(act: Act, case_no: str) -> list[audit.Entry]:
    """What was done in a case, oldest first, as the audit has it (payloads left shut)."""
    case = seen(act, case_no, "timeline")
    return audit.entries(act.connection, act.region, chain=audit.case_chain(case.id), limit=2000)


def path(act: Act, case_no: str) -> list[InstancePath]:
    """For each instance of the case its diagram with the elements passed, current and standing still."""
    case = seen(act, case_no, "path")
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


# ---- operations that the diagram offers


def operations(act: Act, case_no: str) -> list[OperationOffered]:
    """What the actor may do with the case beside its tasks: message starts of event sub-processes with property `operation`."""
    return _operations(act, seen(act, case_no, "operations"))


def named_operation(act: Act, case: CaseFile, name: str) -> tuple[str, str] | None:
    """How an operation of the case's diagrams is called, in Chinese and English, offered now or not; None for a name of none."""
    for element in _all_elements(act, case).values():
        said = element.properties.get("operation")
        if said is not None and said.evaluate({}, now=act.now, zone=act.house.zone).value == name:
            return _words_of(element.name, element.documentation, name)
    return None


def named_element(act: Act, case: CaseFile, element_id: str) -> tuple[str, str] | None:
    """How an element of the case's diagrams is called, in Chinese and English."""
    element = _all_elements(act, case).get(element_id)
    return _words_of(element.name, element.documentation, element_id) if element else None


def operation_form(act: Act, case_no: str, name: str) -> tuple[OperationOffered, FormVersion | None, dict[str, Json]]:
    """The form of an operation with the data to open it; Unknown where the case does not offer it to the actor."""
    case = seen(act, case_no, f"operation:{name}")
    offered = _offered(act, case, name)
    form = act.work.find_form_version(offered.form_id) if offered.form_id else None
    if form is None:
        return offered, None, {}
    read = forms.read(form.schema, calendar.FUNCTIONS)
    return offered, form, forms.opening(read, act.work.variables(case.root_instance_id, forms.names_shown(read)))


def operate(act: Act, case_no: str, name: str, data: Mapping[str, Json]) -> CaseFile:
    """Do an operation: its form checked and kept, then the message that the diagram waits for."""
    case = by_number(act, case_no)
    eligibility.check_case(act, case)
    case = act.lock_case(case.id)
    offered = _offered(act, case, name)
    form = act.work.find_form_version(offered.form_id) if offered.form_id else None
    accepted = submissions.check(act, form.id if form else None, data, scope_id=case.root_instance_id, case=case)
    submissions.keep(act, case, f"operation:{name}", form.id if form else None, accepted)
    told = act.work.publish_message(name, case.case_no, accepted.values)
    if not told.instance_ids:
        raise Refused(
            "not-now", "案件现在不能进行此操作。", "The case cannot take this operation now.", clause=offered.clause
        )
    act.record(f"operate:{name}", case, after={"fields": sorted(accepted.values)}, clause=offered.clause)
    return act.get(CaseFile, case.id)


# ---- inside


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


def _procedure(act: Act, definition: ProcessDefinition) -> Procedure:
    model = act.work.model(definition.id)
    described = definition.properties.get("description", "")
    return Procedure(
        definition=definition, name=definition.name or definition.process_id,
        name_en=definition.properties.get("nameEn") or definition.process_id, description=described,
        description_en=model.documentation,
    )  # fmt: skip


def _held(act: Act) -> list[Held]:
    """What the actor holds as an officer of the region; nobody of the installation opens cases."""
    if act.actor is None or act.region == EVERYWHERE or act.actor.region != act.region:
        return []
    return organisation.holdings_of(act, act.actor.staff_id)


def _may_start(definition: ProcessDefinition, held: list[Held]) -> bool:
    """Whether one of the posts is in the process's `startBy`; a process without it is started by others only."""
    named = {post.strip() for post in definition.properties.get("startBy", "").split(",") if post.strip()}
    return bool(held) and (ANY_POST in named or any(each.post in named for each in held))


def _startable(act: Act, process_id: str) -> tuple[ProcessDefinition, list[Held]]:
    definition = act.work.find_definition(process_id)
    held = _held(act)
    if definition is None or not _may_start(definition, held):
        raise Unknown("没有可由您发起的这个事项。", "There is no such procedure for you to start.")
    named = {post.strip() for post in definition.properties.get("startBy", "").split(",")}
    return definition, [each for each in held if ANY_POST in named or each.post in named]


def _office_of(act: Act, held: list[Held], values: Mapping[str, Json]) -> tuple[Office, Office | None]:
    """(office in charge, village) of a case from the starter's posts and the place as written.

    A village post decides both; a township post the office, the place the village; a district post has to write a place that
    names a township or village.
    """
    named = organisation.place_in(act, _text(values.get("place")) or "")
    township_of_place = organisation.above(act, named, OfficeKind.TOWNSHIP) if named else None
    village_of_place = named if named and named.kind is OfficeKind.VILLAGE else None
    for each in sorted(held, key=lambda held: held.office.kind is not OfficeKind.VILLAGE):
        township = organisation.above(act, each.office, OfficeKind.TOWNSHIP)
        if township is None:
            continue
        own_village = each.office if each.office.kind is OfficeKind.VILLAGE else None
        same_township = village_of_place is not None and township_of_place == township
        return township, village_of_place if same_township else own_village
    if township_of_place is None:
        zh, en = "请在地点中写明乡镇(街道)或村(社区)。", "Name the township or the village in the place."
        raise Invalid([FieldFault("place", ("place",), zh, en)])
    return township_of_place, village_of_place


def _place_of(act: Act, given: Variables, held: list[Held]) -> tuple[Office, Office | None]:
    code, village_code = _text(given.get("townshipCode")), _text(given.get("villageCode"))
    village = act.find(Office, code=village_code) if village_code else None
    if code:
        return organisation.office(act, code), village
    if village is not None:
        return organisation.above(act, village, OfficeKind.TOWNSHIP) or village, village
    if held:
        return _office_of(act, held, given)
    return organisation.district(act), None


def _number(act: Act, office: Office) -> str:
    year = act.today.year
    return f"{office.code}-{year}-{act.next_number('case', office=office.code, year=year):05}"


def _is_urgent(starting: Starting, aid_kind: str | None) -> bool:
    named = starting.properties.get("urgent")
    return named.lower() not in _FALSE if named is not None else aid_kind == "tempUrgent"


def _start_main_clock(act: Act, case: CaseFile, starting: Starting) -> None:
    """Property `mainClock`: a code, or `code from variable` whose moment the clock counts from."""
    code, _, variable = starting.properties.get("mainClock", "").partition(" from ")
    if not code.strip():
        return
    at = _moment(act, starting.variables.get(variable.strip())) if variable.strip() else None
    clocks.start(act, case, code.strip(), at=at, publish=False)


def _moment(act: Act, value: Json) -> datetime | None:
    """A moment from a form's date and time; None where there is none. InvalidInput for what is none."""
    if value in {None, ""}:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as fault:
        raise InvalidInput(f"“{value}”不是日期时间。", f"{value!r} is not a date and time.") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=act.house.zone)


def _linked_household(act: Act, case: CaseFile, given: Variables) -> Json:
    """A household that the opener knows already (a case opened from another): `household.id`."""
    named = given.get("household")
    household_id = named.get("id") if isinstance(named, Mapping) else None
    if household_id is None or not str(household_id).isdecimal():
        return named
    household = act.find(Household, id=int(household_id))
    if household is not None:
        act.change(case, household_id=household.id)
    return named


def _channel_of(held: list[Held]) -> str | None:
    """How a matter came, when nobody says so: over the window where a window clerk writes it down, else it was found."""
    if not held:
        return None
    return "window" if any(each.post == "window-clerk" for each in held) else "discovery"


def _starter(act: Act, held: list[Held]) -> Json:
    if act.actor is None:
        return None
    return {"staffId": str(act.actor.staff_id), "name": act.actor.name, "posts": [each.post for each in held]}


def _outcome(act: Act, case: CaseFile) -> str | None:
    """Property `outcome` of the end event of the root process that was reached last."""
    model = act.work.model(case.definition_id)
    found = None
    for stay in act.work.path(case.root_instance_id):
        element = model.elements.get(stay.element_id) if stay.instance_id == case.root_instance_id else None
        if element is not None and stay.how == "completed" and "outcome" in element.properties:
            found = str(element.properties["outcome"].evaluate({}, now=act.now, zone=act.house.zone).value)
    return found


def _fields(act: Act, case: CaseFile) -> tuple[tuple[str, str, Json], ...]:
    """What was typed at the start, as (label, English label, value), in the form's order; masked for posts that may not see it."""
    kept = act.find_all(Submission, case_id=case.id, element_id=START)
    if not kept or kept[0].form_id is None:
        return ()
    schema = act.work.form(kept[0].form_id).schema
    values = submissions.content(act, kept[0])
    posts = {held.post for held in _held(act)}
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


def _operations(act: Act, case: CaseFile) -> list[OperationOffered]:
    if act.actor is None or case.state is CaseState.CLOSED:
        return []
    posts = {
        audience.split("@", 1)[0] for audience in organisation.audiences_of(act, act.actor.staff_id) if "@" in audience
    }
    found: dict[str, OperationOffered] = {}
    for wait in act.work.open_waits(case.root_instance_id):
        if not isinstance(wait, SubscriptionOpened) or not wait.properties.get("operation"):
            continue
        allowed = {post.strip() for post in str(wait.properties.get("post") or ANY_POST).split(",")}
        if ANY_POST in allowed or posts & allowed:
            name = str(wait.properties["operation"])
            label, label_en = _named(act, wait)
            found[name] = OperationOffered(
                name=name, label=label, label_en=label_en, form_id=_text(wait.properties.get("form")),
                clause=str(wait.properties.get("clause") or ""),
            )  # fmt: skip
    return [found[name] for name in sorted(found)]


def _offered(act: Act, case: CaseFile, name: str) -> OperationOffered:
    for each in _operations(act, case):
        if each.name == name:
            return each
    raise Unknown("案件没有提供此操作。", "The case does not offer this operation.")


def _named(act: Act, wait: SubscriptionOpened) -> tuple[str, str]:
    element = act.work.model(act.work.instance(wait.instance_id).definition_id).elements.get(wait.element_id)
    return _words_of(element.name, element.documentation, wait.name) if element else (wait.name, wait.name)


def _all_elements(act: Act, case: CaseFile) -> dict[str, Any]:
    """The elements of all diagrams that the case runs on, by id."""
    versions = sorted({instance.definition_id for instance in act.work.instances(case.root_instance_id)})
    return {element_id: element for version in versions for element_id, element in act.work.model(version).elements.items()}


def _words_of(name: str | None, documentation: str, otherwise: str) -> tuple[str, str]:
    """A name in Chinese, and the first sentence of the documentation as the English one."""
    return name or otherwise, documentation.split(". ", 1)[0].rstrip(".") or name or otherwise


def _incidents(act: Act, case: CaseFile) -> list[Incident]:
    return [each for each in act.work.incidents(limit=1000) if each.root_id == case.root_instance_id]


def _standstill(act: Act, incident: Incident) -> Standstill:
    element = act.work.model(incident.definition_id).elements.get(incident.element_id)
    return Standstill((element.name if element else None) or incident.element_id, incident.zh, incident.en)


def _elements(stays: list[ElementPassed], known: Container[str], *, current: bool) -> tuple[str, ...]:
    """Ids of the elements; the process itself, which is passed too, is none."""
    here = (stay.element_id for stay in stays if (stay.left_at is None) is current and stay.element_id in known)
    return tuple(dict.fromkeys(here))


def _text(value: Json) -> str | None:
    return str(value) if value not in (None, "") else None
