"""Live events: names of lists only, to every open page, until the session is over."""

import asyncio
import json
import threading
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from api.bounds import EVENT_STREAMS_PER_PERSON
from api.events import Events
from api.problems import Refusal
from tests.api.people import Person
from tests.api.samples import REPORT


def collect(is_signed_in: Callable[[], bool], steps: Callable[[Events], None], count: int) -> list[bytes]:
    """The first `count` pieces of one page's stream, with `steps` done in another thread once it is open."""

    async def run() -> list[bytes]:
        events = Events()
        stream = events.open(7)
        thread = threading.Thread(target=steps, args=(events,))
        pieces: list[bytes] = []
        thread.start()
        async for piece in events.follow(stream, is_signed_in):
            pieces.append(piece)
            if len(pieces) == count:
                break
        thread.join()
        return pieces

    return asyncio.run(asyncio.wait_for(run(), 10))


def test_a_page_is_told_which_lists_changed() -> None:
    pieces = collect(lambda: True, lambda events: events.tell(frozenset({"tasks", "cases"})), 2)

    assert pieces[1] == b'data: {"lists":["cases","tasks"]}\n\n'


def test_changes_that_come_while_a_page_is_busy_are_told_together() -> None:
    def change_twice(events: Events) -> None:
        events.tell(frozenset({"tasks"}))
        events.tell(frozenset({"incidents"}))

    async def run() -> bytes:
        events = Events()
        stream = events.open(7)
        change_twice(events)
        pieces = [piece async for piece in _first(events, stream, 2)]
        return pieces[1]

    assert asyncio.run(run()) == b'data: {"lists":["incidents","tasks"]}\n\n'


async def _first(events: Events, stream: object, count: int):  # type: ignore[no-untyped-def]
    seen = 0
    async for piece in events.follow(stream, lambda: True):  # type: ignore[arg-type]
        yield piece
        seen += 1
        if seen == count:
            return


def test_an_act_of_one_wakes_the_pages_of_others(app: FastAPI, nobody: Person) -> None:
    report = {"processId": "temporary-aid-urgent", "data": REPORT}
    nobody.post("/api/demo/session", json={"login": "ja-01-01-grid"})

    async def run() -> bytes:
        events: Events = app.state.events
        follower = events.follow(events.open(7), lambda: True)
        await anext(follower)
        answer = await asyncio.to_thread(nobody.post, "/api/cases", json=report)
        assert answer.status_code == 201
        told = await anext(follower)
        await follower.aclose()  # type: ignore[attr-defined]
        return told

    told = asyncio.run(asyncio.wait_for(run(), 60))

    assert {"cases", "tasks"} <= set(json.loads(told.removeprefix(b"data: "))["lists"])


def test_a_session_that_is_over_ends_the_stream_before_anything_is_told() -> None:
    pieces = collect(lambda: False, lambda events: events.tell(frozenset({"tasks"})), 3)

    assert pieces == [b"retry: 3000\n\n", b"event: signed-out\ndata: {}\n\n"]


def test_a_server_that_stops_ends_the_streams() -> None:
    pieces = collect(lambda: True, lambda events: events.close(), 3)

    assert pieces == [b"retry: 3000\n\n"]


def test_more_pages_than_the_bound_are_refused_and_a_closed_page_makes_room() -> None:
    async def run() -> None:
        events = Events()
        streams = [events.open(7) for _ in range(EVENT_STREAMS_PER_PERSON)]
        with pytest.raises(Refusal):
            events.open(7)
        events.open(8)

        follower = events.follow(streams[0], lambda: True)
        await anext(follower)
        await follower.aclose()  # type: ignore[attr-defined]

        events.open(7)

    asyncio.run(run())
