"""Relations: what D04 says bars, who may declare and end, and what a barred officer no longer sees."""

import pytest

from casework.desk import tasks
from casework.errors import Refused
from casework.law import policy
from casework.model.cases import HumanTask, TaskState
from casework.model.people import Household
from casework.people import organisation, relations
from casework.records import case_page, cases, households
from engine.errors import InvalidInput
from tests.casework.conftest import Town

NEAR = [
    ("self", None, None, True, "D04-1"), ("spouse", None, None, True, "D04-2"), ("parent", "blood", None, True, "D04-3"),
    ("child", "adoptive", None, True, "D04-3"), ("child", "step", True, True, "D04-4"), ("child", "step", False, False, "D04-5"),
    ("parent", "inLaw", None, True, "D04-6"), ("sibling", "half", None, True, "D04-7"), ("grandchild", None, None, True, "D04-8"),
    ("child", "inLaw", None, False, "D04-13"), ("cousin", None, None, False, "D04-13"), ("other", None, None, False, "D04-13"),
    ("parent", "step", None, True, "D04-10"), ("sibling", None, None, True, "D04-11"),
]  # fmt: skip


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("kind", "nature", "care", "bars", "row"), NEAR)
def test_the_circle_of_kin_is_the_tables_and_doubt_bars(
    town: Town, kind: str, nature: str | None, care: bool | None, bars: bool, row: str
) -> None:
    case = town.open()
    with town.authority.act(town.who("ja-01-handler")) as act:
        declared = relations.declare(act, type=kind, nature=nature, care=care, case_no=case.case_no)

    assert (declared.bars, declared.row_id) == (bars, row)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("circle", "near"), [("core", False), ("wide", True)])
def test_a_district_may_widen_the_circle(town: Town, circle: str, near: bool) -> None:
    with town.authority.system_read(region="JA") as act:
        asked = {"relationType": "cousin", "relationNature": None, "careRelation": None, "circle": circle}
        outcome = act.work.evaluate_decision(relations.TABLE, policy.edition(act, relations.TABLE, act.today), asked)

    assert outcome.value["isNear"] is near


def test_a_relation_to_a_household_bars_once_the_case_learns_whose_it_is(town: Town) -> None:
    case = town.open()
    task = town.claim(town.task(case, "A"), "ja-01-handler")
    with town.authority.system("test", region="JA") as act:
        household = act.find_all(Household, limit=1)[0]
    with town.authority.act(town.who("ja-01-handler")) as act:
        relations.declare(act, type="spouse", household_id=household.id)
    held_before = town.task_now(task).assignee_id

    with town.authority.system("test", region="JA") as act:
        households.link(act, act.lock_case(case.id), household)

    assert held_before is not None
    assert town.task_now(task).assignee_id is None


def test_a_relation_to_a_person_bars_the_cases_of_her_household(town: Town) -> None:
    case = town.open()
    with town.authority.system("test", region="JA") as act:
        household = act.find_all(Household, limit=1)[0]
        households.link(act, act.lock_case(case.id), household)
        assert household.head_id is not None
        relations.declare(
            act, staff_id=town.who("ja-01-handler").staff_id, type="parent", nature="blood", person_id=household.head_id,
            said_by="applicant",
        )  # fmt: skip

    with pytest.raises(Refused, match="回避"):
        town.claim(town.task(case, "A"), "ja-01-handler")


def test_a_related_officer_does_not_see_the_case_not_even_as_its_starter(town: Town) -> None:
    case = town.open(by="ja-01-window")
    with town.authority.act(town.who("ja-01-window")) as act:
        relations.declare(act, type="spouse", case_no=case.case_no)

    with pytest.raises(Refused), town.authority.read(town.who("ja-01-window")) as act:
        case_page.view(act, case.case_no)
    with town.authority.read(town.who("ja-01-window")) as act:
        assert cases.page(act).rows == ()


def test_nobody_declares_for_another_officer_in_her_own_name(town: Town) -> None:
    case = town.open()

    with pytest.raises(Refused), town.authority.act(town.who("ja-01-window")) as act:
        relations.declare(act, staff_id=town.who("ja-01-handler").staff_id, type="spouse", case_no=case.case_no)


def test_what_the_applicant_says_is_taken_down_by_any_officer(town: Town) -> None:
    case = town.open()
    with town.authority.act(town.who("ja-01-window")) as act:
        relations.declare(act, staff_id=town.who("ja-01-handler").staff_id, type="spouse", case_no=case.case_no, said_by="applicant")

    with pytest.raises(Refused):
        town.claim(town.task(case, "A"), "ja-01-handler")


def test_only_the_district_ends_a_relation_and_then_it_bars_no_longer(town: Town) -> None:
    case = town.open()
    with town.authority.act(town.who("ja-01-handler")) as act:
        relation = relations.declare(act, type="spouse", case_no=case.case_no)
    with pytest.raises(Refused), town.authority.act(town.who("ja-01-handler")) as act:
        relations.end(act, relation.id, ground="误报")

    with town.authority.act(town.who("ja-section-head")) as act:
        relations.end(act, relation.id, ground="核实不属实")

    assert town.claim(town.task(case, "A"), "ja-01-handler").state is TaskState.CLAIMED


def test_a_relation_names_one_person_one_household_or_one_case(town: Town) -> None:
    with pytest.raises(InvalidInput), town.authority.act(town.who("ja-01-handler")) as act:
        relations.declare(act, type="spouse")


def test_where_nobody_is_left_the_case_gets_an_incident_and_a_person_by_name_can_go_on(town: Town) -> None:
    case = town.open()
    for login in ("ja-01-handler", "ja-01-handler2"):
        with town.authority.act(town.who(login)) as act:
            relations.declare(act, type="spouse", case_no=case.case_no)
    task = town.task(case, "A")
    with town.authority.system_read(region="JA") as act:
        stuck = [incident.kind for incident in act.work.incidents()]

    with town.authority.system("district", region="JA") as act:
        tasks.appoint(act, task.id, town.who("ja-section").staff_id, ground="提级指定")
    town.complete(task, "ja-section")

    assert "NO_ELIGIBLE_OFFICER" in stuck
    assert town.task_now(task).closed_by == town.who("ja-section").staff_id


def test_a_list_of_relations_is_ones_own_but_the_districts_is_whole(town: Town) -> None:
    case = town.open()
    with town.authority.act(town.who("ja-01-handler")) as act:
        relations.declare(act, type="spouse", case_no=case.case_no)

    def count(login: str) -> int:
        with town.authority.read(town.who(login)) as act:
            return len(relations.listed(act))

    assert (count("ja-01-handler"), count("ja-01-handler2"), count("ja-supervisor")) == (1, 0, 1)


def test_colleagues_are_found_by_name_within_the_region(town: Town) -> None:
    name = town.who("ja-01-handler").name
    with town.authority.read(town.who("ja-01-window")) as act:
        found = [person.login for person, _ in organisation.colleagues(act, name)]

    assert found == ["ja-01-handler"]


def test_a_task_knows_its_household(town: Town) -> None:
    case = town.open()
    with town.authority.system("test", region="JA") as act:
        household = act.find_all(Household, limit=1)[0]
        households.link(act, act.lock_case(case.id), household)

    with town.authority.system_read(region="JA") as act:
        assert act.find_all(HumanTask, case_id=case.id)[0].household_id == household.id
