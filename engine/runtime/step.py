"""One command over one tree of instances: what the live instances ask of each other and of the definitions.

A tree is a root instance with the instances that its call activities started. The step loads each when it is needed,
runs them until all wait, and leaves what changed for the unit of work to save.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from engine import limits
from engine.errors import ModelError
from engine.ids import new_id
from engine.model import DecisionOutcome, InstanceEnded, InstanceState, Json, SubscriptionOpened, TimerOpened, Variables
from engine.parsing.records import CalledDecision, CalledElement, Element
from engine.runtime import state
from engine.runtime.activities import CallActivity
from engine.runtime.execution import Execution
from engine.runtime.graph import Graph
from engine.runtime.token import Token
from engine.runtime.variables import Variables as VariableStore


@dataclass(slots=True)
class InstanceRow:
    """One process instance as it is stored; `version` counts its committed steps."""

    id: int
    region: str
    root_id: int
    parent_id: int | None
    parent_element_instance_id: int | None
    definition_id: int
    process_id: str
    business_key: str | None
    state: InstanceState
    version: int
    tokens: bytes
    started_at: datetime
    ended_at: datetime | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal on its way from an instance to others; leaves after commit."""

    instance_id: int
    kind: str
    name: str
    key: str | None
    variables: Variables


class Surroundings(Protocol):
    """What a step asks of the unit of work: stored rows and definitions."""

    def load(self, instance_id: int) -> InstanceRow: ...
    def fetch(self, instance_id: int) -> Callable[[Any, Any], Any]: ...
    def graph(self, definition_id: int) -> Graph: ...
    def find_process(self, graph: Graph, called: CalledElement, process_id: str, version: int | None) -> int | None: ...
    def find_form(self, graph: Graph, element: Element, version: int | None) -> tuple[int | None, str | None]: ...
    def decide(
        self, root_id: int, graph: Graph, called: CalledDecision, decision_id: str, version: int | None,
        context: Mapping[str, Json],
    ) -> DecisionOutcome: ...  # fmt: skip
    def buffered(self, name: str, key: str, process_id: str) -> Variables | None: ...
    def environment(self, root_id: int) -> object: ...

    @property
    def hops(self) -> int:
        """How many deliveries of thrown events led to this step."""


@dataclass(slots=True)
class Step:
    """The instances of one tree in memory while a command changes them."""

    surroundings: Surroundings
    root_id: int
    region: str
    now: datetime
    zone: ZoneInfo
    by: str
    executions: dict[int, Execution] = field(default_factory=dict)
    rows: dict[int, InstanceRow] = field(default_factory=dict)
    thrown: list[Thrown] = field(default_factory=list)
    ended: list[InstanceEnded] = field(default_factory=list)
    _environment: Any = None
    _has_environment: bool = False

    @property
    def environment(self) -> object:
        """What the layer above hands to its own FEEL functions (the working-day calendar of the case)."""
        if not self._has_environment:
            self._environment = self.surroundings.environment(self.root_id)
            self._has_environment = True
        return self._environment

    def execution(self, instance_id: int) -> Execution:
        """The instance with its tokens; loaded on first use."""
        if instance_id not in self.executions:
            row = self.surroundings.load(instance_id)
            execution = Execution(
                self.surroundings.graph(row.definition_id),
                self,
                instance_id,
                VariableStore(self.surroundings.fetch(instance_id)),
            )
            state.load(execution, row.tokens)
            execution.state = row.state
            self.executions[instance_id] = execution
            self.rows[instance_id] = row
        return self.executions[instance_id]

    def begin(
        self, definition_id: int, process_id: str, variables: Variables, *, instance_id: int,
        business_key: str | None = None, parent: tuple[int, int] | None = None, start: str | None = None,
        happened: Variables | None = None,
    ) -> Execution:  # fmt: skip
        """A new instance of a version; its first token is queued."""
        store = VariableStore(lambda _names, _scopes: ())
        store.need_all()
        execution = Execution(self.surroundings.graph(definition_id), self, instance_id, store)
        self.executions[instance_id] = execution
        self.rows[instance_id] = InstanceRow(
            id=instance_id, region=self.region, root_id=self.root_id, parent_id=parent[0] if parent else None,
            parent_element_instance_id=parent[1] if parent else None, definition_id=definition_id, process_id=process_id,
            business_key=business_key, state=InstanceState.ACTIVE, version=0, tokens=b"", started_at=self.now, is_new=True,
        )  # fmt: skip
        execution.begin(variables, start, happened)
        return execution

    def settle(self) -> None:
        """Run until every instance of the tree waits; hand buffered messages to subscriptions that have just opened."""
        moving = True
        while moving:
            moving = False
            for execution in list(self.executions.values()):
                if execution.state is InstanceState.SUSPENDED:
                    execution.keep_written()
                    continue
                if execution.ready or execution.has_late_joins or execution.graph.has_conditions:
                    moving = execution.run() or moving
            moving = self._take_buffered() or self._pass_due() or moving

    def _pass_due(self) -> bool:
        """A token that comes to a timer whose moment is reached goes on at once: nobody has to wait for what is due."""
        for execution in list(self.executions.values()):
            for wait in list(execution.opened.values()):
                if isinstance(wait, TimerOpened) and wait.due_at <= self.now and execution.cycles.get(wait.id) is None:
                    host = execution.token(wait.element_instance_id)
                    if host is not None and host.task_spec.element.id == wait.element_id == host.awaits(wait.id):
                        execution.trigger(host, wait.element_id, {}, keep=False)
                        return True
        return False

    def _take_buffered(self) -> bool:
        for execution in list(self.executions.values()):
            if execution.state is not InstanceState.ACTIVE:
                continue
            for wait in [*execution.opened.values(), *execution.resumed]:
                if isinstance(wait, SubscriptionOpened) and wait.kind == "message" and wait.key is not None:
                    variables = self.surroundings.buffered(wait.name, wait.key, execution.graph.model.id)
                    if variables is not None:
                        execution.resumed = [other for other in execution.resumed if other.id != wait.id]
                        host = next(token for token in execution.live() if wait.id in token.waits.values())
                        key = host.awaits(wait.id)
                        assert key is not None  # just found by it
                        execution.trigger(host, key, variables, keep=execution.stays(host, key))
                        return True
        return False

    # -- what executions ask ------------------------------------------------------------------------------------------

    def form(self, graph: Graph, element: Element, version: int | None) -> tuple[int | None, str | None]:
        return self.surroundings.find_form(graph, element, version)

    def throw(self, instance_id: int, kind: str, name: str, key: str | None, variables: Variables) -> None:
        if self.surroundings.hops >= limits.THROWN_HOPS:
            raise ModelError(
                "STEP_LIMIT",
                f"消息或信号已接连触发 {limits.THROWN_HOPS} 次,可能是互相触发的死循环",
                f"messages or signals have set off one another {limits.THROWN_HOPS} times; perhaps an endless loop",
            )
        self.thrown.append(Thrown(instance_id, kind, name, key, variables))

    def caller(self, execution: Execution) -> tuple[Execution, Token] | None:
        """The call activity that waits for this instance."""
        row = self.rows[execution.instance_id]
        if row.parent_id is None or row.parent_element_instance_id is None:
            return None
        parent = self.execution(row.parent_id)
        token = parent.token(row.parent_element_instance_id)
        return None if token is None else (parent, token)

    def call(
        self, caller: Execution, token: Token, called: CalledElement, process_id: str, variables: Variables, *,
        version: int | None = None, business_key: str | None = None,
    ) -> int:  # fmt: skip
        """Start the called process; its id. ModelError `CALLED_ELEMENT_ERROR` when there is none or calls nest too deep."""
        definition_id = self.surroundings.find_process(caller.graph, called, process_id, version)
        if definition_id is None:
            raise ModelError(
                "CALLED_ELEMENT_ERROR",
                f"被调用的流程 {process_id} 没有部署",
                f"the called process {process_id} is not deployed",
            )
        if self._depth(caller.instance_id) >= limits.CALL_LEVELS:
            raise ModelError(
                "CALLED_ELEMENT_ERROR",
                f"调用层数超过 {limits.CALL_LEVELS}",
                f"calls nest deeper than {limits.CALL_LEVELS}",
            )
        instance_id = new_id()
        self.begin(definition_id, process_id, variables, instance_id=instance_id, business_key=business_key,
                   parent=(caller.instance_id, token.id))  # fmt: skip
        return instance_id

    def _depth(self, instance_id: int) -> int:
        depth, row = 1, self.rows[instance_id]
        while row.parent_id is not None:
            self.execution(row.parent_id)
            row = self.rows[row.parent_id]
            depth += 1
        return depth

    def decide(
        self,
        execution: Execution,
        called: CalledDecision,
        decision_id: str,
        version: int | None,
        context: Mapping[str, Json],
    ) -> DecisionOutcome:
        return self.surroundings.decide(self.root_id, execution.graph, called, decision_id, version, context)

    def cancel(self, instance_id: int) -> None:
        """End a called instance because its caller went away."""
        execution = self.execution(instance_id)
        if execution.state in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
            execution.cancel()
            self._over(execution)

    def set_state(self, execution: Execution, state: InstanceState) -> None:
        """Suspend or resume an instance; what was written meanwhile is looked at again, and kept messages are handed over."""
        execution.state = self.rows[execution.instance_id].state = state
        execution.note_operation(execution.root_token, {"state": str(state)})
        if state is InstanceState.ACTIVE:
            execution.see_written()

    def cancelled(self, execution: Execution) -> None:
        """An operator took the last token away: the instance is over, and so is the call that waits for it."""
        self._over(execution)
        if (caller := self.caller(execution)) is not None:
            caller[0].terminate(caller[1], by=None)

    def instance_ended(self, execution: Execution) -> None:
        """An instance reached its end: tell the call activity that waits for it."""
        self._over(execution)
        caller = self.caller(execution)
        if caller is not None:
            _, token = caller
            spec = token.task_spec
            assert isinstance(spec, CallActivity)  # only call activities have called instances
            spec.on_child_instance_ended(token, execution.last_variables)

    def _over(self, execution: Execution) -> None:
        row = self.rows[execution.instance_id]
        row.state = execution.state
        row.ended_at = self.now
        self.ended.append(InstanceEnded(row.id, row.root_id, row.process_id, execution.state, execution.end_element))
