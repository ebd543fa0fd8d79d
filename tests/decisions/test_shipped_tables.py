"""The analysis of the tables that come with the product says nothing but what somebody has judged."""

from pathlib import Path

from casework.law import calendar
from engine.decisions import analyse, parse_decisions
from tests.sources import ROOT

JUDGED = Path(__file__).with_name("judged_faults.txt")


def test_every_fault_of_a_shipped_table_is_judged_and_every_judged_one_is_there() -> None:
    judged = [line for line in JUDGED.read_text("utf-8").splitlines() if line and not line.startswith("#")]

    found = []
    for file in sorted((ROOT / "processes").rglob("*.dmn")):
        model = parse_decisions(file.read_bytes(), functions=calendar.FUNCTIONS, file=file.name)
        found += [f"{file.name} {each.rule} {each.zh}" for each in analyse(model.tables).problems]

    assert sorted(found) == sorted(judged)
