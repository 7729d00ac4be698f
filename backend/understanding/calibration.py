"""How often a head is right when it is this sure, and whether that is often enough to show a hint.

A head's own probability is cut into bands. Each band starts from what was counted on held-out seeds (worth at most
PRIOR_WEIGHT judgements) and goes on with what people of the brand confirmed or corrected. Bands are then made to rise
(a surer band is never less right: pool adjacent violators), and a hint is shown where its band is right at least 85
times in 100.

The counts are only as good as what is judged: pass confirmations (`right=True`: confirmed in words, or acted on as
the hint says) as well as corrections, else every band sinks.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

from backend.understanding.vectors import DATA

# Lower ends of the bands of a head's own probability.
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
SHOWN_FROM = 0.85
# Judgements that the held-out seeds are worth in a band: some 15 of a brand's own outweigh them.
PRIOR_WEIGHT = 15.0
# Real posts are harder than seeds: so many of 100 that were right there are taken for wrong here.
DISCOUNT = 0.06


@dataclass(frozen=True)
class Hint:
    """A label with the head's own probability and the share of right ones to expect, both 0 to 1."""

    label: str
    probability: float
    confidence: float

    @property
    def shown(self) -> bool:
        """Whether a person sees it: right at least 85 times in 100."""
        return is_shown(self.confidence)


class Counts(TypedDict):
    """A brand's judgements of one head, by band; what is stored, as JSON takes it."""

    right: list[int]
    wrong: list[int]


def no_counts() -> Counts:
    """Nothing judged yet."""
    return {"right": [0] * len(BANDS), "wrong": [0] * len(BANDS)}


def count_judgement(counts: Counts, probability: float, *, right: bool) -> Counts:
    """New counts with one more judgement; `probability` is the head's own (`Hint.probability`) as it stood then."""
    added: Counts = {"right": list(counts["right"]), "wrong": list(counts["wrong"])}
    added["right" if right else "wrong"][band_of(probability)] += 1
    return added


def band_of(probability: float) -> int:
    """Index of the band that a probability (0 to 1) falls in."""
    return bisect_right(BANDS, probability) - 1


def confidence(key: str, probability: float, counts: Counts | None = None) -> float:
    """Share of right ones (0 to 1) to expect of the head `key` ("mood.en") at this probability, for one brand."""
    prior = shipped_counts().get(key)
    if prior is not None:
        return band_shares(prior, counts or no_counts())[band_of(probability)]
    # A rule: its own probability stands for the prior.
    if counts is None:
        return probability
    band = band_of(probability)
    right, wrong = counts["right"][band], counts["wrong"][band]
    return (probability * PRIOR_WEIGHT + right) / (PRIOR_WEIGHT + right + wrong)


def is_shown(share: float) -> bool:
    """Whether a hint of this confidence is shown: right at least 85 times in 100."""
    return share >= SHOWN_FROM


def band_shares(prior: Counts, counts: Counts) -> tuple[float, ...]:
    """Expected share of right ones per band, rising: the mean of a Beta posterior, adjacent violators pooled."""
    shares: list[float] = []
    weights: list[float] = []
    for right, wrong, own_right, own_wrong in zip(
        prior["right"], prior["wrong"], counts["right"], counts["wrong"], strict=True
    ):
        seen = right + wrong
        # A half of one judgement each way, so that an empty band says "even".
        share = (right + 0.5) / (seen + 1) * (1 - DISCOUNT)
        worth = min(seen + 1.0, PRIOR_WEIGHT)
        weights.append(worth + own_right + own_wrong)
        shares.append((share * worth + own_right) / weights[-1])
    return _made_to_rise(shares, weights)


def _made_to_rise(shares: list[float], weights: list[float]) -> tuple[float, ...]:
    pools: list[tuple[float, float, int]] = []  # share, weight, bands
    for share, weight in zip(shares, weights, strict=True):
        pools.append((share, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, first, left), (other, second, right) = pools[-2:]
            pools[-2:] = [((one * first + other * second) / (first + second), first + second, left + right)]
    return tuple(share for share, _, bands in pools for _ in range(bands))


@lru_cache(maxsize=1)
def shipped_counts() -> dict[str, Counts]:
    """Head ("mood.en") → what was counted on held-out seeds by `tools/distil/heads.py`."""
    read: dict[str, Counts] = json.loads((DATA / "calibration.json").read_text("utf-8"))
    return read
