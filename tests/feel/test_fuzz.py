"""A little fuzzing: three ends and no other. `python -m tests.feel.fuzz` runs as long as one likes."""

import os
from random import Random

import pytest

from engine.feel import Evaluation, FeelLimitError
from tests.feel import fuzz


@pytest.mark.parametrize("seed", [1, 2])
def test_every_input_ends_in_a_value_a_refusal_or_a_limit(seed: int) -> None:
    outcome = fuzz.run(count=int(os.environ.get("YIMEN_EXAMPLES", "3000")), seed=seed)

    assert outcome.faults == []
    assert set(outcome.ends) == {"value", "null", "refused", "limit"}


@pytest.mark.parametrize("fault", [ValueError("a fault"), RecursionError("too deep")])
def test_any_other_end_is_a_fault(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(source: str, random: Random) -> Evaluation:
        raise fault

    monkeypatch.setattr(fuzz, "as_expression", broken)

    assert len(fuzz.run(count=20).faults) > 5


def test_work_that_takes_a_second_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "SLOWEST_ALLOWED", 0.0)

    assert len(fuzz.run(count=5).faults) == 5


def test_the_makers_reach_the_limits() -> None:
    with pytest.raises(FeelLimitError):
        fuzz.as_expression("for i in many, j in many return i", Random(1))
