"""Workers: held open until there is work, none given twice, what was wrong is told."""

import threading
import time
from typing import Any

import httpx
import pytest

from tests.camunda8.serving import Rest


def started(rest: Rest, process: str = "quick", **variables: object) -> str:
    return str(
        rest.post("/process-instances", {"processDefinitionId": process, "variables": variables})["processInstanceKey"]
    )


def activation(**more: object) -> dict[str, object]:
    return {"type": "quick-double", "timeout": 60_000, "maxJobsToActivate": 100, "requestTimeout": -1, **more}


def taken(rest: Rest, **more: object) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = rest.post("/jobs/activation", activation(**more))["jobs"]
    return jobs


@pytest.fixture(autouse=True)
def idle(rest: Rest) -> None:
    """Nothing waits for a worker when a test begins."""
    for job in taken(rest):
        rest("POST", f"/jobs/{job['jobKey']}/completion", {"variables": {"doubled": 0}}, status=204)


def test_a_worker_waits_until_there_is_work(rest: Rest) -> None:
    began = time.monotonic()
    answers: list[Any] = []
    worker = threading.Thread(target=lambda: answers.extend(taken(rest, requestTimeout=20_000)))
    worker.start()
    instance = started(rest, n=1)
    worker.join(15)

    assert [job["processInstanceKey"] for job in answers] == [instance]
    assert time.monotonic() - began < 10


def test_a_worker_that_finds_nothing_is_answered_when_its_time_is_over(rest: Rest) -> None:
    began = time.monotonic()

    assert taken(rest, requestTimeout=300) == []
    assert 0.25 < time.monotonic() - began < 5


def test_a_worker_that_has_gone_takes_nothing_with_it(address: str, rest: Rest) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{address}/v2/jobs/activation", json=activation(requestTimeout=20_000), timeout=0.4)
    instance = started(rest, n=1)

    assert [job["processInstanceKey"] for job in taken(rest, requestTimeout=5_000)] == [instance]


def test_of_many_workers_each_job_is_given_to_one(rest: Rest) -> None:
    instances = [started(rest, n=n) for n in range(8)]
    found: list[str] = []

    def work() -> None:
        while jobs := taken(rest, maxJobsToActivate=1):
            found.extend(job["processInstanceKey"] for job in jobs)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    assert sorted(found) == sorted(instances)


def test_a_job_whose_lock_ran_out_comes_back(rest: Rest) -> None:
    started(rest, n=1)
    (first,) = taken(rest, timeout=1)
    (again,) = taken(rest, requestTimeout=5_000)

    assert first["jobKey"] == again["jobKey"]


def test_only_the_variables_that_are_asked_for_are_sent(rest: Rest) -> None:
    started(rest, n=1, other=2)
    (job,) = taken(rest, fetchVariable=["n"])

    assert job["variables"] == {"n": 1}


def test_a_job_is_held_longer_and_given_other_retries(rest: Rest) -> None:
    started(rest, n=1)
    (job,) = taken(rest, timeout=60_000)
    rest("PATCH", f"/jobs/{job['jobKey']}", {"changeset": {"retries": 7, "timeout": 0}}, status=204)

    (again,) = taken(rest, requestTimeout=5_000)
    assert (again["jobKey"], again["retries"]) == (job["jobKey"], 7)


def test_a_failed_job_waits_for_its_back_off_and_keeps_the_message(rest: Rest) -> None:
    instance = started(rest, n=1)
    (job,) = taken(rest)
    rest(
        "POST",
        f"/jobs/{job['jobKey']}/failure",
        {"retries": 2, "errorMessage": "torn", "retryBackOff": 3_600_000},
        status=204,
    )

    (shown,) = rest.post("/jobs/search", {"filter": {"processInstanceKey": instance}})["items"]
    assert taken(rest) == []
    assert (shown["retries"], shown["errorMessage"], shown["hasFailedWithRetriesLeft"]) == (2, "torn", True)
    rest("POST", f"/jobs/{job['jobKey']}/completion", {"variables": {"doubled": 0}}, status=204)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (activation(maxJobsToActivate=0), "maxJobsToActivate"), (activation(timeout=0), "timeout"), (activation(type=""), "type"),
        (activation(colour="red"), "colour"), (activation(timeout="60000"), "timeout"), (activation(tenantIds=["XX"]), "XX"),
    ],
)  # fmt: skip
def test_a_request_for_work_that_cannot_be_meant_is_refused(rest: Rest, body: object, named: str) -> None:
    problem = rest("POST", "/jobs/activation", body, status=400).json()

    assert named in problem["detail"]


def test_a_job_that_is_gone_is_not_found(rest: Rest) -> None:
    started(rest, n=1)
    (job,) = taken(rest)
    rest("POST", f"/jobs/{job['jobKey']}/completion", {"variables": {"doubled": 2}}, status=204)

    assert rest("POST", f"/jobs/{job['jobKey']}/completion", {}, status=404).json()["title"] == "NOT_FOUND"


def test_what_does_not_end_in_time_is_told_and_goes_on(rest: Rest) -> None:
    body = {"processDefinitionId": "quick", "variables": {"n": 1}, "awaitCompletion": True, "requestTimeout": 200}

    assert rest("POST", "/process-instances", body, status=504).json()["title"] == "DEADLINE_EXCEEDED"
    assert len(taken(rest, requestTimeout=5_000)) == 1


def test_our_own_job_types_are_given_to_nobody(rest: Rest) -> None:
    assert taken(rest, type="letter.issue") == []
