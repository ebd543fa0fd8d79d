"""The engine's laboratory on each kind of database."""

from collections.abc import Iterator

import pytest

from tests.engine.lab import Lab


@pytest.fixture
def lab(database_url: str) -> Iterator[Lab]:
    laboratory = Lab(database_url)
    yield laboratory
    laboratory.database.close()
