"""Bearer tokens of programs: JSON Web Tokens (RFC 7519) that this installation signs and nobody else reads.

HMAC-SHA256 under a key derived from the installation's key file. The header is compared, not obeyed: a token that names another
algorithm, or none, is no token of ours. What a program may do is looked up at each call, so ending it ends its tokens.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.seal import Seal

LIFETIME = timedelta(hours=1)
_PURPOSE = "bearer"
_LONGEST = 4_096


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: which program, with which of its scopes, for which region."""

    subject: str
    scopes: tuple[str, ...]
    region: str


def issue(seal: Seal, claims: Claims, *, issuer: str, audience: str, now: datetime) -> str:
    """A token that is good for `LIFETIME` from `now` (UTC)."""
    payload: dict[str, Any] = {
        "iss": issuer, "sub": claims.subject, "client_id": claims.subject, "scope": " ".join(claims.scopes),
        "region": claims.region, "iat": int(now.timestamp()), "exp": int((now + LIFETIME).timestamp()),
    }  # fmt: skip
    if audience:
        payload["aud"] = audience
    signed = f"{_HEADER}.{_encode(json.dumps(payload, separators=(',', ':')).encode())}"
    return f"{signed}.{_signature(seal, signed)}"


def read(seal: Seal, token: str, *, now: datetime) -> Claims | None:
    """What a token of ours says; None for one that is not ours, was changed, or is over."""
    signed, _, signature = token.rpartition(".")
    header, _, payload = signed.partition(".")
    if len(token) > _LONGEST or header != _HEADER or not token.isascii():
        return None
    if not hmac.compare_digest(signature, _signature(seal, signed)):
        return None
    said = _decode(payload)
    if said is None or now.timestamp() >= said["exp"]:
        return None
    return Claims(said["sub"], tuple(said["scope"].split()), said["region"])


def _signature(seal: Seal, signed: str) -> str:
    return _encode(seal.sign(signed.encode(), purpose=_PURPOSE))


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        return None


_HEADER = _encode(b'{"alg":"HS256","typ":"JWT"}')
