"""What must hold of every stored instance after every commit; asked by tests, and by an operator of a live database.

The numbers are those of the reliability page: I1 every live token waits or has an incident, I2 waits and rows are one to
one, I3 each stay begins and ends once, I4 an instance is over exactly when no token lives, I7 the state stays small,
I8 version n is history entry n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from engine.codec import unpack
from engine.definitions import Definitions
from engine.model import InstanceState
from engine.persistence import Connection, instances, waits
from engine.runtime.activities import CallActivity, MultiInstanceBody, Scope
from engine.runtime.execution import COMPLETED, ENTERED, TERMINATED
from engine.runtime.step import InstanceRow
from engine.runtime.token import HELD

_NOTED = {"user_task": "user_task", "job": "job", "incident": "incident"}


def broken(
    connection: Connection, definitions: Definitions, *, region: str | None = None, root_id: int | None = None
) -> list[str]:
    """Every invariant that does not hold, one sentence each with the instance it concerns; empty when all is well.

    Of one region or of all; with a region and `root_id` of one tree only.
    """
    found: list[str] = []
    rows: Iterable[InstanceRow]
    if region is not None and root_id is not None:
        rows = instances.tree(connection, region, root_id)
    else:
        rows = instances.every(connection, region)
    for row in rows:
        found += [f"instance {row.region}/{row.id}: {sentence}" for sentence in _judge(connection, definitions, row)]
    return found


def _judge(connection: Connection, definitions: Definitions, row: InstanceRow) -> Iterator[str]:
    tokens = unpack(row.tokens)[1]
    if (row.state is InstanceState.ACTIVE) != bool(tokens):
        yield f"I4: state {row.state} with {len(tokens)} tokens"
    yield from _waits(connection, definitions, row, tokens)
    if len(row.tokens) > 1024 + 200 * len(tokens):
        yield f"I7: {len(row.tokens)} bytes for {len(tokens)} tokens"
    history = instances.history(connection, row.region, [row.id])
    if [entry[1] for entry in history] != list(range(1, row.version + 1)):
        yield f"I8: version {row.version} with {len(history)} history entries"
    yield from _stays(history, tokens)


def _waits(connection: Connection, definitions: Definitions, row: InstanceRow, tokens: list[Any]) -> Iterator[str]:
    graph = definitions.graph(connection, row.definition_id)
    parents = {token[1] for token in tokens}
    expected: Counter[tuple[str, int]] = Counter()
    for token_id, _, name, state, _, _, armed, notes in tokens:
        for event_id, wait_id in armed.items():
            timer = graph.spec.task_specs[event_id].element.event.trigger == "timer"
            expected["timer" if timer else "subscription", wait_id] += 1
        for note, what in _NOTED.items():
            if note in notes:
                expected[what, notes[note]] += 1
        spec = graph.spec.task_specs[name]
        holds = token_id in parents and isinstance(spec, Scope | MultiInstanceBody)
        calls = isinstance(spec, CallActivity) and "instance" in notes
        waits_here = bool(armed) or any(note in notes for note in _NOTED)
        if not (holds or calls or waits_here or state == HELD):
            yield f"I1: the token {token_id} at {name} neither waits nor has an incident"
    stored: Counter[tuple[str, int]] = Counter()
    for what, table in waits.WAITS.items():
        for wait_id in waits.ids_of(connection, table, row.region, row.id):
            stored[what, wait_id] += 1
    for what, wait_id in expected - stored:
        yield f"I2: the state waits for {what} {wait_id}, which has no row"
    for what, wait_id in stored - expected:
        yield f"I2: {what} {wait_id} has a row, but nothing waits for it"


def _stays(history: list[Any], tokens: list[Any]) -> Iterator[str]:
    entered: set[int] = set()
    ended: Counter[int] = Counter()
    for *_, events in history:
        for event in events:
            if event[0] == ENTERED:
                if event[1] in entered:
                    yield f"I3: the stay {event[1]} at {event[2]} began twice"
                entered.add(event[1])
            elif event[0] in (COMPLETED, TERMINATED):
                ended[event[1]] += 1
    for stay, times in ended.items():
        if times > 1 or stay not in entered:
            yield f"I3: the stay {stay} ended {times} times" + ("" if stay in entered else " without having begun")
    alive = {token[0] for token in tokens}
    for stay in entered - set(ended) - alive:
        yield f"I3: the stay {stay} began, did not end and is not alive"
    for stay in alive & set(ended):
        yield f"I3: the stay {stay} ended and is still alive"
