"""The one runner of scenario files: for tests, the check before a deployment, and an administrator's trial.

A scenario (docs/scenarios.md) is an invented case, walked by people of the demo authority through the same functions as a
browser's, with a clock that is moved. This module reads and runs; which scenarios there are, and on which database they run, is
its caller's affair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework import deployed
from casework.act import Act, Actor
from casework.deployed import BadTable
from casework.desk import tasks
from casework.errors import Closed, Invalid, Overtaken, Refused, Unknown
from casework.law import calendar
from casework.model import (
    PARKED,
    CaseFile,
    CaseLink,
    CaseState,
    ClockState,
    HumanTask,
    LegalClock,
    Letter,
    Notice,
    Notification,
    OfficeKind,
    Payment,
    Person,
    Staff,
    TaskState,
)  # fmt: skip
from casework.people import eligibility, organisation, relations
from casework.records import archive, documents, forms, households, ledgers, operations, starting
from casework.records.formjs import Component, get, put, walk
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
GROUNDS = frozenset({"unknown", "fourEyes", "relation", "overtaken", "closed", "invalid"})

_KEYS: Mapping[str, frozenset[str]] = {
    "file": frozenset({"process", "forms", "parts", "scenarios"}),
    "scenario": frozenset({"name", "title", "clauses", "given", "steps"}),
    "given": frozenset({"jurisdiction", "township", "village", "clock", "relations"}),
    "start": frozenset({"as", "form", "process", "case"}),
    "claim": frozenset({"task", "as", "item", "case"}),
    "complete": frozenset({"task", "as", "form", "item", "case"}),
    "operate": frozenset({"name", "as", "form", "case"}),
    "message": frozenset({"name", "key", "variables", "case"}),
    "ledger": frozenset({"add", "entry", "case"}),
    "relation": frozenset({"staff", "type", "declaredBy", "case", "household", "person"}),
    "refused": frozenset({"start", "claim", "complete", "operate", "ground", "fields"}),
    "expect": frozenset({
        "open", "not_open", "clocks", "ledgers", "letters", "notices", "payments", "links", "notified", "variables", "ended", "archived",
        "case",
    }),
    "open": frozenset({"task", "post", "item", "due", "dueOn"}),
    "clock": frozenset({"state", "dueAt", "dueOn", "count"}),
    "ledger line": frozenset({"open", "red"}),
    "notified": frozenset({"text", "post"}),
}  # fmt: skip
_SCALARS = frozenset({"advance_to", "advance", "use"})
_MAPS = frozenset({"start", "claim", "complete", "operate", "message", "ledger", "relation", "refused", "expect"})


class ScenarioFailed(AssertionError):
    """A step could not be done, or something was not as it should be; says which scenario and step."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: who, where and when it begins, and its steps, each (word, value)."""

    name: str
    title: str
    clauses: tuple[str, ...]
    jurisdiction: str
    township: str
    village: str
    clock: datetime
    relations: tuple[Mapping[str, Json], ...]
    steps: tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The scenarios of one file with the process that they start and the stretches that they share."""

    process: str
    scenarios: tuple[Scenario, ...]
    parts: Mapping[str, tuple[tuple[str, Json], ...]]


# -- reading -----------------------------------------------------------------------------------------------------------


def read(content: bytes) -> ScenarioFile:
    """A scenario file. BadTable for a key that is not known, at any level: a misspelt expectation must not pass unseen."""
    tree = deployed.load(content)
    _only("file", tree, "file")
    parts = {str(name): _steps(steps, str(name)) for name, steps in (tree.get("parts") or {}).items()}
    scenarios = tuple(_scenario(row) for row in deployed.rows(tree, "scenarios"))
    names = [one.name for one in scenarios]
    if not names or len(set(names)) != len(names):
        raise BadTable("场景名称必须唯一,且至少一个。", "There must be scenarios, each with a name of its own.")
    found = ScenarioFile(deployed.text(tree, "process"), scenarios, parts)
    for one in scenarios:
        _check_uses(one.name, one.steps, found.parts)
    return found


def _scenario(row: Mapping[str, Json]) -> Scenario:
    _only("scenario", row, str(row.get("name")))
    given = row.get("given") or {}
    _only("given", given, f"{row.get('name')}.given")
    clock = datetime.fromisoformat(deployed.text(given, "clock"))
    if clock.tzinfo is None:
        raise BadTable(f"{row.get('name')}: 时刻须带时差。", f"{row.get('name')}: a moment needs its offset.")
    return Scenario(
        name=deployed.text(row, "name"), title=deployed.text(row, "title"), clauses=tuple(row.get("clauses") or ()),
        jurisdiction=deployed.text(given, "jurisdiction"), township=deployed.text(given, "township"),
        village=deployed.text(given, "village"), clock=clock, relations=tuple(given.get("relations") or ()),
        steps=_steps(row.get("steps"), str(row.get("name"))),
    )  # fmt: skip


def _steps(listed: Json, where: str) -> tuple[tuple[str, Json], ...]:
    if not isinstance(listed, list) or not listed:
        raise BadTable(f"{where}: 没有步骤。", f"{where}: there are no steps.")
    found = []
    for number, step in enumerate(listed, 1):
        place = f"{where}[{number}]"
        if not isinstance(step, dict) or len(step) != 1 or not set(step) <= _SCALARS | _MAPS:
            raise BadTable(f"{place}: 每一步只写一个词:{step}", f"{place}: a step has exactly one known word: {step}")
        ((word, value),) = step.items()
        if word in _MAPS:
            _check_step(word, value, place)
        found.append((word, value))
    return tuple(found)


def _check_step(word: str, value: Json, place: str) -> None:
    _only(word, value, place)
    if word == "refused":
        acts = [name for name in ("start", "claim", "complete", "operate") if name in value]
        if len(acts) != 1 or value.get("ground") not in GROUNDS:
            raise BadTable(f"{place}: refused 须有一个动作和已知的理由。", f"{place}: refused needs one act and a known ground.")
        _only(acts[0], value[acts[0]], place)
    if word == "expect":
        for name, inner in (("open", "open"), ("notified", "notified")):
            for row in value.get(name) or ():
                _only(inner, row, f"{place}.{name}")
        for name, inner in (("clocks", "clock"), ("ledgers", "ledger line")):
            for row in (value.get(name) or {}).values():
                _only(inner, row, f"{place}.{name}")


def _check_uses(where: str, steps: tuple[tuple[str, Json], ...], parts: Mapping[str, Any]) -> None:
    for word, value in steps:
        if word == "use" and value not in parts:
            raise BadTable(f"{where}: 没有片段 {value}。", f"{where}: there is no part {value}.")


def _only(kind: str, value: Json, where: str) -> None:
    if not isinstance(value, dict):
        raise BadTable(f"{where}: 应为键值表。", f"{where}: should be a map.")
    unknown = sorted(str(key) for key in value.keys() - _KEYS[kind])
    if unknown:
        raise BadTable(f"{where}: 不认识的键 {unknown}", f"{where}: unknown keys {unknown}")


# -- running -----------------------------------------------------------------------------------------------------------


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
            wrong = [found for name, wanted in value.items() if name != "case" for found in _EXPECTATIONS[name](act, case, wanted)]
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
            found = _open(act, case, str(value["task"]), value.get("item"))
            if len(found) == 1:
                return found[0]
            if not found and (done := _closed(act, case, str(value["task"]), value.get("item"))):
                return done[-1]
            raise ScenarioFailed(f"应有一个待办 {value['task']},实有 {len(found)} 个;{_listed(act, case)}")

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


# -- what must be seen -------------------------------------------------------------------------------------------------


def _check_open(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    wrong = []
    for row in wanted:
        found = _open(act, case, row["task"], row.get("item"))
        if "post" in row:
            offices = organisation.offices_of_post(act, row["post"], case)
            audiences = {organisation.audience_of(row["post"].partition(":")[0], office) for office in offices}
            found = [task for task in found if audiences & set(task.audiences)]
        if "due" in row:
            found = [task for task in found if task.due_at == datetime.fromisoformat(row["due"])]
        if "dueOn" in row:
            found = [task for task in found if _day(act, task.due_at) == str(row["dueOn"])]
        if not found:
            wrong.append(f"没有待办 {dict(row)};{_listed(act, case)}")
    return wrong


def _check_not_open(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    return [f"不应有待办 {element_id}" for element_id in wanted if _open(act, case, element_id, None)]


def _check_clocks(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    wrong = []
    for code, row in wanted.items():
        every = act.find_all(LegalClock, case_id=case.id, code=code)
        fitting = [clock for clock in every if "state" not in row or clock.state is ClockState(row["state"])]
        off = [
            clock for clock in fitting
            if ("dueAt" in row and clock.due_at != datetime.fromisoformat(row["dueAt"]))
            or ("dueOn" in row and _day(act, clock.due_at) != str(row["dueOn"]))
        ]  # fmt: skip
        count = row.get("count")
        enough = len(fitting) == count if count is not None else len(fitting) >= 1
        if not enough or off:
            seen = [f"{one.item}:{one.state.value}:{one.due_at.astimezone(act.house.zone).isoformat()}" for one in every]
            wrong.append(f"时限 {code} 应为 {dict(row)},实为 {seen}")
    return wrong


def _check_ledgers(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    wrong = []
    for code, row in wanted.items():
        open_entries = ledgers.open_items(act, case.id, code)
        seen = {"open": len(open_entries), "red": sum(entry.flagged for entry in open_entries)}
        wrong += [f"台账 {code} {name} 应为 {number},实为 {seen[name]}" for name, number in row.items() if seen[name] != number]
    return wrong


def _check_letters(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    return _same("文书", [one.kind for one in act.find_all(Letter, case_id=case.id)], wanted)


def _check_notices(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    return _same("公示", [one.kind for one in act.find_all(Notice, case_id=case.id)], wanted)


def _check_payments(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    return _same("支付", [one.amount for one in act.find_all(Payment, case_id=case.id)], [Decimal(one) for one in wanted])


def _check_links(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    links = act.find_all(CaseLink, from_case_id=case.id)
    seen = {one.kind for one in links} | {act.get(CaseFile, one.to_case_id).process_id for one in links}
    return [f"没有关联案件 {name},只有 {sorted(seen)}" for name in wanted if name not in seen]


def _check_notified(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    sent = {(one.text_id, one.audience.partition("@")[0]) for one in act.find_all(Notification, case_id=case.id)}
    return [f"没有通知 {dict(row)},只有 {sorted(sent)}" for row in wanted if (row["text"], row["post"]) not in sent]


def _check_variables(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    variables = act.work.variables(case.root_instance_id)
    wrong = []
    for name, value in wanted.items():
        seen = get(variables, tuple(name.split(".")))
        if seen != value:
            wrong.append(f"变量 {name} 应为 {value!r},实为 {seen!r}")
    return wrong


def _check_ended(_act: Act, case: CaseFile, wanted: Json) -> list[str]:
    seen = case.outcome if case.state is CaseState.CLOSED else False
    return [] if seen == wanted else [f"结局应为 {wanted},实为 {seen}(案件 {case.state.value}, {_waiting(_act, case)})"]


def _check_archived(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    sealed = any(one.sealed_at is not None for one in archive.of_case(act, case.id))
    return [] if sealed == wanted else [f"封卷应为 {wanted},实为 {sealed};{_listed(act, case)}"]


_EXPECTATIONS: Mapping[str, Callable[[Act, CaseFile, Json], list[str]]] = {
    "open": _check_open, "not_open": _check_not_open, "clocks": _check_clocks, "ledgers": _check_ledgers, "letters": _check_letters,
    "notices": _check_notices, "payments": _check_payments, "links": _check_links, "notified": _check_notified,
    "variables": _check_variables, "ended": _check_ended, "archived": _check_archived,
}  # fmt: skip


# -- helpers -----------------------------------------------------------------------------------------------------------


def _open(act: Act, case: CaseFile, element_id: str, item: Json) -> list[HumanTask]:
    found = act.find_all(HumanTask, case_id=case.id, element_id=element_id, state=[TaskState.UNCLAIMED, TaskState.CLAIMED])
    return [task for task in found if item is None or str(item) in task.title]


def _closed(act: Act, case: CaseFile, element_id: str, item: Json) -> list[HumanTask]:
    found = act.find_all(HumanTask, case_id=case.id, element_id=element_id, state=TaskState.CLOSED)
    return [task for task in found if item is None or str(item) in task.title]


def _listed(act: Act, case: CaseFile) -> str:
    open_tasks = act.find_all(HumanTask, case_id=case.id, state=[TaskState.UNCLAIMED, TaskState.CLAIMED])
    shown = [f"{task.element_id}「{task.title}」→{','.join(task.audiences)} {task.due_at.astimezone(act.house.zone):%m-%d %H:%M}" for task in open_tasks]
    return f"待办 {shown};{_waiting(act, case)}"


def _waiting(act: Act, case: CaseFile) -> str:
    incidents = [f"{one.element_id}: {one.kind} {one.zh}" for one in act.work.incidents(limit=100) if one.root_id == case.root_instance_id]
    return f"故障 {incidents}" if incidents else "无故障"


def _same(what: str, seen: list[Any], wanted: list[Any]) -> list[str]:
    return [] if seen == wanted else [f"{what} 应为 {wanted},实为 {seen}"]


def _day(act: Act, due_at: datetime) -> str:
    """The last day of a limit that ends at 24:00 of that day."""
    return (due_at - timedelta(microseconds=1)).astimezone(act.house.zone).date().isoformat() if due_at < PARKED else "parked"


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
