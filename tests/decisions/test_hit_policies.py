"""What a decision table answers under each hit policy (DMN 1.5, 8.2.8)."""

from decimal import Decimal

import pytest

from engine.errors import ModelError
from tests.decisions.models import decide, decision, table

ROWS = [(["< 10"], ['"low"']), (["< 100"], ['"mid"']), (["-"], ['"any"'])]
NUMBERS = [(["< 10"], ["5"]), (["< 100"], ["1"]), (["-"], ["3"])]
PRIORITY = {"band": '<outputValues><text>"any", "low", "mid"</text></outputValues>'}


def answer(policy: str, amount: int, rows: object = ROWS, **options: object) -> object:
    logic = table(["amount"], ["band"], rows, attributes=policy, **options)  # type: ignore[arg-type]  # test rows
    return decide([decision("d", logic)], "d", {"amount": amount}).value


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ('hitPolicy="FIRST"', "low"),
        ('hitPolicy="RULE ORDER"', ["low", "mid", "any"]),
        ('hitPolicy="COLLECT"', ["low", "mid", "any"]),
    ],
)
def test_several_matching_rules(policy: str, expected: object) -> None:
    assert answer(policy, 5) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [('hitPolicy="PRIORITY"', "any"), ('hitPolicy="OUTPUT ORDER"', ["any", "low", "mid"])],
)
def test_order_of_the_output_values_decides(policy: str, expected: object) -> None:
    assert answer(policy, 5, output_parts=PRIORITY) == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 9), ("COUNT", 3), ("MIN", 1), ("MAX", 5)])
def test_collect_can_aggregate(aggregation: str, expected: int) -> None:
    assert answer(f'hitPolicy="COLLECT" aggregation="{aggregation}"', 5, NUMBERS) == Decimal(expected)


def test_unique_is_the_policy_of_a_table_that_names_none() -> None:
    assert answer("", 50, [(["< 10"], ["1"]), ([">= 10"], ["2"])]) == Decimal(2)


def test_two_matches_under_unique_are_a_mistake_of_the_model() -> None:
    with pytest.raises(ModelError, match=r"1 \(r1\), 2 \(r2\), 3 \(r3\)") as caught:
        answer('hitPolicy="UNIQUE"', 5)

    assert caught.value.kind == "DECISION_EVALUATION_ERROR"


def test_any_allows_several_matches_with_one_output() -> None:
    assert answer('hitPolicy="ANY"', 5, [(["< 10"], ["1"]), (["< 100"], ["1"])]) == Decimal(1)


def test_any_with_different_outputs_is_a_mistake_of_the_model() -> None:
    with pytest.raises(ModelError, match="ANY"):
        answer('hitPolicy="ANY"', 5)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("", None),
        ('hitPolicy="FIRST"', None),
        ('hitPolicy="COLLECT"', []),
        ('hitPolicy="RULE ORDER"', []),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 0),
        ('hitPolicy="COLLECT" aggregation="SUM"', None),
    ],
)
def test_no_matching_rule(policy: str, expected: object) -> None:
    assert answer(policy, 5, [(["> 1000"], ["1"])]) == expected


def test_default_output_answers_when_no_rule_matches() -> None:
    default = {"band": '<defaultOutputEntry><text>"else"</text></defaultOutputEntry>'}

    assert answer("", 5, [(["> 1000"], ["1"])], output_parts=default) == "else"


def test_several_outputs_make_a_context() -> None:
    logic = table(["amount"], ["body", "post"], [(["> 0"], ['"leader"', '"deputy"'])])

    assert decide([decision("d", logic)], "d", {"amount": 1}).value == {"body": "leader", "post": "deputy"}


def test_collect_with_several_outputs_makes_a_list_of_contexts() -> None:
    logic = table(["a"], ["x", "y"], [(["-"], ["1", "2"]), (["-"], ["3", ""])], attributes='hitPolicy="COLLECT"')

    assert decide([decision("d", logic)], "d", {"a": 1}).value == [{"x": 1, "y": 2}, {"x": 3, "y": None}]


def test_unknown_input_matches_only_rules_that_do_not_ask() -> None:
    assert decide([decision("d", table(["amount"], ["band"], ROWS))], "d", {"amount": None}).value == "any"


def test_outputs_may_compute_with_variables() -> None:
    logic = table(["aid"], ["sum"], [(['"temporary"'], ["policy.line * months"])])
    variables = {"aid": "temporary", "policy": {"line": Decimal("812.50")}, "months": 2}

    assert decide([decision("d", logic)], "d", variables).value == Decimal("1625.00")


def test_a_rule_without_conditions_always_matches() -> None:
    assert decide([decision("d", table([], ["x"], [([], ["1"])]))], "d").value == 1
