"""Queries of the ledgers: counts of an office, pages in order of entry, events of many entries."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from casework.model.records import LedgerEntry, LedgerEvent
from casework.persistence import rows
from casework.persistence.tables import ledger_entry, ledger_event


def open_count(connection: Connection, region: str, ledger: str, office_id: int, *, red_only: bool) -> int:
    """How many entries of an office are not struck off."""
    terms: list[ColumnElement[bool]] = [
        ledger_entry.c.region == region, ledger_entry.c.ledger == ledger, ledger_entry.c.office_id == office_id,
        ledger_entry.c.struck_on.is_(None),
    ]  # fmt: skip
    if red_only:
        terms.append(ledger_entry.c.flagged)
    return int(connection.execute(select(func.count()).select_from(ledger_entry).where(*terms)).scalar_one())


def entries(
    connection: Connection, region: str, ledger: str, *, offices: Sequence[int] | None, after: int, limit: int
) -> list[LedgerEntry]:
    """Entries with an id above `after`, oldest first; `offices` None means all of the region."""
    terms: list[ColumnElement[bool]] = [ledger_entry.c.id > after]
    if offices is not None:
        terms.append(ledger_entry.c.office_id.in_(offices))
    return rows.find_all(connection, LedgerEntry, region, *terms, limit=limit, ledger=ledger)


def events(connection: Connection, region: str, entry_ids: Sequence[int]) -> dict[int, list[LedgerEvent]]:
    """The events of these entries, by entry, in order."""
    grouped: dict[int, list[LedgerEvent]] = {entry_id: [] for entry_id in entry_ids}
    for event in rows.find_all(connection, LedgerEvent, region, limit=100_000, entry_id=list(entry_ids)):
        grouped[event.entry_id].append(event)
    return {entry_id: sorted(found, key=lambda event: event.n) for entry_id, found in grouped.items()}


def last_event(connection: Connection, region: str, entry_id: int) -> int:
    """The number of an entry's last event."""
    query = select(func.max(ledger_event.c.n)).where(ledger_event.c.region == region, ledger_event.c.entry_id == entry_id)
    return int(connection.execute(query).scalar_one())
