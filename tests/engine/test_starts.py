"""What starts an instance by itself besides plain messages, signals and timers (BPMN 2.0, section 13.2)."""

from datetime import UTC, datetime

import pytest

from engine.errors import DeploymentRefused, InvalidInput, Unknown
from tests.engine.diagrams import Body, resource
from tests.engine.lab import Lab


def test_condition_starts_an_instance_when_it_is_asked_and_holds(lab: Lab) -> None:
    body = Body()
    body.start("start", body.condition("=income < 1000")).user("help").end().flow("start -> help -> end")
    lab.deploy(body)

    with lab.work() as work:
        assert work.evaluate_conditions({"income": 1500}) == []
        (instance,) = work.evaluate_conditions({"income": 900}, business_key="K1")

    assert lab.open(instance) == ["help"]
    assert lab.variables(instance)["income"] == 900
    with lab.read() as work:
        assert work.instance(instance).business_key == "K1"


def test_condition_is_asked_of_the_newest_version_and_of_the_named_process_alone(lab: Lab) -> None:
    for bound in ("100", "1000"):
        body = Body()
        body.start("start", body.condition(f"=income < {bound}")).user("help").end().flow("start -> help -> end")
        lab.deploy(body)
    other = Body()
    other.start("start", other.condition("=true")).user("always").end().flow("start -> always -> end")
    lab.deploy(resource(other, "other"))

    with lab.work() as work:
        (instance,) = work.evaluate_conditions({"income": 900}, process_id="p")

    assert lab.open(instance) == ["help"]


def test_receive_task_starts_an_instance(lab: Lab) -> None:
    body = Body()
    body.node("receiveTask", "take", messageRef=body.message_id("applied", None), instantiate="true")
    lab.deploy(body.user("check").end().flow("take -> check -> end"))

    (instance,) = lab.publish("applied", "k1", who="Li").instance_ids

    assert (lab.open(instance), lab.variables(instance)["who"]) == (["check"], "Li")


def test_gateway_starts_an_instance_with_the_first_of_its_events(lab: Lab) -> None:
    body = Body()
    body.node("eventBasedGateway", "first", instantiate="true").catch("a", body.message("letter", None))
    body.catch("b", body.signal("call")).user("read").user("listen").end()
    lab.deploy(body.flow("first -> a -> read -> end").flow("first -> b -> listen -> end"))

    (instance,) = lab.publish("letter", "k1").instance_ids

    assert lab.open(instance) == ["read"]


def test_message_starts_no_second_instance_with_a_key_while_the_first_is_suspended(lab: Lab) -> None:
    body = Body()
    body.start("start", body.message("letter", None)).user("work").end().flow("start -> work -> end")
    lab.deploy(body)
    (first,) = lab.publish("letter", "k1").instance_ids
    with lab.work() as work:
        work.suspend_instance(first)
    assert lab.publish("letter", "k1").instance_ids == ()

    with lab.work() as work:
        work.resume_instance(first)
    lab.complete(first, "work")

    assert len(lab.publish("letter", "k1").instance_ids) == 1


def test_multiple_start_event_starts_with_each_of_its_events(lab: Lab) -> None:
    body = Body()
    body.start("start", body.message("letter", None) + body.message("visit", None)).user("work").end()
    lab.deploy(body.flow("start -> work -> end"))

    first = lab.publish("letter", "k1").instance_ids
    second = lab.publish("visit", "k2").instance_ids

    assert len({*first, *second}) == 2


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("0 30 9 * * MON-FRI", datetime(2026, 3, 2, 1, 30, tzinfo=UTC)),
        ("0 0 9 1 * ?", datetime(2026, 4, 1, 1, 0, tzinfo=UTC)),
        ("0 0 9 L * *", datetime(2026, 3, 31, 1, 0, tzinfo=UTC)),
        ("0 0 9 ? * 1#2", datetime(2026, 3, 9, 1, 0, tzinfo=UTC)),
        ("0 0 9 ? * FRIL", datetime(2026, 3, 27, 1, 0, tzinfo=UTC)),
        ("0 0/20 * * * *", datetime(2026, 3, 2, 1, 20, tzinfo=UTC)),
        ("@daily", datetime(2026, 3, 2, 16, 0, tzinfo=UTC)),
        ("0 0 9 * * SAT-MON", datetime(2026, 3, 7, 1, 0, tzinfo=UTC)),
    ],
)
def test_cron_cycle_is_due_in_the_zone_of_the_authority(lab: Lab, text: str, due: datetime) -> None:
    body = Body()
    body.start().user("work").boundary("tick", "work", body.timer("timeCycle", text), interrupting=False).user("told")
    instance = lab.run(body.end().end("end2").flow("start -> work -> end").flow("tick -> told -> end2"))

    assert lab.timers(instance) == {"tick": due}


def test_cron_cycle_goes_on_and_starts_instances(lab: Lab) -> None:
    body = Body()
    body.start("start", body.timer("timeCycle", "0 0 0 * * *")).user("work").end().flow("start -> work -> end")
    lab.deploy(body)

    for _ in range(3):
        lab.advance(days=1)

    with lab.read() as work:
        assert sum(running for running, _ in work.running_counts().values()) == 3


@pytest.mark.parametrize("text", ["0 0 9 15W * *", "0 61 * * * *", "0 0 9 1 * MON#2", "0 0 9 * * 9"])
def test_cron_text_that_cannot_be_read_is_refused(lab: Lab, text: str) -> None:
    body = Body()
    body.start().user("work").boundary("tick", "work", body.timer("timeCycle", text), interrupting=False).end()
    with pytest.raises(DeploymentRefused) as refused:
        lab.deploy(body.flow("start -> work -> end"))

    assert [(p.rule, p.element_id) for p in refused.value.problems if p.severity == "error"] == [("timer", "tick")]


def test_instances_that_answer_each_other_for_ever_end_in_an_incident(lab: Lab) -> None:
    bodies = []
    for hears, says in (("ping", "pong"), ("pong", "ping")):
        body = Body()
        body.start("start", body.signal(hears)).throw("tell", body.signal(says)).end().flow("start -> tell -> end")
        bodies.append(resource(body, hears))
    lab.deploy(*bodies)

    lab.signal("ping")

    with lab.read() as work:
        (incident,) = work.incidents()
        assert (incident.kind, incident.element_id) == ("STEP_LIMIT", "tell")


def test_instance_starts_in_the_version_that_has_the_tag(lab: Lab) -> None:
    for tag, task in (("2025", "old"), ("2026", "new")):
        body = Body().start().user(task).end().flow(f"start -> {task} -> end")
        lab.deploy(resource(body, ext=f'<zeebe:versionTag value="{tag}"/>'))

    with lab.work() as work:
        instance = work.start_instance("p", {}, version_tag="2025")
        with pytest.raises(Unknown, match="2024"):
            work.start_instance("p", {}, version_tag="2024")

    assert lab.open(instance) == ["old"]


def test_correlation_needs_exactly_one_receiver(lab: Lab) -> None:
    for process_id in ("p", "q"):
        body = Body()
        body.start().catch("wait", body.message("news")).user("after").end().flow("start -> wait -> after -> end")
        lab.deploy(resource(body, process_id))
    first, second = lab.start("p", key="1"), lab.start("p", key="2")
    lab.start("q", key="2")

    with lab.work() as work:
        assert work.correlate_message("news", "1", {"what": "it"}).instance_ids == (first,)
    with lab.work() as work, pytest.raises(Unknown):
        work.correlate_message("news", "3")
    with pytest.raises(InvalidInput), lab.work() as work:
        work.correlate_message("news", "2")

    assert (lab.open(first), lab.open(second)) == (["after"], ["wait"])
