"""Figures of the law: the snapshot of a case, its rows and clauses, and one law for one case."""

from datetime import timedelta
from decimal import Decimal

import pytest

from casework.law import clocks, policy
from casework.model.law import LegalClock, PolicyEdition
from casework.model.record import EVERYWHERE
from engine.errors import InvalidInput
from tests.casework.conftest import Town


@pytest.mark.parametrize(
    ("login", "parameter", "value", "unit", "row"),
    [
        ("ja-01-window", "backfillDays", 5, "wd", "PL-15-JA"), ("jb-01-window", "backfillDays", 10, "wd", "PL-15-JB"),
        ("ja-01-window", "urgentAidHours", 24, "h", "PL-14"), ("jb-01-window", "amberShare", Decimal("0.3"), "share", "PL-56"),
    ],
)  # fmt: skip
def test_a_case_keeps_the_figures_of_its_jurisdiction_with_their_rows(
    town: Town, login: str, parameter: str, value: object, unit: str, row: str
) -> None:
    case = town.open(by=login)

    with town.authority.system_read(region=case.region) as act:
        figure = policy.figure(act, case, parameter)

    assert (figure.value, figure.unit) == (value, unit)
    assert figure.row_id is not None
    assert figure.row_id.startswith(row[:5])


def test_diagrams_read_numbers_and_durations(town: Town) -> None:
    case = town.open()

    with town.authority.system_read(region="JA") as act:
        offered = act.work.variables(case.root_instance_id, ["policy"])["policy"]

    assert (offered["urgentAidHours"], offered["urgentAid"], offered["tempRepeat"]) == (24, "PT24H", "P12M")
    assert offered["townshipCeiling"] is None
    assert not any(name.startswith("step:") for name in offered)


def test_a_parameter_that_no_table_has_is_no_number(town: Town) -> None:
    case = town.open()

    with pytest.raises(InvalidInput), town.authority.system_read(region="JA") as act:
        policy.value(act, case, "inventedDays")


def test_the_clock_of_a_case_says_which_row_and_clause_it_comes_from(town: Town) -> None:
    case = town.open()

    with town.authority.system_read(region="JA") as act:
        clock = act.find_all(LegalClock, case_id=case.id)[0]
        rule = clocks.rule_of(act, "referral")

    assert (clock.row_id, clock.length, rule.parameter) == ("PL-02", 5, "referralSettleDays")
    assert "GC-4.7c" in clock.clause


def test_the_edition_in_force_is_that_of_the_day(town: Town) -> None:
    with town.authority.system("test") as act:
        for version, days in ((101, -10), (102, 10)):
            act.add(
                PolicyEdition(
                    region=EVERYWHERE, id=act.new_id(), decision_id="invented", version=version,
                    effective_from=act.today + timedelta(days=days), applies_to="new",
                )
            )  # fmt: skip
        act.record("editions", "invented")

        found = [policy.edition(act, "invented", act.today + timedelta(days=days)) for days in (-20, 0, 10)]

    assert found == [None, 101, 102]
