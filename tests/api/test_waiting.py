"""Requests for work that are held open: woken by a commit, ended by time, and dropped when their sender has gone."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

from starlette.requests import Request

from api.waiting import JobBell


class Line:
    """The connection of a sender: hangs up when it is told to."""

    def __init__(self) -> None:
        self.has_gone = False

    async def receive(self) -> dict[str, Any]:
        if not self.has_gone:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    def request(self) -> Request:
        return Request({"type": "http", "method": "POST", "path": "/", "headers": []}, self.receive)


def waited(bell: JobBell, line: Line, seconds: float, look: Any) -> tuple[list[Any], float]:
    begun = time.monotonic()
    found = asyncio.run(bell.first(line.request(), seconds, look))
    return found, time.monotonic() - begun


def test_what_is_there_is_answered_at_once() -> None:
    found, took = waited(JobBell(), Line(), 20, lambda: ["job"])

    assert found == ["job"]
    assert took < 1


def test_a_commit_wakes_those_who_wait() -> None:
    bell, jobs = JobBell(), []

    def commit() -> None:
        jobs.append("job")
        bell.ring(frozenset({"cases"}))

    timer = threading.Timer(0.2, commit)
    timer.start()
    found, took = waited(bell, Line(), 20, lambda: list(jobs))
    timer.join()

    assert found == ["job"]
    assert 0.1 < took < 0.9  # before the next look that comes by itself


def test_work_that_no_commit_announces_is_found_by_looking() -> None:
    looks: list[int] = []

    def look() -> list[str]:
        looks.append(1)
        return ["job"] if len(looks) == 2 else []

    found, took = waited(JobBell(), Line(), 20, look)

    assert found == ["job"]
    assert took < 3


def test_waiting_ends_when_its_time_is_over() -> None:
    found, took = waited(JobBell(), Line(), 0.3, list)

    assert found == []
    assert 0.25 < took < 2


def test_nothing_is_looked_for_after_the_sender_has_gone() -> None:
    line, looks = Line(), []

    def look() -> list[str]:
        looks.append(1)
        line.has_gone = True
        return []

    found, took = waited(JobBell(), line, 20, look)

    assert (found, looks) == ([], [1])
    assert took < 3


def test_a_server_that_stops_lets_everybody_go() -> None:
    bell = JobBell()
    timer = threading.Timer(0.2, bell.close)
    timer.start()
    found, took = waited(bell, Line(), 20, list)
    timer.join()

    assert found == []
    assert took < 3
