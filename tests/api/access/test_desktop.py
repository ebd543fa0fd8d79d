"""The page of a desktop program may call the doors that Camunda Modeler's page calls, and no page of the web may."""

import pytest
from starlette.testclient import TestClient

MODELER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 camunda-modeler/5.50.1 Chrome/140.0 Electron/38.1 Safari/537.36"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
ASKING = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


@pytest.mark.parametrize("origin", ["file://", "null"])
def test_the_modeler_asks_first_and_may(anybody: TestClient, origin: str) -> None:
    headers = {"Origin": origin, "User-Agent": MODELER, **ASKING}
    answer = anybody.options("/engine-rest/deployment/create", headers=headers)

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == origin
    assert {"GET", "POST"} <= set(answer.headers["access-control-allow-methods"].split(", "))
    assert {"authorization", "content-type", "accept"} <= set(answer.headers["access-control-allow-headers"].split(", "))
    assert "access-control-allow-credentials" not in answer.headers
    assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize("path", ["/engine-rest/who", "/.well-known/anything"])
def test_the_modelers_page_may_read_the_answer_a_refusal_included(anybody: TestClient, path: str) -> None:
    answer = anybody.get(path, headers={"Origin": "file://", "User-Agent": MODELER})

    assert answer.status_code in {401, 404}
    assert answer.headers["access-control-allow-origin"] == "file://"


def test_the_modeler_may_write_in_an_open_demonstration(open_house: TestClient) -> None:
    headers = {"Origin": "file://", "User-Agent": MODELER, "Sec-Fetch-Site": "cross-site"}

    assert open_house.post("/engine-rest/who", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("path", "origin", "agent"),
    [
        ("/engine-rest/who", "https://evil.example", MODELER),
        ("/engine-rest/who", "null", BROWSER),  # a sandboxed frame of any page
        ("/engine-rest/who", "http://127.0.0.1:9999", BROWSER),
        ("/v2/who", "https://evil.example", BROWSER),
        ("/v2/who", "null", MODELER),
        ("/v2/who", "file://", MODELER),
    ],
)
def test_a_page_of_the_web_may_not_write_even_where_no_credentials_are_asked(
    open_house: TestClient, path: str, origin: str, agent: str
) -> None:
    answer = open_house.post(path, headers={"Origin": origin, "User-Agent": agent})

    assert (answer.status_code, "another site" in answer.text) == (403, True)
    assert "access-control-allow-origin" not in answer.headers


def test_a_page_of_the_web_may_not_read_either(open_house: TestClient) -> None:
    answer = open_house.get("/engine-rest/who", headers={"Origin": "null", "User-Agent": BROWSER})

    assert "access-control-allow-origin" not in answer.headers


def test_programs_need_no_token_of_a_page(open_house: TestClient) -> None:
    cookies = {"Cookie": "yimen_session=somebody"}

    assert open_house.post("/v2/who", headers=cookies).status_code == 200
    assert open_house.post("/api/demo/session", json={}, headers=cookies).status_code == 422
    assert open_house.post("/api/cases", json={}, headers=cookies).status_code == 403


def test_our_own_pages_origin_is_no_stranger(open_house: TestClient) -> None:
    assert open_house.post("/v2/who", headers={"Origin": "http://127.0.0.1:8080"}).status_code == 200
