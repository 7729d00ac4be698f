"""Every kind of source, over real HTTP: an answer in its shape, an empty one, garbage, "later", one that never ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from backend.config import Settings
from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.kind import SourceKind, read_params
from backend.connectors.registry import source_kinds
from backend.infra.http import HttpClient
from backend.listening.budgets import RATES
from backend.listening.kinds import address_of, asked_host, listener_of, recognise
from tests.connectors.kinds.table import ELSEWHERE, TABLE, Sample
from tests.peers.feeds import FeedServer
from tests.peers.feeds import feeds as feeds

ROOT = Path(__file__).resolve().parents[3]
#: what we ask for: not what is told to an account, nor what comes by itself
KINDS = {
    kind: one
    for kind, one in source_kinds().items()
    if not (one.account or one.pushed or one.signed) and kind not in ELSEWHERE
}


@dataclass
class Place:
    """One kind, whose service is the local server."""

    kind: str
    sample: Sample
    feeds: FeedServer
    http: HttpClient
    settings: Settings
    at: datetime

    @property
    def params(self) -> dict[str, str]:
        given = {name: value.format(server=self.feeds.url) for name, value in self.sample.params.items()}
        return read_params(KINDS[self.kind], given)

    def ask(self, state: FetchState | None = None) -> Fetched:
        return listener_of(self.kind, self.settings).fetch(self.http, self.params, state or FetchState(), now=self.at)

    def gives(self, body: bytes | str, **how: object) -> None:
        self.feeds.put(self.sample.path, body, **{"content_type": self.sample.content_type, **how})


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, feeds: FeedServer, settings: Settings, at: datetime) -> Iterator[Place]:
    kind: str = request.param
    assert kind in TABLE, f"{kind} has no sample: add one to tests/connectors/kinds/table.py"
    http = HttpClient(allow_private=frozenset({"127.0.0.1"}))
    yield Place(kind, TABLE[kind], feeds, http, replace(settings, endpoints={kind: feeds.url}), at)
    http.close()


def test_no_sample_is_of_a_kind_that_is_gone() -> None:
    assert TABLE.keys() == KINDS.keys()
    assert source_kinds().keys() >= ELSEWHERE.keys()
    assert all(list((ROOT / path).glob("test_*.py")) for path in ELSEWHERE.values())


def test_its_answer_is_read(place: Place) -> None:
    place.gives(place.sample.body)
    fetched = place.ask()
    assert len(fetched.items) == place.sample.count
    first = fetched.items[0]
    assert {name: getattr(first, name) for name in place.sample.first} == place.sample.first
    for item in fetched.items:
        assert item.url.startswith("https://")
        assert item.external_id
        assert len(item.external_id) <= 200
        assert item.published_at is not None
        assert place.feeds.url not in f"{item.url} {item.author_url}"
    (asked,) = (one for one in place.feeds.seen if one.path != "/robots.txt")
    assert asked.path == place.sample.path
    assert {name: asked.query.get(name) for name in place.sample.query} == place.sample.query
    assert "cookie" not in asked.headers


def test_what_it_gave_is_known_by_the_same_ids_at_the_next_poll(place: Place) -> None:
    place.gives(place.sample.body)
    first = place.ask()
    second = place.ask(replace(first.state, body_hash="", etag="", last_modified=""))
    known = {item.external_id for item in first.items}
    assert {item.external_id for item in second.items} <= known


def test_an_empty_answer_is_one(place: Place) -> None:
    place.gives(place.sample.empty)
    assert list(place.ask().items) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[3, null, {}]",
        "{}",
        '{"hits": 3}',
        "<html><p>Are you a robot?",
        "<rss",
        "\x00\xff" * 9,
        '{"a":' * 9999,
    ],
    ids=range(9),
)
def test_garbage_is_no_feed_and_nothing_else(place: Place, body: str) -> None:
    place.gives(body.encode("latin-1"))
    try:
        fetched = place.ask()
    except PollFailed as failed:
        assert failed.code == "not_a_feed"  # noqa: PT017  # either will do
    else:
        assert list(fetched.items) == []


@pytest.mark.parametrize("place", [kind for kind in TABLE if TABLE[kind].file.endswith(".json")], indirect=True)
def test_rows_of_a_wrong_shape_are_left_out(place: Place) -> None:
    for name in ("title", "url", "id", "creation_date", "post", "record", "user", "account", "created_at", "hits"):
        wrong = place.sample.body.replace(f'"{name}": '.encode(), b'"x": 1, "' + name.encode() + b'": [{}], "y": ')
        place.gives(wrong)
        try:
            for item in place.ask().items:
                assert item.url.startswith("https://")
        except PollFailed as failed:
            assert failed.code == "not_a_feed"  # noqa: PT017


def test_later_is_later(place: Place) -> None:
    place.gives("wait", status=429, headers={"Retry-After": "120"})
    with pytest.raises(PollFailed) as failed:
        place.ask()
    assert (failed.value.code, failed.value.retry_after_s) == ("rate_limited", 120)


def test_what_never_ends_is_ended(place: Place) -> None:
    place.gives(b"", endless=b"<item>" * 10_000)
    with pytest.raises(PollFailed) as failed:
        place.ask()
    assert failed.value.code == "too_large"


def test_a_setting_points_it_elsewhere_and_its_address_stays(place: Place) -> None:
    kind, params = KINDS[place.kind], place.params
    assert asked_host(place.kind, params, place.settings) == place.feeds.url.removeprefix("http://")
    if "url" not in params:
        assert place.feeds.url not in address_of(place.kind, params)
        assert asked_host(place.kind, params, replace(place.settings, endpoints={})).count(".") >= 1
    assert kind.rate is None or RATES[kind.service] == kind.rate


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_the_words_of_a_form_lead_to_params(kind: SourceKind) -> None:
    given = {param.name: param.example for param in kind.params}
    kept = read_params(kind, given)
    assert read_params(kind, kept) == kept
    assert address_of(kind.kind, kept).startswith("https://")
    assert len(kind.kind) <= 20
    for url in kind.examples:
        found = recognise(url)
        assert found is not None, url
        assert found[0].kind == kind.kind
        params = read_params(kind, found[1])
        # What a person sees of a source, pasted again, is the same source.
        again = recognise(address_of(kind.kind, params))
        assert again is not None, address_of(kind.kind, params)
        assert (again[0].kind, read_params(kind, again[1])) == (kind.kind, params)
