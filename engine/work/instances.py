"""Commands on instances as a whole, and on what went wrong in them."""

from __future__ import annotations

from engine.errors import InvalidInput, ModelError
from engine.model import Changes, InstanceState
from engine.persistence import waits
from engine.work.reads import Reads
from engine.work.unit import closed


class InstanceCommands(Reads):
    """Raise and resolve incidents; end an instance."""

    def raise_incident(self, element_instance_id: int, kind: str, zh: str, en: str) -> int:
        """Put an incident beside a wait that goes on (such as a task that nobody may do); its id."""
        instance_id = waits.instance_of(self.connection, self.region, element_instance_id)
        execution = None if instance_id is None else self._execution(instance_id)
        token = None if execution is None else execution.token(element_instance_id)
        if execution is None or token is None:
            raise closed("元素", "element instance", element_instance_id)
        incident_id = execution.note(token, ModelError(kind, zh, en))
        self._commit(execution.step.root_id, "raise_incident")
        return incident_id

    def resolve_incident(self, incident_id: int) -> Changes:
        """Try again after a repair: the element goes on where it stood. Closed when the incident is gone."""
        row = waits.find(self.connection, "incident", self.region, incident_id)
        execution, token = self._waiting("incident", incident_id, "故障", "incident")
        if row is not None and row.job_id is not None:
            waits.revive_job(self.connection, self.region, row.job_id, self.leased_now)
        execution.retry(token)
        return self._commit(execution.step.root_id, "resolve_incident")

    def cancel_instance(self, instance_id: int) -> Changes:
        """End a root instance with everything in it. InvalidInput for a called one (end its caller), Closed when it has ended."""
        root_id = self.lock(instance_id)
        if root_id != instance_id:
            raise InvalidInput("只能终止最外层的流程实例", "only the root of a tree of instances can be cancelled")
        step = self._step(root_id)
        if step.execution(root_id).state not in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
            raise closed("流程实例", "process instance", instance_id)
        step.cancel(root_id)
        return self._commit(root_id, "cancel_instance")
