"""Letters and notices: numbers without gaps, data of listed fields only, drawn once."""

from typing import Any

import pytest

from casework import deployed
from casework.errors import Refused, Unknown
from casework.model.records import Document, Letter, Notice
from casework.people import relations
from casework.records import documents, ledgers, letters, notices
from engine.errors import InvalidInput
from tests.casework.records.conftest import Town

DECISION: dict[str, Any] = {
    "kind": "decision", "name": "甲某一", "matter": "急难型临时救助", "urgentCause": "fire", "amount": 2000, "payWay": "cash",
    "aidedAt": "2026-02-10T11:00:00+08:00",
}  # fmt: skip


def issue(town: Town, **changed: Any) -> Letter:
    with town.system() as act:
        return letters.issue(act, town.case(act), "N13", {**DECISION, **changed})


def test_numbers_of_a_kind_run_without_gap_in_the_offices_year(town: Town) -> None:
    first, second = issue(town), issue(town)

    assert first.letter_no == "甲一镇临救〔2026〕1号"
    assert second.letter_no == "甲一镇临救〔2026〕2号"


def test_an_issue_that_is_rolled_back_uses_no_number(town: Town) -> None:
    def twice() -> None:
        with town.system() as act:
            letters.issue(act, town.case(act), "N13", DECISION)
            letters.issue(act, town.case(act), "N13", {"stranger": 1})

    with pytest.raises(InvalidInput):
        twice()
    assert issue(town).letter_no.endswith("1号")


@pytest.mark.parametrize("changed", [{"idNumber": "11010519491231002X"}, {"name": None}, {"name": ""}, {"kind": "reward"}])
def test_a_letter_carries_the_fields_of_its_list_and_what_it_needs(changed: Any, town: Town) -> None:
    with pytest.raises(InvalidInput):
        issue(town, **changed)


def test_an_issued_letter_is_drawn_after_the_act_once_and_never_again(town: Town) -> None:
    letter = issue(town)
    town.authority.run_due()

    with town.read() as act:
        drawn = act.get(Letter, letter.id)
        document = act.get(Document, drawn.document_id or 0)
        assert documents.content_of(act, document).startswith(b"%PDF-")
        assert drawn.sha256 == document.sha256
    with town.system() as act:
        assert letters.draw(act, letter.id).id == document.id
        act.record("nothing", "test")


def test_a_reader_before_the_drawing_gets_the_bytes_that_are_kept_afterwards(town: Town) -> None:
    reader = town.officer("case-handler")
    with town.system() as act:
        letter = letters.issue(act, town.case(act), "N13", DECISION)
        content = act.house.seal.open(letter.data_sealed, region="JA", purpose=f"letter:{letter.id}")
        early = letters.pdf_of(act, letter.template, content, letter.issued_at)
    town.authority.run_due()

    with town.authority.read(reader) as act:
        assert letters.download(act, letter.letter_no)[1] == early


def test_the_data_are_frozen_whatever_becomes_of_the_case(town: Town) -> None:
    letter = issue(town)
    with town.system() as act:
        act.record("rename", act.change(town.case(act), person_name="改名"))

    with town.read() as act:
        content = act.house.seal.open(letter.data_sealed, region="JA", purpose=f"letter:{letter.id}")
        assert content["data"]["name"] == "甲某一"
        assert set(content["files"]) == {"N13.typ", "letter.typ"}


def test_text_of_a_person_is_text_and_never_markup(town: Town) -> None:
    with town.system() as act:
        files = {name: deployed.text_of(act, name)[0] for name in ("N13.typ", "letter.typ")}
        names = ["#panic()", "*********", "$x$", '"]#eval("1")', "\\u{41}", "= Title", "@ref <label>"]
        drawn = [
            letters.render(files, "N13.typ", {**DECISION, "name": name}, fonts=act.house.fonts, at=act.now, zone=act.house.zone)
            for name in names
        ]
        act.record("nothing", "test")

    assert all(pdf.startswith(b"%PDF-") for pdf in drawn)


def test_a_letter_is_for_those_who_may_see_its_case(town: Town) -> None:
    letter = issue(town)
    handler = town.officer("case-handler")
    with pytest.raises(Unknown), town.authority.read(town.officer("case-handler", "JA-02")) as act:
        letters.download(act, letter.letter_no)
    with town.system() as act:
        relations.declare(act, type="sibling", staff_id=handler.staff_id, case_no=town.case(act).case_no, said_by="applicant")

    with pytest.raises(Refused), town.authority.read(handler) as act:
        letters.download(act, letter.letter_no)


def test_a_letter_stands_in_the_register_of_letters(town: Town) -> None:
    letter = issue(town)

    with town.read() as act:
        (entry,) = ledgers.open_items(act, town.case_id, "L21")
        assert entry.data["letterNo"] == letter.letter_no


def test_a_notice_shows_the_listed_fields_and_says_until_when(town: Town) -> None:
    data = {"headName": "甲某一", "type": "急难型", "targetClass": "fire", "amount": 2000}
    with town.system() as act:
        notice = notices.post(act, town.case(act), "G05", data)
    with pytest.raises(InvalidInput), town.system() as act:
        notices.post(act, town.case(act), "G05", {**data, "place": "甲一村三组12号"})
    town.authority.run_due()

    with town.read() as act:
        kept = act.get(Notice, notice.id)
        frozen = act.house.seal.open(kept.data_sealed, region="JA", purpose=f"notice:{notice.id}")["data"]
        assert not [value for value in frozen.values() if town.case(act).case_no in str(value)]
        assert kept.document_id is not None
        assert (kept.until_on and kept.until_on.isoformat()) == "2027-02-10"
