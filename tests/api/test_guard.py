"""What is checked and added around every request: tried on a tiny app, since the guard knows no addresses."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from api import problems
from api.bounds import JSON_BODY_BYTES, UPLOAD_BODY_BYTES
from api.client import Client
from api.guard import CSRF_HEADER, SESSION_COOKIE, Guard, csrf_token
from api.logs import JsonLines
from api.settings import Settings

HERE = "http://127.0.0.1:8080"
TOKEN = "a-session-token"


def small_app(settings: Settings) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/api/things/{name}")
    def show(name: str) -> dict[str, str]:
        return {"name": name}

    @app.post("/api/things")
    async def make(request: Request) -> dict[str, int]:
        return {"size": len(await request.body())}

    @app.get("/api/broken")
    def break_down() -> None:
        raise RuntimeError("王五 110105194912310021")

    @app.get("/api/health")
    def health() -> dict[str, str]:
        return {}

    problems.install(app)
    app.add_middleware(Guard, settings=settings)
    return app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(small_app(Settings()), base_url=HERE, raise_server_exceptions=False) as client:
        yield client


def code_of(response: Any) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["code"])


@pytest.mark.parametrize("path", ["/api/things/a", "/api/nothing", "/api/broken", "/elsewhere"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert "script-src 'self';" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


def test_no_answer_of_the_api_may_be_stored(client: TestClient) -> None:
    assert client.get("/api/things/a").headers["cache-control"] == "no-store"
    assert client.get("/api/nothing").headers["cache-control"] == "no-store"


def test_the_browser_is_told_to_stay_with_https_where_people_come_by_it() -> None:
    settings = Settings(public_url="https://yimen.example.cn")
    with TestClient(small_app(settings), base_url=settings.public_url) as client:
        assert client.get("/api/things/a").headers["strict-transport-security"] == "max-age=31536000"


def test_a_failure_is_answered_with_a_reference_and_logged_in_full(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get("/api/broken")

    assert (response.status_code, code_of(response)) == (500, "failed")
    assert "王五" not in response.text
    failure = next(record for record in caplog.records if record.name == "yimen.api")
    assert failure.__dict__["reference"] == response.json()["reference"] == response.headers["x-request-id"]
    assert failure.exc_info is not None


def test_the_access_line_is_one_line_of_json_and_holds_the_pattern_instead_of_the_address(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "yimen.access"):
        client.get("/api/things/王五%0d%0a%1b[31m?q=110105194912310021")

    line = JsonLines().format(next(record for record in caplog.records if record.name == "yimen.access"))
    assert json.loads(line)["route"] == "/api/things/{name}"
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert not [typed for typed in ("王五", "\\u738b", "110105194912310021", "\x1b") if typed in line]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "127.0.0.1@evil.example"]
)
def test_a_foreign_host_name_is_refused(client: TestClient, host: str) -> None:
    response = client.get("/api/things/a", headers={"Host": host})

    assert (response.status_code, code_of(response)) == (422, "invalid")


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "localhost:5173", "[::1]:8080"])
def test_any_name_of_this_machine_is_ours_while_we_listen_on_loopback(client: TestClient, host: str) -> None:
    assert client.get("/api/things/a", headers={"Host": host}).status_code == 200


def test_behind_a_public_address_only_that_name_is_ours_except_for_the_health_check() -> None:
    settings = Settings(host="0.0.0.0", public_url="https://yimen.example.cn")
    with TestClient(small_app(settings), base_url=settings.public_url) as client:
        assert client.get("/api/things/a").status_code == 200
        assert client.get("/api/things/a", headers={"Host": "localhost:8080"}).status_code == 422
        assert client.get("/api/health", headers={"Host": "10.0.0.7:8080"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://127.0.0.1:8080.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_write_from_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    response = client.post("/api/things", content=b"{}", headers=headers)

    assert (response.status_code, code_of(response)) == (403, "foreign_origin")


@pytest.mark.parametrize("headers", [{}, {"Origin": HERE}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_write_from_our_own_page_or_a_program_passes(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/api/things", content=b"{}", headers=headers).status_code == 200


def test_a_session_that_the_browser_sends_by_itself_needs_the_token_of_the_page(client: TestClient) -> None:
    client.cookies.set(SESSION_COOKIE, TOKEN)

    assert code_of(client.post("/api/things")) == "csrf"
    assert code_of(client.post("/api/things", headers={CSRF_HEADER: csrf_token("another")})) == "csrf"
    assert client.post("/api/things", headers={CSRF_HEADER: csrf_token(TOKEN)}).status_code == 200


def test_a_planted_csrf_cookie_does_not_help(client: TestClient) -> None:
    client.cookies.set(SESSION_COOKIE, TOKEN)
    client.cookies.set("yimen_csrf", "planted")

    assert code_of(client.post("/api/things", headers={CSRF_HEADER: "planted"})) == "csrf"


def test_the_csrf_token_does_not_tell_the_session() -> None:
    assert TOKEN not in csrf_token(TOKEN)
    assert csrf_token(TOKEN) != csrf_token(TOKEN + "x")


@pytest.mark.parametrize("size", [JSON_BODY_BYTES - 1, JSON_BODY_BYTES])
def test_a_body_up_to_the_bound_is_read(client: TestClient, size: int) -> None:
    assert client.post("/api/things", content=b"1" * size).json() == {"size": size}


def test_a_body_one_byte_beyond_is_refused(client: TestClient) -> None:
    response = client.post("/api/things", content=b"1" * (JSON_BODY_BYTES + 1))

    assert (response.status_code, code_of(response)) == (413, "too_large")


def test_a_body_that_hides_its_length_is_refused_when_it_passes_the_bound(client: TestClient) -> None:
    pieces = (b"1" * 1_000_000 for _ in range(JSON_BODY_BYTES // 1_000_000 + 1))

    assert code_of(client.post("/api/things", content=pieces)) == "too_large"


def test_an_upload_has_a_bound_of_its_own(client: TestClient) -> None:
    upload = {"Content-Type": "multipart/form-data; boundary=b"}

    assert client.post("/api/things", content=b"1" * (JSON_BODY_BYTES + 1), headers=upload).status_code == 200
    assert code_of(client.post("/api/things", content=b"1" * (UPLOAD_BODY_BYTES + 1), headers=upload)) == "too_large"


@pytest.mark.parametrize("length", ["x", "1" * 400, "9" * 20])
def test_a_length_that_is_none_is_refused(client: TestClient, length: str) -> None:
    assert client.post("/api/things", content=b"", headers={"Content-Length": length}).status_code == 413


@pytest.mark.parametrize("path", ["/api/things/a%00b", "/api/things/a?q=%00"])
def test_a_character_that_no_database_stores_is_refused_in_addresses(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 422


@pytest.fixture
def built(tmp_path: Path) -> Iterator[TestClient]:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>Yimen</title>")
    (static / "assets" / "index-1a2b.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("secret")
    app = small_app(Settings())
    app.mount("/", Client(static))
    with TestClient(app, base_url=HERE) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/inbox?tab=mine", "/tasks/7", "/cases/JA001-2026-00001/timeline"])
def test_each_view_is_the_one_page_asked_for_anew_each_time(built: TestClient, path: str) -> None:
    response = built.get(path)

    assert "<title>Yimen</title>" in response.text
    assert response.headers["cache-control"] == "no-cache"


def test_built_files_may_be_kept_for_ever(built: TestClient) -> None:
    response = built.get("/assets/index-1a2b.js")

    assert response.headers["content-type"].startswith("text/javascript")
    assert "immutable" in response.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/index-old.js",
        "/api/nothing",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
    ],
)
def test_what_is_no_view_and_no_file_is_not_found(built: TestClient, path: str) -> None:
    response = built.get(path)

    assert (response.status_code, code_of(response)) == (404, "unknown")


@pytest.mark.parametrize(("path", "member", "word"), [("/v2/nothing", "title", "NOT_FOUND"), ("/engine-rest/nothing", "type", "InvalidRequestException")])
def test_what_is_no_address_of_camundas_is_not_found_in_its_form(built: TestClient, path: str, member: str, word: str) -> None:
    response = built.get(path)

    assert (response.status_code, response.json()[member]) == (404, word)
