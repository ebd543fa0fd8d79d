"""How a case begins: what somebody may start, the start form, and the registration of every root instance.

`register` runs before the first token of any root instance moves, whatever began it, so that no instance is without a complete
case: number, office, figures of the law, clocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.act import Act
from casework.errors import FieldFault, Invalid
from casework.law import calendar, clocks, policy
from casework.model.cases import CaseFile, CaseState
from casework.model.people import Household, Office, OfficeKind
from casework.model.record import EVERYWHERE
from casework.people import organisation
from casework.people.organisation import Held
from casework.records import cases, documents, forms, submissions
from engine.errors import InvalidInput, Unknown
from engine.model import FormVersion, Json, ProcessDefinition, Starting, Variables

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


def start(act: Act, process_id: str, data: Mapping[str, Json], *, business_key: str | None = None) -> CaseFile:
    """Open a case from its start form. Invalid with every fault of the form; Unknown for a procedure that is not the actor's.

    `business_key` is another system's name for the case.
    """
    act.reference_number()  # read first, with what the engine asks: one question instead of two
    definition, held = _startable(act, process_id)
    accepted = submissions.check(act, definition.start_form_id, data, scope_id=None, case=None)
    office, village = _office_of(act, held, accepted.values)
    case = open_case(
        act,
        process_id,
        {**accepted.values, "townshipCode": office.code, "villageCode": village.code if village else None},
        business_key=business_key,
    )
    submissions.keep(act, case, START, definition.start_form_id, accepted)
    documents.adopt(act, case.id, accepted.values)
    act.record("start", case, after={"process": process_id, "dropped": list(accepted.dropped)})
    return case


def open_case(
    act: Act, process_id: str, variables: Variables, *, cause: str | None = None, job_id: int | None = None,
    business_key: str | None = None, definition_id: int | None = None, begin_at: Sequence[str] = (),
    end_after: Sequence[str] = (),
) -> CaseFile:  # fmt: skip
    """Start an instance and give its case; at most one per cause and per job, a second call finds the first.

    `variables` may carry `townshipCode` and `villageCode`; without them the case belongs to the office of the case or post that
    opens it. `definition_id` names a version; without it the newest one is started. `begin_at` and `end_after` as in
    `Work.start_instance`.
    """
    known = act.find(CaseFile, cause=cause) if cause else None
    if known is not None:
        return known
    instance_id = act.work.start_instance(
        process_id, variables, business_key=business_key, definition_id=definition_id, begin_at=begin_at, end_after=end_after
    )
    case = cases.of_instance(act, instance_id)
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
            # Somebody of the installation is no officer of the region; the audit names her.
            started_by=act.actor.staff_id if act.actor and act.actor.region == act.region else None,
            opened_at=act.now,
            closed_at=None,
            origin_job_id=None,
            cause=None,
        )
    )
    taken = policy.snapshot(act, case, is_first=True)
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


def _text(value: Json) -> str | None:
    return str(value) if value not in (None, "") else None
