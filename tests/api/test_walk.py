"""An urgent case over HTTP, from report to grant, and what each door says on the way; on both databases."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from api.main import create_app
from api.settings import ClockMode, Settings
from engine.clock import SystemClock
from tests.api.people import PASSWORD, Person, open_app, set_clock, settings_for, signed_in
from tests.api.samples import JPEG, REPORT, check_form

GRID, SURVEY, OTHER_SURVEY, DEPUTY = "ja-01-01-grid", "ja-01-survey", "ja-01-handler2", "ja-01-deputy"
ELSEWHERE = "jb-01-survey"


class Office:
    """An installation with a case that was just reported."""

    def __init__(self, app: FastAPI, browsers: ExitStack) -> None:
        self._app = app
        self._browsers = browsers
        self._people: dict[str, Person] = {}
        self.case_no = ""

    def __call__(self, login: str) -> Person:
        if login not in self._people:
            self._people[login] = signed_in(self._app, self._browsers, login)
        return self._people[login]

    def report(self, **more: Any) -> Any:
        return self(GRID).post("/api/cases", json={"processId": "temporary-aid-urgent", "data": {**REPORT, **more}})

    def task(self, login: str, element: str) -> dict[str, Any]:
        """The open task of an element that a person has or may claim."""
        rows = [row for tab in ("mine", "claimable") for row in self(login).get(f"/api/tasks?tab={tab}").json()["rows"]]
        return next(row for row in rows if row["element"] == element)


@contextmanager
def opened_office(app: FastAPI) -> Iterator[Office]:
    with ExitStack() as browsers, Person(app, base_url=app.state.settings.public_url):
        office = Office(app, browsers)
        answer = office.report()
        assert answer.status_code == 201, answer.text
        office.case_no = answer.json()["caseNo"]
        yield office


@pytest.fixture
def office(app: FastAPI) -> Iterator[Office]:
    with opened_office(app) as office:
        yield office


def test_an_urgent_case_goes_from_report_to_approval_on_either_database(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with opened_office(open_app(settings_for(database_url, folder))) as office:
        survey, task = office(SURVEY), office.task(SURVEY, "P04-S03")
        assert survey.post(f"/api/tasks/{task['id']}/claim", json={}).status_code == 204
        photo = survey.post(
            "/api/documents", files={"file": ("现场.jpg", JPEG, "image/jpeg")}, data={"caseNo": office.case_no}
        ).json()
        second = next(
            each["id"] for each in survey.get("/api/colleagues").json() if "承办人" in each["postName"].split("、")
        )

        done = survey.post(
            f"/api/tasks/{task['id']}/complete", json={"data": {**check_form(photo["id"]), "secondOfficer": second}}
        )

        assert done.status_code == 200, done.text
        assert done.json() == {"closed": True, "caseNo": office.case_no, "next": []}
        assert office.task(DEPUTY, "P04-S10")["caseNo"] == office.case_no
        case = survey.get(f"/api/cases/{office.case_no}").json()
        assert [person["name"] for person in case["persons"]] == ["甲某一"]
        assert [document["name"] for document in case["documents"]] == ["现场.jpg"]
        assert [clock["code"] for clock in case["clocks"]] == ["urgentAid"]
        told = [entry["verb"] for entry in survey.get(f"/api/cases/{office.case_no}/timeline").json()]
        assert {"start", "claim", "complete", "start-clock", "ledger-open"} <= set(told)
        (path,) = survey.get(f"/api/cases/{office.case_no}/path").json()
        assert ("P04-S03" in path["passed"], path["current"]) == (True, ["P04-S10"])
        assert path["xml"].lstrip().startswith("<?xml")


def test_colleagues_are_found_by_spelling_and_are_first_those_of_the_own_township(office: Office) -> None:
    survey = office(SURVEY)
    me = survey.get("/api/me").json()["staff"]

    near = survey.get("/api/colleagues").json()
    found = survey.get("/api/colleagues?q=ja-02-w").json()

    assert {each["officeName"] for each in near} == {"甲一镇", "甲一村", "甲二社区"}
    assert me["id"] not in [each["id"] for each in near]
    assert [each["postName"].split("、")[0] for each in found] == ["窗口受理员"]
    assert office(ELSEWHERE).get("/api/colleagues?q=ja-").json() == []


def test_the_row_of_a_task_says_what_is_left_of_its_clock(office: Office) -> None:
    row = office.task(SURVEY, "P04-S03")

    assert (row["caseNo"], row["person"], row["officeName"], row["urgent"]) == (
        office.case_no,
        "甲某一",
        "甲一镇",
        True,
    )
    assert row["dueAt"] == "2026-02-15T11:50:00Z"
    assert row["due"] == {"kind": "hours", "left": 23, "state": "green", "provisional": False}


def test_a_repeated_start_with_its_key_opens_one_case(office: Office) -> None:
    grid, body = office(GRID), {"processId": "temporary-aid-urgent", "data": {**REPORT, "name": "甲某二"}}

    answers = [grid.post("/api/cases", json=body, headers={"Idempotency-Key": "once"}).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(grid.get("/api/cases").json()["rows"]) == 2


def test_a_key_that_comes_with_another_report_is_refused(office: Office) -> None:
    grid, key = office(GRID), {"Idempotency-Key": "once"}
    grid.post("/api/cases", json={"processId": "temporary-aid-urgent", "data": REPORT}, headers=key)

    answer = grid.post(
        "/api/cases", json={"processId": "temporary-aid-urgent", "data": {**REPORT, "name": "甲某三"}}, headers=key
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


@pytest.mark.parametrize("key", ["", "a b", "é", "k" * 201])
def test_a_key_that_cannot_be_one_is_refused(office: Office, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}

    answer = office(GRID).post("/api/cases", json={"processId": "temporary-aid-urgent"}, headers=headers)

    assert answer.status_code == 422


def test_a_report_with_faults_names_each_field_and_opens_nothing(office: Office) -> None:
    answer = office.report(name="", foundAt="2026-02-14T21:00:00+08:00")

    assert (answer.status_code, answer.json()["code"], answer.json()["saved"]) == (422, "invalid", False)
    assert {field["path"] for field in answer.json()["fields"]} == {"name", "foundAt"}
    assert all(field["message"] and field["messageEn"] for field in answer.json()["fields"])
    assert len(office(GRID).get("/api/cases").json()["rows"]) == 1


def test_of_two_who_claim_the_second_is_told_who_was_first(office: Office) -> None:
    task = office.task(SURVEY, "P04-S03")["id"]
    office(SURVEY).post(f"/api/tasks/{task}/claim", json={})

    answer = office(OTHER_SURVEY).post(f"/api/tasks/{task}/claim", json={})

    assert (answer.status_code, answer.json()["code"]) == (409, "overtaken")
    assert answer.json()["who"] == office(SURVEY).get("/api/me").json()["staff"]["name"]
    assert answer.json()["at"] == "2026-02-14T12:00:00Z"


def test_a_task_of_another_office_is_as_unknown_as_none_at_all(office: Office) -> None:
    task = office.task(SURVEY, "P04-S03")["id"]

    theirs, none = (office(ELSEWHERE).get(f"/api/tasks/{number}") for number in (task, 1))

    assert theirs.status_code == none.status_code == 404
    assert theirs.json() == none.json()


def test_a_case_of_another_office_is_as_unknown_as_none_at_all(office: Office) -> None:
    theirs, none = (office(ELSEWHERE).get(f"/api/cases/{number}") for number in (office.case_no, "JA-01-2026-09999"))

    assert theirs.status_code == none.status_code == 404
    assert theirs.json() == none.json()


def test_a_relative_neither_sees_nor_touches_the_case_from_the_moment_it_is_declared(office: Office) -> None:
    survey, task = office(SURVEY), office.task(SURVEY, "P04-S03")["id"]
    declared = survey.post(
        "/api/relations", json={"caseNo": office.case_no, "type": "spouse", "nature": "inLaw", "ground": "其配偶之弟"}
    )
    assert declared.status_code == 201, declared.text

    answers = [
        survey.post(f"/api/tasks/{task}/claim", json={}),
        survey.get(f"/api/tasks/{task}"),
        survey.get(f"/api/cases/{office.case_no}"),
        survey.get(f"/api/cases/{office.case_no}/timeline"),
    ]

    assert [(answer.status_code, answer.json()["ground"]) for answer in answers] == [(403, "relation")] * 4
    assert answers[0].json()["clause"] == "LZ-C10"
    assert survey.get("/api/tasks?tab=claimable").json()["rows"] == []
    assert survey.get("/api/cases").json()["rows"] == []


def test_typing_is_kept_and_given_back_exactly(office: Office) -> None:
    survey, task = office(SURVEY), office.task(SURVEY, "P04-S03")["id"]
    survey.post(f"/api/tasks/{task}/claim", json={})

    kept = survey.put(
        f"/api/tasks/{task}/draft",
        content='{"data": {"amount": 862.10, "situation": "𠮷某"}}'.encode(),
        headers={"Content-Type": "application/json"},
    )

    assert kept.json() == {"savedAt": "2026-02-14T12:00:00Z"}
    assert '"amount":862.10' in survey.get(f"/api/tasks/{task}").text
    assert survey.get(f"/api/tasks/{task}").json()["draft"]["data"]["situation"] == "𠮷某"


def test_a_form_sets_nothing_that_it_does_not_show(office: Office) -> None:
    answer = office.report(name="甲某四", amount=99999, caseNo="JA-01-2026-00001", __proto__={"x": 1}, assignee="me")

    assert answer.status_code == 201
    labels = [field["label"] for field in office(GRID).get(f"/api/cases/{answer.json()['caseNo']}").json()["fields"]]
    assert labels == ["求助人", "地点", "事由", "发现时间", "发现人", "求助方式"]
    assert answer.json()["caseNo"] != office.case_no


def test_what_was_uploaded_is_saved_and_never_shown_in_our_name(office: Office) -> None:
    survey = office(SURVEY)
    document = survey.post("/api/documents", files={"file": ("现场 <1>.jpg", JPEG, "image/jpeg")}).json()

    answer = survey.get(f"/api/documents/{document['id']}")

    assert answer.content == JPEG
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert office(OTHER_SURVEY).get(f"/api/documents/{document['id']}").status_code == 404


@pytest.mark.parametrize(
    ("name", "media_type", "content"),
    [
        ("a.html", "text/html", b"<script>alert(1)</script>"),
        ("a.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("a.jpg", "image/jpeg", b"<script>alert(1)</script>"),
    ],
)
def test_a_file_that_could_run_or_is_not_what_it_says_is_refused(
    office: Office, name: str, media_type: str, content: bytes
) -> None:
    answer = office(SURVEY).post("/api/documents", files={"file": (name, content, media_type)})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_whatever_is_due_on_the_way_has_happened_when_the_clock_is_moved(office: Office) -> None:
    moved = office(GRID).put("/v2/clock", json={"timestamp": "2026-02-15T12:00:00Z"})

    assert moved.status_code == 204
    assert office(GRID).get("/v2/clock").json() == {"timestamp": 1771156800000, "at": "2026-02-15T12:00:00Z"}
    assert office.task(SURVEY, "P04-S03")["due"]["state"] == "red"


@pytest.mark.parametrize("timestamp", ["2026-02-14T11:59:59Z", 0, "2026-02-15T12:00:00", "tomorrow", -1, 10**18, None])
def test_time_moves_forward_only_and_to_moments_only(office: Office, timestamp: object) -> None:
    answer = office(GRID).put("/v2/clock", json={"timestamp": timestamp})

    assert (answer.status_code, answer.json()["title"]) == (400, "INVALID_ARGUMENT")
    assert office(GRID).get("/v2/clock").json()["at"] == "2026-02-14T12:00:00Z"


def test_resetting_the_clock_brings_it_to_the_machines_own_time(settings: Settings) -> None:
    machine = SystemClock()
    before = machine.now()
    set_clock(settings, before - timedelta(hours=1))
    with Person(create_app(settings), base_url=settings.public_url) as anybody:
        assert anybody.post("/v2/clock/reset").status_code == 204
        at = datetime.fromisoformat(anybody.get("/v2/clock").json()["at"])

    assert before <= at <= machine.now()


def test_a_clock_that_is_ahead_of_the_machine_is_not_reset(settings: Settings) -> None:
    set_clock(settings, SystemClock().now() + timedelta(hours=1))
    with Person(create_app(settings), base_url=settings.public_url) as anybody:
        assert anybody.post("/v2/clock/reset").status_code == 400


def test_where_time_is_real_there_is_no_clock_to_move(settings: Settings) -> None:
    real = replace(settings, clock=ClockMode.REAL)
    with Person(create_app(real), base_url=real.public_url) as anybody:
        answers = [
            anybody.get("/v2/clock"),
            anybody.put("/v2/clock", json={"timestamp": 0}),
            anybody.post("/v2/clock/reset"),
        ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_beyond_this_machine_only_an_administrator_moves_the_clock(settings: Settings) -> None:
    public = replace(settings, host="0.0.0.0", public_url="http://yimen.example")
    body = {"timestamp": "2026-02-15T12:00:00Z"}
    with Person(create_app(public), base_url=public.public_url) as person:
        assert person.put("/v2/clock", json=body).status_code == 401
        assert person.put("/v2/clock", json=body, auth=(GRID, PASSWORD)).status_code == 403
        assert person.put("/v2/clock", json=body, auth=("admin", PASSWORD)).status_code == 204


def test_a_page_moves_the_clock_with_its_session_and_beyond_this_machine_only_that_of_an_administrator(settings: Settings) -> None:
    public = replace(settings, host="0.0.0.0", public_url="http://yimen.example")
    at, body = "2026-02-15T12:00:00Z", {"at": "2026-02-15T20:00:00+08:00"}
    with Person(create_app(public), base_url=public.public_url) as person:
        answers = [person.put("/api/clock", json=body).status_code]
        for login in (GRID, "admin"):
            assert person.post("/api/session", json={"login": login, "password": PASSWORD}).status_code == 200
            answers.append(person.put("/api/clock", json=body).status_code)
        back = person.put("/api/clock", json={"at": "2026-02-14T12:00:00Z"})
        now = person.get("/api/me").json()["now"]

    assert answers == [401, 403, 204]
    assert (back.status_code, back.json()["code"], now) == (422, "invalid", at)


@pytest.mark.parametrize("at", ["2026-02-14T11:59:59Z", "2026-02-15T12:00:00", "tomorrow", 0, None])
def test_a_page_moves_the_clock_to_moments_that_come(office: Office, at: object) -> None:
    assert office(GRID).put("/api/clock", json={"at": at}).status_code == 422
