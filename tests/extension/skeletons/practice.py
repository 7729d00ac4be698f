# ruff: noqa: E501 - markup in long lines
"""Our own practice page, as the server draws it; the real one is walked in test_practice.py."""

from __future__ import annotations

from tests.extension.skeletons import ICON
from tests.extension.skeletons.base import NEW_TEXT, NEWCOMER, Box, Expected, Say, Skeleton, moment, page, said, who

_HOST = "http://127.0.0.1:8000"


def _post(say: Say, n: int, *, inner: str = "", kind: str = "", new: bool = False, box: str = "") -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    hook = {"quote": "data-test-quote", "ad": "data-test-ad"}.get(kind, f'data-test-post="{n}"')
    row = f'data-test-row="{n}"' if not kind else ""
    acts = (
        ""
        if kind == "quote"
        else f'<div class="post-actions" {row}><button data-act="reply" aria-label="{say("Reply")}">{ICON}</button><button data-act="like">{ICON}</button></div>'
    )
    return f"""<article class="post {"promoted" if kind == "ad" else ""}" data-post="{number}" {hook}><div class="post-body"><header class="post-head"><a class="author-name" href="/-/practice/?who=@{person.handle}">{person.name}</a><span class="author-handle">@{person.handle}</span><time datetime="{moment(number)}">3h</time></header><p class="post-text">{text}</p>{f"<blockquote>{inner}</blockquote>" if inner else ""}{acts}</div>{box}</article>"""


def _read(n: int, name: str = "", text: str = "") -> Expected:
    handle = NEWCOMER.handle if name else who(n)[0].handle
    return Expected(
        name or who(n)[0].name,
        text or said(n),
        f"{_HOST}/-/practice/?post={n}",
        f"{_HOST}/-/practice/?who=@{handle}",
        moment(n),
    )


def skeletons(say: Say) -> list[Skeleton]:
    """A feed with an open box."""
    box = f'<form class="reply-box"><textarea></textarea><button type="submit">{say("Reply")}</button></form>'
    posts = [
        _post(say, n, inner=_post(say, 7, kind="quote") if n == 2 else "", box=box if n == 1 else "") for n in range(6)
    ]
    posts.insert(3, _post(say, 6, kind="ad"))
    return [
        Skeleton(
            "practice",
            "feed",
            f"{_HOST}/-/practice/",
            page(say, "The Quay", "".join(posts), head='<meta name="entregent-practice" content="1">'),
            posts=tuple(_read(n) for n in range(6)),
            boxes=(Box("field", _read(1).url),),
            another=_post(say, 0, new=True),
            another_read=_read(50, NEWCOMER.name, NEW_TEXT),
            broken=(("author-name", "a-n"), ("author-handle", "a-h")),
            missing="author",
        )
    ]
