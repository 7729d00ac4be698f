# ruff: noqa: E501 - markup in long lines
"""YouTube: comments under a video, replies, the box for the video and the box of a reply."""

from __future__ import annotations

from tests.extension.skeletons.base import (
    NEW_TEXT,
    NEWCOMER,
    Box,
    Expected,
    Say,
    Skeleton,
    buttons,
    page,
    said,
    who,
)

#: Stays in the page once the account menu was opened.
_MENU = '<ytd-active-account-header-renderer hidden><div id="account-name">Café Lumière</div><div id="channel-handle">@cafelumiere</div></ytd-active-account-header-renderer>'
_BOX = '<ytd-commentbox><div id="contenteditable-root" contenteditable="true" aria-label="."></div><div id="submit-button"><button aria-label=".">.</button></div></ytd-commentbox>'


def _comment(say: Say, n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    return f"""<ytd-comment-view-model id="comment" class="style-scope" data-test-post="{n}"><div id="body"><div id="author-thumbnail"><a href="/@{person.handle}"><img alt="@{person.handle}" src="data:,"></a></div><div id="main"><div id="header-author"><h3><a id="author-text" href="/@{person.handle}"><span class="style-scope"> @{person.handle} </span></a></h3><span id="published-time-text"><a href="/watch?v=VIDEO000001&amp;lc=Ugx{number:05}">{say("3 hours ago")}</a></span></div>
<ytd-expander><yt-attributed-string id="content-text"><span role="text">{text}</span></yt-attributed-string></ytd-expander><ytd-comment-engagement-bar id="action-buttons"><div id="toolbar" data-test-row="{n}">{buttons(say, "Like")}<ytd-button-renderer id="reply-button-end"><button aria-label="{say("Reply")}" data-test-reply>{say("Reply")}</button></ytd-button-renderer></div></ytd-comment-engagement-bar></div></div></ytd-comment-view-model>"""


def _read(n: int) -> Expected:
    person, _ = who(n)
    return Expected(
        f"@{person.handle}",
        said(n),
        f"https://www.youtube.com/watch?v=VIDEO000001&lc=Ugx{n:05}",
        f"https://www.youtube.com/@{person.handle}",
    )


def skeletons(say: Say) -> list[Skeleton]:
    """The comments of one video."""
    threads = "".join(
        f"<ytd-comment-thread-renderer>{_comment(say, n)}"
        + (
            f'<div id="replies"><ytd-comment-replies-renderer>{_comment(say, 2)}</ytd-comment-replies-renderer></div>'
            if n == 1
            else ""
        )
        + "</ytd-comment-thread-renderer>"
        for n in (0, 1, 3, 4, 5)
    )
    advertisement = (
        f'<ytd-ad-slot-renderer data-test-ad><div id="content-text">{say("Advertisement")}</div></ytd-ad-slot-renderer>'
    )
    return [
        Skeleton(
            "youtube",
            "comments",
            "https://www.youtube.com/watch?v=VIDEO000001",
            page(
                say,
                "YouTube",
                f'<ytd-comments id="comments">{advertisement}<ytd-comments-header-renderer>{_BOX}</ytd-comments-header-renderer>{threads}</ytd-comments>{_MENU}',
                late=f'<div id="reply-dialog">{_BOX}</div>',
                to="post",
            ),
            posts=tuple(_read(n) for n in range(6)),
            boxes=(Box("plain"),),
            account="@cafelumiere",
            account_name="Café Lumière",
            pressed=2,
            boxes_pressed=(Box("plain"), Box("plain", _read(2).url)),
            another=_comment(say, 0, new=True),
            another_read=Expected(
                "@nora",
                NEW_TEXT,
                "https://www.youtube.com/watch?v=VIDEO000001&lc=Ugx00050",
                "https://www.youtube.com/@nora",
            ),
            broken=(('id="author-text"', 'id="author"'),),
            missing="author",
        )
    ]
