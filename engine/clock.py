"""Where the present moment comes from; handed in, so that tests and the manual clock own it.

`now()` drives timers and legal clocks only. Sign-in, leases and ids follow the machine (`decisions` 8).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved; it moves forward only."""

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Move to `moment`; ValueError if that lies in the past (the caller's mistake)."""
        moment = _aware(moment)
        if moment < self._now:
            raise ValueError(f"the clock moves forward only: it is {self._now.isoformat()}, asked {moment.isoformat()}")
        self._now = moment

    def advance(self, span: timedelta) -> None:
        self.set(self._now + span)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
