"""JSON at the door: what is read, what is refused just beyond each bound, and how numbers leave."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.wire import TooLarge, read_json, write_json
from engine.json_text import JsonRefused
from engine.limits import JSON_DEPTH, JSON_VALUES


def test_numbers_are_integers_or_decimals_and_never_floats() -> None:
    value = read_json(b'{"count": 3, "amount": 862.10, "rate": 1e-3}')

    assert value == {"count": 3, "amount": Decimal("862.10"), "rate": Decimal("0.001")}
    assert [type(item) for item in value.values()] == [int, Decimal, Decimal]


def test_the_last_digit_of_an_amount_survives_the_way_in_and_out() -> None:
    assert write_json(read_json(b"[0.10,12345678901234567890.12]")) == b"[0.10,12345678901234567890.12]"


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "json-syntax"),
        (b"{", "json-syntax"),
        (b"{'a': 1}", "json-syntax"),
        (b'{"a": 1, "a": 2}', "json-duplicate-key"),
        (b'{"a": {"b": 1, "b": 1}}', "json-duplicate-key"),
        (b"[NaN]", "json-number"),
        (b"[Infinity]", "json-number"),
        (b"[-Infinity]", "json-number"),
        (b'["\\ud800"]', "json-encoding"),
        (b'{"\\udc00": 1}', "json-encoding"),
        (b'["\\u0000"]', "json-encoding"),
        (b"[1e6145]", "json-number"),
        (b"[1e-6145]", "json-number"),
        (b"[1E+1000000000000000000000]", "json-number"),
        (b"[" + b"9" * 35 + b"]", "json-number"),
        (b"[0." + b"9" * 35 + b"]", "json-number"),
        (b"[1." + b"0" * 1_000_000 + b"]", "json-number"),
        ('{"a": 1}'.encode("utf-16"), "json-encoding"),
        (b'["\xff"]', "json-encoding"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_rule(body: bytes, rule: str) -> None:
    with pytest.raises(JsonRefused) as refused:
        read_json(body)

    assert refused.value.problem.rule == rule


@pytest.mark.parametrize(
    "body", [b"[" + b"9" * 34 + b"]", b"[-" + b"9" * 34 + b"]", b"[1e6144]", b"[1e-6144]", b"[0." + b"9" * 34 + b"]"]
)
def test_numbers_at_the_bound_are_read(body: bytes) -> None:
    assert len(read_json(body)) == 1


def test_a_surrogate_pair_is_one_character() -> None:
    assert read_json(b'["\\ud842\\udfb7"]') == ["𠮷"]


@pytest.mark.parametrize("depth", [JSON_DEPTH - 1, JSON_DEPTH])
def test_nesting_up_to_the_bound_is_read(depth: int) -> None:
    assert isinstance(read_json(b"[" * depth + b"]" * depth), list)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_nesting_beyond_the_bound_is_refused(opening: bytes) -> None:
    with pytest.raises(TooLarge, match="64"):
        read_json(opening * (JSON_DEPTH + 1))


def test_a_key_that_stands_twice_among_many_is_found_at_once() -> None:
    keys = b",".join(b'"k%d":1' % number for number in range(50_000))

    with pytest.raises(JsonRefused):
        read_json(b"{" + keys + b',"k49999":1}')


def test_an_open_text_full_of_escaped_quotes_is_read_once() -> None:
    with pytest.raises(JsonRefused):
        read_json(b'["' + b'\\"' * 1_000_000)


def test_a_million_brackets_are_refused_without_building_anything() -> None:
    with pytest.raises(TooLarge):
        read_json(b"[" * 1_000_000)


def test_brackets_and_commas_inside_a_text_do_not_count() -> None:
    text = '[{,\\"' * 1_000

    assert read_json(json.dumps([text]).encode()) == [text]


@pytest.mark.parametrize("count", [JSON_VALUES - 2, JSON_VALUES - 1])
def test_values_up_to_the_bound_are_read(count: int) -> None:
    assert len(read_json(b"[" + b",".join([b"1"] * count) + b"]")) == count  # the list itself is a value too


def test_one_value_more_is_refused() -> None:
    with pytest.raises(TooLarge, match="100,000"):
        read_json(b"[" + b",".join([b"1"] * JSON_VALUES) + b"]")


def test_moments_leave_in_utc_and_days_as_days() -> None:
    beijing = timezone(timedelta(hours=8))

    assert json.loads(write_json({"at": datetime(2026, 3, 2, 9, 30, tzinfo=beijing), "on": date(2026, 3, 2)})) == {
        "at": "2026-03-02T01:30:00Z",
        "on": "2026-03-02",
    }
    assert write_json(datetime(2026, 3, 2, 1, 30, 0, 500_000, tzinfo=UTC)) == b'"2026-03-02T01:30:00.500000Z"'


def test_integers_beyond_64_bits_leave_digit_by_digit() -> None:
    assert write_json([2**63, -(10**33)]) == f"[{2**63},-{10**33}]".encode()


def test_a_float_has_no_way_out() -> None:
    with pytest.raises(TypeError, match="float"):
        write_json({"amount": 0.1})


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**34) + 1, max_value=10**34 - 1)
    | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**20), max_value=10**20)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="ascii", min_codepoint=32)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_JSON)
def test_whatever_is_written_is_read_back_equal(value: object) -> None:
    assert read_json(write_json(value)) == value


@given(st.binary(max_size=200))
def test_bytes_are_read_or_refused_and_nothing_else(body: bytes) -> None:
    with suppress(JsonRefused):
        write_json(read_json(body))
