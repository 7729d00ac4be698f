"""Codes of short links: how they are made, and which ones a person may choose."""

from __future__ import annotations

import re
import secrets

from backend.infra.errors import Invalid

# 31 letters and digits that nobody mistakes for another when reading aloud or typing from paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 7  # 2.75e10 codes: with a million links a new one is taken in 4 of 100,000 cases, and cannot be guessed
LONGER = 8
TRIES = 5

LONGEST = 64
ALLOWED = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")
# Everything of ours lives under /-/, /api/ and these; the others are what people and machines expect at a root.
RESERVED = frozenset(
    {
        "admin", "api", "app", "apple-touch-icon", "favicon", "health", "healthz", "help", "index", "livez", "login",
        "logout", "metrics", "openapi", "readyz", "robots", "settings", "sitemap", "static", "well-known",
    }
)  # fmt: skip


def new_code(tries: int = 0) -> str:
    """A random code; longer once `tries` codes were taken already."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH if tries < TRIES else LONGER))


def check_code(code: str) -> str:
    """A code that a person chose, as it is stored. Raises Invalid."""
    code = code.lower()
    if not code or len(code) > LONGEST:
        raise _bad(f"A code has 1 to {LONGEST} characters.")
    if not code.isascii() or not ALLOWED.fullmatch(code):
        raise _bad("A code holds letters without accents, digits, - and _, and begins and ends with a letter or digit.")
    if code in RESERVED:
        raise _bad("This word is kept for the server itself.")
    return code


def _bad(why: str) -> Invalid:
    return Invalid(why, code="link_code", fields={"code": why})
