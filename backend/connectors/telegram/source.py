"""A public Telegram channel by its page (t.me/s/name): some 20 messages, older ones by `?before=`.

No key and no account; an owner may close the page. The cursor is the number of the newest message seen, and pages are
turned back until it, so that nothing is lost between two polls.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from lxml import etree, html

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.client import request
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.kind import Asking, Params, Rate, SourceKind
from backend.connectors.params import CHANNEL
from backend.connectors.reading import like, read_moment

BASE = "https://t.me"
MAX_PAGES = 5  # after a long sleep; what lies further back is not fetched


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    seen = int(state.cursor) if state.cursor.isdigit() else 0
    items: dict[int, Item] = {}
    title, before = "", ""
    for _ in range(MAX_PAGES if seen else 1):
        page = _page(asking, params, before)
        title = title or one_line("".join(page.xpath("string(//meta[@property='og:title']/@content)")), limit=200)
        found = {number: item for number, item in _messages(page, params["channel"], title) if number not in items}
        items |= found
        if not found or min(found) <= seen + 1:
            break
        before = str(min(found))
    newest = max([seen, *items])
    return Fetched(
        list(items.values()), replace(state, cursor=str(newest or "")), title=title, site_url=_address(params)
    )


def _page(asking: Asking, params: Params, before: str) -> html.HtmlElement:
    answer = request(
        asking.http,
        f"{asking.base}/s/{params['channel']}",
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


def _messages(page: html.HtmlElement, channel: str, title: str) -> list[tuple[int, Item]]:
    found = []
    for message in page.xpath("//div[@data-post]"):
        number = message.get("data-post").rpartition("/")[2]
        body = message.xpath(".//div[contains(concat(' ', @class, ' '), ' tgme_widget_message_text ')]")
        text = plain_text(etree.tostring(body[-1], encoding="unicode", with_tail=False)) if body else ""
        if not text or not number.isdigit() or len(number) > 12:
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
        rank=50,
    ),
)
