"""What a BPMN file says, as plain records: the one form that every dialect is read into.

A reader (`camunda8`, later `camunda7`) fills these records; `rules` judges them; `specs` builds the graph that
SpiffWorkflow runs; analysis asks them questions. They know nothing of XML and nothing of a running instance.
Every expression in them is compiled (`engine.expressions.Value`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.expressions import Value


class ElementKind(StrEnum):
    """Flow nodes that the engine carries out; the values are BPMN 2.0's tag names (camel case)."""

    PROCESS = "process"
    SUB_PROCESS = "subProcess"
    EVENT_SUB_PROCESS = "eventSubProcess"
    CALL_ACTIVITY = "callActivity"
    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    SCRIPT_TASK = "scriptTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"
    START_EVENT = "startEvent"
    INTERMEDIATE_CATCH_EVENT = "intermediateCatchEvent"
    INTERMEDIATE_THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    END_EVENT = "endEvent"


ACTIVITIES = frozenset(
    {
        ElementKind.SUB_PROCESS, ElementKind.CALL_ACTIVITY, ElementKind.TASK, ElementKind.USER_TASK,
        ElementKind.MANUAL_TASK, ElementKind.SERVICE_TASK, ElementKind.SEND_TASK, ElementKind.RECEIVE_TASK,
        ElementKind.SCRIPT_TASK, ElementKind.BUSINESS_RULE_TASK,
    }
)  # fmt: skip


class Trigger(StrEnum):
    """Event definitions (BPMN 2.0 section 10.5.5) that the engine carries out."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    ERROR = "error"
    CONDITIONAL = "conditional"
    TERMINATE = "terminate"


class TimerKind(StrEnum):
    """How a timer's moment is written (BPMN 2.0, table 10.101)."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


class Binding(StrEnum):
    """Which version of a form, decision or process an element means (Camunda 8 `bindingType`)."""

    LATEST = "latest"
    DEPLOYMENT = "deployment"
    VERSION_TAG = "versionTag"


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """Why an event happens. Which fields are set follows from `trigger`.

    message: `name`, and `correlation_key` unless it starts a process; signal: `name`; error: `code` (None catches
    all) and for a throw the code's value; timer: `timer_kind` and `timer`; conditional: `condition`.
    """

    trigger: Trigger
    name: Value | None = None
    correlation_key: Value | None = None
    code: Value | None = None
    timer_kind: TimerKind | None = None
    timer: Value | None = None
    condition: Value | None = None
    condition_variables: frozenset[str] = frozenset()


NO_TRIGGER = EventDefinition(Trigger.NONE)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is None for one that is always taken."""

    id: str
    name: str
    source: str
    target: str
    condition: Value | None
    line: int


@dataclass(frozen=True, slots=True)
class IoMapping:
    """One `zeebe:input` or `zeebe:output`: `source` is evaluated, the result goes to `target` (a path `a.b`)."""

    source: Value
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormReference:
    """The form of a user task or start event: a deployed one by its id, or an outside one."""

    form_id: str | None
    binding: Binding = Binding.LATEST
    version_tag: str | None = None
    external_reference: str | None = None


@dataclass(frozen=True, slots=True)
class UserTaskDefinition:
    """Who works on a user task, until when, with which form; all optional."""

    assignee: Value | None = None
    candidate_users: Value | None = None
    candidate_groups: Value | None = None
    due_date: Value | None = None
    follow_up_date: Value | None = None
    priority: Value | None = None
    form: FormReference | None = None


@dataclass(frozen=True, slots=True)
class JobDefinition:
    """`zeebe:taskDefinition` with its headers: work for a worker outside the step."""

    type: Value
    retries: Value | None
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Script:
    """A FEEL expression and the variable that its result goes to."""

    expression: Value
    result_variable: str


@dataclass(frozen=True, slots=True)
class CalledDecision:
    """The decision of a business rule task."""

    decision_id: Value
    result_variable: str
    binding: Binding = Binding.LATEST
    version_tag: str | None = None


@dataclass(frozen=True, slots=True)
class CalledElement:
    """The process of a call activity, and which variables go there and come back."""

    process_id: Value
    binding: Binding = Binding.LATEST
    version_tag: str | None = None
    propagate_all_child_variables: bool = False
    propagate_all_parent_variables: bool = True


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """`multiInstanceLoopCharacteristics` with `zeebe:loopCharacteristics` (Camunda 8: no cardinality)."""

    sequential: bool
    input_collection: Value
    input_element: str | None
    output_collection: str | None
    output_element: Value | None
    completion_condition: Value | None


@dataclass(frozen=True, slots=True)
class Listener:
    """An execution listener: a job before the element's own work (`start`) or after it (`end`)."""

    event: str
    type: Value
    retries: Value | None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node. `scope` is the id of the process or sub-process that contains it; flows in document order."""

    id: str
    name: str
    kind: ElementKind
    line: int
    scope: str
    documentation: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default_flow: str | None = None
    event: EventDefinition = NO_TRIGGER
    attached_to: str | None = None
    interrupting: bool = True
    loop: MultiInstance | None = None
    user_task: UserTaskDefinition | None = None
    job: JobDefinition | None = None
    script: Script | None = None
    decision: CalledDecision | None = None
    called: CalledElement | None = None
    form: FormReference | None = None
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    listeners: tuple[Listener, ...] = ()
    properties: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """One executable process of a file.

    `elements` holds every flow node at every depth by id, in document order; `flows` every sequence flow by id.
    `properties` are the process's own `zeebe:property` values.
    """

    id: str
    name: str
    version_tag: str | None
    line: int
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    documentation: str = ""
    properties: Mapping[str, Value] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()

    def children(self, scope: str) -> list[Element]:
        """The flow nodes directly inside a scope, in document order."""
        return [element for element in self.elements.values() if element.scope == scope]

    def boundary_events(self, element_id: str) -> list[Element]:
        return [element for element in self.elements.values() if element.attached_to == element_id]


@dataclass(frozen=True, slots=True)
class Collaboration:
    """What one BPMN file holds: its executable processes and what the diagram calls the file."""

    processes: tuple[ProcessModel, ...]
    target_platform: str
    target_version: str | None
