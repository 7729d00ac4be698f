"""What an article is known by where its guid cannot be trusted."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def news_id(title: str, publisher: str) -> str:
    """The same article of a search, whatever its link and guid: letters and digits of title and publisher."""
    return "news:" + hashlib.sha256(f"{_plain(title)}\n{_plain(publisher)}".encode()).hexdigest()


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))
