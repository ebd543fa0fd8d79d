"""One moment, one set of variables and a shorthand for every test of JUEL."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.juel import compile_juel
from tests.feel.moment import NOW

VARIABLES: Mapping[str, Any] = {
    "n": 5,
    "zero": 0,
    "rate": Decimal("1.5"),
    "word": "Hello",
    "digits": "12",
    "blank": "",
    "yes": True,
    "no": False,
    "nothing": None,
    "list": [1, "two", {"k": "v"}],
    "none": [],
    "map": {"a": {"b": 1}, "with space": 2, "10": "ten"},
    "due": "2026-11-25T09:00:00+08:00",
    "json": '{"name": "Li", "age": 41, "ok": true, "tags": ["a", "b"], "none": null}',
    "loopCounter": 0,
    "nrOfInstances": 3,
}

Value = Callable[..., Any]


@pytest.fixture
def value() -> Value:
    """Compile and evaluate a text over the variables above, at a fixed moment."""

    def run(source: str, **more: Any) -> Any:
        return compile_juel(source).evaluate({**VARIABLES, **more}, now=NOW)

    return run
