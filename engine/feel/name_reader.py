"""Reads the names and types of a FEEL text: where a name ends depends on the names in scope (DMN 1.5, 10.3.1.2)."""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel import tree
from engine.feel.cursor import Cursor
from engine.feel.names import NameTable
from engine.feel.tokens import LEADING_WORDS, STOP_WORDS, Kind
from engine.feel.types import BUILT_IN_TYPES


class NameReader(Cursor):
    """A cursor that knows the names in scope."""

    def __init__(self, source: str, names: Iterable[str]) -> None:
        super().__init__(source)
        self._names = NameTable(names)

    # ------------------------------------------------------------------ names

    def _name(self) -> str:
        token = self._token
        if token.kind is Kind.QUOTED_NAME:
            return self._advance().text
        if token.kind is not Kind.WORD:
            raise self._unexpected("名称", "a name")
        end = self._index + 1
        while self._tokens[end].kind is Kind.WORD and self._tokens[end].text not in STOP_WORDS:
            if self._tokens[end - 1].text == "?" or self._tokens[end].text == "?":
                break
            end += 1
        known = self._names.longest(self._tokens, self._index)
        if known is not None and self._index + known[0] > end - 1:
            self._index += known[0]
            return known[1]
        words = self._tokens[self._index : end]
        self._index = end
        return " ".join(word.text for word in words)

    def _declared_name(self, *ends: str) -> str:
        """A name that is being introduced: everything up to one of `ends`."""
        first = self._token
        if first.kind is Kind.QUOTED_NAME:
            return self._advance().text
        words = []
        while self._token.kind in (Kind.WORD, Kind.NUMBER) or self._at("-", "+", "*", "/", "'", "."):
            if self._token.text in ends:
                break
            words.append(self._advance())
        if not words or first.kind is not Kind.WORD or first.text in LEADING_WORDS:
            raise self._unexpected("名称", "a name")
        return " ".join(self._source[first.start : words[-1].end].split())

    def _argument_name(self) -> str | None:
        end = self._index
        while self._tokens[end].kind is Kind.WORD or self._tokens[end].text in ("-", "'"):
            end += 1
        token = self._tokens[end]
        if end == self._index:
            if self._token.kind is Kind.QUOTED_NAME and self._peek().text == ":":
                name = self._advance().text
                self._advance()
                return name
            return None
        if token.kind is not Kind.SYMBOL or token.text != ":":
            return None
        name = " ".join(each.text for each in self._tokens[self._index : end])
        self._index = end + 1
        return name

    def _context_key(self) -> str:
        token = self._token
        if token.kind is Kind.STRING or token.kind is Kind.QUOTED_NAME:
            self._advance()
            key = token.text
        else:
            start = self._index
            while self._token.kind in (Kind.WORD, Kind.NUMBER) or self._at("-", "+", "*", "/", "'", ".", "**"):
                self._advance()
            if self._index == start or self._tokens[start].kind is not Kind.WORD:
                raise self._unexpected("上下文的键名", "the key of a context entry")
            key = " ".join(self._source[token.start : self._end()].split())
        self._expect(":")
        return key

    # ------------------------------------------------------------------ types

    def _type(self) -> tree.TypeOf:
        self._deeper()
        token = self._token
        name = self._type_name()
        arguments: list[tree.TypeOf] = []
        fields: list[str] = []
        result = None
        if self._accept("<"):
            while not self._at(">"):
                if arguments:
                    self._expect(",")
                if name == "context":
                    fields.append(self._declared_name(":"))
                    self._expect(":")
                arguments.append(self._type())
            self._expect(">")
        if name == "function" and self._accept("->"):
            result = self._type()
        self._depth -= 1
        return tree.TypeOf(name, tuple(arguments), tuple(fields), result, start=token.start, end=self._end())

    def _type_name(self) -> str:
        for words in BUILT_IN_TYPES:
            if tuple(self._peek(offset).text for offset in range(len(words))) == words:
                self._index += len(words)
                return " ".join(words)
        name = self._name()
        while self._accept("."):
            name += "." + self._name()
        return name
