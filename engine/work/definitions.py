"""What a step asks of the unit of work (`engine.runtime.step.Surroundings`): stored rows, definitions, decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from engine.decisions import Decision, DecisionResult
from engine.decisions.records import HitPolicy
from engine.errors import InvalidInput, ModelError, Unknown
from engine.feel import FeelLimitError, to_json
from engine.model import DecisionOutcome, Json, ProcessDefinition, Variables
from engine.parsing.records import Binding, CalledDecision, CalledElement, Element
from engine.persistence import definitions as definition_rows
from engine.persistence import instances, waits
from engine.runtime.graph import Graph
from engine.work.unit import Unit

if TYPE_CHECKING:
    from engine.work import Work

_SEVERAL = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})


class DefinitionReads(Unit):
    """Which version is meant, and what it says."""

    def fetch(self, instance_id: int) -> Callable[[Iterable[str] | None, Iterable[int] | None], Any]:
        return instances.fetcher(self.connection, self.region, instance_id)

    def mark(self) -> int | None:
        """How many deployments this transaction sees, read once; None when it deployed something itself."""
        if self._mark is None and not self._has_deployed:
            self._mark = definition_rows.mark(self.connection)
        return self._mark

    def newest(self, kind: str, key: str) -> Any:
        """The row of the newest version of a thing; None where there is none."""
        return self._definitions.newest(self.connection, kind, key, self.mark())

    def version(self, kind: str, key: str, version: int) -> Any:
        """The row of a version; None where there is none."""
        return self._definitions.version(self.connection, kind, key, version, self.mark())

    def graph(self, definition_id: int) -> Graph:
        return self._definitions.graph(self.connection, definition_id)

    def find_process(self, graph: Graph, called: CalledElement, process_id: str, version: int | None) -> int | None:
        row = self._bound("process", process_id, called.binding, called.version_tag, version, graph)
        return None if row is None else int(row.id)

    def _bound(self, kind: str, key: str, binding: Binding, tag: str | None, version: int | None, graph: Graph) -> Any:
        if binding is Binding.VERSION and version is not None:
            return self.version(kind, key, version)
        if binding is Binding.VERSION_TAG and tag is not None:
            return definition_rows.by_tag(self.connection, kind, key, tag)
        if binding is Binding.DEPLOYMENT:
            if kind == "process":
                caller = definition_rows.by_id(self.connection, graph.definition_id)
                beside = (
                    None
                    if caller is None
                    else definition_rows.in_deployment(self.connection, caller.deployment_id, kind, key)
                )
                return beside or self.newest(kind, key)
            if (pinned := graph.bindings.get(f"{kind}:{key}")) is not None:
                return definition_rows.by_id(self.connection, pinned)
        return self.newest(kind, key)

    def find_form(self, graph: Graph, element: Element, version: int | None) -> tuple[int | None, str | None]:
        task = element.user_task
        form = None if task is None else task.form
        if form is None or form.form_id is None:
            return None, None if form is None else form.external_reference
        row = self._bound("form", form.form_id, form.binding, form.version_tag, version, graph)
        if row is None:
            raise ModelError("FORM_NOT_FOUND", f"表单 {form.form_id} 没有部署", f"form {form.form_id} is not deployed")
        return int(row.id), None

    def decide(
        self, root_id: int, graph: Graph, called: CalledDecision, decision_id: str, version: int | None,
        context: Mapping[str, Json],
    ) -> DecisionOutcome:  # fmt: skip
        row = None
        if called.binding is Binding.LATEST:
            chosen = self._engine.choose_decision(cast("Work", self), decision_id, root_id)
            if chosen is not None:
                row = self.version("decision", decision_id, chosen)
        row = row or self._bound("decision", decision_id, called.binding, called.version_tag, version, graph)
        if row is None:
            raise ModelError(
                "CALLED_DECISION_ERROR", f"决策 {decision_id} 没有部署", f"decision {decision_id} is not deployed"
            )
        return self._evaluate_decision(row.id, context, root_id)

    def buffered(self, name: str, key: str, process_id: str) -> Variables | None:
        return waits.take_buffered(self.connection, self.region, name, key, process_id, self.now)

    def environment(self, root_id: int) -> object:
        return self._engine.environment(cast("Work", self), root_id)

    def definition(self, definition_id: int) -> ProcessDefinition:
        return self._definitions.process(self.connection, definition_id, self.mark)

    def evaluate(self, text: str, context: Mapping[str, Json], *, root_id: int | None = None) -> Json:
        """What a deployed expression (`=` FEEL, else a literal) gives; InvalidInput when a bound is reached."""
        value = self._definitions.expression(text)
        try:
            found = value.evaluate(context, now=self.now, zone=self._zone, environment=self.environment(root_id or 0))
        except FeelLimitError as error:
            raise InvalidInput(f"表达式超出限度:{error}", f"expression reached a limit: {error}") from error
        return to_json(found.value)

    def evaluate_decision(self, decision_id: str, version: int | None, context: Mapping[str, Json]) -> DecisionOutcome:
        """Evaluate a deployed decision (None: its newest version). Unknown when there is none."""
        if version is None:
            row = self.newest("decision", decision_id)
        else:
            row = self.version("decision", decision_id, version)
        if row is None:
            raise Unknown(f"决策 {decision_id} 没有部署", f"decision {decision_id} is not deployed")
        return self._evaluate_decision(row.id, context, 0)

    def _evaluate_decision(self, definition_id: int, context: Mapping[str, Json], root_id: int) -> DecisionOutcome:
        held = self._definitions.decision(self.connection, definition_id)
        try:
            result = held.decision.evaluate(
                context, now=self.now, zone=self._zone, environment=self.environment(root_id)
            )
        except FeelLimitError as error:
            raise ModelError(
                "DECISION_EVALUATION_ERROR", f"决策超出限度:{error}", f"decision reached a limit: {error}"
            ) from error
        return DecisionOutcome(to_json(result.value), held.decision_id, held.version,
                               [step.to_json() for step in result.trace], _rows(held.decision, result))  # fmt: skip


def _rows(decision: Decision, result: DecisionResult) -> list[Variables]:
    """The results of a decision, one for each rule that counts, with their outputs by name."""
    last, value = result.trace[-1], to_json(result.value)
    several = last.hit_policy in _SEVERAL and isinstance(value, list)
    found: list[Any] = list(cast("list[Any]", value)) if several else [] if value is None else [value]
    names = list(last.rules[0].outputs) if last.rules else []
    if last.hit_policy is not None and len(names) != 1 and all(isinstance(row, dict) for row in found):
        return found
    return [{next(iter(names), decision.variable): row} for row in found]
