"""The nouns that leave the engine: what was started, what waits, what ended.

All ids are 63-bit integers in time order (numeric strings on the wire). `_at` are aware UTC datetimes.
Variable values are JSON values: None, bool, int, Decimal, str, list, dict (Camunda 8's variables).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from engine.errors import Problem

Json = Any  # None | bool | int | Decimal | str | list[Json] | dict[str, Json]; mypy has no recursive alias for decimals
Variables = Mapping[str, Json]


TASK_MOMENTS = ("creating", "completing")
"""When the listeners of a user task have a word, by Camunda 8's names."""
TASK_HEADER = "io.camunda.zeebe:"
"""What the names of the headers begin with that tell a listener about a task that is not offered yet, as in Camunda 8."""


class InstanceState(StrEnum):
    """Whether a process instance goes on, reached its end, or was ended from outside."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class Activation:
    """Begin at an element, or (`after`) on the flows behind it; `variables` are written to the instance before.

    `ancestor_id` is the element instance inside which it begins, where several could be meant.
    """

    element_id: str
    variables: Variables = field(default_factory=dict)
    ancestor_id: int | None = None
    after: bool = False


@dataclass(frozen=True, slots=True)
class Termination:
    """Take away one element instance, or every one of an element."""

    element_instance_id: int | None = None
    element_id: str | None = None


class ClosedHow(StrEnum):
    """Why a wait is gone: its own work was done, or something else took it away."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Resource:
    """One uploaded file: `name` as the uploader spelled it (base name), `content` its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DeployedResource:
    """A version of a thing that a deployment holds. `is_new` is False when the content was there already.

    `kind` is process, decisions, decision, form or a kind of the layer above; `key` the id inside the file.
    """

    kind: str
    key: str
    version: int
    id: int
    resource_name: str
    is_new: bool
    name: str = ""
    version_tag: str | None = None


@dataclass(frozen=True, slots=True)
class Deployment:
    """Files that became versions together; `warnings` are known right after a deployment and not kept."""

    id: int
    deployed_at: datetime
    resources: tuple[DeployedResource, ...]
    name: str | None = None
    deployed_by: str = ""
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """A version of a process: `properties` are the process's own `zeebe:property` values as written."""

    id: int
    process_id: str
    version: int
    name: str
    version_tag: str | None
    deployment_id: int
    resource_name: str
    properties: Mapping[str, str]
    start_form_id: int | None
    deployed_at: datetime


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A deployed form: `schema` is the Camunda Forms JSON as uploaded."""

    id: int
    form_id: str
    version: int
    schema: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class LoopPosition:
    """Where a loop item stands: `counter` from 1, as Camunda 8's `loopCounter`."""

    counter: int
    item: Json = None


@dataclass(frozen=True, slots=True)
class UserTaskOpened:
    """A user task waits. `properties` are evaluated when they begin with `=`; groups and users are plain lists."""

    id: int
    instance_id: int
    element_id: str
    name: str
    form_id: int | None
    assignee: str | None
    candidate_users: tuple[str, ...]
    candidate_groups: tuple[str, ...]
    priority: int
    due_at: datetime | None
    properties: Mapping[str, Json]
    loop: LoopPosition | None = None
    external_form: str | None = None
    follow_up_at: datetime | None = None
    """Until then the task may rest (Camunda's follow-up date); a hint for lists, nothing happens at it."""

    @property
    def element_instance_id(self) -> int:
        """A user task is its element instance: one id for both."""
        return self.id


@dataclass(frozen=True, slots=True)
class TimerOpened:
    """A timer waits; `due_at` in the year 9999 is parked. `element_id` is the event's, `element_instance_id` its scope's."""

    id: int
    instance_id: int
    element_id: str
    element_instance_id: int
    due_at: datetime
    properties: Mapping[str, Json]


class JobKind(StrEnum):
    """Whose work a job is: the element's own, that of a listener around it, or of a listener of its user task."""

    ELEMENT = "element"
    EXECUTION_LISTENER = "execution_listener"
    TASK_LISTENER = "task_listener"

    @classmethod
    def of(cls, listener: str | None) -> JobKind:
        """By the moment of the listener; None is the element's own."""
        if listener is None:
            return cls.ELEMENT
        return cls.TASK_LISTENER if listener in TASK_MOMENTS else cls.EXECUTION_LISTENER


@dataclass(frozen=True, slots=True)
class JobOpened:
    """Work waits for a worker outside the step."""

    id: int
    instance_id: int
    element_id: str
    element_instance_id: int
    type: str
    properties: Mapping[str, Json]
    priority: int = 0
    """Of several that are available, higher ones are handed out first (Camunda 7, external task priority)."""
    listener: str | None = None
    """The moment of the listener whose job it is (start, end, creating, completing); None for the element's own work."""


@dataclass(frozen=True, slots=True)
class SubscriptionOpened:
    """`kind` is message, signal or conditional; `key` the correlation key of a message."""

    id: int
    instance_id: int
    element_id: str
    element_instance_id: int
    kind: str
    name: str
    key: str | None
    properties: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class IncidentOpened:
    """Something cannot go on until a person has repaired it; `zh` and `en` say what and where."""

    id: int
    instance_id: int
    element_id: str
    element_instance_id: int
    kind: str
    zh: str
    en: str
    job_id: int | None = None


Opened = UserTaskOpened | TimerOpened | JobOpened | SubscriptionOpened | IncidentOpened


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """What the worker of a task listener says (Camunda 8, "User task listeners").

    `denied`: the completion does not hold, for this `reason`. `corrections` change the task before it is offered: assignee,
    due_at, follow_up_at (texts as in the diagram; an empty one takes away), candidate_users, candidate_groups, priority.
    """

    denied: bool = False
    reason: str | None = None
    corrections: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskDenied:
    """The completion of a user task did not hold: a listener refused it, and the task waits on."""

    id: int
    instance_id: int
    element_id: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class WaitClosed:
    """`what` is user_task, timer, job, subscription or incident; `by` the element that took it away, if not itself."""

    what: str
    id: int
    instance_id: int
    element_id: str
    how: ClosedHow
    by: str | None = None


@dataclass(frozen=True, slots=True)
class InstanceEnded:
    """An instance is over. `end_element` is the end event that was reached last in its outermost scope, if any."""

    instance_id: int
    root_id: int
    process_id: str
    state: InstanceState
    end_element: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What one command did to one tree of instances."""

    root_id: int
    command: str
    opened: tuple[Opened, ...] = ()
    closed: tuple[WaitClosed, ...] = ()
    ended: tuple[InstanceEnded, ...] = ()
    denied: tuple[TaskDenied, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A locked job: what a worker gets. `variables` are those visible at the element (inputs first)."""

    id: int
    type: str
    instance_id: int
    root_id: int
    process_id: str
    element_id: str
    element_instance_id: int
    retries: int
    headers: Mapping[str, str]
    variables: Variables
    locked_until: datetime
    priority: int = 0
    listener: str | None = None
    definition_id: int = 0
    message: str | None = None
    """What the last worker that could not do it said; None: nobody has failed yet."""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobWanted:
    """Which jobs a worker takes and for how long: of a type, and where these are given of certain versions, processes or keys,
    or of instances whose outermost variables equal `variables`.

    `names` are the variables that the worker needs (None: all that are visible).
    """

    type: str
    lock_for: timedelta
    definition_ids: tuple[int, ...] | None = None
    process_ids: tuple[str, ...] | None = None
    business_key: str | None = None
    names: tuple[str, ...] | None = None
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobPlace:
    """An open job by what it is and where it stands."""

    id: int
    type: str
    instance_id: int
    root_id: int
    element_id: str
    element_instance_id: int


@dataclass(frozen=True, slots=True)
class Starting:
    """A root instance that is about to start: handed to `on_start` before its first token moves."""

    instance_id: int
    region: str
    process_id: str
    definition_id: int
    properties: Mapping[str, str]
    variables: Variables
    business_key: str | None


@dataclass(frozen=True, slots=True)
class PublishedMessage:
    """`instance_ids` are those that took the message at once; `is_duplicate`: one with this id was published before."""

    id: int
    instance_ids: tuple[int, ...] = ()
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class MessageWait:
    """Somebody who waits for a message; `key` is the correlation key, None in Camunda 7's files, which have none."""

    id: int
    instance_id: int
    root_id: int
    definition_id: int
    element_id: str
    element_instance_id: int
    key: str | None
    business_key: str | None


@dataclass(frozen=True, slots=True)
class ResourceVersion:
    """A deployed file of a kind of the layer above; `name` is its base name, `version` counts its different contents."""

    id: int
    name: str
    version: int
    content: bytes


@dataclass(frozen=True, slots=True)
class ElementPassed:
    """One line of a path: a stay at an element, with the flows it came by and left by (`decisions` 42)."""

    element_instance_id: int
    instance_id: int
    element_id: str
    entered_at: datetime
    left_at: datetime | None
    how: str  # active, completed, terminated
    taken: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    scope_id: int | None = None
    """The element instance around it; None for the process itself."""


@dataclass(frozen=True, slots=True)
class Incident:
    """An open incident with the case and the version that it stands in."""

    id: int
    region: str
    instance_id: int
    root_id: int
    process_id: str
    definition_id: int
    element_id: str
    element_instance_id: int
    job_id: int | None
    kind: str
    zh: str
    en: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """A decision's answer with the edition that gave it and the trace (which rules matched, with which inputs).

    `rows` are its results one by one with their outputs by name, where `value` leaves out what is single.
    """

    value: Json
    decision_id: str
    version: int
    trace: Any = field(default=())
    rows: Sequence[Variables] = ()


class BpmnError(Exception):
    """An error of the business (BPMN 2.0 section 10.5.3): a path in the diagram, found by its code."""

    def __init__(self, code: str, message: str = "", variables: Variables | None = None) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.variables: Variables = variables or {}
