"""Boxed expressions compiled to functions of the session and the variables (DMN 1.5, 10.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from engine.decisions import records
from engine.decisions.columns import TableSource
from engine.decisions.index import ColumnIndex, index_column
from engine.decisions.records import Boxed, Place, Text
from engine.decisions.report import Report
from engine.decisions.session import Declared, Session, Variables
from engine.decisions.tables import CompiledInput, CompiledOutput, CompiledRule, CompiledTable
from engine.decisions.types import Types, hold_to
from engine.feel import (
    Expression,
    ExtraFunctions,
    FeelSyntaxError,
    Function,
    Type,
    UnaryTests,
    Value,
    WarningCode,
    compile_expression,
    compile_unary_tests,
    make_function,
)
from engine.feel.functions import BUILT_INS
from engine.limits import DMN_EXPRESSIONS, EXPRESSION_CHARACTERS

Logic: TypeAlias = Callable[[Session, Mapping[str, Any]], Value]
_Names: TypeAlias = tuple[str, ...]


def nothing(_session: Session, _variables: Mapping[str, Any]) -> Value:
    """The logic of an element that says nothing."""
    return None


class Compiler:
    """Compiles the boxed expressions of one model; FEEL that cannot be read is reported and stands for null.

    `reads` collects the outer variables that the compiled texts may read, `tables` what the analysis of tables needs;
    `known` are the types of the variables around what is compiled next, as far as they are certain.
    """

    def __init__(self, report: Report, functions: ExtraFunctions) -> None:
        self._report = report
        self._functions = functions
        self._feel_types: Mapping[str, Type] = {}
        self.types = Types((), report, self.item_tests)
        self.reads: set[str] = set()
        self.tables: list[TableSource] = []
        self.known: Mapping[str, Declared] = {}
        self._known: dict[tuple[object, str, _Names], Expression | UnaryTests] = {}
        self._characters = 0
        self._is_full = False

    def use_types(self, items: tuple[records.ItemDefinition, ...], imported: Mapping[str, Declared]) -> None:
        """Make the item definitions of the model and of what it imports known, before anything else is compiled."""
        self.types = Types(items, self._report, self.item_tests, imported)
        self._feel_types = self.types.feel_types()

    def item_tests(self, item: records.ItemDefinition, which: str) -> UnaryTests | None:
        """The constraint of an item definition."""
        text = item.allowed if which == "allowed" else item.constraint
        return None if text is None else self._tests(text, ())

    # ------------------------------------------------------------------ FEEL texts

    def _expression(self, text: Text, names: _Names) -> Expression | None:
        if not text.source.strip():
            return None
        found = self._compiled(compile_expression, text, names)
        return found if isinstance(found, Expression) else None

    def _tests(self, text: Text, names: _Names) -> UnaryTests | None:
        if text.source.strip() in ("", "-"):
            return None
        found = self._compiled(compile_unary_tests, text, names)
        return found if isinstance(found, UnaryTests) else None

    def _compiled(
        self, compile_text: Callable[..., Expression | UnaryTests], text: Text, names: _Names
    ) -> Expression | UnaryTests | None:
        """The compiled text; the many equal cells of a table are compiled once."""
        key = (compile_text, text.source, names)
        if key not in self._known:
            self._characters += len(text.source)
            if len(self._known) >= DMN_EXPRESSIONS or self._characters > EXPRESSION_CHARACTERS:
                self._report_too_many(text.place)
                return None
            try:
                self._known[key] = compile_text(
                    text.source, functions=self._functions, names=names, types=self._feel_types
                )
            except FeelSyntaxError as error:
                self._report.add_syntax(text, error)
                return None
        found = self._known[key]
        self.reads |= found.names
        return found

    def _report_too_many(self, place: Place) -> None:
        if not self._is_full:
            self._is_full = True
            self._report.add(
                "feel-limit",
                place,
                f"文件中的表达式超过 {DMN_EXPRESSIONS:,} 个或共 {EXPRESSION_CHARACTERS:,} 个字符。",
                f"The file has more than {DMN_EXPRESSIONS:,} expressions or {EXPRESSION_CHARACTERS:,} characters of them.",
            )

    # ------------------------------------------------------------------ boxed expressions

    def compile(self, boxed: Boxed | None, names: _Names) -> Logic:
        """The logic of a boxed expression; `names` are the variables around it."""
        return nothing if boxed is None else _COMPILERS[type(boxed)](self, boxed, names)

    def _literal(self, boxed: records.LiteralExpression, names: _Names) -> Logic:
        expression, place = self._expression(boxed.text, names), boxed.text.place
        if expression is None:
            return nothing

        def literal(session: Session, variables: Mapping[str, Any]) -> Value:
            value = expression.run(session.run, variables)
            session.locate(place)
            return value

        return literal

    def _typed(self, boxed: records.Typed, names: _Names) -> Logic:
        inner, declared, place = (
            self.compile(boxed.inner, names),
            self.types.of(boxed.type_ref, boxed.place),
            boxed.place,
        )

        def typed(session: Session, variables: Mapping[str, Any]) -> Value:
            value = hold_to(session, inner(session, variables), declared, place.element_id or boxed.type_ref)
            session.locate(place)
            return value

        return typed

    def _context(self, boxed: records.Context, names: _Names) -> Logic:
        entries = []
        result: Logic | None = None
        for entry in boxed.entries:
            value = self.compile(entry.value, names)
            if entry.variable is None:
                result = value
                continue
            declared = self.types.of(entry.variable.type_ref, entry.variable.place)
            entries.append((entry.variable.name, declared, value))
            names = (*names, entry.variable.name)

        def context(session: Session, variables: Mapping[str, Any]) -> Value:
            made: dict[str, Value] = {}
            inner = Variables(made, variables)
            for name, declared, value in entries:
                made[name] = hold_to(session, value(session, inner), declared, name)
            return made if result is None else result(session, inner)

        return context

    def _invocation(self, boxed: records.Invocation, names: _Names) -> Logic:
        called = self.compile(boxed.called, names)
        bindings = [
            (parameter.name, self.types.of(parameter.type_ref, parameter.place), self.compile(value, names))
            for parameter, value in boxed.bindings
        ]
        place = boxed.place

        def invocation(session: Session, variables: Mapping[str, Any]) -> Value:
            function = called(session, variables)
            given = {
                name: hold_to(session, value(session, variables), declared, name) for name, declared, value in bindings
            }
            if not isinstance(function, Function) or not given.keys() <= set(function.parameters):
                wanted = ", ".join(function.parameters) if isinstance(function, Function) else "?"
                session.run.warn(
                    WarningCode.WRONG_ARGUMENTS,
                    f"调用的不是函数，或参数不符（应为 {wanted}）",
                    f"what is called is no function, or its parameters differ ({wanted})",
                    0,
                )
                session.locate(place)
                return None
            return function.call([given.get(name) for name in function.parameters])

        return invocation

    def _function(self, boxed: records.FunctionDefinition, names: _Names) -> Logic:
        parameters = tuple(each.name for each in boxed.parameters)
        types = tuple(self.types.of(each.type_ref, each.place).type for each in boxed.parameters)
        body = self.compile(boxed.body, (*names, *parameters))

        def function(session: Session, variables: Mapping[str, Any]) -> Function:
            def call(arguments: list[Value]) -> Value:
                return body(session, Variables(dict(zip(parameters, arguments, strict=True)), variables))

            return make_function(session.run, parameters, types, call)

        return function

    def _relation(self, boxed: records.Relation, names: _Names) -> Logic:
        rows = [
            [(column, self.compile(cell, names)) for column, cell in zip(boxed.columns, row, strict=False)]
            for row in boxed.rows
        ]

        def relation(session: Session, variables: Mapping[str, Any]) -> Value:
            return [{column: cell(session, variables) for column, cell in row} for row in rows]

        return relation

    def _conditional(self, boxed: records.Conditional, names: _Names) -> Logic:
        condition, place = self.compile(boxed.condition, names), boxed.place
        then, otherwise = self.compile(boxed.then, names), self.compile(boxed.otherwise, names)

        def conditional(session: Session, variables: Mapping[str, Any]) -> Value:
            answer = condition(session, variables)
            if answer is not None and not isinstance(answer, bool):
                _not_boolean(session, place)
                return None
            return then(session, variables) if answer else otherwise(session, variables)

        return conditional

    def _filter(self, boxed: records.Filter, names: _Names) -> Logic:
        source, match, place = (
            self.compile(boxed.source, names),
            self.compile(boxed.match, (*names, "item")),
            boxed.place,
        )

        def filtered(session: Session, variables: Mapping[str, Any]) -> Value:
            items = _as_list(source(session, variables))
            if items is None:
                return None
            kept = []
            for item in items:
                session.run.step()
                entries = item if isinstance(item, dict) else {}
                answer = match(session, Variables({"item": item, **entries}, variables))
                if not isinstance(answer, bool):
                    _not_boolean(session, place)
                    return None
                if answer:
                    kept.append(item)
            return kept

        return filtered

    def _iteration(self, boxed: records.Iteration, names: _Names) -> Logic:
        source, place = self.compile(boxed.source, names), boxed.place
        body = self.compile(boxed.body, (*names, boxed.variable, "partial"))
        variable, word = boxed.variable, boxed.word

        def iteration(session: Session, variables: Mapping[str, Any]) -> Value:
            items = _as_list(_LOOPED.run(session.run, {"source": source(session, variables)}))
            session.locate(place)
            if items is None:
                return None
            results: list[Value] = []
            own: dict[str, Any] = {"partial": results} if word == "for" else {}
            for item in items:
                session.run.step()
                results.append(body(session, Variables({**own, variable: item}, variables)))
            return results if word == "for" else _quantified(word == "every", results)

        return iteration

    def _list(self, boxed: records.ListExpression, names: _Names) -> Logic:
        items = [self.compile(each, names) for each in boxed.items]
        return lambda session, variables: [item(session, variables) for item in items]

    # ------------------------------------------------------------------ tables

    def _table(self, boxed: records.DecisionTable, names: _Names) -> Logic:
        return self.table(boxed, names).evaluate

    def table(self, boxed: records.DecisionTable, names: _Names) -> CompiledTable:
        """A decision table with every cell compiled."""
        inputs = tuple(self._input(each, names) for each in boxed.inputs)
        outputs = tuple(self._output(each, names) for each in boxed.outputs)
        cells = tuple(self._row(rule, len(inputs), names) for rule in boxed.rules)
        types = tuple(each.declared for each in outputs)
        self.tables.append(TableSource(boxed, inputs, types, cells, (*self._functions, *names), self.known))
        parsing = (*BUILT_INS, *self._functions, *names)
        indexes = [index_column([row[column] for row in cells], parsing) for column in range(len(inputs))]
        return CompiledTable(
            place=boxed.place,
            hit_policy=boxed.hit_policy,
            aggregator=boxed.aggregator,
            inputs=inputs,
            plain=tuple((each, *each.plain) for each in inputs),
            outputs=outputs,
            index=tuple(each.by_type for each in indexes),
            everyone=(1 << len(boxed.rules)) - 1,
            columns=tuple((each.label, each.expression.source) for each in inputs),
            labels=tuple(each.name or each.label or f"{index}" for index, each in enumerate(outputs, 1)),
            rules=tuple(self._rule(index, each, names, indexes) for index, each in enumerate(boxed.rules, 1)),
        )

    def _row(self, rule: records.Rule, width: int, names: _Names) -> tuple[UnaryTests | None, ...]:
        """The tests of a rule, as many as there are inputs; a row of another length has been reported."""
        tests = [self._tests(each, names) for each in rule.tests]
        return tuple((*tests, *[None] * width)[:width])

    def _input(self, column: records.InputColumn, names: _Names) -> CompiledInput:
        return CompiledInput(
            place=column.expression.place,
            label=column.label,
            expression=self._expression(column.expression, names) or _NULL,
            declared=self.types.of(column.type_ref, column.place),
            allowed=None if column.allowed is None else self._tests(column.allowed, names),
        )

    def _output(self, column: records.OutputColumn, names: _Names) -> CompiledOutput:
        priorities = None
        if column.allowed is not None:
            # Output values are written like unary tests; as a list they give the order of priority.
            as_list = Text(column.allowed.place, f"[{column.allowed.source}\n]")
            priorities = self._expression(as_list, names)
        return CompiledOutput(
            name=column.name,
            label=column.label,
            declared=self.types.of(column.type_ref, column.place),
            priorities=priorities,
            default=None if column.default is None else self._expression(column.default, names),
        )

    def _rule(self, index: int, rule: records.Rule, names: _Names, indexes: Sequence[ColumnIndex]) -> CompiledRule:
        tests = []
        for column, text in enumerate(rule.tests):
            compiled = self._tests(text, names)
            if compiled is not None and column < len(indexes):
                tests.append((column, compiled.test, text.place))
        outputs = tuple((self._expression(text, names), text.place) for text in rule.outputs)
        rest = tuple(each for each in tests if indexes[each[0]].open >> (index - 1) & 1)
        return CompiledRule(rule.place, rule.id, index, tuple(tests), rest, outputs, rule.annotation)


_NULL = compile_expression("null")
# FEEL's own loop decides what can be looped over: lists, ranges, single values.
_LOOPED = compile_expression("for each in source return each")


def _as_list(value: Value) -> list[Value] | None:
    if value is None or isinstance(value, list):
        return value
    return [value]


def _not_boolean(session: Session, place: Place) -> None:
    session.run.warn(WarningCode.WRONG_TYPE, "条件不是布尔值", "the condition is no boolean", 0)
    session.locate(place)


def _quantified(every: bool, answers: list[Value]) -> bool | None:
    if any(answer is not None and not isinstance(answer, bool) for answer in answers):
        return None
    decisive = not every
    if any(answer is decisive for answer in answers):
        return decisive
    return every if all(answer is every for answer in answers) else None


_COMPILERS: dict[type, Callable[[Compiler, Any, _Names], Logic]] = {
    records.Typed: Compiler._typed,  # noqa: SLF001 - the table of this class
    records.LiteralExpression: Compiler._literal,  # noqa: SLF001
    records.Context: Compiler._context,  # noqa: SLF001
    records.Invocation: Compiler._invocation,  # noqa: SLF001
    records.FunctionDefinition: Compiler._function,  # noqa: SLF001
    records.ListExpression: Compiler._list,  # noqa: SLF001
    records.Relation: Compiler._relation,  # noqa: SLF001
    records.Conditional: Compiler._conditional,  # noqa: SLF001
    records.Filter: Compiler._filter,  # noqa: SLF001
    records.Iteration: Compiler._iteration,  # noqa: SLF001
    records.DecisionTable: Compiler._table,  # noqa: SLF001
}
