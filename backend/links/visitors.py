"""Who comes by a short link (a person, something that draws a preview, a robot) and from where. Keeps nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from is_crawler import is_crawler

PERSON, PREVIEW, ROBOT, PREFETCH = 0, 1, 2, 3

# Programs that draw the card under a shared link: a positive list, since a search engine is no preview, and the
# browsers inside Instagram, Line or Pinterest are people.
PREVIEW_AGENTS = (
    "facebookexternalhit", "facebot", "facebookcatalog", "meta-externalfetcher", "twitterbot", "linkedinbot",
    "slackbot", "slack-imgproxy", "discordbot", "telegrambot", "whatsapp", "skypeuripreview", "microsoftpreview",
    "vkshare", "redditbot", "tumblr", "bitlybot", "embedly", "iframely", "cardyb", "bluesky", "mastodon", "pleroma",
    "akkoma", "misskey", "firefish", "friendica", "lemmy", "gotosocial", "peertube", "pixelfed", "synapse", "viber",
    "kakaotalk-scrap", "line-poker", "snap url preview", "google-pagerenderer", "zoombot", "notionbot", "flipboard",
    "quora link preview", "xing-contenttabreceiver", "hatena", "nuzzel", "outbrain", "ms-office", "threads-preview",
)  # fmt: skip
REFERRER = re.compile(r"(?:https?|android-app)://(?:[^/?#@]*@)?([a-z0-9._-]{1,253})(?::\d{1,5})?(?:[/?#]|$)")


@lru_cache(maxsize=8192)
def kind_of_agent(agent: str) -> int:
    """PERSON, PREVIEW or ROBOT. A browser says who it is: no name means a program."""
    if not agent:
        return ROBOT
    lower = agent.lower()
    if any(name in lower for name in PREVIEW_AGENTS):
        return PREVIEW
    return ROBOT if is_crawler(agent) else PERSON


@lru_cache(maxsize=8192)
def referrer_host(referrer: str) -> str:
    """The host that a Referer header names, without `www.`; "" where it names none."""
    match = REFERRER.match(referrer[:2000].lower())
    return match[1].removeprefix("www.").strip(".") if match else ""


class Proxies:
    """Whose `X-Forwarded-For` is believed: nobody's unless the administrator said so."""

    def __init__(self, trusted: frozenset[str]) -> None:
        self.trusted: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(one, strict=False) for one in trusted)
        self._known: dict[str, bool] = {}

    def address_of(self, environ: Mapping[str, Any]) -> str:
        """The visitor's address: of the headers only what trusted proxies added, read from the right."""
        address: str = environ.get("REMOTE_ADDR", "")
        if not self.trusted or not self._trusts(address):
            return address
        for hop in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            hop = hop.strip()
            if not hop:
                break
            address = hop[:64]
            if not self._trusts(hop):
                break
        return address

    def _trusts(self, address: str) -> bool:
        known = self._known.get(address)
        if known is None:
            try:
                parsed = ip_address(address)
            except ValueError:
                return False
            known = any(parsed in network for network in self.trusted)
            if len(self._known) < 10_000:
                self._known[address] = known
        return known
