"""The scenarios beside the diagrams, walked by the demo people on each kind of database with a clock that is moved."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from casework import audit, demo
from casework.authority import Authority
from casework.deployed import BadTable
from casework.model.cases import CaseFile, HumanTask, TaskState
from casework.scenarios import script, walk
from casework.scenarios.script import Scenario, ScenarioFile
from casework.seal import Seal
from engine import invariants
from engine.clock import ManualClock
from engine.model import UserTaskOpened
from engine.persistence import Database
from tests.conftest import DEMO_KEY

ROOT = Path(__file__).resolve().parents[2]
FILES = {file: script.read(file.read_bytes()) for file in sorted((ROOT / "processes").glob("*/*.scenarios.yaml"))}
ALL = [pytest.param(file, one, id=one.name) for file in FILES.values() for one in file.scenarios]


@pytest.mark.parametrize(("file", "scenario"), ALL)
def test_a_scenario_goes_as_it_is_written(file: ScenarioFile, scenario: Scenario, demo_database_url: str, tmp_path: Path) -> None:
    clock = ManualClock(scenario.clock - timedelta(hours=1))
    with closing(Database(demo_database_url)) as database:
        authority = Authority(database, clock, seal=Seal(DEMO_KEY), files=tmp_path / "files", lease_clock=clock)

        walk.run(authority, file, scenario)

        assert broken(authority) == []


def broken(authority: Authority) -> list[str]:
    """What must hold whatever happened: the engine's invariants, one open task per open wait, and unbroken audit chains."""
    with authority.database.read() as connection:
        found = invariants.broken(connection, authority.engine.definitions)
        found += [str(fault) for fault in audit.verify(connection)]
    for region in demo.DISTRICTS:
        with authority.system_read(region=region) as act:
            for case in act.find_all(CaseFile):
                waits = {one.id for one in act.work.open_waits(case.root_instance_id) if isinstance(one, UserTaskOpened)}
                tasks = {one.id for one in act.find_all(HumanTask, case_id=case.id) if one.state is not TaskState.CLOSED}
                found += [f"{case.case_no}: waits {waits}, tasks {tasks}"] if waits != tasks else []
    return found


TINY = """
process: p
scenarios:
  - name: one
    title: 一
    clauses: [A]
    given: {jurisdiction: JA, township: JA-01, village: JA-01-01, clock: "2026-02-14T20:10+08:00"}
    steps: [STEPS]
"""


@pytest.mark.parametrize(
    "steps",
    [
        "{expct: {}}", "{expect: {opn: []}}", "{expect: {open: [{tsk: S1}]}}", "{expect: {clocks: {a: {dueat: x}}}}",
        "{start: {as: x, fom: {}}}", "{start: {as: x}, claim: {}}", "{refused: {claim: {task: S, as: x}}}",
        "{refused: {claim: {task: S, as: x}, ground: because}}", "{use: nowhere}", "advance_to",
    ],
)  # fmt: skip
def test_a_word_that_the_runner_does_not_know_is_refused_and_not_passed_over(steps: str) -> None:
    with pytest.raises(BadTable):
        script.read(TINY.replace("STEPS", steps).encode())


def test_two_scenarios_of_one_name_are_refused() -> None:
    twice = TINY.replace("STEPS", "{advance: PT1H}")
    twice += twice.split("scenarios:\n")[1]

    with pytest.raises(BadTable):
        script.read(twice.encode())
