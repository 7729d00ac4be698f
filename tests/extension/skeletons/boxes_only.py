# ruff: noqa: E501 - markup in long lines
"""TikTok, Pinterest and WhatsApp: posts that cannot be told apart have no mark, the box is found."""

from __future__ import annotations

from tests.extension.skeletons import ICON
from tests.extension.skeletons.base import Box, Say, Skeleton, draft_editor, lexical_editor, page, who


def _tiktok(say: Say) -> str:
    comments = ""
    for n in range(5):
        person, text = who(n)
        comments += f'<div class="css-1-DivCommentObjectWrapper"><div class="css-2-DivCommentItemWrapper"><a href="/@{person.handle}"><span data-e2e="comment-username-1">{person.name}</span></a><p data-e2e="comment-level-1">{text}</p><span data-e2e="comment-time-1">{say("3 hours ago")}</span><span data-e2e="comment-reply-1">{say("Reply")}</span></div></div>'
    foot = f'<div class="css-3-DivCommentFooter"><div data-e2e="comment-input">{draft_editor()}</div><div data-e2e="comment-post" role="button">{say("Send")}</div></div>'
    return page(say, "TikTok", f'<a data-e2e="nav-profile" href="/@cafelumiere">.</a>{comments}{foot}')


def _pinterest(say: Say) -> str:
    person, text = who(0)
    pin = f'<div data-test-id="pin"><a href="/pin/123/">{ICON}</a></div><div id="canonical-card"><a href="/{person.handle}/">{person.name}</a><span>{text}</span></div>'
    head = '<div data-test-id="header-profile"><a href="/cafelumiere/">.</a></div>'
    return page(say, "Pinterest", f'{head}{pin}<div data-test-id="comment-editor-container">{draft_editor()}</div>')


def _whatsapp(say: Say) -> str:
    rows = "".join(
        f'<div role="row"><div class="message-in"><span dir="ltr">{who(n)[1]}</span></div></div>' for n in range(5)
    )
    search = f'<div role="textbox" contenteditable="true" aria-label="{say("Search")}"></div>'
    return page(say, "WhatsApp", f'{search}<div id="main">{rows}<footer>{lexical_editor("data-tab=10")}</footer></div>')


def skeletons(say: Say) -> list[Skeleton]:
    """One page each."""
    return [
        Skeleton(
            "tiktok",
            "comments",
            "https://www.tiktok.com/@quai/video/1",
            _tiktok(say),
            boxes=(Box("draft"),),
            account="cafelumiere",
        ),
        Skeleton(
            "pinterest",
            "pin",
            "https://fr.pinterest.com/pin/123/",
            _pinterest(say),
            boxes=(Box("draft"),),
            account="cafelumiere",
            submit=False,
        ),
        Skeleton(
            "whatsapp",
            "chat",
            "https://web.whatsapp.com/",
            _whatsapp(say),
            boxes=(Box("lexical"),),
            submit=False,
        ),
    ]
