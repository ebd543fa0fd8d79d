"""One process before the rules: short questions about its graph, and the way to report an element or a flow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from engine.errors import Problem
from engine.parsing.records import Element, ElementKind, Flow, ProcessModel
from engine.parsing.report import ERROR, WARNING, Report


class Judgement:
    """What a rule sees: the process, and where to say what is wrong with it."""

    def __init__(self, process: ProcessModel, report: Report) -> None:
        self.process = process
        self._report = report
        self._children: defaultdict[str, list[Element]] = defaultdict(list)
        self._boundaries: defaultdict[str, list[Element]] = defaultdict(list)
        for element in process.elements.values():
            self._children[element.scope].append(element)
            if element.attached_to is not None:
                self._boundaries[element.attached_to].append(element)
        self._refused = {problem.element_id for problem in report.problems if problem.rule == "unsupported-element"}

    def refuse(self, rule: str, place: Element | Flow | ProcessModel, zh: str, en: str) -> None:
        """A reason against the file, at an element, a flow or the process."""
        self._add(rule, place, zh, en, ERROR)

    def warn(self, rule: str, place: Element | Flow | ProcessModel, zh: str, en: str) -> None:
        """Something to look at that does not stop the deployment."""
        self._add(rule, place, zh, en, WARNING)

    def of(self, kinds: Collection[ElementKind]) -> list[Element]:
        """The elements of some kinds at every depth, in document order."""
        return [element for element in self.process.elements.values() if element.kind in kinds]

    def children(self, scope: str) -> list[Element]:
        """The elements directly inside a scope. Kept in an index: a file may have tens of thousands."""
        return self._children[scope]

    def boundary_events(self, element_id: str) -> list[Element]:
        """The boundary events attached to an activity."""
        return self._boundaries[element_id]

    def outgoing(self, element: Element) -> list[Flow]:
        """The element's outgoing flows, in document order."""
        return [self.process.flows[flow] for flow in element.outgoing]

    def connections(self) -> Iterator[tuple[Flow, Element, Element]]:
        """Every flow with its ends. A flow at an element that was refused by name is left out: that is enough said."""
        elements = self.process.elements
        for flow in self.process.flows.values():
            if flow.source in elements and flow.target in elements:
                yield flow, elements[flow.source], elements[flow.target]

    def is_refused(self, element: Element) -> bool:
        """Whether something of the element was refused by name, so that what is missing may be just that."""
        return element.id in self._refused

    def _add(self, rule: str, place: Element | Flow | ProcessModel, zh: str, en: str, severity: str) -> None:
        self._report.add(
            Problem(
                rule=rule,
                zh=zh,
                en=en,
                file=self._report.file,
                element_id=place.id,
                element_name=place.name or None,
                line=place.line or None,
                severity=severity,
            )
        )
