"""APScheduler as the heartbeat of a node: it wakes the engine at the next due moment, and holds no truth of its own.

Its own shared job store runs jobs twice when several processes share it, so the store is memory and holds two entries: the next
wake-up, and a steady beat that finds what other nodes have planned meanwhile. Which node fires a timer is settled by a claim in the database.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.clock import ManualClock
from engine.engine import ProcessEngine
from engine.log import log

BEAT = timedelta(seconds=5)
"""How long, at most, until what another node planned is seen here."""
_WAKE = "wake"


class Heartbeat:
    """Wakes at the next due moment and every `BEAT`; each beat runs what is due and then `also` (own jobs, chains' heads)."""

    def __init__(
        self, engine: ProcessEngine, also: Callable[[], object] = lambda: None, *, beat: timedelta = BEAT
    ) -> None:
        self._engine = engine
        self._also = also
        self._beat_length = beat
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},  # one beat at a time on a node
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        self._scheduler.add_job(self.beat, IntervalTrigger(seconds=self._beat_length.total_seconds()), id="beat")
        self._scheduler.start()
        self.wake()

    def stop(self) -> None:
        """Let the running beat end; nothing begins after it."""
        self._scheduler.shutdown(wait=True)

    def wake(self) -> None:
        """Beat now: something was planned that may be due earlier than the next wake-up."""
        self._wake_at(datetime.now(UTC))

    def beat(self) -> None:
        """Run what is due, then plan the next wake-up. Nothing that fails here ends the heart."""
        try:
            done = self._engine.run_due()
            self._also()
            due = self._engine.next_due()
        except Exception:  # noqa: BLE001 - the edge: a beat that fails must not end the heart
            log.exception("a heartbeat failed; the next one tries again")
            return
        if due is not None and not isinstance(self._engine.clock, ManualClock):
            now = datetime.now(UTC)
            if now < due < now + self._beat_length:
                self._wake_at(due)
            elif due <= now and done:
                self.wake()  # more is due than one round takes

    def _wake_at(self, moment: datetime) -> None:
        self._scheduler.add_job(self.beat, DateTrigger(moment), id=_WAKE, replace_existing=True)
