"""An element instance: SpiffWorkflow's `Task`, as a node in the tree of scopes.

SpiffWorkflow hangs every task under the one before it, so its tree is the case's whole history: it grows with every
step, data is copied along it, and past a depth of 1 000 it stops without a word. Here a token hangs under the scope
that contains it, and leaves the tree when it ends. The tree is then exactly what is alive, its size does not depend on
the age of the case, and ending a scope is dropping a branch. The past goes to `history`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.ids import new_id

if TYPE_CHECKING:
    from engine.runtime.elements import ElementSpec
    from engine.runtime.execution import Execution


HELD: int = TaskState.WAITING
"""The state of a token that a join holds."""


NOTED = "noted"
"""The note of a token whose coming stands in the history already, although its inputs are still to be evaluated."""


class Stage(IntEnum):
    """How far a stay at an element has come; where a retry goes on after an incident."""

    ENTERING = 0  # inputs, properties, waits are still to be evaluated
    STARTING = 1  # start listeners run
    ACTIVE = 2  # waits for its own work
    LEAVING = 3  # outputs and outgoing flows are to be evaluated
    ENDING = 4  # end listeners run


class Token(Task):
    """One stay at one element.

    `flow` is the sequence flow it came by (None: by its scope or an event); `waits` maps the event elements that are
    armed at it to the ids of their waits; `notes` keeps what the element needs to go on: small, of JSON values.
    """

    workflow: Execution
    task_spec: ElementSpec

    def __init__(
        self, workflow: Execution, task_spec: ElementSpec, parent: Token | None = None,
        state: int = TaskState.FUTURE, token_id: int | None = None,
    ) -> None:  # fmt: skip
        self.id: int = token_id or new_id()
        if token_id is None:
            workflow.variables.begin(self.id)
        workflow.tasks[self.id] = self
        self.workflow = workflow
        self._parent = None if parent is None else parent.id
        self._children: list[int] = []
        self._state = state
        self.triggered = False
        self.task_spec = task_spec
        self.internal_data: dict[str, Any] = {}
        self.scope: Token | None = parent
        self.flow: str | None = None
        self.stage = Stage.ENTERING
        self.waits: dict[str, int] = {}
        self.notes: dict[str, Any] = {}
        self.came_by: tuple[str, ...] = ()
        if parent is not None:
            parent._children.append(self.id)

    @property
    def data(self) -> Any:
        """SpiffWorkflow's copied task data is switched off: variables live on scopes (`engine.runtime.variables`)."""
        raise AttributeError("task data is switched off; variables live on scopes")

    def _set_state(self, value: int) -> None:
        # SpiffWorkflow calls every token started that has run and is not done; one that has not entered is held.
        self._state = HELD if value == TaskState.STARTED and self.stage is Stage.ENTERING else value

    def _inherit_data(self) -> None:
        """Nothing is copied along the tree."""

    def awaits(self, wait_id: int) -> str | None:
        """The key under which this wait is armed here; None when it is not (any more)."""
        return next((key for key, waiting in self.waits.items() if waiting == wait_id), None)

    @property
    def is_alive(self) -> bool:
        return self.id in self.workflow.tasks

    def __repr__(self) -> str:
        return f"<Token {self.task_spec.name} {TaskState.get_name(self._state)} {self.id}>"
