"""docs/camunda7-api.md says what is served."""

from __future__ import annotations

import pytest

from tests.camunda7.page import FILE, operations, page


def test_the_page_is_what_the_routes_say() -> None:
    assert FILE.read_text("utf-8") == page(), "run `python -m tests.camunda7`"


@pytest.mark.parametrize("row", list(operations()), ids=lambda row: f"{row[1]} {row[0]}")
def test_each_operation_is_described(row: tuple[str, str, str]) -> None:
    assert row[2].endswith(".")
