"""Standard loops, what a multi-instance activity throws, ad-hoc sub-processes, links, token quantities."""

import pytest

from tests.engine.diagrams import Body
from tests.engine.lab import Lab


def looped(loop: str, body: Body) -> Body:
    return body.start().script("work", "=n + 1", "n", loop=loop).end().flow("start -> work -> end")


@pytest.mark.parametrize(
    ("begin", "condition", "most", "before", "rounds"),
    [
        (0, "=n < 3", None, False, 3),
        (5, "=n < 3", None, False, 1),
        (5, "=n < 3", None, True, 0),
        (0, None, 4, False, 4),
        (0, "=n < 9", 4, True, 4),
    ],
)
def test_loop_goes_on_while_its_condition_holds_and_at_most_so_often(
    lab: Lab, begin: int, condition: str | None, most: int | None, before: bool, rounds: int
) -> None:
    body = Body()
    instance = lab.run(looped(body.again(condition, most=most, before=before), body), n=begin)

    assert lab.state(instance) == "completed"
    assert lab.variables(instance)["n"] - begin == rounds


def test_loop_of_a_user_task_waits_in_each_round_and_knows_which(lab: Lab) -> None:
    body = Body()
    body.start().user("work", loop=body.again("=more")).end().flow("start -> work -> end")
    instance = lab.run(body, more=True)
    lab.complete(instance, "work")
    task = lab.task(instance, "work")
    with lab.read() as work:
        assert work.variables(task.id)["loopCounter"] == 2

    lab.complete(instance, "work", more=False)

    assert lab.state(instance) == "completed"


def test_boundary_event_ends_the_loop(lab: Lab) -> None:
    body = Body()
    body.start().user("work", loop=body.again("=true")).boundary("border", "work", body.timer("timeDuration", "PT1H"))
    body.end().user("late").end("end2").flow("start -> work -> end").flow("border -> late -> end2")
    instance = lab.run(body)
    lab.complete(instance, "work")

    lab.advance(hours=1)

    assert lab.open(instance) == ["late"]


def ad_hoc(inner: Body, **options: str | None) -> Body:
    body = Body().start().ad_hoc("sub", inner, **options).user("after").end()
    return body.flow("start -> sub -> after -> end")


def test_ad_hoc_activates_what_nothing_leads_to_and_ends_when_all_is_done(lab: Lab) -> None:
    inner = Body().user("a").user("a2").user("b").flow("a -> a2")
    instance = lab.run(ad_hoc(inner))
    assert lab.open(instance) == ["a", "b"]

    lab.complete(instance, "a")
    lab.complete(instance, "b")
    assert lab.open(instance) == ["a2"]
    lab.complete(instance, "a2")

    assert lab.open(instance) == ["after"]


def test_ad_hoc_activates_the_elements_that_its_expression_names(lab: Lab) -> None:
    inner = Body().user("a").user("b").user("c")
    instance = lab.run(ad_hoc(inner, active="=wanted"), wanted=["a", "c", "c"])

    assert lab.open(instance) == ["a", "c", "c"]


def test_ad_hoc_with_an_unknown_element_is_an_incident(lab: Lab) -> None:
    instance = lab.run(ad_hoc(Body().user("a"), active="=wanted"), wanted=["a", "z"])
    assert "'z'" in lab.incident(instance).en

    lab.set(instance, wanted=["a"])
    lab.resolve(instance)

    assert lab.open(instance) == ["a"]


@pytest.mark.parametrize(("cancels", "open_after"), [("true", ["after"]), ("false", ["b"])])
def test_ad_hoc_ends_when_its_condition_becomes_true(lab: Lab, cancels: str, open_after: list[str]) -> None:
    instance = lab.run(
        ad_hoc(Body().user("a").user("b"), until="=ready", cancelRemainingInstances=cancels), ready=False
    )

    lab.complete(instance, "a", ready=True)

    assert lab.open(instance) == open_after


def test_ad_hoc_whose_condition_never_holds_is_an_incident_at_its_end(lab: Lab) -> None:
    instance = lab.run(ad_hoc(Body().user("a"), until="=ready"), ready=False)

    lab.complete(instance, "a")

    assert lab.open(instance) == ["sub!"]


def test_sequential_ad_hoc_does_one_after_the_other(lab: Lab) -> None:
    instance = lab.run(ad_hoc(Body().user("a").user("b"), ordering="Sequential"))
    assert lab.open(instance) == ["a"]

    lab.complete(instance, "a")

    assert lab.open(instance) == ["b"]


def test_link_goes_on_at_the_catch_of_its_name(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "which", default="which-t1")
    body.throw("t1", body.link("one")).throw("t2", body.link("two"))
    body.catch("c1", body.link("one")).catch("c2", body.link("two")).user("first").user("second").end()
    body.flow("start -> which -> t1").flow("which -> t2", "=second").flow("c1 -> first -> end").flow(
        "c2 -> second -> end"
    )

    instance = lab.run(body, second=True)

    assert lab.open(instance) == ["second"]


def test_inclusive_join_waits_for_a_token_that_comes_over_a_link(lab: Lab) -> None:
    body = (
        Body().start().gateway("inclusive", "fork").user("a").user("b").gateway("inclusive", "join").user("after").end()
    )
    body.throw("t", body.link("x")).catch("c", body.link("x"))
    body.flow("start -> fork").flow("fork -> a", "=true").flow("fork -> b", "=true").flow("a -> join -> after -> end")
    body.flow("b -> t").flow("c -> join")
    instance = lab.run(body)

    lab.complete(instance, "a")
    assert lab.open(instance) == ["b"]
    lab.complete(instance, "b")

    assert lab.open(instance) == ["after"]


def test_activity_gives_and_takes_several_tokens(lab: Lab) -> None:
    body = Body().start().user("give", completionQuantity="3").user("pass").user("take", startQuantity="2").end()
    instance = lab.run(body.flow("start -> give -> pass -> take -> end"))
    lab.complete(instance, "give")
    assert lab.open(instance) == ["pass", "pass", "pass"]

    lab.complete(instance, "pass")
    assert lab.open(instance) == ["pass", "pass"]
    lab.complete(instance, "pass")

    assert lab.open(instance) == ["pass", "take"]
