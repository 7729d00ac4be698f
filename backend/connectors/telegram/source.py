"""A public Telegram channel by its page (t.me/s/name): some 20 messages, older ones by `?before=`.

No key and no account; an owner may close the page. It is no feed, so what the site asks of robots is kept to. The
cursor is the number of the newest message seen, and pages are turned back until it, so that nothing is lost between two
polls.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from lxml import etree, html

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.client import request
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.kind import SOME_PAGES_S, Asking, Params, Rate, SourceKind
from backend.connectors.params import CHANNEL
from backend.connectors.reading import like, read_moment
from backend.connectors.robots import book_of

BASE = "https://t.me"
MAX_PAGES = 5  # after a long sleep; what lies further back is not fetched


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    seen = int(state.cursor) if state.cursor.isdigit() else 0
    items: dict[int, Item] = {}
    shown: set[int] = set()  # pictures without a word too: what was said stands behind a page of them
    title, before = "", ""
    for _ in range(MAX_PAGES if seen else 1):
        page = _page(asking, params, before)
        title = title or one_line("".join(page.xpath("string(//meta[@property='og:title']/@content)")), limit=200)
        found = [one for one in _messages(page, params["channel"], title) if one[0] not in shown]
        shown |= {number for number, _ in found}
        items |= {number: item for number, item in found if item is not None}
        if not found or min(shown) <= seen + 1:
            break
        before = str(min(shown))
    newest = max([seen, *shown])
    return Fetched(
        list(items.values()), replace(state, cursor=str(newest or "")), title=title, site_url=_address(params)
    )


def _page(asking: Asking, params: Params, before: str) -> html.HtmlElement:
    url = f"{asking.base}/s/{params['channel']}"
    book_of(asking.http).ask(asking.http, url, now=asking.now)  # a page, not a feed
    answer = request(
        asking.http,
        url,
        params={"before": before} if before else None,
        now=asking.now,
    )
    # A channel that has no page leads to its card, which is none.
    if not urlsplit(answer.url).path.startswith("/s/"):
        raise PollFailed("not_a_feed", "this channel shows nothing to visitors, or there is none of that name")
    try:
        page = html.document_fromstring(answer.text())
    except (etree.ParserError, ValueError) as error:
        raise PollFailed("not_a_feed", "the answer is no page") from error
    if not page.xpath("//*[contains(@class, 'tgme_')]"):
        raise PollFailed("not_a_feed", "the answer is not what Telegram shows of a channel")
    return page


def _messages(page: html.HtmlElement, channel: str, title: str) -> list[tuple[int, Item | None]]:
    """The messages of a page by their numbers; None for one that says nothing in words."""
    found: list[tuple[int, Item | None]] = []
    for message in page.xpath("//div[@data-post]"):
        number = message.get("data-post").rpartition("/")[2]
        body = message.xpath(".//div[contains(concat(' ', @class, ' '), ' tgme_widget_message_text ')]")
        text = plain_text(etree.tostring(body[-1], encoding="unicode", with_tail=False)) if body else ""
        if not number.isdigit() or len(number) > 12:
            continue
        if not text:
            found.append((int(number), None))
            continue
        at = message.xpath("string((.//a[contains(@class, 'tgme_widget_message_date')]//time/@datetime)[1])")
        item = Item(
            external_id=number,
            url=f"{BASE}/{channel}/{number}",
            text=text,
            author=title or channel,
            author_url=f"{BASE}/{channel}",
            published_at=read_moment(str(at)),
            type="post",
        )
        found.append((int(number), item))
    return found


def _address(params: Params) -> str:
    return f"{BASE}/s/{params['channel']}"


KINDS = (
    SourceKind(
        "telegram",
        "Telegram",
        "social",
        fetch,
        _address,
        params=(CHANNEL,),
        base=BASE,
        service="t.me",
        rate=Rate(every_s=5, burst=5),  # unpublished; others ask once an hour
        network="telegram",
        type="post",
        recognise=like(
            r"(?:t|telegram)\.me/(?:s/)?(?P<channel>(?!joinchat|addstickers|share|proxy)[a-z]\w{3,63})(?:/\d+)?"
        ),
        examples=("https://t.me/s/cafelumiere",),
        takes_s=SOME_PAGES_S,
        rank=50,
    ),
)
