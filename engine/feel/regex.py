"""Regular expressions of FEEL (XML Schema and XPath flavour) on google-re2, which matches in linear time.

Class subtraction, which RE2 lacks, is worked out beforehand; patterns with back-references go to a matcher of our own, which
has a budget; look-around, which XPath lacks too, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import re2

from engine.feel.backtracking import BackPattern, has_reference
from engine.feel.character_classes import subtract
from engine.feel.errors import FeelLimitError, FunctionFailed

_MOST_WORK = 50_000_000
"""Instructions of the pattern times characters of the text: half a second of the worst patterns."""
_DOT = r"[^\n\r]"  # XPath's dot stops at both kinds of line end
_FLAGS = frozenset("smixq")
_NAME_START = r"A-Z_a-z:\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}"
_NAME_PART = _NAME_START + r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}"
_SUBTRACTION = re.compile(r"\[(?:[^\]\\]|\\.)*-\[", re.DOTALL)
_CLASSES = {"i": _NAME_START, "c": _NAME_PART}
_BLOCKS = {
    "BasicLatin": r"\x{0}-\x{7F}",
    "Latin-1Supplement": r"\x{80}-\x{FF}",
    "Greek": r"\x{370}-\x{3FF}",
    "Cyrillic": r"\x{400}-\x{4FF}",
    "CJKUnifiedIdeographs": r"\x{4E00}-\x{9FFF}",
}


def compile_pattern(pattern: str, flags: str) -> Any:  # re2 is untyped
    """The compiled pattern; raises FunctionFailed if the pattern or a flag is not valid."""
    if not _FLAGS.issuperset(flags):
        raise FunctionFailed(f"正则表达式标志“{flags}”不合法", f"invalid flags {flags!r}")
    try:
        return _compiled(readable(pattern), "".join(sorted(set(flags))))
    except re2.error as failure:
        raise FunctionFailed(
            f"正则表达式“{pattern}”不合法或不受支持", f"pattern {pattern!r} is invalid or unsupported: {failure}"
        ) from None


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = "i" not in flags
    if "q" in flags:
        options.literal = True
        return re2.compile(pattern, options=options)
    if "x" in flags:
        pattern = _without_space(pattern)
    if has_reference(pattern):
        return BackPattern(
            pattern, lambda atom: _one_character(atom, flags), ignore_case="i" in flags, multiline="m" in flags
        )
    inline = "".join(flag for flag in flags if flag in "sm")
    translated = _translate(pattern, dot="." if "s" in flags else _DOT)
    return re2.compile(f"(?{inline}){translated}" if inline else translated, options=options)


def _one_character(atom: str, flags: str) -> Callable[[str], bool]:
    """The test of a single character that an atom without quantifier stands for."""
    compiled = _compiled(atom, "".join(flag for flag in flags if flag in "is"))
    return lambda character: compiled.fullmatch(character) is not None


def _without_space(pattern: str) -> str:
    """XPath's flag `x` drops white space outside character classes."""
    kept, depth, index = [], 0, 0
    while index < len(pattern):
        character = pattern[index]
        if character == "\\" and pattern[index + 1 : index + 2].strip():
            kept.append(pattern[index : index + 2])
            index += 2
            continue
        depth += (character == "[") - (character == "]")
        if depth > 0 or character not in " \t\n\r":
            kept.append(character)
        index += 1
    return "".join(kept)


def _translate(pattern: str, dot: str) -> str:
    """RE2 spelling of what XML Schema alone knows: \\i, \\c, blocks and class subtraction."""
    pieces: list[str] = []
    index, in_class = 0, False
    while index < len(pattern):
        character = pattern[index]
        if character == "\\" and index + 1 < len(pattern):
            piece, index = _escape(pattern, index, in_class)
            pieces.append(piece)
            continue
        if not in_class and pattern.startswith("(?", index) and not pattern.startswith("(?:", index):
            raise FunctionFailed(f"正则表达式“{pattern}”不受支持", f"pattern {pattern!r} is not supported")
        if character == "[" and not in_class:
            if _SUBTRACTION.match(pattern, index):
                piece, index = subtract(pattern, index)
                pieces.append(piece)
                continue
            in_class = True
        elif character == "]":
            in_class = False
        pieces.append(dot if character == "." and not in_class else character)
        index += 1
    return "".join(pieces)


def _escape(pattern: str, index: int, in_class: bool) -> tuple[str, int]:
    letter = pattern[index + 1]
    if letter == "0":
        raise FunctionFailed(f"正则表达式“{pattern}”不合法", f"pattern {pattern!r} is invalid")
    block = re.compile(r"\\([pP])\{Is([A-Za-z0-9-]+)\}").match(pattern, index)
    if block is not None and block[2] in _BLOCKS:
        negated = block[1] == "P"
        return _class(_BLOCKS[block[2]], negated, in_class, pattern), block.end()
    if letter.lower() in _CLASSES:
        return _class(_CLASSES[letter.lower()], letter.isupper(), in_class, pattern), index + 2
    return pattern[index : index + 2], index + 2


def _class(members: str, negated: bool, in_class: bool, pattern: str) -> str:
    if in_class and negated:
        raise FunctionFailed(f"正则表达式“{pattern}”不受支持", f"pattern {pattern!r} is not supported")
    return members if in_class else f"[{'^' if negated else ''}{members}]"


def searchable(pattern: Any, text: str) -> str:
    """The text, if this pattern can be searched for in it; raises FeelLimitError where both together are too large.

    RE2's time grows with the size of the pattern times the length of the text where it cannot build its automaton, and
    with the number of groups that it has to keep apart.
    """
    if not isinstance(pattern, BackPattern):  # which has a budget of its own
        work = pattern.programsize * len(text) * (200 + pattern.groups) // 200
        if work > _MOST_WORK:
            raise FeelLimitError(
                "正则表达式和文本合在一起过大", "the pattern is too large to be searched for in a text so long"
            )
    return readable(text)


def readable(text: str) -> str:
    """The text, if it can be searched: half characters, which only JSON escapes can make, cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise FunctionFailed("文本中有半个字符", "the text holds half a character") from None
    return text


def expand(replacement: str, match: Any) -> str:
    """The replacement with `$1` to `$9` and `$0` filled in; `\\$` and `\\\\` stand for themselves."""
    groups = match.re.groups

    def part(found: re.Match[str]) -> str:
        if found[0].startswith("\\"):
            return found[1]
        number = int(found[2])
        # XPath: `$12` means group 12 only if there are so many groups, else group 1 followed by "2".
        digits = found[2]
        while number > groups and len(digits) > 1:
            digits = digits[:-1]
            number = int(digits)
        rest = found[2][len(digits) :]
        return (match.group(number) or "" if number <= groups else "") + rest

    return re.sub(r"\\([\\$])|\$(\d{1,3})", part, replacement)
