"""Collects everything wrong with a DMN file, so that its author sees all of it at once."""

from __future__ import annotations

from engine.decisions.records import Place, Text
from engine.errors import DeploymentRefused, Problem
from engine.feel import FeelSyntaxError
from engine.limits import PROBLEMS


class DecisionRefused(DeploymentRefused):
    """A DMN file that is not deployed; `problems` tells every reason, with element and line."""

    code = "decision_refused"


class Report:
    """The problems found so far in one file, each once; beyond `engine.limits.PROBLEMS` they are no longer kept."""

    def __init__(self, file: str = "") -> None:
        self.problems: list[Problem] = []
        self._file = file

    def add(self, rule: str, place: Place, zh: str, en: str) -> None:
        """Note a problem; `rule` is the id of the check."""
        if len(self.problems) > PROBLEMS:
            return
        problem = Problem(rule=rule, zh=zh, en=en, file=self._file, element_id=place.element_id, line=place.line)
        if len(self.problems) == PROBLEMS:
            problem = Problem(
                rule="more-problems",
                zh=f"问题太多,只列出前 {PROBLEMS} 个。",
                en=f"There are too many problems; the first {PROBLEMS} are listed.",
                file=self._file,
            )
        if problem not in self.problems:
            self.problems.append(problem)

    def add_syntax(self, text: Text, error: FeelSyntaxError) -> None:
        """Note FEEL that cannot be read; the line is that of the element plus that inside the text."""
        line = None if text.place.line is None else text.place.line + error.line - 1
        self.add(
            "feel-syntax",
            Place(text.place.element_id, line),
            f"FEEL 表达式“{_short(text.source)}”第 {error.line} 行第 {error.column} 列:{error.message_zh}。",
            f"FEEL '{_short(text.source)}', line {error.line}, column {error.column}: {error.message_en}.",
        )


def _short(source: str) -> str:
    flat = " ".join(source.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
