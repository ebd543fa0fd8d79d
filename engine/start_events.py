"""What starts instances of a process by itself: messages, signals, timers and conditions at the process's own level.

Only the newest version of a process is armed; a deployment replaces the rows of the version before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import DeploymentRefused, ModelError, Problem
from engine.expressions import Value
from engine.feel import FeelError, to_json
from engine.parsing.records import Element, ElementKind, EventDefinition, ProcessModel, TimerKind, Trigger
from engine.timers import schedule


@dataclass(slots=True)
class StartingEvents:
    """Rows of `start_subscription` and `start_timer`, the latter without region."""

    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    timers: list[dict[str, Any]] = field(default_factory=list)


def starting_events(process: ProcessModel, definition_id: int, at: datetime, zone: ZoneInfo) -> StartingEvents:
    """The rows of one version. DeploymentRefused when a timer's moment cannot be computed (the file's mistake)."""
    found = StartingEvents()
    for element, event in _armed(process):
        row = {"definition_id": definition_id, "element_id": element.id}
        match event.trigger:
            case Trigger.MESSAGE | Trigger.SIGNAL if event.name is not None:
                name = str(to_json(_value(element, event.name, at, zone)))
                found.subscriptions.append(row | {"kind": str(event.trigger), "name": name})
            case Trigger.CONDITIONAL:
                found.subscriptions.append(row | {"kind": "conditional", "name": process.id})
            case Trigger.TIMER if event.timer is not None and event.timer_kind is not None:
                found.timers.append(row | _timer(process, element, event.timer_kind, event.timer, at, zone))
    return found


def _armed(process: ProcessModel) -> Iterator[tuple[Element, EventDefinition]]:
    """Start events, receive tasks that instantiate, and the events behind a gateway that does (BPMN 2.0, 13.2)."""
    for element in process.children(process.id):
        if element.kind is ElementKind.START_EVENT or (
            element.kind is ElementKind.RECEIVE_TASK and element.starts_instance
        ):
            for event in element.event.triggers:
                yield element, event
        elif element.kind is ElementKind.EVENT_BASED_GATEWAY and element.starts_instance:
            for flow in element.outgoing:
                behind = process.elements[process.flows[flow].target]
                yield behind, behind.event


def _timer(
    process: ProcessModel, element: Element, kind: TimerKind, timer: Value, at: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    try:
        planned = schedule(kind, _value(element, timer, at, zone), at, zone, sunday=process.dialect.sunday)
    except ModelError as error:
        raise _refused("timer-value", element, error.zh, error.en) from error
    return {"due_at": planned.due_at, "cycle": None if planned.cycle is None else planned.cycle.row()}


def _value(element: Element, value: Value, at: datetime, zone: ZoneInfo) -> object:
    """What an expression without variables gives; DeploymentRefused where it has no value."""
    try:
        return value.evaluate({}, now=at, zone=zone, environment=None).value
    except FeelError as error:
        raise _refused("start-expression", element, error.message_zh, error.message_en) from error


def _refused(rule: str, element: Element, zh: str, en: str) -> DeploymentRefused:
    problem = Problem(rule, zh, en, element_id=element.id, element_name=element.name, line=element.line)
    return DeploymentRefused([problem])
