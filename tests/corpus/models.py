"""The corpus: models of public bodies and of others, each deployed to our engine, and what a person said of each refusal."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from engine.errors import DeploymentRefused
from engine.model import Resource
from tests.engine.lab import Lab
from tests.sources import SUITES

CORPUS = SUITES / "corpus"
JUDGED = Path(__file__).parent / "judged.jsonl"
RIGHT = "right"


def models() -> list[Path]:
    return sorted(CORPUS.rglob("*.bpmn"))


def refusals(lab: Lab, model: Path) -> dict[str, list[str]]:
    """By rule the elements at which a model is refused; empty where it deploys."""
    try:
        lab.deploy(Resource(model.name, model.read_bytes()))
    except DeploymentRefused as refused:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for problem in refused.problems:
            found[problem.rule].add(problem.element_id or "")
        return {rule: sorted(elements) for rule, elements in sorted(found.items())}
    return {}


def name(model: Path) -> str:
    return str(model.relative_to(CORPUS))


def judged() -> dict[str, list[dict[str, object]]]:
    """The committed rows by model: `rule`, its `elements`, the person's `verdict` and why; a deployed model has one row."""
    found: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
    for line in JUDGED.read_text("utf-8").splitlines():
        row = json.loads(line)
        found[row["model"]].append(row)
    return found
