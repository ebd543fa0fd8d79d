"""The figures of the law for a case: editions of tables with a date, and the snapshot that a case keeps.

`value` reads the case's snapshot; there is no other way to a number. A snapshot is table D03 over all its parameters for the
case's jurisdiction and aid kind at one date, with row ids and clauses; taken when the case opens and again at acceptance. This
module holds no number itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from casework import deployed
from casework.act import Act
from casework.model.cases import CaseFile
from casework.model.law import PolicyEdition, PolicySnapshot, Unit
from casework.model.record import EVERYWHERE
from casework.persistence import rows
from engine.errors import InvalidInput
from engine.model import DecisionOutcome, Json

TABLE = "policy_parameters"
CATALOGUE = "parameters.yaml"
#: Parameters in hours and months are offered to FEEL as durations too, under the name without its unit.
_SUFFIXES = {Unit.HOURS: ("Hours", "PT{}H"), Unit.MONTHS: ("Months", "P{}M")}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of D03, as `parameters.yaml` lists it."""

    name: str
    row_id: str
    zh: str
    en: str
    unit: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter's value for a case: `unit` h, d, wd, m or what else it is; the row and clause it comes from."""

    value: Json
    unit: str
    row_id: str | None
    clause: str


def read_parameters(tree: Json) -> dict[str, Parameter]:
    """The catalogue of parameters by name."""
    return {
        str(row["parameter"]): Parameter(
            str(row["parameter"]), str(row["id"]), str(row["zh"]), str(row["en"]), str(row["unit"])
        )
        for row in deployed.rows(tree, "parameters")
    }


def parameters(act: Act) -> dict[str, Parameter]:
    """The catalogue as deployed."""
    return deployed.table(act, CATALOGUE, read_parameters)


def snapshot(act: Act, case: CaseFile, *, is_first: bool = False) -> PolicySnapshot:
    """Take the figures for a case as of today and keep them with it, after any it has already (`is_first`: it has none)."""
    version = edition(act, TABLE, act.today)
    year = act.today.year
    key = ("policy", act.region, case.aid_kind or "", str(year))
    kept = act.house.memory.get(key)
    figures: dict[str, Figure]
    if kept is None or version is None or kept[0] != version:
        figures, version = _evaluate(act, case.aid_kind, year, version)
        act.house.memory[key] = (version, figures)
    else:
        figures = kept[1]
    earlier = 0 if is_first else rows.greatest(act.connection, PolicySnapshot, act.region, "n", case_id=case.id) or 0
    return act.add(
        PolicySnapshot(
            region=act.region,
            id=act.new_id(),
            case_id=case.id,
            n=earlier + 1,
            at=act.now,
            jurisdiction=act.region,
            aid_kind=case.aid_kind,
            editions={TABLE: version},
            values={name: figure.value for name, figure in figures.items()},
            units={name: figure.unit for name, figure in figures.items()},
            row_ids={name: figure.row_id for name, figure in figures.items()},
            clauses={name: figure.clause for name, figure in figures.items()},
        )
    )


def figure(act: Act, case: CaseFile, parameter: str) -> Figure:
    """A parameter as the case's newest snapshot has it. InvalidInput where no table names the parameter."""
    taken = current(act, case)
    if parameter not in taken.values:
        raise InvalidInput(f"政策参数表中没有 {parameter}。", f"The policy table has no parameter {parameter}.")
    return Figure(
        value=taken.values[parameter], unit=taken.units[parameter], row_id=taken.row_ids[parameter],
        clause=taken.clauses[parameter] or "",
    )  # fmt: skip


def value(act: Act, case: CaseFile, parameter: str) -> Json:
    """The parameter's value in the case's snapshot; None where the table leaves it open."""
    return figure(act, case, parameter).value


def current(act: Act, case: CaseFile) -> PolicySnapshot:
    """The newest snapshot of a case."""
    taken = act.find_all(PolicySnapshot, case_id=case.id)
    if not taken:
        raise InvalidInput(f"案件 {case.case_no} 没有政策参数快照。", f"Case {case.case_no} has no policy snapshot.")
    return max(taken, key=lambda each: each.n)


def variable(taken: PolicySnapshot) -> Json:
    """What diagrams read as `policy`: values by parameter, durations without the unit's name, and whence they come."""
    offered: dict[str, Json] = {}
    for name, each in taken.values.items():
        if ":" in name:
            continue
        offered[name] = each
        for unit, (suffix, pattern) in _SUFFIXES.items():
            if taken.units[name] == unit and name.endswith(suffix) and isinstance(each, int | Decimal):
                offered[name.removesuffix(suffix)] = pattern.format(each)
    rows_used = {name: row for name, row in taken.row_ids.items() if row and ":" not in name}
    return {**offered, "rowIds": rows_used, "edition": taken.editions[TABLE], "takenOn": taken.at.isoformat()}


def edition(act: Act, decision_id: str, on: date) -> int | None:
    """The version of a table that is in force on a day; None where no edition was declared (then the newest counts)."""
    declared = act.reference(PolicyEdition, region=EVERYWHERE).find({"decision_id": decision_id}, 10_000)
    in_force = [each for each in declared if each.effective_from <= on]
    return max(in_force, key=lambda each: (each.effective_from, each.version)).version if in_force else None


def declare_editions(act: Act, versions: Mapping[str, int], effective_from: date | None = None) -> None:
    """Say from when newly deployed versions of tables are in force: from a date, else from today. Running cases keep theirs."""
    for decision_id, version in sorted(versions.items()):
        if act.find(PolicyEdition, decision_id=decision_id, version=version) is None:
            act.add(
                PolicyEdition(
                    region=EVERYWHERE,
                    id=act.new_id(),
                    decision_id=decision_id,
                    version=version,
                    effective_from=effective_from or act.today,
                    applies_to="new",
                )
            )


def _evaluate(act: Act, aid_kind: str | None, year: int, version: int | None) -> tuple[dict[str, Figure], int]:
    figures: dict[str, Figure] = {}
    used = version or 0
    for name, parameter in parameters(act).items():
        outcome = act.work.evaluate_decision(
            TABLE, version,
            {"jurisdiction": act.region, "aidKind": aid_kind, "parameter": name, "urban": None, "year": year, "noticeKind": None},
        )  # fmt: skip
        used = outcome.version
        found = outcome.value if isinstance(outcome.value, dict) else {}
        figures[name] = Figure(
            value=found.get("value"), unit=str(found.get("unit") or parameter.unit), row_id=row_of(outcome),
            clause=str(found.get("clause") or ""),
        )  # fmt: skip
    return figures, used


def row_of(outcome: DecisionOutcome) -> str | None:
    """The id of the table row that gave a decision's answer: the first that matched in the decision itself, from its trace."""
    own = [step for step in outcome.trace if step["id"] == outcome.decision_id]
    matched = own[-1]["rules"] if own else []
    return matched[0]["id"] if matched else None
