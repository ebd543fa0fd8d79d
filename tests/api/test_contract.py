"""Our own API, asked with whatever its OpenAPI allows and with what it does not (schemathesis), by an officer and an administrator.

No answer is a failure of ours, has an undescribed status or media type, or a body outside its schema. `YIMEN_TEST_EXAMPLES` says how
many requests of each kind an operation gets.
"""

import os
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.guard import CSRF_COOKIE, CSRF_HEADER
from tests.api.world import OPERATIONS, World

EXAMPLES = int(os.environ.get("YIMEN_TEST_EXAMPLES", "2"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# A stream that does not end, what ends the session that all others use, and what moves time for all others.
BY_HAND = {
    "PUT /api/clock",
    "GET /api/events",
    "DELETE /api/session",
    "PUT /api/session/password",
    "POST /api/session",
    "POST /api/demo/session",
}


@pytest.fixture(scope="module")
def schema(world: World) -> Any:
    return openapi.from_asgi("/api/openapi.json", world.app, headers={"Host": host(world)})


def host(world: World) -> str:
    """The name under which the installation answers."""
    return str(world.app.state.settings.public_url).partition("//")[2]


@pytest.fixture(scope="module")
def people(world: World) -> list[dict[str, str]]:
    """The cookies of an officer and of an administrator."""
    return [world.cookies["holder"], world.cookies["administrator"]]


@pytest.mark.parametrize("operation", sorted(OPERATIONS.keys() - BY_HAND))
def test_every_answer_is_as_described(schema: Any, world: World, people: list[dict[str, str]], operation: str) -> None:
    world.restore()
    method, _, path = operation.partition(" ")
    described = schema[path][method]
    modes = [GenerationMode.POSITIVE]
    if described.definition.raw.get("parameters") or "requestBody" in described.definition.raw:
        modes.append(GenerationMode.NEGATIVE)
    for cookies in people:
        for mode in modes:
            ask(described, mode, world, cookies)


def ask(operation: Any, mode: GenerationMode, world: World, cookies: dict[str, str]) -> None:
    """Ask as this person."""
    headers = {CSRF_HEADER: cookies[CSRF_COOKIE], "Host": host(world)}

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def examine(case: Any) -> None:
        answer = case.call(base_url=world.app.state.settings.public_url, headers=headers, cookies=cookies)
        assert answer.status_code != 401  # she is signed in
        case.validate_response(answer, checks=CHECKS)

    if mode is GenerationMode.NEGATIVE:
        with suppress(Unsatisfiable):  # of some nothing can be wrong
            examine()
    else:
        examine()
