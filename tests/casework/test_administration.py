"""What only an administrator does: each act asks for the post itself, whatever door it comes through."""

from collections.abc import Callable
from datetime import date

import pytest

from casework import administration
from casework.act import Act
from casework.errors import Refused
from casework.law import calendar
from casework.people import signin
from engine.errors import InvalidInput
from tests.casework.conftest import Town

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
