"""The door of casework: opens acts, reacts to the engine, and does what follows a commit.

One per process. It builds the engine with everything the engine may know of us, as plain callables. The reaction writes rows only;
what must move a token again goes to the outbox. After an act's commit our own jobs of the cases it moved are done in the same
thread (at most 50 jobs or 2 s, the heartbeat does the rest), then the outbox, then those who listen hear which lists changed.
It holds no rules.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from casework import audit, catalogue, outbox, steps
from casework.act import Act, Actor, Capacity, House, client_name
from casework.desk import assignment, tasks
from casework.errors import Refused
from casework.law import calendar, clocks, policy
from casework.model.outgoing import Outgoing
from casework.model.people import Scope
from casework.model.record import EVERYWHERE
from casework.outbox import Delivery
from casework.people import organisation, relations, signin
from casework.persistence import outgoing as outgoing_rows
from casework.records import cases, starting
from casework.seal import Seal
from engine.clock import Clock, SystemClock
from engine.engine import ProcessEngine
from engine.errors import CallerError, Closed, Unknown
from engine.model import BpmnError, Changes, Job, JobOpened, Json, Starting, TimerOpened, UserTaskOpened
from engine.persistence import Connection, Database
from engine.work import Work

JOBS_AT_ONCE = 50
TIME_AT_ONCE = 2.0
BACK_OFF = timedelta(seconds=10)
WORKER = "casework"
_EARLIEST = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
_log = logging.getLogger(__name__)

Listener = Callable[[frozenset[str]], None]


class Authority:
    """An authority's casework over one database.

    `files` is the folder for documents, `seal` the keys of what is encrypted, `lifetime` and `idle` bound a sign-in;
    `refuses_table_faults` makes what the analysis of decision tables finds a reason not to take an administrator's files.
    """

    def __init__(
        self, database: Database, clock: Clock | None = None, *, seal: Seal, files: Path, fonts: tuple[Path, ...] = (),
        zone: ZoneInfo | None = None, lifetime: timedelta = signin.LIFETIME, idle: timedelta = signin.IDLE,
        lease_clock: Clock | None = None, refuses_table_faults: bool = False,
    ) -> None:  # fmt: skip
        self.database = database
        self.house = House(
            seal=seal, zone=zone or ZoneInfo("Asia/Shanghai"), files=files, fonts=fonts, refuses_table_faults=refuses_table_faults
        )
        self.lifetime = lifetime
        self.idle = idle
        self.engine = ProcessEngine(
            database, clock, functions=calendar.FUNCTIONS, rules=catalogue.RULES, on_start=self._register,
            on_change=self._react, choose_decision=self._edition, environment=self._calendar,
            resource_kinds=catalogue.RESOURCE_KINDS, due_sources=[_OwnJobs(self), _Outbox(self), _Heads(self)],
            regions=outgoing_rows.regions, zone=self.house.zone, lease_clock=lease_clock,
        )  # fmt: skip
        self._lease_clock = lease_clock or SystemClock()
        self._acts: dict[int, Act] = {}
        self._listeners: list[Listener] = []
        self._pending: set[str] = set()
        self._moving = threading.Lock()
        self._telling = threading.Lock()

    # ---- acts

    @contextmanager
    def act(self, actor: Actor, *, region: str | None = None) -> Iterator[Act]:
        """An officer's act: one transaction that commits with its record, or nothing.

        A refusal is recorded in a transaction of its own. `region` other than her own: administrators only.
        """
        region = self._region(actor, region)
        capacity = Capacity.ADMINISTRATOR if actor.region == EVERYWHERE else Capacity.SELF
        with self._recording_refusals(actor, region) as current, self._working(region, actor, capacity) as act:
            current.append(act)
            yield act
        self._follow_up(act)

    @contextmanager
    def system(self, why: str, *, region: str = EVERYWHERE) -> Iterator[Act]:
        """An act of nobody in particular (start-up, outbox, own jobs); recorded as any other. `why` stands in the engine's history."""
        with self._working(region, None, Capacity.SYSTEM, by=why) as act:
            yield act
        self._follow_up(act)

    @contextmanager
    def read(self, actor: Actor, *, region: str | None = None) -> Iterator[Act]:
        """A look: nothing can be written; which cases were seen is logged afterwards."""
        region = self._region(actor, region)
        capacity = Capacity.ADMINISTRATOR if actor.region == EVERYWHERE else Capacity.SELF
        with (
            self._recording_refusals(actor, region) as current,
            self.engine.read(region=region, by=f"staff:{actor.staff_id}") as work,
        ):
            act = Act(work, self.house, actor=actor, capacity=capacity, region=region, reads_only=True)
            current.append(act)
            yield act
        if act.views:
            with self.database.begin() as connection:
                self._log_views(connection, act, self.engine.now(connection))

    @contextmanager
    def system_read(self, *, region: str = EVERYWHERE) -> Iterator[Act]:
        """A look of the system's, for what shows no case."""
        with self.engine.read(region=region, by="system") as work:
            yield Act(work, self.house, actor=None, capacity=Capacity.SYSTEM, region=region, reads_only=True)

    @contextmanager
    def program(self, name: str, scopes: frozenset[Scope], *, region: str) -> Iterator[Act]:
        """An act of another system that is known by name; recorded under it. Whether its scope is enough was asked by the door."""
        with self._working(region, None, Capacity.PROGRAM, by=client_name(name), program=name, scopes=scopes) as act:
            yield act
        self._follow_up(act)

    @contextmanager
    def program_read(self, name: str, scopes: frozenset[Scope], *, region: str) -> Iterator[Act]:
        """A look of another system's."""
        with self.engine.read(region=region, by=client_name(name)) as work:
            yield Act(
                work, self.house, actor=None, capacity=Capacity.PROGRAM, region=region, reads_only=True, program=name,
                scopes=scopes,
            )  # fmt: skip

    # ---- time

    def now(self) -> datetime:
        """The moment by which timers and legal clocks go."""
        with self.database.read() as connection:
            return self.engine.now(connection)

    def run_due(self, now: datetime | None = None) -> int:
        """Do what is due: timers, own jobs, outbox, heads of the audit. The heartbeat's work."""
        done = self.engine.run_due(now)
        self._tell()
        return done

    def advance_to(self, moment: datetime) -> datetime:
        """Move the manual clock; everything due on the way has happened, in order, when this returns."""
        with self._moving:
            reached = self.engine.advance_to(moment)
        self._tell()
        return reached

    def drain(self, region: str, root_id: int, *, until: float | None = None) -> int:
        """Do our own jobs of one case, one transaction each; how many were done."""
        until = until or time.monotonic() + TIME_AT_ONCE
        done = 0
        while done < JOBS_AT_ONCE and time.monotonic() < until and self._do_one_job(region, root_id):
            done += 1
        return done

    # ---- who listens

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each commit, in its thread, with the names of the lists that changed; the answer ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # ---- what the engine calls

    def _register(self, work: Work, root: Starting) -> Mapping[str, Json]:
        act = self._act_of(work)
        act.lists.add("cases")
        return starting.register(act, root)

    def _react(self, work: Work, changes: Changes) -> None:
        """Rows after a command, whoever gave it; one entry as system where no person acts."""
        own = id(work) in self._acts
        act = self._act_of(work)
        case = cases.of_instance(act, changes.root_id)
        if case is None:
            return
        has_jobs = any(isinstance(wait, JobOpened) and wait.type in steps.STEPS for wait in changes.opened)
        act.note_change(changes.root_id, has_jobs=has_jobs)
        for wait in changes.closed:
            if wait.what == "user_task":
                tasks.closed(act, wait)
            elif wait.what == "timer":
                clocks.untie(act, wait.id)
        for refusal in changes.denied:
            tasks.denied(act, refusal)
        for opened in changes.opened:
            match opened:
                case UserTaskOpened():
                    tasks.opened(act, opened, case)
                case TimerOpened():
                    clocks.tie(act, case, opened)
                case _:
                    act.lists.add("incidents")
        for ended in changes.ended:
            cases.ended(act, ended)
        if not own:
            act.record(changes.command, case, after=_summary(changes))
            self._note_lists(act.lists | {"cases"})

    def _edition(self, work: Work, decision_id: str, root_id: int) -> int | None:
        case = cases.of_instance(self._act_of(work), root_id)
        opened_at = case.opened_at if case else work.now
        return policy.edition(self._act_of(work), decision_id, opened_at.astimezone(self.house.zone).date())

    def _calendar(self, work: Work, _root_id: int) -> object:
        return calendar.of_region(self._act_of(work))

    def _act_of(self, work: Work) -> Act:
        """The act that opened this work; a system's where the engine opened it itself (a timer, a message)."""
        known = self._acts.get(id(work))
        return known or Act(work, self.house, actor=None, capacity=Capacity.SYSTEM, region=work.region)

    # ---- inside

    @contextmanager
    def _working(
        self, region: str, actor: Actor | None, capacity: Capacity, *, by: str = "", program: str | None = None,
        scopes: frozenset[Scope] = frozenset(),
    ) -> Iterator[Act]:  # fmt: skip
        with self.engine.work(region=region, by=f"staff:{actor.staff_id}" if actor else by or "system") as work:
            act = Act(
                work, self.house, actor=actor, capacity=capacity, region=region, program=program, scopes=scopes
            )
            self._acts[id(work)] = act
            try:
                yield act
                act.must_be_recorded()
                self._log_views(act.connection, act, act.now)
            finally:
                del self._acts[id(work)]

    @contextmanager
    def _recording_refusals(self, actor: Actor, region: str) -> Iterator[list[Act]]:
        current: list[Act] = []
        try:
            yield current
        except Refused as refused:
            about = current[0].about if current else None
            with self.database.begin() as connection:
                now = self.engine.now(connection)
                day = now.astimezone(self.house.zone).date().isoformat()
                audit.append(
                    connection, self.house.seal, region=region, at=now, actor_id=actor.staff_id, actor=actor.name,
                    chain=audit.case_chain(about) if about else audit.views_chain(actor.staff_id, day), capacity=Capacity.SELF,
                    verb="refused", subject=current[0].about_name if current and about else "act", ground=refused.ground, clause=refused.clause or None,
                )  # fmt: skip
            raise

    def _region(self, actor: Actor, region: str | None) -> str:
        if region is None or region == actor.region:
            return actor.region
        if actor.region != EVERYWHERE:
            raise Unknown("没有这个地区。", "There is no such region.")
        return region

    def _log_views(self, connection: Connection, act: Act, now: datetime) -> None:
        if act.actor is None:
            return
        day = now.astimezone(self.house.zone).date().isoformat()
        for case_id, purpose in dict.fromkeys(act.views):
            audit.append(
                connection, self.house.seal, region=act.region, chain=audit.views_chain(act.actor.staff_id, day), at=now,
                actor_id=act.actor.staff_id, actor=act.actor.name, capacity=act.capacity.value, verb="view",
                subject=f"case:{case_id}", ground=purpose,
            )  # fmt: skip

    def _follow_up(self, act: Act) -> None:
        until = time.monotonic() + TIME_AT_ONCE
        self._note_lists(act.lists | ({"cases", "tasks"} if act.moved else set()))
        for root_id in sorted(act.with_jobs):
            self.drain(act.region, root_id, until=until)
        if act.has_outgoing:
            _Outbox(self).run_until(self.now(), until)
        self._tell()

    def _note_lists(self, lists: set[str]) -> None:
        with self._telling:
            self._pending |= lists

    def _tell(self) -> None:
        with self._telling:
            lists, self._pending = frozenset(self._pending), set()
        if lists:
            for listener in list(self._listeners):
                listener(lists)

    def _do_one_job(self, region: str, root_id: int) -> bool:
        """Take a job and do it in one transaction, the case locked first; False where there is none to do."""
        job: Job | None = None
        try:
            with self._working(region, None, Capacity.SYSTEM, by=WORKER) as act:
                act.work.lock(root_id)
                job = act.work.lock_job(sorted(steps.STEPS), root_id, worker=WORKER)
                if job is None:
                    return False
                act.work.complete_job(job.id, steps.run(act, job))
        except BpmnError as error:
            self._after_failed_job(region, job, error)
        except Unknown:
            if job is None:
                return False
            raise
        except Exception as error:  # noqa: BLE001 - the edge where it becomes a failed job, in the end an incident
            self._after_failed_job(region, job, error)
        else:
            self._note_lists(act.lists)
            for other in sorted(act.with_jobs - {root_id}):
                self.drain(region, other)
        return job is not None

    def _after_failed_job(self, region: str, job: Job | None, error: Exception) -> None:
        """The effects are rolled back; the diagram's path for an error of the business, else another try, else an incident."""
        if job is None:
            raise error
        try:
            with self._working(region, None, Capacity.SYSTEM, by=WORKER) as act:
                act.work.lock(job.root_id)
                case = cases.of_instance(act, job.root_id)
                if isinstance(error, BpmnError):
                    act.work.throw_error(job.id, error.code, error.message, error.variables)
                else:
                    zh, en = (
                        (error.zh, error.en)
                        if isinstance(error, CallerError)
                        else ("步骤执行失败。", "The step failed.")
                    )
                    _log.exception("job %s of type %s failed", job.id, job.type, exc_info=error)
                    back_off = BACK_OFF * 2 ** max(0, 3 - job.retries)
                    act.work.fail_job(job.id, job.retries - 1, zh, f"{en} ({type(error).__name__})", back_off=back_off)
                act.record(
                    "job-failed", case or f"job:{job.id}", after={"type": job.type, "error": type(error).__name__}
                )
        except Closed:
            _log.info("job %s was gone before its failure could be noted", job.id)


class _OwnJobs:
    """Our own jobs as something that is due: those that no act has drained."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def next_due(self, connection: Connection) -> datetime | None:
        return _EARLIEST if self._ready(connection) else None

    def run_due(self, _now: datetime) -> int:
        with self._authority.database.read() as connection:
            ready = self._ready(connection)
        return sum(self._authority.drain(region, root_id) for region, root_id in ready)

    def _ready(self, connection: Connection) -> list[tuple[str, int]]:
        now = self._authority._lease_clock.now()  # noqa: SLF001 - a part of the same door
        return outgoing_rows.ready_roots(connection, sorted(steps.STEPS), now, JOBS_AT_ONCE)


class _Outbox:
    """The outbox as something that is due."""

    AT_ONCE = 200

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def next_due(self, connection: Connection) -> datetime | None:
        return outgoing_rows.next_due(connection)

    def run_due(self, now: datetime) -> int:
        return self.run_until(now, time.monotonic() + 60)

    def run_until(self, now: datetime, until: float) -> int:
        with self._authority.database.read() as connection:
            due = outgoing_rows.due(connection, now, self.AT_ONCE)
        done = 0
        for region, outgoing_id in due:
            if time.monotonic() >= until:
                break
            done += self._deliver(region, outgoing_id)
        return done

    def _deliver(self, region: str, outgoing_id: int) -> bool:
        try:
            with self._authority.system("outbox", region=region) as act:
                return outbox.deliver(act, outgoing_id, DELIVERIES)
        except Exception as error:  # noqa: BLE001 - the edge where it becomes another try
            _log.exception("outbox row %s failed", outgoing_id, exc_info=error)
            with self._authority.system("outbox", region=region) as act:
                outbox.failed(act, outgoing_id, f"{type(error).__name__}: {error}")
            return False


class _Heads:
    """The heads of the audit as something that is due: a minute after the first chain moved."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def next_due(self, connection: Connection) -> datetime | None:
        return audit.next_head_at(connection)

    def run_due(self, now: datetime) -> int:
        with self._authority.database.begin() as connection:
            due = audit.next_head_at(connection)
            if due is None or due > now:
                return 0
            anchored = audit.write_heads(connection, now)
            head = audit.newest_head(connection)
        if head is not None:
            # The log is kept outside the database: a chain written anew is found against it.
            _log.info("audit head %s %s", *head)
        return anchored


def _nobody(act: Act, _outgoing: Outgoing, payload: Json) -> None:
    assignment.nobody(act, int(payload["taskId"]))


def _recheck(act: Act, _outgoing: Outgoing, payload: Json) -> None:
    tasks.recheck(act, int(payload["caseId"]))


def _recheck_staff(act: Act, _outgoing: Outgoing, payload: Json) -> None:
    tasks.recheck_staff(act, int(payload["staffId"]))


def _recount(act: Act, _outgoing: Outgoing, payload: Json) -> None:
    clocks.recompute(act, act.lock_case(int(payload["caseId"])), ground=str(payload["ground"]))


#: What each kind of outbox row does.
DELIVERIES: dict[str, Delivery] = {
    **steps.DELIVERIES, assignment.NOBODY: _nobody, relations.RECHECK: _recheck, organisation.RECHECK: _recheck_staff,
    clocks.RECOUNT: _recount,
}  # fmt: skip


def _summary(changes: Changes) -> dict[str, Json]:
    return {
        "opened": [opened.element_id for opened in changes.opened], "closed": [wait.element_id for wait in changes.closed],
        "ended": [ended.process_id for ended in changes.ended],
    }  # fmt: skip

