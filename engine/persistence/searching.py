"""A query (`engine.search`) as one statement: where, order, page, count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, false, func, literal, or_, select, true

from engine.errors import InvalidInput
from engine.persistence.columns import Utc
from engine.search import (
    COUNTED,
    AnyOf,
    Condition,
    Found,
    Op,
    Page,
    Query,
    Sort,
    cursor,
    parts_of,
    read_cursor,
    unknown_field,
)

T = TypeVar("T")
Special = Callable[[Connection, Condition], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """Where a kind of thing is found: `rows` with its joins, a column for each field of the record, further ones to ask by.

    `special` are fields, or beginnings of their names up to a colon, whose conditions are more than a comparison.
    """

    into: Callable[..., T]
    rows: Select[Any]
    columns: Mapping[str, ColumnElement[Any]]
    further: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    special: Mapping[str, Special] = field(default_factory=dict)

    def column(self, name: str) -> ColumnElement[Any]:
        """The column of a field; InvalidInput where there is none."""
        found = self.further.get(name)
        found = self.columns.get(name) if found is None else found
        if found is None:
            raise unknown_field(name)
        return found


def find(
    connection: Connection, source: Source[T], query: Query, where: Sequence[ColumnElement[bool]] = ()
) -> Found[T]:
    """The page that the query asks for, and how many there are."""
    conditions = [*where, *(_condition(connection, source, each) for each in query.conditions)]
    order = [*query.sort, Sort("id")]
    counted = source.rows.with_only_columns(literal(1)).where(*conditions).limit(COUNTED + 1).subquery()
    total = connection.execute(select(func.count()).select_from(counted)).scalar_one()
    backwards = query.page.before is not None
    asked = source.rows.with_only_columns(*(column.label(name) for name, column in source.columns.items()))
    asked = asked.where(*conditions, _paged(source, order, query.page)).order_by(*_order(source, order, backwards))
    asked = asked.add_columns(*(source.column(sort.field).label(f"sort_{n}") for n, sort in enumerate(order)))
    rows = connection.execute(asked.limit(query.page.limit).offset(query.page.from_)).all()
    rows = rows[::-1] if backwards else rows
    width = len(source.columns)
    items = tuple(source.into(**dict(zip(source.columns, row[:width], strict=True))) for row in rows)
    marks = [cursor(list(row[width:])) for row in (*rows[:1], *rows[-1:])]
    return Found(items, min(total, COUNTED), total > COUNTED, *(marks if rows else (None, None)))


def one(connection: Connection, source: Source[T], *where: ColumnElement[bool]) -> T | None:
    """The one record of these conditions; None where there is none."""
    asked = source.rows.with_only_columns(*(column.label(name) for name, column in source.columns.items())).where(
        *where
    )
    row = connection.execute(asked.limit(1)).first()
    return None if row is None else source.into(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def _condition(connection: Connection, source: Source[Any], condition: Condition | AnyOf) -> ColumnElement[bool]:
    if isinstance(condition, AnyOf):
        groups = [and_(true(), *(_condition(connection, source, each) for each in group)) for group in condition.groups]
        return or_(false(), *groups)
    special = source.special.get(condition.field.partition(":")[0])
    if special is not None:
        return special(connection, condition)
    return compare(connection, source.column(condition.field), condition)


def compare(connection: Connection, column: ColumnElement[Any], condition: Condition) -> ColumnElement[bool]:
    """A condition on a column. What has no value differs from every value, and is in no list."""
    value = condition.value
    match condition.op:
        case Op.EXISTS:
            return column.is_not(None) if value else column.is_(None)
        case Op.EQ:
            found: ColumnElement[bool] = column == value
        case Op.NEQ:
            found = or_(column != value, column.is_(None))
        case Op.IN:
            found = column.in_(list(value))
        case Op.NOT_IN:
            found = or_(column.not_in(list(value)), column.is_(None))
        case Op.LIKE:
            found = _like(connection, column, value)
        case Op.GT:
            found = column > value
        case Op.GTE:
            found = column >= value
        case Op.LT:
            found = column < value
        case _:
            found = column <= value
    return found


def _like(connection: Connection, column: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    """Capital letters count on both databases: SQLite's LIKE overlooks them, its GLOB does not."""
    parts = parts_of(pattern)
    if connection.dialect.name == "sqlite":
        text = "".join(f"[{part[1]}]" if part[1:] in ("*", "?", "[") else part[1:] or part for part in parts)
        return column.op("GLOB", is_comparison=True)(text)
    signs = {"*": "%", "?": "_"}
    text = "".join(signs.get(part) or ("\\" if part[1] in "%_\\" else "") + part[1:] for part in parts)
    return column.like(text, escape="\\")


def _order(source: Source[Any], order: Sequence[Sort], backwards: bool) -> list[ColumnElement[Any]]:
    found: list[ColumnElement[Any]] = []
    for sort in order:
        column = source.column(sort.field)
        if sort.field != "id":
            found.append(_is_null(column).desc() if backwards else _is_null(column))
        found.append(column.desc() if sort.descending is not backwards else column.asc())
    return found


def _is_null(column: ColumnElement[Any]) -> ColumnElement[int]:
    return case((column.is_(None), 1), else_=0)


def _paged(source: Source[Any], order: Sequence[Sort], page: Page) -> ColumnElement[bool]:
    """What lies behind a cursor (or ahead of it): equal in the first fields and beyond it in the next."""
    mark = page.after or page.before
    if mark is None:
        return true()
    ahead = page.after is None
    beyond: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for sort, value in zip(order, read_cursor(mark, len(order)), strict=True):
        column = source.column(sort.field)
        wanted = _bound(column, value)
        step: ColumnElement[bool]
        if value is None:
            step = column.is_not(None) if ahead else false()
            same: ColumnElement[bool] = column.is_(None)
        else:
            smaller = sort.descending is not ahead
            step = column < wanted if smaller else column > wanted
            step = step if ahead else or_(step, column.is_(None))
            same = column == wanted
        beyond.append(and_(*equal, step))
        equal.append(same)
    return or_(false(), *beyond)


def _bound(column: ColumnElement[Any], value: Any) -> ColumnElement[Any]:
    """A value of a cursor as one of the column's kind; InvalidInput where somebody made the cursor up."""
    kind = datetime if isinstance(column.type, Utc) else column.type.python_type
    if (value is not None and not isinstance(value, kind)) or (
        isinstance(value, int) and not -(2**63) <= value < 2**63
    ):
        raise InvalidInput("翻页标记无效", "the cursor is not one of this search")
    return bindparam(None, value, type_=column.type)
