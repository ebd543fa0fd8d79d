"""Walks a scenario: every step is done by a person of the demo authority as she would do it in a browser."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from casework.act import Act, Actor
from casework.desk import tasks
from casework.errors import Closed, Invalid, Overtaken, Refused, Unknown
from casework.law import calendar
from casework.model.cases import CaseFile, HumanTask, TaskState
from casework.model.people import OfficeKind, Person, Staff
from casework.people import eligibility, organisation, relations
from casework.records import documents, forms, households, ledgers, operations, starting
from casework.records.formjs import Component, get, put, walk
from casework.scenarios import expectations
from casework.scenarios.script import Scenario, ScenarioFile
from engine.errors import CallerError
from engine.feel import compile_expression
from engine.model import Json

if TYPE_CHECKING:
    from casework.authority import Authority

MAIN = "main"
HEARTBEATS = 200
FILES = {
    "jpg": ("image/jpeg", b"\xff\xd8\xff\xe0synthetic picture"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\nsynthetic picture"),
    "pdf": ("application/pdf", b"%PDF-1.4 synthetic document"),
    "txt": ("text/plain", b"synthetic text"),
}


class ScenarioFailed(AssertionError):
    """A step could not be done, or something was not as it should be; says which scenario and step."""


def run(authority: Authority, file: ScenarioFile, scenario: Scenario) -> None:
    """Walk a scenario; ScenarioFailed at the first step that is not as it should be.

    The authority has the demo people and the shipped procedures, and a clock that can be moved and stands before the scenario.
    """
    walker = _Walk(authority, file, scenario)
    walker.advance_to(scenario.clock)
    for given in scenario.relations:
        walker.step("given.relations", "relation", {"declaredBy": "applicant", **given})
    walker.steps(scenario.steps, "steps")


@dataclass(slots=True)
class _Walk:
    """The state of one walk: cases by alias, and who acted under which post."""

    authority: Authority
    file: ScenarioFile
    scenario: Scenario
    case_ids: dict[str, int] = field(default_factory=dict)
    acted: dict[str, int] = field(default_factory=dict)

    # -- steps

    def steps(self, steps: tuple[tuple[str, Json], ...], where: str) -> None:
        for number, (word, value) in enumerate(steps, 1):
            self.step(f"{where}[{number}]", word, value)

    def step(self, where: str, word: str, value: Json) -> None:
        if word == "use":
            self.steps(self.file.parts[value], f"{where}.{value}")
            return
        try:
            getattr(self, word)(value)
            self._heartbeat()
        except ScenarioFailed as failed:
            raise ScenarioFailed(f"{self.scenario.name} {where} {word}: {failed}") from failed
        except Invalid as invalid:
            faults = "; ".join(f"{'.'.join(str(part) for part in fault.path)}: {fault.zh}" for fault in invalid.fields)
            raise ScenarioFailed(f"{self.scenario.name} {where} {word}: {faults or invalid}") from invalid
        except CallerError as error:
            raise ScenarioFailed(f"{self.scenario.name} {where} {word}: {error}") from error

    def _heartbeat(self) -> None:
        """What an act's own two seconds did not reach: own jobs, outbox, timers that are due now."""
        for _ in range(HEARTBEATS):
            if not self.authority.run_due():
                return
        raise ScenarioFailed("总有到期的事,停不下来 / there is always something due: it does not come to rest")

    def start(self, value: Mapping[str, Json]) -> None:
        process = value.get("process") or self.file.process
        actor = self._starter(str(value["as"]))
        with self.authority.act(actor) as act:
            _, form, shown = starting.start_form(act, process)
            read = forms.read(form.schema, calendar.FUNCTIONS) if form else None
            data = self._typed(act, actor, read, value.get("form") or {}, shown)
            case = starting.start(act, process, data)
        self.case_ids[value.get("case") or MAIN] = case.id

    def claim(self, value: Mapping[str, Json]) -> None:
        task = self._task(value)
        actor = self._actor(value, task, "claim")
        with self.authority.act(actor) as act:
            tasks.claim(act, task.id)

    def complete(self, value: Mapping[str, Json]) -> None:
        task = self._task(value)
        actor = self._actor(value, task, "complete")
        if task.state is TaskState.UNCLAIMED:
            with self.authority.act(actor) as act:
                tasks.claim(act, task.id)
        with self.authority.act(actor) as act:
            form = act.work.form(task.form_id) if task.form_id is not None else None
            read = forms.read(form.schema, calendar.FUNCTIONS) if form else None
            data = self._typed(act, actor, read, value.get("form") or {}, tasks.view(act, task.id).data, task.case_id)
            tasks.complete(act, task.id, data)
        self.acted[str(value["as"])] = actor.staff_id

    def operate(self, value: Mapping[str, Json]) -> None:
        actor = self._starter(str(value["as"]))
        with self.authority.act(actor) as act:
            case = self._case(act, value)
            _, form, shown = operations.operation_form(act, case.case_no, str(value["name"]))
            read = forms.read(form.schema, calendar.FUNCTIONS) if form else None
            data = self._typed(act, actor, read, value.get("form") or {}, shown, case.id)
            operations.operate(act, case.case_no, str(value["name"]), data)

    def message(self, value: Mapping[str, Json]) -> None:
        with self.authority.system("scenario", region=self.scenario.jurisdiction) as act:
            key = value.get("key") or self._case(act, value).case_no
            act.work.publish_message(str(value["name"]), str(key), value.get("variables") or {})
            act.record("publish-message", f"message:{value['name']}", after={"key": key})

    def advance_to(self, value: Json) -> None:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        self.authority.advance_to(moment)

    def advance(self, value: Json) -> None:
        self.authority.advance_to(self.authority.now() + _duration(str(value)))

    def ledger(self, value: Mapping[str, Json]) -> None:
        with self.authority.system("scenario", region=self.scenario.jurisdiction) as act:
            case = act.lock_case(self._case(act, value).id)
            ledgers.add(act, case, str(value["add"]), value["entry"], item=str(value["entry"].get("name") or ""))

    def relation(self, value: Mapping[str, Json]) -> None:
        with self.authority.system("scenario", region=self.scenario.jurisdiction) as act:
            staff = self._login(act, str(value["staff"]))
            whom: dict[str, Any] = {}
            if value.get("household"):
                whom["household_id"] = households.by_file_no(act, str(value["household"])).id
            elif value.get("person"):
                whom["person_id"] = _one(act.find_all(Person, name=str(value["person"])), str(value["person"])).id
            else:
                case = self._case(act, value)
                whom = {"household_id": case.household_id} if case.household_id else {"case_no": case.case_no}
            said_by = str(value.get("declaredBy") or "self")
            relations.declare(act, type=str(value.get("type") or "sibling"), staff_id=staff.id, said_by=said_by, **whom)

    def refused(self, value: Mapping[str, Json]) -> None:
        word = next(name for name in ("start", "claim", "complete", "operate") if name in value)
        before = self._fingerprint()
        try:
            getattr(self, word)(value[word])
        except CallerError as refusal:
            self._check_refusal(refusal, value)
        else:
            raise ScenarioFailed(f"应被拒绝({value['ground']}),却成功了 / should have been refused ({value['ground']})")
        if self._fingerprint() != before:
            raise ScenarioFailed("被拒绝之后案件有变化 / the case changed although the act was refused")

    def expect(self, value: Mapping[str, Json]) -> None:
        with self.authority.system_read(region=self.scenario.jurisdiction) as act:
            case = self._case(act, value)
            wrong = [found for name, wanted in value.items() if name != "case" for found in expectations.CHECKS[name](act, case, wanted)]
        if wrong:
            raise ScenarioFailed("; ".join(wrong))

    # -- who

    def _starter(self, named: str) -> Actor:
        with self.authority.system_read(region=self.scenario.jurisdiction) as act:
            posts = organisation.posts(act)
            if named not in posts:
                return _actor(act, self._login(act, named))
            places = {OfficeKind.VILLAGE: self.scenario.village, OfficeKind.TOWNSHIP: self.scenario.township}
            for tier in posts[named].tiers:
                office = organisation.office(act, places[tier]) if tier in places else organisation.district(act)
                people = organisation.holders(act, [organisation.audience_of(named, office)])
                if people:
                    known = [person for person in people if person.id == self.acted.get(named)]
                    return _actor(act, (known or sorted(people, key=lambda person: person.login))[0])
            raise ScenarioFailed(f"没有岗位 {named} 的人员 / nobody holds {named}")

    def _actor(self, value: Mapping[str, Json], task: HumanTask, operation: str) -> Actor:
        named = str(value["as"])
        with self.authority.system_read(region=self.scenario.jurisdiction) as act:
            posts = organisation.posts(act)
            if named.startswith("same:"):
                done = [one for one in act.find_all(HumanTask, case_id=task.case_id, element_id=named[5:]) if one.closed_by is not None]
                if not done:
                    raise ScenarioFailed(f"{named[5:]} 没有人办理过 / nobody completed {named[5:]}")
                return _actor(act, act.get(Staff, done[-1].closed_by or 0))
            if named not in posts:
                return _actor(act, self._login(act, named))
            case = act.get(CaseFile, task.case_id)
            wanted = {organisation.audience_of(named, office) for office in organisation.offices_of_post(act, named, case)}
            people = sorted(organisation.holders(act, wanted), key=lambda person: (person.id != self.acted.get(named), person.login))
            if task.assignee_id is not None and operation == "complete":
                people = [person for person in people if person.id == task.assignee_id] or people
            able = [person for person in people if self._may(act, task, person)]
            if not people:
                raise ScenarioFailed(f"没有岗位 {named} 的人员 / nobody holds {named}")
            return _actor(act, (able or people)[0])

    @staticmethod
    def _may(act: Act, task: HumanTask, person: Staff) -> bool:
        word = "complete" if task.assignee_id == person.id else "claim"
        return all(line.holds for line in eligibility.explain(act, tasks.OPERATIONS[word], task, staff_id=person.id))

    @staticmethod
    def _login(act: Act, login: str) -> Staff:
        found = act.find(Staff, login=login)
        if found is None:
            raise ScenarioFailed(f"没有登录名 {login} / there is no login {login}")
        return found

    # -- what

    def _case(self, act: Act, value: Mapping[str, Json]) -> CaseFile:
        alias = str(value.get("case") or MAIN)
        if alias not in self.case_ids:
            raise ScenarioFailed(f"案件 {alias} 还没有开始 / the case {alias} was not started")
        return act.get(CaseFile, self.case_ids[alias])

    def _task(self, value: Mapping[str, Json]) -> HumanTask:
        with self.authority.system_read(region=self.scenario.jurisdiction) as act:
            case = self._case(act, value)
            found = expectations.open_tasks(act, case, str(value["task"]), value.get("item"))
            if len(found) == 1:
                return found[0]
            if not found and (done := expectations.closed_tasks(act, case, str(value["task"]), value.get("item"))):
                return done[-1]
            raise ScenarioFailed(f"应有一个待办 {value['task']},实有 {len(found)} 个;{expectations.listed(act, case)}")

    def _typed(
        self, act: Act, actor: Actor, form: forms.Form | None, given: Mapping[str, Json], shown: Mapping[str, Json],
        case_id: int | None = None,
    ) -> dict[str, Json]:  # fmt: skip
        """What a browser would send: what the form shows, with the given values over it and the files uploaded."""
        if form is None:
            return dict(given)
        data = deepcopy(dict(shown))
        for name, value in given.items():
            put(data, tuple(name.split(".")), deepcopy(value))
        for component in walk(form.root):
            self._fill(act, actor, component, data, case_id)
        return data

    def _fill(self, act: Act, actor: Actor, component: Component, data: dict[str, Json], case_id: int | None) -> None:
        if not component.path or not component.keyed:
            return
        value, widget = get(data, component.path), component.properties.get("widget")
        if component.type == "filepicker" and isinstance(value, list):
            sent = [one if isinstance(one, dict) else documents.reference(self._upload(act, str(one), case_id)) for one in value]
            put(data, component.path, sent)
        elif widget == "signature" and not value:
            put(data, component.path, f"{actor.name} {act.now.astimezone(act.house.zone):%Y-%m-%d %H:%M}")
        elif widget == "person" and isinstance(value, str) and value.startswith("post:"):
            put(data, component.path, str(self._other(act, actor, value[5:]).id))
        elif widget == "household" and isinstance(value, str) and value and value != "new":
            put(data, component.path, str(households.by_file_no(act, value).id))

    @staticmethod
    def _upload(act: Act, name: str, case_id: int | None) -> Any:
        kind, content = FILES[name.rpartition(".")[2].lower()]
        case_no = act.get(CaseFile, case_id).case_no if case_id is not None else None
        return documents.upload(act, name, kind, content, case_no=case_no)

    def _other(self, act: Act, actor: Actor, post: str) -> Staff:
        office = organisation.office(act, self.scenario.township)
        people = organisation.holders(act, [organisation.audience_of(post, office)])
        others = sorted((person for person in people if person.id != actor.staff_id), key=lambda person: person.login)
        if not others:
            raise ScenarioFailed(f"没有另一名 {post} / there is no other {post}")
        return others[0]

    def _check_refusal(self, refusal: CallerError, value: Mapping[str, Json]) -> None:
        ground = _ground(refusal)
        if ground != value["ground"]:
            raise ScenarioFailed(f"拒绝的理由是 {ground}({refusal}),应为 {value['ground']}")
        if isinstance(refusal, Invalid):
            named = {".".join(str(part) for part in fault.path) for fault in refusal.fields}
            lacking = sorted(set(value.get("fields") or ()) - named)
            if lacking:
                raise ScenarioFailed(f"应指出 {lacking},实际指出 {sorted(named)}")

    def _fingerprint(self) -> Json:
        with self.authority.system_read(region=self.scenario.jurisdiction) as act:
            return [
                [case_id, act.work.variables(act.get(CaseFile, case_id).root_instance_id),
                 sorted((task.id, task.state.value) for task in act.find_all(HumanTask, case_id=case_id) if task.state is TaskState.CLOSED)]
                for case_id in self.case_ids.values()
            ]  # fmt: skip


def _ground(refusal: CallerError) -> str:
    match refusal:
        case Invalid():
            return "invalid"
        case Overtaken():
            return "overtaken"
        case Closed():
            return "closed"
        case Unknown():
            return "unknown"
        case Refused():
            return {"four-eyes": "fourEyes"}.get(refusal.ground, refusal.ground)
        case _:
            return refusal.code


def _actor(act: Act, person: Staff) -> Actor:
    return Actor(person.id, person.name, person.login, act.region)


def _one(found: list[Any], what: str) -> Any:
    if len(found) != 1:
        raise ScenarioFailed(f"{what}: {len(found)} 条记录 / {len(found)} records")
    return found[0]


def _duration(text: str) -> timedelta:
    """An ISO 8601 length in days, hours, minutes and seconds."""
    value = compile_expression(f'duration("{text}")').evaluate({}, now=datetime(2000, 1, 1, tzinfo=UTC)).value
    if not isinstance(value, timedelta):
        raise ScenarioFailed(f"不是时长:{text} / not a duration: {text}")
    return value
