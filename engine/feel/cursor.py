"""Walks over the tokens of a FEEL text: what is next, what must come, and the refusal of anything else."""

from __future__ import annotations

from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import MAX_DEPTH, MAX_SOURCE
from engine.feel.tokens import Kind, Token, tokenize


class Cursor:
    """A place among the tokens of `source`, and how deep the parser has gone."""

    def __init__(self, source: str) -> None:
        if len(source) > MAX_SOURCE:
            raise FeelSyntaxError(
                f"表达式超过 {MAX_SOURCE} 个字符",
                f"the expression has more than {MAX_SOURCE} characters",
                source=source,
                position=MAX_SOURCE,
            )
        self._source = source
        self._tokens = tokenize(source)
        self._index = 0
        self._depth = 0

    # ------------------------------------------------------------------ reading tokens

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def _advance(self) -> Token:
        token = self._tokens[self._index]
        if token.kind is not Kind.END:
            self._index += 1
        return token

    def _peek(self, offset: int = 1) -> Token:
        return self._tokens[min(self._index + offset, len(self._tokens) - 1)]

    def _at(self, *texts: str) -> bool:
        token = self._tokens[self._index]
        return token.text in texts and (token.kind is Kind.SYMBOL or token.kind is Kind.WORD)

    def _accept(self, text: str) -> bool:
        if self._at(text):
            self._index += 1
            return True
        return False

    def _expect(self, text: str) -> Token:
        if not self._at(text):
            raise self._unexpected(f"“{text}”", f"'{text}'")
        return self._advance()

    def expect_end(self) -> None:
        if self._token.kind is not Kind.END:
            raise self._unexpected("表达式到此结束", "the expression to end here")

    def _unexpected(self, zh: str, en: str) -> FeelSyntaxError:
        token = self._token
        if token.kind is Kind.END:
            found_zh, found_en = "表达式已结束", "the end of the expression"
        else:
            written = self._source[token.start : token.end]
            found_zh, found_en = f"此处是“{written}”", f"'{written}'"
        return self._error(f"应为{zh}，但{found_zh}", f"expected {en}, found {found_en}", token.start)

    def _error(self, zh: str, en: str, position: int) -> FeelSyntaxError:
        return FeelSyntaxError(zh, en, source=self._source, position=position)

    def _end(self) -> int:
        return self._tokens[self._index - 1].end if self._index else 0

    def _deeper(self, count: int = 1) -> None:
        self._depth += count
        if self._depth > MAX_DEPTH:
            raise self.too_deep()

    def too_deep(self) -> FeelSyntaxError:
        """The refusal of an expression that nests too deeply at the present token."""
        return self._error(
            f"表达式嵌套超过 {MAX_DEPTH} 层", f"the expression nests deeper than {MAX_DEPTH}", self._token.start
        )
