"""Requirements graphs, boxed expressions and types (DMN 1.5, chapters 6, 7 and 10)."""

from datetime import date
from decimal import Decimal

import pytest

from engine.decisions import parse_decisions
from engine.feel import FeelLimitError
from tests.decisions.models import NOW, decide, decision, given, literal, model, read, table, text

ADD_VAT = (
    '<businessKnowledgeModel id="vat" name="with tax"><variable name="with tax"/><encapsulatedLogic>'
    '<formalParameter name="net" typeRef="number"/>'
    + literal("net * 1.13")
    + "</encapsulatedLogic></businessKnowledgeModel>"
)


def test_a_required_decision_is_worked_out_first_and_once() -> None:
    elements = [
        decision("base", literal("amount * 2")),
        decision("left", literal("base + 1"), requires=["base"]),
        decision("top", literal("left + base"), requires=["left", "base"]),
    ]

    result = decide(elements, "top", {"amount": 5})

    assert (result.value, [step.id for step in result.trace]) == (21, ["base", "left", "top"])


def test_variables_of_the_case_are_seen_without_being_required() -> None:
    """Camunda 8 evaluates decisions over the variables of the instance."""
    assert decide([decision("d", literal("amount + 1"))], "d", {"amount": 1}).value == 2


def test_input_data_is_held_to_its_type() -> None:
    result = decide(
        [given("amount", "number"), decision("d", literal("amount"), requires=["<amount"])], "d", {"amount": "x"}
    )

    assert (result.value, result.warnings[0].element_id) == (None, "amount")


def test_text_of_a_variable_becomes_the_date_that_input_data_declares() -> None:
    elements = [given("born", "date"), decision("d", literal('born + @"P1Y"'), requires=["<born"])]

    assert decide(elements, "d", {"born": "2026-01-31"}).value == date(2027, 1, 31)


def test_missing_input_data_is_null_with_a_warning() -> None:
    result = decide([given("amount", "number"), decision("d", literal("amount"), requires=["<amount"])], "d")

    assert (result.value, result.warnings[0].warning.text_en) == (None, "variable 'amount' does not exist")


def test_a_business_knowledge_model_is_a_function() -> None:
    elements = [ADD_VAT, decision("d", literal("with tax(100)"), requires=["!vat"])]

    assert decide(elements, "d").value == Decimal("113.00")


def test_a_boxed_invocation_names_its_parameters() -> None:
    logic = (
        f'<invocation>{literal("with tax")}<binding><parameter name="net"/>{literal("amount")}</binding></invocation>'
    )

    assert decide([ADD_VAT, decision("d", logic, requires=["!vat"])], "d", {"amount": 10}).value == Decimal("11.30")


def test_a_knowledge_model_does_not_see_the_case() -> None:
    hidden = ADD_VAT.replace("net * 1.13", "net * rate")
    result = decide([hidden, decision("d", literal("with tax(1)"), requires=["!vat"])], "d", {"rate": 2})

    assert result.value is None


def test_a_decision_service_hides_everything_but_its_inputs() -> None:
    service = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#inner"/>'
        '<inputData href="#amount"/></decisionService>'
    )
    elements = [
        given("amount", "number"),
        decision("inner", literal("amount * 3"), requires=["<amount"]),
        service,
        decision("top", literal("s(7)"), requires=["!s"]),
    ]

    assert decide(elements, "top", {"amount": 1}).value == 21


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (
            '<context><contextEntry><variable name="a"/>'
            + literal("2")
            + '</contextEntry><contextEntry><variable name="b"/>'
            + literal("a * 2")
            + "</contextEntry></context>",
            {"a": 2, "b": 4},
        ),
        (
            '<context><contextEntry><variable name="a"/>'
            + literal("2")
            + "</contextEntry><contextEntry>"
            + literal("a * 3")
            + "</contextEntry></context>",
            6,
        ),
        (f"<list>{literal('1')}{literal('2')}</list>", [1, 2]),
        (
            f'<relation><column name="x"/><column name="y"/><row>{literal("1")}{literal("2")}</row></relation>',
            [{"x": 1, "y": 2}],
        ),
        (
            f"<conditional><if>{literal('1 > 2')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>",
            2,
        ),
        (f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > 1')}</match></filter>", [2, 3]),
        (f'<for iteratorVariable="x"><in>{literal("[1..3]")}</in><return>{literal("x * 2")}</return></for>', [2, 4, 6]),
        (
            f'<some iteratorVariable="x"><in>{literal("[1, 2]")}</in><satisfies>{literal("x > 1")}</satisfies></some>',
            True,
        ),
        (
            f'<every iteratorVariable="x"><in>{literal("[1, 2]")}</in><satisfies>{literal("x > 1")}</satisfies></every>',
            False,
        ),
        (
            '<context><contextEntry><variable name="double"/><functionDefinition><formalParameter name="n"/>'
            + literal("n * 2")
            + "</functionDefinition></contextEntry><contextEntry>"
            + literal("double(4)")
            + "</contextEntry></context>",
            8,
        ),
    ],
)
def test_boxed_expressions(logic: str, expected: object) -> None:
    assert decide([decision("d", logic)], "d").value == expected


def test_item_definitions_constrain_values() -> None:
    kind = f'<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues>{text(chr(34) + "a" + chr(34))}</allowedValues></itemDefinition>'
    elements = [kind, given("kind", "tKind"), decision("d", literal("kind"), requires=["<kind"])]

    assert (decide(elements, "d", {"kind": "a"}).value, decide(elements, "d", {"kind": "b"}).value) == ("a", None)


def test_a_list_of_one_is_unwrapped_where_an_item_is_declared() -> None:
    assert decide([decision("d", literal("[5]"), type_ref="number")], "d").value == 5


def test_a_decision_tells_which_variables_it_and_its_requirements_may_read() -> None:
    names = (
        read(
            given("amount", "number"),
            decision("base", literal("amount * factor"), requires=["<amount"]),
            decision("top", table(["base"], ["x"], [(["> limit"], ["y"])]), requires=["base"]),
        )
        .decisions["top"]
        .names
    )

    assert names == {"amount", "factor", "limit", "y"}


def test_one_model_serves_many_evaluations() -> None:
    known = read(decision("d", literal("amount + 1"))).decisions["d"]

    assert [known.evaluate({"amount": n}, now=NOW).value for n in (1, 2)] == [2, 3]


def test_recursion_without_end_is_stopped() -> None:
    loop = '<context><contextEntry><variable name="f"/>' + literal("function(g, n) g(g, n + 1)") + "</contextEntry>"
    endless = loop + "<contextEntry>" + literal("f(f, 1)") + "</contextEntry></context>"

    with pytest.raises(FeelLimitError):
        decide([decision("d", endless)], "d")


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_edition_of_dmn_is_read(namespace: str) -> None:
    found = parse_decisions(model(decision("d", literal("1")), namespace=namespace))

    assert (found.requirements_id, found.decisions["d"].evaluate({}, now=NOW).value) == ("m", 1)


def test_a_required_decision_without_a_variable_is_known_by_its_id_and_its_name() -> None:
    """The Modeler declares no variable for tables, and Camunda 8 then takes the id."""
    base = f'<decision id="risk_class" name="Risk class">{literal("2")}</decision>'
    top = decision("top", literal("[risk_class, Risk class]"), requires=["risk_class"])

    result = decide([base, top], "top")

    assert (result.value, [each.label for each in result.trace[-1].inputs]) == ([2, 2], ["Risk class"])


def test_a_decision_without_end_is_stopped_at_its_own_limit() -> None:
    """A decision may take more steps than an expression, but not for ever."""
    endless = [decision("d", literal("some i in 1..1000000000 satisfies i < 0"))]

    with pytest.raises(FeelLimitError, match=r"1000000 steps|1000 ms"):
        decide(endless, "d")


def test_a_decision_may_take_more_steps_than_an_expression() -> None:
    assert decide([decision("d", literal("some i in 1..200000 satisfies i = 200000"))], "d").value is True
