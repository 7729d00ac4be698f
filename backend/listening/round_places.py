"""Which pages a round may begin with: addresses on networks that no machine of ours may ask, as templates.

A template is data. `{handle}` is a name of the brand's own there, `{words}` what is looked for (its name, or a term),
`{tag}` the same as one word, `{tld}` the ending of the site in the brand's first country. What is in braces goes in
percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from backend.accounts.brands import split_handles
from backend.inbox.addresses import host_of, network_of
from backend.query.words import fold


@dataclass(frozen=True)
class Place:
    """`what`: own (the brand's own page), search, tag, reviews; a word of the interface."""

    network: str
    name: str
    what: str
    url: str


PLACES: Sequence[Place] = (
    Place("instagram", "Instagram", "own", "https://www.instagram.com/{handle}/"),
    Place("instagram", "Instagram", "tagged", "https://www.instagram.com/{handle}/tagged/"),
    Place("instagram", "Instagram", "tag", "https://www.instagram.com/explore/tags/{tag}/"),
    Place("facebook", "Facebook", "own", "https://www.facebook.com/{handle}"),
    Place("facebook", "Facebook", "reviews", "https://www.facebook.com/{handle}/reviews"),
    Place("facebook", "Facebook", "search", "https://www.facebook.com/search/posts/?q={words}"),
    Place("linkedin", "LinkedIn", "own", "https://www.linkedin.com/company/{handle}/posts/"),
    Place(
        "linkedin", "LinkedIn", "search",
        "https://www.linkedin.com/search/results/content/?keywords={words}&sortBy=%22date_posted%22",
    ),
    Place("x", "X", "mentions", "https://x.com/search?q=%40{handle}&f=live"),
    Place("x", "X", "search", "https://x.com/search?q={words}&f=live"),
    Place("threads", "Threads", "own", "https://www.threads.com/@{handle}"),
    Place("threads", "Threads", "search", "https://www.threads.com/search?q={words}&filter=recent"),
    Place("tiktok", "TikTok", "own", "https://www.tiktok.com/@{handle}"),
    Place("tiktok", "TikTok", "search", "https://www.tiktok.com/search?q={words}"),
    Place("youtube", "YouTube", "own", "https://www.youtube.com/@{handle}/videos"),
    Place("youtube", "YouTube", "search", "https://www.youtube.com/results?search_query={words}"),
    Place("reddit", "Reddit", "search", "https://www.reddit.com/search/?q={words}&sort=new"),
    Place("google_reviews", "Google reviews", "reviews", "https://www.google.com/maps/search/{words}"),
    Place("tripadvisor", "TripAdvisor", "reviews", "https://www.tripadvisor.{tld}/Search?q={words}"),
    Place("trustpilot", "Trustpilot", "reviews", "https://www.trustpilot.com/search?query={words}"),
)  # fmt: skip

#: where a review site ends otherwise than in .com
_ENDINGS = {"FR": "fr", "DE": "de", "ES": "es", "IT": "it", "GB": "co.uk", "CA": "ca", "BE": "be", "CH": "ch"}
#: hosts of networks that mentions know by no name; each may stand before any ending
_SITES = {"tripadvisor": "tripadvisor", "trustpilot": "trustpilot", "pinterest": "pinterest", "discord": "discord"}
#: a word in the language of an address: letters, digits, and what handles are written with
_HANDLE = re.compile(r"[\w.\-]{1,100}")


@dataclass(frozen=True)
class Offer:
    """A page that could be in the round. `ticked`: most likely wanted."""

    network: str
    place: str
    what: str
    name: str
    url: str
    ticked: bool


def network_of_page(url: str) -> str:
    """The network a page of the round is of: the adapters' names where the site is known, "web" where it is not."""
    host = host_of(url)
    if re.fullmatch(r"(maps|business)\.google\.[a-z.]{2,6}", host):
        return "google_reviews"
    if re.fullmatch(r"google\.[a-z.]{2,6}", host):
        return "google_reviews" if urlsplit(url).path.startswith(("/maps", "/travel", "/search")) else "web"
    if host == "web.whatsapp.com":
        return "whatsapp"
    for part in host.split("."):
        if part in _SITES:
            return _SITES[part]
    return network_of(url)


def offer_pages(
    *, name: str, kind: str, countries: Sequence[str], handles: Mapping[str, str], term: str = ""
) -> list[Offer]:
    """Pages for a brand, in the order of `PLACES`. `term`: only searches and hashtags for it, all of them ticked."""
    return list(_offers(name, kind, countries, handles, term))


def _offers(name: str, kind: str, countries: Sequence[str], handles: Mapping[str, str], term: str) -> Iterator[Offer]:
    tld = next((_ENDINGS[country] for country in countries if country in _ENDINGS), "com")
    words = term or name
    tag = "".join(fold(words).words)
    for place in PLACES:
        own = "{handle}" in place.url
        if term and own:
            continue
        for handle in _handles(place.network, handles) if own else [""]:
            values = {"handle": handle, "words": words, "tag": tag, "tld": tld}
            if any("{" + field + "}" in place.url and not value for field, value in values.items()):
                continue
            at = f"@{handle}" if own else f"#{tag}" if "{tag}" in place.url else words
            yield Offer(
                network=place.network,
                place=place.name,
                what=place.what,
                name=f"{place.name}: {at}",
                url=_filled(place.url, values),
                ticked=bool(term) or own or (place.what == "reviews" and kind == "place"),
            )


def _handles(network: str, handles: Mapping[str, str]) -> list[str]:
    """The brand's names there, without what people write around them."""
    names = (split_handles(names) for key, names in handles.items() if key == network)
    bare = (name.strip().rstrip("/").rpartition("/")[2].lstrip("@") for found in names for name in found)
    return list(dict.fromkeys(name for name in bare if _HANDLE.fullmatch(name)))


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: quote(values[found[1]], safe=""), template)
