"""Kills a serving node with SIGKILL at random moments under load, and counts afterwards what was lost or done twice.

Clients report urgent needs over HTTP and work them off up to the aid (report, check, approval, delivery); each request carries an
idempotency key and is repeated with it until it is answered. A ledger outside the server holds what was answered. In the end
the database is asked: every case once, each step once, one payment, one aid, the debts of one list, whole audit chains, and the
engine's invariants. Reliability, row b2.

    python -m bench.kill_server DATABASE_URL [--cases 200] [--kills 100] [--seed 1]

Prints figures; exits non-zero when anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx2 as httpx
from sqlalchemy import func, select

from casework import audit
from casework.model.outgoing import OutboxState
from casework.persistence import tables as c
from engine.definitions import Definitions
from engine.invariants import broken
from engine.persistence import Database
from engine.persistence import tables as t
from engine.persistence.migrate import upgrade

ROOT = Path(__file__).resolve().parents[1]
CLIENTS = 3
BEGUN = datetime.now(UTC)
FOUND = (BEGUN - timedelta(hours=1)).isoformat(timespec="seconds")
GIVEN = (BEGUN - timedelta(minutes=1)).isoformat(timespec="seconds")
PAPERS = 8


class Server:
    """One node, started again whenever it was killed."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self._environment = os.environ | {
            "YIMEN_DATABASE_URL": url, "YIMEN_DATA_DIR": str(folder), "YIMEN_PORT": str(self.port), "YIMEN_DEMO": "true",
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None
        self.log = (folder / "server.log").open("ab")

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "api"], cwd=ROOT, env=self._environment, stdout=self.log, stderr=self.log
        )
        for _ in range(1200):
            try:
                if httpx.get(f"{self.base}/api/health", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                if self._process.poll() is not None:
                    sys.exit(f"the server ended by itself, see {self.log.name}")
            time.sleep(0.05)
        sys.exit("the server does not come up")

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        assert self._process is not None
        self._process.send_signal(sign)
        self._process.wait()


class Person:
    """Somebody at a browser: signs in once, repeats a request with its key until it is answered."""

    def __init__(self, base: str, login: str) -> None:
        self.client = httpx.Client(base_url=base, timeout=30)
        answer = self.request("POST", "/api/demo/session", {"login": login})
        self.id = answer["me"]["staff"]["id"] if "me" in answer else self.request("GET", "/api/me")["staff"]["id"]

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        for _ in range(600):
            if (token := self.client.cookies.get("yimen_csrf")) is not None:
                headers["X-CSRF-Token"] = token
            try:
                answer = self.client.request(method, path, json=body, headers=headers)
            except httpx.HTTPError:
                time.sleep(0.1)
                continue
            if answer.status_code in (502, 503):
                time.sleep(0.1)
                continue
            if answer.is_error:
                raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:400]}")
            return answer.json() if answer.content else {}
        raise RuntimeError(f"{method} {path}: no answer")


class Crew:
    """The people of one township, one set per client thread."""

    def __init__(self, base: str) -> None:
        self.grid = Person(base, "ja-01-01-grid")
        self.survey = Person(base, "ja-01-survey")
        self.second = Person(base, "ja-01-handler")
        self.deputy = Person(base, "ja-01-deputy")
        self.fund = Person(base, "ja-01-fund")

    def work_off(self, number: int) -> str:
        """One case from its report to the aid; gives its number."""
        report = {"name": f"合成{number}", "place": "甲一村三组", "urgentCause": "fire", "foundAt": FOUND, "finder": "网格员乙"}
        case_no = str(self.grid.request("POST", "/api/cases", {"processId": "temporary-aid-urgent", "data": report})["caseNo"])
        self._do(self.survey, case_no, "P04-S03", {
            "personSeen": True, "situation": "住房过火，急需过渡。", "photos": None, "urgentConfirmed": True, "urgentNeeds": ["money"],
            "size": 3, "amount": 2000, "aidClass": "ordinary", "householdId": "new", "secondOfficer": self.second.id,
            "secondSignature": "第二人", "signature": "本人",
        })  # fmt: skip
        self._do(self.deputy, case_no, "P04-S10", {"decision": {"act": "approve", "amount": 2000}, "oral": "written", "signature": "本人"})
        self._do(self.fund, case_no, "P04-S11", {
            "payWay": "cash", "given": "2000 元", "receiver": f"合成{number}", "aidGivenAt": GIVEN, "receipt": None, "signature": "本人",
        })  # fmt: skip
        return case_no

    @staticmethod
    def _do(person: Person, case_no: str, element: str, data: dict[str, Any]) -> None:
        for _ in range(600):
            tasks = person.request("GET", f"/api/cases/{case_no}")["tasks"]
            mine = [task for task in tasks if task["element"] == element]
            if mine:
                break
            time.sleep(0.2)  # the step before it is still being worked off
        else:
            raise RuntimeError(f"{case_no}: {element} does not open")
        task_id = mine[0]["id"]
        person.request("POST", f"/api/tasks/{task_id}/claim")
        person.request("POST", f"/api/tasks/{task_id}/complete", {"data": data})


def load(server: Server, cases: int, failures: list[str], answered: list[str], stop: threading.Event) -> list[threading.Thread]:
    numbers: queue.Queue[int] = queue.Queue()
    for number in range(1, cases + 1):
        numbers.put(number)

    def client() -> None:
        try:
            crew = Crew(server.base)
            while not stop.is_set():
                try:
                    number = numbers.get_nowait()
                except queue.Empty:
                    return
                answered.append(crew.work_off(number))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong at a client is a finding
            failures.append(repr(error))

    threads = [threading.Thread(target=client, daemon=True) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    return threads


def come_to_rest(url: str) -> None:
    """Give the heartbeat time to work off what a killed node left: jobs and the outbox."""
    database = Database(url)
    for _ in range(600):
        with database.read() as connection:
            jobs = connection.execute(select(func.count()).select_from(t.job)).scalar()
            waiting = connection.execute(
                select(func.count()).select_from(c.outbox).where(c.outbox.c.state == OutboxState.WAITING)
            ).scalar()
        if not jobs and not waiting:
            break
        time.sleep(0.2)
    database.close()


def count(url: str, answered: list[str]) -> list[str]:
    """Everything that is not as it must be."""
    database = Database(url)
    wrong: list[str] = []

    def expect(what: str, found: object, wanted: object) -> None:
        if found != wanted:
            wrong.append(f"{what}: {found}, expected {wanted}")

    with database.read() as connection:
        cases = {row.id: row.case_no for row in connection.execute(select(c.case_file.c.id, c.case_file.c.case_no))}
        expect("case numbers answered but not stored", sorted(set(answered) - set(cases.values())), [])
        stored, named = Counter(cases.values()), Counter(answered)
        expect("cases stored more or less often than answered", sorted(((stored - named) + (named - stored)).elements()), [])
        for name, table, each in (("payments", c.payment, 1), ("aids", c.aid, 1), ("submissions", c.submission, 4)):
            per_case = Counter(connection.execute(select(table.c.case_id)).scalars())
            expect(f"{name} per case", Counter(per_case[case] for case in cases), Counter({each: len(cases)}))
        for ledger, each in (("L03", 1), ("L08", 1), ("L13", PAPERS)):
            entries = select(c.ledger_entry.c.case_id).where(c.ledger_entry.c.ledger == ledger)
            per_case = Counter(connection.execute(entries).scalars())
            expect(f"{ledger} per case", Counter(per_case[case] for case in cases), Counter({each: len(cases)}))
        expect("jobs left", connection.execute(select(func.count()).select_from(t.job)).scalar(), 0)
        expect("incidents", connection.execute(select(func.count()).select_from(t.incident)).scalar(), 0)
        expect("audit faults", audit.verify(connection), [])
        expect("broken invariants", broken(connection, Definitions({})), [])
    database.close()
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    random = Random(asked.seed)
    upgrade(asked.url)
    begun = time.monotonic()
    folder = tempfile.mkdtemp(prefix="yimen-kill-")
    with contextlib.ExitStack() as cleaning:
        server = Server(asked.url, Path(folder))
        server.start()
        failures: list[str] = []
        answered: list[str] = []
        stop = threading.Event()
        threads = load(server, asked.cases, failures, answered, stop)
        kills = 0
        while any(thread.is_alive() for thread in threads):
            if kills < asked.kills:
                # spread over the whole load: towards the end wait for as many cases as there are kills left
                while len(answered) * asked.kills < kills * asked.cases and any(thread.is_alive() for thread in threads):
                    time.sleep(0.01)
                time.sleep(random.uniform(0.0, 0.6))
                server.kill()
                kills += 1
                server.start()
            else:
                time.sleep(0.1)
        come_to_rest(asked.url)
        server.kill(signal.SIGTERM)
        wrong = [*failures, *count(asked.url, answered)]
        if not wrong:
            cleaning.callback(shutil.rmtree, folder)
    seconds = time.monotonic() - begun
    if wrong:
        print(f"the server's log is kept: {folder}/server.log", file=sys.stderr)
    print(f"{len(answered)} cases, {kills} kills, {seconds:.0f} s, seed {asked.seed}: {wrong or 'nothing lost, nothing twice'}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
