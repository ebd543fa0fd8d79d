"""An operator moves, suspends and resumes an instance (Camunda 8, "Process instance modification"; Camunda 7, suspension)."""

from datetime import timedelta

import pytest

from engine.errors import Closed, InvalidInput, Suspended, Unknown
from engine.model import Activation, Termination
from tests.engine.diagrams import Body, resource
from tests.engine.lab import Lab


def line(*names: str) -> Body:
    body = Body().start()
    for name in names:
        body.user(name)
    return body.end().flow(" -> ".join(["start", *names, "end"]))


def modify(
    lab: Lab, instance: int, *, activate: list[Activation] | None = None, terminate: list[Termination] | None = None
) -> None:
    with lab.work() as work:
        work.modify_instance(instance, activate=activate or [], terminate=terminate or [])


def test_token_moves_to_another_element(lab: Lab) -> None:
    instance = lab.run(line("a", "b", "c"))

    with lab.work() as work:
        work.move_token(instance, Termination(element_id="a"), "c")

    assert lab.open(instance) == ["c"]
    assert lab.path(instance, "terminated") == ["a"]


def test_instance_begins_at_a_second_element_with_variables(lab: Lab) -> None:
    instance = lab.run(line("a", "b"))

    modify(lab, instance, activate=[Activation("b", {"why": "again"})])

    assert (lab.open(instance), lab.variables(instance)["why"]) == (["a", "b"], "again")


def test_beginning_behind_an_element_takes_its_flows(lab: Lab) -> None:
    instance = lab.run(line("a", "b"))

    modify(lab, instance, activate=[Activation("a", after=True)], terminate=[Termination(element_id="a")])

    assert lab.open(instance) == ["b"]


def test_scope_around_an_element_is_opened_with_its_events_when_none_lives(lab: Lab) -> None:
    inner = Body().start("s").user("in").end("e").flow("s -> in -> e")
    body = Body().start().user("a").sub("sub", inner, io='<zeebe:input source="=n + 1" target="local"/>')
    body.boundary("late", "sub", body.timer("timeDuration", "PT1H")).user("told").end("end2").end()
    instance = lab.run(body.flow("start -> a -> sub -> end").flow("late -> told -> end2"), n=1)

    modify(lab, instance, activate=[Activation("in")], terminate=[Termination(element_id="a")])
    assert lab.open(instance) == ["in", "late"]
    task = lab.task(instance, "in")
    with lab.read() as work:
        assert work.variables(task.id)["local"] == 2
    lab.complete(instance, "in")

    assert lab.state(instance) == "completed"


def test_scope_that_lives_is_used_and_several_need_to_be_told_apart(lab: Lab) -> None:
    inner = Body().start("s").user("one").user("two").end("e").flow("s -> one -> two -> e")
    body = Body()
    body.start().sub("sub", inner, loop=body.many("=[1,2]")).end().flow("start -> sub -> end")
    instance = lab.run(body)
    with pytest.raises(InvalidInput, match="say inside which"):
        modify(lab, instance, activate=[Activation("two")])
    inside = lab.task(instance, "one").id
    with lab.read() as work:
        parent = next(p.scope_id for p in work.path(instance) if p.element_instance_id == inside)

    modify(lab, instance, activate=[Activation("two", ancestor_id=parent)])

    assert lab.tasks(instance) == ["one", "one", "two"]


def test_item_that_is_taken_away_counts_as_done(lab: Lab) -> None:
    body = Body()
    body.start().user("work", loop=body.many("=[1,2,3]", sequential=True)).end().flow("start -> work -> end")
    instance = lab.run(body)

    modify(lab, instance, terminate=[Termination(element_instance_id=lab.task(instance, "work").id)])

    task = lab.task(instance, "work")
    with lab.read() as work:
        assert work.variables(task.id)["item"] == 2


def test_taking_the_last_token_away_ends_the_instance(lab: Lab) -> None:
    instance = lab.run(line("a"))

    modify(lab, instance, terminate=[Termination(element_id="a")])

    assert lab.state(instance) == "terminated"
    assert lab.open(instance) == []


@pytest.mark.parametrize(
    ("activate", "terminate", "error"),
    [
        ([Activation("nowhere")], [], Unknown),
        ([Activation("late")], [], InvalidInput),
        ([Activation("end", after=True)], [], InvalidInput),
        ([Activation("b")], [Termination(element_id="b2")], Unknown),
        ([], [Termination(element_instance_id=1)], Closed),
        ([], [Termination(element_id="b")], Closed),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_done(
    lab: Lab, activate: list[Activation], terminate: list[Termination], error: type[Exception]
) -> None:
    body = line("a", "b")
    body.boundary("late", "a", body.timer("timeDuration", "PT1H")).end("end2").flow("late -> end2")
    instance = lab.run(body)

    with pytest.raises(error):
        modify(lab, instance, activate=activate, terminate=terminate)

    assert lab.open(instance) == ["a", "late"]


def guarded(lab: Lab) -> int:
    body = Body().start().user("work").service("job", "job").gateway("parallel", "fork")
    body.catch("wait", body.message("news")).user("after").end().end("end2").end("end3")
    body.boundary("late", "work", body.timer("timeDuration", "PT10H")).user("told").end("end4")
    body.flow("start -> fork -> work -> end").flow("fork -> job -> end2").flow("fork -> wait -> after -> end3")
    return lab.run(body.flow("late -> told -> end4"), key="k")


def test_suspended_instance_rests_and_its_timer_keeps_what_is_left(lab: Lab) -> None:
    instance = guarded(lab)
    lab.advance(hours=4)
    with lab.work() as work:
        work.suspend_instance(instance)

    lab.advance(days=30)
    assert lab.state(instance) == "suspended"
    with pytest.raises(Suspended):
        lab.complete(instance, "work")
    with lab.work() as work:
        assert work.lock_job(["job"]) is None
        assert work.publish_message("news", "k", {}, time_to_live=timedelta(days=60)).instance_ids == ()
    with pytest.raises(Suspended):
        modify(lab, instance, activate=[Activation("after")])

    with lab.work() as work:
        work.resume_instance(instance)
    assert lab.open(instance) == ["after", "job", "late", "work"]
    lab.advance(hours=5, minutes=59)
    assert "told" not in lab.tasks(instance)
    lab.advance(minutes=1)

    assert lab.tasks(instance) == ["after", "told"]
    lab.done("job")


def test_due_date_that_is_changed_while_suspended_counts_from_there(lab: Lab) -> None:
    instance = guarded(lab)
    with lab.work() as work:
        work.suspend_instance(instance)
    (timer,) = [wait.id for wait in lab.waits(instance) if wait.element_id == "late"]
    with lab.work() as work:
        work.change_due_date(timer, lab.clock.now() + timedelta(hours=2))
    lab.advance(days=9)

    with lab.work() as work:
        work.resume_instance(instance)
    lab.advance(hours=2)

    assert "told" in lab.tasks(instance)


def test_called_instances_rest_with_their_root_and_conditions_are_asked_on_return(lab: Lab) -> None:
    called = Body().start().user("in").boundary("full", "in", Body().condition("=n > 3")).user("done").end().end("end2")
    called.flow("start -> in -> end").flow("full -> done -> end2")
    lab.deploy(resource(called, "called"), Body().start().call("call", "called").end().flow("start -> call -> end"))
    instance = lab.start(n=1)
    with lab.work() as work:
        inner = work.instances(instance)[1].id
        with pytest.raises(InvalidInput):
            work.suspend_instance(inner)
        work.suspend_instance(instance)
    lab.set(inner, n=5)
    assert lab.tasks(instance) == ["in"]

    with lab.work() as work:
        work.resume_instance(instance)

    assert lab.tasks(instance) == ["done"]


def test_suspending_twice_or_resuming_what_runs_is_refused_and_cancelling_is_not(lab: Lab) -> None:
    instance = lab.run(line("a"))
    with lab.work() as work, pytest.raises(Closed):
        work.resume_instance(instance)
    with lab.work() as work:
        work.suspend_instance(instance)
    with lab.work() as work, pytest.raises(Closed):
        work.suspend_instance(instance)

    with lab.work() as work:
        work.cancel_instance(instance)

    assert lab.state(instance) == "terminated"
