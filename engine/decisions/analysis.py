"""Faults of decision tables that can be told before a case runs into them: gaps, overlaps, contradictions, dead rules.

What a fault is follows from the hit policy (DMN 1.5, 8.2.8); each comes with one input for which it shows. Everything said
is certain: a cell that cannot be read counts as one that may match or not, and is named among the remarks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

from engine.decisions.columns import Column, Reading, Remark, TableSource, read_columns
from engine.decisions.coverage import Budget, TooLarge, uncovered
from engine.decisions.outcomes import Outcomes
from engine.decisions.records import HitPolicy, Place
from engine.errors import Problem
from engine.feel import Value, text_of

_T = TypeVar("_T")
STEPS = 3_000_000
"""What the analysis of one file may cost; about two seconds."""
LISTED = 5
"""Faults of one sort listed for one table; more would hide the others."""
_DECIDES_ALONE = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY})
_MOMENT = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a table: `rule` is the id of the check, `rows` the rules concerned, from 1.

    `example` has one value per input of the table for which the fault shows; a rule that nothing can match has none.
    """

    rule: str
    table: Place
    rows: tuple[int, ...]
    example: tuple[Value, ...] | None
    problem: Problem


@dataclass(frozen=True, slots=True)
class Analysis:
    """The faults of all tables of a file, and what could not be analysed."""

    faults: tuple[Fault, ...]
    remarks: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The faults as a deployment tells them."""
        return tuple(each.problem for each in self.faults)


def analyse(tables: Sequence[TableSource], *, file: str = "", severity: str = "warning") -> Analysis:
    """The faults of these tables, in their order; `severity` is that of the problems made of them."""
    budget = Budget(STEPS)
    faults: list[Fault] = []
    remarks: list[Remark] = []
    for table in tables:
        analysis = _Table(table, budget, file, severity)
        try:
            analysis.look()
        except TooLarge:
            analysis.remarks.append(_too_large(table.record.place))
        faults += analysis.faults
        remarks += analysis.remarks
    return Analysis(tuple(faults), tuple(_as_problem(each, file) for each in remarks))


def _too_large(place: Place) -> Remark:
    return Remark(place, "表太大,分析没有做完。", "The table is too large: its analysis was not carried to the end.")


def _as_problem(remark: Remark, file: str) -> Problem:
    place = remark.place
    return Problem("dmn-not-analysed", remark.zh, remark.en, file, place.element_id, None, place.line, "warning")


class _Table:
    """Looks for the faults of one table."""

    def __init__(self, table: TableSource, budget: Budget, file: str, severity: str) -> None:
        self.faults: list[Fault] = []
        self.remarks: list[Remark] = []
        self._table = table
        self._record = table.record
        self._budget = budget
        self._file = file
        self._severity = severity
        self._reading = Reading([], [])
        self._outcomes = Outcomes(table)

    def look(self) -> None:
        """Find everything; raises TooLarge with what was found before in `faults`."""
        if not self._record.rules:
            return
        self._reading = read_columns(self._table, self._budget)
        self.remarks += self._reading.remarks
        policy = self._record.hit_policy
        dead = self._find_impossible()
        if policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
            self._find_masked(dead)
        if not self._reading.exact:
            return
        if policy is HitPolicy.UNIQUE:
            self._find_overlaps()
        elif policy in (HitPolicy.ANY, HitPolicy.PRIORITY):
            self._find_contradictions()
        if policy in _DECIDES_ALONE and not any(each.default for each in self._record.outputs):
            self._find_gaps()

    @property
    def _columns(self) -> list[Column]:
        return self._reading.columns

    # ------------------------------------------------------------------ rules that never count

    def _find_impossible(self) -> set[int]:
        """Rules with a condition that no allowed value satisfies."""
        dead: set[int] = set()
        for rule, record in enumerate(self._record.rules):
            column = next((each for each in self._columns if not each.reach(rule)), None)
            if column is None:
                continue
            dead.add(rule)
            written = "、".join(" ".join(record.tests[each].source.split()) for each in column.members)
            self.say(
                "dmn-unreachable",
                record.place,
                (rule,),
                None,
                f"第 {rule + 1} 行永远不会命中:“{column.label}”没有任何允许的值满足“{written}”。",
                f"Rule {rule + 1} can never match: no value that '{column.label}' may have satisfies '{written}'.",
            )
        return dead

    def _find_masked(self, dead: set[int]) -> None:
        """Rules that match only where another one wins: an earlier one under FIRST, a weightier one under PRIORITY."""
        for rule, record in enumerate(self._record.rules):
            before = self._winning_over(rule)
            if rule in dead or not before:
                continue
            reaches = [each.reach(rule) for each in self._columns]
            inside = [
                [column.surely[each] for each in reach] for column, reach in zip(self._columns, reaches, strict=True)
            ]
            if next(uncovered(inside, before, self._budget), None) is not None:
                continue
            example = [reach[0] for reach in reaches]
            winner = min(
                _bits(self._matching(example) & before), key=lambda each: (self._outcomes.rank(each) or (), each)
            )
            self.say(
                "dmn-unreachable",
                record.place,
                (rule, winner),
                example,
                f"第 {rule + 1} 行不起作用:凡它命中之处,优先的行也命中。例如{{example}}时,起作用的是第 {winner + 1} 行。",
                f"Rule {rule + 1} has no effect: wherever it matches, one that comes before it matches too. "
                f"For example, with {{example}}, rule {winner + 1} counts.",
            )

    def _winning_over(self, rule: int) -> int:
        """The rules that win over this one where both match, as a mask; under PRIORITY those that certainly do."""
        if self._record.hit_policy is HitPolicy.FIRST:
            return (1 << rule) - 1
        own = self._outcomes.rank(rule)
        if own is None:
            return 0
        winning = 0
        for other in range(len(self._record.rules)):
            rank = self._outcomes.rank(other)
            if rank is not None and (rank, other) < (own, rule):
                winning |= 1 << other
        return winning

    # ------------------------------------------------------------------ rules that match at once

    def _find_overlaps(self) -> None:
        """Pairs of rules that match for one input, which UNIQUE does not allow."""
        pairs = self._pairs()
        for first, second in self._listed(pairs, "dmn-overlap"):
            self.say(
                "dmn-overlap",
                self._record.rules[second].place,
                (first, second),
                self._common(first, second),
                f"第 {first + 1} 行和第 {second + 1} 行同时命中,而命中策略是 UNIQUE。例如{{example}}。",
                f"Rules {first + 1} and {second + 1} match at once, but the hit policy is UNIQUE. For example: {{example}}.",
            )

    def _find_contradictions(self) -> None:
        """Pairs with different outputs: under ANY always, under PRIORITY where neither is weightier than the other."""
        unknown: set[int] = set()
        found: list[tuple[int, int, list[int]]] = []
        for first, second in self._pairs():
            differ = self._outcomes.differ(first, second)
            if differ is None:
                unknown |= {first, second}
                continue
            if not differ:
                continue
            example: list[int] | None = self._common(first, second)
            if self._record.hit_policy is HitPolicy.PRIORITY:
                example = self._undecided(first, second)
            if example is not None:
                found.append((first, second, example))
        if unknown:
            rows = ", ".join(str(each + 1) for each in sorted(unknown))
            self.remarks.append(
                Remark(
                    self._record.place,
                    f"第 {rows} 行可能同时命中,其输出须计算,是否一致无法判断。",
                    f"Rules {rows} may match at once; their outputs have to be worked out, so that it cannot be told whether they agree.",
                )
            )
        policy = self._record.hit_policy
        reason = ("", "") if policy is HitPolicy.ANY else ("优先顺序相同,", "are of one priority, ")
        for first, second, example in self._listed(iter(found), "dmn-conflict"):
            self.say(
                "dmn-conflict",
                self._record.rules[second].place,
                (first, second),
                example,
                f"第 {first + 1} 行和第 {second + 1} 行同时命中,{reason[0]}输出却不同(命中策略 {policy})。例如{{example}}。",
                f"Rules {first + 1} and {second + 1} match at once, {reason[1]}and differ in their outputs (hit policy {policy}). "
                "For example: {example}.",
            )

    def _undecided(self, first: int, second: int) -> list[int] | None:
        """A place where both match, neither is weightier, and no third rule can be; None if there is none."""
        rank = self._outcomes.rank(first)
        if rank is None or rank != self._outcomes.rank(second):
            return None
        weightier = 0
        for other in range(len(self._record.rules)):
            theirs = self._outcomes.rank(other)
            if theirs is None or theirs < rank:
                weightier |= 1 << other
        both = 1 << first | 1 << second
        shared = [[at for at, mask in enumerate(each.surely) if mask & both == both] for each in self._columns]
        inside = [[column.perhaps[at] for at in reach] for column, reach in zip(self._columns, shared, strict=True)]
        place = next(uncovered(inside, weightier, self._budget), None)
        return None if place is None else [reach[at] for reach, at in zip(shared, place, strict=True)]

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs of rules that certainly match for some input, by row."""
        beside = [self._beside(column) for column in self._columns]
        for second in range(len(self._record.rules)):
            together = (1 << second) - 1
            for each in beside:
                together &= each[second]
            self._budget.spend(len(beside) + 1)
            yield from ((first, second) for first in _bits(together))

    def _beside(self, column: Column) -> list[int]:
        """For each rule, those that certainly accept some value that it certainly accepts."""
        found = [0] * len(self._record.rules)
        for mask in column.surely:
            self._budget.spend(mask.bit_count() + 1)
            for rule in _bits(mask):
                found[rule] |= mask
        return found

    def _common(self, first: int, second: int) -> list[int]:
        both = 1 << first | 1 << second
        return [next(at for at, mask in enumerate(each.surely) if mask & both == both) for each in self._columns]

    # ------------------------------------------------------------------ gaps

    def _find_gaps(self) -> None:
        """Inputs for which no rule matches, where the table says nothing else about them."""
        everyone = (1 << len(self._record.rules)) - 1
        ordinary = [[at for at, is_ordinary in enumerate(each.ordinary) if is_ordinary] for each in self._columns]
        inside = [[column.perhaps[at] for at in reach] for column, reach in zip(self._columns, ordinary, strict=True)]
        examples = (
            [reach[at] for reach, at in zip(ordinary, place, strict=True)]
            for place in uncovered(inside, everyone, self._budget)
        )
        for example, needed in self._listed(self._different(examples), "dmn-gap"):
            self.say(
                "dmn-gap",
                self._record.place,
                (),
                example,
                "有遗漏:{example}时没有规则命中,结果为空。",
                "There is a gap: with {example}, no rule matches and the result is null.",
                needed,
            )

    def _different(self, examples: Iterable[list[int]]) -> Iterator[tuple[list[int], list[Column]]]:
        """Examples with the columns that make them one, leaving out those for which the same columns are at fault alike."""
        seen: set[tuple[tuple[tuple[int, ...], int], ...]] = set()
        for example in examples:
            needed = self._needed(example)
            place = dict(zip((each.members for each in self._columns), example, strict=True))
            key = tuple((each.members, place[each.members]) for each in needed)
            if key not in seen:
                seen.add(key)
                yield example, needed

    def _needed(self, example: Sequence[int]) -> list[Column]:
        """Columns that suffice to leave no rule: the others may have any value."""
        needed = list(zip(self._columns, example, strict=True))
        for each in tuple(needed):
            others = [other for other in needed if other is not each]
            left = (1 << len(self._record.rules)) - 1
            for column, at in others:
                left &= column.perhaps[at]
            if not left:
                needed = others
        return [column for column, _ in needed]

    # ------------------------------------------------------------------ telling

    def _listed(self, found: Iterator[_T], rule: str) -> Iterator[_T]:
        yield from islice(found, LISTED)
        if next(found, None) is not None:
            self.remarks.append(
                Remark(
                    self._record.place,
                    f"{rule} 不止 {LISTED} 处,只列出前 {LISTED} 处。",
                    f"There are more than {LISTED} of {rule}; the first {LISTED} are listed.",
                )
            )

    def say(
        self,
        rule: str,
        place: Place,
        rows: tuple[int, ...],
        example: Sequence[int] | None,
        zh: str,
        en: str,
        needed: Sequence[Column] | None = None,
    ) -> None:
        """Note a fault; of the `example` the text tells the `needed` columns, all that have conditions by default."""
        values = None if example is None else self._values(example)
        if values is not None:
            told = [
                f"{each.label} = {text_of(values[each.members[0]])}"
                for each in (self._asked() if needed is None else needed)
            ]
            rest = len(self._asked()) > len(told)
            zh = zh.replace("{example}", "、".join(told + ["其余任意"] * rest) or "任何输入")
            en = en.replace("{example}", ", ".join(told + ["whatever the rest"] * rest) or "any input")
        problem = Problem(rule, zh, en, self._file, place.element_id, None, place.line, self._severity)
        numbers = tuple(each + 1 for each in rows)
        self.faults.append(Fault(rule, self._record.place, numbers, values, problem))

    def _asked(self) -> list[Column]:
        """Columns with a condition in any rule."""
        return [
            column
            for column in self._columns
            if any(cells[each] is not None for cells in self._table.cells for each in column.members)
        ]

    def _values(self, example: Sequence[int]) -> tuple[Value, ...]:
        """The value of each input of the table at a place."""
        values: dict[int, Value] = {}
        for column, at in zip(self._columns, example, strict=True):
            values.update(dict.fromkeys(column.members, column.values[at]))
        return tuple(values[each] for each in range(len(self._record.inputs)))

    def _matching(self, example: Sequence[int]) -> int:
        """The rules that certainly match, as a mask."""
        matching = (1 << len(self._record.rules)) - 1
        for column, at in zip(self._columns, example, strict=True):
            matching &= column.surely[at]
        return matching


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
