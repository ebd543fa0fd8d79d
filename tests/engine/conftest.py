"""The engine's laboratory on each kind of database."""

from collections.abc import Iterator

import pytest

from engine.invariants import broken
from tests.engine.lab import Lab


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    yield laboratory
    with laboratory.database.read() as connection:
        found = [] if laboratory.is_damaged else broken(connection, laboratory.engine.definitions)
    laboratory.database.close()
    assert found == []  # whatever the test was about, the invariants hold at its end
