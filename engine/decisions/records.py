"""What a DMN file says, read but not yet compiled: one record per element of the DMN 1.1 to 1.5 schemas that counts.

Every record knows its element's `id` and `line`, so that whatever is wrong can be pointed at.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class HitPolicy(StrEnum):
    """Which of the matching rules count (DMN 1.5, 8.2.8)."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregator(StrEnum):
    """What COLLECT makes of the outputs instead of a list."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file: nearest element id, and line from 1."""

    element_id: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """FEEL as written; empty where the element was left out or blank."""

    place: Place
    source: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A named slot with an optional type reference."""

    place: Place
    name: str
    type_ref: str | None = None


# ---------------------------------------------------------------------- boxed expressions


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """A FEEL text."""

    place: Place
    text: Text


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """An entry of a boxed context; the entry without a variable is the result of the context."""

    variable: Variable | None
    value: Boxed | None


@dataclass(frozen=True, slots=True)
class Context:
    """Named entries, each seeing those before it."""

    place: Place
    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call with named arguments."""

    place: Place
    called: Boxed | None
    bindings: tuple[tuple[Variable, Boxed | None], ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A function; `kind` is FEEL, Java or PMML."""

    place: Place
    parameters: tuple[Variable, ...]
    body: Boxed | None
    kind: str


@dataclass(frozen=True, slots=True)
class ListExpression:
    """A list of boxed expressions."""

    place: Place
    items: tuple[Boxed | None, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts, written as a table."""

    place: Place
    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if`, `then` and `else`."""

    place: Place
    condition: Boxed | None
    then: Boxed | None
    otherwise: Boxed | None


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of `source` for which `match` is true; an item is called `item` in it."""

    place: Place
    source: Boxed | None
    match: Boxed | None


@dataclass(frozen=True, slots=True)
class Iteration:
    """Boxed `for`, `some` or `every`, told apart by `word`."""

    place: Place
    word: str
    variable: str
    source: Boxed | None
    body: Boxed | None


@dataclass(frozen=True, slots=True)
class InputColumn:
    """`allowed` are the input values, if declared."""

    place: Place
    label: str
    expression: Text
    type_ref: str | None
    allowed: Text | None


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """`allowed` are the output values, in order of priority; `default` answers when no rule matches."""

    place: Place
    name: str
    label: str
    type_ref: str | None
    allowed: Text | None
    default: Text | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: one test per input, one expression per output; `annotation` is its description."""

    place: Place
    id: str
    tests: tuple[Text, ...]
    outputs: tuple[Text, ...]
    annotation: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Columns, rows and the policy that chooses between matching rows."""

    place: Place
    hit_policy: HitPolicy
    aggregator: Aggregator | None
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """A boxed expression that declares its type."""

    place: Place
    type_ref: str
    inner: Boxed


Boxed: TypeAlias = (
    Typed
    | LiteralExpression
    | Context
    | Invocation
    | FunctionDefinition
    | ListExpression
    | Relation
    | Conditional
    | Filter
    | Iteration
    | DecisionTable
)


# ---------------------------------------------------------------------- requirements graph


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A user type (DMN 1.5, 7.3.2): a reference, components or a function signature, perhaps many, perhaps constrained."""

    place: Place
    name: str
    type_ref: str | None
    components: tuple[ItemDefinition, ...]
    is_collection: bool
    allowed: Text | None
    constraint: Text | None
    function: tuple[tuple[Variable, ...], str | None] | None


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that a case brings along."""

    id: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """`requires` are ids of decisions, input data, business knowledge models and decision services.

    `aliases` are further names under which the value is known: the id, and the name where no variable is declared
    (Camunda 8 takes the id, the Modeler declares no variable for tables).
    """

    id: str
    name: str
    variable: Variable
    aliases: tuple[str, ...]
    logic: Boxed | None
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeRecord:
    """A business knowledge model: a named function."""

    id: str
    variable: Variable
    function: FunctionDefinition | None
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """A decision service: decisions offered as a function of its input data, then its input decisions."""

    id: str
    variable: Variable
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """Another file, whose elements are known by `name`, a point and their own name; by the latter alone if it is empty."""

    place: Place
    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """The contents of one DMN file, each group in file order."""

    id: str
    name: str
    namespace: str
    imports: tuple[Import, ...]
    items: tuple[ItemDefinition, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[DecisionRecord, ...]
    knowledge: tuple[KnowledgeRecord, ...]
    services: tuple[ServiceRecord, ...]
