"""A page without a feed: its list, read by selectors, or the page itself, watched for changes."""

from __future__ import annotations

from backend.connectors.kind import Param, SourceKind
from backend.connectors.page.client import fetch_changes, fetch_list
from backend.connectors.page.recipe import bad_selectors
from backend.connectors.params import URL, read_match

MAX_IGNORED = 2_000  # characters
_SELECTOR = "a CSS selector"


def read_selector(value: str) -> str | None:
    selector = " ".join(value.split())
    return None if bad_selectors({"item": selector}) else selector


def read_ignored(value: str) -> str | None:
    """Parts of lines, one a line."""
    lines = [" ".join(line.split()) for line in value.splitlines() if line.strip()]
    text = "\n".join(lines)
    return text if len(text) <= MAX_IGNORED else None


def _part(name: str, example: str) -> Param:
    return Param(name, read_selector, _SELECTOR, example, optional=name != "item")


KINDS = (
    SourceKind(
        "page",
        "A list on a page",
        "page",
        fetch_list,
        lambda params: params["url"],
        params=(
            URL,
            _part("item", "article.post"),
            _part("title", "h2"),
            _part("link", "h2 a"),
            _part("date", "time"),
            _part("author", ".author"),
            _part("text", ".summary"),
        ),
        place="url",
        own_access=True,
        article=True,
        rank=10,
        takes_s=45,  # its robots.txt first
        least_s=30 * 60,
        most_s=6 * 3600,
    ),
    SourceKind(
        "watch",
        "Changes of a page",
        "page",
        fetch_changes,
        lambda params: params["url"],
        params=(
            URL,
            Param("selector", read_selector, _SELECTOR, "main", optional=True),
            Param("ignore", read_ignored, "parts of lines that do not count, one a line", optional=True),
            Param(
                "hours",
                read_match("1|3|6|12|24"),
                "hours between two looks: 1, 3, 6, 12 or 24",
                "6",
                choices=("1", "3", "6", "12", "24"),
                optional=True,
            ),
            Param("least", read_match(r"[1-9]\d{0,3}"), "how many words must have changed", "1", optional=True),
        ),
        place="url",
        own_access=True,
        type="page",
        take="all",
        rank=20,
        takes_s=45,
        # what a person chose makes it rarer (`Wishes`)
        least_s=3600,
        most_s=3600,
    ),
)
