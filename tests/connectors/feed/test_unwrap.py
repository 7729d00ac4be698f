"""Addresses behind addresses."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.connectors.feed.unwrap import WRAPPERS, is_web_address, unwrap

TARGET = "https://a.example/p?x=1&y=2"
Q = quote(TARGET, safe="")
_B64 = base64.urlsafe_b64encode(TARGET.encode()).decode().rstrip("=")
_NEWS = base64.urlsafe_b64encode(b"\x08\x13\x22" + bytes([len(TARGET)]) + TARGET.encode() + b"\xd2\x01\x00").decode()
#: one for each row of the table, in its order
WRAPPED = [
    f"https://www.google.co.uk/url?rct=j&sa=t&url={Q}&ct=ga&usg=x",
    f"https://www.google.fr/imgres?imgurl=z&imgrefurl={Q}",
    "https://www.google.com/amp/s/a.example/p?x=1&y=2",
    f"https://news.google.com/url?q={Q}",
    f"https://news.google.com/rss/articles/{_NEWS}?oc=5",
    f"http://news.url.google.com/url?sa=t&url={Q}",
    f"https://translate.google.com/translate?sl=fr&tl=en&u={Q}",
    "https://a-example.cdn.ampproject.org/v/s/a.example/p?x=1&y=2",
    "https://www-a-example.bing-amp.com/c/s/a.example/p?x=1&y=2",
    f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url={Q}&c=1",
    f"https://www.bing.com/ck/a?!&&p=1&u=a1{_B64}&ntb=1",
    f"https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU={Q}/RK=2/RS=x-",
    f"https://html.duckduckgo.com/l/?uddg={Q}&rut=1",
    f"https://lm.facebook.com/l.php?u={Q}&h=AT",
    f"https://l.messenger.com/l.php?u={Q}",
    f"https://l.instagram.com/?u={Q}&e=1",
    f"https://l.threads.com/?u={Q}",
    f"https://www.linkedin.com/redir/redirect?url={Q}&urlhash=1",
    f"https://www.linkedin.com/safety/go?url={Q}",
    f"https://eur03.safelinks.protection.outlook.com/?url={Q}&data=05",
    f"https://urldefense.proofpoint.com/v2/url?u={Q.replace('%', '-')}&d=1",
    f"https://urldefense.com/v3/__{TARGET}__;!!abc!def$",
    f"https://www.youtube.com/redirect?event=video&q={Q}",
    f"https://out.reddit.com/t3_1?url={Q}&token=1",
    f"https://www.reddit.com/media?url={Q}",
    f"https://vk.com/away.php?to={Q}",
    f"https://t.umblr.com/redirect?z={Q}&t=1",
    f"https://www.pinterest.fr/offsite/?url={Q}",
    f"https://slack-redir.net/link?url={Q}",
    f"https://steamcommunity.com/linkfilter/?url={Q}",
    f"https://medium.com/r/?url={Q}",
    "https://href.li/?https://a.example/p?x=1&y=2",
    f"https://exit.sc/?url={Q}",
    f"https://deref-gmx.net/mail/client/xyz/dereferrer/?redirectUrl={Q}",
    f"https://go.skimresources.com/?id=1X2&xs=1&url={Q}",
    f"https://go.redirectingat.com/?id=1X2&url={Q}",
    f"https://disq.us/url?url={Q}%3AaBcDeF&cuid=1",
]


def test_every_wrapper_of_the_table_is_tried_and_gives_its_target() -> None:
    assert len(WRAPPED) == len(WRAPPERS)
    assert [unwrap(one) for one in WRAPPED] == [TARGET] * len(WRAPPED)


def test_wrappers_inside_wrappers_are_unwrapped_and_circles_end() -> None:
    url = TARGET
    for host in ("https://l.facebook.com/l.php?u=", "https://www.google.com/url?q=", "https://out.reddit.com/?url="):
        url = host + quote(url, safe="")
    assert unwrap(url) == TARGET
    assert is_web_address(unwrap("https://out.reddit.com/?url=" + quote("https://out.reddit.com/?url=x", safe="")))


@pytest.mark.parametrize(
    "url",
    [
        "https://t.co/abc",
        "https://bit.ly/3xyz",
        "https://lnkd.in/abc",
        "https://news.google.com/rss/articles/CBMiK0FVX3lxTE1hYmM?oc=5",
        "https://a.example/url?url=https://b.example",
        "https://notgoogle.com/url?url=https://b.example",
        "https://google.com.evil.example/url?url=https://b.example",
        "https://evilgoogle.com/url?q=https://b.example",
        "https://www.google.com/url?url=javascript:alert(1)",
        "https://www.google.com/url?url=//b.example",
        "https://www.google.com/search?q=https://b.example",
        "https://www.instagram.com/?u=https://b.example",
        "https://www.facebook.com/maud?u=https://b.example",
        "https://www.youtube.com/watch?v=1&q=https://b.example",
        "https://www.google.com/amp/",
        "http://[bad/url?url=https://b.example",
    ],
)
def test_what_hides_its_target_or_is_no_wrapper_stays_as_it_is(url: str) -> None:
    assert unwrap(url) == url


@given(st.sampled_from(WRAPPED), st.text(max_size=20), st.integers(0, 200))
def test_no_address_breaks_it(url: str, text: str, at: int) -> None:
    for one in (text, url[:at] + text + url[at:], f"https://{text}"):
        found = unwrap(one)
        assert found == one or is_web_address(found)
