"""Videos of a YouTube channel or playlist by its feed of 15.

These feeds come and go: 404 and 500 for hours (UniversalMediaServer#6124, NetNewsWire#5212), which says nothing about
the channel. Nothing is given up for it. Handles (`youtube.com/@name`) stand for a channel that their page names.
"""

from __future__ import annotations

import re

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.feed.unwrap import host_of
from backend.connectors.kind import Asking, Param, Params, Rate, SourceKind
from backend.connectors.params import read_match
from backend.connectors.reading import like, read_feed
from backend.connectors.seen import SeenPage

BASE = "https://www.youtube.com"
RATE = Rate(every_s=1, burst=20)  # unpublished
CHANNEL = Param(
    "channel", read_match(r"UC[\w-]{22}|\w{1,60}"), "UC and 22 signs, or a user’s name", "UCq3R5tVx7Zb9Nd1Fh2Jk4Lm"
)
PLAYLIST = Param(
    "playlist", read_match(r"(?!UC)[A-Z]{2}[\w-]{10,60}"), "what stands behind list=", "PLa1B2c3D4e5F6g7H8"
)


def asked_as(params: Params) -> str:
    """The feed's question: channels by their id, users of the time before channels by their name."""
    if "playlist" in params:
        return f"playlist_id={params['playlist']}"
    channel = params["channel"]
    return f"channel_id={channel}" if channel.startswith("UC") and len(channel) == 24 else f"user={channel}"


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed, never that it is not there."""
    try:
        return read_feed(asking, f"{asking.base}/feeds/videos.xml?{asked_as(params)}", state)
    except PollFailed as failed:
        if failed.code in ("not_found", "gone"):
            raise PollFailed("http_error", f"YouTube's feeds come and go ({failed.message})") from failed
        raise


def _address(params: Params) -> str:
    if "playlist" in params:
        return f"{BASE}/playlist?list={params['playlist']}"
    channel = params["channel"]
    return f"{BASE}/channel/{channel}" if asked_as(params).startswith("channel_id") else f"{BASE}/user/{channel}"


def sees(page: SeenPage) -> list[Params]:
    """The page of a handle names its channel."""
    if host_of(page.url) not in ("youtube.com", "m.youtube.com"):
        return []
    found = re.fullmatch(r"UC[\w-]{22}", page.meta("identifier") or page.meta("channelId"))
    return [{"channel": found[0]}] if found else []


KINDS = (
    SourceKind(
        "youtube",
        "YouTube",
        "video",
        fetch,
        _address,
        params=(CHANNEL,),
        base=BASE,
        service="youtube.com",
        rate=RATE,
        network="youtube",
        type="video",
        sees=sees,
        recognise=like(
            r"(?:m\.)?youtube\.com/channel/(?P<channel>UC[\w-]{22})(?:/\w+)?",
            r"(?:m\.)?youtube\.com/user/(?P<channel>\w+)(?:/\w+)?",
            r"youtube\.com/feeds/videos\.xml\?(?:channel_id|user)=(?P<channel>[\w-]+)",
        ),
        examples=(
            "https://www.youtube.com/channel/UCq3R5tVx7Zb9Nd1Fh2Jk4Lm",
            "https://www.youtube.com/user/cafelumiere",
        ),
        rank=10,
    ),
    SourceKind(
        "youtube_playlist",
        "YouTube",
        "video",
        fetch,
        _address,
        params=(PLAYLIST,),
        base=BASE,
        service="youtube.com",
        rate=RATE,
        network="youtube",
        type="video",
        recognise=like(
            r"(?:m\.)?youtube\.com/(?:playlist|watch)\?(?:.*&)?list=(?P<playlist>(?!UC)[A-Z]{2}[\w-]{10,60})(?:&.*)?",
            r"youtube\.com/feeds/videos\.xml\?playlist_id=(?P<playlist>[\w-]+)",
        ),
        examples=("https://www.youtube.com/playlist?list=PLa1B2c3D4e5F6g7H8",),
        rank=11,
    ),
)
