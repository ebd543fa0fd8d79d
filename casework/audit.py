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

from casework.persistence import chains
from casework.persistence.rows import Connection
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
    """The chain of a case."""
    return f"case:{case_id}"


def views_chain(staff_id: int, on: str) -> str:
    """The log of what an officer looked at on a day (yyyy-mm-dd)."""
    return f"views:{staff_id}:{on}"


ADMINISTRATION = "administration"


def begin(connection: Connection, region: str, chain: str, at: datetime) -> tuple[int, str]:
    """Begin the chain of something new, that nobody else can know yet; gives where it stands."""
    chains.begin(connection, region, chain, genesis=GENESIS, at=at)
    return 0, GENESIS


def append(
    connection: Connection, seal: Seal, *, region: str, chain: str, at: datetime, actor_id: int | None, actor: str,
    capacity: str, verb: str, subject: str, ground: str | None = None, clause: str | None = None, payload: Json = None,
    ends: dict[str, tuple[int, str]] | None = None,
) -> int:  # fmt: skip
    """Write the next entry of `chain` and return its id. Holds the chain until the transaction ends.

    `ends`: where the chains stand that this transaction holds already, by name; kept up to date.
    """
    entry_id = new_id()
    sealed = None if payload is None else seal.close(payload, region=region, purpose=f"audit:{entry_id}")
    end = None if ends is None else ends.get(chain)
    last_n, last_hash = end or chains.lock_chain(connection, region, chain, genesis=GENESIS, at=at)
    values = {
        "region": region, "id": entry_id, "chain": chain, "n": last_n + 1, "at": at.astimezone(UTC), "actor_id": actor_id,
        "actor": actor, "capacity": capacity, "verb": verb, "subject": subject, "ground": ground, "clause": clause,
        "payload_digest": NO_PAYLOAD if sealed is None else _digest(sealed), "previous": last_hash,
    }  # fmt: skip
    digest = _hash(values)
    chains.add_entry(connection, {**values, "hash": digest}, sealed)
    if ends is not None:
        ends[chain] = (last_n + 1, digest)
    return entry_id


def entries(
    connection: Connection, region: str, *, chain: str | None = None, actor_id: int | None = None, after: int = 0,
    limit: int = 100, seal: Seal | None = None, newest_first: bool = False,
) -> list[Entry]:  # fmt: skip
    """Entries in order of writing, those after the id `after` (before it, with `newest_first`); payloads with `seal`."""
    found = []
    rows = chains.entries(
        connection, region, chain=chain, actor_id=actor_id, after=after, limit=limit, newest_first=newest_first
    )
    for values in rows:
        sealed = values.pop("payload_sealed")
        opens = seal is not None and sealed is not None
        payload = seal.open(sealed, region=region, purpose=f"audit:{values['id']}") if seal and opens else None
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
    heads = chains.loose_chains(connection, _HEADS_AT_ONCE)
    if not heads:
        return 0
    last_n, previous = chains.newest_head(connection) or (0, GENESIS)
    digest = _head_hash(last_n + 1, now, heads, previous)
    chains.add_head(connection, n=last_n + 1, at=now, heads=heads, previous=previous, digest=digest)
    return len(heads)


def next_head_at(connection: Connection) -> datetime | None:
    """When heads are due: a minute after the first chain moved that is not anchored; None while all are."""
    moved = chains.first_loose_at(connection)
    return None if moved is None else moved + HEAD_EVERY


def newest_head(connection: Connection) -> tuple[int, str] | None:
    """Number and hash of the newest head: what is to be kept outside the database."""
    return chains.newest_head(connection)


def _digest(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()


def _hash(values: dict[str, Json]) -> str:
    """Over every column but the hash itself, the payload by its digest, `previous` included."""
    # names of columns come as a kind of text of SQLAlchemy's own, which the JSON writer refuses as keys
    canonical = {
        str.__str__(key): value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()
    }
    return hashlib.sha256(orjson.dumps(canonical, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _head_hash(n: int, at: datetime, heads: list[list[Json]], previous: str) -> str:
    return hashlib.sha256(orjson.dumps([n, at.isoformat(), heads, previous])).hexdigest()


def _verify_chains(connection: Connection, region: str | None) -> Iterator[Fault]:
    ends: dict[tuple[str, str], tuple[int, str]] = {}
    bad: set[tuple[str, str]] = set()
    for values in chains.all_entries(connection, region):
        sealed, stored = values.pop("payload_sealed"), values.pop("hash")
        key = (values["region"], values["chain"])
        if key in bad:
            continue
        n, previous = ends.get(key, (0, GENESIS))
        wrong = _fault(values, n + 1, previous, stored, sealed)
        if wrong is not None:
            bad.add(key)
            yield Fault(*key, n=n + 1, zh=wrong[0], en=wrong[1])
        ends[key] = (values["n"], stored)
    registered = chains.all_chains(connection, region)
    for key in sorted((registered.keys() | ends.keys()) - bad):
        n, final = ends.get(key, (0, GENESIS))
        if registered.get(key) != (n, final):
            yield Fault(*key, n=n + 1, zh="链尾的记录缺失。", en="Entries at the end of the chain are missing.")


def _fault(
    values: dict[str, Json], expected: int, last: str, stored: str, sealed: bytes | None
) -> tuple[str, str] | None:
    if values["n"] != expected:
        return (f"第 {expected} 条缺失。", f"Entry {expected} is missing.")
    if values["previous"] != last:
        return ("与前一条不相接。", "It does not join the entry before.")
    if _hash(values) != stored:
        return ("内容被改动。", "It was changed.")
    if sealed is not None and _digest(sealed) != values["payload_digest"]:
        return ("附带内容与摘要不符。", "The payload does not fit its digest.")
    return None


def _verify_heads(connection: Connection) -> Iterator[Fault]:
    """Heads chain among themselves, and each names hashes that the chains still hold: a chain written anew is found here."""
    n, previous = 0, GENESIS
    for head in chains.all_heads(connection):
        computed = _head_hash(head["n"], head["at"], head["heads"], head["previous"])
        if head["n"] != n + 1 or head["previous"] != previous or head["hash"] != computed:
            yield Fault("", "heads", n + 1, "总链被改动。", "The chain of heads was changed.")
            return
        n, previous = head["n"], head["hash"]
        for region, chain, at_n, at_hash in head["heads"]:
            if chains.hash_of(connection, region, chain, at_n) != at_hash:
                zh = "与总链所锚定的不符:该链被重写。"
                yield Fault(region, chain, at_n, zh, "It differs from what the heads anchor: the chain was rewritten.")
                return
