"""What the posts of a spike share: one story, one author, one network, or words that were rare before. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from backend.replies.terms import STOP_WORDS

#: a share of the posts that explains a spike, and the fewest posts that do
SHARE = 0.4
LEAST = 3
_WORD_SHARE = 0.3
_WORD_TIMES = 3.0
_MOST_WORDS = 4
_SHORTEST_WORD = 3


@dataclass(frozen=True)
class Post:
    """`words`: folded, as the inbox stores them. `story`: what says the same has the same."""

    story: int
    author: str
    network: str
    words: str


@dataclass(frozen=True)
class Reason:
    """`n` of `of` posts share it. `story` names the story, `who` the author, `where` the network or the place where the
    story was seen first; `words` are those that are new."""

    why: Literal["story", "author", "network", "words", ""]
    n: int
    of: int
    story: int = 0
    who: str = ""
    where: str = ""
    words: Sequence[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def find_reason(posts: Sequence[Post], before: Sequence[Post], own_words: Collection[str]) -> Reason:
    """`before`: posts of the same keyword before the spike; `own_words`: those of the keyword itself."""
    of = len(posts)
    story, n = _most(post.story for post in posts)
    if n >= max(LEAST, SHARE * of):
        return Reason("story", n, of, story=story)
    author, n = _most(post.author for post in posts if post.author)
    if n >= max(LEAST, SHARE * of):
        return Reason("author", n, of, who=author)
    words, n = _new_words(posts, before, own_words)
    if words:
        return Reason("words", n, of, words=words)
    network, n = _most(post.network for post in posts)
    usual = sum(post.network == network for post in before) / len(before) if before else 0.0
    if n >= max(LEAST, 0.6 * of) and n / of >= 1.5 * usual:
        return Reason("network", n, of, where=network)
    return Reason("", of, of)


def _most(values: Any) -> tuple[Any, int]:
    counted = Counter(values).most_common(1)
    return counted[0] if counted else (None, 0)


def _new_words(posts: Sequence[Post], before: Sequence[Post], own_words: Collection[str]) -> tuple[list[str], int]:
    """Words in many of the posts and in few of those before, the most telling first; in how many posts the first is."""
    now, then = _in_posts(posts), _in_posts(before)
    size, past = len(posts), len(before)
    scores: dict[str, float] = {}
    for word, n in now.items():
        if n < max(LEAST, _WORD_SHARE * size) or word in own_words or not _tells(word):
            continue
        times = (n / size) / ((then[word] + 0.5) / (past + 1))
        if times >= _WORD_TIMES:
            scores[word] = n * times
    words = sorted(scores, key=lambda word: (-scores[word], word))[:_MOST_WORDS]
    return words, now[words[0]] if words else 0


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST_WORD and not word.isdigit() and word not in STOP_WORDS


def _in_posts(posts: Sequence[Post]) -> Counter[str]:
    return Counter(word for post in posts for word in set(post.words.split()))
