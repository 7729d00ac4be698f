"""How long a text is, as each network counts it. `extension/shared/counting.ts` says the same in the browser.

One file of vectors (`tests/unit/publishing/vectors.json`) holds both sides to the same numbers.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

from backend.connectors.entities import FEDIVERSE_MENTION, find_urls, trim_url
from backend.connectors.manifest import CountRules

_GRAPHEME = regex.compile(r"\X")
_PICTURE = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3")

# twitter-text, configuration 3: these weigh one, every other code point two, an emoji two, an address 23.
_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
# Where an address without http:// may end: all countries, and the generic names in common use. The full list has some
# 1,500 names and changes monthly; a rare one costs a wrong count for a text that writes it without http://.
TLDS = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd "
    "cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd "
    "ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg "
    "kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv "
    "mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa "
    "sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug "
    "uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw "
    "com net org edu gov mil int info biz name pro app dev page blog shop store online site website tech cloud digital "
    "agency studio design media news press live world today life space xyz club team group social events travel hotel "
    "cafe coffee restaurant bio eco bzh paris alsace corsica cat museum mobi jobs asia tel aero coop post"
)
_BARE = regex.compile(
    r"(?<![\w@＠$#＃./\-])(?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)+(?:"
    + "|".join(TLDS.split())
    + r")(?![\w@＠\-])(?:/[^\s<>\"«»“”‹›]*)?",
    regex.IGNORECASE | regex.ASCII,
)
_BEYOND_X = regex.compile(r"[^\x00-\x7f\p{Latin}\p{Cyrillic}]")
_BEYOND_ASCII = regex.compile(r"[^\x00-\x7f]")
_NAMED_HOST = regex.compile(r"https?://[^/?#]*\.\p{L}{2,}(?::\d+)?(?:[/?#]|$)", regex.IGNORECASE)


@dataclass(frozen=True)
class Count:
    """`left` is negative when the text is too long; `limit` 0 and `left` 0 where the network sets none."""

    used: int
    limit: int
    left: int
    fits: bool


def count(text: str, rules: CountRules) -> Count:
    """How much of the limit `text` uses. Line ends count one, however they are written."""
    text = text.replace("\r\n", "\n")
    used = _measure(text, rules)
    left = rules.limit - used if rules.limit else 0
    if rules.max_bytes is not None:
        # Two limits and one number: what is left is what the nearer one leaves, at most.
        left = min(left, rules.max_bytes - len(text.encode("utf-8", "surrogatepass")))
    return Count(used, rules.limit, left, left >= 0)


def _measure(text: str, rules: CountRules) -> int:
    if rules.unit == "x_weighted":
        return _x_weight(unicodedata.normalize("NFC", text), rules.url_length or 23)
    shortened, urls = _without_urls(text, rules.url_length)
    if rules.local_mentions:
        shortened = FEDIVERSE_MENTION.sub(r"@\1", shortened)
    if rules.unit == "graphemes":
        return urls + len(_GRAPHEME.findall(shortened))
    if rules.unit == "utf16":
        return urls + len(shortened.encode("utf-16-le", "surrogatepass")) // 2
    if rules.unit == "emoji_bytes":
        parts = _GRAPHEME.findall(shortened)
        return urls + sum(len(g.encode("utf-8", "surrogatepass")) if _PICTURE.search(g) else len(g) for g in parts)
    return urls + len(shortened)


def _without_urls(text: str, url_length: int | None) -> tuple[str, int]:
    """The text without its addresses, and what those count together."""
    if url_length is None:
        return text, 0
    kept, total, end = [], 0, 0
    for span in find_urls(text):
        if not _named_host(span.value):
            continue
        kept.append(text[end : span.start])
        total, end = total + url_length, span.end
    # Something must stand between what was apart, or two graphemes could become one; it is not counted.
    parts = [*kept, text[end:]]
    separator = "\x00"
    return separator.join(parts), total - (len(parts) - 1)


def _x_weight(text: str, url_length: int) -> int:
    total, end = 0, 0
    for start, stop in _x_urls(text):
        total += _x_plain(text[end:start]) + url_length
        end = stop
    return total + _x_plain(text[end:])


def _x_urls(text: str) -> list[tuple[int, int]]:
    found = []
    for span in find_urls(text):
        if _named_host(span.value):
            found.append((span.start, span.start + len(_as_x_links(span.value))))
    covered = [(span.start, span.end) for span in find_urls(text)]
    for match in _BARE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in covered):
            found.append((match.start(), match.start() + len(_as_x_links(trim_url(match.group())))))
    return sorted(found)


def _named_host(url: str) -> bool:
    """http://localhost and http://1.2.3.4 are no addresses to any network."""
    return _NAMED_HOST.match(url) is not None


def _as_x_links(url: str) -> str:
    """The part that X takes as the address: the path in Latin or Cyrillic letters, the query in ASCII."""
    start = url.find("://") + 3 if "://" in url else 0
    path = url.find("/", start)
    if path < 0:
        return url
    query = url.find("?", path)
    beyond = _BEYOND_X.search(url, path, query if query >= 0 else len(url))
    if beyond is None and query >= 0:
        beyond = _BEYOND_ASCII.search(url, query)
    return url[: beyond.start()] if beyond else url


def _x_plain(text: str) -> int:
    total = 0
    for grapheme in _GRAPHEME.findall(text):
        if len(grapheme) > 1 and _PICTURE.search(grapheme):
            total += 2
        else:
            total += sum(1 if any(low <= ord(c) <= high for low, high in _LIGHT) else 2 for c in grapheme)
    return total
