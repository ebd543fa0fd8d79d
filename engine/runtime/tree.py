"""The tree of live tokens: how one comes, passes, ends, and is taken away with everything inside it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine import limits
from engine.errors import ModelError
from engine.model import ClosedHow
from engine.parsing.records import ElementKind
from engine.runtime.token import NOTED, Stage, Token
from engine.runtime.waiting import Waiting

if TYPE_CHECKING:
    from engine.runtime.elements import ElementSpec
    from engine.runtime.graph import Graph
    from engine.runtime.step import Step
    from engine.runtime.variables import Variables as VariableStore

ENTERED, COMPLETED, TERMINATED, DECIDED, OPERATED, OPENED, CLOSED = 0, 1, 2, 3, 4, 5, 6
"""Kinds of history events; the numbers stand in stored rows and never change. OPENED and CLOSED are of jobs and incidents."""


class TokenTree(Waiting):
    """`log` are the history events of this command, `ready` the tokens that can go on and what is to be done with one."""

    def __init__(self, graph: Graph, step: Step, instance_id: int, variables: VariableStore) -> None:
        super().__init__(graph, step, instance_id, variables)
        self.ready: deque[Token | tuple[Callable[[Token], None], Token]] = deque()
        self.log: list[list[Any]] = []
        self.root: Token | None = None
        self.end_element: str | None = None

    def spawn(self, spec: ElementSpec, scope: Token, flow: str | None = None) -> Token:
        """A token arrives at an element inside `scope`."""
        if len(self.tasks) >= limits.TOKENS:
            raise ModelError(
                "STEP_LIMIT", f"一个案件最多 {limits.TOKENS} 个令牌", f"at most {limits.TOKENS} tokens in one instance"
            )
        token = Token(self, spec, scope)
        token.flow = flow
        if flow is not None:
            token.came_by = (flow,)
        spec._update(token)
        return token

    def enter(self, token: Token) -> None:
        scope = None if token.scope is None else token.scope.id
        self.log.append([ENTERED, token.id, token.task_spec.element.id, list(token.came_by), scope])

    def drop(self, token: Token, given: tuple[str, ...] = ()) -> None:
        """The token completed: out of the tree, its waits closed."""
        if token.scope is self.root and token.task_spec.element.kind is ElementKind.END_EVENT:
            self.end_element = token.task_spec.element.id
        self._take_out(token, ClosedHow.CANCELLED, None)
        self.log.append([COMPLETED, token.id, list(given)])

    def terminate(self, token: Token, by: str | None) -> None:
        """Take away a token and everything inside it."""
        for child in self.children_of(token):
            self.terminate(child, by)
        token.task_spec.on_cancel(token)
        entered = token.stage is not Stage.ENTERING or NOTED in token.notes
        token._set_state(TaskState.CANCELLED)
        self._take_out(token, ClosedHow.CANCELLED, by)
        if entered:
            self.log.append([TERMINATED, token.id, by])

    def terminate_others(self, token: Token) -> None:
        """A terminate end event: everything else in its scope ends (BPMN 2.0, section 10.5.3)."""
        scope = token.scope
        assert scope is not None  # an end event lies in a process or sub-process
        self.disarm(scope, by=token.task_spec.element.id, only_handlers=True)
        for other in self.children_of(scope):
            if other is not token:
                self.terminate(other, by=token.task_spec.element.id)

    def later(self, what: Callable[[Token], None], token: Token) -> None:
        """Do something with a token, if it still lives, after everything that can go on now has."""
        self.ready.append((what, token))

    def absorb(self, token: Token) -> None:
        """A token that waited at a join goes into the one that passes."""
        if NOTED in token.notes:  # an incident stood at it, so its stay has begun and ends here
            self.log.append([COMPLETED, token.id, []])
        self._remove(token)

    def take_in(self, token: Token) -> None:
        """A token ends at a join that has gone on without it; it may have been the last of its scope."""
        self.absorb(token)
        self._task_completed_notify(token)

    def _take_out(self, token: Token, how: ClosedHow, by: str | None) -> None:
        self.disarm(token, by)
        for what in ("user_task", "job", "incident"):
            if (wait_id := token.notes.pop(what, None)) is not None:
                self.close(what, wait_id, token.task_spec.element.id, how, by)
        if token is not self.root:  # what the outermost scope holds stays readable after the end
            self.variables.forget(token.id)
        self._remove(token)

    def _remove(self, token: Token) -> None:
        del self.tasks[token.id]
        if token.scope is not None and token.id in token.scope._children:
            token.scope._children.remove(token.id)
