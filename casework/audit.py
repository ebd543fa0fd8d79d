"""What is left on record: entries in hash chains, heads that anchor the chains, and their verification.

A chain per case, one per officer and day for views, one per region for administration. Each entry holds the hash of the one
before; its payload (before, after) lies apart under a digest, so that a payload may be destroyed by rule without breaking the
chain (P14). The head chain is written by the heartbeat from the chains that moved, never by an act. This module does not know
what an act means.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.persistence.tables import audit_chain, audit_entry, audit_head, audit_payload
from casework.seal import Seal
from engine.model import Json
from engine.persistence.tables import new_id

GENESIS = "0" * 64
NO_PAYLOAD = ""
HEAD_EVERY = timedelta(minutes=1)
_HEADS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a chain; `payload` only where it was asked for and not destroyed."""

    id: int
    region: str
    chain: str
    n: int
    at: datetime
    actor_id: int | None
    actor: str
    capacity: str
    verb: str
    subject: str
    ground: str | None
    clause: str | None
    payload_digest: str
    previous: str
    hash: str
    payload: Json = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain stops being what was written; `n` is the first bad entry."""

    region: str
    chain: str
    n: int
    zh: str
    en: str


def case_chain(case_id: int) -> str:
    return f"case:{case_id}"


def views_chain(staff_id: int, on: str) -> str:
    """The log of what an officer looked at on a day (yyyy-mm-dd)."""
    return f"views:{staff_id}:{on}"


ADMINISTRATION = "administration"


def append(
    connection: Connection, seal: Seal, *, region: str, chain: str, at: datetime, actor_id: int | None, actor: str,
    capacity: str, verb: str, subject: str, ground: str | None = None, clause: str | None = None, payload: Json = None,
) -> int:  # fmt: skip
    """Write the next entry of `chain` and return its id. Holds the chain until the transaction ends."""
    entry_id = new_id()
    sealed = None if payload is None else seal.close(payload, region=region, purpose=f"audit:{entry_id}")
    last_n, last_hash = _lock_chain(connection, region, chain, at)
    values = {
        "region": region, "id": entry_id, "chain": chain, "n": last_n + 1, "at": at.astimezone(UTC), "actor_id": actor_id, "actor": actor,
        "capacity": capacity, "verb": verb, "subject": subject, "ground": ground, "clause": clause,
        "payload_digest": NO_PAYLOAD if sealed is None else hashlib.sha256(sealed).hexdigest(), "previous": last_hash,
    }  # fmt: skip
    values["hash"] = _hash(values)
    connection.execute(audit_entry.insert().values(**values))
    if sealed is not None:
        connection.execute(audit_payload.insert().values(region=region, id=entry_id, payload_sealed=sealed))
    connection.execute(
        update(audit_chain)
        .where(audit_chain.c.region == region, audit_chain.c.chain == chain)
        .values(n=last_n + 1, hash=values["hash"], moved_at=at)
    )
    return entry_id


def entries(
    connection: Connection, region: str, *, chain: str | None = None, actor_id: int | None = None, after: int = 0,
    limit: int = 100, seal: Seal | None = None, newest_first: bool = False,
) -> list[Entry]:  # fmt: skip
    """Entries in order of writing, those after the id `after` (before it, with `newest_first`); payloads with `seal`."""
    query = select(audit_entry, audit_payload.c.payload_sealed).outerjoin(
        audit_payload, (audit_payload.c.region == audit_entry.c.region) & (audit_payload.c.id == audit_entry.c.id)
    )
    query = query.where(audit_entry.c.region == region)
    if chain is not None:
        query = query.where(audit_entry.c.chain == chain)
    if actor_id is not None:
        query = query.where(audit_entry.c.actor_id == actor_id)
    if newest_first:
        query = query.order_by(audit_entry.c.id.desc())
        query = query.where(audit_entry.c.id < after) if after else query
    else:
        query = query.where(audit_entry.c.id > after).order_by(audit_entry.c.id)
    found = []
    for row in connection.execute(query.limit(limit)).mappings():
        values = dict(row)
        sealed = values.pop("payload_sealed")
        payload = seal.open(sealed, region=region, purpose=f"audit:{row['id']}") if seal and sealed is not None else None
        found.append(Entry(**values, payload=payload))
    return found


def verify(connection: Connection, region: str | None = None) -> list[Fault]:
    """The first fault of each chain that has one: changed, removed, inserted or reordered entries; then the heads.

    Reads everything; meant for an auditor's request and for nightly checks.
    """
    faults = [*_verify_chains(connection, region)]
    if region is None:
        faults.extend(_verify_heads(connection))
    return faults


def write_heads(connection: Connection, now: datetime) -> int:
    """Anchor every chain that moved since it was anchored last; returns how many. Chains that an act holds come next time."""
    loose = connection.execute(
        select(audit_chain).where(audit_chain.c.n > audit_chain.c.anchored).order_by(audit_chain.c.moved_at)
        .limit(_HEADS_AT_ONCE).with_for_update(skip_locked=True)
    ).all()  # fmt: skip
    if not loose:
        return 0
    last = connection.execute(select(audit_head).order_by(audit_head.c.n.desc()).limit(1)).one_or_none()
    n, previous = (last.n + 1, last.hash) if last else (1, GENESIS)
    heads = [[row.region, row.chain, row.n, row.hash] for row in loose]
    connection.execute(
        audit_head.insert().values(n=n, at=now, heads=heads, previous=previous, hash=_head_hash(n, now, heads, previous))
    )
    for row in loose:
        connection.execute(
            update(audit_chain)
            .where(audit_chain.c.region == row.region, audit_chain.c.chain == row.chain)
            .values(anchored=row.n)
        )
    return len(loose)


def next_head_at(connection: Connection) -> datetime | None:
    """When heads are due: a minute after the first chain moved that is not anchored; None while all are."""
    query = select(audit_chain.c.moved_at).where(audit_chain.c.n > audit_chain.c.anchored).order_by(audit_chain.c.moved_at).limit(1)
    moved: datetime | None = connection.execute(query).scalar()
    return None if moved is None else moved + HEAD_EVERY


def newest_head(connection: Connection) -> tuple[int, str] | None:
    """Number and hash of the newest head: what is to be kept outside the database."""
    row = connection.execute(select(audit_head.c.n, audit_head.c.hash).order_by(audit_head.c.n.desc()).limit(1)).one_or_none()
    return None if row is None else (row.n, row.hash)


def _lock_chain(connection: Connection, region: str, chain: str, at: datetime) -> tuple[int, str]:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(
        dialect.insert(audit_chain)
        .values(region=region, chain=chain, n=0, hash=GENESIS, anchored=0, moved_at=at)
        .on_conflict_do_nothing()
    )
    row = connection.execute(
        select(audit_chain.c.n, audit_chain.c.hash)
        .where(audit_chain.c.region == region, audit_chain.c.chain == chain)
        .with_for_update()
    ).one()
    return row.n, row.hash


def _hash(values: dict[str, Json]) -> str:
    """Over every column but the hash itself, the payload by its digest, `previous` included."""
    canonical = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()}
    return hashlib.sha256(orjson.dumps(canonical, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _head_hash(n: int, at: datetime, heads: list[list[Json]], previous: str) -> str:
    return hashlib.sha256(orjson.dumps([n, at.isoformat(), heads, previous])).hexdigest()


def _verify_chains(connection: Connection, region: str | None) -> Iterator[Fault]:
    query = select(audit_entry, audit_payload.c.payload_sealed).outerjoin(
        audit_payload, (audit_payload.c.region == audit_entry.c.region) & (audit_payload.c.id == audit_entry.c.id)
    )
    if region is not None:
        query = query.where(audit_entry.c.region == region)
    query = query.order_by(audit_entry.c.region, audit_entry.c.chain, audit_entry.c.n)
    ends: dict[tuple[str, str], tuple[int, str]] = {}
    bad: set[tuple[str, str]] = set()
    for row in connection.execute(query.execution_options(yield_per=1000)).mappings():
        values = dict(row)
        sealed, stored = values.pop("payload_sealed"), values.pop("hash")
        key = (row["region"], row["chain"])
        if key in bad:
            continue
        n, previous = ends.get(key, (0, GENESIS))
        wrong = _fault(row["n"], n + 1, row["previous"], previous, _hash(values), stored)
        if wrong is None and sealed is not None and hashlib.sha256(sealed).hexdigest() != row["payload_digest"]:
            wrong = ("内容与摘要不符。", "The payload does not fit its digest.")
        if wrong is not None:
            bad.add(key)
            yield Fault(*key, n=n + 1, zh=wrong[0], en=wrong[1])
        ends[key] = (row["n"], stored)
    chains = select(audit_chain) if region is None else select(audit_chain).where(audit_chain.c.region == region)
    for chain in connection.execute(chains):
        key = (chain.region, chain.chain)
        if key not in bad and ends.get(key, (0, GENESIS)) != (chain.n, chain.hash):
            bad.add(key)
            n = ends.get(key, (0, GENESIS))[0]
            yield Fault(*key, n=n + 1, zh="链尾缺失记录。", en="Entries are missing at the end of the chain.")
    for key in ends.keys() - bad:
        n, final = ends[key]
        known = connection.execute(
            select(audit_chain.c.n).where(audit_chain.c.region == key[0], audit_chain.c.chain == key[1])
        ).scalar()
        if known is None:
            yield Fault(*key, n=n, zh="链的登记缺失。", en=f"The chain is not registered (ends {final[:8]}).")


def _fault(n: int, expected: int, previous: str, last: str, computed: str, stored: str) -> tuple[str, str] | None:
    if n != expected:
        return (f"第 {expected} 条缺失。", f"Entry {expected} is missing.")
    if previous != last:
        return ("与前一条不相接。", "It does not join the entry before.")
    if computed != stored:
        return ("内容被改动。", "It was changed.")
    return None


def _verify_heads(connection: Connection) -> Iterator[Fault]:
    """Heads chain among themselves, and each names hashes that the chains still hold: a chain written anew is found here."""
    n, previous = 0, GENESIS
    for row in connection.execute(select(audit_head).order_by(audit_head.c.n)):
        if row.n != n + 1 or row.previous != previous or row.hash != _head_hash(row.n, row.at, row.heads, row.previous):
            yield Fault("", "heads", n + 1, "总链被改动。", "The chain of heads was changed.")
            return
        n, previous = row.n, row.hash
        for region, chain, at_n, at_hash in row.heads:
            kept = connection.execute(
                select(audit_entry.c.hash).where(
                    audit_entry.c.region == region, audit_entry.c.chain == chain, audit_entry.c.n == at_n
                )
            ).scalar()
            if kept != at_hash:
                yield Fault(
                    region, chain, at_n, "与总链所锚定的不符:该链被重写。", "It differs from what the heads anchor: the chain was rewritten."
                )
                return
