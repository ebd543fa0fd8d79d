"""The coverage page says what the tests say, and every row of it has evidence that exists."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from engine.parsing.camunda7_words import CAMUNDA_7_WORDS
from engine.parsing.camunda8_words import CAMUNDA_8_WORDS
from engine.parsing.elements import _KNOWN_BUT_REFUSED, BPMN_TAGS
from tests.coverage import page
from tests.coverage.activities import ACTIVITIES
from tests.coverage.matrix import Cell, cells
from tests.coverage.refused import REFUSED
from tests.coverage.rows import EVENT_TABLE, REFUSED_TAGS, SECTIONS, event_evidence
from tests.coverage.words import CAMUNDA_7, CAMUNDA_7_ATTRIBUTES, CAMUNDA_8, REFUSED_8
from tests.sources import ROOT

TESTS = ROOT / "tests"


def evidence() -> list[tuple[str, str, str]]:
    """Every piece of evidence: dialect, what it is for, the evidence as written."""
    found = [
        (dialect, row.en, getattr(row, dialect))
        for _, _, rows in SECTIONS
        for row in rows
        for dialect in ("camunda8", "camunda7")
    ]
    for trigger, place in EVENT_TABLE:
        for dialect in ("camunda8", "camunda7"):
            shown = event_evidence(dialect, trigger, place)
            if shown is not None:
                found.append((dialect, f"{trigger} {place}", shown))
    found += [("camunda8", word, shown) for word, shown in CAMUNDA_8.items()]
    found += [("camunda8", word, f"!{name}") for word, name in REFUSED_8.items()]
    return found + [
        ("camunda7", word, shown) for table in (CAMUNDA_7, CAMUNDA_7_ATTRIBUTES) for word, shown in table.items()
    ]


@cache
def functions(file: Path) -> frozenset[str]:
    return frozenset(
        node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    )


@cache
def passing() -> frozenset[tuple[str, str]]:
    rows = map(json.loads, (TESTS / "betsy" / "outcomes.jsonl").read_text("utf-8").splitlines())
    return frozenset((row["dialect"], row["case"]) for row in rows if row["result"] == "pass")


PARAMETERS = {
    "test_an_event_happens_when_it_should_and_leads_where_it_should": {
        cell.id for cell in cells() if cell.rule is None
    },
    "test_an_event_that_is_not_carried_out_is_refused_by_name": {cell.id for cell in cells() if cell.rule is not None},
    "test_an_activity_is_done_before_what_follows": {activity.name for activity in ACTIVITIES},
}


def exists(dialect: str, shown: str) -> bool:
    """Whether a piece of evidence is there: a passing case, a refusal, or a test with that parameter."""
    if shown.startswith("betsy:"):
        return (dialect, shown.removeprefix("betsy:")) in passing()
    if shown.startswith("!") and "@" not in shown:
        return shown[1:] in REFUSED and REFUSED[shown[1:]].dialect in (None, dialect)
    test = shown.partition("@")[2] if shown.startswith("!") else shown
    file, _, rest = test.partition("::")
    name, _, parameter = rest.partition("[")
    if not (TESTS / file).is_file() or name not in functions(TESTS / file):
        return False
    return not parameter or parameter.removesuffix("]").partition("-")[2] in PARAMETERS[name]


def test_the_page_is_what_the_tests_say() -> None:
    assert page.PAGE.read_text("utf-8") == page.page(), "stale: python -m tests.coverage"


@pytest.mark.parametrize(("dialect", "what", "shown"), evidence(), ids=lambda part: str(part)[:60])
def test_the_evidence_of_a_row_exists(dialect: str, what: str, shown: str) -> None:
    assert exists(dialect, shown)


def test_evidence_that_does_not_exist_is_found_out() -> None:
    assert not exists("camunda8", "betsy:gateways/Nowhere/1")
    assert not exists("camunda8", "engine/test_gateways.py::test_nothing_of_the_kind")
    assert not exists("camunda8", "!nothing of the kind")


def test_every_word_of_a_vocabulary_has_a_row_and_every_refused_row_is_none_of_it() -> None:
    attributes = {name for names in CAMUNDA_7_WORDS.attributes.values() for name in names}
    outside = {word for word, shown in CAMUNDA_7_ATTRIBUTES.items() if shown.startswith("!unsupported-attribute")}

    assert set(CAMUNDA_8) == set(CAMUNDA_8_WORDS.tags)
    assert set(CAMUNDA_7) == set(CAMUNDA_7_WORDS.tags)
    assert set(CAMUNDA_7_ATTRIBUTES) - outside == attributes
    assert not outside & attributes


@pytest.mark.parametrize(
    ("word", "shown"),
    [(word, shown) for table in (CAMUNDA_8, CAMUNDA_7, CAMUNDA_7_ATTRIBUTES) for word, shown in table.items()],
)
def test_the_file_of_a_words_test_speaks_of_the_word(word: str, shown: str) -> None:
    test = shown if not shown.startswith("!") else shown.partition("@")[2] or "coverage/refused.py"
    file = TESTS / test.partition("::")[0]
    texts = [file.read_text("utf-8"), *(helper.read_text("utf-8") for helper in HELPERS), *DIAGRAMS]

    assert any(re.search(rf"\b{word}\b", text) for text in texts)


HELPERS = [
    TESTS / "engine" / "diagrams.py",
    TESTS / "parsing" / "camunda7_files.py",
    TESTS / "coverage" / "activities.py",
    TESTS / "coverage" / "matrix.py",
]
DIAGRAMS = [file.read_text("utf-8") for file in (TESTS / "parsing" / "diagrams").glob("*.bpmn")]


def test_every_tag_that_bpmn_has_is_read_or_refused_by_name() -> None:
    assert set(_KNOWN_BUT_REFUSED) - set(REFUSED_TAGS) == {"script"}  # one dialect reads it
    assert not set(REFUSED_TAGS) & set(BPMN_TAGS)


def test_most_of_what_there_is_is_supported() -> None:
    shown = [shown for _, _, shown in evidence()]

    assert len(shown) > 250
    assert sum(not text.startswith("!") for text in shown) / len(shown) > 0.8
    assert {Cell("timer", "boundary").id} <= PARAMETERS[
        "test_an_event_happens_when_it_should_and_leads_where_it_should"
    ]
