"""The name table of the parser: names that cannot be read word by word.

Neighbouring words are always one name (`monthly income`), so only names that hold a keyword or an operator
character (`date and time`, `self-employed`) have to be known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import KEYWORDS, Kind, Token, tokenize


class NameTable:
    """Odd names in scope, found by longest match of tokens; inner scopes are pushed and popped."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._added: list[tuple[str, tuple[str, ...]]] = []
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make `name` known; plain names need no entry and are ignored."""
        key = _odd_key(name)
        if key is None:
            return
        entries = self._by_first.setdefault(key[0], [])
        entries.append((key, name))
        entries.sort(key=lambda entry: -len(entry[0]))
        self._added.append((key[0], key))

    def mark(self) -> int:
        """A point to come back to with `release`."""
        return len(self._added)

    def release(self, mark: int) -> None:
        """Forget every name added since `mark`."""
        while len(self._added) > mark:
            first, key = self._added.pop()
            entries = self._by_first[first]
            entries.remove(next(entry for entry in entries if entry[0] == key))

    def longest(self, tokens: list[Token], index: int) -> tuple[int, str] | None:
        """Number of tokens and spelling of the longest odd name that begins at `index`."""
        for key, name in self._by_first.get(tokens[index].text, ()):
            part = tokens[index : index + len(key)]
            if tuple(token.text for token in part) == key and not any(t.kind is Kind.STRING for t in part):
                return len(key), name
        return None


# The built-ins' names come with every expression; to take them apart each time cost half of a deployment.
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
