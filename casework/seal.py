"""Encrypts what identifies or burdens a person, and makes hashes by which it can still be found exactly.

One master key of the installation; each region has its own keys derived from it, so that a region's rows can be handed over or
lost without the others. AES-256-GCM with a random nonce; the purpose is bound in, so that a sealed value cannot be moved from
one column to another unnoticed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.codec import pack, unpack
from engine.errors import YimenError
from engine.model import Json

_NONCE = 12
_VERSION = b"\x01"


class BrokenSeal(YimenError):
    """Sealed bytes that do not open: another key, another purpose, or changed by somebody."""


class Seal:
    """The keys of an installation. `master` is 32 random bytes that never enter the database."""

    def __init__(self, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError("the sealing key has 32 bytes")
        self._master = master
        self._ciphers: dict[str, AESGCM] = {}
        self._hash_keys: dict[str, bytes] = {}
        self._signing_keys: dict[str, bytes] = {}

    @staticmethod
    def new_key() -> bytes:
        return os.urandom(32)

    def close(self, value: Json, *, region: str, purpose: str) -> bytes:
        """`value` (a JSON value) encrypted; twice the same value gives different bytes."""
        nonce = os.urandom(_NONCE)
        return _VERSION + nonce + self._cipher(region).encrypt(nonce, pack(value), f"{region}|{purpose}".encode())

    def open(self, sealed: bytes, *, region: str, purpose: str) -> Json:
        """The value again; BrokenSeal if it was sealed by another key or for another purpose, or changed."""
        if sealed[:1] != _VERSION:
            raise BrokenSeal(f"a sealed value of an unknown form ({purpose})")
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return unpack(self._cipher(region).decrypt(nonce, body, f"{region}|{purpose}".encode()))
        except InvalidTag as broken:
            raise BrokenSeal(f"a sealed value does not open ({purpose})") from broken

    def fingerprint(self, text: str, *, region: str, purpose: str) -> str:
        """A keyed hash for exact search: equal texts of one region and purpose give equal hashes, nothing else shows."""
        if region not in self._hash_keys:
            self._hash_keys[region] = self._derive(f"hash|{region}")
        return hmac.new(self._hash_keys[region], f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()

    def sign(self, content: bytes, *, purpose: str) -> bytes:
        """HMAC-SHA256 of `content` under the installation's key for `purpose`: shows that it comes from us."""
        if purpose not in self._signing_keys:
            self._signing_keys[purpose] = self._derive(f"sign|{purpose}")
        return hmac.new(self._signing_keys[purpose], content, hashlib.sha256).digest()

    def _cipher(self, region: str) -> AESGCM:
        if region not in self._ciphers:
            self._ciphers[region] = AESGCM(self._derive(f"seal|{region}"))
        return self._ciphers[region]

    def _derive(self, use: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"yimen|{use}".encode()).derive(self._master)


def load_key(file: Path) -> bytes:
    """The master key kept in a file that only its owner may read; made on first use. ValueError for a file of another size."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = file.read_bytes()
        if len(key) != 32:
            raise ValueError(f"{file} is not a sealing key (32 bytes)") from None
        return key
    key = Seal.new_key()
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
    return key
