# ruff: noqa: E501 - scripts in long lines
"""Every site's adapter on skeleton pages under the site's own address, in both browsers: the table of expectations."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage

from tests.extension.browser import ROOT, find_firefox
from tests.extension.pages import ToolbarBrowser, composer_bar, count_marks, marks, open_panel, toolbar_browser
from tests.extension.parts import HERE, NODE, Parts
from tests.extension.skeletons.base import Box, Expected, Skeleton
from tests.extension.skeletons.every import adapter, rename, skeletons
from tests.extension.walking import Walk, walk_in_firefox
from tests.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # the first one waits for all pages in a browser
LOOK = (HERE / "adapters" / "look.js").read_text("utf-8").partition("\n")[2].strip().removesuffix(";")
PLAIN = skeletons("en")
#: The same pages in other languages and with other names for all classes that no adapter names.
CHANGED = [(one, 1) for one in skeletons("fr")] + [(one, 2) for one in skeletons("ar")]
BREAKABLE = [one for one in PLAIN if one.broken]


def ask(skeleton: Skeleton) -> dict[str, Any]:
    return {"wanted": len(skeleton.posts), "pressed": skeleton.pressed, "another": skeleton.another}


@pytest.fixture(scope="module")
def chromium(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolbarBrowser]:
    """Our content script and our reading beside it; a window so high that every post is in it."""
    with toolbar_browser(
        parts, tmp_path_factory.mktemp("adapters"), adapters=True, viewport={"width": 1000, "height": 6000}
    ) as found:
        yield found


@pytest.fixture
def browser(chromium: ToolbarBrowser) -> ToolbarBrowser:
    chromium.reset()
    return chromium


@pytest.fixture(scope="module")
def chromium_saw(chromium: ToolbarBrowser) -> dict[str, dict[str, Any]]:
    """All pages, one after the other."""
    chromium.reset()
    found: dict[str, dict[str, Any]] = {}
    for one in PLAIN:
        page = chromium.open(one.url, one.html)
        found[one.id] = page.evaluate(LOOK, ask(one))
        page.close()
    return found


@pytest.fixture(scope="module")
def firefox_saw(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """All pages in one session, those in other languages with other names of classes."""
    jobs = [{"name": one.id, "url": one.url, "html": one.html, "ask": ask(one)} for one in PLAIN]
    jobs += [
        {"name": f"{one.id} {seed}", "url": one.url, "html": rename(one.html, one.site, seed), "ask": ask(one)}
        for one, seed in CHANGED
    ]
    file = tmp_path_factory.mktemp("jobs") / "jobs.json"
    file.write_text(json.dumps(jobs), "utf-8")
    done = subprocess.run(
        [NODE, str(HERE / "adapters" / "firefox.mjs"), str(find_firefox()), str(parts.adapters), str(file)],
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def as_read(post: dict[str, Any]) -> Expected:
    return Expected(post["author"], post["text"], post["url"], post["author_url"], post["published_at"])


def as_boxes(boxes: list[dict[str, Any]]) -> list[Box]:
    return [Box(box["kind"], box["owner"], tuple(box["pictures"] or ())) for box in boxes]


def check(seen: dict[str, Any], skeleton: Skeleton) -> None:
    """The table: n posts, n authors, n addresses, n texts, one mark each in its row, none elsewhere, box and owner."""
    assert seen["site"] == skeleton.site
    assert [as_read(post) for post in seen["posts"]] == list(skeleton.posts)
    numbers = sorted(str(n) for n in _numbers(skeleton))
    assert sorted(post["row"] for post in seen["posts"]) == numbers
    assert seen["rows"] == numbers, "one mark a post, in its own row"
    assert seen["strangers"] == 0
    assert seen["outside"] == 0, "every mark stands in the line of its row"
    assert not [post for post in seen["posts"] if post["foreign"]]
    assert [miss for post in seen["posts"] for miss in post["misses"]] == []
    assert as_boxes(seen["boxes"]) == list(skeleton.boxes)
    assert seen["said"] == [box["kind"] for box in seen["boxes"]], "the adapter names each box's editor"
    assert seen["account"] == {"handle": skeleton.account, "name": skeleton.account_name}
    if skeleton.submit and skeleton.boxes:
        assert seen["submit"] > 0
    if skeleton.pressed is not None:
        assert as_boxes(seen["boxes_pressed"]) == list(skeleton.boxes_pressed)
    if skeleton.another_read:
        assert as_read(seen["again"]) == skeleton.another_read
        assert seen["rows_again"] == numbers, "one mark a post after the first element was used again"


def _numbers(skeleton: Skeleton) -> list[int]:
    return list(range(len(skeleton.posts))) if skeleton.site != "lemmy" else [1, 2, 3, 4, 5, 7]


def by_id(one: Skeleton | tuple[Skeleton, int]) -> str:
    return one.id if isinstance(one, Skeleton) else f"{one[0].id} {('', 'fr', 'ar')[one[1]]}"


@pytest.mark.parametrize("skeleton", PLAIN, ids=by_id)
def test_every_post_is_read_and_marked_in_chromium(chromium_saw: dict[str, dict[str, Any]], skeleton: Skeleton) -> None:
    check(chromium_saw[skeleton.id], skeleton)


@pytest.mark.parametrize("changed", CHANGED, ids=by_id)
def test_languages_and_other_names_of_classes_change_nothing_in_chromium(
    browser: ToolbarBrowser, changed: tuple[Skeleton, int]
) -> None:
    skeleton, seed = changed
    page = browser.open(skeleton.url, rename(skeleton.html, skeleton.site, seed))
    check(page.evaluate(LOOK, ask(skeleton) | {"another": ""}), _still(skeleton))


def _still(skeleton: Skeleton) -> Skeleton:
    """Without the element that is used again: its new content has the old names of classes."""
    return Skeleton(**{**skeleton.__dict__, "another": "", "another_read": None})


@pytest.mark.parametrize("skeleton", PLAIN, ids=by_id)
def test_every_post_is_read_and_marked_in_firefox(firefox_saw: dict[str, dict[str, Any]], skeleton: Skeleton) -> None:
    check(firefox_saw[skeleton.id], skeleton)


@pytest.mark.parametrize("changed", CHANGED, ids=by_id)
def test_languages_and_other_names_of_classes_change_nothing_in_firefox(
    firefox_saw: dict[str, dict[str, Any]], changed: tuple[Skeleton, int]
) -> None:
    skeleton, seed = changed
    check(firefox_saw[f"{skeleton.id} {seed}"], _still(skeleton))


@pytest.mark.parametrize("skeleton", BREAKABLE, ids=by_id)
def test_a_page_that_lost_a_hook_has_no_marks_but_the_toolbar_at_boxes(
    browser: ToolbarBrowser, skeleton: Skeleton
) -> None:
    html = skeleton.html
    for hook, other in skeleton.broken:
        assert hook in html, f"{hook} is not in the skeleton"
        html = html.replace(hook, other)
    own = '<textarea id="own" style="position:fixed;top:20px;left:20px;width:400px;height:90px;z-index:99"></textarea>'
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(message.text)

    page = browser.open(skeleton.url, html.replace("</body>", f"{own}</body>"), heard=note)
    page.locator("#own").click()
    composer_bar(page).locator("button[aria-haspopup=menu]").click()
    assert "has changed its pages" in page.locator(".menu p").inner_text()
    assert marks(page).count() == 0
    assert [text for text in said if f"{skeleton.site}: no {skeleton.missing} on" in text], said


def test_every_variant_has_a_skeleton(firefox_saw: dict[str, dict[str, Any]]) -> None:
    for site in sorted({skeleton.site for skeleton in PLAIN}):
        there = {post["variant"] for seen in firefox_saw.values() if seen["site"] == site for post in seen["posts"]}
        assert there == {variant["name"] for variant in adapter(site)["variants"]}, site


def test_every_site_has_a_skeleton() -> None:
    files = {path.stem for path in (ROOT / "extension" / "sites").glob("*.json")} - {"schema"}
    assert {skeleton.site for skeleton in PLAIN} == files


#: Post, and the box (of all on the page then, in its order) that an answer to it must go into.
ANSWERS = [
    ("phpbb topic", 3, 0),
    ("xenforo thread", 3, 0),
    ("github issue", 2, 0),
    ("stackexchange question", 3, 0),
    ("stackexchange question", 0, 1),
    ("instagram feed", 3, 4),
    ("tumblr dashboard", 1, 0),
    ("lemmy 1.0", 0, 0),
    ("lemmy 1.0", 2, 1),
    ("reddit old thread", 2, 1),
    ("discourse topic", 4, 0),
    ("youtube comments", 2, 1),
    ("mastodon releases", 1, 0),
    ("practice feed", 1, 0),
]
BOXES = """() => [...document.querySelectorAll("textarea, [contenteditable='true']")]
    .map((box) => (box.value ?? box.innerText).trim())"""


@pytest.mark.parametrize(("name", "post", "box"), ANSWERS, ids=lambda one: str(one))
def test_an_answer_goes_into_the_box_of_its_post(browser: ToolbarBrowser, name: str, post: int, box: int) -> None:
    skeleton = next(one for one in PLAIN if one.id == name)
    page = browser.open(skeleton.url, skeleton.html)
    wanted = len(skeleton.posts)
    assert count_marks(page, wanted) == wanted
    open_panel(page, post)
    page.keyboard.press("3")
    there = ["Thank you for thinking of us." if n == box else "" for n in range(box + 1)]
    wait_for(lambda: page.evaluate(BOXES)[: box + 1] == there or None, 5)
    assert [text for text in page.evaluate(BOXES) if text] == [there[box]]
    told = browser.wait_asked("mention.save")["post"]
    assert (told["author"], told["url"]) == (skeleton.posts[post].author, skeleton.posts[post].url)


@pytest.mark.parametrize("name", ["bluesky feed", "x feed", "discourse topic", "reddit new thread"])
def test_the_toolbar_at_a_box_knows_whose_post_is_answered(browser: ToolbarBrowser, name: str) -> None:
    skeleton = next(one for one in PLAIN if one.id == name)
    assert skeleton.pressed is not None
    page = browser.open(skeleton.url, skeleton.html)
    assert count_marks(page, len(skeleton.posts)) == len(skeleton.posts)
    page.locator(f'[data-test-post="{skeleton.pressed}"] [data-test-reply]').first.click()
    composer_bar(page).locator("button", has_text="Saved replies").click()
    assert browser.wait_asked("suggest")["post"]["url"] == skeleton.posts[skeleton.pressed].url


# --- the table of expectations, as this run saw it ---


def table(seen: dict[str, dict[str, dict[str, Any]]]) -> str:
    """Pages and what was read of each; `seen` is by browser."""
    head = [
        "Page",
        "Posts",
        "Authors",
        "Addresses",
        "Texts",
        "Marks",
        "Quotes left out",
        "Ads left out",
        "Boxes",
        "Seen in",
    ]
    rows = [head, ["---"] * len(head)]
    for one in PLAIN:
        by_counts: dict[tuple[str, ...], list[str]] = {}
        for letter, pages in seen.items():
            by_counts.setdefault(counts(pages[one.id], one), []).append(letter)
        rows += [[one.id, *found, " ".join(letters)] for found, letters in by_counts.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def counts(seen: dict[str, Any], skeleton: Skeleton) -> tuple[str, ...]:
    posts = seen["posts"]
    values = [len(posts), *(sum(bool(post[name]) for post in posts) for name in ("author", "url", "text"))]
    left_out = [
        skeleton.html.count(name) - skeleton.html.count(f"[{name}]") if seen["strangers"] == 0 else 0
        for name in ("data-test-quote", "data-test-ad")
    ]
    return tuple(str(value) for value in (*values, len(seen["rows"]), *left_out, len(seen["boxes"])))


TABLE = ROOT / "docs" / "adapters-table.md"


def test_the_table_of_all_pages_is_what_this_run_saw(
    chromium_saw: dict[str, dict[str, Any]], firefox_saw: dict[str, dict[str, Any]]
) -> None:
    found = table({"C": chromium_saw, "F": firefox_saw})
    if os.environ.get("WRITE_TABLES"):
        before, _, rest = TABLE.read_text("utf-8").partition("| Page |")
        after = rest.partition("\n\n")[2]
        TABLE.write_text(f"{before}{found}\n\n{after}", "utf-8")
    assert found in TABLE.read_text("utf-8"), "WRITE_TABLES=1 writes it anew"


# --- in Firefox too: pages that lost a hook, and answers ---


def _lost(skeleton: Skeleton) -> Walk:
    html = skeleton.html
    for hook, other in skeleton.broken:
        html = html.replace(hook, other)
    own = '<textarea id="own" style="position:fixed;top:20px;left:20px;width:400px;height:90px;z-index:99"></textarea>'
    return Walk(
        f"lost {skeleton.id}",
        skeleton.url,
        html.replace("</body>", f"{own}</body>"),
        (
            ("until", "document.getElementById('own').focus(), ours('.float .rest, .float .bar').length"),
            ("hover", ".float .rest, .float .bar"),
            ("click", ".float .bar button[aria-haspopup=menu]"),
            ("until", "ours('.menu p')[0]?.textContent", "said"),
            ("note", "ours('.en > .rest, .en > .bar').length", "marks"),
        ),
        height=6000,  # every post is in it: five of them without the hook are needed
    )


def _answered(name: str, post: int, box: int) -> Walk:
    skeleton = next(one for one in PLAIN if one.id == name)
    boxes = f"({BOXES})()"
    return Walk(
        f"answered {name} {post}",
        skeleton.url,
        skeleton.html,
        (
            ("until", "ours('.en > .rest, .en > .bar').length"),
            (
                "until",
                f"document.querySelector('[data-test-row=\"{post}\"]').scrollIntoView({{block: 'center'}}), ours('.en > .rest, .en > .bar').some((one) => one.getRootNode().host.closest('[data-test-row=\"{post}\"]'))",
            ),
            (
                "until",
                f"(ours('.en > .rest, .en > .bar').find((one) => one.getRootNode().host.closest('[data-test-row=\"{post}\"]')).setAttribute('data-here', ''), true)",
            ),
            ("click", ".rest[data-here]"),
            ("click", ".float .bar button", "Answer"),
            ("until", "ours('.panel .s').length === 3"),
            ("press", "3"),
            ("until", f"{boxes}.some((text) => text.includes('Thank you'))"),
            ("note", f"{boxes}.findIndex((text) => text.includes('Thank you'))", "box"),
        ),
    )


#: Those of ANSWERS whose post matches no keyword, so that its mark is at rest.
LOST = [_lost(one) for one in BREAKABLE]
RESTING = [
    one
    for one in ANSWERS
    if one[0] in ("github issue", "mastodon releases", "discourse topic", "youtube comments", "xenforo thread")
]


@pytest.fixture(scope="module")
def firefox_walked(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    walks = [*LOST, *(_answered(*one) for one in RESTING)]
    return walk_in_firefox(parts.toolbar, walks, tmp_path_factory.mktemp("walks"))


@pytest.mark.parametrize("walk", LOST, ids=lambda walk: walk.name)
def test_a_page_that_lost_a_hook_has_no_marks_in_firefox(firefox_walked: dict[str, dict[str, Any]], walk: Walk) -> None:
    noted = firefox_walked[walk.name]
    assert "has changed its pages" in noted.get("said", ""), noted
    assert noted["marks"] == 0


@pytest.mark.parametrize(("name", "post", "box"), RESTING, ids=lambda one: str(one))
def test_an_answer_goes_into_the_box_of_its_post_in_firefox(
    firefox_walked: dict[str, dict[str, Any]], name: str, post: int, box: int
) -> None:
    assert firefox_walked[f"answered {name} {post}"].get("box") == box, firefox_walked[f"answered {name} {post}"]
