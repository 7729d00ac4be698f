# ruff: noqa: E501 - markup in long lines
"""Facebook: a feed with a shared post, an advertisement and comments, scrambled names of classes."""

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
    page,
    said,
    who,
)

_TAIL = "?__cft__[0]=AZ&amp;__tn__=%2CO"


def _name(name: str, handle: str) -> str:
    return f'<div data-ad-rendering-role="profile_name"><h4><span><a role="link" href="https://www.facebook.com/{handle}{_TAIL}"><b>{name}</b></a></span></h4></div>'


def _post(say: Say, n: int, *, number: int, shared: bool = False, comments: str = "", new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    other, words = who(n + 3)
    inner = (
        f'<div data-ad-rendering-role="attached_story" data-test-quote>{_name(other.name, other.handle)}<div data-ad-rendering-role="story_message">{words}</div></div>'
        if shared
        else ""
    )
    ident = "50" if new else str(n)
    acts = "".join(
        f'<div role="button" tabindex="0" {"data-test-reply" if role == "comment" else ""}>{ICON}<span data-ad-rendering-role="{role}_button">{say(word)}</span></div>'
        for role, word in (("like", "Like"), ("comment", "Comment"), ("share", "Share"))
    )
    return f"""<div aria-posinset="{n + 1}" aria-describedby="_r_{n}_" class="x1a" data-test-post="{number}"><div class="x1n">{_name(person.name, person.handle)}<a role="link" href="https://www.facebook.com/{person.handle}/posts/pfbid0{ident}abc{_TAIL}"><span>{say("3 hours ago")}</span></a></div>
<div data-ad-rendering-role="story_message"><div data-ad-comet-preview="message" data-ad-preview="message"><div dir="auto">{text}</div></div></div>{inner}<div class="x9f" data-test-row="{number}">{acts}</div>{comments}</div>"""


def _comment(say: Say, post: int, n: int, number: int, reply: str = "") -> str:
    person, text = who(n)
    owner, _ = who(post)
    query = f"?comment_id=77{n}" if not reply else f"?comment_id=77{reply}&amp;reply_comment_id=77{n}"
    link = f"https://www.facebook.com/{owner.handle}/posts/pfbid0{post}abc{query}&amp;__cft__[0]=AZ"
    return f"""<div role="article" aria-label="{say("Comment")} {person.name}" class="x78" data-test-post="{number}"><a role="link" href="https://www.facebook.com/{person.handle}?comment_id=Y29" aria-hidden="true"><svg></svg></a><div class="xv5"><span><a role="link" href="https://www.facebook.com/{person.handle}?comment_id=Y29"><span dir="auto">{person.name}</span></a></span><div class="x1l"><span><div dir="auto">{text}</div></span></div></div>
<ul class="xup" data-test-row="{number}"><li><a role="link" href="{link}">{say("3 hours ago")}</a></li><li><div role="button">{say("Like")}</div></li><li><div role="button">{say("Reply")}</div></li></ul></div>"""


def _read(n: int) -> Expected:
    person, _ = who(n)
    return Expected(
        person.name,
        said(n),
        f"https://www.facebook.com/{person.handle}/posts/pfbid0{n}abc",
        f"https://www.facebook.com/{person.handle}",
    )


def _read_comment(post: int, n: int, reply: str = "") -> Expected:
    person, _ = who(n)
    owner, _ = who(post)
    query = f"?comment_id=77{n}" if not reply else f"?comment_id=77{reply}&reply_comment_id=77{n}"
    return Expected(
        person.name,
        said(n),
        f"https://www.facebook.com/{owner.handle}/posts/pfbid0{post}abc{query}",
        f"https://www.facebook.com/{person.handle}",
    )


def skeletons(say: Say) -> list[Skeleton]:
    """A feed with comments under one post."""
    label = f'aria-label="{say("Comment as")} Café Lumière…"'
    box = f'<form role="presentation">{lexical_editor(label)}<div role="button" aria-label="{say("Comment")}">{ICON}</div></form>'
    comments = f"<div>{_comment(say, 1, 5, 2)}{_comment(say, 1, 6, 3, reply='5')}{box}</div>"
    posts = [_post(say, 0, number=0), _post(say, 1, number=1, comments=comments)]
    posts += [_post(say, n, number=n + 2, shared=n == 2) for n in (2, 3, 4)]
    advertisement = (
        _post(say, 7, number=99)
        .replace('data-test-post="99"', "data-test-ad")
        .replace('data-test-row="99"', "")
        .replace('<div class="x1n">', '<div class="x1n"><a href="https://www.facebook.com/ads/about/?x=1">.</a>')
    )
    posts.insert(2, advertisement)
    read = (_read(0), _read(1), _read_comment(1, 5), _read_comment(1, 6, "5"), _read(2), _read(3), _read(4))
    return [
        Skeleton(
            "facebook",
            "feed",
            "https://www.facebook.com/",
            page(say, "Facebook", f'<div role="main"><div role="feed">{"".join(posts)}</div></div>'),
            posts=read,
            boxes=(Box("lexical", read[1].url),),
            account="Café Lumière",
            another=_post(say, 0, number=0, new=True),
            another_read=Expected(
                NEWCOMER.name,
                NEW_TEXT,
                "https://www.facebook.com/nora/posts/pfbid050abc",
                "https://www.facebook.com/nora",
            ),
            broken=(("/posts/", "/p/"), ("comment_id=", "cid=")),
            missing="url",
        )
    ]
