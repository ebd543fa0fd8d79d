"""Lists as Camunda 7 asks for them: filters by name, `sortBy`, `firstResult` and `maxResults`, by GET or by POST.

A filter that is not served is refused and not passed over: a list with more than what was asked for is worse than none.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from api.camunda7.errors import invalid
from api.camunda7.values import plain, read_moment
from engine.search import COUNTED, AnyOf, Condition, Op, Page, Query, Sort

Filter = Callable[[str, Any], list[Condition | AnyOf]]
"""What a parameter asks, from its name and its value: text from an address, JSON from a body."""

PAGING = frozenset({"firstResult", "maxResults"})
_ORDER = frozenset({"sortBy", "sortOrder", "sorting"})
_OPERATORS = {
    "eq": Op.EQ, "neq": Op.NEQ, "gt": Op.GT, "gteq": Op.GTE, "lt": Op.LT, "lteq": Op.LTE, "like": Op.LIKE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one kind of list can be asked for; `sorts` name the fields by Camunda's words for them."""

    filters: Mapping[str, Filter]
    sorts: Mapping[str, str]

    def query(self, given: Mapping[str, Any], *, otherwise: Iterable[Sort] = ()) -> Query:
        """The query of a request. RestError 400 for a parameter that is not served or has no such value."""
        conditions: list[Condition | AnyOf] = []
        for name, value in given.items():
            if name in PAGING or name in _ORDER or value is None:
                continue
            if name not in self.filters:
                raise invalid(f"查询参数 {name!r:.60} 不支持。", f"The parameter {name!r:.60} is not supported.")
            conditions += self.filters[name](name, value)
        return Query(tuple(conditions), tuple(self._sorted(given)) or tuple(otherwise), page_of(given))

    def _sorted(self, given: Mapping[str, Any]) -> list[Sort]:
        asked = given.get("sorting")
        if asked is None:
            asked = [{"sortBy": given.get("sortBy"), "sortOrder": given.get("sortOrder")}]
            if given.get("sortBy") is None and given.get("sortOrder") is None:
                return []
        if not isinstance(asked, list) or not all(isinstance(each, Mapping) for each in asked):
            raise invalid("sorting 不是列表。", "sorting is a list of {sortBy, sortOrder}.")
        return [self._sort(each.get("sortBy"), each.get("sortOrder")) for each in asked]

    def _sort(self, by: Any, order: Any) -> Sort:
        if order not in ("asc", "desc"):
            raise invalid(
                "sortBy 与 sortOrder(asc 或 desc)须一起给出。",
                "Only a single sorting parameter specified: sortBy and sortOrder (asc or desc) go together.",
            )
        if by not in self.sorts:
            raise invalid(f"不能按 {by!r:.60} 排序。", f"Cannot set query parameter 'sortBy' to value {by!r:.60}.")
        return Sort(self.sorts[by], descending=order == "desc")


def given_in(request: Request, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The parameters of a request: those of the address, and of a POST its body with the paging from the address."""
    address: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        address[name] = f"{address[name]},{value}" if name in address else value
    return {**address, **(body or {})}


def page_of(given: Mapping[str, Any]) -> Page:
    """`firstResult` and `maxResults`; without, everything up to 10,000."""
    return Page(limit=_number(given, "maxResults", COUNTED), from_=_number(given, "firstResult", 0))


def _number(given: Mapping[str, Any], name: str, otherwise: int) -> int:
    value = given.get(name)
    if value is None:
        return otherwise
    number = whole(name, value)
    if number < 0:
        raise invalid(f"{name} 不能是负数。", f"{name} cannot be negative.")
    return min(number, COUNTED)


def whole(name: str, value: Any) -> int:
    """A whole number from an address or a body."""
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and len(value) < 20:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise invalid(f"{name} 不是整数:{value!r:.60}。", f"Cannot set query parameter '{name}' to value {value!r:.60}.")


def yes(name: str, value: Any) -> bool:
    """true or false."""
    word = value.lower() if isinstance(value, str) else value
    if word in (True, "true"):
        return True
    if word in (False, "false"):
        return False
    raise invalid(f"{name} 须为 true 或 false。", f"Cannot set query parameter '{name}' to value {value!r:.60}.")


def several(name: str, value: Any) -> tuple[str, ...]:
    """Texts, separated by commas in an address, a list in a body."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise invalid(f"{name} 不是列表。", f"{name} is no list of texts.")


def text(name: str, value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise invalid(f"{name} 不是文字。", f"{name} is no text.")
    return value


def number_of(name: str, value: Any) -> int:
    """An id of ours in a filter; what is none finds nothing."""
    word = text(name, value).rpartition(":")[2]
    return int(word) if word.isdecimal() and len(word) < 20 and int(word) < 2**63 else -1


# ---- filters


def equal(field: str, into: Callable[[str, Any], Any] = text) -> Filter:
    """The field has this value."""
    return lambda name, value: [Condition(field, Op.EQ, into(name, value))]


def among(field: str, into: Callable[[str, Any], Any] = text, *, without: bool = False) -> Filter:
    """The field has one of these values, or (`without`) none of them."""
    op = Op.NOT_IN if without else Op.IN
    return lambda name, value: [Condition(field, op, tuple(into(name, each) for each in several(name, value)))]


def like(field: str, *, without: bool = False) -> Filter:
    """The field is like this: `%` stands for any text, `_` for one character."""

    def made(name: str, value: Any) -> list[Condition | AnyOf]:
        if without:
            raise invalid(f"查询参数 {name} 不支持。", f"The parameter {name} is not supported.")
        return [Condition(field, Op.LIKE, pattern(text(name, value)))]

    return made


def pattern(like_pattern: str) -> str:
    """An SQL pattern in the words of our own search."""
    escaped = re_escape(like_pattern)
    return escaped.replace("%", "*").replace("_", "?")


def re_escape(words: str) -> str:
    """`words` with what our own search takes for wildcards taken literally."""
    return "".join(f"\\{each}" if each in "\\*?" else each for each in words)


def since(field: str, op: Op) -> Filter:
    """The field's moment compared with this one."""
    return lambda name, value: [Condition(field, op, read_moment(value, name))]


def compared(field: str, op: Op) -> Filter:
    """The field's number compared with this one."""
    return lambda name, value: [Condition(field, op, whole(name, value))]


def if_true(*conditions: Condition | AnyOf) -> Filter:
    """The conditions hold where the parameter is true; false asks nothing."""
    return lambda name, value: list(conditions) if yes(name, value) else []


def either(when_true: Condition, when_false: Condition) -> Filter:
    """One condition for true, another for false."""
    return lambda name, value: [when_true if yes(name, value) else when_false]


def of_variables(prefix: str) -> Filter:
    """`name_operator_value` and commas in an address, {name, operator, value} in a body: variables of the instance or task."""

    def made(name: str, value: Any) -> list[Condition | AnyOf]:
        asked = [_in_address(name, each) for each in several(name, value)] if isinstance(value, str) else value
        if not isinstance(asked, list) or not all(isinstance(each, Mapping) for each in asked):
            raise invalid(f"{name} 不是列表。", f"{name} is a list of {{name, operator, value}}.")
        found: list[Condition | AnyOf] = []
        for each in asked:
            op = _OPERATORS.get(each.get("operator", "eq"))
            if op is None or not isinstance(each.get("name"), str):
                raise invalid(f"{name} 中有无效的比较。", f"{name}: Invalid variable comparator specified.")
            wanted = each.get("value")
            if isinstance(wanted, Mapping):
                wanted = plain({each["name"]: wanted})[each["name"]]
            found.append(Condition(f"{prefix}:{each['name']}", op, pattern(wanted) if op is Op.LIKE else wanted))
        return found

    return made


def asks_for_data(query: Query) -> bool:
    """Whether a query compares what variables hold."""
    return any(
        each.field.startswith(("variable:", "local:")) for each in query.conditions if isinstance(each, Condition)
    )


def _in_address(name: str, word: str) -> dict[str, Any]:
    """`amount_gteq_100`: a number, true or false where it looks like one, as Camunda 7 guesses."""
    parts = word.split("_", 2)
    if len(parts) != 3:
        raise invalid(f"{name} 中的 {word!r:.60} 无效。", f"{name}: KEY_OPERATOR_VALUE is expected, found {word!r:.60}.")
    value: Any = parts[2]
    if value in ("true", "false"):
        value = value == "true"
    elif value.removeprefix("-").isdecimal() and len(value) < 18:
        value = int(value)
    return {"name": parts[0], "operator": parts[1], "value": value}
