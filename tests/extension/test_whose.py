"""Whose account is logged in on a page, and what must be asked: the sums behind "never as the wrong client"."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.test_work_parts import call

WHOSE = "../background/whose"
HANDLES = "../shared/handles"


def brand(ident: int, name: str, **handles: str) -> dict[str, Any]:
    return {"id": str(ident), "name": name, "handles": handles}


CAFE = brand(
    1, "Café Lumière", mastodon="@cafe@mastodon.example", x="@CafeLumiere, @cafe_jobs", practice="@cafelumiere"
)
BISTROT = brand(2, "Bistrot du Port", mastodon="cafe@social.bistrot.example", x="https://x.com/bistrot")
AGENCY = brand(3, "Agence Vague", x="@CAFE_JOBS", linkedin="https://www.linkedin.com/company/vague/")
BRANDS = [CAFE, BISTROT, AGENCY]


def page(account: str, network: str = "x", host: str = "x.com") -> dict[str, str]:
    return {"host": host, "network": network, "account": account}


def whose(account: dict[str, str], chosen: list[str] | None = None, known: list[Any] | None = None) -> dict[str, Any]:
    [found] = call((WHOSE, "whoseAccount", [account, BRANDS, known or [], chosen or []]))
    assert isinstance(found, dict)
    return found


def verdict(account: dict[str, str], reply: str, settled: str = "", brands: list[Any] | None = None) -> Any:
    [found] = call((WHOSE, "verdictOn", [account, reply, brands or BRANDS, [], settled]))
    return found


@pytest.mark.parametrize(
    ("said", "typed", "network", "host"),
    [
        ("@cafe", "cafe", "x", "x.com"),
        ("@Cafe", "@CAFE", "x", "x.com"),
        ("@cafe", "https://x.com/Cafe?lang=fr", "twitter", "x.com"),
        ("\u200e@cafe\u2069", " @cafe ", "instagram", "www.instagram.com"),
        ("@cafe", "@cafe@mastodon.example", "mastodon", "mastodon.example"),
        ("@cafe@mastodon.example", "@cafe@mastodon.example", "mastodon", "mastodon.example"),
        ("@cafe", "https://mastodon.example/@cafe", "mastodon", "mastodon.example"),
        ("/@cafe", "@cafe@mastodon.example", "mastodon", "mastodon.example"),
        ("@cafe", "@cafe@cafe.example", "mastodon", "social.cafe.example"),
        ("@cafe", "@cafe", "mastodon", "mastodon.example"),
        ("cafe.bsky.social", "@cafe", "bluesky", "bsky.app"),
        ("cafe.example", "https://bsky.app/profile/cafe.example", "bluesky", "bsky.app"),
        ("/in/cafe-lumiere", "https://www.linkedin.com/in/cafe-lumiere/", "linkedin", "www.linkedin.com"),
        ("company/cafe-lumiere", "linkedin.com/company/cafe-lumiere", "linkedin", "www.linkedin.com"),
        ("in/cafe-lumiere", "@cafe-lumiere", "linkedin", "www.linkedin.com"),
        ("in/cafe-lumiere", "https://fr.linkedin.com/in/Cafe-Lumiere?x=1", "linkedin", "www.linkedin.com"),
        ("123/cafe", "https://stackoverflow.com/users/123/an-older-name", "stackexchange", "stackoverflow.com"),
        ("cafe", "https://forum.example/u/cafe", "discourse", "forum.example"),
        ("u/cafe", "/user/cafe", "reddit", "www.reddit.com"),
        ("cafe", "https://news.ycombinator.com/user?id=cafe", "hackernews", "news.ycombinator.com"),
        ("100012", "https://www.facebook.com/profile.php?id=100012", "facebook", "www.facebook.com"),
        ("100012", "https://www.facebook.com/people/Caf%C3%A9/100012/", "facebook", "www.facebook.com"),
        ("@cafe", "https://www.threads.net/@cafe", "threads", "www.threads.com"),
        ("Café  Lumière", "café lumière", "forum.example", "forum.example"),
    ],
)
def test_names_of_one_account_are_the_same(said: str, typed: str, network: str, host: str) -> None:
    of_page, of_brand = call((HANDLES, "nameOf", [said, network]), (HANDLES, "nameOf", [typed, network]))
    assert call((HANDLES, "sameAccount", [of_page, of_brand, host])) != [0], (of_page, of_brand)


@pytest.mark.parametrize(
    ("said", "typed", "network", "host"),
    [
        ("@cafe", "@cafe2", "x", "x.com"),
        ("@cafe", "@cafe@other.example", "mastodon", "mastodon.example"),
        ("@cafe@other.example", "@cafe@mastodon.example", "mastodon", "mastodon.example"),
        ("cafe.example", "@cafe", "bluesky", "bsky.app"),
        ("in/cafe", "https://www.linkedin.com/company/cafe", "linkedin", "www.linkedin.com"),
        ("@cafe", "@cafe@notmastodon.example", "mastodon", "mastodon.example"),
        ("", "", "x", "x.com"),
        ("@", "@", "x", "x.com"),
    ],
)
def test_names_of_others_are_not_the_same(said: str, typed: str, network: str, host: str) -> None:
    of_page, of_brand = call((HANDLES, "nameOf", [said, network]), (HANDLES, "nameOf", [typed, network]))
    assert call((HANDLES, "sameAccount", [of_page, of_brand, host])) == [0]


def test_the_account_logged_in_chooses_the_brand_whatever_the_popup_shows() -> None:
    for chosen in ([], ["1"], ["3"]):
        assert whose(page("@bistrot"), chosen) == {"whose": "ours", "brand_id": "2", "among": ["2"]}


def test_the_same_name_on_two_servers_is_two_accounts() -> None:
    at = {"mastodon.example": "1", "social.bistrot.example": "2"}
    for host, brand_id in at.items():
        assert whose(page("@cafe", "mastodon", host))["brand_id"] == brand_id
    assert whose(page("@cafe", "mastodon", "elsewhere.example"), ["1"])["whose"] == "other"


def test_an_account_of_several_brands_is_the_chosen_ones_or_nobody_can_tell() -> None:
    assert whose(page("@cafe_jobs"), ["3"]) == {"whose": "ours", "brand_id": "3", "among": ["1", "3"]}
    assert whose(page("@cafe_jobs"), ["2"]) == {"whose": "shared", "brand_id": "", "among": ["1", "3"]}
    assert whose(page("@cafe_jobs"), ["2", "1"])["brand_id"] == "1", "what was said in this tab counts after the popup"


def test_an_account_that_nobody_has_and_one_that_is_not_to_be_seen_leave_the_chosen_brand() -> None:
    assert whose(page("@stranger"), ["3"]) == {"whose": "other", "brand_id": "3", "among": []}
    assert whose(page(""), ["3"]) == {"whose": "unread", "brand_id": "3", "among": []}
    assert whose(page(""), ["99"])["brand_id"] == "1", "a brand this device may not see is none"


def test_connected_accounts_are_the_brands_too() -> None:
    known = [{"brand_id": "3", "network": "mastodon", "handle": "@vague@mastodon.example"}]
    assert whose(page("@vague", "mastodon", "mastodon.example"), ["1"], known)["brand_id"] == "3"
    assert whose(page("@vague", "mastodon", "other.example"), ["1"], known)["whose"] == "other"


def test_nothing_is_asked_where_the_account_is_the_replys_brand() -> None:
    assert verdict(page("@cafelumiere"), "1")["ask"] == "no"
    assert verdict(page("@cafe_jobs"), "1")["ask"] == "no"
    assert verdict(page("@cafe_jobs"), "3")["ask"] == "no"


def test_another_clients_account_and_a_strangers_are_asked_about_with_both_names() -> None:
    foreign = verdict(page("@bistrot"), "1")
    assert foreign == {"ask": "foreign", "reply_brand": "Café Lumière", "account_brand": "Bistrot du Port"}
    assert verdict(page("@stranger"), "1") == {"ask": "other", "reply_brand": "Café Lumière", "account_brand": ""}
    assert verdict(page("@stranger"), "1", brands=[CAFE])["ask"] == "other", "one brand alone may be the wrong one too"


def test_a_page_that_does_not_say_is_asked_about_once_and_only_where_there_is_a_choice() -> None:
    assert verdict(page(""), "1", brands=[CAFE])["ask"] == "no"
    assert verdict(page(""), "1")["ask"] == "unread"
    assert verdict(page(""), "1", settled="1")["ask"] == "no"
    assert verdict(page(""), "2", settled="1")["ask"] == "unread"


def test_eight_brands_each_get_their_own_account() -> None:
    brands = [brand(n, f"Client {n}", x=f"@client{n}", mastodon=f"@client@{n}.example") for n in range(1, 9)]
    calls = [(WHOSE, "whoseAccount", [page(f"@Client{n}"), brands, [], ["5"]]) for n in range(1, 9)]
    calls += [
        (WHOSE, "whoseAccount", [page("@client", "mastodon", f"{n}.example"), brands, [], ["5"]]) for n in range(1, 9)
    ]
    assert [found["brand_id"] for found in call(*calls)] == [str(n) for n in range(1, 9)] * 2
