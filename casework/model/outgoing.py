"""What leaves a transaction: messages to officers, the outbox, answers kept for a repeated request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casework.model.record import Record


@dataclass(frozen=True, slots=True)
class Notification(Record):
    """A message to a person or an audience over a channel (inbox, sms, phone), with what became of it."""

    region: str
    id: int
    case_id: int | None
    audience: str
    channel: str
    text_id: str
    zh: str
    en: str
    sent_at: datetime
    read_at: datetime | None
    state: str


class OutboxState(StrEnum):
    """What became of a row of the outbox; `stuck` waits for an administrator."""

    WAITING = "waiting"
    DONE = "done"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Outgoing(Record):
    """Something to do outside this transaction; its id goes out with the effect, so that a receiver can remember it."""

    region: str
    id: int
    kind: str
    case_id: int | None
    cause: str | None
    due_at: datetime
    payload_sealed: bytes
    attempts: int
    state: OutboxState
    message: str | None
    made_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """The first answer to a request with an idempotency key, kept in the same transaction as its effect."""

    region: str
    id: int
    key: str
    digest: str
    status: int | None
    body: bytes | None
    at: datetime
