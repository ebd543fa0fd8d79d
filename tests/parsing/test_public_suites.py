"""Models that we did not draw: each is read or refused by name, soon; invalid ones are refused unless we say why not."""

import time
from pathlib import Path

import pytest

from engine.parsing.bpmn import inspect_bpmn
from tests.sources import ROOT, SUITES

INVALID = SUITES / "betsy" / "models" / "bpmn_constraints"
pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not SUITES.is_dir(), reason=f"the public suites are not beside the repository ({SUITES})"),
]


def accepted_list() -> dict[str, str]:
    """Invalid models that we accept on purpose, with the reason: `name: reason` per line."""
    lines = (Path(__file__).parent / "accepted_constraints.txt").read_text("utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def models() -> list[Path]:
    return sorted((SUITES / "betsy").rglob("*.bpmn")) + sorted((SUITES / "corpus").rglob("*.bpmn"))


def test_every_model_is_read_or_refused_by_name_within_two_seconds() -> None:
    slow_or_silent = []
    for path in models():
        started = time.thread_time()
        inspection = inspect_bpmn(path.read_bytes(), file=path.name)
        named = inspection.collaboration is not None or any(p.rule and p.zh and p.en for p in inspection.problems)
        if time.thread_time() - started > 2 or not named:
            slow_or_silent.append(path.name)

    assert len(models()) > 500
    assert slow_or_silent == []


def test_every_problem_of_a_model_names_its_element_or_the_file() -> None:
    unplaced = [
        (path.name, problem.rule)
        for path in models()
        for problem in inspect_bpmn(path.read_bytes(), file=path.name).problems
        if problem.line is None
    ]

    assert unplaced == []


def test_invalid_models_are_refused_except_those_that_are_legal_for_us() -> None:
    accepted = {
        path.stem
        for path in INVALID.rglob("*.bpmn")
        if inspect_bpmn(path.read_bytes(), file=path.name).collaboration is not None
    }

    assert accepted == set(accepted_list())


def test_at_least_290_invalid_models_are_refused_each_by_a_rule_with_a_page_at_an_element() -> None:
    pages = {page.stem for page in (ROOT / "docs" / "rules").glob("*.md")}
    refused = []
    for path in INVALID.rglob("*.bpmn"):
        errors = [p for p in inspect_bpmn(path.read_bytes(), file=path.name).problems if p.severity == "error"]
        assert all(problem.element_id and problem.rule in pages for problem in errors), path.name
        refused += [path] if errors else []

    assert len(refused) >= 290


def test_each_accepted_invalid_model_has_a_reason() -> None:
    assert all(accepted_list().values())
