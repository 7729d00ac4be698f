# ruff: noqa: E501 - markup in long lines
"""Threads: a feed with a quoted post, an advertisement, and the reply dialog."""

from __future__ import annotations

from tests.extension.skeletons import ICON
from tests.extension.skeletons.base import (
    NEW_TEXT,
    NEWCOMER,
    Box,
    Expected,
    Say,
    Skeleton,
    lexical_editor,
    moment,
    page,
    said,
    who,
)


def _post(say: Say, n: int, *, inner: str = "", kind: str = "", new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    time = (
        f'<a href="/@{person.handle}/post/C{number:05}" role="link"><time datetime="{moment(number)}">3h</time></a>'
        if kind != "ad"
        else ""
    )
    hook = {"quote": "data-test-quote", "ad": "data-test-ad"}.get(kind, f'data-test-post="{n}"')
    acts = "".join(
        f'<div class="x6s"><div role="button" tabindex="0" {"data-test-reply" if word == "Reply" else ""}><div class="x1i"><svg role="img" aria-label="{say(word)}">{ICON[4:-6]}</svg></div></div></div>'
        for word in ("Like", "Reply", "Share", "Send")
    )
    row = "" if kind == "quote" else f'<div class="x1fc" {f"data-test-row={n}" if not kind else ""}>{acts}</div>'
    return f"""<div data-pressable-container="true" data-interactive-id="" class="x1a" {hook}><div><a href="/@{person.handle}" role="link"><img alt="" src="data:,"></a></div><div class="x2"><a href="/@{person.handle}" role="link"><span dir="auto">{person.handle}</span></a>{time}<div role="button" aria-label="{say("More")}"><svg role="img"></svg></div></div>
<div class="x3"><span dir="auto" class="x4"><span>{text}</span></span></div>{inner}<div class="x5">{row}</div></div>"""


def _read(n: int) -> Expected:
    person, _ = who(n)
    return Expected(
        person.handle,
        said(n),
        f"https://www.threads.com/@{person.handle}/post/C{n:05}",
        f"https://www.threads.com/@{person.handle}",
        moment(n),
    )


def skeletons(say: Say) -> list[Skeleton]:
    """A feed whose reply box opens in a dialog."""
    posts = [_post(say, n, inner=_post(say, 6, kind="quote") if n == 2 else "") for n in range(6)]
    posts.insert(4, _post(say, 7, kind="ad"))
    late = f'<div role="dialog">{lexical_editor()}<div role="button">{say("Send")}</div></div>'
    head = '<div id="barcelona-header"><a href="/@cafelumiere" role="link"><svg></svg></a></div>'
    return [
        Skeleton(
            "threads",
            "feed",
            "https://www.threads.com/",
            page(say, "Threads", f'{head}<div id="barcelona-page-layout">{"".join(posts)}</div>', late=late),
            posts=tuple(_read(n) for n in range(6)),
            account="cafelumiere",
            pressed=3,
            boxes_pressed=(Box("lexical", _read(3).url),),
            another=_post(say, 0, new=True),
            another_read=Expected(
                "nora",
                NEW_TEXT,
                "https://www.threads.com/@nora/post/C00050",
                "https://www.threads.com/@nora",
                moment(50),
            ),
            broken=(('<span dir="auto" class="x4">', "<span>"),),
            missing="text",
        )
    ]
