"""Activities, scopes, mappings, loops and calls (BPMN 2.0, sections 10.3 and 13.3; Camunda 8, "Variables")."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.errors import Closed, InvalidInput, Unknown
from tests.engine.diagrams import Body, inputs, outputs, resource
from tests.engine.lab import Lab


def test_parallel_branches_do_not_lose_each_others_updates(lab: Lab) -> None:
    body = Body().start().gateway("parallel", "s").user("a").user("b").gateway("parallel", "j").user("after")
    body.flow("start -> s -> a -> j -> after").flow("s -> b -> j")
    instance = lab.run(body, v="old", n=1)

    lab.complete(instance, "a", v="new", n=2)
    lab.complete(instance, "b", other=1)

    assert lab.variables(instance) == {"v": "new", "n": 2, "other": 1}


def test_input_mappings_are_local_and_outputs_go_outward(lab: Lab) -> None:
    io = inputs(local="=amount * 2") + outputs(result="=local + answer")
    body = Body().start().user("a", io=io).user("b").flow("start -> a -> b")
    instance = lab.run(body, amount=5)

    lab.complete(instance, "a", answer=1)

    assert lab.variables(instance) == {"amount": 5, "result": 11}


def test_results_stay_local_where_an_input_of_that_name_exists(lab: Lab) -> None:
    body = Body().start().user("a", io=inputs(note="=null")).user("b").flow("start -> a -> b")
    instance = lab.run(body, note="outer")

    lab.complete(instance, "a", note="typed")

    assert lab.variables(instance)["note"] == "outer"


def test_nested_output_target_keeps_its_neighbours(lab: Lab) -> None:
    io = '<zeebe:output source="=x" target="decision.amount"/>'
    body = Body().start().user("a", io=io).user("b").flow("start -> a -> b")
    instance = lab.run(body, decision={"act": "approve"})

    lab.complete(instance, "a", x=800)

    assert lab.variables(instance)["decision"] == {"act": "approve", "amount": 800}


def test_failing_output_mapping_keeps_the_results_and_goes_on_after_repair(lab: Lab) -> None:
    io = outputs(total="=if rate = null then assert(rate, rate != null) else amount * rate")
    body = Body().start().gateway("exclusive", "g", default="g-b").user("a", io=io).user("b").user("c")
    body.flow("start -> a -> g").flow("g -> b").flow("g -> c", "=total > missing")
    instance = lab.run(body)

    lab.complete(instance, "a", amount=10)

    assert lab.open(instance) == ["g!"]


def test_script_task_writes_its_result(lab: Lab) -> None:
    body = Body().start().script("s", "=sum(items.price)", "total").user("a").flow("start -> s -> a")

    instance = lab.run(body, items=[{"price": 1}, {"price": 2}])

    assert lab.variables(instance)["total"] == 3


def test_job_gets_its_inputs_and_headers(lab: Lab) -> None:
    ext = '<zeebe:taskHeaders><zeebe:header key="ledger" value="L13"/></zeebe:taskHeaders>'
    body = Body().start().service("s", "ledger.add", ext=ext, io=inputs(entry="={name: who}")).flow("start -> s")
    lab.run(body, who="某甲")

    job = lab.job("ledger.add")

    assert dict(job.headers) == {"ledger": "L13"}
    assert job.variables["entry"] == {"name": "某甲"}


def test_failed_job_comes_back_after_its_back_off(lab: Lab) -> None:
    body = Body().start().service("s", "work").user("a").flow("start -> s -> a")
    instance = lab.run(body)
    lab.fail("work", 2, timedelta(minutes=5))
    with lab.work() as work:
        assert work.lock_job(["work"]) is None

    lab.lease_clock.advance(timedelta(minutes=5))
    lab.done("work")

    assert lab.tasks(instance) == ["a"]


def test_locked_job_is_not_given_twice_until_its_lock_runs_out(lab: Lab) -> None:
    body = Body().start().service("s", "work").flow("start -> s")
    lab.run(body)
    first = lab.job("work")
    with lab.work() as work:
        assert work.lock_job(["work"]) is None

    lab.lease_clock.advance(timedelta(minutes=6))

    assert lab.job("work").id == first.id


def test_job_without_retries_is_an_incident_and_resolving_gives_one_more_try(lab: Lab) -> None:
    body = Body().start().service("s", "work").user("a").flow("start -> s -> a")
    instance = lab.run(body)
    lab.fail("work", 0)
    assert lab.incident(instance).kind == "JOB_NO_RETRIES"

    lab.resolve(instance)
    lab.done("work")

    assert lab.open(instance) == ["a"]


def test_completing_a_job_twice_says_that_it_is_over(lab: Lab) -> None:
    body = Body().start().service("s", "work").user("a").flow("start -> s -> a")
    lab.run(body)
    job = lab.job("work")
    with lab.work() as work:
        work.complete_job(job.id)

    with pytest.raises(Closed), lab.work() as work:
        work.complete_job(job.id)


def test_listeners_run_before_and_after_the_task(lab: Lab) -> None:
    ext = (
        '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="before"/>'
        '<zeebe:executionListener eventType="end" type="after"/></zeebe:executionListeners>'
    )
    body = Body().start().user("a", ext=ext, io=inputs(x="=1")).user("b").flow("start -> a -> b")
    instance = lab.run(body)
    assert lab.jobs(instance) == ["before"]

    lab.done("before", step={"dueAt": "2026-03-03"})
    assert lab.tasks(instance) == ["a"]
    lab.complete(instance, "a", answer=1)
    assert lab.jobs(instance) == ["after"]
    lab.done("after", noted=True)

    assert lab.open(instance) == ["b"]
    assert lab.variables(instance) == {"answer": 1, "noted": True}


def test_a_worker_is_told_which_listener_it_works_for(lab: Lab) -> None:
    ext = '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="before"/></zeebe:executionListeners>'
    lab.run(Body().start().service("a", "own", ext=ext).flow("start -> a"))

    before = lab.job("before")
    with lab.work() as work:
        work.complete_job(before.id)

    assert (before.listener, lab.job("own").listener) == ("start", None)


def test_start_listener_feeds_the_timer_of_its_task(lab: Lab) -> None:
    ext = '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="clock.step"/></zeebe:executionListeners>'
    body = Body()
    body.start().user("a", ext=ext).boundary("t", "a", body.timer("timeDate", "=clocks.step.dueAt")).user("b")
    body.flow("start -> a").flow("t -> b")
    instance = lab.run(body, clocks={"review": {"dueAt": "2026-05-01"}})

    lab.done("clock.step", clocks={"step": {"dueAt": (lab.clock.now() + timedelta(hours=1)).isoformat()}})
    lab.advance(hours=1)

    assert lab.open(instance) == ["b"]
    assert lab.variables(instance)["clocks"] == {"review": {"dueAt": "2026-05-01"}}


# -- loops ------------------------------------------------------------------------------------------------------------


def test_parallel_loop_opens_one_task_for_each_item_and_collects(lab: Lab) -> None:
    body = Body()
    loop = body.many("=papers", item="paper", out="results", element="=done")
    body.start().user("a", loop=loop, io=inputs(done="=null")).user("after").flow("start -> a -> after")
    instance = lab.run(body, papers=["x", "y", "z"])
    tasks = [wait for wait in lab.waits(instance) if wait.element_id == "a"]
    assert len(tasks) == 3

    for number in (2, 0, 1):
        with lab.work() as work:
            work.complete_user_task(tasks[number].id, {"done": number})

    assert lab.open(instance) == ["after"]
    assert lab.variables(instance) == {"papers": ["x", "y", "z"], "results": [0, 1, 2]}


def test_sequential_loop_opens_one_task_after_the_other(lab: Lab) -> None:
    body = Body()
    body.start().user("a", loop=body.many("=papers", sequential=True, item="paper"), io=outputs(last="=paper")).user(
        "after"
    )
    body.flow("start -> a -> after")
    instance = lab.run(body, papers=["x", None])

    lab.complete(instance, "a")
    assert lab.variables(instance)["last"] == "x"
    lab.complete(instance, "a")

    assert lab.open(instance) == ["after"]
    assert lab.variables(instance)["last"] is None


def test_loop_over_an_empty_list_passes(lab: Lab) -> None:
    body = Body()
    body.start().user("a", loop=body.many("=[]", out="results", element="=1")).user("after").flow("start -> a -> after")

    instance = lab.run(body)

    assert lab.tasks(instance) == ["after"]
    assert lab.variables(instance) == {"results": []}


def test_completion_condition_takes_the_other_items_away(lab: Lab) -> None:
    body = Body()
    loop = body.many("=[1,2,3]", until="=numberOfCompletedInstances >= 2")
    body.start().user("a", loop=loop).user("after").flow("start -> a -> after")
    instance = lab.run(body)

    lab.complete(instance, "a")
    lab.complete(instance, "a")

    assert lab.open(instance) == ["after"]


def test_event_attached_to_a_loop_takes_all_items_away(lab: Lab) -> None:
    body = Body()
    body.start().user("a", loop=body.many("=[1,2,3]")).boundary("t", "a", body.timer("timeDuration", "PT1H")).user(
        "late"
    )
    body.flow("start -> a").flow("t -> late")
    instance = lab.run(body)

    lab.advance(hours=1)

    assert lab.open(instance) == ["late"]


def test_loop_can_be_entered_again(lab: Lab) -> None:
    body = Body()
    loop = body.many("=[1,2]", out="results", element="=again")
    body.start().gateway("exclusive", "m").user("a", loop=loop).gateway("exclusive", "g", default="g-end").end()
    body.flow("start -> m -> a -> g -> end").flow("g -> m", "=again")
    instance = lab.run(body, again=True)

    for again in (True, True, True, False):
        lab.complete(instance, "a", again=again)

    assert lab.state(instance) == "completed"


def test_loop_over_something_that_is_no_list_is_an_incident(lab: Lab) -> None:
    body = Body()
    body.start().user("a", loop=body.many("=papers")).flow("start -> a")

    instance = lab.run(body, papers="x")

    assert lab.incident(instance).kind == "EXTRACT_VALUE_ERROR"


def test_sub_process_in_a_loop_ends_one_item_by_its_terminate_event(lab: Lab) -> None:
    inner = Body()
    inner.start("s").user("paper").boundary("due", "paper", inner.timer("timeDuration", "PT1H"), interrupting=False)
    inner.user("dispose").end("closed", inner.terminate).flow("s -> paper -> closed").flow("due -> dispose -> closed")
    body = Body()
    body.start().sub("sub", inner, loop=body.many("=[1,2]")).user("after").flow("start -> sub -> after")
    instance = lab.run(body)
    lab.advance(hours=1)
    assert lab.tasks(instance) == ["dispose", "dispose", "paper", "paper"]

    lab.complete(instance, "dispose")
    assert lab.tasks(instance) == ["dispose", "paper"]
    lab.complete(instance, "paper")

    assert lab.open(instance) == ["after"]


# -- calls ------------------------------------------------------------------------------------------------------------


def called() -> Body:
    return Body().start().user("inside").flow("start -> inside")


def test_called_process_gets_only_the_inputs_and_gives_back_only_the_outputs(lab: Lab) -> None:
    io = inputs(given="=secret + 1") + outputs(answer="=result")
    body = Body().start().call("c", "q", parent=False, io=io).user("after").flow("start -> c -> after")
    lab.deploy(resource(called(), "q"))
    instance = lab.run(body, secret=41)
    child = lab.task(instance, "inside").instance_id
    assert lab.variables(child) == {"given": 42}

    lab.complete(instance, "inside", result="ok", noise=1)

    assert lab.open(instance) == ["after"]
    assert lab.variables(instance) == {"secret": 41, "answer": "ok"}


def test_error_out_of_a_called_process_reaches_the_call_activity(lab: Lab) -> None:
    inner = Body()
    lab.deploy(resource(inner.start().end("bad", inner.error("bad")).flow("start -> bad"), "q"))
    body = Body().start().call("c", "q")
    body.boundary("e", "c", body.error("bad")).user("handled").flow("start -> c").flow("e -> handled")

    instance = lab.run(body)

    assert lab.open(instance) == ["handled"]


def test_cancelling_the_caller_ends_the_called_instance(lab: Lab) -> None:
    body = Body().start().call("c", "q").flow("start -> c")
    lab.deploy(resource(called(), "q"))
    instance = lab.run(body)
    child = lab.task(instance, "inside").instance_id

    with lab.work() as work:
        work.cancel_instance(instance)

    assert [lab.state(instance), lab.state(child)] == ["terminated", "terminated"]
    assert lab.waits(instance) == []


def test_a_called_instance_cannot_be_cancelled_alone(lab: Lab) -> None:
    body = Body().start().call("c", "q").flow("start -> c")
    lab.deploy(resource(called(), "q"))
    child = lab.task(lab.run(body), "inside").instance_id

    with pytest.raises(InvalidInput), lab.work() as work:
        work.cancel_instance(child)


def test_call_of_a_process_that_is_not_deployed_is_an_incident(lab: Lab) -> None:
    body = Body().start().call("c", "q").flow("start -> c")
    instance = lab.run(body)
    assert lab.incident(instance).kind == "CALLED_ELEMENT_ERROR"

    lab.deploy(resource(called(), "q"))
    lab.resolve(instance)

    assert lab.open(instance) == ["inside"]


def test_process_that_calls_itself_without_end_is_an_incident(lab: Lab) -> None:
    body = Body().start().call("c", "p").flow("start -> c")

    instance = lab.run(body)

    assert lab.incident(instance).kind == "CALLED_ELEMENT_ERROR"


# -- bounds and answers -----------------------------------------------------------------------------------------------


def test_loop_without_a_wait_is_an_incident_and_does_not_hang(lab: Lab) -> None:
    body = Body().start().gateway("exclusive", "m").script("s", "=1", "x").flow("start -> m -> s").flow("s -> m")

    instance = lab.run(body)

    assert lab.incident(instance).kind == "STEP_LIMIT"


def test_completing_a_task_twice_says_that_it_is_over(lab: Lab) -> None:
    body = Body().start().user("a").user("b").flow("start -> a -> b")
    instance = lab.run(body)
    task = lab.task(instance, "a")
    lab.complete(instance, "a")

    with pytest.raises(Closed), lab.work() as work:
        work.complete_user_task(task.id, {})

    assert lab.tasks(instance) == ["b"]


def test_task_of_a_cancelled_instance_is_over(lab: Lab) -> None:
    body = Body().start().user("a").flow("start -> a")
    instance = lab.run(body)
    task = lab.task(instance, "a")
    with lab.work() as work:
        work.cancel_instance(instance)

    with pytest.raises(Closed), lab.work() as work:
        work.complete_user_task(task.id, {})


def test_starting_an_unknown_process_is_refused(lab: Lab) -> None:
    with pytest.raises(Unknown):
        lab.start("nowhere")


def test_what_fails_in_a_unit_of_work_leaves_nothing(lab: Lab) -> None:
    body = Body().start().user("a").user("b").flow("start -> a -> b")
    instance = lab.run(body)
    task = lab.task(instance, "a")

    def fails() -> None:
        with lab.work() as work:
            work.complete_user_task(task.id, {"x": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    assert lab.open(instance) == ["a"]
    assert lab.variables(instance) == {}


def test_history_entry_n_is_version_n(lab: Lab) -> None:
    body = Body().start().user("a").user("b").flow("start -> a -> b")
    instance = lab.run(body)
    lab.complete(instance, "a")
    lab.set(instance, x=1)
    lab.complete(instance, "b")

    from engine.persistence import instances

    with lab.read() as work:
        entries = instances.history(work.connection, "JA", [instance])
        version = work.instance(instance).version

    assert [entry[1] for entry in entries] == list(range(1, version + 1))
    assert [entry[4] for entry in entries] == ["start", "complete_user_task", "set_variables", "complete_user_task"]


def test_follow_up_date_of_a_task_is_kept_beside_its_due_date(lab: Lab) -> None:
    schedule = '<zeebe:taskSchedule dueDate="=due" followUpDate="2026-03-05T09:00:00+08:00"/>'
    body = Body().start().user("work", ext=schedule).end().flow("start -> work -> end")
    instance = lab.run(body, due="2026-03-09T09:00:00+08:00")

    task = lab.task(instance, "work")

    assert task.follow_up_at == datetime(2026, 3, 5, 1, tzinfo=UTC)
    assert task.due_at == datetime(2026, 3, 9, 1, tzinfo=UTC)
