# ruff: noqa: E501 - markup in long lines
"""X: a feed with a quote and an advertisement, a post's own page, and the dialog one replies in."""

from __future__ import annotations

from tests.extension.skeletons import ICON, Person
from tests.extension.skeletons.base import (
    NEW_TEXT,
    NEWCOMER,
    Box,
    Expected,
    Say,
    Skeleton,
    draft_editor,
    moment,
    page,
    said,
    who,
)

_USER = '<div data-testid="User-Name"><div class="css-175"><a role="link" href="/{handle}"><span class="css-1jx">{name}</span></a></div><div><a role="link" href="/{handle}" tabindex="-1"><span>@{handle}</span></a>{time}</div></div>'


_PICTURE = (
    '<div role="group" aria-label="Media"><img alt="" src="data:,"><button data-testid="removeMedia">.</button></div>'
)
#: X does not say which of them is described.
_ATTACHED = (2, None, "both")


def _time(person: Person, n: int) -> str:
    return (
        f'<a role="link" href="/{person.handle}/status/{1000 + n}" dir="ltr"><time datetime="{moment(n)}">3h</time></a>'
    )


def _quote(n: int) -> str:
    person, text = who(n)
    user = _USER.format(name=person.name, handle=person.handle, time=f'<time datetime="{moment(n)}">1d</time>')
    user = user.replace("<a ", "<div ").replace("</a>", "</div>")
    return f'<div role="link" tabindex="0" data-test-quote class="r-adacv">{user}<div data-testid="tweetText">{text}</div></div>'


def _post(say: Say, n: int, *, quote: bool = False, is_advertising: bool = False, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    time = "" if is_advertising else _time(person, 50 if new else n)
    user = _USER.format(name=person.name, handle=person.handle, time=time)
    acts = "".join(
        f'<div><button data-testid="{act}" aria-label="{say(word)}" role="button" {"data-test-reply" if act == "reply" else ""}>{ICON}</button></div>'
        for act, word in (("reply", "Reply"), ("retweet", "Share"), ("like", "Like"), ("bookmark", "Save"))
    )
    inner = _quote(n + 4) if quote else ""
    hook = "data-test-ad" if is_advertising else f'data-test-post="{n}"'
    row = "" if is_advertising else f'data-test-row="{n}"'
    return f"""<article data-testid="tweet" role="article" tabindex="0" class="css-g5y r-18u" {hook}><div data-testid="Tweet-User-Avatar"><a role="link" href="/{person.handle}"><img alt="" src="data:,"></a></div>{user}<button data-testid="caret" aria-label="{say("More")}">{ICON}</button>
<div data-testid="tweetText" class="css-146" dir="auto" id="id__t{n}"><span>{text}</span></div>{inner}<div role="group" id="id__{n}" aria-label="6 {say("Reply")}, 2 {say("Like")}" class="css-175" {row}>{acts}</div></article>"""


def _read(n: int) -> Expected:
    person, _ = who(n)
    return Expected(
        person.name,
        said(n),
        f"https://x.com/{person.handle}/status/{1000 + n}",
        f"https://x.com/{person.handle}",
        moment(n),
    )


def _cell(inner: str) -> str:
    return f'<div data-testid="cellInnerDiv">{inner}</div>'


def _page(say: Say, feed: str, late: str = "") -> str:
    side = '<nav role="navigation"><a data-testid="AppTabBar_Profile_Link" href="/cafelumiere">.</a></nav><button data-testid="SideNav_AccountSwitcher_Button"><div dir="ltr"><span>Café Lumière</span></div><div dir="ltr"><span>@cafelumiere</span></div></button>'
    return page(
        say, "X", f'<div id="react-root">{side}<main data-testid="primaryColumn">{feed}</main></div>', late=late
    )


def skeletons(say: Say) -> list[Skeleton]:
    """A feed; a page of one post."""
    own_box = draft_editor('data-testid="tweetTextarea_0"')
    attached = f'<div data-testid="attachments">{2 * _PICTURE}</div><a href="/compose/post/media" data-test-alt="both">{say("More")}</a>'
    posts = [_cell(_post(say, n, quote=n == 2)) for n in range(6)]
    posts.insert(3, _cell(_post(say, 7, is_advertising=True)))
    dialog = f"""<div role="dialog" aria-labelledby="modal-header" aria-modal="true">{_post(say, 1).replace("data-test-post", "data-test-again").replace("data-test-row", "data-test-row-again")}{draft_editor('data-testid="tweetTextarea_1"')}<button data-testid="tweetButton">{say("Reply")}</button></div>"""
    feed = Skeleton(
        "x",
        "feed",
        "https://x.com/home",
        _page(
            say,
            f'<div>{own_box}{attached}<button data-testid="tweetButtonInline">{say("Send")}</button></div>{"".join(posts)}',
            dialog,
        ),
        posts=tuple(_read(n) for n in range(6)),
        boxes=(Box("draft", "", _ATTACHED),),
        account="cafelumiere",
        account_name="Café Lumière",
        pressed=1,
        boxes_pressed=(Box("draft", _read(1).url), Box("draft", "", _ATTACHED)),
        another=_post(say, 0, new=True),
        another_read=Expected(
            NEWCOMER.name, NEW_TEXT, "https://x.com/nora/status/1050", "https://x.com/nora", moment(50)
        ),
        broken=(('data-testid="User-Name"', "data-u"),),
        missing="author, url",
    )
    inline = f'<div data-testid="inline_reply_offscreen">{own_box}<button data-testid="tweetButtonInline">{say("Reply")}</button></div>'
    thread = Skeleton(
        "x",
        "thread",
        "https://x.com/maud/status/1000",
        _page(say, _cell(_post(say, 0)) + _cell(inline) + "".join(_cell(_post(say, n)) for n in range(1, 4))),
        posts=tuple(_read(n) for n in range(4)),
        boxes=(Box("draft", _read(0).url),),
        account="cafelumiere",
        account_name="Café Lumière",
    )
    return [feed, thread]
