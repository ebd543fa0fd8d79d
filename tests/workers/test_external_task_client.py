"""The official client of Camunda 7's external tasks: many tasks, two workers; and how often one asks that has nothing to do."""

from __future__ import annotations

import math
import os
import threading
from pathlib import Path

import pytest

from casework.model.cases import CaseFile
from casework.model.people import Scope
from casework.persistence import rows
from engine.search import Condition, Op, Query
from tests.workers.running import REGION, Server, all_of, counting, working

TASKS = 1_000
FETCH = "/engine-rest/external-task/fetchAndLock"
IDLE_SECONDS = float(os.environ.get("YIMEN_TEST_IDLE_SECONDS", "6"))
"""How long an idle worker is watched; a minute shows the promise in full."""


@pytest.mark.slow
def test_two_workers_do_a_thousand_tasks_none_twice_and_none_lost(node: str, server: Server, tmp_path: Path) -> None:
    instances = server.start("income7", ({"amount": number} for number in range(TASKS)))

    with (
        working(node, server, "worker7.mjs", tmp_path / "a", worker="w1") as first,
        working(node, server, "worker7.mjs", tmp_path / "b", worker="w2") as second,
    ):
        states = server.wait(instances, 110)

    done = [all_of(first), all_of(second)]
    assert states == {"completed": TASKS}
    assert all(done), "both have worked"
    assert len(done[0]) + len(done[1]) == len({*done[0], *done[1]}) == TASKS
    recorded = completions(server, instances)
    assert (len(recorded), set(recorded.values())) == (TASKS, {1})


def of(instance: int) -> Query:
    return Query((Condition("instance_id", Op.EQ, instance),))


def completions(server: Server, instances: list[int]) -> dict[int, int]:
    """How often a completion stands in the history of each instance."""
    found: dict[int, int] = {}
    with server.app.state.authority.program_read("tests", frozenset(Scope), region=REGION) as act:
        for number in instances:
            assert rows.find(act.connection, CaseFile, REGION, root_instance_id=number) is not None
            found[number] = sum(each.state == "completed" for each in act.work.search_jobs(of(number)).items)
    return found


def test_a_worker_that_has_nothing_to_do_asks_at_most_four_times_a_minute(node: str, server: Server, tmp_path: Path) -> None:
    with counting() as asked, working(node, server, "worker7.mjs", tmp_path / "a"):
        first = server.start("income7", [{"amount": 1}])
        assert server.wait(first, 30) == {"completed": 1}  # it is there and at work
        asked.counts.clear()
        threading.Event().wait(IDLE_SECONDS)
        answered = asked.counts.get(FETCH, 0)

    assert answered <= math.ceil(4 * IDLE_SECONDS / 60), f"{answered} requests in {IDLE_SECONDS} s"
    # What it still waits for is answered when it goes: at most one more.
    assert asked.counts.get(FETCH, 0) <= answered + 1


def test_work_reaches_a_worker_that_waits_at_once(node: str, server: Server, tmp_path: Path) -> None:
    with working(node, server, "worker7.mjs", tmp_path / "a"):
        assert server.wait(server.start("income7", [{"amount": 1}]), 30) == {"completed": 1}
        threading.Event().wait(1.5)

        states = server.wait(server.start("income7", [{"amount": 2}]), 3)

    assert states == {"completed": 1}
