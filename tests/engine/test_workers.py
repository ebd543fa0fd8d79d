"""What workers outside may do with jobs: take the ones they wish, hold them longer, give them back; and messages to one of several."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import Closed, Overtaken, Suspended
from engine.model import Job, JobOpened, JobWanted
from tests.engine.diagrams import Body, resource
from tests.engine.lab import Lab

MINUTE = timedelta(minutes=1)


def one_job(type_: str = "work") -> Body:
    return Body().start().service("s", type_).user("a").flow("start -> s -> a")


def take(lab: Lab, *wanted: JobWanted, limit: int = 10, worker: str = "w1") -> list[Job]:
    with lab.work() as work:
        return work.lock_wanted_jobs(wanted, limit, worker=worker)


def wish(type_: str = "work", lock_for: timedelta = MINUTE, **rest: object) -> JobWanted:
    return JobWanted(type_, lock_for, **rest)  # type: ignore[arg-type]


def test_a_worker_gets_jobs_of_its_wishes_each_for_its_own_time(lab: Lab) -> None:
    lab.run(one_job("work"))
    lab.deploy(resource(one_job("other"), "q"))
    lab.start("q")

    jobs = take(lab, wish("work"), wish("other", 3 * MINUTE))

    start = lab.lease_clock.now()
    assert sorted((job.type, job.locked_until - start) for job in jobs) == [("other", 3 * MINUTE), ("work", MINUTE)]
    assert take(lab, wish("work"), wish("other"), worker="w2") == []


@pytest.mark.parametrize(
    ("narrowed", "gets"),
    [
        ({"process_ids": ("p",)}, ["p"]),
        ({"process_ids": ("p", "q")}, ["p", "q"]),
        ({"process_ids": ("r",)}, []),
        ({"business_key": "K-2"}, ["q"]),
        ({"business_key": "K-2", "process_ids": ("p",)}, []),
        ({"definition_ids": (1,)}, []),
        ({"variables": {"who": "甲"}}, ["p"]),
        ({"variables": {"who": "甲", "n": 2}}, []),
    ],
)
def test_a_wish_may_be_narrowed(lab: Lab, narrowed: dict[str, object], gets: list[str]) -> None:
    lab.deploy(one_job(), resource(one_job(), "q"))
    with lab.work() as work:
        work.start_instance("p", {"who": "甲", "n": 1}, business_key="K-1")
        work.start_instance("q", {"who": "乙", "n": 2}, business_key="K-2")

    assert sorted(job.process_id for job in take(lab, wish(**narrowed))) == gets


def test_a_worker_gets_the_variables_that_it_names(lab: Lab) -> None:
    lab.run(one_job(), one=1, two=2)

    assert [dict(job.variables) for job in take(lab, wish(names=("two", "three")))] == [{"two": 2}]


def test_looking_for_jobs_takes_none(lab: Lab) -> None:
    lab.run(one_job())

    with lab.read() as work:
        assert work.has_jobs([wish()])
        assert not work.has_jobs([wish("other")])
    assert len(take(lab, wish())) == 1
    with lab.read() as work:
        assert not work.has_jobs([wish()])


def test_a_held_job_is_held_longer_by_its_worker_only(lab: Lab) -> None:
    lab.run(one_job())
    [job] = take(lab, wish())
    lab.lease_clock.advance(MINUTE / 2)

    with lab.work() as work:
        work.extend_job_lock(job.id, worker="w1", lock_for=2 * MINUTE)
    with pytest.raises(Overtaken), lab.work() as work:
        work.extend_job_lock(job.id, worker="w2", lock_for=2 * MINUTE)

    lab.lease_clock.advance(MINUTE)
    assert take(lab, wish(), worker="w2") == []
    lab.lease_clock.advance(MINUTE)
    assert len(take(lab, wish(), worker="w2")) == 1


def test_a_lock_that_has_run_out_is_not_extended(lab: Lab) -> None:
    lab.run(one_job())
    [job] = take(lab, wish())
    lab.lease_clock.advance(MINUTE)

    with pytest.raises(Overtaken, match="run out"), lab.work() as work:
        work.extend_job_lock(job.id, worker="w1", lock_for=MINUTE)


def test_a_job_given_back_is_taken_by_another_at_once(lab: Lab) -> None:
    lab.run(one_job())
    [job] = take(lab, wish())

    with lab.work() as work:
        work.unlock_job(job.id)

    assert [each.id for each in take(lab, wish(), worker="w2")] == [job.id]


def test_one_job_is_taken_by_its_id_unless_another_has_it(lab: Lab) -> None:
    lab.run(one_job())
    [job] = take(lab, wish())

    with lab.work() as work:
        work.lock_one_job(job.id, worker="w1", lock_for=MINUTE)
    with pytest.raises(Overtaken), lab.work() as work:
        work.lock_one_job(job.id, worker="w2", lock_for=MINUTE)
    lab.lease_clock.advance(2 * MINUTE)
    with lab.work() as work:
        work.lock_one_job(job.id, worker="w2", lock_for=MINUTE)
    with pytest.raises(Overtaken), lab.work() as work:
        work.extend_job_lock(job.id, worker="w1", lock_for=MINUTE)


@pytest.mark.parametrize("command", ["complete_job", "throw_error", "fail_job"])
def test_only_the_worker_that_has_a_job_may_end_it(lab: Lab, command: str) -> None:
    instance = lab.run(one_job())
    [job] = take(lab, wish())
    words: dict[str, tuple[object, ...]] = {"complete_job": (), "throw_error": ("code",), "fail_job": (1, "坏了", "broken")}

    with pytest.raises(Overtaken, match="not by w2"), lab.work() as work:
        getattr(work, command)(job.id, *words[command], worker="w2")

    with lab.work() as work:
        work.complete_job(job.id, worker="w1")
    assert lab.open(instance) == ["a"]


def test_a_job_that_is_gone_cannot_be_held(lab: Lab) -> None:
    lab.run(one_job())
    [job] = take(lab, wish())
    with lab.work() as work:
        work.complete_job(job.id)

    for command in (
        lambda work: work.extend_job_lock(job.id, worker="w1", lock_for=MINUTE),
        lambda work: work.lock_one_job(job.id, worker="w1", lock_for=MINUTE),
        lambda work: work.unlock_job(job.id),
    ):
        with pytest.raises(Closed), lab.work() as work:
            command(work)


def test_a_job_of_an_instance_that_rests_is_not_handed_out_by_unlocking(lab: Lab) -> None:
    instance = lab.run(one_job())
    [job] = take(lab, wish())
    with lab.work() as work:
        work.suspend_instance(instance)

    with pytest.raises(Suspended), lab.work() as work:
        work.unlock_job(job.id)

    assert take(lab, wish(), worker="w2") == []


def test_a_job_that_stands_still_goes_on_when_it_is_given_tries(lab: Lab) -> None:
    instance = lab.run(one_job())
    lab.fail("work", 0)
    assert lab.open(instance) == ["s", "s!"]
    job = next(wait for wait in lab.waits(instance) if isinstance(wait, JobOpened))

    with lab.work() as work:
        work.set_job_retries(job.id, 2)

    assert lab.open(instance) == ["s"]
    [again] = take(lab, wish())
    assert (again.id, again.retries, again.message) == (job.id, 2, "坏了 / broken")


def test_local_variables_of_a_completed_job_stay_with_the_element(lab: Lab) -> None:
    instance = lab.run(one_job())
    [job] = take(lab, wish())

    with lab.work() as work:
        work.complete_job(job.id, {"kept": 1}, local={"gone": 2})

    assert lab.variables(instance) == {"kept": 1}


def test_a_message_goes_to_the_one_that_is_meant(lab: Lab) -> None:
    body = Body()
    body.start().catch("wait", body.message("told", "=key")).user("a").flow("start -> wait -> a")
    first = lab.run(body, key="k")
    second = lab.start(key="k")

    with lab.work() as work:
        [_, meant] = work.message_waits("told")
        assert work.deliver_message(meant.id, {"said": True}) == second

    assert lab.open(first) == ["wait"]
    assert lab.open(second) == ["a"]
    assert lab.variables(second)["said"] is True


def test_an_instance_that_rests_is_not_among_those_who_wait(lab: Lab) -> None:
    body = Body()
    body.start().catch("wait", body.message("told", "=key")).flow("start -> wait")
    instance = lab.run(body, key="k")
    with lab.work() as work:
        work.suspend_instance(instance)

    with lab.read() as work:
        assert work.message_waits("told") == []


def test_a_message_starts_the_processes_that_it_starts(lab: Lab) -> None:
    body = Body()
    body.start(inner=body.message("begin", None)).user("a").flow("start -> a")
    lab.deploy(body)

    with lab.work() as work:
        assert work.message_starts("begin") == ["p"]
        assert work.start_with_message("begin", process_ids=["q"]) == []
        [started] = work.start_with_message("begin", {"n": 1}, business_key="K")

    assert lab.open(started) == ["a"]
    with lab.read() as work:
        assert work.instance(started).business_key == "K"
