"""Commands of workers: take jobs, complete them, fail them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from engine.errors import ModelError
from engine.model import BpmnError, Changes, Job, Variables
from engine.persistence import claims, waits
from engine.runtime.execution import Execution
from engine.runtime.token import Token
from engine.work.reads import Reads


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

    def _job(self, row: Any, until: datetime) -> Job:
        root = self._steps.get(row.root_id)
        if root is not None or row.root_id in self._locked:
            variables = self.variables(row.element_instance_id, instance_id=row.instance_id)
        else:
            variables = self._peek(row.instance_id, row.element_instance_id)
        process_id = self.definition(row.definition_id).process_id
        return Job(
            row.id, row.type, row.instance_id, row.root_id, process_id, row.element_id, row.element_instance_id, row.retries,
            row.headers, variables, until, row.priority, row.listener,
        )  # fmt: skip

    def complete_job(self, job_id: int, variables: Variables | None = None) -> Changes:
        """The worker is done. Closed when the job is gone (completed by another, cancelled)."""
        execution, token = self._waiting("job", job_id, "作业", "job")
        self._clear_incident(execution, token)
        execution.complete_job(token, job_id, variables or {})
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
    ) -> Changes | None:
        """The worker could not do it: again after `back_off` while `retries` are left, else an incident."""
        execution, token = self._waiting("job", job_id, "作业", "job")
        waits.fail_job(
            self.connection, self.region, job_id, max(0, retries), self.leased_now + back_off, f"{zh} / {en}"
        )
        for name, value in (variables or {}).items():
            execution.variables.set_local(token.id, name, value)
        if retries > 0 or "incident" in token.notes:
            return self._commit(execution.step.root_id, "fail_job") if variables else None
        execution.fail(token, ModelError("JOB_NO_RETRIES", zh, en), job_id)
        return self._commit(execution.step.root_id, "fail_job")

    def throw_error(self, job_id: int, code: str, message: str = "", variables: Variables | None = None) -> Changes:
        """The worker met an error of the business: the diagram's path for it; nobody catches: an incident at the job."""
        execution, token = self._waiting("job", job_id, "作业", "job")
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
