"""Working days of a region: counting is a subtraction of running numbers.

A calendar is built from the rule of the week, the days that differ from it (table `calendar_day`) and, beyond the last published
year, weekends and the holidays that have fixed dates; results that reach there are provisional (`decisions` 4). It knows days
only; `law.clocks` knows limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from chinese_calendar import constants

from casework.act import Act
from casework.model.law import CalendarDay
from casework.persistence import rows
from engine.errors import InvalidInput
from engine.feel import Builtin, FunctionFailed, Run, WarningCode

HOLIDAY = "holiday"
WORKDAY = "workday"
#: A row of this kind closes a year whose holidays were published; its day is the year's last.
PUBLISHED = "published"

FIRST_YEAR = 2010
LAST_YEAR = 2079
_DAY = timedelta(days=1)

#: Month and day of holidays that the lunar calendar does not move (全国年节及纪念日放假办法, as of 2025).
FIXED_HOLIDAYS: Mapping[tuple[int, int], tuple[str, str]] = {
    (1, 1): ("元旦", "New Year's Day"),
    (5, 1): ("劳动节", "Labour Day"),
    (5, 2): ("劳动节", "Labour Day"),
    (10, 1): ("国庆节", "National Day"),
    (10, 2): ("国庆节", "National Day"),
    (10, 3): ("国庆节", "National Day"),
}


@dataclass(frozen=True, slots=True)
class DayExplained:
    """A day of a count: whether it counts as a working day, and why."""

    on: date
    counted: bool
    zh: str
    en: str
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """The working days of one region at one version, from 2010 to 2079.

    `special` are the days that differ from the week's rule: day -> (is a working day, name, English name).
    `published_until` is the last day for which holidays were published; what lies beyond is provisional.
    """

    version: int
    published_until: date
    special: Mapping[date, tuple[bool, str, str]]

    @cached_property
    def _numbers(self) -> tuple[date, list[int], list[date]]:
        """First day; per day the number of working days up to it; the working days themselves."""
        first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
        running, days = [], []
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            if self.is_workday(day):
                days.append(day)
            running.append(len(days))
        return first, running, days

    def is_workday(self, day: date) -> bool:
        if day in self.special:
            return self.special[day][0]
        if day > self.published_until and (day.month, day.day) in FIXED_HOLIDAYS:
            return False
        return day.weekday() < 5

    def add_workdays(self, day: date, count: int) -> date:
        """The working day that is `count` working days after `day`, which itself is not counted.

        0 gives `day` unchanged; a negative count goes back. ValueError beyond the calendar's years.
        """
        if count == 0:
            return day
        _, _, days = self._numbers
        at = self._up_to(day) + count - 1 if count > 0 else self._up_to(day - _DAY) + count
        if not 0 <= at < len(days):
            raise ValueError(f"{day} {count:+d} working days lies outside the calendar ({FIRST_YEAR}-{LAST_YEAR})")
        return days[at]

    def count_workdays(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
        return self._up_to(end) - self._up_to(start)

    def next_workday(self, day: date) -> date:
        """`day` if it is a working day, else the next one."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def is_provisional(self, day: date) -> bool:
        """Whether a count that reaches `day` rests on a year that is not published yet."""
        return day > self.published_until

    def explain(self, start: date, end: date) -> list[DayExplained]:
        """Each day after `start` up to `end`, with the reason why it counts or not."""
        return [self._explain(start + timedelta(days=n)) for n in range(1, (end - start).days + 1)]

    def _explain(self, day: date) -> DayExplained:
        counted, provisional = self.is_workday(day), self.is_provisional(day)
        if day in self.special:
            _, zh, en = self.special[day]
            zh, en = (f"{zh}调休上班", f"Working day in lieu ({en})") if counted else (zh, en)
        elif not counted and provisional and (day.month, day.day) in FIXED_HOLIDAYS:
            zh, en = FIXED_HOLIDAYS[day.month, day.day]
        elif counted:
            zh, en = "工作日", "Working day"
        else:
            zh, en = "周末", "Weekend"
        return DayExplained(day, counted, zh, en, provisional)

    def _up_to(self, day: date) -> int:
        first, running, _ = self._numbers
        at = (day - first).days
        if not 0 <= at < len(running):
            raise ValueError(f"{day} lies outside the calendar ({FIRST_YEAR}-{LAST_YEAR})")
        return running[at]


def build(days: Iterable[CalendarDay]) -> Calendar:
    """The calendar that these rows make; without any, weekends and fixed holidays, all provisional."""
    rows = list(days)
    special = {row.on: (row.kind == WORKDAY, row.name, row.name_en) for row in rows if row.kind != PUBLISHED}
    published = sorted(row.on for row in rows if row.kind == PUBLISHED)
    return Calendar(
        version=max((row.version for row in rows), default=0),
        published_until=published[-1] if published else date(FIRST_YEAR - 1, 12, 31),
        special=special,
    )


def of_region(act: Act) -> Calendar:
    """The calendar of the act's region as it stands; kept in memory until reference data of the region changes."""
    number = act.reference_number()
    kept = act.house.memory.get(("calendar", act.region))
    if kept is None or number is None or kept[0] != number:
        kept = (number or 0, build(act.find_all(CalendarDay, limit=100_000)))
        if number is not None:
            act.house.memory["calendar", act.region] = kept
    calendar: Calendar = kept[1]
    return calendar


def set_day(
    act: Act, on: date, *, working: bool | None, name: str = "", name_en: str = "", source: str = "region"
) -> Calendar:
    """Declare a day a working day or a holiday of the region (None: back to the rule of the week); the calendar after it.

    Use `law.clocks.declare_day`, which also has the open clocks counted again.
    """
    version = of_region(act).version + 1
    kept = act.find(CalendarDay, on=on)
    kind = {True: WORKDAY, False: HOLIDAY, None: None}[working]
    if kept is not None and kept.kind == PUBLISHED:
        raise InvalidInput("年末的公布标记不能改动。", "The mark that closes a published year cannot be changed.")
    if kind is None:
        if kept is None:
            return of_region(act)
        # The row stays and says what the week says, so that the version still rises.
        kind = WORKDAY if on.weekday() < 5 else HOLIDAY
        name, name_en = (
            name or ("工作日" if on.weekday() < 5 else "周末"),
            name_en or ("Working day" if on.weekday() < 5 else "Weekend"),
        )
    names = {
        "name": name or ("上班" if kind == WORKDAY else "放假"),
        "name_en": name_en or ("working day" if kind == WORKDAY else "holiday"),
    }
    if kept is None:
        kept = act.add(
            CalendarDay(region=act.region, id=act.new_id(), on=on, kind=kind, source=source, version=version, **names)
        )
    else:
        kept = act.change(kept, kind=kind, source=source, version=version, **names)
    act.record("set-day", kept, after={"on": on.isoformat(), "kind": kind})
    return of_region(act)


def year(act: Act, number: int) -> list[DayExplained]:
    """Every day of a year in the region's calendar, each with why it counts or not. InvalidInput beyond the calendar's years."""
    if not FIRST_YEAR < number <= LAST_YEAR:
        raise InvalidInput(f"日历只到 {LAST_YEAR} 年。", f"The calendar reaches from {FIRST_YEAR + 1} to {LAST_YEAR}.")
    return of_region(act).explain(date(number - 1, 12, 31), date(number, 12, 31))


def seed(act: Act, *, first_year: int = 2024) -> int:
    """Put the published holidays since `first_year` into the region's calendar, as `chinesecalendar` has them; how many rows."""
    days = published_days(first_year)
    if act.find_all(CalendarDay, limit=1):
        return 0
    act.note_reference()
    rows.add_all(
        act.connection,
        [
            CalendarDay(
                region=act.region,
                id=act.new_id(),
                on=day.on,
                kind=day.kind,
                name=day.name,
                name_en=day.name_en,
                source="state-council",
                version=1,
            )
            for day in days
        ],
    )
    act.record("seed-calendar", f"calendar:{act.region}", after={"rows": len(days), "from": first_year})
    return len(days)


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """A day off, a working day in lieu, or the mark that closes a published year."""

    on: date
    kind: str
    name: str
    name_en: str


def published_days(first_year: int) -> list[PublishedDay]:
    """The days that differ from the week's rule from `first_year` on, as the State Council published them."""
    published = sorted(day for day in {*constants.holidays, *constants.workdays} if day.year >= first_year)
    days = []
    for day in published:
        holiday = day in constants.holidays
        english = constants.holidays[day] if holiday else constants.workdays[day]
        days.append(PublishedDay(day, HOLIDAY if holiday else WORKDAY, _NAMES.get(english, english), english))
    return days + [
        PublishedDay(date(year, 12, 31), PUBLISHED, f"{year}年放假安排", f"holidays of {year}")
        for year in sorted({day.year for day in published})
    ]


_NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节", "Anti-Fascist 70th Day": "抗战胜利纪念日",
}  # fmt: skip


# ---- what FEEL may ask; the environment is the calendar of the case's jurisdiction


def _read_day(run: Run, value: Any) -> date:
    """A date, a moment (its day in the office's zone) or the text of either, as process variables carry them."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError as fault:
            raise FunctionFailed(f"“{value}”不是日期", f"{value!r} is not a date") from fault
    if isinstance(value, datetime):
        day: date = (value.astimezone(run.zone) if value.tzinfo else value).date()
        return day
    if isinstance(value, date):
        return value
    raise FunctionFailed("不是日期", "not a date")


def _calendar(run: Run) -> Calendar:
    if not isinstance(run.environment, Calendar):
        raise FunctionFailed("此处没有可用的日历", "there is no calendar here")
    return run.environment


def _add_workdays(run: Run, day: Any, count: Any) -> date:
    if count != int(count):
        raise FunctionFailed("工作日数必须是整数", "the number of working days must be whole")
    start = _read_day(run, day)
    try:
        found = _calendar(run).add_workdays(start, int(count))
    except ValueError as fault:
        raise FunctionFailed("超出日历年份", "beyond the years of the calendar") from fault
    _mark(run, start, found)
    return found


def _is_workday(run: Run, day: Any) -> bool:
    asked = _read_day(run, day)
    _mark(run, asked)
    return _calendar(run).is_workday(asked)


def _next_workday(run: Run, day: Any) -> date:
    asked = _read_day(run, day)
    found = _calendar(run).next_workday(asked)
    _mark(run, asked, found)
    return found


def _count_workdays(run: Run, start: Any, end: Any) -> int:
    first, last = _read_day(run, start), _read_day(run, end)
    _mark(run, first, last)
    return _calendar(run).count_workdays(first, last)


def _mark(run: Run, *days: date) -> None:
    """Say with the answer that it rests on a year whose holidays are not published yet (`decisions` 4)."""
    until = _calendar(run).published_until
    if any(_calendar(run).is_provisional(day) for day in days):
        run.warn(
            WarningCode.PROVISIONAL,
            f"{until} 以后的节假日尚未公布，按周末和固定节日暂计",
            f"holidays after {until} are not published yet; counted provisionally, by weekends and fixed holidays",
            run.place,
        )


_DATE = "date | datetime | string"
FUNCTIONS: Mapping[str, Builtin] = {
    "add workdays": Builtin((f"date: {_DATE}", "days: number"), _add_workdays, needs_environment=True),
    "is workday": Builtin((f"date: {_DATE}",), _is_workday, needs_environment=True),
    "next workday": Builtin((f"date: {_DATE}",), _next_workday, needs_environment=True),
    "count workdays": Builtin((f"from: {_DATE}", f"to: {_DATE}"), _count_workdays, needs_environment=True),
}
