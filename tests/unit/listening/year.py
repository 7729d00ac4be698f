"""A year of polling under a clock of its own: what decides is the real code, services and the network are imagined.

Services publish in rhythms of their own, fall silent, break, shut out who asks too often and come back; our own network
goes away for hours. What the rules promise is checked at each request, by other means than the rules themselves: a
service counts its own requests, and what is shown of a feed is held against what it was given.
"""

from __future__ import annotations

import heapq
import random
from bisect import bisect_right
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.kind import Rate
from backend.infra.reach import Reach
from backend.listening.budgets import ANY_HOST, RATES, block, draw
from backend.listening.kinds import KINDS
from backend.listening.models import Budget, Feed
from backend.listening.outcome import row_after_answer, row_after_failure
from backend.listening.when import MAYBE_OURS

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_HOUR = 3_600.0
_DAY = 86_400.0
_STATE = FetchState()
_KEPT = 20

Span = tuple[float, float]


@dataclass
class Service:
    """Somebody who is asked, and who counts. Times are seconds since the beginning."""

    name: str
    rate: Rate
    broken: list[tuple[float, float, str]]  # from, to, how
    bucket: Budget
    #: when the next request would be due if they came evenly (GCRA), `burst` of them being allowed at once
    expected: float = 0.0
    shut_until: float = 0.0
    asked: int = 0
    crowd: int = 0  # feeds that share it

    def check(self, at: float) -> None:
        """Raises AssertionError for a request that is more than was agreed, in whatever window one looks."""
        assert at >= self.shut_until - 1e-3, f"{self.name} was asked {self.shut_until - at:.0f} s before it said"
        self.expected = max(self.expected, at) + self.rate.every_s
        ahead = self.expected - at - self.rate.every_s * self.rate.burst
        assert ahead <= 1e-3, f"{self.name} was asked {ahead:.1f} s ahead of its budget"
        self.asked += 1

    def how(self, at: float) -> str:
        place = bisect_right(self.broken, (at, 1e18, "")) - 1
        if place >= 0 and self.broken[place][0] <= at < self.broken[place][1]:
            return self.broken[place][2]
        return ""


@dataclass
class Polled:
    """A feed, what it publishes, and what was seen of it."""

    feed: Feed
    service: Service
    gap_s: float  # the mean between two of its articles; 0: it never publishes again
    latest: deque[int] = field(default_factory=lambda: deque(maxlen=_KEPT))
    next_at: float = 0.0
    answered_at: float = 0.0


@dataclass
class Year:
    """What came of it."""

    polls: int = 0
    answers: int = 0
    put_off: int = 0  # leases that waited for a token
    failures: Counter[str] = field(default_factory=Counter)
    ours: int = 0  # failures that were our own network's, and counted against nobody
    blamed: int = 0  # such that were
    requests: Counter[str] = field(default_factory=Counter)
    silences: list[float] = field(default_factory=list)  # between two answers, where nothing was wrong


def live_a_year(feeds: int, *, days: float = 365.0, seed: int = 1, crowd: int = 600) -> Year:
    """`crowd`: of so many feeds, those that ask one service share it. Raises AssertionError for a broken promise."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    year, reach, end = Year(), Reach(), days * _DAY
    away = _spans(chance, end, every=30 * _DAY, lasting=4 * _HOUR)
    polled = _make(chance, feeds, end, crowd)
    # (due, number): a sweep looks at once at whatever is due
    queue = [(chance.uniform(0, _HOUR), number) for number in range(len(polled))]
    heapq.heapify(queue)
    while queue and queue[0][0] < end:
        due, number = heapq.heappop(queue)
        one = polled[number]
        again = _turn(year, one, due, away, reach, chance)
        if again is not None:
            assert again > due, "a poll that is due at once, for ever"
            heapq.heappush(queue, (again, number))
        else:
            assert one.feed.state == "gone", "a feed that nobody will ask again, and that does not say so"
    year.requests.update({one.service.name: one.service.asked for one in polled})
    _check_end(polled, end, queue)
    return year


def _turn(year: Year, one: Polled, at: float, away: list[Span], reach: Reach, chance: random.Random) -> float | None:
    """A lease as `leasing` gives it, a poll as `poll` does it, its end as `ends` does. Gives when it is due again."""
    now, service, feed = BEGIN + timedelta(seconds=at), one.service, one.feed
    wait_s = draw(service.bucket, service.rate, now=now, in_line=feed.in_line)
    if wait_s > 0:
        year.put_off += 1
        feed.due_at, feed.in_line = now + timedelta(seconds=wait_s), True
        return (feed.due_at - BEGIN).total_seconds()
    year.polls += 1
    said = _ask(one, at, _within(away, at))
    outage_s = None
    if isinstance(said, PollFailed):
        if said.code in MAYBE_OURS and reach.is_ours(service.name, now=now):
            outage_s = reach.silent_s(now=now)
        elif said.code not in MAYBE_OURS:
            reach.answered(service.name, now=now)
        row = row_after_failure(feed, said, outage_s=outage_s, now=now, chance=chance.random())
        if said.retry_after_s and outage_s is None:
            block(service.bucket, seconds=said.retry_after_s, now=now)
        year.failures[said.code] += 1
        if _within(away, at):
            year.ours, year.blamed = year.ours + (outage_s is not None), year.blamed + (outage_s is None)
    else:
        reach.answered(service.name, now=now)
        row = row_after_answer(feed, said, list(one.latest), now=now, chance=chance.random())
        year.answers += 1
        _check_silence(year, one, at, away)
        one.answered_at = at
    vars(feed).update(row)
    _check_shown(one, said, outage_s)
    return None if feed.due_at is None else (feed.due_at - BEGIN).total_seconds()


def _ask(one: Polled, at: float, away: bool) -> Fetched | PollFailed:
    if away:
        return PollFailed("unreachable", "no network")
    one.service.check(at)
    match one.service.how(at):
        case "":
            pass
        case "shut":
            wait_s = 1_800
            one.service.shut_until = at + wait_s
            return PollFailed("rate_limited", "the server asks us to wait (HTTP 429)", wait_s)
        case how:
            return PollFailed(how, how)
    while one.gap_s and one.next_at <= at:
        one.latest.appendleft(int(BEGIN.timestamp() + one.next_at))
        one.next_at += one.gap_s * (0.2 + 1.6 * ((one.next_at * 7919) % 1_000) / 1_000)
    return Fetched((), _STATE)


def _check_shown(one: Polled, said: Fetched | PollFailed, outage_s: float | None) -> None:
    """What a person sees of it: no failure without its reason, no reason without a failure."""
    feed = one.feed
    if isinstance(said, PollFailed):
        assert outage_s is not None or (feed.last_error, feed.last_error_text) == (said.code, said.message)
        assert feed.due_at is not None or feed.state == "gone"
        assert outage_s is not None or feed.failures < 3 or feed.state in ("asleep", "gone")
    else:
        assert (feed.state, feed.failures, feed.last_error) == ("ok", 0, "")


def _check_silence(year: Year, one: Polled, at: float, away: list[Span]) -> None:
    """Where nothing was wrong since the last answer, no more passed than the longest interval and a wait for tokens."""
    broken = one.feed.last_error or any(begin < at and end > one.answered_at for begin, end in away)
    if one.answered_at and not broken:
        silent_s = at - one.answered_at
        kind = KINDS[one.feed.kind]
        # Those who share a service wait for each other, and it may have shut them all out meanwhile.
        crowd_s = one.service.crowd * one.service.rate.every_s * 2 + (4 * _HOUR if one.service.broken else 0)
        assert silent_s <= kind.most_s * 1.1 + crowd_s, f"{one.service.name}: {silent_s / _HOUR:.1f} h without a poll"
        year.silences.append(silent_s)


def _check_end(polled: list[Polled], end: float, queue: list[tuple[float, int]]) -> None:
    waiting = {number for _, number in queue}
    for number, one in enumerate(polled):
        assert number in waiting or one.feed.state == "gone"


# --- who there is ------------------------------------------------------------------------------------------


_WRONG = ("timeout", "unreachable", "http_error", "not_found", "not_a_feed", "broken_answer", "too_large", "shut")


def _make(chance: random.Random, feeds: int, end: float, crowd: int) -> list[Polled]:
    """In 20: twelve hosts of their own, two blogs of one host, three searches of one service, three of Reddit."""
    kinds = ["own"] * 12 + ["blogs"] * 2 + ["googlenews"] * 3 + ["reddit.com"] * 3
    services: dict[str, Service] = {}
    polled = []
    for number in range(feeds):
        place = kinds[number % len(kinds)]
        # What is one service in life is one here, as long as so many feeds may share it at all.
        name = {"own": f"host{number}.example", "blogs": f"blogs{number // 200}.example"}.get(place, place)
        if place in ("googlenews", "reddit.com"):
            name = f"{place} {number // crowd}"
        if name not in services:
            services[name] = _make_service(chance, name, RATES.get(place, ANY_HOST), end)
        services[name].crowd += 1
        gap_s = 0.0 if number % 40 == 7 else _HOUR * 10 ** chance.uniform(0.5, 3)
        feed = SimpleNamespace(
            id=number, kind="googlenews" if place == "googlenews" else "feed", params={}, etag="", last_modified="",
            body_hash="", cursor="", title="", site_url="", wishes={}, latest=[], state="ok", failures=0,
            interval_s=900, last_error="", last_error_text="", last_polled_at=None, urgent=False, in_line=False,
            lease_until=None, due_at=None,
        )  # fmt: skip
        polled.append(Polled(cast("Feed", feed), services[name], gap_s, next_at=chance.uniform(0, gap_s or 1)))
    for one in polled:
        if one.service.crowd == 1 and chance.random() < 0.02:
            gone_at = chance.uniform(0.2, 1) * end
            one.service.broken = [span for span in one.service.broken if span[1] < gone_at] + [(gone_at, end, "gone")]
    return polled


def _make_service(chance: random.Random, name: str, rate: Rate, end: float) -> Service:
    """One in three is broken now and then, in a way of its own; what many share is shut now and then."""
    broken: list[tuple[float, float, str]] = []
    shared = " " in name
    if shared or chance.random() < 0.34:
        how = "shut" if shared else chance.choice(_WRONG)
        spans = _spans(chance, end, every=20 * _DAY, lasting=2 * _HOUR if shared else 20 * _HOUR)
        broken = [(begin, until, how) for begin, until in spans]
    bucket = SimpleNamespace(
        service=name,
        tokens=rate.burst,
        filled_at=BEGIN,
        blocked_until=None,
        reserved_until=None,
        per_s=None,
        burst=None,
    )
    return Service(name, rate, broken, cast("Budget", bucket))


def _spans(chance: random.Random, end: float, *, every: float, lasting: float) -> list[Span]:
    """Times at which something is away, in order, not overlapping."""
    found, at = [], 0.0
    while (at := at + chance.expovariate(1 / every)) < end:
        until = at + lasting * chance.uniform(0.05, 2)
        found.append((at, until))
        at = until
    return found


def _within(spans: list[Span], at: float) -> bool:
    place = bisect_right(spans, (at, 1e18)) - 1
    return place >= 0 and spans[place][0] <= at < spans[place][1]
