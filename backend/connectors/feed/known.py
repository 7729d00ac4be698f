"""Sites whose feeds can be told from the address alone, and the places where feeds usually lie. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

WELL_KNOWN = ("feed", "feed.xml", "rss.xml", "atom.xml", "rss", "index.xml", "feed/atom")
#: what an address looks like, without scheme, `www.` and what stands behind `?` → its feed
_KNOWN = tuple(
    (re.compile(pattern, re.IGNORECASE), feed)
    for pattern, feed in (
        (r"medium\.com/(@[\w.-]+|[\w-]+)(?:/.*)?", r"https://medium.com/feed/\1"),
        (r"([\w-]+\.medium\.com)(?:/.*)?", r"https://\1/feed"),
        (r"([\w-]+\.substack\.com)(?:/.*)?", r"https://\1/feed"),
        (r"substack\.com/@([\w-]+)", r"https://\1.substack.com/feed"),
        (r"([\w-]+\.wordpress\.com)(?:/.*)?", r"https://\1/feed/"),
        (r"([\w-]+\.tumblr\.com)(?:/.*)?", r"https://\1/rss"),
        (r"([\w-]+\.blogspot\.[\w.]+)(?:/.*)?", r"https://\1/feeds/posts/default"),
        (r"(vimeo\.com/[\w-]+)(?:/videos)?", r"https://\1/videos/rss"),
        (r"dailymotion\.com/([\w-]+)", r"https://www.dailymotion.com/rss/user/\1"),
        (r"(gitlab\.com/[\w.-]+/[\w.-]+)(?:/-/releases)?", r"https://\1/-/releases.atom"),
        (r"(codeberg\.org/[\w.-]+/[\w.-]+)(?:/releases)?", r"https://\1/releases.rss"),
        (r"dev\.to/(\w+)", r"https://dev.to/feed/\1"),
        (r"(reddit\.com/(?:user|u)/[\w-]+)(?:/.*)?", r"https://www.\1/.rss"),
        (r"github\.com/([\w-]+)", r"https://github.com/\1.atom"),
    )
)


def known_feeds(url: str) -> Iterator[str]:
    """Feeds of well-known sites that an address stands for."""
    parts = urlsplit(url)
    place = f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"
    for pattern, feed in _KNOWN:
        if (found := pattern.fullmatch(place)) is not None:
            yield found.expand(feed)


def guesses(url: str) -> Iterator[str]:
    """Well-known places: in the folder of the page, then at the root of the site."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = urljoin(root, parts.path.rpartition("/")[0].strip("/") + "/") if parts.path.strip("/") else root
    for name in WELL_KNOWN[:2]:
        yield urljoin(folder, name)
    for name in WELL_KNOWN:
        yield urljoin(root, name)
