"""Files damaged at random are read or refused, and what was read is evaluated: no other end (reliability, e3).

YIMEN_EXAMPLES sets how many damaged files are tried.
"""

import os
import re
from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decisions import DecisionRefused, parse_decisions
from engine.errors import ModelError
from engine.feel import FeelLimitError, to_json
from tests.decisions.models import NOW
from tests.sources import ROOT

FILES = [
    path.read_text("utf-8")
    for path in sorted((ROOT / "processes" / "policy").glob("*.dmn"))
    if path.stat().st_size < 100_000
]
TAGS = [
    "decision",
    "rule",
    "input",
    "output",
    "inputEntry",
    "outputEntry",
    "text",
    "variable",
    "literalExpression",
    "context",
    "contextEntry",
    "invocation",
    "binding",
    "relation",
    "list",
    "for",
    "filter",
    "decisionService",
    "informationRequirement",
    "requiredDecision",
    "itemDefinition",
]
VARIABLES = {"jurisdiction": "JA", "amount": 5, "policy": {}, "aidKind": None, "size": [], "line": "x"}


def _drop_attribute(text: str, random: Random) -> str:
    found = random.choice(list(re.finditer(r' [\w:]+="[^"]*"', text)) or [re.compile("").match(text)])
    assert found is not None
    return text[: found.start()] + text[found.end() :]


def _swap(pattern: str) -> Callable[[str, Random], str]:
    def swap(text: str, random: Random) -> str:
        found = list(re.finditer(pattern, text))
        if not found:
            return text
        place, other = random.choice(found), random.choice(found)
        return text[: place.start()] + other.group() + text[place.end() :]

    return swap


def _rename(text: str, random: Random) -> str:
    return re.sub(rf"(</?){random.choice(TAGS)}\b", rf"\g<1>{random.choice(TAGS)}", text)


def _scratch(text: str, random: Random) -> str:
    place = random.randrange(len(text))
    return text[:place] + random.choice(["<", ">", '"', "&lt;", "(", ")", "x", "，", ""]) + text[place + 1 :]


DAMAGES: Sequence[Callable[[str, Random], str]] = (
    _drop_attribute,
    _swap(r'="[^"]*"'),
    _swap(r"<text>[^<]*</text>"),
    _rename,
    _scratch,
)


@settings(
    max_examples=int(os.environ.get("YIMEN_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.sampled_from(FILES), st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=4), st.integers(0, 2**32))
def test_a_damaged_file_is_read_or_refused(text: str, damages: list[Callable[[str, Random], str]], seed: int) -> None:
    random = Random(seed)
    for damage in damages:
        text = damage(text, random)

    try:
        model = parse_decisions(text.encode())
    except DecisionRefused:
        return

    for decision in model.decisions.values():
        try:
            result = decision.evaluate(VARIABLES, now=NOW)
        except (ModelError, FeelLimitError):
            continue
        assert [step.to_json()["id"] for step in result.trace][-1] == decision.id
        to_json(result.value)


def test_there_are_files_to_damage() -> None:
    assert FILES


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_"))
def test_every_damage_changes_a_file(damage: Callable[[str, Random], str]) -> None:
    assert any(damage(FILES[0], Random(seed)) != FILES[0] for seed in range(20))
