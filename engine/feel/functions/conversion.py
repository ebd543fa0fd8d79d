"""Conversions between text and other values (DMN 1.5, table 72; Camunda `to json`, `from json`)."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from engine.feel.errors import FunctionFailed
from engine.feel.functions.registry import FunctionTable
from engine.feel.limits import Run
from engine.feel.text import json_text, text_of, to_json
from engine.feel.values import NUMBERS, Value, to_number

FUNCTIONS = FunctionTable()
_NUMERAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,5})?", re.ASCII)
_GROUPING = ("", " ", ",", ".")
_POINTS = ("", ".", ",")


@FUNCTIONS.add("string", "from")
def string(run: Run, source: Value) -> str | None:
    if source is None:
        return None
    run.weigh(source)
    text = source if isinstance(source, str) else text_of(source)
    run.check_text(len(text))
    return text


@FUNCTIONS.add("number", "from: number")
def number_of_number(_run: Run, source: Decimal) -> Decimal:
    return to_number(source)


@FUNCTIONS.add("number", "from: string")
def number_of_text(_run: Run, source: str) -> Decimal:
    return _read_number(source, "", ".")


@FUNCTIONS.add("number", "from: string", "grouping separator", "[decimal separator]")
def number_with_separators(_run: Run, source: str, grouping: Value, point: Value = None) -> Decimal:
    grouping, point = "" if grouping is None else grouping, "." if point is None else point
    if grouping not in _GROUPING or point not in _POINTS or grouping == point:
        raise FunctionFailed("分隔符不合法", "the separators are not valid")
    return _read_number(source, str(grouping), str(point))


def _read_number(source: str, grouping: str, point: str) -> Decimal:
    text = source.replace(grouping, "") if grouping else source
    text = text.replace(point, ".") if point != "." else text
    if not _NUMERAL.fullmatch(text):
        raise FunctionFailed(f"“{source}”不是数值", f"{source!r} is not a number")
    return NUMBERS.create_decimal(text)


@FUNCTIONS.add("to json", "value")
def write_json(run: Run, value: Value) -> str:
    run.weigh(value)
    text = json_text(to_json(value))
    run.check_text(len(text))
    return text


@FUNCTIONS.add("from json", "value: string")
def read_json(_run: Run, value: str) -> Value:
    try:
        return json.loads(
            value, parse_float=NUMBERS.create_decimal, parse_int=NUMBERS.create_decimal, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise FunctionFailed("文本不是 JSON", "the text is not JSON") from None


def _refuse_constant(text: str) -> Value:
    raise ValueError(text)
