"""Camunda's variables: one shared scope per instance or sub-process, local ones for mappings and loop items.

Rows are fetched when a name is first asked for, and written when they changed. A value is replaced as a whole; what is
handed out must not be edited in place.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine import limits
from engine.codec import pack
from engine.errors import ModelError
from engine.model import Json

if TYPE_CHECKING:
    from engine.runtime.token import Token

Fetch = Callable[[Iterable[str] | None, Iterable[int] | None], Iterable[tuple[int, str, Json]]]


class Variables:
    """The variables of one process instance, by scope (element instance id) and name.

    `fetch(names, scopes)` gives the stored rows of these names in these scopes of the instance (None: of all).
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._scopes: dict[int, dict[str, Json]] = {}
        self._known: dict[str, set[int] | None] = {}
        """Which names were read, in which scopes (None: in all)."""
        self._fresh: set[int] = set()
        self._knows_all = False
        self.changed: dict[tuple[int, str], Json] = {}
        self.dropped: set[int] = set()
        self.ahead: frozenset[str] = frozenset()
        """Names that will be asked for soon: they come with the next ones that are."""
        self.unseen: set[tuple[int, str]] = set()
        """What was written, by scope and name, since conditional events were last asked."""

    def need(self, names: Iterable[str], scopes: Collection[int] | None = None) -> None:
        """Make sure that these names are in memory, as they stand in these scopes (None: in all); one query at most."""
        if self._knows_all:
            return
        missing = [name for name in names if not self._knows(name, scopes)]
        if missing:
            missing += [name for name in self.ahead if name not in missing and not self._knows(name, scopes)]
            self.ahead = frozenset()
            for name in missing:
                self._known[name] = None if scopes is None else {*(self._known.get(name) or ()), *scopes}
            asked = None if scopes is None else [scope for scope in scopes if scope not in self._fresh]
            if asked is None or asked:
                self._keep(self._fetch(missing, asked))

    def _knows(self, name: str, scopes: Collection[int] | None) -> bool:
        if name not in self._known:
            return False
        known = self._known[name]
        return known is None or (scopes is not None and all(scope in known or scope in self._fresh for scope in scopes))

    def begin(self, scope: int) -> None:
        """A scope begins in this command: nothing is stored in it."""
        self._fresh.add(scope)

    def need_all(self) -> None:
        if not self._knows_all:
            self._knows_all = True
            self._keep(self._fetch(None, None))

    def _keep(self, rows: Iterable[tuple[int, str, Json]]) -> None:
        for scope, name, value in rows:
            if scope not in self.dropped and (scope, name) not in self.changed:
                self._scopes.setdefault(scope, {})[name] = value

    def local(self, scope: int) -> dict[str, Json]:
        """What stands in this very scope among the names asked for so far."""
        return self._scopes.get(scope, {})

    def set_local(self, scope: int, name: str, value: Json) -> None:
        """Write `name` in this very scope."""
        self._check(name, value)
        if self._known.get(name, ()) is not None:
            self._known.setdefault(name, set()).add(scope)  # type: ignore[union-attr]  # None was asked just now
        self._scopes.setdefault(scope, {})[name] = value
        self.changed[(scope, name)] = value
        self.unseen.add((scope, name))

    def forget(self, scope: int) -> None:
        """The scope is gone: its element instance ended."""
        self._scopes.pop(scope, None)
        self.dropped.add(scope)
        for key in [key for key in self.changed if key[0] == scope]:
            del self.changed[key]

    def saved(self) -> None:
        """What changed has been written."""
        self.changed.clear()
        self.dropped.clear()
        self.unseen.clear()

    @staticmethod
    def _check(name: str, value: Json) -> None:
        if not name or len(name) > limits.ID_CHARACTERS:
            raise ModelError(
                "EXTRACT_VALUE_ERROR", f"变量名长度不合法:{name[:40]}", f"variable name of a bad length: {name[:40]}"
            )
        # small scalars cannot exceed the bound; only what can be large is measured
        if isinstance(value, str | list | dict) and len(value) > 64 and len(pack(value)) > limits.VALUE_BYTES:
            raise ModelError(
                "MESSAGE_SIZE_EXCEEDED",
                f"变量 {name} 超过 {limits.VALUE_BYTES} 字节",
                f"variable {name} is larger than {limits.VALUE_BYTES} bytes",
            )


class View(Mapping[str, Any]):
    """The variables seen from one element instance, looking outward; what expressions read.

    `extra` are names that exist only for this evaluation (a job's results, an event's variables) and win.
    """

    __slots__ = ("_extra", "_scopes", "_variables")

    def __init__(self, variables: Variables, token: Token | None, extra: Mapping[str, Json] | None = None) -> None:
        self._variables = variables
        self._extra = extra
        scopes = []
        while token is not None:
            scopes.append(token.id)
            token = token.scope
        self._scopes = scopes

    def need(self, names: Iterable[str]) -> None:
        self._variables.need(names, self._scopes)

    def __getitem__(self, name: str) -> Json:
        if self._extra is not None and name in self._extra:
            return self._extra[name]
        self._variables.need((name,), self._scopes)
        for scope in self._scopes:
            local = self._variables.local(scope)
            if name in local:
                return local[name]
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        self._variables.need_all()
        names: dict[str, None] = {}
        for scope in reversed(self._scopes):
            names.update(dict.fromkeys(self._variables.local(scope)))
        names.update(dict.fromkeys(self._extra or ()))
        return iter(names)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def has_any(self, written: set[tuple[int, str]], names: Iterable[str]) -> bool:
        """Whether one of these names was written in a scope that is seen from here."""
        return any((scope, name) in written for name in names for scope in self._scopes)

    def set(self, name: str, value: Json) -> int:
        """Write where the name stands, looking outward; else in the outermost scope. Gives the scope written to.

        Camunda 8, "Variables", section "Variable propagation".
        """
        self._variables.need((name,), self._scopes)
        target = self._scopes[-1]
        for scope in self._scopes:
            if name in self._variables.local(scope):
                target = scope
                break
        self._variables.set_local(target, name, value)
        return target


def put(context: Json, path: tuple[str, ...], value: Json) -> Json:
    """`context` with `value` at `path`; what stands beside the path stays (Camunda 8, "Merging variables")."""
    if not path:
        return value
    merged = copy.copy(context) if isinstance(context, dict) else {}
    merged[path[0]] = put(merged.get(path[0]), path[1:], value)
    return merged
