"""Typed variables, moments and filters of Camunda 7, to and from the engine's values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from api.camunda7 import lists
from api.camunda7.errors import RestError
from api.camunda7.lists import Lookup
from api.camunda7.values import all_typed, moment, plain, read, read_moment, typed
from engine.errors import CallerError
from engine.search import Condition, Op, Sort


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"value": "甲", "type": "String"}, "甲"),
        ({"value": "甲", "type": "string"}, "甲"),
        ({"value": True, "type": "Boolean"}, True),
        ({"value": 7, "type": "integer"}, 7),
        ({"value": Decimal("7.0"), "type": "Integer"}, 7),
        ({"value": -(2**31), "type": "INTEGER"}, -(2**31)),
        ({"value": 2**63 - 1, "type": "Long"}, 2**63 - 1),
        ({"value": 12, "type": "Short"}, 12),
        ({"value": Decimal("1.25"), "type": "Double"}, Decimal("1.25")),
        ({"value": 3, "type": "Double"}, 3),
        ({"value": "2026-01-05T08:30:00.000+0800", "type": "Date"}, "2026-01-05T08:30:00+08:00"),
        ({"value": "2026-01-05T08:30:00Z", "type": "date"}, "2026-01-05T08:30:00+00:00"),
        ({"value": '{"a": [1, 2.5]}', "type": "Json"}, {"a": [1, Decimal("2.5")]}),
        ({"value": {"a": 1}, "type": "json"}, {"a": 1}),
        ({"value": '[1]', "type": "Object", "valueInfo": {"objectTypeName": "java.util.List", "serializationDataFormat": "application/json"}}, [1]),
        ({"value": None, "type": "Null"}, None),
        ({"value": None, "type": "String"}, None),
        ({"value": [1, "b"]}, [1, "b"]),
        ({}, None),
    ],
)  # fmt: skip
def test_a_typed_value_is_read(given: dict[str, Any], value: Any) -> None:
    assert read("x", given) == value


@pytest.mark.parametrize(
    "given",
    [
        {"value": 1, "type": "String"},
        {"value": "true", "type": "Boolean"},
        {"value": "7", "type": "Integer"},
        {"value": True, "type": "Integer"},
        {"value": Decimal("7.5"), "type": "Integer"},
        {"value": 2**31, "type": "Integer"},
        {"value": 2**63, "type": "Long"},
        {"value": "1.5", "type": "Double"},
        {"value": "2026-01-05", "type": "Date"},
        {"value": "2026-13-05T00:00:00+0800", "type": "Date"},
        {"value": 1, "type": "Date"},
        {"value": "{", "type": "Json"},
        {"value": "AA==", "type": "Object", "valueInfo": {"serializationDataFormat": "application/x-java-serialized-object"}},
        {"value": "AA==", "type": "Bytes"},
        {"value": "AA==", "type": "File", "valueInfo": {"filename": "a.txt"}},
        {"value": 1, "type": "Null"},
        {"value": 1, "type": "Foo"},
        {"value": 1, "type": 7},
        "no object",
        None,
    ],
)
def test_a_value_that_is_not_of_its_type_is_refused(given: Any) -> None:
    with pytest.raises(RestError) as refused:
        read("x", given)

    assert (refused.value.status, refused.value.kind) == (400, "InvalidRequestException")
    assert "x" in refused.value.en


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        (None, "Null", None),
        (False, "Boolean", False),
        (7, "Integer", 7),
        (2**31, "Long", 2**31),
        (Decimal(620), "Integer", 620),
        (Decimal("620.0"), "Double", Decimal("620.0")),
        (2**63, "Double", 2**63),
        (Decimal("0.10"), "Double", Decimal("0.10")),
        ("甲", "String", "甲"),
        ([1], "Json", "[1]"),
        ({"a": Decimal("1.50")}, "Json", '{"a":1.50}'),
    ],
)
def test_a_value_is_written_with_its_type(value: Any, kind: str, written: Any) -> None:
    assert typed(value) == {"type": kind, "value": written, "valueInfo": {}}


def test_what_was_read_is_written_the_same() -> None:
    values = {"a": 1, "b": "甲", "c": True, "d": Decimal("1.5"), "e": [1, {"f": None}], "g": None}

    assert plain(all_typed(values)) == values


@pytest.mark.parametrize("name", ["", "#own", "x" * 256])
def test_a_name_that_is_the_engines_own_is_refused(name: str) -> None:
    with pytest.raises(CallerError):
        plain({name: {"value": 1}})


def test_a_moment_is_written_in_camundas_form_and_read_back() -> None:
    at = datetime(2026, 1, 5, 1, 2, 3, 4_000, tzinfo=UTC)

    assert moment(at) == "2026-01-05T01:02:03.004+0000"
    assert read_moment(moment(at), "x") == at
    assert moment(None) is None


LOOKUP = Lookup(
    {
        "name": lists.equal("name"), "nameLike": lists.like("name"), "idIn": lists.among("id", lists.number_of),
        "after": lists.since("at", Op.GT), "only": lists.if_true(Condition("open", Op.EQ, True)),
        "most": lists.compared("n", Op.LTE), "variables": lists.of_variables("variable"),
    },
    {"name": "name", "time": "at"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "conditions"),
    [
        ({"name": "a"}, [Condition("name", Op.EQ, "a")]),
        ({"nameLike": "%a_b*"}, [Condition("name", Op.LIKE, "*a?b\\*")]),
        ({"idIn": "1,p:2:3,x"}, [Condition("id", Op.IN, (1, 3, -1))]),
        ({"idIn": ["4"]}, [Condition("id", Op.IN, (4,))]),
        ({"after": "2026-01-05T00:00:00.000+0000"}, [Condition("at", Op.GT, datetime(2026, 1, 5, tzinfo=UTC))]),
        ({"only": "true"}, [Condition("open", Op.EQ, True)]),
        ({"only": False}, []),
        ({"most": "5"}, [Condition("n", Op.LTE, 5)]),
        ({"name": None}, []),
        ({"variables": "a_eq_b_c,n_gteq_5"}, [Condition("variable:a", Op.EQ, "b_c"), Condition("variable:n", Op.GTE, 5)]),
        ({"variables": [{"name": "a", "operator": "like", "value": "x%"}]}, [Condition("variable:a", Op.LIKE, "x*")]),
        ({"variables": [{"name": "a", "operator": "eq", "value": True}]}, [Condition("variable:a", Op.EQ, True)]),
    ],
)  # fmt: skip
def test_a_filter_becomes_a_condition(given: dict[str, Any], conditions: list[Condition]) -> None:
    assert list(LOOKUP.query(given).conditions) == conditions


@pytest.mark.parametrize(
    ("given", "sort"),
    [
        ({"sortBy": "time", "sortOrder": "desc"}, (Sort("at", descending=True),)),
        ({"sorting": [{"sortBy": "name", "sortOrder": "asc"}, {"sortBy": "time", "sortOrder": "asc"}]}, (Sort("name"), Sort("at"))),
        ({}, ()),
    ],
)
def test_an_order_is_read(given: dict[str, Any], sort: tuple[Sort, ...]) -> None:
    assert LOOKUP.query(given).sort == sort


def test_a_page_is_read() -> None:
    page = LOOKUP.query({"firstResult": "20", "maxResults": "10"}).page

    assert (page.from_, page.limit) == (20, 10)


@pytest.mark.parametrize(
    "given",
    [
        {"noSuchFilter": "1"},
        {"only": "maybe"},
        {"most": "many"},
        {"after": "yesterday"},
        {"name": 1},
        {"idIn": 7},
        {"sortBy": "name"},
        {"sortOrder": "asc"},
        {"sortBy": "colour", "sortOrder": "asc"},
        {"sortBy": "name", "sortOrder": "up"},
        {"sorting": "name"},
        {"maxResults": "-1"},
        {"firstResult": "x"},
        {"variables": "a"},
        {"variables": "a_about_1"},
        {"variables": [1]},
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(RestError) as refused:
        LOOKUP.query(given)

    assert refused.value.status == 400
