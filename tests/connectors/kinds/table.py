"""One answer of each kind of source, in its shape (`samples/`, written by us), and what is read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "samples"
_TYPES = {".xml": "application/rss+xml", ".json": "application/json", ".html": "text/html; charset=utf-8"}
NO_FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Rien</title></channel></rss>'
#: pages of results of boards, with nothing in them
NO_RESULTS = {
    "phpbb": '<html><body id="phpbb"><h2>Aucun message</h2></body></html>',
    "xenforo": '<html id="XF"><body><div class="blockMessage">Aucun résultat.</div></body></html>',
    "vanilla": '<html><body id="vanilla_search_index"><p class="NoResults">Rien.</p></body></html>',
    "vbulletin": '<html><head><meta name="generator" content="vBulletin 4.2.5"></head><body>Rien.</body></html>',
}
NO_CHANNEL = '<html><head><meta property="og:title" content="x"></head><body class="tgme_main"></body></html>'


@dataclass(frozen=True)
class Sample:
    """`path`: where it is asked; `query`: what must be asked there. `first`: fields of the first of `count` items."""

    file: str
    path: str
    params: Mapping[str, str]
    first: Mapping[str, Any]
    count: int = 1
    query: Mapping[str, str] = field(default_factory=dict)
    empty: str = NO_FEED  # the same answer with nothing in it

    @property
    def body(self) -> bytes:
        return (SAMPLES / self.file).read_bytes()

    @property
    def content_type(self) -> str:
        return _TYPES[Path(self.file).suffix]


EDITION = {"query": '"café lumière"', "language": "fr", "country": "FR"}
FORUM = {"site": "https://forum.example"}

#: kinds that ask more than one address: the tests that try the same of them
ELSEWHERE = {"page": "tests/connectors/page", "watch": "tests/connectors/page", "imap": "tests/connectors/imap"}

TABLE: Mapping[str, Sample] = {
    "feed": Sample(
        "feed.xml",
        "/feed.xml",
        {"url": "{server}/feed.xml"},
        {"title": "Une terrasse de plus", "text": "Le café Lumière ouvre sa terrasse."},
        count=2,
    ),
    "podcast": Sample(
        "podcast.xml",
        "/comptoir.xml",
        {"url": "{server}/comptoir.xml"},
        {"title": "12. Le café Lumière", "url": "https://comptoir.example/12", "language": "fr"},
    ),
    "googlealerts": Sample(
        "googlealerts.xml",
        "/alerts/feeds/123/456",
        {"user": "123", "alert": "456"},
        {"title": "Le café Lumière s'agrandit", "url": "https://echo.example/cafe-lumiere"},
    ),
    "googlenews": Sample(
        "googlenews.xml",
        "/rss/search",
        EDITION,
        {"title": "Le café Lumière s'agrandit", "publisher": "L'Écho", "text": ""},
        query={"q": '"café lumière" when:30d', "ceid": "FR:fr"},
    ),
    "bingnews": Sample(
        "bingnews.xml",
        "/news/search",
        EDITION,
        {"url": "https://echo.example/cafe-lumiere", "title": "Le café Lumière s'agrandit"},
        query={"q": '"café lumière"', "mkt": "fr-FR"},
    ),
    "devto": Sample(
        "devto.xml",
        "/feed/tag/python",
        {"tag": "Python"},
        {"title": "Roasting with lumiere", "author": "Maud", "language": "en"},
    ),
    "wordpress": Sample(
        "wordpress.xml",
        "/",
        {"query": "lumière", "site": "https://wp.example"},
        {"title": "Le café Lumière vu de près", "text": "Une visite au café Lumière.", "author": "Maud"},
        query={"s": "lumière", "feed": "rss2"},
    ),
    "hackernews": Sample(
        "hackernews.json",
        "/api/v1/search_by_date",
        {"query": "lumiere"},
        {"title": "Show HN: Lumière, a café in a box", "text": "https://lumiere.example/", "type": "post"},
        count=2,
        query={"query": "lumiere", "tags": "(story,comment)"},
        empty='{"hits": []}',
    ),
    "mastodon": Sample(
        "mastodon.json",
        "/api/v1/timelines/tag/paris",
        {"tag": "paris"},
        {"text": "Un café au soleil, #paris\nUne tasse fumante", "author": "Maud", "language": "fr"},
        empty="[]",
    ),
    "mastodon_user": Sample(
        "mastodon_user.xml",
        "/@maud.rss",
        {"handle": "@maud", "server": "piaille.example"},
        {
            "title": "",
            "text": "Le café Lumière, enfin ouvert.\nOn y va ?",
            "author": "@maud",
            "author_url": "https://piaille.example/@maud",
            "url": "https://piaille.example/@maud/113500000000000002",
        },
    ),
    "bluesky_user": Sample(
        "bluesky_user.json",
        "/xrpc/app.bsky.feed.getAuthorFeed",
        {"handle": "@Maud.example"},
        {
            "url": "https://bsky.app/profile/maud.example/post/3lbxyz",
            "text": "Le café Lumière, enfin ouvert.",
            "language": "fr",
        },
        query={"actor": "maud.example"},
        empty='{"feed": []}',
    ),
    "lobsters": Sample(
        "lobsters.xml",
        "/t/python.rss",
        {"tag": "Python"},
        {"title": "Lumiere: a small roaster", "url": "https://lobste.rs/s/ab12cd"},
    ),
    "lobsters_comments": Sample(
        "lobsters_comments.xml",
        "/comments.rss",
        {},
        {"url": "https://lobste.rs/c/x9y8z7", "text": "Lumiere made my morning.", "type": "comment", "author": "theo"},
    ),
    "telegram": Sample(
        "telegram.html",
        "/s/cafelumiere",
        {"channel": "@cafelumiere"},
        {
            "url": "https://t.me/cafelumiere/41",
            "text": "Fermé lundi.\nOuvert mardi & mercredi.",
            "author": "Café Lumière",
        },
        count=2,
        empty=NO_CHANNEL,
    ),
    "reddit": Sample(
        "reddit.xml",
        "/r/paris/new/.rss",
        {"sub": "r/Paris"},
        {
            "title": "Le café Lumière",
            "text": "Le café Lumière vaut-il le détour ?",
            "author": "maud_au_cafe",
            "url": "https://www.reddit.com/r/paris/comments/1abcde/le_cafe/",
        },
        query={"limit": "100"},
    ),
    "reddit_search": Sample(
        "reddit.xml",
        "/search.rss",
        {"query": '"café lumière" -bar'},
        {"title": "Le café Lumière", "text": "Le café Lumière vaut-il le détour ?"},
        query={"q": '"café lumière" -bar', "sort": "new"},
    ),
    "lemmy": Sample(
        "lemmy.xml",
        "/feeds/c/cafe@jlai.example.xml",
        {"community": "!cafe@jlai.example", "site": "https://lemmy.example/"},
        {"title": "Une terrasse au soleil", "url": "https://jlai.example/post/17"},
        query={"sort": "New"},
    ),
    "lemmy_search": Sample(
        "lemmy_search.json",
        "/api/v3/search",
        {"query": "lumière", "site": "https://jlai.example"},
        {
            "title": "Une terrasse au soleil",
            "url": "https://jlai.example/post/17",
            "text": "Le café **Lumière** a la sienne.\nhttps://echo.example/terrasse",
            "author": "Maud",
            "type": "post",
        },
        count=2,
        query={"q": "lumière", "sort": "New"},
        empty='{"posts": [], "comments": []}',
    ),
    "discourse": Sample(
        "discourse.xml",
        "/posts.rss",
        FORUM,
        {"url": "https://forum.example/t/ou-prendre-un-cafe/12/3", "author": "maud"},
        count=2,
    ),
    "discourse_search": Sample(
        "discourse_search.json",
        "/search.json",
        {"query": "lumière", **FORUM},
        {
            "url": "https://forum.example/t/ou-prendre-un-cafe/12/3",
            "title": "Où prendre un café ?",
            "author": "Maud",
            "author_url": "https://forum.example/u/maud",
            "type": "comment",
        },
        count=2,
        query={"q": "lumière order:latest"},
        empty='{"posts": [], "grouped_search_result": null}',
    ),
    "phpbb": Sample(
        "phpbb.xml",
        "/feed.php",
        {"site": "https://board.example"},
        {"author": "maud", "url": "https://board.example/viewtopic.php?p=41#p41"},
    ),
    "phpbb_search": Sample(
        "phpbb_search.html",
        "/search.php",
        {"query": "lumière", "site": "https://board.example"},
        {
            "external_id": "https://board.example/viewtopic.php?p=41#p41",
            "url": "https://board.example/viewtopic.php?p=41#p41",
            "title": "Re: Où prendre un café ?",
            "text": "Au café Lumière, sans hésiter.",
            "author": "maud",
        },
        count=2,
        query={"keywords": "lumière", "sr": "posts", "sk": "t"},
        empty=NO_RESULTS["phpbb"],
    ),
    "xenforo": Sample(
        "xenforo.xml",
        "/forums/-/index.rss",
        {"site": "https://xf.example"},
        {"title": "Quel moulin pour débuter ?", "text": "Celui du café Lumière me plaît.", "author": "maud"},
    ),
    "xenforo_search": Sample(
        "xenforo_search.html",
        "/search/search",
        {"query": "lumière", "site": "https://xf.example"},
        {
            "url": "https://xf.example/threads/quel-moulin-pour-debuter.1204/post-8841",
            "title": "Quel moulin pour débuter ?",
            "text": "Celui du café Lumière me plaît.",
            "author": "maud",
        },
        query={"keywords": "lumière", "o": "date"},
        empty=NO_RESULTS["xenforo"],
    ),
    "vanilla": Sample(
        "vanilla.xml",
        "/discussions/feed.rss",
        {"site": "https://vanilla.example"},
        {"title": "Une table pour six ?", "text": "Le café Lumière prend-il les groupes ?", "author": "maud"},
    ),
    "vanilla_search": Sample(
        "vanilla_search.html",
        "/search",
        {"query": "lumière", "site": "https://vanilla.example"},
        {
            "url": "https://vanilla.example/discussion/88/une-table-pour-six",
            "title": "Une table pour six ?",
            "text": "Le café Lumière prend-il les groupes ?",
            "author": "maud",
        },
        query={"Search": "lumière", "sort": "-dateInserted"},
        empty=NO_RESULTS["vanilla"],
    ),
    "vbulletin": Sample(
        "vbulletin.xml",
        "/external.php",
        {"site": "https://vb.example"},
        {"title": "Avis sur le café Lumière", "text": "Service lent, mais bon café.", "author": "maud"},
        query={"type": "RSS2", "lastpost": "1"},
    ),
    "vbulletin_search": Sample(
        "vbulletin_search.html",
        "/search.php",
        {"query": "lumière", "site": "https://vb.example"},
        {
            "url": "https://vb.example/showthread.php?77-Avis-sur-le-cafe-Lumiere&p=512#post512",
            "title": "Avis sur le café Lumière",
            "text": "Service lent, mais bon café.",
            "author": "maud",
        },
        query={"do": "process", "query": "lumière", "showposts": "1"},
        empty=NO_RESULTS["vbulletin"],
    ),
    "stackexchange": Sample(
        "stackexchange.json",
        "/2.3/search/advanced",
        {"query": "lumiere"},
        {
            "title": 'Lumière fails with "no café"',
            "text": "When I run lumiere I get nothing.",
            "author": "Maud & Théo",
            "external_id": "stackoverflow.com:790001",
        },
        query={"q": "lumiere", "site": "stackoverflow", "sort": "creation", "fromdate": "1792832400"},
        empty='{"items": [], "has_more": false}',
    ),
    "stackexchange_tag": Sample(
        "stackexchange_tag.xml",
        "/feeds/tag/python",
        {"tag": "Python", "site": "https://stackoverflow.com"},
        {"title": "How does lumiere sort?", "author": "theo", "text": "By light, it seems."},
    ),
    "appstore": Sample(
        "appstore.json",
        "/fr/rss/customerreviews/page=1/id=1234567890/sortby=mostrecent/json",
        {"app": "id1234567890", "country": "fr"},
        {
            "title": "La commande se perd",
            "text": "★★☆☆☆\nDepuis la mise à jour, ma commande disparaît.\nDommage.",
            "author": "theo_au_cafe",
            "url": "https://apps.apple.com/fr/app/id1234567890#review-10987654321",
        },
        empty='{"feed": {"title": {"label": "iTunes Store: Customer Reviews"}}}',
    ),
    "github": Sample(
        "github.json",
        "/search/issues",
        {"query": "lumiere"},
        {
            "title": "Support lumiere receipts",
            "url": "https://github.com/theo/kiosk/issues/12",
            "author_url": "https://github.com/maud",
        },
        query={"q": "lumiere is:issue created:>=2026-10-24T09:00:00Z", "sort": "created"},
        empty='{"total_count": 0, "items": []}',
    ),
    "github_releases": Sample(
        "github_releases.xml",
        "/maud/lumiere/releases.atom",
        {"repository": "maud/lumiere"},
        {"title": "2.1.0: a lighter roast", "text": "Starts in half the time."},
    ),
    "youtube": Sample(
        "youtube.xml",
        "/feeds/videos.xml",
        {"channel": "UCq3R5tVx7Zb9Nd1Fh2Jk4Lm"},
        {
            "title": "Un latte en une minute",
            "text": "Le geste, le lait, la tasse.",
            "url": "https://www.youtube.com/watch?v=a1B2c3D4e5F",
            "author": "Café Lumière",
        },
        query={"channel_id": "UCq3R5tVx7Zb9Nd1Fh2Jk4Lm"},
    ),
    "youtube_playlist": Sample(
        "youtube.xml",
        "/feeds/videos.xml",
        {"playlist": "PLa1B2c3D4e5F6g7H8"},
        {"title": "Un latte en une minute"},
        query={"playlist_id": "PLa1B2c3D4e5F6g7H8"},
    ),
    "wikipedia": Sample(
        "wikipedia.json",
        "/w/api.php",
        {"query": '"café lumière"', "language": "fr"},
        {
            "title": "Cafés de Lyon",
            "url": "https://fr.wikipedia.org/wiki/Caf%C3%A9s_de_Lyon",
            "text": "Le café Lumière date de 1895",
            "language": "fr",
        },
        query={"srsearch": '"café lumière"', "srsort": "last_edit_desc", "format": "json"},
        empty='{"query": {"search": []}}',
    ),
    "wikipedia_history": Sample(
        "wikipedia_history.xml",
        "/w/index.php",
        {"title": "Café", "language": "fr"},
        {"title": "Maud : /* Histoire */ un café de plus", "author": "Maud"},
        query={"title": "Café", "action": "history", "feed": "atom"},
    ),
}
