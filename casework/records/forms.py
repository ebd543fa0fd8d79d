"""What a submitted form may set: the answer that form-js would give, then our server's rules.

Pure functions. A form can set what it visibly asks for and nothing else: hidden, disabled and read-only fields, fields that
the form does not have, and the variables that only casework writes are left out and named, at every door alike. Computed
fields are computed again here. The second layer asks what form-js cannot: that a value is of its field's kind, that a day
exists, that a file was uploaded, and the field's own `rule` (FEEL, a custom property beside the field).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.records import formjs, masks
from casework.records.formjs import Component, FieldError, Instance, Moment, Path, copied, dotted, get, put
from casework.records.formvalues import MISSING, same
from engine.feel import Expression, compile_expression

Json = Any
Resolve = Callable[[Json, Component], Json]
"""Turns what a file picker sent into document references; raises `FileRefused` with the reason."""

WRITTEN_BY_CASEWORK = frozenset({
    "caseNo", "jurisdiction", "townshipCode", "villageCode", "matter", "aidKind", "policy", "clocks", "household", "relation", "outcome",
    "startedBy",
})  # fmt: skip
CHOICES = formjs.SELECTS | formjs.MULTI_SELECTS
SPECIAL_NAMES = frozenset({"this", "parent", "i", "_this_", "_parent_", "_i_", "item"})
DROPPED_NAMED = 50
READONLY_ROUNDS = 4
SIGNATURE_CHARACTERS = 400_000

_NO_SECONDS = re.compile(r"^((?:\d{4}-\d{2}-\d{2}T)?\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})?$", re.ASCII)
_TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*")
_EXPRESSIONS = (
    ("label",), ("description",), ("text",), ("properties", "labelEn"), ("properties", "descriptionEn"), ("properties", "textEn"),
    ("content",), ("source",), ("url",), ("dataSource",), ("columnsExpression",),
    ("valuesExpression",), ("expression",), ("readonly",), ("multiple",), ("accept",), ("conditional", "hide"), ("validate", "min"),
    ("validate", "max"), ("validate", "minLength"), ("validate", "maxLength"), ("appearance", "prefixAdorner"),
    ("appearance", "suffixAdorner"),
)  # fmt: skip


class FileRefused(Exception):
    """A file that a field names cannot be taken; says why."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.rule = rule
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Form:
    """A deployed form, read once: its components, the server rules by component id, and the variables that it shows."""

    root: Component
    rules: Mapping[str, Expression]
    shown: frozenset[str]

    @property
    def fields(self) -> tuple[Component, ...]:
        return tuple(component for component in formjs.walk(self.root) if component.keyed)


@dataclass(frozen=True, slots=True)
class Checked:
    """`values` are what may be set, by top-level variable; `errors` refuse the whole; `dropped` names what was left out."""

    values: dict[str, Json]
    errors: tuple[FieldError, ...]
    dropped: tuple[str, ...]


def read(schema: Mapping[str, Json], functions: Mapping[str, Any]) -> Form:
    """Read a form's schema (Camunda Forms JSON). `functions` are the FEEL functions beyond the standard."""
    root = formjs.read(schema, functions)
    rules = {
        component.id: compile_expression(rule.removeprefix("="), functions=functions)
        for component in formjs.walk(root)
        if (rule := str(component.properties.get("rule", "")).strip())
    }
    return Form(root, rules, frozenset(_names(root, ())) - SPECIAL_NAMES)


def names_shown(form: Form) -> frozenset[str]:
    """The top-level variables that the form shows or its browser expressions read: what may be sent to a browser."""
    return form.shown


def names_needed(form: Form) -> frozenset[str]:
    """`names_shown`, and what the server's rules read besides."""
    return names_shown(form) | frozenset(name for rule in form.rules.values() for name in rule.names)


def opening(form: Form, variables: Mapping[str, Json]) -> dict[str, Json]:
    """The data with which a browser opens the form: the shown variables only."""
    shown = names_shown(form)
    return {name: copied(value) for name, value in variables.items() if name in shown}


def check(
    form: Form, submitted: Mapping[str, Json], stored: Mapping[str, Json], moment: Moment, *, files: Resolve | None = None
) -> Checked:
    """Check a submission against the form and the variables as they are now.

    `stored` are the task's variables, `submitted` what came from outside, numbers as int or Decimal. Values come back in the
    shape of the variables; a list has the submitted rows. With errors nothing may be set.
    """
    given = dict(submitted)
    aligned = formjs.opened(form.root, _aligned(form, stored, given))
    answer = _typed_answer(form, aligned, given, moment)
    settable = [one for one in answer.instances if one.component.keyed and not one.component.disabled]
    typed = [one for one in settable if not one.readonly]
    values, file_errors = _with_files(answer.data, typed, files)
    errors = [*answer.errors, *file_errors]
    for one in typed:
        errors += _kind_errors(one, get(given, one.path), get(answer.state, one.path), moment)
        if one.component.type in CHOICES and formjs.offered_values(one, aligned, moment) is None:
            errors.append(_error(one, "option", "可选的值无法确定", "The options cannot be determined."))
    errors += list(_length_errors(answer, given))
    errors += [error for one in answer.instances for error in _rule_errors(form, one, answer.state, moment)]
    taken = {one.path for one in typed if one.component.computed is None}
    kept = {name: value for name, value in values.items() if name not in WRITTEN_BY_CASEWORK}
    return Checked(kept, tuple(_one_per_place(errors)), _dropped(submitted, taken, stored))


def draft(form: Form, submitted: Mapping[str, Json], stored: Mapping[str, Json], moment: Moment) -> dict[str, Json]:
    """What of unfinished typing is kept: the visible fields, whether or not they would pass."""
    return check(form, submitted, stored, moment).values


def masked(form: Form, data: Mapping[str, Json], posts: Collection[str]) -> tuple[dict[str, Json], tuple[str, ...]]:
    """A form's data as somebody with these posts may read them, and the ids of the fields of which something is hidden."""
    shown: dict[str, Json] = copied(dict(data))
    hidden: list[str] = []
    _mask(form.root, (), shown, posts, hidden)
    return shown, tuple(dict.fromkeys(hidden))


def _mask(component: Component, base: Path, data: dict[str, Json], posts: Collection[str], hidden: list[str]) -> None:
    path = base + component.path
    code = component.properties.get("mask")
    value = get(data, path) if component.keyed and code else MISSING
    if code and value is not MISSING:
        left = masks.for_posts(str(code), value, posts)
        if not same(left, value):
            put(data, path, left)
            hidden.append(component.id)
    rows = get(data, path) if component.repeating else None
    places: list[Path] = [path] if not component.repeating else [(*path, at) for at in range(len(rows) if isinstance(rows, list) else 0)]
    for place in places:
        for child in component.children:
            _mask(child, place, data, posts, hidden)


# -- typed over stored -------------------------------------------------------------------------------------------------


def _typed_answer(form: Form, aligned: dict[str, Json], submitted: dict[str, Json], moment: Moment) -> formjs.Answer:
    """The form's answer; fields that are read-only under the typed values keep what was stored."""
    locked: set[Path] = set()
    answer = None
    for _ in range(READONLY_ROUNDS):
        source = copied(aligned)
        _overlay(form.root, (), source, submitted, locked)
        answer = formjs.answer(form.root, aligned, formjs.opened(form.root, source), moment)
        now_locked = {one.path for one in answer.instances if one.readonly and one.component.keyed}
        if now_locked <= locked:
            break
        locked |= now_locked
    assert answer is not None  # noqa: S101 - the loop runs at least once
    return answer


def _overlay(component: Component, base: Path, source: dict[str, Json], submitted: dict[str, Json], locked: set[Path]) -> None:
    path = base + component.path
    if component.keyed:
        value = get(submitted, path)
        fixed = component.disabled or component.readonly is True or component.computed is not None or path in locked
        if value is not MISSING and not fixed:
            put(source, path, _with_seconds(value) if component.type == "datetime" else copied(value))
        return
    if not component.repeating:
        for child in component.children:
            _overlay(child, path, source, submitted, locked)
        return
    rows = get(source, path)
    for index in range(len(rows) if isinstance(rows, list) else 0):
        for child in component.children:
            _overlay(child, (*path, index), source, submitted, locked)


def _with_seconds(value: Json) -> Json:
    """A time as FEEL reads it: form-js writes `20:00+08:00`, and the standard asks for seconds."""
    return _NO_SECONDS.sub(lambda found: f"{found[1]}:00{found[2] or ''}", value) if isinstance(value, str) else value


def _aligned(form: Form, stored: Mapping[str, Json], submitted: Mapping[str, Json]) -> dict[str, Json]:
    """The stored variables with the rows of each list in the order in which they were submitted.

    Where rows may be added and removed, a submitted row is the stored one whose read-only values it repeats, else a new one;
    where not, rows keep their place and number.
    """
    result: dict[str, Json] = copied(dict(stored))
    _align(form.root, (), result, dict(submitted))
    return result


def _align(component: Component, base: Path, result: dict[str, Json], submitted: dict[str, Json]) -> None:
    path = base + component.path
    places: list[Path] = [path]
    if component.repeating:
        kept, sent = get(result, path), get(submitted, path)
        kept = kept if isinstance(kept, list) else [{} for _ in range(int(component.raw.get("defaultRepetitions", 1)))]
        if isinstance(sent, list) and component.raw.get("allowAddRemove", True):
            kept = _matched_rows(component, kept, sent)
        put(result, path, kept)
        places = [(*path, index) for index in range(len(kept))]
    for place in places:
        for child in component.children:
            _align(child, place, result, submitted)


def _matched_rows(component: Component, stored: Sequence[Json], sent: Sequence[Json]) -> list[Json]:
    fixed = [field.path for field in formjs.walk(component) if field.keyed and field.readonly is not False]
    free = [row if isinstance(row, dict) else {} for row in stored]
    rows: list[Json] = []
    for row in sent:
        same_row = next(
            (
                one
                for one in free
                if fixed
                and isinstance(row, dict)
                and all(same(_or_none(get(row, path)), _or_none(get(one, path))) for path in fixed)
            ),
            None,
        )
        if same_row is not None:
            free.remove(same_row)
        rows.append(copied(same_row) if same_row is not None else {})
    return rows


def _or_none(value: Json) -> Json:
    return None if value is MISSING else value


# -- the server's own rules --------------------------------------------------------------------------------------------


def _with_files(
    data: dict[str, Json], typed: Sequence[Instance], files: Resolve | None
) -> tuple[dict[str, Json], list[FieldError]]:
    values, errors = copied(data), []
    for one in typed:
        sent = get(values, one.path)
        if one.component.type != "filepicker" or files is None or sent in (None, MISSING, "", []):
            continue
        try:
            put(values, one.path, files(sent, one.component))
        except FileRefused as refused:
            errors.append(_error(one, refused.rule, refused.zh, refused.en))
    return values, errors


def _kind_errors(one: Instance, sent: Json, kept: Json, moment: Moment) -> Iterator[FieldError]:
    """A value that the field could not take: nothing that was typed is dropped in silence."""
    if sent is MISSING or sent is None or sent in ("", []):
        return
    component = one.component
    match component.type:
        case "number" | "datetime" | "radio" | "select" if kept is None:
            option = component.type in formjs.SELECTS
            zh, en = ("不是可选的值", "This is not one of the options.") if option else ("填写的内容不是这一项要求的类型", "The value is of the wrong kind.")
            yield _error(one, "option" if option else "type", zh, en)
        case "checklist" | "taglist" if not isinstance(sent, list) or not isinstance(kept, list) or len(kept) < len(sent):
            yield _error(one, "option", "含有不可选的值", "Some values are not among the options.")
        case "checkbox" if not isinstance(sent, bool):
            yield _error(one, "type", "只能是勾选或不勾选", "The value must be true or false.")
        case "textfield" | "textarea" if isinstance(sent, list | dict):
            yield _error(one, "type", "应当是文字", "The value must be a text.")
        case "textfield" | "textarea" if "\x00" in str(sent):
            yield _error(one, "type", "含有不允许的控制字符", "The text contains a control character.")
    if component.properties.get("widget") == "signature" and len(str(sent)) > SIGNATURE_CHARACTERS:
        yield _error(one, "size", "签字图像过大", "The signature image is too large.")
    if component.type == "datetime" and isinstance(kept, str):
        yield from _day_errors(one, kept, moment)


def _day_errors(one: Instance, text: str, moment: Moment) -> Iterator[FieldError]:
    subtype = str(one.component.raw.get("subtype") or "date")
    if subtype == "time":
        return
    try:
        day = date.fromisoformat(text[:10])
        if subtype == "datetime":
            instant = datetime.fromisoformat(text)
            day = (instant if instant.tzinfo is None else instant.astimezone(moment.zone)).date()
    except (ValueError, OverflowError):
        yield _error(one, "type", "没有这个日期", "There is no such day.")
        return
    if one.component.raw.get("disallowPassedDates") and day < moment.now.astimezone(moment.zone).date():
        yield _error(one, "disallowPassedDates", "不能早于今天", "The day must not lie in the past.")


def _length_errors(answer: formjs.Answer, submitted: dict[str, Json]) -> Iterator[FieldError]:
    for one in answer.instances:
        sent = get(submitted, one.path)
        if not one.component.repeating or sent is MISSING or one.component.raw.get("allowAddRemove", True):
            continue
        rows = get(answer.state, one.path)
        if not isinstance(sent, list) or len(sent) != len(rows):
            yield _error(one, "rows", "这份清单的行数不能改变", "Rows of this list can be neither added nor removed.")


def _rule_errors(form: Form, one: Instance, state: dict[str, Json], moment: Moment) -> Iterator[FieldError]:
    """The field's `rule`: refused when it comes to false; or to null although the field has a value (nobody could say that
    it holds)."""
    rule = form.rules.get(one.component.id)
    if rule is None or one.component.disabled:
        return
    result = moment.evaluate(rule, one.context)
    empty = one.component.keyed and get(state, one.path) in (None, "", [], MISSING)
    if result is True or (result is not False and empty):
        return
    zh = str(one.component.properties.get("ruleText") or "不符合规定")
    en = str(one.component.properties.get("ruleTextEn") or "This breaks a rule of the form.")
    yield _error(one, "rule", zh, en)


def _error(one: Instance, rule: str, zh: str, en: str) -> FieldError:
    return FieldError(one.component.id, dotted(one.path), rule, zh, en, one.indexes)


def _one_per_place(errors: Sequence[FieldError]) -> Iterator[FieldError]:
    """Each finding once; where a value was of the wrong kind, that it is therefore missing is not said too."""
    wrong = {(error.id, error.indexes) for error in errors if error.rule in ("type", "option")}
    seen: set[tuple[str, tuple[int, ...], str]] = set()
    for error in errors:
        place = (error.id, error.indexes)
        if (error.rule == "required" and place in wrong) or (*place, error.rule) in seen:
            continue
        seen.add((*place, error.rule))
        yield error


def _dropped(submitted: Mapping[str, Json], taken: set[Path], stored: Mapping[str, Json]) -> tuple[str, ...]:
    """Where values were sent that are not taken, unless they merely repeat what is stored."""
    lost = (
        dotted(path)
        for path, value in _leaves(dict(submitted), (), taken)
        if path not in taken and not same(value, _or_none(get(dict(stored), path)))
    )
    return tuple(name for name, _ in zip(lost, range(DROPPED_NAMED), strict=False))


def _leaves(value: Json, path: Path, taken: set[Path]) -> Iterator[tuple[Path, Json]]:
    if path in taken or not value or not isinstance(value, dict | list):
        yield path, value
        return
    steps: Iterator[tuple[str | int, Json]] = iter(value.items()) if isinstance(value, dict) else iter(enumerate(value))
    for step, child in steps:
        yield from _leaves(child, (*path, step), taken)


def _names(component: Component, base: Path) -> set[str]:
    path = base + component.path
    names = {str(path[0])} if path else set()
    if component.raw.get("valuesKey"):
        names.add(str(component.raw["valuesKey"]))
    for where in _EXPRESSIONS:
        names |= _names_in(get(dict(component.raw), where), is_source=where == ("dataSource",))
    for child in component.children:
        names |= _names(child, path)
    return names


def _names_in(text: Json, *, is_source: bool) -> set[str]:
    if not isinstance(text, str) or not text:
        return set()
    if text.startswith("="):
        return set(compile_expression(text[1:], functions={}).names) if text[1:].strip() else set()
    if is_source:
        return {text.split(".")[0]}
    return {word for template in _TEMPLATE.findall(text) for word in _WORD.findall(template)}
