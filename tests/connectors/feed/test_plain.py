"""Text out of markup: our own reader of ordinary markup gives what a browser's parser gives."""

from __future__ import annotations

import html
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.connectors.feed import plain
from backend.connectors.feed.plain import links_in, plain_text, read_markup, tidy

_NAMES = [*plain._BLOCKS, *plain._INLINE, "br", "hr", "P", "Div", "BR", "A"]
_RARE = [
    "table",
    "tr",
    "td",
    "pre",
    "script",
    "style",
    "svg",
    "textarea",
    "option",
    "select",
    "title",
    "plaintext",
    "xmp",
]
_ATTRIBUTES = [
    "", " class='x'", ' title="a b"', ' href="https://a.example/?a=1&amp;b=2"', " hidden", " a=b", ' data-x="&gt;"',
    " x='>'", ' a="<p>"', " a = 'b'", ' b"c', " a=b'c", ' a="', " =x", "/", " /", ' a="x"b="y"', "\x0bx", " a==b", "\0",
]  # fmt: skip
_TEXT = st.text(
    st.sampled_from("abé &;#<>\"'=/-!?[]x\n\t\r\x0b\x00\x02\x1f\xa0\u200b\ufeff\ufdd0\ufffe漢ſK"), max_size=8
)
_REFERENCES = st.sampled_from(
    ["&amp;", "&lt;b&gt;", "&nbsp;", "&eacute", "&notit;", "&am", "&#8217;", "&#x2019", "&#0;", "&#1;", "&#2;",
     "&#128;", "&#129;", "&#xD800;", "&#x110000;", "&#xFDD0;", "&#x1FFFE;", "&#13;", "&#31;", "&#127;", "&#159;",
     "&#99999999999;", "&#x;", "&;", "&#", "&Aacute;", "&zwj;", "&ngE;", "&amp;amp;"]
)  # fmt: skip
_TAGS = st.tuples(
    st.sampled_from(["<", "</", "< ", "<!"]), st.sampled_from(_NAMES + _RARE), st.sampled_from(_ATTRIBUTES),
    st.sampled_from([">", "/>", " >", ""]),
).map("".join)  # fmt: skip
_ORDINARY = st.tuples(
    st.sampled_from(["<", "</"]),
    st.sampled_from(_NAMES),
    st.sampled_from(_ATTRIBUTES[:6]),
    st.sampled_from([">", "/>"]),
).map("".join)
_COMMENTS = st.sampled_from(["<!-- a -->", "<!-->", "<!--", "-->", "<![CDATA[x]]>", "<?php ?>", "<!DOCTYPE html>"])


def as_browser(markup: str) -> str:
    return tidy(plain._read_as_browser(markup.replace("\x02", "").lstrip("\ufeff")))


@settings(max_examples=600, deadline=None)
@example(markup="\ufeff\ufeff")
@given(st.lists(st.one_of(_ORDINARY, _TEXT, _REFERENCES, _TAGS, _COMMENTS), max_size=14).map("".join))
def test_hostile_markup_gives_what_a_browser_gives(markup: str) -> None:
    ordinary = plain._read_ordinary(markup.replace("\x02", "").lstrip("\ufeff"))
    if ordinary is not None:
        assert tidy(ordinary[0]) == as_browser(markup)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(_ORDINARY, _REFERENCES, st.text("abc é\n", max_size=9)), min_size=1, max_size=30).map("".join)
)
def test_ordinary_markup_gives_what_a_browser_gives_and_is_read_here(markup: str) -> None:
    assert plain_text(markup, limit=10**6) == (as_browser(markup) if "<" in markup else tidy(html.unescape(markup)))


def test_the_markup_of_the_press_is_ordinary() -> None:
    """Else all of it would be slow without anybody noticing."""
    from backend.connectors.feed.parse import read_raw
    from bench.feed_data import make_feed

    for number in range(3):
        for entry in read_raw(make_feed(number)).entries:
            assert plain._read_ordinary(entry.body) is not None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>un<p>deux", "un\ndeux"),
        ("avant<div>dedans</div>après", "avant\ndedans\naprès"),
        ("un<br class='x'>deux<hr/>trois", "un\ndeux\ntrois"),
        ("<ul><li>un<li>deux</ul>fin", "un\ndeux\nfin"),
        ("<table><tr><td>un</td><td>deux</td></tr><tr><td>trois</td></tr></table>", "un deux\ntrois"),
        ("mot<b>gras</b>mot", "motgrasmot"),
        ("<p>a</p>\n\n\n\n<p>b</p>", "a\n\nb"),
        ("a&nbsp;\t b", "a b"),
        ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
    ],
)
def test_words_of_two_lines_never_become_one(markup: str, text: str) -> None:
    assert plain_text(markup) == text
    assert as_browser(markup) == text


def test_links_are_kept_as_they_are_written_each_once_and_not_too_many() -> None:
    markup = (
        '<p><a href="https://a.example/?x=1&amp;y=2">un</a> <A class=x HREF=/deux>deux</A> <a>rien</a>'
        "<a href='https://a.example/?x=1&amp;y=2'>encore</a> <a href=''>vide</a></p>"
    )
    assert read_markup(markup) == ("un deux rienencore vide", ["https://a.example/?x=1&y=2", "/deux"])
    assert links_in(markup) == read_markup(markup)[1]
    assert read_markup("<table><td>" + markup)[1] == read_markup(markup)[1]
    many = "".join(f"<a href='/{n}'>{n}</a>" for n in range(500))
    assert len(read_markup(many)[1]) == len(links_in(many)) == plain.MAX_LINKS


@pytest.mark.parametrize(
    "unit", ["<a ", "<a href='", '<p a="', "<", "&", "&#", "<p>", "\n \n", "  \x00", "<a href=x>", "</p\n"]
)
def test_no_text_is_read_in_more_than_a_moment(unit: str) -> None:
    import time

    chance = random.Random(unit)  # noqa: S311  # no secret
    for markup in (
        unit * (plain.MAX_MARKUP // len(unit)),
        "".join(chance.choice([unit, "<b>", " "]) for _ in range(40_000)),
    ):
        began = time.process_time()
        read_markup(markup)
        links_in(markup)
        assert time.process_time() - began < 2


def test_letters_come_composed_so_that_what_looks_alike_is_found_as_it_is_written() -> None:
    for written in ("E\u0301te\u0301", "<b>E\u0301</b>te\u0301", "E&#769;te\u0301"):
        assert plain_text(written) == plain.one_line(written) == "Été"
