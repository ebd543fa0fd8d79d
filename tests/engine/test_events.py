"""Events in every position that the engine carries out (BPMN 2.0, section 10.5)."""

from datetime import UTC, datetime

import pytest

from tests.engine.diagrams import Body
from tests.engine.lab import Lab


def guarded(inner: str, body: Body, *, interrupting: bool = True) -> Body:
    """A user task with one event attached to it that leads to another task."""
    body.start().user("work").boundary("event", "work", inner, interrupting=interrupting).user("handled").end()
    return body.flow("start -> work -> end").flow("event -> handled")


def test_interrupting_timer_takes_the_task_away(lab: Lab) -> None:
    body = Body()
    instance = lab.run(guarded(body.timer("timeDuration", "PT1H"), body))

    lab.advance(minutes=59)
    assert lab.tasks(instance) == ["work"]
    lab.advance(minutes=1)

    assert lab.open(instance) == ["handled"]


def test_non_interrupting_timer_leaves_the_task_open_and_fires_once(lab: Lab) -> None:
    body = Body()
    instance = lab.run(guarded(body.timer("timeDuration", "PT1H"), body, interrupting=False))

    lab.advance(hours=5)

    assert lab.open(instance) == ["handled", "work"]


def test_cycle_timer_fires_as_often_as_it_says(lab: Lab) -> None:
    body = Body()
    instance = lab.run(guarded(body.timer("timeCycle", "R3/PT1H"), body, interrupting=False))

    lab.advance(hours=10)

    assert lab.tasks(instance) == ["handled", "handled", "handled", "work"]
    assert lab.timers(instance) == {}


def test_timer_goes_away_with_its_task(lab: Lab) -> None:
    body = Body()
    instance = lab.run(guarded(body.timer("timeDuration", "PT1H"), body))

    lab.complete(instance, "work")
    lab.advance(hours=2)

    assert lab.state(instance) == "completed"
    assert "handled" not in lab.path(instance)


def test_date_timer_reads_a_moment_from_a_variable(lab: Lab) -> None:
    body = Body()
    instance = lab.run(
        guarded(body.timer("timeDate", "=clock.dueAt"), body), clock={"dueAt": "2026-03-02T18:00:00+08:00"}
    )

    assert lab.timers(instance) == {"event": datetime(2026, 3, 2, 10, tzinfo=UTC)}


def test_parked_timer_waits_until_its_due_date_is_changed(lab: Lab) -> None:
    body = Body()
    instance = lab.run(guarded(body.timer("timeDate", "9999-12-31T00:00:00+00:00"), body))
    lab.advance(days=400)
    assert lab.tasks(instance) == ["work"]
    (timer,) = [wait for wait in lab.waits(instance) if wait.element_id == "event"]

    with lab.work() as work:
        work.change_due_date(timer.id, lab.clock.now())
    lab.engine.run_due()

    assert lab.tasks(instance) == ["handled"]


def test_timer_that_gives_null_is_an_incident(lab: Lab) -> None:
    body = Body()
    instance = lab.run(guarded(body.timer("timeDate", "=nothing"), body))

    assert lab.incident(instance).kind == "EXTRACT_VALUE_ERROR"
    assert lab.tasks(instance) == []


def test_message_reaches_only_the_instance_with_its_key(lab: Lab) -> None:
    body = Body()
    first = lab.run(guarded(body.message("cancel"), body), key="one")
    second = lab.start(key="two")

    lab.publish("cancel", "two")

    assert lab.tasks(first) == ["work"]
    assert lab.tasks(second) == ["handled"]


def test_non_interrupting_message_is_taken_again_and_again(lab: Lab) -> None:
    body = Body()
    instance = lab.run(guarded(body.message("ask"), body, interrupting=False), key="k")

    lab.publish("ask", "k")
    lab.publish("ask", "k")

    assert lab.tasks(instance) == ["handled", "handled", "work"]


def test_buffered_message_is_taken_by_a_later_wait_within_its_time_to_live(lab: Lab) -> None:
    from datetime import timedelta

    body = Body().start().user("first").node("receiveTask", "receive", messageRef="MESSAGE").user("after")
    reference = body.message_id("late")
    body.nodes = [node.replace("MESSAGE", reference) for node in body.nodes]
    instance = lab.run(body.flow("start -> first -> receive -> after"), key="k")
    with lab.work() as work:
        work.publish_message("late", "k", {"x": 1}, time_to_live=timedelta(hours=1))

    lab.complete(instance, "first")

    assert lab.tasks(instance) == ["after"]
    assert lab.variables(instance)["x"] == 1


def test_message_with_one_id_is_taken_once(lab: Lab) -> None:
    from datetime import timedelta

    body = Body()
    instance = lab.run(guarded(body.message("ask"), body, interrupting=False), key="k")

    for _ in range(2):
        with lab.work() as work:
            work.publish_message("ask", "k", {}, message_id="only-once", time_to_live=timedelta(hours=1))

    assert lab.tasks(instance) == ["handled", "work"]


def test_message_start_begins_an_instance_with_its_variables(lab: Lab) -> None:
    body = Body()
    body.start("start", body.message("found", None)).user("a").flow("start -> a")
    lab.deploy(body)

    published = lab.publish("found", "k", place="甲一村")

    (instance,) = published.instance_ids
    assert lab.variables(instance) == {"place": "甲一村"}
    assert lab.tasks(instance) == ["a"]


def test_only_the_newest_version_is_started_by_a_message(lab: Lab) -> None:
    for name in ("old", "new"):
        body = Body()
        lab.deploy(body.start("start", body.message("found", None)).user(name).flow(f"start -> {name}"))

    published = lab.publish("found", "k")

    assert [lab.tasks(instance) for instance in published.instance_ids] == [["new"]]


def test_signal_reaches_every_instance_that_waits(lab: Lab) -> None:
    body = Body()
    first = lab.run(guarded(body.signal("alarm"), body))
    second = lab.start()

    lab.signal("alarm", level=3)

    assert [lab.tasks(first), lab.tasks(second)] == [["handled"], ["handled"]]
    assert lab.variables(second) == {"level": 3}


def test_signal_end_event_starts_another_process(lab: Lab) -> None:
    thrower, catcher = Body(), Body()
    thrower.start().end("end", thrower.signal("go")).flow("start -> end")
    catcher.start("start", catcher.signal("go")).user("a").flow("start -> a")
    from tests.engine.diagrams import resource

    lab.deploy(resource(thrower, "p"), resource(catcher, "q"))

    lab.start("p")

    started = [change for change in lab.changes if change.command == "signal_start"]
    assert [lab.tasks(change.root_id) for change in started] == [["a"]]


def test_conditional_event_fires_when_a_variable_makes_it_true(lab: Lab) -> None:
    body = Body()
    instance = lab.run(guarded(body.condition("=n >= 3"), body), n=0)

    lab.set(instance, n=2)
    assert lab.tasks(instance) == ["work"]
    lab.set(instance, n=3)

    assert lab.open(instance) == ["handled"]


def test_conditional_catch_event_passes_at_once_when_it_is_true(lab: Lab) -> None:
    body = Body()
    body.start().catch("c", body.condition("=ready")).user("a").flow("start -> c -> a")

    instance = lab.run(body, ready=True)

    assert lab.tasks(instance) == ["a"]


def test_error_of_a_job_takes_the_path_of_its_code(lab: Lab) -> None:
    body = Body().start().service("pay", "pay").user("paid").user("rejected").user("other")
    body.boundary("e1", "pay", body.error("paymentRejected")).boundary("e2", "pay", body.error(None))
    body.flow("start -> pay -> paid").flow("e1 -> rejected").flow("e2 -> other")
    instance = lab.run(body)

    lab.throw("pay", "paymentRejected", why="closed account")

    assert lab.open(instance) == ["rejected"]
    assert lab.variables(instance)["why"] == "closed account"


def test_error_without_its_own_catcher_takes_the_one_that_catches_all(lab: Lab) -> None:
    body = Body().start().service("pay", "pay").user("rejected").user("other")
    body.boundary("e1", "pay", body.error("paymentRejected")).boundary("e2", "pay", body.error(None))
    body.flow("start -> pay").flow("e1 -> rejected").flow("e2 -> other")
    instance = lab.run(body)

    lab.throw("pay", "surprise")

    assert lab.open(instance) == ["other"]


def test_uncaught_error_is_an_incident_and_nothing_goes_on(lab: Lab) -> None:
    body = Body().start().service("pay", "pay").user("paid").flow("start -> pay -> paid")
    instance = lab.run(body)

    lab.throw("pay", "surprise")

    assert lab.incident(instance).kind == "UNHANDLED_ERROR_EVENT"
    assert lab.tasks(instance) == []


def test_error_end_event_leaves_the_sub_process_by_its_boundary(lab: Lab) -> None:
    inner = Body()
    inner.start("s").gateway("parallel", "g").user("inside").end("bad", inner.error("bad")).flow(
        "s -> g -> inside"
    ).flow("g -> bad")
    body = Body().start().sub("sub", inner)
    body.boundary("e", "sub", body.error("bad")).user("handled").user("after")
    body.flow("start -> sub -> after").flow("e -> handled")

    instance = lab.run(body)

    assert lab.open(instance) == ["handled"]


def test_terminate_end_event_ends_its_scope_only(lab: Lab) -> None:
    inner = Body()
    inner.start("s").gateway("parallel", "g").user("inside").user("stop").end("t", inner.terminate)
    inner.flow("s -> g -> inside").flow("g -> stop -> t")
    body = Body().start().sub("sub", inner).user("after").flow("start -> sub -> after")
    instance = lab.run(body)

    lab.complete(instance, "stop")

    assert lab.open(instance) == ["after"]


def test_timer_start_begins_an_instance_in_each_region(database_url: str) -> None:
    lab = Lab(database_url, regions=lambda _connection: ["JA", "JB"])
    body = Body()
    lab.deploy(body.start("start", body.timer("timeCycle", "R2/PT24H")).user("a").flow("start -> a"))

    lab.advance(days=5)

    assert len([change for change in lab.changes if change.command == "timer_start"]) == 4
    lab.database.close()


@pytest.mark.parametrize("interrupting", [True, False])
def test_event_sub_process_by_message(lab: Lab, interrupting: bool) -> None:
    handler = Body()
    handler.start("hs", handler.message("withdrawn"), isInterrupting=str(interrupting).lower())
    handler.user("handled").flow("hs -> handled")
    body = Body().start().user("work").flow("start -> work").sub("handler", handler, on_event=True)
    instance = lab.run(body, key="k")

    lab.publish("withdrawn", "k", reason="moved")

    assert lab.tasks(instance) == (["handled"] if interrupting else ["handled", "work"])


def test_interrupting_handler_ends_the_process_when_it_is_done(lab: Lab) -> None:
    handler = Body()
    handler.start("hs", handler.timer("timeDuration", "PT1H")).user("handled").flow("hs -> handled")
    body = Body().start().user("work").flow("start -> work").sub("handler", handler, on_event=True)
    instance = lab.run(body)
    lab.advance(hours=1)

    lab.complete(instance, "handled")

    assert lab.state(instance) == "completed"


def test_untriggered_handler_does_not_keep_the_process_alive(lab: Lab) -> None:
    handler = Body()
    handler.start("hs", handler.timer("timeDuration", "PT1H"), isInterrupting="false").user("handled").flow(
        "hs -> handled"
    )
    body = Body().start().user("work").flow("start -> work").sub("handler", handler, on_event=True)
    instance = lab.run(body)

    lab.complete(instance, "work")

    assert lab.state(instance) == "completed"
    assert lab.waits(instance) == []


def test_error_handler_inside_the_scope_comes_before_the_boundary(lab: Lab) -> None:
    handler = Body()
    handler.start("hs", handler.error("bad")).user("inside").flow("hs -> inside")
    inner = Body().start("s").service("job", "job").flow("s -> job").sub("handler", handler, on_event=True)
    body = Body().start().sub("sub", inner)
    body.boundary("e", "sub", body.error("bad")).user("outside").flow("start -> sub").flow("e -> outside")
    instance = lab.run(body)

    lab.throw("job", "bad")

    assert lab.open(instance) == ["inside"]


def test_error_inside_an_error_handler_is_not_caught_by_itself(lab: Lab) -> None:
    handler = Body()
    handler.start("hs", handler.error(None)).service("again", "again").flow("hs -> again")
    inner = Body().start("s").service("job", "job").flow("s -> job").sub("handler", handler, on_event=True)
    body = Body().start().sub("sub", inner)
    body.boundary("e", "sub", body.error(None)).user("outside").flow("start -> sub").flow("e -> outside")
    instance = lab.run(body)
    lab.throw("job", "bad")

    lab.throw("again", "worse")

    assert lab.open(instance) == ["outside"]


def test_a_token_that_comes_to_a_timer_that_is_due_goes_on_in_the_same_step(lab: Lab) -> None:
    body = Body()
    body.start().user("a").catch("now", body.timer("timeDuration", "PT0S")).catch(
        "past", body.timer("timeDate", "2020-01-01T00:00:00Z")
    )
    body.user("b").flow("start -> a -> now -> past -> b")
    instance = lab.run(body)

    changes = lab.complete(instance, "a")

    assert [wait.element_id for wait in changes.opened] == ["b"]
    assert lab.path(instance)[-2:] == ["now", "past"]


def test_a_reminder_that_is_due_at_once_waits_for_the_next_look_at_the_clock(lab: Lab) -> None:
    body = Body()
    body.start().user("a").boundary("t", "a", body.timer("timeDuration", "PT0S"), interrupting=False).user("reminded")
    instance = lab.run(body.flow("start -> a").flow("t -> reminded"))

    assert lab.open(instance) == ["a", "t"]


def test_condition_that_reaches_a_limit_is_an_incident_beside_the_wait(lab: Lab) -> None:
    body = Body()
    condition = body.condition("=count(for a in 1..n, b in 1..n return a) > 3")
    instance = lab.run(guarded(condition, body), n=1)

    lab.set(instance, n=100000)
    assert lab.open(instance) == ["event", "work", "work!"]
    lab.set(instance, n=2)

    assert lab.open(instance) == ["handled"]
