"""Closures of what runs over lists: filters, `for`, `some` and `every` (DMN 1.5, 10.3.2.5, 10.3.2.12-14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from engine.feel import far, tree
from engine.feel.errors import WarningCode
from engine.feel.scope import Closure, Env, Scope
from engine.feel.text import number_text
from engine.feel.values import KIND_ZH, Kind, Range, Value, is_number, kind_of, to_number, truncated

_CONDITIONS = (tree.Compare, tree.And, tree.Or, tree.Between, tree.In, tree.Quantified, tree.InstanceOf, tree.Boolean)


# ---------------------------------------------------------------------- filters


def compile_filter(node: tree.Filter, scope: Scope) -> Closure:
    """`list[3]`, `list[-1]` and `list[condition]`, where entries of the item hide outer names."""
    source = scope.compile(node.source)
    index = _written_index(node.condition)
    position = node.condition.start
    if index is not None:
        fixed = index

        def at_written_index(env: Env) -> Value:
            return _at(env, _as_list(source(env)), fixed, position)

        return at_written_index
    key = ("item", len(scope.layers))
    condition = scope.with_item(key).compile(node.condition)
    return _by_condition(source, condition, key, position, always_boolean=isinstance(node.condition, _CONDITIONS))


def _written_index(node: tree.Node) -> Decimal | None:
    match node:
        case tree.Number(value):
            return value
        case tree.Negate(tree.Number(value)):
            return -value
    return None


def _by_condition(source: Closure, condition: Closure, key: object, position: int, *, always_boolean: bool) -> Closure:
    def filtered(env: Env) -> Value:
        items = _as_list(source(env))
        if items is None:
            return None
        inner = env.inner()
        local = inner.local
        kept: list[Value] = []
        if not items and not always_boolean:
            return _filter_nothing(env, inner, condition, key)
        run = env.run
        for number, item in enumerate(items):
            run.step()
            local["item"] = local[key] = item
            answer = condition(inner)
            if answer is True:
                kept.append(item)
            elif answer is not False and number == 0 and is_number(answer):
                return _at(env, items, to_number(answer), position)
            elif answer is not False and answer is not None:
                kind = kind_of(answer)
                env.run.warn(
                    WarningCode.WRONG_TYPE,
                    f"筛选条件应为布尔值或位置，但此处是{KIND_ZH[kind]}",
                    f"a filter needs a boolean or a position, found {kind}",
                    position,
                )
                return None
        return kept

    return filtered


def _filter_nothing(env: Env, inner: Env, condition: Closure, key: object) -> Value:
    """An empty list has no item at a position, but is the empty list under a condition."""
    inner.local["item"] = inner.local[key] = None
    before = len(env.run.warnings)
    answer = condition(inner)
    del env.run.warnings[before:]
    return None if is_number(answer) else []


def _as_list(value: Value) -> list[Value] | None:
    if type(value) is list:
        return value
    return None if value is None else [value]


def _at(env: Env, items: list[Value] | None, place: Decimal, position: int) -> Value:
    if items is None:
        return None
    if 0 < abs(place) <= len(items) and place == int(place):
        index = int(place)
        return items[index - 1 if index > 0 else index]
    env.run.warn(
        WarningCode.OUT_OF_RANGE,
        f"列表没有第 {number_text(place)} 个元素（共 {len(items)} 个）",
        f"the list of {len(items)} has no item {number_text(place)}",
        position,
    )
    return None


# ---------------------------------------------------------------------- for, some, every

_Source = Callable[[Env], Iterable[Value] | None]


def _compile_iterations(
    iterations: tuple[tree.Iteration, ...], scope: Scope
) -> tuple[list[tuple[str, _Source]], Scope]:
    sources: list[tuple[str, _Source]] = []
    for each in iterations:
        source = scope.compile(each.source)
        high = None if each.high is None else scope.compile(each.high)
        sources.append((each.name, _source_of(source, high, each.start)))
        scope = scope.with_names(each.name)
    return sources, scope


def _source_of(source: Closure, high: Closure | None, position: int) -> _Source:
    def items(env: Env) -> Iterable[Value] | None:
        value = source(env)
        if high is not None:
            return _count(env, value, high(env), position)
        match value:
            case list():
                return value
            case None:
                return None
            case Range():
                return _items_of_range(env, value, position)
            case _:
                return [value]

    return items


def _items_of_range(env: Env, interval: Range, position: int) -> Iterable[Value] | None:
    low, high = interval.low, interval.high
    both = is_number(low) and is_number(high)
    both = both or (kind_of(low) is Kind.DATE and kind_of(high) is Kind.DATE)
    if interval.open_low or interval.open_high or not both:
        _not_iterable(env, interval, position)
        return None
    ascending = _count(env, low, high, position)
    if ascending is None:
        return None
    return (
        item
        for item in ascending
        if (interval.low_included or item != low) and (interval.high_included or item != high)
    )


def _count(env: Env, low: Value, high: Value, position: int) -> Iterator[Value] | None:
    """`low..high`: up or down by one or by a day, both ends included."""
    if is_number(low) and is_number(high):
        first, last = truncated(low), truncated(high)  # type: ignore[arg-type]  # both are numbers
        if first == low and last == high:
            return _count_numbers(first, last)
    elif kind_of(low) is Kind.DATE and kind_of(high) is Kind.DATE:
        return _count_days(low, high)  # type: ignore[arg-type]  # the kinds say dates
    _not_iterable(env, low if not is_number(low) else high, position)
    return None


def _count_numbers(first: int, last: int) -> Iterator[Value]:
    step = 1 if first <= last else -1
    return (Decimal(number) for number in range(first, last + step, step))


def _count_days(first: far.Date, last: far.Date) -> Iterator[Value]:
    begin, end = far.ordinal_of(first), far.ordinal_of(last)
    step = 1 if begin <= end else -1
    return (far.date_at(day) for day in range(begin, end + step, step))


def _not_iterable(env: Env, value: Value, position: int) -> None:
    kind = kind_of(value)
    env.run.warn(WarningCode.WRONG_TYPE, f"不能遍历{KIND_ZH[kind]}", f"cannot iterate over {kind}", position)


def _every_combination(env: Env, sources: list[tuple[str, _Source]]) -> Iterator[bool]:
    """Binds the iteration variables in `env` to one combination after the other; False when a source is null."""
    (name, source), rest = sources[0], sources[1:]
    items = source(env)
    if items is None:
        yield False
        return
    run, local = env.run, env.local
    for item in items:
        run.step()
        local[name] = item
        if rest:
            yield from _every_combination(env, rest)
        else:
            yield True


def compile_for(node: tree.For, scope: Scope) -> Closure:
    """The list of results over all combinations, the last variable changing fastest."""
    sources, inside = _compile_iterations(node.iterations, scope)
    body = inside.with_names("partial").compile(node.body)

    def results(env: Env) -> Value:
        inner, run = env.inner(), env.run
        produced: list[Value] = []
        # `partial` is what has been produced so far (DMN 1.5, 10.3.2.14).
        inner.local["partial"] = produced
        for bound in _every_combination(inner, sources):
            if not bound:
                return None
            produced.append(body(inner))
            run.check_items(len(produced))
        return produced

    return results


def compile_quantified(node: tree.Quantified, scope: Scope) -> Closure:
    """`some` is true with one true answer, `every` false with one false answer; else null counts as unknown."""
    sources, inside = _compile_iterations(node.iterations, scope)
    condition = inside.compile(node.condition)
    decisive = not node.every

    def quantified(env: Env) -> bool | None:
        answer: bool | None = not decisive
        inner = env.inner()
        for bound in _every_combination(inner, sources):
            if not bound:
                return None
            value: Value = condition(inner)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                answer = None
        return answer

    return quantified
