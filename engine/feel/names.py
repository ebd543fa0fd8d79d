"""The name table of the parser: names that cannot be read word by word.

Neighbouring words are always one name (`monthly income`), so only names that hold a keyword or an operator
character (`date and time`, `self-employed`) have to be known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import KEYWORDS, Kind, Token, tokenize

_Entries: TypeAlias = tuple[tuple[tuple[str, ...], str], ...]  # the words of a name and its spelling, longest first


class NameTable:
    """Odd names in scope, found by longest match of tokens; inner scopes are pushed and popped."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first = _table_of(tuple(names)).copy()
        self._before: list[tuple[str, _Entries]] = []

    def add(self, name: str) -> None:
        """Make `name` known; plain names need no entry and are ignored."""
        key = _odd_key(name)
        if key is not None:
            first = key[0]
            entries = self._by_first.get(first, ())
            self._before.append((first, entries))
            self._by_first[first] = _with(entries, key, name)

    def mark(self) -> int:
        """A point to come back to with `release`."""
        return len(self._before)

    def release(self, mark: int) -> None:
        """Forget every name added since `mark`."""
        while len(self._before) > mark:
            first, entries = self._before.pop()
            self._by_first[first] = entries

    def longest(self, tokens: list[Token], index: int) -> tuple[int, str] | None:
        """Number of tokens and spelling of the longest odd name that begins at `index`."""
        for key, name in self._by_first.get(tokens[index].text, ()):
            part = tokens[index : index + len(key)]
            if tuple(token.text for token in part) == key and not any(t.kind is Kind.STRING for t in part):
                return len(key), name
        return None


def _with(entries: _Entries, key: tuple[str, ...], name: str) -> _Entries:
    return tuple(sorted(((key, name), *entries), key=lambda entry: -len(entry[0])))


# The built-ins' names come with every expression, and all expressions of a decision with those of its variables.
@lru_cache(maxsize=256)
def _table_of(names: tuple[str, ...]) -> dict[str, _Entries]:
    table: dict[str, _Entries] = {}
    for name in names:
        key = _odd_key(name)
        if key is not None:
            table[key[0]] = _with(table.get(key[0], ()), key, name)
    return table


@lru_cache(maxsize=4096)
def _odd_key(name: str) -> tuple[str, ...] | None:
    try:
        tokens = tokenize(name)[:-1]
    except FeelSyntaxError:
        return None  # such a name can only be written between backticks
    if not tokens or tokens[0].kind is not Kind.WORD:
        return None
    key = tuple(token.text for token in tokens)
    plain = all(token.kind is Kind.WORD for token in tokens) and KEYWORDS.isdisjoint(key)
    return None if plain else key
