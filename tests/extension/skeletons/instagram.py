# ruff: noqa: E501 - markup in long lines
"""Instagram: a feed with an advertisement, each post with its own comment box."""

from __future__ import annotations

from tests.extension.skeletons import ICON
from tests.extension.skeletons.base import (
    NEW_TEXT,
    NEWCOMER,
    Box,
    Expected,
    Say,
    Skeleton,
    moment,
    page,
    said,
    who,
)


def _post(say: Say, n: int, *, is_advertising: bool = False, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    kind = "reel" if n == 3 else "p"
    hook = "data-test-ad" if is_advertising else f'data-test-post="{n}"'
    row = "" if is_advertising else f'data-test-row="{n}"'
    about = '<a href="https://www.facebook.com/ads/about?x=1">i</a>' if is_advertising else ""
    acts = "".join(
        f'<span><div role="button" tabindex="0"><svg role="img" aria-label="{say(word)}">{ICON[4:-6]}</svg></div></span>'
        for word in ("Like", "Comment", "Share", "Save")
    )
    return f"""<article class="x1a" {hook}><div><div class="x2"><a role="link" href="/{person.handle}/" tabindex="0"><img alt="" src="data:,"></a><a role="link" href="/{person.handle}/"><span dir="auto">{person.handle}</span></a>{about}<a role="link" href="/{kind}/D{number:05}x/"><time datetime="{moment(number)}">{say("3 hours ago")}</time></a></div>
<img alt="Photo" src="data:,"><section class="x3" {row}>{acts}</section><section class="x4"><a href="/{person.handle}/liked_by/" role="link"><span>{say("Like")}</span></a></section>
<div class="x5"><a role="link" href="/{person.handle}/"><span dir="auto">{person.handle}</span></a><span dir="auto" class="x6">{text}</span></div>
<section><div><form method="POST"><textarea aria-label="{say("Write an answer")}" autocomplete="off"></textarea><div role="button">{say("Send")}</div><svg role="img"></svg></form></div></section></div></article>"""


def _read(n: int) -> Expected:
    person, _ = who(n)
    kind = "reel" if n == 3 else "p"
    return Expected(
        person.handle,
        said(n),
        f"https://www.instagram.com/{kind}/D{n:05}x/",
        f"https://www.instagram.com/{person.handle}/",
        moment(n),
    )


def skeletons(say: Say) -> list[Skeleton]:
    """A feed."""
    posts = [_post(say, n) for n in range(5)]
    posts.insert(2, _post(say, 7, is_advertising=True))
    nav = '<nav><a role="link" href="/explore/"><svg></svg></a><a role="link" href="/cafelumiere/"><img alt="" src="data:,"></a></nav>'
    boxes = [Box("field", _read(n).url) for n in range(5)]
    boxes.insert(2, Box("field"))
    return [
        Skeleton(
            "instagram",
            "feed",
            "https://www.instagram.com/",
            page(say, "Instagram", f"{nav}<main>{''.join(posts)}</main>"),
            posts=tuple(_read(n) for n in range(5)),
            boxes=tuple(boxes),
            account="cafelumiere",
            another=_post(say, 0, new=True),
            another_read=Expected(
                "nora",
                NEW_TEXT,
                "https://www.instagram.com/p/D00050x/",
                "https://www.instagram.com/nora/",
                moment(50),
            ),
            broken=(("section", "div"),),
            missing="row",
        )
    ]
