"""Decision models: what a DMN file becomes when it is deployed, and how its decisions are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from engine.decisions.boxed import Logic
from engine.decisions.columns import TableSource
from engine.decisions.records import Place
from engine.decisions.session import Declared, Input, LocatedWarning, Notes, Session, Step, Variables
from engine.decisions.types import from_variable, hold_to
from engine.feel import MISSING, OFFICE_ZONE, FeelLimitError, Function, Limits, Run, Value, make_function

# A decision is many expressions, a table many cells.
DECISION_LIMITS = Limits(steps=1_000_000, seconds=1.0)


class DecisionResult:
    """What a decision gave: the value, one step per decision worked out on the way (the asked one last), warnings."""

    __slots__ = ("_steps", "_trace", "value", "warnings")

    def __init__(self, value: Value, steps: list[Callable[[], Step]], warnings: tuple[LocatedWarning, ...]) -> None:
        self.value = value
        self.warnings = warnings
        self._steps = steps
        self._trace: tuple[Step, ...] | None = None

    @property
    def trace(self) -> tuple[Step, ...]:
        """Written when it is asked for: whoever wants the value alone need not wait for it."""
        if self._trace is None:
            self._trace = tuple(write() for write in self._steps)
        return self._trace


@dataclass(frozen=True, slots=True)
class InputNode:
    """Input data: a variable of the case under its name."""

    id: str
    name: str
    declared: Declared

    def read(self, session: Session) -> Value:
        """The value given, as its type wants it; MISSING if none was given."""
        given = session.context.get(self.name, MISSING)
        if given is MISSING:
            return MISSING
        value = from_variable(session, given, self.declared, self.name)
        session.locate(Place(self.id, None))
        return value


@dataclass(frozen=True, slots=True)
class FunctionNode:
    """A business knowledge model: logic that becomes a function where it is required."""

    id: str
    name: str
    parameters: tuple[str, ...]
    parameter_types: tuple[Declared, ...]
    declared: Declared
    logic: Logic
    requires: tuple[str, ...]
    imported: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ServiceNode:
    """A decision service: decisions offered as a function of input data and input decisions, in this order."""

    id: str
    name: str
    outputs: tuple[str, ...]
    input_data: tuple[str, ...]
    input_decisions: tuple[str, ...]
    declared: Declared


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a model.

    `variable` is the name others know its value by, beside its `aliases`; `names` are the variables of the case that it, or a decision it
    requires, may read; `requires` are ids of other elements of the model; `imported` tells under which name it knows the
    file of those that are imported.
    """

    id: str
    name: str
    variable: str
    aliases: tuple[str, ...]
    declared: Declared
    logic: Logic
    requires: tuple[str, ...]
    reads: frozenset[str]
    model: DecisionModel = field(repr=False, compare=False)
    imported: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def names(self) -> frozenset[str]:
        """The variables that an evaluation may read, so that a caller need load no others."""
        found: set[str] = set()
        pending, seen = [self.id], {self.id}
        while pending:
            node = self.model.nodes[pending.pop()]
            found |= node.reads if isinstance(node, Decision) else set()
            found |= {node.name} if isinstance(node, InputNode) else set()
            below = set(self.model.below(node)) - seen
            seen |= below
            pending.extend(below)
        return frozenset(found)

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime,
        zone: ZoneInfo = OFFICE_ZONE,
        environment: object = None,
        limits: Limits = DECISION_LIMITS,
    ) -> DecisionResult:
        """Work out this decision, after the decisions it requires, over the variables of `context`.

        Raises ModelError where rules of a table contradict each other, FeelLimitError at a limit.
        """
        session = Session(Run(now, zone, environment, limits), context)
        try:
            value = self.model.decide(session, self)
        except RecursionError:
            raise FeelLimitError("决策嵌套过深", "the decision nests too deeply") from None
        return DecisionResult(value, session.steps, tuple(session.warnings))


Node = InputNode | FunctionNode | ServiceNode | Decision


@dataclass(frozen=True, slots=True, eq=False)
class DecisionModel:
    """A decision requirements graph; `requirements_id` is the id of the file's `definitions`.

    `nodes` holds what is imported too, under ids that begin with its namespace; `imports` are the namespaces of all files
    needed, those that the imported ones import among them.
    """

    requirements_id: str
    name: str
    namespace: str
    decisions: dict[str, Decision] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict, repr=False)
    imports: set[str] = field(default_factory=set)
    tables: list[TableSource] = field(default_factory=list, repr=False)
    """Its own decision tables as they were read, for their analysis."""

    def below(self, node: Node) -> tuple[str, ...]:
        """Ids of what a node requires directly."""
        match node:
            case Decision() | FunctionNode():
                return tuple(each for each in node.requires if each in self.nodes)
            case ServiceNode():
                return tuple(each for each in node.outputs if each in self.nodes)
            case InputNode():
                return ()

    def decide(self, session: Session, decision: Decision) -> Value:
        """The value of a decision, worked out once per session."""
        if decision.id in session.values:
            return session.values[decision.id]
        own = self._required(session, decision) if decision.requires else {}
        outer_notes, session.notes = session.notes, Notes()
        session.run.enter_call()
        try:
            value = decision.logic(session, Variables(own, session.context) if own else session.context)
            value = hold_to(session, value, decision.declared, decision.name or decision.id)
            if isinstance(value, (list, dict)):
                session.run.weigh(value)
            if session.run.warnings:
                session.locate(Place(decision.id, None))
            session.steps.append(partial(self._step, decision, session.notes, own, value))
        finally:
            session.run.leave_call()
            session.notes = outer_notes
        session.values[decision.id] = value
        return value

    def _step(self, decision: Decision, notes: Notes, own: dict[str, Value], value: Value) -> Step:
        required = (self.nodes[each] for each in self.below(decision))
        aliases = {alias for each in required if isinstance(each, Decision) for alias in each.aliases}
        told = [table.told(values, hits) for table, values, hits in notes.looked]
        inputs = tuple(each for inputs, _ in told for each in inputs) or tuple(
            Input(name, name, each) for name, each in _told(own, set(decision.imported.values())) if name not in aliases
        )
        rules = tuple(each for _, rules in told for each in rules)
        return Step(decision.id, decision.name, inputs, rules, value, notes.hit_policy)

    def _required(self, session: Session, node: Decision | FunctionNode) -> dict[str, Any]:
        own: dict[str, Any] = {}
        for identifier in self.below(node):
            space = node.imported.get(identifier)
            seen = own.setdefault(space, {}) if space else own
            required = self.nodes[identifier]
            match required:
                case InputNode():
                    value = required.read(session)
                    if value is not MISSING:
                        seen[required.name] = value
                case Decision():
                    seen[required.variable] = value = self.decide(session, required)
                    for alias in required.aliases:
                        seen.setdefault(alias, value)
                case FunctionNode():
                    seen[required.name] = self.function(session, required)
                case ServiceNode():
                    seen[required.name] = self.service(session, required)
        return own

    def function(self, session: Session, node: FunctionNode) -> Function:
        """A business knowledge model as a function value; it sees its parameters and the knowledge it requires."""

        def call(arguments: list[Value]) -> Value:
            own = self._required(session, node)
            own.update(zip(node.parameters, arguments, strict=True))
            value = node.logic(session, Variables(own, {}))
            return hold_to(session, value, node.declared, node.name)

        types = tuple(each.type for each in node.parameter_types)
        return make_function(session.run, node.parameters, types, call)

    def service(self, session: Session, node: ServiceNode) -> Function:
        """A decision service as a function value."""
        parameters = self.parameters(node)
        types = tuple(self._declared(each).type for each in (*node.input_data, *node.input_decisions))

        def call(arguments: list[Value]) -> Value:
            return self.call_service(session, node, dict(zip(parameters, arguments, strict=True)))

        return make_function(session.run, parameters, types, call)

    def parameters(self, node: ServiceNode) -> tuple[str, ...]:
        """Names of the parameters of a decision service: input data, then input decisions."""
        data = tuple(self.nodes[each].name for each in node.input_data)
        decided = (self.nodes[each] for each in node.input_decisions)
        return (*data, *(each.variable if isinstance(each, Decision) else each.name for each in decided))

    def _declared(self, identifier: str) -> Declared:
        node = self.nodes[identifier]
        return node.declared

    def call_service(self, session: Session, node: ServiceNode, given: Mapping[str, Value]) -> Value:
        """Work out the output decisions with nothing but `given`: one value, or a context of several."""
        decided: dict[str, Value] = {}
        for identifier in node.input_decisions:
            required = self.nodes[identifier]
            name = required.variable if isinstance(required, Decision) else required.name
            decided[identifier] = hold_to(session, given.get(name), required.declared, name)
        inner = session.within(given, decided)
        outputs: dict[str, Value] = {}
        for identifier in node.outputs:
            output = self.nodes[identifier]
            if isinstance(output, Decision):
                outputs[output.variable] = self.decide(inner, output)
        value = next(iter(outputs.values()), None) if len(node.outputs) == 1 else outputs
        return hold_to(session, value, node.declared, node.name)


def _told(own: Mapping[str, Any], spaces: set[str]) -> Iterator[tuple[str, Value]]:
    """What a decision was given, without functions; what is imported under its whole name."""
    for name, value in own.items():
        if name in spaces:
            yield from ((f"{name}.{inner}", each) for inner, each in value.items() if not isinstance(each, Function))
        elif not isinstance(value, Function):
            yield name, value
