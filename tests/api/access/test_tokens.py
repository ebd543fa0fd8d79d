"""Tokens of programs: given for a secret, good for an hour, worth nothing once anything about them is another."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import tokens
from api.tokens import Claims
from casework.authority import Authority
from casework.model.people import Scope
from casework.people import programs
from casework.people.signin import FAILURES_PER_ADDRESS
from casework.seal import Seal
from engine.clock import SystemClock
from tests.api.access.house import basic

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SEAL = Seal(bytes(32))
CLAIMS = Claims("letters", ("work",), "JA")


def ask(client: TestClient, worker: tuple[str, str], **changes: str) -> Any:
    form = {
        "grant_type": "client_credentials", "client_id": worker[0], "client_secret": worker[1],
        "audience": "zeebe.camunda.io",
    }  # fmt: skip
    return client.post("/oauth/token", data={**form, **changes})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def segments(token: str) -> list[Any]:
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def test_a_program_gets_a_token_that_clients_can_read_and_calls_with_it(
    anybody: TestClient, worker: tuple[str, str]
) -> None:
    answer = ask(anybody, worker)

    assert answer.status_code == 200
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 3600)
    assert answer.headers["cache-control"] == "no-store"
    header, payload = segments(answer.json()["access_token"])
    assert header == {"alg": "HS256", "typ": "JWT"}
    assert (payload["sub"], payload["scope"], payload["region"]) == ("letters", "work read", "JA")
    assert (payload["aud"], payload["exp"] - payload["iat"]) == ("zeebe.camunda.io", 3600)
    who = anybody.get("/v2/who", headers=bearer(answer.json()["access_token"])).json()
    assert who == {"actor": None, "program": "letters", "scopes": ["read", "work"], "region": "JA", "reach": "JA"}


def test_a_program_may_ask_for_less_than_it_has(anybody: TestClient, worker: tuple[str, str]) -> None:
    token = ask(anybody, worker, scope="read").json()["access_token"]

    assert anybody.get("/v2/who", headers=bearer(token)).json()["scopes"] == ["read"]
    assert anybody.post("/v2/act/work", headers=bearer(token)).status_code == 403


def test_a_program_may_say_who_it_is_by_basic_at_both_places(anybody: TestClient, worker: tuple[str, str]) -> None:
    answer = anybody.post("/oauth/token", data={"grant_type": "client_credentials"}, headers=basic(*worker))

    assert answer.status_code == 200
    assert anybody.get("/v2/who", headers=basic(*worker)).json()["program"] == "letters"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "\0"}, 401, "invalid_client"),
        ({"client_id": "x" * 10_000}, 401, "invalid_client"),
        ({"client_secret": "\0"}, 401, "invalid_client"),
        ({"client_secret": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "deploy"}, 400, "invalid_scope"),
        ({"scope": "tasks read"}, 400, "invalid_scope"),
    ],
)
def test_what_cannot_be_granted_is_refused_as_oauth_has_it(
    anybody: TestClient, worker: tuple[str, str], changes: dict[str, str], status: int, error: str
) -> None:
    answer = ask(anybody, worker, **changes)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"error", "error_description"}


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"grant_type=client_credentials&client_id=a&client_id=b&client_secret=c", "application/x-www-form-urlencoded"),
        (b"grant_type=client_credentials&client_id=%ff&client_secret=c", "application/x-www-form-urlencoded"),
        (b'{"grant_type": "client_credentials"}', "application/json"),
        (b"&".join(b"a%d=1" % n for n in range(100)), "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_no_form_is_refused(anybody: TestClient, body: bytes, media_type: str) -> None:
    answer = anybody.post("/oauth/token", content=body, headers={"Content-Type": media_type})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_an_ended_program_is_out_at_once_with_its_tokens(
    anybody: TestClient, authority: Authority, worker: tuple[str, str]
) -> None:
    token = ask(anybody, worker).json()["access_token"]

    programs.end(authority, worker[0])

    assert anybody.get("/v2/who", headers=bearer(token)).status_code == 401
    assert anybody.get("/v2/who", headers=basic(*worker)).status_code == 401
    assert ask(anybody, worker).status_code == 401


def test_failures_count_against_the_address_and_not_the_program(anybody: TestClient, worker: tuple[str, str]) -> None:
    statuses = [ask(anybody, worker, client_secret=f"guess {n}").status_code for n in range(FAILURES_PER_ADDRESS)]

    assert set(statuses[:6]) == {401}
    locked = ask(anybody, worker)
    assert (statuses.count(401), locked.status_code) == (FAILURES_PER_ADDRESS, 429)
    assert int(locked.headers["retry-after"]) <= 61


# ---- forged and over


def test_a_token_is_good_for_an_hour() -> None:
    token = tokens.issue(SEAL, CLAIMS, issuer="here", audience="", now=NOW)

    assert tokens.read(SEAL, token, now=NOW + timedelta(minutes=59)) == CLAIMS
    assert tokens.read(SEAL, token, now=NOW + timedelta(hours=1)) is None


def encode(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def forged() -> dict[str, str]:
    header, payload, signature = tokens.issue(SEAL, CLAIMS, issuer="here", audience="", now=NOW).split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    more = encode({**said, "scope": "deploy operate"})
    none = encode({"alg": "none", "typ": "JWT"})
    spaced = encode({"typ": "JWT", "alg": "HS256"})
    other = hmac.new(b"another key", f"{header}.{payload}".encode(), hashlib.sha256).digest()
    return {
        "no algorithm": f"{none}.{payload}.",
        "no algorithm, signature kept": f"{none}.{payload}.{signature}",
        "no signature": f"{header}.{payload}.",
        "another key": f"{header}.{payload}.{encode(other)}",
        "more scopes": f"{header}.{more}.{signature}",
        "another header, well signed": f"{spaced}.{payload}."
        + encode(SEAL.sign(f"{spaced}.{payload}".encode(), purpose="bearer")),
        "cut": f"{header}.{payload}.{signature[:-2]}",
        "a part too many": f"{header}.{payload}.{signature}.x",
        "no parts": "x",
        "nothing": "",
        "no ascii": f"{header}.{payload}.{signature}é",
        "very long": f"{header}.{'A' * 100_000}.{signature}",
    }


@pytest.mark.parametrize("what", list(forged()))
def test_a_forged_token_says_nothing(what: str) -> None:
    assert tokens.read(SEAL, forged()[what], now=NOW) is None


def test_the_key_of_another_installation_signs_nothing_here(anybody: TestClient, worker: tuple[str, str]) -> None:
    theirs = tokens.issue(Seal(b"\1" * 32), CLAIMS, issuer="here", audience="", now=SystemClock().now())

    assert anybody.get("/v2/who", headers=bearer(theirs)).status_code == 401


def test_a_token_for_another_region_than_the_programs_is_not_taken(
    anybody: TestClient, authority: Authority, worker: tuple[str, str]
) -> None:
    moved = Claims(worker[0], ("work",), "JB")
    token = tokens.issue(authority.house.seal, moved, issuer="here", audience="", now=SystemClock().now())

    assert anybody.get("/v2/who", headers=bearer(token)).status_code == 401


def test_a_token_never_carries_more_than_its_program_has_now(
    anybody: TestClient, authority: Authority, worker: tuple[str, str]
) -> None:
    greedy = Claims(worker[0], tuple(Scope), "JA")
    token = tokens.issue(authority.house.seal, greedy, issuer="here", audience="", now=SystemClock().now())

    assert anybody.get("/v2/who", headers=bearer(token)).json()["scopes"] == ["read", "work"]
