# ruff: noqa: E501 - markup in long lines
"""Stack Exchange: a question, answers that others edited, comments, an advertisement, both kinds of box."""

from __future__ import annotations

from tests.extension.skeletons.base import NEW_TEXT, NEWCOMER, Box, Expected, Say, Skeleton, page, said, who

_HOST = "https://cooking.stackexchange.com"


def _signature(n: int, name: str, handle: str, *, is_author: bool) -> str:
    mark = 'itemprop="author" itemscope' if is_author else ""
    return f"""<div class="post-signature {"owner" if is_author else ""} flex--item"><div class="user-info"><div class="user-action-time">asked <span title="2026-11-20 09:{n:02}:00Z" class="relativetime">3h</span></div><div class="user-details" {mark}><a href="/users/{40 + n}/{handle}">{name}</a></div></div></div>"""


def _comment(say: Say, n: int, number: int) -> str:
    person, text = who(n)
    return f"""<li id="comment-{600 + n}" class="comment js-comment" data-comment-id="{600 + n}" data-test-post="{number}"><div class="js-comment-actions comment-actions"></div><div class="comment-text"><div class="comment-body js-comment-edit-hide" data-test-row="{number}"><span class="comment-copy">{text}</span> – <a href="/users/{40 + n}/{person.handle}" class="comment-user">{person.name}</a> <span class="comment-date"><a class="comment-link" href="#comment{600 + n}_1"><span title="2026-11-20 09:{n:02}:00Z, License: CC BY-SA 4.0" class="relativetime-clean">{say("3 hours ago")}</span></a></span></div></div></li>"""


def _post(
    say: Say, n: int, number: int, *, kind: str = "answer", comments: str = "", box: str = "", new: bool = False
) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    editor, _ = who(n + 1)
    ident = 50 if new else n
    attributes = (
        f'id="question" class="question js-question" data-questionid="{300 + ident}"'
        if kind == "question"
        else f'id="answer-{300 + ident}" class="answer js-answer" data-answerid="{300 + ident}"'
    )
    return f"""<div {attributes} data-test-post="{number}"><div class="post-layout"><div class="votecell"><button class="js-vote-up-btn" aria-label="▲">▲</button></div><div class="postcell post-layout--right"><div class="s-prose js-post-body" itemprop="text"><blockquote data-test-quote><p>Somebody else said this.</p></blockquote><p>{text}</p></div>
<div class="mt24"><div class="js-post-menu pt2" data-test-row="{number}" data-post-id="{300 + ident}"><a href="/q/1" class="js-share-link">{say("Share")}</a><button class="s-btn js-follow-post">{say("Save")}</button></div>{_signature(n + 1, editor.name, editor.handle, is_author=False)}{_signature(ident, person.name, person.handle, is_author=True)}</div></div>
<div class="post-layout--right js-post-comments-component"><div class="comments js-comments-container"><ul class="comments-list">{comments}</ul></div><div><a class="js-add-link comments-link" href="#" data-test-reply>{say("Comment")}</a></div>{box}</div></div></div>"""


def _read(n: int, path: str) -> Expected:
    person, _ = who(n)
    return Expected(
        person.name,
        said(n),
        f"{_HOST}{path}",
        f"{_HOST}/users/{40 + n}/{person.handle}",
        f"2026-11-20T09:{n:02}:00.000Z",
    )


def skeletons(say: Say) -> list[Skeleton]:
    """One question with its answers."""
    box = f'<form id="add-comment-302" class="js-comment-form"><textarea name="comment"></textarea><button type="submit">{say("Comment")}</button></form>'
    posts = _post(say, 0, 0, kind="question", comments=_comment(say, 5, 1))
    posts += _post(say, 1, 2) + '<div class="js-zone-container" data-test-ad>Ad</div>'
    posts += _post(say, 2, 3, comments=_comment(say, 6, 4), box=box)
    top = '<header class="s-topbar"><a href="/users/99/cafe-lumiere" class="s-topbar--item s-user-card"><div class="s-avatar" title="Café Lumière"></div></a></header>'
    answer = f'<form id="post-form"><textarea id="wmd-input" name="post-text" class="wmd-input"></textarea><button id="submit-button" type="submit">{say("Send")}</button></form>'
    read = (
        _read(0, "/questions/300"),
        _read(5, "/posts/comments/605"),
        _read(1, "/a/301"),
        _read(2, "/a/302"),
        _read(6, "/posts/comments/606"),
    )
    return [
        Skeleton(
            "stackexchange",
            "question",
            f"{_HOST}/questions/300/which",
            page(say, "Cooking", f'{top}<div id="mainbar" itemprop="mainEntity">{posts}{answer}</div>'),
            posts=read,
            boxes=(Box("field", read[3].url), Box("field", read[0].url)),
            account="99/cafe-lumiere",
            account_name="Café Lumière",
            another=_post(say, 0, 0, kind="question", comments=_comment(say, 5, 1), new=True),
            another_read=Expected(
                NEWCOMER.name,
                NEW_TEXT,
                f"{_HOST}/questions/350",
                f"{_HOST}/users/90/nora",
                "2026-11-20T09:50:00.000Z",
            ),
            broken=(("/users/", "/people/"), ("comment-user", "cu")),
            missing="author",
        )
    ]
