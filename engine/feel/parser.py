"""FEEL source to syntax tree (DMN 1.5, 10.3.1.2), by hand-written precedence climbing.

A context-free grammar does not fit: whether `a - b` is a name depends on the names in scope. Three layers share the
work: `Cursor` walks over the tokens, `NameReader` knows names and types, the parser here the expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from engine.feel import tree
from engine.feel.errors import FeelSyntaxError
from engine.feel.name_reader import NameReader
from engine.feel.tokens import LEADING_WORDS, STOP_WORDS, Kind, Token
from engine.feel.values import NUMBERS

_Tree = TypeVar("_Tree", bound=tree.Node)
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_BINARY = {"+": 5, "-": 5, "*": 6, "/": 6, "**": 7}
_OR, _AND, _COMPARISON, _ADDITIVE = 1, 2, 3, 5
_UNARY = 8
_LITERALS: dict[str, Callable[[int, int], tree.Node]] = {
    "true": lambda start, end: tree.Boolean(True, start=start, end=end),
    "false": lambda start, end: tree.Boolean(False, start=start, end=end),
    "null": lambda start, end: tree.Null(start=start, end=end),
}


def parse_expression(source: str, names: Iterable[str] = ()) -> tree.Node:
    """Tree of one expression; `names` are those in scope that hold keywords or operator characters.

    Raises FeelSyntaxError with the place of the first mistake.
    """
    parser = _Parser(source, names)
    return _whole(parser, parser.expression)


def parse_unary_tests(source: str, names: Iterable[str] = ()) -> tree.UnaryTests:
    """Tree of the unary tests of a decision table cell; raises FeelSyntaxError."""
    parser = _Parser(source, names)
    return _whole(parser, parser.unary_tests)


def _whole(parser: _Parser, read: Callable[[], _Tree]) -> _Tree:
    try:
        node = read()
    except RecursionError:  # the caller's own stack was already deep
        raise parser.too_deep() from None
    parser.expect_end()
    return node


class _Parser(NameReader):
    # ------------------------------------------------------------------ operators

    def expression(self, minimum: int = _OR, *, filters: bool = True) -> tree.Node:
        """An expression whose operators bind at least as tightly as `minimum`.

        Without `filters` an opening bracket ends it: that of a range end such as `]1..n[`.
        """
        depth = self._depth
        self._deeper()
        left = self._prefixed(filters)
        while (following := self._operator(left, minimum, filters)) is not None:
            left = following
            self._deeper()  # a chain of operators is a deep tree
        self._depth = depth
        return left

    def _operator(self, left: tree.Node, minimum: int, filters: bool) -> tree.Node | None:
        token = self._tokens[self._index]
        if token.kind is not Kind.SYMBOL and token.kind is not Kind.WORD:
            return None
        text = token.text
        binding = _BINARY.get(text)
        if binding is not None and token.kind is Kind.SYMBOL:
            if binding < minimum:
                return None
            self._advance()
            right = self.expression(binding + 1, filters=filters)
            return tree.Arithmetic(text, left, right, start=left.start, end=right.end)
        if text in ("and", "or"):
            binding = _AND if text == "and" else _OR
            return None if binding < minimum else self._connective(left, text, binding)
        if minimum > _COMPARISON:
            return None
        if text in _COMPARISONS:
            self._advance()
            right = self.expression(_ADDITIVE, filters=filters)
            return tree.Compare(text, left, right, start=left.start, end=right.end)
        if text == "between":
            self._advance()
            low = self.expression(_ADDITIVE)
            self._expect("and")
            high = self.expression(_ADDITIVE)
            return tree.Between(left, low, high, start=left.start, end=high.end)
        if text == "in":
            self._advance()
            tests = self._in_tests()
            return tree.In(left, tests, start=left.start, end=self._end())
        return None

    def _connective(self, left: tree.Node, word: str, binding: int) -> tree.Node:
        operands = [left]
        while self._accept(word):
            operands.append(self.expression(binding + 1))
        span = {"start": left.start, "end": self._end()}
        return tree.And(tuple(operands), **span) if word == "and" else tree.Or(tuple(operands), **span)

    def _in_tests(self) -> tuple[tree.Node, ...]:
        if not self._at("("):
            return (self._positive_test(_ADDITIVE),)
        opening = self._advance()
        first = self._positive_test(_OR)
        if self._at(".."):
            return (self._range_rest(opening, first, included=False),)
        tests = [first]
        while self._accept(","):
            tests.append(self._positive_test(_OR))
        self._expect(")")
        return tuple(tests)

    def _prefixed(self, filters: bool) -> tree.Node:
        token = self._tokens[self._index]
        if token.kind is Kind.SYMBOL and token.text == "-":
            self._advance()
            operand = self.expression(_UNARY, filters=filters)
            return tree.Negate(operand, start=token.start, end=operand.end)
        node = self._postfixed(self._primary(), filters)
        while self._at("instance") and self._peek().text == "of":
            self._advance()
            self._advance()
            type_ = self._type()
            node = tree.InstanceOf(node, type_, start=token.start, end=self._end())
        return node

    def _postfixed(self, node: tree.Node, filters: bool) -> tree.Node:
        while True:
            token = self._tokens[self._index]
            if token.kind is not Kind.SYMBOL:
                return node
            if token.text == ".":
                self._advance()
                node = tree.Path(node, self._name(), start=node.start, end=self._end())
            elif filters and token.text == "[":
                self._advance()
                mark = self._names.mark()
                condition = self.expression()
                self._names.release(mark)
                self._expect("]")
                node = tree.Filter(node, condition, start=node.start, end=self._end())
            elif token.text == "(":
                node = self._call(node)
            else:
                return node
            self._deeper()

    def _call(self, function: tree.Node) -> tree.Node:
        self._expect("(")
        arguments: list[tree.Node] = []
        names: list[str] = []
        while not self._at(")"):
            if arguments:
                self._expect(",")
            name = self._argument_name()
            if arguments and (name is None) == bool(names):
                raise self._error(
                    "按名称和按位置的参数不能混用",
                    "named and positional arguments cannot be mixed",
                    self._token.start,
                )
            if name is not None:
                names.append(name)
            arguments.append(self.expression())
        self._expect(")")
        return tree.Call(function, tuple(arguments), tuple(names), start=function.start, end=self._end())

    # ------------------------------------------------------------------ primaries

    def _primary(self) -> tree.Node:
        token = self._tokens[self._index]
        kind = token.kind
        if kind is Kind.WORD:
            if token.text in LEADING_WORDS and self._names.longest(self._tokens, self._index) is None:
                return self._keyword(token)
            if token.text in STOP_WORDS:
                raise self._unexpected("表达式", "an expression")
        elif kind is Kind.SYMBOL:
            return self._symbol(token)
        elif kind is Kind.NUMBER:
            self._advance()
            return tree.Number(self._number(token), start=token.start, end=token.end)
        elif kind is Kind.STRING:
            self._advance()
            return tree.Text(token.text, start=token.start, end=token.end)
        elif kind is Kind.END:
            raise self._unexpected("表达式", "an expression")
        name = self._name()
        return tree.Name(name, start=token.start, end=self._end())

    def _number(self, token: Token) -> Decimal:
        try:
            return NUMBERS.create_decimal(token.text)
        except ArithmeticError:
            raise self._error("数值超出范围", "the number is out of range", token.start) from None

    def _symbol(self, token: Token) -> tree.Node:
        match token.text:
            case "(":
                return self._parenthesised()
            case "[":
                return self._list_or_range()
            case "]":
                self._advance()
                return self._range_rest(token, self.expression(_ADDITIVE), included=False)
            case "{":
                return self._context()
            case "@":
                self._advance()
                if self._token.kind is not Kind.STRING:
                    raise self._unexpected("带引号的日期、时间或时长", "a quoted date, time or duration")
                text = self._advance()
                return tree.AtLiteral(text.text, start=token.start, end=text.end)
        raise self._unexpected("表达式", "an expression")

    def _keyword(self, token: Token) -> tree.Node:
        literal = _LITERALS.get(token.text)
        if literal is not None:
            self._advance()
            return literal(token.start, token.end)
        match token.text:
            case "if":
                return self._if()
            case "for":
                return self._for()
            case "some" | "every":
                return self._quantified()
            case "function":
                return self._function()
            case _:  # `not` is a function outside unary tests
                self._advance()
                return tree.Name(token.text, start=token.start, end=token.end)

    def _parenthesised(self) -> tree.Node:
        opening = self._advance()
        if self._at(*_COMPARISONS):
            return self._comparison_range(opening)
        node = self.expression()
        if self._at(".."):
            return self._range_rest(opening, node, included=False)
        self._expect(")")
        return node

    def _comparison_range(self, opening: Token) -> tree.Node:
        operator = self._advance().text
        bound = self.expression(_ADDITIVE)
        self._expect(")")
        span = {"start": opening.start, "end": self._end()}
        match operator:
            case "<" | "<=":
                return tree.RangeOf(None, bound, False, operator == "<=", **span)
            case ">" | ">=":
                return tree.RangeOf(bound, None, operator == ">=", False, **span)
            case _:
                return tree.UnaryCompare(operator, bound, **span)

    def _list_or_range(self) -> tree.Node:
        opening = self._advance()
        if self._accept("]"):
            return tree.ListOf((), start=opening.start, end=self._end())
        first = self._positive_test(_OR)
        if self._at(".."):
            return self._range_rest(opening, first, included=True)
        items = [first]
        while self._accept(","):
            items.append(self._positive_test(_OR))
        self._expect("]")
        return tree.ListOf(tuple(items), start=opening.start, end=self._end())

    def _range_rest(self, opening: Token, low: tree.Node, *, included: bool) -> tree.Node:
        self._expect("..")
        high = self.expression(_ADDITIVE, filters=False)
        if not self._at("]", ")", "["):
            raise self._unexpected("区间的结束括号", "the closing bracket of the range")
        closing = self._advance()
        return tree.RangeOf(low, high, included, closing.text == "]", start=opening.start, end=closing.end)

    def _context(self) -> tree.Node:
        opening = self._advance()
        mark = self._names.mark()
        entries: list[tuple[str, tree.Node]] = []
        while not self._at("}"):
            if entries:
                self._expect(",")
            key = self._context_key()
            entries.append((key, self.expression()))
            self._names.add(key)
        self._expect("}")
        self._names.release(mark)
        # Entry names stay known for paths such as `{a-b: 1}.a-b`.
        for key, _ in entries:
            self._names.add(key)
        return tree.ContextOf(tuple(entries), start=opening.start, end=self._end())

    # ------------------------------------------------------------------ keyword expressions

    def _if(self) -> tree.Node:
        start = self._advance().start
        condition = self.expression()
        self._expect("then")
        then = self.expression()
        self._expect("else")
        otherwise = self.expression()
        return tree.If(condition, then, otherwise, start=start, end=otherwise.end)

    def _for(self) -> tree.Node:
        start = self._advance().start
        mark = self._names.mark()
        iterations = self._iterations()
        self._expect("return")
        body = self.expression()
        self._names.release(mark)
        return tree.For(iterations, body, start=start, end=body.end)

    def _quantified(self) -> tree.Node:
        word = self._advance()
        mark = self._names.mark()
        iterations = self._iterations()
        self._expect("satisfies")
        condition = self.expression()
        self._names.release(mark)
        return tree.Quantified(word.text == "every", iterations, condition, start=word.start, end=condition.end)

    def _iterations(self) -> tuple[tree.Iteration, ...]:
        iterations = []
        while True:
            token = self._token
            name = self._declared_name("in")
            self._expect("in")
            source = self.expression()
            high = self.expression() if self._accept("..") else None
            iterations.append(tree.Iteration(name, source, high, start=token.start, end=self._end()))
            self._names.add(name)
            if not self._accept(","):
                return tuple(iterations)

    def _function(self) -> tree.Node:
        start = self._advance().start
        mark = self._names.mark()
        self._expect("(")
        parameters: list[tuple[str, tree.TypeOf | None]] = []
        while not self._at(")"):
            if parameters:
                self._expect(",")
            name = self._declared_name(",", ")", ":")
            parameters.append((name, self._type() if self._accept(":") else None))
            self._names.add(name)
        self._expect(")")
        if self._at("external"):
            raise self._error("不支持外部函数（external）", "external functions are not supported", self._token.start)
        body = self.expression()
        self._names.release(mark)
        return tree.FunctionOf(tuple(parameters), body, start=start, end=body.end)

    # ------------------------------------------------------------------ unary tests

    def unary_tests(self) -> tree.UnaryTests:
        """`-`, a list of tests, or `not(...)` around one."""
        start = self._token.start
        if self._at("-") and self._peek().kind is Kind.END:
            self._advance()
            return tree.UnaryTests((tree.Anything(start=start, end=start + 1),), start=start, end=start + 1)
        if self._at("not") and self._peek().text == "(":
            return self._negated_or_not(start)
        tests = self._tests()
        return tree.UnaryTests(tests, start=start, end=self._end())

    def _negated_or_not(self, start: int) -> tree.UnaryTests:
        """`not(...)` around everything; a bracket that closes earlier makes it a call inside one test.

        Brackets cannot be counted beforehand, because those of `(1..5]` are not alike.
        """
        index, depth, mark = self._index, self._depth, self._names.mark()
        failure: FeelSyntaxError | None = None
        try:
            self._index += 2
            tests = self._tests()
            self._expect(")")
            if self._token.kind is Kind.END:
                return tree.UnaryTests(tests, True, start=start, end=self._end())
        except FeelSyntaxError as error:
            failure = error
        self._index, self._depth = index, depth
        self._names.release(mark)
        try:
            tests = self._tests()
        except FeelSyntaxError as error:
            raise error if failure is None or failure.position < error.position else failure from None
        return tree.UnaryTests(tests, start=start, end=self._end())

    def _tests(self) -> tuple[tree.Node, ...]:
        tests = [self._positive_test(_OR)]
        while self._accept(","):
            tests.append(self._positive_test(_OR))
        return tuple(tests)

    def _positive_test(self, minimum: int) -> tree.Node:
        token = self._token
        if token.kind is Kind.SYMBOL and token.text in _COMPARISONS:
            self._advance()
            operand = self.expression(_ADDITIVE)
            return tree.UnaryCompare(token.text, operand, start=token.start, end=operand.end)
        return self.expression(minimum)
