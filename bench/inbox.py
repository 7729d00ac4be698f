"""Rows `inbox.{page,to_answer,stats}_p95_ms_1m` and `search.p95_ms_1m`, on SQLite; with `_pg` on PostgreSQL.

1,000,000 mentions of one brand over two years, through the application: the list as the interface asks for it, one row
a story, and the counts beside it; then searches (a phrase, a boolean one with two fields, rare words and common ones),
each as its first page and as its counts with every facet.

The databases are made once and kept, in build/bench and in the folder for temporary files.
"""

from __future__ import annotations

import itertools
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from backend import create_app
from backend.config import Settings
from backend.inbox.counting import FACETS
from backend.infra.db import Database
from backend.infra.runtime import Runtime, open_runtime
from backend.links.lookup import no_collection_of_garbage
from backend.migrations.steps import migrate
from backend.query.words import fold_column
from bench.rows import Row, judge
from tests.databases import postgres_server
from tests.factories import Api, make_owner

MENTIONS = 1_000_000
END = datetime(2026, 11, 20, tzinfo=UTC)
FOLDER = Path("build") / "bench"
_TEXTS = 20_000
_VOCABULARY = Path("backend") / "understanding" / "data" / "words.txt"
_NETWORKS = ("mastodon", "bluesky", "news", "forum.example", "news.example")
#: a phrase, common and rare words, two fields with AND, OR and NOT, and one that finds nothing
SEARCHES = (
    '"{common} {other}"',
    "{rare}",
    "{common}",
    '"{common} {other}" OR {rare}',
    "({rare} OR {seldom}) lang:fr -is:done",
    "{common} author:ada is:complaint",
    "title:{seldom} since:2026-06-01",
    "{seldom} -{common} site:news.example",
    "{common} tag:terrasse",
    "xylophoneimpossible",
)


def rows() -> list[Row]:
    """SQLite first, then PostgreSQL."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with closing(_open(f"sqlite:///{FOLDER / 'mentions-1m.sqlite3'}")) as runtime:
        found = _measure(runtime, "")
    # Not in our own folder: the server's user must be able to go there.
    kept = Path(tempfile.gettempdir()) / "entregent-bench-postgres"
    with postgres_server(kept) as base, closing(_open(base + "postgres")) as runtime:
        return found + _measure(runtime, "_pg")


def _open(url: str) -> Runtime:
    settings = Settings(data_dir=FOLDER, database_url=url, web_workers=1)
    runtime = open_runtime(settings)
    migrate(runtime.db, "head")
    return runtime


def _measure(runtime: Runtime, suffix: str) -> list[Row]:
    with no_collection_of_garbage():  # as the web process when it starts
        app = create_app(runtime)
    api = Api(app, make_owner(app))
    brand_id = _brand_with_mentions(api, runtime.db)
    shown = f"brand_id={brand_id}&about_us=yes,no"
    new = f"/mentions?{shown}&status=new&group=story&limit=50"
    to_answer = f"/mentions?brand_id={brand_id}&to_answer=true&limit=50"
    stats = f"/mentions/stats?{shown}"
    return [
        _row(f"inbox.page_p95_ms_1m{suffix}", 20, _walk(api, new, 120), "the tab New, ten pages"),
        _row(f"inbox.to_answer_p95_ms_1m{suffix}", 20, _walk(api, to_answer, 120), "ten pages"),
        _row(f"inbox.stats_p95_ms_1m{suffix}", 100, _times(api, [stats], 30), "beside the list"),
        _row(f"search.p95_ms_1m{suffix}", 100, _times(api, list(_searches(shown)), 5), "pages and facets"),
    ]


def _row(name: str, goal: int, taken: Iterable[tuple[float, float]], note: str) -> Row:
    """By the clock; what of it was work is said beside, because neighbours on the machine lengthen only the first."""
    by_clock, worked = zip(*taken, strict=True)
    return judge(name, _p95(by_clock), "ms", f"<={goal}", note=f"{note}; {_p95(worked):.3g} ms of CPU")


def _searches(shown: str) -> Iterator[str]:
    words = _vocabulary()
    named = {"common": words[3], "other": words[5], "seldom": words[900], "rare": words[6_000]}
    for search in SEARCHES:
        asked = f"{shown}&q={quote(search.format(**named))}"
        yield f"/mentions?{asked}&group=story&limit=50"
        yield f"/mentions/stats?{asked}&facets={','.join(FACETS)}"


def _walk(api: Api, path: str, times: int) -> Iterator[tuple[float, float]]:
    """Ten pages from the top, again and again."""
    cursor = None
    for turn in range(times):
        taken, answer = _ask(api, path + (f"&cursor={cursor}" if cursor else ""))
        yield taken
        cursor = answer["next_cursor"] if turn % 10 != 9 else None


def _times(api: Api, paths: Sequence[str], times: int) -> Iterator[tuple[float, float]]:
    """Each path so many times, and once before: no server is measured as it wakes up."""
    for path in paths:
        _ask(api, path)
    return (_ask(api, path)[0] for _ in range(times) for path in paths)


def _ask(api: Api, path: str) -> tuple[tuple[float, float], Any]:
    """Milliseconds by the clock and of CPU, the database server's included, and the answer."""
    worked, began = _work(), time.perf_counter()
    answer = api.get(path)
    taken = (time.perf_counter() - began) * 1000, (_work() - worked) * 1000
    assert answer.status == 200, answer.json
    return taken, answer.json


def _work() -> float:
    """Seconds of CPU of this process and, where the system tells it, of what its children are running."""
    found = time.process_time()
    for tasks in Path("/proc/self/task").glob("*/children"):
        for server in tasks.read_text().split():
            for worker in Path(f"/proc/{server}/task/{server}/children").read_text().split():
                found += int(Path(f"/proc/{worker}/schedstat").read_text().split()[0]) / 1e9
    return found


def _p95(taken: Iterable[float]) -> float:
    return statistics.quantiles(list(taken), n=20)[-1]


def _brand_with_mentions(api: Api, database: Database) -> int:
    for brand in api.get("/brands").json["items"]:
        if brand["name"] == "Café Lumière":
            return int(brand["id"])
        raise RuntimeError(f"a run was cut short in {database.url}: take that database away, and run this again")
    began = time.monotonic()
    brand = api.post("/brands", {"name": "Lumière, being filled", "languages": ["fr", "en"]}).json
    keywords = [
        api.post("/keywords", {"brand_id": brand["id"], "name": name, "query": name}).json["id"]
        for name in ("Lumière", "café", "terrasse")
    ]
    fill(database, int(brand["id"]), [int(id) for id in keywords])
    # Its name says that it is whole: one that was cut short is not measured.
    named = api.patch(f"/brands/{brand['id']}", {"name": "Café Lumière", "version": brand["version"]})
    assert named.status == 200, named.json
    print(f"    {MENTIONS:,} mentions written in {time.monotonic() - began:.0f} s", flush=True)
    return int(brand["id"])


def fill(database: Database, brand_id: int, keyword_ids: Sequence[int]) -> None:
    """One mention in twelve repeats what another said, one in three waits; words are as frequent as in any language."""
    mentions = _mentions(brand_id)
    while batch := list(itertools.islice(mentions, 5_000)):
        tied = [
            {"mention_id": row["id"], "keyword_id": keyword_ids[row["id"] % 3], "highlights": "[]"} for row in batch
        ]
        with database.engine.begin() as connection:
            connection.execute(sa.insert(_bare("mentions", batch[0])), batch)
            connection.execute(sa.insert(_bare("mention_keywords", tied[0])), tied)
    database.refresh_statistics()


def _mentions(brand_id: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)  # the same in every run
    words = _vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(words))))
    texts = []
    for _ in range(_TEXTS):
        said = chance.choices(words, cum_weights=weights, k=chance.randrange(12, 40))
        title, text, author = " ".join(said[:6]), " ".join(said[6:]), f"Ada {chance.randrange(5_000)}"
        texts.append((title, text, author, fold_column(title, text, author)))
    for n in range(1, MENTIONS + 1):
        title, text, author, folded = chance.choice(texts)
        at = (END - timedelta(seconds=63 * (MENTIONS - n))).strftime("%Y-%m-%d %H:%M:%S.%f")
        network = chance.choice(_NETWORKS)
        waits = chance.random() < 0.34
        mood = chance.choice((None, None, "positive", "negative", "neutral"))
        intent = chance.choice((None,) * 9 + ("question", "complaint", "praise"))
        yield {
            "id": n, "brand_id": brand_id, "url": f"https://{network}/{n}", "network": network, "source_kind": "page",
            "author": author, "author_url": "", "title": title, "text": text, "words": folded,
            "published_at": at, "seen_at": at, "sorted_at": at, "language": "fr" if n % 3 else "en",
            "sentiment": mood, "sentiment_by": "machine" if mood else "", "intent": intent,
            "intent_by": "machine" if intent else "", "about_us": "probably_not" if n % 40 == 0 else "yes",
            "about_us_by": "", "guesses": "{}", "rude": "[]", "priority": 0, "note": "",
            "status": "new" if waits else chance.choice(("done", "done", "open", "spam")), "replied_by": "",
            "reply_url": "", "addressed": "", "remote_id": "", "author_handle": "",
            "tags": json.dumps(["terrasse"] if n % 50 == 0 else []), "version": 1,
            "story_id": n if n % 12 else n - chance.randrange(1, 11),
        }  # fmt: skip


def _vocabulary() -> list[str]:
    """Some 28,000 words of French and English, in an order that says nothing; the first are the frequent ones."""
    words = [word for word in _VOCABULARY.read_text("utf-8").split() if word.isalpha()]
    random.Random(3).shuffle(words)
    return words


def _bare(table: str, row: dict[str, Any]) -> Any:
    """A table by its names alone: values are written as they are, which is quicker than through the models."""
    return sa.table(table, *map(sa.column, row))
