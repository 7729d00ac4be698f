"""The address behind the address: search services hand out links through their own counters."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

MAX_URL = 8_000


def unwrap(url: str) -> str:
    """The target of a Google (`google.com/url?url=…`) or Bing (`apiclick.aspx?url=…`) link; any other as it is."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url
    names: tuple[str, ...] = ()
    if parts.path == "/url" and (host.startswith("google.") or host == "news.google.com"):
        names = ("url", "q")
    elif parts.path.lower() == "/news/apiclick.aspx" and (host == "bing.com" or host.endswith(".bing.com")):
        names = ("url",)
    for name in names:
        for target in parse_qs(parts.query).get(name, []):
            if is_web_address(target):
                return target
    return url


def is_web_address(url: str) -> bool:
    """http or https, with a host, of a sane length, without blanks or controls."""
    if len(url) > MAX_URL or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host in lower case without `www.`, "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
