"""Where names live: at compile time which scopes surround a place, at run time what they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from engine.feel.functions.registry import Functions
from engine.feel.limits import Run
from engine.feel.tree import Name, Node
from engine.feel.types import Type
from engine.feel.values import Value

MISSING: Any = object()


class Env:
    """What a closure runs in: the variables given from outside, the local ones, and the evaluation.

    `asked` are the arguments of an evaluation that has not begun yet: most conditions end without needing it.
    """

    __slots__ = ("asked", "begun", "local", "root")

    def __init__(
        self, root: Mapping[str, Any], local: dict[Any, Any], run: Run | None, asked: tuple[Any, ...] = ()
    ) -> None:
        self.root = root
        self.local = local
        self.begun = run
        self.asked = asked

    @property
    def run(self) -> Run:
        """The evaluation under way."""
        run = self.begun
        if run is None:
            run = self.begun = Run(*self.asked)
        return run

    def inner(self) -> Env:
        """A copy whose local variables can be changed without being seen from outside."""
        return Env(self.root, dict(self.local), self.run)


Closure: TypeAlias = Callable[[Env], Any]


@dataclass(frozen=True, slots=True)
class ItemScope:
    """The scope inside a filter: entries of the item under test hide names outside it; `key` finds the item."""

    key: object


@dataclass(frozen=True, slots=True)
class Scope:
    """The scopes around a place, innermost last, and what is known of the outermost one.

    `declared` are outer names that may be functions and then win over a built-in function of the same name;
    `free` collects the names that may be read from the variables given from outside.
    """

    compiler: Callable[[Node, Scope], Closure]
    functions: Functions
    types: Mapping[str, Type]
    declared: frozenset[str]
    layers: tuple[frozenset[str] | ItemScope, ...] = ()
    free: set[str] = field(default_factory=set)

    def compile(self, node: Node) -> Closure:
        """The closure of `node` at this place."""
        return self.compiler(node, self)

    def with_names(self, *names: str) -> Scope:
        return replace(self, layers=(*self.layers, frozenset(names)))

    def with_item(self, key: object) -> Scope:
        return replace(self, layers=(*self.layers, frozenset({"item"}), ItemScope(key)))

    def find(self, name: str) -> tuple[tuple[object, ...], bool]:
        """Keys of the items whose entries may be meant, innermost first, and whether a local variable is."""
        keys: list[object] = []
        for layer in reversed(self.layers):
            if isinstance(layer, ItemScope):
                keys.append(layer.key)
            elif name in layer:
                return tuple(keys), True
        self.free.add(name)
        return tuple(keys), False


def outer_name(node: Node, scope: Scope) -> str | None:
    """The name of a variable that can only be one given from outside, None for anything else."""
    return node.name if isinstance(node, Name) and scope.find(node.name) == ((), False) else None


def lookup(env: Env, name: str, item_keys: tuple[object, ...], local: bool) -> Value:
    """The value of a name, MISSING if nothing bears it."""
    for key in item_keys:
        item = env.local[key]
        if type(item) is dict and name in item:
            return item[name]
    return env.local[name] if local else env.root.get(name, MISSING)
