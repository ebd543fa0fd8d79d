"""Decision files that import others (DMN 1.5, 6.3.3): types, knowledge, decisions, and what is wrong with the way there."""

from typing import Any

import pytest

from engine.decisions import DecisionModel, DecisionRefused, library, parse_decisions
from engine.errors import DeploymentRefused
from engine.model import Resource
from tests.decisions.models import NOW, decision, given, literal, text
from tests.engine.conftest import lab as lab  # noqa: PLC0414 - a fixture
from tests.engine.lab import Lab

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def file(namespace: str, *elements: str) -> bytes:
    body = "\n".join(elements)
    return f'<definitions xmlns="{DMN}" id="m" name="M" namespace="{namespace}">\n{body}\n</definitions>'.encode()


def imports(namespace: str, name: str, kind: str = DMN) -> str:
    return f'<import namespace="{namespace}" name="{name}" importType="{kind}"/>'


def knowledge(name: str, parameter: str, type_ref: str, source: str) -> str:
    logic = f'<formalParameter name="{parameter}" typeRef="{type_ref}"/><literalExpression>{text(source)}</literalExpression>'
    return f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/><encapsulatedLogic>{logic}</encapsulatedLogic></businessKnowledgeModel>'


SHARED = file(
    "urn:shared",
    '<itemDefinition name="tIncome"><typeRef>number</typeRef><allowedValues><text>&gt;= 0</text></allowedValues></itemDefinition>',
    given("income", "tIncome"),
    knowledge("monthly", "sum", "tIncome", "sum / 12"),
    decision("standard", literal("income * 2"), requires=["<income"]),
)


def read(*elements: str, others: tuple[bytes, ...] = (SHARED,), namespace: str = "urn:own") -> DecisionModel:
    return parse_decisions(file(namespace, *elements), file="a.dmn", imports=library(others))


def decide(model: DecisionModel, **variables: Any) -> object:
    return model.decisions["d"].evaluate(variables, now=NOW).value


def test_knowledge_is_called_by_the_name_of_the_import() -> None:
    model = read(
        imports("urn:shared", "shared"),
        decision("d", literal("shared.monthly(1200)"), requires=["!urn:shared#monthly"]),
    )

    assert decide(model) == 100


def test_a_decision_brings_along_what_it_requires() -> None:
    model = read(
        imports("urn:shared", "shared"), decision("d", literal("shared.standard + 1"), requires=["urn:shared#standard"])
    )

    result = model.decisions["d"].evaluate({"income": 10}, now=NOW)
    assert result.value == 21
    assert [(step.id, step.value) for step in result.trace] == [("urn:shared#standard", 20), ("d", 21)]
    assert [(each.label, each.value) for each in result.trace[-1].inputs] == [("shared.standard", 20)]
    assert model.decisions["d"].names == {"income"}
    assert model.imports == {"urn:shared"}


def test_a_type_is_known_by_the_name_of_the_import() -> None:
    model = read(imports("urn:shared", "shared"), decision("d", literal("x"), type_ref="shared.tIncome"))

    assert (decide(model, x=5), decide(model, x=-5)) == (5, None)


def test_an_import_without_a_name_lends_its_names() -> None:
    model = read(
        imports("urn:shared", ""),
        decision(
            "d",
            literal("monthly(standard)"),
            requires=["!urn:shared#monthly", "urn:shared#standard"],
            type_ref="tIncome",
        ),
    )

    assert decide(model, income=6) == 1


def test_one_file_may_be_imported_on_two_ways_and_ids_may_be_the_same() -> None:
    left, right = (
        file(
            f"urn:{side}",
            imports("urn:shared", "s"),
            decision("same", literal(f"s.standard + {number}"), requires=["urn:shared#standard"]),
        )
        for side, number in (("left", 1), ("right", 2))
    )
    model = read(
        imports("urn:left", "left"),
        imports("urn:right", "right one"),
        decision("d", literal("[left.same, right one.same]"), requires=["urn:left#same", "urn:right#same"]),
        others=(SHARED, left, right),
    )

    assert decide(model, income=10) == [21, 22]
    assert model.imports == {"urn:left", "urn:right", "urn:shared"}


@pytest.mark.parametrize(
    ("element", "others", "rule", "says"),
    [
        (imports("urn:none", "x"), (), "dmn-import", "not in the same deployment"),
        (imports("urn:own", "x"), (), "dmn-import", "import each other"),
        (imports("urn:shared", "x", "http://www.w3.org/2001/XMLSchema"), (SHARED,), "dmn-import", "Only DMN files"),
        (
            imports("urn:bad", "x"),
            (file("urn:bad", decision("b", literal("1 +"))),),
            "dmn-import",
            "mistakes of its own",
        ),
        (
            imports("urn:back", "x"),
            (file("urn:back", imports("urn:own", "y"), decision("b", literal("1"))),),
            "dmn-import",
            "mistakes of its own",
        ),
    ],
)
def test_an_import_that_leads_nowhere_is_refused(element: str, others: tuple[bytes, ...], rule: str, says: str) -> None:
    with pytest.raises(DecisionRefused) as caught:
        read(element, decision("d", literal("1")), others=others)

    assert [(each.rule, each.line) for each in caught.value.problems] == [(rule, 2)]
    assert says in caught.value.problems[0].en


def test_a_reference_into_a_file_that_is_not_imported_is_refused() -> None:
    with pytest.raises(DecisionRefused) as caught:
        read(decision("d", literal("1"), requires=["urn:shared#standard"]))

    assert {each.rule for each in caught.value.problems} == {"dmn-reference"}


# ---------------------------------------------------------------------- deployed


def user(number: int = 1) -> list[Resource]:
    shared = SHARED.replace(b"income * 2", f"income * {number}".encode())
    own = file(
        "urn:own",
        imports("urn:shared", "shared"),
        decision("d", literal("shared.standard"), requires=["urn:shared#standard"]),
    )
    return [Resource("own.dmn", own), Resource("shared.dmn", shared)]


def asked(lab: Lab) -> object:
    with lab.work() as work:
        return work.evaluate_decision("d", None, {"income": 10}).value


def test_a_deployed_decision_reads_the_files_it_came_with(lab: Lab) -> None:
    lab.deploy(*user(3))
    lab.deploy(Resource("shared.dmn", SHARED))

    assert asked(lab) == 30


def test_a_change_of_an_imported_file_is_a_new_version(lab: Lab) -> None:
    first = lab.deploy(*user(3))
    again = lab.deploy(*user(3))
    changed = lab.deploy(*user(4))

    def version(deployment: Any) -> int:
        return next(each.version for each in deployment.resources if each.key == "d")

    assert (version(first), version(again), version(changed)) == (1, 1, 2)
    assert asked(lab) == 40


def test_the_imported_file_must_come_along(lab: Lab) -> None:
    lab.deploy(*user())

    with pytest.raises(DeploymentRefused) as caught:
        lab.deploy(user()[0])

    assert [each.rule for each in caught.value.problems] == ["dmn-import"]
