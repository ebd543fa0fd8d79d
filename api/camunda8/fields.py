"""Searches: what a resource can be asked by and in which order, as tables; one reader of filters, sorts and pages for all.

A table says for each field of the API of what kind it is and which field of the engine's search it means. A filter's value is
plain, or an object of operators (`$eq`, `$in`, `$like`, …). Words of closed lists are taken in any letter case.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from api import access
from api.camunda8.bodies import PageAsked, SearchBody, read_key, read_moment
from api.wire import read_json
from engine.errors import CallerError, InvalidInput
from engine.model import Json
from engine.search import AnyOf, Condition, Found, Op, Page, Query, Sort, holds, matches

_OPERATORS = {
    "$eq": Op.EQ, "$neq": Op.NEQ, "$exists": Op.EXISTS, "$gt": Op.GT, "$gte": Op.GTE, "$lt": Op.LT, "$lte": Op.LTE,
    "$in": Op.IN, "$notIn": Op.NOT_IN, "$like": Op.LIKE,
}  # fmt: skip
_LISTS = (Op.IN, Op.NOT_IN)
_SIZES = frozenset({Op.GT, Op.GTE, Op.LT, Op.LTE})
PAGE = 100
LARGEST_PAGE = 10_000
_ALTERNATIVES = 20
_LISTED = 1_000

Read = Callable[[Any], Any]


def read_text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("a text is expected")
    return value


def read_boolean(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false is expected")
    return value


def read_integer(value: Any) -> int:
    """A whole number of 32 bits."""
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
        raise ValueError("a whole number is expected")
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the API: the engine's field that it means, how its values are read, by which operators it may be asked.

    `words` are those of a closed list with what each means; `ask` is False for what is only sorted by, `sort` for the opposite.
    """

    of: str
    read: Read = read_text
    words: Mapping[str, Any] | None = None
    sizes: bool = False
    ask: bool = True
    sort: bool = True


def text(of: str, **rest: Any) -> Field:
    """A field that holds a text."""
    return Field(of, read_text, **rest)


def number(of: str, **rest: Any) -> Field:
    """A field that holds a whole number."""
    return Field(of, read_integer, sizes=True, **rest)


def key(of: str, **rest: Any) -> Field:
    """A field that holds a key."""
    return Field(of, read_key, **rest)


def at(of: str, **rest: Any) -> Field:
    """A field that holds a moment."""
    return Field(of, read_moment, sizes=True, **rest)


def flag(of: str, **rest: Any) -> Field:
    """A field that is true or false."""
    return Field(of, read_boolean, **rest)


def word(of: str, words: Mapping[str, Any], **rest: Any) -> Field:
    """A field that holds a word of a closed list."""
    return Field(of, words=words, **rest)


@dataclass(frozen=True, slots=True)
class Table:
    """What a resource can be asked by. `variables` are fields that list variables: the API's name -> the engine's prefix.

    `absent` are fields of things that there are not here: they have no value. `tenant` is False for what is of no region.
    """

    fields: Mapping[str, Field]
    variables: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    tenant: bool = True

    def query(self, request: Request, body: SearchBody | None) -> Query:
        """What the body asks for, in the engine's words. InvalidInput names the member that cannot be meant."""
        asked = body or SearchBody()
        conditions = self._conditions(request, asked.filter or {})
        sort = []
        for each in asked.sort or ():
            found = self.fields.get(each.field)
            if found is None or not found.sort:
                raise InvalidInput(f"不能按 {each.field} 排序", f"sort: there is no sorting by {each.field}")
            sort.append(Sort(found.of, descending=each.order == "DESC"))
        return Query(tuple(conditions), tuple(sort), page_of(asked.page))

    def _conditions(
        self, request: Request, asked: Mapping[str, Any], *, nested: bool = False
    ) -> list[Condition | AnyOf]:
        conditions: list[Condition | AnyOf] = []
        for name, value in asked.items():
            try:
                conditions += self._one(request, name, value, nested)
            except ValueError as error:
                raise InvalidInput(f"条件 {name} 无效:{error}", f"filter.{name}: {error}") from None
        return conditions

    def _one(self, request: Request, name: str, value: Any, nested: bool) -> Iterable[Condition | AnyOf]:
        if name == "$or" and not nested and isinstance(value, list):
            if len(value) > _ALTERNATIVES:
                raise ValueError(f"at most {_ALTERNATIVES} alternatives")
            return [AnyOf(tuple(tuple(self._plain(request, each)) for each in value))]
        if name == "tenantId":
            return _of_tenant(request, value) if self.tenant else _of_all(value)
        if name in self.variables:
            return self._of_variables(self.variables[name], value)
        if name in self.absent:
            return _of_nothing(value)
        found = self.fields.get(name)
        if found is None or not found.ask:
            raise ValueError("there is no such field to filter by")
        return list(_read(found, value))

    def _plain(self, request: Request, group: Any) -> list[Condition]:
        if not isinstance(group, dict):
            raise ValueError("an alternative is an object of conditions")
        return [each for each in self._conditions(request, group, nested=True) if isinstance(each, Condition)]

    @staticmethod
    def _of_variables(prefix: str, value: Any) -> list[Condition]:
        found: list[Condition] = []
        for each in value if isinstance(value, list) else [None]:
            if not isinstance(each, dict) or set(each) != {"name", "value"}:
                raise ValueError("a list of {name, value} is expected")
            name = read_text(each["name"])
            found += _read(Field(f"{prefix}:{name}", read_json_text, sizes=True), each["value"])
        return found


def read_json_text(value: Any) -> Json:
    """The value of a variable, written as JSON text."""
    try:
        return read_json(read_text(value).encode())
    except CallerError as error:
        raise ValueError("a value written as JSON text is expected") from error


def page_of(asked: PageAsked | None) -> Page:
    """Which part of what is found. InvalidInput where several ways of paging are mixed."""
    page = asked or PageAsked()
    if [page.from_, page.after, page.before].count(None) < 2:
        raise InvalidInput("翻页方式不能混用", "page: from, after and before exclude one another")
    limit = PAGE if page.limit is None else min(page.limit, LARGEST_PAGE)
    return Page(limit, page.from_ or 0, page.after, page.before)


def page_told(found: Found[Any]) -> dict[str, Any]:
    """The page as answers tell it."""
    return {
        "totalItems": found.total, "hasMoreTotalItems": found.more, "startCursor": found.start_cursor,
        "endCursor": found.end_cursor,
    }  # fmt: skip


def answer(found: Found[Any], shape: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """A page of things, each in its shape."""
    return {"items": [shape(each) for each in found.items], "page": page_told(found)}


def _read(of: Field, value: Any) -> Iterable[Condition]:
    if not isinstance(value, dict):
        yield _condition(of, Op.EQ, value)
        return
    for name, wanted in value.items():
        operator = _OPERATORS.get(name)
        if operator is None or (operator in _SIZES and not of.sizes):
            raise ValueError(f"there is no operator {name} for it")
        yield _condition(of, operator, wanted)


def _condition(of: Field, operator: Op, value: Any) -> Condition:
    if operator is Op.EXISTS:
        return Condition(of.of, operator, read_boolean(value))
    if operator is Op.LIKE:
        pattern = read_text(value)
        if of.read is read_json_text:  # a pattern of JSON text; the engine compares what stands between the quotes
            pattern = pattern.removeprefix('"').removesuffix('"')
        if of.words is not None:
            fitting = tuple(meant for said, meant in of.words.items() if matches(pattern.upper(), said))
            return Condition(of.of, Op.IN, fitting)
        return Condition(of.of, operator, pattern)
    if operator in _LISTS:
        if not isinstance(value, list) or len(value) > _LISTED:
            raise ValueError(f"a list of at most {_LISTED} values is expected")
        return Condition(of.of, operator, tuple(_value(of, each) for each in value))
    return Condition(of.of, operator, _value(of, value))


def _value(of: Field, value: Any) -> Any:
    if of.words is None:
        return of.read(value)
    said = read_text(value).upper()
    if said not in of.words:
        raise ValueError(f"one of {', '.join(of.words)} is expected")
    return of.words[said]


def _of_tenant(request: Request, value: Any) -> list[Condition]:
    who = access.caller(request)

    def read(named: Any) -> str:
        region = read_text(named)
        return who.region if region == access.DEFAULT_TENANT else region

    return list(_read(Field("region", read), value))


def _of_all(value: Any) -> list[Condition]:
    """The tenant of what belongs to no region: the default one."""
    fits = all(holds(access.DEFAULT_TENANT, each) for each in _read(Field("tenant"), value))
    return [] if fits else [Condition("id", Op.EQ, -1)]


def _of_nothing(value: Any) -> list[Condition]:
    """A condition on something that no thing here has: it holds only where that is what is asked for."""
    operators = value if isinstance(value, dict) else {"$eq": value}
    holds = all(
        (name == "$exists" and wanted is False) or name in ("$neq", "$notIn") for name, wanted in operators.items()
    )
    return [] if holds or value in ([], {}) else [Condition("id", Op.EQ, -1)]
