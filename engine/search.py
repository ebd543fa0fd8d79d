"""Looking for things by their fields: conditions, order and pages, in the same words for every kind of thing.

A query names the fields of the records below (`FoundInstance.state`, …); what else a kind of thing can be asked by stands with
its search in `engine.work.searches`. Pages go by an offset or by a cursor; a cursor holds the sorted values of the row that
it stands at, so that what comes or goes meanwhile shifts nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from engine.errors import InvalidInput
from engine.ids import time_of
from engine.model import InstanceState, JobKind, Json

T = TypeVar("T")

COUNTED = 10_000
"""So many are counted; a `total` beyond is only known to be more."""


class Op(StrEnum):
    """How a field is compared. `like` knows `*` (any text) and `?` (one character), taken as they are behind a backslash."""

    EQ = "eq"
    NEQ = "neq"
    EXISTS = "exists"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    LIKE = "like"
    IN = "in"
    NOT_IN = "not_in"


@dataclass(frozen=True, slots=True)
class Condition:
    """One field, one comparison. `value` is of the field's own kind; a tuple of them for `in` and `not_in`; a bool for `exists`.

    What has no value differs from every value, and is in no list.
    """

    field: str
    op: Op
    value: Any


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these groups holds, each with all of its conditions."""

    groups: tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """What has no value comes last, whichever way."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Up to `limit` items: from an offset, or behind (`after`) or ahead of (`before`) a cursor of an earlier page."""

    limit: int = 100
    from_: int = 0
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """All conditions hold. Without a sort, and where sorted values are equal, the order is that of the ids: by time."""

    conditions: tuple[Condition | AnyOf, ...] = ()
    sort: tuple[Sort, ...] = ()
    page: Page = Page()

    def only(self, name: str) -> Any:
        """The value that a field must have by a plain condition; None where the query does not say one."""
        for each in self.conditions:
            if isinstance(each, Condition) and each.field == name and each.op is Op.EQ:
                return each.value
        return None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A page. `total` counts up to `COUNTED`; `more`: there may be more than that, or not everything was looked at."""

    items: tuple[T, ...]
    total: int
    more: bool
    start_cursor: str | None = None
    end_cursor: str | None = None


# -- what is found ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundInstance:
    """A process instance; `has_incident` also where one stands in an instance that it called."""

    id: int
    region: str
    root_id: int
    parent_id: int | None
    parent_element_instance_id: int | None
    definition_id: int
    process_id: str
    process_name: str
    version: int
    version_tag: str | None
    business_key: str | None
    state: InstanceState
    started_at: datetime
    ended_at: datetime | None
    suspended_at: datetime | None
    has_incident: bool


@dataclass(frozen=True, slots=True)
class FoundDefinition:
    """A version of a process, decision or form. `resource_id` is its file, shared by all that came in it."""

    id: int
    kind: str
    key: str
    name: str
    version: int
    version_tag: str | None
    deployment_id: int
    resource_id: int
    resource_name: str
    deployed_at: datetime
    is_latest: bool
    has_start_form: bool = False


@dataclass(frozen=True, slots=True)
class FoundRequirements:
    """A file of decisions (DMN `definitions`): its id is the file's, its version counts the files that held its decisions."""

    id: int
    key: str
    name: str
    version: int
    deployment_id: int
    resource_name: str
    decision_ids: tuple[str, ...]
    is_latest: bool


class JobState(StrEnum):
    """Where a job stands: to be done (locked or not), out of retries, done, or taken away."""

    CREATED = "created"
    FAILED = "failed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class FoundJob:
    """A job, open or gone; of one that is gone the history keeps less (no headers, no worker, no message)."""

    id: int
    region: str
    instance_id: int
    root_id: int
    definition_id: int
    process_id: str
    element_id: str
    element_instance_id: int
    type: str
    listener: str | None
    state: JobState
    retries: int
    priority: int
    headers: Mapping[str, str]
    worker: str | None
    locked_until: datetime | None
    message: str | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def kind(self) -> JobKind:
        """Whose work it is."""
        return JobKind.of(self.listener)

    @property
    def has_failed(self) -> bool:
        """Whether it failed and is to be tried again."""
        return self.state is JobState.CREATED and self.message is not None


@dataclass(frozen=True, slots=True)
class FoundIncident:
    """An incident, open or resolved (`resolved_at`)."""

    id: int
    region: str
    instance_id: int
    root_id: int
    definition_id: int
    process_id: str
    element_id: str
    element_instance_id: int
    job_id: int | None
    kind: str
    zh: str
    en: str
    created_at: datetime
    resolved_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class FoundElement:
    """A stay at an element; the process itself is one with the id of its instance. `kind` is BPMN's tag name."""

    id: int
    region: str
    instance_id: int
    root_id: int
    definition_id: int
    process_id: str
    element_id: str
    name: str
    kind: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    scope_id: int | None
    incident_id: int | None
    has_incident: bool


@dataclass(frozen=True, slots=True)
class FoundVariable:
    """A variable in its scope (the instance, or an element instance). `id` is made of scope and name; it is in no row."""

    id: str
    region: str
    instance_id: int
    root_id: int
    scope_id: int
    name: str
    value: Json


@dataclass(frozen=True, slots=True)
class FoundSubscription:
    """Who waits for a message, signal or condition; `starts`: a start event of a process, in every region."""

    id: int
    region: str | None
    instance_id: int | None
    root_id: int | None
    business_key: str | None
    definition_id: int
    process_id: str
    process_name: str
    version: int
    element_id: str
    element_instance_id: int | None
    kind: str
    name: str
    key: str | None
    starts: bool

    @property
    def begun_at(self) -> datetime:
        """When the wait began, by the machine's clock: ids are in time order."""
        return time_of(self.id)


@dataclass(frozen=True, slots=True)
class FoundTimer:
    """A timer that waits; `due_at` in the year 9999 is parked."""

    id: int
    region: str
    instance_id: int
    root_id: int
    definition_id: int
    process_id: str
    element_id: str
    element_instance_id: int
    due_at: datetime


# -- in memory --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Listing(Generic[T]):
    """Answers queries about a list that is in memory; `further` gives fields that the records do not have."""

    items: list[T]
    more: bool = False
    further: Mapping[str, Any] = field(default_factory=dict)

    def find(self, query: Query) -> Found[T]:
        """The page that the query asks for. InvalidInput for a field that there is not, and for a cursor of another search."""
        kept = [item for item in self.items if all(self._holds(item, each) for each in query.conditions)]
        order = [*query.sort, Sort("id")]
        for sort in reversed(order):
            kept.sort(key=lambda item, name=sort.field: _comparable(self._value(item, name)), reverse=sort.descending)  # type: ignore[misc]
            kept.sort(key=lambda item, name=sort.field: self._value(item, name) is None)  # type: ignore[misc]
        page = self._cut(kept, order, query.page)
        marks = [cursor([self._value(item, sort.field) for sort in order]) for item in (page[:1] + page[-1:])]
        more = self.more or len(kept) > COUNTED
        return Found(tuple(page), min(len(kept), COUNTED), more, *(marks if page else (None, None)))

    def _cut(self, kept: list[T], order: list[Sort], page: Page) -> list[T]:
        mark = page.after or page.before
        if mark is None:
            return kept[page.from_ : page.from_ + page.limit]
        place = _place(order, read_cursor(mark, len(order)))
        if page.after is not None:
            return [item for item in kept if _place(order, self._values(item, order)) > place][: page.limit]
        ahead = [item for item in kept if _place(order, self._values(item, order)) < place]
        return ahead[max(0, len(ahead) - page.limit) :]

    def _values(self, item: T, order: list[Sort]) -> list[Any]:
        return [self._value(item, sort.field) for sort in order]

    def _value(self, item: T, name: str) -> Any:
        if name in self.further:
            return self.further[name](item)
        try:
            return getattr(item, name)
        except AttributeError:
            raise unknown_field(name) from None

    def _holds(self, item: T, condition: Condition | AnyOf) -> bool:
        if isinstance(condition, AnyOf):
            return any(all(self._holds(item, each) for each in group) for group in condition.groups)
        return holds(self._value(item, condition.field), condition)


def holds(value: Any, condition: Condition) -> bool:
    """Whether a value meets a condition; a list of values does where one of them does."""
    if isinstance(value, tuple):
        return any(holds(each, condition) for each in value)
    wanted = condition.value
    match condition.op:
        case Op.EXISTS:
            return (value is not None) is bool(wanted)
        case Op.EQ:
            return bool(value == wanted) and value is not None
        case Op.NEQ:
            return bool(value != wanted)
        case Op.IN:
            return value is not None and value in wanted
        case Op.NOT_IN:
            return value not in wanted
        case Op.LIKE:
            return isinstance(value, str) and matches(wanted, value)
        case Op.GT:
            return value is not None and bool(value > wanted)
        case Op.GTE:
            return value is not None and bool(value >= wanted)
        case Op.LT:
            return value is not None and bool(value < wanted)
        case Op.LTE:
            return value is not None and bool(value <= wanted)


def matches(pattern: str, text: str) -> bool:
    """Whether a text is as a pattern with `*` and `?` says; linear in the text for each `*`, without regular expressions."""
    parts = parts_of(pattern)
    at, place, star, kept = 0, 0, -1, 0
    while place < len(text):
        if at < len(parts) and (parts[at] == "?" or parts[at] == "=" + text[place]):
            at, place = at + 1, place + 1
        elif at < len(parts) and parts[at] == "*":
            star, kept, at = at, place, at + 1
        elif star >= 0:
            kept += 1
            at, place = star + 1, kept
        else:
            return False
    return all(part == "*" for part in parts[at:])


def parts_of(pattern: str) -> list[str]:
    """A pattern taken apart: `*`, `?`, and `=` before each character that stands for itself."""
    parts: list[str] = []
    escaped = False
    for character in pattern:
        if escaped:
            parts.append("=" + character)
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in "*?":
            parts.append(character)
        else:
            parts.append("=" + character)
    return [*parts, "=\\"] if escaped else parts


def unknown_field(name: str) -> InvalidInput:
    """What a query by a field that there is not raises."""
    return InvalidInput(f"不能按 {name} 查找或排序", f"there is no searching or sorting by {name}")


# -- cursors ----------------------------------------------------------------------------------------------------------


def cursor(values: list[Any]) -> str:
    """The cursor of a row: its sorted values and its id."""
    told = [{"at": value.astimezone(UTC).isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.b64encode(json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str).encode()).decode()


def read_cursor(text: str, length: int) -> list[Any]:
    """The values that a cursor holds. InvalidInput where it is none, or of another order."""
    try:
        told = json.loads(base64.b64decode(text, validate=True))
        values = [datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value for value in told]
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        values = []
    if len(values) != length or any(isinstance(value, list | dict) for value in values):
        raise InvalidInput("翻页标记无效", "the cursor is not one of this search")
    return values


def _place(order: list[Sort], values: list[Any]) -> list[Any]:
    """Where values stand in an order, as something that compares."""
    place: list[Any] = []
    for sort, value in zip(order, values, strict=True):
        place += [value is None, _Backwards(_comparable(value)) if sort.descending else _comparable(value)]
    return place


class _Backwards:
    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Backwards) and bool(self.value == other.value)

    def __lt__(self, other: _Backwards) -> bool:
        return bool(other.value < self.value)

    __hash__ = None  # type: ignore[assignment]  # only compared


def _comparable(value: Any) -> Any:
    """Values of one field compare with each other; across kinds by the kind's name."""
    match value:
        case bool():
            return ("", int(value))
        case int():
            return ("0", value)
        case datetime():
            return ("1", value)
        case None:
            return ("", 0)
        case _:
            return ("2", str(value))
