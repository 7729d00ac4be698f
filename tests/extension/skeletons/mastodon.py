# ruff: noqa: E501 - markup in long lines
"""Mastodon: the pages of its releases, an opened post, and the redesign, on any host."""

from __future__ import annotations

from tests.extension.skeletons import ICON
from tests.extension.skeletons.base import NEW_TEXT, NEWCOMER, Box, Expected, Say, Skeleton, moment, page, said, who

_HOST = "https://quai.example"


def _name(person: str, handle: str) -> str:
    return f'<span class="display-name"><bdi><strong class="display-name__html">{person}</strong></bdi> <span class="display-name__account">@{handle}</span></span>'


def _acts(say: Say, names: str) -> str:
    return "".join(
        f'<div class="{names}"><button type="button" class="icon-button" aria-label="{say(word)}" {"data-test-reply" if word == "Reply" else ""}>{ICON}</button></div>'
        for word in ("Reply", "Share", "Like", "Save", "More")
    )


def _legacy(say: Say, n: int, *, quote: str = "", quoted: bool = False, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    hook = "data-test-quote" if quoted else f'data-test-post="{n}"'
    bar = (
        ""
        if quoted
        else f'<div class="status__action-bar" data-test-row="{n}">{_acts(say, "status__action-bar__button-wrapper")}</div>'
    )
    status = f"""<div class="status status-public" data-id="30{number:02}" {hook}><div class="status__info"><a class="status__display-name" title="@{person.handle}" href="/@{person.handle}">{_name(person.name, person.handle)}</a><a class="status__relative-time" href="/@{person.handle}/30{number:02}"><time datetime="{moment(number)}">3h</time></a></div>
<div class="status__content"><div class="status__content__text translate" lang="en"><p>{text}</p></div></div>{f'<div class="status__quote">{quote}</div>' if quote else ""}{bar}</div>"""
    return status if new else f'<div class="status__wrapper status__wrapper-public" tabindex="0">{status}</div>'


def _read(n: int, name: str = "", text: str = "") -> Expected:
    handle = NEWCOMER.handle if name else who(n)[0].handle
    return Expected(
        name or who(n)[0].name,
        text or said(n),
        f"{_HOST}/@{handle}/30{n:02}",
        f"{_HOST}/@{handle}",
        moment(n),
    )


def _opened(say: Say) -> str:
    person, text = who(0)
    return f"""<div class="focusable detailed-status__wrapper" tabindex="0" data-test-post="0"><div class="detailed-status"><a class="detailed-status__display-name" href="/@{person.handle}">{_name(person.name, person.handle)}</a><div class="status__content"><div class="status__content__text" lang="en"><p>{text}</p></div></div>
<div class="detailed-status__meta"><a class="detailed-status__datetime" href="/@{person.handle}/3000"><time datetime="{moment(0)}">20 Nov</time></a></div></div><div class="detailed-status__action-bar" data-test-row="0">{_acts(say, "detailed-status__button")}</div></div>"""


def _redesign(say: Say, n: int, *, quote: str = "", quoted: bool = False, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    hook = "data-test-quote" if quoted else f'data-test-post="{n}"'
    acts = "".join(
        f'<button type="button" class="_button_q" aria-label="{say(word)}" {"data-test-reply" if word == "Reply" else ""}>{ICON}</button>'
        for word in ("Reply", "Share", "Like", "Save")
    )
    footer = (
        ""
        if quoted
        else f'<footer class="_footer_1x"><div class="_meta_9a">20 Nov</div><div class="_bar_7f" data-test-row="{n}">{acts}</div></footer>'
    )
    return f"""<article class="_status_k3" data-id="30{number:02}" aria-label="{person.name}, 3h" {hook}><header class="_header_z1"><a class="_avatar_p" data-hover-card-account="9" title="@{person.handle}" href="/@{person.handle}"><img alt="" src="data:,"></a><a class="_name_q" data-hover-card-account="9" title="@{person.handle}" href="/@{person.handle}"><bdi>{person.name}</bdi><span> @{person.handle}</span></a><a class="_time_8" href="/@{{statusAccount.acct}}/1"><time datetime="{moment(number)}">3h</time></a></header>
<div class="_content_w" lang="en"><p>{text}</p></div>{quote}{footer}</article>"""


def _upload(n: int, words: str, *, described: bool = False) -> str:
    return f'<div class="compose-form__upload"><div class="compose-form__upload__thumbnail"><div class="compose-form__upload__actions"><button type="button" class="icon-button">x</button><button type="button" class="icon-button">.</button></div><div class="compose-form__upload__warning"><button type="button" class="icon-button{"" if described else " active"}" data-test-alt="{n}">{words}</button></div></div></div>'


#: The second of two is not described.
_ATTACHED = (2, 1, "2")


def _page(say: Say, feed: str) -> str:
    bar = f'<div class="navigation-bar"><a class="account__display-name" href="/@cafelumiere">{_name("Café Lumière", "cafelumiere")}</a></div>'
    form = f'<form class="compose-form"><div class="compose-form__reply-indicator" hidden></div><textarea class="autosuggest-textarea__textarea"></textarea><div class="compose-form__uploads">{_upload(1, "ALT", described=True)}{_upload(2, "ALT")}</div><div class="compose-form__footer"><span class="character-counter">480</span></div><button type="submit" class="button">{say("Send")}</button></form>'
    return page(
        say,
        "Mastodon",
        f'<div id="mastodon">{bar}{form}<div class="column"><div class="item-list" role="feed">{feed}</div></div></div>',
    )


def skeletons(say: Say) -> list[Skeleton]:
    """Three generations of pages."""
    quote = _legacy(say, 6, quoted=True)
    legacy = "".join(
        f'<article data-id="30{n:02}" aria-posinset="{n}">{_legacy(say, n, quote=quote if n == 2 else "")}</article>'
        for n in range(6)
    )
    other = _redesign(say, 6, quoted=True)
    redesign = "".join(_redesign(say, n, quote=other if n == 2 else "") for n in range(6))
    account = {"account": "@cafelumiere", "account_name": "Café Lumière"}
    everything = tuple(_read(n) for n in range(6))
    new = _read(50, NEWCOMER.name, NEW_TEXT)
    return [
        Skeleton(
            "mastodon",
            "releases",
            f"{_HOST}/home",
            _page(say, legacy),
            posts=everything,
            boxes=(Box("field", "", _ATTACHED),),
            pressed=3,
            boxes_pressed=(Box("field", everything[3].url, _ATTACHED),),
            another=_legacy(say, 0, new=True),
            another_read=new,
            broken=(("status__action-bar", "status__acts"),),
            missing="row",
            **account,
        ),
        Skeleton(
            "mastodon",
            "opened",
            f"{_HOST}/@maud/3000",
            _page(say, _opened(say) + _legacy(say, 1) + _legacy(say, 2)),
            posts=everything[:3],
            boxes=(Box("field", "", _ATTACHED),),
            **account,
        ),
        Skeleton(
            "mastodon",
            "redesign",
            f"{_HOST}/home",
            _page(say, redesign),
            posts=everything,
            boxes=(Box("field", "", _ATTACHED),),
            another=_redesign(say, 0, new=True),
            another_read=new,
            broken=(("data-hover-card-account", "data-card"),),
            missing="author, url",
            **account,
        ),
    ]
