"""What comes in through the Camunda doors and is no human task: programs that work jobs off, send messages, run instances.

Each function asks first whether the caller may (`Scope`), whatever the door asked before, and leaves an entry in the audit of the
case that it moved. Our own job types are never handed out: their effects are the authority's own. Officers see and start here
what they see and start on their pages, by the same gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from casework import administration, catalogue
from casework.act import Act, Capacity
from casework.errors import Refused
from casework.model.cases import CaseFile
from casework.model.people import Scope, Staff
from casework.model.record import EVERYWHERE
from casework.model.records import Document
from casework.people import eligibility, organisation
from casework.persistence import rows
from casework.records import cases, documents, starting
from engine.errors import Closed, InvalidInput, Unknown
from engine.model import (
    Activation,
    Changes,
    Job,
    JobWanted,
    Json,
    MessageWait,
    PublishedMessage,
    TaskAnswer,
    Termination,
    Variables,
)
from engine.runtime.step import InstanceRow
from engine.search import FoundInstance


def must(act: Act, scope: Scope) -> None:
    """Refused unless the caller has the scope: a program what it was given, a person what her posts give her."""
    if act.capacity is Capacity.SYSTEM:
        return
    held = act.scopes if act.program is not None else organisation.scopes_of(act)
    if scope not in held:
        raise Refused("scope", f"您没有此项权限({scope.value})。", f"The scope `{scope.value}` is needed, which you do not have.")


def is_officer(act: Act) -> bool:
    """Whether a person of a district asks, who sees what the gate shows her, and not everything of the region."""
    return act.actor is not None and act.actor.region != EVERYWHERE


# ---- what is seen


def seen(act: Act, instance_id: int, purpose: str) -> tuple[InstanceRow, CaseFile]:
    """An instance and its case, if the caller may see it; the look is noted. Unknown where there is none for the caller."""
    must(act, Scope.READ)
    row = act.work.instance(instance_id)
    case = _case(act, row.root_id)
    if is_officer(act):
        eligibility.check_case(act, case)
    act.note_view(case.id, purpose)
    return row, case


def starters(act: Act, instances: Iterable[FoundInstance]) -> dict[int, str]:
    """Who began the cases of these instances: root instance -> login; those that no officer began are left out."""
    roots: dict[str, set[int]] = {}
    for each in instances:
        roots.setdefault(each.region, set()).add(each.root_id)
    found: dict[int, str] = {}
    for region, ids in roots.items():
        opened = rows.find_all(act.connection, CaseFile, region, root_instance_id=sorted(ids), limit=len(ids))
        begun = {case.root_instance_id: case.started_by for case in opened if case.started_by is not None}
        people = sorted(set(begun.values()))
        officers = rows.find_all(act.connection, Staff, region, id=people, limit=len(people)) if people else []
        logins = {each.id: each.login for each in officers}
        found |= {root: logins[person] for root, person in begun.items() if person in logins}
    return found


def must_read_data(act: Act) -> None:
    """Refused for an officer: she reads what a case holds through the forms of its tasks, which show what her posts may see."""
    if is_officer(act):
        raise Refused("scope", "工作人员只能通过任务的表单查看数据。", "Officers read data through the forms of their tasks.")


# ---- cases as a whole


def start(
    act: Act, process_id: str, variables: Variables, *, business_key: str | None = None, definition_id: int | None = None,
    begin_at: Sequence[str] = (), end_after: Sequence[str] = (),
) -> CaseFile:  # fmt: skip
    """Open a case. An officer does it from the procedure's start form, for which her posts must be meant; a program or an
    administrator gives the variables as they are, to the version that is named (None: the newest).

    `begin_at` and `end_after` (elements) are for trying a diagram out: who may operate may do that.
    """
    must(act, Scope.START)
    if begin_at or end_after:
        must(act, Scope.OPERATE)
    check_names(variables)
    if is_officer(act):
        newest = act.work.find_definition(process_id)
        if definition_id is not None and (newest is None or newest.id != definition_id):
            raise Refused("old-version", "只能按现行版本发起。", "Only the version in force is started from its form.")
        return starting.start(act, process_id, variables, business_key=business_key)
    case = starting.open_case(
        act, process_id, variables, business_key=business_key, definition_id=definition_id, begin_at=begin_at, end_after=end_after
    )
    noted: dict[str, Json] = {"process": process_id, "businessKey": business_key, "fields": sorted(variables)}
    if begin_at or end_after:
        noted |= {"beginAt": list(begin_at), "endAfter": list(end_after)}
    act.record("start", case, after=noted)
    return case


def cancel(act: Act, instance_id: int, *, ground: str | None = None) -> None:
    """End a root instance with everything in it; its case closes as terminated."""
    case = _operated(act, instance_id)
    act.work.cancel_instance(instance_id)
    act.record("cancel-instance", case, ground=ground)


def modify(
    act: Act, instance_id: int, *, activate: Sequence[Activation] = (), terminate: Sequence[Termination] = (), ground: str | None = None
) -> Changes:
    """Begin at elements and take element instances away, all at once."""
    case = _operated(act, instance_id)
    changes = act.work.modify_instance(instance_id, activate=activate, terminate=terminate)
    after: dict[str, Json] = {
        "activate": [each.element_id for each in activate],
        "terminate": [each.element_id or str(each.element_instance_id) for each in terminate],
    }
    act.record("modify-instance", case, after=after, ground=ground)
    return changes


def set_suspended(act: Act, instance_id: int, suspended: bool) -> None:
    """Let a whole tree rest, or go on; nothing happens where it does already."""
    case = _operated(act, instance_id)
    row = act.work.instance(instance_id)
    if row.state.value == ("suspended" if suspended else "active"):
        return
    if suspended:
        act.work.suspend_instance(instance_id)
    else:
        act.work.resume_instance(instance_id)
    act.record("suspend-instance" if suspended else "resume-instance", case)


def set_variables(act: Act, scope_id: int, instance_id: int, values: Variables, *, local: bool = False) -> None:
    """Write variables from a scope of an instance outward, or (`local`) into this very scope."""
    case = _operated(act, instance_id)
    act.work.set_variables(scope_id, values, local=local)
    act.record("set-variables", case, after={"scope": str(scope_id), "names": sorted(values), "local": local})


def _operated(act: Act, instance_id: int) -> CaseFile:
    must(act, Scope.OPERATE)
    return _case(act, act.work.lock(instance_id))


def _case(act: Act, root_id: int) -> CaseFile:
    case = cases.of_instance(act, root_id)
    if case is None:
        raise Unknown("没有这个案件。", "There is no such case.")
    return case


# ---- jobs


def wanted_here(wanted: Iterable[JobWanted]) -> list[JobWanted]:
    """The wishes without those for job types of our own, which nobody outside gets."""
    return [each for each in wanted if not is_own(each.type)]


def is_own(job_type: str) -> bool:
    """Whether a job type is the product's own, also one of a later release."""
    return job_type in catalogue.JOBS or job_type.partition(".")[0] in catalogue.FAMILIES


def has_jobs(act: Act, wanted: Iterable[JobWanted]) -> bool:
    """Whether a worker would get something now; nothing is locked."""
    must(act, Scope.WORK)
    here = wanted_here(wanted)
    return bool(here) and act.work.has_jobs(here)


def lock_jobs(act: Act, wanted: Iterable[JobWanted], limit: int, *, worker: str) -> list[Job]:
    """Take jobs for a worker; they come back when their lock runs out."""
    must(act, Scope.WORK)
    here = wanted_here(wanted)
    return act.work.lock_wanted_jobs(here, limit, worker=worker) if here else []


def lock_job(act: Act, job_id: int, *, worker: str, lock_for: timedelta) -> None:
    """Take this very job."""
    _job_of(act, job_id)
    act.work.lock_one_job(job_id, worker=worker, lock_for=lock_for)


def extend_lock(act: Act, job_id: int, *, worker: str | None, lock_for: timedelta) -> None:
    """Hold a job for so long from now on."""
    _job_of(act, job_id)
    act.work.extend_job_lock(job_id, worker=worker, lock_for=lock_for)


def unlock(act: Act, job_id: int) -> None:
    """Let a job be taken by another at once."""
    _job_of(act, job_id)
    act.work.unlock_job(job_id)


def complete_job(
    act: Act, job_id: int, variables: Variables, *, worker: str | None = None, local: Variables | None = None,
    answer: TaskAnswer | None = None,
) -> None:  # fmt: skip
    """The work is done: the case goes on with its results. `answer`: what the listener of a user task says."""
    case, job_type = _job_of(act, job_id)
    act.work.complete_job(job_id, variables, worker=worker, local=local, answer=answer)
    act.record("complete-job", case, after={"type": job_type, "worker": worker, "fields": sorted(variables)})


def fail_job(
    act: Act, job_id: int, *, message: str, details: str = "", retries: int, back_off: timedelta = timedelta(0),
    worker: str | None = None, variables: Variables | None = None, local: Variables | None = None,
) -> None:  # fmt: skip
    """The work could not be done: again after `back_off` while `retries` are left, else an incident with the words given."""
    case, job_type = _job_of(act, job_id)
    if variables:
        found = act.work.job_place(job_id)
        act.work.set_variables(found.element_instance_id, variables)
    full = f"{message}\n{details}" if details else message
    act.work.fail_job(job_id, retries, message, full, back_off=back_off, worker=worker, variables=local)
    act.record("fail-job", case, after={"type": job_type, "worker": worker, "retries": retries})


def set_retries(act: Act, job_id: int, retries: int) -> None:
    """Give a job so many tries; one that stands still for want of them goes on."""
    case, job_type = _job_of(act, job_id)
    act.work.set_job_retries(job_id, retries)
    act.record("set-retries", case, after={"type": job_type, "retries": retries})


def throw_error(
    act: Act, job_id: int, code: str, message: str = "", variables: Variables | None = None, *, worker: str | None = None
) -> None:
    """The work met an error of the business: the diagram's path for its code."""
    case, job_type = _job_of(act, job_id)
    act.work.throw_error(job_id, code, message, variables, worker=worker)
    act.record("throw-error", case, after={"type": job_type, "worker": worker, "code": code})


def _job_of(act: Act, job_id: int) -> tuple[CaseFile, str]:
    """The case of a job and its type. Closed when the job is gone, Unknown for one of our own."""
    must(act, Scope.WORK)
    place = act.work.job_place(job_id)
    if is_own(place.type):
        raise Unknown(f"没有作业 {job_id}。", f"There is no job {job_id}.")
    return _case(act, place.root_id), place.type


# ---- messages and signals


def publish_message(
    act: Act, name: str, key: str, variables: Variables, *, message_id: str | None = None, time_to_live: timedelta = timedelta(0)
) -> tuple[int, tuple[int, ...], bool]:
    """Give a message to those that wait for it with this key, or keep it: (its id, who took it, whether it was known)."""
    must(act, Scope.OPERATE)
    told = act.work.publish_message(name, key, variables, message_id=message_id, time_to_live=time_to_live)
    _record_message(act, name, told.instance_ids)
    return told.id, told.instance_ids, told.is_duplicate


def correlate_message(act: Act, name: str, key: str, variables: Variables) -> PublishedMessage:
    """Give a message to exactly one that waits for it with this key, or start one instance. Unknown where nobody takes it."""
    must(act, Scope.OPERATE)
    told = act.work.correlate_message(name, key, variables)
    _record_message(act, name, told.instance_ids)
    return told


def message_waits(act: Act, name: str) -> list[MessageWait]:
    """Who waits for a message of this name, the longest first."""
    must(act, Scope.OPERATE)
    return act.work.message_waits(name)


def deliver_message(act: Act, wait: MessageWait, variables: Variables) -> None:
    """Give a message to exactly this one that waits for it."""
    must(act, Scope.OPERATE)
    act.work.deliver_message(wait.id, variables)
    _record_message(act, wait.element_id, (wait.instance_id,))


def start_with_message(
    act: Act, name: str, variables: Variables, *, business_key: str | None = None, process_ids: Iterable[str] | None = None
) -> list[int]:
    """Start an instance of each process that this message starts."""
    must(act, Scope.OPERATE)
    started = act.work.start_with_message(name, variables, business_key=business_key, process_ids=process_ids)
    _record_message(act, name, started)
    return started


def broadcast_signal(act: Act, name: str, variables: Variables) -> int:
    """Tell a signal to all of the region that wait for it, after this act's commit; its id."""
    must(act, Scope.OPERATE)
    signal_id = act.work.broadcast_signal(name, variables)
    act.record("broadcast-signal", f"signal:{name}")
    return signal_id


def _record_message(act: Act, name: str, instance_ids: Iterable[int]) -> None:
    taken = list(instance_ids)
    for instance_id in taken:
        act.record("message", _case(act, act.work.instance(instance_id).root_id), after={"name": name})
    if not taken:
        act.record("message", f"message:{name}", after={"taken": 0})


# ---- what stands still


def resolve_incident(act: Act, incident_id: int) -> None:
    """Try again after a repair; what fails again stands still again. Closed when the incident is gone."""
    must(act, Scope.OPERATE)
    if act.work.incident(incident_id).region != act.region:
        raise Closed(f"故障 {incident_id} 不存在或已解决", f"incident {incident_id} does not exist or is resolved")
    administration.retry(act, incident_id)


def check_names(values: Mapping[str, Json]) -> None:
    """Refuse names of variables that are the engine's own. InvalidInput."""
    for name in values:
        if not name or name.startswith("#") or len(name) > 255:
            raise InvalidInput(f"变量名 {name!r:.60} 不可用。", f"A variable cannot be called {name!r:.60}.")


def document(act: Act, document_id: int) -> tuple[Document, bytes]:
    """A document and its bytes: for an officer by the gate of its case, for a program of its region."""
    must(act, Scope.READ)
    if is_officer(act):
        return documents.download(act, document_id)
    found = act.get(Document, document_id)
    return found, documents.content_of(act, found)
