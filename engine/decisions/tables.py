"""Decision tables: which rules match, and what the hit policy makes of them (DMN 1.5, 8.2.8 to 8.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from engine.decisions.index import Lookup
from engine.decisions.records import Aggregator, HitPolicy, Place
from engine.decisions.session import Declared, Input, MatchedRule, Session
from engine.decisions.types import from_variable, hold_to
from engine.errors import ModelError
from engine.feel import Env, Expression, Test, UnaryTests, Value, WarningCode, compile_expression, equal

_AGGREGATES = {
    Aggregator.SUM: compile_expression("sum(outputs)"),
    Aggregator.COUNT: compile_expression("count(outputs)"),
    Aggregator.MIN: compile_expression("min(outputs)"),
    Aggregator.MAX: compile_expression("max(outputs)"),
}
_Tests: TypeAlias = tuple[tuple[int, Test, Place], ...]
_LISTS = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})


@dataclass(frozen=True, slots=True)
class CompiledInput:
    """An input column; `allowed` are its input values."""

    place: Place
    label: str
    expression: Expression
    declared: Declared
    allowed: UnaryTests | None

    @property
    def plain(self) -> tuple[str | None, frozenset[type]]:
        """The variable that the input is, with Python's types whose values are tested as they are; else neither."""
        name = self.expression.plain
        return (name, self.declared.quick) if name is not None and self.allowed is None else (None, frozenset())

    def read(self, session: Session, variables: Mapping[str, Any], env: Env) -> Value:
        """The value under test; null, with a warning, if it is of a wrong type or not among the input values."""
        value = self.expression.within(env)
        if type(value) not in self.declared.quick:
            value = from_variable(session, value, self.declared, self.label)
        if self.allowed is not None and value is not None and not self.allowed.run(session.run, variables, value):
            session.run.warn(
                WarningCode.WRONG_TYPE,
                f"“{self.label}”的值不在允许的输入值之内",
                f"'{self.label}' has a value that is not among its input values",
                0,
            )
            value = None
        if session.run.warnings:
            session.locate(self.place)
        return value


@dataclass(frozen=True, slots=True)
class CompiledOutput:
    """`priorities` are the output values from the most important to the least, if declared."""

    name: str
    label: str
    declared: Declared
    priorities: Expression | None
    default: Expression | None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """`tests` leaves out the cells that are always satisfied, `rest` also those that an index answers for; each names its
    input column."""

    place: Place
    id: str
    index: int
    tests: _Tests
    rest: _Tests
    outputs: tuple[tuple[Expression | None, Place], ...]
    annotation: str


class _Hit(NamedTuple):
    rule: CompiledRule
    outputs: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A decision table ready to be evaluated."""

    place: Place
    hit_policy: HitPolicy
    aggregator: Aggregator | None
    inputs: tuple[CompiledInput, ...]
    plain: tuple[tuple[CompiledInput, str | None, frozenset[type]], ...]
    """The inputs, each with what `CompiledInput.plain` says of it."""
    outputs: tuple[CompiledOutput, ...]
    rules: tuple[CompiledRule, ...]
    index: tuple[Mapping[type, Lookup], ...]
    """For each input the lookups of the rules that accept a value, by its type."""
    everyone: int
    """All rules as a mask."""
    columns: tuple[tuple[str, str], ...]
    """Label and expression of each input, for the trace."""
    labels: tuple[str, ...]
    """What the outputs are called in the trace."""

    def evaluate(self, session: Session, variables: Mapping[str, Any]) -> Value:
        """What the matching rules give under the hit policy; notes inputs and matches for the trace.

        Raises ModelError where rules contradict each other under UNIQUE or ANY. Without a match: the default
        outputs, else an empty list from COLLECT, RULE ORDER and OUTPUT ORDER, 0 from COUNT, null from the rest.
        """
        env = Env(variables, {}, session.run)
        values: list[Value] = []
        for column, name, quick in self.plain:
            value = None if name is None else variables.get(name)
            if type(value) not in quick:
                value = column.read(session, variables, env)
            values.append(value)
        hits = [self._hit(session, env, rule) for rule in self._matching(session, env, values)]
        notes = session.notes
        notes.hit_policy = self.hit_policy
        notes.looked.append((self, values, hits))
        return self._result(session, variables, hits)

    def told(self, values: Sequence[Value], hits: Sequence[_Hit]) -> tuple[list[Input], list[MatchedRule]]:
        """The inputs that were looked at, and the rules that matched, for the trace."""
        inputs = [Input(*column, value) for column, value in zip(self.columns, values, strict=True)]
        rules = [
            MatchedRule(
                hit.rule.id, hit.rule.index, dict(zip(self.labels, hit.outputs, strict=True)), hit.rule.annotation
            )
            for hit in hits
        ]
        return inputs, rules

    def _matching(self, session: Session, env: Env, values: Sequence[Value]) -> list[CompiledRule]:
        """The rules that match, in their order; the first alone where no other counts."""
        rules = self.rules
        session.run.step(len(rules))
        left = self.everyone
        for position, lookups in enumerate(self.index):
            value = values[position]
            find = lookups.get(type(value))
            if find is None:  # of a kind that no index knows: every rule is asked
                return self._asked(session, env, values)
            left &= find(value)
        matching = []
        while left:
            lowest = left & -left
            left ^= lowest
            rule = rules[lowest.bit_length() - 1]
            if not rule.rest or _holds(session, env, values, rule.rest):
                matching.append(rule)
                if self.hit_policy is HitPolicy.FIRST:
                    break
        return matching

    def _asked(self, session: Session, env: Env, values: Sequence[Value]) -> list[CompiledRule]:
        matching = []
        for rule in self.rules:
            if _holds(session, env, values, rule.tests):
                matching.append(rule)
                if self.hit_policy is HitPolicy.FIRST:
                    break
        return matching

    def _hit(self, session: Session, env: Env, rule: CompiledRule) -> _Hit:
        outputs = []
        for column, (expression, place) in zip(self.outputs, rule.outputs, strict=True):
            value = None if expression is None else expression.within(env)
            if type(value) not in column.declared.quick:
                value = hold_to(session, value, column.declared, column.label)
            outputs.append(value)
            if session.run.warnings:
                session.locate(place)
        return _Hit(rule, tuple(outputs))

    def _value(self, outputs: Sequence[Value]) -> Value:
        """A single output as it is, several as a context by their names."""
        if len(self.outputs) == 1:
            return outputs[0]
        return {column.name: value for column, value in zip(self.outputs, outputs, strict=True)}

    # ------------------------------------------------------------------ hit policies

    def _result(self, session: Session, variables: Mapping[str, Any], hits: list[_Hit]) -> Value:
        if not hits:
            return self._without_match(session, variables)
        if len(hits) == 1 and self.hit_policy not in _LISTS:
            return self._value(hits[0].outputs)
        if self.hit_policy is HitPolicy.UNIQUE and len(hits) > 1:
            raise self._contradiction(hits, "唯一命中（UNIQUE）", "the hit policy is UNIQUE")
        if self.hit_policy is HitPolicy.ANY and not _all_same(hits):
            raise self._contradiction(hits, "任一命中（ANY）且输出不同", "the hit policy is ANY and the outputs differ")
        if self.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
            ranks = self._ranks(session, variables)
            hits = sorted(hits, key=lambda hit: tuple(map(_rank, ranks, hit.outputs)))
        if self.hit_policy not in _LISTS:
            return self._value(hits[0].outputs)
        outputs = [self._value(hit.outputs) for hit in hits]
        return outputs if self.aggregator is None else self._aggregate(session, outputs)

    def _aggregate(self, session: Session, outputs: list[Value]) -> Value:
        assert self.aggregator is not None  # asked for by the callers  # noqa: S101
        value = _AGGREGATES[self.aggregator].run(session.run, {"outputs": outputs})
        session.locate(self.place)
        return value

    def _without_match(self, session: Session, variables: Mapping[str, Any]) -> Value:
        if any(each.default is not None for each in self.outputs):
            defaults = [
                None if each.default is None else each.default.run(session.run, variables) for each in self.outputs
            ]
            session.locate(self.place)
            value = self._value(defaults)
            if self.hit_policy in _LISTS and self.aggregator is None and not isinstance(value, list):
                return [value]
            return value
        if self.hit_policy not in _LISTS:
            return None
        if self.aggregator is Aggregator.COUNT:
            return self._aggregate(session, [])
        return [] if self.aggregator is None else None

    def _ranks(self, session: Session, variables: Mapping[str, Any]) -> list[list[Value]]:
        ranks: list[list[Value]] = []
        for column in self.outputs:
            values = None if column.priorities is None else column.priorities.run(session.run, variables)
            ranks.append(values if isinstance(values, list) else [])
        return ranks

    def _contradiction(self, hits: list[_Hit], zh: str, en: str) -> ModelError:
        rules = "、".join(f"第 {hit.rule.index} 行（{hit.rule.id}）" for hit in hits)
        rows = ", ".join(f"{hit.rule.index} ({hit.rule.id})" for hit in hits)
        return ModelError(
            "DECISION_EVALUATION_ERROR",
            f"决策表“{self.place.element_id}”的{rules}同时命中，但命中策略为{zh}。",
            f"Rules {rows} of decision table '{self.place.element_id}' match at once, but {en}.",
        )


def _holds(session: Session, env: Env, values: Sequence[Value], tests: _Tests) -> bool:
    """Whether all tests hold; says at which cell a warning arose."""
    warnings, known = session.run.warnings, len(session.run.warnings)
    for column, test, place in tests:
        answer = test(env, values[column])
        if warnings and len(warnings) != known:
            session.locate(place)
            known = len(warnings)
        if answer is not True:
            return False
    return True


def _rank(order: list[Value], value: Value) -> int:
    return next((index for index, each in enumerate(order) if equal(each, value)), len(order))


def _all_same(hits: list[_Hit]) -> bool:
    first = list(hits[0].outputs)
    return all(equal(first, list(hit.outputs)) is True for hit in hits[1:])
