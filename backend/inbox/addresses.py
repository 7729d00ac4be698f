"""When two addresses are the same page: a canonical form to compare by, never to open.

The only place that decides it: wrappers of services (`connectors/feed/unwrap.py`), tracking, mobile hosts, AMP, scheme,
port, slash, order of parameters, fragment.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from backend.connectors.feed.unwrap import unwrap

# Parameters that say where a visitor came from, not what the page is.
_TRACKING = re.compile(
    r"^(utm_\w*|mtm_\w*|pk_\w*|piwik_\w*|hsa_\w*|at_\w+|xtor|xtref|fbclid|fb_action_ids|fb_action_types|fb_source|gclid|"
    r"gclsrc|gad_source|gad_campaignid|dclid|gbraid|wbraid|srsltid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|"
    r"mc_cid|mc_eid|_hsenc|_hsmi|hsctatracking|mkt_tok|vero_id|vero_conv|oly_anon_id|oly_enc_id|wickedid|rb_clickid|"
    r"s_kwcid|ref_src|ref_url|cmp|cmpid|smid|smtyp|ito|ns_\w+|wt_mc|wt_zmc|s_cid|ocid|trk|trkcampaign|soc_src|soc_trk|"
    r"guccounter|guce_\w+|__twitter_impression|amp|outputtype)$",
    re.IGNORECASE,
)
# A fragment is part of the page's identity where it names one thing of many (`#comment-12`, `#!/post/3`).
_TELLING_FRAGMENT = re.compile(r"^[!/]|^(?!xtor|utm_|:~:|echobox=|intcid|ref=|at_).*\d", re.IGNORECASE)
_HOSTS = {
    "twitter.com": "x.com",
    "mobile.twitter.com": "x.com",
    "fxtwitter.com": "x.com",
    "vxtwitter.com": "x.com",
    "fixupx.com": "x.com",
    "old.reddit.com": "reddit.com",
    "new.reddit.com": "reddit.com",
    "youtu.be": "youtube.com",
    "youtube-nocookie.com": "youtube.com",
    "mbasic.facebook.com": "facebook.com",
    "web.facebook.com": "facebook.com",
    "fr-fr.facebook.com": "facebook.com",
    "threads.net": "threads.com",
    "telegram.me": "t.me",
}
_BLOGGER = re.compile(r"^/\d{4}/\d\d/[^/]+\.html$")
_PREFIX = re.compile(r"^(www\d?|m|mobile|mobi|wap|amp|touch|np)\.")
_MOBILE_INSIDE = re.compile(r"^([a-z]{2,3}(?:-[a-z]{2,8})?)\.(?:m|mobile|amp)\.(?=[^.]+\.[^.]+)")  # fr.m.wikipedia.org
_VIDEO = re.compile(r"^/(?:shorts|live|embed|v)/([\w-]{5,})$")
_STATUS = re.compile(r"^/(?:i/web|i|[^/]+)/status(?:es)?/(\d+)(?:/(?:photo|video)/\d+)?$")
_REDDIT = re.compile(r"^(?:/r/[^/]+|/user/[^/]+)?/comments/([a-z0-9]+)(?:/[^/]*(?:/([a-z0-9]+))?)?$")
_ENDS = re.compile(r"/?(?:/index\.(?:html?|php)|/amp|\.amp(?:\.html)?)$")
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
    """Unwrapped, without scheme, `www.`, tracking, order of parameters, last slash. Bad ones come back as they are.

    `https://www.Example.org/a/?utm_source=x&b=2&a=1#top` → `example.org/a?a=1&b=2`
    """
    url = unwrap(url.strip())
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        parameters = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return url
    if not host:
        return url
    place = _place(_ascii(host))
    if port not in (None, 80, 443):
        place = f"{_ascii(host)}:{port}"
    path = re.sub(r"/+", "/", quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._") or "/")
    path = _ENDS.sub("", path.rstrip("/")) or "/"
    if path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    kept = [(name, value) for name, value in parameters if not _TRACKING.match(name)]
    kept = [one for one in kept if not (one[0] == "source" and one[1].startswith("rss-"))]  # Medium's feeds
    if "blogspot." in place or _BLOGGER.match(path):
        kept = [one for one in kept if one not in (("m", "1"), ("m", "0"))]  # which of its two looks
    path, kept = _page(place, host, path, kept)
    query = urlencode(sorted(kept))
    fragment = parts.fragment if _TELLING_FRAGMENT.match(parts.fragment) else ""
    return (
        f"{place}{path if path != '/' else ''}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    )


def _ascii(host: str) -> str:
    """`café.example` and `xn--caf-dma.example` are one."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _place(host: str) -> str:
    """The site, whichever of its doors: `www.m.example.org` → `example.org`, `fr.m.example.org` → `fr.example.org`."""
    host = _HOSTS.get(host, host)
    for _ in range(2):
        if host.count(".") >= 2:
            host = _PREFIX.sub("", host)
    host = _MOBILE_INSIDE.sub(r"\1.", host)
    return _HOSTS.get(host, host)


def _page(place: str, host: str, path: str, kept: list[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """What the sites with several addresses for one thing mean: a video, a post."""
    if place == "youtube.com":
        if host == "youtu.be" and path.count("/") == 1 and len(path) > 1:
            path, kept = "/watch", [("v", path[1:])]
        elif found := _VIDEO.match(path):
            path, kept = "/watch", [("v", found[1])]
        elif path == "/watch":
            kept = [(name, value) for name, value in kept if name == "v"]
    elif place == "x.com" and (found := _STATUS.match(path)):
        path, kept = f"/status/{found[1]}", []
    elif place == "t.me":
        path = path.removeprefix("/s") if path.startswith("/s/") else path  # the page of a channel, the post alone
        kept = [one for one in kept if one[0] not in ("single", "embed")]
    elif place == "reddit.com" and (found := _REDDIT.match(path)):
        path, kept = f"/comments/{found[1]}" + (f"/{found[2]}" if found[2] else ""), []
    if found := _MASTODON.match(path):
        path = f"/@{found[1]}/{found[2]}"
    return path, kept


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
