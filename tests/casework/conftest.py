"""A demo authority on each kind of database, with a clock that the test moves, and a process of two steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from casework import audit
from casework.act import Actor
from casework.authority import Authority
from casework.desk import tasks
from casework.model.cases import CaseFile, HumanTask, TaskState
from casework.model.people import Staff
from casework.records import starting
from casework.seal import Seal
from engine.clock import ManualClock
from engine.model import Resource
from engine.persistence import Database
from tests.conftest import DEMO_KEY

ZONE = ZoneInfo("Asia/Shanghai")
#: A Monday morning without holidays near.
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
TINY = Path(__file__).parent / "desk" / "tiny.bpmn"


@dataclass
class Town:
    """The demo authority, and what tests do with it most. People are named by login: `ja-01-handler`."""

    authority: Authority
    clock: ManualClock

    def who(self, login: str, *, region: str | None = None) -> Actor:
        with self.authority.system_read(region=region or login[:2].upper()) as act:
            person = act.find(Staff, login=login)
        assert person is not None, login
        return Actor(staff_id=person.id, name=person.name, login=person.login, region=person.region)

    def open(self, process_id: str = "tiny", by: str = "ja-01-window") -> CaseFile:
        with self.authority.act(self.who(by)) as act:
            return starting.start(act, process_id, {})

    def task(self, case: CaseFile, element_id: str) -> HumanTask:
        """The newest task of an element, open or closed."""
        with self.authority.system_read(region=case.region) as act:
            return act.find_all(HumanTask, case_id=case.id, element_id=element_id)[-1]

    def claim(self, task: HumanTask, login: str) -> HumanTask:
        with self.authority.act(self.who(login)) as act:
            return tasks.claim(act, task.id)

    def complete(self, task: HumanTask, login: str) -> HumanTask:
        if self.task_now(task).state is TaskState.UNCLAIMED:
            self.claim(task, login)
        with self.authority.act(self.who(login)) as act:
            return tasks.complete(act, task.id, {})

    def task_now(self, task: HumanTask) -> HumanTask:
        with self.authority.system_read(region=task.region) as act:
            return act.get(HumanTask, task.id)

    def case_now(self, case: CaseFile) -> CaseFile:
        with self.authority.system_read(region=case.region) as act:
            return act.get(CaseFile, case.id)

    def verbs(self, case: CaseFile) -> list[str]:
        with self.authority.system_read(region=case.region) as act:
            return [entry.verb for entry in audit.entries(act.connection, act.region, chain=audit.case_chain(case.id), limit=1000)]


@pytest.fixture
def town(demo_database_url: str, tmp_path: Path) -> Iterator[Town]:
    clock = ManualClock(MONDAY)
    database = Database(demo_database_url, synchronous="OFF")
    authority = Authority(database, clock, seal=Seal(DEMO_KEY), files=tmp_path / "files", lease_clock=clock)
    with authority.system("test") as act:
        deployment = act.work.deploy([Resource(TINY.name, TINY.read_bytes())])
        act.record("deploy", f"deployment:{deployment.id}")
    yield Town(authority, clock)
    database.close()


