"""Why a decision came out as it did: for caseworkers and auditors."""

from tests.decisions.models import decide, decision, literal, table

TABLE = table(
    ["amount", "kind"],
    ["body", "post"],
    [(["< 10", "-"], ['"leader"', '"deputy"']), ([">= 10", '"urgent"'], ['"district"', "posts[1]"])],
)
VARIABLES = {"amount": 50, "kind": "urgent", "posts": ["section-head"]}


def test_trace_names_the_rule_that_matched_with_inputs_and_outputs() -> None:
    (step,) = decide([decision("d", TABLE)], "d", VARIABLES).trace

    assert step.to_json() == {
        "id": "d",
        "name": "d",
        "hitPolicy": "UNIQUE",
        "inputs": [
            {"label": "amount", "expression": "amount", "value": 50},
            {"label": "kind", "expression": "kind", "value": "urgent"},
        ],
        "rules": [{"id": "r2", "index": 2, "outputs": {"body": "district", "post": "section-head"}, "annotation": ""}],
        "value": {"body": "district", "post": "section-head"},
    }


def test_trace_tells_that_no_rule_matched() -> None:
    (step,) = decide([decision("d", TABLE)], "d", {"amount": None, "kind": None}).trace

    assert (step.rules, step.value) == ((), None)


def test_trace_of_an_expression_lists_the_decisions_it_rests_on() -> None:
    elements = [decision("base", literal("2")), decision("top", literal("base + 1"), requires=["base"])]

    top = decide(elements, "top").trace[-1]

    assert [(each.label, each.value) for each in top.inputs] == [("base", 2)]


def test_annotation_of_the_rule_is_part_of_the_trace() -> None:
    annotated = TABLE.replace('<rule id="r2">', '<rule id="r2"><description>LZ-I3</description>')
    annotated = annotated.replace(
        "</rule></dec", "<annotationEntry><text>by letter</text></annotationEntry></rule></dec"
    )

    (step,) = decide([decision("d", annotated)], "d", VARIABLES).trace

    assert step.rules[0].annotation == "LZ-I3\nby letter"


def test_warning_names_the_cell_it_arose_in() -> None:
    (warning,) = decide([decision("d", TABLE)], "d", {"amount": "x", "kind": "urgent"}).warnings[:1]

    assert (warning.element_id, warning.warning.text_en) == ("r1i1", "'<' is not defined for string and number")
