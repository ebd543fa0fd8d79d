"""What every command begins and ends with: the lock, the instances in memory, and saving them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from engine.definitions import Definitions
from engine.errors import Closed, Suspended, Unknown
from engine.model import Changes, InstanceState, Opened, TaskDenied, WaitClosed
from engine.persistence import Connection, instances, past, waits
from engine.runtime import state
from engine.runtime.execution import Execution
from engine.runtime.step import InstanceRow, Step, Surroundings
from engine.runtime.token import Token

if TYPE_CHECKING:
    from engine.engine import ProcessEngine
    from engine.work import Work


class Unit:
    """One transaction on trees of instances: which are locked, which are in memory, what is saved of them."""

    def __init__(
        self,
        engine: ProcessEngine,
        connection: Connection,
        *,
        region: str,
        now: datetime,
        leased_now: datetime,
        by: str,
    ) -> None:
        self.connection = connection
        self.region = region
        self.now = now
        self.leased_now = leased_now
        self.by = by
        self.has_thrown = False
        self.hops = 0
        self._engine = engine
        self._definitions: Definitions = engine.definitions
        self._zone: ZoneInfo = engine.zone
        self._steps: dict[int, Step] = {}
        self._locked: dict[int, int] = {}
        self._held: dict[int, InstanceRow] = {}
        self._mark: int | None = None
        self._has_deployed = False
        self._changes: deque[Changes] = deque()
        self._reacting = False

    def lock(self, instance_id: int) -> int:
        """Lock the tree that the instance belongs to, root first; gives the root's id. Unknown when there is none."""
        if instance_id not in self._locked:
            root = instances.lock_root(self.connection, self.region, instance_id)
            if root is None:
                raise Unknown(f"没有流程实例 {instance_id}", f"there is no process instance {instance_id}")
            self.hold(root, instance_id)
        return self._locked[instance_id]

    def hold(self, root: InstanceRow, instance_id: int | None = None, mark: int | None = None) -> None:
        """Take over a root that was locked and read in one, so that it is not read again. `instance_id` is in its tree.

        `mark`: how many deployments there were (`persistence.definitions.MARK`), where that was read with it.
        """
        if mark is not None:
            self.note_mark(mark)
        self._locked[instance_id or root.id] = self._locked[root.id] = root.id
        self._held.setdefault(root.id, root)

    def note_mark(self, mark: int) -> None:
        """Take over how many deployments there are, from what was read with something else."""
        if self._mark is None and not self._has_deployed:
            self._mark = mark

    def _step(self, root_id: int) -> Step:
        if root_id not in self._steps:
            self._steps[root_id] = Step(cast("Surroundings", self), root_id, self.region, self.now, self._zone, self.by)
        return self._steps[root_id]

    def _forget(self, root_id: int) -> None:
        """Drop what a refused command has changed in memory; the next command reads the tree anew."""
        del self._steps[root_id]

    def _execution(self, instance_id: int) -> Execution:
        return self._step(self.lock(instance_id)).execution(instance_id)

    def _commit(self, root_id: int, command: str) -> Changes:
        """Run to the next waits, save, let the layer above react."""
        step = self._step(root_id)
        step.settle()
        changes = self._save(step, command)
        self._changes.append(changes)
        if not self._reacting:
            self._reacting = True
            try:
                while self._changes:
                    self._engine.on_change(cast("Work", self), self._changes.popleft())
            finally:
                self._reacting = False
        return changes

    def _save(self, step: Step, command: str) -> Changes:
        opened: list[Opened] = []
        gone: list[WaitClosed] = []
        denied: list[TaskDenied] = []
        for instance_id, execution in step.executions.items():
            row = step.rows[instance_id]
            tokens = state.dump(execution)
            if tokens == row.tokens and not (
                execution.log or execution.variables.changed or execution.closed or execution.opened
            ):
                continue
            instances.save(self.connection, row, tokens)
            variables = execution.variables
            instances.save_variables(self.connection, self.region, instance_id, variables.changed, variables.dropped)
            waits.save(self.connection, row, execution.opened.values(), execution.closed, cycles=execution.cycles,
                       jobs=execution.jobs, now=self.now, leased_now=self.leased_now)  # fmt: skip
            instances.save_history(self.connection, row, at=self.now, by=self.by, command=command,
                                   events=[*execution.log, *past.noted(execution.opened.values(), execution.closed)])  # fmt: skip
            opened.extend(execution.opened.values())
            gone.extend(execution.closed)
            denied.extend(execution.denied)
            execution.saved()
        if step.thrown:
            waits.save_thrown(self.connection, self.region, step.thrown, self.leased_now, self.hops + 1)
            self.has_thrown = True
            step.thrown.clear()
        ended, step.ended = tuple(step.ended), []
        return Changes(step.root_id, command, tuple(opened), tuple(gone), ended, tuple(denied))

    def _waiting(
        self, what: str, wait_id: int, zh: str, en: str, *, suspended: bool = False
    ) -> tuple[Execution, Token]:
        """The token at which something waits, its tree locked; Closed when the wait is gone.

        `suspended`: whether the command may be done while the instance rests; else Suspended is raised then.
        """
        found = self._held_wait(what, wait_id) or self._lock_wait(what, wait_id)
        if found is None:
            raise closed(zh, en, wait_id)
        execution, token = found
        if not suspended:
            self._refuse_suspended(execution)
        foresee(execution, token)
        return execution, token

    def _held_wait(self, what: str, wait_id: int) -> tuple[Execution, Token] | None:
        """Found without asking the database: what is held is as it is now."""
        for execution in self._in_memory():
            for token in execution.live():
                if waits_for(token, what, wait_id):
                    return execution, token
        return None

    def _lock_wait(self, what: str, wait_id: int) -> tuple[Execution, Token] | None:
        found = waits.lock(self.connection, what, self.region, wait_id)
        if found is None:
            return None
        row, root = found
        self.hold(root, row.instance_id)
        execution = self._execution(row.instance_id)
        held = execution.token(row.element_instance_id)
        if held is None or not waits_for(held, what, wait_id):
            return None
        return execution, held

    def _in_memory(self) -> Iterator[Execution]:
        """The instances that are held and read, as they are now."""
        for root_id in self._held.keys() - self._steps.keys():
            self._step(root_id).execution(root_id)
        for step in list(self._steps.values()):
            yield from list(step.executions.values())

    @staticmethod
    def _refuse_suspended(execution: Execution) -> None:
        if execution.state is InstanceState.SUSPENDED:
            raise Suspended("流程实例已中止,恢复后才能继续办理", "the process instance is suspended; resume it first")

    def load(self, instance_id: int) -> InstanceRow:
        for step in self._steps.values():
            if instance_id in step.rows:
                return step.rows[instance_id]
        row = self._held.get(instance_id) or instances.load(self.connection, self.region, instance_id)
        if row is None:
            raise Unknown(f"没有流程实例 {instance_id}", f"there is no process instance {instance_id}")
        return row


def waits_for(token: Token, what: str, wait_id: int) -> bool:
    """Whether this wait stands at the token."""
    return token.notes.get(what) == wait_id or (what in ("timer", "subscription") and token.awaits(wait_id) is not None)


def foresee(execution: Execution, token: Token) -> None:
    """What the token is going to ask for is read with the next variables that are."""
    execution.variables.ahead |= execution.graph.ahead(token.task_spec.element.id)


def closed(zh: str, en: str, wait_id: int | str) -> Closed:
    """What a command on a wait that is gone raises."""
    return Closed(f"{zh} {wait_id} 不存在或已经结束", f"{en} {wait_id} does not exist or is over already")
