"""Who is let through, and when joins pass (BPMN 2.0, section 13.4)."""

import pytest

from tests.engine.diagrams import Body
from tests.engine.lab import Lab


def test_exclusive_gateway_takes_the_first_condition_that_holds(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "g", default="g-c").user("a").user("b").user("c")
    body.flow("start -> g").flow("g -> a", "=n > 10").flow("g -> b", "=n > 5").flow("g -> c")

    instance = lab.run(body, n=7)

    assert lab.tasks(instance) == ["b"]


def test_exclusive_gateway_takes_the_default_when_no_condition_holds(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "g", default="g-b").user("a").user("b")
    body.flow("start -> g").flow("g -> a", "=n > 10").flow("g -> b")

    instance = lab.run(body, n=7)

    assert lab.tasks(instance) == ["b"]


def test_exclusive_gateway_without_a_way_out_is_an_incident_that_goes_on_after_repair(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "g").user("a").user("b")
    body.flow("start -> g").flow("g -> a", "=n > 10").flow("g -> b", "=n < 0")
    instance = lab.run(body, n=7)
    assert lab.incident(instance).kind == "CONDITION_ERROR"

    lab.set(instance, n=11)
    lab.resolve(instance)

    assert lab.open(instance) == ["a"]


def test_a_condition_that_falls_to_null_says_why_in_its_incident(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "g", default="g-b").user("a").user("b")
    instance = lab.run(body.flow("start -> g").flow("g -> a", "=approvd > 1").flow("g -> b"))

    incident = lab.incident(instance)

    assert ("approvd" in incident.zh, "approvd" in incident.en) == (True, True)


def test_null_at_a_gateway_is_an_incident_and_not_false(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "g", default="g-b").user("a").user("b")
    body.flow("start -> g").flow("g -> a", "=missing > 10").flow("g -> b")

    instance = lab.run(body)

    assert lab.open(instance) == ["g!"]


def test_parallel_join_waits_for_every_branch(lab: Lab) -> None:
    body = Body().start().gateway("parallel", "s").user("a").user("b").gateway("parallel", "j").user("after")
    body.flow("start -> s -> a -> j -> after").flow("s -> b -> j")
    instance = lab.run(body)

    lab.complete(instance, "a")
    assert lab.tasks(instance) == ["b"]
    lab.complete(instance, "b")

    assert lab.tasks(instance) == ["after"]


def test_parallel_join_does_not_count_two_tokens_of_one_branch_as_two_branches(lab: Lab) -> None:
    body = Body().start().gateway("parallel", "s").user("a").user("b").user("c")
    body.gateway("exclusive", "m").gateway("parallel", "j").user("after")
    body.flow("start -> s -> a -> m -> j -> after").flow("s -> b -> m").flow("s -> c -> j")
    instance = lab.run(body)

    lab.complete(instance, "a")
    lab.complete(instance, "b")
    assert lab.tasks(instance) == ["c"]
    lab.complete(instance, "c")

    assert lab.tasks(instance) == ["after"]


def test_inclusive_gateway_joins_the_branches_that_were_taken(lab: Lab) -> None:
    body = Body().start().gateway("inclusive", "s", default="s-c").user("a").user("b").user("c")
    body.gateway("inclusive", "j").user("after")
    body.flow("start -> s").flow("s -> a", "=x").flow("s -> b", "=y").flow("s -> c")
    body.flow("a -> j -> after").flow("b -> j").flow("c -> j")
    instance = lab.run(body, x=True, y=True)
    assert lab.tasks(instance) == ["a", "b"]

    lab.complete(instance, "b")
    assert lab.tasks(instance) == ["a"]
    lab.complete(instance, "a")

    assert lab.tasks(instance) == ["after"]


def test_inclusive_join_goes_on_when_the_last_token_that_could_come_went_another_way(lab: Lab) -> None:
    body = Body().start().gateway("parallel", "s").user("a").user("b").gateway("exclusive", "x", default="x-j")
    body.gateway("inclusive", "j").user("after").end("aside")
    body.flow("start -> s -> a -> j -> after").flow("s -> b -> x").flow("x -> j").flow("x -> aside", "=away")
    instance = lab.run(body, away=True)

    lab.complete(instance, "a")
    assert lab.tasks(instance) == ["b"]
    lab.complete(instance, "b")

    assert lab.tasks(instance) == ["after"]


def test_event_gateway_takes_the_first_event_and_forgets_the_others(lab: Lab) -> None:
    body = Body().start().gateway("eventBased", "g").user("late").user("answered")
    body.catch("t", body.timer("timeDuration", "PT1H")).catch("m", body.message("answer"))
    body.flow("start -> g -> t -> late").flow("g -> m -> answered")
    instance = lab.run(body, key="k")

    lab.publish("answer", "k", text="yes")

    assert lab.open(instance) == ["answered"]
    assert lab.variables(instance)["text"] == "yes"


def test_event_gateway_with_two_timers_fires_the_shorter_one(lab: Lab) -> None:
    body = Body().start().gateway("eventBased", "g").user("long").user("short")
    body.catch("t1", body.timer("timeDuration", "PT2H")).catch("t2", body.timer("timeDuration", "PT1H"))
    body.flow("start -> g -> t1 -> long").flow("g -> t2 -> short")
    instance = lab.run(body)

    lab.advance(minutes=61)

    assert lab.open(instance) == ["short"]


@pytest.mark.parametrize(("x", "expected"), [(True, ["a", "b"]), (False, ["b"])])
def test_conditional_flows_out_of_a_task_split_without_a_gateway(lab: Lab, x: bool, expected: list[str]) -> None:
    body = Body().start().script("t", "=1", "one").user("a").user("b")
    body.flow("start -> t").flow("t -> a", "=x").flow("t -> b")

    instance = lab.run(body, x=x)

    assert lab.tasks(instance) == expected


def test_task_without_outgoing_flow_ends_its_branch(lab: Lab) -> None:
    body = Body().start().user("a")
    body.flow("start -> a")
    instance = lab.run(body)

    lab.complete(instance, "a")

    assert lab.state(instance) == "completed"
