"""What comes in: kinds of values, and the bodies of commands. Members that are not documented are refused."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from engine.errors import InvalidInput
from engine.model import TaskAnswer

_KEY = re.compile(r"-?[0-9]{1,25}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d)")
NO_ID = -1
"""What a key means that no id of ours can be."""


def read_key(value: Any) -> int:
    """A key: a text of up to 25 digits. One that is beyond our ids means nothing that there is."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError("a key is a text of digits")
    number = int(value)
    return number if 0 <= number < 2**63 else NO_ID


def read_moment(value: Any) -> datetime:
    """A moment with its offset (RFC 3339)."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("a date and time with an offset is expected (RFC 3339)")
    moment = datetime.fromisoformat(value.replace(",", "."))
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a date and time of the years 1 to 9999 is expected") from None


def read_text_of_moment(value: Any) -> str:
    """A moment as text; an empty one takes away."""
    return "" if value == "" else read_moment(value).isoformat()


Key = Annotated[int, BeforeValidator(read_key)]
OptionalMoment = Annotated[str, BeforeValidator(read_text_of_moment)]
Moment = Annotated[datetime, BeforeValidator(read_moment)]
Values = dict[str, Any]
Whole = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Milliseconds = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Word = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=100_000, pattern=r"^[^\x00]*$")]
Tenant = Annotated[str, Field(max_length=31)]
BusinessId = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]


class Body(BaseModel):
    """A JSON object with exactly the documented members, of exactly the documented kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel, validate_by_name=True)


class Lenient(Body):
    """An object of which the specification says nothing about further members: they are ignored."""

    model_config = ConfigDict(extra="ignore")


class SortAsked(Body):
    """A field to sort by."""

    field: str
    order: Annotated[
        Literal["ASC", "DESC"], BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)
    ] = "ASC"


class PageAsked(Body):
    """Which part of what is found."""

    from_: Annotated[int | None, Field(alias="from", ge=0, lt=2**31)] = None
    limit: Annotated[int | None, Field(ge=0, lt=2**31)] = None
    after: str | None = None
    before: str | None = None


class SearchBody(Body):
    """A search; what the filter may hold is said by the resource's table."""

    filter: Values | None = None
    sort: Annotated[list[SortAsked], Field(max_length=10)] | None = None
    page: PageAsked | None = None


class Reference(Body):
    """A number of the caller's own for an operation; it is taken and not used."""

    operation_reference: Annotated[int | None, Field(ge=1)] = None


class StartInstruction(Body):
    """An element to begin at."""

    element_id: Word


class RuntimeInstruction(Body):
    """The element after which the instance ends."""

    type: Literal["TERMINATE_PROCESS_INSTANCE"] = "TERMINATE_PROCESS_INSTANCE"
    after_element_id: Word


class Create(Reference):
    """A process instance to be created: by id (and version or version tag), or by key."""

    process_definition_id: Word | None = None
    process_definition_key: Key | None = None
    process_definition_version: Whole | None = None
    process_definition_version_tag: Word | None = None
    variables: Values | None = None
    tenant_id: Tenant | None = None
    start_instructions: list[StartInstruction] | None = None
    runtime_instructions: list[RuntimeInstruction] | None = None
    await_completion: bool = False
    fetch_variables: list[str] | None = None
    request_timeout: Milliseconds | None = None
    tags: Annotated[list[str], Field(max_length=10)] | None = None
    business_id: BusinessId | None = None


class VariableInstruction(Body):
    """Variables to be written with a modification; `scope_id` is the element whose scope is meant."""

    variables: Values
    scope_id: str | None = None


class Activate(Body):
    """An element to begin at."""

    element_id: Word
    variable_instructions: list[VariableInstruction] | None = None
    ancestor_element_instance_key: Key | None = None


class Terminate(Body):
    """What is to end: one element instance, or all of an element."""

    element_id: Word | None = None
    element_instance_key: Key | None = None


class Source(Body):
    """What is to be moved."""

    source_type: Literal["byId", "byKey"]
    source_element_id: Word | None = None
    source_element_instance_key: Key | None = None


class Ancestor(Body):
    """Inside which scope something is to begin."""

    ancestor_scope_type: Literal["direct", "inferred", "sourceParent"]
    ancestor_element_instance_key: Key | None = None


class Move(Body):
    """What is to be moved, and where to."""

    source_element_instruction: Source
    target_element_id: Word
    ancestor_scope_instruction: Ancestor | None = None
    variable_instructions: list[VariableInstruction] | None = None


class Modify(Reference):
    """A modification of a process instance, all of it or nothing."""

    activate_instructions: list[Activate] | None = None
    move_instructions: list[Move] | None = None
    terminate_instructions: list[Terminate] | None = None


class Assign(Body):
    """Whom a task is given to, by login."""

    assignee: str | None = None
    allow_override: bool | None = None
    action: str | None = None


class Changeset(Body):
    """What of a task is to change."""

    due_date: Moment | Literal[""] | None = None
    follow_up_date: Moment | Literal[""] | None = None
    candidate_users: list[str] | None = None
    candidate_groups: list[str] | None = None
    priority: Annotated[int | None, Field(ge=0, le=100)] = None


class UpdateTask(Body):
    """A change of a task."""

    changeset: Changeset | None = None
    action: str | None = None


class Complete(Body):
    """A task's results."""

    variables: Values | None = None
    action: str | None = None


class ActivateJobs(Body):
    """What a worker asks for. Times are in milliseconds."""

    type: Word
    timeout: Milliseconds
    max_jobs_to_activate: Whole
    worker: str | None = None
    fetch_variable: list[str] | None = None
    request_timeout: Milliseconds = 0
    tenant_ids: list[Tenant] | None = None
    tenant_filter: Literal["PROVIDED", "ASSIGNED"] | None = None
    with_lease: bool | None = None


class Corrections(Lenient):
    """What a listener wants changed of a task before it is offered; null leaves a thing as it is, empty takes it away."""

    assignee: Annotated[str, Field(max_length=255)] | None = None
    due_date: OptionalMoment | None = None
    follow_up_date: OptionalMoment | None = None
    candidate_users: list[Word] | None = None
    candidate_groups: list[Word] | None = None
    priority: Annotated[int, Field(ge=0, le=100)] | None = None


class JobResult(Lenient):
    """What the listener of a user task says. Ad-hoc sub-processes are not worked off as jobs here, so nothing else has a result."""

    type: Literal["userTask"] = "userTask"
    denied: bool | None = None
    denied_reason: Text | None = None
    corrections: Corrections | None = None

    @property
    def answer(self) -> TaskAnswer:
        """In the engine's words."""
        asked = self.corrections or Corrections()
        told = {
            "assignee": asked.assignee, "due_at": asked.due_date, "follow_up_at": asked.follow_up_date,
            "candidate_users": asked.candidate_users, "candidate_groups": asked.candidate_groups, "priority": asked.priority,
        }  # fmt: skip
        corrections = {name: value for name, value in told.items() if value is not None}
        return TaskAnswer(bool(self.denied), self.denied_reason, corrections)


class CompleteJob(Body):
    """A job's results; `result` is what the listener of a user task says."""

    variables: Values | None = None
    result: JobResult | None = None
    job_lease_token: str | None = None
    business_id: BusinessId | None = None


class FailJob(Body):
    """Why a job could not be done, and how often it may be tried again."""

    retries: Whole = 0
    error_message: Text = ""
    retry_back_off: Milliseconds = 0
    variables: Values | None = None
    job_lease_token: str | None = None


class JobError(Body):
    """An error of the business that a job met."""

    error_code: Word
    error_message: Text | None = None
    variables: Values | None = None
    job_lease_token: str | None = None


class JobChangeset(Body):
    """What of a job is to change."""

    retries: Whole | None = None
    timeout: Milliseconds | None = None
    priority: Whole | None = None


class UpdateJob(Reference):
    """A change of a job."""

    changeset: JobChangeset
    job_lease_token: str | None = None


class Publish(Body):
    """A message for whoever waits for it, kept for `time_to_live` milliseconds."""

    name: Word
    correlation_key: Annotated[str, Field(max_length=255, pattern=r"^[^\x00]*$")] = ""
    time_to_live: Milliseconds = 0
    message_id: Word | None = None
    variables: Values | None = None
    tenant_id: Tenant | None = None
    business_id: BusinessId | None = None


class Correlate(Body):
    """A message for exactly one."""

    name: Word
    correlation_key: Annotated[str, Field(max_length=255, pattern=r"^[^\x00]*$")] = ""
    variables: Values | None = None
    tenant_id: Tenant | None = None
    business_id: BusinessId | None = None


class Broadcast(Body):
    """A signal for all."""

    signal_name: Word
    variables: Values | None = None
    tenant_id: Tenant | None = None


class SetVariables(Reference):
    """Variables to be written from a scope outward, or (`local`) into it."""

    variables: Values
    local: bool = False


class EvaluateDecision(Body):
    """A decision to be evaluated: by id (its newest version) or by key."""

    decision_definition_id: Word | None = None
    decision_definition_key: Key | None = None
    variables: Values | None = None
    tenant_id: Tenant | None = None


class Metadata(Body):
    """What is said of a file."""

    content_type: str | None = None
    file_name: str | None = None
    expires_at: Moment | None = None
    size: int | None = None
    process_definition_id: str | None = None
    process_instance_key: Key | None = None
    custom_properties: Values | None = None


def exclusive(*given: Any) -> None:
    """Exactly one of several ways to say what is meant; InvalidInput otherwise."""
    if sum(each is not None for each in given) != 1:
        raise InvalidInput("须且只须指明一种。", "Exactly one way to name what is meant is expected.")
