"""What stands in the database of a tree of instances, and what the token game foretells, drawn in the same way.

A picture is a tree of spots, one for each live token: the element, how it came, its variables, what it waits for, what is
inside. Two pictures are equal exactly when nobody could tell the instances apart. Reading is plain SQL in one transaction
of its own: it sees what was committed, through none of the engine's caches.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from engine.codec import unpack
from engine.invariants import Past, state_faults
from engine.model import InstanceState
from engine.runtime.graph import Graph
from engine.runtime.token import HELD
from engine.runtime.tree import COMPLETED, ENTERED, TERMINATED
from tests.random.marking import Instance, Stay

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WAITS = (
    "select 'timer', id, instance_id, element_id, element_instance_id, due_at, null, null, null, cycle from timer "
    "where region = ? and root_id = ? "
    "union all select 'job', id, instance_id, element_id, element_instance_id, null, retries, type, null, null from job "
    "where region = ? and root_id = ? "
    "union all select 'subscription', id, instance_id, element_id, element_instance_id, null, null, kind, "
    "name || '/' || coalesce(key, ''), null from subscription where region = ? and root_id = ? "
    "union all select 'incident', id, instance_id, element_id, element_instance_id, null, null, kind, null, null "
    "from incident where region = ? and root_id = ? "
    "union all select 'user_task', id, instance_id, element_id, element_instance_id, null, null, null, null, null "
    "from user_task where region = ? and root_id = ?"
)
_INSTANCES = (
    "select id, definition_id, process_id, state, version, tokens, parent_element_instance_id from instance "
    "where region = ? and root_id = ? and id >= ? order by id"  # what was called began after who called it
)
_VARIABLES = "select scope_id, name, value from variable where region = ? and instance_id = ?"
_HISTORY = "select n, events from history where region = ? and instance_id = ? and n > ? order by n"


@dataclass(slots=True)
class Spot:
    """One live token. `ids`: the token, and its waits by kind; `stay`: the same in the token game. Neither is compared."""

    element: str
    state: str
    came_by: tuple[str, ...]
    variables: dict[str, Any]
    waits: list[tuple[Any, ...]]
    loop: tuple[int, int] | None
    inside: list[Spot]
    called: Spot | None
    ids: dict[str, int] = field(default_factory=dict, compare=False)
    stay: Stay | None = field(default=None, compare=False, repr=False)

    def lines(self, depth: int = 0) -> list[str]:
        text = f"{'  ' * depth}{self.element} {self.state} by {','.join(self.came_by) or '-'}"
        if self.variables:
            text += f" {dict(sorted(self.variables.items()))}"
        if self.waits:
            text += f" waits {self.waits}"
        if self.loop is not None:
            text += f" loop {self.loop}"
        found = [text]
        for spot in self.inside:
            found += spot.lines(depth + 1)
        if self.called is not None:
            found += [f"{'  ' * depth}  calls", *self.called.lines(depth + 2)]
        return found


@dataclass(slots=True)
class Picture:
    """A tree of instances at a standstill: the live tokens, the states of its instances, and what the last command did."""

    root: Spot | None
    states: Counter[tuple[str, str]]
    past: Counter[tuple[Any, ...]]

    def lines(self) -> list[str]:
        states = [f"{process}: {state} x {times}" for (process, state), times in sorted(self.states.items())]
        past = [f"{' '.join(map(str, event))} x {times}" for event, times in sorted(self.past.items(), key=str)]
        return [*states, *(self.root.lines() if self.root is not None else []), *past]


class Eye:
    """A connection of its own to the database, past everything of the engine's; `graph` gives the parsed form of a version."""

    def __init__(self, url: str, graph: Callable[[int], Graph]) -> None:
        self.graph = graph
        if url.startswith("sqlite"):
            self._connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            self._begin, self._mark = "begin", "?"
        else:
            self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
            self._begin, self._mark = "begin isolation level repeatable read read only", "%s"

    @contextmanager
    def look(self) -> Iterator[Eye]:
        """One consistent sight of what is committed."""
        self._connection.execute(self._begin)
        try:
            yield self
        finally:
            self._connection.execute("rollback")

    def rows(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        if self._mark != "?":
            statement = statement.replace("?", self._mark)
        return list(self._connection.execute(statement, values).fetchall())

    def close(self) -> None:
        self._connection.close()


class Reader:
    """Reads one tree of instances after each command: its picture, and which invariants are broken."""

    def __init__(self, region: str, root_id: int, begun: datetime) -> None:
        self.key = (region, root_id)
        self.begun = begun
        self.past: dict[int, Past] = {}

    def read(self, eye: Eye) -> tuple[Picture, list[str]]:
        instances = eye.rows(_INSTANCES, (*self.key, self.key[1]))
        waits: dict[int, list[Sequence[Any]]] = {}
        for row in eye.rows(_WAITS, self.key * 5):
            waits.setdefault(row[4], []).append(row)
        variables: dict[int, dict[str, Any]] = {}
        for row in instances:
            for scope, name, value in eye.rows(_VARIABLES, (self.key[0], row[0])):
                if not name.startswith("#"):
                    variables.setdefault(scope, {})[name] = _plain(unpack(bytes(value)))
        states: Counter[tuple[str, str]] = Counter()
        log: Counter[tuple[Any, ...]] = Counter()
        faults: list[str] = []
        roots: dict[int, Spot] = {}
        placed: set[int] = set()
        found: Spot | None = None
        for instance_id, definition_id, process_id, state, version, raw, parent in reversed(instances):
            data = bytes(raw)
            states[process_id, state] += 1
            mine = Counter((row[0], row[1]) for rows in waits.values() for row in rows if row[2] == instance_id)
            faults += state_faults(eye.graph(definition_id), InstanceState(state), data, mine)
            faults += self._history(eye, instance_id, version, data, log)
            spot = _spots(unpack(data)[1], waits, variables, roots, placed, self.begun)
            if spot is not None and parent is not None:
                roots[parent] = spot
            elif parent is None:
                found = spot
        faults += [
            f"I2: {row[0]} {row[1]} stands at no live token"
            for at, rows in waits.items()
            if at not in placed
            for row in rows
        ]
        outermost = {row[0] for row in instances}  # what the outermost scope holds stays readable after the end
        faults += [
            f"variables {sorted(variables[at])} of {at}, which is gone" for at in variables.keys() - placed - outermost
        ]
        return Picture(found, states, log), faults

    def _history(
        self, eye: Eye, instance_id: int, version: int, data: bytes, log: Counter[tuple[Any, ...]]
    ) -> list[str]:
        past = self.past.setdefault(instance_id, Past())
        if past.read_to < version:
            rows = eye.rows(_HISTORY, (self.key[0], instance_id, past.read_to))
            entries = [(n, unpack(bytes(events))) for n, events in rows]
            past.read(entries)
            for _, events in entries:
                for event in events:
                    if event[0] == ENTERED:
                        log["entered", event[2], tuple(sorted(event[3]))] += 1
                    elif event[0] == COMPLETED:
                        log["completed", past.element(event[1]), tuple(sorted(event[2]))] += 1
                    elif event[0] == TERMINATED:
                        log["terminated", past.element(event[1])] += 1
        return past.faults(version, data)


def _spots(
    tokens: list[Any], waits: dict[int, list[Sequence[Any]]], variables: dict[int, dict[str, Any]], called: dict[int, Spot],
    placed: set[int], begun: datetime,
) -> Spot | None:  # fmt: skip
    spots: dict[int, Spot] = {}
    children: dict[int, list[Spot]] = {}
    root = None
    for token_id, parent_id, name, state, _, came_by, _, notes in tokens:
        rows = waits.get(token_id, ())
        placed.add(token_id)
        ids = {f"{row[0]}:{row[3]}": row[1] for row in rows} | {"token": token_id}
        incident = any(row[0] == "incident" for row in rows)
        spot = Spot(
            name, "held" if state == HELD else "failed" if incident and not any(row[0] == "job" for row in rows) else "active",
            tuple(sorted(came_by)), variables.get(token_id, {}), sorted((_wait(row, begun) for row in rows), key=str),
            (notes["done"], notes["total"]) if "total" in notes else None, [], called.get(token_id), ids,
        )  # fmt: skip
        spots[token_id] = spot
        children.setdefault(parent_id, []).append(spot)
        if parent_id == 0:
            root = spot
    for token_id, spot in reversed(
        spots.items()
    ):  # from the inside out: siblings are told apart by all that is in them
        spot.inside = _in_order(children.get(token_id, []))
    return root


def _wait(row: Sequence[Any], begun: datetime) -> tuple[Any, ...]:
    kind, _, _, element, _, due, retries, text, name, cycle = row
    match kind:
        case "timer":
            left = None if cycle is None else unpack(bytes(cycle))
            return ("timer", element, (moment(due) - begun) // timedelta(hours=1), 0 if left is None else left[4])
        case "job":
            return ("job", text, retries)
        case "subscription":
            return (text, element, "" if text == "conditional" else name)
        case "incident":
            return ("incident", text)
        case _:
            return ("task",)


def moment(stored: datetime | int) -> datetime:
    """A moment as the database of either kind gives it."""
    return stored if isinstance(stored, datetime) else _EPOCH + timedelta(microseconds=stored)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _in_order(spots: list[Spot]) -> list[Spot]:
    """Siblings by element; those at one element by all that distinguishes them, so that equal pictures pair equals."""
    spots.sort(key=lambda spot: spot.element)
    if len({spot.element for spot in spots}) < len(spots):
        spots.sort(key=lambda spot: (spot.element, "\n".join(spot.lines())))
    return spots


def foretold(instance: Instance) -> Picture:
    """The picture of a tree in the token game; its log is taken."""
    members = [instance, *instance.members]
    states = Counter((member.process.id, member.state) for member in members)
    log: Counter[tuple[Any, ...]] = Counter()
    for member in members:
        log += member.log
        member.log.clear()
    return Picture(_drawn(instance.root) if instance.state == "active" else None, states, log)


def _drawn(stay: Stay) -> Spot:
    waits: list[tuple[Any, ...]] = []
    for wait in stay.waits.values():
        node, element = wait.node, wait.event.id
        match node.trigger:
            case "timer":
                waits.append(("timer", element, wait.due, wait.left))
            case "conditional":
                waits.append(("conditional", element, ""))
            case trigger:
                waits.append((trigger, element, f"{node.name}/{wait.key or ''}"))
    if stay.work == "task":
        waits.append(("task",))
    if stay.work == "job":
        when = "" if not stay.resume.endswith("listeners") else stay.resume.split()[0]
        waits.append(("job", f"{when or 'work'}-{stay.node.id}", stay.retries))
    if stay.trouble is not None:
        waits.append(("incident", stay.trouble))
    state = stay.phase if stay.phase in {"held", "failed"} else "active"
    called = stay.called.root if stay.called is not None else None
    return Spot(
        stay.node.id + ("#item" if stay.is_item else ""), state, tuple(sorted(stay.came_by)), dict(stay.variables),
        sorted(waits, key=str), None if stay.items is None else (stay.done, len(stay.items)),
        _in_order([_drawn(kid) for kid in stay.kids]), None if called is None else _drawn(called), stay=stay,
    )  # fmt: skip


def pair(engine: Spot, game: Spot) -> None:
    """Tell the stays of the game which ids the engine gave them; both pictures are equal."""
    assert game.stay is not None
    game.stay.ids = engine.ids
    for ours, theirs in zip(game.inside, engine.inside, strict=True):
        pair(theirs, ours)
    if game.called is not None and engine.called is not None:
        pair(engine.called, game.called)
