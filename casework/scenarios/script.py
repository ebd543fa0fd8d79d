"""A scenario file as records; whatever is misspelt in it is refused, so that no expectation passes unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework import deployed
from casework.deployed import BadTable
from engine.model import Json

_KEYS: Mapping[str, frozenset[str]] = {
    "file": frozenset({"process", "forms", "parts", "scenarios"}),
    "scenario": frozenset({"name", "title", "clauses", "given", "steps"}),
    "given": frozenset({"jurisdiction", "township", "village", "clock", "relations"}),
    "start": frozenset({"as", "form", "process", "case"}),
    "claim": frozenset({"task", "as", "item", "case"}),
    "complete": frozenset({"task", "as", "form", "item", "case"}),
    "operate": frozenset({"name", "as", "form", "case"}),
    "message": frozenset({"name", "key", "variables", "case"}),
    "ledger": frozenset({"add", "entry", "case"}),
    "relation": frozenset({"staff", "type", "declaredBy", "case", "household", "person"}),
    "refused": frozenset({"start", "claim", "complete", "operate", "ground", "fields"}),
    "expect": frozenset({
        "open", "not_open", "clocks", "ledgers", "letters", "notices", "payments", "links", "notified", "variables", "ended", "archived",
        "case",
    }),
    "open": frozenset({"task", "post", "item", "due", "dueOn"}),
    "clock": frozenset({"state", "dueAt", "dueOn", "count"}),
    "ledger line": frozenset({"open", "red"}),
    "notified": frozenset({"text", "post"}),
}  # fmt: skip
_SCALARS = frozenset({"advance_to", "advance", "use"})
_MAPS = frozenset({"start", "claim", "complete", "operate", "message", "ledger", "relation", "refused", "expect"})
GROUNDS = frozenset({"unknown", "fourEyes", "relation", "overtaken", "closed", "invalid"})


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: who, where and when it begins, and its steps, each (word, value)."""

    name: str
    title: str
    clauses: tuple[str, ...]
    jurisdiction: str
    township: str
    village: str
    clock: datetime
    relations: tuple[Mapping[str, Json], ...]
    steps: tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The scenarios of one file with the process that they start and the stretches that they share."""

    process: str
    scenarios: tuple[Scenario, ...]
    parts: Mapping[str, tuple[tuple[str, Json], ...]]


def read(content: bytes) -> ScenarioFile:
    """A scenario file. BadTable for a key that is not known, at any level: a misspelt expectation must not pass unseen."""
    tree = deployed.load(content)
    _only("file", tree, "file")
    parts = {str(name): _steps(steps, str(name)) for name, steps in (tree.get("parts") or {}).items()}
    scenarios = tuple(_scenario(row) for row in deployed.rows(tree, "scenarios"))
    names = [one.name for one in scenarios]
    if not names or len(set(names)) != len(names):
        raise BadTable("场景名称必须唯一,且至少一个。", "There must be scenarios, each with a name of its own.")
    found = ScenarioFile(deployed.text(tree, "process"), scenarios, parts)
    for one in scenarios:
        _check_uses(one.name, one.steps, found.parts)
    return found


def _scenario(row: Mapping[str, Json]) -> Scenario:
    _only("scenario", row, str(row.get("name")))
    given = row.get("given") or {}
    _only("given", given, f"{row.get('name')}.given")
    clock = datetime.fromisoformat(deployed.text(given, "clock"))
    if clock.tzinfo is None:
        raise BadTable(f"{row.get('name')}: 时刻须带时差。", f"{row.get('name')}: a moment needs its offset.")
    return Scenario(
        name=deployed.text(row, "name"), title=deployed.text(row, "title"), clauses=tuple(row.get("clauses") or ()),
        jurisdiction=deployed.text(given, "jurisdiction"), township=deployed.text(given, "township"),
        village=deployed.text(given, "village"), clock=clock, relations=tuple(given.get("relations") or ()),
        steps=_steps(row.get("steps"), str(row.get("name"))),
    )  # fmt: skip


def _steps(listed: Json, where: str) -> tuple[tuple[str, Json], ...]:
    if not isinstance(listed, list) or not listed:
        raise BadTable(f"{where}: 没有步骤。", f"{where}: there are no steps.")
    found = []
    for number, step in enumerate(listed, 1):
        place = f"{where}[{number}]"
        if not isinstance(step, dict) or len(step) != 1 or not set(step) <= _SCALARS | _MAPS:
            raise BadTable(f"{place}: 每一步只写一个词:{step}", f"{place}: a step has exactly one known word: {step}")
        ((word, value),) = step.items()
        if word in _MAPS:
            _check_step(word, value, place)
        found.append((word, value))
    return tuple(found)


def _check_step(word: str, value: Json, place: str) -> None:
    _only(word, value, place)
    if word == "refused":
        acts = [name for name in ("start", "claim", "complete", "operate") if name in value]
        if len(acts) != 1 or value.get("ground") not in GROUNDS:
            raise BadTable(f"{place}: refused 须有一个动作和已知的理由。", f"{place}: refused needs one act and a known ground.")
        _only(acts[0], value[acts[0]], place)
    if word == "expect":
        for name, inner in (("open", "open"), ("notified", "notified")):
            for row in value.get(name) or ():
                _only(inner, row, f"{place}.{name}")
        for name, inner in (("clocks", "clock"), ("ledgers", "ledger line")):
            for row in (value.get(name) or {}).values():
                _only(inner, row, f"{place}.{name}")


def _check_uses(where: str, steps: tuple[tuple[str, Json], ...], parts: Mapping[str, Any]) -> None:
    for word, value in steps:
        if word == "use" and value not in parts:
            raise BadTable(f"{where}: 没有片段 {value}。", f"{where}: there is no part {value}.")


def _only(kind: str, value: Json, where: str) -> None:
    if not isinstance(value, dict):
        raise BadTable(f"{where}: 应为键值表。", f"{where}: should be a map.")
    unknown = sorted(str(key) for key in value.keys() - _KEYS[kind])
    if unknown:
        raise BadTable(f"{where}: 不认识的键 {unknown}", f"{where}: unknown keys {unknown}")
