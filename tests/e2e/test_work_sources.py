"""Sources in the app: by purpose, each with its state, what it gives and what mends it; filters, adding, thousands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.work import Work, sticks_out, take_pictures, violations, working
from tests.extension.browser import screenshots_folder
from tests.peers.feeds import FeedServer, Said, feed_server
from tests.waiting import wait_for

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def places() -> Iterator[FeedServer]:
    with feed_server() as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, places: FeedServer) -> Iterator[Work]:
    """A brand that listens to a paper, a quiet blog, a forum, a tag, and a feed that fails."""
    with working(tmp_path_factory.mktemp("sources"), places.environment()) as work:
        now = datetime.now(UTC)
        said = [Said(f"Article {n}", url=f"https://voix.example/{n}", at=now - timedelta(days=n)) for n in range(20)]
        old = [Said("Il y a longtemps", url="https://calme.example/1", at=now - timedelta(days=300))]
        add(work, places.feed("/voix.xml", said, title="La Voix du quartier"))
        add(work, places.feed("/calme.xml", old, title="Un blog calme"))
        add(work, places.feed("/rival.xml", said[:2], title="Le rival"), purpose="competitors")
        sick = add(work, places.feed("/sick.xml", said[:1], title="Journal des halles"))
        gone = add(work, places.feed("/gone.xml", said[:1], title="Gazette"))
        work.api("POST", "/sources", {"brand_id": work.brand["id"], "kind": "mastodon", "params": {"tag": "paris"}})
        wait_for(lambda: all(one["last_polled_at"] for one in sources(work)), 60)
        places.put("/sick.xml", "", status=500)
        places.put("/gone.xml", "", status=410)
        for one in (sick, gone):
            work.api("POST", f"/sources/{one['id']}/poll")
        wait_for(lambda: sum(bool(one["last_error"]) for one in sources(work)) == 2, 60)
        work.remember()
        yield work


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


def add(work: Work, url: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = work.api("POST", "/sources", {"brand_id": work.brand["id"], "url": url, **more})
    return made


def sources(work: Work) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = work.api("GET", f"/sources?brand_id={work.brand['id']}&limit=200")["items"]
    return [one for one in found if one["keyword_id"] is None]


def line(page: Page, name: str) -> Locator:
    return page.locator(".source-line", has_text=name)


def test_sources_stand_by_purpose_and_say_how_they_do(work: Work) -> None:
    page = work.open("sources")
    expect(page.locator(".source-head h2")).to_have_text(["Press", "Social", "Competitors"])
    expect(line(page, "La Voix du quartier")).to_contain_text(re.compile(r"asked at .* · (next at|asked in a moment)"))
    expect(line(page, "La Voix du quartier")).to_contain_text("7 a week")
    expect(line(page, "Un blog calme")).to_contain_text("nothing in 4 weeks")
    expect(line(page, "Journal des halles")).to_contain_text("answered with an error")
    expect(line(page, "Gazette")).to_contain_text("gone")
    # What needs care stands first, and is one click away.
    expect(page.locator(".source-line b").first).to_have_text("Gazette")
    page.get_by_role("button", name="2 need care").click()
    expect(page.locator(".source-line")).to_have_count(2)


def test_each_error_has_its_reason_and_what_mends_it(work: Work, places: FeedServer) -> None:
    page = work.open("sources")
    line(page, "Journal des halles").click()
    details = page.get_by_role("region", name="Journal des halles")
    expect(details).to_contain_text("Journal des halles answered with an error.")
    expect(details).to_contain_text("last answer")
    details.get_by_text("What exactly happened").click()
    expect(details.locator("code")).to_contain_text("500")
    places.feed("/sick.xml", [Said("Guérie", url="https://halles.example/1")], title="Journal des halles")
    try:
        details.get_by_role("button", name="Ask now").click()
        expect(details).not_to_contain_text("answered with an error", timeout=30_000)
    finally:
        places.put("/sick.xml", "", status=500)
    line(page, "Gazette").click()
    details = page.get_by_role("region", name="Gazette")
    expect(details).to_contain_text("says that it is gone for good")
    new = places.feed("/gazette.xml", [Said("Neuve", url="https://gazette.example/1")], title="Gazette")
    places.put("/", f'<link rel="alternate" type="application/rss+xml" href="{new}">', content_type="text/html")
    details.get_by_role("button", name="Find its feed again").click()
    expect(page.get_by_text("Gazette is listened to at its new address.")).to_be_visible()
    wait_for(lambda: any(one["feed_url"] == new for one in sources(work)))


def test_a_source_is_removed_and_brought_back_and_changes_its_purpose(work: Work) -> None:
    page = work.open("sources")
    line(page, "Un blog calme").click()
    details = page.get_by_role("region", name="Un blog calme")
    details.get_by_label("Listened to for").select_option("reviews")
    expect(page.locator(".source-head h2").nth(1)).to_have_text("Reviews")
    details.get_by_label("What is taken").select_option("matching")
    wait_for(
        lambda: any((one["purpose"], one["take"]) == ("reviews", "matching") for one in sources(work)),
    )
    details.get_by_role("button", name="Remove: Un blog calme").click()
    expect(line(page, "Un blog calme")).to_have_count(0)
    page.keyboard.press("u")
    expect(line(page, "Un blog calme")).to_be_visible()


def test_filters_show_what_is_asked_for_and_say_how_many(work: Work) -> None:
    page = work.open("sources")
    words = page.get_by_role("searchbox", name="Words in the name or address")
    words.fill("VOIX quartier")
    expect(page.locator(".source-line")).to_have_count(1)
    words.fill("")
    kind = page.get_by_label("Kind", exact=True)
    expect(kind.locator("option")).to_contain_text(["Every kind", "(5)", "(1)"])
    page.get_by_label("State").select_option("quiet")
    expect(page.locator(".source-line b")).to_have_text(["Un blog calme", "Mastodon: paris"])
    page.get_by_label("Purpose").select_option(label="Press (1)")
    words.fill("nowhere")
    expect(page.get_by_text("No source is like that")).to_be_visible()
    page.get_by_role("button", name="Show all").last.click()
    expect(page.locator(".source-line")).to_have_count(6)


def test_the_list_is_walked_by_keys(work: Work) -> None:
    page = work.open("sources")
    first = page.locator(".source-line").first
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Journal des halles")).to_be_visible()
    page.keyboard.press("End")
    expect(line(page, "Le rival")).to_be_focused()
    page.keyboard.press("Home")
    expect(first).to_be_focused()
    page.keyboard.press("n")
    expect(page.get_by_role("region", name="Add a source")).to_be_visible()


def test_an_address_shows_what_is_there_and_what_it_would_have_brought(work: Work, places: FeedServer) -> None:
    work.api("POST", "/keywords", {"brand_id": work.brand["id"], "query": "terrasse"})
    said = [Said("La terrasse ouvre", url="https://quai.example/1"), Said("Pluie", url="https://quai.example/2")]
    posts = places.feed("/quai-posts", said, title="Le quai")
    comments = places.feed("/quai-comments", [Said("Re: Pluie", text="Oui")], title="Commentaires du quai")
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in (posts, comments))
    url = places.put("/quai", f"<title>Le quai</title>{links}", content_type="text/html")
    page = work.open("sources?add=")
    page.get_by_label("Any address, profile, forum or podcast").fill(url)
    page.get_by_role("button", name="Look").click()
    found = page.get_by_role("list", name="What can be listened to here")
    expect(found).to_contain_text("1 of 2 would have matched.")
    expect(found).to_contain_text("Its 1 item has none of your keywords.")
    found.get_by_role("button", name="Listen to it: Le quai").click()
    # The button is gone; who adds more goes on with the address.
    address = page.get_by_label("Any address, profile, forum or podcast")
    expect(address).to_be_focused()
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    expect(address).to_be_focused()
    expect(found.locator(".candidate-there")).to_have_count(1)
    expect(page.get_by_role("region", name="Le quai")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(found.locator(".candidate-there")).to_have_count(0)
    assert len(sources(work)) == 6
    shots: list[dict[str, Any]] = [{}, {"language": "fr", "dark": True, "width": 360, "height": 900}]
    for number, look in enumerate(shots):
        page = work.open(f"sources?url={quote(url, safe='')}", **look)
        page.locator(".candidates").wait_for()
        assert not violations(page)
        assert not sticks_out(page)
        page.screenshot(path=screenshots_folder() / f"sources-found-{number}.png")
        page.close()


def test_what_lets_us_in_is_given_and_never_shown_again(work: Work, places: FeedServer) -> None:
    added = work.api(
        "POST", "/sources", {"brand_id": work.brand["id"], "kind": "feed", "params": {"url": f"{places.url}/x"}}
    )
    page = work.open(f"sources?id={added['id']}")
    details = page.locator(".source-details")
    details.get_by_role("button", name="Give a log-in").click()
    form = page.get_by_role("form", name="Give a log-in")
    form.get_by_label("Name", exact=True).fill("maud")
    form.get_by_label("Password").fill("secret words")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    wait_for(lambda: any((one["access"] or {}).get("log_in") for one in sources(work)))
    details.get_by_role("button", name="Give a log-in").click()
    expect(form.get_by_label("Password")).to_have_value("")


def test_a_webhook_gets_its_address_once(work: Work) -> None:
    page = work.open("sources?add=")
    page.get_by_text("Or choose what it is").click()
    page.get_by_role("button", name="Incoming webhook").click()
    page.get_by_role("button", name="Listen to it").click()
    details = page.locator(".source-details")
    details.get_by_role("button", name="Make its address").click()
    expect(details.locator("code")).to_contain_text("/-/hook/")
    page.reload()
    expect(page.locator(".source-line").first).to_be_visible()
    assert "/-/hook/" not in page.content()


def test_a_kind_is_chosen_and_its_form_is_filled(work: Work) -> None:
    page = work.open("sources?add=")
    adding = page.get_by_role("region", name="Add a source")
    adding.get_by_text("Or choose what it is").click()
    page.screenshot(path=screenshots_folder() / "sources-kinds.png", full_page=True)
    adding.get_by_role("button", name="Mastodon: hashtag").click()
    tag = page.get_by_label("Hashtag")
    expect(tag).to_be_focused()
    tag.fill("two words")
    listen = page.get_by_role("button", name="Listen to it")
    listen.click()
    expect(page.locator(".field .wrong")).to_contain_text("one word without #")
    page.screenshot(path=screenshots_folder() / "sources-kind-form.png")
    tag.fill("lyon")
    listen.click()
    expect(page.get_by_text(re.compile("is listened to now"))).to_be_visible()
    wait_for(lambda: any(one["feed_url"].endswith("/tags/lyon") for one in sources(work)))


def listed(count: int, folder: Path) -> Path:
    """A list of feeds of one host, which is asked one after the other."""
    lines = [
        f'<outline type="rss" text="Journal {n:04}" xmlUrl="https://lists.example/{n}.xml"/>' for n in range(count)
    ]
    lines.insert(3, '<outline text="No address"/>')
    text = f'<opml version="2.0"><body><outline text="Forums">{chr(10).join(lines)}</outline></body></opml>'
    path = folder / "reader.opml"
    path.write_text(text)
    return path


def test_a_list_of_a_thousand_comes_in_with_its_progress_scrolls_and_is_undone(work: Work, tmp_path: Path) -> None:
    page = work.open("sources")
    page.locator("input[type=file]").set_input_files(listed(1_000, tmp_path))
    panel = page.get_by_role("region", name="Bring in a list (OPML)")
    expect(panel).to_contain_text("1,000 new · 1 cannot be listened to")
    expect(panel).to_contain_text("Line 4: No address names no feed")
    panel.get_by_role("button", name="Listen to these 1,000").click()
    expect(panel.get_by_role("progressbar")).to_be_visible()
    expect(panel).to_contain_text("1,000 sources were added.", timeout=90_000)
    panel.get_by_role("button", name="Close").first.click()
    expect(page.get_by_text("1,006 sources.")).to_be_visible(timeout=20_000)
    assert page.locator(".source-line").count() < 60
    page.locator(".source-line").first.focus()
    page.keyboard.press("End")
    expect(line(page, "Le rival")).to_be_focused()
    page.get_by_label("Words in the name or address").fill("journal 0500")
    expect(page.locator(".source-line")).to_have_count(1)
    page.reload()
    page.locator("input[type=file]").set_input_files(listed(1_000, tmp_path))
    expect(panel).to_contain_text("0 new · 1,000 listened to already")


def test_a_list_is_undone_whole(work: Work, tmp_path: Path) -> None:
    page = work.open("sources")
    page.locator("input[type=file]").set_input_files(listed(60, tmp_path))
    page.get_by_role("button", name="Listen to these 60").click()
    expect(page.get_by_text("60 sources were added.").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("All of it was undone.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("6 sources.", exact=False).first).to_be_visible()
    assert len(sources(work)) == 6


def test_what_is_no_list_is_refused_with_its_line_and_a_list_goes_out(work: Work, tmp_path: Path) -> None:
    page = work.open("sources")
    path = tmp_path / "page.opml"
    path.write_text("<html>\n<p>A page</p></html>")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator(".list-import .wrong")).to_contain_text("This file is no list of feeds (OPML).")
    page.get_by_role("button", name="Lists of sources").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="Save as a list (OPML)").click()
    text = Path(saved.value.path()).read_text()
    assert saved.value.suggested_filename.endswith(".opml")
    assert text.count("xmlUrl") == 6
    assert "Le rival" in text


def test_a_list_in_both_languages_and_in_the_dark(work: Work, tmp_path: Path) -> None:
    looks: list[dict[str, Any]] = [
        {},
        {"language": "fr", "dark": True},
        {"language": "fr", "width": 360, "height": 740},
    ]
    for number, look in enumerate(looks):
        page = work.open("sources", **look)
        page.locator("input[type=file]").set_input_files(listed(30, tmp_path))
        page.locator(".list-import .btn.primary").wait_for()
        assert not violations(page)
        assert not sticks_out(page)
        page.screenshot(path=screenshots_folder() / f"sources-list-{number}.png")
        page.close()


def test_who_may_only_read_sees_how_sources_do_and_no_button_that_would_be_refused(work: Work) -> None:
    page = work.context.new_page()

    def as_viewer(route: Any) -> None:
        answer = route.fetch()
        me = answer.json()
        for brand in me["brands"]:
            brand["role"] = "viewer"
        route.fulfill(response=answer, json=me)

    page.route("**/api/v1/me", as_viewer)
    page.goto(f"{work.server.base}/-/app/#/sources")
    line(page, "Journal des halles").click()
    details = page.get_by_role("region", name="Journal des halles")
    expect(details.get_by_role("link", name="Open its page")).to_be_visible()
    expect(details.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("button", name="Add a source")).to_have_count(0)


def test_the_list_in_both_languages_and_in_the_dark(work: Work) -> None:
    ids = {one["name"]: one["id"] for one in sources(work)}
    take_pictures(work, "sources", "sources", ".source-line")
    take_pictures(work, "sources-open", f"sources?id={ids['Journal des halles']}", ".source-details")
    take_pictures(work, "sources-add", "sources?add=", ".source-adding")
