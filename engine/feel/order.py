"""Values that stand for all others: which ones lie at, between and beyond the values that somebody has written down.

A condition made of comparisons with written values answers alike for all values between two neighbours of them, so that
one representative of each stretch tells how it answers for every value of a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from engine.feel import far
from engine.feel.values import NUMBERS, Kind, Value, YearsMonths, kind_of, moment_key, to_number

_SECOND = far.SECOND
_HALF_DAYS = 18 * 3600  # the furthest offset from UTC that FEEL reads, in seconds
_OTHER_TEXTS = ("其他", "other")


@dataclass(frozen=True, slots=True)
class Line:
    """Values of one kind in their order: `key` places a value, `value` finds one at a place.

    `between` gives a place strictly between two others, of which either may be missing; None if there is none.
    """

    key: Callable[[Any], Any]
    value: Callable[[Any], Value]
    between: Callable[[Any, Any], Any]


def representatives(written: Iterable[Value], kind: Kind, *, ordered: bool = True) -> list[tuple[Value, bool]]:
    """One value for every stretch of `kind` that comparisons with the `written` values can tell apart, in order.

    Beside each stands whether it is of a sort that was written: dates and times with and without a zone are two sorts,
    and one that nobody wrote is there for completeness. Without `ordered`, texts are told apart by equality alone.
    """
    values = [each for each in written if kind_of(each) is kind]
    if kind is Kind.BOOLEAN:
        return [(True, True), (False, True)]
    if kind is Kind.STRING and not ordered:
        return [*((each, True) for each in dict.fromkeys(values)), (_other_text(values), True)]
    if kind not in (Kind.TIME, Kind.DATE_TIME):
        return [(each, True) for each in _along(_LINES[kind], values)]
    found: list[tuple[Value, bool]] = []
    sorts = {aware: [each for each in values if moment_key(each)[0] is aware] for aware in (False, True)}
    for aware, of_sort in sorts.items():
        line = (_TIMES if kind is Kind.TIME else _MOMENTS)[aware]
        found += [(each, bool(of_sort) or not values) for each in _along(line, of_sort)]
    return sorted(found, key=lambda each: not each[1])


def _along(line: Line, written: list[Value]) -> list[Value]:
    """The written values, and one in each stretch between and beyond them."""
    places = sorted({line.key(each): each for each in reversed(written)}.items(), key=lambda each: each[0])
    found: list[Value] = []
    before: Any = None
    for place, value in [*places, (None, None)]:
        inner = line.between(before, place)
        if inner is not None:
            found.append(line.value(inner))
        if place is not None:
            found.append(value)
            before = place
    return found


def _other_text(written: list[Value]) -> str:
    taken = set(written)
    number = 0
    while True:
        for text in _OTHER_TEXTS:
            candidate = f"{text}{number or ''}"
            if candidate not in taken:
                return candidate
        number += 1


# ---------------------------------------------------------------------- lines of whole numbers


def _whole(*steps: int, least: int, most: int, first: int = 0) -> Callable[[int | None, int | None], int | None]:
    """Places that are whole numbers from `least` to `most`; the widest of `steps` that fits is taken, the last is 1."""

    def between(low: int | None, high: int | None) -> int | None:
        if low is None and high is None:
            return first
        for step in steps:
            place = high - step if low is None and high is not None else (low or 0) + step
            if (low is None or low < place) and (high is None or place < high) and least <= place <= most:
                return place
        return None

    return between


def _aware_time(second: int) -> Value:
    """The time that is so many seconds after midnight in UTC, which may be another day's where it is told."""
    if 0 <= second < 86_400:
        return far.time_at(second * _SECOND, UTC)
    shift = -_HALF_DAYS if second >= 86_400 else _HALF_DAYS
    return far.time_at((second + shift) * _SECOND, timezone(timedelta(seconds=shift)))


_DAY_SECONDS = 86_400
_FIRST_DAY = far.ordinal_of(far.make_date(-far.MAX_YEAR, 1, 1))
_LAST_DAY = far.ordinal_of(far.make_date(far.MAX_YEAR, 12, 31))
_TODAY = far.ordinal_of(far.make_date(2026, 1, 1))  # a date that looks like one, where none was written
_MOMENT_PLACES = _whole(
    _DAY_SECONDS, 3600, 60, 1, least=_FIRST_DAY * _DAY_SECONDS, most=(_LAST_DAY + 1) * _DAY_SECONDS - 1,
    first=_TODAY * _DAY_SECONDS,
)  # fmt: skip
_TIMES = {
    False: Line(
        lambda value: moment_key(value)[1],
        lambda second: far.time_at(second * _SECOND, None),
        _whole(3600, 60, 1, least=0, most=_DAY_SECONDS - 1, first=43_200),
    ),
    True: Line(
        lambda value: moment_key(value)[1],
        _aware_time,
        _whole(3600, 60, 1, least=-_HALF_DAYS, most=_DAY_SECONDS - 1 + _HALF_DAYS, first=43_200),
    ),
}
_MOMENTS = {
    False: Line(
        lambda value: moment_key(value)[1], lambda second: far.moment_at(second * _SECOND, None), _MOMENT_PLACES
    ),
    True: Line(lambda value: moment_key(value)[1], lambda second: far.moment_at(second * _SECOND, UTC), _MOMENT_PLACES),
}
_LENGTH = 4 * far.MAX_YEAR * 365 * far.DAY
_MONTHS = 12 * 10**12


# ---------------------------------------------------------------------- numbers and texts


def _number_between(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """A whole number if there is one, else the one with the fewest digits."""
    if low is None:
        if high is None:
            return Decimal(0)
        place = high.to_integral_value(rounding=ROUND_FLOOR)
        place = place if place < high else NUMBERS.subtract(place, Decimal(1))
        return place if place < high else None
    if high is None:
        place = NUMBERS.add(low.to_integral_value(rounding=ROUND_FLOOR), Decimal(1))
        return place if place > low else None
    for digits in range(max(0, NUMBERS.prec - 1 - low.adjusted())):
        unit = Decimal(1).scaleb(-digits)
        place = NUMBERS.add(low.quantize(unit, ROUND_FLOOR, NUMBERS), unit)
        if low < place < high:
            return place
    place = NUMBERS.divide(NUMBERS.add(low, high), Decimal(2))
    return place if low < place < high else None


def _text_between(low: str | None, high: str | None) -> str | None:
    if low is None:
        return "" if high is None or high > "" else None
    for more in ("0", " ", "\0"):
        if high is None or low + more < high:
            return low + more
    return None


_LINES: dict[Kind, Line] = {
    Kind.NUMBER: Line(to_number, lambda place: place, _number_between),
    Kind.STRING: Line(lambda value: value, lambda place: place, _text_between),
    Kind.DATE: Line(far.ordinal_of, far.date_at, _whole(1, least=_FIRST_DAY, most=_LAST_DAY, first=_TODAY)),
    Kind.DAYS: Line(
        far.nanoseconds,
        far.length_of,
        _whole(far.DAY, 3600 * _SECOND, 60 * _SECOND, _SECOND, 1, least=-_LENGTH, most=_LENGTH),
    ),
    Kind.MONTHS: Line(lambda value: value.months, YearsMonths, _whole(1, least=-_MONTHS, most=_MONTHS)),
}
COMPARABLE = frozenset({*_LINES, Kind.BOOLEAN, Kind.TIME, Kind.DATE_TIME})
"""The kinds whose values `representatives` knows."""
