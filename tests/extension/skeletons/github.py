# ruff: noqa: E501 - markup in long lines
"""GitHub: an issue in the rebuilt pages and a pull request in the older ones, each with the box at its foot."""

from __future__ import annotations

from tests.extension.skeletons import ICON
from tests.extension.skeletons.base import NEW_TEXT, NEWCOMER, Box, Expected, Say, Skeleton, moment, page, said, who

_HEAD = '<meta name="user-login" content="cafelumiere">'
_QUOTE = "<blockquote data-test-quote><p>Somebody else said this.</p></blockquote>"
_MENTION = '<a data-hovercard-url="/users/theo/hovercard" href="https://github.com/theo">@theo</a>'


def _read(n: int, url: str) -> Expected:
    person, _ = who(n)
    return Expected(person.handle, f"{said(n)}\n@theo", url, f"https://github.com/{person.handle}", moment(n))


def _body(text: str) -> str:
    return f'<div class="markdown-body" data-testid="markdown-body">{_QUOTE}<p>{text}</p><p>{_MENTION}</p></div>'


def _issue(say: Say) -> str:
    person, text = who(0)
    return f"""<div data-testid="issue-viewer-issue-container" class="Box-sc-1a" data-test-post="0"><a data-testid="avatar-link" href="/{person.handle}" data-hovercard-url="/users/{person.handle}/hovercard"><img alt="@{person.handle}" src="data:,"></a><div class="kx"><div data-test-row="0"><a data-testid="issue-body-header-author" href="/{person.handle}" data-hovercard-url="/users/{person.handle}/hovercard">{person.handle}</a><a href="#issue-1"><relative-time datetime="{moment(0)}">{say("3 hours ago")}</relative-time></a></div><button aria-label="{say("More")}">{ICON}</button></div><div data-testid="issue-body-viewer">{_body(text)}</div></div>"""


def _comment(say: Say, n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    inner = f"""<div class="react-issue-comment LayoutHelpers-module__s" data-test-post="{n}"><a data-testid="avatar-link" href="/{person.handle}"><img alt="@{person.handle}" src="data:,"></a><div class="ActivityHeader-x" data-test-row="{n}"><a data-testid="avatar-link" data-hovercard-url="/users/{person.handle}/hovercard" href="https://github.com/{person.handle}">{person.handle}</a><span>·</span><a href="https://github.com/quai/terrasse/issues/7#issuecomment-{500 + number}"><relative-time datetime="{moment(number)}">{say("3 hours ago")}</relative-time></a><button aria-label="{say("More")}">{ICON}</button></div>{_body(text)}</div>"""
    return inner if new else f'<div data-wrapper-timeline-id="IC_{n}">{inner}</div>'


def _legacy(say: Say, n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    anchor = "issue-900" if n == 0 else f"issuecomment-{500 + number}"
    inner = f"""<div class="timeline-comment unminimized-comment js-comment" data-test-post="{n}"><div class="timeline-comment-header clearfix"><div class="timeline-comment-actions"><details><summary>{ICON}</summary></details></div><h3 data-test-row="{n}"><strong><a class="author Link--primary" data-hovercard-url="/users/{person.handle}/hovercard" href="/{person.handle}">{person.handle}</a></strong><a class="js-timestamp" href="#{anchor}" id="{anchor}-permalink"><relative-time datetime="{moment(number)}">3h</relative-time></a></h3></div><div class="edit-comment-hide"><div class="comment-body markdown-body js-comment-body">{_QUOTE}<p>{text}</p><p>{_MENTION}</p></div></div></div>"""
    return inner if new else f'<div class="js-timeline-item"><div class="js-comment-container">{inner}</div></div>'


def skeletons(say: Say) -> list[Skeleton]:
    """An issue and a pull request."""
    issue, pull = "https://github.com/quai/terrasse/issues/7", "https://github.com/quai/terrasse/pull/8"
    box = f'<div class="AddCommentEditor-module__x"><h2 id="comment-composer-heading">.</h2><textarea aria-labelledby="comment-composer-heading"></textarea><button data-variant="primary" type="button">{say("Comment")}</button></div>'
    old_box = f'<form class="js-new-comment-form"><textarea id="new_comment_field" name="comment[body]"></textarea><div id="partial-new-comment-form-actions"><button type="submit">{say("Comment")}</button></div></form>'
    read = f"{NEW_TEXT}\n@theo"
    new = Expected("nora", read, f"{issue}#issuecomment-550", "https://github.com/nora", moment(50))
    return [
        Skeleton(
            "github",
            "issue",
            issue,
            page(say, "Issue 7", f"{_issue(say)}{''.join(_comment(say, n) for n in range(1, 6))}{box}", head=_HEAD),
            posts=(_read(0, issue), *(_read(n, f"{issue}#issuecomment-{500 + n}") for n in range(1, 6))),
            boxes=(Box("field", issue),),
            account="cafelumiere",
            another=_comment(say, 1, new=True),
            another_read=new,
            broken=(("relative-time", "time-ago"),),
            missing="row",
        ),
        Skeleton(
            "github",
            "pull request",
            pull,
            page(say, "Pull 8", f"{''.join(_legacy(say, n) for n in range(6))}{old_box}", head=_HEAD),
            posts=(
                _read(0, f"{pull}#issue-900"),
                *(_read(n, f"{pull}#issuecomment-{500 + n}") for n in range(1, 6)),
            ),
            boxes=(Box("field", f"{pull}#issue-900"),),
            account="cafelumiere",
            another=_legacy(say, 1, new=True),
            another_read=Expected("nora", read, f"{pull}#issuecomment-550", "https://github.com/nora", moment(50)),
            broken=(("js-timestamp", "stamp"),),
            missing="url, row",
        ),
    ]
