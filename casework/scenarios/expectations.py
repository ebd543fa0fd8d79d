"""What a scenario expects of a case at a moment: each check gives what is wrong, in words; nothing where all is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from casework.act import Act
from casework.model.cases import CaseFile, CaseLink, CaseState, HumanTask, TaskState
from casework.model.law import ClockState, LegalClock
from casework.model.outgoing import Notification
from casework.model.record import PARKED
from casework.model.records import Letter, Notice, Payment
from casework.people import organisation
from casework.records import archive, ledgers
from casework.records.formjs import get
from engine.model import Json


def _check_open(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    wrong = []
    for row in wanted:
        found = open_tasks(act, case, row["task"], row.get("item"))
        if "post" in row:
            offices = organisation.offices_of_post(act, row["post"], case)
            audiences = {organisation.audience_of(row["post"].partition(":")[0], office) for office in offices}
            found = [task for task in found if audiences & set(task.audiences)]
        if "due" in row:
            found = [task for task in found if task.due_at == datetime.fromisoformat(row["due"])]
        if "dueOn" in row:
            found = [task for task in found if _day(act, task.due_at) == str(row["dueOn"])]
        if not found:
            wrong.append(f"没有待办 {dict(row)};{listed(act, case)}")
    return wrong


def _check_not_open(act: Act, case: CaseFile, wanted: Json) -> list[str]:
    return [f"不应有待办 {element_id}" for element_id in wanted if open_tasks(act, case, element_id, None)]


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
    return [] if sealed == wanted else [f"封卷应为 {wanted},实为 {sealed};{listed(act, case)}"]


CHECKS: Mapping[str, Callable[[Act, CaseFile, Json], list[str]]] = {
    "open": _check_open, "not_open": _check_not_open, "clocks": _check_clocks, "ledgers": _check_ledgers, "letters": _check_letters,
    "notices": _check_notices, "payments": _check_payments, "links": _check_links, "notified": _check_notified,
    "variables": _check_variables, "ended": _check_ended, "archived": _check_archived,
}  # fmt: skip


def open_tasks(act: Act, case: CaseFile, element_id: str, item: Json) -> list[HumanTask]:
    """The open tasks of an element of a case; those whose title holds `item`, where it is given."""
    found = act.find_all(HumanTask, case_id=case.id, element_id=element_id, state=[TaskState.UNCLAIMED, TaskState.CLAIMED])
    return [task for task in found if item is None or str(item) in task.title]


def closed_tasks(act: Act, case: CaseFile, element_id: str, item: Json) -> list[HumanTask]:
    """The tasks of an element of a case that are over."""
    found = act.find_all(HumanTask, case_id=case.id, element_id=element_id, state=TaskState.CLOSED)
    return [task for task in found if item is None or str(item) in task.title]


def listed(act: Act, case: CaseFile) -> str:
    """What is open in a case and what stands still, for a message."""
    open_tasks = act.find_all(HumanTask, case_id=case.id, state=[TaskState.UNCLAIMED, TaskState.CLAIMED])
    shown = [f"{task.element_id}「{task.title}」→{','.join(task.audiences)} {task.due_at.astimezone(act.house.zone):%m-%d %H:%M}" for task in open_tasks]
    return f"待办 {shown};{_waiting(act, case)}"


def _waiting(act: Act, case: CaseFile) -> str:
    incidents = [f"{one.element_id}: {one.kind} {one.zh}" for one in act.work.incidents(limit=100, root_id=case.root_instance_id)]
    return f"故障 {incidents}" if incidents else "无故障"


def _same(what: str, seen: list[Any], wanted: list[Any]) -> list[str]:
    return [] if seen == wanted else [f"{what} 应为 {wanted},实为 {seen}"]


def _day(act: Act, due_at: datetime) -> str:
    """The last day of a limit that ends at 24:00 of that day."""
    return (due_at - timedelta(microseconds=1)).astimezone(act.house.zone).date().isoformat() if due_at < PARKED else "parked"
