"""Which rules of a table a value leaves, looked up instead of asked rule by rule.

A column whose cells compare with written values alone answers alike for all values between two of them; so the answers of
all its cells are worked out once, for one value of every stretch, and kept as masks of rules. What cannot be looked up (a
cell that calculates, a value of another kind than the cells speak of) is asked rule by rule as ever.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from engine.feel import Env, Kind, Literals, NotReadable, Run, UnaryTests, Value, literals_of, representatives
from engine.feel.values import whole_form

Lookup = Callable[[Value], int]
"""The mask of the rules that accept a value of one type."""
_MOMENT = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)  # cells that can be looked up do not ask for it
_MOST = 100_000
"""Answers worked out for one column: a tenth of a second at most, once."""
_FEWEST = 3
"""Rules below which asking is as quick."""


@dataclass(slots=True)
class ColumnIndex:
    """Lookups of one column by the type of the value; `open` are the rules whose cell has to be asked all the same."""

    by_type: dict[type, Lookup] = field(default_factory=dict)
    open: int = 0


def index_column(cells: Sequence[UnaryTests | None], names: Iterable[str]) -> ColumnIndex:
    """The index of the cells of one column, rule by rule (None: always satisfied); `names` as the parser needs them."""
    if len(cells) < _FEWEST:
        return ColumnIndex(open=_mask(rule for rule, each in enumerate(cells) if each is not None))
    return _Builder(cells, names).index()


class _Builder:
    def __init__(self, cells: Sequence[UnaryTests | None], names: Iterable[str]) -> None:
        self._everyone = (1 << len(cells)) - 1
        self._tests: dict[UnaryTests, int] = {}
        for rule, each in enumerate(cells):
            if each is not None:
                self._tests[each] = self._tests.get(each, 0) | 1 << rule
        self._names = tuple(names)
        self._literals = Literals()
        self._env = Env({}, {}, Run(_MOMENT))

    def index(self) -> ColumnIndex:
        index = ColumnIndex()
        for tests in tuple(self._tests):
            try:
                self._literals.add(self._read(tests))
            except NotReadable:
                index.open |= self._tests.pop(tests)
        if (2 * len(self._literals.values) + 2) * len(self._tests) > _MOST:
            index.open = self._everyone
            return index
        for kind in (Kind.NUMBER, Kind.STRING, Kind.BOOLEAN, Kind.DATE):
            answers = [(each, self._answer(each)) for each, _ in representatives(
                self._literals.values, kind, ordered=self._literals.orders_texts)]  # fmt: skip
            if not any(mask is None for _, mask in answers):
                index.by_type.update(_lookups(kind, [(each, mask or 0) for each, mask in answers], self._literals))
        null = self._answer(None)
        if null is not None:
            index.by_type[type(None)] = _always(null)
        return index

    def _read(self, tests: UnaryTests) -> Literals:
        if tests.names:
            raise NotReadable("", "")
        return literals_of(tests.source, self._names)

    def _answer(self, value: Value) -> int | None:
        """The rules that accept a value; None where a cell has something to say about it beside its answer."""
        mask = self._everyone
        warnings = self._env.run.warnings
        for tests, rules in self._tests.items():
            if tests.test(self._env, value) is not True:
                mask &= ~rules
            if warnings:
                warnings.clear()
                return None
        return mask


def _mask(rules: Iterable[int]) -> int:
    mask = 0
    for rule in rules:
        mask |= 1 << rule
    return mask


def _lookups(kind: Kind, answers: list[tuple[Any, int]], literals: Literals) -> dict[type, Lookup]:
    """Lookups for one kind from the answers for its stretches, in their order."""
    match kind:
        case Kind.BOOLEAN:
            return {bool: dict(answers).__getitem__}
        case Kind.STRING if not literals.orders_texts:
            *listed, (_, otherwise) = answers
            return {str: _of_dictionary(dict(listed), otherwise)}
        case Kind.STRING:
            return {str: _of_line([each for each in literals.values if type(each) is str], answers)}
        case Kind.NUMBER:
            numbers = [each for each in literals.values if type(each) is Decimal]
            found = _of_line([whole_form(each) for each in numbers], answers)
            return {int: found, Decimal: found}
    days = [each for each in literals.values if type(each) is date]
    return {date: _of_line(days, answers)}


def _always(mask: int) -> Lookup:
    return lambda _value: mask


def _of_dictionary(masks: dict[str, int], otherwise: int) -> Lookup:
    find: Callable[[Any, int], int] = masks.get
    return lambda value: find(value, otherwise)


def _of_line(written: list[Any], answers: list[tuple[Any, int]]) -> Lookup:
    """At a written value its own answer, else that of the stretch around the value; stretches without values are left out."""
    places = sorted(set(written))
    if not places:
        return _always(answers[0][1])
    at = dict(answers)
    points = [at[place] for place in places]
    stretches: list[int] = [0] * (len(places) + 1)
    known = set(places)
    for value, mask in answers:
        if value not in known:
            stretches[bisect_left(places, value)] = mask
    last = len(places)

    def find(value: Any) -> int:
        place = bisect_left(places, value)
        return points[place] if place != last and places[place] == value else stretches[place]

    return find
