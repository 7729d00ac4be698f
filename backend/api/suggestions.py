"""`/suggestions`: which saved replies fit a post, filled and ready for the editor; and what people did with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.accounts.models import Brand
from backend.api.base import Empty, Id, In, Out, brand_of, caller, create_once, make_blueprint, now, parse_id, runtime
from backend.inbox.mentions import get_mention
from backend.infra.errors import Invalid
from backend.links.links import shorten_in_text
from backend.links.public_address import own_hosts
from backend.replies import suggest
from backend.replies.models import SavedReply
from backend.replies.saved import get_replies, list_replies
from backend.replies.scoring import Ranked
from backend.replies.variables import Values, fill
from backend.understanding.language import detect_language


class SuggestionIn(In):
    brand_id: str | None = None
    text: str = Field(default="", max_length=100_000)
    author: str = Field(default="", max_length=500)
    url: str = Field(default="", max_length=8_000)
    network: str = Field(default="", max_length=100)
    language: str | None = Field(default=None, max_length=12, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")
    mention_id: str | None = None
    limit: int = Field(default=suggest.MOST_SUGGESTED, ge=1, le=20)
    query: str = Field(default="", max_length=200, description="words typed to search the saved replies by hand")


class Because(Out):
    """Why a reply is offered: `words` it shares with the post, `used_before` under similar posts, or `searched`."""

    code: Literal["words", "used_before", "searched"]
    words: list[str]
    uses: int


class SuggestionItem(Out):
    reply_id: Id
    title: str
    text: str
    blanks: list[str]
    score: float
    origin: Literal["saved", "model"]
    why: str
    because: Because


class SuggestionOut(Out):
    id: Id
    language: str
    nothing_fits: bool
    items: list[SuggestionItem]


class FeedbackIn(In):
    reply_id: str
    outcome: suggest.Outcome
    final_text: str = Field(default="", max_length=20_000)


def suggestions_blueprint() -> APIBlueprint:
    bp = make_blueprint("suggestions")

    @bp.post("/suggestions")
    @bp.input(SuggestionIn)
    @bp.output(SuggestionOut, status_code=201)
    def post_suggestion(json_data: SuggestionIn) -> object:
        with runtime().db.read() as session:
            asked, brand, mention_id = _read_post(session, json_data)
        language = asked.language or detect_language(asked.text, brand.languages)
        with runtime().db.read() as session:
            ranked = _rank(session, brand, asked, language)
            replies = get_replies(session, [one.reply_id for one in ranked])
        with runtime().db.write() as session:

            def shorten(url: str) -> str:
                return shorten_in_text(session, brand.id, url, own_hosts=own_hosts(runtime().settings), now=now())

            def create() -> SuggestionOut:
                values = Values(brand.name, asked.author)
                items = _fill(ranked, replies, values, shorten, searched=bool(asked.query))
                logged = suggest.record_suggestion(
                    session,
                    brand.id,
                    asked.text,
                    ranked,
                    language=language,
                    url=asked.url,
                    network=asked.network,
                    mention_id=mention_id,
                    now=now(),
                )
                return SuggestionOut(id=str(logged.id), language=language, nothing_fits=not items, items=items)

            return create_once(session, json_data, create)

    @bp.post("/suggestions/<id>/feedback")
    @bp.input(FeedbackIn)
    @bp.output(Empty)
    def post_feedback(id: str, json_data: FeedbackIn) -> Empty:
        with runtime().db.write() as session:
            suggestion = suggest.get_suggestion(session, parse_id(id, "suggestion"))
            caller().need(suggestion.brand_id, "contributor")
            suggest.record_feedback(
                session,
                suggestion.id,
                parse_id(json_data.reply_id, "saved reply"),
                json_data.outcome,
                final_text=json_data.final_text,
                now=now(),
            )
        return Empty()

    return bp


def _read_post(session: Session, asked: SuggestionIn) -> tuple[SuggestionIn, Brand, int | None]:
    """The post that is asked about, filled from its mention where one is named. Raises NotFound, Invalid, Forbidden."""
    mention_id = None
    if asked.mention_id is not None:
        mention = get_mention(session, parse_id(asked.mention_id, "mention"))
        caller().need(mention.brand_id, "contributor")
        known = {
            "brand_id": str(mention.brand_id),
            "text": asked.text or f"{mention.title}\n{mention.text}".strip(),
            "author": asked.author or mention.author,
            "url": asked.url or mention.url,
            "network": asked.network or mention.network,
            "language": asked.language or (mention.language if mention.language != "und" else None),
        }
        mention_id, asked = mention.id, asked.model_copy(update=known)
    brand = get_brand(session, brand_of(session, asked.brand_id, "contributor"))
    if not (asked.text or asked.query):
        raise Invalid("There is no post to answer.", fields={"text": "the text of the post, or its mention_id"})
    if asked.language is not None:
        asked = asked.model_copy(update={"language": asked.language.lower().split("-")[0]})
    return asked, brand, mention_id


def _rank(session: Session, brand: Brand, asked: SuggestionIn, language: str) -> Sequence[Ranked]:
    if asked.query:
        found = list_replies(session, [brand.id], q=asked.query, limit=asked.limit)
        return [Ranked(reply.id, 1.0, (), False, reply.uses) for reply in found]
    return suggest.rank_replies(session, brand.id, asked.text, language=language, limit=asked.limit)


def _fill(
    ranked: Sequence[Ranked],
    replies: Mapping[int, SavedReply],
    values: Values,
    shorten: Callable[[str], str],
    *,
    searched: bool,
) -> list[SuggestionItem]:
    items = []
    for one in ranked:
        reply = replies[one.reply_id]
        filled = fill(reply.text, values, shorten)
        code: Literal["words", "used_before", "searched"] = "used_before" if one.learned else "words"
        items.append(
            SuggestionItem(
                reply_id=str(reply.id),
                title=reply.title,
                text=filled.text,
                blanks=filled.blanks,
                score=one.score,
                origin="saved",
                why=", ".join(one.words),
                because=Because(code="searched" if searched else code, words=list(one.words), uses=one.uses),
            )
        )
    return items
