"""Commands of an operator: move an instance, suspend and resume it, move its timers. They are the basis of safe return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.errors import CallerError, InvalidInput, ModelError
from engine.model import Activation, Changes, InstanceState, Termination
from engine.persistence import suspension, waits
from engine.runtime import modification
from engine.runtime.execution import Execution
from engine.runtime.token import Token
from engine.timers import PARKED
from engine.work.starts import StartCommands
from engine.work.unit import closed


class OperationCommands(StartCommands):
    """Each is one transaction and one entry of the history, with who asked for it."""

    def modify_instance(
        self, instance_id: int, *, activate: Sequence[Activation] = (), terminate: Sequence[Termination] = ()
    ) -> Changes:
        """Begin at elements and take element instances away, all at once (Camunda 8, "Process instance modification").

        First what is activated, then what is taken away, so that the instance does not end in between. Unknown for an
        element or element instance that is not there, InvalidInput for what cannot be meant; then nothing is done.
        """
        execution = self._running(instance_id)
        root_id = execution.step.root_id
        try:
            for entry in activate:
                execution.merge(execution.root_token, entry.variables)
                modification.activate(execution, entry.element_id, entry.ancestor_id, after=entry.after)
            for what in terminate:
                for token in self._meant(execution, what):
                    if token.is_alive:
                        modification.take_away(execution, token)
        except ModelError as error:
            self._forget(root_id)
            raise InvalidInput(error.zh, error.en) from error
        except CallerError:
            self._forget(root_id)
            raise
        if execution.state is InstanceState.TERMINATED:
            execution.step.cancelled(execution)
        return self._commit(root_id, "modify_instance")

    def move_token(self, instance_id: int, what: Termination, element_id: str) -> Changes:
        """Take the meant element instances away and begin once at another element of the instance."""
        return self.modify_instance(instance_id, activate=[Activation(element_id)], terminate=[what])

    def _meant(self, execution: Execution, what: Termination) -> list[Token]:
        if what.element_instance_id is not None:
            token = execution.token(what.element_instance_id)
            if token is None:
                raise closed("元素实例", "element instance", what.element_instance_id)
            return [token]
        spec = modification.spec_of(execution, what.element_id or "")
        found = [token for token in execution.live() if token.task_spec is spec]
        if not found:
            raise closed("元素", "element", what.element_id or "")
        return found

    def _running(self, instance_id: int) -> Execution:
        execution = self._execution(instance_id)
        self._refuse_suspended(execution)
        if execution.state is not InstanceState.ACTIVE:
            raise closed("流程实例", "process instance", instance_id)
        return execution

    def suspend_instance(self, instance_id: int) -> Changes:
        """Let a whole tree rest: no task, job, message or timer moves it; timers keep what is left of them.

        InvalidInput for a called instance (suspend its root), Closed when it has ended or rests already.
        """
        return self._set_state(instance_id, InstanceState.ACTIVE, InstanceState.SUSPENDED, "suspend_instance")

    def resume_instance(self, instance_id: int) -> Changes:
        """Let a suspended tree go on; messages that were kept for it meanwhile arrive now. Closed when it does not rest."""
        return self._set_state(instance_id, InstanceState.SUSPENDED, InstanceState.ACTIVE, "resume_instance")

    def _set_state(self, instance_id: int, before: InstanceState, after: InstanceState, command: str) -> Changes:
        root_id = self.lock(instance_id)
        if root_id != instance_id:
            raise InvalidInput(
                "只能对最外层的流程实例中止或恢复", "only the root of a tree of instances can be suspended or resumed"
            )
        step = self._step(root_id)
        if step.execution(root_id).state is not before:
            raise closed("可以这样处理的流程实例", "process instance that this can be done to", instance_id)
        for row in self.instances(root_id):
            execution = step.execution(row.id)
            if execution.state is before:
                step.set_state(execution, after)
        if after is InstanceState.SUSPENDED:
            suspension.suspend(self.connection, self.region, root_id, self.now)
        else:
            suspension.resume(self.connection, self.region, root_id, self.now, self.leased_now)
            for wait in waits.open_waits(self.connection, self.region, root_id):
                step.execution(wait.instance_id).resumed.append(wait)
        return self._commit(root_id, command)

    def change_due_date(self, timer_id: int, due_at: datetime) -> Changes:
        """Move a waiting timer; the year 9999 parks it. Closed when it does not wait (any more).

        In a suspended instance it is what the timer will have left that changes.
        """
        execution, token = self._waiting("timer", timer_id, "定时器", "timer", suspended=True)
        if execution.state is InstanceState.SUSPENDED:
            rest = None if due_at >= PARKED else due_at - self.now
            suspension.set_rest(self.connection, self.region, timer_id, rest)
        else:
            waits.change_due_date(self.connection, self.region, timer_id, due_at)
        execution.note_operation(token, {"timer": timer_id, "dueAt": due_at.isoformat()})
        return self._commit(execution.step.root_id, "change_due_date")
