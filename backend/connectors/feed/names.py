"""Names of elements whatever prefix a feed writes for them: `{http://purl.org/dc/elements/1.1/}creator` → `dc_creator`.

The list is feedparser's, as far as our fields are concerned: the formats themselves have no prefix, in all of their
historical namespaces. A namespace that nobody knows keeps the prefix of the document, which is mostly what was meant.
"""

from __future__ import annotations

from lxml import etree

_OWN = (
    "http://backend.userland.com/rss",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://example.com/newformat#",
    "http://example.com/necho",
    "http://purl.org/echo/",
    "uri/of/echo/namespace#",
    "http://purl.org/pie/",
    "http://purl.org/atom/ns#",
    "http://www.w3.org/2005/atom",
    "http://purl.org/rss/1.0/modules/rss091#",
)
_KNOWN = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://podlove.org/simple-chapters": "psc",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/threading/": "thr",
    "http://wellformedweb.org/commentapi/": "wfw",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
_MOST_CACHED = 2_000
_cache: dict[str, str] = {}


def name_of(element: etree._Element) -> str:
    """In lower case. "" for what is no element (a reference to an entity)."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    name = _cache.get(tag)
    if name is not None:
        return name
    space, _, local = tag[1:].rpartition("}") if tag[0] == "{" else ("", "", tag)
    prefix = prefix_of(space)
    if prefix is None:  # only this document says what its prefix is
        return f"{element.prefix}_{local}".lower() if element.prefix else local.lower()
    name = f"{prefix}_{local}".lower() if prefix else local.lower()
    if len(_cache) >= _MOST_CACHED:  # who makes up names shall not fill our memory
        _cache.clear()
    _cache[tag] = name
    return name


def prefix_of(space: str) -> str | None:
    """ "" for the formats' own namespaces, None for one that is not known."""
    space = space.lower()
    if not space or space in _OWN or "backend.userland.com/rss" in space:
        return ""
    return _KNOWN.get(space)


def attributes_of(element: etree._Element) -> dict[str, str]:
    """Names in lower case, as `href` or `xml:base`; the values of `rel` and `type` in lower case too."""
    found = {}
    for key, value in element.attrib.items():
        name = key
        if key[0] == "{":
            space, _, local = key[1:].rpartition("}")
            prefix = prefix_of(space)
            name = f"{prefix}:{local}" if prefix else local
        name = name.lower()
        found[name] = value.lower() if name in ("rel", "type") else value
    return found
