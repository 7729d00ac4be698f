"""Saved replies: made, changed, put away, found."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line, storable
from backend.query.words import fold, fold_column
from backend.replies.models import SavedReply
from backend.replies.starters import starters
from backend.replies.variables import check_variables, plain_words

MAX_TEXT = 10_000
MAX_TITLE = 200
MAX_TAGS = 20
FIELDS = ("title", "shortcut", "text", "language", "tags")
_SHORTCUT = re.compile(r"\w[\w-]{0,39}")
_TAKEN = "Another reply has this shortcut already."


def list_replies(
    session: Session,
    brand_ids: Collection[int],
    *,
    q: str = "",
    language: str = "",
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[SavedReply]:
    """Live replies, the most used first. `q` finds beginnings of words in title, shortcut, tags and text (as one
    types); `language` those that fit it, "und" included; `after` is (uses, id) of the last one of the page before."""
    query = select(SavedReply).where(SavedReply.brand_id.in_(brand_ids), SavedReply.removed_at.is_(None))
    for word in fold(q).words:
        query = query.where(_begins(word))
    if language:
        query = query.where(SavedReply.language.in_([language, "und"]))
    if after is not None:
        uses, last_id = after
        query = query.where(
            or_(SavedReply.uses < uses, (SavedReply.uses == uses) & (SavedReply.id > last_id)),
        )
    return list(session.scalars(query.order_by(SavedReply.uses.desc(), SavedReply.id).limit(limit)))


def get_reply(session: Session, reply_id: int, *, lock: bool = False) -> SavedReply:
    """Raises NotFound, also for one that was removed."""
    reply = lock_row(session, SavedReply, reply_id) if lock else session.get(SavedReply, reply_id)
    if reply is None or reply.removed_at is not None:
        raise NotFound("There is no such saved reply.")
    return reply


def get_replies(session: Session, reply_ids: Collection[int]) -> dict[int, SavedReply]:
    """Those of them that are there, by id."""
    query = select(SavedReply).where(SavedReply.id.in_(reply_ids), SavedReply.removed_at.is_(None))
    return {reply.id: reply for reply in session.scalars(query)}


def find_by_shortcut(session: Session, brand_id: int, shortcut: str) -> SavedReply | None:
    """The live reply behind `/shortcut`; case and the slash do not matter."""
    wanted = _clean_shortcut(shortcut)
    if not wanted:
        return None
    return session.scalar(
        select(SavedReply).where(
            SavedReply.brand_id == brand_id, SavedReply.shortcut == wanted, SavedReply.removed_at.is_(None)
        )
    )


def create_reply(session: Session, brand_id: int, values: Mapping[str, Any], *, now: datetime) -> SavedReply:
    """`values`: text, and title, shortcut, language, tags where given; a title is made of the text's beginning.

    Raises Invalid.
    """
    checked = _checked({"text": "", **values})
    checked["title"] = checked.get("title") or _title_of(checked["text"])
    _require_free_shortcut(session, brand_id, checked.get("shortcut", ""), but=None)
    reply = SavedReply(brand_id=brand_id, created_at=now, updated_at=now, **checked)
    _index(reply)
    _flush(session, reply)
    record_change(session, kind="reply.created", ref=reply.id, brand_id=brand_id, now=now)
    return reply


def change_reply(
    session: Session, reply_id: int, values: Mapping[str, Any], *, version: int, now: datetime
) -> SavedReply:
    """Raises NotFound, Invalid, Conflict (somebody changed it since `version`)."""
    reply = get_reply(session, reply_id, lock=True)
    if reply.version != version:
        raise Conflict("Somebody else changed this reply in the meantime.", extra={"current_version": reply.version})
    checked = _checked(values)
    if "title" in checked:
        checked["title"] = checked["title"] or _title_of(checked.get("text", reply.text))
    if "shortcut" in checked:
        _require_free_shortcut(session, reply.brand_id, checked["shortcut"], but=reply.id)
    for name, value in checked.items():
        setattr(reply, name, value)
    _index(reply)
    _touch(session, reply, now)
    return reply


def remove_reply(session: Session, reply_id: int, *, now: datetime) -> SavedReply:
    """Put it away; `restore_reply` brings it back."""
    reply = get_reply(session, reply_id)
    reply.removed_at = now
    _touch(session, reply, now)
    return reply


def restore_reply(session: Session, reply_id: int, *, now: datetime) -> SavedReply:
    """Bring it back. Where another reply took its shortcut meanwhile, it comes back without one. Raises NotFound."""
    reply = session.get(SavedReply, reply_id)
    if reply is None:
        raise NotFound("There is no such saved reply.")
    if reply.removed_at is not None:
        if find_by_shortcut(session, reply.brand_id, reply.shortcut) is not None:
            reply.shortcut = ""
            _index(reply)
        reply.removed_at = None
        _touch(session, reply, now)
    return reply


def create_starters(
    session: Session, brand_id: int, languages: Sequence[str], address: str, *, now: datetime
) -> list[SavedReply]:
    """The first set of replies in these languages, those that the brand has already (by shortcut) left out."""
    taken = set(
        session.scalars(
            select(SavedReply.shortcut).where(SavedReply.brand_id == brand_id, SavedReply.removed_at.is_(None))
        )
    )
    return [
        create_reply(
            session,
            brand_id,
            {
                "title": starter.title,
                "shortcut": starter.shortcut,
                "text": starter.text,
                "language": starter.language,
                "tags": list(starter.tags),
            },
            now=now,
        )
        for starter in starters(languages, address)
        if starter.shortcut not in taken
    ]


def count_replies(session: Session, brand_id: int) -> int:
    """Live replies of a brand."""
    query = select(func.count()).where(SavedReply.brand_id == brand_id, SavedReply.removed_at.is_(None))
    return session.scalar(query) or 0


def _begins(word: str) -> ColumnElement[bool]:
    pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return SavedReply.words.like(f"% {pattern}%", escape="\\")


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = {name: value for name, value in values.items() if name in FIELDS}
    wrong: dict[str, str] = {}
    if "text" in checked:
        checked["text"] = storable(str(checked["text"])).replace("\r\n", "\n").strip()
        if not checked["text"]:
            wrong["text"] = "A reply needs a text."
        elif len(checked["text"]) > MAX_TEXT:
            wrong["text"] = f"At most {MAX_TEXT} characters."
    if "title" in checked:
        checked["title"] = one_line(str(checked["title"]))
        if len(checked["title"]) > MAX_TITLE:
            wrong["title"] = f"At most {MAX_TITLE} characters."
    if "shortcut" in checked:
        checked["shortcut"] = _clean_shortcut(str(checked["shortcut"]))
        if checked["shortcut"] and not _SHORTCUT.fullmatch(checked["shortcut"]):
            wrong["shortcut"] = "One word of letters, digits, - and _, at most 40."
    if "language" in checked:
        checked["language"] = str(checked["language"]).strip().lower().split("-")[0] or "und"
        if not (2 <= len(checked["language"]) <= 3 and checked["language"].isascii() and checked["language"].isalpha()):
            wrong["language"] = "A language such as fr or en, or und for any."
    if "tags" in checked:
        tags = (one_line(str(tag)) for tag in checked["tags"])
        checked["tags"] = list(dict.fromkeys(tag for tag in tags if tag))
        if len(checked["tags"]) > MAX_TAGS or any(len(tag) > 40 for tag in checked["tags"]):
            wrong["tags"] = f"At most {MAX_TAGS} tags of at most 40 characters."
    if wrong:
        raise Invalid("This reply cannot be saved like this.", fields=wrong)
    if "text" in checked:
        check_variables(checked["text"])
    return checked


def _clean_shortcut(shortcut: str) -> str:
    return shortcut.strip().removeprefix("/").casefold()


def _title_of(text: str) -> str:
    """The first words of a text."""
    words = " ".join(plain_words(text).split())
    if not words:
        words = text
    return words if len(words) <= 60 else words[:60].rsplit(" ", 1)[0] + "…"


def _index(reply: SavedReply) -> None:
    head = (reply.title, reply.shortcut or "", *(reply.tags or ()))
    reply.head_words = fold_column(*head)
    reply.words = fold_column(*head, plain_words(reply.text))


def _require_free_shortcut(session: Session, brand_id: int, shortcut: str, *, but: int | None) -> None:
    other = find_by_shortcut(session, brand_id, shortcut)
    if other is not None and other.id != but:
        raise Invalid(_TAKEN, code="shortcut_taken", fields={"shortcut": f"“{other.title}” has this shortcut already."})


def _touch(session: Session, reply: SavedReply, now: datetime) -> None:
    reply.version += 1
    reply.updated_at = now
    _flush(session, reply)
    record_change(session, kind="reply.changed", ref=reply.id, brand_id=reply.brand_id, now=now)


def _flush(session: Session, reply: SavedReply) -> None:
    """Write now. The unique index settles two people who take one shortcut at the same moment."""
    try:
        with session.begin_nested():
            session.add(reply)
            session.flush()
    except IntegrityError as error:
        if "shortcut" not in str(error.orig):
            raise
        raise Invalid(_TAKEN, code="shortcut_taken", fields={"shortcut": _TAKEN}) from None
