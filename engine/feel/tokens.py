"""Cuts FEEL source into tokens (DMN 1.5, 10.3.1.2).

Names that contain spaces or operator characters are put together again by the parser, which knows the
names in scope; here every word is a token of its own.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from engine.feel.errors import FeelSyntaxError

# Words that end a name written without quotes, because grammar continues there.
STOP_WORDS = frozenset({"and", "or", "between", "in", "then", "else", "return", "satisfies", "instance", "external"})
# Words that no name written without quotes may begin with.
LEADING_WORDS = frozenset({"true", "false", "null", "not", "if", "for", "some", "every", "function"})
KEYWORDS = STOP_WORDS | LEADING_WORDS


class Kind(StrEnum):
    """What sort of token it is; keywords are words."""

    NUMBER = "number"
    STRING = "string"
    WORD = "word"
    QUOTED_NAME = "quoted name"
    SYMBOL = "symbol"
    END = "end"


class Token(NamedTuple):
    """A token; `text` is decoded for strings and quoted names, else as written."""

    kind: Kind
    text: str
    start: int
    end: int


# The name characters of the grammar without its punctuation: the standard's ranges would swallow full-width
# commas and brackets, which are slips of a Chinese keyboard and deserve to be named as such.
_START = (
    "A-Z_a-zªµºÀ-ÖØ-öø-˿Ͱ-ͽͿ-῿"
    "\u200c-\u200d⁰-\u218fⰀ-\u2fef々-〇〡-〩〱-〵〸-〼ぁ-ヺー-ㅿ㐀-\ud7ff"
    "豈-\ufdcfﷰ-︯ﹰ-\ufefe０-９Ａ-Ｚａ-ｚｦ-\uffdc\U00010000-\U000effff"
)
_PART = _START + r"0-9·\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    r"(?P<space>[\s\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+"
    r"|//[^\n\r]*|/\*.*?\*/)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    rf"|(?P<word>[{_START}][{_PART}]*|\?)"
    r"|(?P<quoted>`[^`]+`)"
    r"|(?P<symbol>\*\*|\.\.|<=|>=|!=|->|/(?!\*)|[-+*<>=(){}\[\],:.@'])",
    re.DOTALL,
)
_GROUPS: dict[str | None, Kind] = {
    "number": Kind.NUMBER,
    "string": Kind.STRING,
    "word": Kind.WORD,
    "quoted": Kind.QUOTED_NAME,
    "symbol": Kind.SYMBOL,
}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")

_FULL_WIDTH = {
    "，": ",",
    "；": ";",
    "：": ":",
    "（": "(",
    "）": ")",
    "【": "[",
    "】": "]",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "＝": "=",
    "＞": ">",
    "＜": "<",
    "＋": "+",
    "－": "-",
    "。": ".",
    "｛": "{",
    "｝": "}",
    "！": "!",
}


def tokenize(source: str) -> list[Token]:
    """The tokens of `source` followed by one END token; raises FeelSyntaxError at the first unreadable character."""
    tokens: list[Token] = []
    position = 0
    for match in _TOKEN.finditer(source):
        start, end = match.span()
        if start != position:
            break
        position = end
        group = match.lastgroup
        if group == "space":
            continue
        text = match[0]
        if group == "string":
            text = _decode(source, text[1:-1], start + 1)
        elif group == "quoted":
            text = text[1:-1]
        tokens.append(Token(_GROUPS[group], text, start, end))
    if position < len(source):
        raise _unreadable(source, position)
    tokens.append(Token(Kind.END, "", position, position))
    return tokens


def _decode(source: str, text: str, offset: int) -> str:
    if "\\" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) > 1:
            value = int(code[1:], 16)
            if value > 0x10FFFF:
                raise FeelSyntaxError(
                    f"字符编码“\\{code}”不存在",
                    f"there is no character \\{code}",
                    source=source,
                    position=offset + match.start(),
                )
            return chr(value)
        # An escape the grammar does not know stays as written: regular expressions lean on it.
        return _ESCAPED.get(code, "\\" + code)

    decoded = _SURROGATES.sub(_join_surrogates, _ESCAPE.sub(character, text))
    if _LONE_SURROGATE.search(decoded):
        raise FeelSyntaxError(
            "文本中有半个字符（代理项不成对）",
            "there is half a character (an unpaired surrogate)",
            source=source,
            position=offset,
        )
    return decoded


def _join_surrogates(match: re.Match[str]) -> str:
    high, low = match[0][0], match[0][1]
    return chr(0x10000 + ((ord(high) - 0xD800) << 10) + (ord(low) - 0xDC00))


def _unreadable(source: str, position: int) -> FeelSyntaxError:
    character = source[position]
    if character == '"':
        zh, en = "文本缺少结束的双引号", "the string has no closing quote"
    elif source.startswith("/*", position):
        zh, en = "注释缺少结束的 */", "the comment has no closing */"
    elif character in _FULL_WIDTH:
        half = _FULL_WIDTH[character]
        zh, en = f"请把全角标点“{character}”改为半角“{half}”", f"use {half} instead of the full-width {character}"
    else:
        zh, en = f"无法识别的字符“{character}”", f"unexpected character {character!r}"
    return FeelSyntaxError(zh, en, source=source, position=position)
