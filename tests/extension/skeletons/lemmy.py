# ruff: noqa: E501 - markup in long lines
"""Lemmy 0.19 and 1.0: a post drawn twice, comments in each other's lists, boxes that follow what they answer."""

from __future__ import annotations

from tests.extension.skeletons.base import NEW_TEXT, NEWCOMER, Box, Expected, Say, Skeleton, page, said, who

_HOST = "https://quai.example"
_REPLY = '<svg class="icon"><use xlink:href="/static/assets/symbols.svg#icon-reply1"></use><title>{words}</title></svg>'
_BOX = '<div class="comment-form"><form class="markdown-textarea" id="markdown-textarea-{n}"><textarea class="form-control" id="markdown-textarea-{n}x"></textarea><button type="submit">{words}</button></form></div>'


def _person(handle: str, name: str) -> str:
    return f'<a class="person-listing d-inline-flex" title="@{handle}@quai.example" href="/u/{handle}"><span>{name}</span></a>'


def _comment(say: Say, n: int, *, newer: bool, after: str = "", new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    acts = f'<button class="btn btn-link" aria-label="{say("Like")}">▲</button><button class="btn btn-link" aria-label="{say("Reply")}">{_REPLY.format(words=say("Reply"))}</button><button class="btn btn-link" aria-label="{say("More")}">…</button>'
    row = (
        f'<div class="row row-cols-auto align-items-center" data-test-row="{n}"><div class="col">{acts}</div></div>'
        if newer
        else f'<div class="comment-bottom-btns d-flex" data-test-row="{n}">{acts}</div>'
    )
    article = f"""<article id="comment-{number}" class="details comment-node py-2" data-test-post="{n}"><div class="ms-2"><div class="row text-muted small" role="group"><div class="col">{_person(person.handle, person.name)}</div><span class="moment-time pointer" data-tippy-content="{say("3 hours ago")}">3h</span></div><div class="comment-content"><div class="md-div"><blockquote data-test-quote><p>Somebody else said this.</p></blockquote><p>{text}</p></div></div>{row}</div></article>"""
    return article if new else f'<li class="comment list-unstyled">{article}{after}</li>'


def _read(n: int) -> Expected:
    person, _ = who(n)
    return Expected(person.name, said(n), f"{_HOST}/comment/{n}", f"{_HOST}/u/{person.handle}")


def _listing(say: Say, *, newer: bool) -> str:
    person, text = who(7)
    title = '<h1 class="h4"><a href="/post/77">A title</a></h1>'
    acts = f'<a class="btn btn-link" href="/post/77?scrollToComments=true">4 {say("Comment")}</a><button class="btn">{say("Save")}</button>'
    if newer:
        row = f'<div class="row row-cols-auto" data-test-row="7"><div class="col">{acts}</div></div>'
        return f'<div class="post-listing" id="post-listing-77" data-test-post="7"><article class="post-container">{title}{_person(person.handle, person.name)}<div class="md-div"><p>{text}</p></div>{row}</article></div>'
    copies = "".join(
        f'<div class="{names}"><article class="row post-container">{title}{_person(person.handle, person.name)}<div class="d-flex" {row}>{acts}</div></article></div>'
        for names, row in (("d-block d-sm-none", ""), ("d-none d-sm-block", 'data-test-row="7"'))
    )
    return f'<div class="post-listing mt-2" data-test-post="7">{copies}<article id="postContent" class="card"><div class="md-div"><p>{text}</p></div></article></div>'


def _thread(say: Say, *, newer: bool) -> str:
    box = _BOX.format(n=1, words=say("Send"))
    deep = f'<ul class="comments">{_comment(say, 3, newer=newer)}</ul>'
    below = (
        f'<ul class="comments">{_comment(say, 2, newer=newer, after=_BOX.format(n=2, words=say("Send")) + deep)}</ul>'
    )
    comments = f'<ul class="comments">{_comment(say, 1, newer=newer, after=below)}{_comment(say, 4, newer=newer)}{_comment(say, 5, newer=newer)}</ul>'
    nav = '<nav class="navbar"><a class="nav-link" href="/u/cafelumiere">.</a></nav>'
    return page(
        say,
        "Quai",
        f'<div id="root"><div id="app" class="lemmy-site">{nav}<main>{_listing(say, newer=newer)}{box}{comments}</main></div></div>',
    )


def skeletons(say: Say) -> list[Skeleton]:
    """One thread in both generations."""
    person, _ = who(7)
    first = Expected(person.name, said(7), f"{_HOST}/post/77", f"{_HOST}/u/{person.handle}")
    return [
        Skeleton(
            "lemmy",
            name,
            f"{_HOST}/post/77",
            _thread(say, newer=newer),
            posts=(first, *(_read(n) for n in range(1, 6))),
            boxes=(Box("field", first.url), Box("field", _read(2).url)),
            account="cafelumiere",
            another=_comment(say, 1, newer=newer, new=True),
            another_read=Expected(NEWCOMER.name, NEW_TEXT, f"{_HOST}/comment/50", f"{_HOST}/u/nora"),
            broken=(('title="@', 'alt="@'), ('href="/u/', 'href="/v/')),
            missing="author",
        )
        for name, newer in (("0.19", False), ("1.0", True))
    ]
