"""When two addresses are the same page: a canonical form to compare by, never to open."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# Parameters that say where a visitor came from, not what the page is.
_TRACKING = re.compile(
    r"^(utm_\w*|mtm_\w*|pk_\w*|at_\w+|xtor|xtref|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|"
    r"li_fat_id|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|ref_src|ref_url|cmpid|ns_\w+|wt_mc|s_cid|ocid|amp|outputtype)$",
    re.IGNORECASE,
)
# A fragment is part of the page's identity where it names one thing of many (`#comment-12`, `#!/post/3`).
_TELLING_FRAGMENT = re.compile(r"^[!/]|^(?!xtor|utm_|:~:).*\d")
_HOSTS = {
    "twitter.com": "x.com",
    "mobile.twitter.com": "x.com",
    "old.reddit.com": "reddit.com",
    "youtu.be": "youtube.com",
}
_PREFIX = re.compile(r"^(www\d?|m|mobile|amp|touch|np)\.")
#: hosts whose network is known by name in the interface; any other is the web
NETWORKS = {
    "news.ycombinator.com": "hackernews",
    "reddit.com": "reddit",
    "old.reddit.com": "reddit",
    "x.com": "x",
    "twitter.com": "x",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "bsky.app": "bluesky",
    "mastodon.social": "mastodon",
    "linkedin.com": "linkedin",
    "facebook.com": "facebook",
    "instagram.com": "instagram",
    "threads.net": "threads",
    "threads.com": "threads",
    "tiktok.com": "tiktok",
    "t.me": "telegram",
    "news.google.com": "news",
}
_MASTODON = re.compile(r"^/users/([^/]+)/statuses/(\d+)$")


def canonical_url(url: str) -> str:
    """Without scheme, `www.`, tracking, order of parameters and slash at the end. Bad addresses come back as they are.

    `https://www.Example.org/a/?utm_source=x&b=2&a=1#top` → `example.org/a?a=1&b=2`
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        parameters = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return url
    if not host:
        return url
    if port not in (None, 80, 443):
        place = f"{host}:{port}"
    else:
        place = host if host.count(".") < 2 else _PREFIX.sub("", host)
        place = _HOSTS.get(host, _HOSTS.get(place, place))
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._") or "/"
    kept = [(name, value) for name, value in parameters if not _TRACKING.match(name)]
    if host == "youtu.be" and path.count("/") == 1 and len(path) > 1:
        path, kept = "/watch", [("v", path[1:])]
    if place == "youtube.com" and path == "/watch":
        kept = [(name, value) for name, value in kept if name == "v"]
    if found := _MASTODON.match(path):
        path = f"/@{found[1]}/{found[2]}"
    path = re.sub(r"/+", "/", path)
    path = re.sub(r"/(index\.(html?|php)|amp)?$", "", path.rstrip("/") or "/") or "/"
    query = urlencode(sorted(kept))
    fragment = parts.fragment if _TELLING_FRAGMENT.match(parts.fragment) else ""
    return (
        f"{place}{path if path != '/' else ''}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    )


def host_of(url: str) -> str:
    """The host as `canonical_url` has it, "" where there is none."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return _PREFIX.sub("", host) if host.count(".") >= 2 else host


def network_of(url: str) -> str:
    """The network an address belongs to, "web" where none is known by name."""
    return NETWORKS.get(host_of(url), "web")
