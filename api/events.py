"""Live events: tells open pages which lists changed, never what is in them; they then ask through the gate as always."""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from api.bounds import EVENT_STREAMS_PER_PERSON
from api.problems import refuse
from api.wire import write_json

KEEP_ALIVE_SECONDS = 20.0
"""Proxies close what is silent for longer; each time the stream also looks whether the session is still good."""
PAUSE_SECONDS = 1.0
"""After a page was told, changes are gathered this long: a busy office wakes each page once a second, not once an act."""


@dataclass(slots=True, eq=False)
class Stream:
    """One open page: what changed since it was last told."""

    staff_id: int
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    lists: set[str] = field(default_factory=set)


class Events:
    """The open pages of this process; fed from the threads in which acts commit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()
        self._closing = False

    def tell(self, lists: frozenset[str]) -> None:
        """Wake every open page with the names of the lists that changed; callable from any thread, never waits."""
        with self._lock:
            for stream in self._streams:
                stream.lists |= lists
                stream.loop.call_soon_threadsafe(stream.woken.set)

    def open(self, staff_id: int) -> Stream:
        """A stream for one page; 429 for a person who has more pages open than are kept up to date."""
        stream = Stream(staff_id, asyncio.get_running_loop())
        with self._lock:
            if Counter(each.staff_id for each in self._streams)[staff_id] >= EVENT_STREAMS_PER_PERSON:
                raise refuse(
                    "locked_out",
                    "打开的页面过多,此页不再自动刷新。",
                    "Too many pages are open; this one is not kept up to date.",
                )
            self._streams.add(stream)
        return stream

    async def follow(self, stream: Stream, is_signed_in: Callable[[], bool]) -> AsyncIterator[bytes]:
        """The stream's text (WHATWG server-sent events) until the page goes, the session ends or the server stops."""
        try:
            yield b"retry: 3000\n\n"
            while not self._closing:
                try:
                    await asyncio.wait_for(stream.woken.wait(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
                if not await asyncio.to_thread(is_signed_in):
                    yield b"event: signed-out\ndata: {}\n\n"
                    return
                if changed := self._take(stream):
                    yield b"data: " + write_json({"lists": changed}) + b"\n\n"
                    await asyncio.sleep(PAUSE_SECONDS)
        finally:
            with self._lock:
                self._streams.discard(stream)

    def close(self) -> None:
        """End every stream, so that a server that stops need not wait for pages that stay open."""
        self._closing = True
        self.tell(frozenset())

    def _take(self, stream: Stream) -> list[str]:
        with self._lock:
            stream.woken.clear()
            changed, stream.lists = sorted(stream.lists), set()
        return changed
