"""What is kept in memory of offices, posts and relations is never older than the act that reads it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.authority import Authority
from casework.law import calendar
from casework.model.people import Holding, Office, OfficeKind, Staff
from casework.people import organisation
from casework.reference import Kept
from casework.seal import Seal
from engine.errors import Unknown
from engine.persistence import Database
from tests.casework.conftest import MONDAY, Town
from tests.conftest import DEMO_KEY


@pytest.fixture
def other_node(town: Town, demo_database_url: str, tmp_path: Path) -> Iterator[Town]:
    """A second node on the same database, with a memory of its own."""
    database = Database(demo_database_url, synchronous="OFF")
    authority = Authority(database, town.clock, seal=Seal(DEMO_KEY), files=tmp_path / "other", lease_clock=town.clock)
    yield Town(authority, town.clock)
    database.close()


def codes(town: Town) -> set[str]:
    with town.authority.system_read(region="JA") as act:
        return {office.code for office in act.find_all(Office)}


def add(town: Town, code: str) -> None:
    with town.authority.system("test", region="JA") as act:
        organisation.add_office(act, code=code, name=code, name_en=code, kind=OfficeKind.VILLAGE, parent=organisation.district(act))


def test_what_one_node_changes_the_other_sees_in_its_next_act(town: Town, other_node: Town) -> None:
    assert "JA-new" not in codes(other_node)

    add(town, "JA-new")

    assert "JA-new" in codes(other_node)


def test_an_act_sees_what_it_changed_itself(town: Town) -> None:
    assert "JA-new" not in codes(town)

    with town.authority.system("test", region="JA") as act:
        organisation.add_office(act, code="JA-new", name="n", name_en="n", kind=OfficeKind.VILLAGE, parent=organisation.district(act))

        assert organisation.office(act, "JA-new").name == "n"


def test_what_is_rolled_back_is_in_nobodys_memory(town: Town) -> None:
    with pytest.raises(ZeroDivisionError), town.authority.system("test", region="JA") as act:
        organisation.add_office(act, code="JA-new", name="n", name_en="n", kind=OfficeKind.VILLAGE, parent=organisation.district(act))
        assert act.find(Office, code="JA-new") is not None
        raise ZeroDivisionError

    assert "JA-new" not in codes(town)
    add(town, "JA-other")
    assert "JA-new" not in codes(town)


def test_a_post_taken_away_on_another_node_is_gone_at_once(town: Town, other_node: Town) -> None:
    case = other_node.open()
    task = other_node.task(case, "A")
    handler = other_node.who("ja-01-handler")
    other_node.claim(task, "ja-01-handler2")
    with town.authority.system("test", region="JA") as act:
        for holding in act.find_all(Holding, staff_id=handler.staff_id):
            organisation.end_holding(act, holding.id)

    with pytest.raises(Unknown):
        other_node.claim(task, "ja-01-handler")


def test_a_declared_day_counts_on_the_other_node_too(town: Town, other_node: Town) -> None:
    day = MONDAY.date()
    with other_node.authority.system_read(region="JA") as act:
        assert calendar.of_region(act).is_workday(day)

    with town.authority.system("test", region="JA") as act:
        calendar.set_day(act, day, working=False)

    with other_node.authority.system_read(region="JA") as act:
        assert not calendar.of_region(act).is_workday(day)


@pytest.mark.parametrize(
    ("equals", "found"),
    [
        ({}, [1, 2, 3]), ({"name": "b"}, [2, 3]), ({"name": ["b", "a"]}, [1, 2, 3]), ({"name": "b", "login": "x"}, [2]),
        ({"login": ["x"], "name": ("b",)}, [2]), ({"name": "c"}, []), ({"id": 3}, [3]), ({"name": []}, []),
    ],
)  # fmt: skip
def test_records_are_found_by_value_as_in_the_database(equals: dict[str, object], found: list[int]) -> None:
    people = [
        Staff(region="JA", id=number, name=name, login=login, state="active", synthetic=True)  # type: ignore[arg-type]
        for number, name, login in ((1, "a", "x"), (2, "b", "x"), (3, "b", "y"))
    ]

    assert [person.id for person in Kept(people).find(equals, 10)] == found
