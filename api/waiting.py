"""Long polling: a request for work is held open until there is some, its time is over, or its sender has gone."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

LOOK_AGAIN_SECONDS = 1.0
"""Work that no commit of this process brings (another node's, a lock that ran out, a back-off that is over) is found by looking."""
PAUSE_SECONDS = 0.05
"""A busy office commits often: those who wait look no more than twenty times a second."""

Found = TypeVar("Found")


class _Waiter:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.woken = asyncio.Event()


class JobBell:
    """Wakes the workers that wait in this process; rung from the threads in which acts commit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiters: set[_Waiter] = set()
        self._closing = False

    def ring(self, _lists: frozenset[str] = frozenset()) -> None:
        """Something was committed: everybody looks again. Callable from any thread, never waits; fits `Authority.subscribe`."""
        with self._lock:
            for waiter in self._waiters:
                waiter.loop.call_soon_threadsafe(waiter.woken.set)

    def close(self) -> None:
        """Let everybody go with what there is, so that a server that stops need not wait."""
        self._closing = True
        self.ring()

    async def first(self, request: Request, seconds: float, look: Callable[[], list[Found]]) -> list[Found]:
        """What `look` finds, at once or as soon as it finds something; empty when `seconds` are over or the sender has gone.

        `look` runs in a thread of its own. It is not called again for a sender who has gone, so nothing is locked for nobody.
        """
        until = time.monotonic() + seconds
        waiter = _Waiter()
        with self._lock:
            self._waiters.add(waiter)
        try:
            while True:
                waiter.woken.clear()
                if found := await run_in_threadpool(look):
                    return found
                left = until - time.monotonic()
                if left <= 0 or self._closing:
                    return []
                await self._wait(waiter, min(left, LOOK_AGAIN_SECONDS))
                if await request.is_disconnected():
                    return []
        finally:
            with self._lock:
                self._waiters.discard(waiter)

    async def _wait(self, waiter: _Waiter, seconds: float) -> None:
        pause = min(PAUSE_SECONDS, seconds)
        await asyncio.sleep(pause)
        try:
            await asyncio.wait_for(waiter.woken.wait(), seconds - pause)
        except TimeoutError:
            return
