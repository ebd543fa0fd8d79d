"""Gathers what is wrong with one file, so that its author is told everything at once."""

from __future__ import annotations

from engine.errors import Problem
from engine.limits import PROBLEMS
from engine.xml import Node, line_of

# What has a place in the diagram: BPMN, DMN and the drawing; extensions have none of their own.
_PLACES = ("{http://www.omg.org/spec/", "{https://www.omg.org/spec/")
ERROR = "error"
WARNING = "warning"


class Report:
    """The problems of one file, each once. Reading goes on after a problem; the file is judged at the end.

    Beyond `engine.limits.PROBLEMS` they are counted and no longer kept.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._problems: dict[Problem, None] = {}
        self._more = 0

    def refuse(self, rule: str, node: Node, zh: str, en: str) -> None:
        """A reason against the file, at `node`; the problem names the nearest BPMN element that has an id."""
        self._add(rule, node, zh, en, ERROR)

    def warn(self, rule: str, node: Node, zh: str, en: str) -> None:
        """Something that a designer should look at and that does not stop the deployment."""
        self._add(rule, node, zh, en, WARNING)

    def add(self, problem: Problem) -> None:
        """Keep a problem that was found somewhere else than in the XML."""
        if len(self._problems) < PROBLEMS:
            self._problems[problem] = None
        elif problem not in self._problems:
            self._more += 1

    @property
    def is_full(self) -> bool:
        """Whether nothing more would be kept, so that looking on is wasted."""
        return self._more > 0

    def _add(self, rule: str, node: Node, zh: str, en: str, severity: str) -> None:
        owner: Node | None = node
        # An extension's own id (a header has one) is nobody's place in the diagram.
        while owner is not None and (owner.get("id") is None or not owner.tag.startswith(_PLACES)):
            owner = owner.getparent()
        self.add(
            Problem(
                rule=rule,
                zh=zh,
                en=en,
                file=self.file,
                element_id=owner.get("id") if owner is not None else None,
                element_name=(owner.get("name") or None) if owner is not None else None,
                line=line_of(node),
                severity=severity,
            )
        )

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order of the file."""
        kept = sorted(self._problems, key=lambda problem: problem.line or 0)
        if self._more:
            kept.append(
                Problem(
                    rule="more-problems",
                    zh=f"问题太多,只列出前 {PROBLEMS} 个。",
                    en=f"There are too many problems; the first {PROBLEMS} are listed.",
                    file=self.file,
                )
            )
        return tuple(kept)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == ERROR)
