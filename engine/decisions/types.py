"""Item definitions as types with constraints, and holding values to them (DMN 1.5, 7.3.2 and 10.3.2.9.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from engine.decisions.records import ItemDefinition, Place
from engine.decisions.report import Report
from engine.decisions.session import Declared, Session
from engine.feel import ANY, Kind, Type, UnaryTests, Value, WarningCode, convert, named_type, parse_at_literal
from engine.feel.values import KIND_ZH, kind_of

_ANYTHING = Declared(ANY)
# Numbers of Camunda 7's tables and of XML Schema, which FEEL does not tell apart.
_FOREIGN = dict.fromkeys(("integer", "long", "double", "int", "decimal", "float"), Kind.NUMBER)
_TEMPORAL = frozenset({Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS, Kind.MONTHS})

CompileTests = Callable[[ItemDefinition, str], UnaryTests | None]


class Types:
    """The types of one model, by name; definitions that contain themselves end in "any value".

    `imported` are those of other files, under the names they have here.
    """

    def __init__(
        self,
        items: Iterable[ItemDefinition],
        report: Report,
        compile_tests: CompileTests,
        imported: Mapping[str, Declared] | None = None,
    ) -> None:
        self._items = {item.name: item for item in items}
        self._imported = imported or {}
        self._report = report
        self._compile_tests = compile_tests
        self._declared: dict[str, Declared] = {}
        self._open: set[str] = set()

    def feel_types(self) -> Mapping[str, Type]:
        """What `instance of` may name."""
        return {name: each.type for name, each in {**self._imported, **self.own()}.items()}

    def own(self) -> Mapping[str, Declared]:
        """The types that this model defines."""
        return {name: self._named(name, item.place) for name, item in self._items.items()}

    def of(self, type_ref: str | None, place: Place) -> Declared:
        """The type a reference means; a reference to nothing is reported."""
        return _ANYTHING if type_ref is None else self._named(type_ref, place)

    def _named(self, name: str, place: Place) -> Declared:
        name = " ".join(name.split())
        if name in self._declared:
            return self._declared[name]
        item = self._items.get(name)
        if item is not None:
            if name in self._open:
                return _ANYTHING
            self._open.add(name)
            self._declared[name] = self._defined(item)
            self._open.discard(name)
            return self._declared[name]
        if name in self._imported:
            return self._imported[name]
        if name in _FOREIGN:
            return Declared(Type(_FOREIGN[name]))
        built_in = named_type(name)
        if built_in is None:
            self._report.add("dmn-type", place, f"没有名为“{name}”的类型。", f"There is no type '{name}'.")
            return _ANYTHING
        return Declared(built_in)

    def _defined(self, item: ItemDefinition) -> Declared:
        base = self._single(item)
        allowed = self._tests(item, item.allowed is not None, "allowed")
        whole = self._tests(item, item.constraint is not None, "constraint")
        if item.is_collection:
            each = Declared(base.type, (*base.constraints, *allowed), base.item, base.entries)
            return Declared(Type(Kind.LIST, item=base.type), whole, each, name=item.name)
        return Declared(base.type, (*base.constraints, *allowed, *whole), base.item, base.entries, item.name)

    def _single(self, item: ItemDefinition) -> Declared:
        if item.function is not None:
            parameters, result = item.function
            types = tuple(self.of(each.type_ref, each.place).type for each in parameters)
            return Declared(Type(Kind.FUNCTION, parameters=types, result=self.of(result, item.place).type))
        if item.components:
            entries = {each.name: self._defined(each) for each in item.components}
            fields = {name: each.type for name, each in entries.items()}
            return Declared(Type(Kind.CONTEXT, fields=fields), entries=entries)
        return self.of(item.type_ref, item.place)

    def _tests(self, item: ItemDefinition, present: bool, which: str) -> tuple[UnaryTests, ...]:
        tests = self._compile_tests(item, which) if present else None
        return () if tests is None else (tests,)


def hold_to(session: Session, value: Value, declared: Declared, what: str) -> Value:
    """`value` as the type wants it; null and a warning if it does not fit or breaks a constraint.

    `what` names the slot in the warning.
    """
    if value is None or type(value) in declared.quick or declared.is_anything:
        return value
    session.run.weigh(value)
    converted = convert(value, declared.type)
    if converted is None:
        kind, wanted = kind_of(value), declared.type.kind
        session.run.warn(
            WarningCode.WRONG_TYPE,
            f"“{what}”应为{KIND_ZH[wanted]}，但得到的是{KIND_ZH[kind]}",
            f"'{what}' should be {declared.name or wanted}, found {kind}",
            0,
        )
        return None
    if (declared.constraints or declared.item or declared.entries) and not _is_allowed(session, converted, declared):
        session.run.warn(
            WarningCode.WRONG_TYPE,
            f"“{what}”的值不在允许的范围内",
            f"'{what}' has a value that is not allowed",
            0,
        )
        return None
    return converted


def from_variable(session: Session, value: Value, declared: Declared, what: str) -> Value:
    """Like `hold_to`, for values from outside: JSON knows no dates, so text in place of one is read."""
    if type(value) in declared.quick:
        return value
    if isinstance(value, str) and declared.type.kind in _TEMPORAL:
        read = parse_at_literal(value)
        value = value if read is None else read
    return hold_to(session, value, declared, what)


def _is_allowed(session: Session, value: Value, declared: Declared) -> bool:
    if value is None:
        return True
    if not all(tests.run(session.run, session.context, value) for tests in declared.constraints):
        return False
    item = declared.item
    if item is not None and isinstance(value, list):
        return all(_is_allowed(session, each, item) for each in value)
    if isinstance(value, dict):
        return all(_is_allowed(session, value.get(name), each) for name, each in declared.entries.items())
    return True
