"""The same request twice has one effect and one answer: the first answer lies in the transaction of its act.

The key is the caller's (`Idempotency-Key`), valid for one person and 24 hours. It decides nothing about who may act.
"""

from datetime import timedelta

from casework.act import Act
from casework.model.outgoing import Answer
from casework.persistence import answers
from engine.clock import SystemClock
from engine.errors import InvalidInput

LIFETIME = timedelta(hours=24)


class KeyReused(InvalidInput):
    """The key came with another request before. The caller's mistake: a key names one request."""

    code = "key_reused"


def begin(act: Act, key: str, digest: str) -> Answer | None:
    """The answer that this key had before; None where the act is to be done now, and its key is claimed.

    Call it before anything else: of two requests at once the second waits here, and then gets the first one's answer.
    `digest` stands for the request's content. Raises `KeyReused` where it is not that of the first time.
    """
    at = SystemClock().now()  # the manual clock drives no leases
    own = _own(act, key)
    answers.forget(act.connection, act.region, _own(act, ""), before=at - LIFETIME)
    claimed = Answer(region=act.region, id=act.new_id(), key=own, digest=digest, status=None, body=None, at=at)
    if answers.claim(act.connection, claimed):
        return None
    earlier = act.find(Answer, key=own)
    if earlier is None or earlier.digest != digest:
        raise KeyReused("同一请求编号已用于另一项请求。", "This request key was already used for another request.")
    return earlier


def keep(act: Act, key: str, *, status: int, body: bytes) -> None:
    """Store what is answered, to be committed or rolled back with the act."""
    answers.fill(act.connection, act.region, _own(act, key), status=status, body=body)


def _own(act: Act, key: str) -> str:
    return f"{act.actor.staff_id if act.actor else 0}:{key}"
