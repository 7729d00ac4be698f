# ruff: noqa: E501 - markup in long lines
"""Hacker News: a thread, a list with a job advertisement. The site is in English alone."""

from __future__ import annotations

from tests.extension.skeletons.base import NEW_TEXT, NEWCOMER, Box, Expected, Say, Skeleton, page, said, who

_ITEM = "https://news.ycombinator.com/item?id="
_USER = "https://news.ycombinator.com/user?id="
_AT = 1_763_629_200


def _age(ident: int, n: int) -> str:
    return (
        f'<span class="age" title="2025-11-20T09:00:{n:02} {_AT + n}"><a href="item?id={ident}">1 hour ago</a></span>'
    )


def _comment(n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    ident = 900 + number
    return f"""<tr class="athing comtr" id="{ident}" data-test-post="{n}"><td><table border="0"><tbody><tr><td class="ind" indent="{n % 3}"><img src="data:," height="1" width="{n % 3 * 40}"></td><td valign="top" class="votelinks"><a id="up_{ident}" href="vote?id={ident}"><div class="votearrow"></div></a></td>
<td class="default"><div><span class="comhead"><a href="user?id={person.handle}" class="hnuser">{person.handle}</a> {_age(ident, number)} <span class="navs"> | <a href="#1" class="clicky">next</a></span></span></div><br><div class="comment"><div class="commtext c00">{text}</div><div class="reply" data-test-row="{n}"><p><font size="1"><u><a href="reply?id={ident}">reply</a></u></font></p></div></div></td></tr></tbody></table></td></tr>"""


def _story(n: int, ident: int, *, hook: bool = True, is_job: bool = False) -> str:
    person, text = who(n)
    if is_job:
        return f'<tr class="athing submission" id="777" data-test-ad><td></td><td><img src="data:,"></td><td class="title"><span class="titleline"><a href="https://jobs.example/1">We hire</a></span></td></tr><tr data-test-ad><td colspan="2"></td><td class="subtext">{_age(777, 0)} | <a href="hide?id=777">hide</a></td></tr>'
    mark = f'data-test-post="{n}"' if hook else ""
    return f"""<tr class="athing submission" id="{ident}" {mark}><td class="title"></td><td valign="top" class="votelinks"><a id="up_{ident}" href="vote?id={ident}"><div class="votearrow"></div></a></td><td class="title"><span class="titleline"><a href="https://press.example/{ident}">{text}</a></span></td></tr>
<tr><td colspan="2"></td><td class="subtext"><span class="subline" data-test-row="{n}"><span class="score" id="score_{ident}">12 points</span> by <a href="user?id={person.handle}" class="hnuser">{person.handle}</a> {_age(ident, n)} | <a href="hide?id={ident}">hide</a></span></td></tr>"""


def _read(n: int, ident: int) -> Expected:
    person, _ = who(n)
    return Expected(
        person.handle, said(n), f"{_ITEM}{ident}", f"{_USER}{person.handle}", f"2025-11-20T09:00:{n:02}.000Z"
    )


def _page(say: Say, body: str) -> str:
    return page(
        say,
        "Hacker News",
        f'<table id="hnmain" width="100%"><tbody><tr><td><a id="me" href="user?id=cafelumiere">cafelumiere</a>{body}</td></tr></tbody></table>',
    )


def skeletons(say: Say) -> list[Skeleton]:
    """A thread and a list."""
    form = '<form action="comment" method="post"><input type="hidden" name="parent" value="800"><textarea name="text" rows="4" cols="60"></textarea><input type="submit" value="add comment"></form>'
    head = f'<table class="fatitem" border="0" data-test-post="0"><tbody>{_story(0, 800, hook=False)}<tr><td colspan="2"></td><td>{form}</td></tr></tbody></table>'
    comments = "".join(_comment(n) for n in range(1, 6))
    stories = [_story(n, 800 + n) for n in range(6)]
    stories.insert(2, _story(0, 0, is_job=True))
    return [
        Skeleton(
            "hackernews",
            "thread",
            f"{_ITEM}800",
            _page(say, f'{head}<table border="0" class="comment-tree"><tbody>{comments}</tbody></table>'),
            posts=(_read(0, 800), *(_read(n, 900 + n) for n in range(1, 6))),
            boxes=(Box("field", f"{_ITEM}800"),),
            account="cafelumiere",
            broken=(('class="hnuser"', 'class="u"'),),
            missing="author",
        ),
        Skeleton(
            "hackernews",
            "comments",
            "https://news.ycombinator.com/newcomments",
            _page(say, f'<table border="0"><tbody>{"".join(_comment(n) for n in range(6))}</tbody></table>'),
            posts=tuple(_read(n, 900 + n) for n in range(6)),
            account="cafelumiere",
            another=_comment(0, new=True),
            another_read=Expected("nora", NEW_TEXT, f"{_ITEM}950", f"{_USER}nora", "2025-11-20T09:00:50.000Z"),
            broken=(("commtext", "ct"),),
            missing="text",
            submit=False,
        ),
        Skeleton(
            "hackernews",
            "list",
            "https://news.ycombinator.com/news",
            _page(say, f'<table border="0" width="100%"><tbody>{"".join(stories)}</tbody></table>'),
            posts=tuple(_read(n, 800 + n) for n in range(6)),
            account="cafelumiere",
            broken=(("titleline", "tl"),),
            missing="text",
            submit=False,
        ),
    ]
