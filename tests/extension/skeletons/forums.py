# ruff: noqa: E501 - markup in long lines
"""phpBB, XenForo and WordPress comments: what anybody may run, on any host and in any folder."""

from __future__ import annotations

from tests.extension.skeletons.base import NEW_TEXT, NEWCOMER, Box, Expected, Say, Skeleton, moment, page, said, who

_BOARD = "https://forum.example/board"


def _phpbb(say: Say, n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    quote = (
        "<blockquote data-test-quote><div><cite>theo:</cite>Somebody else said this.</div></blockquote>"
        if n == 2
        else ""
    )
    user = f'<a href="./memberlist.php?mode=viewprofile&amp;u=1{number:02}" class="username">{person.name}</a>'
    row = f'<ul class="post-buttons" data-test-row="{n}"><li><a href="./posting.php?mode=quote&amp;p={number}" title="{say("Reply")}" class="button button-icon-only"><i class="icon fa-quote-left"></i>❝</a></li><li><a href="./report.php" title="{say("Report")}" class="button">!</a></li></ul>'
    return f"""<div id="p4{number:02}" class="post has-profile bg2" data-test-post="{n}"><div class="inner"><dl class="postprofile" id="profile4{number:02}"><dt class="has-profile-rank"><div class="avatar-container"><a href="./memberlist.php?u=1{number:02}" class="avatar"><img alt="" src="data:,"></a></div>{user}</dt></dl>
<div class="postbody"><div id="post_content4{number:02}"><h3><a href="./viewtopic.php?p=4{number:02}#p4{number:02}">Re</a></h3>{row}<p class="author"><a class="unread" href="./viewtopic.php?p=4{number:02}#p4{number:02}">.</a><span class="responsive-hide"><strong>{user}</strong> » </span><time datetime="{moment(number)}">{say("3 hours ago")}</time></p><div class="content">{quote}{text}</div><div id="sig4{number:02}" class="signature">A line below everything.</div></div></div></div></div><hr class="divider">"""


def _phpbb_read(n: int, name: str, text: str) -> Expected:
    return Expected(
        name,
        text,
        f"{_BOARD}/viewtopic.php?p=4{n:02}#p4{n:02}",
        f"{_BOARD}/memberlist.php?mode=viewprofile&u=1{n:02}",
        moment(n),
    )


def _xenforo(say: Say, n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    quote = (
        '<blockquote class="bbCodeBlock bbCodeBlock--expandable bbCodeBlock--quote js-expandWatch" data-test-quote><div class="bbCodeBlock-content">Somebody else said this.</div></blockquote>'
        if n == 2
        else ""
    )
    link = f"/board/threads/terrasse.1/post-6{number:02}"
    user = f'<a href="/board/members/{person.handle}.1{number:02}/" class="username" data-user-id="1{number:02}"><span>{person.name}</span></a>'
    return f"""<article class="message message--post js-post js-inlineModContainer" data-author="{person.name}" data-content="post-6{number:02}" id="js-post-6{number:02}" data-test-post="{n}"><span class="u-anchorTarget" id="post-6{number:02}"></span><div class="message-inner"><div class="message-cell message-cell--user"><section class="message-user"><h4 class="message-name">{user}</h4></section></div><div class="message-cell message-cell--main"><div class="message-main js-quickEditTarget">
<header class="message-attribution message-attribution--split"><ul class="message-attribution-main listInline"><li class="u-concealed"><a href="{link}" rel="nofollow"><time class="u-dt" dir="auto" datetime="2026-11-20T10:00:00+0100" data-timestamp="17636292{number:02}" data-short="3h">{say("3 hours ago")}</time></a></li></ul><ul class="message-attribution-opposite"><li><a href="{link}">#{n + 1}</a></li></ul></header>
<div class="message-content js-messageContent"><div class="message-userContent lbContainer"><article class="message-body js-selectToQuote"><div><div class="bbWrapper">{quote}{text}</div></div></article></div><aside class="message-signature"><div class="bbWrapper">A line below everything.</div></aside></div>
<footer class="message-footer"><div class="message-actionBar actionBar" data-test-row="{n}"><div class="actionBar-set actionBar-set--external"><a href="/posts/6{number:02}/react" class="actionBar-action actionBar-action--reaction">{say("Like")}</a><a href="/board/threads/terrasse.1/reply?quote=6{number:02}" class="actionBar-action actionBar-action--reply">{say("Reply")}</a></div></div></footer></div></div></div></article>"""


def _xenforo_read(n: int, name: str, text: str) -> Expected:
    handle = NEWCOMER.handle if n == 50 else who(n)[0].handle
    return Expected(
        name,
        text,
        f"{_BOARD}/threads/terrasse.1/post-6{n:02}",
        f"{_BOARD}/members/{handle}.1{n:02}/",
        f"2025-11-20T09:00:{n:02}.000Z",
    )


def _wordpress(say: Say, n: int, *, ping: bool = False, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    if ping:
        return '<div class="comment-body" data-test-ad>Pingback: <a href="https://press.example/">A page</a></div>'
    quote = "<blockquote data-test-quote><p>Somebody else said this.</p></blockquote>" if n == 2 else ""
    return f"""<article id="div-comment-3{number:02}" class="comment-body" data-test-post="{n}"><footer class="comment-meta"><div class="comment-author vcard"><img alt="" class="avatar" src="data:,"><b class="fn"><a href="https://site.example/" class="url" rel="ugc external nofollow">{person.name}</a></b> <span class="says">{say("says:")}</span></div><div class="comment-metadata"><a href="https://blog.example/2026/11/terrasse/#comment-3{number:02}"><time datetime="{moment(number)}">20.11.</time></a></div></footer>
<div class="comment-content">{quote}<p>{text}</p></div><div class="reply" data-test-row="{n}"><a rel="nofollow" class="comment-reply-link" href="#comment-3{number:02}" data-commentid="3{number:02}" data-test-reply>{say("Reply")}</a></div></article>"""


def _wordpress_read(n: int, name: str, text: str) -> Expected:
    return Expected(name, text, f"https://blog.example/2026/11/terrasse/#comment-3{n:02}", "", moment(n))


def skeletons(say: Say) -> list[Skeleton]:
    """A thread each; an article's comments."""
    new = NEWCOMER.name, NEW_TEXT
    topic = "".join(_phpbb(say, n) for n in range(6))
    reply = f'<form id="qr_postform" method="post"><textarea name="message"></textarea><input type="submit" name="post" value="{say("Send")}"></form>'
    user = '<li id="username_logged_in"><a href="#" class="header-avatar dropdown-trigger"><span class="username">Café Lumière</span></a></li>'
    thread = "".join(_xenforo(say, n) for n in range(6))
    quick = f'<form class="block js-quickReply"><div class="fr-box"><div class="fr-element fr-view" contenteditable="true"><p><br></p></div></div><button type="submit" class="button--primary">{say("Send")}</button></form>'
    account = '<a href="/board/account/" class="p-navgroup-link p-navgroup-link--iconic p-navgroup-link--user"><span class="p-navgroup-linkText">Café Lumière</span></a>'

    def comment(n: int, inner: str = "") -> str:
        children = f'<ol class="children">{inner}</ol>' if inner else ""
        return f'<li id="comment-3{n:02}" class="comment depth-1">{_wordpress(say, n)}{children}</li>'

    comments = f'<ol class="comment-list">{comment(0)}{comment(1, comment(2))}<li id="comment-399" class="pingback">{_wordpress(say, 0, ping=True)}</li>{comment(3)}{comment(4)}</ol>'
    respond = f'<div id="respond" class="comment-respond"><form action="/wp-comments-post.php" method="post" id="commentform" class="comment-form"><textarea id="comment" name="comment"></textarea><input name="submit" type="submit" id="submit" value="{say("Send")}"><input type="hidden" name="comment_parent" id="comment_parent" value="%s"></form></div>'
    bar = '<ul><li id="wp-admin-bar-my-account"><a><span class="display-name">Café Lumière</span></a></li></ul>'
    moved = comments.replace(
        "</article></li></ol></li>", f"</article>{respond % '302'}</li></ol></li>"
    )  # after the reply link of the second level
    blog = "https://blog.example/2026/11/terrasse/"
    read = tuple(_wordpress_read(n, who(n)[0].name, said(n)) for n in range(5))
    return [
        Skeleton(
            "phpbb",
            "topic",
            f"{_BOARD}/viewtopic.php?t=9",
            page(
                say,
                "Board",
                f'<div id="wrap">{user}{topic}{reply}</div>',
                body_is='id="phpbb" class="nojs notouch section-viewtopic ltr"',
            ),
            posts=tuple(_phpbb_read(n, who(n)[0].name, said(n)) for n in range(6)),
            boxes=(Box("field", _phpbb_read(0, "", "").url),),
            account="Café Lumière",
            another=_phpbb(say, 0, new=True).partition("<hr")[0],
            another_read=_phpbb_read(50, *new),
            broken=(('class="content"', 'class="c"'),),
            missing="text",
        ),
        Skeleton(
            "xenforo",
            "thread",
            f"{_BOARD}/threads/terrasse.1/",
            page(
                say,
                "Board",
                f'<div class="p-pageWrapper">{account}{thread}{quick}</div>',
                html_is='id="XF" data-app="public" data-template="thread_view"',
            ),
            posts=tuple(_xenforo_read(n, who(n)[0].name, said(n)) for n in range(6)),
            boxes=(Box("plain", _xenforo_read(0, "", "").url),),
            account="Café Lumière",
            another=_xenforo(say, 0, new=True),
            another_read=_xenforo_read(50, *new),
            broken=(("message-attribution", "m-a"),),
            missing="url",
        ),
        Skeleton(
            "wordpress",
            "comments",
            blog,
            page(say, "Blog", f"{bar}{comments}{respond % '0'}"),
            posts=read,
            boxes=(Box("field"),),
            account="Café Lumière",
            another=_wordpress(say, 0, new=True),
            another_read=_wordpress_read(50, *new),
            broken=(('class="fn"', 'class="n"'),),
            missing="author",
        ),
        Skeleton(
            "wordpress",
            "comments, replying",
            blog,
            page(say, "Blog", f"{bar}{moved}"),
            posts=read,
            boxes=(Box("field", read[2].url),),
            account="Café Lumière",
        ),
    ]
