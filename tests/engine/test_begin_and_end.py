"""An instance that begins at named elements and ends after one: how a single task of a diagram is tried out."""

import pytest

from engine.errors import InvalidInput
from engine.model import InstanceState
from engine.search import Condition, Op, Query
from tests.engine.diagrams import Body
from tests.engine.lab import Lab

LINE = Body().start().user("a").user("b").user("c").flow("start -> a -> b -> c")


def begin(lab: Lab, *begin_at: str, end_after: tuple[str, ...] = (), **variables: object) -> int:
    with lab.work() as work:
        return int(work.start_instance("p", variables, begin_at=begin_at, end_after=end_after))


def state(lab: Lab, instance: int) -> InstanceState:
    with lab.read() as work:
        return InstanceState(work.instance(instance).state)


def entered(lab: Lab, instance: int) -> list[str]:
    with lab.read() as work:
        found = work.search_elements(Query((Condition("instance_id", Op.EQ, instance),))).items
    return [each.element_id for each in found if each.kind != "process"]


def test_it_begins_where_it_is_told_to_and_nowhere_else(lab: Lab) -> None:
    lab.deploy(LINE)
    instance = begin(lab, "b", "c")

    assert lab.tasks(instance) == ["b", "c"]
    assert entered(lab, instance) == ["b", "c"]


def test_it_ends_as_terminated_after_the_element_and_enters_nothing_more(lab: Lab) -> None:
    lab.deploy(LINE)
    instance = begin(lab, "b", end_after=("b",))
    lab.complete(instance, "b")

    assert (state(lab, instance), entered(lab, instance)) == (InstanceState.TERMINATED, ["b"])


def test_it_may_begin_as_always_and_end_early(lab: Lab) -> None:
    lab.deploy(LINE)
    instance = begin(lab, end_after=("a",))
    lab.complete(instance, "a")

    assert (state(lab, instance), entered(lab, instance)) == (InstanceState.TERMINATED, ["start", "a"])


def test_after_the_last_element_too_it_ends_as_terminated(lab: Lab) -> None:
    lab.deploy(LINE)
    instance = begin(lab, "c", end_after=("c",))
    lab.complete(instance, "c")

    assert state(lab, instance) is InstanceState.TERMINATED


def test_what_stands_beside_is_taken_away_with_its_waits(lab: Lab) -> None:
    lab.deploy(LINE)
    instance = begin(lab, "a", "c", end_after=("a",))
    lab.complete(instance, "a")

    assert (lab.open(instance), state(lab, instance)) == ([], InstanceState.TERMINATED)


def test_inside_a_sub_process_the_scopes_around_are_opened(lab: Lab) -> None:
    inner = Body().start("s").user("inside").flow("s -> inside")
    lab.deploy(Body().start().sub("around", inner).user("after").flow("start -> around -> after"))
    instance = begin(lab, "inside", end_after=("around",))
    lab.complete(instance, "inside")

    assert (state(lab, instance), entered(lab, instance)) == (InstanceState.TERMINATED, ["around", "inside"])


def test_of_a_loop_all_items_are_done_first(lab: Lab) -> None:
    body = Body()
    lab.deploy(
        body.start()
        .user("each", inner=body.many("=[1, 2]", sequential=True))
        .user("after")
        .flow("start -> each -> after")
    )
    instance = begin(lab, "each", end_after=("each",))
    lab.complete(instance, "each")
    assert lab.tasks(instance) == ["each"]
    lab.complete(instance, "each")

    assert state(lab, instance) is InstanceState.TERMINATED


@pytest.mark.parametrize(("at", "after"), [(("nowhere",), ()), ((), ("nowhere",))])
def test_an_element_that_there_is_not_is_refused(lab: Lab, at: tuple[str, ...], after: tuple[str, ...]) -> None:
    lab.deploy(LINE)

    with pytest.raises(InvalidInput):
        begin(lab, *at, end_after=after)


def test_a_task_gets_another_priority_and_follow_up_date(lab: Lab) -> None:
    instance = lab.run(LINE)
    task = lab.task(instance, "a")
    with lab.work() as work:
        work.update_user_task(task.id, priority=90, follow_up=(lab.clock.now(),))
    changed = lab.task(instance, "a")
    with lab.work() as work:
        work.update_user_task(task.id, follow_up=(None,))

    assert (changed.priority, changed.follow_up_at) == (90, lab.clock.now())
    assert (lab.task(instance, "a").priority, lab.task(instance, "a").follow_up_at) == (90, None)
