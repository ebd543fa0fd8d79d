"""A program that looks at a task before it is offered, or before its completion holds: what the desk makes of it."""

from collections.abc import Mapping

import pytest

from casework.desk import tasks, timeline
from casework.errors import Refused
from casework.model.cases import CaseFile, HumanTask, TaskState
from casework.model.people import Staff
from engine.model import Job, Json, Resource, TaskAnswer
from tests.casework.conftest import TINY, Town

HANDLER = "ja-01-handler"


def listened(town: Town, moment: str) -> CaseFile:
    """A case of the process of two steps, whose first task has a listener of this moment."""
    listener = f'<zeebe:userTask/><zeebe:taskListeners><zeebe:taskListener eventType="{moment}" type="look"/></zeebe:taskListeners>'
    text = TINY.read_text("utf-8").replace('id="tiny"', 'id="checked"').replace("<zeebe:userTask/>", listener, 1)
    with town.authority.system("test") as act:
        deployment = act.work.deploy([Resource("checked.bpmn", text.encode())])
        act.record("deploy", f"deployment:{deployment.id}")
    return town.open("checked")


def answer(town: Town, case: CaseFile, said: TaskAnswer) -> Job:
    """The program takes the listener's job and answers."""
    with town.authority.system("program", region=case.region) as act:
        job = act.work.lock_job(["look"])
        assert job is not None
        act.work.complete_job(job.id, answer=said)
        act.record("job", case)
    return job


def completed(town: Town, task: HumanTask, data: Mapping[str, Json]) -> HumanTask:
    town.claim(task, HANDLER)
    with town.authority.act(town.who(HANDLER)) as act:
        return tasks.complete(act, task.id, data)


def test_what_was_completed_rests_until_the_program_agrees_and_is_hers_then(town: Town) -> None:
    case = listened(town, "completing")
    task = town.task(case, "A")
    handler = town.who(HANDLER)

    resting = completed(town, task, {})
    with pytest.raises(Refused, match="正在由程序核对"), town.authority.act(handler) as act:
        tasks.complete(act, task.id, {})
    answer(town, case, TaskAnswer())
    done = town.task_now(task)

    assert (resting.state, resting.assignee_id) == (TaskState.SUSPENDED, handler.staff_id)
    assert (done.state, done.closed_by, done.closed_how, done.resumes_as) == (TaskState.CLOSED, handler.staff_id, "completed", None)
    assert town.task(case, "B").state is TaskState.UNCLAIMED


def test_whoever_completed_the_first_step_is_barred_from_the_second_also_where_a_program_agreed_later(town: Town) -> None:
    case = listened(town, "completing")
    completed(town, town.task(case, "A"), {})
    answer(town, case, TaskAnswer())

    with pytest.raises(Refused):
        town.claim(town.task(case, "B"), HANDLER)


def test_what_the_program_refuses_comes_back_with_its_reason_and_what_was_typed(town: Town) -> None:
    case = listened(town, "completing")
    task = town.task(case, "A")
    completed(town, task, {"note": "半截"})

    answer(town, case, TaskAnswer(denied=True, reason="金额超出标准"))
    with town.authority.read(town.who(HANDLER)) as act:
        view = tasks.view(act, task.id)
        told = [(entry.words.zh, entry.ground) for entry in timeline.of_case(act, case.case_no)]

    assert (view.task.state, "complete" in view.operations) == (TaskState.CLAIMED, True)
    assert view.draft is not None
    assert view.draft[0] == {"note": "半截"}
    assert "金额超出标准" in view.why["zh"]
    assert ("提交未通过核对", "金额超出标准") in told
    assert town.complete(task, HANDLER).state is TaskState.SUSPENDED


def test_a_case_that_is_cancelled_takes_a_resting_task_with_it_and_nobody_did_it(town: Town) -> None:
    case = listened(town, "completing")
    task = town.task(case, "A")
    completed(town, task, {})

    with town.authority.system("cancel", region="JA") as act:
        act.work.cancel_instance(case.root_instance_id)
        act.record("cancel", case)
    gone = town.task_now(task)

    assert (gone.state, gone.closed_how, gone.closed_by) == (TaskState.CLOSED, "cancelled", None)


def test_a_task_is_offered_to_whom_the_program_says(town: Town) -> None:
    case = listened(town, "creating")
    with town.authority.system_read(region=case.region) as act:
        before = act.find_all(HumanTask, case_id=case.id)
        other = act.find(Staff, login="ja-01-handler2")
    assert other is not None

    answer(town, case, TaskAnswer(corrections={"assignee": "ja-01-handler2", "candidate_groups": []}))
    task = town.task(case, "A")

    assert before == []
    assert (task.state, task.assignee_id) == (TaskState.CLAIMED, other.id)
