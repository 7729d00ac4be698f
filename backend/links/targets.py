"""Where a short link may lead. A target is parsed to be judged, never rewritten: what was given is what is stored.

Each rule answers a target that another shortener took (`data:`, `file:`, user-info, loopback by another spelling).
Nothing is looked up here: a name is judged as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import quote, unquote_plus

import idna

from backend.infra.errors import Invalid
from backend.infra.net import is_public, literal_address, plain_host

LONGEST = 8000
# Names that never leave a machine or a house (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal).
HOME_NAMES = ("localhost", "local", "internal", "home.arpa", "localdomain")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
UTM_KEYS = ("source", "medium", "campaign", "term", "content", "id")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)


def check_target(url: str, own_hosts: Collection[str], field: str = "url") -> None:
    """Raises Invalid, with a code for each reason and `field` in its fields."""

    def no(code: str, why: str) -> Invalid:
        return Invalid(why, code=code, fields={field: why})

    if len(url) > LONGEST:
        raise no("link_long", f"An address has at most {LONGEST} characters.")
    if any(_is_blank_or_control(ch) for ch in url):
        raise no("link_blank", "An address holds no blanks and no control characters.")
    match = SCHEME.fullmatch(url)
    if match is None or match[1].lower() not in ("http", "https"):
        raise no("link_scheme", "Only http and https addresses can be shortened.")
    # Exactly two slashes: browsers forgive one or three, and then two readers disagree about the host.
    rest = match[2]
    if not rest.startswith("//"):
        raise no("link_host", "This address names no host.")
    authority = re.split(r"[/?#]", rest[2:], maxsplit=1)[0]
    before_query = re.split(r"[?#]", rest, maxsplit=1)[0]
    if "\\" in before_query:  # browsers read it as a slash
        raise no("link_host", "An address holds no backslash.")
    if "@" in authority:
        raise no("link_user_info", "An address that hides its host behind a user name cannot be shortened.")
    host = _host_of(authority)
    name = ascii_host(host) if host else None
    if name is None:
        raise no("link_host", "This address names no host that can exist.")
    try:
        literal = literal_address(name)
    except ValueError:
        raise no("link_host", "This address names no host that can exist.") from None
    plain = plain_host(name)
    if plain in {plain_host(ascii_host(own) or own) for own in own_hosts}:
        raise no("link_own", "This address is one of ours: a short link to a short link leads nowhere.")
    if literal is not None:
        if not is_public(literal):
            raise no("link_private", "This is a private address: nobody outside could open it.")
        return
    if "." not in plain or plain.endswith(tuple("." + home for home in HOME_NAMES)):
        raise no("link_private", "This is a name inside a network: nobody outside could open it.")


def _is_blank_or_control(ch: str) -> bool:
    if ch <= " " or ch == "\x7f":
        return True
    return ch > "\x7f" and unicodedata.category(ch) in ("Cc", "Zs", "Zl", "Zp", "Cs")


def _host_of(authority: str) -> str:
    """The host of `host:port`, "" when the port is none."""
    if authority.startswith("["):
        host, closed, port_part = authority.partition("]")
        host += closed
    else:
        host, colon, port = authority.partition(":")
        port_part = colon + port
    if port_part and not re.fullmatch(r":[0-9]{0,5}", port_part):
        return ""
    number = port_part[1:]
    return "" if number and not 0 < int(number) < 65536 else host


def ascii_host(host: str) -> str | None:
    """The host as it is asked for on the network: lower case, punycode. None for what can be no host."""
    if host.startswith("["):
        try:
            literal_address(host)
        except ValueError:
            return None
        return host.lower() if host.endswith("]") and "%" not in host else None
    name = host
    if not host.isascii():
        try:
            name = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    name = name.lower()
    labels = name.removesuffix(".").split(".")
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        return None
    return name


def host_of(url: str) -> str:
    """The host of a target that was accepted, as it was written."""
    return _host_of(re.split(r"[/?#]", url.partition("//")[2], maxsplit=1)[0])


def shown_host(url: str) -> str:
    """The host of a target as a person should see it: punycode as soon as it could pass for another one."""
    host = host_of(url).lower()
    if host.isascii():
        return host
    scripts = {_script(ch) for ch in host if ch.isalpha()}
    east_asian = scripts <= {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "LATIN"} and scripts != {"LATIN"}
    if scripts == {"LATIN"} or east_asian:
        return host
    return ascii_host(host) or host


def _script(letter: str) -> str:
    """The first word of a letter's name: LATIN, CYRILLIC, CJK… What is no plain letter counts as foreign."""
    name = unicodedata.name(letter, "?")
    return name.split(" ")[0].split("-")[0]


# --- utm ---------------------------------------------------------------------------------------------------


def check_utm(utm: dict[str, str]) -> dict[str, str]:
    """UTM parameters by their short names (`utm_source` and `source` are the same), empty ones left out.

    Raises Invalid.
    """
    checked: dict[str, str] = {}
    for key, value in utm.items():
        name, value = key.strip().lower().removeprefix("utm_"), value.strip()
        if name not in UTM_KEYS:
            raise Invalid("This is no UTM parameter.", code="link_utm", fields={"utm": f"one of {', '.join(UTM_KEYS)}"})
        if len(value) > 200 or any(_is_blank_or_control(ch) and ch != " " for ch in value):
            raise Invalid("This UTM value cannot be used.", code="link_utm", fields={"utm": "at most 200 characters"})
        if value:
            checked[name] = value
    return checked


def with_utm(url: str, utm: dict[str, str]) -> str:
    """`url` with the UTM parameters that it does not carry yet, before its fragment; every other byte as it was."""
    if not utm:
        return url
    address, hash_mark, fragment = url.partition("#")
    query = address.partition("?")[2]
    there = {unquote_plus(part.partition("=")[0]).lower() for part in query.split("&")}
    added = "&".join(
        f"utm_{name}={quote(utm[name], safe='')}" for name in UTM_KEYS if name in utm and f"utm_{name}" not in there
    )
    return join_query(address, added) + hash_mark + fragment


def join_query(address: str, query: str) -> str:
    """Append parameters to an address that has no fragment."""
    if not query:
        return address
    if "?" not in address:
        return f"{address}?{query}"
    return address + ("" if address.endswith(("?", "&")) else "&") + query


def with_query(url: str, query: str) -> str:
    """The target of a link that passes the visitor's own parameters on."""
    address, hash_mark, fragment = url.partition("#")
    return join_query(address, query) + hash_mark + fragment
