"""The betsy suite on our engine: every case has the outcome that we committed to, and nearly all of them pass.

The instance is stored and read again at every step. One run keeps its engine; the other has a new engine for every command.
"""

import pytest

from tests.betsy import player
from tests.betsy.adapter import DIALECTS
from tests.betsy.suite import ERRATA, OPTIONAL, Case, cases, outcomes
from tests.sources import SUITES

CASES = cases()
pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not CASES, reason=f"the public suites are not beside the repository ({SUITES})"),
]
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def judge(url: str, case: Case, dialect: str, *, forget: bool) -> None:
    committed = outcomes()[dialect, case.id]
    result, why = player.result(url, case, DIALECTS[dialect](case.model), forget=forget)

    assert result == committed["result"], why


@each
@pytest.mark.sqlite_only
def test_a_case_has_its_outcome_with_an_engine_that_goes_on(case: Case, database_url: str) -> None:
    judge(database_url, case, "camunda8", forget=False)


@each
def test_a_case_has_its_outcome_with_a_new_engine_for_every_command(case: Case, database_url: str) -> None:
    judge(database_url, case, "camunda7", forget=True)


def test_every_case_has_an_outcome_and_every_outcome_a_case() -> None:
    assert sorted(outcomes()) == sorted((dialect, case.id) for dialect in DIALECTS for case in CASES)


def test_every_case_passes_but_those_of_the_optional_set_that_are_refused_by_name() -> None:
    """Camunda 8 besides has neither cycles of intermediate timers nor a number of instances to be negative."""
    optional = {case.id for case in CASES if case.name in OPTIONAL}
    others = [row for row in outcomes().values() if row["result"] != "pass"]

    assert [row for row in others if row["dialect"] == "camunda7" and row["case"] not in optional] == []
    assert [row for row in others if row["case"] in optional and row["result"] != "refused"] == []
    assert {row["case"] for row in others if row["dialect"] == "camunda8" and row["case"] not in optional} <= {
        "events/Timer_IntermediateTimeCycleEvent/1",
        "errors/MultiInstanceTask_NegativeLoopCardinality/1",
    }
    assert all(row["reason"] for row in others)


def test_a_corrected_expectation_has_as_many_words_as_the_suites_own() -> None:
    assert {name: len(words) for name, words in ERRATA.items()} == dict.fromkeys(ERRATA, 3)
    assert len(ERRATA) == 2
