"""The walks find faults that are put into the engine on purpose (reliability page, section 3, a4).

All of them with `YIMEN_TEST_RANDOM=nightly` or `YIMEN_TEST_RANDOM_FAULTS=all`; with `ci` those that are found soon, and some of
these otherwise, others for another first seed.
"""

import os
from pathlib import Path

import pytest

from tests.random import report
from tests.random.faults import FAULTS, QUICK, Fault
from tests.random.lots import Found, Lots, look_for_fault
from tests.random.runner import Size

SIZE = Size.wanted()
RUN = os.environ.get("YIMEN_TEST_RANDOM", "small")
WANTED = {"nightly": FAULTS, "ci": QUICK}.get(RUN, QUICK[SIZE.seed % 5 :: 5])
if os.environ.get("YIMEN_TEST_RANDOM_FAULTS") == "all":
    WANTED = FAULTS


@pytest.mark.parametrize("plant", WANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(
    lots: Lots, sqlite_template: Path, request: pytest.FixtureRequest, plant: Fault
) -> None:
    chosen = [item.callspec.params["plant"] for item in request.session.items if _is_one_of_these(item)]
    lots.hand_out(look_for_fault, [(sqlite_template, fault.__name__, SIZE.seed) for fault in chosen])

    found: Found = lots.result(look_for_fault, sqlite_template, plant.__name__, SIZE.seed)

    assert found.without is None, "the same walks find something in the engine as it is"
    assert found.how is not None, f"{plant.__name__} was not found in {found.walk} walks"
    report.found(plant.__name__, found.walk, found.how.splitlines()[0])


def _is_one_of_these(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and item.originalname == "test_a_planted_fault_is_found"


def test_there_are_enough_faults_of_different_names() -> None:
    assert len({plant.__name__ for plant in FAULTS}) == len(FAULTS) >= 25
