"""What must happen outside this transaction: another instance, a message to a person, a document to draw.

A row is written with the act and worked off after its commit, each in a transaction of its own, at least once and always with
the same id. What each kind does stands in a table that is handed in (`casework.steps`); nothing here knows a kind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from casework.act import Act
from casework.model.outgoing import OutboxState, Outgoing
from casework.persistence import outgoing as outgoing_rows
from casework.persistence import rows
from engine.model import Json

#: Does one thing for one row; raises to be called again later.
Delivery = Callable[[Act, Outgoing, Json], None]

ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=30)
_log = logging.getLogger(__name__)


def put(
    act: Act, kind: str, payload: Json, *, case_id: int | None = None, due_at: datetime | None = None, cause: str | None = None
) -> Outgoing | None:
    """Put something to do into the outbox; None if something with the same `cause` was put there before."""
    if cause is not None and act.find(Outgoing, cause=cause) is not None:
        return None
    outgoing_id = act.new_id()
    return act.add(
        Outgoing(
            region=act.region, id=outgoing_id, kind=kind, case_id=case_id, cause=cause, due_at=due_at or act.now,
            payload_sealed=act.house.seal.close(payload, region=act.region, purpose=f"outbox:{outgoing_id}"), attempts=0,
            state=OutboxState.WAITING, message=None, made_at=act.now, done_at=None,
        )
    )


def deliver(act: Act, outgoing_id: int, deliveries: Mapping[str, Delivery]) -> bool:
    """Do what one row says, within the act's transaction; False if another process has it or it is done.

    Locks the case of the row first, then the row. Whatever the delivery raises leaves the row as it was: `failed` notes it.
    """
    outgoing = act.get(Outgoing, outgoing_id)
    if outgoing.case_id is not None:
        act.lock_case(outgoing.case_id)
    if not outgoing_rows.take(act.connection, act.region, outgoing_id):
        return False
    payload = act.house.seal.open(outgoing.payload_sealed, region=act.region, purpose=f"outbox:{outgoing_id}")
    deliveries[outgoing.kind](act, outgoing, payload)
    act.change(outgoing, state=OutboxState.DONE, done_at=act.now)
    return True


def failed(act: Act, outgoing_id: int, message: str) -> Outgoing:
    """Note a failure: again after a wait that doubles, `stuck` after the last attempt (an administrator sees those)."""
    outgoing = rows.get(act.connection, Outgoing, act.region, outgoing_id, lock=True)
    attempts = outgoing.attempts + 1
    stuck = attempts >= ATTEMPTS
    if stuck:
        _log.error("outbox row %s of kind %s is stuck", outgoing.id, outgoing.kind)
    return act.change(
        outgoing, attempts=attempts, message=message[:2000], due_at=act.now + FIRST_WAIT * 2 ** (attempts - 1),
        state=OutboxState.STUCK if stuck else OutboxState.WAITING,
    )  # fmt: skip


def retry(act: Act, outgoing_id: int) -> Outgoing:
    """Give a stuck row its attempts back; it is due at once."""
    outgoing = rows.get(act.connection, Outgoing, act.region, outgoing_id, lock=True)
    renewed = act.change(outgoing, state=OutboxState.WAITING, attempts=0, due_at=act.now)
    act.record("retry-outgoing", renewed, case_id=renewed.case_id)
    return renewed
