# ruff: noqa: E501 - markup in long lines
"""Skeleton pages of networks: their nesting and hooks with invented people, never a page from anybody's account.

Each function gives a whole page; `mutate` gives every class another name, as hashed classes get at each release of a
site (only for sites whose hooks are no classes).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

ICON = '<svg viewBox="0 0 24 24" width="18" height="18"><circle cx="12" cy="12" r="8" fill="none" stroke="currentColor"/></svg>'


@dataclass(frozen=True)
class Person:
    name: str
    handle: str


PEOPLE = (
    Person("Maud Delcroix", "maud"),
    Person("Jean Rivage", "jean"),
    Person("Inès Okafor", "ines"),
    Person("Théo Marin", "theo"),
    Person("Awa Lindqvist", "awa"),
    Person("Paul Verne", "paulv"),
    Person("Léo Castan", "leo"),
    Person("Zoé Brandt", "zoe"),
)
TEXTS = (
    "Has anybody tried the brunch at Café Lumière on Sunday? Is there room outside for two children?",
    "Bright sun over the harbour this morning.",
    "The regatta starts at two, bring a hat 🎉",
    "45 minutes for two coffees on Saturday and nobody said sorry.",
    "Tonight we read aloud for the little ones, free entry.",
    "Which library opens on Mondays?",
    "I have two seasons of waiting tables behind me.",
    "What are your hours over the holidays?",
)


def post(n: int) -> tuple[Person, str]:
    return PEOPLE[n % len(PEOPLE)], TEXTS[n % len(TEXTS)]


def mutate(page: str) -> str:
    """The page with every class renamed, in markup and style alike."""
    renamed = re.sub(
        r'class="([^"]*)"', lambda found: f'class="{" ".join("x" + name[::-1] for name in found[1].split())}"', page
    )
    style = re.search(r"<style>(.*?)</style>", renamed, re.DOTALL)
    assert style
    other = re.sub(r"\.([a-zA-Z_][\w-]*)", lambda found: ".x" + found[1][::-1], style[1])
    return renamed.replace(style[1], other)


def _page(title: str, style: str, body: str, script: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{style}</style></head><body>{body}<script>{script}</script></body></html>"
    )


# --- Hacker News ---

_HN_STYLE = """body{font:10pt Verdana,Geneva,sans-serif;color:#828282;margin:8px}#hnmain{background:#f6f6ef;width:85%}
td{font:10pt Verdana;color:#828282}.subtext,.comhead{font-size:7pt}.subtext a,.comhead a{color:#828282}.title a{color:#000;text-decoration:none}
.commtext{font-size:9pt;color:#000}.reply{font-size:8pt}a.hnuser{text-decoration:none}.votearrow{width:10px;height:10px;background:#999}"""


def hackernews_comment(n: int, ident: int, indent: int = 0) -> str:
    person, text = post(n)
    return f"""<tr class="athing comtr" id="{ident}"><td><table border="0"><tbody><tr><td class="ind" indent="{indent}"><img src="data:," height="1" width="{indent * 40}"></td>
<td valign="top" class="votelinks"><center><a id="up_{ident}" href="vote?id={ident}"><div class="votearrow" title="upvote"></div></a></center></td>
<td class="default"><div style="margin-top:2px; margin-bottom:-10px;"><span class="comhead"><a href="user?id={person.handle}" class="hnuser">{person.handle}</a>
<span class="age" title="2026-11-20T09:0{n % 10}:00 176362920{n % 10}"><a href="item?id={ident}">1 hour ago</a></span> <span id="unv_{ident}"></span><span class="navs"> | <a href="#1" class="clicky">next</a> <a class="togg clicky" href="javascript:void(0)">[–]</a></span></span></div><br>
<div class="comment"><div class="commtext c00">{html.escape(text)}<p>A second paragraph.</p></div><div class="reply"><p><font size="1"><u><a href="reply?id={ident}&amp;goto=item%3Fid%3D1%23{ident}" rel="nofollow">reply</a></u></font></p></div></div></td></tr></tbody></table></td></tr>"""


def _hackernews_story(n: int, ident: int) -> str:
    person, text = post(n)
    return f"""<tr class="athing submission" id="{ident}"><td align="right" valign="top" class="title"><span class="rank"></span></td>
<td valign="top" class="votelinks"><center><a id="up_{ident}" href="vote?id={ident}"><div class="votearrow"></div></a></center></td>
<td class="title"><span class="titleline"><a href="https://press.example/{ident}">{html.escape(text)}</a><span class="sitebit comhead"> (<a href="from?site=press.example"><span class="sitestr">press.example</span></a>)</span></span></td></tr>
<tr><td colspan="2"></td><td class="subtext"><span class="subline"><span class="score" id="score_{ident}">12 points</span> by <a href="user?id={person.handle}" class="hnuser">{person.handle}</a>
<span class="age" title="2026-11-20T08:00:00 1763625600"><a href="item?id={ident}">2 hours ago</a></span> <span id="unv_{ident}"></span> | <a href="hide?id={ident}">hide</a> | <a href="item?id={ident}">4&nbsp;comments</a></span></td></tr>"""


def _hackernews_form(parent: int, words: str) -> str:
    return f"""<form action="comment" method="post"><input type="hidden" name="parent" value="{parent}"><textarea name="text" rows="8" cols="80" wrap="virtual"></textarea><br><br>
<input type="submit" value="{words}"></form>"""


def _hackernews(body: str) -> str:
    return _page(
        "Hacker News",
        _HN_STYLE,
        f'<center><table id="hnmain" border="0"><tbody><tr><td>{body}</td></tr></tbody></table></center>',
    )


def hackernews_thread(comments: int = 6) -> str:
    rows = "".join(hackernews_comment(n + 1, 900 + n, n % 3) for n in range(comments))
    return _hackernews(
        f'<table class="fatitem" border="0"><tbody>{_hackernews_story(0, 800)}<tr><td colspan="2"></td><td>{_hackernews_form(800, "add comment")}</td></tr></tbody></table><br>'
        f'<table border="0" class="comment-tree"><tbody>{rows}</tbody></table>'
    )


def hackernews_reply(n: int, ident: int) -> str:
    """The page behind `reply`: the comment once more and the box for it."""
    person, text = post(n)
    return _hackernews(
        f"""<table class="fatitem" border="0"><tbody><tr class="athing" id="{ident}"><td class="ind"></td><td valign="top" class="votelinks"></td><td class="default"><div><span class="comhead"><a href="user?id={person.handle}" class="hnuser">{person.handle}</a>
<span class="age" title="2026-11-20T09:00:00 1763629200"><a href="item?id={ident}">1 hour ago</a></span> <span class="navs"> | <a href="item?id=800">parent</a></span></span></div><br><div class="comment"><div class="commtext c00">{html.escape(text)}</div></div></td></tr>
<tr><td colspan="2"></td><td>{_hackernews_form(ident, "reply")}</td></tr></tbody></table>"""
    )


def hackernews_list(stories: int = 7) -> str:
    """The front page, with one job advertisement, which nobody can answer."""
    job = """<tr class="athing submission" id="777"><td class="title"><span class="rank">4.</span></td><td><img src="data:,"></td><td class="title"><span class="titleline"><a href="https://jobs.example/1">Voiles &amp; Cie is hiring</a></span></td></tr>
<tr><td colspan="2"></td><td class="subtext"><span class="age" title="2026-11-20T08:00:00 1763625600"><a href="item?id=777">2 hours ago</a></span> | <a href="hide?id=777">hide</a></td></tr>"""
    rows = [_hackernews_story(n, 800 + n) + '<tr class="spacer" style="height:5px"></tr>' for n in range(stories)]
    return _hackernews(f'<table border="0"><tbody>{"".join([*rows[:3], job, *rows[3:]])}</tbody></table>')


# --- Mastodon ---

_MASTODON_STYLE = """body{margin:0;background:#181821;color:#fff;font:15px/22px sans-serif}.column{width:600px;margin:0 auto;border:1px solid #393f4f}
.status{padding:16px;border-bottom:1px solid #393f4f;min-height:54px}.status__info{display:flex;justify-content:space-between;margin-bottom:10px}
.status__action-bar{display:flex;justify-content:space-between;align-items:center;gap:16px;margin-top:16px}.status__action-bar__button-wrapper{flex-basis:0;flex-grow:1}
.status__action-bar__button-wrapper:last-child{flex-grow:0}.status__action-bar button,footer button{background:none;border:0;color:#9baec8;padding:3px;display:inline-flex;gap:4px;align-items:center}
.detailed-status__action-bar{display:flex;justify-content:space-around;padding:10px 0;border-block:1px solid #393f4f}.detailed-status__action-bar button{background:none;border:0;color:#9baec8}
.detailed-status{padding:16px}.status__content p{margin:0 0 8px}.status__quote{border:1px solid #393f4f;border-radius:8px;margin-top:10px}a{color:#d9e1e8;text-decoration:none}
.compose-form{width:280px;position:fixed;left:8px;top:8px;background:#21212c;padding:10px}.compose-form textarea{width:100%;box-sizing:border-box;min-height:90px;background:#181821;color:#fff;border:1px solid #393f4f;border-radius:4px}
article[data-id]{padding:16px;border-bottom:1px solid #393f4f}article footer>div:last-of-type{display:flex;gap:24px;margin-top:10px}article header{display:flex;gap:8px}"""

# The site's reply button: names the person in the box, as Mastodon does, and shows whom the box answers.
_MASTODON_SCRIPT = """
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act=reply]"); if (!button) return;
  const post = button.closest(".status, .detailed-status__wrapper, article");
  const form = document.querySelector(".compose-form");
  document.querySelector(".reply-indicator")?.remove();
  const shown = document.createElement("div"); shown.className = "reply-indicator"; shown.textContent = post.dataset.handle; form.prepend(shown);
  const box = form.querySelector("textarea"); box.value = post.dataset.handle + " "; box.focus(); box.setSelectionRange(box.value.length, box.value.length);
});
document.querySelector(".compose-form").addEventListener("submit", (event) => {
  event.preventDefault(); const box = event.target.querySelector("textarea");
  window.published = box.value; window.publish(box.value); box.value = ""; document.querySelector(".reply-indicator")?.remove();
});
window.publish = (text) => {
  const first = document.querySelector("[data-model]"); const made = first.cloneNode(true);
  made.innerHTML = made.innerHTML.replaceAll("@jean", "@cafelumiere").replaceAll("Jean Rivage", "Caf\\u00e9 Lumi\\u00e8re");
  const status = made.matches("article") ? made : made.querySelector("[data-id]");
  status.dataset.id = "7777"; status.dataset.handle = "@cafelumiere";
  made.querySelectorAll("[data-text]").forEach((p) => { p.textContent = text; });
  first.parentElement.prepend(made);
};
window.stats = [];
"""

_COMPOSE = """<form class="compose-form"><div class="compose-form__autosuggest-wrapper"><textarea class="autosuggest-textarea__textarea" placeholder="What's on your mind?"></textarea></div>
<div class="compose-form__footer"><button type="submit" class="button">Post</button></div></form>"""


def mastodon_legacy_status(n: int, ident: int, *, quote: bool = False, quoted: bool = False) -> str:
    person, text = post(n)
    wrappers = "".join(
        f'<div class="status__action-bar__button-wrapper"><button type="button" class="icon-button" {"data-act=reply" if act == "Reply" else ""} aria-label="{act}">{ICON}</button></div>'
        for act in ("Reply", "Boost", "Favorite", "Bookmark", "More")
    )
    inner = (
        f'<div class="status__quote">{mastodon_legacy_status(n + 3, ident + 5000, quoted=True)}</div>' if quote else ""
    )
    bar = "" if quoted else f'<div class="status__action-bar">{wrappers}</div>'
    model = "data-model" if n == 1 and not quoted else ""
    return f"""<div class="status__wrapper status__wrapper-public" {model} tabindex="0"><div class="status status-public" data-id="{ident}" data-handle="@{person.handle}">
<div class="status__info"><a class="status__display-name" title="@{person.handle}" href="/@{person.handle}"><span class="display-name"><bdi><strong class="display-name__html">{person.name}</strong></bdi> <span class="display-name__account">@{person.handle}</span></span></a>
<a class="status__relative-time" href="/@{person.handle}/{ident}"><time datetime="2026-11-20T09:00:00.000Z" title="20 Nov 2026">3h</time></a></div>
<div class="status__content"><div class="status__content__text translate" lang="en"><p data-text>{html.escape(text)}</p></div></div>{inner}{bar}</div></div>"""


def mastodon_legacy(posts: int = 6) -> str:
    feed = "".join(f"<article>{mastodon_legacy_status(n, 3000 + n, quote=n == 2)}</article>" for n in range(posts))
    return _page(
        "Mastodon",
        _MASTODON_STYLE,
        f'<div id="mastodon">{_COMPOSE}<div class="column"><div class="item-list" role="feed">{feed}</div></div></div>',
        _MASTODON_SCRIPT,
    )


def mastodon_opened(replies: int = 2) -> str:
    person, text = post(0)
    feed = "".join(mastodon_legacy_status(n + 1, 3001 + n) for n in range(replies))
    bar = "".join(
        f'<div class="detailed-status__button"><button type="button" {"data-act=reply" if n == 0 else ""}>{ICON}</button></div>'
        for n in range(5)
    )
    return _page(
        "Mastodon",
        _MASTODON_STYLE,
        f"""<div id="mastodon">{_COMPOSE}<div class="column"><div class="focusable detailed-status__wrapper" tabindex="0" data-handle="@{person.handle}"><div class="detailed-status">
<a class="detailed-status__display-name" href="/@{person.handle}"><span class="display-name"><bdi><strong class="display-name__html">{person.name}</strong></bdi><span class="display-name__account">@{person.handle}</span></span></a>
<div class="status__content"><div class="status__content__text" lang="en"><p>{html.escape(text)}</p></div></div><div class="detailed-status__meta"><a class="detailed-status__datetime" href="/@{person.handle}/3000"><time datetime="2026-11-20T09:00:00.000Z">20 Nov</time></a></div></div>
<div class="detailed-status__action-bar">{bar}</div></div>{feed}</div></div>""",
        _MASTODON_SCRIPT,
    )


def mastodon_redesign(posts: int = 6) -> str:
    def status(n: int, ident: int, quote: bool = False, quoted: bool = False) -> str:
        person, text = post(n)
        inner = status(n + 3, ident + 5000, quoted=True) if quote else ""
        buttons = "".join(
            f'<button type="button" class="_button_{n}" {"data-act=reply" if act == 0 else ""}>{ICON}<span>{act or ""}</span></button>'
            for act in range(4)
        )
        footer = (
            ""
            if quoted
            else f'<footer class="_footer_1x"><div class="_meta_9a">20 Nov</div><div class="_bar_7f">{buttons}</div></footer>'
        )
        return f"""<article class="_status_k3" data-id="{ident}" data-handle="@{person.handle}" aria-label="{person.name}, 3h" {"data-model" if n == 1 and not quoted else ""}><header class="_header_z1"><a class="_avatar_p" data-hover-card-account="9" title="@{person.handle}" href="/@{person.handle}"><img alt="" src="data:,"></a>
<a class="_name_q" data-hover-card-account="9" title="@{person.handle}" href="/@{person.handle}"><bdi>{person.name}</bdi><span> @{person.handle}</span></a><a class="_time_8" href="/@{{statusAccount.acct}}/{ident}"><time datetime="2026-11-20T09:00:00.000Z">3h</time></a></header>
<div class="_content_w" lang="en"><p data-text>{html.escape(text)}</p></div>{inner}{footer}</article>"""

    feed = "".join(status(n, 3000 + n, quote=n == 2) for n in range(posts))
    return _page(
        "Mastodon",
        _MASTODON_STYLE,
        f'<div id="mastodon">{_COMPOSE}<div class="column"><div role="feed">{feed}</div></div></div>',
        _MASTODON_SCRIPT,
    )


# --- Bluesky ---

_BLUESKY_STYLE = """body{margin:0;font:15px/20px InterVariable,system-ui,sans-serif;background:#fff;color:#0b0f14}div{box-sizing:border-box}
#root{width:600px;margin:0 auto;border-inline:1px solid #dce2ea}.v,.item,.row,.group,.grow{display:flex;position:relative;z-index:0;min-width:0}.item{padding:12px 16px 10px 10px;border-bottom:1px solid #dce2ea;gap:10px;cursor:pointer}
.grow{flex:1;flex-direction:column}.row{justify-content:space-between;align-items:center;margin-top:6px}.group{width:320px}.group>div{flex:1}.row button{border:0;background:none;padding:5px;color:#6f869f;display:flex;gap:4px;align-items:center;cursor:pointer}
.face{width:42px;height:42px;border-radius:50%;background:#b8c8da;flex:none}a{color:inherit;text-decoration:none}.q{border:1px solid #dce2ea;border-radius:8px;padding:12px;margin-top:8px}.name{font-weight:600}
.modal{position:fixed;inset:0;background:#000a;z-index:20;display:grid;place-items:center}.sheet{background:#fff;width:560px;border-radius:8px;padding:16px}.ProseMirror{min-height:90px;padding:8px;outline:none;white-space:pre-wrap;border:1px solid #dce2ea}"""

_BLUESKY_SCRIPT = """
window.opened = [];
document.querySelectorAll("[role=link][data-testid]").forEach((item) => item.addEventListener("click", (event) => { if (!event.target.closest("button, a")) window.opened.push(item.dataset.testid); }));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-testid=replyBtn]"); if (!button) return;
  const modal = document.createElement("div"); modal.className = "modal";
  modal.innerHTML = '<div class="sheet" role="dialog"><div class="host"></div><button data-testid="composerPublishBtn">Reply</button></div>';
  document.body.append(modal); window.mountComposer?.(modal.querySelector(".host"));
  if (!window.mountComposer) { const box = document.createElement("div"); box.className = "ProseMirror"; box.contentEditable = "true"; box.innerHTML = "<p><br></p>"; modal.querySelector(".host").append(box); box.focus(); }
  modal.querySelector("[data-testid=composerPublishBtn]").addEventListener("click", () => {
    window.published = modal.querySelector(".ProseMirror").innerText; modal.remove();
    const made = document.querySelectorAll("[data-testid^=feedItem-by-], [data-testid^=postThreadItem-by-]")[1].cloneNode(true);
    made.dataset.testid = made.dataset.testid.replace(/-by-.*/, "-by-cafelumiere.example");
    made.innerHTML = made.innerHTML.replaceAll("jean.example", "cafelumiere.example").replaceAll("3kjean", "3knew");
    made.querySelectorAll("entregent-bar").forEach((node) => node.remove());
    made.querySelector("[data-word-wrap]").textContent = window.published; document.querySelector("#feed").append(made);
  });
});
"""


def bluesky_item(n: int, kind: str = "feedItem", *, main: bool = False, quote: bool = False) -> str:
    person, text = post(n)
    handle, key = f"{person.handle}.example", f"3k{person.handle}"
    quoted_person, quoted_text = post(n + 4)
    link = (
        ""
        if main
        else f'<a href="/profile/{handle}/post/{key}" role="link" aria-label="20 November 2026 at 09:00" data-tooltip="20 November 2026 at 09:00"><span>· </span>3h</a>'
    )
    inner = (
        f'<div role="link" tabindex="0" class="q v grow" aria-label="Post by {quoted_person.handle}"><div><a href="/profile/{quoted_person.handle}.example"><div class="name">{quoted_person.name}</div></a><a href="/profile/{quoted_person.handle}.example/post/3kquoted" aria-label="19 November"> 1d</a></div><div dir="auto" data-word-wrap="1">{html.escape(quoted_text)}</div></div>'
        if quote
        else ""
    )
    left = "".join(
        f'<div><button type="button" role="button" {hook} aria-label="{name}">{ICON}<div dir="auto">{count}</div></button></div>'
        for name, hook, count in (
            ("Reply", 'data-testid="replyBtn"', 3),
            ("Repost", "", 2),
            ("Like", 'data-testid="likeBtn"', 53),
        )
    )
    right = "".join(
        f'<div><button type="button" role="button" data-testid="{hook}" aria-label="{hook}">{ICON}</button></div>'
        for hook in ("postBookmarkBtn", "postShareBtn", "postDropdownBtn")
    )
    role = "" if main else 'role="link" tabindex="0"'
    return f"""<div {role} data-testid="{kind}-by-{handle}" class="item"><a href="/profile/{handle}" aria-label="{person.name}'s avatar" role="link"><div class="face"></div></a>
<div class="grow"><div class="v"><a href="/profile/{handle}" role="link" dir="auto" class="name">\u202a{person.name}\u202c</a><a href="/profile/{handle}" role="link" dir="auto">&nbsp;\u202a@{handle}\u202c</a>{link}</div>
<div dir="auto" data-word-wrap="1">{html.escape(text)}</div>{inner}<div class="row"><div class="group">{left}</div><div class="v">{right}</div></div></div></div>"""


def bluesky_feed(posts: int = 7) -> str:
    items = "".join(bluesky_item(n, quote=n == 2) for n in range(posts))
    return _page("Bluesky", _BLUESKY_STYLE, f'<div id="root"><div id="feed">{items}</div></div>', _BLUESKY_SCRIPT)


def bluesky_thread(replies: int = 5) -> str:
    items = "".join(bluesky_item(n + 1, "postThreadItem", quote=n == 1) for n in range(replies))
    main = bluesky_item(0, "postThreadItem", main=True)
    return _page(
        "Bluesky",
        _BLUESKY_STYLE,
        f'<div id="root"><div data-testid="postThreadScreen" id="feed">{main}{items}</div></div>',
        _BLUESKY_SCRIPT,
    )


# --- a site that nobody knows ---


def forum(texts: Iterable[str] = ("First", "Second")) -> str:
    """An unknown site with plain text boxes."""
    posts = "".join(f"<article><p>{html.escape(text)}</p></article>" for text in texts)
    return _page(
        "A forum",
        "body{font:16px sans-serif;max-width:640px;margin:20px auto}textarea{width:100%;height:120px;display:block}",
        f'<h1>Which café has room for children?</h1>{posts}<form><label for="a">Your answer</label><textarea id="a"></textarea><p style="height:60px"></p><div id="b" contenteditable="true" role="textbox" aria-label="Rich" style="border:1px solid #999;min-height:80px"></div><input id="q" type="search" aria-label="Search"></form>',
    )
