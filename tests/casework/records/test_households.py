"""Persons and households: numbers, names, search, and whose case it is."""

from datetime import date

import pytest

from casework.errors import Refused
from casework.model.cases import CaseFile, HumanTask
from casework.model.people import Person
from casework.people import relations
from casework.records import households
from engine.errors import InvalidInput
from tests.casework.records.conftest import Town


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True), ("11010519491231002x", True), ("110105194912310021", False), ("11010519490231002X", False),
        ("1101051949123100", False), ("１１０１０５１９４９１２３１００２Ｘ", False), ("", False), ("34037119491231002X", False),
    ],
)  # fmt: skip
def test_an_identity_number_has_a_day_that_exists_and_the_right_check_character(number: str, valid: bool) -> None:
    assert households.valid_identity(number) is valid


def test_a_number_tells_sex_and_day_of_birth() -> None:
    assert households.sex_and_birth("11010519491231002X") == ("female", date(1949, 12, 31))


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [("王秀英", "wangxiuying", "wxy"), ("单田芳", "shantianfang", "stf"), ("仇英", "qiuying", "qy"), ("区寄", "ouji", "oj"), ("Li 四", "li si", "ls")],
)
def test_a_name_is_spelled_with_the_reading_of_the_surname(name: str, pinyin: str, initials: str) -> None:
    spelled = households.spelled(name)

    assert spelled[0].replace(" ", "") == pinyin.replace(" ", "")
    assert spelled[1][0] == initials[0]


def test_a_number_that_cannot_be_one_or_is_known_is_not_entered(town: Town) -> None:
    with town.system() as act:
        number = "11010519491231002X"
        households.add_person(act, name="甲乙", id_number=number)
        with pytest.raises(Refused):
            households.add_person(act, name="丙丁", id_number=number.lower())
        with pytest.raises(InvalidInput):
            households.add_person(act, name="丙丁", id_number="123")


def test_a_number_lies_sealed_and_is_found_exactly_and_shown_masked(town: Town) -> None:
    number = "11010519491231002X"
    with town.system() as act:
        person = households.add_person(act, name="独孤求", id_number=number)

    with town.authority.read(town.officer("case-handler")) as act:
        (line,) = households.persons(act, number)
        kept = act.get(Person, person.id)
        assert line.id == person.id
        assert line.id_masked == "110*************2X"
        assert number.encode() not in (kept.id_sealed or b"")


@pytest.mark.parametrize("typed", ["独孤", "孤求", "duguq", "DGQ"])
def test_a_person_is_found_by_any_part_of_the_name_and_by_spelling(typed: str, town: Town) -> None:
    with town.system() as act:
        households.add_person(act, name="独孤求", sex="male")

    with town.authority.read(town.officer("case-handler")) as act:
        assert "独孤求" in [line.name for line in households.persons(act, typed)]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", ""])
def test_a_sign_of_the_database_finds_nothing_by_itself(typed: str, town: Town) -> None:
    with town.authority.read(town.officer("case-handler")) as act:
        assert households.persons(act, typed) == []


def test_posts_that_work_on_no_cases_look_up_nobody(town: Town) -> None:
    with pytest.raises(Refused), town.authority.read(town.officer("coordination-secretary", "JA")) as act:
        households.persons(act, "王")


def test_one_person_lives_in_one_household(town: Town) -> None:
    with town.system() as act:
        head = households.add_person(act, name="甲乙")
        households.open_household(act, head, village=None)
        with pytest.raises(Refused):
            households.open_household(act, head, village=None)


def test_a_case_learns_its_household_once_and_its_tasks_with_it(town: Town) -> None:
    with town.system() as act:
        told = households.link_or_open(act, act.lock_case(town.case_id), "new")
        again = households.link_or_open(act, act.lock_case(town.case_id), "new")
        other = households.open_household(act, households.add_person(act, name="别人"), village=None)
        with pytest.raises(Refused):
            households.link(act, act.lock_case(town.case_id), other)

    assert told == again
    assert told["size"] == 1
    with town.read() as act:
        assert {task.household_id for task in act.find_all(HumanTask, case_id=town.case_id)} == {int(told["id"])}


def test_who_is_related_to_a_household_cannot_be_the_one_who_links_it(town: Town) -> None:
    officer = town.officer("survey-officer")
    with town.system() as act:
        household = households.open_household(act, households.add_person(act, name="亲戚"), village=None)
        relations.declare(act, type="sibling", staff_id=officer.staff_id, household_id=household.id, said_by="applicant")

    with pytest.raises(Refused), town.authority.act(officer) as act:
        households.link(act, act.lock_case(town.case_id), household)

    with town.read() as act:
        assert act.get(CaseFile, town.case_id).household_id is None
    with pytest.raises(Refused), town.authority.read(officer) as act:
        households.view(act, household.id)
    with town.authority.read(officer) as act:
        assert households.persons(act, "亲戚") == []


def test_a_relation_to_a_case_hides_its_household_too(town: Town) -> None:
    officer = town.officer("case-handler")
    with town.system() as act:
        told = households.link_or_open(act, act.lock_case(town.case_id), "new")
        relations.declare(act, type="sibling", staff_id=officer.staff_id, case_no=town.case(act).case_no, said_by="applicant")

    with town.authority.read(officer) as act:
        assert households.search(act, "甲某一") == []
    with pytest.raises(Refused), town.authority.read(officer) as act:
        households.view(act, int(told["id"]))
