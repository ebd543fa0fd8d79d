"""The shipped decision tables give the answers of the procedures' specification; the catalogues beside them agree."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from engine.decisions import Decision, parse_decisions
from tests.processes.files import DECISIONS, TABLES
from tests.sources import ROOT

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 2, 10, 1, 0, tzinfo=UTC)
POLICY = {
    "townshipCeiling": Decimal(5000), "marginalFactor": Decimal("1.5"), "rigidRatio": Decimal("0.5"),
}  # fmt: skip


@cache
def _decisions() -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    for file in DECISIONS:
        found.update(parse_decisions(file.read_bytes(), functions={}).decisions)
    return found


def _decide(decision_id: str, **given: Any) -> Any:
    return _decisions()[decision_id].evaluate({"policy": POLICY, **given}, now=NOW, zone=ZONE).value


def _parameter(jurisdiction: str, parameter: str, **given: Any) -> Any:
    known = {"aidKind": "tempUrgent", "urban": None, "year": 2026, "noticeKind": None, **given}
    found = _decide("policy_parameters", jurisdiction=jurisdiction, parameter=parameter, **known)
    return None if found is None else found["value"]


@cache
def _catalogue(name: str) -> Any:
    return yaml.safe_load((ROOT / "processes" / "policy" / f"{name}.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("jurisdiction", "kind", "amount", "post", "district"),
    [
        ("JA", "tempUrgent", 2000, "deputy-leader", False),
        ("JA", "tempUrgent", 90000, "deputy-leader", False),
        ("JA", "extremePoverty", None, "deputy-leader", False),
        ("JB", "tempUrgent", 5000, "township-leader", False),
        ("JB", "tempUrgent", Decimal("5000.01"), "district-leader", True),
        ("JB", "subsistence", None, "township-leader", False),
        ("JB", "extremePoverty", None, "district-leader", True),
        ("JB", "medical", None, "department-officer", False),
        ("JC", "tempUrgent", 100, "district-leader", True),
        ("JB", "tempUrgent", None, "district-leader", True),
    ],
)
def test_the_competent_post(jurisdiction: str, kind: str, amount: Any, post: str, district: bool) -> None:
    decided = _decide("approval_competence", jurisdiction=jurisdiction, aidKind=kind, amount=amount)

    assert (decided["approverPost"], decided["districtApproves"]) == (post, district)


@pytest.mark.parametrize(
    ("parameter", "ja", "jb", "other"),
    [
        ("acceptDays", 1, 1, 1),
        ("urgentAidHours", 24, 24, 24),
        ("backfillDays", 5, 10, 10),
        ("townshipCeiling", None, 5000, 3000),
        ("reviewExtendedDays", None, 45, None),
        ("debtOverdueBlock", 1, 1, 1),
        ("opinionDays", 12, 15, 15),
        ("decisionBody", "leader", "meeting", "meeting"),
        ("amberShare", Decimal("0.3"), Decimal("0.3"), Decimal("0.3")),
        ("declarationDay", None, 10, 10),
        ("exitLongMonths", 0, 12, 12),
        ("line", 700, 650, None),
        ("step:P04-S07", 2, 2, 2),
        ("step:P14-S04", 5, 5, 5),
    ],
)
def test_a_policy_parameter_of_each_jurisdiction(parameter: str, ja: Any, jb: Any, other: Any) -> None:
    assert [_parameter(jurisdiction, parameter) for jurisdiction in ("JA", "JB", "JC")] == [ja, jb, other]


@pytest.mark.parametrize(
    ("kind", "ja", "jb"),
    [("subsistence", 20, 30), ("extremePoverty", 20, 30), ("rigidExpense", 20, 30), ("tempExpense", 20, 20)],
)
def test_the_length_of_a_review_follows_the_kind_of_aid(kind: str, ja: int, jb: int) -> None:
    assert [_parameter(jurisdiction, "reviewDays", aidKind=kind) for jurisdiction in ("JA", "JB")] == [ja, jb]


@pytest.mark.parametrize(
    ("notice", "days"), [("firstOpinion", 7), ("tempExpense", 5), ("extremePovertyEnd", 7), (None, None)]
)
def test_the_length_of_a_notice_follows_its_kind(notice: str | None, days: int | None) -> None:
    assert _parameter("JB", "noticeDays", noticeKind=notice) == days


@pytest.mark.parametrize(("urban", "line"), [(True, 900), (False, 700), (None, 700)])
def test_an_unknown_place_has_the_lower_line(urban: bool | None, line: int) -> None:
    assert _parameter("JA", "line", urban=urban) == line


def test_every_parameter_of_the_specification_has_a_row() -> None:
    table = next(file for file in DECISIONS if file.stem == "policy-parameters").read_text("utf-8")
    rows = {int(number) for number in re.findall(r'<rule id="PL-(\d\d)', table)}

    assert rows == set(range(1, 65))


def test_the_catalogue_lists_exactly_the_parameters_of_the_table() -> None:
    table = next(file for file in DECISIONS if file.stem == "policy-parameters").read_text("utf-8")
    named = set(re.findall(r'_i3">\s*<text>"([^"]+)"</text>', table))

    assert {row["parameter"] for row in _catalogue("parameters")["parameters"]} == named


def test_clocks_and_grounds_name_parameters_that_exist() -> None:
    parameters = {row["parameter"] for row in _catalogue("parameters")["parameters"]} | {"step:<element id>", None}
    clocks, grounds = _catalogue("clocks")["clocks"], _catalogue("grounds")["grounds"]

    assert {row["parameter"] for row in clocks} | {row["amber"] for row in clocks} <= parameters
    assert {row["parameter"] for row in grounds} <= parameters
    assert {ground for row in clocks for ground in (*row["suspendedBy"], *row["extendedBy"])} <= {
        row["code"] for row in grounds
    }


def test_a_clock_has_the_unit_of_its_parameter() -> None:
    units = {row["parameter"]: row["unit"] for row in _catalogue("parameters")["parameters"]}
    clocks = [row for row in _catalogue("clocks")["clocks"] if row["code"] != "step"]

    assert [row["code"] for row in clocks if units[row["parameter"]] != row["unit"]] == []


@pytest.mark.parametrize(
    ("given", "aids"),
    [
        ({"urgentEvent": True}, ["tempUrgent"]),
        ({"seriousIllness": True}, ["medical"]),
        ({"perCapitaIncome": 500, "line": 700, "assetsOk": True}, ["subsistence"]),
        ({"perCapitaIncome": 800, "line": 700, "assetsOk": True}, ["marginal"]),
        ({"disabilityGrade": 2}, ["disabilitySubsidy", "rehabilitation"]),
        ({"difficultySeen": True}, ["observation", "charity"]),
        ({"perCapitaIncome": 2000, "averageIncome": 3000, "line": 700}, ["monitoring"]),
        ({"seriousIllness": True, "difficultySeen": True}, ["medical"]),
        ({}, []),
    ],
)
def test_needs_lead_to_suggested_aids(given: dict[str, Any], aids: list[str]) -> None:
    assert [row["suggestedAid"] for row in _decide("needs_assessment", **given)] == aids


@pytest.mark.parametrize(
    ("given", "ceiling"),
    [
        ({"class": "ordinary", "size": 3, "line": 700}, 8400),
        ({"class": None, "size": 3, "line": 700}, 8400),
        ({"class": "small", "size": 3, "line": 700}, 1000),
        ({"class": "ordinary", "size": 3, "line": None}, None),
    ],
)
def test_the_ceiling_of_urgent_aid(given: dict[str, Any], ceiling: int | None) -> None:
    decided = _decide("aid_standard", jurisdiction="JA", aidKind="tempUrgent", urban=None, **given)

    assert decided["ceiling"] == ceiling


@pytest.mark.parametrize(
    ("income", "monthly"), [(0, 1400), (300, 1120), (600, 840)], ids=["class A", "class B", "class C"]
)
def test_a_rural_allowance_follows_the_class(income: int, monthly: int) -> None:
    decided = _decide(
        "aid_standard", jurisdiction="JA", aidKind="subsistence", urban=False, size=2, line=700, perCapitaIncome=income
    )

    assert decided["monthlyAmount"] == monthly


def test_extras_come_on_top_of_the_allowance() -> None:
    extras = _decide(
        "aid_extra", jurisdiction="JA", aidKind="subsistence", extraGroup=["minor", "aged70"], selfCare=None, line=700
    )

    assert sum(row["extraAmount"] for row in extras) == 210


@pytest.mark.parametrize(
    ("record", "kind", "years"),
    [
        ("review", "tempUrgent", 3),
        ("review", "extremePoverty", None),
        ("daily", "subsistence", 5),
        ("payment", "tempUrgent", None),
        ("yearlyReview", "subsistence", 3),
        ("relative", "extremePoverty", None),
        ("verificationData", "subsistence", 1),
    ],
)
def test_how_long_a_record_is_kept(record: str, kind: str, years: int | None) -> None:
    assert _decide("retention", recordClass=record, aidKind=kind, carrier="electronic")["years"] == years


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_a_catalogue_has_no_code_twice(table: Any) -> None:
    ((_, rows), *_) = yaml.safe_load(table.read_text("utf-8")).items()
    codes = [
        row.get("code") or row.get("id") or row.get("parameter") or (row["recordClass"], row["aidKind"]) for row in rows
    ]

    assert len(codes) == len(set(codes))
