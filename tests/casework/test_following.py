"""What follows a commit: own jobs and the outbox, also when the process died before it came to them."""

from casework import outbox
from casework.authority import Authority
from casework.model.outgoing import OutboxState, Outgoing
from casework.model.records import LedgerEntry
from casework.outbox import ATTEMPTS
from casework.records import cases, starting
from tests.casework.conftest import Town

REPORT = {"name": "甲某一", "place": "甲一村三组", "urgentCause": "fire", "foundAt": "2026-03-02T08:30:00+08:00", "finder": "网格员", "channel": "discovery"}


def test_jobs_that_nobody_drained_are_done_once_by_the_heartbeat(town: Town) -> None:
    with town.authority.engine.work(region="JA", by="a process that dies after this commit") as work:
        root = work.start_instance("temporary-aid-urgent", {**REPORT, "townshipCode": "JA-01", "villageCode": "JA-01-01"})

    for _ in range(3):
        town.authority.run_due()

    with town.authority.system_read(region="JA") as act:
        case = cases.of_instance(act, root)
        assert case is not None
        assert [entry.ledger for entry in act.find_all(LedgerEntry, case_id=case.id)] == ["L03"]
    assert town.task(case, "P04-S03").audiences == ("survey-officer@JA-01", "case-handler@JA-01")


def test_what_cannot_be_delivered_is_tried_a_few_times_and_then_waits_for_a_person(town: Town) -> None:
    with town.authority.system("test", region="JA") as act:
        put = outbox.put(act, "letter.draw", {"letterId": 1})
    assert put is not None

    def now(authority: Authority) -> Outgoing:
        with authority.system_read(region="JA") as act:
            return act.get(Outgoing, put.id)

    first = now(town.authority)
    while (standing := now(town.authority)).state is OutboxState.WAITING:
        town.authority.advance_to(max(standing.due_at, town.clock.now()))

    assert (first.attempts, standing.attempts, standing.state) == (1, ATTEMPTS, OutboxState.STUCK)


def test_the_outbox_takes_one_row_per_cause(town: Town) -> None:
    with town.authority.system("test", region="JA") as act:
        first = outbox.put(act, "message.publish", {"name": "x", "key": "y", "variables": {}}, cause="once")
        second = outbox.put(act, "message.publish", {"name": "x", "key": "y", "variables": {}}, cause="once")

    assert first is not None
    assert second is None


def test_a_case_is_opened_once_per_cause(town: Town) -> None:
    with town.authority.system("test", region="JA") as act:
        first = starting.open_case(act, "tiny", {"townshipCode": "JA-01"}, cause="clue:1")
        second = starting.open_case(act, "tiny", {"townshipCode": "JA-01"}, cause="clue:1")
        act.record("twice", first)

    assert first.id == second.id


def test_listeners_hear_which_lists_changed_until_they_leave(town: Town) -> None:
    heard: list[frozenset[str]] = []
    leave = town.authority.subscribe(heard.append)
    case = town.open()
    leave()
    town.claim(town.task(case, "A"), "ja-01-handler")

    assert heard == [frozenset({"cases", "tasks"})]
