"""One evaluation of a decision under way: what it reads, what it has found out, and the account it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeAlias

from engine.decisions.records import HitPolicy, Place
from engine.feel import ANY, Kind, Run, Type, UnaryTests, Value, Warning_, to_json


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched: its id in the file, its row from 1, what it gives, and its annotation."""

    rule_id: str
    index: int
    outputs: Mapping[str, Value]
    annotation: str = ""


class Input(NamedTuple):
    """A value that was looked at: the label of the column or name of the variable, its expression and its value."""

    label: str
    expression: str
    value: Value


class Step(NamedTuple):
    """What one decision (or function of the model) did: the "why" of caseworkers and auditors.

    `rules` are all rules that matched, in row order; under PRIORITY or UNIQUE the value tells which one counted.
    """

    id: str
    name: str
    inputs: tuple[Input, ...]
    rules: tuple[MatchedRule, ...]
    value: Value
    hit_policy: HitPolicy | None = None

    def to_json(self) -> dict[str, Any]:
        """The step as it is kept in the history; values are those of process variables."""
        return {
            "id": self.id,
            "name": self.name,
            "hitPolicy": None if self.hit_policy is None else str(self.hit_policy),
            "inputs": [
                {"label": each.label, "expression": each.expression, "value": to_json(each.value)}
                for each in self.inputs
            ],
            "rules": [
                {
                    "id": each.rule_id,
                    "index": each.index,
                    "outputs": to_json(dict(each.outputs)),
                    "annotation": each.annotation,
                }
                for each in self.rules
            ],
            "value": to_json(self.value),
        }


@dataclass(frozen=True, slots=True)
class LocatedWarning:
    """A FEEL warning with the element of the file it arose in; `warning.position` counts in that element's text."""

    element_id: str | None
    warning: Warning_


class Told(Protocol):
    """What a table can say of one of its evaluations, once somebody asks."""

    def told(self, values: Sequence[Value], hits: Sequence[Any]) -> tuple[list[Input], list[MatchedRule]]:
        """The inputs it looked at, and the rules that matched."""


class Notes:
    """What tables note while one decision is worked out: themselves, the values of their inputs, and what matched."""

    __slots__ = ("hit_policy", "looked")

    def __init__(self) -> None:
        self.hit_policy: HitPolicy | None = None
        self.looked: list[tuple[Told, Sequence[Value], Sequence[Any]]] = []


class Variables(Mapping[str, Any]):
    """Variables over variables: names not found in `own` are looked up in `outer`."""

    __slots__ = ("outer", "own")

    def __init__(self, own: dict[str, Any], outer: Mapping[str, Any]) -> None:
        self.own = own
        self.outer = outer

    def get(self, key: str, default: Any = None) -> Any:  # the signature of Mapping.get
        if key in self.own:
            return self.own[key]
        return self.outer.get(key, default)

    def __getitem__(self, key: str) -> Any:
        return self.own[key] if key in self.own else self.outer[key]

    def __contains__(self, key: object) -> bool:
        return key in self.own or key in self.outer

    def __iter__(self) -> Iterator[str]:
        yield from self.own
        yield from (key for key in self.outer if key not in self.own)

    def __len__(self) -> int:
        return sum(1 for _ in self)


_Types: TypeAlias = frozenset[type]
_SCALARS: dict[Kind, _Types] = {
    Kind.NUMBER: frozenset({int, Decimal}),
    Kind.STRING: frozenset({str}),
    Kind.BOOLEAN: frozenset({bool}),
    Kind.DATE: frozenset({date}),
}
_QUICK = {**_SCALARS, Kind.UNKNOWN: frozenset[type]().union(*_SCALARS.values())}


@dataclass(frozen=True, slots=True)
class Declared:
    """A type with the constraints that item definitions put on it, on its items and on its entries."""

    type: Type
    constraints: tuple[UnaryTests, ...] = ()
    item: Declared | None = None
    entries: Mapping[str, Declared] = field(default_factory=dict, hash=False)
    name: str = ""
    quick: _Types = field(init=False, compare=False, repr=False)
    """Python's types whose values fit without a further look."""

    def __post_init__(self) -> None:
        is_plain = not (self.constraints or self.item or self.entries)
        object.__setattr__(self, "quick", _QUICK.get(self.type.kind, frozenset()) if is_plain else frozenset())

    @property
    def is_anything(self) -> bool:
        """Whether every value fits."""
        return self.type is ANY and not self.constraints


class Session:
    """The state of one evaluation; a decision service works in a `within` of its own."""

    __slots__ = ("context", "notes", "run", "steps", "values", "warnings")

    def __init__(self, run: Run, context: Mapping[str, Any], parent: Session | None = None) -> None:
        self.run = run
        self.context = context
        self.values: dict[str, Value] = {}
        self.notes = Notes()
        self.steps: list[Callable[[], Step]] = [] if parent is None else parent.steps
        self.warnings: list[LocatedWarning] = [] if parent is None else parent.warnings

    def within(self, context: Mapping[str, Any], values: dict[str, Value]) -> Session:
        """A session that shares budget, trace and warnings, but sees only `context` and the decided `values`."""
        inner = Session(self.run, context, self)
        inner.values = values
        return inner

    def locate(self, place: Place) -> None:
        """Say of the warnings that have come up since the last call that they arose at `place`."""
        known = len(self.warnings)
        if known < len(self.run.warnings):
            self.warnings.extend(LocatedWarning(place.element_id, each) for each in self.run.warnings[known:])
