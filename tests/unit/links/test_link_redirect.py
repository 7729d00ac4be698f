"""A click, from its path to where it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.infra.runtime import Runtime
from backend.links.links import change_link, remove_link, restore_link
from backend.links.redirect import Redirect, make_redirect
from backend.links.scans import UNKNOWN_PER_MINUTE
from backend.links.stats import Stats, count_clicks
from tests.unit.links.make import FIREFOX, Visit, make_brand, make_link

CURL = "curl/8.5"


@pytest.fixture
def redirect(sqlite_runtime: Runtime) -> Iterator[Redirect]:
    made = make_redirect(sqlite_runtime)
    yield made
    made.stop()


@pytest.fixture
def brand_id(sqlite_runtime: Runtime, at: datetime) -> int:
    return make_brand(sqlite_runtime.db, at)


def stats_of(runtime: Runtime, link_id: int) -> Stats:
    with runtime.db.read() as session:
        return count_clicks(session, link_id, now=runtime.clock())


@pytest.mark.parametrize(
    "url",
    ["https://example.org/menu", "HTTPS://Example.ORG", "https://example.org/été?q=à#ñ", "http://раypal.com/☕",
     "https://example.org/%7E/../a;b?x[]=1&y={z}|'"],
)  # fmt: skip
def test_a_visitor_is_sent_on_byte_for_byte(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int, url: str
) -> None:
    make_link(sqlite_runtime, brand_id, url, code="go")
    for _ in range(2):
        visit = Visit(redirect, "/go")
        assert (visit.status, visit.to, visit.body) == (302, url, b"")
        assert visit.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/summer", "/SUMMER", "/Summer", "/summer/"])
def test_codes_are_found_in_any_case(sqlite_runtime: Runtime, redirect: Redirect, brand_id: int, path: str) -> None:
    make_link(sqlite_runtime, brand_id, code="Summer")
    assert Visit(redirect, path).status == 302


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_chosen_status_is_answered_and_never_cached(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int, status: int
) -> None:
    make_link(sqlite_runtime, brand_id, code="go", status_code=status)
    visit = Visit(redirect, "/go")
    assert (visit.status, visit.headers["cache-control"]) == (status, "private, no-store")


def test_what_is_not_a_click_on_a_link_is_left_to_the_app(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int
) -> None:
    made = make_link(sqlite_runtime, brand_id, code="go")
    assert Visit(redirect, "/go+").left == "preview"
    assert Visit(redirect, "/none77").left == "unknown"
    assert Visit(redirect, "/none77+").left == "unknown"
    for path in ("/", "/healthz", "/wp-login.php", "/go/more", "/robots.txt"):
        visit = Visit(redirect, path)
        assert (visit.body, visit.left) == (None, "")
    assert Visit(redirect, "/go", method="POST").body is None
    assert stats_of(sqlite_runtime, made.id) == Stats()


def test_utm_and_forwarded_parameters_reach_the_target(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int
) -> None:
    make_link(sqlite_runtime, brand_id, "https://example.org/a#top", code="go", utm={"source": "x"}, forward_query=True)
    make_link(sqlite_runtime, brand_id, "https://example.org/b", code="no")
    assert Visit(redirect, "/go", query="ref=7").to == "https://example.org/a?utm_source=x&ref=7#top"
    assert Visit(redirect, "/go").to == "https://example.org/a?utm_source=x#top"
    assert Visit(redirect, "/no", query="ref=7").to == "https://example.org/b"


def test_an_expired_link_ends_or_leads_to_its_fallback_and_keeps_its_statistics(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int, clock: Any
) -> None:
    soon = clock() + timedelta(hours=1)
    made = make_link(sqlite_runtime, brand_id, code="a", expires_at=soon)
    make_link(sqlite_runtime, brand_id, code="b", expires_at=soon, fallback_url="https://example.org/later")
    assert (Visit(redirect, "/a").status, Visit(redirect, "/b").to) == (302, "https://example.org/menu")
    clock.forward(hours=1)
    assert Visit(redirect, "/a").left == "ended"
    assert (Visit(redirect, "/b").status, Visit(redirect, "/b").to) == (302, "https://example.org/later")
    assert stats_of(sqlite_runtime, made.id).people == 1


def test_people_use_up_a_limited_link_exactly_and_machines_do_not(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int
) -> None:
    make_link(sqlite_runtime, brand_id, code="go", max_clicks=3)
    other = make_redirect(sqlite_runtime)  # another process
    for _ in range(10):
        assert Visit(redirect, "/go", agent=CURL).status == 302
    assert Visit(redirect, "/go", method="HEAD").status == 302
    answers = [Visit(one, "/go").status for one in (redirect, other, redirect, other, redirect)]
    assert answers == [302, 302, 302, 0, 0]
    assert Visit(redirect, "/go").left == "ended"
    assert Visit(other, "/go", agent=CURL).left == "ended"
    other.stop()


def test_a_change_a_removal_and_an_undo_are_followed(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int, at: datetime
) -> None:
    made = make_link(sqlite_runtime, brand_id, code="go")
    redirect.links.follow_changes()
    assert Visit(redirect, "/go").to == "https://example.org/menu"
    with sqlite_runtime.db.write() as session:
        change_link(session, made.id, {"url": "https://example.org/new"}, version=1, now=at)
    redirect.links.follow_changes()
    assert Visit(redirect, "/go").to == "https://example.org/new"
    assert Visit(redirect, "/GO").to == "https://example.org/new"
    with sqlite_runtime.db.write() as session:
        remove_link(session, made.id, now=at)
    redirect.links.follow_changes()
    assert Visit(redirect, "/go").left == "ended"
    assert Visit(redirect, "/GO").left == "ended"
    with sqlite_runtime.db.write() as session:
        restore_link(session, made.id, now=at)
    redirect.links.follow_changes()
    assert Visit(redirect, "/go").status == 302


def test_a_code_that_was_unknown_a_moment_ago_works_once_its_link_is_made(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int
) -> None:
    redirect.links.follow_changes()
    assert Visit(redirect, "/go").left == "unknown"
    make_link(sqlite_runtime, brand_id, code="go")
    redirect.links.follow_changes()
    assert Visit(redirect, "/go").status == 302


def test_links_are_read_at_the_start_and_then_need_no_database(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int
) -> None:
    for n in range(3):
        make_link(sqlite_runtime, brand_id, code=f"go{n}")
    redirect.links.follow_changes()
    assert set(redirect.links.known) == {"/go0", "/go1", "/go2"}


APPLE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"
KINDS = [
    (
        "people",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",
        "GET",
        {},
    ),
    ("people", APPLE + " Mobile/15E148 Instagram 300.0", "GET", {}),
    ("people", APPLE + " [Pinterest/iOS]", "GET", {}),
    ("previews", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "GET", {}),
    ("previews", "Mozilla/5.0 (Macintosh) facebookexternalhit/1.1 Facebot Twitterbot/1.0", "GET", {}),
    ("previews", "http.rb/5.1 (Mastodon/4.3.1; +https://mastodon.example/) Bot", "GET", {}),
    ("previews", "WhatsApp/2.23.20.0 A", "GET", {}),
    ("previews", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "GET", {}),
    ("previews", "Twitterbot/1.0", "HEAD", {}),
    ("robots", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "GET", {}),
    ("robots", CURL, "GET", {}),
    ("robots", "", "GET", {}),
    ("robots", FIREFOX, "HEAD", {}),
    ("robots", FIREFOX, "GET", {"sec_purpose": "prefetch"}),
    ("robots", FIREFOX, "GET", {"purpose": "prefetch"}),
]


@pytest.mark.parametrize(("kind", "agent", "method", "headers"), KINDS)
def test_people_previews_and_robots_are_told_apart(
    sqlite_runtime: Runtime,
    redirect: Redirect,
    brand_id: int,
    kind: str,
    agent: str,
    method: str,
    headers: dict[str, str],
) -> None:
    made = make_link(sqlite_runtime, brand_id, code="go")
    assert Visit(redirect, "/go", method=method, agent=agent, **headers).status == 302
    found = stats_of(sqlite_runtime, made.id)
    counts = {"people": found.people, "previews": found.previews, "robots": found.robots}
    assert counts == {"people": 0, "previews": 0, "robots": 0, kind: 1}


def test_a_scan_is_stopped_and_the_links_behind_it_too(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int, clock: Any
) -> None:
    make_link(sqlite_runtime, brand_id, code="go")
    for n in range(UNKNOWN_PER_MINUTE):
        assert Visit(redirect, f"/none{n}", address="8.8.4.4").left == "unknown"
    refused = Visit(redirect, "/nonesuch", address="8.8.4.4")
    assert (refused.status, refused.headers["retry-after"]) == (429, "60")
    assert Visit(redirect, "/go", address="8.8.4.4").status == 429
    assert Visit(redirect, "/go", address="1.1.1.1").status == 302
    assert Visit(redirect, "/nonesuch", address="1.1.1.1").left == "unknown"
    clock.forward(minutes=1)
    assert Visit(redirect, "/go", address="8.8.4.4").status == 302


def test_who_hides_in_a_private_address_keeps_known_links(
    sqlite_runtime: Runtime, redirect: Redirect, brand_id: int
) -> None:
    """It may be a proxy with everybody behind it."""
    make_link(sqlite_runtime, brand_id, code="go")
    for n in range(UNKNOWN_PER_MINUTE + 1):
        last = Visit(redirect, f"/none{n}", address="10.0.0.2")
    assert last.status == 429
    assert Visit(redirect, "/go", address="10.0.0.2").status == 302


def test_a_household_with_many_ipv6_addresses_scans_as_one(redirect: Redirect) -> None:
    for n in range(UNKNOWN_PER_MINUTE + 1):
        last = Visit(redirect, f"/none{n}", address=f"2a01:e0a::{n:x}")
    assert last.status == 429


def test_x_forwarded_for_counts_only_from_a_trusted_proxy(sqlite_runtime: Runtime, brand_id: int) -> None:
    made = make_link(sqlite_runtime, brand_id, code="go")
    plain = make_redirect(sqlite_runtime)
    for n in range(3):
        Visit(plain, "/go", address="9.9.9.9", x_forwarded_for=f"203.0.113.{n}")
    assert stats_of(sqlite_runtime, made.id).visitors == 1
    settings = replace(sqlite_runtime.settings, trusted_proxies=frozenset({"10.0.0.0/8"}))
    behind = make_redirect(replace(sqlite_runtime, settings=settings))
    for n in range(3):
        Visit(behind, "/go", address="10.0.0.1", x_forwarded_for=f"6.6.6.{n}, 203.0.113.{n}, 10.9.9.9")
    assert stats_of(sqlite_runtime, made.id).visitors == 4
    for n in range(3):  # the leftmost is whatever the visitor wrote
        Visit(behind, "/go", address="10.0.0.1", x_forwarded_for=f"6.6.6.{n}, 203.0.113.77")
    assert stats_of(sqlite_runtime, made.id).visitors == 5
    plain.stop()
    behind.stop()
