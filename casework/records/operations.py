"""What a case's diagram offers beside its tasks: message starts of event sub-processes with the property `operation`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.act import Act
from casework.errors import Refused
from casework.law import calendar
from casework.model.cases import CaseFile, CaseState
from casework.people import eligibility, organisation
from casework.records import cases, forms, starting, submissions
from engine.errors import Unknown
from engine.model import FormVersion, Json, SubscriptionOpened


@dataclass(frozen=True, slots=True)
class OperationOffered:
    """Something that a case's diagram offers beside its tasks (withdraw, register a change)."""

    name: str
    label: str
    label_en: str
    form_id: str | None
    clause: str


def operation_form(act: Act, case_no: str, name: str) -> tuple[OperationOffered, FormVersion | None, dict[str, Json]]:
    """The form of an operation with the data to open it; Unknown where the case does not offer it to the actor."""
    case = cases.seen(act, case_no, f"operation:{name}")
    chosen = _offered(act, case, name)
    form = act.work.find_form_version(chosen.form_id) if chosen.form_id else None
    if form is None:
        return chosen, None, {}
    read = forms.read(form.schema, calendar.FUNCTIONS)
    return chosen, form, forms.opening(read, act.work.variables(case.root_instance_id, forms.names_shown(read)))


def operate(act: Act, case_no: str, name: str, data: Mapping[str, Json]) -> CaseFile:
    """Do an operation: its form checked and kept, then the message that the diagram waits for."""
    case = cases.by_number(act, case_no)
    eligibility.check_case(act, case)
    case = act.lock_case(case.id)
    chosen = _offered(act, case, name)
    form = act.work.find_form_version(chosen.form_id) if chosen.form_id else None
    accepted = submissions.check(act, form.id if form else None, data, scope_id=case.root_instance_id, case=case)
    submissions.keep(act, case, f"operation:{name}", form.id if form else None, accepted)
    told = act.work.publish_message(name, case.case_no, accepted.values)
    if not told.instance_ids:
        raise Refused(
            "not-now", "案件现在不能进行此操作。", "The case cannot take this operation now.", clause=chosen.clause
        )
    act.record(f"operate:{name}", case, after={"fields": sorted(accepted.values)}, clause=chosen.clause)
    return act.get(CaseFile, case.id)


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


def offered(act: Act, case: CaseFile) -> list[OperationOffered]:
    """What the actor may do now with a case that she may see, by name."""
    if act.actor is None or case.state is CaseState.CLOSED:
        return []
    posts = {
        audience.split("@", 1)[0] for audience in organisation.audiences_of(act, act.actor.staff_id) if "@" in audience
    }
    found: dict[str, OperationOffered] = {}
    for wait in act.work.open_waits(case.root_instance_id):
        if not isinstance(wait, SubscriptionOpened) or not wait.properties.get("operation"):
            continue
        allowed = {post.strip() for post in str(wait.properties.get("post") or starting.ANY_POST).split(",")}
        if starting.ANY_POST in allowed or posts & allowed:
            name = str(wait.properties["operation"])
            label, label_en = _named(act, wait)
            found[name] = OperationOffered(
                name=name, label=label, label_en=label_en, form_id=str(wait.properties["form"]) if wait.properties.get("form") else None,
                clause=str(wait.properties.get("clause") or ""),
            )  # fmt: skip
    return [found[name] for name in sorted(found)]


def _offered(act: Act, case: CaseFile, name: str) -> OperationOffered:
    for each in offered(act, case):
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
