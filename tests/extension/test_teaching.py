# ruff: noqa: E501 - markup in long lines
"""Teaching a site that nobody here has seen, by pointing: what is derived and kept, and that the page hears nothing."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from playwright.sync_api import Page, expect

from tests.extension.browser import ROOT, find_firefox
from tests.extension.pages import ToolbarBrowser, bars, composer_bar, count_marks, marks
from tests.extension.parts import HERE, NODE, Parts
from tests.extension.skeletons.base import Skeleton
from tests.extension.skeletons.every import skeletons
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
VALIDATOR = jsonschema_rs.validator_for(json.loads((ROOT / "extension" / "sites" / "schema.json").read_text("utf-8")))
PEOPLE = (
    ("Ines Roux", "Is the terrace of Café Lumière open on Sunday? We would be six."),
    ("Karl Wendt", "The brunch is worth the queue. Two lines here:\nand the second one."),
    ("Lucía Prado", "¿Alguien sabe si aceptan perros en la terraza?"),
    ("Omar Haddad", "هل المقهى مفتوح يوم الأحد؟"),
    ("Ines Roux", "Thank you all, see you there!"),
)


@dataclass(frozen=True)
class Forum:
    """A page, where to click on it, and what the adapter must then read."""

    name: str
    url: str
    html: str
    post: str
    author: str
    text: str
    box: str
    urls: tuple[str, ...]
    rows: str


def page_of(body: str) -> str:
    return (
        "<!doctype html><meta charset=utf-8><body style='font:14px sans-serif;margin:20px'>"
        "<nav><a href='/'>Home</a> <a href='/new'>New</a></nav>"
        f"{body}<footer><a href='/about'>About</a> <a href='/help'>Help</a></footer>"
    )


def text_of(words: str) -> str:
    return words.replace("\n", "<br>")


def board() -> Forum:
    """Words for classes, an address per post, buttons."""
    posts = "".join(
        f"""<article class="topic-post" id="post-{n}"><div class="post-head"><a class="poster-name" href="/people/{n % 4}">
        <span>{who}</span></a> <a class="post-link" href="/talk/12/terrace#p{n}"><time datetime="2026-11-20T09:0{n}:00Z">
        3 hours ago</time></a></div><div class="post-body"><p>{text_of(words)}</p>
        <blockquote>Quoted words of somebody</blockquote></div>
        <div class="post-actions"><button>Like</button><button>Reply</button></div></article>"""
        for n, (who, words) in enumerate(PEOPLE)
    )
    form = '<form class="quick-answer"><textarea name="message" style="width:500px;height:80px"></textarea><button type="submit">Post</button></form>'
    return Forum(
        "words for classes",
        "https://talk.quai.example/talk/12/terrace",
        page_of(f"<main><h1>Terrace</h1><div class='stream'>{posts}</div>{form}</main>"),
        ".post-body p >> nth=1",
        ".poster-name span >> nth=1",
        ".post-body p >> nth=1",
        "textarea",
        tuple(f"https://talk.quai.example/talk/12/terrace#p{n}" for n in range(len(PEOPLE))),
        ".post-actions",
    )


def hashed() -> Forum:
    """Classes made up by a build; test ids and the shape are all there is."""
    posts = "".join(
        f"""<div class="x1a2b3 css-9k2lq{n}" data-testid="comment"><div class="x9q"><img class="zz1" alt="" width=20 height=20>
        <div class="q8"><a class="x77 k2" href="/u/{n % 4}">{who}</a><a class="x78" href="/c/90{n}">#{n + 1}</a></div></div>
        <div class="_3xKd9"><div class="p0w">{text_of(words)}</div></div>
        <div class="r7"><div role="button" tabindex=0>Like</div><div role="button" tabindex=0>Answer</div></div></div>"""
        for n, (who, words) in enumerate(PEOPLE)
    )
    box = '<div class="m1x"><div contenteditable="true" aria-label="Your comment" style="min-height:40px;border:1px solid"></div></div>'
    return Forum(
        "classes made up by a build",
        "https://app.reviews.example/places/7",
        page_of(f"<div class='zq1'>{posts}</div>{box}"),
        ".p0w >> nth=2",
        ".k2 >> nth=2",
        ".p0w >> nth=2",
        "[contenteditable]",
        tuple(f"https://app.reviews.example/c/90{n}" for n in range(len(PEOPLE))),
        ".r7",
    )


def table() -> Forum:
    """An old board: relative addresses, a table a post, no buttons, and the page is told by its query."""
    posts = "".join(
        f"""<table class="postTable" width="90%"><tr><td class="leftCell"><b>{who}</b></td>
        <td class="rightCell"><small>Posted <a href="#m{n}">link {n}</a></small><hr><div class="messageText">{text_of(words)}</div></td></tr></table>"""
        for n, (who, words) in enumerate(PEOPLE)
    )
    form = '<form><textarea id="answerText" cols=60 rows=4></textarea><input type="submit" value="Go"></form>'
    return Forum(
        "tables",
        "https://old.board.example/forum/show.php?topic=5",
        page_of(f"<center>{posts}</center>{form}"),
        ".messageText >> nth=0",
        ".leftCell b >> nth=0",
        ".messageText >> nth=0",
        "textarea",
        tuple(f"https://old.board.example/forum/show.php?topic=5#m{n}" for n in range(len(PEOPLE))),
        "",
    )


FORUMS = (board(), hashed(), table())


def card(page: Page) -> Any:
    return page.locator(".card")


def go_on(page: Page, words: str = "Next") -> None:
    card(page).get_by_role("button", name=words, exact=True).click()


def begin(browser: ToolbarBrowser, page: Page) -> None:
    wait_for(lambda: browser.worker.evaluate("askPage('status')"))
    browser.push({"push": "page.show", "what": "teach"})
    expect(card(page)).to_contain_text("Point at a post")


def teach(browser: ToolbarBrowser, page: Page, forum: Forum) -> dict[str, Any]:
    begin(browser, page)
    page.locator(forum.post).click()
    expect(card(page)).to_contain_text(f"{len(PEOPLE)} such posts")
    go_on(page)
    page.locator(forum.author).click()
    expect(card(page)).to_contain_text(f"{len(PEOPLE)} of {len(PEOPLE)}")
    go_on(page)
    page.locator(forum.text).click()
    expect(card(page)).to_contain_text(f"{len(PEOPLE)} of {len(PEOPLE)}")
    go_on(page)
    page.locator(forum.box).click()
    expect(card(page)).to_contain_text("Replies go in there")
    go_on(page)
    expect(card(page)).to_contain_text(
        f"{len(PEOPLE)} posts · {len(PEOPLE)} authors · {len(PEOPLE)} links · {len(PEOPLE)} texts"
    )
    go_on(page, "Save")
    adapter = browser.wait_asked("site.teach")["adapter"]
    assert isinstance(adapter, dict)
    return adapter


def save_all(browser: ToolbarBrowser, page: Page, wanted: int) -> list[dict[str, Any]]:
    """What is read of every post: each is saved from its toolbar, which rests until one comes near."""
    browser.worker.evaluate("() => { asked.length = 0 }")
    for n in range(wanted):
        mark = marks(page).nth(n)
        mark.scroll_into_view_if_needed()
        mark.hover()
        page.locator(".float .bar button", has_text="Save").click()
    saved = wait_for(lambda: (found := browser.asked("mention.save")) and len(found) == wanted and found)
    return [one["post"] for one in saved]


@pytest.mark.parametrize("forum", FORUMS, ids=lambda one: one.name)
def test_a_forum_that_nobody_has_seen_is_taught_and_read_right(browser: ToolbarBrowser, forum: Forum) -> None:
    browser.worker.evaluate("() => { canned.state.keywords = [] }")  # so that no toolbar unfolds by itself
    page = browser.open(forum.url, forum.html)
    page.set_viewport_size({"width": 1000, "height": 1400})
    page.evaluate(
        """() => {
          window.heard = 0
          for (const type of ['click', 'mousedown', 'pointerdown']) addEventListener(type, () => window.heard++)
        }"""
    )
    adapter = teach(browser, page, forum)
    assert [error.message for error in VALIDATOR.iter_errors(adapter)] == []
    assert page.evaluate("() => window.heard") == 0, "the page hears nothing of who only points"
    assert page.url == forum.url
    # It counts at once.
    assert count_marks(page, len(PEOPLE)) == len(PEOPLE)
    if forum.rows:
        assert page.evaluate(
            "css => [...document.querySelectorAll(css)].filter((row) => row.querySelector('entregent-bar')).length",
            forum.rows,
        ) == len(PEOPLE)
    read = save_all(browser, page, len(PEOPLE))
    assert [post["author"] for post in read] == [who for who, _ in PEOPLE]
    assert [post["text"] for post in read] == [words for _, words in PEOPLE]
    assert tuple(post["url"] for post in read) == forum.urls
    # The box that was pointed at answers.
    page.locator(forum.box).click()
    composer_bar(page)


def test_what_was_taught_is_taken_back(browser: ToolbarBrowser) -> None:
    forum = board()
    page = browser.open(forum.url, forum.html)
    teach(browser, page, forum)
    wait_for(lambda: marks(page).count() > 0)
    page.locator(".notice").get_by_role("button", name="Undo").click()
    wait_for(lambda: marks(page).count() == 0)
    assert browser.wait_asked("site.unteach") == {"host": "talk.quai.example", "id": "7"}


def test_it_is_taught_by_keys_alone(browser: ToolbarBrowser) -> None:
    forum = board()
    page = browser.open(forum.url, forum.html)
    page.set_viewport_size({"width": 1000, "height": 1400})
    begin(browser, page)

    def point(css: str) -> None:
        card(page).get_by_role("button", name="Point with the keys").focus()
        page.keyboard.press("Enter")
        # Up to the whole page, then down to the place, as arrow keys go.
        for _ in range(12):
            page.keyboard.press("ArrowUp")
        way = page.evaluate(
            """css => { const way = []; for (let at = document.querySelector(css); at !== document.body; at = at.parentElement)
            { way.unshift([...at.parentElement.children].filter((one) => one.localName !== 'entregent-bar').indexOf(at)) } return way }""",
            css,
        )
        for right in way:
            page.keyboard.press("ArrowDown")
            for _ in range(right):
                page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")

    for css in (".post-body p", ".poster-name", ".post-body p"):
        point(css)
        expect(card(page).get_by_role("button", name="Next")).to_be_focused()
        page.keyboard.press("Enter")
    expect(card(page)).to_contain_text("Point at the box")
    card(page).get_by_role("button", name="Go on without").focus()
    page.keyboard.press("Enter")
    expect(card(page).get_by_role("button", name="Save")).to_be_focused()
    page.keyboard.press("Enter")
    assert browser.wait_asked("site.teach")["adapter"]["composers"] == []
    wait_for(lambda: marks(page).count() > 0)


def test_larger_and_smaller_mend_a_wrong_guess_and_back_goes_back(browser: ToolbarBrowser) -> None:
    forum = board()
    page = browser.open(forum.url, forum.html)
    begin(browser, page)
    page.locator(".poster-name span").first.click()
    expect(card(page)).to_contain_text("5 such posts")
    frame = page.locator(".frame.good").first
    box = frame.bounding_box()
    go_on(page, "Smaller")
    assert box is not None
    wait_for(lambda: (now := frame.bounding_box()) is not None and now["height"] < box["height"])
    go_on(page, "Larger")
    go_on(page)
    expect(card(page)).to_contain_text("Point at who wrote it")
    page.locator("nav a").first.click()
    expect(card(page)).to_contain_text("not in one of the frames")
    go_on(page, "Back")
    expect(card(page)).to_contain_text("Point at a post")


@pytest.mark.parametrize("way", ["Escape", "Cancel"])
def test_nothing_is_left_of_a_lesson_that_was_given_up(browser: ToolbarBrowser, way: str) -> None:
    forum = board()
    page = browser.open(forum.url, forum.html)
    begin(browser, page)
    page.locator(forum.post).hover()
    expect(page.locator(".frame.good")).to_contain_text("this is a post")
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        go_on(page, "Cancel")
    wait_for(lambda: bars(page).count() == 0)
    page.get_by_role("link", name="About").click()  # the page hears again
    wait_for(lambda: page.url.endswith("/about"))
    assert browser.asked("site.teach") == []


def test_posts_without_an_address_are_said_to_be_so(browser: ToolbarBrowser) -> None:
    html = page_of(
        "".join(
            f"<div class='remark'><b class='who'>{who}</b><a href='/vote'>vote</a><p>{words}</p></div>"
            for who, words in PEOPLE
        )
    )
    page = browser.open("https://wall.example/", html)
    begin(browser, page)
    page.locator(".remark p").nth(1).click()
    go_on(page)
    page.locator(".who").nth(1).click()
    go_on(page)
    page.locator(".remark p").nth(1).click()
    go_on(page)
    go_on(page, "Go on without")
    expect(card(page)).to_contain_text("have no address of their own here")


KNOWN = [
    one
    for one in skeletons("en")
    if one.id in ("phpbb topic", "xenforo thread", "wordpress comments", "discourse topic")
]


@pytest.mark.parametrize("skeleton", KNOWN, ids=lambda one: one.id)
def test_forums_as_they_are_can_be_taught_as_well_as_our_own_adapters_read_them(
    browser: ToolbarBrowser, skeleton: Skeleton
) -> None:
    where = {
        "phpbb": (".content", ".author .username"),
        "xenforo": (".bbWrapper", ".message-name"),
        "wordpress": (".comment-content p", ".fn"),
        "discourse": (".cooked p", ".names a"),
    }[skeleton.site]
    browser.worker.evaluate("() => { canned.state.keywords = [] }")
    page = browser.open(skeleton.url, skeleton.html)
    page.set_viewport_size({"width": 1000, "height": 3000})
    begin(browser, page)
    page.locator(where[0]).first.click()
    go_on(page)
    page.locator(where[1]).first.click()
    go_on(page)
    page.locator(where[0]).first.click()
    go_on(page)
    go_on(page, "Go on without")
    go_on(page, "Save")
    adapter = browser.wait_asked("site.teach")["adapter"]
    assert [error.message for error in VALIDATOR.iter_errors(adapter)] == []
    wanted = len(skeleton.posts)
    # Between the old adapter and the new one nobody answers.
    wait_for(lambda: (browser.worker.evaluate("askPage('status')") or {}).get("tier") == "taught")
    assert count_marks(page, wanted) == wanted, adapter
    saved = save_all(browser, page, wanted)
    # Discourse's own links carry who shares them.
    read = [(post["author"], post["text"], post["url"].partition("?u=")[0]) for post in saved]
    assert read == [(post.author, post.text, post.url) for post in skeleton.posts]


def test_sites_are_taught_and_checked_in_firefox(parts: Parts, tmp_path: Path) -> None:
    n = len(PEOPLE)
    checked = next(one for one in skeletons("en") if one.id == "xenforo thread")
    jobs: list[dict[str, Any]] = [
        {"name": one.name, "url": one.url, "html": one.html, "box": one.box, "wanted": n, "places": in_firefox(one)}
        for one in FORUMS
    ]
    jobs.append(
        {
            "name": "checked",
            "url": checked.url,
            "html": checked.html,
            "box": "textarea, [contenteditable]",
            "wanted": len(checked.posts),
            "places": None,
        }
    )
    file = tmp_path / "jobs.json"
    file.write_text(json.dumps(jobs), "utf-8")
    done = subprocess.run(
        [NODE, str(HERE / "teaching" / "firefox.mjs"), str(find_firefox()), str(parts.toolbar), str(file)],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    for one in FORUMS:
        assert seen[one.name] == {
            "heard": [
                f"{n} such posts on this page. Right?",
                f"Found in {n} of {n} posts.",
                f"Found in {n} of {n} posts.",
                "Replies go in there.",
                f"{n} posts · {n} authors · {n} links · {n} texts",
            ],
            "marks": n,
            "left": 0,
        }
    n = len(checked.posts)
    assert seen["checked"] == {"heard": [f"{n} posts · {n} authors · {n} links · {n} texts"], "marks": n, "left": 0}


def in_firefox(forum: Forum) -> list[str]:
    """The same places as selectors of CSS alone: the first of each will do."""
    return [place.partition(" >> ")[0] for place in (forum.post, forum.author, forum.text, forum.box)]
