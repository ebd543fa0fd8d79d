"""Repetitions written as cron texts: Spring's six fields (Camunda 8) and Quartz's six or seven (Camunda 7).

The calendar arithmetic is APScheduler's; here its spelling is made of theirs: names for days of the week (0 and 7 are
Sunday in Spring, 1 is in Quartz), `?` for any, `L` and `#` for the last and the n-th weekday of a month, `@daily` and its
siblings. `W` (nearest working day) is refused: working days are the calendar's business (`add workdays`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_ORDINALS = {"1": "1st", "2": "2nd", "3": "3rd", "4": "4th", "5": "5th"}
_MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * sun",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_FIELDS = ("second", "minute", "hour", "day", "month", "day_of_week", "year")


@dataclass(frozen=True, slots=True)
class Cron:
    """A repetition on the calendar; `sunday` is the number by which the text means Sunday (0: Spring, 1: Quartz)."""

    text: str
    sunday: int = 0

    def row(self) -> list[object]:
        return ["cron", self.text, self.sunday]

    def next(self, zone: ZoneInfo, now: datetime) -> tuple[datetime, Cron] | None:
        """The next due moment after `now`, in UTC; None when there is none any more. Missed ones are not owed."""
        after = now.astimezone(zone) + timedelta(microseconds=1)
        due = _trigger(self.text, self.sunday, zone).get_next_fire_time(None, after)
        return None if due is None else (due.astimezone(UTC), self)


def looks_like_cron(text: str) -> bool:
    """Whether a cycle's text is meant as cron and not as an ISO repetition."""
    return text.startswith("@") or len(text.split()) in (6, 7)


def parse(text: str, sunday: int) -> Cron | None:
    """A cron text, or None when it cannot be read."""
    try:
        _trigger(text, sunday, ZoneInfo("UTC"))
    except ValueError:
        return None
    return Cron(text, sunday)


@lru_cache(maxsize=512)
def _trigger(text: str, sunday: int, zone: ZoneInfo) -> CronTrigger:
    fields = _MACROS.get(text.lower(), text).lower().split()
    if len(fields) not in (6, 7):
        raise ValueError(f"a cron text has six or seven fields: {text!r}")
    values = dict(zip(_FIELDS, fields, strict=False))
    for name, value in values.items():
        if value == "?":
            values[name] = "*"
    if "w" in values["day"]:
        raise ValueError(f"working days in a cron text: {text!r}")
    values["day"] = re.sub(r"\bl\b", "last", values["day"])
    weekdays = values["day_of_week"]
    if "#" in weekdays or re.search(r"\dl\b|[a-z]{3}l\b", weekdays):
        if values["day"] != "*":
            raise ValueError(f"a day of the month beside a weekday of the month: {text!r}")
        values["day"] = ",".join(_in_month(part, sunday) for part in weekdays.split(","))
        values["day_of_week"] = "*"
    elif weekdays != "*":
        values["day_of_week"] = ",".join(_weekdays(part, sunday) for part in weekdays.split(","))
    return CronTrigger(**values, timezone=zone)


def _in_month(part: str, sunday: int) -> str:
    """`mon#2` and `2#2` are the second of a weekday, `fril` and `5l` the last."""
    day, mark, which = part.partition("#")
    if mark:
        return f"{_ORDINALS[which] if which in _ORDINALS else _wrong(part)} {_DAYS[_weekday(day, sunday)]}"
    return f"last {_DAYS[_weekday(day.removesuffix('l'), sunday)]}"


def _weekdays(part: str, sunday: int) -> str:
    """A day, a range of days (which may go over the end of the week), each n-th day of either."""
    days, _, step = part.partition("/")
    first, dash, last = days.partition("-")
    if days == "*":
        begin, end = 0, 6
    else:
        begin = _weekday(first, sunday)
        end = _weekday(last, sunday) if dash else 6 if step else begin
    every = int(step) if step else 1
    if every < 1:
        _wrong(part)
    return ",".join(_DAYS[(begin + offset) % 7] for offset in range(0, (end - begin) % 7 + 1, every))


def _weekday(text: str, sunday: int) -> int:
    """0 is Sunday."""
    if text in _DAYS:
        return _DAYS.index(text)
    if re.fullmatch(r"[0-7]", text) and not (sunday and text == "0"):
        return (int(text) - sunday) % 7
    return _wrong(text)


def _wrong(text: str) -> int:
    raise ValueError(f"not a weekday of a cron text: {text!r}")
