"""The one place where bytes from outside become JSON values, within the bounds of `engine.limits`.

Numbers become `int` or `Decimal`, never `float`: an amount of money is read as it was written.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal, InvalidOperation

from engine.errors import CallerError, Problem
from engine.limits import FORM_BYTES, JSON_DEPTH, JSON_INTEGER_DIGITS, JSON_VALUES, NUMBER_DIGITS, NUMBER_EXPONENT

# A string as a whole, or one bracket: enough to follow the nesting without reading the values.
# An open string runs to the end of the text, so that a text of quotes alone is read once and not once per quote.
_STRING = r'"(?:[^"\\]|\\.)*+(?:"|\Z|\\\Z)'
_STRUCTURE = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_STRINGS = re.compile(_STRING, re.DOTALL)


# In written JSON: an escape of U+0000, and not an escaped backslash before "u0000".
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*+\\u0000")


class JsonRefused(CallerError):
    """The bytes are not JSON, or JSON beyond a bound; `problem` says why and where."""

    code = "json_refused"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.zh, problem.en)
        self.problem = problem


class _NotRead(ValueError):
    """A value that JSON's grammar or our bounds do not allow, found while it is built."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.rule, self.zh, self.en = rule, zh, en


def parse_json(data: bytes, *, file: str = "", limit: int = FORM_BYTES) -> object:
    """The value of a JSON text (RFC 8259) in UTF-8: dict, list, str, bool, None, `int` or `Decimal`.

    `limit` is the size in bytes. Raises `JsonRefused`, the sender's mistake: for a wrong text, a key that stands twice in
    an object, NaN and Infinity, lone surrogates, and whatever is larger or deeper than the bounds.
    """
    if len(data) > limit:
        raise _refused(
            "json-size",
            f"文件有 {len(data):,} 字节,超过上限 {limit:,} 字节。",
            f"The file has {len(data):,} bytes, more than the limit of {limit:,}.",
            file,
            None,
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refused(
            "json-encoding", "文件不是 UTF-8 编码。", "The file is not encoded in UTF-8.", file, line
        ) from None
    _check_structure(text, file)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_constant,
        )
        # A lone surrogate and U+0000 can be written as escapes and then be stored nowhere.
        written = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
        if _NUL.search(written):
            raise _NotRead("json-encoding", "文字中有字符 U+0000。", "There is a U+0000 in a text.")
    except json.JSONDecodeError as error:
        raise _refused(
            "json-syntax",
            f"不是格式正确的 JSON(第 {error.lineno} 行第 {error.colno} 个字符:{error.msg})。",
            f"This is not well-formed JSON (line {error.lineno}, column {error.colno}: {error.msg}).",
            file,
            error.lineno,
        ) from None
    except UnicodeEncodeError:
        raise _refused(
            "json-encoding", "文字中有不成对的代理字符。", "There is a lone surrogate in a text.", file, None
        ) from None
    except _NotRead as error:
        raise _refused(error.rule, error.zh, error.en, file, None) from None
    return value


def _check_structure(text: str, file: str) -> None:
    """Depth and number of values, before anything is built: the parser itself recurses."""
    depth = 0
    for found in _STRUCTURE.finditer(text):
        bracket = found.group()
        if bracket in "[{":
            depth += 1
        elif bracket in "]}":
            depth -= 1
        if depth > JSON_DEPTH:
            raise _refused(
                "json-depth",
                f"嵌套超过 {JSON_DEPTH} 层。",
                f"Values are nested more than {JSON_DEPTH} deep.",
                file,
                text.count("\n", 0, found.start()) + 1,
            )
    # Every value but the root follows a comma or opens its list or object; strings may hold such signs too.
    if text.count(",") + text.count("[") + text.count("{") >= JSON_VALUES and _values(text) > JSON_VALUES:
        raise _refused(
            "json-values", f"值超过 {JSON_VALUES:,} 个。", f"There are more than {JSON_VALUES:,} values.", file, None
        )


def _values(text: str) -> int:
    bare = _STRINGS.sub('""', text)
    # Each object and list is a value, each comma separates two, the first in each bracket has no comma before it.
    return 1 + bare.count(",") + len(re.findall(r"[\[{]\s*[^\]}\s]", bare))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise _NotRead(
            "json-duplicate-key", f"键“{twice}”在同一处出现两次。", f"The key '{twice}' stands twice in one object."
        )
    return found


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > JSON_INTEGER_DIGITS:
        raise _NotRead(
            "json-number",
            f"整数超过 {JSON_INTEGER_DIGITS} 位。",
            f"An integer has more than {JSON_INTEGER_DIGITS} digits.",
        )
    return int(text)


def _decimal(text: str) -> Decimal:
    # Zeros in front or behind may add characters, but no number within the bounds needs this many.
    value = _exact(text) if len(text) <= 4 * NUMBER_DIGITS else None
    if (
        value is None
        or len(value.as_tuple().digits) > NUMBER_DIGITS
        or (value and abs(value.adjusted()) > NUMBER_EXPONENT)
    ):
        raise _NotRead(
            "json-number",
            f"数字超过 {NUMBER_DIGITS} 位有效数字或指数 ±{NUMBER_EXPONENT}。",
            f"A number has more than {NUMBER_DIGITS} significant digits or an exponent beyond ±{NUMBER_EXPONENT}.",
        )
    return value


def _exact(text: str) -> Decimal | None:
    """The number; None for an exponent that not even the decimal module holds."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _constant(text: str) -> object:
    raise _NotRead("json-number", f"{text} 不是 JSON 的数字。", f"{text} is not a number of JSON.")


def _refused(rule: str, zh: str, en: str, file: str, line: int | None) -> JsonRefused:
    return JsonRefused(Problem(rule=rule, zh=zh, en=en, file=file, line=line))
