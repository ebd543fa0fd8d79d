"""A passing case proves its event: with the event silenced it no longer passes, or it stands in a list with the reason."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.betsy import player
from tests.betsy.adapter import DIALECTS
from tests.betsy.mutants import Mutant, mutants
from tests.betsy.suite import Case, cases, outcomes
from tests.sources import SUITES

DIALECT = "camunda7"
BLIND = {
    (row["case"], row["site"]): row["reason"]
    for row in map(json.loads, (Path(__file__).parent / "blind.jsonl").read_text("utf-8").splitlines())
}


def changed() -> Iterator[tuple[Case, Mutant]]:
    """Every passing case with every mutant of its model."""
    known = outcomes()
    for case in cases():
        if known[DIALECT, case.id]["result"] == "pass":
            yield from ((case, mutant) for mutant in mutants(case.model))


CHANGED = list(changed())
pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not CHANGED, reason=f"the public suites are not beside the repository ({SUITES})"),
]


@pytest.mark.parametrize(("case", "mutant"), CHANGED, ids=lambda item: item.id if isinstance(item, Case) else item.site)
@pytest.mark.sqlite_only
def test_a_case_fails_without_its_event_unless_it_is_blind_by_nature(
    case: Case, mutant: Mutant, database_url: str
) -> None:
    result, _ = player.result(database_url, case, DIALECTS[DIALECT](mutant.model), forget=False)

    assert (result == "pass") == ((case.id, mutant.site) in BLIND)


def test_the_list_of_blind_cases_is_short_and_names_only_what_there_is() -> None:
    assert set(BLIND) <= {(case.id, mutant.site) for case, mutant in CHANGED}
    assert len(CHANGED) > 80
    assert len(BLIND) <= 11
    assert all(BLIND.values())


def test_every_event_that_can_be_thrown_or_awaited_is_silenced_somewhere() -> None:
    silenced = " ".join(mutant.site for _, mutant in CHANGED)

    for word in ("message", "signal", "error", "escalation", "compensate", "cancel", "terminate", "link"):
        assert f"{word}EventDefinition" in silenced
    assert "put off" in silenced
    assert "never true" in silenced
