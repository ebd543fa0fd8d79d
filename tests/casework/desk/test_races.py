"""Two at once: a claim against another claim, and a claim against a relation that is being declared."""

import threading
from collections.abc import Callable

import pytest

from casework.desk import tasks
from casework.errors import Overtaken, Refused
from casework.model.cases import TaskState
from casework.people import relations
from tests.casework.conftest import Town

ROUNDS = 3


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Run all at the same moment; per action its result or the error."""
    start = threading.Barrier(len(actions))
    found: list[object] = [None] * len(actions)

    def run(n: int, action: Callable[[], object]) -> None:
        start.wait()
        try:
            found[n] = action()
        except Exception as error:  # noqa: BLE001 - what came out is what is asked
            found[n] = error

    threads = [threading.Thread(target=run, args=(n, action)) for n, action in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told(town: Town, round_: int) -> None:
    task = town.task(town.open(), "A")

    found = at_once(lambda: town.claim(task, "ja-01-handler"), lambda: town.claim(task, "ja-01-handler2"))

    assert sorted(type(each).__name__ for each in found) == ["HumanTask", "Overtaken"]
    assert town.task_now(task).state is TaskState.CLAIMED


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_barred_person_never_holds_the_task_however_claim_and_declaration_fall(town: Town, round_: int) -> None:
    case = town.open()
    task = town.task(case, "A")
    handler = town.who("ja-01-handler")

    def declare() -> None:
        with town.authority.act(handler) as act:
            relations.declare(act, type="spouse", case_no=case.case_no, ground="夫妻")

    found = at_once(lambda: town.claim(task, "ja-01-handler"), declare)
    town.authority.run_due()

    assert town.task_now(task).assignee_id is None
    assert all(each is None or isinstance(each, Refused) or not isinstance(each, Exception) for each in found)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_task_that_opens_while_the_relation_is_declared_is_never_held_by_the_related(town: Town, round_: int) -> None:
    case = town.open()
    first = town.claim(town.task(case, "A"), "ja-01-handler2")
    handler = town.who("ja-01-handler")

    def declare() -> None:
        with town.authority.act(handler) as act:
            relations.declare(act, type="spouse", case_no=case.case_no, ground="夫妻")

    def complete() -> None:
        with town.authority.act(town.who("ja-01-handler2")) as act:
            tasks.complete(act, first.id, {})

    at_once(declare, complete)
    town.authority.run_due()
    second = town.task(case, "B")
    with pytest.raises((Refused, Overtaken)):
        town.claim(second, "ja-01-handler")

    assert town.task_now(second).assignee_id is None


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_double_click_on_complete_has_one_effect(town: Town, round_: int) -> None:
    case = town.open()
    task = town.claim(town.task(case, "A"), "ja-01-handler")

    def complete() -> None:
        with town.authority.act(town.who("ja-01-handler")) as act:
            tasks.complete(act, task.id, {})

    found = at_once(complete, complete)

    assert sorted(type(each).__name__ for each in found) == ["Closed", "NoneType"]
    assert town.verbs(case).count("complete") == 1
