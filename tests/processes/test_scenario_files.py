"""Scenario files name elements, posts, forms and ledgers that exist; running them is `test_scenarios.py`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.processes.files import DIAGRAMS, SCENARIOS, Node, fields_of, form_of, nodes_of
from tests.sources import ROOT

STEPS = {
    "start", "claim", "complete", "operate", "message", "advance_to", "advance", "ledger", "relation", "use", "refused", "expect",
}  # fmt: skip
EXPECTED = {
    "case", "open", "not_open", "clocks", "ledgers", "letters", "notices", "payments", "links", "notified", "variables", "ended", "archived",
}  # fmt: skip
NODES: dict[str, Node] = {node.id: node for diagram in DIAGRAMS for node in nodes_of(diagram)}
POSTS = {row["code"] for row in yaml.safe_load((ROOT / "processes/policy/posts.yaml").read_text("utf-8"))["posts"]}
LEDGERS = {
    row["code"] for row in yaml.safe_load((ROOT / "processes/policy/ledgers.yaml").read_text("utf-8"))["ledgers"]
}

files = pytest.mark.parametrize("file", SCENARIOS, ids=lambda path: path.name)


def _file(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return read


def _steps(file: Path) -> Iterator[tuple[str, Any]]:
    """All steps of a file, those of its parts included; what is refused counts as the step it is."""
    read = _file(file)
    for steps in [*read.get("parts", {}).values(), *(scenario["steps"] for scenario in read["scenarios"])]:
        for step in steps:
            ((kind, value),) = step.items()
            if kind == "refused":
                ((kind, value),) = [(name, inner) for name, inner in value.items() if name not in ("ground", "fields")]
            yield kind, value


def _start_form(file: Path) -> str:
    return next(
        node.form
        for node in NODES.values()
        if node.scope == _file(file)["process"] and node.kind == "startEvent" and node.form
    )


@files
def test_every_scenario_says_what_it_shows_where_and_when(file: Path) -> None:
    scenarios = _file(file)["scenarios"]

    assert all(scenario.keys() == {"name", "title", "clauses", "given", "steps"} for scenario in scenarios)
    assert all({"jurisdiction", "township", "village", "clock"} <= scenario["given"].keys() for scenario in scenarios)
    assert len({scenario["name"] for scenario in scenarios}) == len(scenarios)


@files
def test_every_step_is_of_a_kind_that_exists_and_every_part_is_there(file: Path) -> None:
    parts = _file(file).get("parts", {})

    assert {kind for kind, _ in _steps(file)} <= STEPS
    assert {value for kind, value in _steps(file) if kind == "use"} <= parts.keys()


@files
def test_every_form_value_is_a_field_of_the_form_of_its_step(file: Path) -> None:
    strange = []
    for kind, value in _steps(file):
        if kind not in ("start", "complete"):
            continue
        form = _start_form(file) if kind == "start" else NODES[value["task"]].form
        fields = fields_of(form_of(form or ""))
        keys = {field.get("key") or field.get("path") for field in fields}
        strange += [f"{value.get('task', 'start')}: {key}" for key in value["form"] if key not in keys]

    assert strange == []


@files
def test_whoever_acts_holds_a_post_that_the_step_is_offered_to(file: Path) -> None:
    wrong = []
    for kind, value in _steps(file):
        if kind != "complete" or value["as"].startswith("same:"):
            continue
        if value["as"] not in POSTS:  # a person by name: somebody who was appointed
            continue
        posts = NODES[value["task"]].posts or ""
        if not posts.startswith("=") and value["as"] not in posts.split(","):
            wrong.append(f"{value['task']}: {value['as']}")

    assert wrong == []


@files
def test_what_is_expected_exists(file: Path) -> None:
    for kind, value in _steps(file):
        if kind == "expect":
            assert value.keys() <= EXPECTED
            assert {task["task"] for task in value.get("open", [])} | set(value.get("not_open", [])) <= NODES.keys()
            assert {task["post"] for task in value.get("open", []) if "post" in task} <= POSTS
            assert value.get("ledgers", {}).keys() <= LEDGERS


def test_the_vectors_of_the_specification_are_all_there() -> None:
    named = {scenario["name"] for file in SCENARIOS for scenario in _file(file)["scenarios"]}

    assert {f"P04-T{number}" for number in (1, 2, 3, 4, 6, 7, 8, 9)} | {
        "P04-T5a",
        "P04-T5b",
        "P14-T4",
        "P14-T5",
    } <= named
