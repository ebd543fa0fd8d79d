"""The demo authority with one open case of urgent aid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from casework.act import Act, Actor
from casework.authority import Authority
from casework.model.cases import CaseFile
from casework.model.people import Staff
from casework.people import organisation
from casework.records import starting
from casework.seal import Seal
from engine.clock import ManualClock
from engine.persistence import Database
from tests.conftest import DEMO_KEY

FOUND = "2026-02-10T09:00:00+08:00"


@dataclass
class Town:
    """An authority in use: who works there, and a case."""

    authority: Authority
    clock: ManualClock
    case_id: int = 0

    def officer(self, post: str, office: str = "JA-01", *, nth: int = 0) -> Actor:
        """The demo person in a post at an office, by login."""
        with self.authority.system_read(region=office[:2]) as act:
            people = organisation.holders(act, [f"{post}@{office}"])
            person = sorted(people, key=lambda one: one.login)[nth]
            return Actor(person.id, person.name, person.login, act.region)

    def case(self, act: Act) -> CaseFile:
        return act.get(CaseFile, self.case_id)

    def system(self) -> Any:
        return self.authority.system("test", region="JA")

    def read(self) -> Any:
        return self.authority.system_read(region="JA")

    def staff(self, act: Act, actor: Actor) -> Staff:
        return act.get(Staff, actor.staff_id)


@pytest.fixture
def town(demo_database_url: str, tmp_path: Path) -> Iterator[Town]:
    clock = ManualClock(datetime.fromisoformat("2026-02-10T09:05:00+08:00"))
    database = Database(demo_database_url)
    made = Town(Authority(database, clock, seal=Seal(DEMO_KEY), files=tmp_path / "files", lease_clock=clock), clock)
    form = {"name": "甲某一", "place": "甲一村三组", "urgentCause": "fire", "foundAt": FOUND, "finder": "网格员乙", "foundHow": "onSite"}
    with made.authority.act(made.officer("grid-worker", "JA-01-01")) as act:
        made.case_id = starting.start(act, "temporary-aid-urgent", form).id
    yield made
    database.close()
