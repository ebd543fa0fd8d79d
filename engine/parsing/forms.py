"""Reads a form (Camunda Forms JSON, schema version 19), or says everything that is wrong with it.

The model keeps the schema as it is, for the page that draws it and the validator that checks what was typed, and adds what
must not be found out later: every FEEL expression in it, compiled. What a form may say stands in the tables of `form_fields`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import re2

from engine.errors import DeploymentRefused, Problem
from engine.expressions import Value
from engine.feel import ExtraFunctions, FeelError, FeelSyntaxError
from engine.json_text import JsonRefused, parse_json
from engine.limits import FORM_BYTES, ID_CHARACTERS, VERSION_TAG_CHARACTERS
from engine.parsing import camunda8
from engine.parsing.form_fields import (
    ATTRIBUTES,
    COMMON,
    FORM_ATTRIBUTES,
    KEYED,
    LITERAL,
    OPTION_SOURCES,
    SCHEMA_VERSION,
    TYPED,
    VALIDATE,
    WITH_OPTIONS,
    Shape,
)
from engine.parsing.reading import Expressions
from engine.parsing.report import Report

_KEY = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_ID = re.compile(r'"id"\s*:\s*"((?:[^"\\]|\\.)*+)"')
_ITEM = "[]"
_NO_FUNCTIONS: ExtraFunctions = {}


@dataclass(frozen=True, slots=True)
class FormModel:
    """A form that can be filled in.

    `schema` is the JSON as uploaded, numbers as `int` or `Decimal`. `expressions` holds the compiled FEEL by component id
    and attribute path, such as `("Field_amount", "conditional.hide")` or `("Field_amount", "properties.rule")`.
    """

    form_id: str
    version_tag: str | None
    schema: dict[str, object]
    expressions: Mapping[tuple[str, str], Value]


def read_form(data: bytes, *, file: str, functions: ExtraFunctions = _NO_FUNCTIONS) -> FormModel:
    """A form from its file. Raises `DeploymentRefused`, the author's mistake, with all problems at once."""
    try:
        schema = parse_json(data, file=file, limit=FORM_BYTES)
    except JsonRefused as refused:
        raise DeploymentRefused([refused.problem]) from None
    reader = _FormReader(data.decode("utf-8-sig"), file, functions)
    if not isinstance(schema, dict):
        reader.refuse("form", None, "表单文件应是一个 JSON 对象。", "A form file is a JSON object.")
        raise DeploymentRefused(reader.problems)
    reader.read(schema)
    if reader.problems:
        raise DeploymentRefused(reader.problems)
    tag = schema.get("versionTag")
    return FormModel(
        form_id=str(schema["id"]),
        version_tag=str(tag) if tag else None,
        schema=schema,
        expressions=reader.expressions,
    )


class _FormReader:
    """Walks one form; gathers its expressions and what is wrong with it."""

    def __init__(self, text: str, file: str, functions: ExtraFunctions) -> None:
        self._lines: dict[str, int] = {}
        line = last = 0
        for found in _ID.finditer(text):
            line += text.count("\n", last, found.start())
            last = found.start()
            self._lines.setdefault(found.group(1), line + 1)
        self._file = file
        self._compiled = Expressions(camunda8, functions)
        self._ids: set[str] = set()
        # The place in the data of every field, and of everything above those places.
        self._places: dict[tuple[str, ...], Mapping[str, object]] = {}
        self._above: dict[tuple[str, ...], Mapping[str, object]] = {}
        self._report = Report(file)
        self.expressions: dict[tuple[str, str], Value] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order of the file."""
        return self._report.problems

    def refuse(self, rule: str, component: Mapping[str, object] | None, zh: str, en: str) -> None:
        identifier = component.get("id") if component is not None else None
        name = (component.get("label") or component.get("key")) if component is not None else None
        self._report.add(
            Problem(
                rule=rule,
                zh=zh,
                en=en,
                file=self._file,
                element_id=str(identifier or component.get("key") or "") or None if component is not None else None,
                element_name=str(name) if name else None,
                line=self._lines.get(str(identifier)),
            )
        )

    # -- the form ------------------------------------------------------------------------------------------------------
    def read(self, schema: Mapping[str, object]) -> None:
        if schema.get("type") != "default":
            self.refuse("form", None, "表单的 type 应为 default。", "The type of a form is 'default'.")
        identifier = schema.get("id")
        if not isinstance(identifier, str) or not identifier.strip() or len(identifier) > ID_CHARACTERS:
            self.refuse("form", None, "表单没有编号(id),或编号过长。", "The form has no id, or one that is too long.")
        version = schema.get("schemaVersion", SCHEMA_VERSION)
        if not isinstance(version, int) or version > SCHEMA_VERSION:
            self.refuse(
                "form",
                None,
                f"表单的 schemaVersion 为 {version},能读到 {SCHEMA_VERSION} 为止。",
                f"The form has schemaVersion {version}; versions up to {SCHEMA_VERSION} are read.",
            )
        tag = schema.get("versionTag", "")
        if not isinstance(tag, str) or len(tag) > VERSION_TAG_CHARACTERS:
            self.refuse("version-tag", None, "版本标签不是文字或过长。", "The version tag is no text, or too long.")
        for name in schema:
            if name not in FORM_ATTRIBUTES:
                self.refuse(
                    "form-attribute",
                    None,
                    f"表单的属性 {name} 不能执行。",
                    f"The form's attribute {name} is not carried out.",
                )
        self._components(schema, ())

    def _components(self, parent: Mapping[str, object], path: tuple[str, ...]) -> None:
        components = parent.get("components")
        if not isinstance(components, list):
            self.refuse("form", None, "表单缺少字段列表(components)。", "The form has no list of components.")
            return
        for component in components:
            if isinstance(component, dict):
                self._component(component, path)
            else:
                self.refuse("form", None, "components 中有一项不是对象。", "An entry of components is no object.")

    # -- one field -----------------------------------------------------------------------------------------------------
    def _component(self, component: Mapping[str, object], path: tuple[str, ...]) -> None:
        kind = component.get("type")
        if not isinstance(kind, str) or kind not in ATTRIBUTES:
            self.refuse(
                "form-field-type",
                component,
                f"字段“{_label(component)}”的类型“{kind}”不在可用之列。",
                f"The field '{_label(component)}' has the type '{kind}', which is not carried out.",
            )
            return
        self._identify(component)
        self._attributes(component, kind)
        self._validation(component, kind)
        self._options(component, kind)
        if kind in KEYED:
            self._bind(component, path, component.get("key"), "key")
        if kind in {"group", "dynamiclist"}:
            self._container(component, kind, path)
        for attribute, text in _texts(component):
            self._expression(component, attribute, text)

    def _identify(self, component: Mapping[str, object]) -> None:
        identifier = component.get("id")
        if not isinstance(identifier, str) or not identifier:
            self.refuse(
                "form-field-id",
                component,
                f"字段“{_label(component)}”没有编号(id)。",
                f"The field '{_label(component)}' has no id.",
            )
        elif identifier in self._ids:
            self.refuse(
                "form-field-id",
                component,
                f"两个字段的编号都是“{identifier}”。",
                f"Two fields have the id '{identifier}'.",
            )
        else:
            self._ids.add(identifier)

    def _attributes(self, component: Mapping[str, object], kind: str) -> None:
        for name, value in component.items():
            if name not in COMMON and name not in ATTRIBUTES[kind]:
                self.refuse(
                    "form-attribute",
                    component,
                    f"字段“{_label(component)}”({kind})的属性 {name} 不能执行。",
                    f"The attribute {name} of the field '{_label(component)}' ({kind}) is not carried out.",
                )
            elif name in TYPED and not TYPED[name].fits(value):
                self._refuse_value(component, name, TYPED[name])

    def _validation(self, component: Mapping[str, object], kind: str) -> None:
        validate = component.get("validate", {})
        if not isinstance(validate, dict):
            return
        for name, value in validate.items():
            shape = VALIDATE.get(name)
            if shape is None or kind not in shape.kinds:
                self.refuse(
                    "form-attribute",
                    component,
                    f"字段“{_label(component)}”({kind})的校验 {name} 不能执行。",
                    f"The validation {name} of the field '{_label(component)}' ({kind}) is not carried out.",
                )
            elif not shape.fits(value):
                self._refuse_value(component, f"validate.{name}", shape)
        pattern = validate.get("pattern")
        if isinstance(pattern, str) and pattern and not _compiles(pattern):
            self.refuse(
                "form-pattern",
                component,
                f"字段“{_label(component)}”的格式(pattern)“{pattern}”不是可用的正则表达式;不支持前瞻、后顾与反向引用。",
                f"The pattern '{pattern}' of the field '{_label(component)}' is not a regular expression that is carried out; "
                "look-around and back-references are not.",
            )

    def _options(self, component: Mapping[str, object], kind: str) -> None:
        if kind not in WITH_OPTIONS:
            return
        given = [name for name in OPTION_SOURCES if component.get(name) is not None]
        if len(given) != 1:
            self.refuse(
                "form-options",
                component,
                f"字段“{_label(component)}”的选项应当恰好来自 values、valuesKey、valuesExpression 之一。",
                f"The options of the field '{_label(component)}' come from exactly one of values, valuesKey and valuesExpression.",
            )
        values = component.get("values")
        if isinstance(values, list):
            entries = [entry.get("value") if isinstance(entry, dict) else None for entry in values]
            if None in entries or len({repr(entry) for entry in entries}) < len(entries):
                self.refuse(
                    "form-options",
                    component,
                    f"字段“{_label(component)}”的选项中有缺值或重复的值。",
                    f"An option of the field '{_label(component)}' has no value, or the value of another.",
                )

    def _container(self, component: Mapping[str, object], kind: str, path: tuple[str, ...]) -> None:
        inner = component.get("path")
        if kind == "dynamiclist":
            self._bind(component, path, inner, "path")
        elif inner not in {None, ""} and not (
            isinstance(inner, str) and len(inner) <= ID_CHARACTERS and _KEY.fullmatch(inner)
        ):
            self._refuse_key(component, inner, "path")
            inner = None
        below = (*path, *str(inner).split(".")) if inner else path
        self._components(component, (*below, _ITEM) if kind == "dynamiclist" else below)

    def _bind(self, component: Mapping[str, object], path: tuple[str, ...], key: object, attribute: str) -> None:
        """Give a field its place in the data; two fields cannot write to one place, nor one into the other's value."""
        if not isinstance(key, str) or len(key) > ID_CHARACTERS or not _KEY.fullmatch(key):
            self._refuse_key(component, key, attribute)
            return
        place = (*path, *key.split("."))
        other = self._rival(place)
        if other is not None:
            self.refuse(
                "form-field-key",
                component,
                f"字段“{_label(component)}”与“{_label(other)}”写入同一处数据({key})。",
                f"The fields '{_label(component)}' and '{_label(other)}' write to the same place ({key}).",
            )
        self._places.setdefault(place, component)
        for end in range(_list_end(place), len(place)):
            self._above.setdefault(place[:end], component)

    def _rival(self, place: tuple[str, ...]) -> Mapping[str, object] | None:
        """A field that writes to this place, into it, or to a place that lies within it."""
        for end in range(_list_end(place), len(place) + 1):
            if place[:end] in self._places:
                return self._places[place[:end]]
        return self._above.get(place)

    # -- expressions ---------------------------------------------------------------------------------------------------
    def _expression(self, component: Mapping[str, object], attribute: str, text: str) -> None:
        identifier = str(component.get("id"))
        if text.lstrip().startswith("="):
            value = self._compile(component, attribute, text.strip())
            if value is not None:
                self.expressions[identifier, attribute] = value
            return
        for part in text.split("{{")[1:]:
            inner, closed, _ = part.partition("}}")
            inner = inner.strip().removeprefix("#if ").removeprefix("#loop ")
            if closed and inner and not inner.startswith("/"):
                self._compile(component, attribute, f"={inner}")

    def _compile(self, component: Mapping[str, object], attribute: str, text: str) -> Value | None:
        compiled = self._compiled.compile(text)
        if isinstance(compiled, FeelSyntaxError):
            self.refuse(
                "feel-syntax",
                component,
                f"字段“{_label(component)}”的 {attribute}:FEEL 表达式第 {compiled.line} 行第 {compiled.column} 个字符处有误:"
                f"{compiled.message_zh}",
                f"{attribute} of the field '{_label(component)}': FEEL error at line {compiled.line}, column {compiled.column} of "
                f"the expression: {compiled.message_en}",
            )
        elif isinstance(compiled, FeelError):
            self.refuse(
                "feel-limit", component, f"{attribute}:{compiled.message_zh}", f"{attribute}: {compiled.message_en}"
            )
        return None if isinstance(compiled, FeelError) else compiled

    def _refuse_key(self, component: Mapping[str, object], key: object, attribute: str) -> None:
        self.refuse(
            "form-field-key",
            component,
            f"字段“{_label(component)}”的 {attribute}“{key}”不是可用的变量名。",
            f"The {attribute} '{key}' of the field '{_label(component)}' is no variable name.",
        )

    def _refuse_value(self, component: Mapping[str, object], name: str, shape: Shape) -> None:
        self.refuse(
            "form-attribute-value",
            component,
            f"字段“{_label(component)}”的 {name} 应为{shape.zh}。",
            f"{name} of the field '{_label(component)}' has to be {shape.en}.",
        )


def _label(component: Mapping[str, object]) -> str:
    return str(component.get("label") or component.get("key") or component.get("id") or component.get("type"))


def _list_end(place: tuple[str, ...]) -> int:
    """The shortest prefix that is compared: fields in the items of a list share the list on purpose."""
    below = max((index for index, part in enumerate(place) if part == _ITEM), default=-1)
    return below + 2 if below >= 0 else 1


def _compiles(pattern: str) -> bool:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        return False
    return True


def _texts(component: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Every text of a component that can be FEEL or hold a template, with its attribute path."""
    for name, value in component.items():
        if name in LITERAL:
            continue
        if isinstance(value, str):
            yield name, value
        elif name == "properties" and isinstance(value, dict):
            if isinstance(value.get("rule"), str):
                yield "properties.rule", value["rule"]
        elif isinstance(value, dict):
            yield from (
                (f"{name}.{inner}", text)
                for inner, text in value.items()
                if isinstance(text, str) and inner not in LITERAL
            )
