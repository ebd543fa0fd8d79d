"""Names: with spaces, with keywords in them, in Chinese, and which variables an expression reads."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from engine.feel import compile_expression
from tests.feel.moment import NOW

Value = Callable[..., Any]


@pytest.mark.parametrize(
    ("source", "variables", "expected"),
    [
        ("monthly income * 2", {"monthly income": 300}, Decimal(600)),
        ("monthly   income * 2", {"monthly income": 300}, Decimal(600)),
        ("家庭人口 + 1", {"家庭人口": 3}, Decimal(4)),
        ("户主.姓名", {"户主": {"姓名": "张三"}}, "张三"),
        ("person.first name", {"person": {"first name": "三"}}, "三"),
        ("`self-employed income` + 1", {"self-employed income": 1}, Decimal(2)),
        ("a - b", {"a": 5, "b": 3}, Decimal(2)),
        ("a-b", {"a": 5, "b": 3}, Decimal(2)),
        ("{a-b: 1}.a-b", {}, Decimal(1)),
        ("{date and time: 1}.date and time", {}, Decimal(1)),
        ("count + 1", {"count": 1}, Decimal(2)),
        ("count(count)", {"count": [1, 2]}, Decimal(2)),
        ("number of items > 1", {"number of items": 2}, True),
        ("for first name in [1] return first name", {}, [Decimal(1)]),
    ],
)
def test_names_are_found(value: Value, source: str, variables: dict[str, Any], expected: object) -> None:
    assert value(source, variables) == expected


def test_names_with_operators_are_known_when_declared() -> None:
    expression = compile_expression("a - b + 1", names=["a-b"])

    assert expression.evaluate({"a-b": 10, "a": 1, "b": 1}, now=NOW).value == Decimal(11)


def test_names_with_keywords_are_known_when_declared() -> None:
    expression = compile_expression("rest and recreation = 1", names=["rest and recreation"])

    assert expression.evaluate({"rest and recreation": 1}, now=NOW).value is True


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("amount <= 3000 and urgent", {"amount", "urgent"}),
        ("count(members) > 1", {"members"}),
        ("policy.ceiling", {"policy"}),
        ("members[age > limit]", {"members", "age", "limit"}),
        ("for m in members return m.age + bonus", {"members", "bonus"}),
        ("some d in docs satisfies d.ok", {"docs"}),
        ("{a: 1, b: a + c}", {"c"}),
        ("(function(x) x + y)(1)", {"y"}),
        ("is defined(a.b)", {"a"}),
        ("add workdays(today(), n)", {"add workdays", "n"}),
        ("today()", set()),
    ],
)
def test_an_expression_tells_which_variables_it_may_read(source: str, names: set[str]) -> None:
    assert compile_expression(source).names == names


def test_only_the_variables_it_names_are_asked_for() -> None:
    asked: list[str] = []

    class Recorder(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            asked.append(key)
            return super().get(key, default)

    compile_expression("if a then b else c").evaluate(Recorder(a=True, b=1, c=2), now=NOW)

    assert asked == ["a", "b"]
