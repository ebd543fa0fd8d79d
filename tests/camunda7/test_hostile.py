"""Whatever is sent to /engine-rest, the answer is a refusal in its form and never a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import APIRoute

from api.camunda7 import ROUTERS
from tests.camunda7.conftest import Caller

ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and route.path.startswith("/engine-rest")
    for method in sorted(route.methods)
]
WORDS = ["1", "-1", str(2**63), "9" * 400, "a:b:c", "甲%27%3B--"]
BODIES: list[Any] = [
    None, {}, [], "text", 1, True, {"variables": []}, {"variables": {"x": 1}}, {"variables": {"x": {"type": 1}}},
    {"variables": {"": {"value": 1}}}, {"workerId": "w", "newDuration": 10**30},
    {"workerId": "w", "lockDuration": 10**14}, {"workerId": "w", "retries": 10**30}, {"workerId": "\x00", "errorCode": "c"},
    {"userId": "x" * 5000}, {"userId": 1}, {"suspended": "perhaps"}, {"modifications": {"a": {"value": 10**400}}},
    {"instructions": [{"type": "cancel", "activityInstanceId": "x" * 500}]}, {"messageName": "m", "correlationKeys": {"a": {"value": {}}}},
    {"sorting": [1]}, {"processVariables": [{"name": 1}]}, {"taskIdIn": [1]},
]  # fmt: skip
QUERIES = [
    "firstResult=99999999999999999999", "maxResults=x", "sortBy=%00", "sortBy=id&sortOrder=asc&sortBy=id", "x=y", "id=%F0%9F%98%80",
    "processInstanceId=a", "nameLike=%25%5C%2A%5B", "tenantIdIn=XX", "withoutTenantId=perhaps", "variables=a_eq_%7B", "key=%27%20or%201%3D1",
]  # fmt: skip
DOCUMENTED_500 = {"NullValueException", "ProcessEngineException", "SuspendedEntityInteractionException", "RestException"}


def is_refused_well(answer: Any) -> bool:
    """A success, or a refusal in Camunda 7's form; 500 only where its API documents it, and not as a fault of ours."""
    if answer.status_code < 400:
        return True
    if answer.headers["content-type"] != "application/json":
        return False
    body = answer.json()
    if answer.status_code >= 500:
        return body["type"] in DOCUMENTED_500 and "went wrong here" not in body["message"]
    return {"type", "message", "code"} <= body.keys()


def addresses(path: str) -> list[str]:
    """The address with each of the hostile words at its places."""
    parts = [part for part in path.split("/") if part.startswith("{")]
    if not parts:
        return [path]
    found = []
    for word in WORDS:
        named = path
        for part in parts:
            named = named.replace(part, word)
        found.append(named)
    return found


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda part: part)
def test_a_hostile_request_is_refused_and_breaks_nothing(rest: Caller, method: str, path: str) -> None:
    asked = [(address, {}) for address in addresses(path)]
    first = asked[0][0]
    if method == "GET":
        asked += [(f"{first}?{query}", {}) for query in QUERIES]
    if method in ("POST", "PUT"):
        asked += [(first, {"json": body}) for body in BODIES]
        asked += [(first, {"content": content, "headers": {"content-type": "application/json"}}) for content in (b"{", b"\xff", b"[" * 5000)]

    answers = [(address, options, super(Caller, rest).request(method, address, **options)) for address, options in asked]

    assert [(address, options, answer.status_code, answer.text[:300]) for address, options, answer in answers if not is_refused_well(answer)] == []

