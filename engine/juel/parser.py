"""Reads JUEL text into its tree: Expression Language 2.2 (JSR 245 MR), appendix "Collected Syntax", without lambdas.

What may be called is not asked here but when the tree is compiled.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn

from engine.feel import FeelLimitError, FeelSyntaxError
from engine.feel.limits import MAX_DEPTH, MAX_SOURCE
from engine.juel.tokens import KEYWORDS, Kind, Span, Token, split_template
from engine.juel.tree import Binary, Choice, Index, Invocation, Literal, Member, Name, Node, Template, Unary

# Operators that go left to right; a higher number binds tighter.
_BINDING = {
    **dict.fromkeys(("||",), 1),
    **dict.fromkeys(("&&",), 2),
    **dict.fromkeys(("==", "!="), 3),
    **dict.fromkeys(("<", ">", "<=", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_MAX_DIGITS = 34
_MAX_EXPONENT = 6_144


def parse_template(source: str) -> Template:
    """The tree of a whole attribute; raises FeelSyntaxError, and FeelLimitError for one that is too long or too deep."""
    if len(source) > MAX_SOURCE:
        raise FeelLimitError(f"表达式超过 {MAX_SOURCE} 个字符", f"the expression has more than {MAX_SOURCE} characters")
    parts: list[str | Node] = []
    opening = ""
    for part in split_template(source):
        if isinstance(part, str):
            parts.append(part)
            continue
        if opening and part.opening != opening:
            raise FeelSyntaxError(
                "同一处不能既写 ${…} 又写 #{…}",
                "${…} and #{…} cannot stand in one text",
                source=source,
                position=part.start,
            )
        opening = part.opening
        parts.append(_Parser(source, part).read())
    return Template(tuple(parts), deferred=opening == "#{")


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, source: str, span: Span) -> None:
        self._source = source
        self._tokens = span.tokens
        self._next = 0
        self._depth = 0

    def read(self) -> Node:
        node = self._expression()
        if self._token.kind is not Kind.END:
            self._unexpected()
        return node

    # -- tokens ---------------------------------------------------------------------------------------------------

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._token
        if token.kind is not Kind.END:
            self._next += 1
        return token

    def _sees(self, *signs: str) -> bool:
        return self._token.kind is Kind.SIGN and self._token.text in signs

    def _accept(self, sign: str) -> bool:
        if self._sees(sign):
            self._next += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            self._unexpected(f"此处应为“{sign}”", f"expected '{sign}'")

    def _unexpected(self, zh: str = "", en: str = "") -> NoReturn:
        token = self._token
        if token.kind is Kind.END:
            found_zh, found_en = "表达式在此结束", "the expression ends here"
        else:
            found_zh, found_en = f"不应有“{token.text}”", f"unexpected '{token.text}'"
        raise FeelSyntaxError(
            f"{zh}，{found_zh}" if zh else found_zh,
            f"{en}, {found_en}" if en else found_en,
            source=self._source,
            position=token.start,
        )

    # -- grammar --------------------------------------------------------------------------------------------------

    def _expression(self) -> Node:
        self._deeper()
        condition = self._binary(1)
        at = self._token.start
        if self._accept("?"):
            then = self._expression()
            self._expect(":")
            condition = Choice(condition, then, self._expression(), at)
        self._depth -= 1
        return condition

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FeelLimitError(
                f"表达式嵌套超过 {MAX_DEPTH} 层", f"the expression nests deeper than {MAX_DEPTH} levels"
            )

    def _binary(self, least: int) -> Node:
        """Operands joined by operators that bind at least so tightly."""
        left = self._unary()
        chained = 0
        while self._token.kind is Kind.SIGN and _BINDING.get(self._token.text, 0) >= least:
            operator = self._take()
            chained += 1
            self._bounded(chained)
            left = Binary(operator.text, left, self._binary(_BINDING[operator.text] + 1), operator.start)
        if self._token.kind is Kind.WORD and self._token.text == "instanceof":
            self._refuse("不支持 instanceof", "instanceof is not carried out")
        return left

    def _bounded(self, chained: int) -> None:
        """A long chain is as deep a tree as so many parentheses."""
        if self._depth + chained > MAX_DEPTH:
            raise FeelLimitError(
                f"表达式嵌套超过 {MAX_DEPTH} 层", f"the expression nests deeper than {MAX_DEPTH} levels"
            )

    def _unary(self) -> Node:
        token = self._token
        is_empty = token.kind is Kind.WORD and token.text == "empty"
        if not is_empty and not self._sees("!", "-"):
            return self._value()
        self._take()
        self._deeper()
        node = Unary(token.text, self._unary(), token.start)
        self._depth -= 1
        return node

    def _value(self) -> Node:
        node = self._primary()
        chained = 0
        while self._sees(".", "["):
            chained += 1
            self._bounded(chained)
            opening = self._take()
            if opening.text == "[":
                key = self._expression()
                self._expect("]")
                node = Index(node, key, opening.start)
                continue
            name = self._identifier()
            if self._accept("("):
                node = Invocation(node, name.text, self._arguments(), name.start)
            else:
                node = Member(node, name.text, name.start)
        return node

    def _primary(self) -> Node:
        token = self._token
        match token.kind:
            case Kind.NUMBER:
                self._take()
                return Literal(self._number(token), token.start)
            case Kind.TEXT:
                self._take()
                return Literal(token.text, token.start)
            case Kind.SIGN if token.text == "(":
                self._take()
                node = self._expression()
                self._expect(")")
                return node
            case Kind.WORD if token.text in _WORDS:
                self._take()
                return Literal(_WORDS[token.text], token.start)
            case Kind.WORD:
                return self._named()
            case _:
                return self._unexpected()

    def _named(self) -> Node:
        if self._token.text == "new":
            self._refuse("不能用 new 创建 Java 对象", "no Java object can be made with 'new'")
        name = self._identifier()
        if self._accept("("):
            return Invocation(None, name.text, self._arguments(), name.start)
        return Name(name.text, name.start)

    def _identifier(self) -> Token:
        token = self._token
        if token.kind is not Kind.WORD or token.text in KEYWORDS:
            self._unexpected("此处应为名称", "expected a name")
        return self._take()

    def _arguments(self) -> tuple[Node, ...]:
        found: list[Node] = []
        if self._accept(")"):
            return ()
        while True:
            found.append(self._expression())
            if self._accept(")"):
                return tuple(found)
            self._expect(",")

    def _number(self, token: Token) -> int | Decimal:
        if token.text.isdigit() and len(token.text) <= _MAX_DIGITS:
            return int(token.text)
        try:
            number: Decimal | None = Decimal(token.text)
        except ArithmeticError:  # an exponent beyond what a Decimal holds
            number = None
        if number is None or len(number.as_tuple().digits) > _MAX_DIGITS or abs(number.adjusted()) > _MAX_EXPONENT:
            raise FeelSyntaxError(
                f"数值超过 {_MAX_DIGITS} 位或过大",
                f"the number has more than {_MAX_DIGITS} digits or is too large",
                source=self._source,
                position=token.start,
            )
        return number

    def _refuse(self, zh: str, en: str) -> NoReturn:
        raise FeelSyntaxError(zh, en, source=self._source, position=self._token.start)
