"""Regular expressions with back-references, which RE2 has not: a matcher that tries, goes back, and gives up in time.

Only patterns that hold a back-reference come here (XPath and XQuery functions, 5.6.1). Trying may take for ever in
principle, so that a search has a budget of steps; nothing in it is longer than the pattern times the text otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from engine.feel.errors import FeelLimitError, FunctionFailed

STEPS = 30_000
"""Of one search, or of one walk through a text; a tenth of a second at most."""
_REFERENCE = re.compile(r"\\(?:[^1-9]|(?P<reference>[1-9]))|\[(?:[^\]\\]|\\.)*\]?", re.DOTALL)
_QUANTIFIER = re.compile(r"(?:([*+?])|\{(\d{1,3})(?:(,)(\d{1,3})?)?\})(\??)")
_QUANTITIES: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}

Continuation: TypeAlias = Callable[[int], int | None]
_Part: TypeAlias = Callable[["_Search", int, Continuation], int | None]
OneCharacter: TypeAlias = Callable[[str], Callable[[str], bool]]
"""The test of one character that an atom such as `[a-z]`, `\\d` or `.` stands for."""


def has_reference(pattern: str) -> bool:
    """Whether the pattern refers back to a group."""
    return any(found["reference"] for found in _REFERENCE.finditer(pattern))


@dataclass(frozen=True, slots=True)
class Match:
    """A part of the text that the pattern matches, with its groups; the interface is that of RE2's matches."""

    re: BackPattern
    text: str
    spans: tuple[tuple[int, int] | None, ...]

    def start(self) -> int:
        return self._whole[0]

    def end(self) -> int:
        return self._whole[1]

    def group(self, number: int = 0) -> str | None:
        span = self.spans[number]
        return None if span is None else self.text[span[0] : span[1]]

    @property
    def _whole(self) -> tuple[int, int]:
        return self.spans[0] or (0, 0)


class _Search:
    """One search under way: the text, what the groups hold, and the steps that are left."""

    __slots__ = ("groups", "left", "text")

    def __init__(self, text: str, groups: int) -> None:
        self.text = text
        self.groups: list[tuple[int, int] | None] = [None] * (groups + 1)
        self.left = STEPS

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise FeelLimitError(
                f"带反向引用的正则表达式超过 {STEPS} 步",
                f"a pattern with back-references needs more than {STEPS} steps",
            )


class BackPattern:
    """A pattern with back-references; `one` reads its one-character atoms, `ignore_case` and `multiline` are flags i and m.

    Raises FunctionFailed where the pattern cannot be read.
    """

    def __init__(self, pattern: str, one: OneCharacter, *, ignore_case: bool, multiline: bool) -> None:
        reader = _Reader(pattern, one, ignore_case=ignore_case, multiline=multiline)
        self._part = reader.whole()
        self.groups = reader.groups

    def search(self, text: str) -> Match | None:
        """The first match in the text."""
        return next(self.finditer(text), None)

    def finditer(self, text: str) -> Iterator[Match]:
        """The matches one after the other; raises FeelLimitError beyond the budget."""
        search, place = _Search(text, self.groups), 0
        while place <= len(text):
            search.step()
            search.groups = [None] * (self.groups + 1)
            end = self._part(search, place, _itself)
            if end is None:
                place += 1
                continue
            yield Match(self, text, ((place, end), *search.groups[1:]))
            place = end if end > place else place + 1


def _itself(place: int) -> int:
    return place


# ---------------------------------------------------------------------- parts


def _sequence(parts: list[_Part]) -> _Part:
    def sequence(search: _Search, place: int, then: Continuation) -> int | None:
        def go_on(index: int, at: int) -> int | None:
            return then(at) if index == len(parts) else parts[index](search, at, lambda end: go_on(index + 1, end))

        return go_on(0, place)

    return sequence if len(parts) != 1 else parts[0]


def _one_of(branches: list[_Part]) -> _Part:
    def one_of(search: _Search, place: int, then: Continuation) -> int | None:
        for branch in branches:
            end = branch(search, place, then)
            if end is not None:
                return end
        return None

    return one_of if len(branches) != 1 else branches[0]


def _character(is_it: Callable[[str], bool]) -> _Part:
    def character(search: _Search, place: int, then: Continuation) -> int | None:
        search.step()
        return then(place + 1) if place < len(search.text) and is_it(search.text[place]) else None

    return character


def _group(number: int, part: _Part) -> _Part:
    def group(search: _Search, place: int, then: Continuation) -> int | None:
        before = search.groups[number]

        def close(end: int) -> int | None:
            inner = search.groups[number]
            search.groups[number] = (place, end)
            found = then(end)
            if found is None:
                search.groups[number] = inner
            return found

        found = part(search, place, close)
        if found is None:
            search.groups[number] = before
        return found

    return group


def _reference(number: int, *, ignore_case: bool) -> _Part:
    """What the group holds, once more; nothing if it has not matched."""

    def reference(search: _Search, place: int, then: Continuation) -> int | None:
        search.step()
        span = search.groups[number]
        wanted = "" if span is None else search.text[span[0] : span[1]]
        found = search.text[place : place + len(wanted)]
        same = found == wanted or (ignore_case and found.casefold() == wanted.casefold())
        return then(place + len(wanted)) if same else None

    return reference


def _repeated(part: _Part, least: int, most: int | None, *, lazy: bool) -> _Part:
    def repeated(search: _Search, place: int, then: Continuation) -> int | None:
        def again(count: int, at: int) -> int | None:
            search.step()

            def more() -> int | None:
                if most is not None and count >= most:
                    return None
                # Going round without going on would never end.
                return part(search, at, lambda end: None if end == at and count >= least else again(count + 1, end))

            if count < least:
                return more()
            if lazy:
                found = then(at)
                return more() if found is None else found
            found = more()
            return then(at) if found is None else found

        return again(0, place)

    return repeated


def _edge(*, at_end: bool, multiline: bool) -> _Part:
    def edge(search: _Search, place: int, then: Continuation) -> int | None:
        text = search.text
        is_edge = place == (len(text) if at_end else 0)
        if multiline and not is_edge:
            is_edge = text[place] == "\n" if at_end else text[place - 1] == "\n"
        return then(place) if is_edge else None

    return edge


# ---------------------------------------------------------------------- reading


class _Reader:
    """Reads a pattern by recursive descent."""

    def __init__(self, pattern: str, one: OneCharacter, *, ignore_case: bool, multiline: bool) -> None:
        self._pattern = pattern
        self._one = one
        self._ignore_case = ignore_case
        self._multiline = multiline
        self._at = 0
        self._closed: set[int] = set()
        self.groups = 0

    def whole(self) -> _Part:
        part = self._branches()
        if self._at < len(self._pattern):
            raise self._unreadable()
        return part

    def _branches(self) -> _Part:
        branches = [self._branch()]
        while self._takes("|"):
            branches.append(self._branch())
        return _one_of(branches)

    def _branch(self) -> _Part:
        parts: list[_Part] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            part = self._atom()
            found = _QUANTIFIER.match(self._pattern, self._at)
            if found is not None:
                self._at = found.end()
                part = _repeated(part, *self._quantity(found), lazy=bool(found[5]))
            parts.append(part)
        return _sequence(parts)

    def _quantity(self, found: re.Match[str]) -> tuple[int, int | None]:
        if found[1]:
            return _QUANTITIES[found[1]]
        least = int(found[2])
        most = least if found[3] is None else int(found[4]) if found[4] else None
        if most is not None and most < least:
            raise self._unreadable()
        return least, most

    def _atom(self) -> _Part:
        character = self._pattern[self._at]
        match character:
            case "(":
                return self._parenthesis()
            case "^" | "$":
                self._at += 1
                return _edge(at_end=character == "$", multiline=self._multiline)
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise self._unreadable()
            case "\\":
                digits = re.compile(r"\\([1-9]\d*)").match(self._pattern, self._at)
                return self._escaped() if digits is None else self._back(digits[1])
            case "[":
                return self._class()
        self._at += 1
        return _character(self._one(character))

    def _parenthesis(self) -> _Part:
        self._at += 1
        if self._takes("?:"):
            part = self._branches()
        else:
            self.groups += 1
            number = self.groups
            part = _group(number, self._branches())
            self._closed.add(number)
        if not self._takes(")"):
            raise self._unreadable()
        return part

    def _back(self, digits: str) -> _Part:
        """`\\12` means group 12 only if there are so many groups before it, else group 1 and then the digit 2."""
        while len(digits) > 1 and int(digits) > self.groups:
            digits = digits[:-1]
        if int(digits) not in self._closed:
            raise self._unreadable()
        self._at += 1 + len(digits)
        return _reference(int(digits), ignore_case=self._ignore_case)

    def _escaped(self) -> _Part:
        found = re.compile(r"\\(?:[pP]\{[^}]*\}|.)", re.DOTALL).match(self._pattern, self._at)
        if found is None:
            raise self._unreadable()
        self._at = found.end()
        return _character(self._one(found[0]))

    def _class(self) -> _Part:
        begins, depth = self._at, 0
        while self._at < len(self._pattern):
            character = self._pattern[self._at]
            self._at += 2 if character == "\\" else 1
            depth += (character == "[") - (character == "]")
            if depth == 0:
                return _character(self._one(self._pattern[begins : self._at]))
        raise self._unreadable()

    def _takes(self, text: str) -> bool:
        if not self._pattern.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _unreadable(self) -> FunctionFailed:
        return FunctionFailed(f"正则表达式“{self._pattern}”不合法", f"pattern {self._pattern!r} is invalid")
