"""What a person lets us say to one site beside the question: headers of its own, or a name and a password. Pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

MAX_HEADERS = 10
MAX_VALUE = 4_000  # characters
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}")
_LOGIN = re.compile(r"(\s*(?:feed:)?(?:[a-z]{3,5}://))([^/?#\s]*)@", re.IGNORECASE)
#: what says who we are and how we speak is not a person's to change; cookies are for browsers
REFUSED = frozenset(
    (
        *("accept-encoding", "connection", "content-encoding", "content-length", "content-type", "cookie", "cookie2"),
        *("date", "expect", "forwarded", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range"),
        *("keep-alive", "origin", "range", "referer", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"),
        *("via", "x-forwarded-for"),
    )
)


@dataclass(frozen=True)
class Access:
    """`origin`: an address on the one site it is for. Never shown, never logged."""

    origin: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def sent(self) -> dict[str, str]:
        """Headers as they are sent."""
        sent = dict(self.headers)
        if self.username or self.password:
            pair = f"{self.username}:{self.password}".encode()
            sent["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        return sent

    def names(self) -> list[str]:
        """What may be shown: names of headers, and `""` for a log-in."""
        return [*sorted(self.headers, key=str.lower), *([""] if self.username or self.password else [])]

    def plain(self) -> dict[str, str]:
        """As text, to be sealed."""
        headers = json.dumps(dict(self.headers), sort_keys=True)
        return {"origin": self.origin, "headers": headers, "username": self.username, "password": self.password}

    @classmethod
    def of(cls, plain: Mapping[str, str]) -> Access:
        headers = json.loads(plain.get("headers", "{}"))
        return cls(plain.get("origin", ""), headers, plain.get("username", ""), plain.get("password", ""))


def split_login(url: str) -> tuple[str, str, str]:
    """`https://maud:s3cret@example.org/feed` → `https://example.org/feed`, `maud`, `s3cret`. An address is shown,
    logged and compared; what lets us in is not."""
    found = _LOGIN.match(url)
    if found is None:
        return url, "", ""
    name, _, password = found[2].partition(":")
    return found[1] + url[found.end() :], unquote(name), unquote(password)


def origin_of(url: str) -> str:
    """`https://Example.org:8443/feed?x=1` → `https://example.org:8443`."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def wrong_access(access: Access, plain_http: Collection[str]) -> dict[str, str]:
    """What cannot be kept, by field. Plain http is for hosts in `plain_http` (host or host:port) only: a secret is not
    sent in the clear."""
    wrong: dict[str, str] = {}
    parts = urlsplit(access.origin)
    if parts.scheme != "https" and not {parts.hostname or "", parts.netloc} & set(plain_http):
        wrong["access"] = "only over https, so that nobody on the way reads it"
    if len(access.headers) > MAX_HEADERS:
        wrong["access.headers"] = f"at most {MAX_HEADERS}"
    seen: set[str] = set()
    for name, value in access.headers.items():
        low = name.lower()
        if not _NAME.fullmatch(name):
            wrong["access.headers"] = f"{name[:80]!r} is no name of a header"
        elif low in REFUSED or low.startswith(("sec-", "proxy-")):
            wrong["access.headers"] = f"{name} is not for you to say"
        elif low in seen or (low == "authorization" and (access.username or access.password)):
            wrong["access.headers"] = f"{name} is said twice"
        elif not value or len(value) > MAX_VALUE or not value.isascii() or not value.isprintable():
            wrong["access.headers"] = f"the value of {name}: 1 to {MAX_VALUE} printable ASCII characters"
        seen.add(low)
    if ":" in access.username or any(not part.isprintable() for part in (access.username, access.password)):
        wrong["access.username"] = "no colon, and printable characters"
    if not access.headers and not access.username and not access.password:
        wrong["access"] = "give headers, or a name and a password"
    return wrong
