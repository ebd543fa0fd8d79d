"""Who calls at the Camunda doors: people by password, programs by secret or token, nobody by cookie."""

import base64
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.guard import SESSION_COOKIE
from api.settings import CamundaAccess, Settings, SettingsError
from casework import administration, audit
from casework.audit import Entry
from casework.authority import Authority
from casework.model.people import Scope
from casework.people import signin
from tests.api.access.house import asked, basic, with_addresses
from tests.api.people import PASSWORD

OFFICER = "ja-01-handler"
ADMINISTRATOR = "admin"


def test_without_credentials_nobody_gets_past_the_door(anybody: TestClient) -> None:
    answer = anybody.get("/v2/who")

    assert answer.status_code == 401
    assert "Basic" in answer.headers["www-authenticate"]
    assert "Bearer" in answer.headers["www-authenticate"]


def test_a_session_cookie_is_not_looked_at(guarded: FastAPI, anybody: TestClient, authority: Authority) -> None:
    session = signin.sign_in(authority, OFFICER, PASSWORD, "here")

    assert anybody.get("/v2/who", headers={"Cookie": f"{SESSION_COOKIE}={session.token}"}).status_code == 401


def test_an_officer_may_start_do_tasks_and_look_in_her_district(anybody: TestClient) -> None:
    answer = anybody.get("/v2/who", headers=basic(OFFICER, PASSWORD))

    assert answer.json() == {
        "actor": OFFICER, "program": None, "scopes": ["read", "start", "tasks"], "region": "JA", "reach": "JA",
    }  # fmt: skip


def test_an_administrator_may_all_but_the_tasks_everywhere(anybody: TestClient) -> None:
    answer = anybody.get("/v2/who", headers=basic(ADMINISTRATOR, PASSWORD))

    assert answer.json() == {
        "actor": ADMINISTRATOR, "program": None, "scopes": ["deploy", "operate", "read", "start", "work"],
        "region": "JA", "reach": "*",
    }  # fmt: skip


@pytest.mark.parametrize(
    "credentials",
    [
        basic(OFFICER, "wrong"),
        basic("nobody", PASSWORD),
        {"Authorization": "Basic"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic " + base64.b64encode(b"no colon").decode()},
        {"Authorization": "Basic " + base64.b64encode(b"\xff:\xfe").decode()},
        {"Authorization": "Basic " + base64.b64encode(b"ja-01-handler\0:x").decode()},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer a.b.c"},
        {"Authorization": "Digest username=x"},
    ],
)
@pytest.mark.parametrize("house", ["anybody", "open_house"])
def test_wrong_credentials_are_401_in_a_demonstration_too(
    house: str, credentials: dict[str, str], request: pytest.FixtureRequest
) -> None:
    client: TestClient = request.getfixturevalue(house)

    assert client.get("/v2/who", headers=credentials).status_code == 401


def test_many_wrong_passwords_lock_the_account_at_this_door_and_at_the_sign_in_page(
    anybody: TestClient, authority: Authority
) -> None:
    statuses = [anybody.get("/v2/who", headers=basic(OFFICER, f"guess {n}")).status_code for n in range(6)]

    assert statuses == [401] * 5 + [429]
    locked = anybody.get("/v2/who", headers=basic(OFFICER, PASSWORD))
    assert (locked.status_code, int(locked.headers["retry-after"]) > 60) == (429, True)
    assert anybody.post("/api/session", json={"login": OFFICER, "password": PASSWORD}).status_code == 429


def test_the_same_wrong_password_again_and_again_locks_nobody_out(anybody: TestClient) -> None:
    statuses = {anybody.get("/v2/who", headers=basic(OFFICER, "set up wrongly")).status_code for _ in range(8)}

    assert statuses == {401}
    assert anybody.get("/v2/who", headers=basic(OFFICER, PASSWORD)).status_code == 200


def test_a_changed_password_counts_at_once(anybody: TestClient, authority: Authority) -> None:
    other = "another password 四五六"
    assert anybody.get("/v2/who", headers=basic(OFFICER, PASSWORD)).status_code == 200
    assert anybody.get("/v2/who", headers=basic(OFFICER, other)).status_code == 401
    actor = signin.prove(authority, OFFICER, PASSWORD, "here").actor

    signin.change_password(authority, actor, PASSWORD, other)

    assert anybody.get("/v2/who", headers=basic(OFFICER, PASSWORD)).status_code == 401
    assert anybody.get("/v2/who", headers=basic(OFFICER, other)).status_code == 200


def test_a_disabled_person_is_out_at_once(anybody: TestClient, authority: Authority) -> None:
    assert anybody.get("/v2/who", headers=basic(OFFICER, PASSWORD)).status_code == 200
    admin = signin.prove(authority, ADMINISTRATOR, PASSWORD, "here").actor
    officer = signin.prove(authority, OFFICER, PASSWORD, "here").actor

    with authority.act(admin, region="JA") as act:
        administration.disable_staff(act, officer.staff_id)

    assert anybody.get("/v2/who", headers=basic(OFFICER, PASSWORD)).status_code == 401


def test_a_right_password_is_remembered_so_that_guesses_of_others_stop_no_worker(anybody: TestClient) -> None:
    assert anybody.get("/v2/who", headers=basic(OFFICER, PASSWORD)).status_code == 200
    for n in range(6):
        anybody.get("/v2/who", headers=basic(OFFICER, f"guess {n}"))

    assert anybody.post("/api/session", json={"login": OFFICER, "password": PASSWORD}).status_code == 429
    assert anybody.get("/v2/who", headers=basic(OFFICER, PASSWORD)).status_code == 200


def test_in_a_demonstration_nobody_needs_credentials(open_house: TestClient) -> None:
    answer = open_house.get("/v2/who").json()

    assert (answer["actor"], answer["program"], answer["region"], answer["reach"]) == (None, "demo", "JA", "*")
    assert answer["scopes"] == sorted(Scope)


def test_an_empty_credential_as_camundas_node_client_sends_it_is_none(open_house: TestClient, anybody: TestClient) -> None:
    empty = {"Authorization": ""}

    assert open_house.get("/v2/who", headers=empty).json()["program"] == "demo"
    assert anybody.get("/v2/who", headers=empty).status_code == 401


def test_outside_of_a_demonstration_the_door_cannot_be_left_open(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="YIMEN_CAMUNDA_ACCESS"):
        asked(settings, demo=False, camunda_access=CamundaAccess.NONE)
    with pytest.raises(SettingsError, match="YIMEN_CAMUNDA_ACCESS"):
        asked(settings, host="0.0.0.0", camunda_access=CamundaAccess.NONE)
    assert asked(settings, demo=False).asks_credentials
    assert not asked(settings).asks_credentials


# ---- scopes


@pytest.mark.parametrize("scope", [Scope.DEPLOY, Scope.OPERATE, Scope.WORK])
def test_a_scope_that_is_missing_is_403_and_named(anybody: TestClient, scope: Scope) -> None:
    answer = anybody.post(f"/v2/act/{scope}", headers=basic(OFFICER, PASSWORD))

    assert answer.status_code == 403
    assert scope in answer.text


def test_a_program_may_never_do_human_tasks(anybody: TestClient, worker: tuple[str, str]) -> None:
    answer = anybody.post("/v2/act/tasks", headers=basic(*worker))

    assert answer.status_code == 403
    assert "people" in answer.text


def test_in_a_demonstration_a_task_is_done_as_the_person_who_holds_it(open_house: TestClient) -> None:
    assert open_house.post("/v2/act/tasks").status_code == 403
    assert open_house.post("/v2/act/tasks", params={"person": "no-such-person"}).status_code == 403
    assert open_house.post("/v2/act/tasks", params={"person": "jb-01-survey"}).status_code == 403

    answer = open_house.post("/v2/act/tasks", params={"person": OFFICER})
    assert answer.json() == {"region": "JA", "by": OFFICER}


def test_who_the_holder_is_said_to_be_counts_for_nothing_where_people_say_who_they_are(anybody: TestClient) -> None:
    answer = anybody.post("/v2/act/tasks", params={"person": "ja-01-survey"}, headers=basic(OFFICER, PASSWORD))

    assert answer.json()["by"] == OFFICER


# ---- regions


def test_tenants_are_regions_within_reach(anybody: TestClient, worker: tuple[str, str]) -> None:
    def asks(tenant: str, credentials: dict[str, str]) -> Any:
        answer = anybody.get("/v2/open/read", params={"tenant": tenant}, headers=credentials)
        return (answer.json()["region"], answer.json()["tenant"]) if answer.status_code == 200 else answer.status_code

    officer, program, administrator = basic(OFFICER, PASSWORD), basic(*worker), basic(ADMINISTRATOR, PASSWORD)
    assert [asks(tenant, officer) for tenant in ("<default>", "JA", "JB", "XX")] == [("JA", "<default>")] * 2 + [404, 404]
    assert [asks(tenant, program) for tenant in ("<default>", "JA", "JB", "*")] == [("JA", "<default>")] * 2 + [404, 404]
    assert [asks(tenant, administrator) for tenant in ("<default>", "JB", "XX", "*")] == [
        ("JA", "<default>"), ("JB", "JB"), 404, 404,
    ]  # fmt: skip


def test_the_default_region_can_be_chosen_and_must_be_where_there_are_several(settings: Settings) -> None:
    chosen = TestClient(with_addresses(asked(settings, default_region="JB")), base_url="http://127.0.0.1:8080")
    assert chosen.get("/v2/open/read", params={"tenant": "<default>"}).json()["region"] == "JB"

    several = TestClient(with_addresses(asked(settings, demo=False)), base_url="http://127.0.0.1:8080")
    answer = several.get("/v2/open/read", params={"tenant": "<default>"}, headers=basic(ADMINISTRATOR, PASSWORD))
    assert (answer.status_code, "YIMEN_DEFAULT_REGION" in answer.text) == (400, True)


def test_a_deployment_is_an_act_of_the_installation(anybody: TestClient) -> None:
    assert anybody.post("/v2/act/deploy", headers=basic(ADMINISTRATOR, PASSWORD)).json()["region"] == "*"


def test_what_a_program_does_is_recorded_under_its_name(
    anybody: TestClient, authority: Authority, worker: tuple[str, str]
) -> None:
    assert anybody.post("/v2/act/work", headers=basic(*worker)).json() == {"region": "JA", "by": "client:letters"}

    entry = newest(authority, "JA")
    assert (entry.actor, entry.actor_id, entry.capacity, entry.verb) == ("client:letters", None, "program", "tried")


def newest(authority: Authority, region: str) -> Entry:
    with authority.database.read() as connection:
        return audit.entries(connection, region, limit=1, newest_first=True)[0]
