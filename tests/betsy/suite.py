"""Cases of the betsy suite (uniba-dsg, LGPL-3.0) where it lies beside the repository, and where its files are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sources import SUITES

MODELS = SUITES / "betsy" / "models"
INVALID = MODELS / "bpmn_constraints"
OPTIONAL = frozenset(
    {
        "Token_Cardinality_Explicit",
        "Token_Cardinality_Default",
        "Token_Cardinality_Split_Default",
        "Token_Cardinality_Split_Explicit",
        "Token_StartQuantity_Two",
        "ParallelGateway_TrueParallelism",
        "CallActivity_GlobalTask",
        "ComplexGateway",
        "WCP06_MultiChoice_ComplexGateway",
        "WCP09_Structured_Discriminator_ComplexGateway",
    }
)
"""Models of what hardly any engine supports: such a case passes, or its model is refused at deployment."""


ERRATA = {
    "AdHocSubProcess_Parallel": ("SCRIPT_task1", "SCRIPT_task1", "SCRIPT_task2"),
    "AdHocSubProcess_Sequential": ("SCRIPT_task1", "SCRIPT_task1", "SCRIPT_task2"),
}
"""Traces of the suite that its own model contradicts: the script behind the ad-hoc sub-process of these two says task 1 where
the trace says task 3. `cfpatterns/WCP17_InterleavedParallelRouting` has the same shape and the right word."""


PATIENCE = {"Terminate_Event": 10.0, "WCP20_CancelCaseTerminate": 10.0}
"""Seconds to wait longer than the suite does: these two expect that nothing happens, and what must not happen has a timer."""


@dataclass(frozen=True, slots=True)
class Case:
    """One trace case: `expected` is compared as a sorted list; `delay` are seconds of clock to let pass."""

    group: str
    name: str
    number: int
    expected: tuple[str, ...]
    test: str | None
    integer: int
    delay: float
    parallel: bool

    @property
    def id(self) -> str:
        return f"{self.group}/{self.name}/{self.number}"

    @property
    def model(self) -> bytes:
        return (MODELS / self.group / f"{self.name}.bpmn").read_bytes()

    @property
    def variables(self) -> Mapping[str, Any]:
        given: dict[str, Any] = {"integerVariable": self.integer, "testCaseNumber": self.number}
        return given if self.test is None else given | {"test": self.test}


def cases() -> list[Case]:
    """Every trace case, in the order of the suite; none where the suite is not there."""
    file = SUITES / "betsy" / "expectations.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []
    return [
        Case(
            row["group"], row["name"], row["case"], tuple(sorted(ERRATA.get(row["name"], row["trace"]))), row["test"],
            row["int"] or 0, PATIENCE.get(row["name"], float(row["delay"])), bool(row["parallel"]),
        )
        for row in rows
        if not row["group"].startswith("bpmn_constraints")
    ]  # fmt: skip


OUTCOMES = Path(__file__).parent / "outcomes.jsonl"


def outcomes() -> dict[tuple[str, str], dict[str, str]]:
    """What we committed to, by dialect and case id: `result` is pass, refused or different, `reason` why it is not pass."""
    rows = [json.loads(line) for line in OUTCOMES.read_text("utf-8").splitlines()]
    return {(row["dialect"], row["case"]): row for row in rows}
