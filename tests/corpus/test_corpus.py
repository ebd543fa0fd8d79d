"""Every model of the corpus deploys, or is refused for reasons that a person judged right; any difference fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpus.models import CORPUS, RIGHT, judged, models, name, refusals
from tests.engine.lab import Lab

MODELS = models()
pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not MODELS, reason=f"the corpus is not beside the repository ({CORPUS})"),
]


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    yield laboratory
    laboratory.database.close()


@pytest.mark.parametrize("model", MODELS, ids=name)
@pytest.mark.sqlite_only
def test_a_model_deploys_or_is_refused_as_it_was_judged(lab: Lab, model: Path) -> None:
    expected = {row["rule"]: row["elements"] for row in judged()[name(model)] if "rule" in row}

    assert refusals(lab, model) == expected


def test_every_model_was_judged_and_every_judgement_has_a_model() -> None:
    assert sorted(judged()) == sorted(map(name, MODELS))


def test_every_refusal_was_judged_right_with_a_reason() -> None:
    rows = [row for rows in judged().values() for row in rows if "rule" in row]

    assert [row for row in rows if row["verdict"] != RIGHT] == []
    assert all(row["reason"] for row in rows)


def test_what_a_model_of_camunda_8_or_7_may_say_deploys() -> None:
    deployed = [model for model, rows in judged().items() if all("rule" not in row for row in rows)]

    assert len(deployed) >= 50
