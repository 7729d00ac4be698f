"""What kind of thing a mention is, as `type:` asks: post, comment, article, video or page. Pure."""

from __future__ import annotations

import re

#: kinds of sources that say it by themselves
_OF_SOURCES = {"feed": "article", "googlenews": "article", "bingnews": "article", "page": "page", "extension": "page"}
_POSTS = frozenset(
    """mastodon bluesky hackernews reddit x twitter facebook instagram linkedin threads lemmy telegram tiktok
    discourse pixelfed""".split()  # noqa: SIM905  # a list of words, not of quotes
)
_VIDEOS = re.compile(
    r"^https?://(?:www\.|m\.)?(?:youtube\.com/(?:watch|shorts|live)|youtu\.be/|vimeo\.com/\d|dailymotion\.com/video"
    r"|twitch\.tv/videos|tiktok\.com/@[^/]+/video)",
    re.IGNORECASE,
)


def type_of(source_kind: str, network: str, url: str, *, usual: str = "") -> str:
    """The type where the service does not say it: by the address, then by the network, then by how it came. `usual`:
    what comes from there usually."""
    if _VIDEOS.match(url):
        return "video"
    if network in _POSTS or source_kind.endswith("_account"):
        return "post"
    return usual or _OF_SOURCES.get(source_kind, "page")
