"""What nobody should send: each operation with each hostile address, query and body answers with a refusal, never with a failure."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI

from api.main import create_app
from api.routes import ROUTERS
from tests.api.people import Person, settings_for, signed_in


def _described() -> dict[str, list[str]]:
    """Each operation of OpenAPI with the names of its query parameters."""
    app = FastAPI()
    for router in ROUTERS:
        app.include_router(router)
    return {
        f"{method.upper()} {path}": [each["name"] for each in described.get("parameters", []) if each["in"] == "query"]
        for path, methods in app.openapi()["paths"].items()
        for method, described in methods.items()
    }


QUERIES = _described()
OPERATIONS = sorted(QUERIES)
#: These end the session or the test itself.
CHANGING = [operation for operation in OPERATIONS if not operation.startswith("GET ") and "session" not in operation]
READING = [operation for operation in OPERATIONS if operation.startswith("GET ") and QUERIES[operation]]

IDS = [
    "0", "-1", "1.5", "1e3", "9223372036854775807", "9223372036854775808", "9" * 400, "NaN", "null", "' OR 1=1 --",
    "../../etc/passwd", "..%2f..", "%00", "%ff", ";x", "𠮷", "\u202e", "${7*7}", "=1+1", "{{7*7}}", " ",
]  # fmt: skip
TEXTS = [
    "%",
    "_",
    "'; drop table staff; --",
    "\\",
    "*",
    "{",
    "[",
    "𠮷" * 50,
    "\x1b[2J",
    "\r\nSet-Cookie: a=b",
    "a" * 101,
    "=now()",
]
NUMBERS = [
    "-1",
    "0",
    "9223372036854775807",
    "9223372036854775808",
    "0.0.9999999999999999999",
    "1.9999999999999999999",
    "x",
    "",
]
BODIES: list[Any] = [
    None, [], "text", 0, {}, {"data": None}, {"data": []}, {"data": {"a": {"b": [1, {"c": None}]}}}, {"__proto__": {"data": 1}},
    {"data": {"": "", "=now()": "=now()", "${7*7}": "${7*7}"}}, {"receiver": "9223372036854775808", "ground": ""},
    {"receiver": -1, "ground": "x" * 2001}, {"receiver": "1", "ground": "\x1b[2J\r\n"}, {"timestamp": 10**30},
    {"processId": "'; drop table staff; --"}, {"processId": "temporary-aid-urgent", "data": {"name": {"x": 1}, "foundAt": [1]}},
    {"processId": "temporary-aid-urgent", "data": {"name": "a" * 100_000}}, {"caseNo": "x", "type": "spouse", "ground": ""},
    {"region": "*", "code": "x", "name": "x", "kind": "district"}, {"region": "JA", "staffId": 10**18, "post": "x", "office": "x"},
]  # fmt: skip


@pytest.fixture(scope="module")
def doors(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Person]]:
    """An administrator and an officer at one installation, which may look as it likes after all this."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(installed, folder)
    app = create_app(settings_for(f"sqlite:///{folder / 'yimen.sqlite'}", folder), static=folder / "no-client")
    with ExitStack() as browsers, Person(app, base_url=app.state.settings.public_url):
        yield [signed_in(app, browsers, login) for login in ("admin", "ja-01-handler")]


def address(path: str, value: str) -> str:
    for name in ("task_id", "case_no", "process_id", "name", "document_id", "letter_no", "household_id", "code", "clock_id",
                 "relation_id", "definition_id", "incident_id", "staff_id"):  # fmt: skip
        path = path.replace("{" + name + "}", value)
    return path


@pytest.mark.parametrize("operation", [operation for operation in OPERATIONS if "{" in operation])
def test_hostile_addresses_are_refused(doors: list[Person], operation: str) -> None:
    method, _, path = operation.partition(" ")

    statuses = {
        value: person.request(method, address(path, value if "%" in value else quote(value, safe=""))).status_code
        for value in IDS
        for person in doors
    }

    assert {value: status for value, status in statuses.items() if not 400 <= status < 500} == {}


@pytest.mark.parametrize("operation", READING)
def test_hostile_queries_find_nothing_or_are_refused(doors: list[Person], operation: str) -> None:
    path = address(operation.partition(" ")[2], "1")
    queries = [(name, value) for name in QUERIES[operation] for value in (*TEXTS, *NUMBERS)]

    statuses = {
        (name, value): person.get(path, params={name: value}).status_code for name, value in queries for person in doors
    }

    assert {asked: status for asked, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("operation", CHANGING)
def test_hostile_bodies_are_refused_or_change_what_they_say(doors: list[Person], operation: str) -> None:
    method, _, path = operation.partition(" ")

    statuses = {
        str(body)[:60]: person.request(method, address(path, "1"), json=body).status_code
        for body in BODIES
        for person in doors
    }

    assert {body: status for body, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize(
    "raw", [b"{", b"[" * 70, b'{"a":1,"a":2}', b'{"data":NaN}', b'{"data":"\\u0000"}', b"\xff", b'{"data":1e999999}']
)
def test_json_that_cannot_be_meant_is_refused_at_every_operation(doors: list[Person], raw: bytes) -> None:
    takes_json = [
        operation for operation in CHANGING if operation not in {"POST /api/documents", "POST /api/deployments"}
    ]

    answers = {
        operation: doors[0].request(
            operation.partition(" ")[0],
            address(operation.partition(" ")[2], "1"),
            content=raw,
            headers={"Content-Type": "application/json"},
        )
        for operation in takes_json
    }

    refused = {operation: answer.status_code for operation, answer in answers.items() if answer.status_code >= 500}
    assert refused == {}
    assert answers["POST /api/cases"].status_code in {413, 422}


@pytest.mark.parametrize(
    "path",
    [
        "/api//me",
        "/api/./me",
        "/api/tasks/../me",
        "/API/me",
        "/api/me/",
        "/api/me;x",
        "/api/%6de",
        "//api/me",
        "/api/me%2f",
    ],
)
def test_no_spelling_of_an_address_goes_round_the_sign_in(nobody: Person, path: str) -> None:
    assert nobody.get(path).status_code in {307, 401, 404, 422}
