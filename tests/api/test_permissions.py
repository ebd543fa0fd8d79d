"""The permission matrix: every operation x every kind of person (x state of the task), as written in tests/permissions.yaml.

The operations come from OpenAPI, so one without a row fails. Each cell runs on the same prepared installation (`tests.api.world`);
what an earlier cell changed is undone before.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.world import OPERATIONS, PEOPLE, World


def _cells() -> Iterator[Any]:
    for operation, rows in OPERATIONS.items():
        for state, statuses in rows.items() if isinstance(rows, dict) else [(None, rows)]:
            for who, status in zip(PEOPLE, statuses, strict=True):
                name = "-".join(filter(None, (operation.replace(" ", ""), state, who)))
                yield pytest.param(operation, state, who, status, id=name)


@pytest.mark.parametrize(("operation", "state", "who", "status"), list(_cells()))
def test_each_cell_is_as_written(world: World, operation: str, state: str | None, who: str, status: int) -> None:
    world.restore()

    assert world.ask(operation, who, state) == status


def test_every_operation_has_a_row_and_every_row_an_operation(world: World) -> None:
    operations = {
        f"{method.upper()} {path}" for path, methods in world.app.openapi()["paths"].items() for method in methods
    }

    assert operations == OPERATIONS.keys()


def test_the_doors_name_no_person_twice() -> None:
    logins = [login for login in PEOPLE.values() if login]

    assert len(set(logins)) == len(logins)
