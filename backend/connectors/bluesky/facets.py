"""What in a text is a link, a tag or a mention, by byte offsets (app.bsky.richtext.facet)."""

from __future__ import annotations

from typing import Any

from backend.connectors.entities import Span, byte_offsets, find_urls


def facet(text: str, span: Span, kind: str, **values: str) -> dict[str, Any]:
    """One facet; `kind` link | tag | mention."""
    start, end = byte_offsets(text, span)
    return {
        "index": {"byteStart": start, "byteEnd": end},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **values}],
    }


def link_facets(text: str) -> list[dict[str, Any]]:
    return [facet(text, one, "link", uri=one.value) for one in find_urls(text)]
