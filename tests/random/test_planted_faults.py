"""The walks find faults that are put into the engine on purpose (reliability page, section 3, a4).

All of them with `YIMEN_TEST_RANDOM=nightly`, every fifth with `ci`, fewer otherwise; another share for each first seed.
"""

import os

import pytest

from tests.random.faults import FAULTS, Fault
from tests.random.ground import Ground
from tests.random.runner import TOGETHER, Size, shards, structured, walks_until

WALKS = 2_000
SIZE = Size.wanted()
STEP = {"nightly": 1, "ci": 5}.get(os.environ.get("YIMEN_TEST_RANDOM", "small"), 11)
WANTED = FAULTS[SIZE.seed % STEP :: STEP]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("plant", WANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(fresh_sqlite: object, plant: Fault, record_property: object) -> None:
    walks = 0
    found = None
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        for seeds in shards(SIZE.seed, WALKS // 5):
            ground = Ground(fresh_sqlite())  # type: ignore[operator]
            try:
                found, walked = walks_until(ground, structured, seeds, 5)
            finally:
                ground.close()
            walks += walked
            if found is not None:
                break
    culprit = range(seeds.start + (walked - 1) // 5, seeds.start + (walked - 1) // 5 + 1)
    ground = Ground(fresh_sqlite())  # type: ignore[operator]
    try:
        without, _ = walks_until(ground, structured, culprit, 5)
    finally:
        ground.close()

    assert without is None, "the same walks find something in the engine as it is"
    assert found is not None, f"{plant.__name__} was not found in {walks} walks"
    record_property("walks", walks)  # type: ignore[operator]
    print(f"{plant.__name__}: found in walk {walks} ({found.splitlines()[0]})")


def test_there_are_enough_faults_of_different_names() -> None:
    assert len({plant.__name__ for plant in FAULTS}) == len(FAULTS) >= 25
    assert TOGETHER > 0
