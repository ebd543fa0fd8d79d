"""Faults in compensation, complex gateways and events of several triggers.

Random walks (`tests/random`) showed them, or writing down the rules of the token game did.
"""

import pytest

from engine.model import Termination
from tests.engine.diagrams import Body
from tests.engine.lab import Lab


def undone_inside(*, border: bool = False, quiet: bool = False) -> Body:
    """A completed sub-process with one task and its handler `un`, which may have a message at its border."""
    inner = Body().start("s").service("a", "a").undone_by("a", "un").user("un", isForCompensation="true").end("e")
    if border:
        inner.boundary("go", "un", inner.message("go"), interrupting=not quiet).user("told").flow("go -> told")
    return inner.flow("s -> a -> e")


def undone(lab: Lab, inner: Body, *, waits: bool = True) -> int:
    body = Body().start().sub("sub", inner)
    body.throw("throw", body.compensate(waits=waits)).user("after").end()
    instance = lab.run(body.flow("start -> sub -> throw -> after -> end"), key="k")
    lab.done("a")
    return instance


def test_what_an_event_at_the_border_of_a_handler_began_goes_on_inside_what_is_undone(lab: Lab) -> None:
    instance = undone(lab, undone_inside(border=True))
    lab.publish("go", "k")
    assert lab.tasks(instance) == ["told"]

    lab.complete(instance, "told")

    assert lab.tasks(instance) == ["after"]


def test_a_sub_process_is_undone_only_when_nothing_goes_on_inside_it(lab: Lab) -> None:
    instance = undone(lab, undone_inside(border=True, quiet=True))
    lab.publish("go", "k")
    lab.complete(instance, "un")
    assert lab.tasks(instance) == ["told"]

    lab.complete(instance, "told")

    assert lab.tasks(instance) == ["after"]


def test_an_instance_ends_after_what_is_undone_without_being_waited_for(lab: Lab) -> None:
    instance = undone(lab, undone_inside(), waits=False)
    lab.complete(instance, "after")
    assert lab.tasks(instance) == ["un"]

    lab.complete(instance, "un")

    assert lab.state(instance) == "completed"


def test_the_rest_is_undone_when_an_operator_takes_a_handler_away(lab: Lab) -> None:
    body = Body().start()
    for name in ("a", "b"):
        body.service(name, name).undone_by(name, f"un{name}").user(f"un{name}", isForCompensation="true")
    body.throw("throw", body.compensate()).user("after").flow("start -> a -> b -> throw -> after")
    instance = lab.run(body)
    lab.done("a")
    lab.done("b")

    for task in ("unb", "una"):
        with lab.work() as work:
            work.modify_instance(instance, terminate=[Termination(element_instance_id=lab.task(instance, task).id)])

    assert lab.tasks(instance) == ["after"]


def test_a_sub_process_that_is_undone_is_over_when_its_last_handler_is_taken_away(lab: Lab) -> None:
    instance = undone(lab, undone_inside())

    with lab.work() as work:
        work.modify_instance(instance, terminate=[Termination(element_instance_id=lab.task(instance, "un").id)])

    assert lab.tasks(instance) == ["after"]


def test_what_completed_catches_nothing_while_it_is_undone(lab: Lab) -> None:
    inner = Body().start("s").service("a", "a").undone_by("a", "un").end("e")
    inner.service("un", "un", isForCompensation="true").flow("s -> a -> e")
    body = Body().start().sub("sub", inner)
    body.boundary("border", "sub", body.error("E")).user("caught").flow("border -> caught")
    body.throw("throw", body.compensate()).end().flow("start -> sub -> throw -> end")
    instance = lab.run(body)
    lab.done("a")

    lab.throw("un", "E")

    assert (lab.incident(instance).kind, lab.tasks(instance)) == ("UNHANDLED_ERROR_EVENT", [])


@pytest.mark.parametrize("join", ["inclusive", "complex"])
def test_a_join_does_not_wait_for_what_is_only_undone(lab: Lab, join: str) -> None:
    enough = "<bpmn:activationCondition>=activationCount &gt; 0</bpmn:activationCondition>" if join == "complex" else ""
    body = Body().start().gateway("parallel", "fork").sub("sub", undone_inside()).user("b").user("after")
    body.node(f"{join}Gateway", "join", enough).gateway("exclusive", "way", default="way-throw")
    body.throw("throw", body.compensate()).gateway("exclusive", "more", default="more-end").end()
    body.flow("start -> fork -> sub -> way -> throw -> end").flow("way -> join", "=n > 5")
    body.flow("fork -> b -> join -> after -> more -> end").flow("more -> b", "=n < 5")
    instance = lab.run(body, n=0)
    lab.done("a")

    for task in ("b", "after") * 2:
        assert lab.tasks(instance) == sorted([task, "un"])
        lab.complete(instance, task)


def test_a_token_with_an_incident_at_a_complex_join_ends_when_another_passes(lab: Lab) -> None:
    body = Body().start().gateway("parallel", "fork").user("a").user("b").user("after")
    condition = "<bpmn:activationCondition>=activationCount &gt;= needed</bpmn:activationCondition>"
    body.node("complexGateway", "join", condition)
    body.flow("start -> fork -> a -> join -> after").flow("fork -> b -> join")
    instance = lab.run(body, needed="two")
    lab.complete(instance, "a")
    lab.set(instance, needed=2)
    lab.resolve(instance)

    lab.complete(instance, "b")

    assert lab.open(instance) == ["after"]


@pytest.mark.parametrize("together", [False, True])
def test_an_event_that_has_happened_awaits_nothing_more_while_its_listener_works(lab: Lab, together: bool) -> None:
    listener = (
        '<zeebe:executionListeners><zeebe:executionListener eventType="end" type="last"/></zeebe:executionListeners>'
    )
    body = Body().start()
    body.catch("wait", body.message("one") + body.signal("two"), ext=listener,
               parallelMultiple=str(together).lower())  # fmt: skip
    instance = lab.run(body.user("after").end().flow("start -> wait -> after -> end"), key="k")
    lab.publish("one", "k")
    if together:
        lab.signal("two")
    assert lab.jobs(instance) == ["last"]

    lab.signal("two")
    lab.done("last")

    assert lab.open(instance) == ["after"]


def test_what_a_trigger_brought_before_an_incident_is_not_kept_for_the_next_time(lab: Lab) -> None:
    inner = Body().user("t").flow("t -> u").user("u")
    body = Body().start().ad_hoc("some", inner, until="=enough")
    body.boundary("both", "some", body.message("one") + body.message("two"), parallelMultiple="true").user("after")
    instance = lab.run(body.flow("start -> some").flow("both -> after"), key="k")
    lab.publish("one", "k", first=1)
    lab.complete(instance, "t")
    lab.set(instance, enough=False)
    lab.resolve(instance)

    lab.publish("one", "k")
    lab.publish("two", "k")

    assert (lab.tasks(instance), lab.variables(instance).get("first")) == (["after"], None)
