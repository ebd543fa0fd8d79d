"""Signing in and out: cookies, lock-out, what a stolen or old cookie is worth, and what exists in a demonstration only."""

from dataclasses import replace

import pytest
from fastapi import FastAPI

from api.guard import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE
from api.main import create_app
from api.settings import Settings
from tests.api.people import PASSWORD, Person, Signing


def credentials(login: str, password: str = PASSWORD) -> dict[str, str]:
    return {"login": login, "password": password}


@pytest.fixture
def login(nobody: Person) -> str:
    people = nobody.get("/api/demo/people").json()
    return str(next(person["login"] for person in people if person["posts"]))


def test_signing_in_gives_a_cookie_that_no_script_reads_and_one_that_pages_echo(nobody: Person, login: str) -> None:
    answer = nobody.post("/api/session", json=credentials(login))

    cookies = {line.split("=")[0]: line for line in answer.headers.get_list("set-cookie")}
    assert answer.json()["me"]["staff"]["login"] == login
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookies[SESSION_COOKIE].split("; "))
    assert "HttpOnly" not in cookies[CSRF_COOKIE]
    assert "SameSite=strict" in cookies[CSRF_COOKIE]


def test_behind_https_both_cookies_are_secure(app: FastAPI, settings: Settings, login: str) -> None:
    public = replace(settings, public_url="https://yimen.example.cn")
    with Person(create_app(public), base_url=public.public_url) as person:
        answer = person.post("/api/session", json=credentials(login))

    assert [("Secure" in line) for line in answer.headers.get_list("set-cookie")] == [True, True]


def test_each_sign_in_has_a_token_of_its_own(nobody: Person, login: str) -> None:
    tokens = set()
    for _ in range(2):
        nobody.post("/api/session", json=credentials(login))
        tokens.add(nobody.cookies[SESSION_COOKIE])

    assert len(tokens) == 2


def test_a_token_that_was_planted_before_is_not_the_one_of_the_session(nobody: Person, login: str) -> None:
    nobody.cookies.set(SESSION_COOKIE, "planted", domain="127.0.0.1", path="/")

    nobody.post("/api/session", json=credentials(login))

    assert "planted" not in [cookie.value for cookie in nobody.cookies.jar if cookie.name == SESSION_COOKIE]


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(nobody: Person, login: str, known: bool) -> None:
    answer = nobody.post("/api/session", json=credentials(login if known else "nobody-of-that-name", "wrong password"))

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"
    assert SESSION_COOKIE not in nobody.cookies


@pytest.mark.parametrize("known", [True, False])
def test_the_sixth_failure_locks_the_login_out_whether_it_exists_or_not(
    nobody: Person, login: str, known: bool
) -> None:
    name = login if known else "nobody-of-that-name"

    statuses = [nobody.post("/api/session", json=credentials(name, "wrong")).status_code for _ in range(6)]
    late = nobody.post("/api/session", json=credentials(name))

    assert statuses == [401] * 5 + [429]
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0


def test_after_signing_out_a_copy_of_the_cookie_is_worth_nothing(nobody: Person, login: str) -> None:
    nobody.post("/api/session", json=credentials(login))
    stolen = nobody.cookies[SESSION_COOKIE]

    assert nobody.delete("/api/session").status_code == 204
    assert SESSION_COOKIE not in nobody.cookies

    nobody.cookies.set(SESSION_COOKIE, stolen)
    assert nobody.get("/api/me").status_code == 401


def test_who_am_i_tells_posts_offices_and_the_moment_of_the_server(sign_in: Signing, login: str) -> None:
    me = sign_in(login).get("/api/me").json()

    assert (me["staff"]["login"], me["demo"], me["clockMode"]) == (login, True, "manual")
    assert me["now"] == "2026-02-14T12:00:00Z"
    assert me["posts"][0].keys() == {"post", "postName", "postNameEn", "office", "officeName", "tier"}


def test_asking_who_i_am_gives_the_page_its_token_again(sign_in: Signing, login: str) -> None:
    person = sign_in(login)
    del person.cookies[CSRF_COOKIE]

    person.get("/api/me")

    assert CSRF_COOKIE in person.cookies


def test_without_the_token_of_the_page_a_session_changes_nothing(sign_in: Signing, login: str) -> None:
    answer = sign_in(login).delete("/api/session", headers={CSRF_HEADER: "guessed"})

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_nobody_gets_in_without_a_session_and_without_a_look_at_what_was_sent(nobody: Person) -> None:
    answer = nobody.post("/api/cases", content=b"{not json", headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_new_password_ends_the_sessions_elsewhere(sign_in: Signing, login: str) -> None:
    here, elsewhere = sign_in(login), sign_in(login)
    change = {"old": PASSWORD, "new": "a much better one 七"}

    assert here.put("/api/session/password", json=change).status_code == 204

    assert here.get("/api/me").status_code == 200
    assert elsewhere.get("/api/me").status_code == 401


@pytest.mark.parametrize("change", [{"demo": False}, {"host": "0.0.0.0"}])
def test_outside_a_demonstration_on_this_machine_nothing_of_it_exists(
    app: FastAPI, settings: Settings, login: str, change: dict[str, object]
) -> None:
    elsewhere = replace(settings, **change)  # type: ignore[arg-type]
    with Person(create_app(elsewhere), base_url=elsewhere.public_url) as person:
        assert person.get("/api/demo/people").status_code == 404
        assert person.post("/api/demo/session", json={"login": login}).status_code == 404


def test_only_synthetic_people_sign_in_without_a_password(nobody: Person) -> None:
    assert nobody.post("/api/demo/session", json={"login": "somebody-real"}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"login": "a"},
        {"login": "a", "password": "b", "isAdministrator": True},
        {"login": 1, "password": "b"},
        {"login": "a" * 61, "password": "b"},
        {"login": "a", "password": "b" * 201},
        [],
        None,
    ],
)
def test_a_body_of_another_form_is_refused_field_by_field(nobody: Person, body: object) -> None:
    answer = nobody.post("/api/session", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["fields"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_json_under_another_name_is_refused(nobody: Person, login: str, media_type: str) -> None:
    body = b'{"login": "%s", "password": "x"}' % login.encode()

    answer = nobody.post("/api/session", content=body, headers={"Content-Type": media_type})

    assert (answer.status_code, answer.json()["code"]) == (415, "media_type")


def test_a_json_body_that_stands_twice_is_refused_in_our_words(nobody: Person) -> None:
    body = b'{"login": "a", "login": "b", "password": "c"}'

    answer = nobody.post("/api/session", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "login" in answer.json()["detail"]
