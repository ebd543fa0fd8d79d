"""The file of a case: what it must hold, what is missing, and that no debt is ever sealed away."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.errors import Refused
from casework.model.cases import CaseState
from casework.model.records import ArchiveFile
from casework.records import archive, ledgers, letters
from casework.records.archive import Missing
from casework.records.submissions import Accepted, keep
from engine.errors import InvalidInput
from tests.casework.records.conftest import Town

RETENTION: dict[str, Any] = {"start": "aidEnded", "years": 3, "action": "review", "clause": "LZ-H4"}


def missing(town: Town, excused: tuple[str, ...] = ()) -> list[Missing]:
    with town.system() as act:
        case = act.lock_case(town.case_id)
        archive.collect(act, case, "review")
        return archive.missing(act, act.lock_case(town.case_id), "review", excused)


def seal(town: Town, **changed: Any) -> ArchiveFile:
    values: dict[str, Any] = {
        "file_no": "DA-1", "record_class": "review", "place": "一户一档", "pieces": 3, "secrecy": "internal", "retention": RETENTION,
    }  # fmt: skip
    with town.system() as act:
        archive.collect(act, act.lock_case(town.case_id), "review")
        return archive.seal(act, act.lock_case(town.case_id), **{**values, **changed})


def test_what_the_case_has_to_show_is_not_missing_and_the_rest_names_who_owes_it(town: Town) -> None:
    lacking = {one.item: (one.post, one.kind) for one in missing(town)}

    assert "急难登记" not in lacking
    assert lacking["紧急核实记录"] == ("survey-officer", "paper")
    assert lacking["临时救助决定书或说明"] == ("case-handler", "paper")


def test_an_item_is_asked_for_only_where_its_condition_holds(town: Town) -> None:
    assert {"不予救助解释"} <= {one.item for one in missing(town)}
    with town.system() as act:
        act.work.set_variables(town.case(act).root_instance_id, {"aid": {"aidId": "1"}})
        act.record("nothing", "test")

    assert "不予救助解释" not in {one.item for one in missing(town)}


def test_a_letter_that_was_issued_and_a_paper_that_was_brought_in_are_found(town: Town) -> None:
    with town.system() as act:
        letters.issue(act, town.case(act), "N13", {"kind": "refusal", "name": "甲某一", "matter": "急难"})
        supplied = {"missingItem": "紧急核实记录", "files": [{"documentId": "1"}]}
        keep(act, town.case(act), "P14-S04", None, Accepted(supplied, {}, ()), task_id=1)
        act.record("nothing", "test")

    assert {"临时救助决定书或说明", "紧急核实记录"}.isdisjoint(one.item for one in missing(town))


def test_what_was_agreed_to_be_missing_is_excused_and_a_debt_never_is(town: Town) -> None:
    with town.system() as act:
        ledgers.add(act, town.case(act), "L13", {"name": "领款凭证", "post": "fund-officer"}, item="领款凭证")

    lacking = missing(town, excused=("紧急核实记录", "领款凭证", "补手续欠账"))

    assert lacking[0] == Missing("领款凭证", "Paper debts: 领款凭证", "fund-officer", "debt")
    assert "紧急核实记录" not in {one.item for one in lacking}


def test_no_file_is_sealed_over_an_open_debt_whatever_the_diagram_says(town: Town) -> None:
    with town.system() as act:
        ledgers.add(act, town.case(act), "L13", {"name": "领款凭证", "post": "fund-officer"}, item="领款凭证")

    with pytest.raises(Refused):
        seal(town)
    with town.system() as act:
        ledgers.strike(act, act.lock_case(town.case_id), "L13")

    assert seal(town).sealed_at is not None


def test_a_seal_says_what_was_in_the_file_and_is_set_once(town: Town) -> None:
    first = seal(town)
    town.clock.set(town.clock.now().replace(hour=23))

    again = seal(town, file_no="DA-2")

    assert (again.file_no, again.digest, again.sealed_at) == ("DA-1", first.digest, first.sealed_at)
    with town.read() as act:
        (entry,) = ledgers.open_items(act, town.case_id, "L22")
        assert entry.data["fileNo"] == "DA-1"


def test_a_sealed_file_can_be_proved_later_and_a_change_behind_its_back_is_seen(town: Town) -> None:
    with town.system() as act:
        letters.issue(act, town.case(act), "N13", {"kind": "refusal", "name": "甲某一", "matter": "急难"})
    sealed = seal(town)
    town.authority.run_due()  # the letter is drawn after the seal
    town.authority.advance_to(town.clock.now() + timedelta(days=30))

    with town.read() as act:
        assert archive.is_unbroken(act, act.get(ArchiveFile, sealed.id))
    with town.system() as act:
        (letter,) = letters.of_case(act, town.case_id)
        forged = act.house.seal.close({"data": {"amount": 1}}, region="JA", purpose=f"letter:{letter.id}")
        act.record("forge", act.change(letter, data_sealed=forged))
    with town.read() as act:
        assert not archive.is_unbroken(act, act.get(ArchiveFile, sealed.id))


@pytest.mark.parametrize(
    ("start", "years", "until"),
    [("aidEnded", 3, date(2029, 2, 10)), ("endOfYear", 5, date(2031, 12, 31)), ("aidEnded", None, None)],
)
def test_a_file_is_kept_as_long_as_the_table_says(start: str, years: int | None, until: date | None, town: Town) -> None:
    assert seal(town, retention={**RETENTION, "start": start, "years": years}).retention_until == until


def test_a_case_that_is_being_filed_is_closing(town: Town) -> None:
    missing(town)

    with town.read() as act:
        assert town.case(act).state is CaseState.CLOSING


def test_a_class_that_no_table_knows_is_the_models_mistake(town: Town) -> None:
    with pytest.raises(InvalidInput), town.system() as act:
        archive.collect(act, act.lock_case(town.case_id), "poetry")
