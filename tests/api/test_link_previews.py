# ruff: noqa: E501 - markup in long lines
"""`/links/preview` and `/links/bulk`: what a composer asks for."""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest

from backend.infra.runtime import Runtime
from backend.links.public_address import adopt_setting
from backend.publishing.link_previews import read_head
from tests.factories import Api
from tests.peers.feeds import FeedServer

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
PAGE = """<!doctype html><html><head><title>Menu</title>
<meta property="og:title" content="The &amp;lt;b&amp;gt;terrace&amp;lt;/b&amp;gt; is   open"><meta property="og:title" content="second">
<meta name="twitter:description" content="Thirty seats, &amp; a corner for children."><meta name="description" content="not this one">
<meta property="og:image" content="/terrace.png"><meta name="twitter:card" content="summary_large_image">
<meta property="og:site_name" content="Café Lumière"></head><body><svg><title>arrow</title></svg></body></html>"""


def test_a_preview_is_what_the_page_says_of_itself_as_plain_text(
    api: Api, brand: dict[str, Any], feeds: FeedServer
) -> None:
    url = feeds.put("/menu", PAGE, content_type="text/html; charset=utf-8")
    feeds.put("/terrace.png", PIXEL, content_type="image/svg+xml")
    feeds.put("/old", "", status=301, headers={"Location": "/menu"})
    card = api.post("/links/preview", {"url": f"{feeds.url}/old"}).json
    assert card == {
        "url": url,
        "title": "The terrace is open",
        "description": "Thirty seats, & a corner for children.",
        "image_url": f"{feeds.url}/terrace.png",
        "site_name": "Café Lumière",
        "large": True,
        "image": None,
    }
    assert [seen.path for seen in feeds.seen] == ["/old", "/menu"], "the picture is read only where it is asked for"
    assert not any({"cookie", "authorization", "referer"} & set(seen.headers) for seen in feeds.seen)
    image = api.post("/links/preview", {"url": url, "image": True}).json["image"]
    assert (image["content_type"], image["width"], base64.b64decode(image["data"])) == ("image/png", 1, PIXEL)


def test_what_is_no_picture_is_not_handed_on(api: Api, brand: dict[str, Any], feeds: FeedServer) -> None:
    url = feeds.put("/menu", PAGE, content_type="text/html")
    feeds.put("/terrace.png", b"<svg onload=alert(1)>", content_type="image/png")
    assert api.post("/links/preview", {"url": url, "image": True}).json["image"] is None
    feeds.put("/terrace.png", PIXEL + bytes(2_000_000), content_type="image/png")
    assert api.post("/links/preview", {"url": url, "image": True}).json["image"] is None


@pytest.mark.parametrize(
    ("head", "title", "host"),
    [
        ("<title>Only\n a title</title>", "Only a title", "127.0.0.1"),
        ("<meta name=twitter:title content='Short'><title>x</title>", "Short", "127.0.0.1"),
        ("<meta property=og:title content=''>", "", "127.0.0.1"),
        ("<![endif]--><meta property='OG:Title' content='a&#0;b'>", "ab", "127.0.0.1"),
    ],
)
def test_a_page_that_says_little_has_a_small_card(
    api: Api, brand: dict[str, Any], feeds: FeedServer, head: str, title: str, host: str
) -> None:
    url = feeds.put("/page", f"<html><head>{head}", content_type="text/html")
    card = api.post("/links/preview", {"url": url}).json
    assert (card["title"].replace("\ufffd", ""), card["site_name"], card["image_url"]) == (title, host, "")


@pytest.mark.parametrize(
    ("page", "charset", "title"),
    [
        ("<title>Café</title>".encode(), "", "Café"),
        ("<title>Café</title>".encode("latin-1"), "iso8859-1", "Café"),
        ("<meta charset=windows-1252><title>Café</title>".encode("cp1252"), "", "Café"),
        ("<title>カフェ</title>".encode("shift_jis"), "shift_jis", "カフェ"),
        (b"<title>x</title>", "rot13", "x"),
        (b"", "", ""),
        (b"\x00\xff\xfe<title>", "", ""),
    ],
    ids=str,
)
def test_a_head_is_read_in_any_alphabet_and_state(page: bytes, charset: str, title: str) -> None:
    assert read_head(page, charset)[1] == title


def test_a_page_nested_without_end_is_read_in_a_moment() -> None:
    deep = b"<title>Top</title>" + b"<div>" * 200_000 + b"<meta property=og:title content=deep>"
    started = time.perf_counter()
    said, title = read_head(deep)
    assert title == "Top"
    assert said.get("og:title", "deep") == "deep"
    assert time.perf_counter() - started < 3


def test_a_preview_reaches_no_private_address_and_says_why_there_is_no_card(
    api: Api, brand: dict[str, Any], feeds: FeedServer
) -> None:
    def code(url: str) -> str:
        answer = api.post("/links/preview", {"url": url})
        assert answer.status == 422
        assert answer.json["error"]["fields"]["url"]
        return str(answer.json["error"]["code"])

    feeds.put("/inside", "", status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    feeds.put("/huge", b"x" * 3_100_000, content_type="text/html")
    feeds.put("/pdf", b"%PDF", content_type="application/pdf")
    feeds.put("/gone", b"", content_type="text/html", status=410)
    assert code("http://10.0.0.1/") == code("http://[::1]/") == code(f"{feeds.url}/inside") == "blocked"
    assert code("javascript:alert(1)") == code("not an address") == "not_web_address"
    assert code(f"{feeds.url}/huge") == "too_large"
    assert code(f"{feeds.url}/pdf") == "no_page"
    assert code(f"{feeds.url}/gone") == "http_error"


def test_looking_at_a_short_link_of_ours_is_no_click(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    with sqlite_runtime.db.write() as session:
        adopt_setting(session, "https://lum.example").proved_at = sqlite_runtime.clock()
    target = feeds.put("/menu", PAGE, content_type="text/html")
    # A private target cannot be shortened: the link is stored as if the test's server were anywhere.
    from backend.links.links import find_by_code

    link = api.post("/links", {"url": "https://example.org/menu", "code": "menu"}).json
    with sqlite_runtime.db.write() as session:
        found = find_by_code(session, "menu")
        assert found is not None
        found.url = target
    assert api.post("/links/preview", {"url": "https://lum.example/MENU"}).json["title"] == "The terrace is open"
    assert api.get(f"/links/{link['id']}").json["people"] == 0


def test_viewers_cannot_make_the_server_ask(api: Api, brand: dict[str, Any]) -> None:
    assert api.as_role("viewer", brand).post("/links/preview", {"url": "https://example.org"}).status == 403


# --- all links of a text at once ---


def test_all_links_of_a_text_are_made_at_once_and_the_same_one_once(api: Api, brand: dict[str, Any]) -> None:
    urls = ["https://example.org/a", "http://127.0.0.1/x", "https://example.org/a/b", "https://example.org/a"]
    made = api.post("/links/bulk", {"urls": urls})
    assert made.status == 201, made.json
    items = made.json["items"]
    assert [one["url"] for one in items] == urls
    assert [one["error"] and one["error"]["code"] for one in items] == [None, "link_private", None, None]
    assert items[0]["link"]["id"] == items[3]["link"]["id"] != items[2]["link"]["id"]
    assert len(api.get("/links").json["items"]) == 2
    again = api.post("/links/bulk", {"urls": urls[:1]}).json["items"][0]["link"]["id"]
    assert again == items[0]["link"]["id"], "a link that is there already is used again"


def test_utm_of_the_brand_its_network_and_the_campaign_go_into_each(api: Api, brand: dict[str, Any]) -> None:
    utm = {"source": "{network}", "medium": "social", "campaign": "always"}
    api.patch(f"/brands/{brand['id']}", {"version": brand["version"], "utm": utm})
    url = "https://example.org/menu"
    plain = api.post("/links/bulk", {"urls": [url]}).json["items"][0]["link"]
    assert plain["utm"] == {"medium": "social", "campaign": "always"}
    asked = {"urls": [url], "network": "mastodon", "campaign": "Noël 2026"}
    link = api.post("/links/bulk", asked).json["items"][0]["link"]
    assert link["clean_url"] == f"{url}?utm_source=mastodon&utm_medium=social&utm_campaign=No%C3%ABl%202026"
    assert link["id"] != plain["id"]


def test_too_many_none_and_viewers_are_refused(api: Api, brand: dict[str, Any]) -> None:
    assert api.post("/links/bulk", {"urls": []}).status == 422
    assert api.post("/links/bulk", {"urls": ["https://example.org"] * 51}).status == 422
    assert api.post("/links/bulk", {"urls": ["https://example.org"], "campaign": "x" * 201}).status == 422
    assert api.as_role("viewer", brand).post("/links/bulk", {"urls": ["https://example.org"]}).status == 403


# --- an image by its address ---


def test_an_image_is_taken_in_from_its_address_and_nothing_else_is(
    api: Api, brand: dict[str, Any], feeds: FeedServer
) -> None:
    url = feeds.put("/terrace.png", PIXEL, content_type="text/plain")
    made = api.post("/media/fetch", {"url": url, "alt": " The terrace "})
    assert (made.status, made.json["alt"], made.json["content_type"]) == (201, "The terrace", "image/png")
    assert api.get(f"/media/{made.json['id']}").json["size_bytes"] == len(PIXEL)
    feeds.put("/page", b"<html>", content_type="image/png")
    refused = {
        "http://10.0.0.1/x.png": "blocked",
        f"{feeds.url}/page": "not_an_image",
        f"{feeds.url}/none": "http_error",
    }
    for address, code in refused.items():
        answer = api.post("/media/fetch", {"url": address})
        assert (answer.status, answer.json["error"]["code"]) == (422, code)
    assert api.as_role("viewer", brand).post("/media/fetch", {"url": url}).status == 403
