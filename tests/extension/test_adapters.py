# ruff: noqa: E501 - scripts and markup in long lines
"""Adapters on skeleton pages under the real addresses of the networks: N posts, N authors, N addresses, no quotes."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest

from tests.extension import skeletons
from tests.extension.pages import ToolbarBrowser, composer_bar, count_marks, marks
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

THREAD = "https://bsky.app/profile/maud.example/post/3kmaud"
PAGES: dict[str, tuple[str, str, int]] = {
    "hackernews thread": ("https://news.ycombinator.com/item?id=800", skeletons.hackernews_thread(6), 7),
    "hackernews list": ("https://news.ycombinator.com/news", skeletons.hackernews_list(7), 7),
    "hackernews reply": ("https://news.ycombinator.com/reply?id=903", skeletons.hackernews_reply(4, 903), 1),
    "mastodon legacy": ("https://mastodon.social/home", skeletons.mastodon_legacy(6), 6),
    "mastodon legacy, any host": ("https://quai.example/home", skeletons.mastodon_legacy(6), 6),
    "mastodon opened": ("https://mastodon.social/@maud/3000", skeletons.mastodon_opened(2), 3),
    "mastodon redesign": ("https://mastodon.social/home", skeletons.mastodon_redesign(6), 6),
    "bluesky feed": ("https://bsky.app/", skeletons.bluesky_feed(7), 7),
    "bluesky thread": (THREAD, skeletons.bluesky_thread(5), 6),
    "mastodon redesign, other classes": (
        "https://mastodon.social/home",
        skeletons.mutate(skeletons.mastodon_redesign(6)),
        6,
    ),
    "bluesky feed, other classes": ("https://bsky.app/", skeletons.mutate(skeletons.bluesky_feed(7)), 7),
    "bluesky thread, other classes": (THREAD, skeletons.mutate(skeletons.bluesky_thread(5)), 6),
}


def asked_more_than(browser: ToolbarBrowser, n: int) -> bool:
    return len(browser.asked("mention.save")) > n


def save_all(browser: ToolbarBrowser, page: Any, wanted: int) -> list[dict[str, Any]]:
    """Press *Save* on every post: what was asked says how each was read."""
    browser.set_state(keywords=[])
    for n in range(wanted):
        mark = marks(page).nth(n)
        mark.scroll_into_view_if_needed()
        mark.focus()
        page.keyboard.press("Enter")
        bar = page.locator(".float .bar")
        bar.locator("button", has_text="Save").click()
        wait_for(partial(asked_more_than, browser, n), 5)
        page.keyboard.press("Escape")
        page.mouse.move(2, 2)
        bar.wait_for(state="detached")
    return [ask["post"] for ask in browser.asked("mention.save")]


@pytest.mark.parametrize("name", PAGES)
def test_each_post_gets_one_toolbar_and_is_read_as_itself(browser: ToolbarBrowser, name: str) -> None:
    url, html, wanted = PAGES[name]
    page = browser.open(url, html)
    assert count_marks(page, wanted) == wanted
    if "hackernews" not in name:
        assert (
            page.locator(".status__quote entregent-bar, .q entregent-bar, article article entregent-bar").count() == 0
        )
    browser.set_state(keywords=[["nothing"]])
    posts = save_all(browser, page, wanted)
    people = {person.name for person in skeletons.PEOPLE} | {person.handle for person in skeletons.PEOPLE}
    assert len({post["url"] for post in posts}) == wanted
    assert all(post["author"] in people for post in posts), posts
    assert all(any(post["text"].startswith(text) for text in skeletons.TEXTS) for post in posts), posts
    assert all("\u202a" not in post["author"] for post in posts)


def test_addresses_dates_and_authors_are_those_of_the_network(browser: ToolbarBrowser) -> None:
    read = {}
    for name in (
        "hackernews thread",
        "mastodon legacy",
        "mastodon redesign",
        "mastodon opened",
        "bluesky feed",
        "bluesky thread",
    ):
        browser.reset()
        url, html, wanted = PAGES[name]
        page = browser.open(url, html)
        assert count_marks(page, wanted) == wanted
        read[name] = save_all(browser, page, 2)
    assert [post["url"] for post in read["hackernews thread"]] == [
        "https://news.ycombinator.com/item?id=800",
        "https://news.ycombinator.com/item?id=900",
    ]
    assert read["hackernews thread"][1]["published_at"] == "2025-11-20T09:00:01.000Z"
    assert read["hackernews thread"][1]["author_url"] == "https://news.ycombinator.com/user?id=jean"
    assert "A second paragraph." in read["hackernews thread"][1]["text"]
    for name in ("mastodon legacy", "mastodon redesign", "mastodon opened"):
        assert read[name][0]["url"] == "https://mastodon.social/@maud/3000", name
        assert read[name][0]["author"] == "Maud Delcroix"
        assert read[name][0]["published_at"] == "2026-11-20T09:00:00.000Z"
        assert read[name][0]["network"] == "mastodon"
    for name in ("bluesky feed", "bluesky thread"):
        assert read[name][0]["url"] == "https://bsky.app/profile/maud.example/post/3kmaud"
        assert read[name][0]["author"] == "Maud Delcroix"
        assert read[name][1]["author_url"] == "https://bsky.app/profile/jean.example"


HOOKS = {
    "bluesky, no action row": ("https://bsky.app/", skeletons.bluesky_feed(7).replace('data-testid="replyBtn"', "")),
    "bluesky, no permalinks": ("https://bsky.app/", skeletons.bluesky_feed(7).replace("/post/", "/p/")),
    "bluesky, no text": ("https://bsky.app/", skeletons.bluesky_feed(7).replace("data-word-wrap", "data-ww")),
    "mastodon, no action bar": (
        "https://mastodon.social/home",
        skeletons.mastodon_legacy(6).replace("status__action-bar", "sab"),
    ),
    "mastodon redesign, no author": (
        "https://mastodon.social/home",
        skeletons.mastodon_redesign(6).replace("data-hover-card-account", "data-card"),
    ),
    "hackernews, no author": (
        "https://news.ycombinator.com/item?id=800",
        skeletons.hackernews_thread(6).replace('class="hnuser"', 'class="u"'),
    ),
}


@pytest.mark.parametrize("name", HOOKS)
def test_a_page_that_changed_gets_no_nonsense_but_the_toolbar_at_text_boxes(browser: ToolbarBrowser, name: str) -> None:
    url, html = HOOKS[name]
    page = browser.open(
        url,
        html.replace(
            "</body>",
            '<textarea id="own" style="position:fixed;bottom:90px;left:20px;width:400px;height:90px;z-index:99"></textarea></body>',
        ),
    )
    page.locator("#own").click()
    bar = composer_bar(page)
    assert marks(page).count() == 0
    bar.locator("button[aria-haspopup=menu]").click()
    assert re.search(r"has changed its pages", page.locator(".menu p").inner_text())


def test_one_post_without_an_author_is_left_alone(browser: ToolbarBrowser) -> None:
    html = skeletons.hackernews_thread(6).replace('class="hnuser">ines', 'class="u">ines')
    page = browser.open("https://news.ycombinator.com/item?id=800", html)
    assert count_marks(page, 6) == 6


def test_an_element_that_is_used_again_for_another_post_is_read_anew(browser: ToolbarBrowser) -> None:
    page = browser.open("https://bsky.app/", skeletons.bluesky_feed(7))
    assert count_marks(page, 7) == 7
    assert "bar" in (marks(page).first.get_attribute("class") or "")
    page.evaluate(
        """() => {
          const post = document.querySelector('[data-testid^="feedItem-by-"]');
          post.dataset.testid = 'feedItem-by-nora.example';
          post.querySelectorAll('a').forEach((a) => { a.href = a.getAttribute('href').replace('maud.example', 'nora.example').replace('3kmaud', '3knora'); });
          post.querySelector('.name').textContent = 'Nora Quint';
          post.querySelector('[data-word-wrap]').replaceChildren(document.createTextNode('Rain tomorrow.'), document.createElement('i'));
        }"""
    )
    wait_for(lambda: "rest" in (marks(page).first.get_attribute("class") or "") or None, 5)
    assert marks(page).count() == 7
    posts = save_all(browser, page, 1)
    assert posts[0]["url"] == "https://bsky.app/profile/nora.example/post/3knora"
    assert (posts[0]["author"], posts[0]["text"]) == ("Nora Quint", "Rain tomorrow.")


def test_a_route_that_changes_without_loading_gets_toolbars(browser: ToolbarBrowser) -> None:
    page = browser.open("https://bsky.app/", skeletons.bluesky_feed(3))
    assert count_marks(page, 3) == 3
    page.evaluate(
        """thread => {
          history.pushState({}, '', '/profile/maud.example/post/3kmaud');
          document.body.innerHTML = thread;
        }""",
        re.search(r"<body>(.*?)<script>", skeletons.bluesky_thread(5), re.DOTALL)[1],  # type: ignore[index]
    )
    assert count_marks(page, 6) == 6


def test_unknown_sites_have_no_toolbar_on_posts(browser: ToolbarBrowser) -> None:
    page = browser.open("https://forum.example/t/1", skeletons.forum())
    page.locator("#a").click()
    composer_bar(page)
    assert marks(page).count() == 0
    page.locator("#q").click()
    wait_for(lambda: page.locator("entregent-bar").count() == 0 or None, 5)
