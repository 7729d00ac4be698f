"""Files to attach: kept once per content under their own hash in `media/` of the data folder."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.connectors.base import Media as OutgoingMedia
from backend.infra.errors import Invalid, NotFound, TooLarge
from backend.infra.http import Blocked, BodyTooLarge, HttpClient, HttpFailed, NotSent
from backend.publishing.images import Image, read_image
from backend.publishing.models import Media

MOST_BYTES = 10_000_000
FOLDER = "media"
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


@dataclass(frozen=True)
class StoredFile:
    digest: str
    size_bytes: int
    image: Image


def store_file(data_dir: Path, content: bytes) -> StoredFile:
    """Write the bytes to their place, whole or not at all. Touches no database. Raises TooLarge, Invalid."""
    if len(content) > MOST_BYTES:
        raise TooLarge("An image may have 10 MB at most.", fields={"file": "At most 10 MB."})
    image = read_image(content)
    if image is None:
        why = "PNG, JPEG, WebP or GIF."
        raise Invalid("This is not an image that can be posted.", code="not_an_image", fields={"file": why})
    digest = hashlib.sha256(content).hexdigest()
    path = file_path(data_dir, digest, image.content_type)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f".{secrets.token_hex(8)}")
        with scratch.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    return StoredFile(digest, len(content), image)


def fetch_file(http: HttpClient, url: str) -> bytes:
    """The image at an address that a person named. Network: never in a transaction. Raises Invalid, TooLarge."""

    def no(code: str, why: str) -> Invalid:
        return Invalid(why, code=code, fields={"url": why})

    try:
        answer = http.get(url, headers={"Accept": ", ".join(EXTENSIONS)}, deadline_s=20.0, max_bytes=MOST_BYTES)
    except Blocked as error:
        raise no(
            "blocked", "This address may not be reached from here: it is private, or not http or https."
        ) from error
    except NotSent as error:
        raise no("unreachable", "This site cannot be reached.") from error
    except BodyTooLarge as error:
        raise TooLarge("An image may have 10 MB at most.", fields={"url": "At most 10 MB."}) from error
    except HttpFailed as error:
        raise no("timeout", "This site did not answer in time.") from error
    if answer.status >= 300:
        raise no("http_error", "The site answers with an error.")
    return answer.body


def file_path(data_dir: Path, digest: str, content_type: str) -> Path:
    """`media/ab/abcdef….png`"""
    return data_dir / FOLDER / digest[:2] / f"{digest}.{EXTENSIONS[content_type]}"


def add_media(session: Session, brand_id: int, stored: StoredFile, *, alt: str, now: datetime) -> Media:
    """Make a stored file one of the brand's."""
    media = Media(
        brand_id=brand_id,
        kind="image",
        content_type=stored.image.content_type,
        digest=stored.digest,
        size_bytes=stored.size_bytes,
        width=stored.image.width,
        height=stored.image.height,
        alt=alt,
        created_at=now,
    )
    session.add(media)
    session.flush()
    return media


def get_media(session: Session, media_id: int) -> Media:
    """Raises NotFound."""
    media = session.get(Media, media_id)
    if media is None:
        raise NotFound("There is no such file.")
    return media


def describe_media(session: Session, media_id: int, alt: str) -> Media:
    """Say what is to be seen, for those who do not see it."""
    media = get_media(session, media_id)
    media.alt = alt
    return media


def media_for_sending(session: Session, refs: Sequence[Mapping[str, Any]], data_dir: Path) -> tuple[OutgoingMedia, ...]:
    """What connectors need of attached files; a post's own alt text wins over the file's."""
    found = []
    for ref in refs:
        media = session.get_one(Media, int(ref["id"]))
        found.append(
            OutgoingMedia(
                path=str(file_path(data_dir, media.digest, media.content_type)),
                content_type=media.content_type,
                alt=ref.get("alt") or media.alt,
                width=media.width,
                height=media.height,
            )
        )
    return tuple(found)
