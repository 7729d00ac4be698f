"""What a person collected from a page of the round becomes mentions, once each; and is taken back by one click.

A *visit* is one look at one page, an *act* one click on *Collect*; whoever visits draws the names of both, so that what
is sent twice (a worker stopped in between, a queue) counts once. A post is *fresh* where nobody knew it before the
visit: it became a mention by it. Judging and matching run outside of transactions; each chunk is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.connectors.feed.plain import tidy
from backend.connectors.feed.unwrap import is_web_address, unwrap
from backend.inbox.addresses import network_of
from backend.inbox.hints import Mind, Said, judge, read_mind
from backend.inbox.mentions import Actor, Hit, NewMention, add_mentions
from backend.inbox.removing import remove_untouched
from backend.infra.changes import record_change
from backend.infra.errors import Invalid, NotFound
from backend.infra.runtime import Runtime
from backend.listening.matching import Watching, hit_of, speaks, texts_of
from backend.listening.models import RoundFind, RoundPage, RoundVisit
from backend.listening.round import read_page
from backend.listening.watching import load_watching
from backend.query.fields import About
from backend.query.match import read_text
from backend.understanding.language import detect_language

MOST_POSTS = 200  # a call
CHUNK = 40  # posts a transaction
MAX_TEXT = 20_000
SOURCE_KIND = "round"


@dataclass(frozen=True)
class Seen:
    """A post as it was read from a page: nothing of it is trusted."""

    url: str
    network: str = ""
    author: str = ""
    author_url: str = ""
    text: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True)
class Took:
    """`outcome`: created, known, or refused (no address of the web). `fresh`: not known before this visit."""

    outcome: str
    mention_id: int | None = None
    fresh: bool = False


@dataclass(frozen=True)
class Audience:
    """What is needed to judge posts for a brand, read once for a call."""

    brand_id: int
    languages: Sequence[str]
    mind: Mind
    watching: Watching


def collect_posts(
    runtime: Runtime, page_id: int, posts: Sequence[Seen], *, visit: str, act: str, by: Actor
) -> list[Took]:
    """One turn: the posts of a page, in its order, in transactions of `CHUNK`. Raises NotFound, Invalid."""
    if len(posts) > MOST_POSTS:
        raise Invalid(f"At most {MOST_POSTS} posts at once.", fields={"posts": f"at most {MOST_POSTS}"})
    now = runtime.clock()
    with runtime.db.read() as session:
        brand_id = read_page(session, page_id).brand_id
        languages = get_brand(session, brand_id).languages
        audience = Audience(brand_id, languages, read_mind(session, brand_id), load_watching(session))
    took: list[Took] = []
    for start in range(0, len(posts), CHUNK):
        items = [plan_post(post, audience) for post in posts[start : start + CHUNK]]
        with runtime.db.write() as session:
            took += take_posts(session, page_id, items, visit=visit, act=act, by=by, now=now)
    with runtime.db.write() as session:
        finish_visit(session, page_id, visit=visit, by=by, now=now)
    return took


def plan_post(post: Seen, audience: Audience) -> NewMention | None:
    """The mention a post becomes, judged and with its keywords lit; None where its address is none. Pure."""
    url = unwrap(post.url)
    if not is_web_address(url):
        return None
    text, author = tidy(post.text)[:MAX_TEXT], " ".join(tidy(post.author).split())[:200]
    network = tidy(post.network).lower()[:100]
    language = detect_language(text, audience.languages)
    hits = _hits(text, About(author, url, network or network_of(url)), language, audience)
    said = Said(text, "", url, language)
    keyword_ids = [hit.keyword_id for hit in hits]
    return NewMention(
        url=url,
        text=text,
        author=author,
        author_url=post.author_url if is_web_address(post.author_url) else "",
        network=network,
        source_kind=SOURCE_KIND,
        published_at=post.published_at,
        language=language,
        hits=hits,
        values=judge(audience.mind, said, languages=audience.languages, keyword_ids=keyword_ids),
    )


def _hits(text: str, about: About, language: str, audience: Audience) -> list[Hit]:
    texts = texts_of("", text)
    spoken = None if language in ("", "und") else language
    about = About(about.author, about.url, about.network, spoken)
    found = []
    for match in audience.watching.match(read_text(texts, about)):
        watch = audience.watching.watches[match.key]
        if watch.brand_id == audience.brand_id and speaks(watch, language):
            found.append(hit_of(match))
    return sorted(found, key=lambda hit: hit.keyword_id)


def take_posts(
    session: Session,
    page_id: int,
    items: Sequence[NewMention | None],
    *,
    visit: str,
    act: str,
    by: Actor,
    now: datetime,
) -> list[Took]:
    """One chunk, at most `CHUNK`. What was deleted by somebody comes back: a person asks for it. Raises NotFound."""
    page = read_page(session, page_id)
    its = _visit(session, page, visit, by)
    wanted = [item for item in items if item is not None]
    added = add_mentions(session, page.brand_id, wanted, now=now, by=by, revive=True)
    rows: dict[int, dict[str, Any]] = {}
    for mention, created in added:
        if mention is not None:
            row = {"visit_id": its.id, "mention_id": mention.id, "act": act, "fresh": created}
            if mention.id not in rows or created:
                rows[mention.id] = row
    if rows:
        insert = _dialect(session).insert(RoundFind).values(list(rows.values()))
        session.execute(insert.on_conflict_do_nothing(index_elements=["visit_id", "mention_id"]))
    there = {
        find.mention_id: find
        for find in session.scalars(
            select(RoundFind).where(RoundFind.visit_id == its.id, RoundFind.mention_id.in_(rows))
        )
    }
    told: set[int] = set()
    answers = iter(added)
    took = []
    for item in items:
        mention, _ = next(answers) if item is not None else (None, False)
        if mention is None:
            took.append(Took("refused"))
            continue
        find = there[mention.id]
        # What this click made new is told as new once, however often the click is sent.
        new = find.fresh and find.act == act and mention.id not in told
        told.add(mention.id)
        took.append(Took("created" if new else "known", mention.id, find.fresh))
    return took


def finish_visit(
    session: Session, page_id: int, *, visit: str, by: Actor, now: datetime, seen: bool = False
) -> RoundPage:
    """The page was visited; `seen`: a person says so, whether or not anything was collected. Raises NotFound."""
    page = read_page(session, page_id)
    its = _visit(session, page, visit, by)
    its.seen = its.seen or seen
    its.finished_at = its.finished_at or now
    return _settle(session, page, its, now)


def unsee_visit(session: Session, page_id: int, *, visit: str, now: datetime) -> RoundPage:
    """It was not seen after all; what was collected stays. Raises NotFound."""
    page = read_page(session, page_id)
    its = _known_visit(session, page, visit)
    its.seen = False
    return _settle(session, page, its, now)


def undo_posts(runtime: Runtime, page_id: int, *, act: str) -> tuple[int, int]:
    """One turn: take back what one click brought. Gives how many mentions went, and how many stay because somebody
    touched them since. Raises NotFound where there is nothing to undo (any more)."""
    gone = stay = 0
    after: int | None = 0
    while after is not None:
        with runtime.db.write() as session:
            went, stayed, after = undo_some(session, page_id, act=act, after=after, now=runtime.clock())
        gone, stay = gone + went, stay + stayed
    return gone, stay


def undo_some(session: Session, page_id: int, *, act: str, after: int, now: datetime) -> tuple[int, int, int | None]:
    """At most `MOST_POSTS` of them, beyond the mention `after`; and where to go on, None at the end."""
    page = read_page(session, page_id)
    mine = select(RoundVisit.id).where(RoundVisit.page_id == page.id)
    query = (
        select(RoundFind.visit_id, RoundFind.mention_id, RoundFind.fresh)
        .where(RoundFind.act == act, RoundFind.visit_id.in_(mine), RoundFind.mention_id > after)
        .order_by(RoundFind.mention_id)
        .limit(MOST_POSTS + 1)
    )
    rows = session.execute(query).all() if act else []
    if not rows and not after:
        raise NotFound("There is nothing to undo (any more).")
    more, rows = len(rows) > MOST_POSTS, rows[:MOST_POSTS]
    visits = {row.visit_id for row in rows}
    fresh = {row.mention_id for row in rows if row.fresh}
    elsewhere = session.scalars(
        select(RoundFind.mention_id).where(RoundFind.mention_id.in_(fresh), RoundFind.visit_id.not_in(visits))
    )
    gone = remove_untouched(session, page.brand_id, fresh.difference(elsewhere), now=now)
    known = [row.mention_id for row in rows if not row.fresh]
    session.execute(
        delete(RoundFind).where(RoundFind.visit_id.in_(visits), RoundFind.act == act, RoundFind.mention_id.in_(known))
    )
    for visit_id in sorted(visits):
        _settle(session, page, session.get_one(RoundVisit, visit_id), now)
    return len(gone), len(fresh) - len(gone), rows[-1].mention_id if more else None


def _settle(session: Session, page: RoundPage, visit: RoundVisit, now: datetime) -> RoundPage:
    """Count the visit anew; without a find and without a word it was none. The page's last visit follows."""
    session.flush()
    posts, fresh = session.execute(
        select(func.count(), func.coalesce(func.sum(case((RoundFind.fresh.is_(True), 1), else_=0)), 0)).where(
            RoundFind.visit_id == visit.id
        )
    ).one()
    visit.posts, visit.fresh = posts, int(fresh)
    if not visit.seen and posts == 0:
        visit.finished_at = None
    session.flush()
    page.last_visited_at = session.scalar(select(func.max(RoundVisit.finished_at)).where(RoundVisit.page_id == page.id))
    session.flush()
    record_change(session, kind="round.changed", ref=page.id, brand_id=page.brand_id, now=now)
    return page


def _visit(session: Session, page: RoundPage, key: str, by: Actor) -> RoundVisit:
    row = {"page_id": page.id, "key": key, "member_id": by.member_id, "seen": False, "posts": 0, "fresh": 0}
    insert = _dialect(session).insert(RoundVisit).values(row)
    session.execute(insert.on_conflict_do_nothing(index_elements=["page_id", "key"]))
    return _known_visit(session, page, key)


def _known_visit(session: Session, page: RoundPage, key: str) -> RoundVisit:
    query = select(RoundVisit).where(RoundVisit.page_id == page.id, RoundVisit.key == key)
    found = session.scalar(query.with_for_update())
    if found is None:
        raise NotFound("There is no such visit.")
    return found


def _dialect(session: Session) -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
