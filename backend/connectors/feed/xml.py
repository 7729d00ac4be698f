"""Well-formed RSS 0.9x to 2.0, RDF and Atom by lxml: some thirty times quicker than feedparser, with the same result.

The mapping follows feedparser's, quirks that decide a field included (which of two titles, which author, what a guid
is); `tests/connectors/feed/test_two_readers.py` holds both to it on feedparser's own test files. Whatever is not well
formed, in a character set we do not read, or unusual in its structure is `NotOurs`: the caller gives it to feedparser.
Entities are never expanded, nothing is loaded from anywhere, and the reading ends with the last entry that is kept.
"""

from __future__ import annotations

import codecs
import html.entities
import io
import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.sax.saxutils import escape  # writes text, reads nothing

from lxml import etree

from backend.connectors.feed.dates import read_first
from backend.connectors.feed.names import attributes_of, name_of
from backend.connectors.feed.raw import MAX_ENTRIES, RawEntry, RawFeed, primary_language, read_wishes


class NotOurs(Exception):
    """Not well formed, or not of the usual structure. It says nothing of what feedparser makes of it."""


_ENTRY_TAGS = ("{*}item", "{*}entry")
_ROOTS = ("rss", "feed", "rdf_rdf")
_XHTML = "application/xhtml+xml"
_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": _XHTML}
_HTML_TYPES = ("text/html", _XHTML)

_TITLES = frozenset({"title", "dc_title", "media_title"})
_HTML_BODIES = frozenset({"description", "dc_description", "media_description", "content_encoded", "fullitem"})
_TEXT_BODIES = frozenset({"summary", "itunes_summary", "abstract", "content"})
_PAGE_BODIES = frozenset({"body", "xhtml_body"})
_BODIES = _HTML_BODIES | _TEXT_BODIES | _PAGE_BODIES
_AUTHORS = frozenset({"author", "managingeditor", "dc_author", "dc_creator", "itunes_author"})
_DATES = {
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), "published"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), "updated"),
    **dict.fromkeys(("created", "dcterms_created"), "created"),
}
_LANGUAGES = frozenset({"language", "dc_language"})
#: what holds elements of our names that mean something else there
_CLOSED = frozenset(
    {
        *("contributor", "dc_contributor", "itunes_owner", "webmaster", "dc_publisher", "category", "keywords", "tags"),
        *("dc_subject", "media_category", "itunes_category", "rights", "copyright", "dc_rights", "subtitle", "tagline"),
        *("itunes_subtitle", "info", "generator", "enclosure", "cloud", "psc_chapters"),
    }
)
#: where feedparser's own state decides; too rare to follow
_MOST_SKIPPED = 50
_NOT_INSIDE = frozenset({"item", "entry", "channel", "feed", "rss", "image", "textinput", "svg", "newlocation"})


def read_xml(body: bytes, content_type: str) -> RawFeed:
    """Raises NotOurs."""
    document = in_utf8(body, content_type)
    try:
        return _read(document)
    except etree.XMLSyntaxError as error:
        document, before = mended(document), document
        if document == before:
            raise NotOurs(str(error)) from error
    try:
        return _read(document)
    except etree.XMLSyntaxError as error:
        raise NotOurs(str(error)) from error


def _read(document: bytes) -> RawFeed:
    reader = _Reader(
        has_base=_MAY_HOLD_BASE.search(document) is not None, has_c1=any(one.search(document) for one in _MAY_HOLD_C1)
    )
    steps = etree.iterparse(
        io.BytesIO(document),
        events=("end",),
        tag=_ENTRY_TAGS,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    entries: list[RawEntry] = []
    root = None
    for _, element in steps:
        parent = element.getparent()
        if parent is None or name_of(parent) not in ("channel", *_ROOTS) or name_of(element) not in ("item", "entry"):
            raise NotOurs("an entry in an unusual place")
        entries.append(reader.read_entry(element))
        element.clear(keep_tail=False)
        if len(entries) >= MAX_ENTRIES:
            root = element.getroottree().getroot()
            break
    return reader.read_feed(steps.root if root is None else root, entries)


# --- from bytes to bytes in UTF-8 --------------------------------------------------------------------------


_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\s([^<>]{0,200}?)\?>")
_ENCODING = re.compile(rb"""\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
#: what is read here; the codecs of Python are the names' judges
_READ_HERE = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252"})


def in_utf8(body: bytes, content_type: str) -> bytes:
    """The document without its declaration, by feedparser's rule: the server's word first, then the document's.

    Raises NotOurs for other character sets, and for bytes that are not in theirs.
    """
    declaration = _DECLARATION.match(body)
    said_inside = ""
    if declaration:
        if b"1.1" in declaration[1]:
            raise NotOurs("XML 1.1")
        found = _ENCODING.search(declaration[1])
        said_inside = found[1].decode("ascii") if found else ""
    elif body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[:8]:
        raise NotOurs("UTF-16 or UTF-32")
    found_outside = _CHARSET.search(content_type)
    said = _codec(found_outside[1] if found_outside else said_inside or "utf-8")
    if said == "ascii" and not body.isascii():  # a server's default, which nobody meant
        said = _codec(said_inside or "utf-8")
    if said not in _READ_HERE:
        raise NotOurs(f"in {said}")
    rest = body[declaration.end() :] if declaration else body.removeprefix(codecs.BOM_UTF8)
    if said in ("utf-8", "ascii"):
        return rest  # lxml refuses what is not
    try:
        return rest.decode(said).encode()
    except UnicodeDecodeError as error:
        raise NotOurs(str(error)) from error


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise NotOurs(f"in {name}") from None


_FAULTS = re.compile(
    rb"&([A-Za-z][A-Za-z0-9]{1,31});|&(?!#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};)|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)
_XML_NAMES = frozenset({b"lt", b"gt", b"amp", b"quot", b"apos"})


def mended(document: bytes) -> bytes:
    """The commonest faults of feeds taken away: signs that HTML knows by name (`&nbsp;`) and XML does not, ampersands
    that stand for themselves, control characters. What stands in CDATA is no reference. Raises NotOurs."""
    parts, at = [], 0
    while (start := document.find(b"<![CDATA[", at)) >= 0:
        end = document.find(b"]]>", start) + 3
        if end < 3:  # to look on for each that begins would take for ever
            raise NotOurs("CDATA that does not end")
        parts += [_FAULTS.sub(_mend, document[at:start]), document[start:end]]
        at = end
    return b"".join([*parts, _FAULTS.sub(_mend, document[at:])])


def _mend(found: re.Match[bytes]) -> bytes:
    fault = found[0]
    if found[1] in _XML_NAMES:
        return fault
    if fault == b"&":
        return b"&amp;"
    sign = html.entities.html5.get(found[1].decode() + ";", "") if found[1] else ""
    if fault[:1] == b"&" and not sign:
        return b"&amp;" + fault[1:]
    return "".join(f"&#{ord(part)};" for part in sign).encode()


# --- from elements to fields -------------------------------------------------------------------------------


@dataclass
class _Facts:
    """What is known of an entry (or its source, or a feed) while its elements come by."""

    texts: dict[str, str] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)
    summary: str | None = None
    summary_depth: int = 99
    has_content: bool = False
    title_depth: int = -1
    page: str | None = None  # the first link of an entry that is a page
    guid_is_link: bool | None = None
    author: dict[str, str] = field(default_factory=dict)
    author_known: bool = False
    source: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, list[str]] = field(default_factory=lambda: {"hour": [], "day": []})

    def keep(self, name: str, value: str, depth: int) -> None:
        """The outermost wins, the last of those."""
        before = self.depths.get(name)
        if before is None or depth <= before:
            self.depths[name] = depth
            self.texts[name] = value


@dataclass(frozen=True)
class _Reader:
    has_base: bool
    has_c1: bool  # signs that only Windows-1252 means, anywhere in the document

    def read_entry(self, element: etree._Element) -> RawEntry:
        facts = _Facts()
        about = attributes_of(element).get("rdf:about") if element.attrib else None
        if about:
            facts.texts["guid"] = about
        self._walk(element, facts, 1)
        texts, author = facts.texts, facts.texts.get("author", "")
        bodies = [*facts.bodies, facts.summary or ""]
        at, undated = read_first(facts.dates.get(name, "") for name in ("published", "updated", "created"))
        return RawEntry(
            guid=texts.get("guid", ""),
            guid_is_link=bool(facts.guid_is_link),
            # FeedBurner counts visitors at an address of its own, and says which one it stands for
            link=texts.get("origlink") or facts.page or texts.get("link", ""),
            title=texts.get("title", ""),
            body=max(bodies, key=len),
            author=author if "@" in author else facts.author.get("name", "") or author,
            author_url=facts.author.get("href", ""),
            at=at,
            undated=undated,
            language=primary_language(texts.get("language", "")),
            publisher=facts.source.get("title", ""),
            publisher_url=facts.source.get("href", "") or facts.source.get("link", ""),
        )

    def read_feed(self, root: etree._Element | None, entries: list[RawEntry]) -> RawFeed:
        if root is None or name_of(root) not in _ROOTS:
            raise NotOurs("no root that we know")
        feed = root
        if name_of(root) != "feed":
            channels = [child for child in root if name_of(child) == "channel"]
            if len(channels) != 1:
                raise NotOurs("not one channel")
            feed = channels[0]
            if any(name in ("lastmod", "href") for name in feed.attrib):
                raise NotOurs("CDF")
            if sum(1 for child in root if name_of(child) == "item") and len(entries) < MAX_ENTRIES:
                _refuse_unread(root)
        if len(entries) < MAX_ENTRIES:
            _refuse_unread(feed)
        facts = _Facts()
        attributes = attributes_of(root)
        language = attributes.get("xml:lang", attributes.get("lang")) if name_of(root) != "rdf_rdf" else None
        if language:
            facts.texts["language"] = language
        for child in feed:
            self._read_of_feed(child, name_of(child), facts)
        return RawFeed(
            title=facts.texts.get("title", ""),
            link=facts.texts.get("link", ""),
            wishes=read_wishes(facts.texts, facts.skipped["hour"], facts.skipped["day"]),
            language=primary_language(facts.texts.get("language", "")),
            entries=entries,
        )

    def _read_of_feed(self, child: etree._Element, name: str, facts: _Facts) -> None:
        if name in _TITLES:
            self._read_title(child, name, facts, 1)
        elif name == "link":
            self._read_link(child, facts)
        elif name in ("id", "guid"):
            value = self._resolved(child, self._text(child))
            if attributes_of(child).get("ispermalink", "true") == "true":
                facts.texts.setdefault("link", value)
        elif name in _LANGUAGES:
            facts.texts["language"] = self._text(child)
        elif name in ("ttl", "sy_updateperiod", "sy_updatefrequency") and not child.attrib:
            facts.texts[name] = self._text(child)
        elif name in ("skiphours", "skipdays"):
            for one in child[:_MOST_SKIPPED]:
                facts.skipped.get(name_of(one), []).append(self._text(one))

    def _walk(self, parent: etree._Element, facts: _Facts, depth: int) -> None:
        for child in parent:
            name = name_of(child)
            if name in _DATES:
                facts.dates[_DATES[name]] = self._text(child)
            elif name in _CLOSED:
                pass  # the commonest of all: categories
            elif name == "link":
                self._read_link(child, facts)
            elif name in _TITLES:
                self._read_title(child, name, facts, depth)
            elif name in _BODIES:
                self._read_body(child, name, facts, depth)
            elif name in ("guid", "id"):
                self._read_guid(child, facts, depth)
            elif name in _AUTHORS:
                self._read_author(child, facts, depth)
            elif name == "source":
                self._read_source(child, facts)
            elif name in _LANGUAGES:
                facts.keep("language", self._text(child), depth)
            elif name == "feedburner_origlink":
                facts.keep("origlink", self._text(child), depth)
            elif name in _NOT_INSIDE:
                if len(child) or name not in ("image", "textinput"):
                    raise NotOurs(f"<{name}> in an entry")
            elif len(child):
                self._walk(child, facts, depth + 1)
            elif not name:
                raise NotOurs("a reference to an entity")

    def _read_title(self, child: etree._Element, name: str, facts: _Facts, depth: int) -> None:
        value = self._content(child, "text/plain")
        if -1 < facts.title_depth <= depth:
            return
        facts.keep("title", value, depth)
        if value and name != "media_title":
            facts.title_depth = depth

    def _read_body(self, child: etree._Element, name: str, facts: _Facts, depth: int) -> None:
        """The first description is the summary, a second one is a text; the longest of them all is kept in the end."""
        kind = _XHTML if name in _PAGE_BODIES else "text/html" if name in _HTML_BODIES else "text/plain"
        if name in ("content", "content_encoded", "fullitem"):
            facts.has_content = True
            summary = False
        else:
            summary = name not in _PAGE_BODIES and (name == "abstract" or facts.summary is None or facts.has_content)
            if not summary and name not in _PAGE_BODIES:
                kind, facts.has_content = "text/plain", True
        value = self._content(child, kind)
        if summary:
            if facts.summary is None or depth <= facts.summary_depth:
                facts.summary, facts.summary_depth = value, depth
        else:
            facts.bodies.append(value)
            if facts.summary is None and _type(attributes_of(child), kind) in ("text/plain", *_HTML_TYPES):
                facts.summary = value

    def _read_link(self, child: etree._Element, facts: _Facts) -> None:
        attributes = attributes_of(child) if child.attrib else {}
        relation = attributes.get("rel", "alternate")
        kind = attributes.get("type", "application/atom+xml" if relation == "self" else "text/html")
        href = attributes.get("url", attributes.get("uri", attributes.get("href", "")))
        if href:
            href = self._resolved(child, href)
            if relation == "alternate" and _TYPES.get(kind, kind) in _HTML_TYPES:
                facts.texts["link"] = href
        else:
            href = self._resolved(child, self._text(child)).replace("&amp;", "&")
            # a query without its ampersands escaped, read as references: `?a=1&b;=2`
            href = re.sub("&([A-Za-z0-9_]+);", r"&\g<1>", href)
            facts.texts["link"] = href
        if facts.page is None and relation == "alternate" and "html" in kind:
            facts.page = href

    def _read_guid(self, child: etree._Element, facts: _Facts, depth: int) -> None:
        is_link = not child.attrib or attributes_of(child).get("ispermalink", "true") == "true"
        value = self._resolved(child, self._text(child)) if is_link else self._text(child)
        facts.keep("guid", value, depth)
        if facts.guid_is_link is None:
            facts.guid_is_link = is_link and "link" not in facts.texts
        if is_link:
            facts.texts.setdefault("link", value)

    def _read_author(self, child: etree._Element, facts: _Facts, depth: int) -> None:
        """A text, or an element for each of name, address and e-mail. What the first text said stays with it."""
        named: dict[str, str] = {}
        for part in child:
            name = name_of(part)
            if name in ("name", "itunes_name"):
                named["name"] = _own_text(part)
            elif name in ("email", "itunes_email"):
                named["email"] = _own_text(part)
            elif name in ("uri", "url", "homepage"):
                named["href"] = self._resolved(part, self._text(part))
            elif len(part) or not name:
                raise NotOurs("an author of an unusual structure")
        facts.keep(
            "author", self._fixed("".join([child.text or "", *(part.tail or "" for part in child)]).strip()), depth
        )
        if named:
            facts.author.update(named)
            facts.author_known = True
            name, mail = named.get("name", ""), named.get("email", "")
            if name or mail:
                facts.texts["author"] = f"{name} ({mail})" if name and mail else name or mail
        elif facts.texts["author"] and not facts.author_known:
            facts.author["name"] = _without_mail(facts.texts["author"])
            facts.author_known = True

    def _read_source(self, child: etree._Element, facts: _Facts) -> None:
        inner = _Facts()
        for part in child:
            name = name_of(part)
            if name in _TITLES:
                self._read_title(part, name, inner, 1)
            elif name == "link":
                self._read_link(part, inner)
            elif name in ("id", "guid"):
                self._read_guid(part, inner, 1)
            elif name in _NOT_INSIDE or name == "source" or not name:
                raise NotOurs("a source of an unusual structure")
        text = self._between(child)
        facts.source = {
            "title": text or inner.texts.get("title", ""),
            "link": inner.texts.get("link", ""),
            "href": attributes_of(child).get("url", "") if child.attrib else "",
        }

    def _resolved(self, element: etree._Element, address: str) -> str:
        """By the `xml:base` around it; what is still relative then is the caller's, who knows the feed's address."""
        if ":///" in address:
            address = re.sub("^([A-Za-z][A-Za-z0-9+-.]*://)/*", r"\1", address)
        if not self.has_base or not address:
            return address
        base = ""
        for outer in [*reversed(list(element.iterancestors())), element]:
            attributes = attributes_of(outer) if outer.attrib else {}
            here = attributes.get("xml:base", attributes.get("base"))
            if here:
                base = _joined(base, here) or base
        return _joined(base, address)

    def _text(self, element: etree._Element) -> str:
        return self._fixed(_own_text(element))

    def _between(self, element: etree._Element) -> str:
        """The text of an element around those inside it."""
        return self._fixed("".join([element.text or "", *(part.tail or "" for part in element)]).strip())

    def _fixed(self, text: str) -> str:
        """UTF-8 that somebody took for Latin-1, and signs of Windows-1252: mended as feedparser does."""
        if text.isascii():
            return text
        with suppress(UnicodeError):
            text = text.encode("iso-8859-1").decode()
        if not self.has_c1:
            return text
        return _C1.sub(lambda sign: sign[0].encode("latin-1").decode("cp1252", "ignore") or sign[0], text)

    def _content(self, element: etree._Element, default: str) -> str:
        """What a text with markup holds: escaped markup as it is, elements written out."""
        attributes = attributes_of(element) if element.attrib else {}
        kind = _type(attributes, default)
        if attributes.get("mode") == "base64" or not (kind.startswith("text/") or kind.endswith(("+xml", "/xml"))):
            raise NotOurs("base64")
        if not len(element):
            text = element.text or ""
            return self._fixed((escape(text) if kind == _XHTML else text).strip())
        if kind.endswith("xml") and kind != _XHTML:
            raise NotOurs(f"a document of type {kind} inside")
        parts: list[str] = []
        _write_out(element, parts, markup=kind == _XHTML)
        return self._fixed("".join(parts).strip())


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _refuse_unread(parent: etree._Element) -> None:
    """Entries whose names are written in another case were not given to us while reading."""
    if any(name_of(child) in ("item", "entry") and len(child) for child in parent):
        raise NotOurs("entries in capitals")


_MAY_HOLD_BASE = re.compile(rb"base\s*=")
# In UTF-8, or as a number. Looked for once, because a search in every text would cost more than all the rest.
_MAY_HOLD_C1 = (re.compile(rb"\xc2[\x80-\x9f]"), re.compile(rb"&#0*(?:12[89]|1[345][0-9]|[xX]0*[89][0-9a-fA-F]);"))
_C1 = re.compile("[\x80-\x9f]")


def _own_text(element: etree._Element) -> str:
    if len(element):
        raise NotOurs("elements where a text should be")
    return (element.text or "").strip()


# feedparser's own pattern, which takes an e-mail address out of an author
_MAIL = re.compile(
    r"[a-zA-Z0-9_\-.+]{1,64}@(?:\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.|(?:[a-zA-Z0-9\-]{1,63}\.)+)"
    r"(?:[a-zA-Z]{2,4}|[0-9]{1,3})\]?(?:\?subject=\S+)?"
)


def _without_mail(author: str) -> str:
    found = _MAIL.search(author[:1_000]) if "@" in author else None
    if not found:
        return author
    author = author.replace(found[0], "")
    for empty in ("()", "<>", "&lt;&gt;"):
        author = author.replace(empty, "")
    return author.strip().removeprefix("(").removesuffix(")").strip()


def _type(attributes: dict[str, str], default: str) -> str:
    kind = attributes.get("type", default)
    return _TYPES.get(kind, kind)


def _write_out(element: etree._Element, parts: list[str], *, markup: bool) -> bool:
    """The inside of an element as HTML; only addresses of links are kept of the attributes. `markup`: whether text is
    text by now, or may still hold escaped markup, as long as nothing but <div> came by. Gives what it is at the end."""
    if element.text:
        parts.append(escape(element.text) if markup else element.text)
    for child in element:
        name = name_of(child).rpartition("_")[2]
        if not name:
            raise NotOurs("a reference to an entity")
        if not markup and name == "div":
            markup = _write_out(child, parts, markup=False)
        else:
            href = child.get("href") if name == "a" else None
            parts.append(f'<a href="{escape(href, {chr(34): "&quot;"})}">' if href else f"<{name}>")
            markup = _write_out(child, parts, markup=True)
            if name != "br":
                parts.append(f"</{name}>")
        if child.tail:
            parts.append(escape(child.tail) if markup else child.tail)
    return markup
