"""Commands of workers: take jobs, complete them, fail them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from engine.errors import ModelError, Overtaken, Suspended
from engine.model import BpmnError, Changes, InstanceState, Job, JobPlace, JobWanted, TaskAnswer, Variables
from engine.persistence import claims, waits
from engine.runtime.execution import Execution
from engine.runtime.token import Token
from engine.runtime.waiting import RESULTS
from engine.timers import PARKED
from engine.work.reads import Reads
from engine.work.unit import closed


class JobCommands(Reads):
    """A job is locked for a worker, then completed, failed, or ended by an error of the business."""

    def lock_jobs(
        self, types: Sequence[str], limit: int, *, worker: str = "yimen", lock_for: timedelta = timedelta(minutes=5),
        root_instance_id: int | None = None,
    ) -> list[Job]:  # fmt: skip
        """Take up to `limit` jobs for a worker; they come back when the lock runs out."""
        until = self.leased_now + lock_for
        rows = claims.lock_jobs(self.connection, types, now=self.leased_now, worker=worker, until=until, limit=limit,
                                region=self.region, root_id=root_instance_id)  # fmt: skip
        return [self._job(row, until) for row in rows]

    def lock_job(
        self, types: Sequence[str], root_instance_id: int | None = None, *, worker: str = "yimen",
        lock_for: timedelta = timedelta(minutes=5),
    ) -> Job | None:  # fmt: skip
        jobs = self.lock_jobs(types, 1, worker=worker, lock_for=lock_for, root_instance_id=root_instance_id)
        return jobs[0] if jobs else None

    def has_jobs(self, wanted: Sequence[JobWanted]) -> bool:
        """Whether a worker would get something now. A look: nothing is locked."""
        return claims.has_jobs(self.connection, wanted, now=self.leased_now, region=self.region)

    def lock_wanted_jobs(self, wanted: Sequence[JobWanted], limit: int, *, worker: str) -> list[Job]:
        """Take up to `limit` jobs of any of the wishes, those of a higher priority first, each for as long as its wish says."""
        found = claims.lock_wanted(
            self.connection, wanted, now=self.leased_now, worker=worker, limit=limit, region=self.region
        )
        return [self._job(row, self.leased_now + wish.lock_for, wish.names) for row, wish in found]

    def lock_one_job(self, job_id: int, *, worker: str, lock_for: timedelta) -> None:
        """Take this very job; one that the worker has already is held anew.

        Closed when it is gone, Overtaken while another worker has it, Suspended while its instance rests.
        """
        row = self._claimed_job(job_id)
        if row.locked_by != worker and row.locked_until is not None and row.locked_until > self.leased_now:
            raise Overtaken(f"作业 {job_id} 由 {row.locked_by} 锁定", f"job {job_id} is locked by {row.locked_by}")
        claims.hold_job(self.connection, self.region, job_id, worker=worker, until=self.leased_now + lock_for)

    def extend_job_lock(self, job_id: int, *, worker: str | None, lock_for: timedelta) -> None:
        """Hold a job for so long from now on. `worker`: who must have it (None: whoever has it).

        Closed when it is gone, Overtaken when the lock is another's or has run out, Suspended while its instance rests.
        """
        row = self._claimed_job(job_id)
        self._check_holder(row, worker)
        if row.locked_by is None or row.locked_until is None or row.locked_until <= self.leased_now:
            raise Overtaken(f"作业 {job_id} 的锁定已到期", f"the lock of job {job_id} has run out")
        claims.hold_job(self.connection, self.region, job_id, worker=row.locked_by, until=self.leased_now + lock_for)

    def unlock_job(self, job_id: int) -> None:
        """Let a job be taken by another worker at once. Closed when it is gone, Suspended while its instance rests."""
        self._claimed_job(job_id)
        claims.release_job(self.connection, self.region, job_id, self.leased_now)

    def job_place(self, job_id: int) -> JobPlace:
        """Where an open job stands. Closed when it is gone."""
        row = waits.find(self.connection, "job", self.region, job_id)
        if row is None:
            raise closed("作业", "job", job_id)
        return JobPlace(row.id, row.type, row.instance_id, row.root_id, row.element_id, row.element_instance_id)

    def _claimed_job(self, job_id: int) -> Any:
        row = claims.claim_job(self.connection, self.region, job_id)
        if row is None:
            raise closed("作业", "job", job_id)
        if row.available_at >= PARKED:
            raise Suspended("流程实例已中止,恢复后才能继续办理", "the process instance is suspended; resume it first")
        return row

    @staticmethod
    def _check_holder(row: Any, worker: str | None) -> None:
        if worker is not None and row.locked_by != worker:
            raise Overtaken(
                f"作业 {row.id} 由 {row.locked_by or '无人'} 锁定,不是 {worker}",
                f"job {row.id} is locked by {row.locked_by or 'nobody'}, not by {worker}",
            )

    def _taken(self, job_id: int, worker: str | None) -> tuple[Execution, Token]:
        """Where a job waits, its tree locked; Overtaken when the named worker does not have it (any more)."""
        execution, token = self._waiting("job", job_id, "作业", "job")
        if worker is not None:
            self._check_holder(self._claimed_job(job_id), worker)
        return execution, token

    def _job(self, row: Any, until: datetime, names: Sequence[str] | None = None) -> Job:
        root = self._steps.get(row.root_id)
        if root is not None or row.root_id in self._locked:
            variables = self.variables(row.element_instance_id, names, instance_id=row.instance_id)
        else:
            variables = self._peek(row.instance_id, row.element_instance_id, None if names is None else set(names))
        if row.listener == "completing":
            typed = next(iter(self.fetch(row.instance_id)([RESULTS], [row.element_instance_id])), None)
            chosen = {} if typed is None else typed[2]
            variables = {**variables, **{name: chosen[name] for name in chosen if names is None or name in names}}
        process_id = self.definition(row.definition_id).process_id
        return Job(
            row.id, row.type, row.instance_id, row.root_id, process_id, row.element_id, row.element_instance_id, row.retries,
            row.headers, variables, until, row.priority, row.listener, row.definition_id, row.message, row.created_at,
        )  # fmt: skip

    def complete_job(
        self, job_id: int, variables: Variables | None = None, *, worker: str | None = None, local: Variables | None = None,
        answer: TaskAnswer | None = None,
    ) -> Changes:  # fmt: skip
        """The worker is done. Closed when the job is gone (completed by another, cancelled).

        `worker`: who must have it, else Overtaken. `local` variables are the element's own, for its output mappings. `answer`:
        what the listener of a user task says; InvalidInput from any other job, and with variables.
        """
        execution, token = self._taken(job_id, worker)
        self._clear_incident(execution, token)
        for name, value in (local or {}).items():
            execution.variables.set_local(token.id, name, value)
        execution.complete_job(token, job_id, variables or {}, answer)
        return self._commit(execution.step.root_id, "complete_job")

    def fail_job(
        self,
        job_id: int,
        retries: int,
        zh: str,
        en: str,
        *,
        back_off: timedelta = timedelta(0),
        variables: Variables | None = None,
        worker: str | None = None,
    ) -> Changes | None:
        """The worker could not do it: again after `back_off` while `retries` are left, else an incident.

        `worker`: who must have it, else Overtaken. `variables` are the element's own.
        """
        execution, token = self._taken(job_id, worker)
        message = zh if zh == en else f"{zh} / {en}"
        waits.fail_job(self.connection, self.region, job_id, max(0, retries), self.leased_now + back_off, message)
        for name, value in (variables or {}).items():
            execution.variables.set_local(token.id, name, value)
        if retries > 0 or "incident" in token.notes:
            return self._commit(execution.step.root_id, "fail_job") if variables else None
        execution.fail(token, ModelError("JOB_NO_RETRIES", zh, en), job_id)
        return self._commit(execution.step.root_id, "fail_job")

    def set_job_retries(self, job_id: int, retries: int) -> Changes | None:
        """Give a job so many tries; one that stands still for want of them goes on. Closed when it is gone."""
        execution, token = self._waiting("job", job_id, "作业", "job", suspended=True)
        waits.set_retries(self.connection, self.region, job_id, max(0, retries))
        if retries <= 0 or "incident" not in token.notes or execution.state is InstanceState.SUSPENDED:
            return None
        execution.retry(token)
        return self._commit(execution.step.root_id, "set_job_retries")

    def throw_error(
        self, job_id: int, code: str, message: str = "", variables: Variables | None = None, *, worker: str | None = None
    ) -> Changes:
        """The worker met an error of the business: the diagram's path for it; nobody catches: an incident at the job.

        `worker`: who must have the job, else Overtaken.
        """
        execution, token = self._taken(job_id, worker)
        self._clear_incident(execution, token)
        try:
            execution.throw_error(token, BpmnError(code, message, variables))
        except ModelError as error:
            waits.fail_job(self.connection, self.region, job_id, 0, self.leased_now, error.zh)
            execution.fail(token, error, job_id)
        return self._commit(execution.step.root_id, "throw_error")

    @staticmethod
    def _clear_incident(execution: Execution, token: Token) -> None:
        if "incident" in token.notes:
            execution.retry(token)
