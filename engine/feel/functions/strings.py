"""String functions (DMN 1.5, table 75; Camunda `trim`, `extract`, `is blank`, `uuid`, Base64). Positions count from 1."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.feel.errors import FunctionFailed
from engine.feel.functions.registry import FunctionTable
from engine.feel.limits import Run
from engine.feel.regex import compile_pattern, expand, searchable
from engine.feel.values import Value, truncated

FUNCTIONS = FunctionTable()


def checked(run: Run, text: str) -> str:
    run.check_text(len(text))
    return text


@FUNCTIONS.add("substring", "string: string", "start position: number", "[length: number]")
def substring(_run: Run, string: str, start: Decimal, length: Decimal | None = None) -> str:
    first = truncated(start)
    if first == 0 or abs(first) > len(string):
        raise FunctionFailed("起始位置超出文本", "the start position lies outside the string")
    begin = first - 1 if first > 0 else len(string) + first
    if length is None:
        return string[begin:]
    if length < 1:
        raise FunctionFailed("长度必须大于 0", "the length must be positive")
    return string[begin : begin + truncated(length)]


@FUNCTIONS.add("string length", "string: string")
def string_length(_run: Run, string: str) -> Decimal:
    return Decimal(len(string))


@FUNCTIONS.add("upper case", "string: string")
def upper_case(run: Run, string: str) -> str:
    return checked(run, string.upper())


@FUNCTIONS.add("lower case", "string: string")
def lower_case(run: Run, string: str) -> str:
    return checked(run, string.lower())


@FUNCTIONS.add("substring before", "string: string", "match: string")
def substring_before(_run: Run, string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@FUNCTIONS.add("substring after", "string: string", "match: string")
def substring_after(_run: Run, string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@FUNCTIONS.add("contains", "string: string", "match: string")
def contains(_run: Run, string: str, match: str) -> bool:
    return match in string


@FUNCTIONS.add("starts with", "string: string", "match: string")
def starts_with(_run: Run, string: str, match: str) -> bool:
    return string.startswith(match)


@FUNCTIONS.add("ends with", "string: string", "match: string")
def ends_with(_run: Run, string: str, match: str) -> bool:
    return string.endswith(match)


@FUNCTIONS.add("matches", "input: string", "pattern: string", "[flags]")
def matches(_run: Run, text: str, pattern: str, flags: Value = None) -> bool:
    """Whether the pattern is found anywhere in the text."""
    compiled = compile_pattern(pattern, _flags(flags))
    return compiled.search(searchable(compiled, text)) is not None


@FUNCTIONS.add("replace", "input: string", "pattern: string", "replacement: string", "[flags]")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: Value = None) -> str:
    given = _flags(flags)
    compiled = compile_pattern(pattern, given)
    if compiled.search("") is not None:
        raise FunctionFailed("正则表达式匹配空文本", "the pattern matches the empty string")
    pieces: list[str] = []
    position = length = 0
    for match in _matches(run, compiled, text):
        piece = text[position : match.start()] + (replacement if "q" in given else expand(replacement, match))
        length += len(piece)
        run.check_text(length)
        pieces.append(piece)
        position = match.end()
    return checked(run, "".join(pieces) + text[position:])


@FUNCTIONS.add("split", "string: string", "delimiter: string")
def split(run: Run, string: str, delimiter: str) -> list[Value]:
    """The delimiter is a regular expression."""
    pieces: list[Value] = []
    position = 0
    for match in _matches(run, compile_pattern(delimiter, ""), string):
        if match.start() == match.end():
            raise FunctionFailed("分隔符匹配空文本", "the delimiter matches the empty string")
        run.check_items(len(pieces))
        pieces.append(string[position : match.start()])
        position = match.end()
    pieces.append(string[position:])
    return pieces


@FUNCTIONS.add("extract", "string: string", "pattern: string")
def extract(run: Run, string: str, pattern: str) -> list[Value]:
    found: list[Value] = []
    for match in _matches(run, compile_pattern(pattern, ""), string):
        run.check_items(len(found))
        found.append(match.group())
    return found


def _matches(run: Run, pattern: Any, text: str) -> Iterator[Any]:  # re2 is untyped
    """The matches one after the other, each a step and more where it may have looked through much text it may have looked at."""
    for match in pattern.finditer(searchable(pattern, text)):
        run.step(1 + (len(text) - match.start()) // 65_536)
        yield match


def _flags(flags: Value) -> str:
    if flags is None:
        return ""
    if not isinstance(flags, str):
        raise FunctionFailed("标志必须是文本", "the flags must be a string")
    return flags


@FUNCTIONS.add("string join", "list: list", "[delimiter]")
@FUNCTIONS.add("string join", "list: list", "delimiter", "prefix: string", "suffix: string")
def string_join(run: Run, items: list[Value], delimiter: Value = None, prefix: str = "", suffix: str = "") -> str:
    """Null items are left out; any other item must be a string. Prefix and suffix are Camunda's."""
    texts = [item for item in items if item is not None]
    if delimiter is not None and not isinstance(delimiter, str):
        raise FunctionFailed("分隔符必须是文本", "the delimiter must be a string")
    strings = [text for text in texts if isinstance(text, str)]
    if len(strings) != len(texts):
        raise FunctionFailed("列表中有不是文本的元素", "the list holds an item that is no string")
    separator = delimiter or ""
    run.check_text(sum(map(len, strings)) + len(separator) * len(strings))
    return checked(run, f"{prefix}{separator.join(strings)}{suffix}")


@FUNCTIONS.add("trim", "string: string")
def trim(_run: Run, string: str) -> str:
    return string.strip()


@FUNCTIONS.add("is blank", "string: string")
def is_blank(_run: Run, string: str) -> bool:
    return not string.strip()


@FUNCTIONS.add("uuid")
def new_uuid(_run: Run) -> str:
    return str(uuid.uuid4())


@FUNCTIONS.add("to base64", "value: string")
def to_base64(run: Run, value: str) -> str:
    return checked(run, base64.b64encode(value.encode("utf-8", "surrogatepass")).decode("ascii"))


@FUNCTIONS.add("from base64", "value: string")
def from_base64(_run: Run, value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise FunctionFailed("文本不是 Base64 编码", "the text is not Base64") from None
