# ruff: noqa: E501 - markup in long lines
"""Bluesky: a feed with a quote, a thread, the dialog one replies in."""

from __future__ import annotations

from tests.extension.skeletons import ICON
from tests.extension.skeletons.base import (
    NEW_TEXT,
    NEWCOMER,
    Box,
    Expected,
    Say,
    Skeleton,
    page,
    prosemirror_editor,
    said,
    who,
)

_PLUS = "M256 80c0-17.7-14.3-32-32-32s-32 14.3-32 32V224H48"
_CHECK = "M438.6 105.4c12.5 12.5 12.5 32.8 0 45.3"


def _picture(n: int, path: str) -> str:
    return f'<div><div data-testid="altTextButton" role="button" tabindex="0" data-test-alt="{n}"><svg viewBox="0 0 448 512"><path d="{path}"/></svg>ALT</div><div><button data-testid="editPhotoButton">.</button></div><div data-testid="selectedPhotoImage"><img alt="" src="data:,"></div></div>'


def _item(say: Say, n: int, kind: str = "feedItem", *, is_main: bool = False, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    handle, key = f"{person.handle}.example", f"3k{person.handle}"
    other, words = who(n + 4)
    quote = (
        f'<div role="link" tabindex="0" class="q" aria-label="{other.name}" data-test-quote><a href="/profile/{other.handle}.example"><div>{other.name}</div></a><a href="/profile/{other.handle}.example/post/3kquoted" aria-label="19.11.">1d</a><div dir="auto" data-word-wrap="1">{words}</div></div>'
        if n == 2
        else ""
    )
    link = (
        f'<a href="/profile/{handle}/post/{key}/quotes">2</a>'
        if is_main
        else f'<a href="/profile/{handle}/post/{key}" role="link" aria-label="{say("3 hours ago")}">3h</a>'
    )
    acts = "".join(
        f'<div class="b"><button type="button" {f"data-testid={hook}" if hook else ""} {"data-test-reply" if hook == "replyBtn" else ""} aria-label="{say(word)}">{ICON}</button></div>'
        for hook, word in (
            ("replyBtn", "Reply"),
            ("", "Share"),
            ("likeBtn", "Like"),
            ("postBookmarkBtn", "Save"),
            ("postDropdownBtn", "More"),
        )
    )
    role = "" if is_main else 'role="link" tabindex="0"'
    return f"""<div {role} data-testid="{kind}-by-{handle}" class="css-1a" data-test-post="{n}"><a href="/profile/{handle}" aria-label="{person.name}" role="link"><div class="face"></div></a><div class="c"><div><a href="/profile/{handle}" role="link" dir="auto">\u202a{person.name}\u202c</a><a href="/profile/{handle}" role="link">&nbsp;\u202a@{handle}\u202c</a>{link}</div>
<div dir="auto" data-word-wrap="1">{text}</div>{quote}<div class="row" data-test-row="{n}">{acts}</div></div></div>"""


def _read(n: int) -> Expected:
    person, _ = who(n)
    profile = f"https://bsky.app/profile/{person.handle}.example"
    return Expected(person.name, said(n), f"{profile}/post/3k{person.handle}", profile)


def skeletons(say: Say) -> list[Skeleton]:
    """A feed and a thread."""
    nav = '<nav role="navigation"><a href="/notifications">.</a><a href="/profile/cafelumiere.example">.</a></nav>'
    attached = f'<div data-testid="selectedPhotosView">{_picture(1, _CHECK)}{_picture(2, _PLUS)}</div>'
    late = f'<div role="dialog">{prosemirror_editor()}{attached}<button data-testid="composerPublishBtn">{say("Reply")}</button></div>'
    posts = tuple(_read(n) for n in range(6))
    profile = "https://bsky.app/profile/nora.example"
    feed = "".join(_item(say, n) for n in range(6))
    thread = "".join(_item(say, n, "postThreadItem", is_main=n == 0) for n in range(5))
    return [
        Skeleton(
            "bluesky",
            "feed",
            "https://bsky.app/",
            page(say, "Bluesky", f'<div id="root">{nav}<div>{feed}</div></div>', late=late),
            posts=posts,
            account="cafelumiere.example",
            pressed=4,
            boxes_pressed=(Box("prosemirror", posts[4].url, (2, 1, "2")),),
            another=_item(say, 0, new=True),
            another_read=Expected(NEWCOMER.name, NEW_TEXT, f"{profile}/post/3knora", profile),
            broken=(("/post/", "/p/"),),
            missing="url",
        ),
        Skeleton(
            "bluesky",
            "thread",
            "https://bsky.app/profile/maud.example/post/3kmaud",
            page(say, "Bluesky", f'<div id="root">{nav}<div data-testid="postThreadScreen">{thread}</div></div>'),
            posts=posts[:5],
            account="cafelumiere.example",
            broken=(("data-testid=replyBtn", ""),),
            missing="row",
            submit=False,
        ),
    ]
