"""What was done with a task, in the words of Camunda's audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.camunda8.door import key
from api.camunda8.fields import Table, at, text, word
from api.wire import moment
from casework.act import Act
from casework.desk import outside
from casework.desk.search import FoundTask
from engine.search import Found, Listing, Query

_OPERATIONS = {
    "claim": "ASSIGN", "assign": "ASSIGN", "transfer": "ASSIGN", "appoint": "ASSIGN", "give-back": "UNASSIGN",
    "take-off": "UNASSIGN", "complete": "COMPLETE", "update-task": "UPDATE",
}  # fmt: skip
_WORDS = (
    "ASSIGN", "CANCEL", "COMPLETE", "CREATE", "DELETE", "EVALUATE", "MIGRATE", "MODIFY", "RESOLVE", "RESUME", "SUSPEND", "UNASSIGN",
    "UNKNOWN", "UPDATE",
)  # fmt: skip
_ACTORS = ("ANONYMOUS", "CLIENT", "UNKNOWN", "USER")
_UNSORTED = (
    "batchOperationKey", "batchOperationType", "category", "decisionDefinitionId", "decisionDefinitionKey", "decisionEvaluationKey",
    "decisionRequirementsId", "decisionRequirementsKey", "elementInstanceKey", "entityKey", "entityType", "jobKey",
    "processDefinitionId", "processDefinitionKey", "processInstanceKey", "inboundChannelType", "inboundChannelToolName", "tenantId",
    "userTaskKey",
)  # fmt: skip

AUDIT = Table(
    {
        "operationType": word("operation", {each: each for each in _WORDS}), "result": word("result", {"SUCCESS": "SUCCESS", "FAIL": "FAIL"}),
        "timestamp": at("at"), "actorType": word("actor_type", {each: each for each in _ACTORS}), "actorId": text("actor"),
        "auditLogKey": text("id", ask=False), **{name: text("result", ask=False) for name in _UNSORTED},
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log; what is the same in all lines of a task stands in the task."""

    id: int
    at: datetime
    operation: str
    actor: str | None
    actor_type: str
    task: FoundTask
    result: str = "SUCCESS"

    def shape(self, tenant: str) -> dict[str, Any]:
        """AuditLogResult."""
        nothing = (
            "batchOperationKey", "batchOperationType", "agentElementId", "decisionRequirementsId", "decisionRequirementsKey",
            "decisionDefinitionId", "decisionDefinitionKey", "decisionEvaluationKey", "deploymentKey", "jobKey", "resourceKey",
            "relatedEntityKey", "relatedEntityType", "entityDescription", "inboundChannelType", "inboundChannelToolName",
        )  # fmt: skip
        return {
            **dict.fromkeys(nothing), "auditLogKey": key(self.id), "entityKey": key(self.task.id), "entityType": "USER_TASK",
            "operationType": self.operation, "timestamp": moment(self.at), "actorId": self.actor, "actorType": self.actor_type,
            "tenantId": tenant, "result": self.result, "category": "USER_TASKS", "processDefinitionId": self.task.process_id,
            "processDefinitionKey": key(self.task.definition_id), "processInstanceKey": key(self.task.instance_id),
            "rootProcessInstanceKey": key(self.task.root_id), "elementInstanceKey": key(self.task.id),
            "userTaskKey": key(self.task.id), "formKey": key(self.task.form_id),
        }  # fmt: skip


def entries_of(act: Act, task: FoundTask, query: Query) -> Found[Logged]:
    """What is on record of a task that has a word in Camunda's log, oldest first."""
    lines = []
    for entry in outside.log_of(act, task.case_id, task.id):
        if (operation := _OPERATIONS.get(entry.verb)) is None:
            continue
        by_program = entry.actor.startswith("client:")
        kind = "USER" if entry.actor_id is not None else "CLIENT" if by_program else "UNKNOWN"
        lines.append(Logged(entry.id, entry.at, operation, entry.actor.removeprefix("client:"), kind, task))
    return Listing(lines).find(query)
