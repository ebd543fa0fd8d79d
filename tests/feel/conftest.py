"""One moment and a shorthand for every test of FEEL."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from engine.feel import Evaluation, compile_expression
from tests.feel.moment import NOW

Evaluate = Callable[..., Evaluation]


@pytest.fixture
def evaluate() -> Evaluate:
    """Compile and evaluate a source over variables, at a fixed moment."""

    def run(source: str, variables: Mapping[str, Any] | None = None, **options: Any) -> Evaluation:
        return compile_expression(source).evaluate(variables or {}, now=NOW, **options)

    return run


@pytest.fixture
def value(evaluate: Evaluate) -> Callable[..., object]:
    """Like `evaluate`, but only the value."""
    return lambda source, variables=None: evaluate(source, variables).value
