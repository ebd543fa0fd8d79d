"""Which diagrams are refused, and why."""

from __future__ import annotations

from engine.parsing.camunda8 import Reading
from engine.parsing.records import ProcessModel


def check(process: ProcessModel, reading: Reading) -> None:
    """Report every rule that a process breaks."""
