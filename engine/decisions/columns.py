"""The inputs of a table as the values that its cells can tell apart, for the analysis of tables.

The kit's own compiled tests are asked about one representative of every stretch of values, so that nothing here repeats
what a cell means; only which values have to be asked about is found out from what the cells have written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.decisions.coverage import Budget
from engine.decisions.records import DecisionTable, Place
from engine.decisions.session import Declared
from engine.decisions.tables import CompiledInput
from engine.feel import (
    Env,
    Kind,
    Limits,
    Literals,
    NotReadable,
    Run,
    UnaryTests,
    Value,
    convert,
    kind_of,
    literals_of,
    parse_expression,
    representatives,
    tree,
)
from engine.feel.functions import BUILT_INS
from engine.feel.order import COMPARABLE

_MOMENT = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)  # readable cells do not ask for it
_ANYTHING = "…"  # stands for every value, where all that matters is that there is one
_LIMITS = Limits(steps=10**12, seconds=60.0)  # the budget of the analysis bounds the work


@dataclass(frozen=True, slots=True)
class TableSource:
    """A table as it was read and compiled: what is needed to analyse it.

    `cells` are the tests of each rule, None where a cell is always satisfied; `names` are the names known around it,
    `known` the types of those variables whose type is certain.
    """

    record: DecisionTable
    inputs: tuple[CompiledInput, ...]
    output_types: tuple[Declared, ...]
    cells: tuple[tuple[UnaryTests | None, ...], ...]
    names: tuple[str, ...]
    known: Mapping[str, Declared] = field(repr=False)

    def names_for_parsing(self) -> tuple[str, ...]:
        """Names that the parser has to know to read the texts of the table."""
        return (*BUILT_INS, *self.names)


@dataclass(frozen=True, slots=True)
class Remark:
    """What could not be analysed, and why."""

    place: Place
    zh: str
    en: str


@dataclass(slots=True)
class Column:
    """Inputs of one expression: representative values, and for each the rules that accept it as masks.

    `surely` leaves out the rules whose cell cannot be read, `perhaps` holds them. `ordinary` are the values that a rule
    ought to await: null only where the column itself speaks of null.
    """

    members: tuple[int, ...]
    label: str
    values: list[Value] = field(default_factory=list)
    surely: list[int] = field(default_factory=list)
    perhaps: list[int] = field(default_factory=list)
    ordinary: list[bool] = field(default_factory=list)

    def reach(self, rule: int) -> list[int]:
        """Indices of the values that a rule perhaps accepts."""
        return [index for index, mask in enumerate(self.perhaps) if mask >> rule & 1]


@dataclass(slots=True)
class Reading:
    """The columns of one table, and what could not be read of it; without `exact` columns only upper bounds are known."""

    columns: list[Column]
    remarks: list[Remark]
    exact: bool = True


def read_columns(table: TableSource, budget: Budget) -> Reading:
    """The columns of a table with the values that matter; raises TooLarge."""
    reading = Reading([], [])
    for members in _same_inputs(table):
        reading.columns.append(_Builder(table, members, reading, budget).column())
    for first, second in _dependent(table, reading.columns):
        reading.exact = False
        one, other = table.inputs[first.members[0]], table.inputs[second.members[0]]
        shared = "、".join(sorted(one.expression.names & other.expression.names))
        reading.remarks.append(
            Remark(
                other.place,
                f"输入“{first.label}”和“{second.label}”都取决于“{shared}”,不是任意组合都会出现;未分析遗漏和重叠。",
                f"The inputs '{first.label}' and '{second.label}' both depend on {shared}, so that not every combination occurs; "
                "gaps and overlaps are not analysed.",
            )
        )
    return reading


def _same_inputs(table: TableSource) -> Iterator[tuple[int, ...]]:
    """Inputs by their expression and type: those that are always equal are one column."""
    groups: dict[object, list[int]] = {}
    for index, each in enumerate(table.record.inputs):
        groups.setdefault((" ".join(each.expression.source.split()), each.type_ref), []).append(index)
    yield from map(tuple, groups.values())


def _dependent(table: TableSource, columns: Sequence[Column]) -> Iterator[tuple[Column, Column]]:
    for index, first in enumerate(columns):
        names = table.inputs[first.members[0]].expression.names
        for second in columns[index + 1 :]:
            if names & table.inputs[second.members[0]].expression.names:
                yield first, second


class _Builder:
    """Works out one column."""

    def __init__(self, table: TableSource, members: tuple[int, ...], reading: Reading, budget: Budget) -> None:
        self._table = table
        self._members = members
        self._input = table.inputs[members[0]]
        self._reading = reading
        self._budget = budget
        self._env = Env({}, {}, Run(_MOMENT, limits=_LIMITS))
        self._parsing = table.names_for_parsing()
        self._literals = Literals()
        self._readable: dict[UnaryTests, bool] = {}
        self._constraints: list[UnaryTests] = []

    def column(self) -> Column:
        self._note_constraints()
        kind = self._kind()
        if kind is None or kind in COMPARABLE:
            self._read_cells()
        else:
            self._pass_over(kind)
        column = Column(self._members, self._input.label)
        self._add_values(column, self._candidates(kind))
        return column

    # ------------------------------------------------------------------ what the input can be

    def _kind(self) -> Kind | None:
        """The kind that values are held to; None where any may come."""
        for declared in (self._input.declared, self._variable()):
            if declared is not None and declared.type.kind is not Kind.UNKNOWN:
                return declared.type.kind
        return None

    def _variable(self) -> Declared | None:
        """The type of the variable, or of the entry, that the input is."""
        node = parse_expression(self._input.expression.source, self._parsing)
        path: list[str] = []
        while isinstance(node, tree.Path):
            path.append(node.name)
            node = node.source
        if not isinstance(node, tree.Name) or self._table.names.count(node.name) != 1:
            return None
        found = self._table.known.get(node.name)
        for name in reversed(path):
            found = None if found is None else found.entries.get(name)
        return found

    def _note_constraints(self) -> None:
        own, variable = self._input.declared, self._variable()
        candidates = [self._input.allowed, *own.constraints]
        if variable is not None and (variable.type.kind is own.type.kind or own.type.kind is Kind.UNKNOWN):
            candidates += variable.constraints
        for each in filter(None, candidates):
            try:
                self._literals.add(self._read(each))
            except NotReadable as reason:
                self._reading.exact = False
                self._remark(
                    self._input.place,
                    f"输入“{self._input.label}”的允许值“{each.source}”{reason.zh},未分析遗漏和重叠。",
                    f"The allowed values '{each.source}' of the input '{self._input.label}': {reason.en}; gaps and overlaps are not "
                    "analysed.",
                )
            else:
                self._constraints.append(each)

    # ------------------------------------------------------------------ cells

    def _cells(self) -> Iterator[tuple[int, int, UnaryTests]]:
        for rule, cells in enumerate(self._table.cells):
            for member in self._members:
                tests = cells[member]
                if tests is not None:
                    yield rule, member, tests

    def _read_cells(self) -> None:
        for rule, member, tests in self._cells():
            if tests in self._readable:
                continue
            try:
                self._literals.add(self._read(tests))
                self._readable[tests] = True
            except NotReadable as reason:
                self._readable[tests] = False
                self._remark_cell(rule, member, tests, reason.zh, reason.en)

    def _pass_over(self, kind: Kind) -> None:
        for rule, member, tests in self._cells():
            if tests not in self._readable:
                self._readable[tests] = False
                self._remark_cell(rule, member, tests, f"检验的值不是单个值({kind})", f"tests a value of kind {kind}")

    def _read(self, tests: UnaryTests) -> Literals:
        if tests.names:
            names = sorted(tests.names)
            raise NotReadable(f"读取了变量“{'、'.join(names)}”", f"reads {', '.join(names)}")
        return literals_of(tests.source, self._parsing)

    def _remark_cell(self, rule: int, member: int, tests: UnaryTests, zh: str, en: str) -> None:
        written = " ".join(tests.source.split())
        place = self._table.record.rules[rule].tests[member].place
        self._remark(
            place,
            f"第 {rule + 1} 行“{self._input.label}”的条件“{written}”{zh},按可能命中、也可能不命中处理。",
            f"Rule {rule + 1}, '{self._input.label}': the condition '{written}' {en}; it is taken as one that may match or not.",
        )

    def _remark(self, place: Place, zh: str, en: str) -> None:
        self._reading.remarks.append(Remark(place, zh, en))

    # ------------------------------------------------------------------ values

    def _candidates(self, kind: Kind | None) -> Iterator[tuple[Value, bool]]:
        """Values that can be told apart, ordinary ones first, each with whether a rule ought to await it."""
        fixed = self._fixed()
        if fixed is not None:
            yield fixed[0], True
            return
        literals = self._literals
        kinds = self._kinds(kind)
        for each in kinds:
            yield from representatives(literals.values, each, ordered=literals.orders_texts)
        if kind is None:
            yield from ((each, True) for each in literals.values if isinstance(each, list))
        if kind not in COMPARABLE:
            yield ({}, False) if kinds else (_ANYTHING, True)  # a value of a sort that no cell speaks of
        yield None, literals.names_null

    def _fixed(self) -> tuple[Value] | None:
        """The value of an input whose expression is written out, such as `true`, as the only one of a tuple."""
        source = self._input.expression.source
        node = parse_expression(source, self._parsing)
        if not isinstance(node, tree.Boolean | tree.Number | tree.Text):
            return None
        return (convert(node.value, self._input.declared.type),)

    def _kinds(self, kind: Kind | None) -> list[Kind]:
        if kind is not None:
            return [kind] if kind in COMPARABLE else []
        return list(dict.fromkeys(found for each in self._literals.values if (found := kind_of(each)) in COMPARABLE))

    def _add_values(self, column: Column, candidates: Iterable[tuple[Value, bool]]) -> None:
        tests = self._distinct()
        everyone = (1 << len(self._table.cells)) - 1
        readable = [(each.test, rules) for each, rules in tests if self._readable[each]]
        unreadable = 0
        for each, rules in tests:
            unreadable |= 0 if self._readable[each] else rules
        env = self._env
        known: set[tuple[int, bool]] = set()
        for value, ordinary in candidates:
            self._budget.spend(len(tests) + len(self._constraints) + 1)
            if value is not None and not all(self._holds(each, value) for each in self._constraints):
                continue
            perhaps = everyone
            for test, rules in readable:
                if test(env, value) is not True:
                    perhaps &= ~rules
            surely = perhaps & ~unreadable
            if (perhaps, ordinary) not in known:
                known.add((perhaps, ordinary))
                column.values.append(value)
                column.surely.append(surely)
                column.perhaps.append(perhaps)
                column.ordinary.append(ordinary)

    def _distinct(self) -> list[tuple[UnaryTests, int]]:
        """Each test of the column once, with the rules that have it."""
        found: dict[UnaryTests, int] = {}
        for rule, _, tests in self._cells():
            found[tests] = found.get(tests, 0) | 1 << rule
        return list(found.items())

    def _holds(self, tests: UnaryTests, value: Value) -> bool:
        return tests.test(self._env, value) is True
