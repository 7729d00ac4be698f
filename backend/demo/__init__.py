"""An invented café with everything in it, so that all can be tried without any network; and all of it taken away.

Everything belongs to one brand of its own, whose id is remembered: `remove` deletes that brand and what is its, and
nothing else. Nothing of it ever asks or posts anywhere: its searches are put away, its accounts live on hosts that do
not exist, and its scheduled posts are never due.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.accounts import brands
from backend.accounts.networks import save_account
from backend.connectors.base import AccountFacts
from backend.demo import rest
from backend.demo.mentions import make_mentions
from backend.inbox.learning import learn_brand
from backend.inbox.mentions import Actor, Hit, NewMention, add_mention, change_mentions
from backend.infra.changes import record_change
from backend.infra.runtime import Runtime
from backend.infra.tables import recall, remember
from backend.links.clicks import Seen, store_clicks
from backend.links.links import create_link
from backend.links.rollups import roll_up_clicks
from backend.listening.keywords import create_keyword
from backend.listening.kinds import KINDS
from backend.models import metadata
from backend.publishing.posts import NewPost, Schedule, create_post
from backend.query.grammar import parse_query
from backend.query.match import Matcher
from backend.replies.saved import create_starters

_REMEMBERED = "demo.brand"
_CHUNK = 25
_KEPT_TABLES = {"changes", "brands"}  # what happened stays told; the brand itself goes last


def fill(runtime: Runtime, *, now: datetime) -> str:
    """Make the brand and fill it; gives a sentence for the person. Called twice, it does nothing the second time."""
    with runtime.db.write() as session:
        if _demo_brand(session) is not None:
            return "The demo is there already. To take it away: entregent demo --remove"
        brand_id = brands.create_brand(session, rest.BRAND, now=now).id
        remember(session, _REMEMBERED, str(brand_id))
        matcher = _add_keywords(session, brand_id, now)
        replies = create_starters(session, brand_id, rest.BRAND["languages"], "vous", now=now)  # type: ignore[arg-type]
    mentions = _add_all_mentions(runtime, brand_id, matcher, now)
    links = _add_links(runtime, brand_id, now)
    posts = _add_posts(runtime, brand_id, now)
    name = rest.BRAND["name"]
    return (
        f"{name} is filled: {mentions} mentions, {len(replies)} saved replies, {links} links, {posts} posts. "
        "To take it all away: entregent demo --remove"
    )


def remove(runtime: Runtime, *, now: datetime) -> str:
    """Take everything of the demo away, table by table; nothing of other brands is touched."""
    with runtime.db.read() as session:
        brand_id = _demo_brand(session)
    if brand_id is None:
        return "There is no demo here."
    links = metadata.tables["links"]
    with runtime.db.write() as session:
        for link_id in session.scalars(select(links.c.id).where(links.c.brand_id == brand_id)):
            record_change(session, kind="link.changed", ref=link_id, brand_id=brand_id, now=now)
    for table in reversed(metadata.sorted_tables):
        if "brand_id" in table.c and table.name not in _KEPT_TABLES:
            with runtime.db.write() as session:
                session.execute(delete(table).where(table.c.brand_id == brand_id))
    feeds, sources, brand = (metadata.tables[name] for name in ("feeds", "sources", "brands"))
    with runtime.db.write() as session:
        session.execute(delete(feeds).where(feeds.c.due_at.is_(None), feeds.c.id.not_in(select(sources.c.feed_id))))
        session.execute(delete(brand).where(brand.c.id == brand_id))
        remember(session, _REMEMBERED, "")
        record_change(session, kind="brand.changed", ref=brand_id, brand_id=brand_id, now=now)
    return "Everything of the demo is gone."


def _demo_brand(session: Session) -> int | None:
    """The brand of the demo, also where a person put it away."""
    number = recall(session, _REMEMBERED)
    if not number:
        return None
    table = metadata.tables["brands"]
    found: int | None = session.scalar(select(table.c.id).where(table.c.id == int(number)))
    return found


def _add_keywords(session: Session, brand_id: int, now: datetime) -> Matcher:
    queries = {}
    for name, query in rest.KEYWORDS:
        values = {"name": name, "query": query, "not_asked": [kind.kind for kind in KINDS.values() if kind.asks]}
        keyword = create_keyword(session, brand_id, values, now=now)
        queries[keyword.id] = parse_query(query)
    return Matcher(queries)


def _add_all_mentions(runtime: Runtime, brand_id: int, matcher: Matcher, now: datetime) -> int:
    """Each as if it had come in some minutes after it was said, some marked by a person as not ours; then all of them
    are judged, as every night."""
    said = [_with_hits(one, matcher) for one in make_mentions(now)]
    added = 0
    not_ours = []
    for start in range(0, len(said), _CHUNK):
        with runtime.db.write() as session:
            for one in said[start : start + _CHUNK]:
                seen_at = min(now, (one.published_at or now) + timedelta(minutes=7))
                plain = replace(one, values={"status": one.values["status"]})
                mention, is_new = add_mention(session, brand_id, plain, now=seen_at)
                added += is_new
                if mention is not None and one.values.get("about_us") == "no":
                    not_ours.append(mention.id)
    for start in range(0, len(not_ours), _CHUNK):
        with runtime.db.write() as session:
            marked = not_ours[start : start + _CHUNK]
            change_mentions(session, marked, {"about_us": "no"}, by=Actor(name="Démo", person=True), now=now)
    learn_brand(runtime, brand_id, now)
    return added


def _with_hits(one: NewMention, matcher: Matcher) -> NewMention:
    found = matcher.match({"title": one.title, "text": one.text})
    return replace(
        one,
        hits=[
            Hit(match.key, [{"field": lit.field, "start": lit.start, "end": lit.end} for lit in match.highlights])
            for match in found
        ],
    )


def _add_links(runtime: Runtime, brand_id: int, now: datetime) -> int:
    """Links with 30 days of clicks: people by day, previews and robots beside them."""
    chance = random.Random(7)  # noqa: S311  # the same demo every time, no secret
    since = now - timedelta(days=30)
    for title, url, people in rest.LINKS:
        with runtime.db.write() as session:
            link = create_link(session, brand_id=brand_id, url=url, title=title, now=since)
        seen = []
        for number in range(people + people // 5):
            at = now - timedelta(seconds=int(30 * 86_400 * chance.random() ** 1.2))
            robot = number >= people
            agent = chance.choice(rest.ROBOTS if robot else rest.AGENTS)
            referrer = "" if robot else chance.choices(list(rest.REFERRERS), list(rest.REFERRERS.values()))[0]
            address = f"192.0.2.{chance.randrange(1, 255)}"  # for documentation, RFC 5737
            seen.append(Seen(link.id, brand_id, at, address, agent, referrer, False))
        seen.sort(key=lambda one: one.at)
        for start in range(0, len(seen), 200):
            with runtime.db.write() as session:
                store_clicks(session, seen[start : start + 200], runtime.db)
    roll_up_clicks(runtime, now)
    return len(rest.LINKS)


def _add_posts(runtime: Runtime, brand_id: int, now: datetime) -> int:
    """Two accounts on hosts that do not exist, and posts that went out, wait, or need a person."""
    sealed = runtime.vault.seal({"access_token": "demo", "identifier": "demo", "app_password": "demo"})
    with runtime.db.write() as session:
        accounts = [
            save_account(
                session,
                brand_id=brand_id,
                network=network,
                facts=AccountFacts(
                    remote_id=f"demo-{network}", handle=handle, display_name="Café Lumière", server=server
                ),
                sealed=sealed,
                now=now,
            ).id
            for network, handle, server in (
                ("mastodon", "@cafelumiere@mastodon.example", "https://mastodon.example"),
                ("bluesky", "cafelumiere.bluesky.example", "https://bluesky.example"),
            )
        ]
        for text, days, state, hour in rest.POSTS:
            _add_post(session, brand_id, accounts, text, days, state, hour, now)
    return len(rest.POSTS)


def _add_post(
    session: Session, brand_id: int, accounts: Sequence[int], text: str, days: int, state: str, hour: int, now: datetime
) -> None:
    """A post as if it had been written then; what it became is written into its deliveries, which are never due."""
    day = now + timedelta(days=days)
    written = min(now, day - timedelta(days=1))
    schedule = Schedule("at", f"{day:%Y-%m-%d}T{hour:02d}:00", str(rest.BRAND["time_zone"])) if state else None
    new = NewPost(text=text, targets=list(accounts), schedule=schedule)
    post = create_post(session, brand_id, new, created_by="Maud", now=written)
    deliveries = metadata.tables["deliveries"]
    changes: dict[str, object] = {"due_at": None}
    if state != "scheduled":
        changes["state"] = state
    session.execute(update(deliveries).where(deliveries.c.post_id == post.id).values(**changes))
    if state == "published":
        for delivery in post.deliveries:
            number = f"demo{post.id}{delivery.id}"
            session.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery.id)
                .values(
                    published_at=delivery.scheduled_for,
                    changed_at=delivery.scheduled_for,
                    remote_id=number,
                    remote_url=f"https://{delivery.network}.example/@cafelumiere/{number}",
                )
            )


__all__ = ["fill", "remove"]
