"""What must hold of every stored instance after every commit; asked by tests, and by an operator of a live database.

The numbers are those of the reliability page: I1 every live token waits or has an incident, I2 waits and rows are one to
one, I3 each stay begins and ends once, I4 an instance is over exactly when no token lives, I5 the stored state is what its
own tokens are written as, I7 the state stays small, I8 version n is history entry n.

I6 (a pruned and an unpruned state accept the same commands) is void by design: a token leaves the tree when it ends, so
there is no unpruned state to compare with. I9 (timers and jobs happen once) cannot be seen in what is stored, because what
happened has no row any more; tests watch the changes of every step for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.codec import pack, unpack
from engine.definitions import Definitions
from engine.model import InstanceState
from engine.persistence import Connection, instances, waits
from engine.runtime.activities import CallActivity, Scope
from engine.runtime.compensation import UNDO
from engine.runtime.graph import Graph
from engine.runtime.loops import LoopFrame
from engine.runtime.step import InstanceRow
from engine.runtime.token import HELD
from engine.runtime.tree import COMPLETED, ENTERED, TERMINATED

STATE_BYTES, TOKEN_BYTES = 1024, 200
"""I7: the state of an instance takes at most this, and this for each live token."""

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
        stored: Counter[tuple[str, int]] = Counter()
        for what, table in waits.WAITS.items():
            for wait_id in waits.ids_of(connection, table, row.region, row.id):
                stored[what, wait_id] += 1
        past = Past()
        past.read((entry[1], entry[5]) for entry in instances.history(connection, row.region, [row.id]))
        graph = definitions.graph(connection, row.definition_id)
        sentences = [*state_faults(graph, row.state, row.tokens, stored), *past.faults(row.version, row.tokens)]
        found += [f"instance {row.region}/{row.id}: {sentence}" for sentence in sentences]
    return found


def state_faults(
    graph: Graph, state: InstanceState, stored_tokens: bytes, stored_waits: Mapping[tuple[str, int], int]
) -> Iterator[str]:
    """I1, I2, I4, I5 and I7 of one instance: its state, its tokens, and how often each wait (kind, id) has a row."""
    format_number, tokens = unpack(stored_tokens)
    if (state in (InstanceState.ACTIVE, InstanceState.SUSPENDED)) != bool(tokens):
        yield f"I4: state {state} with {len(tokens)} tokens"
    parents = {token[1] for token in tokens}
    expected: Counter[tuple[str, int]] = Counter()
    for token_id, _, name, phase, _, _, armed, notes in tokens:
        spec = graph.spec.task_specs[name]
        for key, wait_id in armed.items():
            timer = graph.awaited(key).trigger == "timer"
            expected["timer" if timer else "subscription", wait_id] += 1
        for note, what in _NOTED.items():
            if note in notes:
                expected[what, notes[note]] += 1
        holds = token_id in parents and isinstance(spec, Scope | LoopFrame)
        calls = isinstance(spec, CallActivity) and "instance" in notes
        waits_here = bool(armed) or any(note in notes for note in (*_NOTED, UNDO))
        if not (holds or calls or waits_here or phase == HELD):
            yield f"I1: the token {token_id} at {name} neither waits nor has an incident"
    stored = Counter(dict(stored_waits))
    for what, wait_id in expected - stored:
        yield f"I2: the state waits for {what} {wait_id}, which has no row"
    for what, wait_id in stored - expected:
        yield f"I2: {what} {wait_id} has a row, but nothing waits for it"
    if pack([format_number, tokens]) != stored_tokens:
        yield "I5: the state read and written again gives other bytes"
    if len(stored_tokens) > STATE_BYTES + TOKEN_BYTES * len(tokens):
        yield f"I7: {len(stored_tokens)} bytes for {len(tokens)} tokens"


class Past:
    """The history of one instance, read entry by entry; `faults` judges I3 and I8 by what was read so far.

    `read_to` is the number of the last entry that was read.
    """

    def __init__(self) -> None:
        self.read_to = 0
        self._elements: dict[int, str] = {}
        self._ended: set[int] = set()
        self._faults: list[str] = []

    def read(self, entries: Iterable[tuple[int, list[Any]]]) -> None:
        """The next entries, in order: (n, events)."""
        for n, events in entries:
            if n != self.read_to + 1:
                self._faults.append(f"I8: history entry {n} follows entry {self.read_to}")
            self.read_to = n
            for event in events:
                if event[0] == ENTERED:
                    self._enter(event[1], event[2])
                elif event[0] in (COMPLETED, TERMINATED):
                    self._end(event[1])

    def element(self, stay: int) -> str:
        """The element of a stay that has begun."""
        return self._elements.get(stay, "?")

    def _enter(self, stay: int, element_id: str) -> None:
        if stay in self._elements:
            self._faults.append(f"I3: the stay {stay} at {element_id} began twice")
        self._elements[stay] = element_id

    def _end(self, stay: int) -> None:
        if stay not in self._elements:
            self._faults.append(f"I3: the stay {stay} ended without having begun")
        if stay in self._ended:
            self._faults.append(f"I3: the stay {stay} ended twice")
        self._ended.add(stay)

    def faults(self, version: int, stored_tokens: bytes) -> list[str]:
        found = list(self._faults)
        if version != self.read_to:
            found.append(f"I8: version {version} with {self.read_to} history entries")
        alive = {token[0] for token in unpack(stored_tokens)[1]}
        lost, undead = self._elements.keys() - self._ended - alive, alive & self._ended
        found += [f"I3: the stay {stay} began, did not end and is not alive" for stay in lost]
        found += [f"I3: the stay {stay} ended and is still alive" for stay in undead]
        return found
