"""The shipped letters are drawn from their templates with nothing but the data given to them."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from casework.records import letters
from tests.sources import ROOT

LETTERS = ROOT / "letters"
TEMPLATES = {file.name: file.read_bytes() for file in LETTERS.glob("*.typ")}
AT = datetime(2026, 2, 24, 2, 0, tzinfo=UTC)
HEAD = {
    "letterNo": "甲一镇临救〔2026〕12号", "noticeNo": "甲一镇公〔2026〕3号", "issuedAt": "2026-02-24T10:00:00+08:00", "officeName": "甲一镇",
    "officePhone": "0000-1234567", "handlerName": "承办人甲", "complaintPhone": "0000-7654321", "clause": "LZ-I4", "footer": "示例数据",
}  # fmt: skip
DECISION = {
    "kind": "decision", "name": "甲某一", "matter": "急难型临时救助", "urgentCause": "fire", "amount": 12000.5, "payWay": "cash",
    "aidedAt": "2026-02-10T11:00:00+08:00",
}  # fmt: skip
REFUSAL = {
    "kind": "refusal", "name": "甲某一", "matter": "急难型临时救助", "facts": "没有过火。", "reason": "不属急难。", "clauseRef": "LZ-I4", "remedy": "可以申请复议。",
}  # fmt: skip
NOTICE = {"headName": "甲某一", "type": "急难型", "targetClass": "fire", "amount": 2000}


def _drawn(template: str, data: dict[str, Any]) -> bytes:
    return letters.render(TEMPLATES, template, {**HEAD, **data}, fonts=(), at=AT, zone=ZoneInfo("Asia/Shanghai"))


letter = pytest.mark.parametrize(
    ("template", "data"),
    [("N13.typ", DECISION), ("N13.typ", REFUSAL), ("G05.typ", NOTICE)],
    ids=["decision", "refusal", "notice"],
)


@letter
def test_a_letter_is_drawn_as_a_pdf(template: str, data: dict[str, Any]) -> None:
    assert _drawn(template, data).startswith(b"%PDF-")


@letter
def test_the_same_data_give_the_same_bytes(template: str, data: dict[str, Any]) -> None:
    assert _drawn(template, data) == _drawn(template, data)


def test_data_are_never_markup() -> None:
    plain = _drawn("N13.typ", {**REFUSAL, "reason": "不属急难。"})
    markup = _drawn("N13.typ", {**REFUSAL, "reason": '#panic("no") *x* $y$ #read("letter.typ")'})

    assert markup.startswith(b"%PDF-")
    assert markup != plain


def test_the_table_of_letters_names_templates_that_are_shipped() -> None:
    table = yaml.safe_load((LETTERS / "letters.yaml").read_text("utf-8"))

    assert {kind.template for kind in letters.parse(table).values()} <= TEMPLATES.keys()


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_shipped_template_passes_the_check_of_uploads(template: str) -> None:
    assert letters.check_template(template, (LETTERS / template).read_bytes()) == []
