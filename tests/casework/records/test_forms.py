"""What may be set through a form: the server's rules beyond form-js."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from casework.records import forms
from casework.records.formjs import Component, Moment
from casework.records.forms import Checked, FileRefused
from engine.errors import InvalidInput

MOMENT = Moment(datetime(2026, 2, 14, 12, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


def check(components: list[Any], submitted: Any, stored: Any = None, *, files: Any = None) -> Checked:
    form = forms.read({"type": "default", "id": "form", "components": components}, {})
    return forms.check(form, submitted, stored or {}, MOMENT, files=files)


def field(kind: str, key: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": key, "key": key, **more}


def rules(checked: Checked) -> list[tuple[str, str]]:
    return [(error.path, error.rule) for error in checked.errors]


def test_a_form_sets_its_visible_fields_and_names_what_it_left_out() -> None:
    checked = check(
        [
            field("textfield", "a"), field("textfield", "hidden", conditional={"hide": "=a = \"x\""}), field("textfield", "off", disabled=True),
            field("textfield", "fixed", readonly=True),
        ],
        {"a": "x", "hidden": "1", "off": "2", "fixed": "3", "stranger": "4", "__proto__": {"polluted": True}},
        {"fixed": "kept", "stranger": "old"},
    )  # fmt: skip

    assert checked.values == {"a": "x", "fixed": "kept"}
    assert set(checked.dropped) == {"hidden", "off", "fixed", "stranger", "__proto__.polluted"}


def test_what_only_the_english_text_of_a_form_names_is_shown_too() -> None:
    read = forms.read(
        {"type": "default", "id": "form", "components": [{"type": "text", "id": "t", "text": "{{name}}", "properties": {"textEn": "{{nameEn}}"}}]},
        {},
    )

    assert forms.opening(read, {"name": "申请表", "nameEn": "Application", "other": 1}) == {"name": "申请表", "nameEn": "Application"}


def test_repeating_what_is_stored_in_a_field_that_is_not_typed_into_is_not_worth_a_note() -> None:
    checked = check([field("textfield", "fixed", readonly=True)], {"fixed": "kept"}, {"fixed": "kept"})

    assert checked.dropped == ()


@pytest.mark.parametrize("name", ["caseNo", "policy", "clocks", "household", "outcome", "jurisdiction", "startedBy"])
def test_no_form_writes_what_casework_alone_may_write(name: str) -> None:
    checked = check([field("textfield", name), field("textfield", "a")], {name: "forged", "a": "x"})

    assert checked.values == {"a": "x"}


def test_a_field_that_becomes_read_only_by_what_is_typed_keeps_what_was_stored() -> None:
    checked = check(
        [field("checkbox", "lock"), field("number", "amount", readonly="=lock")], {"lock": True, "amount": 9}, {"amount": 5}
    )

    assert checked.values == {"lock": True, "amount": 5}


def test_a_computed_field_is_computed_here_whatever_was_sent() -> None:
    checked = check([field("number", "n"), field("expression", "double", expression="=n * 2")], {"n": 2, "double": 99})

    assert checked.values == {"n": 2, "double": 4}


@pytest.mark.parametrize(
    ("component", "value", "rule"),
    [
        (field("number", "x"), "ten", "type"),
        (field("number", "x"), {"amount": 1}, "type"),
        (field("number", "x"), "1" * 40, "type"),
        (field("datetime", "x", subtype="date"), "2026-02-30", "type"),
        (field("datetime", "x", subtype="date"), "tomorrow", "type"),
        (field("datetime", "x", subtype="datetime"), "2026-02-30T10:00+08:00", "type"),
        (field("datetime", "x", subtype="date", disallowPassedDates=True), "2026-02-13", "disallowPassedDates"),
        (field("select", "x", values=[{"label": "A", "value": "a"}]), "b", "option"),
        (field("taglist", "x", values=[{"label": "A", "value": "a"}]), ["a", "b"], "option"),
        (field("radio", "x", valuesExpression="=[1, 2]"), 3, "option"),
        (field("radio", "x", valuesExpression="=5"), 3, "option"),
        (field("checkbox", "x"), "yes", "type"),
        (field("textfield", "x"), ["a"], "type"),
        (field("textfield", "x"), "a\x00b", "type"),
    ],
)
def test_a_value_that_its_field_cannot_take_is_refused_and_not_dropped_in_silence(component: Any, value: Any, rule: str) -> None:
    assert rules(check([component], {"x": value})) == [("x", rule)]


def test_a_wrong_value_in_a_required_field_is_one_fault_and_not_two() -> None:
    assert rules(check([field("number", "x", validate={"required": True})], {"x": "ten"})) == [("x", "type")]


def test_today_is_the_day_at_the_office() -> None:
    late = Moment(datetime(2026, 2, 13, 17, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    form = forms.read({"type": "default", "id": "f", "components": [field("datetime", "x", subtype="date", disallowPassedDates=True)]}, {})

    assert forms.check(form, {"x": "2026-02-14"}, {}, late).errors == ()


# -- rules beside the field


def ruled(rule: str, kind: str = "number", **more: Any) -> dict[str, Any]:
    return field(kind, "x", properties={"rule": rule, "ruleText": "金额超过标准", "ruleTextEn": "Above the standard"}, **more)


def test_a_rule_reads_all_data_and_the_variables_of_the_case() -> None:
    checked = check([ruled("=x <= limit * size"), field("number", "size")], {"x": 31, "size": 3}, {"limit": 10})

    assert [(error.zh, error.en) for error in checked.errors] == [("金额超过标准", "Above the standard")]


@pytest.mark.parametrize(("value", "refused"), [(5, True), (None, False)])
def test_a_rule_that_comes_to_null_refuses_a_value_and_not_its_absence(value: Any, refused: bool) -> None:
    assert bool(check([ruled("=x <= missing")], {"x": value}).errors) is refused


def test_a_rule_of_a_hidden_field_is_not_asked() -> None:
    assert check([ruled("=false", conditional={"hide": "=true"})], {"x": 1}).errors == ()


def test_a_rule_in_a_row_reads_its_row() -> None:
    rows = {"type": "dynamiclist", "id": "l", "path": "l", "components": [field("number", "n"), field("number", "m", properties={"rule": "=this.m <= this.n"})]}

    assert rules(check([rows], {"l": [{"n": 2, "m": 1}, {"n": 1, "m": 2}]})) == [("l.1.m", "rule")]


# -- rows


def listed(**more: Any) -> dict[str, Any]:
    return {"type": "dynamiclist", "id": "l", "path": "l", "components": [field("textfield", "why", readonly=True), field("checkbox", "ok")], **more}


def test_rows_that_may_not_be_added_keep_their_number_and_what_is_read_only() -> None:
    stored = {"l": [{"why": "a", "ok": False}, {"why": "b", "ok": False}]}

    checked = check([listed(allowAddRemove=False)], {"l": [{"why": "forged", "ok": True}, {"why": "b", "ok": False}]}, stored)

    assert checked.values == {"l": [{"why": "a", "ok": True}, {"why": "b", "ok": False}]}
    assert rules(check([listed(allowAddRemove=False)], {"l": [{"ok": True}]}, stored)) == [("l", "rows")]


def test_rows_that_may_be_removed_are_known_again_by_what_is_read_only() -> None:
    stored = {"l": [{"why": "a", "ok": False}, {"why": "b", "ok": False}]}

    checked = check([listed()], {"l": [{"why": "b", "ok": True}, {"why": "invented", "ok": True}]}, stored)

    assert checked.values == {"l": [{"why": "b", "ok": True}, {"why": "", "ok": True}]}


def test_removing_the_last_row_leaves_an_empty_list() -> None:
    assert check([listed()], {"l": []}, {"l": [{"why": "a", "ok": True}]}).values == {"l": []}


# -- files


def test_files_are_replaced_by_references_that_the_server_vouches_for() -> None:
    def vouched(sent: Any, _component: Component) -> Any:
        return [{"documentId": one, "vouched": True} for one in sent]

    assert check([field("filepicker", "f")], {"f": ["7"]}, files=vouched).values == {"f": [{"documentId": "7", "vouched": True}]}


def test_a_file_that_is_refused_is_the_fields_fault() -> None:
    def refuse(_sent: Any, _component: Component) -> Any:
        raise FileRefused("file", "没有", "none")

    assert rules(check([field("filepicker", "f")], {"f": ["7"]}, files=refuse)) == [("f", "file")]


# -- what a browser gets


def test_a_browser_gets_the_variables_that_the_form_shows_or_reads_and_no_others() -> None:
    form = forms.read(
        {"type": "default", "id": "f", "components": [
            field("textfield", "a.b", label="=labelOf", conditional={"hide": "=flag"}), field("select", "s", valuesKey="choices"),
            {"type": "text", "id": "t", "text": "{{greeting}} there"}, field("number", "n", properties={"rule": "=n < secret"}),
            {"type": "table", "id": "table", "dataSource": "=lines", "columns": []},
        ]}, {},
    )  # fmt: skip
    variables = dict.fromkeys(("a", "labelOf", "flag", "s", "choices", "greeting", "n", "lines", "secret", "other"), 1)

    assert set(forms.opening(form, variables)) == set(variables) - {"secret", "other"}
    assert "secret" in forms.names_needed(form)


def test_numbers_stay_exact() -> None:
    assert check([field("number", "n")], {"n": Decimal("0.1")}).values == {"n": Decimal("0.1")}


@pytest.mark.parametrize(
    ("subtype", "typed", "kept"),
    [
        ("datetime", "2026-02-14T20:00+08:00", "2026-02-14T20:00:00+08:00"), ("datetime", "2026-02-14T12:00Z", "2026-02-14T12:00:00Z"),
        ("datetime", "2026-02-14T20:00", "2026-02-14T20:00:00"), ("time", "20:00", "20:00:00"), ("date", "2026-02-14", "2026-02-14"),
        ("datetime", "2026-02-14T20:00:30+08:00", "2026-02-14T20:00:30+08:00"),
    ],
)  # fmt: skip
def test_a_time_gets_the_seconds_that_feel_asks_for(subtype: str, typed: str, kept: str) -> None:
    assert check([field("datetime", "x", subtype=subtype)], {"x": typed}).values == {"x": kept}


def test_a_rule_compares_the_moment_that_was_typed_with_now() -> None:
    component = field("datetime", "x", subtype="datetime", properties={"rule": "=date and time(x) <= now()"})

    assert check([component], {"x": "2026-02-14T20:00+08:00"}).errors == ()
    assert rules(check([component], {"x": "2026-02-14T20:01+08:00"})) == [("x", "rule")]


@pytest.mark.parametrize(
    ("typed", "rules_broken"),
    [("1E+30", []), ("1E+6000", []), ("1234567890123456789012345678901234", []), ("0.1", ["increment"]), ("1E-40", ["increment"])],
)
def test_steps_are_counted_exactly_however_large_the_number(typed: str, rules_broken: list[str]) -> None:
    assert [rule for _, rule in rules(check([field("number", "n", increment="0.25")], {"n": Decimal(typed)}))] == rules_broken


def test_no_digit_of_a_long_number_is_lost() -> None:
    long = Decimal("1234567890123456789012345678901.234")

    assert rules(check([field("number", "n", decimalDigits=2)], {"n": long})) == [("n", "decimalDigits")]
    assert check([field("textfield", "t")], {"t": long}).values == {"t": str(long)}


def test_an_expression_that_a_submission_drives_beyond_its_limits_refuses_the_submission() -> None:
    with pytest.raises(InvalidInput):
        check([field("number", "n"), field("expression", "e", expression="=sum(for i in 1..n return i)")], {"n": 10**9})


def test_a_draft_keeps_what_would_not_pass() -> None:
    form = forms.read({"type": "default", "id": "f", "components": [field("textfield", "a", validate={"minLength": 5})]}, {})

    assert forms.draft(form, {"a": "x", "other": 1}, {}, MOMENT) == {"a": "x"}


def test_what_a_post_may_not_see_is_masked_field_by_field_in_lists_too_and_named() -> None:
    read = forms.read(
        {
            "type": "default", "id": "form",
            "components": [
                field("textfield", "place", properties={"mask": "M-ADDR"}), field("number", "amount", properties={"mask": "M-MONEY"}),
                field("textfield", "note"), field("textfield", "phone", properties={"mask": "M-PHONE"}),
                {
                    "type": "dynamiclist", "id": "rows", "path": "rows", "isRepeating": True,
                    "components": [field("textfield", "number", properties={"mask": "M-ID"}), field("textfield", "name")],
                },
            ],
        },
        {},
    )  # fmt: skip
    data = {
        "place": "甲一村12栋5号", "amount": Decimal(2000), "note": "x", "phone": "",
        "rows": [{"number": "110101199003077512", "name": "甲"}, {"number": "", "name": "乙"}],
    }  # fmt: skip

    shown, hidden = forms.masked(read, data, {"grid-worker"})

    assert shown == {
        "place": "甲一村12栋5号", "amount": "****", "note": "x", "phone": "",
        "rows": [{"number": "110*************12", "name": "甲"}, {"number": "", "name": "乙"}],
    }  # fmt: skip
    assert hidden == ("amount", "number")
    assert data["amount"] == Decimal(2000)
    assert forms.masked(read, data, {"case-handler"}) == (data, ())
