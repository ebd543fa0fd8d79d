"""Cases: who may start what and where it belongs, who sees them, and what their page holds."""

import pytest

from casework.errors import Invalid, Unknown
from casework.model.cases import CaseFile
from casework.model.people import Office
from casework.model.record import EVERYWHERE
from casework.people import signin
from casework.records import case_page, cases, starting
from tests.casework.conftest import Town

REPORT = {"name": "甲某一", "place": "甲一村三组5号", "urgentCause": "fire", "foundAt": "2026-03-02T08:30:00+08:00", "finder": "网格员"}


def report(town: Town, login: str, **other: str) -> CaseFile:
    with town.authority.act(town.who(login)) as act:
        return starting.start(act, "temporary-aid-urgent", {**REPORT, **other})


def places(town: Town, case: CaseFile) -> tuple[str, str | None]:
    with town.authority.system_read(region=case.region) as act:
        village = act.get(Office, case.village_id).code if case.village_id is not None else None
        return act.get(Office, case.office_id).code, village


@pytest.mark.parametrize(
    ("login", "place", "found"),
    [
        ("ja-01-01-grid", "村口小桥", ("JA-01", "JA-01-01")), ("ja-01-window", "甲二社区3栋", ("JA-01", "JA-01-02")),
        ("ja-01-window", "集市", ("JA-01", None)), ("ja-platform", "甲二街道甲三社区", ("JA-02", "JA-02-01")),
        ("jb-02-window", "乙二街道", ("JB-02", None)),
    ],
)  # fmt: skip
def test_a_case_belongs_to_the_office_of_who_reports_and_the_village_of_the_place(
    town: Town, login: str, place: str, found: tuple[str, str | None]
) -> None:
    assert places(town, report(town, login, place=place)) == found


def test_a_district_officer_must_say_which_township(town: Town) -> None:
    with pytest.raises(Invalid) as refused:
        report(town, "ja-platform", place="路边")

    assert [fault.id for fault in refused.value.fields] == ["place"]


def test_case_numbers_run_without_gaps_per_office_and_year(town: Town) -> None:
    numbers = [town.open(by=login).case_no for login in ("ja-01-window", "ja-02-window", "ja-01-window")]

    assert numbers == ["JA-01-2026-00001", "JA-02-2026-00001", "JA-01-2026-00002"]


def test_a_form_with_faults_opens_nothing_and_uses_no_number(town: Town) -> None:
    with pytest.raises(Invalid):
        report(town, "ja-01-window", foundAt="2026-03-03T08:30:00+08:00")

    assert report(town, "ja-01-window").case_no == "JA-01-2026-00001"


def test_a_variable_that_the_form_does_not_show_is_not_set(town: Town) -> None:
    case = report(town, "ja-01-window", caseNo="X", amount="1000000", policy="none")

    with town.authority.system_read(region="JA") as act:
        kept = act.work.variables(case.root_instance_id)

    assert (kept["caseNo"], kept["policy"]["urgentAidHours"], "amount" in kept) == (case.case_no, 24, False)


@pytest.mark.parametrize(
    ("login", "sees"),
    [("ja-01-window", True), ("ja-01-handler", True), ("ja-supervisor", True), ("ja-01-01-grid", False), ("ja-02-handler", False),
     ("jb-supervisor", False), ("ja-medical", False)],
)  # fmt: skip
def test_a_case_is_seen_by_its_office_and_the_districts_supervision_only(town: Town, login: str, sees: bool) -> None:
    case = town.open(by="ja-01-window")

    with town.authority.read(town.who(login)) as act:
        listed = [row.case.id for row in cases.page(act).rows] == [case.id]
        try:
            case_page.view(act, case.case_no)
        except Unknown:
            found = False
        else:
            found = True

    assert (listed, found) == (sees, sees)


def test_an_administrator_of_the_installation_starts_no_case(town: Town) -> None:
    admin = signin.sign_in_demo(town.authority, "admin", "127.0.0.1").staff

    with town.authority.read(admin) as act:
        offered = starting.procedures(act)
    with pytest.raises(Unknown), town.authority.act(admin) as act:
        starting.start(act, "tiny", {})

    assert (admin.region, offered) == (EVERYWHERE, [])


def test_an_officer_cannot_act_in_another_region(town: Town) -> None:
    with pytest.raises(Unknown), town.authority.act(town.who("ja-01-window"), region="JB"):
        pass


def test_the_place_is_shown_without_house_number_to_posts_that_may_not_see_it(town: Town) -> None:
    case = report(town, "ja-platform", place="甲二街道甲三社区12栋5号")

    with town.authority.read(town.who("ja-platform")) as act:
        shown = {label: value for label, _, value in case_page.view(act, case.case_no).fields}
    with town.authority.read(town.who("ja-02-handler")) as act:
        plain = {label: value for label, _, value in case_page.view(act, case.case_no).fields}

    assert (shown["地点"], plain["地点"]) == ("甲二街道甲三社区", "甲二街道甲三社区12栋5号")


def test_the_path_shows_elements_passed_and_current(town: Town) -> None:
    case = town.open()
    town.complete(town.task(case, "A"), "ja-01-handler")

    with town.authority.read(town.who("ja-01-window")) as act:
        (path,) = case_page.path(act, case.case_no)

    assert (path.passed, path.current) == (("S", "A"), ("B",))


def test_cases_are_found_by_number_and_name_page_by_page(town: Town) -> None:
    opened = [report(town, "ja-01-window", name=f"甲某{n}").case_no for n in range(3)]

    with town.authority.read(town.who("ja-01-handler")) as act:
        first = cases.page(act, limit=2)
        second = cases.page(act, limit=2, after=first.next)
        named = cases.page(act, q="甲某1")

    assert [row.case.case_no for page in (first, second) for row in page.rows] == opened[::-1]
    assert ([row.case.case_no for row in named.rows], second.next) == ([opened[1]], None)
