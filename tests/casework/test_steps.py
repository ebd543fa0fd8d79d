"""Our own jobs: effect and completion are one, whatever dies in between."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework import steps
from casework.authority import Authority
from casework.model.cases import CaseFile, HumanTask
from casework.model.records import LedgerEntry, Payment
from casework.scenarios import script, walk
from casework.seal import Seal
from engine.clock import ManualClock
from engine.errors import InvalidInput
from engine.persistence import Database
from tests.conftest import DEMO_KEY

ROOT = Path(__file__).resolve().parents[2]
FILE = script.read((ROOT / "processes/temporary-aid-urgent/temporary-aid-urgent.scenarios.yaml").read_bytes())
DELIVERED = {"payWay": "cash", "given": "2000 元", "receiver": "甲某一", "aidGivenAt": "2026-02-10T11:00:00+08:00", "receipt": []}


@contextmanager
def approved(url: str, folder: Path) -> Iterator[tuple[Authority, CaseFile]]:
    """A case whose aid is approved; its handing over is completed at the engine itself, so that our jobs are still to do."""
    scenario = next(one for one in FILE.scenarios if one.name == "P04-T2")
    clock = ManualClock(scenario.clock - timedelta(hours=1))
    with closing(Database(url)) as database:
        authority = Authority(database, clock, seal=Seal(DEMO_KEY), files=folder / "files", lease_clock=clock)
        walk.run(authority, FILE, replace(scenario, steps=FILE.parts["aided-ja"][:-1]))
        with authority.system_read(region="JA") as act:
            (case,) = act.find_all(CaseFile)
            (task,) = act.find_all(HumanTask, element_id="P04-S11")
        with authority.engine.work(region="JA", by="test") as work:
            work.complete_user_task(task.id, DELIVERED)
        yield authority, case


def payments(authority: Authority) -> list[Payment]:
    with authority.system_read(region="JA") as act:
        return act.find_all(Payment)


def test_a_job_that_dies_before_its_commit_has_done_nothing_and_is_done_once_afterwards(demo_database_url: str, tmp_path: Path) -> None:
    with approved(demo_database_url, tmp_path) as (authority, case):

        def dies() -> None:
            with authority.system("test", region="JA") as act:
                act.work.lock(case.root_instance_id)
                job = act.work.lock_job(["payment.payNow"], case.root_instance_id)
                assert job is not None
                act.work.complete_job(job.id, steps.run(act, job))
                raise RuntimeError("the machine went down")

        with pytest.raises(RuntimeError):
            dies()
        assert payments(authority) == []
        while authority.run_due():
            pass

        assert [one.amount for one in payments(authority)] == [2000]
        with authority.system_read(region="JA") as act:
            assert len(act.find_all(LedgerEntry, ledger="L11")) == 1


def test_a_job_that_was_done_is_never_done_again(demo_database_url: str, tmp_path: Path) -> None:
    with approved(demo_database_url, tmp_path) as (authority, case):
        while authority.run_due():
            pass
        with authority.system("test", region="JA") as act:
            assert act.work.lock_job(["payment.payNow"], case.root_instance_id) is None

        assert len(payments(authority)) == 1


def test_a_job_of_an_unknown_type_is_named(demo_database_url: str, tmp_path: Path) -> None:
    with approved(demo_database_url, tmp_path) as (authority, case), authority.system("test", region="JA") as act:
        job: Any = act.work.lock_job(["payment.payNow"], case.root_instance_id)
        with pytest.raises(InvalidInput):
            steps.run(act, replace(job, type="payment.someday"))
        with pytest.raises(InvalidInput):
            steps.run(act, replace(job, variables={**job.variables, "amount": "many"}))
        act.record("nothing", "test")
