"""Does a post fit on each of its accounts? Told before it is queued, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts import networks as accounts
from backend.connectors.networks import manifests
from backend.infra.errors import Invalid
from backend.publishing.counting import count
from backend.publishing.models import Media, Post

#: no network takes more; keeps a draft from becoming a dump
MOST_CHARACTERS = 100_000


def check_content(session: Session, post: Post, targets: Sequence[accounts.NetworkAccount], *, complete: bool) -> None:
    """Raises Invalid with `text`, `media` or `variants.<account>.text|media`. A draft need not be complete."""
    wrong: dict[str, str] = {}
    every = [post.text, *(variant.get("text", "") for variant in post.variants.values())]
    if any(len(text) > MOST_CHARACTERS for text in every):
        wrong["text"] = f"At most {MOST_CHARACTERS} characters."
    known = _media(session, post, wrong)
    if complete and not wrong:
        for target in targets:
            _check_one(post, target, known, wrong)
    if wrong:
        raise Invalid("This cannot be posted like this.", fields=wrong)


def _media(session: Session, post: Post, wrong: dict[str, str]) -> dict[str, Media]:
    places: dict[str, Sequence[Mapping[str, Any]]] = {"media": post.media}
    places |= {f"variants.{key}.media": variant.get("media", ()) for key, variant in post.variants.items()}
    known: dict[str, Media] = {}
    for place, refs in places.items():
        for ref in refs:
            number = str(ref["id"])
            media = (
                session.get(Media, int(number)) if number.isascii() and number.isdigit() and len(number) < 18 else None
            )
            if media is None or media.brand_id != post.brand_id:
                wrong[place] = "There is no such file."
            else:
                known[number] = media
    return known


def _check_one(post: Post, target: accounts.NetworkAccount, known: Mapping[str, Media], wrong: dict[str, str]) -> None:
    variant: Mapping[str, Any] = post.variants.get(str(target.id), {})
    text_field = f"variants.{target.id}.text" if "text" in variant else "text"
    media_field = f"variants.{target.id}.media" if "media" in variant else "media"
    text, refs = variant.get("text", post.text), variant.get("media", post.media)
    name = f"{manifests()[target.network].name} ({target.handle})"
    counted = count(text, accounts.counting_of(target, post.in_reply_to))
    if not counted.fits:
        wrong.setdefault(text_field, f"{name}: {-counted.left} too many, {counted.limit} are allowed.")
    if not text.strip() and not refs:
        wrong.setdefault(text_field, f"{name}: There is nothing to post.")
    rules = accounts.media_of(target, post.in_reply_to)
    if len(refs) > rules.images:
        wrong.setdefault(media_field, f"{name}: At most {rules.images} images.")
    for ref in refs:
        media = known[str(ref["id"])]
        if media.content_type not in rules.types:
            wrong.setdefault(media_field, f"{name}: {media.content_type} is not taken.")
        elif media.size_bytes > rules.image_bytes:
            wrong.setdefault(media_field, f"{name}: An image may have {rules.image_bytes // 1000} kB at most.")
        if len(ref.get("alt") or media.alt) > rules.alt_length:
            wrong.setdefault(media_field, f"{name}: A description may have {rules.alt_length} characters at most.")
