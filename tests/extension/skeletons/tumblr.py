# ruff: noqa: E501 - markup in long lines
"""Tumblr: a dashboard of posts with hashed classes, an advertisement, a reply box in a post's footer."""

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


def _post(say: Say, n: int, *, box: str = "", is_advertising: bool = False, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    hook = "data-test-ad" if is_advertising else f'data-test-post="{n}"'
    row = "" if is_advertising else f'data-test-row="{n}"'
    mark = "<div data-ad></div>" if is_advertising else ""
    quote = "<blockquote data-test-quote><p>Somebody else said this.</p></blockquote>" if n == 2 else ""
    acts = "".join(f'<button aria-label="{say(word)}">{ICON}</button>' for word in ("Share", "Comment", "Like", "More"))
    return f"""<div tabindex="-1" data-id="7700{number:02}" class="rZlUD" {hook}><div class="So6RQ"><article class="c79Av" aria-label="{person.handle}">{mark}<header class="FtjPK"><a class="nZ9l5" href="https://www.tumblr.com/{person.handle}" role="link"><img alt="" src="data:,"></a><div class="fGKvW"><a class="BSUG4" rel="author" href="https://www.tumblr.com/{person.handle}">{person.handle}</a></div><time datetime="{moment(number)}">3h</time></header>
<div class="LaNUG"><div class="k31gt">{quote}<p>{text}</p></div></div><footer class="vH7AK"><div class="m5KTc" {row}>{acts}</div>{box}</footer></article></div></div>"""


def _read(n: int) -> Expected:
    person, _ = who(n)
    return Expected(
        person.handle,
        said(n),
        f"https://www.tumblr.com/{person.handle}/7700{n:02}",
        f"https://www.tumblr.com/{person.handle}",
        moment(n),
    )


def skeletons(say: Say) -> list[Skeleton]:
    """The dashboard."""
    box = f'<form class="x"><textarea placeholder="{say("Write an answer")}"></textarea><button type="submit">.</button></form>'
    posts = [_post(say, n, box=box if n == 1 else "") for n in range(6)]
    posts.insert(3, _post(say, 7, is_advertising=True))
    return [
        Skeleton(
            "tumblr",
            "dashboard",
            "https://www.tumblr.com/dashboard",
            page(say, "Tumblr", f"<main>{''.join(posts)}</main>"),
            posts=tuple(_read(n) for n in range(6)),
            boxes=(Box("field", _read(1).url),),
            another=_post(say, 0, new=True),
            another_read=Expected(
                "nora",
                NEW_TEXT,
                "https://www.tumblr.com/nora/770050",
                "https://www.tumblr.com/nora",
                moment(50),
            ),
            broken=(("footer", "div"),),
            missing="row",
        )
    ]
