"""Feeds as the press writes them: 25 articles with their whole text in markup, some 150 kB; RSS and Atom in turn.

The words are those of the language at their own frequency: articles made of a few dozen words would all be taken for
the same story.
"""

from __future__ import annotations

import html
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate

from backend.understanding.offensive import find_offensive
from backend.understanding.vectors import DATA

ITEMS = 25
_FREQUENT = """
le la les de des du un une et à en dans pour que qui ne pas sur au aux par avec ce cette il elle on nous vous sont est a
the of and to in is was for on that with as it be by this are from at have has not but they which their or an said
conseil municipal ville nouvelle terrasse soleil port habitants matin café maire annonce projet budget écoles
council opens harbour people meet morning mayor says project schools report customers happy service prices
""".split()  # noqa: SIM905  # a text is easier to read
# Hardly any article has a rude word, and looking where it stands takes longer than all the rest.
_OTHERS = [word for word in (DATA / "words.txt").read_text("utf-8").splitlines() if not find_offensive(word)]
random.Random(7).shuffle(_OTHERS)
#: as people use them: a few again and again, most of them hardly ever
_WORDS = _FREQUENT + _OTHERS
_OFTEN = list(accumulate(1 / (rank + 20) for rank in range(len(_WORDS))))


def make_feed(number: int, *, fresh: int = 0, broken: bool = False) -> bytes:
    """One document. `fresh`: so many articles came since, at its top. `broken`: an ampersand stands bare in it."""
    newest = datetime(2026, 11, 23, 9, tzinfo=UTC)
    articles = [*_articles(number, "new", fresh, newest + timedelta(hours=1)), *_articles(number, "", ITEMS, newest)]
    articles = articles[:ITEMS]
    text = _atom(number, articles) if number % 3 == 2 else _rss(number, articles)
    return text.replace("</title>", " R&D</title>", 3).encode() if broken else text.encode()


def _articles(number: int, name: str, many: int, newest: datetime) -> list[tuple[str, str, datetime, str, str]]:
    chance = random.Random(f"{number}/{name}")
    articles = []
    for place in range(many):
        key = f"{number}-{name}-{place}"
        title, at = _sentence(chance, 9), newest - timedelta(minutes=37 * place)
        articles.append((key, title, at, _markup(chance, key), _sentence(chance, 30)))
    return articles


def _rss(number: int, articles: list[tuple[str, str, datetime, str, str]]) -> str:
    items = "".join(
        f"<item><title>{html.escape(title)}</title><link>https://paper{number}.example/{key}/?utm_source=rss</link>"
        f"<dc:creator><![CDATA[Maud Durand]]></dc:creator><pubDate>{format_datetime(at)}</pubDate>"
        f"<category><![CDATA[Ville]]></category><guid isPermaLink='false'>https://paper{number}.example/?p={key}</guid>"
        f"<description><![CDATA[<p>{short} [&#8230;]</p>]]></description>"
        f"<content:encoded><![CDATA[{markup}]]></content:encoded><slash:comments>0</slash:comments></item>\n"
        for key, title, at, markup, short in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/'
        'content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">'
        f"<channel><title>Paper {number}</title><atom:link href='https://paper{number}.example/feed/' rel='self' "
        f"type='application/rss+xml'/><link>https://paper{number}.example</link><language>fr-FR</language>"
        f"<sy:updatePeriod>hourly</sy:updatePeriod>{items}</channel></rss>"
    )


def _atom(number: int, articles: list[tuple[str, str, datetime, str, str]]) -> str:
    entries = "".join(
        f"<entry><id>tag:paper{number}.example,2026:{key}</id><title type='html'>{html.escape(title)}</title>"
        f"<link rel='alternate' type='text/html' href='https://paper{number}.example/{key}'/>"
        f"<published>{at.isoformat()}</published><updated>{at.isoformat()}</updated><author><name>Maud Durand</name>"
        f"</author><summary type='text'>{short}</summary><content type='html'>{html.escape(markup)}</content></entry>\n"
        for key, title, at, markup, short in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">'
        f"<title>Paper {number}</title><link href='https://paper{number}.example/'/>{entries}</feed>"
    )


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, cum_weights=_OFTEN, k=words)).capitalize()


def _markup(chance: random.Random, key: str) -> str:
    image = f'<img src="https://img.example/{key}.jpg" alt="{_sentence(chance, 5)}" width="800" loading="lazy" />'
    parts = [f'<figure class="wp-block-image">{image}<figcaption>{_sentence(chance, 6)}</figcaption></figure>']
    for _ in range(12):
        parts.append(
            f'<p>{_sentence(chance, 22)} &#8211; l&#8217;été&nbsp;! <a href="https://other.example/{chance.random()}'
            f'?a=1&amp;b=2" rel="nofollow">{_sentence(chance, 3)}</a>, <strong>{_sentence(chance, 4)}</strong> '
            f"{_sentence(chance, 30)}.<br />{_sentence(chance, 8)}</p>"
        )
    return "\n".join(parts)
