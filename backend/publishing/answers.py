"""Answers from the inbox: one reply through the outbox, and the mention that is replied to once it is there.

An answer is a post with one delivery, so all that holds for posts holds for it: sent once, seen, retried, asked about.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts import networks as accounts
from backend.accounts.networks import NetworkAccount
from backend.connectors.manifest import CountRules
from backend.connectors.networks import manifests, publishers
from backend.inbox.mentions import Actor, change_mentions, get_mention, note_answered
from backend.infra.clock import rfc3339
from backend.infra.errors import Conflict, Invalid
from backend.publishing.models import Answer, Delivery, Post
from backend.publishing.posts import NewPost, Schedule, create_post


@dataclass(frozen=True)
class AnswerFacts:
    """How an answer to a mention stands; `state` is its delivery's."""

    post_id: int
    state: str
    url: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Voice:
    """An account that can answer a mention, what the answer answers there, and how it has to begin to reach its reader
    ("@bob@server ")."""

    account: NetworkAccount
    opening: str
    in_reply_to: str

    @property
    def counting(self) -> CountRules:
        return accounts.counting_of(self.account, self.in_reply_to)


def voices_for(session: Session, mention_id: int) -> list[Voice]:
    """The brand's accounts that can answer a mention where it stands, the one it spoke to first."""
    mention = get_mention(session, mention_id)
    network = mention.network
    if network not in publishers() or not manifests()[network].reply:
        return []
    found = [one for one in accounts.list_accounts(session, [mention.brand_id]) if one.network == network]
    if mention.addressed == "direct":  # nobody else can see it, and what answers nothing would be a public post
        found = [one for one in found if one.id == mention.account_id and mention.remote_id]
    names_author = manifests()[network].reply_names_author
    voices = [
        Voice(
            one,
            _opening(mention.author_handle, one) if names_author else "",
            mention.remote_id if one.id == mention.account_id else mention.url,
        )
        for one in found
    ]
    return sorted(voices, key=lambda voice: voice.account.id != mention.account_id)


def answer_mention(
    session: Session,
    mention_id: int,
    text: str,
    *,
    account_id: int | None = None,
    again: bool = False,
    by: Actor,
    now: datetime,
) -> Post:
    """Send one reply, now. The mention is open until it is there, then replied.

    Raises NotFound; Invalid for a text the network refuses, or where no account can answer; Conflict
    (`answered_already`, with who and when) for a second answer that was not asked for by `again`.
    """
    mention = get_mention(session, mention_id, lock=True)
    voices = voices_for(session, mention_id)
    voice = next((one for one in voices if account_id in (None, one.account.id)), None)
    if voice is None:
        why = "No connected account can answer this. Open its page and answer there."
        raise Invalid(why, code="no_voice", fields={"account_id": why})
    if not text.strip():
        raise Invalid("An answer needs words.", fields={"text": "An answer needs words."})
    if not again:
        _refuse_second(session, mention_id)
    post = create_post(
        session,
        mention.brand_id,
        NewPost(
            text=_opened(text, voice.opening),
            targets=[voice.account.id],
            schedule=Schedule("now"),
            language="" if mention.language == "und" else mention.language,
            in_reply_to=voice.in_reply_to,
        ),
        created_by=by.name,
        now=now,
    )
    session.add(Answer(post_id=post.id, mention_id=mention.id))
    if mention.status == "new":
        change_mentions(session, [mention.id], {"status": "open"}, by=by, now=now, act=f"answering:{post.id}")
    session.flush()
    return post


def note_sent(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """After any step of a delivery: once an answer is published, its mention is replied to."""
    if delivery.state != "published":
        return
    mention_id = session.scalar(select(Answer.mention_id).where(Answer.post_id == delivery.post_id))
    if mention_id is None:
        return
    who = session.scalar(select(Post.created_by).where(Post.id == delivery.post_id)) or ""
    act = f"answer:{delivery.post_id}"
    note_answered(session, mention_id, url=delivery.remote_url, by=Actor(name=who), now=now, act=act)


def read_answers(session: Session, mention_ids: Collection[int]) -> dict[int, AnswerFacts]:
    """The newest answer to each mention that has one, given up ones apart."""
    return dict(_all_answers(session, mention_ids))


def _all_answers(session: Session, mention_ids: Collection[int]) -> list[tuple[int, AnswerFacts]]:
    rows = session.execute(
        select(Answer.mention_id, Post, Delivery)
        .join(Post, Post.id == Answer.post_id)
        .join(Delivery, Delivery.post_id == Post.id)
        .where(Answer.mention_id.in_(mention_ids), Post.removed_at.is_(None), Delivery.state != "dropped")
        .order_by(Post.id)
    )
    return [
        (mention_id, AnswerFacts(post.id, delivery.state, delivery.remote_url, post.created_by, post.created_at))
        for mention_id, post, delivery in rows
    ]


def _refuse_second(session: Session, mention_id: int) -> None:
    mention = get_mention(session, mention_id)
    # Not only the newest: one that the network refused takes back none that it took.
    sent = [facts for _, facts in _all_answers(session, [mention_id]) if facts.state != "rejected"]
    if sent:
        extra: dict[str, str | None] = {
            "by": sent[-1].by,
            "at": rfc3339(sent[-1].at),
            "url": sent[-1].url,
        }
    elif mention.status == "replied" or mention.replied_at is not None or mention.reply_url:
        at = rfc3339(mention.replied_at) if mention.replied_at else None
        extra = {"by": mention.replied_by, "at": at, "url": mention.reply_url}
    else:
        return
    raise Conflict("This was answered already.", code="answered_already", extra=extra)


def _opening(author_handle: str, account: NetworkAccount) -> str:
    """`@bob ` on the same server, `@bob@elsewhere ` from another one, as the networks themselves begin an answer."""
    name, _, domain = author_handle.partition("@")
    ours = account.handle.rpartition("@")[2]
    return f"@{name if domain == ours else author_handle} " if name else ""


def _opened(text: str, opening: str) -> str:
    """The text, with the handle in front where it does not name its reader by itself."""
    handle = opening.strip()
    if not handle or re.search(rf"(?<![\w@]){re.escape(handle)}(?![\w.-]*\w)", text, re.IGNORECASE):
        return text
    return opening + text
