"""What a person may say of a source: readers that clean a value or give None for what cannot be, and common params."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.kind import Param

MAX_QUERY = 1_500  # characters; services cut or refuse what is longer


def read_words(value: str) -> str | None:
    """Any text on one line."""
    words = " ".join(value.split())
    return words if 0 < len(words) <= MAX_QUERY and words.isprintable() else None


def read_address(value: str) -> str | None:
    """An address as it is asked: scheme and host in lower case, no fragment. None where a name and a password stand in
    it (access.py): an address is shown, and kept in clear."""
    if not is_web_address(value):
        return None
    parts = urlsplit(value)
    if "@" in parts.netloc:
        return None
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def read_site(value: str) -> str | None:
    """The address of a site, or of a folder of it, without a slash at its end: `forum.example/board/` →
    `https://forum.example/board`."""
    address = read_address(value if "://" in value else f"https://{value}")
    if address is None:
        return None
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def read_tag(value: str) -> str | None:
    tag = value.lstrip("#")
    return tag if tag.isalnum() and len(tag) <= 100 else None


def read_match(pattern: str, *, lower: bool = False) -> Callable[[str], str | None]:
    """A reader of what fits a pattern whole; its first group is kept, where it has one."""
    whole = re.compile(pattern)

    def read(value: str) -> str | None:
        found = whole.fullmatch(value.lower() if lower else value)
        return None if found is None else found[whole.groups and 1]

    return read


QUERY = Param("query", read_words, "words to look for", example='"café lumière"')
TAG = Param("tag", read_tag, "one word without #", example="paris")
URL = Param("url", read_address, "http:// or https://", example="https://blog.example/feed.xml")
SERVER = Param("server", read_site, "the address of the server", example="https://piaille.fr", optional=True)
SITE = Param("site", read_site, "the address of the site", example="https://forum.example")
LANGUAGE = Param("language", read_match("[a-z]{2,3}", lower=True), "two letters: fr, en, de…", example="fr")
COUNTRY = Param("country", lambda value: read_match("[A-Z]{2}")(value.upper()), "two letters: FR, GB, DE…", "FR")
HANDLE = Param("handle", read_match(r"@?([\w.-]{1,100})"), "the name of the account", example="maud")
CHANNEL = Param("channel", read_match(r"@?(\w{3,64})"), "the name of the channel", example="cafelumiere")
