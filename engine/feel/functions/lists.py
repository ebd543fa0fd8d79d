"""List functions (DMN 1.5, table 76; Camunda `duplicate values`, `is empty`, `partition`). Positions count from 1."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from engine.feel import arithmetic
from engine.feel.errors import FunctionFailed
from engine.feel.far import LongLength
from engine.feel.functions.registry import FunctionTable
from engine.feel.limits import Run, same
from engine.feel.values import NUMBERS, Function, Value, YearsMonths, compare, is_number, to_number, truncated

FUNCTIONS = FunctionTable()


def _spread(items: tuple[Value, ...]) -> list[Value]:
    """Arguments given as one list or one by one."""
    if not items:
        raise FunctionFailed("缺少参数", "an argument is missing")
    if len(items) == 1 and isinstance(items[0], list):
        return items[0]
    return list(items)


def _numbers(items: tuple[Value, ...]) -> list[Decimal]:
    numbers = _spread(items)
    if not all(is_number(each) or isinstance(each, float) for each in numbers):
        raise FunctionFailed("列表中有不是数值的元素", "the list holds an item that is no number")
    return [to_number(each) for each in numbers]  # type: ignore[arg-type]  # checked above


def _some(numbers: list[Decimal]) -> list[Decimal]:
    if not numbers:
        raise FunctionFailed("列表为空", "the list is empty")
    return numbers


def checked(run: Run, items: list[Value]) -> list[Value]:
    run.check_items(len(items))
    return items


# ---------------------------------------------------------------------- questions


@FUNCTIONS.add("list contains", "list: list", "element")
def list_contains(run: Run, items: list[Value], element: Value) -> bool:
    run.step(len(items))
    return any(same(run, item, element) for item in items)


@FUNCTIONS.add("count", "list: list")
def count(_run: Run, items: list[Value]) -> Decimal:
    return Decimal(len(items))


@FUNCTIONS.add("is empty", "list: list")
def is_empty(_run: Run, items: list[Value]) -> bool:
    return not items


@FUNCTIONS.add("index of", "list: list", "match")
def index_of(run: Run, items: list[Value], match: Value) -> list[Value]:
    run.step(len(items))
    return [Decimal(position) for position, item in enumerate(items, 1) if same(run, item, match)]


@FUNCTIONS.add("all", "...list")
def all_true(_run: Run, *items: Value) -> bool | None:
    return _conjunction(_spread(items), absorbing=False)


@FUNCTIONS.add("any", "...list")
def any_true(_run: Run, *items: Value) -> bool | None:
    return _conjunction(_spread(items), absorbing=True)


def _conjunction(items: list[Value], *, absorbing: bool) -> bool | None:
    if any(item is absorbing for item in items):
        return absorbing
    return (not absorbing) if all(isinstance(item, bool) for item in items) else None


# ---------------------------------------------------------------------- aggregates


def _extreme(items: tuple[Value, ...], wanted: int) -> Value:
    values = _spread(items)
    if not values:
        return None
    best = values[0]
    for value in values:
        order = compare(value, best)
        if order is None:
            raise FunctionFailed("列表中的元素无法比较", "the items cannot be compared")
        if order == wanted:
            best = value
    return best


@FUNCTIONS.add("min", "...list")
def minimum(_run: Run, *items: Value) -> Value:
    return _extreme(items, -1)


@FUNCTIONS.add("max", "...list")
def maximum(_run: Run, *items: Value) -> Value:
    return _extreme(items, 1)


@FUNCTIONS.add("sum", "...list")
def total(_run: Run, *items: Value) -> Value:
    """Of numbers or of durations of one kind; null for none (DMN 1.5, table 76)."""
    values = _spread(items)
    if not values:
        return None
    if isinstance(values[0], timedelta | LongLength | YearsMonths):
        return functools.reduce(_plus, values)
    return functools.reduce(NUMBERS.add, _numbers((values,)), Decimal(0))


def _plus(left: Value, right: Value) -> Value:
    result = arithmetic.calculate("+", left, right)
    if result is None:
        raise FunctionFailed("列表中的元素无法相加", "the items cannot be added")
    return result


@FUNCTIONS.add("mean", "...list")
def mean(_run: Run, *items: Value) -> Value:
    values = _spread(items)
    if values and isinstance(values[0], timedelta | LongLength | YearsMonths):
        return arithmetic.calculate("/", functools.reduce(_plus, values), Decimal(len(values)))
    numbers = _some(_numbers((values,)))
    return NUMBERS.divide(functools.reduce(NUMBERS.add, numbers), Decimal(len(numbers)))


@FUNCTIONS.add("product", "...list")
def product(_run: Run, *items: Value) -> Decimal:
    return functools.reduce(NUMBERS.multiply, _some(_numbers(items)))


@FUNCTIONS.add("median", "...list")
def median(_run: Run, *items: Value) -> Decimal | None:
    numbers = sorted(_numbers(items))
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.divide(NUMBERS.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@FUNCTIONS.add("stddev", "...list")
def stddev(_run: Run, *items: Value) -> Decimal:
    """Standard deviation of a sample."""
    numbers = _numbers(items)
    if len(numbers) < 2:
        raise FunctionFailed("至少需要两个数值", "at least two numbers are needed")
    average = NUMBERS.divide(functools.reduce(NUMBERS.add, numbers), Decimal(len(numbers)))
    squares = (NUMBERS.power(NUMBERS.subtract(each, average), Decimal(2)) for each in numbers)
    return NUMBERS.sqrt(NUMBERS.divide(functools.reduce(NUMBERS.add, squares), Decimal(len(numbers) - 1)))


@FUNCTIONS.add("mode", "...list")
def mode(_run: Run, *items: Value) -> list[Value]:
    """The most frequent numbers, ascending."""
    counts: dict[Decimal, int] = {}
    for number in _numbers(items):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return [*sorted(number for number, times in counts.items() if times == most)]


# ---------------------------------------------------------------------- new lists


@FUNCTIONS.add("sublist", "list: list", "start position: number", "[length: number]")
def sublist(_run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> list[Value]:
    begin = _index(items, start)
    if length is None:
        return items[begin:]
    if length < 1 or begin + truncated(length) > len(items):
        raise FunctionFailed("长度超出列表", "the length exceeds the list")
    return items[begin : begin + truncated(length)]


def _index(items: list[Value], position: Decimal) -> int:
    """Index in Python of a position from 1, or from -1 at the end."""
    place = truncated(position)
    if place == 0 or abs(place) > len(items) or place != position:
        raise FunctionFailed("位置超出列表", "the position lies outside the list")
    return place - 1 if place > 0 else len(items) + place


@FUNCTIONS.add("append", "list: list", "...items")
def append(run: Run, items: list[Value], *further: Value) -> list[Value]:
    return checked(run, [*items, *further])


@FUNCTIONS.add("append", "list", "...items")
def append_to_null(run: Run, first: Value, *further: Value) -> list[Value]:
    return checked(run, [first, *further])


@FUNCTIONS.add("concatenate", "...lists")
def concatenate(run: Run, *lists: Value) -> list[Value]:
    result: list[Value] = []
    for each in lists:
        run.check_items(len(result))
        result.extend(each if isinstance(each, list) else [each])
    return checked(run, result)


@FUNCTIONS.add("insert before", "list: list", "position: number", "newItem")
def insert_before(run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    index = _index(items, position)
    return checked(run, [*items[:index], item, *items[index:]])


@FUNCTIONS.add("remove", "list: list", "position: number")
def remove(_run: Run, items: list[Value], position: Decimal) -> list[Value]:
    index = _index(items, position)
    return [*items[:index], *items[index + 1 :]]


@FUNCTIONS.add("list replace", "list: list", "position: number", "newItem")
def replace_at(_run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    index = _index(items, Decimal(truncated(position)))
    return [*items[:index], item, *items[index + 1 :]]


@FUNCTIONS.add("list replace", "list: list", "match: function", "newItem")
def replace_matching(_run: Run, items: list[Value], match: Function, item: Value) -> list[Value]:
    if len(match.parameters) != 2:
        raise FunctionFailed("匹配函数必须有两个参数", "the match function must have two parameters")
    replaced = []
    for each in items:
        answer = match.call([each, item])
        if not isinstance(answer, bool):
            raise FunctionFailed("匹配函数必须返回布尔值", "the match function must answer true or false")
        replaced.append(item if answer else each)
    return replaced


@FUNCTIONS.add("reverse", "list: list")
def reverse(_run: Run, items: list[Value]) -> list[Value]:
    return items[::-1]


@FUNCTIONS.add("flatten", "list: list")
def flatten(run: Run, items: list[Value]) -> list[Value]:
    result: list[Value] = []
    pending = [iter(items)]
    while pending:
        run.step()
        item = next(pending[-1], _END)
        if item is _END:
            pending.pop()
        elif isinstance(item, list):
            pending.append(iter(item))
        else:
            result.append(item)
            run.check_items(len(result))
    return result


_END = object()


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    seen: list[Value] = []
    for item in items:
        run.step(len(seen) // 8 + 1)
        if not any(same(run, item, other) for other in seen):
            seen.append(item)
    return seen


@FUNCTIONS.add("distinct values", "list: list")
def distinct_values(run: Run, items: list[Value]) -> list[Value]:
    return _distinct(run, items)


@FUNCTIONS.add("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Value]) -> list[Value]:
    """Each value that occurs more than once, once, in order of first occurrence."""
    repeated = []
    for item in _distinct(run, items):
        run.step(len(items) // 8 + 1)
        if sum(1 for other in items if same(run, item, other)) > 1:
            repeated.append(item)
    return repeated


@FUNCTIONS.add("union", "...lists")
def union(run: Run, *lists: Value) -> list[Value]:
    return _distinct(run, concatenate(run, *lists))


@FUNCTIONS.add("partition", "list: list", "size: number")
def partition(_run: Run, items: list[Value], size: Decimal) -> list[Value]:
    if size < 1:
        raise FunctionFailed("每组个数必须大于 0", "the size must be positive")
    step = truncated(size)
    return [items[start : start + step] for start in range(0, len(items), step)]


@FUNCTIONS.add("sort", "list: list", "[precedes: function]")
def sort(_run: Run, items: list[Value], precedes: Function | None = None) -> list[Value]:
    """Ascending, or as `precedes(a, b)` says that a comes before b."""
    return sorted(items, key=functools.cmp_to_key(_ascending if precedes is None else _by(precedes)))


def _ascending(left: Value, right: Value) -> int:
    order = compare(left, right)
    if order is None:
        raise FunctionFailed("列表中的元素无法比较", "the items cannot be compared")
    return order


def _by(precedes: Function) -> Callable[[Value, Value], int]:
    if len(precedes.parameters) != 2:
        raise FunctionFailed("排序函数必须有两个参数", "the sorting function must have two parameters")

    def order(left: Value, right: Value) -> int:
        if precedes.call([left, right]) is True:
            return -1
        return 1 if precedes.call([right, left]) is True else 0

    return order
