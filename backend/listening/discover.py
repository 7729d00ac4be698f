"""What can be listened to behind what a person gave: an address, a name, words. Network: never in a transaction.

Looked for in this order, each step only where it is wanted still:
1. an address that a kind knows by itself (a subreddit, a channel), or Apple's page of a podcast;
2. the address is a feed;
3. the page behind it: the software that made it (a forum, WordPress, Mastodon), then the feeds that it names;
4. feeds of well-known sites (Medium, Substack…);
5. where feeds usually lie.
What is no address is looked for as the name of a podcast.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn
from urllib.parse import urlsplit

from backend.connectors.access import split_login
from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.feed.client import get_feed, is_alerts_page, permanent_target, read_answer
from backend.connectors.feed.known import guesses, known_feeds
from backend.connectors.feed.parse import NotAFeed, sniff
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.kind import Asking, Params, SourceKind, WrongParams, host_of_base, read_params
from backend.connectors.podcast import directory
from backend.connectors.seen import SeenPage, is_of_comments
from backend.infra.errors import Invalid
from backend.infra.http import HttpResponse
from backend.infra.runtime import Runtime
from backend.listening.budgets import is_local, registered_name, take_token
from backend.listening.kinds import KINDS, listener_of, recognise
from backend.listening.sources import SourceFacts

log = logging.getLogger("entregent.discover")

#: kinds whose feed may lie anywhere on a site, and can be looked for again
READ_AS_FEEDS = ("feed", "podcast")
MAX_TRIES = 12  # proposals that one question may cost a request each
_WORDS = {
    "alerts_page": "This is the page where Google Alerts are managed. There, choose “Deliver to: RSS feed” and copy "
    "the address of the feed icon.",
    "password_in_address": "Leave the name and the password out of the address: a source is given them apart, sealed.",
    "no_feed": "This page names no feed, and none lies where feeds usually are.",
    "blocked": "This address may not be reached from here: it is private, or not http or https.",
    "unreachable": "This site cannot be reached.",
    "timeout": "This site did not answer in time.",
    "too_large": "What lies there is too large for a feed.",
    "rate_limited": "This site asks us to wait. Try again later.",
    "not_found": "Nothing is there (any more).",
    "gone": "The site says that this is gone for good.",
    "not_a_feed": "No feed is there.",
    "http_error": "The site answers with an error.",
    "log_in_needed": "The site asks for a name and a password.",
    "site_forbids": "The site lets no program in there.",
}


@dataclass(frozen=True)
class Proposal:
    """A source that may be there. `gives`: the type of what it gives (post, article, comment…), or search.

    `fetched`: what it answered, where it was asked already. `known`: by its address alone, without a look.
    """

    kind: str
    params: Params
    title: str = ""
    gives: str = ""
    fetched: Fetched | None = None
    known: bool = False


def find_best(runtime: Runtime, text: str, *, kinds: Collection[str] = ()) -> Proposal:
    """The first that answers, of these kinds where some are named. What an address says by itself is not asked: its
    first poll will tell. Raises Invalid with the reason as its code."""
    tries = 0
    for proposal in propose(runtime, text):
        if (kinds and proposal.kind not in kinds) or (proposal.gives == "search" and not proposal.known):
            continue
        if proposal.known or proposal.fetched is not None:
            return proposal
        tries += 1
        if tries > MAX_TRIES:
            break
        try:
            return ask(runtime, proposal)
        except PollFailed:
            continue
    _refuse("no_feed")


def find_again(runtime: Runtime, facts: SourceFacts) -> Proposal:
    """The feed of a source whose address does not lead to one any more: looked for where the person pointed, on the
    site that the feed named, and at the beginning of its host. Raises Invalid, with the reason as its code."""
    feed = facts.feed
    parts = urlsplit(feed.address)
    places = dict.fromkeys([facts.source.url, feed.site_url, f"{parts.scheme}://{parts.netloc}/"])
    last = Invalid("No feed is there.", code="no_feed", fields={"url": "No feed is there."})
    for url in places:
        if not is_web_address(url) or url == feed.address:
            continue
        try:
            found = find_best(runtime, url, kinds=("feed",))
        except Invalid as error:
            last = error
            continue
        if found.params["url"] != feed.address:
            return found
    raise last


def ask(runtime: Runtime, proposal: Proposal) -> Proposal:
    """The same, with its answer and the address to which it moved for good. Raises PollFailed."""
    listener = listener_of(proposal.kind, runtime.settings)
    try:
        fetched = listener.fetch(runtime.http, proposal.params, FetchState(), now=runtime.clock())
    except PollFailed:
        raise
    except Exception as error:  # what one of them says must not keep the others from being shown
        log.exception("a %s at %s could not be read", proposal.kind, dict(proposal.params))
        raise PollFailed("not_a_feed", f"it could not be read ({type(error).__name__})") from error
    params = dict(proposal.params)
    if "url" in params and fetched.moved_to:
        params["url"] = fetched.moved_to
    return replace(
        proposal, params=params, fetched=replace(fetched, moved_to=""), title=proposal.title or fetched.title
    )


def propose(runtime: Runtime, text: str, words: str = "", *, by_name: bool = False) -> Iterator[Proposal]:
    """All that may be there, best first, each once. `words`: what searches of a place are proposed for, "" = none are;
    `by_name`: what is no address may be the name of a podcast.

    Raises Invalid where the place itself does not answer.
    """
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    for proposal in _all(runtime, text.strip(), words, by_name):
        kind = KINDS[proposal.kind]
        try:
            params = read_params(kind, proposal.params)
        except WrongParams:
            continue
        key = (proposal.kind, tuple(sorted(params.items())))
        if key not in seen:
            seen.add(key)
            gives = proposal.gives or ("search" if "query" in params else kind.type or "article")
            yield replace(proposal, params=params, gives=gives)


def _all(runtime: Runtime, text: str, words: str, by_name: bool) -> Iterator[Proposal]:
    found = recognise(text)
    if found is not None:
        yield Proposal(found[0].kind, found[1], known=True)
        return
    url = text if "://" in text else f"https://{text}"
    if by_name and text and "://" not in text and (" " in text or "." not in text):
        yield from _podcasts(runtime, words=text)
        return
    if split_login(url)[0] != url:
        _refuse("password_in_address")
    if not is_web_address(url):
        raise Invalid("This is not a web address.", code="not_web_address", fields={"url": "http:// or https://"})
    if is_alerts_page(url):
        _refuse("alerts_page")
    if number := directory.page_number(url):
        yield from _podcasts(runtime, number=number)
        return
    yield from (Proposal("feed", {"url": feed}) for feed in known_feeds(url))
    answer = _get(runtime, url)
    try:
        sniff(answer.body)
        fetched = read_answer(url, answer, FetchState(), now=runtime.clock())
    except (NotAFeed, PollFailed):
        pass
    else:
        yield Proposal("feed", {"url": permanent_target(url, answer) or url}, fetched.title, fetched=fetched)
        return
    page = SeenPage.of(answer.url, answer.body)
    yield from _of_software(page, words)
    for link in page.feeds():
        found = recognise(link.url)
        if found is not None:
            yield Proposal(found[0].kind, found[1])
        else:
            yield Proposal("feed", {"url": link.url}, gives="comment" if is_of_comments(link) else "")
    yield from (Proposal("feed", {"url": guess}) for guess in guesses(answer.url))


def _of_software(page: SeenPage, words: str) -> Iterator[Proposal]:
    for kind in KINDS.values():
        for params in _seen(kind, page):
            asked = {"query": words} if any(one.name == "query" for one in kind.params) else {}
            if "query" not in asked or words:
                yield Proposal(kind.kind, {**params, **asked})


def _seen(kind: SourceKind, page: SeenPage) -> list[Params]:
    try:
        return list(kind.sees(page)) if kind.sees is not None else []
    except Exception:  # what a stranger's page says must not keep the others from being shown
        log.exception("%s cannot say whether %s is one", kind.kind, page.url)
        return []


def _podcasts(runtime: Runtime, *, number: str = "", words: str = "") -> Iterator[Proposal]:
    """Raises Invalid where the directory does not answer."""
    asking = Asking(runtime.http, runtime.settings.endpoint("itunes", directory.BASE), runtime.clock())
    host = host_of_base(asking.base)
    if not is_local(host, runtime.settings.allow_private_hosts):
        with runtime.db.write() as session:
            wait_s = take_token(session, registered_name(host), now=asking.now, rate=directory.RATE)
        if wait_s > 0:
            _refuse("rate_limited")
    try:
        found = directory.look_up(asking, number) if number else directory.find_podcasts(asking, words)
    except PollFailed as error:
        _refuse(error.code, str(error))
    for podcast in found:
        yield Proposal("podcast", {"url": podcast.url}, podcast.title)
    if not found:
        _refuse("no_feed")


def _get(runtime: Runtime, url: str) -> HttpResponse:
    try:
        return get_feed(runtime.http, url, FetchState(), now=runtime.clock())
    except PollFailed as error:
        _refuse(error.code, error.message)


def _refuse(code: str, detail: str = "") -> NoReturn:
    words: Mapping[str, str] = _WORDS
    # Not ours: it is not we who do not know the person.
    code = {"unauthorized": "log_in_needed", "forbidden": "site_forbids"}.get(code, code)
    said = words.get(code, detail)
    raise Invalid(said, code=code, fields={"url": said}, extra={"detail": detail or said})
