"""Two tables: what each job type of ours does, and what each kind of outbox row does. No logic: three to ten lines onto the rooms.

A job's effect and its completion are one transaction, so a job that was killed has either done both or nothing. What a step
returns are the job's result variables. A BpmnError is a path of the diagram; anything else fails the job.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from casework import notify, outbox
from casework.act import Act
from casework.desk import tasks
from casework.law import clocks, policy
from casework.model.cases import CaseFile, HumanTask, TaskState
from casework.model.outgoing import Outgoing
from casework.outbox import Delivery
from casework.records import aid, archive, cases, ledgers, letters, notices, starting
from engine.errors import InvalidInput
from engine.model import Job, Json

Step = Callable[[Act, CaseFile, Job], dict[str, Json]]
MESSAGE = "message.publish"


def run(act: Act, job: Job) -> dict[str, Json]:
    """Do what a job says, within the act, and give its results. InvalidInput for a type that is not ours."""
    step = STEPS.get(job.type)
    if step is None:
        raise InvalidInput(f"没有作业类型 {job.type}。", f"There is no job type {job.type}.")
    case = act.find(CaseFile, root_instance_id=job.root_id)
    if case is None:
        raise InvalidInput("作业不属于任何案件。", "The job belongs to no case.")
    results = step(act, act.lock_case(case.id), job)
    if not act.has_record:  # what the rooms record says more than that a job was done
        act.record("job", case, after={"type": job.type, "element": job.element_id})
    return results


# -- policy and cases --------------------------------------------------------------------------------------------------


def _policy_load(act: Act, case: CaseFile, _job: Job) -> dict[str, Json]:
    act.work.set_variables(case.root_instance_id, {"policy": policy.variable(policy.snapshot(act, case))})
    return {}


def _case_register(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    person = job.variables.get("person") or {}
    line = {"name": person.get("name"), "place": person.get("place"), "text": job.variables.get("text")}
    entry = ledgers.add(act, case, _text(job, "ledger"), line)
    return {"registered": {"entryNo": entry.entry_no}}


def _case_start(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    by_message = not (job.variables.get("process") or job.headers.get("process"))
    wanted = _text(job, "message" if by_message else "process")
    cause = str(job.variables.get("cause") or f"job:{job.id}")
    begins = {**(job.variables.get("data") or {}), **_inherited(act, case)}
    opened = act.find(CaseFile, cause=cause) or (_started_by_message(act, wanted, cause, begins) if by_message else None)
    if opened is None:
        deployed_as = wanted if not by_message and act.work.find_definition(wanted) is not None else starting.LINKED
        opened = starting.open_case(act, deployed_as, begins, cause=cause, job_id=job.id)
    cases.link(act, case, opened, wanted)
    return {"opened": {"caseNo": opened.case_no}}


def _started_by_message(act: Act, name: str, cause: str, begins: dict[str, Json]) -> CaseFile | None:
    """The case of the instance that a start message of this name begins; None where no process waits for it."""
    started = act.work.publish_message(name, cause, begins, message_id=cause).instance_ids
    opened = act.find(CaseFile, root_instance_id=started[0]) if started else None
    return None if opened is None else act.change(opened, cause=cause)


def _inherited(act: Act, case: CaseFile) -> dict[str, Json]:
    """What a case that another one opens takes over: its places and its household."""
    names = ("townshipCode", "villageCode", "household")
    return {
        name: value for name, value in act.work.variables(case.root_instance_id, names).items() if value is not None
    }


def _case_link(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    cases.link(act, case, cases.by_number(act, _text(job, "caseNo")), _text(job, "kind"))
    return {}


def _case_count(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    counter = _text(job, "counter")
    now = act.work.variables(case.root_instance_id, [counter]).get(counter) or 0
    act.work.set_variables(case.root_instance_id, {counter: now + aid.money(job.variables.get("delta"), "delta")})
    return {}


# -- clocks ------------------------------------------------------------------------------------------------------------


def _clock_start(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    code, at = _text(job, "clock"), _moment(act, job.variables.get("startAt"))
    items = job.variables.get("items")
    if items is None:
        return {"started": clocks.record_of(act, clocks.start(act, case, code, at=at))}
    started = [clocks.start(act, case, code, item=str(item["name"]), at=at, publish=False) for item in items]
    return {
        "started": [{**item, "clock": clocks.record_of(act, clock)} for item, clock in zip(items, started, strict=True)]
    }


def _clock_step(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    clock = clocks.start_step(act, case, job.element_id, job.element_instance_id)
    return {"clocks": {**(job.variables.get("clocks") or {}), clocks.STEP: clocks.record_of(act, clock)}}


def _clock_stop(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    at, ground = _moment(act, job.variables.get("at")), job.variables.get("ground")
    clocks.stop(act, case, _text(job, "clock"), item=str(job.variables.get("item") or ""), at=at, ground=ground)
    return {}


def _clock_suspend(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    clocks.suspend(
        act, case, _text(job, "clock"), ground=_text(job, "ground"), item=str(job.variables.get("item") or "")
    )
    return {}


def _clock_resume(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    clocks.resume(act, case, _text(job, "clock"), item=str(job.variables.get("item") or ""))
    return {}


def _clock_extend(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    clocks.extend(
        act,
        case,
        _text(job, "clock"),
        ground=_text(job, "ground"),
        amount=aid.money(job.variables.get("length"), "length"),
    )
    return {}


# -- ledgers, money, letters -------------------------------------------------------------------------------------------


def _ledger_add(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    given = job.variables.get("entries")
    entries = given if given is not None else [job.variables.get("entry") or {}]
    opened_on = job.variables.get("openedOn")
    day = None if opened_on is None else aid.day_of(act, opened_on, "openedOn")
    code = _text(job, "ledger")
    added = [ledgers.add(act, case, code, entry, item=str(entry.get("name") or ""), opened_on=day) for entry in entries]
    return {"entryNos": [entry.entry_no for entry in added]}


def _ledger_flag(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    ledgers.flag(act, case, _text(job, "ledger"), item=job.variables.get("item"), ground=job.variables.get("ground"))
    return {}


def _ledger_close(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    ledgers.strike(act, case, _text(job, "ledger"), item=job.variables.get("item"), ground=job.variables.get("ground"))
    return {}


def _ledger_count(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    return {"count": ledgers.count(act, case.office_id, _text(job, "ledger"), _text(job, "state"))}


def _pay_now(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    values = job.variables
    payment = aid.pay_now(
        act, case, job_id=job.id, payee=str(values.get("payee") or ""), amount=aid.money(values.get("amount"), "amount"),
        way=str(values.get("way") or ""), part=values.get("part") is True,
    )  # fmt: skip
    return {"payment": {"paymentId": str(payment.id), "receipt": payment.receipt}}


def _aid_register(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    values = job.variables
    registered = aid.register(
        act, case, kind=_text(job, "kind"), grade=values.get("class"), amount=aid.money(values.get("amount"), "amount"),
        from_on=aid.day_of(act, values.get("from"), "from"),
    )  # fmt: skip
    return {"aid": {"aidId": str(registered.id)}}


def _letter_issue(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    letter = letters.issue(act, case, _text(job, "letter"), job.variables.get("data") or {})
    return {"letter": {"letterNo": letter.letter_no, "documentId": None}}


def _notice_post(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    notice = notices.post(act, case, _text(job, "notice"), job.variables.get("data") or {})
    return {"notice": {"noticeNo": notice.notice_no, "documentId": None}}


def _notify(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    posts = [str(post) for post in job.variables.get("posts") or ()]
    notify.notify(act, case, _text(job, "text"), _text(job, "channel"), posts, job.variables.get("data") or {})
    return {}


# -- archive, tasks, messages ------------------------------------------------------------------------------------------


def _archive_file(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    record_class = str(job.variables.get("recordClass") or "")
    if _text(job, "step") == "collect":
        items = archive.collect(act, case, record_class)
        return {"required": [{"item": item.item, "post": item.post, "kind": item.kind} for item in items]}
    excused = [str(one) for one in job.variables.get("excused") or ()]
    return {"missing": [one.as_variable() for one in archive.missing(act, case, record_class, excused)]}


def _archive_seal(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    values = job.variables
    sealed = archive.seal(
        act, case, file_no=_text(job, "fileNo"), record_class=_text(job, "recordClass"), place=str(values.get("place") or ""),
        pieces=int(aid.money(values.get("pieces"), "pieces")), secrecy=values.get("secrecy"), retention=values.get("retention") or {},
    )  # fmt: skip
    return {"archived": {"fileNo": sealed.file_no, "digest": sealed.digest}}


def _task_assign(act: Act, case: CaseFile, job: Job) -> dict[str, Json]:
    task_id, staff_id = job.variables.get("taskId"), int(_text(job, "person"))
    open_tasks = [TaskState.UNCLAIMED, TaskState.CLAIMED]
    chosen = [int(task_id)] if task_id is not None else [
        task.id for task in act.find_all(HumanTask, case_id=case.id, clock_ref=f"{_text(job, 'clock')}|", state=open_tasks)
    ]  # fmt: skip
    for one in chosen:
        tasks.appoint(act, one, staff_id, ground=str(job.variables.get("ground") or job.element_id))
    return {}


def _message_publish(act: Act, _case: CaseFile, job: Job) -> dict[str, Json]:
    payload = {"name": _text(job, "name"), "key": _text(job, "key"), "variables": job.variables.get("variables") or {}}
    outbox.put(act, MESSAGE, {**payload, "id": f"job:{job.id}"}, case_id=None, cause=f"message:{job.id}")
    return {}


STEPS: Mapping[str, Step] = {
    "policy.load": _policy_load,
    "case.register": _case_register,
    "case.start": _case_start,
    "case.link": _case_link,
    "case.count": _case_count,
    "clock.start": _clock_start,
    "clock.step": _clock_step,
    "clock.stop": _clock_stop,
    "clock.suspend": _clock_suspend,
    "clock.resume": _clock_resume,
    "clock.extend": _clock_extend,
    "ledger.add": _ledger_add,
    "ledger.flag": _ledger_flag,
    "ledger.close": _ledger_close,
    "ledger.count": _ledger_count,
    "payment.payNow": _pay_now,
    "aid.register": _aid_register,
    "letter.issue": _letter_issue,
    "notice.post": _notice_post,
    "notify": _notify,
    "archive.file": _archive_file,
    "archive.seal": _archive_seal,
    "task.assign": _task_assign,
    "message.publish": _message_publish,
}


# -- the outbox --------------------------------------------------------------------------------------------------------


def _draw_letter(act: Act, _outgoing: Outgoing, payload: Json) -> None:
    letters.draw(act, payload["letterId"])


def _draw_notice(act: Act, _outgoing: Outgoing, payload: Json) -> None:
    notices.draw(act, payload["noticeId"])


def _send_message(act: Act, outgoing: Outgoing, payload: Json) -> None:
    act.work.publish_message(payload["name"], payload["key"], payload["variables"], message_id=payload["id"])
    act.record("publish-message", f"message:{payload['name']}", after={"key": payload["key"], "outgoing": outgoing.id})


DELIVERIES: Mapping[str, Delivery] = {
    letters.DRAW: _draw_letter,
    notices.DRAW: _draw_notice,
    MESSAGE: _send_message,
}


# -- helpers -----------------------------------------------------------------------------------------------------------


def _text(job: Job, name: str) -> str:
    """A word of a job, from its headers (the designer's choice) or its inputs; InvalidInput where neither has it."""
    found: Any = job.headers.get(name) or job.variables.get(name)
    if isinstance(found, int | Decimal) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or not found:
        raise InvalidInput(f"作业 {job.type} 缺少 {name}。", f"The job {job.type} lacks {name}.")
    return found


def _moment(act: Act, value: Json) -> datetime | None:
    """A moment that a diagram gives; without an offset it is the office's wall clock. None stays None."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as wrong:
        raise InvalidInput(f"不是时刻:{value}", f"Not a moment: {value}") from wrong
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=act.house.zone)
