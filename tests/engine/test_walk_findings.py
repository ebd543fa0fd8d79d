"""Faults that random walks (`tests/random`) found, each in its smallest form."""

from typing import Any

from tests.engine.diagrams import Body
from tests.engine.lab import Lab


def handler(trigger: str, *after: str, quiet: bool = True, body: Body | None = None) -> Body:
    inside = body or Body()
    inside.start("on", trigger, isInterrupting="false" if quiet else None)
    for name in after:
        inside.user(name)
    return inside.flow(" -> ".join(("on", *after)))


def test_a_condition_is_asked_again_when_its_variable_changes_twice_in_one_step(lab: Lab) -> None:
    body = Body()
    body.start().script("first", "=7", "n").catch("pause", body.condition("=n > 5")).script("second", "=8", "n").user(
        "a"
    )
    body.flow("start -> first -> pause -> second -> a")
    inside = Body()
    body.sub("beside", handler(inside.condition("=n > 5"), "note", body=inside), on_event=True)

    instance = lab.run(body, n=0)

    assert lab.tasks(instance) == ["a", "note", "note"]


def test_a_condition_is_not_asked_for_a_variable_of_that_name_elsewhere(lab: Lab) -> None:
    body = Body()
    inner = Body().start("s").user("b", io='<zeebe:input source="=1" target="n"/>').user("c").flow("s -> b -> c")
    body.start().gateway("parallel", "g").user("a").sub("sub", inner).flow("start -> g -> a").flow("g -> sub")
    body.boundary("above", "a", body.condition("=n > 5"), interrupting=False).user("note").flow("above -> note")
    instance = lab.run(body, n=9)
    assert lab.tasks(instance) == ["a", "b", "note"]

    lab.complete(instance, "b", n=3)

    assert lab.tasks(instance) == ["a", "c", "note"]


def test_a_called_process_that_ends_by_its_condition_lets_the_caller_go_on(lab: Lab) -> None:
    from tests.engine.diagrams import resource

    called = Body()
    called.start("s").catch("c", called.condition("=n > 5")).flow("s -> c")
    body = Body().start().call("call", "q").user("after").flow("start -> call -> after")
    lab.deploy(resource(called, "q"))
    instance = lab.run(body, n=0)
    child = next(wait.instance_id for wait in lab.waits(instance))

    lab.set(child, n=6)

    assert lab.tasks(instance) == ["after"]


def test_a_loop_whose_results_were_overwritten_is_an_incident(lab: Lab) -> None:
    body = Body()
    body.start().user("a", loop=body.many("=[1,2]", out="results", element="=item")).flow("start -> a")
    instance = lab.run(body)

    with lab.work() as work:
        task = next(wait for wait in work.open_waits(instance) if wait.element_id == "a")
        work.complete_user_task(task.id, {"results": []})

    assert lab.incident(instance).kind == "EXTRACT_VALUE_ERROR"


def test_an_error_in_a_non_interrupting_handler_is_caught_by_its_sibling(lab: Lab) -> None:
    body = Body().start().user("work").flow("start -> work")
    throwing = Body()
    throwing.start("on", throwing.message("go"), isInterrupting="false").end("bad", throwing.error("bad")).flow(
        "on -> bad"
    )
    catching = Body()
    catching.start("caught", catching.error("bad")).user("repair").flow("caught -> repair")
    body.sub("h1", throwing, on_event=True).sub("h2", catching, on_event=True)
    instance = lab.run(body, key="k")

    lab.publish("go", "k")

    assert lab.tasks(instance) == ["repair"]


def test_a_scope_that_cannot_leave_no_longer_listens_inside(lab: Lab) -> None:
    inner = Body().start("s").user("a").flow("s -> a")
    inside = Body()
    inner.sub("h", handler(inside.message("go"), "late", body=inside), on_event=True)
    body = Body().start().sub("sub", inner).user("b").user("c").flow("start -> sub").flow("sub -> b", "=n > 5")
    body.flow("sub -> c", "=n < 0")
    instance = lab.run(body, n=3, key="k")
    lab.complete(instance, "a")
    assert lab.open(instance) == ["sub!"]

    lab.publish("go", "k")
    lab.set(instance, n=7)
    lab.resolve(instance)

    assert lab.tasks(instance) == ["b"]


def test_an_element_that_the_bound_of_a_step_stopped_is_entered_once_and_can_be_ended(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "m").script("s", "=1", "x").flow("start -> m -> s").flow("s -> m")
    instance = lab.run(body)
    lab.resolve(instance)
    assert lab.incident(instance).kind == "STEP_LIMIT"

    with lab.work() as work:
        work.cancel_instance(instance)

    assert sorted(_ended_twice(lab, instance)) == []


def _ended_twice(lab: Lab, instance: int) -> list[Any]:
    with lab.read() as work:
        stays = [passed.element_instance_id for passed in work.path(instance)]
    return [stay for stay in set(stays) if stays.count(stay) > 1]


def test_a_condition_that_held_before_is_not_met_again_by_resuming(lab: Lab) -> None:
    body = Body().start().user("a").flow("start -> a")
    inside = Body()
    body.sub("beside", handler(inside.condition("=n > 5"), "note", body=inside), on_event=True)
    instance = lab.run(body, n=9)
    assert lab.tasks(instance) == ["a", "note"]

    for written in ({}, {"n": 8}):
        with lab.work() as work:
            work.suspend_instance(instance)
        if written:
            lab.set(instance, **written)
        assert lab.tasks(instance) == ["a", "note"]
        with lab.work() as work:
            work.resume_instance(instance)

    assert lab.tasks(instance) == ["a", "note", "note"]


def test_a_cycle_owes_nothing_for_the_time_in_which_its_instance_rested(lab: Lab) -> None:
    body = Body().start().user("a").flow("start -> a")
    body.boundary("again", "a", body.timer("timeCycle", "R4/PT2H"), interrupting=False).user("note").flow(
        "again -> note"
    )
    instance = lab.run(body)
    lab.advance(hours=3)
    with lab.work() as work:
        work.suspend_instance(instance)
    lab.advance(hours=50)
    with lab.work() as work:
        work.resume_instance(instance)

    lab.advance(hours=1)
    assert lab.tasks(instance) == ["a", "note", "note"]
    lab.advance(hours=1)
    assert lab.tasks(instance) == ["a", "note", "note"]
    lab.advance(hours=1)

    assert lab.tasks(instance) == ["a", "note", "note", "note"]


def test_a_condition_that_held_before_is_not_met_again_by_resolving_the_incident_of_a_job(lab: Lab) -> None:
    body = Body().start().service("job", "job").flow("start -> job")
    body.boundary("beside", "job", body.condition("=n > 5"), interrupting=False).user("note").flow("beside -> note")
    instance = lab.run(body, n=9)
    assert lab.open(instance) == ["beside", "job", "note"]
    lab.fail("job", 0)

    lab.resolve(instance)

    assert lab.open(instance) == ["beside", "job", "note"]
