# ruff: noqa: A002 - `type` is the word of BPMN for what a worker takes
"""A laboratory for one engine: short words for what tests do; every command is a transaction and reloads the instance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from engine.clock import ManualClock
from engine.engine import ProcessEngine
from engine.model import Changes, Deployment, IncidentOpened, Job, JobOpened, Resource, TimerOpened, UserTaskOpened
from engine.persistence import Database
from tests.engine.diagrams import Body, resource

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REGION = "JA"


class Lab:
    def __init__(self, url: str, **options: Any) -> None:
        self.database = Database(url)
        self.clock = ManualClock(START)
        self.lease_clock = ManualClock(START)
        self.changes: list[Changes] = []
        self.is_damaged = False
        options.setdefault("on_change", lambda _work, changes: self.changes.append(changes))
        self.engine = ProcessEngine(self.database, self.clock, lease_clock=self.lease_clock, **options)

    def work(self) -> Any:
        return self.engine.work(region=REGION, by="tester")

    def read(self) -> Any:
        return self.engine.read(region=REGION)

    def deploy(self, *things: Body | Resource) -> Deployment:
        files = [resource(thing) if isinstance(thing, Body) else thing for thing in things]
        with self.work() as work:
            return work.deploy(files)

    def start(self, process_id: str = "p", **variables: Any) -> int:
        with self.work() as work:
            return work.start_instance(process_id, variables)

    def run(self, *things: Body | Resource, **variables: Any) -> int:
        self.deploy(*things)
        return self.start(**variables)

    def waits(self, instance_id: int) -> list[Any]:
        with self.read() as work:
            return work.open_waits(instance_id)

    def open(self, instance_id: int) -> list[str]:
        """Where the instance stands: the elements of its open waits, sorted; those of incidents with a `!`."""
        return sorted(
            wait.element_id + ("!" if isinstance(wait, IncidentOpened) else "") for wait in self.waits(instance_id)
        )

    def tasks(self, instance_id: int) -> list[str]:
        return sorted(wait.element_id for wait in self.waits(instance_id) if isinstance(wait, UserTaskOpened))

    def task(self, instance_id: int, element_id: str) -> UserTaskOpened:
        found = [w for w in self.waits(instance_id) if isinstance(w, UserTaskOpened) and w.element_id == element_id]
        assert found, f"no task {element_id}; open: {self.open(instance_id)}"
        return found[0]

    def complete(self, instance_id: int, element_id: str, **variables: Any) -> Changes:
        task = self.task(instance_id, element_id)
        with self.work() as work:
            return work.complete_user_task(task.id, variables)

    def job(self, type: str) -> Job:
        with self.work() as work:
            job = work.lock_job([type])
        assert job is not None, f"no job of type {type}"
        return job

    def done(self, type: str, **variables: Any) -> Changes:
        job = self.job(type)
        with self.work() as work:
            return work.complete_job(job.id, variables)

    def fail(self, type: str, retries: int, back_off: timedelta = timedelta(0)) -> Any:
        job = self.job(type)
        with self.work() as work:
            return work.fail_job(job.id, retries, "坏了", "broken", back_off=back_off)

    def throw(self, type: str, code: str, **variables: Any) -> Changes:
        job = self.job(type)
        with self.work() as work:
            return work.throw_error(job.id, code, "", variables)

    def jobs(self, instance_id: int) -> list[str]:
        return sorted(wait.type for wait in self.waits(instance_id) if isinstance(wait, JobOpened))

    def timers(self, instance_id: int) -> dict[str, datetime]:
        return {wait.element_id: wait.due_at for wait in self.waits(instance_id) if isinstance(wait, TimerOpened)}

    def incident(self, instance_id: int) -> IncidentOpened:
        found = [wait for wait in self.waits(instance_id) if isinstance(wait, IncidentOpened)]
        assert len(found) == 1, f"{len(found)} incidents"
        return found[0]

    def resolve(self, instance_id: int) -> Changes:
        incident = self.incident(instance_id)
        with self.work() as work:
            return work.resolve_incident(incident.id)

    def publish(self, name: str, key: str = "", **variables: Any) -> Any:
        with self.work() as work:
            return work.publish_message(name, key, variables)

    def signal(self, name: str, **variables: Any) -> None:
        with self.work() as work:
            work.broadcast_signal(name, variables)

    def advance(self, **span: float) -> None:
        self.engine.advance_to(self.clock.now() + timedelta(**span))

    def set(self, scope_id: int, **variables: Any) -> Changes:
        with self.work() as work:
            return work.set_variables(scope_id, variables)

    def variables(self, instance_id: int) -> dict[str, Any]:
        with self.read() as work:
            return work.variables(instance_id)

    def state(self, instance_id: int) -> str:
        with self.read() as work:
            return str(work.instance(instance_id).state)

    def path(self, instance_id: int, how: str = "completed") -> list[str]:
        with self.read() as work:
            passed = work.path(instance_id)
        outermost = {instance_id}
        return [p.element_id for p in passed if p.how == how and p.element_instance_id not in outermost]
