"""What a query would find, before it is saved: in what is stored, and by asking its own searches. Nothing is stored.

The searches are asked side by side with one deadline for all; a service that is too slow, or whose budget is used up,
is named as such, never waited for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_futures
from dataclasses import dataclass, field, replace
from datetime import datetime

from backend.accounts.brands import get_brand
from backend.connectors.base import FetchState, PollFailed
from backend.connectors.base import Item as ReadItem
from backend.inbox.addresses import canonical_url, network_of
from backend.inbox.identity import SIGNED_BY_PUBLISHERS, article_keys, home_of, signed_by_two
from backend.inbox.mentions import Hit
from backend.infra.runtime import Runtime
from backend.listening.accounts import listener_for
from backend.listening.backfill import MOST_OF_KEYWORD, REACH, as_read, kinds_of, known_matches, stored_matches
from backend.listening.budgets import is_local, service_of, take_token
from backend.listening.ingest import read_item
from backend.listening.kinds import CANNOT_BE_ASKED, KINDS, asked_host
from backend.listening.matching import Watch, could_match, hit_of, speaks
from backend.listening.searches import Search, never_asked, searches_for
from backend.listening.signing import accounts_that_ask
from backend.query.grammar import parse_query
from backend.query.match import Match, match_reading
from backend.query.translate import left_out
from backend.understanding.language import detect_language

DEADLINE_S = 8.0
AT_ONCE = 16
MOST_SHOWN = 50
ASKED_NOW = 6  # searches of one kind of place: a preview shall not use up what the day has


@dataclass(frozen=True)
class Preview:
    """`items` newest first, at most `MOST_SHOWN`; `count` all of them; `networks` how they divide."""

    count: int
    items: Sequence[Previewed]
    asked: Sequence[Asked]
    networks: Mapping[str, int]


@dataclass(frozen=True)
class Previewed:
    """Something that would be a mention."""

    url: str
    title: str
    text: str
    author: str
    author_url: str
    network: str
    source_kind: str
    published_at: datetime | None
    language: str
    hit: Hit
    mention_id: int | None = None  # it is one already
    publisher_url: str = ""


@dataclass
class Asked:
    """What became of asking one kind of place. `note`: "", a PollFailed code, "later" (budget), or why it cannot be."""

    kind: str
    asked: bool
    count: int = 0
    note: str = ""
    name: str = ""
    left_out: Sequence[str] = ()  # what of the query it cannot be asked: filtered here, or never found there
    too_many: Sequence[str] = ()  # searches that it is never asked: it has no OR, and one keyword may ask only so many


@dataclass(frozen=True)
class Wanted:
    """What is looked for, and the languages of the brand, among which that of a text is found out."""

    watch: Watch
    languages: Sequence[str]


@dataclass
class _Found:
    """What was found, each thing once."""

    items: dict[str, Previewed] = field(default_factory=dict)
    signed: dict[str, str] = field(default_factory=dict)  # key of an article → who signed it

    def add(self, one: Previewed, now: datetime) -> bool:
        """False when it is there already, by its address or as the same article."""
        url = canonical_url(one.url)
        articles = set(article_keys(one.url, one.title, one.publisher_url, min(one.published_at or now, now)))
        author = "" if one.source_kind in SIGNED_BY_PUBLISHERS else one.author
        home = home_of(one.url, one.publisher_url)
        known = [self.signed[key] for key in articles if key in self.signed] if KINDS.get(one.source_kind) else []
        if url in self.items or not all(signed_by_two(author, other, home) for other in known):
            return False
        self.items[url] = one
        for key in articles:
            self.signed.setdefault(key, author)
        return True


def preview_keyword(
    runtime: Runtime, brand_id: int, text: str, *, languages: Sequence[str] = (), live: bool = False
) -> Preview:
    """Raises QuerySyntax, NotFound. Takes up to `DEADLINE_S` seconds when `live`."""
    query = parse_query(text)
    now = runtime.clock()
    with runtime.db.read() as session:
        brand = get_brand(session, brand_id)
        spoken = list(languages) or brand.languages
        searches = searches_for(query, spoken, brand.countries, accounts_that_ask(session, brand_id))
        stored = stored_matches(session, [brand_id], query, now=now, limit=MOST_OF_KEYWORD)
        kinds = kinds_of(session, {item.feed_id for item in stored})
        # As a keyword of these languages, in texts of the brand's: what it will match once it is saved.
        wanted = Wanted(Watch(0, brand_id, query, frozenset(languages)), brand.languages)
        known = known_matches(session, wanted.watch, now=now)
    found = _Found()
    for mention, match in known:
        found.add(
            Previewed(
                mention.url, mention.title, mention.text, mention.author, mention.author_url, mention.network,
                mention.source_kind, mention.published_at, mention.language, hit_of(match),
                mention.id,
            ),
            now,
        )  # fmt: skip
    for item in stored:
        if (one := _previewed(wanted, as_read(item), kinds[item.feed_id], snippets=False)) is not None:
            found.add(one, now)
    asked = _ask_all(runtime, wanted, searches, found, now) if live else []
    newest = sorted(found.items.values(), key=lambda one: one.published_at or now, reverse=True)
    networks: dict[str, int] = {}
    for one in newest:
        networks[one.network] = networks.get(one.network, 0) + 1
    return Preview(len(newest), newest[:MOST_SHOWN], asked, networks)


def _ask_all(runtime: Runtime, wanted: Wanted, searches: Sequence[Search], found: _Found, now: datetime) -> list[Asked]:
    query = wanted.watch.query
    told: dict[str, Asked] = {}
    allowed: list[Search] = []
    of_kind: Counter[str] = Counter()
    for search in searches:
        of_kind[search.kind] += 1
        if of_kind[search.kind] > ASKED_NOW and KINDS[search.kind].asks != "web":
            continue
        told.setdefault(search.kind, Asked(search.kind, False, name=KINDS[search.kind].name))
        if _may_ask(runtime, search, now):
            allowed.append(search)
        else:
            told[search.kind].note = "later"
    pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="preview")
    try:
        waiting = {pool.submit(_ask, runtime, search, now): search for search in allowed}
        done, late = wait_for_futures(waiting, timeout=DEADLINE_S)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    for future in sorted(done, key=lambda one: allowed.index(waiting[one])):
        search, line = waiting[future], told[waiting[future].kind]
        items, code = _result(future)
        if code:
            line.note = line.note or code
            continue
        line.asked, line.note = True, ""
        for item in items:
            one = _previewed(wanted, item, search.kind, snippets=KINDS[search.kind].snippets)
            recent = one is not None and (one.published_at is None or one.published_at >= now - REACH)
            if one is not None and recent:
                found.add(one, now)
                line.count += 1
    for future in late:
        line = told[waiting[future].kind]
        if not line.asked:
            line.note = "timeout"
    for kind in KINDS.values():
        if kind.keyword_search and kind.kind not in told:
            note = "account_needed" if kind.signed else "not_this_query"
            told[kind.kind] = Asked(kind.kind, False, note=note, name=kind.name)
    for name, line in told.items():
        line.left_out = left_out(query, KINDS[name].asks)
        line.too_many = never_asked(KINDS[name], query)
    cannot = [Asked(kind, False, note=note, name=name) for kind, name, note in CANNOT_BE_ASKED]
    return [*told.values(), *cannot]


def _may_ask(runtime: Runtime, search: Search, now: datetime) -> bool:
    host = asked_host(search.kind, search.params, runtime.settings)
    if is_local(host, runtime.settings.allow_private_hosts):
        return True
    with runtime.db.write() as session:
        return take_token(session, service_of(search.kind, host, runtime.settings.keys), now=now) <= 0


def _ask(runtime: Runtime, search: Search, now: datetime) -> Sequence[ReadItem]:
    listener = listener_for(runtime, search.kind, search.params)
    return listener.fetch(runtime.http, search.params, FetchState(), now=now).items


def _result(future: Future[Sequence[ReadItem]]) -> tuple[Sequence[ReadItem], str]:
    error = future.exception()
    if isinstance(error, PollFailed):
        return (), error.code
    return ((), "http_error") if error is not None else (future.result(), "")


def _previewed(wanted: Wanted, item: ReadItem, kind: str, *, snippets: bool) -> Previewed | None:
    """As it would be a mention, or None where it would not be one: as `ingest.mentions_of` decides."""
    query = wanted.watch.query

    def matched(language: str) -> tuple[bool, Match | None]:
        about = replace(reading.about, language=language if language not in ("", "und") else None)
        settled = replace(reading, about=about)
        match = match_reading(query, settled)
        return match is not None or (snippets and could_match(query, settled)), match

    reading = read_item(item, KINDS[kind])
    if not matched("")[0]:
        return None  # most: no language to detect
    language = item.language or detect_language(f"{item.title}\n{item.text}", wanted.languages)
    kept, match = matched(language)
    if not kept or not speaks(wanted.watch, language):
        return None
    return Previewed(
        url=item.url,
        title=item.title,
        text=item.text,
        author=item.author,
        author_url=item.author_url,
        network=KINDS[kind].network or network_of(item.url),
        source_kind=kind,
        published_at=item.published_at,
        language=language,
        hit=hit_of(match) if match else Hit(0),
        publisher_url=item.publisher_url,
    )
