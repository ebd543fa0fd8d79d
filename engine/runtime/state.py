"""The bytes in which a running instance sleeps: format number, then one row per live token, parents first.

Element ids, never specs: the specs come from the XML of the version. A later format keeps reading every earlier one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.codec import pack, unpack
from engine.runtime.token import Stage, Token

if TYPE_CHECKING:
    from engine.runtime.execution import Execution

FORMAT = 1


def dump(execution: Execution) -> bytes:
    """The live tokens as bytes; equal states give equal bytes."""
    rows: list[list[Any]] = []
    if execution.root is not None and execution.root.is_alive:
        _rows(execution, execution.root, rows)
    return pack([FORMAT, rows])


def _rows(execution: Execution, token: Token, rows: list[list[Any]]) -> None:
    rows.append(
        [
            token.id, token._parent or 0, token.task_spec.name, token._state, int(token.stage), list(token.came_by),
            dict(sorted(token.waits.items())), dict(sorted(token.notes.items())),
        ]
    )  # fmt: skip
    for child in execution.children_of(token):
        _rows(execution, child, rows)


def load(execution: Execution, data: bytes) -> None:
    """Put the stored tokens into an empty execution. ValueError for a format that this release does not know."""
    number, rows = unpack(data)
    if number != FORMAT:
        raise ValueError(f"state of format {number}; this release reads format {FORMAT}")
    for token_id, parent_id, name, state, stage, came_by, waits, notes in rows:
        token = Token(execution, execution.element_spec(name), execution.tasks.get(parent_id), state, token_id)
        token.stage = Stage(stage)
        token.came_by = tuple(came_by)
        token.flow = came_by[0] if came_by else None
        token.waits = waits
        token.notes = notes
        if parent_id == 0:
            execution.root = token


def element_ids(data: bytes) -> list[str]:
    """The elements at which a stored instance has tokens, without building it; a loop's items count, its frame does not."""
    _, rows = unpack(data)
    names = [str(row[2]) for row in rows[1:]]
    frames = {name.removesuffix("#item") for name in names if name.endswith("#item")}
    return [name.removesuffix("#item") for name in names if name not in frames]
