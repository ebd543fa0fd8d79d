"""Compensation and transactions (BPMN 2.0, sections 10.5.7, 10.7 and 13.5.5)."""

from tests.engine.diagrams import Body
from tests.engine.lab import Lab


def booked(*names: str, then: str = "throw") -> Body:
    """Service tasks one after the other, each undone by a user task `un<name>`."""
    body = Body().start()
    for name in names:
        body.service(name, name).undone_by(name, f"un{name}").user(f"un{name}", isForCompensation="true")
    return body.flow(" -> ".join(["start", *names, then]))


def test_completed_activities_are_undone_the_last_first_each_before_the_next(lab: Lab) -> None:
    body = booked("a", "b")
    instance = lab.run(body.throw("throw", body.compensate()).user("after").end().flow("throw -> after -> end"))
    lab.done("a")
    lab.done("b")

    assert lab.open(instance) == ["unb"]
    lab.complete(instance, "unb")
    assert lab.open(instance) == ["una"]
    lab.complete(instance, "una")

    assert lab.open(instance) == ["after"]


def test_what_did_not_complete_is_not_undone(lab: Lab) -> None:
    body = Body().start().gateway("parallel", "fork").end("end2")
    for name in ("a", "b"):
        body.service(name, name).undone_by(name, f"un{name}").user(f"un{name}", isForCompensation="true")
    body.throw("throw", body.compensate()).end()
    body.flow("start -> fork -> a -> throw -> end").flow("fork -> b -> end2")
    instance = lab.run(body)

    lab.done("a")
    assert lab.tasks(instance) == ["una"]
    lab.complete(instance, "una")

    assert lab.open(instance) == ["b"]


def test_one_activity_is_undone_when_the_event_names_it_and_only_once(lab: Lab) -> None:
    body = booked("a", "b")
    body.throw("throw", body.compensate("a")).throw("again", body.compensate("a")).user("after").end()
    instance = lab.run(body.flow("throw -> again -> after -> end"))
    lab.done("a")
    lab.done("b")
    assert lab.open(instance) == ["una"]

    lab.complete(instance, "una")

    assert lab.open(instance) == ["after"]


def test_each_completion_in_a_loop_is_undone(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "again").script("a", "=n + 1", "n").undone_by("a", "una")
    body.user("una", isForCompensation="true").gateway("exclusive", "more", default="more-throw")
    body.throw("throw", body.compensate()).end()
    body.flow("start -> again -> a -> more -> throw -> end").flow("more -> again", "=n < 3")
    instance = lab.run(body, n=0)

    for _ in range(3):
        assert lab.open(instance) == ["una"]
        lab.complete(instance, "una")

    assert lab.state(instance) == "completed"


def test_event_that_does_not_wait_goes_on_at_once(lab: Lab) -> None:
    body = booked("a")
    instance = lab.run(
        body.throw("throw", body.compensate(waits=False)).user("after").end().flow("throw -> after -> end")
    )
    lab.done("a")

    assert lab.open(instance) == ["after", "una"]


def test_end_event_compensates_before_the_process_ends(lab: Lab) -> None:
    body = booked("a", then="end")
    instance = lab.run(body.end("end", body.compensate()))
    lab.done("a")
    assert (lab.open(instance), lab.state(instance)) == (["una"], "active")

    lab.complete(instance, "una")

    assert lab.state(instance) == "completed"


def test_completed_sub_process_is_undone_from_the_inside_with_its_own_variables(lab: Lab) -> None:
    inner = Body().start("s").service("a", "a").undone_by("a", "una").end("e")
    inner.script("una", "=secret", "seen", isForCompensation="true").flow("s -> a -> e")
    body = Body().start().sub("sub", inner, io='<zeebe:input source="=41" target="secret"/>')
    body.throw("throw", body.compensate()).end().flow("start -> sub -> throw -> end")
    instance = lab.run(body, seen=None)

    lab.done("a")

    assert (lab.variables(instance)["seen"], lab.state(instance)) == (41, "completed")


def test_handler_of_a_sub_process_stands_for_all_that_is_inside(lab: Lab) -> None:
    inner = Body().start("s").service("a", "a").undone_by("a", "una").user("una", isForCompensation="true").end("e")
    body = Body().start().sub("sub", inner.flow("s -> a -> e")).undone_by("sub", "unsub")
    body.user("unsub", isForCompensation="true").throw("throw", body.compensate()).end()
    instance = lab.run(body.flow("start -> sub -> throw -> end"))

    lab.done("a")

    assert lab.open(instance) == ["unsub"]


def test_event_sub_process_for_compensation_runs_instead_and_may_undo_what_is_inside(lab: Lab) -> None:
    handler = Body()
    handler.start("hs", handler.compensate()).user("first").throw("ht", handler.compensate()).end("he")
    handler.flow("hs -> first -> ht -> he")
    inner = Body().start("s").service("a", "a").undone_by("a", "una").user("una", isForCompensation="true").end("e")
    inner.sub("handler", handler, on_event=True).flow("s -> a -> e")
    body = Body().start().sub("sub", inner)
    body.throw("throw", body.compensate()).user("after").end().flow("start -> sub -> throw -> after -> end")
    instance = lab.run(body)
    lab.done("a")

    for task in ("first", "una", "after"):
        assert lab.open(instance) == [task]
        lab.complete(instance, task)

    assert lab.state(instance) == "completed"


def test_items_of_a_loop_are_undone_one_by_one(lab: Lab) -> None:
    inner = Body().start("s").script("a", "=item", "did").undone_by("a", "una").end("e")
    inner.user("una", isForCompensation="true").flow("s -> a -> e")
    body = Body()
    body.start().sub("sub", inner, loop=body.many("=[1,2]", sequential=True))
    body.throw("throw", body.compensate()).end().flow("start -> sub -> throw -> end")
    instance = lab.run(body)

    for item in (2, 1):
        task = lab.task(instance, "una")
        with lab.read() as work:
            assert work.variables(task.id)["item"] == item
        lab.complete(instance, "una")

    assert lab.state(instance) == "completed"


def test_error_at_the_border_of_a_handler_lets_the_rest_be_undone(lab: Lab) -> None:
    body = Body().start()
    for name in ("a", "b"):
        body.service(name, name).undone_by(name, f"un{name}")
    body.user("una", isForCompensation="true").service("unb", "unb", isForCompensation="true")
    body.boundary("border", "unb", body.error("E")).user("told").end("end2")
    body.throw("throw", body.compensate()).end()
    instance = lab.run(body.flow("start -> a -> b -> throw -> end").flow("border -> told -> end2"))
    lab.done("a")
    lab.done("b")

    lab.throw("unb", "E")

    assert lab.open(instance) == ["told", "una"]


def cancelled() -> Body:
    inner = Body().start("s").service("a", "a").undone_by("a", "una").user("una", isForCompensation="true")
    inner.user("other").gateway("parallel", "fork").end("stop", inner.cancel).end("e")
    inner.flow("s -> fork -> a -> stop").flow("fork -> other -> e")
    body = Body().start().transaction("trade", inner).boundary("border", "trade", inner.cancel)
    body.user("refused").end().end("good")
    return body.flow("start -> trade -> good").flow("border -> refused -> end")


def test_cancelled_transaction_stops_undoes_and_leaves_by_its_cancel_event(lab: Lab) -> None:
    instance = lab.run(cancelled())
    assert lab.open(instance) == ["a", "other"]

    lab.done("a")
    assert lab.open(instance) == ["una"]
    lab.complete(instance, "una")

    assert lab.open(instance) == ["refused"]


def test_transaction_that_completes_leaves_by_its_flow(lab: Lab) -> None:
    inner = Body().start("s").user("work").gateway("exclusive", "ok", default="ok-e").end("e")
    inner.end("stop", inner.cancel).flow("s -> work -> ok -> e").flow("ok -> stop", "=bad")
    body = Body().start().transaction("trade", inner).boundary("border", "trade", inner.cancel).end("bad")
    body.user("after").end().flow("start -> trade -> after -> end").flow("border -> bad")
    instance = lab.run(body, bad=False)

    lab.complete(instance, "work")

    assert lab.open(instance) == ["after"]


def test_handler_that_fails_is_retried_and_the_rest_follows(lab: Lab) -> None:
    body = Body().start().service("a", "a").undone_by("a", "una").user("una", isForCompensation="true")
    body.service("b", "b").undone_by("b", "unb").service("unb", "=worker", isForCompensation="true")
    body.throw("throw", body.compensate()).end()
    instance = lab.run(body.flow("start -> a -> b -> throw -> end"), worker=7)
    lab.done("a")
    lab.done("b")
    assert lab.open(instance) == ["unb!"]

    lab.set(instance, worker="mended")
    lab.resolve(instance)
    lab.done("mended")
    lab.complete(instance, "una")

    assert lab.state(instance) == "completed"
