"""How points and ranges lie to each other (DMN 1.5, table 82, Allen's relations), and `range`."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.feel import tree
from engine.feel.errors import FeelSyntaxError, FunctionFailed
from engine.feel.functions.registry import FunctionTable
from engine.feel.limits import Run, same
from engine.feel.parser import parse_expression
from engine.feel.temporal import parse_at_literal, parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.values import Range, Value, compare, contains

FUNCTIONS = FunctionTable()


def _order(left: Value, right: Value) -> int:
    order = compare(left, right)
    if order is None:
        raise FunctionFailed("参数无法比较", "the arguments cannot be compared")
    return order


def _holds(interval: Range, point: Value) -> bool:
    inside = contains(interval, point)
    if inside is None:
        raise FunctionFailed("参数无法比较", "the arguments cannot be compared")
    return inside


@FUNCTIONS.add("before", "point1: point", "point2: point")
def point_before_point(_run: Run, point1: Value, point2: Value) -> bool:
    return _order(point1, point2) < 0


@FUNCTIONS.add("before", "point: point", "range: range")
def point_before_range(_run: Run, point: Value, range_: Range) -> bool:
    order = _order(point, range_.low)
    return order < 0 or (order == 0 and not range_.low_included)


@FUNCTIONS.add("before", "range: range", "point: point")
def range_before_point(_run: Run, range_: Range, point: Value) -> bool:
    order = _order(range_.high, point)
    return order < 0 or (order == 0 and not range_.high_included)


@FUNCTIONS.add("before", "range1: range", "range2: range")
def range_before_range(_run: Run, range1: Range, range2: Range) -> bool:
    order = _order(range1.high, range2.low)
    return order < 0 or (order == 0 and not (range1.high_included and range2.low_included))


@FUNCTIONS.add("after", "point1: point", "point2: point")
def point_after_point(_run: Run, point1: Value, point2: Value) -> bool:
    return _order(point1, point2) > 0


@FUNCTIONS.add("after", "point: point", "range: range")
def point_after_range(run: Run, point: Value, range_: Range) -> bool:
    return range_before_point(run, range_, point)


@FUNCTIONS.add("after", "range: range", "point: point")
def range_after_point(run: Run, range_: Range, point: Value) -> bool:
    return point_before_range(run, point, range_)


@FUNCTIONS.add("after", "range1: range", "range2: range")
def range_after_range(run: Run, range1: Range, range2: Range) -> bool:
    return range_before_range(run, range2, range1)


@FUNCTIONS.add("meets", "range1: range", "range2: range")
def meets(_run: Run, range1: Range, range2: Range) -> bool:
    return range1.high_included and range2.low_included and _order(range1.high, range2.low) == 0


@FUNCTIONS.add("met by", "range1: range", "range2: range")
def met_by(run: Run, range1: Range, range2: Range) -> bool:
    return meets(run, range2, range1)


@FUNCTIONS.add("overlaps", "range1: range", "range2: range")
def overlaps(run: Run, range1: Range, range2: Range) -> bool:
    return not range_before_range(run, range1, range2) and not range_before_range(run, range2, range1)


def _starts_first(range1: Range, range2: Range) -> bool:
    order = _order(range1.low, range2.low)
    return order < 0 or (order == 0 and range1.low_included and not range2.low_included)


def _ends_first(range1: Range, range2: Range) -> bool:
    order = _order(range1.high, range2.high)
    return order < 0 or (order == 0 and range2.high_included and not range1.high_included)


@FUNCTIONS.add("overlaps before", "range1: range", "range2: range")
def overlaps_before(run: Run, range1: Range, range2: Range) -> bool:
    return (
        _starts_first(range1, range2)
        and not range_before_range(run, range1, range2)
        and not _ends_first(range2, range1)
    )


@FUNCTIONS.add("overlaps after", "range1: range", "range2: range")
def overlaps_after(run: Run, range1: Range, range2: Range) -> bool:
    return overlaps_before(run, range2, range1)


@FUNCTIONS.add("finishes", "point: point", "range: range")
def point_finishes(_run: Run, point: Value, range_: Range) -> bool:
    return range_.high_included and _order(point, range_.high) == 0


@FUNCTIONS.add("finishes", "range1: range", "range2: range")
def range_finishes(_run: Run, range1: Range, range2: Range) -> bool:
    return (
        range1.high_included is range2.high_included
        and _order(range1.high, range2.high) == 0
        and not _starts_first(range1, range2)
    )


@FUNCTIONS.add("finished by", "range: range", "point: point")
def finished_by_point(run: Run, range_: Range, point: Value) -> bool:
    return point_finishes(run, point, range_)


@FUNCTIONS.add("finished by", "range1: range", "range2: range")
def finished_by_range(run: Run, range1: Range, range2: Range) -> bool:
    return range_finishes(run, range2, range1)


@FUNCTIONS.add("starts", "point: point", "range: range")
def point_starts(_run: Run, point: Value, range_: Range) -> bool:
    return range_.low_included and _order(point, range_.low) == 0


@FUNCTIONS.add("starts", "range1: range", "range2: range")
def range_starts(_run: Run, range1: Range, range2: Range) -> bool:
    return (
        range1.low_included is range2.low_included
        and _order(range1.low, range2.low) == 0
        and not _ends_first(range2, range1)
    )


@FUNCTIONS.add("started by", "range: range", "point: point")
def started_by_point(run: Run, range_: Range, point: Value) -> bool:
    return point_starts(run, point, range_)


@FUNCTIONS.add("started by", "range1: range", "range2: range")
def started_by_range(run: Run, range1: Range, range2: Range) -> bool:
    return range_starts(run, range2, range1)


@FUNCTIONS.add("includes", "range: range", "point: point")
def includes_point(_run: Run, range_: Range, point: Value) -> bool:
    return _holds(range_, point)


@FUNCTIONS.add("includes", "range1: range", "range2: range")
def includes_range(_run: Run, range1: Range, range2: Range) -> bool:
    return not _starts_first(range2, range1) and not _ends_first(range1, range2)


@FUNCTIONS.add("during", "point: point", "range: range")
def point_during(_run: Run, point: Value, range_: Range) -> bool:
    return _holds(range_, point)


@FUNCTIONS.add("during", "range1: range", "range2: range")
def range_during(run: Run, range1: Range, range2: Range) -> bool:
    return includes_range(run, range2, range1)


@FUNCTIONS.add("coincides", "point1: point", "point2: point")
def points_coincide(_run: Run, point1: Value, point2: Value) -> bool:
    return _order(point1, point2) == 0


@FUNCTIONS.add("coincides", "range1: range", "range2: range")
def ranges_coincide(run: Run, range1: Range, range2: Range) -> bool:
    return same(run, range1, range2) is True


# ---------------------------------------------------------------------- ranges from text

_RANGE = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*?)([\])\[])\s*", re.DOTALL)
_TEMPORAL: dict[str, Callable[[str], Value]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}


@FUNCTIONS.add("range", "from: string")
def range_of_text(_run: Run, source: str) -> Range:
    """A range of literals, written as FEEL writes ranges; an end may be left out when its bracket is open."""
    match = _RANGE.fullmatch(source)
    if match is None:
        raise FunctionFailed(f"“{source}”不是区间", f"{source!r} is not a range")
    opening, low_text, high_text, closing = match.groups()
    low, high = _literal(low_text.strip()), _literal(high_text.strip())
    low_included, high_included = opening == "[", closing == "]"
    open_low, open_high = not low_text.strip(), not high_text.strip()
    if (open_low and (low_included or open_high)) or (open_high and high_included):
        raise FunctionFailed(f"“{source}”不是区间", f"{source!r} is not a range")
    if not open_low and not open_high and _order(low, high) > 0:
        raise FunctionFailed("区间的下限大于上限", "the range is upside down")
    return Range(low, high, low_included, high_included, open_low, open_high)


def _literal(text: str) -> Value:
    if not text:
        return None
    try:
        value = _constant(parse_expression(text, _TEMPORAL))
    except FeelSyntaxError:
        value = None
    if value is None:
        raise FunctionFailed(f"“{text}”不是常量", f"{text!r} is not a literal")
    return value


def _constant(node: tree.Node) -> Value:
    match node:
        case tree.Number(value) | tree.Text(value):
            return value
        case tree.Negate(tree.Number(value)):
            return -value
        case tree.AtLiteral(text):
            return parse_at_literal(text)
        case tree.Call(tree.Name(name), (tree.Text(text),)) if name in _TEMPORAL:
            return _TEMPORAL[name](text)
    return None
