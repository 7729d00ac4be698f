"""The same round in Firefox: connect, popup, toolbar on the practice page, shorten."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.answering import answers, connect, hear
from tests.e2e.in_firefox import walk
from tests.e2e.server import running_server
from tests.extension import skeletons
from tests.extension.pages import HN
from tests.peers.servers import MastodonMock
from tests.waiting import wait_for

QUESTION = "do you take dogs, asked in a sidebar?"
ANSWER = "Small ones, from the sidebar of Firefox"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, mastodon_server: MastodonMock) -> dict[str, Any]:
    """One Firefox for all tests of this file: what it saw on its round."""
    with running_server(tmp_path_factory.mktemp("server")) as server:
        token = server.token()
        brand = server.call("POST", "/brands", {"name": "Café Lumière", "languages": ["fr"]}, token=token)
        mention = {
            "brand_id": brand["id"], "url": "https://forum.example/t/1", "network": "forum.example", "author": "Maud",
            "author_url": "https://forum.example/u/maud", "text": "Quelqu’un connaît Café Lumière ?",
            "published_at": "2026-11-23T08:00:00Z",
        }  # fmt: skip
        server.call("POST", "/mentions", mention, token=token)

        def api(method: str, path: str, body: Any = None) -> Any:
            return server.call(method, path, body, token=token)

        connect(api, brand["id"], mastodon_server)
        question, _mention = hear(api, mastodon_server, QUESTION)
        wanted = {
            "base": server.base,
            "login": server.command("login"),
            "mention": "Quelqu’un connaît",
            "asked": QUESTION,
            "answer": ANSWER,
            "thread": {"url": HN, "html": skeletons.hackernews_thread()},
        }
        found = walk("run.mjs", wanted)
        sent = [] if found["errors"] else wait_for(lambda: answers(mastodon_server, ANSWER), 30)
        return {**found, "asked": question["id"], "sent": [one["in_reply_to_id"] for one in sent]}


def test_nothing_breaks_on_the_round_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []


def test_firefox_is_connected_by_approving_the_code_it_shows(seen: dict[str, Any]) -> None:
    assert seen["same_code"]
    assert seen["client"] == "Firefox (Linux)"
    assert seen["origin_told"]
    assert seen["brand"] == "Café Lumière"


def test_the_popup_of_firefox_shows_a_mention(seen: dict[str, Any]) -> None:
    assert seen["mention"] == "Quelqu’un connaît"


def test_the_sidebar_of_firefox_finds_by_words_and_fields_and_lights_them_up(seen: dict[str, Any]) -> None:
    assert seen["sidebar_fits"]
    assert {"Lumière", "Maud"} <= set(seen["found"]["lit"])
    assert any("question" in chip for chip in seen["found"]["chips"])


def test_the_sidebar_of_firefox_works_by_keys(seen: dict[str, Any]) -> None:
    assert seen["sidebar_keys"] == ["e", "x", "s2"]


def test_r_in_the_sidebar_of_firefox_opens_the_page_where_no_account_can_answer(seen: dict[str, Any]) -> None:
    assert "forum.example/t/1" in seen["sidebar_opened"]  # nobody answers there, Firefox names it in its own page


def test_r_in_the_sidebar_of_firefox_answers_here_once_where_an_account_can(seen: dict[str, Any]) -> None:
    assert seen["answer_fits"]
    assert seen["sent"] == [seen["asked"]]


def test_the_toolbar_stands_on_the_practice_page_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["toolbars"] > 0


def test_the_toolbar_of_a_post_shortens_its_link_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["shortened_post"].startswith("https://news.ycombinator.com/item?id=")


def test_a_reply_as_an_account_of_nobody_waits_for_one_click_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["question"] == "Insert as @bistrot?"
    assert seen["before_answer"] == ""
    assert seen["after_answer"] == "We open at nine."


def test_a_reply_written_by_hand_in_firefox_makes_its_mention_replied(seen: dict[str, Any]) -> None:
    assert "/-/practice/?post=" in seen["by_hand"]["reply_url"]
    assert "post=9107" not in seen["by_hand"]["reply_url"]


def test_firefox_shortens_and_gives_the_clean_address_until_the_public_one_is_proved(seen: dict[str, Any]) -> None:
    assert seen["shortened"]["public"] is False
    assert seen["shortened"]["url"].startswith("https://cafe.example/menu?from=firefox")
    assert seen["shortened"]["why"] == "notice_not_public"
