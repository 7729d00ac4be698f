"""Which saved replies fit a post: plain word likeness, no model, pure.

A reply is its head (title, shortcut, tags), its text, and the posts under which people used it before. A post's word
counts the more the fewer replies know it, most in the head, then in earlier posts, least in the text. Long posts share
words by chance, so their sum is damped. How often a reply was used or refused only orders what fits anyway.
Below `MIN_SCORE` nothing fits, and nothing is shown.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

HEAD_WEIGHT = 3.0
TEXT_WEIGHT = 1.0
EXAMPLE_WEIGHT = 0.8  # for each earlier post that held the word…
MAX_EXAMPLE_WEIGHT = 2.4  # …as good as the head after three, never more: one odd post shall not take over
MIN_SCORE = 1.4  # about one rare word of the head, or two of the text
USUAL_ROOTS = 10  # of a short post; each one above damps by DAMPING
DAMPING = 0.04
FEWEST_REPLIES = 8  # with fewer, a word would look common because hardly anything else is there
MAX_WORDS_SHOWN = 4


@dataclass(frozen=True)
class ReplyFacts:
    """What is known of one reply, words as roots (`terms.telling_roots`)."""

    reply_id: int
    language: str
    head: frozenset[str]
    text: frozenset[str]
    #: root → in how many posts, under which this reply was used, it stood
    examples: Mapping[str, int] = field(default_factory=dict)
    uses: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Ranked:
    """A reply that fits. `score` is between 0 and 1; `words` are those of the post that decided, best first."""

    reply_id: int
    score: float
    words: tuple[str, ...]
    learned: bool  # earlier posts told more than the reply's own words
    uses: int


class ReplyIndex:
    """The replies of one brand, ready to be asked. Immutable; threads may share it."""

    def __init__(self, replies: Iterable[ReplyFacts]) -> None:
        self._replies = list(replies)
        self._own: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._learned: dict[str, list[tuple[int, float]]] = defaultdict(list)
        known: dict[str, int] = defaultdict(int)
        for index, reply in enumerate(self._replies):
            for word in reply.head:
                self._own[word].append((index, HEAD_WEIGHT))
            for word in reply.text - reply.head:
                self._own[word].append((index, TEXT_WEIGHT))
            for word, posts in reply.examples.items():
                self._learned[word].append((index, min(MAX_EXAMPLE_WEIGHT, EXAMPLE_WEIGHT * posts)))
            for word in reply.head | reply.text:
                known[word] += 1
            for word in reply.examples.keys() - reply.head - reply.text:
                known[word] += 1
        total = max(len(self._replies), FEWEST_REPLIES)
        self._rarity = {word: math.log(1 + total / count) / math.log(1 + total) for word, count in known.items()}

    def rank(self, post: Mapping[str, str], language: str, limit: int) -> list[Ranked]:
        """The replies that fit a post best, at most `limit`; none when nothing fits.

        `post` maps its roots to its words. A reply in another language than the post's does not fit; "und" on either
        side fits any.
        """
        own: dict[int, dict[str, float]] = defaultdict(dict)
        learned: dict[int, dict[str, float]] = defaultdict(dict)
        for word in post:
            rarity = self._rarity.get(word, 0.0)
            for index, weight in self._own.get(word, ()):
                own[index][word] = weight * rarity
            for index, weight in self._learned.get(word, ()):
                learned[index][word] = weight * rarity
        damping = 1 + DAMPING * max(0, len(post) - USUAL_ROOTS)
        found: list[tuple[float, float, int, Ranked]] = []
        for index in own.keys() | learned.keys():
            reply = self._replies[index]
            if not speaks(reply.language, language):
                continue
            shares = _best_of(own.get(index, {}), learned.get(index, {}))
            fit = sum(shares.values()) / damping
            if fit * _liking(reply) < MIN_SCORE:
                continue
            score = fit * _liking(reply) * (1 + 0.08 * math.log1p(reply.uses))
            words = sorted(shares, key=lambda word: -shares[word])[:MAX_WORDS_SHOWN]
            is_learned = sum(learned.get(index, {}).values()) > sum(own.get(index, {}).values())
            found.append(
                (
                    -score,
                    -reply.uses,
                    reply.reply_id,
                    Ranked(
                        reply.reply_id,
                        round(1 - math.exp(-score / 3), 4),
                        tuple(post[word] for word in words),
                        is_learned,
                        reply.uses,
                    ),
                )
            )
        return [ranked for *_, ranked in sorted(found, key=lambda entry: entry[:3])[:limit]]


def speaks(reply_language: str, post_language: str) -> bool:
    """Whether a reply can stand under a post of that language."""
    return (
        "und" in (reply_language, post_language)
        or "" in (reply_language, post_language)
        or (reply_language == post_language)
    )


def _best_of(own: Mapping[str, float], learned: Mapping[str, float]) -> dict[str, float]:
    """A word that stands in the reply and in earlier posts counts once, by the better."""
    return {word: max(own.get(word, 0.0), learned.get(word, 0.0)) for word in (*own, *learned)}


def _liking(reply: ReplyFacts) -> float:
    """1 while it is not refused; a reply refused as often as it is used counts three quarters; never below half."""
    return (reply.uses + 1) / (reply.uses + 1 + reply.refused) * 0.5 + 0.5


def count_examples(posts: Sequence[Iterable[str]]) -> dict[str, int]:
    """In how many of these posts each root stands."""
    counted: dict[str, int] = defaultdict(int)
    for post in posts:
        for word in set(post):
            counted[word] += 1
    return dict(counted)
