"""Escalation: whoever throws goes on, unless the catcher interrupts it (BPMN 2.0, section 10.5.6; Camunda 8)."""

from tests.engine.diagrams import Body, resource
from tests.engine.lab import Lab


def thrower(code: str = "LATE") -> Body:
    inner = Body().start("s").user("before")
    inner.throw("tell", inner.escalation(code)).user("work").end("e")
    return inner.flow("s -> before -> tell -> work -> e")


def around(inner: Body, *codes: str | None, interrupting: bool = True) -> Body:
    body = Body().start().sub("sub", inner)
    for number, code in enumerate(codes):
        body.boundary(f"border{number}", "sub", body.escalation(code), interrupting=interrupting)
        body.user(f"told{number}").end(f"end{number}").flow(f"border{number} -> told{number} -> end{number}")
    return body.user("after").end().flow("start -> sub -> after -> end")


def test_interrupting_catcher_ends_the_activity(lab: Lab) -> None:
    instance = lab.run(around(thrower(), "LATE"))

    lab.complete(instance, "before")

    assert lab.open(instance) == ["told0"]


def test_other_catcher_leaves_the_activity_running_and_catches_again(lab: Lab) -> None:
    inner = Body().start("s").gateway("exclusive", "again")
    inner.throw("tell", inner.escalation("LATE")).user("work").end("e").gateway("exclusive", "more", default="more-e")
    inner.flow("s -> again -> tell -> work -> more -> e").flow("more -> again", "=more")
    instance = lab.run(around(inner, "LATE", interrupting=False), more=True)
    assert lab.open(instance) == ["told0", "work"]

    lab.complete(instance, "work")

    assert lab.open(instance) == ["told0", "told0", "work"]


def test_catcher_of_the_code_wins_over_one_that_takes_all(lab: Lab) -> None:
    instance = lab.run(around(thrower("LATE"), None, "LATE"))

    lab.complete(instance, "before")

    assert lab.open(instance) == ["told1"]


def test_escalation_that_nobody_catches_changes_nothing(lab: Lab) -> None:
    instance = lab.run(around(thrower("LATE"), "OTHER"))

    lab.complete(instance, "before")

    assert lab.open(instance) == ["work"]


def test_end_event_escalates_and_ends(lab: Lab) -> None:
    inner = Body().start("s").user("work").end("e")
    inner.end("tell", inner.escalation("LATE")).gateway("parallel", "fork").flow("s -> fork -> work -> e").flow(
        "fork -> tell"
    )
    instance = lab.run(around(inner, "LATE", interrupting=False))

    assert lab.open(instance) == ["told0", "work"]
    lab.complete(instance, "work")

    assert lab.open(instance) == ["after", "told0"]


def test_event_sub_process_interrupts_its_scope(lab: Lab) -> None:
    inner = thrower()
    handler = Body()
    handler.start("hs", handler.escalation("LATE")).user("told").end("he").flow("hs -> told -> he")
    instance = lab.run(around(inner.sub("handler", handler, on_event=True)))
    lab.complete(instance, "before")
    assert lab.open(instance) == ["told"]

    lab.complete(instance, "told")

    assert lab.open(instance) == ["after"]


def test_event_sub_process_that_does_not_interrupt_stands_beside(lab: Lab) -> None:
    inner = thrower()
    handler = Body()
    handler.start("hs", handler.escalation(), isInterrupting="false").user("told").end("he").flow("hs -> told -> he")
    instance = lab.run(around(inner.sub("handler", handler, on_event=True)))

    lab.complete(instance, "before")

    assert lab.open(instance) == ["told", "work"]


def test_escalation_reaches_the_caller_of_the_process(lab: Lab) -> None:
    called = thrower()
    body = Body().start().call("call", "called")
    body.boundary("border", "call", body.escalation("LATE"), interrupting=False).user("told").end("end2")
    body.user("after").end().flow("start -> call -> after -> end").flow("border -> told -> end2")
    lab.deploy(resource(called, "called"), body)
    instance = lab.start()

    lab.complete(instance, "before")

    assert lab.open(instance) == ["told", "work"]


def test_interrupting_catcher_of_the_caller_cancels_the_called_instance(lab: Lab) -> None:
    called = thrower()
    body = Body().start().call("call", "called")
    body.boundary("border", "call", body.escalation("LATE")).user("told").end("end2")
    body.end().flow("start -> call -> end").flow("border -> told -> end2")
    lab.deploy(resource(called, "called"), body)
    instance = lab.start()

    lab.complete(instance, "before")

    assert lab.open(instance) == ["told"]
    with lab.read() as work:
        assert [str(row.state) for row in work.instances(instance)] == ["active", "terminated"]


def test_what_the_throw_maps_in_reaches_the_catcher(lab: Lab) -> None:
    inner = Body().start("s")
    inner.throw("tell", inner.escalation("LATE"), io='<zeebe:input source="=days + 1" target="overdue"/>').end("e")
    instance = lab.run(around(inner.flow("s -> tell -> e"), "LATE"), days=2)

    assert lab.variables(instance)["overdue"] == 3
