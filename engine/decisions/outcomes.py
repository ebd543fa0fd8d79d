"""What the rules of a table give, as far as it is written out: for the analysis of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.decisions.columns import TableSource
from engine.decisions.records import HitPolicy
from engine.decisions.session import Session
from engine.decisions.types import hold_to
from engine.feel import MISSING, Run, Value, constant_list, constant_value, equal

_MOMENT = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)  # no written value depends on it
Rank = tuple[int, ...]
"""The places of a rule's outputs among the output values; the lesser is the weightier."""


@dataclass(frozen=True, slots=True)
class _Worked:
    """An output that has to be worked out."""

    source: str


class Outcomes:
    """The outputs of each rule of a table, and their rank under PRIORITY."""

    def __init__(self, table: TableSource) -> None:
        self._table = table
        self._outputs = [self._written(rule) for rule in range(len(table.record.rules))]
        self._ranks = self._all_ranks() if table.record.hit_policy is HitPolicy.PRIORITY else None

    def rank(self, rule: int) -> Rank | None:
        """The rank of a rule; None where its outputs depend on the case, and under other policies than PRIORITY."""
        return None if self._ranks is None else self._ranks[rule]

    def differ(self, first: int, second: int) -> bool | None:
        """Whether the outputs of two rules differ; None where that depends on the case."""
        answer: bool | None = False
        for one, other in zip(self._outputs[first], self._outputs[second], strict=True):
            if isinstance(one, _Worked) or isinstance(other, _Worked):
                answer = answer if one == other else None
            elif equal(one, other) is not True:
                return True
        return answer

    def _written(self, rule: int) -> tuple[object, ...]:
        """The outputs of a rule as its columns hold them: the value if it is written out, else the text."""
        found: list[object] = []
        session = Session(Run(_MOMENT), {})
        for text, declared in zip(self._table.record.rules[rule].outputs, self._table.output_types, strict=True):
            value = None
            if text.source.strip():
                value = constant_value(text.source, self._table.names_for_parsing())
            if value is MISSING:
                found.append(_Worked(" ".join(text.source.split())))
            else:
                found.append(hold_to(session, value, declared, ""))
        return tuple(found)

    def _all_ranks(self) -> list[Rank | None]:
        names = self._table.names_for_parsing()
        orders = [
            [] if each.allowed is None else constant_list(each.allowed.source, names)
            for each in self._table.record.outputs
        ]
        return [_rank(orders, outputs) for outputs in self._outputs]


def _rank(orders: Sequence[list[Value] | None], outputs: Sequence[object]) -> Rank | None:
    """For each output its place in the order, after all others where it is not in it; None where it is not written out."""
    places: list[int] = []
    for order, value in zip(orders, outputs, strict=True):
        if order is None or (order and isinstance(value, _Worked)):
            return None
        places.append(next((at for at, each in enumerate(order) if equal(each, value)), len(order)))
    return tuple(places)
