"""Opening and closing waits: what an instance waits for, told to the layer above after the step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.errors import ModelError
from engine.expressions import Value
from engine.ids import new_id
from engine.model import (
    TASK_HEADER,
    TASK_MOMENTS,
    ClosedHow,
    JobOpened,
    Json,
    LoopPosition,
    Opened,
    SubscriptionOpened,
    TaskDenied,
    TimerOpened,
    UserTaskOpened,
    WaitClosed,
)
from engine.parsing.records import (
    Dialect,
    Element,
    EventDefinition,
    JobDefinition,
    Listener,
    TimerKind,
    Trigger,
)
from engine.runtime.evaluation import Evaluation
from engine.runtime.token import Token
from engine.timers import Repetition, schedule

if TYPE_CHECKING:
    from engine.runtime.graph import Graph
    from engine.runtime.step import Step
    from engine.runtime.variables import Variables as VariableStore


HEARD = "heard"
CORRECTIONS, RESULTS = "#corrections", "#results"
"""Local variables of a task that its listeners look at: what they want changed, what was typed."""


class Waiting(Evaluation):
    """The waits that came (`opened`) and went (`closed`) in this command.

    An event is armed at a token under a key: the event element's id, or for a part of a multiple event the id with `#`
    and the part's number. `#` cannot stand in an id.
    """

    def __init__(self, graph: Graph, step: Step, instance_id: int, variables: VariableStore) -> None:
        super().__init__(graph, step, instance_id, variables)
        self.opened: dict[int, Opened] = {}
        self.closed: list[WaitClosed] = []
        self.cycles: dict[int, Repetition | None] = {}
        self.jobs: dict[int, tuple[int, Mapping[str, str]]] = {}
        self.denied: list[TaskDenied] = []
        self.fresh_conditions: list[tuple[Token, str]] = []

    def close(self, what: str, wait_id: int, element_id: str, how: ClosedHow, by: str | None = None) -> None:
        """A wait is gone. One that this very command opened was never seen by anybody and leaves no trace."""
        self.cycles.pop(wait_id, None)
        self.jobs.pop(wait_id, None)
        if self.opened.pop(wait_id, None) is None:
            self.closed.append(WaitClosed(what, wait_id, self.instance_id, element_id, how, by))

    # -- events -------------------------------------------------------------------------------------------------------

    def arm(self, token: Token, element: Element) -> None:
        """Wait at `token` for the event of `element` (itself, attached to it, behind it, or the start of a handler)."""
        for key, definition in keys(element):
            self._arm(token, element, key, definition)

    def _arm(self, token: Token, element: Element, key: str, event: EventDefinition) -> None:
        wait: Opened
        match event.trigger:
            case Trigger.TIMER:
                assert event.timer is not None
                assert event.timer_kind is not None  # deployment refuses a timer without
                planned = schedule(event.timer_kind, self.evaluate(event.timer, token), self.step.now, self.step.zone,
                                   sunday=self.graph.model.dialect.sunday)  # fmt: skip
                wait = TimerOpened(new_id(), self.instance_id, element.id, token.id, planned.due_at,
                                   self.properties(element, token))  # fmt: skip
                self.cycles[wait.id] = planned.cycle
            case Trigger.MESSAGE | Trigger.SIGNAL:
                assert event.name is not None  # deployment refuses an event without a reference
                name = self.text(event.name, token)
                correlation = None if event.correlation_key is None else self.key(event.correlation_key, token)
                wait = SubscriptionOpened(new_id(), self.instance_id, element.id, token.id, str(event.trigger), name, correlation,
                                          self.properties(element, token))  # fmt: skip
                if event.trigger is Trigger.SIGNAL and event.name.literal is None:
                    token.notes[f"signal#{key}"] = name
            case Trigger.CONDITIONAL:
                wait = SubscriptionOpened(new_id(), self.instance_id, element.id, token.id, "conditional", element.id, None,
                                          self.properties(element, token))  # fmt: skip
                self.fresh_conditions.append((token, key))
            case _:
                return  # errors, escalations and compensation find their catcher when they are thrown
        token.waits[key] = wait.id
        self.opened[wait.id] = wait

    def signal_name(self, token: Token, key: str) -> str | None:
        """The name of a signal that is awaited, as it was when the wait began."""
        name = self.graph.awaited(key).name
        return None if name is None else name.literal or token.notes.get(f"signal#{key}")

    def disarm(
        self, token: Token, by: str | None = None, *, only_handlers: bool = False, of: str | None = None
    ) -> None:
        """Stop waiting for events at `token`: all, those that start its handlers, or those of one event element."""
        for key in list(token.waits):
            element_id = key.partition("#")[0]
            if (of is None or element_id == of) and (not only_handlers or self.graph.is_handler_start(element_id)):
                self.close_event(token, key, ClosedHow.CANCELLED, by)
                token.notes.pop(gathered(element_id), None)

    def close_event(self, token: Token, key: str, how: ClosedHow, by: str | None = None) -> None:
        wait_id = token.waits.pop(key)
        token.notes.pop(f"signal#{key}", None)
        what = "timer" if self.graph.awaited(key).trigger is Trigger.TIMER else "subscription"
        self.close(what, wait_id, key.partition("#")[0], how, by)

    # -- tasks and jobs -----------------------------------------------------------------------------------------------

    def open_user_task(self, token: Token) -> None:
        wait = self.corrected(token, self.describe(token))
        token.notes["user_task"] = token.id
        self.opened[token.id] = wait

    def describe(self, token: Token) -> UserTaskOpened:
        """The user task at `token` as its diagram says it now."""
        element = token.task_spec.element
        task = element.user_task
        assert task is not None  # the reader gives every user task a definition
        number = None if task.form is None else self.version(task.form.version, token)
        form_id, external = self.step.form(self.graph, element, number)
        priority = 50 if task.priority is None else self._priority(self.evaluate(task.priority, token))
        loop = None
        if token.notes.get("loop") is not None:
            loop = LoopPosition(token.notes["loop"])
        properties = self.properties(element, token)
        return UserTaskOpened(
            id=token.id, instance_id=self.instance_id, element_id=element.id, name=element.label,
            form_id=form_id, external_form=external,
            assignee=None if task.assignee is None else (self.evaluate(task.assignee, token) or None),
            candidate_users=self.texts(task.candidate_users, token),
            candidate_groups=self.texts(task.candidate_groups, token),
            priority=priority, due_at=self._due(task.due_date, token), properties=properties, loop=loop,
            follow_up_at=self._due(task.follow_up_date, token),
        )  # fmt: skip

    def correct(self, token: Token, corrections: Mapping[str, Json]) -> None:
        """Keep what a listener wants changed until the task is offered; a later word on the same thing counts."""
        self.variables.set_local(token.id, CORRECTIONS, {**(self.own(token, CORRECTIONS) or {}), **corrections})

    def own(self, token: Token, name: str) -> Json:
        """A local variable of this very element instance; None where there is none."""
        self.variables.need((name,), (token.id,))
        return self.variables.local(token.id).get(name)

    def corrected(self, token: Token, task: UserTaskOpened) -> UserTaskOpened:
        """The task as its listeners have changed it."""
        if not self.graph.listeners(token.task_spec, "creating"):
            return task
        corrections = self.own(token, CORRECTIONS) or {}
        changed: dict[str, Any] = {}
        for name, value in corrections.items():
            match name:
                case "assignee":
                    changed[name] = value or None
                case "candidate_users" | "candidate_groups":
                    changed[name] = tuple(value)
                case "due_at" | "follow_up_at":
                    changed[name] = self._moment(value, is_span=False)
                case "priority":
                    changed[name] = self._priority(value)
        return replace(task, **changed)

    def _due(self, date: Value | None, token: Token) -> datetime | None:
        """The due moment of a task; in Camunda 7 the text of a duration counts from its opening."""
        due = None if date is None else self.evaluate(date, token)
        is_span = isinstance(due, str) and due.startswith("P") and self.graph.model.dialect is Dialect.CAMUNDA_7
        return self._moment(due, is_span=is_span)

    def _moment(self, due: Json, *, is_span: bool) -> datetime | None:
        if due in (None, ""):
            return None
        return schedule(TimerKind.DURATION if is_span else TimerKind.DATE, due, self.step.now, self.step.zone).due_at

    @staticmethod
    def _priority(value: Any) -> int:
        try:
            number = int(value)
        except (TypeError, ValueError, ArithmeticError):
            number = -1
        if not 0 <= number <= 100:
            raise ModelError("EXTRACT_VALUE_ERROR", f"优先级应为 0 至 100 的整数,得到 {value!r}",
                             f"a priority is a whole number from 0 to 100, found {value!r}")  # fmt: skip
        return number

    def open_job(self, token: Token, job: JobDefinition, listener: str | None = None) -> None:
        element = token.task_spec.element
        retries = 3
        if job.retries is not None:
            retries = max(1, self._whole(self.evaluate(job.retries, token), "重试次数", "the number of retries"))
        priority = (
            0
            if job.priority is None
            else self._whole(self.evaluate(job.priority, token), "作业优先级", "a job's priority")
        )
        wait = JobOpened(new_id(), self.instance_id, element.id, token.id, self.text(job.type, token),
                         self.properties(element, token), priority, listener)  # fmt: skip
        token.notes["job"] = wait.id
        self.jobs[wait.id] = (retries, job.headers)
        self.opened[wait.id] = wait

    @staticmethod
    def _whole(value: Any, zh: str, en: str) -> int:
        try:
            number = int(value)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise ModelError("EXTRACT_VALUE_ERROR", f"{zh}应为整数,得到 {value!r}",
                             f"{en} must be a whole number, found {value!r}") from error  # fmt: skip
        return max(-(2**31), min(number, 2**31 - 1))

    def open_listener(self, token: Token, event: str) -> bool:
        """Open the job of the next listener of this moment; False when all have run.

        Camunda 7's listeners that set a variable run at once, on the way.
        """
        listeners = self.graph.listeners(token.task_spec, event)
        count = HEARD if event in TASK_MOMENTS else "listener"
        for done in range(token.notes.get(count, 0), len(listeners)):
            listener = listeners[done]
            token.notes[count] = done
            if listener.type is not None:
                headers = dict(listener.headers)
                if event == "creating":
                    headers |= task_headers(self.corrected(token, self.describe(token)))
                self.open_job(token, JobDefinition(listener.type, listener.retries, headers), event)
                return True
            self._assign(token, listener)
            token.notes[count] = done + 1
        return False

    def run_listeners(self, token: Token, event: str) -> None:
        """Let those listeners of this moment set their variables that are no jobs (Camunda 7)."""
        for listener in self.graph.listeners(token.task_spec, event):
            self._assign(token, listener)

    def _assign(self, token: Token, listener: Listener) -> None:
        if listener.script is not None and listener.script.result_variable is not None:
            self.merge(token, {listener.script.result_variable: self.json(listener.script.expression, token)})


def task_headers(task: UserTaskOpened) -> dict[str, str]:
    """What the listener of a task that is not offered yet is told about it, in the headers of its job (`TASK_HEADER`)."""
    told: dict[str, Json] = {
        "assignee": task.assignee, "candidateGroups": list(task.candidate_groups), "candidateUsers": list(task.candidate_users),
        "dueDate": task.due_at and task.due_at.isoformat(), "followUpDate": task.follow_up_at and task.follow_up_at.isoformat(),
        "formKey": None if task.form_id is None else str(task.form_id), "priority": task.priority, "userTaskKey": str(task.id),
    }  # fmt: skip
    return {
        TASK_HEADER + name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in told.items()
        if value is not None and value != []
    }


def gathered(event_id: str) -> str:
    """The note of what the triggers of a parallel multiple event have brought so far, at the token that waits for it."""
    return f"gathered#{event_id}"


def keys(element: Element) -> list[tuple[str, EventDefinition]]:
    """The keys under which an event element is armed, each with what is awaited under it."""
    parts = element.event.parts
    return [(f"{element.id}#{n}", part) for n, part in enumerate(parts)] if parts else [(element.id, element.event)]
