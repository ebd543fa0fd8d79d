"""Every refusal under a door's address is told in the form of that door, from wherever it comes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Response
from starlette.testclient import TestClient

from api import problems
from api.bounds import JSON_BODY_BYTES
from api.guard import Guard
from api.settings import Settings


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(problems, "_writers", {})
    problems.write_for("/door", lambda body, error, path: Response(f"{body['code']} {type(error).__name__} {path}", body["status"]))
    app = FastAPI(openapi_url=None)

    @app.get("/door/broken")
    def break_down() -> None:
        raise RuntimeError

    @app.get("/door/number/{value}")
    def number(value: int) -> int:
        return value

    @app.get("/door/gone")
    def gone() -> None:
        raise problems.refuse("not_signed_in", "请先登录。", "Sign in first.", headers={"WWW-Authenticate": "Basic"})

    problems.install(app)
    app.add_middleware(Guard, settings=Settings(data_dir=Path("nowhere")))
    with TestClient(app, base_url="http://127.0.0.1:8080", raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/door/broken", 500, "failed NoneType /door/broken"),
        ("/door/number/x", 422, "invalid RequestValidationError /door/number/x"),
        ("/door/nothing", 404, "unknown HTTPException /door/nothing"),
        ("/door/gone", 401, "not_signed_in Refusal /door/gone"),
    ],
)
def test_the_doors_own_writer_tells_it(client: TestClient, path: str, status: int, text: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.text) == (status, text)


def test_headers_of_a_refusal_are_kept(client: TestClient) -> None:
    assert client.get("/door/gone").headers["www-authenticate"] == "Basic"


def test_a_refusal_of_the_guard_too(client: TestClient) -> None:
    answer = client.post("/door/number/1", content=b"x" * (JSON_BODY_BYTES + 1))

    assert (answer.status_code, answer.text) == (413, "too_large Refusal /door/number/1")


def test_other_addresses_keep_our_own_form(client: TestClient) -> None:
    assert client.get("/doorway").headers["content-type"] == "application/problem+json"
