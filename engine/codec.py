"""Bytes for values and state: msgpack with exact decimals.

Values are JSON values (None, bool, int, Decimal, str, list, dict). Equal values give equal bytes as long as dicts
keep their order, which both databases do for bytes. Not for pickles: nothing but data comes out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgpack

_DECIMAL = 1
_BIG_INTEGER = 2


def pack(value: Any) -> bytes:
    """`value` as bytes. TypeError for anything but JSON values and bytes (a float is a mistake of ours: doors convert)."""
    try:
        packed: bytes = msgpack.packb(value, default=_encode, strict_types=True)
    except OverflowError:
        packed = msgpack.packb(_without_big_integers(value), default=_encode, strict_types=True)
    return packed


def unpack(data: bytes) -> Any:
    """The value that `pack` made these bytes of."""
    return msgpack.unpackb(data, ext_hook=_decode, strict_map_key=False)


def _encode(value: Any) -> Any:
    if isinstance(value, Decimal):
        return msgpack.ExtType(_DECIMAL, str(value).encode("ascii"))
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str):  # StrEnum and other kinds of text
        return str.__str__(value)
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def _decode(code: int, data: bytes) -> Any:
    text = data.decode("ascii")
    return Decimal(text) if code == _DECIMAL else int(text)


def _without_big_integers(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return msgpack.ExtType(_BIG_INTEGER, str(value).encode("ascii"))
    if isinstance(value, dict):
        return {key: _without_big_integers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_big_integers(item) for item in value]
    return value
