"""The address behind the address: services hand out links through their own counters, and copies of pages.

Only what the address itself says, as data. `t.co`, `bit.ly`, `lnkd.in`, today's `news.google.com/rss/articles/…` and
their like keep the target at the service, which would have to be asked: they stay as they are.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

MAX_URL = 8_000
_MOST_LAYERS = 4  # a newsletter's link through Outlook and LinkedIn has three


@dataclass(frozen=True)
class Wrapper:
    """`host`: a pattern for the whole host without `www.`. The target is in one of the `names` of the query, or in
    `where`, a pattern for path and query whose second group it is (a first one says that it is https)."""

    label: str  # a label of the host by which it is looked up
    host: str
    path: str = ""  # how the path begins
    names: Sequence[str] = ()
    where: str = ""
    decode: str = ""  # how the target is written: see `_decoded`


_GOOGLE = r"google\.(?:com|[a-z]{2}|com?\.[a-z]{2})"
WRAPPERS = (
    Wrapper("google", _GOOGLE, "/url", ("url", "q")),
    Wrapper("google", _GOOGLE, "/imgres", ("imgrefurl",)),
    Wrapper("google", _GOOGLE, "/amp/", where=r"/amp/(s/)?(.+)", decode="amp"),
    Wrapper("google", r"news\.google\.com", "/url", ("url", "q")),
    Wrapper(
        "google", r"news\.google\.com", "/", where=r"/(?:rss/)?articles/()([\w-]+)=*(?:\?.*)?", decode="googlenews"
    ),
    Wrapper("google", r"news\.url\.google\.com", "/url", ("url", "q")),
    Wrapper("google", r"translate\.google\.[a-z.]{2,6}", "/translate", ("u",)),
    Wrapper("ampproject", r"(?:[\w-]+\.)?cdn\.ampproject\.org", "/", where=r"/(?:[cvi]|wp)/(s/)?(.+)", decode="amp"),
    Wrapper("bing-amp", r"(?:[\w-]+\.)?bing-amp\.com", "/", where=r"/[cv]/(s/)?(.+)", decode="amp"),
    Wrapper("bing", r"(?:[\w-]+\.)?bing\.com", "/news/apiclick.aspx", ("url",)),
    Wrapper("bing", r"(?:[\w-]+\.)?bing\.com", "/ck/a", ("u",), decode="bing"),
    Wrapper("yahoo", r"(?:[\w-]+\.)*search\.yahoo\.com", "/", where=r".*/RU=()([^/]+)/R[KS]=.*", decode="quoted"),
    Wrapper("duckduckgo", r"(?:[\w-]+\.)?duckduckgo\.com", "/l/", ("uddg",)),
    Wrapper("facebook", r"(?:[\w-]+\.)?facebook\.com", "/l.php", ("u",)),
    Wrapper("messenger", r"l\.messenger\.com", "/l.php", ("u",)),
    Wrapper("instagram", r"l\.instagram\.com", "/", ("u",)),
    Wrapper("threads", r"l\.threads\.(?:net|com)", "/", ("u",)),
    Wrapper("linkedin", r"(?:[\w-]+\.)?linkedin\.com", "/redir/", ("url",)),
    Wrapper("linkedin", r"(?:[\w-]+\.)?linkedin\.com", "/safety/go", ("url",)),
    Wrapper("outlook", r"(?:[\w-]+\.)*safelinks\.protection\.outlook\.com", "/", ("url",)),
    Wrapper("proofpoint", r"urldefense\.proofpoint\.com", "/v2/url", ("u",), decode="proofpoint"),
    Wrapper("urldefense", r"urldefense\.com", "/v3/__", where=r"/v3/__()(https?:[^*]+?)__;.*", decode="one slash"),
    Wrapper("youtube", r"(?:m\.)?youtube\.com", "/redirect", ("q",)),
    Wrapper("reddit", r"out\.reddit\.com", "/", ("url",)),
    Wrapper("reddit", r"(?:old\.)?reddit\.com", "/media", ("url",)),
    Wrapper("vk", r"(?:m\.)?vk\.com", "/away.php", ("to",)),
    Wrapper("umblr", r"t\.umblr\.com", "/redirect", ("z",)),
    Wrapper("pinterest", r"(?:[\w-]+\.)?pinterest\.[a-z.]{2,6}", "/offsite/", ("url",)),
    Wrapper("slack-redir", r"slack-redir\.net", "/link", ("url",)),
    Wrapper("steamcommunity", r"steamcommunity\.com", "/linkfilter/", ("url", "u")),
    Wrapper("medium", r"medium\.com", "/r/", ("url",)),
    Wrapper("href", r"href\.li", "/", where=r"/\?()(https?:.+)"),
    Wrapper("exit", r"exit\.sc", "/", ("url",)),
    Wrapper("deref-gmx", r"deref-gmx\.(?:net|com|fr)", "/mail/client/", ("redirectUrl",)),
    Wrapper("skimresources", r"go\.skimresources\.com", "/", ("url",)),
    Wrapper("redirectingat", r"go\.redirectingat\.com", "/", ("url",)),
    Wrapper("disq", r"disq\.us", "/url", ("url",), decode="colon"),
)
_BY_LABEL: dict[str, list[tuple[Wrapper, re.Pattern[str], re.Pattern[str]]]] = {}
for _one in WRAPPERS:
    _BY_LABEL.setdefault(_one.label, []).append((_one, re.compile(_one.host), re.compile(_one.where)))
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:@]+)", re.IGNORECASE)
# What urlsplit has nothing to say about; it costs ten times as much.
_PLAIN = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*+(?::[0-9]{1,5})?(?:[/?#][!-~]*+)?")


def unwrap(url: str) -> str:
    """What a wrapper's address says it leads to, through several layers; any other address as it is."""
    for _ in range(_MOST_LAYERS):
        target = _target(url)
        if not target:
            break
        url = target
    return url


def _target(url: str) -> str:
    """One layer less, "" where there is none."""
    found = _HOST.match(url)
    if not found:
        return ""
    for wrapper, where in _wrappers_at(found[1]):
        try:
            parts = urlsplit(url)
        except ValueError:
            return ""
        if not parts.path.lower().startswith(wrapper.path) and (parts.path or wrapper.path != "/"):
            continue
        if wrapper.where:
            inside = where.fullmatch(f"{parts.path}?{parts.query}" if parts.query else parts.path)
            values = [inside[2]] if inside else []
            if inside and wrapper.decode == "amp":
                values = [f"{'https' if inside[1] else 'http'}://{inside[2]}"]
        else:
            values = [value for name in wrapper.names for value in _query(parts.query).get(name, ())]
        for value in values:
            target = _decoded(value, wrapper.decode)
            if target != url and is_web_address(target):
                return target
    return ""


@lru_cache(maxsize=2_000)  # the links of a page lead to the same few hosts
def _wrappers_at(written: str) -> tuple[tuple[Wrapper, re.Pattern[str]], ...]:
    host = written.lower().removeprefix("www.").rstrip(".")
    return tuple(
        (wrapper, where)
        for label in host.split(".")
        for wrapper, hosts, where in _BY_LABEL.get(label, ())
        if hosts.fullmatch(host)
    )


def _query(query: str) -> dict[str, list[str]]:
    try:
        return parse_qs(query, max_num_fields=100)
    except ValueError:
        return {}


def _decoded(value: str, how: str) -> str:
    """The target as the service writes it. Garbage gives garbage, which is no web address then."""
    if how == "quoted":
        return unquote(value)
    if how == "bing":  # "a1" and base64
        return _base64(value[2:]).decode("utf-8", "replace") if value.startswith("a1") else ""
    if how == "proofpoint":
        return unquote(value.replace("-", "%").replace("_", "/"))
    if how == "one slash":  # some mail servers fold the second one
        return re.sub(r"^(https?:)/+", r"\1//", value)
    if how == "colon":  # the address, a colon, a signature
        return value.rpartition(":")[0]
    if how == "googlenews":  # a message whose field 4 was the address until 2024; today it is a key that only they have
        message = _base64(value)
        at = message.find(b"http", 0, 8) if message.startswith(b"\x08\x13\x22") else -1
        return message[at:].split(b"\xd2\x01")[0].decode("utf-8", "replace") if at > 0 else ""
    return value


def _base64(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def is_plain_address(url: str) -> bool:
    """A web address that needs no second look. False says nothing."""
    return _PLAIN.fullmatch(url) is not None and len(url) <= MAX_URL


def is_web_address(url: str) -> bool:
    """http or https, with a host, of a sane length, without blanks or controls."""
    if is_plain_address(url):
        return True
    if len(url) > MAX_URL:
        return False
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host in lower case without `www.`, "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
