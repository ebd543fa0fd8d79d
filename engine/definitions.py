"""The parsed form of what is deployed: an immutable cache per version. The file itself is the truth.

Held once per process; shared by all threads. A version never changes, so nothing is ever invalidated, only forgotten
when too many are held.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar

from engine.decisions import Decision, DecisionModel, library, parse_decisions
from engine.errors import Unknown
from engine.expressions import Value, compile_value
from engine.feel import Builtin
from engine.model import FormVersion, Json, ProcessDefinition
from engine.parsing.bpmn import read_deployed
from engine.persistence import Connection
from engine.persistence import definitions as rows
from engine.runtime.graph import Graph

_HELD = 1_000


T = TypeVar("T")


class _Held(Generic[T]):
    """A cache that forgets what was used longest ago."""

    def __init__(self) -> None:
        self._items: OrderedDict[Any, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
        made = make()
        with self._lock:
            self._items[key] = made
            while len(self._items) > _HELD:
                self._items.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class DecisionVersion:
    """A decision ready to be evaluated, and which version it is."""

    decision: Decision
    decision_id: str
    version: int


class Definitions:
    """Graphs, decisions, forms and expressions, parsed once per version."""

    def __init__(self, functions: Mapping[str, Builtin]) -> None:
        self.functions = functions
        self._graphs: _Held[Graph] = _Held()
        self._files: _Held[DecisionModel] = _Held()
        self._decisions: _Held[DecisionVersion] = _Held()
        self._forms: _Held[FormVersion] = _Held()
        self._processes: _Held[tuple[ProcessDefinition, str | None]] = _Held()
        self._expressions: _Held[Value] = _Held()
        self._contents: _Held[bytes] = _Held()
        self._newest: dict[tuple[str, str], tuple[int, Any]] = {}
        self._versions: _Held[Any] = _Held()

    def newest(self, connection: Connection, kind: str, key: str, mark: int | None) -> Any:
        """The row of the newest version of a thing; None where there is none.

        `mark` counts the deployments that the transaction sees (`definitions.mark`): what was found under it is found again.
        None: the transaction deployed something itself, which nobody else sees yet.
        """
        if mark is None:
            return rows.newest(connection, kind, key)
        kept = self._newest.get((kind, key))
        if kept is None or kept[0] != mark:
            kept = self._newest[kind, key] = (mark, rows.newest(connection, kind, key))
        return kept[1]

    def version(self, connection: Connection, kind: str, key: str, version: int, mark: int | None) -> Any:
        """The row of a version, None where there is none; `mark` as in `newest`."""
        if mark is None:
            return rows.by_version(connection, kind, key, version)
        return self._versions.get((mark, kind, key, version), lambda: rows.by_version(connection, kind, key, version))

    def content(self, connection: Connection, resource_id: int) -> bytes:
        """The bytes of a file."""
        return self._contents.get(resource_id, lambda: rows.content(connection, resource_id))

    def graph(self, connection: Connection, definition_id: int) -> Graph:
        def make() -> Graph:
            row = _found(rows.by_id(connection, definition_id), definition_id)
            file = read_deployed(
                rows.content(connection, row.resource_id), file=row.resource_name, functions=self.functions
            )
            model = next(process for process in file.processes if process.id == row.key)
            return Graph(model, definition_id, row.extra["bindings"])

        return self._graphs.get(definition_id, make)

    def process(self, connection: Connection, definition_id: int, mark: Callable[[], int | None]) -> ProcessDefinition:
        """The version's description; its start form is the newest of that id at this moment (`mark` as in `newest`)."""

        def make() -> tuple[ProcessDefinition, str | None]:
            row = _found(rows.by_id(connection, definition_id), definition_id)
            return _process(row), row.extra["start_form"]

        process, form_id = self._processes.get(definition_id, make)
        if form_id is None:
            return process
        form = self.newest(connection, "form", form_id, mark())
        return replace(process, start_form_id=None if form is None else form.id)

    def decision(self, connection: Connection, definition_id: int) -> DecisionVersion:
        def make() -> DecisionVersion:
            row = _found(rows.by_id(connection, definition_id), definition_id)

            def read() -> DecisionModel:
                imported = library(rows.content(connection, each) for each in row.extra.get("imports", ()))
                content = rows.content(connection, row.resource_id)
                return parse_decisions(content, functions=self.functions, imports=imported)

            model = self._files.get(row.resource_id, read)
            return DecisionVersion(model.decisions[row.key], row.key, row.version)

        return self._decisions.get(definition_id, make)

    def form(self, connection: Connection, definition_id: int) -> FormVersion:
        def make() -> FormVersion:
            row = _found(rows.by_id(connection, definition_id), definition_id)
            schema: dict[str, Json] = json.loads(rows.content(connection, row.resource_id), parse_float=Decimal)
            return FormVersion(definition_id, row.key, row.version, schema)

        return self._forms.get(definition_id, make)

    def expression(self, text: str) -> Value:
        """A compiled expression of a deployed file; never one from a person or a variable."""
        return self._expressions.get(text, lambda: compile_value(text, functions=self.functions))


def _found(row: Any, definition_id: int) -> Any:
    if row is None:
        raise Unknown(f"没有编号为 {definition_id} 的定义", f"there is no definition {definition_id}")
    return row


def _process(row: Any) -> ProcessDefinition:
    return ProcessDefinition(
        id=row.id, process_id=row.key, version=row.version, name=row.name, version_tag=row.version_tag,
        deployment_id=row.deployment_id, resource_name=row.resource_name, properties=row.extra["properties"],
        start_form_id=None, deployed_at=row.deployed_at,
    )  # fmt: skip
