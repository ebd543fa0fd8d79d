"""Tasks in Camunda's words are acts of the house: claimed, assigned, transferred and completed by the gate."""

import pytest

from casework.desk import outside
from casework.errors import Closed as TaskClosed
from casework.errors import Overtaken, Refused
from casework.model.cases import CaseFile, HumanTask, TaskState
from casework.people import eligibility
from engine.errors import Closed, InvalidInput, Unknown
from tests.casework.conftest import Town

HANDLER = "ja-01-handler"


def colleague(town: Town) -> str:
    """Another person of the queue in the same township, whatever the demonstration calls her."""
    task = town.task(town.open(), "A")
    with town.authority.system_read(region="JA") as act:
        people = eligibility.eligible(act, task, act.get(CaseFile, task.case_id))
    return next(person.login for person in people if person.login != HANDLER)


def assigned(town: Town, by: str, task: HumanTask, to: str, *, override: bool = True) -> HumanTask:
    with town.authority.act(town.who(by)) as act:
        return outside.assign(act, task.id, to, override=override)


def test_who_names_herself_claims(town: Town) -> None:
    case = town.open()
    task = assigned(town, HANDLER, town.task(case, "A"), HANDLER)

    assert (task.state, town.verbs(case)[-1]) == (TaskState.CLAIMED, "claim")
    assert assigned(town, HANDLER, task, HANDLER) == task  # she has it already


def test_whoever_has_a_task_hands_it_over_with_a_ground(town: Town) -> None:
    other, case = colleague(town), town.open()
    task = assigned(town, HANDLER, town.task(case, "A"), HANDLER)

    with pytest.raises(Overtaken):
        assigned(town, HANDLER, task, other, override=False)
    assert assigned(town, HANDLER, task, other).assignee_id == town.who(other).staff_id
    assert town.verbs(case)[-1] == "transfer"


def test_nobody_takes_a_task_from_another_or_gives_it_to_a_stranger(town: Town) -> None:
    other, case = colleague(town), town.open()
    task = assigned(town, HANDLER, town.task(case, "A"), HANDLER)

    with pytest.raises((Overtaken, Refused)):
        assigned(town, other, task, other)
    with pytest.raises((Refused, Unknown)):
        assigned(town, HANDLER, task, "ja-02-handler")
    with pytest.raises(InvalidInput):
        assigned(town, HANDLER, task, "nobody")


def test_a_task_goes_back_into_its_queue_once(town: Town) -> None:
    case = town.open()
    task = assigned(town, HANDLER, town.task(case, "A"), HANDLER)
    for _ in range(2):
        with town.authority.act(town.who(HANDLER)) as act:
            assert outside.unassign(act, task.id).state is TaskState.UNCLAIMED

    assert town.verbs(case).count("give-back") == 1


def test_a_task_in_the_queue_is_claimed_before_it_is_completed(town: Town) -> None:
    case = town.open()
    task = town.task(case, "A")
    with town.authority.act(town.who(HANDLER)) as act:
        outside.complete(act, task.id, {})

    assert [verb for verb in town.verbs(case) if verb in ("claim", "complete")] == ["claim", "complete"]
    with pytest.raises(Closed), town.authority.act(town.who(HANDLER)) as act:
        outside.unassign(act, task.id)
    with pytest.raises((Closed, TaskClosed)), town.authority.act(town.who(HANDLER)) as act:
        outside.complete(act, task.id, {})


def test_only_who_has_a_task_or_heads_its_office_changes_it(town: Town) -> None:
    case = town.open()
    task = town.task(case, "A")

    with pytest.raises(Refused), town.authority.act(town.who(HANDLER)) as act:
        outside.update(act, task.id, priority=10, noted={})
    assigned(town, HANDLER, task, HANDLER)
    with town.authority.act(town.who(HANDLER)) as act:
        outside.update(act, task.id, priority=10, noted={"priority": 10})

    with town.authority.read(town.who(HANDLER)) as act:
        assert [each.verb for each in outside.log_of(act, case.id, task.id)] == ["claim", "update-task"]
    assert town.verbs(case)[-1] == "update-task"
