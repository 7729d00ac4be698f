"""A podcast by its feed. Apple's directory says where that is (`directory.py`); its episodes are read at its place."""

from __future__ import annotations

from backend.connectors.feed.source import fetch
from backend.connectors.kind import SourceKind
from backend.connectors.params import URL

KINDS = (
    SourceKind(
        "podcast",
        "Podcast",
        "video",
        fetch,
        lambda params: params["url"],
        params=(URL,),
        place="url",
        own_access=True,
        type="video",  # what is listened to counts with what is watched
        article=True,
        rank=30,
    ),
)
