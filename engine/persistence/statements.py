"""Statements that are built once: a Core construct becomes the driver's text on first use, and only values travel after that.

The construct stays SQLAlchemy's, over the tables of `tables`; what is left out is building, keying and compiling it for every
call, which costs more than the database does. Use it where a command passes; a query that is put together from what a person
asks for is executed as any other.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Integer,
    Table,
    Text,
    any_,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import ClauseElement, ColumnElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.persistence import wire
from engine.persistence.wire import Otherwise

_DIALECTS: Mapping[str, Dialect] = {
    "sqlite": sqlite.dialect(),
    "postgresql": PGDialect_psycopg(paramstyle="numeric_dollar"),  # type: ignore[no-untyped-call]  # SQLAlchemy gives no type
}
_ROWS_AT_ONCE = 50

Build = Callable[[str], Any]
"""Gives the construct for a dialect by its name."""


class Statement:
    """One statement. `construct` is a Core construct, or a function of the dialect's name where the two differ.

    Values are named as the bind parameters are. `into` makes what a row becomes, from its columns in order; without it a row
    is a named tuple.
    """

    def __init__(self, construct: Any | Build, *, into: Callable[..., Any] | None = None) -> None:
        self._construct = construct
        self._into = into
        self._plans: dict[str, _Plan] = {}

    def ask(self, connection: Connection, /, **values: Any) -> Answer:
        """Ask; the answer comes when it is looked at, with whatever else is on its way by then."""
        plan = self._plan(connection)
        return Answer(plan, wire.of(connection).ask(plan.text, plan.bind(values)))

    def all(self, connection: Connection, /, **values: Any) -> list[Any]:
        """Every row."""
        return self.ask(connection, **values).all()

    def first(self, connection: Connection, /, **values: Any) -> Any:
        """The first row; None when there is none."""
        return self.ask(connection, **values).first()

    def scalar(self, connection: Connection, /, **values: Any) -> Any:
        """The first column of the first row; None when there is none."""
        row = self.first(connection, **values)
        return None if row is None else row[0]

    def write(self, connection: Connection, values: Mapping[str, Any], *, otherwise: Otherwise | None = None) -> None:
        """Write, at the latest before anything is read; `otherwise`: raised where it refuses the row."""
        plan = self._plan(connection)
        wire.of(connection).write(plan.text, plan.bind(values), otherwise)

    def _plan(self, connection: Connection) -> _Plan:
        name = connection.dialect.name
        plan = self._plans.get(name)
        if plan is None:
            construct = self._construct if isinstance(self._construct, ClauseElement) else self._construct(name)
            plan = self._plans[name] = _Plan(construct, name, self._into)
        return plan


class Answer:
    """What a question gives, once it is looked at."""

    __slots__ = ("_asked", "_plan")

    def __init__(self, plan: _Plan, asked: wire.Asked) -> None:
        self._plan = plan
        self._asked = asked

    def all(self) -> list[Any]:
        return [self._plan.row(row) for row in self._asked.rows]

    def first(self) -> Any:
        rows = self._asked.rows
        return self._plan.row(rows[0]) if rows else None


class Insert:
    """Rows into a table, several in one statement; `replaces`: one with the same primary key is replaced."""

    def __init__(self, table: Table, *, replaces: bool = False) -> None:
        self._table = table
        self._replaces = replaces
        self._names = [column.name for column in table.columns]
        self._plans: dict[tuple[str, int], _Plan] = {}

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write these rows; a column that a row leaves out is null."""
        self.write_in_order(connection, [[row.get(name) for name in self._names] for row in rows])

    def write_in_order(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Write these rows; each gives its values in the order of the table's columns."""
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = rows[start : start + _ROWS_AT_ONCE]
            plan = self._plan(connection.dialect.name, len(part))
            flat = [value for row in part for value in row]
            wire.of(connection).write(plan.text, plan.bind_in_order(flat))

    def _plan(self, dialect: str, count: int) -> _Plan:
        plan = self._plans.get((dialect, count))
        if plan is None:
            plan = self._plans[(dialect, count)] = _Plan(self._construct(dialect, count), dialect, None)
        return plan

    def _construct(self, dialect: str, count: int) -> Any:
        columns = self._table.columns
        values = [{c.name: bindparam(f"{c.name}_{n}", type_=c.type) for c in columns} for n in range(count)]
        statement: Any = insert_for(dialect, self._table).values(values)
        if self._replaces:
            keys = [column.name for column in self._table.primary_key]
            changes = {name: statement.excluded[name] for name in self._names if name not in keys}
            statement = statement.on_conflict_do_update(index_elements=keys, set_=changes)
        return statement


class _Plan:
    """A statement for one dialect: text, and what is done to values on the way in and out."""

    def __init__(self, construct: Any, dialect_name: str, into: Callable[..., Any] | None) -> None:
        dialect = _DIALECTS[dialect_name]
        compiled: Any = construct.compile(dialect=dialect)
        self.text = str(compiled)
        self._names: list[str] = compiled.positiontup or []
        self._fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._binders = [_binder(compiled.binds[name].type, dialect) for name in self._names]
        selected = [(getattr(column, "name", "_"), column.type) for column in _columns(construct)]
        self._loaders = [
            (place, loader)
            for place, (_, kind) in enumerate(selected)
            if (loader := kind.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]
        self._into: Callable[..., Any] = into or namedtuple("Row", [name for name, _ in selected], rename=True)  # noqa: PYI024 - made of data

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        fixed = self._fixed
        return [
            (values[name] if name in values else fixed[name])
            if binder is None
            else binder(values[name] if name in values else fixed[name])
            for name, binder in zip(self._names, self._binders, strict=True)
        ]

    def bind_in_order(self, values: Iterable[Any]) -> list[Any]:
        return [value if binder is None else binder(value) for value, binder in zip(values, self._binders, strict=True)]

    def row(self, values: tuple[Any, ...]) -> Any:
        if self._loaders:
            loaded = list(values)
            for place, loader in self._loaders:
                loaded[place] = loader(loaded[place])
            return self._into(*loaded)
        return self._into(*values)


def _columns(construct: Any) -> Iterable[Any]:
    if getattr(construct, "is_select", False):
        return construct.selected_columns  # type: ignore[no-any-return]
    return getattr(construct, "_returning", ()) or ()


def _binder(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    binder: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return binder


def insert_for(dialect: str, table: Table) -> Any:
    """An insert that knows `on_conflict_do_update`, which each dialect brings itself."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def updating(table: Table, *names: str) -> Statement:
    """Update of these columns of the row with this region and id."""
    return Statement(
        update(table).where(*_key(table)).values({name: bindparam(name, type_=table.c[name].type) for name in names})
    )


def deleting(table: Table) -> Statement:
    """Delete of the row with this region and id."""
    return Statement(delete(table).where(*_key(table)))


def equal(column: Any, name: str | None = None) -> ColumnElement[bool]:
    """`column = :name`; the name is the column's own unless another is given."""
    return column == bindparam(name or column.name, type_=column.type)  # type: ignore[no-any-return]


def _key(table: Table) -> tuple[ColumnElement[bool], ...]:
    return equal(table.c.region, "key_region"), equal(table.c.id, "key_id")


class Listed(TypeDecorator[Sequence[Any]]):
    """A list as one parameter, its items of a column's type: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(postgresql.ARRAY(BigInteger if isinstance(self.of, Integer) else Text))

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        binder = _binder(self.of, dialect)
        items = [item if binder is None else binder(item) for item in value or ()]
        if not all(isinstance(item, str | int) for item in items):
            raise TypeError("only lists of texts and whole numbers are taken as one parameter")
        return items if dialect.name == "postgresql" else json.dumps(items)


def among(dialect: str, column: Any, name: str, kind: TypeEngine[Any] | None = None) -> ColumnElement[bool]:
    """Whether the column (of this kind, or of its own) is one of those in a list parameter: one text for any number of them."""
    listed: Any = bindparam(name, type_=Listed(kind or column.type))
    if dialect == "postgresql":
        return column == any_(listed)  # type: ignore[no-any-return]
    each = func.json_each(listed).table_valued("value")
    return column.in_(select(each.c.value))  # type: ignore[no-any-return]
