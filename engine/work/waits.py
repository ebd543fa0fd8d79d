"""Commands on what waits: user tasks, variables, timers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.errors import InvalidInput, ModelError, Unknown
from engine.model import BpmnError, Changes, Variables
from engine.persistence import claims, waits
from engine.runtime.step import InstanceRow
from engine.work.starts import StartCommands
from engine.work.unit import closed


class WaitCommands(StartCommands):
    """Complete a task, write variables, fire a timer."""

    def complete_user_task(self, task_id: int, variables: Variables) -> Changes:
        """Complete an open user task with its results. Closed when it is not open (any more)."""
        execution, token = self._waiting("user_task", task_id, "任务", "user task")
        execution.complete_user_task(token, variables)
        return self._commit(execution.step.root_id, "complete_user_task")

    def throw_task_error(self, task_id: int, code: str, message: str = "", variables: Variables | None = None) -> Changes:
        """Leave an open user task by an error of the business. Closed when it is not open, InvalidInput when nobody catches."""
        execution, token = self._waiting("user_task", task_id, "任务", "user task")
        try:
            execution.throw_error(token, BpmnError(code, message, variables))
        except ModelError as error:
            raise InvalidInput(error.zh, error.en) from error
        return self._commit(execution.step.root_id, "throw_task_error")

    def update_user_task(
        self, task_id: int, *, priority: int | None = None, follow_up: tuple[datetime | None] | None = None
    ) -> Changes:
        """Change what lists show of an open task: its priority (0 to 100), its follow-up date (in a tuple; None takes it away).

        Closed when it is not open (any more). Camunda 8, "Update user task".
        """
        execution, token = self._waiting("user_task", task_id, "任务", "user task")
        changed: dict[str, Any] = {} if priority is None else {"priority": priority}
        if follow_up is not None:
            changed["follow_up_at"] = follow_up[0]
        waits.update_user_task(self.connection, self.region, task_id, changed)
        told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in changed.items()}
        execution.note_operation(token, {"task": task_id, **told})
        return self._commit(execution.step.root_id, "update_user_task")

    def set_variables(self, scope_id: int, values: Variables, *, local: bool = False) -> Changes:
        """Write variables from a scope outward (`local`: in this very scope). The scope is an instance or element instance."""
        instance_id = waits.instance_of(self.connection, self.region, scope_id)
        if instance_id is None:
            raise Unknown(f"没有变量范围 {scope_id}", f"there is no variable scope {scope_id}")
        execution = self._execution(instance_id)
        token = execution.token(scope_id)
        if token is None:
            raise closed("变量范围", "variable scope", scope_id)
        try:
            if local:
                for name, value in values.items():
                    execution.variables.set_local(scope_id, name, value)
            else:
                execution.merge(token, values)
        except ModelError as error:
            raise InvalidInput(error.zh, error.en) from error
        return self._commit(execution.step.root_id, "set_variables")

    def fire_timer(self, timer_id: int) -> Changes | None:
        """Fire a timer that is due; None when it is gone, moved away, or its tree is being worked on elsewhere."""
        claimed = claims.claim_timer(self.connection, self.region, timer_id, self.now)
        return None if claimed is None else self.fire_claimed_timer(*claimed)

    def fire_claimed_timer(self, row: Any, root: InstanceRow) -> Changes:
        """Fire a timer whose row and root are locked by this transaction (`persistence.claims`)."""
        self.hold(root, row.instance_id)
        execution = self._execution(row.instance_id)
        token = execution.token(row.element_instance_id)
        awaited = None if token is None else token.awaits(row.id)
        if token is None or awaited is None:
            raise Unknown(f"定时器 {row.id} 没有对应的令牌", f"timer {row.id} has no token")
        execution.trigger(token, awaited, {}, keep=execution.stays(token, awaited) and self._rearm(row))
        return self._commit(row.root_id, "timer")

    def _rearm(self, row: Any) -> bool:
        """Move a repeating timer to its next moment; False when it fires for the last time."""
        if row.cycle is None:
            return False
        following = waits.cycle_of(row).next(self._zone, self.now)
        if following is None:
            return False
        waits.move_cycle(self.connection, self.region, row.id, *following)
        return True

    def fire_start_timer(self, timer_id: int) -> int | None:
        """Start the instance of a timer start event that is due."""
        row = claims.claim_start_timer(self.connection, self.region, timer_id, self.now)
        if row is None:
            return None
        following = None if row.cycle is None else waits.cycle_of(row).next(self._zone, self.now)
        waits.move_start_timer(self.connection, self.region, timer_id, following)
        return self._start(
            self.definition(row.definition_id), {}, business_key=None, command="timer_start", start=row.element_id
        )
