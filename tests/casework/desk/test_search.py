"""Tasks and instances by their fields: nobody finds more than the gate lets her see."""

import pytest

from casework.desk import search
from casework.model.cases import TaskState
from casework.model.record import EVERYWHERE
from casework.people import relations
from engine.errors import Unknown
from engine.search import Condition, Op, Query, Sort
from tests.casework.conftest import Town


def found(town: Town, login: str, *conditions: Condition) -> list[search.FoundTask]:
    with town.authority.read(town.who(login)) as act:
        return list(search.tasks(act, Query(conditions, (Sort("created_at"),))).items)


def test_a_task_is_found_by_those_who_may_see_it_and_by_no_others(town: Town) -> None:
    task = town.task(town.open(), "A")

    (one,) = found(town, "ja-01-handler")

    assert (one.id, one.element_id, one.assignee, one.groups, one.is_open) == (task.id, "A", None, ("case-handler",), True)
    assert found(town, "ja-02-handler") == []
    with town.authority.read(town.who("ja-02-handler")) as act, pytest.raises(Unknown):
        search.task(act, task.id)


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        (Condition("candidate_group", Op.EQ, "case-handler"), True),
        (Condition("candidate_group", Op.EQ, "case-handler@JA-01"), True),
        (Condition("candidate_group", Op.EQ, "case-handle"), False),
        (Condition("candidate_group", Op.NEQ, "case-handler"), False),
        (Condition("assignee", Op.EQ, "ja-01-handler"), True),
        (Condition("assignee", Op.EXISTS, False), False),
        (Condition("state", Op.EQ, TaskState.CLAIMED), True),
        (Condition("stage", Op.EQ, "completed"), False),
        (Condition("process_id", Op.LIKE, "ti*"), True),
        (Condition("due_at", Op.EXISTS, True), True),
        (Condition("priority", Op.GTE, 50), True),
        (Condition("candidate_user", Op.EQ, "ja-01-handler"), False),
    ],
)
def test_tasks_are_found_by_what_desk_and_diagram_say(town: Town, condition: Condition, fits: bool) -> None:
    town.claim(town.task(town.open(), "A"), "ja-01-handler")

    assert bool(found(town, "ja-01-handler", condition)) is fits


def test_a_closed_task_is_found_by_who_did_it(town: Town) -> None:
    task = town.complete(town.task(town.open(), "A"), "ja-01-handler")

    closed = found(town, "ja-01-handler", Condition("id", Op.EQ, task.id))

    assert [(one.stage, one.assignee) for one in closed] == [("completed", "ja-01-handler")]


def test_relatives_are_left_out(town: Town) -> None:
    case = town.open()
    with town.authority.act(town.who("ja-01-handler")) as act:
        relations.declare(act, type="spouse", case_no=case.case_no, ground="配偶")

    assert found(town, "ja-01-handler") == []
    with town.authority.read(town.who("ja-01-handler")) as act:
        assert search.instances(act, Query()).items == ()


def test_instances_are_those_of_cases_that_one_may_see(town: Town) -> None:
    case = town.open()

    with town.authority.read(town.who("ja-01-handler")) as act:
        assert search.instance(act, case.root_instance_id).root_id == case.root_instance_id
    with town.authority.read(town.who("ja-02-handler")) as act, pytest.raises(Unknown):
        search.instance(act, case.root_instance_id)
    with town.authority.system_read(region=EVERYWHERE) as act:
        assert search.instance(act, case.root_instance_id).process_id == "tiny"
