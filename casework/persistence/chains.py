"""The statements behind `casework.audit`: chains, entries, payloads and heads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from casework.persistence.tables import audit_chain, audit_entry, audit_head, audit_payload
from engine.model import Json
from engine.persistence.statements import Insert, Statement, equal, insert_for


def _locking(dialect: str) -> Any:
    """Begin a chain, or touch the row of one that stands: either way it is held, and says where it stands."""
    names = ("region", "chain", "n", "hash", "anchored", "moved_at")
    statement = insert_for(dialect, audit_chain).values({name: bindparam(name, type_=audit_chain.c[name].type) for name in names})
    touched = statement.on_conflict_do_update(index_elements=["region", "chain"], set_={"chain": audit_chain.c.chain})
    return touched.returning(audit_chain.c.n, audit_chain.c.hash)


_LOCK = Statement(_locking)
_BEGIN = Insert(audit_chain)
_ADD_ENTRY, _ADD_PAYLOAD = Insert(audit_entry), Insert(audit_payload)
_MOVE = Statement(
    update(audit_chain)
    .where(equal(audit_chain.c.region, "key_region"), equal(audit_chain.c.chain, "key_chain"))
    .values({name: bindparam(name, type_=audit_chain.c[name].type) for name in ("n", "hash", "moved_at")})
)


def begin(connection: Connection, region: str, chain: str, *, genesis: str, at: datetime) -> None:
    """Write the row of a chain that is new."""
    _BEGIN.write(connection, [{"region": region, "chain": chain, "n": 0, "hash": genesis, "anchored": 0, "moved_at": at}])


def lock_chain(connection: Connection, region: str, chain: str, *, genesis: str, at: datetime) -> tuple[int, str]:
    """Number and hash of the last entry; the chain is held until the transaction ends, and begun where it is new."""
    row = _LOCK.first(connection, region=region, chain=chain, n=0, hash=genesis, anchored=0, moved_at=at)
    return row.n, row.hash


def add_entry(connection: Connection, values: dict[str, Any], payload: bytes | None) -> None:
    """Write an entry, its payload, and where its chain stands now."""
    _ADD_ENTRY.write(connection, [values])
    if payload is not None:
        _ADD_PAYLOAD.write(connection, [{"region": values["region"], "id": values["id"], "payload_sealed": payload}])
    _MOVE.write(connection, {
        "n": values["n"], "hash": values["hash"], "moved_at": values["at"], "key_region": values["region"], "key_chain": values["chain"],
    })  # fmt: skip


def entries(
    connection: Connection, region: str, *, chain: str | None, actor_id: int | None, after: int, limit: int, newest_first: bool
) -> Iterator[dict[str, Any]]:
    """Entries with `payload_sealed`, by id."""
    query = _with_payload().where(audit_entry.c.region == region)
    if chain is not None:
        query = query.where(audit_entry.c.chain == chain)
    if actor_id is not None:
        query = query.where(audit_entry.c.actor_id == actor_id)
    if newest_first:
        query = query.where(audit_entry.c.id < after) if after else query
        query = query.order_by(audit_entry.c.id.desc())
    else:
        query = query.where(audit_entry.c.id > after).order_by(audit_entry.c.id)
    for row in connection.execute(query.limit(limit)).mappings():
        yield dict(row)


def all_entries(connection: Connection, region: str | None) -> Iterator[dict[str, Any]]:
    """Every entry with `payload_sealed`, chain by chain, in order of n; read in portions."""
    query = _with_payload().order_by(audit_entry.c.region, audit_entry.c.chain, audit_entry.c.n)
    if region is not None:
        query = query.where(audit_entry.c.region == region)
    for row in connection.execute(query.execution_options(yield_per=1000)).mappings():
        yield dict(row)


def all_chains(connection: Connection, region: str | None) -> dict[tuple[str, str], tuple[int, str]]:
    """(region, chain) -> number and hash of the last entry, as registered."""
    query = select(audit_chain) if region is None else select(audit_chain).where(audit_chain.c.region == region)
    return {(row.region, row.chain): (row.n, row.hash) for row in connection.execute(query)}


def hash_of(connection: Connection, region: str, chain: str, n: int) -> str | None:
    """The hash of entry n of a chain; None where it is missing."""
    query = select(audit_entry.c.hash).where(
        audit_entry.c.region == region, audit_entry.c.chain == chain, audit_entry.c.n == n
    )
    found: str | None = connection.execute(query).scalar()
    return found


def loose_chains(connection: Connection, limit: int) -> list[list[Json]]:
    """[region, chain, n, hash] of chains that moved since they were anchored; held, those held by others left out."""
    query = (
        select(audit_chain).where(audit_chain.c.n > audit_chain.c.anchored).order_by(audit_chain.c.moved_at)
        .limit(limit).with_for_update(skip_locked=True)
    )  # fmt: skip
    return [[row.region, row.chain, row.n, row.hash] for row in connection.execute(query)]


def first_loose_at(connection: Connection) -> datetime | None:
    """When the first chain moved that is not anchored."""
    query = select(audit_chain.c.moved_at).where(audit_chain.c.n > audit_chain.c.anchored).order_by(audit_chain.c.moved_at)
    found: datetime | None = connection.execute(query.limit(1)).scalar()
    return found


def newest_head(connection: Connection) -> tuple[int, str] | None:
    """Number and hash of the newest head."""
    query = select(audit_head.c.n, audit_head.c.hash).order_by(audit_head.c.n.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.n, row.hash)


def add_head(connection: Connection, *, n: int, at: datetime, heads: list[list[Json]], previous: str, digest: str) -> None:
    """Write a head and mark its chains as anchored there."""
    connection.execute(audit_head.insert().values(n=n, at=at, heads=heads, previous=previous, hash=digest))
    for region, chain, anchored, _ in heads:
        connection.execute(
            update(audit_chain)
            .where(audit_chain.c.region == region, audit_chain.c.chain == chain)
            .values(anchored=anchored)
        )


def all_heads(connection: Connection) -> Iterator[dict[str, Any]]:
    """Every head, in order of n."""
    for row in connection.execute(select(audit_head).order_by(audit_head.c.n)).mappings():
        yield dict(row)


def _with_payload() -> Select[Any]:
    return select(audit_entry, audit_payload.c.payload_sealed).outerjoin(
        audit_payload, (audit_payload.c.region == audit_entry.c.region) & (audit_payload.c.id == audit_entry.c.id)
    )
