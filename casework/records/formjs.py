"""What a form in the browser would answer: the same reading of a Camunda form, its data and its conditions as form-js 2.0.

Pure functions over a schema and data. The order is the library's: open the form with the task's variables, put the typed
values over them, let option lists and computed fields settle, leave out what is hidden or disabled, then validate. What our
server asks beyond that stands in `casework.records.forms`. `tests/oracle` compares the two over many forms.

Two deliberate differences: a date must be written `yyyy-mm-dd` (the library takes whatever JavaScript can read), and a
visible list without rows is answered as an empty list (the library leaves it out, so that removing the last row would
change nothing).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from casework.records.formvalues import EMPTY, MISSING, NO_SOURCE, clean, option_values, preset_errors, same
from engine.errors import InvalidInput
from engine.feel import Expression, FeelLimitError, compile_expression, to_json

Json = Any
Path = tuple[str | int, ...]

KEYED = frozenset({
    "textfield", "textarea", "number", "datetime", "expression", "filepicker", "checkbox", "checklist", "radio", "select",
    "taglist",
})  # fmt: skip
SELECTS = frozenset({"radio", "select"})
MULTI_SELECTS = frozenset({"checklist", "taglist"})
BOUNDS = ("min", "max", "minLength", "maxLength")
SETTLE_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Condition:
    """A `hide` or `readonly` expression, read as form-js does: a unary test against null.

    So a condition that comes to null counts as met, and `not(…)` around the whole turns the test round, not the value.
    """

    expression: Expression
    negated: bool

    def met(self, moment: Moment, context: Mapping[str, Json]) -> bool:
        value = moment.evaluate(self.expression, context)
        return (value is None or value is True) is not self.negated


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the schema with its expressions compiled; `path` is where its value lies, below its parents."""

    id: str
    type: str
    path: tuple[str, ...]
    raw: Mapping[str, Json]
    children: tuple[Component, ...] = ()
    repeating: bool = False
    disabled: bool = False
    hide: Condition | None = None
    readonly: Condition | bool = False
    options: Expression | None = None
    computed: Expression | None = None
    bounds: Mapping[str, Expression] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def keyed(self) -> bool:
        return self.type in KEYED

    @property
    def label(self) -> str:
        return str(self.raw.get("label") or self.raw.get("dateLabel") or self.raw.get("timeLabel") or self.id)


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a form is read: FEEL's `now`, the zone of the office and its calendar."""

    now: datetime
    zone: ZoneInfo
    environment: object = None

    def evaluate(self, expression: Expression, context: Mapping[str, Json]) -> Json:
        """The JSON value of an expression; None where it has none (warnings are the designer's affair).

        InvalidInput when these data drive it beyond its limits.
        """
        try:
            result = expression.evaluate(context, now=self.now, zone=self.zone, environment=self.environment)
        except FeelLimitError as limit:
            raise InvalidInput(f"表单中的表达式超出限度:{limit}", f"An expression of the form reached a limit: {limit}") from limit
        return to_json(result.value)


@dataclass(frozen=True, slots=True)
class Instance:
    """A component at one place: itself, or once per row of the lists around it. `indexes` count rows from 0."""

    component: Component
    path: Path
    indexes: tuple[int, ...]
    context: Mapping[str, Json]
    readonly: bool


@dataclass(frozen=True, slots=True)
class FieldError:
    """Why one field is refused. `id` is the component's, `path` where its value lies (`members.0.name`)."""

    id: str
    path: str
    rule: str
    zh: str
    en: str
    indexes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the form would send: `data`, and `errors` without which it would be accepted."""

    data: dict[str, Json]
    errors: tuple[FieldError, ...]
    instances: tuple[Instance, ...]
    state: dict[str, Json]


def read(schema: Mapping[str, Json], functions: Mapping[str, Any]) -> Component:
    """The form as a tree of components; the root has type `default`. Raises FeelSyntaxError for a form that no deployment
    lets pass."""
    return _component(schema, functions, "form")


def walk(component: Component) -> Iterator[Component]:
    """The component and everything in it, parents first."""
    yield component
    for child in component.children:
        yield from walk(child)


def opened(form: Component, variables: Mapping[str, Json]) -> dict[str, Json]:
    """The data with which the form opens: values of the wrong kind are emptied, defaults filled in."""
    data: dict[str, Json] = copied(dict(variables))
    source = copied(data)
    _open(form, (), data, source)
    return data


def answer(form: Component, initial: Mapping[str, Json], typed: Mapping[str, Json], moment: Moment) -> Answer:
    """What the form sends when it was opened with `initial` and then holds `typed` (both as `opened` gives them)."""
    state: dict[str, Json] = copied(dict(typed))
    instances: tuple[Instance, ...] = ()
    for _ in range(SETTLE_ROUNDS):
        instances = tuple(visible(form, initial, state, moment))
        if not _settle(instances, initial, state, moment, when="change"):
            break
    _settle(instances, initial, state, moment, when="presubmit")
    return _submit(instances, state, moment)


def visible(form: Component, initial: Mapping[str, Json], state: dict[str, Json], moment: Moment) -> Iterator[Instance]:
    """Every component that is shown, with what its expressions may read; rows of lists in order."""
    shown = {**initial, **_without_hidden(form, state, moment)}
    yield from _instances(form, (), (), _Scope(shown, shown, None, ()), shown, state, moment)


def copied(value: Json) -> Json:
    """A JSON value with objects and lists of its own; what they hold cannot be changed in place."""
    if type(value) is dict:
        return {name: copied(held) for name, held in value.items()}
    if type(value) is list:
        return [copied(held) for held in value]
    return value


def get(data: Json, path: Path) -> Json:
    """The value at a path; MISSING where there is none."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(step, MISSING)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return MISSING
    return data


def put(data: dict[str, Json], path: Path, value: Json) -> None:
    """Set the value at a path, making the objects and lists on the way."""
    here: Json = data
    for step, following in itertools.pairwise(path):
        child = get(here, (step,))
        if not isinstance(child, list if isinstance(following, int) else dict):
            child = [] if isinstance(following, int) else {}
            _assign(here, step, child)
        here = child
    _assign(here, path[-1], value)


def dotted(path: Path) -> str:
    """A path as people and programs write it: `members.0.name`."""
    return ".".join(str(step) for step in path)


# -- reading the schema ------------------------------------------------------------------------------------------------


def _component(raw: Mapping[str, Json], functions: Mapping[str, Any], fallback_id: str) -> Component:
    kind = str(raw.get("type", "default"))
    component_id = str(raw.get("id") or fallback_id)
    place = raw.get("key") if kind in KEYED else raw.get("path")
    validate = raw.get("validate") or {}
    readonly = raw.get("readonly")
    return Component(
        id=component_id,
        type=kind,
        path=tuple(str(place).split(".")) if place else (),
        raw=raw,
        children=tuple(
            _component(child, functions, f"{component_id}_{index}") for index, child in enumerate(raw.get("components") or ())
        ),
        repeating=kind == "dynamiclist" and bool(raw.get("isRepeating", True)),
        disabled=bool(raw.get("disabled")),
        hide=_condition((raw.get("conditional") or {}).get("hide"), functions),
        readonly=_condition(readonly, functions) or (bool(readonly) and not _is_expression(readonly)),
        options=_expression(raw.get("valuesExpression"), functions),
        computed=_expression(raw.get("expression"), functions) if kind == "expression" else None,
        bounds={name: found for name in BOUNDS if (found := _expression(validate.get(name), functions))},
        properties=raw.get("properties") or {},
    )


def _is_expression(text: Json) -> bool:
    return isinstance(text, str) and text.startswith("=")


def _expression(text: Json, functions: Mapping[str, Any]) -> Expression | None:
    return compile_expression(text[1:], functions=functions) if _is_expression(text) and text[1:].strip() else None


def _condition(text: Json, functions: Mapping[str, Any]) -> Condition | None:
    if not _is_expression(text) or not text[1:].strip():
        return None
    inner = _inside_not(text[1:].strip())
    return Condition(compile_expression(inner or text[1:], functions=functions), negated=inner is not None)


def _inside_not(source: str) -> str | None:
    """`x` when the whole source is `not(x)`; None otherwise."""
    head = source.removeprefix("not").lstrip()
    if not source.startswith("not") or not head.startswith("("):
        return None
    depth, quoted = 0, False
    for position, character in enumerate(head):
        if quoted:
            quoted = character != '"' or head[position - 1] == "\\"
        elif character == '"':
            quoted = True
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth == 0:
                return head[1:position] if position == len(head) - 1 else None
    return None


# -- opening -----------------------------------------------------------------------------------------------------------


def _open(component: Component, base: Path, data: dict[str, Json], source: dict[str, Json]) -> None:
    path = base + component.path
    if component.keyed:
        value = get(source, path)
        if value is not MISSING:
            value = clean(component.type, component.raw, value, source)
        elif "defaultValue" in component.raw:
            value = copied(component.raw["defaultValue"])
        put(data, path, copied(EMPTY[component.type]) if value is MISSING else value)
    if not component.repeating:
        for child in component.children:
            _open(child, path, data, source)
        return
    rows = get(source, path)
    if not isinstance(rows, list):
        rows = [{} for _ in range(int(component.raw.get("defaultRepetitions", 1)))]
    put(data, path, [copied(row) if isinstance(row, dict) else {} for row in rows])
    for index in range(len(rows)):
        for child in component.children:
            _open(child, (*path, index), data, source)


# -- conditions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scope:
    """What form-js offers to an expression: all data, `this` row, its `parent` scope and the row numbers `i` from 1."""

    data: Mapping[str, Json]
    this: Json
    parent: Json
    i: tuple[int, ...]

    def context(self) -> dict[str, Json]:
        special = {"this": self.this, "parent": self.parent, "i": list(self.i)}
        return {**special, **self.data, **{f"_{name}_": value for name, value in special.items()}}

    def row(self, value: Json, index: int) -> _Scope:
        special = {"this": self.this, "parent": self.parent, "i": list(self.i)}
        own = self.this if isinstance(self.this, dict) else {}
        parent = {**special, **own, **{f"_{name}_": kept for name, kept in special.items()}}
        return _Scope(self.data, value, parent, (*self.i, index + 1))


def _without_hidden(form: Component, state: dict[str, Json], moment: Moment) -> dict[str, Json]:
    kept: dict[str, Json] = copied(state)
    _clear_hidden(form, (), _Scope(state, state, None, ()), state, kept, moment, hidden=False)
    return kept


def _clear_hidden(
    component: Component, base: Path, scope: _Scope, state: dict[str, Json], kept: dict[str, Json], moment: Moment, *, hidden: bool
) -> None:
    path = base + component.path
    hidden = hidden or (component.hide is not None and component.hide.met(moment, scope.context()))
    if hidden and (component.keyed or component.repeating):
        _clear(kept, path)
    if component.repeating and hidden:
        return
    if not component.repeating:
        for child in component.children:
            _clear_hidden(child, path, scope, state, kept, moment, hidden=hidden)
        return
    rows = get(state, path)
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        for child in component.children:
            _clear_hidden(child, (*path, index), scope.row(row, index), state, kept, moment, hidden=False)


def _clear(data: dict[str, Json], path: Path) -> None:
    """Remove the value at a path, and the objects around it that become empty; rows keep their place."""
    while path:
        holder = get(data, path[:-1])
        if isinstance(holder, dict):
            holder.pop(path[-1], None)
            empty = not holder
        elif isinstance(holder, list) and isinstance(path[-1], int) and path[-1] < len(holder):
            holder[path[-1]] = None
            empty = all(row is None for row in holder)
        else:
            return
        if not empty:
            return
        path = path[:-1]


def _instances(
    component: Component,
    base: Path,
    indexes: tuple[int, ...],
    scope: _Scope,
    shown: Mapping[str, Json],
    state: dict[str, Json],
    moment: Moment,
) -> Iterator[Instance]:
    context = scope.context()
    if component.hide is not None and component.hide.met(moment, context):
        return
    path = base + component.path
    readonly = component.readonly if isinstance(component.readonly, bool) else component.readonly.met(moment, context)
    yield Instance(component, path, indexes, context, readonly)
    if not component.repeating:
        for child in component.children:
            yield from _instances(child, path, indexes, scope, shown, state, moment)
        return
    rows = get(state, path)
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        for child in component.children:
            yield from _instances(child, (*path, index), (*indexes, index), scope.row(row, index), shown, state, moment)


# -- settling and sending ----------------------------------------------------------------------------------------------


def _settle(
    instances: tuple[Instance, ...], initial: Mapping[str, Json], state: dict[str, Json], moment: Moment, *, when: str
) -> bool:
    """Empty choices that are no longer offered and compute what is computed; True when something changed."""
    changed = False
    for instance in instances:
        component = instance.component
        if component.disabled or instance.readonly:
            continue
        value = get(state, instance.path)
        new = value
        if when == "change" and component.type in SELECTS | MULTI_SELECTS:
            new = _offered(instance, value, initial, moment)
        elif component.computed is not None and component.raw.get("computeOn", "change") == when:
            new = moment.evaluate(component.computed, instance.context)
        if new is not value and not same(new, value):
            put(state, instance.path, new)
            changed = True
    return changed


def offered_values(instance: Instance, initial: Mapping[str, Json], moment: Moment) -> list[Json] | None:
    """The values that a choice offers: the library's one sample option when the schema names no source of them, None when
    the expression that should list them gives something else."""
    component = instance.component
    raw = component.raw
    if "valuesKey" in raw:
        listed = initial.get(str(raw["valuesKey"]))
    elif "values" in raw:
        listed = raw["values"]
    elif component.options is not None:
        listed = moment.evaluate(component.options, instance.context)
        if listed and not isinstance(listed, list):
            return None
    else:
        return list(NO_SOURCE)
    return option_values(listed if isinstance(listed, list) else [])


def _offered(instance: Instance, value: Json, initial: Mapping[str, Json], moment: Moment) -> Json:
    offered = offered_values(instance, initial, moment)
    if offered is None:
        return value
    if instance.component.type in SELECTS:
        falsy = value is None or value is MISSING or value is False or value in ("", 0)
        return value if falsy or any(same(value, option) for option in offered) else None
    kept = [one for one in value if any(same(one, option) for option in offered)] if isinstance(value, list) else []
    return value if isinstance(value, list) and len(kept) == len(value) else kept


def _submit(instances: tuple[Instance, ...], state: dict[str, Json], moment: Moment) -> Answer:
    data: dict[str, Json] = {}
    errors: list[FieldError] = []
    for instance in instances:
        component = instance.component
        if component.repeating and get(state, instance.path) == []:
            put(data, instance.path, [])
        if not component.keyed or component.disabled:
            continue
        value = get(state, instance.path)
        value = None if value is MISSING else value
        put(data, instance.path, copied(value))
        errors.extend(
            FieldError(component.id, dotted(instance.path), rule, zh, en, instance.indexes)
            for rule, zh, en in preset_errors(component.type, component.raw, value, _bounds(instance, moment))
        )
    return Answer(data, tuple(errors), instances, state)


def _bounds(instance: Instance, moment: Moment) -> dict[str, Json]:
    """The evaluated `validate` of an instance; a bound whose expression gives null does not bind."""
    component = instance.component
    validate = dict(component.raw.get("validate") or {})
    for name in BOUNDS:
        if name in component.bounds:
            validate[name] = moment.evaluate(component.bounds[name], instance.context)
        if validate.get(name) is None:
            validate.pop(name, None)
    return validate


def _assign(holder: Json, step: str | int, value: Json) -> None:
    if isinstance(holder, list) and isinstance(step, int):
        holder.extend({} for _ in range(step + 1 - len(holder)))
    holder[step] = value


__all__ = [
    "Answer", "Component", "FieldError", "Instance", "Moment", "answer", "dotted", "get", "offered_values", "opened",
    "put", "read", "visible", "walk",
]  # fmt: skip
