"""Secrets at rest and keys derived from one master key.

The master key is `ENTREGENT_SECRET_KEY` or a file only its owner can read in the data folder, made at first start.
Every use has a key of its own (HKDF with the purpose as info), so that a leak of one says nothing of another.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_FILE = "secret.key"


class SecretUnreadable(Exception):
    """A stored secret was encrypted with another key (a database copied without its key file)."""


class Vault:
    """Encrypts secrets and derives keys from the master key."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._fernet = Fernet(base64.urlsafe_b64encode(self.key("secrets at rest")))

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, always the same for the same master key."""
        return HKDF(SHA256(), 32, salt=None, info=b"entregent/" + purpose.encode()).derive(self._master)

    def seal(self, secret: Mapping[str, str]) -> str:
        return self._fernet.encrypt(json.dumps(dict(secret)).encode()).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """Raises SecretUnreadable."""
        try:
            opened: dict[str, str] = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken as error:
            raise SecretUnreadable("this secret was stored with another key") from error
        return opened

    def sign(self, purpose: str, message: str) -> str:
        """URL-safe signature of a message, for addresses that carry their own right."""
        return base64.urlsafe_b64encode(hmac.digest(self.key(purpose), message.encode(), "sha256")[:24]).decode()

    def signed(self, purpose: str, message: str, signature: str) -> bool:
        return hmac.compare_digest(self.sign(purpose, message), signature)


def open_vault(secret_key: str, data_dir: Path) -> Vault:
    """The vault of this installation; makes the key file (mode 0600) at first use."""
    if secret_key:
        return Vault(hashlib.sha256(secret_key.encode()).digest())
    path = data_dir / KEY_FILE
    if not path.exists():
        # Written whole under another name and then linked: two processes that start together agree on one key,
        # and neither ever reads half of it.
        scratch = data_dir / f".{KEY_FILE}.{secrets.token_hex(8)}"
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        with contextlib.suppress(FileExistsError):
            os.link(scratch, path)
        scratch.unlink()
    return Vault(path.read_bytes())


def hash_token(token: str) -> str:
    """How a bearer token, a cookie or a one-time link is stored. They are random, so one fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token(prefix: str = "") -> str:
    """256 random bits, URL-safe."""
    return prefix + secrets.token_urlsafe(32)
