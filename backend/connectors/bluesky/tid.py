"""Record keys of Bluesky: TIDs, 64 bits in 13 characters that sort by time (atproto.com/specs/tid)."""

from __future__ import annotations

from datetime import datetime

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def make_tid(at: datetime, key: str) -> str:
    """The TID of a post frozen at `at`, told apart from others of that moment by `key` (at least 64 random bits, hex).

    The same moment and key give the same TID. Scheduled posts share round moments, so 10 bits of clock id alone would
    meet once in a thousand: the microseconds of the last second come from the key as well.
    """
    seed = int(key[:16], 16)
    micros = int(at.timestamp()) * 1_000_000 - seed % 1_000_000
    value = (micros << 10) | (seed // 1_000_000) % 1024
    return "".join(ALPHABET[value >> shift & 31] for shift in range(60, -1, -5))
