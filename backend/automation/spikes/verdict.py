"""Whether much more is said than usual: one number, the chance that it would be so on an ordinary day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import exp, lgamma, log

from backend.automation.spikes.usual import Past, Times, Usual

#: stretches that are looked at, in hours, and the fewest posts in each that are a spike whatever is usual: a blow, and
#: what builds up more slowly
STRETCHES = {1: 6, 3: 9}
#: so many times what is usual, at least
LEAST_RATIO = 2.0
#: said so rarely by chance: a balance between what is missed and what is said for nothing, tried on synthetic years
RARE = 1.2e-3
#: fewer posts than this are silence, for any keyword
SILENCE = 3


@dataclass(frozen=True)
class Verdict:
    """`count` posts in the last `hours`, where `expected` are usual; `chance`: of so many or more."""

    hours: int
    count: int
    expected: float
    chance: float
    spike: bool


def judge(times: Times, *, born_at: datetime, zone: str, now: datetime) -> Verdict:
    """The most unusual of the stretches that end at `now`. Posts at `now` or later are not known yet."""
    past = Past(times, born_at=born_at, zone=zone, now=now)
    found = [_judge_stretch(past, hours, least) for hours, least in STRETCHES.items()]
    return min(found, key=lambda verdict: (not verdict.spike, verdict.chance, verdict.hours))


def _judge_stretch(past: Past, hours: int, least: int) -> Verdict:
    count = past.count(hours)
    usual = past.usual(hours) if count >= SILENCE else None
    if usual is None:
        return Verdict(hours, count, 0.0, 1.0, spike=False)
    chance = chance_of(count, usual)
    if chance < RARE:
        # Only now, because it costs more than all the rest.
        level = past.level(hours)
        usual = Usual(usual.mean * level, usual.variance * level)
        chance = chance_of(count, usual)
    spike = chance < RARE and count >= max(least, LEAST_RATIO * usual.mean)
    return Verdict(hours, count, usual.mean, chance, spike)


def chance_of(count: int, usual: Usual) -> float:
    """The chance of `count` or more: the tail of a negative binomial with this mean and variance."""
    mean = max(usual.mean, 1e-9)
    if count <= mean:
        return 1.0
    size = mean**2 / max(usual.variance - mean, 1e-9)
    share = size / (size + mean)
    term = exp(
        lgamma(count + size) - lgamma(size) - lgamma(count + 1) + size * log(share) + count * log(mean / (size + mean))
    )
    total, at = term, count
    while term > total * 1e-6 and at < count + 10_000:
        term *= (at + size) / (at + 1) * (1 - share)
        total += term
        at += 1
    return min(total, 1.0)
