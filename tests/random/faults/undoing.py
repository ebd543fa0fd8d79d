"""Faults in compensation: what is undone, in which order, with which variables, and when it is over."""

from typing import Any

import pytest

from engine.runtime import compensation, modification
from engine.runtime.execution import Execution
from engine.runtime.token import Token


def undone_in_order_of_completion(patch: pytest.MonkeyPatch) -> None:
    own = compensation.undo
    patch.setattr(compensation, "undo", lambda token, records: own(token, records[::-1]))


def everything_is_undone_at_once(patch: pytest.MonkeyPatch) -> None:
    own = compensation.throw
    patch.setattr(compensation, "throw", lambda token, activity, **_: own(token, activity, waits=False))


def named_activity_means_all(patch: pytest.MonkeyPatch) -> None:
    own = compensation._take
    patch.setattr(compensation, "_take", lambda scope, _activity: own(scope, None))


def what_is_undone_can_be_undone_again(patch: pytest.MonkeyPatch) -> None:
    def take(scope: Token, activity: str | None) -> list[list[Any]]:
        return [
            [scope.id, record]
            for record in scope.notes.get(compensation.DONE, [])
            if activity is None or record[0] == activity
        ]

    patch.setattr(compensation, "_take", take)


def nothing_inside_a_sub_process_is_undone(patch: pytest.MonkeyPatch) -> None:
    own = compensation._undo

    def undo(scope: Token, record: list[Any], undone_for: Token | None) -> None:
        own(scope, [record[0], [], record[2]], undone_for)

    patch.setattr(compensation, "_undo", undo)


def what_a_sub_process_knew_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    own = compensation._undo

    def undo(scope: Token, record: list[Any], undone_for: Token | None) -> None:
        own(scope, [record[0], record[1], None], undone_for)

    patch.setattr(compensation, "_undo", undo)


def handlers_are_undone_too(patch: pytest.MonkeyPatch) -> None:
    own = compensation.remember

    def remember(token: Token) -> None:
        mark = token.notes.pop(compensation.UNDONE_FOR, None)
        own(token)
        if mark is not None:
            token.notes[compensation.UNDONE_FOR] = mark
            if token.scope is not None and token.task_spec.compensation is None:
                token.scope.notes.setdefault(compensation.DONE, []).append([token.task_spec.name, [], None])

    patch.setattr(compensation, "remember", remember)


def what_is_undone_ends_with_its_last_handler(patch: pytest.MonkeyPatch) -> None:
    def ended(body: Token) -> None:
        if compensation.UNDO not in body.notes:
            for child in body.workflow.children_of(body):
                body.workflow.terminate(child, by=None)
            compensation._close(body)

    patch.setattr(compensation, "child_ended", ended)


def interrupted_handler_is_waited_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(compensation, "taken_away", lambda _token: None)


def handler_that_an_operator_takes_away_is_waited_for(patch: pytest.MonkeyPatch) -> None:
    def take_away(execution: Execution, token: Token) -> None:
        scope = token.scope
        if scope is None:
            execution.cancel()
            return
        token.notes.pop(compensation.UNDONE_FOR, None)
        own(execution, token)

    own = modification.take_away
    patch.setattr(modification, "take_away", take_away)


FAULTS = (
    undone_in_order_of_completion, everything_is_undone_at_once, named_activity_means_all, what_is_undone_can_be_undone_again,
    nothing_inside_a_sub_process_is_undone, what_a_sub_process_knew_is_forgotten, handlers_are_undone_too,
    what_is_undone_ends_with_its_last_handler, interrupted_handler_is_waited_for,
    handler_that_an_operator_takes_away_is_waited_for,
)  # fmt: skip
