"""Forms and answers over which our reading of a form is compared with form-js: small ones by hand, ours by seeded chance."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from tests.processes.files import FORMS as SHIPPED_FORMS

Json = Any


def text(key: str, **more: Json) -> Json:
    return {"type": "textfield", "id": f"id_{key}", "key": key, **more}


def number(key: str, **more: Json) -> Json:
    return {"type": "number", "id": f"id_{key}", "key": key, **more}


def field(kind: str, key: str, **more: Json) -> Json:
    return {"type": kind, "id": f"id_{key}", "key": key, **more}


def rows(path: str, *components: Json, **more: Json) -> Json:
    return {"type": "dynamiclist", "id": f"id_{path}", "path": path, "components": list(components), **more}


def group(*components: Json, **more: Json) -> Json:
    return {"type": "group", "id": f"group_{len(components)}_{components[0]['id']}", "components": list(components), **more}


def form(*components: Json) -> Json:
    return {"type": "default", "id": "form", "schemaVersion": 19, "components": list(components)}


def when(condition: str) -> Json:
    return {"hide": condition}


YES_NO = '=[{label: "是", value: true}, {label: "否", value: false}]'
OPTIONS = [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]
MIXED = [{"label": "1", "value": 1}, {"value": "plain"}, "bare", {"label": "no value"}, {"label": "object", "value": {"x": 1}}, None]

#: (name, components, stored, submitted)
BY_HAND: list[tuple[str, list[Json], Json, Json]] = [
    ("required and empty", [text("a", validate={"required": True})], {}, {}),
    ("required, blank counts", [text("a", validate={"required": True})], {}, {"a": " "}),
    ("stored value is kept", [text("a", validate={"required": True})], {"a": "x"}, {}),
    ("text from a number", [text("a"), field("textarea", "b")], {}, {"a": 12.5, "b": True}),
    ("text from a list", [text("a", validate={"required": True})], {}, {"a": [1]}),
    ("line breaks in a text field", [text("a"), field("textarea", "b")], {}, {"a": "x\ny\tz", "b": "x\ny"}),
    ("lengths, trimmed", [text("a", validate={"minLength": 3, "maxLength": 5})], {}, {"a": "  ab  "}),
    ("too long", [text("a", validate={"maxLength": 2})], {}, {"a": "abc"}),
    ("rare characters count twice", [text("a", validate={"maxLength": 2})], {}, {"a": "𬱖𬱖"}),
    ("wide space is trimmed", [text("a", validate={"minLength": 2})], {}, {"a": "\u3000a\u3000"}),
    ("pattern is searched", [text("a", validate={"pattern": "b+"})], {}, {"a": "abbc"}),
    ("pattern fails", [text("a", validate={"pattern": "^1[3-9]\\d{9}$"})], {}, {"a": "12345"}),
    ("pattern with own text", [text("a", validate={"pattern": "^x", "patternErrorMessage": "须以 x 开头"})], {}, {"a": "y"}),
    ("pattern with escapes", [text("a", validate={"pattern": "^[\\u4e00-\\u9fa5]{2,}$"})], {}, {"a": "王秀英"}),
    ("pattern on empty", [text("a", validate={"pattern": "^x"})], {}, {"a": ""}),
    ("dollar and a final break", [field("textarea", "a", validate={"pattern": "^x$"})], {}, {"a": "x\n"}),
    ("digits are ASCII", [text("a", validate={"pattern": "^\\d+$"})], {}, {"a": "１２"}),
    ("email", [text("a", validate={"validationType": "email"})], {}, {"a": "a@b.cn"}),
    ("email fails", [text("a", validate={"validationType": "email"})], {}, {"a": "a@"}),
    ("phone with +86", [text("a", validate={"validationType": "phone"})], {}, {"a": "+8613800000000"}),
    ("phone of a citizen", [text("a", validate={"validationType": "phone"})], {}, {"a": "13800000000"}),
    ("phone of Germany", [text("a", validate={"validationType": "phone"})], {}, {"a": "+4930664040900"}),
    ("phone with an unassigned code", [text("a", validate={"validationType": "phone"})], {}, {"a": "+21012345678"}),
    ("number from text", [number("n"), number("m", serializeToString=True)], {}, {"n": "1.50", "m": 1.5}),
    ("number from words", [number("n", validate={"required": True})], {}, {"n": "ten"}),
    ("number from true", [number("n")], {}, {"n": True}),
    ("zero is a number", [number("n", validate={"required": True, "min": 1})], {}, {"n": 0}),
    ("bounds", [number("n", validate={"min": 1, "max": 3}), number("m", validate={"min": 1, "max": 3})], {}, {"n": 0.5, "m": 3.5}),
    ("bound by expression", [number("n", validate={"max": "=limit"})], {"limit": 10}, {"n": 11}),
    ("bound by expression that is null", [number("n", validate={"max": "=limit"})], {}, {"n": 11}),
    ("bound that is no number", [number("n", validate={"max": "=limit"})], {"limit": "x"}, {"n": 11}),
    ("decimal digits", [number("n", decimalDigits=2), number("m", decimalDigits=0)], {}, {"n": 1.005, "m": 1.5}),
    ("one decimal digit", [number("n", decimalDigits=1), number("m", decimalDigits=2)], {}, {"n": 1.25, "m": 1.5}),
    ("step", [number("n", increment="0.25"), number("m", increment="100")], {}, {"n": 0.3, "m": 250}),
    ("negative step", [number("n", increment="3")], {}, {"n": -4}),
    ("text with min", [text("a", validate={"min": 3})], {}, {"a": "2"}),
    ("text with min, no number", [text("a", validate={"min": 3})], {}, {"a": "b"}),
    ("checkbox", [field("checkbox", "c", validate={"required": True}), field("checkbox", "d")], {}, {"c": "yes", "d": True}),
    ("radio", [field("radio", "r", values=OPTIONS, validate={"required": True})], {}, {"r": "c"}),
    ("select", [field("select", "r", values=OPTIONS)], {"r": "zz"}, {}),
    ("mixed options", [field("select", "r", values=MIXED), field("select", "s", values=MIXED)], {}, {"r": {"x": 1}, "s": "bare"}),
    ("one is not true", [field("select", "r", values=MIXED)], {}, {"r": True}),
    ("options of a variable", [field("select", "r", valuesKey="list"), field("taglist", "t", valuesKey="list")],
     {"list": ["x", "y"]}, {"r": "x", "t": ["y", "z"]}),
    ("options of no variable", [field("select", "r", valuesKey="list")], {}, {"r": "x"}),
    ("options by expression", [field("radio", "r", valuesExpression=YES_NO, validate={"required": True})], {}, {"r": False}),
    ("options by expression, stranger", [field("radio", "r", valuesExpression=YES_NO, validate={"required": True})], {}, {"r": "x"}),
    ("no option source", [field("radio", "r"), field("radio", "s")], {}, {"r": "value", "s": "x"}),
    ("checklist", [field("checklist", "t", values=OPTIONS, validate={"required": True})], {}, {"t": ["a", "x", "b"]}),
    ("checklist empty", [field("checklist", "t", values=OPTIONS, validate={"required": True})], {}, {"t": []}),
    ("checklist from text", [field("checklist", "t", values=OPTIONS)], {}, {"t": "a"}),
    ("taglist by expression", [field("taglist", "t", valuesExpression="=list")], {"list": ["x", "y"]}, {"t": ["z", "x"]}),
    ("date", [field("datetime", "d", subtype="date", validate={"required": True})], {}, {"d": "2026-02-14"}),
    ("date from a moment", [field("datetime", "d", subtype="date")], {}, {"d": "2026-02-14T10:00"}),
    ("date from words", [field("datetime", "d", subtype="date")], {}, {"d": "soon"}),
    ("moment", [field("datetime", "d", subtype="datetime", timeSerializingFormat="utc_offset")], {}, {"d": "2026-02-14T20:00+08:00"}),
    ("moment without a day", [field("datetime", "d", subtype="datetime")], {}, {"d": "2026-02-14"}),
    ("time", [field("datetime", "d", subtype="time")], {}, {"d": "20:30"}),
    ("time from words", [field("datetime", "d", subtype="time")], {}, {"d": "evening"}),
    ("subtype left out", [field("datetime", "d")], {}, {"d": "2026-02-14"}),
    ("file", [field("filepicker", "f", validate={"required": True})], {}, {"f": "files::1"}),
    ("file missing", [field("filepicker", "f", validate={"required": True})], {}, {}),
    ("defaults", [text("a", defaultValue="x"), number("n", defaultValue=3), field("checkbox", "c", defaultValue=True)], {}, {}),
    ("stored before default", [text("a", defaultValue="x"), number("n", defaultValue=3)], {"a": "", "n": None}, {}),
    ("disabled", [text("a", disabled=True, validate={"required": True}), text("b")], {"a": "x"}, {"b": "y"}),
    ("read-only is sent and checked", [text("a", readonly=True, validate={"required": True})], {}, {}),
    ("read-only by expression", [text("a", readonly="=lock"), text("b")], {"lock": True, "a": "x"}, {"b": "y"}),
    ("hidden", [text("a", conditional=when("=b = 1"), validate={"required": True}), number("b")], {}, {"a": "x", "b": 1}),
    ("shown", [text("a", conditional=when("=b = 1"), validate={"required": True}), number("b")], {}, {"b": 2}),
    ("hidden by what is hidden", [text("a"), text("b", conditional=when('=a = "x"')), text("c", conditional=when('=b = "y"'))],
     {}, {"a": "x", "b": "y", "c": "z"}),
    ("hidden falls back to what was stored", [text("a"), text("b", conditional=when('=a = "x"')), text("c", conditional=when('=b = "y"'))],
     {"b": "y"}, {"a": "x", "b": "n", "c": "z"}),
    ("condition is null", [text("a", conditional=when("=n > 3")), number("n")], {}, {"a": "x"}),
    ("condition is nothing", [text("a", conditional=when("=missing"))], {}, {"a": "x"}),
    ("condition is a text", [text("a", conditional=when('="x"'))], {}, {"a": "x"}),
    ("not of nothing", [text("a", conditional=when("=not(missing)"))], {}, {"a": "x"}),
    ("not of a comparison", [text("a", conditional=when("=not(n > 3)")), number("n")], {}, {"a": "x"}),
    ("not of false", [text("a", conditional=when("=not(c)")), field("checkbox", "c")], {}, {"a": "x", "c": False}),
    ("not and more", [text("a", conditional=when('=not(c) and b = "y"')), field("checkbox", "c"), text("b")], {}, {"a": "x", "b": "y"}),
    ("condition of literals", [text("a", conditional=when("not an expression"))], {}, {"a": "x"}),
    ("group hidden", [group(text("a", validate={"required": True}), conditional=when("=b = 1")), number("b")], {}, {"b": 1}),
    ("group with a path", [group(text("a"), number("n"), path="g"), text("b", conditional=when('=g.a = "x"'))],
     {}, {"g": {"a": "x", "n": 2, "extra": 1}, "b": "y"}),
    ("hidden in a group with a path", [group(text("a", conditional=when("=h = true")), path="g"), field("checkbox", "h")],
     {}, {"g": {"a": "x"}, "h": True}),
    ("dotted keys", [text("decision.act"), number("decision.amount", validate={"max": "=limit.x"})],
     {"limit": {"x": 5}}, {"decision": {"act": "approve", "amount": 6}}),
    ("computed", [number("n"), number("m"), field("expression", "sum", expression="=n + m", computeOn="change")], {}, {"n": 1, "m": 2}),
    ("computed from computed", [number("n"), field("expression", "e", expression="=n * 2", computeOn="change"),
     field("expression", "f", expression="=e + 1", computeOn="presubmit")], {}, {"n": 2}),
    ("computed cannot be typed", [number("n"), field("expression", "e", expression="=n * 2", computeOn="presubmit")], {}, {"n": 2, "e": 99}),
    ("computed and hidden", [number("n"), field("expression", "e", expression="=n * 2", computeOn="change", conditional=when("=n = 2"))],
     {}, {"n": 2}),
    ("list of one by default", [rows("l", text("a", validate={"required": True}))], {}, {}),
    ("list with rows", [rows("l", text("a", validate={"required": True}), number("n", validate={"max": 3}))],
     {}, {"l": [{"a": "x", "n": 1}, {"a": "", "n": 4}]}),
    ("list is no list", [rows("l", text("a"))], {}, {"l": "x"}),
    ("rows are no objects", [rows("l", text("a"))], {}, {"l": [1, {"a": "x"}]}),
    ("rows drop strangers", [rows("l", text("a"))], {}, {"l": [{"a": "x", "b": "y"}]}),
    ("three rows by default", [rows("l", text("a", defaultValue="x"), defaultRepetitions=3)], {}, {}),
    ("this in a row", [rows("l", text("a"), text("b", conditional=when('=this.a = "x"')))],
     {}, {"l": [{"a": "x", "b": "1"}, {"a": "y", "b": "2"}]}),
    ("row number", [rows("l", text("a"), text("b", conditional=when("=i[1] = 2")))], {}, {"l": [{"a": "x", "b": "1"}, {"a": "y", "b": "2"}]}),
    ("parent of a row", [number("n"), rows("l", text("a", conditional=when("=parent.n = 1")))], {}, {"n": 1, "l": [{"a": "x"}]}),
    ("bound by the row", [rows("l", number("n"), number("m", validate={"max": "=this.n"}))], {}, {"l": [{"n": 1, "m": 2}, {"n": 3, "m": 2}]}),
    ("list in a list", [rows("l", text("a"), rows("k", text("b", validate={"required": True})))],
     {}, {"l": [{"a": "x", "k": [{"b": "1"}, {"b": ""}]}, {"a": "y", "k": [{"b": ""}]}]}),
    ("inner parent", [rows("l", text("a"), rows("k", text("b", conditional=when('=parent.a = "x"'))))],
     {}, {"l": [{"a": "x", "k": [{"b": "1"}]}, {"a": "y", "k": [{"b": "2"}]}]}),
    ("list hidden", [rows("l", text("a", validate={"required": True}), conditional=when("=h = true")), field("checkbox", "h")],
     {}, {"l": [{"a": ""}], "h": True}),
    ("sum over rows", [rows("l", number("n")), field("expression", "total", expression="=sum(l.n)", computeOn="change")],
     {}, {"l": [{"n": 1}, {"n": 2.5}]}),
    ("computed in rows", [rows("l", number("n"), field("expression", "e", expression="=this.n * 2", computeOn="change"))],
     {}, {"l": [{"n": 1}, {"n": 2}]}),
    ("options in rows", [rows("l", field("select", "s", valuesExpression="=this.o"), text("o"))], {}, {"l": [{"s": "x", "o": "x"}]}),
    ("unknown variables", [text("a")], {"secret": 1}, {"a": "x", "secret": 2, "other": 3}),
    ("presentation only", [{"type": "text", "id": "t", "text": "# {{a}}"}, text("a"), {"type": "separator", "id": "s"}], {}, {"a": "x"}),
]  # fmt: skip


def questions() -> list[tuple[str, Json, Json, Json]]:
    """(name, schema, stored, submitted) of every comparison."""
    by_hand = [(name, form(*components), stored, submitted) for name, components, stored, submitted in BY_HAND]
    return [*by_hand, *(question for file in SHIPPED_FORMS for question in _by_chance(file))]


def _by_chance(file: Path) -> list[tuple[str, Json, Json, Json]]:
    schema = json.loads(file.read_text(encoding="utf-8"))
    found = []
    for round_ in range(4):
        chance = random.Random(f"{file.name}:{round_}")
        found.append((f"{file.stem} #{round_}", schema, _filled(schema, chance, 0.4), _filled(schema, chance, 0.8)))
    return found


def _filled(component: Json, chance: random.Random, share: float) -> Json:
    data: dict[str, Json] = {}
    for child in component.get("components", ()):
        if child["type"] == "dynamiclist":
            data[child["path"]] = [_filled(child, chance, share) for _ in range(chance.randint(1, 3))]
        elif child["type"] == "group":
            _merge(data, [part for part in [child.get("path")] if part], _filled(child, chance, share))
        elif "key" in child and chance.random() < share:
            value = _value(child, chance)
            _merge(data, child["key"].split(".")[:-1], {child["key"].split(".")[-1]: value})
    return data


def _merge(data: Json, path: list[str], values: Json) -> None:
    for step in path:
        data = data.setdefault(step, {})
    data.update(values)


def _value(child: Json, chance: random.Random) -> Json:
    match child["type"]:
        case "textfield" | "textarea":
            return chance.choice(["", "x", "王秀英", "无", "家中起火,房屋全部烧毁,一家四口暂住亲戚家。", "甲" * 400])
        case "number":
            return chance.choice([None, 0, 1, 4, 3.5, 800, 5000, 99999, -1])
        case "checkbox":
            return chance.choice([True, False])
        case "radio" | "select" | "checklist" | "taglist":
            options = [option["value"] for option in child.get("values", ())] or [True, False]
            return chance.choice([*options, "nobody"]) if child["type"] in ("radio", "select") else chance.sample(options, k=chance.randint(0, len(options)))
        case "datetime":
            return {"date": "2026-03-02", "time": "20:00"}.get(child.get("subtype", "date"), "2026-02-14T20:00+08:00")
        case "filepicker":
            return chance.choice([None, f"files::{child['id']}"])
        case _:
            return None
