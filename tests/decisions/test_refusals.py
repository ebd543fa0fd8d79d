"""Files that are not deployed: every problem at once, with element, line and both languages."""

import pytest

from engine.decisions import DecisionRefused, parse_decisions
from tests.decisions.models import decision, given, literal, model, table


def problems(xml: bytes) -> list[tuple[str, str | None, int | None]]:
    with pytest.raises(DecisionRefused) as caught:
        parse_decisions(xml, file="a.dmn")
    assert all(each.zh and each.en and each.file == "a.dmn" for each in caught.value.problems)
    return [(each.rule, each.element_id, each.line) for each in caught.value.problems]


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (decision("d", literal("1 +")), ("feel-syntax", "d", 2)),
        (decision("d", table(["a"], ["x"], [(["< "], ["1"])])), ("feel-syntax", "r1i1", 2)),
        (decision("d", ""), ("dmn-logic", "d", 2)),
        (decision("d", literal("1"), requires=["ghost"]), ("dmn-reference", "d", 2)),
        (decision("d", literal("1"), type_ref="tGhost"), ("dmn-type", "d", 2)),
        (decision("d", table(["a"], ["x"], [], attributes='hitPolicy="LAST"')), ("dmn-hit-policy", "t", 2)),
        (decision("d", table(["a"], ["x"], [], attributes='aggregation="SUM"')), ("dmn-aggregation", "t", 2)),
        (
            decision("d", table(["a"], ["x"], [], attributes='hitPolicy="COLLECT" aggregation="MEAN"')),
            ("dmn-aggregation", "t", 2),
        ),
        (decision("d", table(["a"], ["x"], [], attributes='hitPolicy="PRIORITY"')), ("dmn-output-values", "t", 2)),
        (
            decision("d", table(["a"], ["x", "y"], [], attributes='hitPolicy="COLLECT" aggregation="SUM"')),
            ("dmn-aggregation", "t", 2),
        ),
        (decision("d", "<relation id='r'><column name='x'/><row/></relation>"), ("dmn-relation", "r", 2)),
        (decision("d", table(["a"], [], [])), ("dmn-table", "t", 2)),
        (decision("d", table(["a"], ["x", "x"], [])), ("dmn-output-name", "t", 2)),
        (decision("d", table([""], ["x"], [])), ("dmn-input", "t", 2)),
        (decision("d", table(["a"], ["x"], [(["1", "2"], ["1"])])), ("dmn-rule", "r1", 2)),
        ('<decision name="d">' + literal("1") + "</decision>", ("dmn-id", "m", 2)),
        (
            decision("d", '<literalExpression expressionLanguage="python"><text>1</text></literalExpression>'),
            ("dmn-language", "d", 2),
        ),
        ('<import namespace="urn:x" importType="dmn"/>' + decision("d", literal("1")), ("dmn-import", "m", 2)),
        (given("a"), ("dmn-empty", "m", None)),
        (
            decision("d", '<functionDefinition id="f" kind="Java">' + literal("1") + "</functionDefinition>"),
            ("dmn-function", "f", 2),
        ),
    ],
)
def test_a_file_is_refused_with_the_place(element: str, expected: tuple[str, str | None, int | None]) -> None:
    assert problems(model(element)) == [expected]


def test_two_elements_with_one_id_are_refused() -> None:
    assert problems(model(decision("d", literal("1")), decision("d", literal("2")))) == [("dmn-id", "d", 3)]


def test_decisions_that_require_each_other_are_refused() -> None:
    circle = [decision("a", literal("b"), requires=["b"]), decision("b", literal("a"), requires=["a"])]

    assert problems(model(*circle)) == [("dmn-cycle", "a", None)]


def test_every_problem_is_told_at_once() -> None:
    wrong = model(decision("a", literal("1 +")), decision("b", literal("* 2"), requires=["ghost"]))

    assert [rule for rule, _, _ in problems(wrong)] == ["feel-syntax", "dmn-reference", "feel-syntax"]


def test_line_of_a_mistake_is_found_inside_a_long_expression() -> None:
    assert problems(model(decision("d", literal("if a\nthen b\nelse"))))[0] == ("feel-syntax", "d", 4)


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b"not xml", "xml-syntax"),
        (b'<!DOCTYPE d [<!ENTITY e "x">]><definitions>&e;</definitions>', "xml-doctype"),
        (b"<definitions/>", "dmn-root"),
        (model().replace(b"definitions", b"model"), "dmn-root"),
    ],
)
def test_what_is_no_dmn_is_refused(xml: bytes, rule: str) -> None:
    assert [found for found, _, _ in problems(xml)] == [rule]


def test_the_refusal_speaks_chinese_first() -> None:
    with pytest.raises(DecisionRefused) as caught:
        parse_decisions(model(decision("d", literal("amount >"))))

    assert caught.value.problems[0].zh == "FEEL 表达式“amount >”第 1 行第 9 列:应为表达式，但表达式已结束。"


def test_extensions_of_other_vendors_are_passed_over() -> None:
    extended = decision("d", '<extensionElements><x:y xmlns:x="urn:x"/></extensionElements>' + literal("1"))

    assert list(parse_decisions(model(extended)).decisions) == ["d"]


def test_no_more_problems_are_listed_than_anybody_reads() -> None:
    rules = [rule for rule, _, _ in problems(model(*(decision(f"d{n}", literal("1 +")) for n in range(600))))]

    assert (len(rules), rules[-1]) == (501, "more-problems")


def test_a_file_with_more_expressions_than_anybody_writes_is_refused() -> None:
    rows = [([f"< {n}"], [f"{n}"]) for n in range(6_000)]

    assert [rule for rule, _, _ in problems(model(decision("d", table(["a"], ["x"], rows))))] == ["feel-limit"]


def test_equal_cells_count_once() -> None:
    rows = [(["< 5"], ["1"])] * 8_000

    assert parse_decisions(model(decision("d", table(["a"], ["x"], rows)))).decisions.keys() == {"d"}
