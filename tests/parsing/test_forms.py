"""Forms: what the model keeps, and what is refused at which field. The rest of the rules stands on their pages."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.errors import DeploymentRefused, Problem
from engine.parsing.canonical import canonical_form_hash
from engine.parsing.forms import FormModel, read_form
from tests.processes.files import FORMS as SHIPPED_FORMS

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TEXT = {"type": "textfield", "id": "Field_1", "key": "reason", "label": "理由"}


def form(*components: dict[str, object], **top: object) -> bytes:
    schema = {"type": "default", "id": "F36", "schemaVersion": 19, **top, "components": list(components)}
    return json.dumps(schema, ensure_ascii=False, indent=1).encode()


def read(*components: dict[str, object], **top: object) -> FormModel:
    return read_form(form(*components, **top), file="f.form")


def refused(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(DeploymentRefused) as caught:
        read_form(data, file="f.form")
    return caught.value.problems


def test_a_form_keeps_its_schema_with_exact_numbers() -> None:
    model = read({"type": "number", "id": "n", "key": "amount", "validate": {"min": 0.01}}, versionTag="2026")

    assert (model.form_id, model.version_tag) == ("F36", "2026")
    assert model.schema["components"][0]["validate"]["min"] == Decimal("0.01")


def test_expressions_are_compiled_by_component_and_attribute() -> None:
    model = read(
        TEXT
        | {
            "conditional": {"hide": "=urgent != true"},
            "readonly": "=closed",
            "properties": {"rule": "=reason != null"},
        },
        {"type": "text", "id": "t", "text": "你好 {{name}}"},
    )

    assert set(model.expressions) == {
        ("Field_1", "conditional.hide"),
        ("Field_1", "readonly"),
        ("Field_1", "properties.rule"),
    }
    assert model.expressions["Field_1", "conditional.hide"].evaluate({"urgent": True}, now=NOW).value is False


def test_text_that_begins_like_an_expression_stays_text_where_no_expression_can_stand() -> None:
    assert read(TEXT | {"defaultValue": "= or <"}).expressions == {}


def test_an_unknown_field_type_is_refused_at_its_field_with_its_line() -> None:
    (problem,) = refused(form(TEXT, {"type": "rating", "id": "Field_2", "key": "stars", "label": "评价"}))

    assert (problem.rule, problem.element_id, problem.element_name, problem.line) == (
        "form-field-type",
        "Field_2",
        "评价",
        14,
    )
    assert "rating" in problem.zh


@pytest.mark.parametrize(
    "wrong",
    [
        {"conditional": {"hide": "=a >"}},
        {"validate": {"maxLength": "=1 +"}},
        {"properties": {"rule": "=("}},
        {"description": "请填 {{a +}}"},
    ],
)
def test_a_feel_error_is_refused_wherever_it_stands(wrong: dict[str, object]) -> None:
    (problem,) = refused(form(TEXT | wrong))

    assert (problem.rule, problem.element_id) == ("feel-syntax", "Field_1")
    assert "个字符处有误" in problem.zh


@pytest.mark.parametrize(
    "text", ["{{#if urgent}}急{{/if}}", "{{#loop items}}{{name}}{{/loop}}", "{{a", "}} {{", "{{}}"]
)
def test_templates_are_read_part_by_part(text: str) -> None:
    assert read({"type": "text", "id": "t", "text": text}).form_id == "F36"


ROWS = {
    "type": "dynamiclist",
    "id": "rows",
    "path": "members",
    "components": [{"type": "number", "id": "n", "key": "income"}],
}


@pytest.mark.parametrize(
    "components",
    [
        [TEXT, TEXT | {"id": "b"}],
        [TEXT, TEXT | {"id": "b", "key": "reason.detail"}],
        [TEXT | {"key": "head.name"}, TEXT | {"id": "b", "key": "head"}],
        [ROWS, TEXT | {"key": "members"}],
        [ROWS, TEXT | {"key": "members.first"}],
        [
            TEXT | {"key": "a.b"},
            {"type": "group", "id": "g", "path": "a", "components": [TEXT | {"id": "c", "key": "b"}]},
        ],
    ],
)
def test_two_fields_cannot_write_to_one_place(components: list[dict[str, object]]) -> None:
    assert [problem.rule for problem in refused(form(*components))] == ["form-field-key"]


@pytest.mark.parametrize(
    "components",
    [
        [ROWS, TEXT | {"key": "income"}],
        [TEXT | {"key": "head.name"}, TEXT | {"id": "b", "key": "head.age"}],
        [TEXT, {"type": "group", "id": "g", "path": "a", "components": [TEXT | {"id": "c"}]}],
        [ROWS, ROWS | {"id": "more", "path": "others", "components": [{"type": "number", "id": "m", "key": "income"}]}],
    ],
)
def test_fields_with_places_of_their_own_are_accepted(components: list[dict[str, object]]) -> None:
    assert read(*components).form_id == "F36"


def test_all_problems_of_a_form_are_named_at_once() -> None:
    data = form(TEXT | {"colour": "red"}, {"type": "rating", "id": "r"}, {"type": "select", "id": "s", "key": "way"})

    assert [problem.rule for problem in refused(data)] == ["form-attribute", "form-field-type", "form-options"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"[]", "form"),
        (b"null", "form"),
        (b"{", "json-syntax"),
        (b"", "json-syntax"),
        (b"\xff", "json-encoding"),
        (b'{"a": "\\ud800"}', "json-encoding"),
        (b'{"a": 1, "a": 2}', "json-duplicate-key"),
        (b'{"a": -Infinity}', "json-number"),
        (b'{"a": 1e99999}', "json-number"),
        (b'{"a": ' + b"9" * 35 + b"}", "json-number"),
        (b'{"a": ' + b"[" * 64 + b"]" * 64 + b"}", "json-depth"),
        (b'"' + b'\\"' * 400_000, "json-syntax"),
        (b"[" + b"1," * 200_000 + b"1]", "json-values"),
        (b" " * 1_000_001, "json-size"),
    ],
)
def test_json_out_of_bounds_is_refused_by_name(data: bytes, rule: str) -> None:
    assert [problem.rule for problem in refused(data)] == [rule]


@pytest.mark.parametrize("pattern", ["(?=1)x", "(?<!1)x", r"(a)\1", "(", "((a{1000}){1000}){1000}"])
def test_a_pattern_that_cannot_be_decided_in_linear_time_is_refused(pattern: str) -> None:
    assert [problem.rule for problem in refused(form(TEXT | {"validate": {"pattern": pattern}}))] == ["form-pattern"]


def test_the_hash_of_a_form_ignores_exporter_and_order_of_keys_but_not_the_order_of_fields() -> None:
    other = TEXT | {"id": "b", "key": "b"}
    first = read(TEXT, other, exporter={"name": "a"}).schema
    reordered = read(dict(reversed(TEXT.items())), other, exporter={"name": "b"}).schema
    swapped = read(other, TEXT).schema

    assert canonical_form_hash(first) == canonical_form_hash(reordered)
    assert canonical_form_hash(first) != canonical_form_hash(swapped)


@pytest.mark.parametrize("path", SHIPPED_FORMS, ids=lambda path: path.stem)
def test_every_form_that_we_ship_is_accepted(path) -> None:
    assert read_form(path.read_bytes(), file=path.name).form_id
