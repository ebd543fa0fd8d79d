"""What a BPMN file says, as plain records: the one form that every dialect is read into.

A reader (`camunda8`, `camunda7`) fills these records; `rules` judges them; `specs` builds the graph that
SpiffWorkflow runs; analysis asks them questions. They know nothing of XML and nothing of a running instance.
Every expression in them is compiled (`engine.expressions.Value`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.expressions import Value


class Dialect(StrEnum):
    """Whose attributes and extension elements a file uses."""

    CAMUNDA_8 = "camunda8"
    CAMUNDA_7 = "camunda7"

    @property
    def sunday(self) -> int:
        """The number of Sunday in its cron texts: Spring's or Quartz's."""
        return 1 if self is Dialect.CAMUNDA_7 else 0


class ElementKind(StrEnum):
    """Flow nodes that the engine carries out; the values are BPMN 2.0's tag names (camel case)."""

    PROCESS = "process"
    SUB_PROCESS = "subProcess"
    EVENT_SUB_PROCESS = "eventSubProcess"
    TRANSACTION = "transaction"
    AD_HOC_SUB_PROCESS = "adHocSubProcess"
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
    COMPLEX_GATEWAY = "complexGateway"
    START_EVENT = "startEvent"
    INTERMEDIATE_CATCH_EVENT = "intermediateCatchEvent"
    INTERMEDIATE_THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    END_EVENT = "endEvent"


ACTIVITIES = frozenset(
    {
        ElementKind.SUB_PROCESS, ElementKind.TRANSACTION, ElementKind.AD_HOC_SUB_PROCESS, ElementKind.CALL_ACTIVITY,
        ElementKind.TASK, ElementKind.USER_TASK, ElementKind.MANUAL_TASK, ElementKind.SERVICE_TASK, ElementKind.SEND_TASK, ElementKind.RECEIVE_TASK,
        ElementKind.SCRIPT_TASK, ElementKind.BUSINESS_RULE_TASK,
    }
)  # fmt: skip


SUB_PROCESSES = frozenset({ElementKind.SUB_PROCESS, ElementKind.TRANSACTION, ElementKind.AD_HOC_SUB_PROCESS})
"""Activities that contain flow nodes of their own (event sub-processes contain some too, but are no activities)."""


class Trigger(StrEnum):
    """Event definitions (BPMN 2.0 section 10.5.5) that the engine carries out."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    ERROR = "error"
    CONDITIONAL = "conditional"
    TERMINATE = "terminate"
    ESCALATION = "escalation"
    COMPENSATION = "compensation"
    CANCEL = "cancel"
    LINK = "link"
    MULTIPLE = "multiple"
    PARALLEL_MULTIPLE = "parallelMultiple"


class TimerKind(StrEnum):
    """How a timer's moment is written (BPMN 2.0, table 10.101)."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


class Binding(StrEnum):
    """Which version of a form, decision or process an element means; `version` is a number that Camunda 7 files name."""

    LATEST = "latest"
    DEPLOYMENT = "deployment"
    VERSION = "version"
    VERSION_TAG = "versionTag"


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """Why an event happens. Which fields are set follows from `trigger`.

    message: `name`, and `correlation_key` where the message meets a running instance and the dialect has keys (None: any
    message of that name); signal: `name`; error, escalation: `code` (None catches all), which on being caught goes to
    `code_variable` and its text (the thrower's `message`) to `message_variable`; timer: `timer_kind` and `timer`; conditional: `condition`;
    link: `link`; compensation: `activity` (None: every completed activity of the scope) and `waits`; multiple and parallel
    multiple: `parts`, in document order. `payload` is what a thrown signal or message carries besides the element's own
    local variables.
    """

    trigger: Trigger
    name: Value | None = None
    correlation_key: Value | None = None
    code: Value | None = None
    timer_kind: TimerKind | None = None
    timer: Value | None = None
    condition: Value | None = None
    condition_variables: frozenset[str] = frozenset()
    code_variable: str | None = None
    message_variable: str | None = None
    message: Value | None = None
    link: str | None = None
    activity: str | None = None
    waits: bool = True
    payload: tuple[IoMapping, ...] = ()
    parts: tuple[EventDefinition, ...] = ()

    @property
    def triggers(self) -> tuple[EventDefinition, ...]:
        """The definitions that have to be awaited or thrown one by one: its parts, else itself."""
        return self.parts or (self,)


NO_TRIGGER = EventDefinition(Trigger.NONE)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is None for one that is always taken.

    `scripts` set variables when it is taken (Camunda 7's listeners of the event `take`).
    """

    id: str
    name: str
    source: str
    target: str
    condition: Value | None
    line: int
    scripts: tuple[Script, ...] = ()

    @property
    def label(self) -> str:
        """What a person knows it by: its name, else its id."""
        return self.name or self.id


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
    version: Value | None = None


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
    """Work for a worker outside the step: `zeebe:taskDefinition` with its headers, or a Camunda 7 external task."""

    type: Value
    retries: Value | None
    headers: Mapping[str, str]
    priority: Value | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """An expression and the variable that its result goes to (None: nowhere, `camunda:expression` without one)."""

    expression: Value
    result_variable: str | None


@dataclass(frozen=True, slots=True)
class CalledDecision:
    """The decision of a business rule task.

    `mapping` is Camunda 7's `mapDecisionResult`: `singleEntry`, `singleResult`, `collectEntries` or `resultList`; None
    takes the result as it is (Camunda 8).
    """

    decision_id: Value
    result_variable: str | None
    binding: Binding = Binding.LATEST
    version_tag: str | None = None
    version: Value | None = None
    mapping: str | None = None


@dataclass(frozen=True, slots=True)
class CalledElement:
    """The process of a call activity, and which variables go there and come back.

    `passed` (`camunda:in`) is evaluated with the caller's variables and `returned` (`camunda:out`) with the called
    instance's, besides what the two switches propagate; `business_key` is the called instance's.
    """

    process_id: Value
    binding: Binding = Binding.LATEST
    version_tag: str | None = None
    version: Value | None = None
    propagate_all_child_variables: bool = False
    propagate_all_parent_variables: bool = True
    passed: tuple[IoMapping, ...] = ()
    returned: tuple[IoMapping, ...] = ()
    business_key: Value | None = None


class Behaviour(StrEnum):
    """When a multi-instance activity throws an event to its own boundary (BPMN 2.0, table 10.30)."""

    ALL = "All"
    NONE = "None"
    ONE = "One"
    COMPLEX = "Complex"


@dataclass(frozen=True, slots=True)
class BehaviourEvent:
    """An event that a loop throws when an item completes; `condition` of a complex behaviour also ends the loop."""

    event: EventDefinition
    condition: Value | None = None


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """`multiInstanceLoopCharacteristics`: over a collection, or (`cardinality`) a number of times; one of the two.

    `first_counter` is the first `loopCounter`: 1 in Camunda 8, 0 in Camunda 7.
    """

    sequential: bool
    input_collection: Value | None
    input_element: str | None = None
    output_collection: str | None = None
    output_element: Value | None = None
    completion_condition: Value | None = None
    cardinality: Value | None = None
    first_counter: int = 1
    behaviour: Behaviour = Behaviour.ALL
    behaviour_events: tuple[BehaviourEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """`standardLoopCharacteristics`: again while `condition` holds, at most `maximum` times (BPMN 2.0, table 10.25)."""

    condition: Value | None
    maximum: Value | None
    test_before: bool = False


@dataclass(frozen=True, slots=True)
class AdHoc:
    """How the activities of an ad-hoc sub-process are chosen and when it ends.

    `active` (`zeebe:adHoc activeElementsCollection`) gives the ids of the elements that are activated on entering; None
    activates each that nothing leads to. `cancels` ends the rest when `completion_condition` becomes true.
    """

    active: Value | None = None
    completion_condition: Value | None = None
    cancels: bool = True
    sequential: bool = False


@dataclass(frozen=True, slots=True)
class Listener:
    """An execution listener before the element's own work (`start`) or after it (`end`), or a user task's listener before the task
    is offered (`creating`) or before its completion holds (`completing`).

    Either a job of this `type` (Camunda 8), or a `script` that sets a variable at once (Camunda 7).
    """

    event: str
    type: Value | None
    retries: Value | None
    headers: Mapping[str, str] = field(default_factory=dict)
    script: Script | None = None


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
    loop: MultiInstance | StandardLoop | None = None
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
    ad_hoc: AdHoc | None = None
    activation: Value | None = None
    """`activationCondition` of a complex gateway."""
    for_compensation: bool = False
    compensation: str | None = None
    """Of a compensation boundary event: the id of its handler (the activity at the end of its association)."""
    starts_instance: bool = False
    """`instantiate` of a receive task or event-based gateway."""
    start_quantity: int = 1
    completion_quantity: int = 1
    initiator: str | None = None
    """`camunda:initiator`: the variable that takes the starter's name."""

    @property
    def label(self) -> str:
        """What a person knows it by: its name, else its id."""
        return self.name or self.id


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
    dialect: Dialect = Dialect.CAMUNDA_8

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
