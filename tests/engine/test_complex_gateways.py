"""Complex gateways (BPMN 2.0, section 13.4.5), multiple and parallel multiple events (section 10.5.4)."""

from tests.engine.diagrams import Body, resource
from tests.engine.lab import Lab


def joined(condition: str) -> Body:
    body = Body().start().gateway("parallel", "fork").user("a").user("b").user("c")
    body.node("complexGateway", "join", f"<bpmn:activationCondition>{condition}</bpmn:activationCondition>")
    body.user("after").end().flow("start -> fork -> a -> join -> after -> end")
    return body.flow("fork -> b -> join").flow("fork -> c -> join")


def test_join_goes_on_when_enough_have_come_and_takes_in_the_rest(lab: Lab) -> None:
    instance = lab.run(joined("=activationCount >= 2"))
    lab.complete(instance, "b")
    assert lab.open(instance) == ["a", "c"]

    lab.complete(instance, "a")
    assert lab.open(instance) == ["after", "c"]
    lab.complete(instance, "c")
    assert lab.open(instance) == ["after"]
    lab.complete(instance, "after")

    assert lab.state(instance) == "completed"


def test_instance_ends_with_the_last_token_that_comes_too_late(lab: Lab) -> None:
    instance = lab.run(joined("=activationCount = 1"))
    lab.complete(instance, "b")
    lab.complete(instance, "after")
    lab.complete(instance, "a")
    assert lab.state(instance) == "active"

    lab.complete(instance, "c")

    assert lab.state(instance) == "completed"


def test_join_begins_anew_after_all_have_come(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "again").gateway("parallel", "fork").user("a").user("b")
    body.node("complexGateway", "join", "<bpmn:activationCondition>=activationCount = 1</bpmn:activationCondition>")
    body.user("after").gateway("exclusive", "more", default="more-end").end()
    body.flow("start -> again -> fork -> a -> join -> after -> more -> end").flow("fork -> b -> join")
    instance = lab.run(body.flow("more -> again", "=more"), more=True)
    lab.complete(instance, "a")
    lab.complete(instance, "b")
    lab.complete(instance, "after")
    assert lab.open(instance) == ["a", "b"]

    lab.complete(instance, "b")

    assert lab.open(instance) == ["a", "after"]


def test_join_begins_anew_when_nothing_more_can_come(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "again").gateway("inclusive", "fork").user("a").user("b")
    body.node("complexGateway", "join", "<bpmn:activationCondition>=activationCount = 1</bpmn:activationCondition>")
    body.user("after").gateway("exclusive", "more", default="more-end").end().flow("start -> again -> fork")
    body.flow("fork -> a", '=way = "a"').flow("fork -> b", '=way = "b"').flow("a -> join -> after -> more -> end")
    instance = lab.run(body.flow("b -> join").flow("more -> again", "=more"), more=True, way="a")
    lab.complete(instance, "a")

    lab.complete(instance, "after", way="b")
    lab.complete(instance, "b", more=False)

    assert lab.open(instance) == ["after"]


def test_error_in_the_activation_condition_is_an_incident_that_can_be_retried(lab: Lab) -> None:
    instance = lab.run(joined("=activationCount >= needed"), needed="two")
    lab.complete(instance, "a")
    assert lab.open(instance) == ["b", "c", "join!"]

    lab.set(instance, needed=1)
    lab.resolve(instance)

    assert lab.open(instance) == ["after", "b", "c"]


def test_complex_split_takes_every_flow_whose_condition_holds(lab: Lab) -> None:
    body = Body().start().gateway("complex", "split", default="split-c").user("a").user("b").user("c").end()
    body.flow("start -> split -> c -> end").flow("split -> a", "=n > 1").flow("split -> b", "=n > 2")
    body.flow("a -> end").flow("b -> end")
    lab.deploy(body)

    assert [lab.open(lab.start(n=n)) for n in (1, 2, 3)] == [["c"], ["a"], ["a", "b"]]


def test_multiple_event_happens_with_the_first_of_its_events(lab: Lab) -> None:
    body = Body()
    body.start().catch("wait", body.signal("red") + body.message("green", "=key")).user("after").end()
    instance = lab.run(body.flow("start -> wait -> after -> end"), key="k")
    assert lab.open(instance) == ["wait", "wait"]

    lab.publish("green", "k", said="go")

    assert (lab.open(instance), lab.variables(instance)["said"]) == (["after"], "go")


def test_parallel_multiple_event_happens_when_all_of_its_events_have(lab: Lab) -> None:
    body = Body()
    body.start().catch("wait", body.signal("red") + body.message("green", "=key"), parallelMultiple="true").user(
        "after"
    )
    instance = lab.run(body.end().flow("start -> wait -> after -> end"), key="k")

    lab.signal("red", one=1)
    assert lab.open(instance) == ["wait"]
    lab.publish("green", "k", two=2)

    assert lab.open(instance) == ["after"]
    assert {"one": 1, "two": 2}.items() <= lab.variables(instance).items()


def test_boundary_of_several_events_that_does_not_interrupt_waits_on(lab: Lab) -> None:
    body = Body()
    body.start().user("work").boundary(
        "border", "work", body.signal("red") + body.timer("timeDuration", "PT1H"), interrupting=False
    )
    body.user("told").end().end("end2").flow("start -> work -> end").flow("border -> told -> end2")
    instance = lab.run(body)

    lab.signal("red")
    lab.signal("red")
    lab.advance(hours=2)

    assert lab.tasks(instance) == ["told", "told", "told", "work"]


def test_parallel_multiple_boundary_that_does_not_interrupt_waits_for_all_again(lab: Lab) -> None:
    body = Body()
    body.start().user("work").boundary(
        "border", "work", body.signal("red") + body.signal("blue"), interrupting=False, parallelMultiple="true"
    )
    body.user("told").end().end("end2").flow("start -> work -> end").flow("border -> told -> end2")
    instance = lab.run(body)
    for colour in ("red", "blue", "blue", "red", "red"):
        lab.signal(colour)

    assert lab.tasks(instance) == ["told", "told", "work"]


def test_thrown_multiple_event_throws_all_of_them(lab: Lab) -> None:
    other = Body()
    other.start("s", other.signal("red")).user("red").end("e").flow("s -> red -> e")
    body = Body().start()
    body.throw("tell", body.signal("red") + body.message("green", "=key")).catch("wait", body.message("green", "=key"))
    body.gateway("parallel", "fork").user("after").end().end("end2")
    lab.deploy(
        resource(other, "other"), body.flow("start -> fork -> tell -> end2").flow("fork -> wait -> after -> end")
    )
    instance = lab.start(key="k")

    assert lab.open(instance) == ["after"]
    with lab.read() as work:
        assert [row.process_id for row in work.definitions() if row.process_id == "other"] == ["other"]
        assert work.running_counts()
