"""Cuts a JUEL template into plain texts and expressions, and an expression into tokens.

The rules of escaping are those of the reference implementation that Camunda 7 uses: outside expressions a backslash keeps
`${` and `#{` from being read, inside a text it stands before the quote or another backslash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from engine.feel import FeelSyntaxError

KEYWORDS = frozenset(
    {
        "and",
        "or",
        "not",
        "eq",
        "ne",
        "lt",
        "gt",
        "le",
        "ge",
        "div",
        "mod",
        "empty",
        "true",
        "false",
        "null",
        "instanceof",
    }
)
# Words for the signs; the parser sees the signs alone.
SIGNS = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "div": "/",
    "mod": "%",
}
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<word>[^\W\d][\w$]*|\$[\w$]*)"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_HALF_WIDTH = str.maketrans("，：（）［］【】＝＞＜＋－！？．＆｜“”‘’｛｝", ",:()[][]=><+-!?.&|\"\"''{}")


class Kind(StrEnum):
    """What sort of token it is."""

    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; texts are decoded, words that stand for signs are signs."""

    kind: Kind
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Span:
    """An expression of a template: its tokens, ended by one END, and its opening (`${` or `#{`)."""

    tokens: tuple[Token, ...]
    opening: str
    start: int


def is_template(text: str) -> bool:
    """Whether a text has an expression in it, or an escaped one."""
    return "${" in text or "#{" in text


def split_template(source: str) -> list[str | Span]:
    """Plain texts and expressions in the order of the source; raises FeelSyntaxError."""
    parts: list[str | Span] = []
    position = 0
    while position < len(source):
        text, position = _plain(source, position)
        if text:
            parts.append(text)
        if position < len(source):
            span, position = _span(source, position)
            parts.append(span)
    return parts


def _plain(source: str, position: int) -> tuple[str, int]:
    """The text up to the next expression and where that begins."""
    found: list[str] = []
    escaped = False
    while position < len(source):
        character = source[position]
        if character == "\\":
            if escaped:
                found.append("\\")
            escaped = True
            position += 1
            continue
        opens = character in "$#" and source.startswith("{", position + 1)
        if opens and not escaped:
            break
        if escaped and not opens:
            found.append("\\")
        found.append(character)
        escaped = False
        position += 1
    if escaped:
        found.append("\\")
    return "".join(found), position


def _span(source: str, start: int) -> tuple[Span, int]:
    tokens: list[Token] = []
    position = start + 2
    open_braces = 0
    while True:
        match = _TOKEN.match(source, position)
        if match is None:
            raise _unreadable(source, position, start)
        position = match.end()
        group = match.lastgroup
        if group == "space":
            continue
        token = _token(source, group or "", match)
        if token.kind is Kind.SIGN and token.text == "}" and not open_braces:
            tokens.append(Token(Kind.END, "", token.start))
            return Span(tuple(tokens), source[start : start + 2], start), position
        open_braces += {"{": 1, "}": -1}.get(token.text, 0) if token.kind is Kind.SIGN else 0
        tokens.append(token)


def _token(source: str, group: str, match: re.Match[str]) -> Token:
    text, start = match.group(), match.start()
    match group:
        case "number":
            return Token(Kind.NUMBER, text, start)
        case "text":
            return Token(Kind.TEXT, _decoded(source, text, start), start)
        case "word" if text in SIGNS:
            return Token(Kind.SIGN, SIGNS[text], start)
        case "word":
            return Token(Kind.WORD, text, start)
        case _:
            return Token(Kind.SIGN, text, start)


def _decoded(source: str, text: str, start: int) -> str:
    quote = text[0]

    def character(match: re.Match[str]) -> str:
        if match[1] not in {"\\", quote}:
            raise FeelSyntaxError(
                f"文本中的反斜杠之后只能是 {quote} 或另一个反斜杠",
                f"a backslash in a text stands before {quote} or another backslash",
                source=source,
                position=start + 1 + match.start(),
            )
        return match[1]

    return _ESCAPE.sub(character, text[1:-1])


def _unreadable(source: str, position: int, start: int) -> FeelSyntaxError:
    if position >= len(source):
        return FeelSyntaxError("表达式缺少结束的 }", "the expression has no closing }", source=source, position=start)
    character = source[position]
    half = character.translate(_HALF_WIDTH)
    if character in {'"', "'"}:
        zh, en = f"文本缺少结束的 {character}", f"the text has no closing {character}"
    elif half != character:
        zh, en = f"请把全角标点“{character}”改为半角“{half}”", f"use {half} instead of the full-width {character}"
    elif character in {"&", "|", "="}:
        zh, en = f"“{character}”应写成“{character * 2}”", f"'{character}' has to be written '{character * 2}'"
    else:
        zh, en = f"无法识别的字符“{character}”", f"unexpected character {character!r}"
    return FeelSyntaxError(zh, en, source=source, position=position)
