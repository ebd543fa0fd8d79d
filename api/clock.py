"""The clock of trials (`YIMEN_CLOCK=manual`), moved from a page or by a program: only forward, and everything due happens on the way."""

from datetime import datetime

from fastapi import Request

from api.door import authority_of, settings_of
from api.settings import ClockMode
from api.wire import moment
from engine.clock import SystemClock
from engine.errors import InvalidInput, Unknown


def must_be_manual(request: Request) -> None:
    """Unknown where time is real."""
    if settings_of(request).clock is not ClockMode.MANUAL:
        raise Unknown("本系统按真实时间运行。", "This installation keeps real time.")


def advance(request: Request, at: datetime | None = None) -> None:
    """Move time to a moment (None: the machine's); InvalidInput for one that is over."""
    authority = authority_of(request)
    now, at = authority.now(), at or SystemClock().now()
    if at < now:
        raise InvalidInput(
            f"时钟只能向前:现在是 {moment(now)},要求 {moment(at)}。",
            f"Time moves forward only: it is {moment(now)}, asked for {moment(at)}.",
        )
    authority.advance_to(at)
