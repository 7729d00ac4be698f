"""What changed on a page: its lines compared with those of before, without what changes by itself. Pure.

Left out where it can be known: what differs between two looks in a row (tokens, advertisements, what is drawn by lot),
clocks and "3 minutes ago", counters of views and likes, and the lines a person told us to ignore.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher

MAX_KEPT = 60_000  # code points of one page
MOST_RESTLESS = 300  # lines that are known to change by themselves
MOST_SHOWN = 4_000  # code points of a difference
MOST_COMPARED = 2_000  # lines; of more, only what came and what went is told

_NUMBER = r"\d[\d\s.,’'\u00a0\u202f]{0,20}+(?:[kKmM]\b)?"
_COUNTED = (
    r"views?|vues?|likes?|j['’]aime|comments?|commentaires?|shares?|partages?|reads?|lectures?|votes?|abonnés?|"
    r"followers?|subscribers?|visits?|visites?|online|en ligne|réponses?|replies|réactions?|reactions?|downloads?|"
    r"téléchargements?|min(?:utes?)? read|min(?:utes?)? de lecture"
)
_COUNTER = re.compile(rf"(?<!\w){_NUMBER}\s*(?={_COUNTED})", re.IGNORECASE)
_COUNTER_AFTER = re.compile(rf"(?:{_COUNTED})\s*[:(]\s*{_NUMBER}", re.IGNORECASE)
_AGO = re.compile(
    r"\b(?:\d+|an?|one)\s+(?:second|minute|min|hour|day|week|month|year)s?\s+ago\b"
    r"|\bil y a\s+(?:\d+|une?)\s+\w+|\b(?:just now|à l[’']instant|yesterday|hier|today|aujourd[’']hui)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m\b)?|\b\d{1,2}\s?h\s?\d{2}\b", re.IGNORECASE)
_TOKEN = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}\b|\b[0-9a-f]{16,}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Memory:
    """What is known of a page since the last look. `changes`: how many were told."""

    lines: Sequence[str] = ()
    restless: Collection[str] = field(default_factory=frozenset)  # lines, still, that change by themselves
    changes: int = 0
    looked: bool = False

    def write(self) -> str:
        """As text for the cursor of a feed."""
        values = [self.changes, list(self.lines), sorted(self.restless)]
        return base64.b64encode(zlib.compress(json.dumps(values, ensure_ascii=False).encode(), 9)).decode()

    @classmethod
    def read(cls, cursor: str) -> Memory:
        """What is none is a first look."""
        with suppress(ValueError, zlib.error, TypeError):
            if cursor:
                changes, lines, restless = json.loads(zlib.decompress(base64.b64decode(cursor)))
                return cls([str(line) for line in lines], frozenset(map(str, restless)), int(changes), True)
        return cls()


@dataclass(frozen=True)
class Change:
    """Words that came and went. `text`: readable, a line each, with + and − before it."""

    text: str
    added: int
    removed: int

    @property
    def words(self) -> int:
        return self.added + self.removed


def still(line: str) -> str:
    """A line without what moves in it, to compare by."""
    line = _AGO.sub("◦", line)
    line = _COUNTER_AFTER.sub("◦", line)
    line = _COUNTER.sub("◦ ", line)
    line = _CLOCK.sub("◦", line)
    return " ".join(_TOKEN.sub("◦", line).split())


def shape(line: str) -> str:
    """What stays of a line that changes by itself: no numbers, and only its beginning."""
    return re.sub(r"\d+", "0", still(line))[:40]


def keep_lines(lines: Sequence[str], ignored: Sequence[str] = ()) -> list[str]:
    """The lines of a page that count: not those that a person ignores (a part of the line, capitals aside), and not
    more than can be kept."""
    parts = [part.casefold() for part in ignored if part.strip()]
    kept: list[str] = []
    size = 0
    for line in lines:
        if any(part in line.casefold() for part in parts):
            continue
        size += len(line)
        if size > MAX_KEPT:
            break
        kept.append(line)
    return kept


def restless_lines(first: Sequence[str], second: Sequence[str]) -> frozenset[str]:
    """Shapes of the lines that differ between two looks in a row."""
    one, other = Counter(map(still, first)), Counter(map(still, second))
    return frozenset(shape(line) for line in ((one - other) | (other - one)))


def without(lines: Sequence[str], restless: Collection[str]) -> list[str]:
    return [line for line in lines if shape(line) not in restless] if restless else list(lines)


def hash_of(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(map(still, lines)).encode("utf-8", "replace")).hexdigest()


def compare(before: Sequence[str], after: Sequence[str]) -> Change | None:
    """None where nothing that counts is different. What only moved to another place is no change."""
    gone, come = _only_in(before, after), _only_in(after, before)
    if not gone and not come:
        return None
    shown: list[str] = []
    added = removed = 0
    for old, new in _paired(gone, come):
        if old and new:
            less, more = _words_apart(old, new)
        else:
            less, more = old.split(), new.split()
        added, removed = added + len(more), removed + len(less)
        shown += [f"− {old}"] if old else []
        shown += [f"+ {new}"] if new else []
    text = "\n".join(shown)
    return Change(text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…", added, removed)


def _only_in(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    known = Counter(map(still, others))
    found = []
    for line in lines:
        key = still(line)
        if known[key] > 0:
            known[key] -= 1
        else:
            found.append(line)
    return found


def _paired(gone: Sequence[str], come: Sequence[str]) -> list[tuple[str, str]]:
    """Each line that went with the one that came in its place, where they say nearly the same; "" where none."""
    if len(gone) + len(come) > MOST_COMPARED:
        return [*((line, "") for line in gone), *(("", line) for line in come)]
    left = [(new, _word_set(new)) for new in come]
    pairs: list[tuple[str, str]] = []
    for old in gone:
        words = _word_set(old)
        near = next((one for one in left[:50] if len(words & one[1]) * 2 > max(len(words), len(one[1]))), None)
        if near is not None:
            left.remove(near)
        pairs.append((old, near[0] if near is not None else ""))
    return [*pairs, *(("", new) for new, _ in left)]


def _word_set(line: str) -> frozenset[str]:
    return frozenset(line.casefold().split()[:200])


def _words_apart(old: str, new: str) -> tuple[list[str], list[str]]:
    one, other = old.split()[:400], new.split()[:400]
    less: list[str] = []
    more: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what != "equal":
            less += one[a:b]
            more += other[c:d]
    return less, more
