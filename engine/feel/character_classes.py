"""Character classes of XML Schema with subtraction, `[a-z-[aeiou]]`, worked out to plain ranges for RE2, which has none."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from engine.feel.errors import FunctionFailed

Ranges: TypeAlias = tuple[tuple[int, int], ...]  # both ends included, ascending, apart from each other
_LAST = sys.maxunicode
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"}
_PROPERTY = re.compile(r"\\([pP])\{([A-Z][a-z]?)\}")
# XML Schema, part 2, F.1.1: a word is everything but punctuation, separators and other
_ESCAPES = {"d": (("Nd",), False), "w": (("P", "Z", "C"), True)}


def subtract(pattern: str, start: int) -> tuple[str, int]:
    """The class beginning with the bracket at `start` without subtraction, and where the pattern goes on.

    Raises FunctionFailed for a class that cannot be read.
    """
    members, end = _class(pattern, start)
    if not members:
        raise FunctionFailed("字符类减去后为空", "nothing is left of the character class")
    return "[" + "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in members) + "]", end


def _class(pattern: str, start: int) -> tuple[Ranges, int]:
    index = start + 1
    negated = pattern.startswith("^", index)
    index += negated
    found: list[tuple[int, int]] = []
    taken: Ranges = ()
    while True:
        if index >= len(pattern):
            raise _unreadable(pattern)
        if pattern[index] == "]" and index > start + 1 + negated:
            break
        if pattern.startswith("-[", index):
            taken, index = _class(pattern, index + 1)
            if not pattern.startswith("]", index):
                raise _unreadable(pattern)
            break
        members, index = _member(pattern, index)
        if pattern.startswith("-", index) and pattern[index + 1 : index + 2] not in ("[", "]", ""):
            last, index = _member(pattern, index + 1)
            if _is_set(members) or _is_set(last) or last[0][0] < members[0][0]:
                raise _unreadable(pattern)
            members = ((members[0][0], last[0][0]),)
        found.extend(members)
    whole = _ordered(found)
    return _without(_complement(whole) if negated else whole, taken), index + 1


def _member(pattern: str, index: int) -> tuple[Ranges, int]:
    character = pattern[index]
    if character != "\\":
        return ((ord(character), ord(character)),), index + 1
    match = _PROPERTY.match(pattern, index)
    if match is not None:
        members = _of_category((match[2],))
        return (_complement(members) if match[1] == "P" else members), match.end()
    letter = pattern[index + 1 : index + 2]
    if letter.lower() in _ESCAPES:
        categories, is_complement = _ESCAPES[letter.lower()]
        members = _of_category(categories)
        return (_complement(members) if is_complement is letter.islower() else members), index + 2
    if letter.lower() == "s":
        blanks = _ordered((ord(blank), ord(blank)) for blank in " \t\n\r")
        return (blanks if letter == "s" else _complement(blanks)), index + 2
    if (letter.isalnum() and letter not in _SINGLE) or not letter:
        raise _unreadable(pattern)
    code = ord(_SINGLE.get(letter, letter))
    return ((code, code),), index + 2


def _is_set(members: Ranges) -> bool:
    return len(members) != 1 or members[0][0] != members[0][1]


@lru_cache(maxsize=64)
def _of_category(categories: tuple[str, ...]) -> Ranges:
    """All characters of these categories, or of groups of them; looked up once, it means asking for every character."""
    points = (code for code in range(_LAST + 1) if unicodedata.category(chr(code)).startswith(categories))
    return _ordered((code, code) for code in points)


def _ordered(ranges: Iterable[tuple[int, int]]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)


def _complement(ranges: Ranges) -> Ranges:
    gaps: list[tuple[int, int]] = []
    following = 0
    for low, high in ranges:
        if low > following:
            gaps.append((following, low - 1))
        following = high + 1
    if following <= _LAST:
        gaps.append((following, _LAST))
    return tuple(gaps)


def _without(ranges: Ranges, taken: Ranges) -> Ranges:
    return _complement(_ordered((*_complement(ranges), *taken))) if taken else ranges


def _unreadable(pattern: str) -> FunctionFailed:
    return FunctionFailed(f"正则表达式“{pattern}”不合法", f"pattern {pattern!r} is invalid")
