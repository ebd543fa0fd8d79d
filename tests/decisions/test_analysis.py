"""The analysis of tables finds what is planted, says nothing of sound tables, and is honest about what it cannot read."""

from collections.abc import Mapping, Sequence

import pytest

from engine.decisions import Analysis, analyse, parse_decisions
from engine.decisions.records import HitPolicy
from engine.feel import text_of
from tests.decisions.models import decision, given, literal, model, table

Rules = Sequence[tuple[Sequence[str], Sequence[str]]]


def look(
    inputs: Sequence[str], rules: Rules, policy: HitPolicy = HitPolicy.UNIQUE, *,
    types: Mapping[str, str] | None = None, allowed: Mapping[str, str] | None = None,
    output_parts: Mapping[str, str] | None = None, outputs: Sequence[str] = ("out",), before: Sequence[str] = (),
    requires: Sequence[str] = (),
) -> Analysis:  # fmt: skip
    parts = {
        name: f"<inputValues><text>{values.replace('<', '&lt;')}</text></inputValues>"
        for name, values in (allowed or {}).items()
    }
    logic = table(
        inputs, outputs, rules, attributes=f'hitPolicy="{policy}"', input_types=types, input_parts=parts,
        output_parts=output_parts,
    )  # fmt: skip
    return analyse(parse_decisions(model(*before, decision("d", logic, requires=requires))).tables, file="d.dmn")


def told(analysis: Analysis) -> list[tuple[str, tuple[int, ...], str]]:
    """Check, rows and example of each fault."""
    return [
        (each.rule, each.rows, "-" if each.example is None else ", ".join(map(text_of, each.example)))
        for each in analysis.faults
    ]


def one(*cells: str) -> Rules:
    """Rules of one input, each with its row as output."""
    return [([cell], [str(row)]) for row, cell in enumerate(cells, 1)]


NUMBER = {"a": "number"}


@pytest.mark.parametrize(
    ("cells", "type_ref", "expected"),
    [
        (["< 5", "> 5"], "number", [("dmn-gap", (), "5")]),
        (["<= 5", ">= 6"], "number", [("dmn-gap", (), "5.1")]),
        (["<= 0.3", ">= 0.4"], "number", [("dmn-gap", (), "0.31")]),
        (["[0..10]", "(10..20]"], "number", [("dmn-gap", (), "-1")]),
        (["< 0", "[0..10)", "(10..20]", "> 20"], "number", [("dmn-gap", (), "10")]),
        (["< 10", ">= 10"], "number", []),
        (["not(5)", "5"], "number", []),
        (["not(5)"], "number", [("dmn-gap", (), "5")]),
        (["not(< 5, [7..9])", "< 5"], "number", [("dmn-gap", (), "7")]),
        (["? >= 2 and ? <= 4", "? < 2 or ? > 4"], "number", []),
        (["? between 2 and 4", "< 2"], "number", [("dmn-gap", (), "5")]),
        (["? in (< 3, > 3)"], "number", [("dmn-gap", (), "3")]),
        (["[1, 2]", "not(1, 2)"], "number", []),
        (["-5", "> -5"], "number", [("dmn-gap", (), "-6")]),
        (["< 100 * 12", "> 1200"], "number", [("dmn-gap", (), "1200")]),
        (["true", "not(true)"], "boolean", []),
        (["true"], "boolean", [("dmn-gap", (), "false")]),
        (['"x"', '"y"'], "string", [("dmn-gap", (), '"其他"')]),
        (['"其他"', '"x"'], "string", [("dmn-gap", (), '"other"')]),
        (['not("x")', '"x"'], "string", []),
        (['< "b"', '> "b"'], "string", [("dmn-gap", (), '"b"')]),
        (['["a".."b"]', '< "a"'], "string", [("dmn-gap", (), '"b0"')]),
        (['< date("2026-01-31")', '> date("2026-01-31")'], "date", [("dmn-gap", (), "2026-01-31")]),
        (['<= @"2026-01-31"', '>= @"2026-02-01"'], "date", []),
        (['<= @"2026-01-31"', '>= @"2026-02-02"'], "date", [("dmn-gap", (), "2026-02-01")]),
        (['< @"-999999999-01-01"', '>= @"-999999999-01-01"'], "date", [("dmn-unreachable", (1,), "-")]),
        (['<= @"PT2H"', '>= @"PT3H"'], "days and time duration", [("dmn-gap", (), "PT2H1M")]),
        (['<= @"P11M"', '>= @"P1Y"'], "years and months duration", []),
        (['<= @"P10M"', '>= @"P1Y"'], "years and months duration", [("dmn-gap", (), "P11M")]),
        (['< @"08:00:00"', '>= @"09:00:00"'], "time", [("dmn-gap", (), "08:00:00")]),
        (['< @"00:00:00"', '>= @"00:00:00"'], "time", [("dmn-unreachable", (1,), "-")]),
        (['< @"20:00:00-10:00"', '> @"20:00:00-10:00"'], "time", [("dmn-gap", (), "20:00:00-10:00")]),
        (['< @"2026-01-31T08:00:00Z"', '> @"2026-01-31T08:00:01Z"'], "date and time",
         [("dmn-gap", (), "2026-01-31T08:00:00Z")]),
        (['<= @"2026-01-31T08:00:00"', '>= @"2026-01-31T08:00:01"'], "date and time", []),
    ],
)  # fmt: skip
def test_gaps_in_one_column(cells: list[str], type_ref: str, expected: list[object]) -> None:
    assert told(look(["a"], one(*cells), types={"a": type_ref}))[:1] == expected[:1]
    assert bool(told(look(["a"], one(*cells), types={"a": type_ref}))) is bool(expected)


def test_null_is_awaited_only_where_the_column_speaks_of_it() -> None:
    assert told(look(["a"], one("< 5", ">= 5"), types=NUMBER)) == []
    assert told(look(["a"], one("< 5", ">= 5", "null"), types=NUMBER)) == []
    assert told(look(["a"], one("? != null and ? < 5", "? >= 5"), types=NUMBER)) == [("dmn-gap", (), "null")]


def test_a_gap_may_lie_in_one_combination_only() -> None:
    rules = [(["true", "< 5"], ["1"]), (["true", ">= 5"], ["2"]), (["false", "<= 5"], ["3"]), (["false", "> 6"], ["4"])]

    found = look(["b", "n"], rules, types={"b": "boolean", "n": "number"})

    assert told(found) == [("dmn-gap", (), "false, 5.1")]


def test_the_text_of_a_gap_names_only_the_inputs_that_matter() -> None:
    rules = [(["< 5", "-", "true"], ["1"]), (["< 5", "-", "false"], ["2"])]

    (fault,) = look(["n", "m", "b"], rules, types={"n": "number", "b": "boolean"}).faults

    assert fault.problem.zh == "有遗漏:n = 5、其余任意时没有规则命中,结果为空。"
    assert fault.problem.en == "There is a gap: with n = 5, whatever the rest, no rule matches and the result is null."


@pytest.mark.parametrize("policy", [HitPolicy.COLLECT, HitPolicy.RULE_ORDER])
def test_a_table_that_gives_a_list_has_no_gaps_and_no_overlaps(policy: HitPolicy) -> None:
    assert told(look(["a"], one("< 5", "< 7"), policy, types=NUMBER)) == []


def test_a_default_output_fills_every_gap() -> None:
    parts = {"out": "<defaultOutputEntry><text>0</text></defaultOutputEntry>"}

    assert told(look(["a"], one("< 5"), types=NUMBER, output_parts=parts)) == []


def test_overlaps_under_unique_are_told_in_pairs() -> None:
    found = told(look(["a"], one("<= 5", "[5..8]", "[8..9]", "> 9"), types=NUMBER))

    assert found == [("dmn-overlap", (1, 2), "5"), ("dmn-overlap", (2, 3), "8")]


def test_rules_overlap_only_where_all_their_conditions_do() -> None:
    rules = [
        (["< 5", '"x"'], ["1"]),
        (["< 9", '"y"'], ["2"]),
        (["< 9", 'not("x", "y")'], ["3"]),
        ([">= 9", "-"], ["4"]),
    ]

    assert [each[:2] for each in told(look(["n", "s"], rules, types={"n": "number", "s": "string"}))] == [
        ("dmn-gap", ())
    ]


def test_two_rules_may_overlap_for_a_missing_value_alone() -> None:
    assert told(look(["a"], one("not(1)", "1, null"), types=NUMBER)) == [("dmn-overlap", (1, 2), "null")]


def test_any_wants_overlapping_rules_to_agree() -> None:
    rules = [(["< 5"], ['"x"']), (["< 7"], ['"x"']), (["> 3"], ['"y"'])]

    found = look(["a"], rules, HitPolicy.ANY, types=NUMBER)

    assert told(found) == [("dmn-conflict", (1, 3), "4"), ("dmn-conflict", (2, 3), "4")]


def test_numbers_agree_by_value_and_texts_of_expressions_by_spelling() -> None:
    rules = [(["< 5"], ["1.0"]), (["< 7"], ["1"]), (["> 9"], ["a + 1"]), (["> 10"], ["a  +  1"])]

    assert [each[0] for each in told(look(["a"], rules, HitPolicy.ANY, types=NUMBER))] == ["dmn-gap"]


def test_outputs_that_are_worked_out_are_not_judged() -> None:
    found = look(["a"], [(["< 5"], ["a + 1"]), (["-"], ["a + 2"])], HitPolicy.ANY, types=NUMBER)

    assert told(found) == []
    assert [each.en for each in found.remarks] == [
        "Rules 1, 2 may match at once; their outputs have to be worked out, so that it cannot be told whether they agree."
    ]


def test_a_rule_behind_others_that_take_everything_has_no_effect_under_first() -> None:
    found = told(look(["a"], one("< 5", ">= 5", "7", "-"), HitPolicy.FIRST, types=NUMBER))

    assert found == [("dmn-unreachable", (3, 2), "7")]


def test_a_catch_all_counts_for_missing_values() -> None:
    assert told(look(["a"], one("< 5", ">= 5", "null", "-"), HitPolicy.FIRST, types=NUMBER)) == [
        ("dmn-unreachable", (4, 1), "4")
    ]


def test_a_rule_may_be_masked_by_several_others_together() -> None:
    rules = [
        (["< 5", "-"], ["1"]),
        (["-", "true"], ["2"]),
        ([">= 5", "false"], ["3"]),
        (["[4..6]", "not(null)"], ["4"]),
    ]

    found = told(look(["n", "b"], rules, HitPolicy.FIRST, types={"n": "number", "b": "boolean"}))

    assert found == [("dmn-unreachable", (4, 1), "4, true"), ("dmn-gap", (), "5, null")]


ORDER = {"out": '<outputValues><text>"high", "low"</text></outputValues>'}


def test_under_priority_the_weightier_rule_masks_wherever_it_stands() -> None:
    rules = [(["< 5"], ['"low"']), (["< 7"], ['"high"']), (["-"], ['"low"'])]

    found = told(look(["a"], rules, HitPolicy.PRIORITY, types=NUMBER, output_parts=ORDER))

    assert found == [("dmn-unreachable", (1, 2), "4")]


def test_rules_of_one_priority_should_agree() -> None:
    rules = [(["[0..2]"], ['"low"', "1"]), (["[1..7]"], ['"low"', "2"]), (["-"], ['"high"', "3"])]
    shielded = look(["a"], rules, HitPolicy.PRIORITY, types=NUMBER, output_parts=ORDER, outputs=("out", "n"))
    open_ = look(["a"], [*rules[:2], (["> 3"], ['"high"', "3"])], HitPolicy.PRIORITY, types=NUMBER, output_parts=ORDER,
                 outputs=("out", "n"))  # fmt: skip

    assert [each[0] for each in told(shielded)] == ["dmn-unreachable", "dmn-unreachable"]
    assert told(open_) == [("dmn-conflict", (1, 2), "1"), ("dmn-gap", (), "-1")]


@pytest.mark.parametrize(
    ("cells", "type_ref", "allowed"),
    [
        (['"5"', "-"], "number", {}),
        (["> 10", "<= 10"], "number", {"a": "[0..10]"}),
        (['"z"', '"x"', '"y"'], "string", {"a": '"x","y"'}),
        (["[5..1]", "-"], "number", {}),
        (["5 and ? > 6", "-"], "number", {}),
    ],
)
def test_a_rule_that_no_allowed_value_satisfies(cells: list[str], type_ref: str, allowed: dict[str, str]) -> None:
    found = told(look(["a"], one(*cells), HitPolicy.FIRST, types={"a": type_ref}, allowed=allowed))

    assert found[:1] == [("dmn-unreachable", (1,), "-")]


def test_allowed_values_of_the_input_leave_no_gap_behind_them() -> None:
    assert told(look(["a"], one('"x"', '"y"'), types={"a": "string"}, allowed={"a": '"x","y"'})) == []
    assert told(look(["a"], one("< 5", "[5..10]"), types=NUMBER, allowed={"a": "[0..10]"})) == []


ITEM = '<itemDefinition name="Grade"><typeRef>string</typeRef><allowedValues><text>"x","y"</text></allowedValues></itemDefinition>'
PERSON = '<itemDefinition name="Person"><itemComponent name="grade"><typeRef>Grade</typeRef></itemComponent></itemDefinition>'


@pytest.mark.parametrize(
    ("expression", "type_ref", "before", "requires"),
    [
        ("a", {"a": "Grade"}, [ITEM], []),
        ("a", {}, [ITEM, given("a", "Grade")], ["<a"]),
        ("a", {"a": "string"}, [ITEM, given("a", "Grade")], ["<a"]),
        ("a.grade", {}, [ITEM, PERSON, given("a", "Person")], ["<a"]),
        ("e", {}, [ITEM, decision("e", literal('"x"'), type_ref="Grade")], ["e"]),
    ],
)
def test_allowed_values_of_types_narrow_the_input(
    expression: str, type_ref: dict[str, str], before: list[str], requires: list[str]
) -> None:
    assert told(look([expression], one('"x"', '"y"'), types=type_ref, before=before, requires=requires)) == []
    assert told(look([expression], one('"x"'), types=type_ref, before=before, requires=requires)) == [
        ("dmn-gap", (), '"y"')
    ]


def test_an_input_that_is_written_out_has_one_value() -> None:
    assert told(look(["true"], one("true"), HitPolicy.FIRST)) == []
    assert told(look(["true"], one("false", "-"), HitPolicy.FIRST)) == [("dmn-unreachable", (1,), "-")]


def test_two_columns_of_one_expression_are_one() -> None:
    rules = [(["> 3", "<= 7"], ["1"]), (["<= 3", "-"], ["2"]), (["-", "> 7"], ["3"])]

    assert told(look(["a", " a "], rules, types={"a": "number", " a ": "number"})) == []


def test_columns_that_depend_on_each_other_are_not_judged_together() -> None:
    found = look(["a", "a * 2"], [(["< 5", "> 20"], ["1"]), (["> 5", "-"], ["2"])])

    assert told(found) == []
    assert "gaps and overlaps are not analysed" in found.remarks[0].en


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("< limit", "reads limit"),
        ('starts with(?, "x")', "calls the function 'starts with'"),
        ("? + 1 > 3", "has to be worked out"),
        ("if ? > 3 then true else false", "has to be worked out"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_its_reason(cell: str, reason: str) -> None:
    (remark,) = look(["a"], one(cell), types=NUMBER).remarks

    assert (remark.element_id, remark.rule, reason in remark.en) == ("r1i1", "dmn-not-analysed", True)


def test_a_cell_that_cannot_be_read_may_match_or_not() -> None:
    """So there is a gap only where it does not count, no overlap with it, and it masks nothing."""
    rules = [(["true", "< limit"], ["1"]), (["true", "< 5"], ["2"]), (["true", "< 3"], ["3"])]

    found = told(look(["b", "n"], rules, types={"b": "boolean", "n": "number"}))

    assert found == [("dmn-overlap", (2, 3), "true, 2"), ("dmn-gap", (), "false, 2")]
    assert told(look(["n"], one("< limit", "< 5", "< 4", "-"), HitPolicy.FIRST, types=NUMBER)) == [
        ("dmn-unreachable", (3, 2), "3")
    ]


def test_lists_as_inputs_are_not_analysed() -> None:
    item = '<itemDefinition name="L" isCollection="true"><typeRef>string</typeRef></itemDefinition>'

    found = look(["a"], one('list contains(?, "x")'), types={"a": "L"}, before=[item])

    assert told(found) == []
    assert [each.element_id for each in found.remarks] == ["r1i1"]


def test_without_a_type_the_kinds_that_the_cells_name_are_awaited() -> None:
    assert told(look(["a"], one("< 5", "> 5"))) == [("dmn-gap", (), "5")]
    assert told(look(["a"], one("< 5", ">= 5", '"x"'))) == [("dmn-gap", (), '"其他"')]


def test_a_list_is_another_value_than_its_items() -> None:
    """Without a type, a list may come, and equals the list in the cell."""
    assert told(look(["a"], one('"x"', '"y"', '["x", "y"]', "-"), HitPolicy.FIRST)) == []


@pytest.mark.parametrize("policy", list(HitPolicy))
def test_a_table_without_rules_or_without_inputs_has_nothing_to_say(policy: HitPolicy) -> None:
    parts = {"out": "<outputValues><text>1</text></outputValues>"}

    assert told(look(["a"], [], policy, output_parts=parts)) == []
    assert told(look([], [([], ["1"])], policy, output_parts=parts)) == []


def test_faults_name_file_rule_and_line_in_both_languages() -> None:
    (problem,) = look(["a"], one("<= 5", ">= 5"), types=NUMBER).problems

    assert str(problem) == (
        "d.dmn:2 [r2] 第 1 行和第 2 行同时命中,而命中策略是 UNIQUE。例如a = 5。 / "
        "Rules 1 and 2 match at once, but the hit policy is UNIQUE. For example: a = 5. (dmn-overlap)"
    )
    assert problem.severity == "warning"


def test_no_more_faults_of_a_sort_are_listed_than_anybody_reads() -> None:
    found = look(["a"], one(*["-"] * 20), types=NUMBER)

    assert [each[1] for each in told(found)] == [(1, 2), (1, 3), (2, 3), (1, 4), (2, 4)]
    assert [each.en for each in found.remarks] == ["There are more than 5 of dmn-overlap; the first 5 are listed."]


def test_a_table_too_large_to_analyse_is_said_to_be() -> None:
    """Fifty yes-or-no columns, each rule about three of them: the cover of such a table takes for ever to work out."""
    columns = [f"b{index}" for index in range(50)]
    rules = [
        (["true" if index in (row % 50, row * 7 % 50) else "false" if index == row * 13 % 50 else "-" for index in range(50)], ["1"])
        for row in range(200)
    ]  # fmt: skip

    found = look(columns, rules, HitPolicy.FIRST, types=dict.fromkeys(columns, "boolean"))

    assert "was not carried to the end" in found.remarks[-1].en


def test_a_large_ordinary_table_is_analysed() -> None:
    rules = [([f"[{row}..{row + 1})", '"x"' if row % 2 else 'not("x")'], [str(row)]) for row in range(1_000)]

    found = told(look(["n", "s"], rules, types={"n": "number", "s": "string"}, allowed={"n": "[0..1000)"}))

    assert {each[0] for each in found} == {"dmn-gap"}
