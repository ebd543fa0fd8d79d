"""What changes seldom and every act reads (offices, staff, posts held, relations, calendar, editions): kept in memory.

Whatever changes a row of these kinds raises the region's number in the same transaction (`persistence.rows`). An act reads the
number and takes what is kept only under that number, so that every act sees what was committed before it began, on every node.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from casework.model.record import Record

R = TypeVar("R", bound=Record)
_LISTS = (list, tuple, set, frozenset)


class Kept(Generic[R]):
    """All records of one kind in a region, in order of id, found by the values of their columns."""

    def __init__(self, records: list[R]) -> None:
        self._records = records
        self._indexes: dict[str, dict[Any, list[R]]] = {}

    def find(self, equals: dict[str, Any], limit: int) -> list[R]:
        """The records with these values (a list means one of them), at most so many."""
        if not equals:
            return self._records[:limit]
        (name, wanted), *rest = equals.items()
        index = self._index(name)
        if isinstance(wanted, _LISTS):
            found = [record for value in dict.fromkeys(wanted) for record in index.get(value, ())]
            found.sort(key=lambda record: record.id)
        else:
            found = index.get(wanted, [])
        for other, value in rest:
            values = value if isinstance(value, _LISTS) else (value,)
            found = [record for record in found if getattr(record, other) in values]
        return found[:limit]

    def _index(self, name: str) -> dict[Any, list[R]]:
        index = self._indexes.get(name)
        if index is None:
            index = {}
            for record in self._records:
                index.setdefault(getattr(record, name), []).append(record)
            self._indexes[name] = index
        return index
