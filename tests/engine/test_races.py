"""Several nodes at once: exactly one wins, the others are told, nothing happens twice (reliability, promises P3, P5, P9)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from engine.errors import CallerError, Closed, Overtaken
from tests.engine.diagrams import Body
from tests.engine.lab import REGION, Lab

NODES = 4


@pytest.fixture
def nodes(database_url: str, lab: Lab) -> Any:
    """Engines of several nodes over one database; the first is the laboratory's."""
    others = [Lab(database_url) for _ in range(NODES - 1)]
    yield [lab, *others]
    for other in others:
        other.database.close()


def at_once(nodes: list[Lab], act: Callable[[Lab], Any]) -> list[Any]:
    """Every node does the same at the same moment; gives what each got: a result or the error that was raised."""
    barrier = Barrier(len(nodes))

    def one(node: Lab) -> Any:
        barrier.wait()
        try:
            return act(node)
        except CallerError as error:
            return error

    with ThreadPoolExecutor(len(nodes)) as pool:
        return list(pool.map(one, nodes))


def test_of_many_who_complete_one_task_one_wins(nodes: list[Lab]) -> None:
    lab = nodes[0]
    lab.deploy(Body().start().user("a").user("b").flow("start -> a -> b"))
    for _ in range(5):
        instance = lab.start()
        task = lab.task(instance, "a").id

        def complete(node: Lab, task: int = task) -> str:
            with node.work() as work:
                work.complete_user_task(task, {"n": 1})
            return "done"

        answers = at_once(nodes, complete)

        assert answers.count("done") == 1
        assert all(isinstance(answer, Closed | Overtaken) for answer in answers if answer != "done")
        assert lab.tasks(instance) == ["b"]
        assert lab.path(instance).count("a") == 1


def test_timers_of_many_instances_fire_once_each_on_several_nodes(nodes: list[Lab]) -> None:
    lab = nodes[0]
    body = Body()
    body.start().user("work").boundary("t", "work", body.timer("timeDuration", "PT1H"), interrupting=False).user("late")
    lab.deploy(body.flow("start -> work").flow("t -> late"))
    instances = [lab.start() for _ in range(20)]
    for node in nodes:
        node.clock.advance(timedelta(hours=1))

    at_once(nodes, lambda node: node.engine.run_due())
    lab.engine.run_due()  # what a node passed over because another held the case

    assert Counter(tuple(lab.tasks(instance)) for instance in instances) == {("late", "work"): 20}


def test_two_branches_completed_at_once_join_once(nodes: list[Lab]) -> None:
    lab = nodes[0]
    body = Body().start().gateway("parallel", "s").gateway("parallel", "j").user("after")
    for name in "abcd":
        body.user(name).flow(f"s -> {name} -> j")
    lab.deploy(body.flow("start -> s").flow("j -> after"))
    instance = lab.start()
    tasks = dict(zip(nodes, (lab.task(instance, name).id for name in "abcd"), strict=True))

    def complete(node: Lab) -> str:
        for _ in range(NODES):
            try:
                with node.work() as work:
                    work.complete_user_task(tasks[node], {})
                return "done"
            except Overtaken:
                continue
        return "gave up"

    assert at_once(nodes, complete) == ["done"] * NODES
    assert lab.tasks(instance) == ["after"]


def test_a_job_goes_to_one_worker(nodes: list[Lab]) -> None:
    lab = nodes[0]
    lab.deploy(Body().start().service("s", "work").flow("start -> s"))
    for _ in range(10):
        lab.start()

    def take(node: Lab) -> list[int]:
        taken = []
        for _ in range(10):
            with node.engine.work(region=REGION) as work:
                taken += [job.id for job in work.lock_jobs(["work"], 2)]
        return taken

    taken = [job for jobs in at_once(nodes, take) for job in jobs]

    assert len(taken) == len(set(taken)) == 10


def test_one_message_begins_one_instance_for_its_key(nodes: list[Lab]) -> None:
    lab = nodes[0]
    body = Body()
    lab.deploy(body.start("start", body.message("found", None)).user("a").flow("start -> a"))

    at_once(nodes, lambda node: node.publish("found", "k"))

    started = [change for node in nodes for change in node.changes if change.command == "message_start"]
    assert len(started) == 1
