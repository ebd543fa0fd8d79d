"""Which combinations of inputs no rule of a table covers: a search over the columns, one after the other.

A column is a list of masks, one for each value that its cells can tell apart: bit `n` says that rule `n` accepts it. What
is left of the rules after some columns is all that matters for the rest, so that every such remainder is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_COLUMNS = 100
Columns = Sequence[Sequence[int]]


class TooLarge(Exception):
    """The search would take longer than anybody wants to wait for a warning."""


class Budget:
    """What an analysis may cost, in steps of a fraction of a microsecond; raises TooLarge beyond."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise TooLarge


def uncovered(columns: Columns, rules: int, budget: Budget) -> Iterator[tuple[int, ...]]:
    """Combinations that none of the `rules` (a mask) accepts, each as one index per column.

    Combinations after which the same rules are left count as one, so that the list is short and still names every way in
    which the rules fail; empty exactly if the rules cover everything. Columns without any value cover everything.
    """
    if len(columns) > _COLUMNS:
        raise TooLarge
    if all(columns):
        order = sorted(range(len(columns)), key=lambda column: _remaining(columns[column], rules))
        for found in _search(_Space([columns[each] for each in order], budget), 0, rules):
            place = dict(zip(order, found, strict=True))
            yield tuple(place[column] for column in range(len(columns)))


def _remaining(column: Sequence[int], rules: int) -> float:
    """How many rules a value of the column leaves on average: those that leave few come first."""
    return sum((mask & rules).bit_count() for mask in column) / len(column)


class _Space:
    """The columns in the order of the search; `always` are the rules that accept everything from a column on."""

    def __init__(self, columns: Columns, budget: Budget) -> None:
        self.columns = columns
        self.budget = budget
        self.seen: set[tuple[int, int]] = set()
        self.always = [-1]
        for column in reversed(columns):
            mask = self.always[0]
            for each in column:
                mask &= each
            self.always.insert(0, mask)


def _search(space: _Space, column: int, rules: int) -> Iterator[tuple[int, ...]]:
    if not rules:
        yield (0,) * (len(space.columns) - column)
        return
    if rules & space.always[column] or (column, rules) in space.seen:
        return
    space.seen.add((column, rules))
    values = space.columns[column]
    space.budget.spend(10 + 2 * len(values))
    left: dict[int, int] = {}
    for index, mask in enumerate(values):
        left.setdefault(mask & rules, index)
    for rest in sorted(left, key=int.bit_count):
        for found in _search(space, column + 1, rest):
            yield (left[rest], *found)
