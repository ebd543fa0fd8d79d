"""Ledgers: entries as the fold of their events, on any day and as known at any moment; who sees what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from casework.deployed import BadTable
from casework.errors import Unknown
from casework.model.records import LedgerEntry, LedgerEvent
from casework.people import relations
from casework.records import ledgers
from engine.errors import InvalidInput
from tests.casework.records.conftest import Town

ENTRY = LedgerEntry("JA", 1, "L13", "L13-1", 7, 3, "收据", date(2026, 2, 1), None, None, flagged=False, data={})


def event(n: int, what: str, valid: int, recorded: int, **data: Any) -> LedgerEvent:
    return LedgerEvent("JA", n, 1, n, date(2026, 2, valid), datetime(2026, 2, recorded, tzinfo=UTC), what, None, "x", data)


HISTORY = [
    event(1, "opened", 2, 2, name="收据"), event(2, "flagged", 10, 10), event(3, "changed", 12, 12, name="领款凭证"),
    event(4, "struck", 8, 15),
]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "known_at", "wanted"),
    [
        (1, None, None),
        (2, None, ("收据", False, None)),
        (8, None, ("收据", False, 8)),
        (12, 12, ("领款凭证", True, None)),
        (12, 16, ("领款凭证", True, 8)),
        (9, 9, ("收据", False, None)),
        (None, 1, None),
        (None, None, ("领款凭证", True, 8)),
    ],
)
def test_an_entry_is_told_as_it_stood_on_a_day_and_as_it_was_known_at_a_moment(as_of: Any, known_at: Any, wanted: Any) -> None:
    day = date(2026, 2, as_of) if as_of else None
    moment = datetime(2026, 2, known_at, tzinfo=UTC) if known_at else None

    folded = ledgers.fold(ENTRY, HISTORY, as_of=day, known_at=moment)

    told = folded and (folded.data["name"], folded.flagged, folded.struck_on and folded.struck_on.day)
    assert told == wanted


@given(some.permutations(HISTORY))
def test_the_order_in_which_events_are_read_changes_nothing(shuffled: Sequence[LedgerEvent]) -> None:
    assert ledgers.fold(ENTRY, shuffled) == ledgers.fold(ENTRY, HISTORY)


def test_a_row_repeats_the_fold_of_its_events(town: Town) -> None:
    with town.system() as act:
        entry = ledgers.add(act, town.case(act), "L13", {"name": "收据", "post": "fund-officer", "dueAt": "2026-02-24T00:00:00+08:00"}, item="收据")
        ledgers.flag(act, town.case(act), "L13", item="收据", ground="逾期")
        ledgers.strike(act, town.case(act), "L13", item="收据", ground="补齐")

    with town.read() as act:
        kept = act.get(LedgerEntry, entry.id)
        folded = ledgers.fold(kept, act.find_all(LedgerEvent, entry_id=entry.id))
        assert folded == replace(kept)
        assert kept.flagged
        assert kept.struck_on == date(2026, 2, 10)


def test_only_what_is_open_is_counted_and_only_what_is_red_is_overdue(town: Town) -> None:
    with town.system() as act:
        case = town.case(act)
        for item in ("a", "b", "c"):
            ledgers.add(act, case, "L13", {"name": item}, item=item)
        ledgers.flag(act, case, "L13", item="a")
        ledgers.flag(act, case, "L13", item="b")
        ledgers.strike(act, case, "L13", item="b")

    with town.read() as act:
        office = town.case(act).office_id
        assert ledgers.count(act, office, "L13", "open") == 2
        assert ledgers.count(act, office, "L13", "overdue") == 1
        with pytest.raises(InvalidInput):
            ledgers.count(act, office, "L13", "lost")


@pytest.mark.parametrize("data", [{"stranger": 1}, {"dueAt": "soon"}, {"name": 5}])
def test_an_entry_has_the_columns_of_its_ledger_and_no_others(data: Any, town: Town) -> None:
    with town.system() as act:
        with pytest.raises(InvalidInput):
            ledgers.add(act, town.case(act), "L13", data)
        with pytest.raises(InvalidInput):
            ledgers.add(act, town.case(act), "L99", {})
        act.record("nothing", "test")


def test_a_page_shows_the_entries_of_the_readers_offices_with_masks_and_without_barred_cases(town: Town) -> None:
    handler, far = town.officer("case-handler"), town.officer("case-handler", "JA-02")
    with town.authority.read(handler) as act:
        (line,) = ledgers.page(act, "L03").lines
        assert (line.case_no, line.data["name"]) == (town.case(act).case_no, "甲某一")
        assert "L03" in [ledger.code for ledger in ledgers.visible(act)]
    with town.authority.read(far) as act:
        assert ledgers.page(act, "L03").lines == ()
    with town.authority.read(town.officer("grid-worker", "JA-01-01")) as act:
        assert ledgers.visible(act) == []
        with pytest.raises(Unknown):
            ledgers.page(act, "L03")
    with town.system() as act:
        relations.declare(act, type="sibling", staff_id=handler.staff_id, case_no=town.case(act).case_no, said_by="applicant")
    with town.authority.read(handler) as act:
        assert ledgers.page(act, "L03").lines == ()


def test_coded_values_come_with_the_words_that_people_read(town: Town) -> None:
    with town.authority.read(town.officer("case-handler")) as act:
        assert ledgers.page(act, "L03").labels["text"]["fire"] == ("火灾", "fire")
        assert ledgers.page(act, "L13").labels["post"]["fund-officer"][0] == "资金经办人"


def test_pages_follow_each_other_without_gap_or_double(town: Town) -> None:
    with town.system() as act:
        for number in range(7):
            ledgers.add(act, town.case(act), "L13", {"name": str(number)}, item=str(number))

    seen, after = [], 0
    with town.authority.read(town.officer("case-handler")) as act:
        while True:
            page = ledgers.page(act, "L13", after=after, limit=3)
            seen += [line.data["name"] for line in page.lines]
            if page.next is None:
                break
            after = page.next

    assert seen == [str(number) for number in range(7)]


def test_the_past_is_shown_as_it_was(town: Town) -> None:
    with town.system() as act:
        ledgers.add(act, town.case(act), "L13", {"name": "收据"}, item="收据")
    before = town.clock.now() + timedelta(hours=1)
    town.authority.advance_to(town.clock.now() + timedelta(days=3))
    with town.system() as act:
        ledgers.strike(act, town.case(act), "L13", ground="补齐")

    with town.authority.read(town.officer("case-handler")) as act:
        assert ledgers.page(act, "L13").lines[0].entry.struck_on == date(2026, 2, 13)
        assert ledgers.page(act, "L13", as_of=date(2026, 2, 11)).lines[0].entry.struck_on is None
        assert ledgers.page(act, "L13", known_at=before).lines[0].entry.struck_on is None
        assert ledgers.page(act, "L13", as_of=date(2026, 2, 9)).lines == ()


@pytest.mark.parametrize(
    "tree",
    [
        {}, {"ledgers": [{"code": "L1"}]}, {"ledgers": [{"code": "L1", "zh": "a", "en": "a", "columns": [{"key": "x", "zh": "", "en": "", "type": "blob"}]}]},
        {"ledgers": [{"code": "L1", "zh": "a", "en": "a", "columns": [], "struckBy": "magic"}]},
        {"ledgers": [{"code": "L1", "zh": "a", "en": "a", "columns": []}] * 2},
    ],
)  # fmt: skip
def test_a_table_of_ledgers_that_cannot_be_meant_is_refused(tree: Any) -> None:
    with pytest.raises(BadTable):
        ledgers.parse(tree)
