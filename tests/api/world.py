"""A prepared installation for matrices: three cases of one office, whose first task is unclaimed, claimed and closed; a process
that stands still; and everybody of tests/permissions.yaml signed in.
"""

import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI

from api.guard import CSRF_COOKIE, SESSION_COOKIE
from api.main import create_app
from tests.api.people import PASSWORD, Person, settings_for, signed_in
from tests.api.samples import JPEG, REPORT, STUCK, check_form

FILE = Path(__file__).parents[1] / "permissions.yaml"
TABLE: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
PEOPLE: dict[str, str | None] = TABLE["people"]
OPERATIONS: dict[str, Any] = TABLE["operations"]
STATES = ("unclaimed", "claimed", "closed")
LETTER = "no-such-letter"


@dataclass(frozen=True, slots=True)
class World:
    """A prepared installation, who is signed in to it, and the ids that stand in addresses."""

    app: FastAPI
    database: Path
    pristine: Path
    cookies: dict[str, dict[str, str]]
    tasks: dict[str, str]
    names: dict[str, str]

    def restore(self) -> None:
        """Undo whatever an earlier cell did."""
        with closing(sqlite3.connect(self.pristine)) as source, closing(sqlite3.connect(self.database)) as target:
            source.backup(target)

    def ask(self, operation: str, who: str, state: str | None) -> int:
        method, _, path = operation.partition(" ")
        address = path.format(**self.names, task_id=self.tasks[state or "unclaimed"])
        person = Person(self.app, base_url=self.app.state.settings.public_url, cookies=self.cookies[who])
        with closing(person):
            return int(person.request(method, address, **self.body(operation)).status_code)

    def read(self, path: str, who: str, state: str | None) -> bytes:
        """What a GET answers to a person who may ask."""
        person = Person(self.app, base_url=self.app.state.settings.public_url, cookies=self.cookies[who])
        with closing(person):
            answer = person.get(path.format(**self.names, task_id=self.tasks[state or "unclaimed"]))
        assert answer.status_code == 200, answer.text
        return bytes(answer.content)

    def body(self, operation: str) -> dict[str, Any]:
        """What is sent with an operation so that nothing but a missing right can stop it."""
        n = self.names
        bodies: dict[str, Any] = {
            "POST /api/session": {"login": PEOPLE["holder"], "password": PASSWORD},
            "POST /api/demo/session": {"login": PEOPLE["holder"]},
            "PUT /api/clock": {"at": "2026-02-14T12:00:00Z"},
            "PUT /api/session/password": {"old": PASSWORD, "new": "another password 四五六"},
            "POST /api/cases": {"processId": n["process_id"], "data": REPORT},
            "POST /api/cases/{case_no}/operations/{name}": {"data": {}},
            "POST /api/tasks/{task_id}/transfer": {"receiver": n["colleague"], "ground": "休假"},
            "POST /api/tasks/{task_id}/assign": {"receiver": n["colleague"]},
            "PUT /api/tasks/{task_id}/draft": {"data": {"amount": 1}},
            "POST /api/tasks/{task_id}/complete": {"data": {**check_form(n["photo"]), "secondOfficer": n["colleague"]}},
            "POST /api/relations": {"caseNo": n["other_case_no"], "type": "spouse", "ground": "配偶"},
            "DELETE /api/relations/{relation_id}": {"ground": "误报"},
            "POST /api/offices": {"region": "JA", "code": "JA-09", "name": "甲九镇", "kind": "township", "parent": "JA"},
            "POST /api/staff": {"region": "JA", "login": "new", "name": "新某", "password": PASSWORD},
            "POST /api/staff/{staff_id}/disable": {"region": "JA"},
            "POST /api/holdings": {"region": "JA", "staffId": n["colleague"], "post": "archivist", "office": "JA-01"},
            "POST /api/holdings/end": {
                "region": "JA", "staffId": n["colleague"], "post": "case-handler", "office": "JA-01",
            },
        }  # fmt: skip
        files: dict[str, Any] = {
            "POST /api/documents": {"file": ("现场.jpg", JPEG, "image/jpeg")},
            "POST /api/deployments": {"files": ("a.form", b'{"type":"default","id":"a","components":[]}')},
        }
        if operation in files:
            return {"files": files[operation]}
        return {"json": bodies[operation]} if operation in bodies else {}


def _prepared(app: FastAPI, database: Path, browsers: ExitStack) -> World:
    people = {who: signed_in(app, browsers, login) for who, login in PEOPLE.items() if login}
    ids = {who: person.get("/api/me").json()["staff"]["id"] for who, person in people.items()}
    reporter, holder, related = people["reporter"], people["holder"], people["related"]
    cases = {state: _report(reporter) for state in STATES}
    rows = holder.get("/api/tasks?tab=claimable").json()["rows"]
    tasks = {state: next(row["id"] for row in rows if row["caseNo"] == number) for state, number in cases.items()}
    for state in ("claimed", "closed"):
        _must(holder.post(f"/api/tasks/{tasks[state]}/claim", json={}))
    photo = _must(holder.post("/api/documents", files={"file": ("现场.jpg", JPEG, "image/jpeg")}))["id"]
    form = {**check_form(photo), "secondOfficer": ids["colleague"]}
    _must(holder.post(f"/api/tasks/{tasks['closed']}/complete", json={"data": form}))
    document = _must(
        holder.post("/api/documents", files={"file": ("b.jpg", JPEG, "image/jpeg")}, data={"caseNo": cases["claimed"]})
    )
    for number in cases.values():
        relation = _must(related.post("/api/relations", json={"caseNo": number, "type": "spouse", "ground": "配偶"}))
    administrator = people["administrator"]
    _must(administrator.post("/api/deployments", files=[("files", ("stuck.bpmn", STUCK))]))
    _must(holder.post("/api/cases", json={"processId": "stuck"}))
    incident = administrator.get("/api/incidents").json()["rows"][0]
    case = holder.get(f"/api/cases/{cases['claimed']}").json()
    household = holder.get(f"/api/households?q={REPORT['name']}").json()[0]
    names = {
        "process_id": "temporary-aid-urgent",
        "case_no": cases["claimed"],
        "other_case_no": cases["unclaimed"],
        "name": "no-such-operation",
        "document_id": document["id"],
        "letter_no": LETTER,
        "household_id": household["id"],
        "code": "L03",
        "clock_id": case["clocks"][0]["id"],
        "relation_id": relation["id"],
        "definition_id": incident["definitionId"],
        "incident_id": incident["id"],
        "staff_id": ids["neighbour"],
        "colleague": ids["colleague"],
        "photo": photo,
    }
    cookies = {
        who: {name: person.cookies[name] for name in (SESSION_COOKIE, CSRF_COOKIE)} for who, person in people.items()
    }
    pristine = database.with_name("pristine.sqlite")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(pristine)) as target:
        source.backup(target)
    return World(app, database, pristine, {"nobody": {}, **cookies}, tasks, names)


def _report(reporter: Person) -> str:
    return str(_must(reporter.post("/api/cases", json={"processId": "temporary-aid-urgent", "data": REPORT}))["caseNo"])


def _must(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def open_world(installed: Path, folder: Path, browsers: ExitStack) -> World:
    """The prepared installation in `folder`, a copy of the one that is `installed`."""
    database = folder / "yimen.sqlite"
    with closing(sqlite3.connect(installed / "yimen.sqlite")) as source, closing(sqlite3.connect(database)) as target:
        source.backup(target)
    (folder / "seal.key").write_bytes((installed / "seal.key").read_bytes())
    app = create_app(settings_for(f"sqlite:///{database}", folder), static=folder / "no-client")
    browsers.callback(app.state.authority.database.close)
    # A server that stops ends its live events at once; otherwise their cells would wait for ever.
    app.state.events.close()
    return _prepared(app, database, browsers)
