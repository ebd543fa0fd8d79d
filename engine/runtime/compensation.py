"""Compensation: completed activities are undone, the last first, each before the next (BPMN 2.0, sections 10.7 and 13.5.5).

A scope notes what completed in it and can be undone (`DONE`): [spec name, what completed inside it, name of the kept
variables or None]. Whoever throws takes these records (`UNDO`) and works them off: the handler that is attached, else the
sub-process is opened again and its own event sub-process, or what completed in it, is carried out.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime.token import Stage, Token

DONE = "done#"
UNDO = "undo#"
UNDONE_FOR = "undone-for#"
REOPENED = "reopened#"


def remember(token: Token) -> None:
    """An activity completed: note in its scope how it can be undone."""
    spec, scope = token.task_spec, token.scope
    if not spec.can_be_undone or scope is None or UNDONE_FOR in token.notes:
        return
    inner = token.notes.get(DONE, [])
    execution = token.workflow
    _keep_outside(token, scope, inner)
    if execution.graph.is_handler(spec):  # what an event sub-process did belongs to the scope around it
        scope.notes.setdefault(DONE, []).extend(inner)
        return
    if spec.compensation is None and spec.compensating_start is None and not inner:
        return
    kept = None
    if spec.compensation is None and (local := execution.local_variables(token)):
        kept = f"#undo:{token.id}"  # what the sub-process knew is needed when it is opened again
        execution.variables.set_local(scope.id, kept, local)
    scope.notes.setdefault(DONE, []).append([spec.name, inner, kept])


def _keep_outside(token: Token, scope: Token, records: list[list[Any]]) -> None:
    """Variables that were kept inside an activity outlive it with the records that need them."""
    execution = token.workflow
    for _, inner, kept in records:
        if kept is not None:
            execution.variables.need((kept,))
            execution.variables.set_local(scope.id, kept, execution.variables.local(token.id).get(kept))
        _keep_outside(token, scope, inner)


def throw(token: Token, activity: str | None, *, waits: bool) -> bool:
    """Undo what completed in the scope of the throwing token, or one activity of it. True: nothing to wait for.

    Thrown inside an event sub-process it reaches the scope around that too. Without waiting all handlers begin at once.
    """
    scope = token.scope
    records: list[list[Any]] = []
    while scope is not None:
        found = _take(scope, activity)
        records = [*found, *records]
        if not token.workflow.graph.is_handler(scope.task_spec):
            break
        scope = scope.scope
    if not waits:
        for scope_id, record in reversed(records):
            _undo(token.workflow.tasks[scope_id], record, None)
        return True
    return undo(token, records)


def undo(token: Token, records: list[list[Any]]) -> bool:
    """Work off records at `token`, the last first. True when there are none."""
    token.notes[UNDO] = records
    return not _next(token)


def _take(scope: Token, activity: str | None) -> list[list[Any]]:
    done = scope.notes.get(DONE, [])
    taken = [record for record in done if activity is None or record[0] == activity]
    rest = [record for record in done if record not in taken]
    if rest:
        scope.notes[DONE] = rest
    else:
        scope.notes.pop(DONE, None)
    return [[scope.id, record] for record in taken]


def take_all(scope: Token) -> list[list[Any]]:
    """Everything that completed in a scope, for a transaction that is cancelled."""
    return _take(scope, None)


def _next(token: Token) -> bool:
    """Begin to undo the next record of a token that undoes; False when there is none left."""
    records = token.notes[UNDO]
    if not records:
        del token.notes[UNDO]
        return False
    scope_id, record = records.pop()
    _undo(token.workflow.tasks[scope_id], record, token)
    return True


def _undo(scope: Token, record: list[Any], undone_for: Token | None) -> None:
    name, inner, kept = record
    execution = scope.workflow
    spec = execution.element_spec(name)
    mark = 0 if undone_for is None else undone_for.id
    if spec.compensation is not None:
        execution.spawn(spec.compensation, scope).notes[UNDONE_FOR] = mark
        return
    body = Token(execution, spec, scope, TaskState.STARTED)
    body.stage = Stage.ACTIVE
    body.notes.update({UNDONE_FOR: mark, REOPENED: True})
    execution.enter(body)
    if kept is not None:
        for variable, value in (execution.view(scope).get(kept) or {}).items():
            execution.variables.set_local(body.id, variable, value)
    if spec.compensating_start is not None:
        start, handler = spec.compensating_start
        body.notes[DONE] = inner
        execution.spawn(handler, body).notes.update(start=start.element.id, happened={})
    elif undo(body, [[body.id, entry] for entry in inner]):
        _close(body)


def completed(token: Token) -> None:
    """A token ended: if it was a handler, whoever waits for it goes on."""
    mark = token.notes.get(UNDONE_FOR)
    if mark is None:
        return
    waiting = token.workflow.token(mark)
    if waiting is None or UNDO not in waiting.notes or _next(waiting):
        return
    if REOPENED in waiting.notes:
        child_ended(waiting)
    else:
        waiting.task_spec.undone(waiting)


def taken_away(token: Token) -> None:
    """A handler was taken away, by an event at its own border or by an operator: what it was to undo counts as undone."""
    completed(token)


def child_ended(body: Token) -> None:
    """Something inside a sub-process that was opened again ended; what events at a handler's border began may go on."""
    if not body._children and UNDO not in body.notes:
        _close(body)


def _close(body: Token) -> None:
    """All is undone. The scope around hears of it like of anything that ends in it: it may have been the last."""
    body.workflow.drop(body)
    body.workflow._task_completed_notify(body)
