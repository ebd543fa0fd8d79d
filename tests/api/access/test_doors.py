"""Every address of the Camunda doors asks who calls, before anything else; listed from the running application."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.routes import ROUTERS
from api.settings import Settings
from tests.api.access.house import asked, basic, with_addresses

DOORS = ("/v2", "/engine-rest")
OPEN = {("GET", "/v2/status")}
"""Health of the cluster: for load balancers, so it tells nothing."""


def operations() -> Iterator[tuple[str, str]]:
    """(method, pattern) of every operation behind the two doors."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path.startswith(DOORS):
                yield from ((method, route.path) for method in sorted(route.methods))


ALL = sorted(set(operations()))


def ask(client: TestClient, method: str, pattern: str, headers: dict[str, str]) -> Any:
    """Ask at an address whose parameters are filled with something."""
    path = pattern
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + "1" + rest.partition("}")[2]
    return client.request(method, path, headers=headers)


def test_there_are_two_doors() -> None:
    assert {"/v2", "/engine-rest"} == {"/" + path.split("/")[1] for _, path in ALL}
    assert len(ALL) > 100


def test_nobody_is_let_in_without_credentials_or_with_wrong_ones(settings: Settings) -> None:
    """On a server that others can reach, where time is moved by hand: on this machine alone anybody may move it."""
    app = with_addresses(asked(settings, host="0.0.0.0", public_url="https://yimen.example.cn"))
    with closing(TestClient(app, base_url=app.state.settings.public_url)) as anybody:
        let_in = {
            operation: statuses
            for operation in ALL
            if (statuses := [ask(anybody, *operation, headers).status_code for headers in ({}, basic("nobody", "nothing"))])
            != [401, 401]
        }
    app.state.authority.database.close()

    assert let_in.keys() == OPEN
    assert all(status < 300 for statuses in let_in.values() for status in statuses)


def test_a_body_is_not_looked_at_before_the_caller_is_known(anybody: TestClient) -> None:
    broken = {"content": b"{", "headers": {"Content-Type": "application/json"}}

    assert anybody.post("/v2/process-instances", **broken).status_code == 401
    assert anybody.post("/engine-rest/message", **broken).status_code == 401


def test_refusals_have_the_form_of_their_door(anybody: TestClient, worker: tuple[str, str]) -> None:
    """Who is not known, who may not, what is not there, what cannot be read: each in the door's own form."""
    answers = [
        (anybody.get(f"{door}{path}", headers=headers), status)
        for door in DOORS
        for path, headers, status in (("/no-such-thing", basic(*worker), 404), ("/no-such-thing", {"Host": "evil.example"}, None))
    ]

    for answer, status in answers:
        assert answer.status_code == status or status is None
        if answer.request.url.path.startswith("/v2"):
            assert answer.headers["content-type"].startswith("application/problem+json")
            assert {"type", "title", "status", "detail", "instance"} <= answer.json().keys()
        else:
            assert {"type", "message"} <= answer.json().keys()
