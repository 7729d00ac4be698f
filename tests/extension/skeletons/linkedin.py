# ruff: noqa: E501 - markup in long lines
"""LinkedIn in both generations: posts, a reshare, an advertisement, comments and their boxes."""

from __future__ import annotations

from tests.extension.skeletons import ICON
from tests.extension.skeletons.base import (
    NEW_TEXT,
    NEWCOMER,
    Box,
    Expected,
    Say,
    Skeleton,
    buttons,
    page,
    prosemirror_editor,
    said,
    who,
)

_QUILL = '<div class="ql-container"><div class="ql-editor ql-blank" contenteditable="true" role="textbox" data-placeholder=""><p><br></p></div></div>'


def _urn(n: int) -> str:
    return f"urn:li:activity:72000000000000000{n:02}"


def _read(n: int) -> Expected:
    person, _ = who(n)
    return Expected(
        person.name,
        said(n),
        f"https://www.linkedin.com/feed/update/{_urn(n)}/",
        f"https://www.linkedin.com/in/{person.handle}/",
    )


_NEW = Expected(
    NEWCOMER.name,
    NEW_TEXT,
    f"https://www.linkedin.com/feed/update/{_urn(50)}/",
    "https://www.linkedin.com/in/nora/",
)


def _actor(name: str, handle: str, ago: str) -> str:
    return f"""<div class="update-components-actor"><a class="update-components-actor__meta-link" href="https://www.linkedin.com/in/{handle}?miniProfile=1"><span class="update-components-actor__title"><span dir="ltr"><span aria-hidden="true">{name}</span><span class="visually-hidden">{name}</span></span></span><span class="update-components-actor__sub-description">{ago} •</span></a></div>"""


def _comment(say: Say, post: int, n: int, number: int) -> str:
    person, text = who(n)
    return f"""<article class="comments-comment-entity" data-id="urn:li:comment:({_urn(post)[7:]},88{n})" data-test-post="{number}"><div class="comments-comment-meta__container"><a href="https://www.linkedin.com/in/{person.handle}"><h3><span class="comments-comment-meta__description-title">{person.name}</span></h3></a><time class="comments-comment-meta__data">{say("3 hours ago")}</time></div>
<section class="comments-comment-entity__content"><div class="update-components-text" dir="ltr"><span>{text}</span></div></section><div class="comments-comment-social-bar" data-test-row="{number}"><button aria-label="{say("Like")}">{say("Like")}</button><button class="comments-comment-social-bar__reply-action-button--cr" aria-label="{say("Reply")}">{say("Reply")}</button></div></article>"""


def _read_comment(post: int, n: int) -> Expected:
    person, _ = who(n)
    return Expected(
        person.name,
        said(n),
        f"https://www.linkedin.com/feed/update/{_urn(post)}/?commentUrn=urn:li:comment:({_urn(post)[7:]},88{n})",
        f"https://www.linkedin.com/in/{person.handle}/",
    )


def _first(say: Say, n: int, *, reshare: bool = False, comments: str = "", new: bool = False, number: int = -1) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    other, words = who(n + 3)
    inner = (
        f'<div class="update-components-mini-update-v2 feed-shared-update-v2__update-content-wrapper" data-test-quote>{_actor(other.name, other.handle, "1w")}<div class="update-components-update-v2__commentary">{words}</div></div>'
        if reshare
        else ""
    )
    number = n if number < 0 else number
    return f"""<div class="feed-shared-update-v2 feed-shared-update-v2--minimal-padding" role="article" data-urn="{_urn(50 if new else n)}" data-view-name="feed-full-update" data-test-post="{number}"><h2 class="visually-hidden">Feed post number {n}</h2>{_actor(person.name, person.handle, say("3 hours ago"))}
<div class="update-components-text update-components-update-v2__commentary"><span dir="ltr">{text}</span></div>{inner}<div class="feed-shared-social-action-bar" data-test-row="{number}"><button aria-label="{say("Like")}">{ICON}</button><button class="comment-button" aria-label="{say("Comment")}" data-test-reply>{ICON}</button><button>{say("Share")}</button></div>{comments}</div>"""


def _v1(say: Say) -> Skeleton:
    box = f'<form class="comments-comment-box comments-comment-box--cr">{_QUILL}<button class="comments-comment-box__submit-button--cr" type="button">{say("Comment")}</button></form>'
    comments = f'<div class="comments-comments-list">{_comment(say, 1, 5, 2)}{_comment(say, 1, 6, 3)}</div>'
    posts = [_first(say, 0), _first(say, 1, comments=box + comments)]
    posts += [_first(say, n, reshare=n == 2, number=n + 2) for n in (2, 3, 4)]
    advertisement = (
        _first(say, 7)
        .replace(_urn(7), "urn:li:sponsoredContentV2:7")
        .replace('data-test-post="7"', "data-test-ad")
        .replace('data-test-row="7"', "")
    )
    posts.insert(2, advertisement)
    share = f'<div class="share-box" role="dialog">{_QUILL}</div>'
    rail = '<div class="feed-identity-module"><a href="/in/cafelumiere/">Café Lumière</a></div><img class="global-nav__me-photo" alt="Café Lumière" src="data:,">'
    late = f'<form class="comments-comment-box--cr">{_QUILL}<button class="comments-comment-box__submit-button--cr" type="button">.</button></form>'
    return Skeleton(
        "linkedin",
        "first generation",
        "https://www.linkedin.com/feed/",
        page(
            say,
            "LinkedIn",
            f'{rail}<div class="scaffold-finite-scroll">{"".join(posts)}</div>{share}',
            late=late,
            to="post",
        ),
        posts=(_read(0), _read(1), _read_comment(1, 5), _read_comment(1, 6), _read(2), _read(3), _read(4)),
        boxes=(Box("quill", _read(1).url), Box("quill")),
        account="in/cafelumiere",
        account_name="Café Lumière",
        pressed=4,
        boxes_pressed=(Box("quill", _read(1).url), Box("quill", _read(2).url), Box("quill")),
        another=_first(say, 0, new=True),
        another_read=_NEW,
        broken=(("__title", "__ttl"), ("description-title", "description"), ("/in/", "/i/")),
        missing="author",
    )


def _second(say: Say, n: int, *, new: bool = False, alone: bool = False, box: str = "") -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    href = f"https://www.linkedin.com/in/{person.handle}/"
    post = f"""<div data-view-name="feed-full-update" class="_b{n}" data-test-post="{n}"><div class="_x9"><a data-view-name="feed-actor-image" href="{href}"><img alt="" src="data:,"></a><a href="{href}" class="_k2"><p class="_p1">{person.name} <span>• 3rd+</span></p><p>3h •</p></a></div>
<div data-view-name="feed-commentary"><span data-testid="expandable-text-box">{text}</span></div><a href="/feed/update/{_urn(number)}?actor=1" aria-label="{say("More")}">{ICON}</a><div class="_r7" data-test-row="{n}"><button data-view-name="reaction-button" aria-label="{say("Like")}">{ICON}</button><button data-view-name="feed-comment-button" aria-label="{say("Comment")}" data-test-reply>{ICON}</button>{buttons(say, "Share")}</div></div>"""
    return post if alone else f'<div role="listitem" class="_a1">{post}{box}</div>'


def _v2(say: Say) -> Skeleton:
    box = f'<div data-view-name="comment-box" class="_c3">{prosemirror_editor()}<button data-view-name="comment-post">{say("Comment")}</button></div>'
    posts = [_second(say, n, box=box if n == 1 else "") for n in range(6)]
    advertisement = (
        _second(say, 7)
        .replace('data-test-post="7"', "data-test-ad")
        .replace('data-test-row="7"', "")
        .replace('<p class="_p1">', '<a data-view-name="feed-ad-label">.</a><p class="_p1">')
    )
    posts.insert(3, advertisement)
    return Skeleton(
        "linkedin",
        "second generation",
        "https://www.linkedin.com/feed/",
        page(
            say,
            "LinkedIn",
            f'<div id="root"><main id="workspace"><div role="list">{"".join(posts)}</div></main></div>',
            body_is='data-rehydrated="true"',
        ),
        posts=tuple(_read(n) for n in range(6)),
        boxes=(Box("prosemirror", _read(1).url),),
        another=_second(say, 0, new=True, alone=True),
        another_read=_NEW,
        broken=(("/feed/update/", "/f/"), ("urn:li:activity", "urn:li:a")),
        missing="url",
    )


def skeletons(say: Say) -> list[Skeleton]:
    """Both generations."""
    return [_v1(say), _v2(say)]
