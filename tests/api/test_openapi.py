"""The description that other systems build on: it is complete, and the answers are as it says."""

from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from api.routes import ROUTERS
from tests.api.world import OPERATIONS, PEOPLE, World

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute) and route.include_in_schema]
FORMS = {route.path: route.response_model for route in ROUTES if route.methods == {"GET"} and route.response_model}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.unique_id)
def test_every_operation_says_what_it_does_and_refuses_as_problem_json(world: World, route: APIRoute) -> None:
    (method,) = route.methods
    operation = world.app.openapi()["paths"][route.path.replace(":path}", "}")][method.lower()]

    assert len(operation["description"]) > 10
    assert list(operation["responses"]["4XX"]["content"]) == ["application/problem+json"]


def _answered() -> list[Any]:
    """(path, who, state of the task) of every cell of the matrix that reads something."""
    cells = []
    for path in FORMS:
        rows = OPERATIONS[f"GET {path}"]
        for state, statuses in rows.items() if isinstance(rows, dict) else [(None, rows)]:
            allowed = [who for who, status in zip(PEOPLE, statuses, strict=True) if status == 200 and who != "nobody"]
            cells += [
                pytest.param(path, who, state, id=f"{path}-{state}-{who}")
                for who in dict.fromkeys(allowed[:1] + allowed[-1:])
            ]
    return cells


@pytest.mark.parametrize(("path", "who", "state"), _answered())
def test_every_answer_has_the_form_that_is_described(world: World, path: str, who: str, state: str | None) -> None:
    answer = world.read(path, who, state)

    TypeAdapter(FORMS[path]).validate_json(answer, strict=True)
