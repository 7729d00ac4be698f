"""Short links: made, changed, listed, put away, taken back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.links.codes import TRIES, check_code, new_code
from backend.links.models import Link
from backend.links.public_address import current_address, own_hosts_of, short_url
from backend.links.targets import check_target, check_utm, with_utm

STATUS_CODES = (301, 302, 307, 308)
FIELDS = ("url", "title", "tags", "utm", "status_code", "forward_query", "expires_at", "max_clicks", "fallback_url")


def create_link(
    session: Session,
    *,
    brand_id: int,
    url: str,
    code: str | None = None,
    title: str = "",
    tags: Sequence[str] = (),
    utm: Mapping[str, str] | None = None,
    status_code: int = 302,
    forward_query: bool = False,
    expires_at: datetime | None = None,
    max_clicks: int | None = None,
    fallback_url: str = "",
    own_hosts: Collection[str] = (),
    now: datetime,
) -> Link:
    """A new link. `utm` None takes the brand's; {} takes none. `own_hosts` beside the public address's own.

    Raises Invalid, NotFound (brand), Conflict (the chosen code is taken).
    """
    brand = get_brand(session, brand_id)
    values = _checked(
        {
            "url": url,
            "title": title,
            "tags": list(tags),
            "utm": dict(utm) if utm is not None else brand_utm(brand.utm),
            "status_code": status_code,
            "forward_query": forward_query,
            "expires_at": expires_at,
            "max_clicks": max_clicks,
            "fallback_url": fallback_url,
        },
        {*own_hosts, *own_hosts_of(session)},
    )
    chosen = check_code(code) if code else None
    link = _insert(session, chosen, {**values, "brand_id": brand_id, "created_at": now})
    record_change(session, kind="link.changed", ref=link.id, brand_id=brand_id, now=now)
    return link


def _insert(session: Session, chosen: str | None, values: Mapping[str, Any]) -> Link:
    """Insert and see whether the code was free: looking first would leave a moment for somebody else."""
    tries = 0
    while True:
        link = Link(code=chosen or new_code(tries), **values)
        try:
            with session.begin_nested():
                session.add(link)
                session.flush()
            return link
        except IntegrityError:
            if chosen is not None:
                why = "This code is taken."
                raise Conflict(why, code="code_taken", fields={"code": why}) from None
            tries += 1
            if tries > 2 * TRIES:
                raise


def get_link(session: Session, link_id: int, *, lock: bool = False) -> Link:
    """Raises NotFound."""
    link = lock_row(session, Link, link_id) if lock else session.get(Link, link_id)
    if link is None or link.removed_at is not None:
        raise NotFound("There is no such link.")
    return link


def find_by_code(session: Session, code: str, domain: str = "") -> Link | None:
    """The link of a code, put away or not."""
    return session.scalar(select(Link).where(Link.domain == domain, Link.code == code.lower()))


def list_links(
    session: Session,
    brand_ids: Collection[int],
    *,
    url: str | None = None,
    tag: str | None = None,
    text: str | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[Link]:
    """Newest first. `url` is exact; `text` is looked for in title, address and code."""
    query = select(Link).where(Link.brand_id.in_(brand_ids), Link.removed_at.is_(None))
    if url is not None:
        query = query.where(Link.url_hash == hash_url(url), Link.url == url)
    if text:
        like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(
            Link.title.ilike(like, escape="\\") | Link.url.ilike(like, escape="\\") | Link.code.ilike(like, escape="\\")
        )
    if before_id is not None:
        query = query.where(Link.id < before_id)
    query = query.order_by(Link.id.desc())
    if tag is None:
        return list(session.scalars(query.limit(limit)))
    # Tags are a JSON list, which the two databases search differently; links of one brand are few enough to look at.
    found: list[Link] = []
    for link in session.scalars(query.execution_options(yield_per=500)):
        if tag in link.tags:
            found.append(link)
            if len(found) == limit:
                break
    return found


def change_link(
    session: Session,
    link_id: int,
    values: Mapping[str, Any],
    *,
    version: int,
    own_hosts: Collection[str] = (),
    now: datetime,
) -> Link:
    """Every check again: an edit is how a harmless link becomes another one. The code stays, it may be on paper.

    Raises NotFound, Invalid, Conflict (somebody changed it since `version`).
    """
    link = get_link(session, link_id, lock=True)
    if link.version != version:
        raise Conflict("Somebody else changed this link in the meantime.")
    checked = _checked(values, {*own_hosts, *own_hosts_of(session)})
    if checked.get("max_clicks") is not None and link.max_clicks is None:
        link.used = 0  # counted from now on
    for name, value in checked.items():
        setattr(link, name, value)
    link.version += 1
    record_change(session, kind="link.changed", ref=link.id, brand_id=link.brand_id, now=now)
    return link


def remove_link(session: Session, link_id: int, *, now: datetime) -> Link:
    """Put it away. Its code is not given to another link and its clicks are kept."""
    link = get_link(session, link_id)
    link.removed_at = now
    record_change(session, kind="link.changed", ref=link.id, brand_id=link.brand_id, now=now)
    return link


def find_link(session: Session, link_id: int) -> Link:
    """A link, put away or not. Raises NotFound."""
    link = session.get(Link, link_id)
    if link is None:
        raise NotFound("There is no such link.")
    return link


def restore_link(session: Session, link_id: int, *, now: datetime) -> Link:
    link = find_link(session, link_id)
    if link.removed_at is not None:
        link.removed_at = None
        record_change(session, kind="link.changed", ref=link.id, brand_id=link.brand_id, now=now)
    return link


def has_ended(link: Link, *, now: datetime) -> bool:
    """Whether the link leads nowhere any more, or to its fallback."""
    used_up = link.max_clicks is not None and link.used >= link.max_clicks
    return used_up or link.removed_at is not None or (link.expires_at is not None and link.expires_at <= now)


def clean_url(link: Link) -> str:
    """The address with its UTM: where the link leads, and what is given in its place while no short link may be."""
    return with_utm(link.url, link.utm)


def brand_utm(utm: Mapping[str, str]) -> dict[str, str]:
    """A brand's UTM for a link of which nothing else is known: what waits for a network's name is left out."""
    return {name: value for name, value in utm.items() if "{" not in value}


def utm_in(utm: Mapping[str, str], *, network: str = "", campaign: str = "") -> dict[str, str]:
    """A brand's UTM for a link that is written on a network, as part of a campaign: `{network}` is its name."""
    filled = {name: value.replace("{network}", network) if network else value for name, value in utm.items()}
    return brand_utm({**filled, **({"campaign": campaign} if campaign.strip() else {})})


def hash_url(url: str) -> str:
    """Short and equal for equal addresses, so that an index can find 8,000 characters."""
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def link_each(
    session: Session,
    brand_id: int,
    urls: Sequence[str],
    *,
    utm: Mapping[str, str],
    own_hosts: Collection[str] = (),
    now: datetime,
) -> list[Link | Invalid]:
    """A link for each address, in their order; the same address of a brand gets the same link. What may not be
    shortened (private, our own…) is answered by its reason and stops nothing."""
    checked, own = check_utm(dict(utm)), {*own_hosts, *own_hosts_of(session)}
    found: dict[str, Link | Invalid] = {}
    for url in dict.fromkeys(urls):
        try:
            check_target(url, own)
            made = _plain_link(session, brand_id, url, checked)
            found[url] = made or create_link(
                session, brand_id=brand_id, url=url, utm=checked, own_hosts=own_hosts, now=now
            )
        except Invalid as reason:
            found[url] = reason
    return [found[url] for url in urls]


# --- in a text ---------------------------------------------------------------------------------------------

ADDRESS = re.compile(r"https?://[^\s<>\"«»“”]+", re.IGNORECASE)


def shorten_in_text(
    session: Session, brand_id: int, text: str, *, own_hosts: Collection[str] = (), now: datetime
) -> str:
    """The text with each address in it shortened; the same address of a brand gets the same link.

    Before the public address is proved nothing of ours goes out: then each address only gets the brand's UTM. What
    may not be shortened (private, our own…) stays as it is.
    """
    address = current_address(session)
    proved = address is not None and address.proved_at is not None
    utm = check_utm(brand_utm(get_brand(session, brand_id).utm))
    own = {*own_hosts, *own_hosts_of(session)}

    def instead(match: re.Match[str]) -> str:
        url, behind = _without_punctuation(match[0])
        try:
            check_target(url, own)
        except Invalid:
            return match[0]
        if not proved or address is None:
            return with_utm(url, utm) + behind
        link = _plain_link(session, brand_id, url, utm)
        if link is None:
            link = create_link(session, brand_id=brand_id, url=url, own_hosts=own_hosts, now=now)
        return short_url(address.url, link) + behind

    return ADDRESS.sub(instead, text)


def _plain_link(session: Session, brand_id: int, url: str, utm: Mapping[str, str]) -> Link | None:
    """A link to `url` that is as one made now would be."""
    for link in list_links(session, [brand_id], url=url, limit=20):
        ends = link.expires_at is not None or link.max_clicks is not None
        if not ends and link.utm == utm and link.status_code == 302 and not link.forward_query:
            return link
    return None


def _without_punctuation(url: str) -> tuple[str, str]:
    """What ends a sentence does not belong to an address; a closing bracket does when it was opened in it."""
    end = len(url)
    while end:
        last = url[end - 1]
        closes_nothing = last in ")]" and url.count(last, 0, end) > url.count({")": "(", "]": "["}[last], 0, end)
        if last not in ".,;:!?'’…*" and not closes_nothing:
            break
        end -= 1
    return url[:end], url[end:]


# --- checks ------------------------------------------------------------------------------------------------


def _checked(values: Mapping[str, Any], own_hosts: Collection[str]) -> dict[str, Any]:
    """The fields as they are stored. Raises Invalid."""
    checked = {name: value for name, value in values.items() if name in FIELDS}
    wrong: dict[str, str] = {}
    if "url" in checked:
        check_target(checked["url"], own_hosts)
        checked["url_hash"] = hash_url(checked["url"])
    if "fallback_url" in checked:
        checked["fallback_url"] = checked["fallback_url"] or ""
        if checked["fallback_url"]:
            check_target(checked["fallback_url"], own_hosts, field="fallback_url")
    if "utm" in checked:
        checked["utm"] = check_utm(checked["utm"] or {})
    if "title" in checked:
        checked["title"] = " ".join(str(checked["title"] or "").split())[:300]
    if "tags" in checked:
        tags = [" ".join(str(tag).split()) for tag in checked["tags"] or []]
        checked["tags"] = list(dict.fromkeys(tag for tag in tags if tag))
        if len(checked["tags"]) > 50 or any(len(tag) > 60 for tag in checked["tags"]):
            wrong["tags"] = "At most 50 tags of 60 characters."
    if checked.get("status_code", 302) not in STATUS_CODES:
        wrong["status_code"] = "301, 302, 307 or 308"
    if checked.get("max_clicks") is not None and not 1 <= checked["max_clicks"] <= 10**12:
        wrong["max_clicks"] = "At least 1."
    if wrong:
        raise Invalid("This link cannot be saved like this.", fields=wrong)
    return checked
