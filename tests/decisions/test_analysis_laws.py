"""What the analysis of tables says is what evaluating the table everywhere shows: on random small tables, by brute force.

At every place the rules that the table's index looks up are those whose cells, asked one by one, all hold.

The grid holds a value in every stretch that the cells of the pools can tell apart. YIMEN_EXAMPLES sets how many tables.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.decisions import Analysis, DecisionModel, Fault, analyse, parse_decisions
from engine.decisions.records import HitPolicy
from engine.errors import ModelError
from engine.feel import Value, compile_unary_tests, parse_at_literal
from tests.decisions.models import NOW, decision, model, table

EVERY = ["-", "null", "not(null)"]
POOLS: Mapping[str, tuple[list[str], list[Value], list[str]]] = {
    "number": (
        ["1", "2.5", "< 2", "<= 2", "> 1", ">= 3", "[1..3]", "(1..2.5)", "]1..2]", "[1..3)", "not(2)", "not([1..2])",
         "not(< 2, 3)", "1, 3", "? > 1 and ? < 3", "? in [1..2]", "[1, 2]", "? between 1 and 2.5", "-1", "!= 2", "= 2",
         "< 1, > 2", "[3..1]", '"x"', "< 1 + 1", "not(? > 1)", "?"],
        [Decimal(quarter) / 4 for quarter in range(-8, 17)],
        ["", "[0..3]", "1, 2, 3", "> 0"],
    ),
    "string": (
        ['"a"', '"b"', '"a","b"', 'not("a")', 'not("a","b")', '< "b"', '["a".."b"]', '!= "a"', '>= "b"', '? = "a" or ? = "c"',
         'not(< "b")', '["a", "c"]'],
        ["", "0", "a", "a0", "b", "b0", "c", "z", "其他"],
        ["", '"a","b","c"', 'not("b")'],
    ),
    "boolean": (["true", "false", "not(true)", "? = true", "true, false", "not(false)"], [True, False], [""]),
    "date": (
        ['@"2026-01-02"', '< @"2026-01-03"', '[date("2026-01-01")..date("2026-01-03")]', 'not(@"2026-01-02")',
         '> date("2026-01-02")', '<= @"2026-01-01" + @"P1D"'],
        [parse_at_literal(f"2026-01-0{day}") for day in range(1, 6)] + [parse_at_literal("2025-12-31")],
        ["", '[@"2026-01-01"..@"2026-01-04"]'],
    ),
    "time": (
        ['< @"08:00:00"', '>= @"08:00:00"', '[@"08:00:00"..@"08:00:01"]', '< @"08:00:00Z"', 'not(@"08:00:00")',
         '@"08:00:00Z", @"08:00:00"'],
        [parse_at_literal(f"{clock}{zone}") for clock in ("07:59:59", "08:00:00", "08:00:01", "08:00:02", "23:00:00")
         for zone in ("", "Z")],
        [""],
    ),
    "date and time": (
        ['< @"2026-01-02T08:00:00"', '>= @"2026-01-02T08:00:00"', '@"2026-01-02T08:00:00+08:00"', 'not(@"2026-01-02T00:00:00Z")',
         '> @"2026-01-02T00:00:00Z"'],
        [parse_at_literal(f"2026-01-02T{clock}{zone}") for clock in ("00:00:00", "07:00:00", "08:00:00", "09:00:00")
         for zone in ("", "Z")] + [parse_at_literal("2026-01-01T23:00:00Z")],
        [""],
    ),
    "years and months duration": (
        ['< @"P1Y"', '@"P6M"', '> @"P11M"', '[@"P6M"..@"P1Y"]', 'not(@"P1Y")'],
        [parse_at_literal(each) for each in ("-P1M", "P5M", "P6M", "P7M", "P11M", "P1Y", "P13M")],
        ["", '>= @"P0M"'],
    ),
}  # fmt: skip
LIMITS = [Decimal(0), Decimal("1.5"), Decimal(9)]
SINGLE = [HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY]


@dataclass(frozen=True)
class Drawn:
    """A random table: kinds and allowed values of its columns, cells and outputs of its rules."""

    policy: HitPolicy
    kinds: tuple[str, ...]
    allowed: tuple[str, ...]
    rules: tuple[tuple[tuple[str, ...], tuple[str, str]], ...]
    typed: bool

    def model(self, policy: HitPolicy) -> DecisionModel:
        names = [f"x{index}" for index in range(len(self.kinds))]
        parts = {
            name: f"<inputValues><text>{values.replace('<', '&lt;')}</text></inputValues>"
            for name, values in zip(names, self.allowed, strict=True) if values
        }  # fmt: skip
        order = {"out": '<outputValues><text>"p", "q"</text></outputValues>'}
        logic = table(
            names, ["out", "more"], self.rules, attributes=f'hitPolicy="{policy}"', output_parts=order, input_parts=parts,
            input_types=dict(zip(names, self.kinds, strict=True)) if self.typed else {},
        )  # fmt: skip
        return parse_decisions(model(decision("d", logic)))

    @property
    def reads_more(self) -> bool:
        return any("limit" in cell for cells, _ in self.rules for cell in cells)


@st.composite
def tables(draw: st.DrawFn, *, readable: bool = True) -> Drawn:
    kinds = tuple(draw(st.lists(st.sampled_from(list(POOLS)), min_size=1, max_size=2)))
    typed = draw(st.booleans())
    allowed = tuple(draw(st.sampled_from(POOLS[kind][2])) if typed else "" for kind in kinds)
    cells = [[*POOLS[kind][0], *EVERY, "-"] for kind in kinds]
    if not typed:  # or texts were awaited too
        cells = [
            [cell for cell in each if kind == "string" or '"x"' not in cell]
            for kind, each in zip(kinds, cells, strict=True)
        ]
    if not readable:
        cells = [[*each, "< limit", "not(< limit)", "limit > 1"] for each in cells]
    row = st.tuples(
        st.tuples(*(st.sampled_from(each) for each in cells)),
        st.tuples(st.sampled_from(['"p"', '"q"', '"r"']), st.sampled_from(["1", "2"])),
    )
    rules = tuple(draw(st.lists(row, min_size=1, max_size=5)))
    return Drawn(draw(st.sampled_from(SINGLE)), kinds, allowed, rules, typed)


_tests = cache(compile_unary_tests)


def matching(drawn: Drawn, listing: DecisionModel, variables: Mapping[str, Any]) -> frozenset[int]:
    """The rules that match, from 1, by asking every cell; the table under RULE ORDER, which looks them up, says the same."""
    step = listing.decisions["d"].evaluate(variables, now=NOW).trace[-1]
    values = [each.value for each in step.inputs]
    asked = frozenset(
        row
        for row, (cells, _) in enumerate(drawn.rules, 1)
        if all(
            _tests(cell).evaluate(variables, input_value=value, now=NOW).value is True
            for cell, value in zip(cells, values, strict=True)
        )
    )
    assert {each.index for each in step.rules} == asked
    return asked


def everywhere(drawn: Drawn) -> Iterator[tuple[tuple[Value, ...], frozenset[int]]]:
    """Every place of the grid, null among them, with the rules that match there."""
    listing = drawn.model(HitPolicy.RULE_ORDER)
    elsewhere: list[Value] = [] if drawn.typed else [{}]
    for values in product(*([*POOLS[kind][1], *elsewhere, None] for kind in drawn.kinds)):
        yield values, matching(drawn, listing, _variables(values))


def _variables(values: Sequence[Value]) -> dict[str, Any]:
    return {f"x{index}": value for index, value in enumerate(values)}


def rank(outputs: tuple[str, str]) -> int:
    return {'"p"': 0, '"q"': 1}.get(outputs[0], 2)


def winner(drawn: Drawn, matched: frozenset[int]) -> int:
    """The rule that counts under FIRST or PRIORITY."""
    if drawn.policy is HitPolicy.FIRST:
        return min(matched)
    return min(matched, key=lambda row: (rank(drawn.rules[row - 1][1]), row))


def expected_pairs(drawn: Drawn, places: Sequence[tuple[tuple[Value, ...], frozenset[int]]]) -> set[tuple[int, ...]]:
    """Pairs that the policy does not allow to match at once."""
    pairs: set[tuple[int, ...]] = set()
    for _, matched in places:
        rows = sorted(matched)
        for first, second in ((one, two) for one in rows for two in rows if one < two):
            one, two = drawn.rules[first - 1][1], drawn.rules[second - 1][1]
            best = min(rank(drawn.rules[row - 1][1]) for row in rows)
            if (
                drawn.policy is HitPolicy.UNIQUE
                or (drawn.policy is HitPolicy.ANY and one != two)
                or (drawn.policy is HitPolicy.PRIORITY and one != two and rank(one) == rank(two) == best)
            ):
                pairs.add((first, second))
    return pairs


def by_rule(found: Analysis, rule: str) -> list[Fault]:
    return [each for each in found.faults if each.rule == rule]


def shows(drawn: Drawn, fault: Fault, variables: Mapping[str, Any]) -> bool:
    """Whether the fault is there when the table, under its own policy, is evaluated."""
    matched = matching(drawn, drawn.model(HitPolicy.RULE_ORDER), variables)
    if fault.rule == "dmn-unreachable":
        return fault.rows[0] not in matched or winner(drawn, matched) != fault.rows[0]
    asked = drawn.model(drawn.policy).decisions["d"]
    if fault.rule == "dmn-gap":
        return matched == frozenset() and asked.evaluate(variables, now=NOW).value is None
    if not matched.issuperset(fault.rows):
        return False
    if drawn.policy is HitPolicy.PRIORITY:
        return all(rank(drawn.rules[row - 1][1]) == min(rank(drawn.rules[each - 1][1]) for each in matched)
                   for row in fault.rows)  # fmt: skip
    try:
        asked.evaluate(variables, now=NOW)
    except ModelError:
        return True
    return False


@settings(
    max_examples=int(os.environ.get("YIMEN_EXAMPLES", "150")), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(tables())
def test_the_analysis_says_what_evaluating_everywhere_shows(drawn: Drawn) -> None:
    places = list(everywhere(drawn))
    found = analyse(drawn.model(drawn.policy).tables)
    for fault in found.faults:
        event(f"{drawn.policy} {fault.rule}")

    assert not any("more than" not in each.en for each in found.remarks)
    overlapping = {each.rows for rule in ("dmn-overlap", "dmn-conflict") for each in by_rule(found, rule)}
    pairs = expected_pairs(drawn, places)
    assert overlapping <= pairs
    assert len(overlapping) == min(len(pairs), 5)
    assert {each.rows[0] for each in by_rule(found, "dmn-unreachable")} == silent(drawn, places)
    assert bool(by_rule(found, "dmn-gap")) == any(not matched and awaited(drawn, at) for at, matched in places)
    assert all(each.example is None or shows(drawn, each, _variables(each.example)) for each in found.faults)


def silent(drawn: Drawn, places: Sequence[tuple[tuple[Value, ...], frozenset[int]]]) -> set[int]:
    """Rules that never match; under FIRST and PRIORITY those too that match but never count."""
    rows = set(range(1, len(drawn.rules) + 1))
    if drawn.policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        return rows - {winner(drawn, matched) for _, matched in places if matched}
    return rows - {row for _, matched in places for row in matched}


def awaited(drawn: Drawn, values: Sequence[Value]) -> bool:
    """Whether the table ought to answer here: null only in columns that speak of it, and no value that is not allowed."""
    for index, value in enumerate(values):
        cells = [each[0][index] for each in drawn.rules]
        if value is None:
            if not any("null" in each for each in cells):
                return False
        elif not _is_allowed(drawn, index, value) or not _is_of_a_sort(drawn, index, value, cells):
            return False
    return True


def _is_allowed(drawn: Drawn, index: int, value: Value) -> bool:
    if not drawn.allowed[index]:
        return True
    rules = [([drawn.allowed[index]], ["1"])]
    listing = parse_decisions(model(decision("d", table(["x0"], ["o"], rules))))
    return listing.decisions["d"].evaluate({"x0": value}, now=NOW).value is not None


def _is_of_a_sort(drawn: Drawn, index: int, value: Value, cells: Sequence[str]) -> bool:
    """Times without a zone are awaited where a cell speaks of them; without a type, only what the cells name is."""
    if value == {}:
        return all(cell in EVERY for cell in cells)
    kind = drawn.kinds[index]
    text = " ".join(cells)
    if kind in ("time", "date and time"):
        sorts = {
            bool(part.strip('"').endswith(("Z", "+08:00")))
            for part in text.split("@")[1:]
            for part in [part.split('"')[1]]
        }
        if not sorts:
            return drawn.typed
        return (value is not None and getattr(value, "tzinfo", None) is not None) in sorts
    return True


@settings(
    max_examples=int(os.environ.get("YIMEN_EXAMPLES", "150")), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(tables(readable=False))
def test_with_cells_that_cannot_be_read_everything_said_is_true_whatever_they_do(drawn: Drawn) -> None:
    found = analyse(drawn.model(drawn.policy).tables)

    if drawn.reads_more:
        assert found.remarks
    for fault in found.faults:
        if fault.example is not None:
            for limit in LIMITS:
                assert shows(drawn, fault, {**_variables(fault.example), "limit": limit})
