"""Where a link may lead. The first table is what another shortener was tried with, and took."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.infra.errors import Invalid
from backend.links.targets import check_target, check_utm, host_of, shown_host, with_query, with_utm

OWN = frozenset({"lum.example", "app.lum.example"})

REFUSED = [
    ("data:text/html,<script>alert(1)</script>", "link_scheme"),
    ("file:///etc/passwd", "link_scheme"),
    ("http://paypal.com@evil.example/", "link_user_info"),
    ("javascript:alert(1)", "link_scheme"),
    ("//evil.example/x", "link_scheme"),
    ("http://127.0.0.1", "link_private"),
    ("http://localhost", "link_private"),
    ("http://[::1]/", "link_private"),
    ("http://169.254.169.254/latest/meta-data", "link_private"),
    ("http://2130706433/", "link_private"),
    # schemes
    ("", "link_scheme"),
    ("example.org", "link_scheme"),
    ("ftp://example.org/", "link_scheme"),
    ("JaVaScRiPt:alert(1)", "link_scheme"),
    ("vbscript:x", "link_scheme"),
    ("mailto:a@example.org", "link_scheme"),
    ("blob:https://example.org/x", "link_scheme"),
    ("view-source:https://example.org/", "link_scheme"),
    ("httpx://example.org/", "link_scheme"),
    ("h\u200bttp://example.org/", "link_scheme"),
    # who reads it how
    ("https:example.org", "link_host"),
    ("https:/example.org", "link_host"),
    ("https:\\\\example.org", "link_host"),
    ("https://example.org\\@evil.example/", "link_host"),
    ("https://example.org\\evil", "link_host"),
    ("https://user@example.org/", "link_user_info"),
    ("https://user:pw@example.org/", "link_user_info"),
    ("https://@example.org/", "link_user_info"),
    ("https://example.org:443@evil.example/", "link_user_info"),
    # blanks and controls
    (" https://example.org/", "link_blank"),
    ("https://example.org/ ", "link_blank"),
    ("https://example.org/a b", "link_blank"),
    ("https://exam\tple.org/", "link_blank"),
    ("java\nscript:alert(1)", "link_blank"),
    ("https://example.org/\r\nSet-Cookie: a=b", "link_blank"),
    ("https://example.org/\x00", "link_blank"),
    ("https://example.org/\x7f", "link_blank"),
    ("https://example.org/\x85", "link_blank"),
    ("https://example.org/\u00a0", "link_blank"),
    ("https://example.org/\u2028", "link_blank"),
    ("https://example.org/\u3000", "link_blank"),
    ("https://example.org/\ud800", "link_blank"),
    # hosts
    ("https://", "link_host"),
    ("https:///", "link_host"),
    ("https:///example.org/", "link_host"),
    ("https://?q", "link_host"),
    ("https://:443/", "link_host"),
    ("https://example.org:0/", "link_host"),
    ("https://example.org:65536/", "link_host"),
    ("https://example.org:http/", "link_host"),
    ("https://example.org:٤٤٣/", "link_host"),
    ("https://exam%70le.org/", "link_host"),
    ("https://%31%32%37.0.0.1/", "link_host"),
    ("https://-example.org/", "link_host"),
    ("https://example..org/", "link_host"),
    ("https://.example.org/", "link_host"),
    ("https://exa$mple.org/", "link_host"),
    ("https://exa<mple.org/", "link_host"),
    ("https://" + "a" * 64 + ".example/", "link_host"),
    ("https://" + "a." * 127 + "example/", "link_host"),
    ("https://256.256.256.256/", "link_host"),
    ("https://1.2.3.4.5/", "link_host"),
    ("https://[::g]/", "link_host"),
    ("https://[::1/", "link_host"),
    ("https://[::1]x/", "link_host"),
    ("https://[fe80::1%25eth0]/", "link_host"),
    ("https://exam\u00adple\u200b..org/", "link_host"),
    # inside
    ("http://0/", "link_private"),
    ("http://0.0.0.0/", "link_private"),
    ("http://127.1/", "link_private"),
    ("http://127.0.0.1./", "link_private"),
    ("http://0x7f000001/", "link_private"),
    ("http://0x7f.0.0.1/", "link_private"),
    ("http://0177.0.0.1/", "link_private"),
    ("http://017700000001/", "link_private"),
    ("http://１２７.0.0.1/", "link_private"),
    ("http://127。0。0。1/", "link_private"),
    ("http://10.0.0.1:8080/", "link_private"),
    ("http://172.16.5.4/", "link_private"),
    ("http://192.168.1.1/", "link_private"),
    ("http://100.64.0.1/", "link_private"),
    ("http://224.0.0.1/", "link_private"),
    ("http://255.255.255.255/", "link_private"),
    ("http://[::]/", "link_private"),
    ("http://[::ffff:127.0.0.1]/", "link_private"),
    ("http://[::ffff:7f00:1]/", "link_private"),
    ("http://[64:ff9b::7f00:1]/", "link_private"),
    ("http://[2002:7f00:1::]/", "link_private"),
    ("http://[::127.0.0.1]/", "link_private"),
    ("http://[fc00::1]/", "link_private"),
    ("http://[fe80::1]/", "link_private"),
    ("http://LOCALHOST:3000/", "link_private"),
    ("http://localhost./", "link_private"),
    ("http://app.localhost/", "link_private"),
    ("http://printer.local/", "link_private"),
    ("http://db.internal/", "link_private"),
    ("http://nas.home.arpa/", "link_private"),
    ("http://intranet/", "link_private"),
    # ours
    ("https://lum.example/abc", "link_own"),
    ("https://LUM.example./abc", "link_own"),
    ("http://lum.example:8080/", "link_own"),
    ("https://app.lum.example/-/app/", "link_own"),
    ("https://ｌｕｍ.example/", "link_own"),
]
ACCEPTED = [
    "https://example.org",
    "http://example.org/",
    "HTTPS://Example.ORG/Path?Q=1#F",
    "https://example.org:8443/x",
    "https://example.org:/x",
    "https://example.org./x",
    "https://sub.lum.example.org/",
    "https://xlum.example/",
    "https://example.org/?next=https://user@evil.example/",
    "https://example.org/?path=C:\\dir",
    "https://example.org/#a@b\\c",
    "https://example.org/@user/1",
    "https://example.org/a//b/../c;d=1,2/%E2%98%83?x[]=1&y={z}|^`<>\"'",
    "https://example.org/été/☕?q=à#ñ",
    "https://café.example/",
    "http://раypal.com/",
    "https://xn--caf-dma.example/",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]:443/",
    "https://my_host.example.org/",
    "https://例え.example/",
    "https://127.0.0.1.example.org/",
    "https://localhost.example.org/",
    "https://example.org/" + "a" * 7980,
]


@pytest.mark.parametrize(("url", "code"), REFUSED)
def test_a_target_that_harms_somebody_is_refused_and_says_why(url: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_target(url, OWN)
    assert refused.value.code == code
    assert set(refused.value.fields) == {"url"}


@pytest.mark.parametrize("url", ACCEPTED)
def test_a_target_on_the_open_web_is_accepted(url: str) -> None:
    check_target(url, OWN)


def test_8000_characters_are_the_most() -> None:
    with pytest.raises(Invalid) as refused:
        check_target("https://example.org/" + "a" * 7981, OWN)
    assert refused.value.code == "link_long"


def test_the_field_of_a_fallback_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        check_target("http://127.0.0.1/", OWN, field="fallback_url")
    assert set(refused.value.fields) == {"fallback_url"}


@given(st.text())
def test_any_text_is_either_accepted_or_invalid(text: str) -> None:
    for url in (text, "https://" + text, "https://example.org/" + text):
        try:
            check_target(url, OWN)
        except Invalid:
            continue
        assert host_of(url)
        assert shown_host(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://раypal.com/", "xn--ypal-43d9g.com"),
        ("http://раураӏ.com/", "xn--80aa0cbo65f.com"),
        ("https://Café.example/", "café.example"),
        ("https://例え.example/", "例え.example"),
        ("https://ελλάδα.example/", "xn--hxakic4aa.example"),
        ("https://Example.ORG:8443/", "example.org"),
        ("https://[2606:4700::1111]/", "[2606:4700::1111]"),
    ],
)
def test_a_host_that_could_pass_for_another_is_shown_in_punycode(url: str, shown: str) -> None:
    assert shown_host(url) == shown


@pytest.mark.parametrize(
    ("url", "utm", "whole"),
    [
        ("https://a.example/", {}, "https://a.example/"),
        ("https://a.example/", {"source": "x"}, "https://a.example/?utm_source=x"),
        ("https://a.example", {"source": "x"}, "https://a.example?utm_source=x"),
        ("https://a.example/?b=1", {"source": "x"}, "https://a.example/?b=1&utm_source=x"),
        ("https://a.example/?", {"source": "x"}, "https://a.example/?utm_source=x"),
        ("https://a.example/?b&", {"source": "x"}, "https://a.example/?b&utm_source=x"),
        ("https://a.example/#top", {"source": "x"}, "https://a.example/?utm_source=x#top"),
        ("https://a.example/#/?x=1", {"source": "x"}, "https://a.example/?utm_source=x#/?x=1"),
        ("https://a.example/?UTM_Source=y", {"source": "x", "medium": "z"}, "https://a.example/?UTM_Source=y&utm_medium=z"),
        ("https://a.example/%7E?q=%20+", {"campaign": "Été & fête"},
         "https://a.example/%7E?q=%20+&utm_campaign=%C3%89t%C3%A9%20%26%20f%C3%AAte"),
        ("https://a.example/", {"medium": "m", "source": "s"}, "https://a.example/?utm_source=s&utm_medium=m"),
    ],
)  # fmt: skip
def test_utm_is_appended_and_nothing_else_is_touched(url: str, utm: dict[str, str], whole: str) -> None:
    assert with_utm(url, utm) == whole


def test_utm_takes_its_six_names_and_no_others() -> None:
    assert check_utm({"utm_source": " a ", "medium": ""}) == {"source": "a"}
    for bad in ({"referrer": "x"}, {"source": "a\nb"}, {"source": "x" * 201}):
        with pytest.raises(Invalid):
            check_utm(bad)


@pytest.mark.parametrize(
    ("url", "whole"),
    [("https://a.example/#f", "https://a.example/?x=1#f"), ("https://a.example/?b=2", "https://a.example/?b=2&x=1")],
)
def test_a_visitors_own_parameters_come_behind(url: str, whole: str) -> None:
    assert with_query(url, "x=1") == whole
