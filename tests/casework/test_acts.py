"""No record, no act; a refusal is recorded once; the audit shows tampering and names the first bad entry."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, update

from casework import audit
from casework.act import Act
from casework.errors import MissingRecord, Refused
from casework.model.outgoing import Notification
from casework.model.people import Holding, Office
from casework.people import organisation
from casework.persistence.tables import audit_chain, audit_entry, audit_payload
from casework.records import case_page
from tests.casework.conftest import Town


def notification(act: Act) -> Notification:
    return Notification(
        region=act.region, id=act.new_id(), case_id=None, audience="staff:1", channel="inbox", text_id="t", zh="知", en="note",
        sent_at=act.now, read_at=None, state="sent",
    )  # fmt: skip


def test_an_act_that_wrote_a_row_and_recorded_nothing_is_not_kept(town: Town) -> None:
    with pytest.raises(MissingRecord), town.authority.system("test", region="JA") as act:
        act.add(notification(act))

    with town.authority.system_read(region="JA") as act:
        assert act.find_all(Notification) == []


def test_an_act_that_moved_a_case_and_recorded_nothing_is_not_kept(town: Town) -> None:
    task = town.task(town.open(), "A")

    with pytest.raises(MissingRecord), town.authority.system("test", region="JA") as act:
        act.work.complete_user_task(task.id, {})

    assert town.task_now(task).closed_at is None


def test_a_look_cannot_write(town: Town) -> None:
    with pytest.raises(TypeError), town.authority.read(town.who("ja-01-handler")) as act:
        act.add(notification(act))


def test_a_refusal_leaves_exactly_one_entry_and_nothing_else(town: Town) -> None:
    case = town.open()
    town.complete(town.task(case, "A"), "ja-01-handler")
    before = town.verbs(case)

    with pytest.raises(Refused):
        town.claim(town.task(case, "B"), "ja-01-handler")

    assert town.verbs(case) == [*before, "refused"]


def test_an_entry_holds_what_changed_before_and_after(town: Town) -> None:
    case = town.open()
    town.claim(town.task(case, "A"), "ja-01-handler")

    with town.authority.system_read(region="JA") as act:
        found = audit.entries(act.connection, "JA", chain=audit.case_chain(case.id), limit=100, seal=act.house.seal)
    entry = next(each for each in found if each.verb == "claim")

    assert (entry.payload["before"]["state"], entry.payload["after"]["state"]) == ("unclaimed", "claimed")


def test_a_view_of_a_case_stands_in_the_officers_log_of_the_day(town: Town) -> None:
    case = town.open()
    clerk = town.who("ja-01-window")
    with town.authority.read(clerk) as act:
        case_page.view(act, case.case_no)

    with town.authority.system_read(region="JA") as act:
        seen = audit.entries(act.connection, "JA", chain=audit.views_chain(clerk.staff_id, "2026-03-02"))

    assert [(entry.verb, entry.subject) for entry in seen] == [("view", f"case:{case.id}")]


def _third(connection: Connection, chain: str) -> int:
    found = [entry for entry in audit.entries(connection, "JA", chain=chain) if entry.n == 3]
    return found[0].id


def _changed(connection: Connection, chain: str) -> None:
    connection.execute(update(audit_entry).where(audit_entry.c.id == _third(connection, chain)).values(actor="somebody else"))


def _removed(connection: Connection, chain: str) -> None:
    connection.execute(delete(audit_entry).where(audit_entry.c.id == _third(connection, chain)))


def _payload_changed(connection: Connection, chain: str) -> None:
    third = _third(connection, chain)
    connection.execute(update(audit_payload).where(audit_payload.c.id == third).values(payload_sealed=b"\x01other"))


def _swapped(connection: Connection, chain: str) -> None:
    entries = {entry.n: entry.id for entry in audit.entries(connection, "JA", chain=chain)}
    for n, other in ((3, 1000), (4, 3), (1000, 4)):
        connection.execute(update(audit_entry).where(audit_entry.c.id == entries.get(n, entries[3])).values(n=other))


def _cut(connection: Connection, chain: str) -> None:
    connection.execute(delete(audit_entry).where(audit_entry.c.chain == chain, audit_entry.c.n >= 3))


@pytest.mark.parametrize("tamper", [_changed, _removed, _payload_changed, _swapped, _cut])
def test_tampering_is_found_and_the_first_bad_entry_named(town: Town, tamper: Callable[[Connection, str], None]) -> None:
    case = town.open()
    town.complete(town.task(case, "A"), "ja-01-handler")
    chain = audit.case_chain(case.id)
    with town.authority.database.begin() as connection:
        sound = audit.verify(connection)
        tamper(connection, chain)
        found = audit.verify(connection, "JA")

    assert sound == []
    assert [(fault.chain, fault.n) for fault in found] == [(chain, 3)]


def test_a_chain_that_was_written_anew_is_found_through_the_heads(town: Town) -> None:
    case = town.open()
    town.authority.advance_to(town.clock.now() + timedelta(minutes=5))
    chain = audit.case_chain(case.id)
    with town.authority.database.begin() as connection:
        values = [(entry.n, entry) for entry in audit.entries(connection, "JA", chain=chain)]
        previous = audit.GENESIS
        for n, entry in values:
            fields = {name: getattr(entry, name) for name in (
                "region", "id", "chain", "n", "at", "actor_id", "actor", "capacity", "verb", "subject", "ground", "clause", "payload_digest")}
            forged = {**fields, "actor": "forged" if n == 1 else entry.actor, "previous": previous}
            digest = audit._hash(forged)
            connection.execute(update(audit_entry).where(audit_entry.c.id == entry.id).values(
                actor=forged["actor"], previous=previous, hash=digest))
            previous = digest
        connection.execute(update(audit_chain).where(audit_chain.c.chain == chain).values(hash=previous))
        found = audit.verify(connection)

    assert [fault.chain for fault in found] == [chain]


def test_a_destroyed_payload_does_not_break_the_chain(town: Town) -> None:
    case = town.open()
    with town.authority.database.begin() as connection:
        connection.execute(delete(audit_payload).where(audit_payload.c.id == _third(connection, audit.case_chain(case.id))))
        found = audit.verify(connection)

    assert found == []


def test_only_administrators_appoint(town: Town) -> None:
    with pytest.raises(Refused), town.authority.act(town.who("ja-01-leader")) as act:
        organisation.appoint(act, act.actor.staff_id if act.actor else 0, "supervisor", organisation.office(act, "JA"))


def test_a_post_counts_from_its_first_day_to_the_day_before_its_last(town: Town) -> None:
    with town.authority.system("test", region="JA") as act:
        office = act.find_all(Office, code="JA-01")[0]
        person = town.who("ja-01-fund")
        held = organisation.appoint(act, person.staff_id, "window-clerk", office, from_on=act.today + timedelta(days=1))
        today = organisation.audiences_of(act, person.staff_id)
        act.change(held, from_on=act.today, until_on=act.today)
        ended = organisation.audiences_of(act, person.staff_id)
        act.change(act.get(Holding, held.id), until_on=None)
        begun = organisation.audiences_of(act, person.staff_id)

    assert ["window-clerk@JA-01" in held for held in (today, ended, begun)] == [False, False, True]
