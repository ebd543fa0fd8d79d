"""What only an administrator does: each act asks for the post itself, whatever door it comes through."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casework import administration
from casework.act import Act
from casework.authority import Authority
from casework.errors import Refused
from casework.law import calendar
from casework.people import signin
from casework.seal import Seal
from engine.errors import DeploymentRefused, InvalidInput
from engine.model import Resource
from tests.casework.conftest import Town
from tests.conftest import DEMO_KEY
from tests.decisions.models import decision, model, table

DAY = date(2026, 3, 5)


def declare(act: Act) -> int:
    return administration.declare_day(act, DAY, working=False, name="台风停工", name_en="Typhoon")


@pytest.mark.parametrize("login", ["ja-supervisor", "ja-district-leader", "ja-01-handler"])
@pytest.mark.parametrize(
    "asked",
    [
        declare, administration.definitions, lambda act: administration.deploy(act, []),
        lambda act: administration.incidents(act, limit=1), administration.organisation_of,
        lambda act: administration.retry(act, 1),
    ],
    ids=["declare a day", "versions", "deploy", "incidents", "organisation", "retry"],
)  # fmt: skip
def test_who_is_no_administrator_is_refused(town: Town, login: str, asked: Callable[[Act], object]) -> None:
    with pytest.raises(Refused) as refused, town.authority.act(town.who(login)) as act:
        asked(act)

    assert refused.value.ground == "not-administrator"


def test_a_day_that_an_officer_tried_to_declare_stays_what_it_was(town: Town) -> None:
    with pytest.raises(Refused), town.authority.act(town.who("ja-supervisor")) as act:
        declare(act)

    with town.authority.system_read(region="JA") as act:
        assert calendar.of_region(act).is_workday(DAY)


def test_an_administrator_declares_a_day_of_a_region_and_the_open_cases_there_are_counted_again(town: Town) -> None:
    case = town.open()
    admin = signin.sign_in_demo(town.authority, "admin", "127.0.0.1").staff

    with town.authority.act(admin, region="JA") as act:
        counted = declare(act)

    with town.authority.system_read(region="JA") as act:
        (named,) = [day for day in calendar.year(act, 2026) if day.on == DAY]
    assert (counted, named.counted, named.zh, named.en) == (1, False, "台风停工", "Typhoon")
    assert "clock-recomputed" in town.verbs(case)


def test_a_day_is_declared_in_a_region_never_for_the_installation(town: Town) -> None:
    admin = signin.sign_in_demo(town.authority, "admin", "127.0.0.1").staff

    with pytest.raises(InvalidInput, match="地区"), town.authority.act(admin) as act:
        declare(act)


OVERLAPPING = model(decision("who", table(["a"], ["x"], [(["<= 3"], ["1"]), ([">= 3"], ["2"])], input_types={"a": "number"})))


def test_an_installation_may_refuse_decision_tables_with_faults(town: Town, tmp_path: Path) -> None:
    strict = Authority(
        town.authority.database, town.authority.engine.clock, seal=Seal(DEMO_KEY), files=tmp_path, refuses_table_faults=True
    )
    admin = signin.sign_in_demo(strict, "admin", "127.0.0.1").staff

    with pytest.raises(DeploymentRefused) as refused, strict.act(admin) as act:
        administration.deploy(act, [Resource("who.dmn", OVERLAPPING)])

    assert [(each.rule, each.severity) for each in refused.value.problems] == [("dmn-overlap", "error")]
    with strict.act(admin) as act:
        assert not any(each.name == "who.dmn" for made in administration.deployments(act, limit=9) for each in made.resources)


def test_the_shipped_tables_are_taken_into_use_all_the_same(town: Town, tmp_path: Path) -> None:
    """What the analysis says of them is judged (tests/decisions/judged_faults.txt)."""
    strict = Authority(
        town.authority.database, town.authority.engine.clock, seal=Seal(DEMO_KEY), files=tmp_path, refuses_table_faults=True
    )
    tables = {file.name: file.read_bytes() for file in (administration.SHIPPED / "processes" / "policy").glob("*.dmn")}
    folder = tmp_path / "shipped" / "processes"
    folder.mkdir(parents=True)
    for name, content in tables.items():
        (folder / name).write_bytes(content.replace(b'name="', b'name="new ', 1))

    made = administration.deploy_shipped(strict, folder.parent)

    assert made is not None
    assert {each.rule for each in made.warnings} == {"dmn-gap"}
