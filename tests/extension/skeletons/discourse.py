# ruff: noqa: E501 - markup in long lines
"""Discourse: a topic with a quote, a small action that is no post, and the box at the foot."""

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

_TIME = 1_763_629_200


def _post(say: Say, n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n + 1
    quote = (
        '<aside class="quote" data-username="theo" data-test-quote><div class="title">theo:</div><blockquote><p>Somebody else said this.</p></blockquote></aside>'
        if n == 2
        else ""
    )
    return f"""<article id="post_{number}" class="boxed onscreen-post" data-post-id="{900 + number}" data-user-id="1" role="region" data-test-post="{n}"><div class="post__row row"><div class="topic-avatar"><a class="trigger-user-card main-avatar" data-user-card="{person.handle}" href="/u/{person.handle}"><img alt="" class="avatar" src="data:,"></a></div>
<div class="post__body topic-body clearfix"><div class="topic-meta-data" role="heading"><div class="names trigger-user-card"><span class="first full-name"><a href="/u/{person.handle}" data-user-card="{person.handle}">{person.name}</a></span><span class="second username"><a href="/u/{person.handle}" data-user-card="{person.handle}">{person.handle}</a></span></div><div class="post-infos"><a class="post-date" href="/t/terrasse/12/{number}?u=cafelumiere"><span class="relative-date" data-time="{(_TIME + number) * 1000}" data-format="tiny">3h</span></a></div></div>
<div class="post__regular regular post__contents contents"><div class="cooked">{quote}<p>{text}</p></div><section class="post__menu-area post-menu-area clearfix"><nav class="post-controls collapsed"><div class="actions" data-test-row="{n}"><button class="btn like" title="{say("Like")}">{ICON}</button><button class="btn share" title="{say("Share")}">{ICON}</button><button class="btn post-action-menu__reply reply create fade-out" title="{say("Reply")}" data-test-reply>{ICON}</button></div></nav></section></div></div></div></article>"""


def _read(n: int, person: str = "", text: str = "") -> Expected:
    someone, _ = who(n)
    number = 50 if person else n + 1
    handle = NEWCOMER.handle if person else someone.handle
    seconds = _TIME + number - 1_763_629_200
    return Expected(
        person or someone.name,
        text or said(n),
        f"https://forum.example/t/terrasse/12/{number}",
        f"https://forum.example/u/{handle}",
        f"2025-11-20T09:00:{seconds:02}.000Z",
    )


def _topic(say: Say, editor: str) -> str:
    small = '<div class="topic-post-visited"><article class="small-action" data-post-id="99"><a data-user-card="theo">theo</a></article></div>'
    posts = "".join(
        f'<div class="topic-post clearfix {"topic-owner" if n == 0 else ""}">{_post(say, n)}</div>{small if n == 1 else ""}'
        for n in range(6)
    )
    late = f'<div id="reply-control" class="open composer-action-reply"><div class="reply-details">.</div>{editor}<div class="save-or-cancel"><button class="btn btn-primary create">{say("Reply")}</button></div></div>'
    user = '<li id="current-user"><button><img class="avatar" src="/user_avatar/forum.example/cafelumiere/48/1_2.png"></button></li>'
    return page(
        say,
        "Le Forum",
        f'<header>{user}</header><div class="post-stream">{posts}</div>',
        head='<meta name="generator" content="Discourse 3.6.0 - https://github.com/discourse/discourse">',
        late=late,
    )


def skeletons(say: Say) -> list[Skeleton]:
    """One topic, with the plain box and with the rich one."""
    made = []
    for name, kind, editor in (
        ("topic", "field", '<textarea class="d-editor-input"></textarea>'),
        ("topic with the rich editor", "prosemirror", prosemirror_editor(extra="d-editor-input")),
    ):
        made.append(
            Skeleton(
                "discourse",
                name,
                "https://forum.example/t/terrasse/12",
                _topic(say, editor),
                posts=tuple(_read(n) for n in range(6)),
                account="cafelumiere",
                pressed=3,
                boxes_pressed=(Box(kind, _read(3).url),),
                another=_post(say, 0, new=True),
                another_read=_read(0, NEWCOMER.name, NEW_TEXT),
                broken=(("post-controls", "controls"),),
                missing="row",
            )
        )
    return made
