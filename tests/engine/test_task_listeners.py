"""Listeners of user tasks: a program has a word before a task is offered and before its completion holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.errors import Closed, InvalidInput
from engine.model import Changes, TaskAnswer
from tests.engine.diagrams import Body, inputs
from tests.engine.lab import Lab


def listening(*moments: str) -> str:
    inside = "".join(f'<zeebe:taskListener eventType="{moment}" type="{moment}-{n}"/>' for n, moment in enumerate(moments))
    return f'<zeebe:assignmentDefinition candidateGroups="handler"/><zeebe:taskListeners>{inside}</zeebe:taskListeners>'


def begun(lab: Lab, *moments: str, **more: Any) -> int:
    return lab.run(Body().start().user("a", ext=listening(*moments), **more).user("b").flow("start -> a -> b"))


def answered(lab: Lab, type_: str, answer: TaskAnswer | None = None, **variables: Any) -> Changes:
    job = lab.job(type_)
    with lab.work() as work:
        return work.complete_job(job.id, variables, answer=answer)


def test_a_task_is_offered_when_its_listeners_have_let_it(lab: Lab) -> None:
    instance = begun(lab, "creating", "creating")
    before = lab.tasks(instance), lab.jobs(instance)

    answered(lab, "creating-0")
    between = lab.tasks(instance), lab.jobs(instance)
    answered(lab, "creating-1")

    assert before == ([], ["creating-0"])
    assert between == ([], ["creating-1"])
    assert (lab.tasks(instance), lab.jobs(instance)) == (["a"], [])


def test_what_listeners_correct_is_what_is_offered_and_a_later_word_counts(lab: Lab) -> None:
    instance = begun(lab, "creating", "creating")

    answered(lab, "creating-0", TaskAnswer(corrections={"assignee": "li", "candidate_groups": ["head"], "priority": 80}))
    told = lab.job("creating-1")
    with lab.work() as work:
        work.complete_job(told.id, answer=TaskAnswer(corrections={"assignee": "", "due_at": "2026-04-01T08:00:00Z"}))
    task = lab.task(instance, "a")

    assert told.headers["io.camunda.zeebe:assignee"] == "li"
    assert told.headers["io.camunda.zeebe:candidateGroups"] == '["head"]'
    assert (task.assignee, task.candidate_groups, task.priority) == (None, ("head",), 80)
    assert task.due_at == datetime(2026, 4, 1, 8, tzinfo=UTC)


def test_a_correction_that_is_none_is_an_incident_that_can_be_resolved(lab: Lab) -> None:
    instance = begun(lab, "creating")

    answered(lab, "creating-0", TaskAnswer(corrections={"priority": 500}))
    assert lab.incident(instance).kind == "EXTRACT_VALUE_ERROR"
    assert lab.tasks(instance) == []


def test_what_was_typed_becomes_visible_when_the_listener_has_agreed(lab: Lab) -> None:
    instance = begun(lab, "completing")
    lab.complete(instance, "a", amount=7)
    waiting = lab.tasks(instance), lab.variables(instance)
    job = lab.job("completing-0")

    with lab.work() as work:
        work.complete_job(job.id)

    assert waiting == (["a"], {})
    assert job.variables == {"amount": 7}
    assert (lab.tasks(instance), lab.variables(instance)) == (["b"], {"amount": 7})


def test_a_completion_that_is_denied_does_not_hold_and_may_be_tried_again(lab: Lab) -> None:
    instance = begun(lab, "completing", "completing")
    lab.complete(instance, "a", amount=7)
    answered(lab, "completing-0")

    changes = answered(lab, "completing-1", TaskAnswer(denied=True, reason="too much"))
    after = lab.tasks(instance), lab.jobs(instance), lab.variables(instance)
    lab.complete(instance, "a", amount=5)
    answered(lab, "completing-0")
    answered(lab, "completing-1")

    assert [(denied.element_id, denied.reason) for denied in changes.denied] == [("a", "too much")]
    assert after == (["a"], [], {})
    assert (lab.tasks(instance), lab.variables(instance)) == (["b"], {"amount": 5})


def test_a_task_that_is_being_looked_at_is_not_completed_again(lab: Lab) -> None:
    instance = begun(lab, "completing")
    lab.complete(instance, "a", amount=7)

    with pytest.raises(Closed, match="being looked at"):
        lab.complete(instance, "a", amount=8)

    answered(lab, "completing-0")
    assert lab.variables(instance) == {"amount": 7}


def test_listeners_come_before_outputs_and_execution_listeners(lab: Lab) -> None:
    ext = listening("completing") + '<zeebe:executionListeners><zeebe:executionListener eventType="end" type="after"/></zeebe:executionListeners>'
    instance = lab.run(Body().start().user("a", ext=ext, io=inputs(x="=1")).user("b").flow("start -> a -> b"))
    lab.complete(instance, "a", amount=7)
    first = lab.jobs(instance)

    answered(lab, "completing-0")

    assert (first, lab.jobs(instance)) == (["completing-0"], ["after"])


def test_a_timer_takes_the_task_away_while_its_listener_looks(lab: Lab) -> None:
    body = Body().start().user("a", ext=listening("completing")).user("late")
    body.boundary("t", "a", body.timer("timeDuration", "PT1H"))
    instance = lab.run(body.flow("start -> a").flow("t -> late"))
    lab.complete(instance, "a", amount=7)

    lab.advance(hours=1)

    assert lab.open(instance) == ["late"]


def test_a_listener_without_retries_left_is_an_incident_and_goes_on_when_resolved(lab: Lab) -> None:
    instance = begun(lab, "completing")
    lab.complete(instance, "a", amount=7)
    lab.fail("completing-0", 0)
    stuck = lab.open(instance)
    lab.resolve(instance)
    job = lab.waits(instance)

    with lab.work() as work:
        work.set_job_retries(next(wait.id for wait in job if hasattr(wait, "listener")), 1)
    answered(lab, "completing-0")

    assert stuck == ["a", "a", "a!"]
    assert lab.tasks(instance) == ["b"]


@pytest.mark.parametrize(
    ("answer", "variables"),
    [
        (TaskAnswer(corrections={"assignee": "li"}), {}),
        (None, {"x": 1}),
    ],
)
def test_an_answer_that_has_no_meaning_while_a_task_is_completed_is_refused(
    lab: Lab, answer: TaskAnswer | None, variables: dict[str, int]
) -> None:
    instance = begun(lab, "completing")
    lab.complete(instance, "a", amount=7)

    with pytest.raises(InvalidInput):
        answered(lab, "completing-0", answer, **variables)

    assert lab.jobs(instance) == ["completing-0"]


def test_only_the_listener_of_a_task_may_deny(lab: Lab) -> None:
    instance = lab.run(Body().start().service("s", "work").user("b").flow("start -> s -> b"))

    with pytest.raises(InvalidInput, match="not the job of a user task listener"):
        answered(lab, "work", TaskAnswer(denied=True))

    assert lab.jobs(instance) == ["work"]


def test_a_task_that_is_created_cannot_be_denied(lab: Lab) -> None:
    instance = begun(lab, "creating")

    with pytest.raises(InvalidInput, match="cannot be denied"):
        answered(lab, "creating-0", TaskAnswer(denied=True))

    assert lab.jobs(instance) == ["creating-0"]
