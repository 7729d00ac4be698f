# ruff: noqa: E501 - markup in long lines
"""Reddit, new (with shadow roots) and old: feeds with an advertisement, threads with nested comments."""

from __future__ import annotations

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

# The buttons of new pages stand in shadow roots.
_SHADOW = '<template shadowrootmode="open"><slot name="credit-bar"></slot><slot name="title"></slot><slot name="text-body"></slot><slot name="commentMeta"></slot><slot name="comment"></slot><slot name="actionRow"></slot><slot></slot><div><button>{share}</button></div></template>'


def _link(n: int) -> str:
    return f"/r/quai/comments/a{n}/a_title/"


def _read(n: int) -> Expected:
    person, _ = who(n)
    return Expected(
        person.handle,
        said(n),
        f"https://www.reddit.com{_link(n)}",
        f"https://www.reddit.com/user/{person.handle}/",
        moment(n),
    )


def _read_comment(n: int) -> Expected:
    person, _ = who(n)
    return Expected(
        person.handle,
        said(n),
        f"https://www.reddit.com/r/quai/comments/a0/comment/c{n}/",
        f"https://www.reddit.com/user/{person.handle}/",
        moment(n),
    )


_NEW = Expected("nora", NEW_TEXT, f"https://www.reddit.com{_link(50)}", "https://www.reddit.com/user/nora/", moment(50))


def _post(say: Say, n: int, *, is_advertising: bool = False, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    hook = "promoted data-test-ad" if is_advertising else f'data-test-post="{n}"'
    row = "" if is_advertising else f'data-test-row="{n}"'
    quote = "<blockquote data-test-quote>Somebody else said this.</blockquote>" if n == 2 else ""
    return f"""<shreddit-post id="t3_a{number}" permalink="{_link(number)}" author="{person.handle}" post-title="A title" created-timestamp="{moment(number)}" class="block" {hook}>{_SHADOW.format(share=say("Share"))}
<div slot="credit-bar" {row}><a href="/r/quai/">r/quai</a><a href="/user/{person.handle}/">{person.handle}</a><time datetime="{moment(number)}">{say("3 hours ago")}</time></div><a slot="title" href="{_link(number)}">A title</a><div slot="text-body"><div class="md">{quote}<p>{text}</p></div></div></shreddit-post>"""


def _comment(say: Say, n: int, inner: str = "") -> str:
    person, text = who(n)
    return f"""<shreddit-comment thingid="t1_c{n}" author="{person.handle}" permalink="/r/quai/comments/a0/comment/c{n}/" created="{moment(n)}" depth="0" data-test-post="{n}">{_SHADOW.format(share=say("Share"))}
<div slot="commentMeta" data-test-row="{n}"><a href="/user/{person.handle}/">{person.handle}</a><time datetime="{moment(n)}">{say("3 hours ago")}</time></div><div slot="comment" id="-post-rtjson-content-{n}" class="md"><p>{text}</p></div><shreddit-comment-action-row slot="actionRow"><faceplate-tracker slot="comment-reply"><button data-test-reply>{say("Reply")}</button></faceplate-tracker></shreddit-comment-action-row>{inner}</shreddit-comment>"""


def _composer(say: Say) -> str:
    return f'<shreddit-composer>{lexical_editor("name=body slot=rte")}<button slot="submit-button" type="submit">{say("Send")}</button></shreddit-composer>'


def _new_feed(say: Say) -> Skeleton:
    posts = [_post(say, n) for n in range(6)]
    posts.insert(2, _post(say, 7, is_advertising=True))
    user = '<rs-current-user display-name="cafelumiere"></rs-current-user>'
    return Skeleton(
        "reddit",
        "new feed",
        "https://www.reddit.com/r/quai/",
        page(say, "Reddit", f"<shreddit-app>{user}<main>{''.join(posts)}</main></shreddit-app>"),
        posts=tuple(_read(n) for n in range(6)),
        account="cafelumiere",
        another=_post(say, 0, new=True),
        another_read=_NEW,
        broken=(('slot="text-body"', "slot=body"), ('slot="title"', "slot=top")),
        missing="text",
        submit=False,
    )


def _new_thread(say: Say) -> Skeleton:
    comments = _comment(say, 1, _comment(say, 2, _comment(say, 3))) + _comment(say, 4)
    top = f"<comment-composer-host>{_composer(say)}</comment-composer-host>"
    return Skeleton(
        "reddit",
        "new thread",
        f"https://www.reddit.com{_link(0)}",
        page(
            say,
            "Reddit",
            f"<shreddit-app>{_post(say, 0)}{top}<shreddit-comment-tree>{comments}</shreddit-comment-tree></shreddit-app>",
            late=_composer(say),
            to="post",
        ),
        posts=(_read(0), *(_read_comment(n) for n in range(1, 5))),
        boxes=(Box("lexical", _read(0).url),),
        pressed=2,
        boxes_pressed=(Box("lexical", _read(0).url), Box("lexical", _read_comment(2).url)),
        broken=(('slot="commentMeta"', "slot=meta"), ('slot="credit-bar"', "slot=bar")),
        missing="row",
    )


def _old(say: Say, n: int, *, is_advertising: bool = False, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    hook = "data-test-ad" if is_advertising else f'data-test-post="{n}"'
    row = "" if is_advertising else f'data-test-row="{n}"'
    names = "thing link promotedlink promoted" if is_advertising else "thing link self"
    return f"""<div class="{names} id-t3_a{number}" data-fullname="t3_a{number}" data-author="{person.handle}" data-permalink="{_link(number)}" {hook}><div class="midcol"><div class="arrow up" role="button"></div></div><div class="entry"><div class="top-matter"><p class="title"><a class="title" href="{_link(number)}">A title</a></p><p class="tagline"><time datetime="{moment(number)}" class="live-timestamp">{say("3 hours ago")}</time> <a class="author" href="https://old.reddit.com/user/{person.handle}">{person.handle}</a></p>
<div class="usertext-body"><div class="md"><p>{text}</p></div></div><ul class="flat-list buttons" {row}><li class="first"><a href="{_link(number)}">{say("Comment")}</a></li><li><a href="#s">{say("Share")}</a></li></ul></div></div></div>"""


def _old_comment(say: Say, n: int, inner: str = "") -> str:
    person, text = who(n)
    return f"""<div class="thing comment noncollapsed" data-fullname="t1_c{n}" data-author="{person.handle}" data-permalink="/r/quai/comments/a0/comment/c{n}/" data-test-post="{n}"><div class="entry unvoted"><p class="tagline"><a class="author" href="/user/{person.handle}">{person.handle}</a> <time datetime="{moment(n)}">{say("3 hours ago")}</time></p>
<form class="usertext"><div class="usertext-body"><div class="md"><p>{text}</p></div></div></form><ul class="flat-list buttons" data-test-row="{n}"><li class="first"><a href="#p">permalink</a></li><li class="reply-button"><a href="javascript:void(0)" data-test-reply>{say("Reply")}</a></li></ul></div><div class="child">{inner}</div></div>"""


def _old_box(say: Say) -> str:
    return f'<form class="usertext cloneable"><input type="hidden" name="thing_id" value="t3_a0"><div class="usertext-edit"><textarea name="text"></textarea><div class="usertext-buttons"><button type="submit" class="save">{say("Save")}</button></div></div></form>'


def _old_feed(say: Say) -> Skeleton:
    posts = [_old(say, n) for n in range(6)]
    posts.insert(2, _old(say, 7, is_advertising=True))
    return Skeleton(
        "reddit",
        "old feed",
        "https://old.reddit.com/r/quai/",
        page(
            say,
            "reddit",
            f'<div id="header-bottom-right"><span class="user"><a href="https://old.reddit.com/user/cafelumiere/">cafelumiere</a></span></div><div id="siteTable">{"".join(posts)}</div>',
        ),
        posts=tuple(_read(n) for n in range(6)),
        account="cafelumiere",
        another=_old(say, 0, new=True),
        another_read=_NEW,
        broken=(("data-author", "data-by"),),
        missing="author",
        submit=False,
    )


def _old_thread(say: Say) -> Skeleton:
    comments = _old_comment(say, 1, _old_comment(say, 2, _old_comment(say, 3))) + _old_comment(say, 4)
    return Skeleton(
        "reddit",
        "old thread",
        f"https://old.reddit.com{_link(0)}",
        page(
            say,
            "reddit",
            f'<div id="siteTable">{_old(say, 0)}</div><div class="commentarea">{_old_box(say)}<div class="sitetable nestedlisting">{comments}</div></div>',
            late=_old_box(say),
            to="post",
        ),
        posts=(_read(0), *(_read_comment(n) for n in range(1, 5))),
        boxes=(Box("field", _read(0).url),),
        pressed=2,
        boxes_pressed=(Box("field", _read(0).url), Box("field", _read_comment(2).url)),
        broken=(("flat-list buttons", "flat-list"),),
        missing="row",
    )


def skeletons(say: Say) -> list[Skeleton]:
    """New and old, feed and thread."""
    return [_new_feed(say), _new_thread(say), _old_feed(say), _old_thread(say)]
