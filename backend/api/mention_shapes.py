"""How a mention looks in the API, with what other domains know of it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field
from sqlalchemy.orm import Session

from backend.api.base import Id, MaybeId, MaybeMoment, Moment, Out
from backend.inbox import mentions as domain
from backend.inbox.mentions import Facts
from backend.inbox.models import Mention
from backend.listening.keywords import keyword_names
from backend.publishing.answers import AnswerFacts, read_answers


class HighlightOut(Out):
    field: str
    start: int
    end: int


class MentionKeywordOut(Out):
    id: Id
    name: str
    highlights: list[HighlightOut]


class PlaceOut(Out):
    source_id: MaybeId
    url: str
    seen_at: Moment


class AnswerOut(Out):
    """The newest answer from the inbox; `state` is its delivery's."""

    post_id: Id
    state: str
    url: str
    by: str
    at: Moment


class MentionOut(Out):
    id: Id
    brand_id: Id
    url: str
    network: str
    source_id: MaybeId
    source_kind: str
    author: str
    author_url: str
    title: str
    text: str
    published_at: MaybeMoment
    seen_at: Moment
    language: str
    sentiment: str | None
    intent: str | None
    about_us: str
    sentiment_by: str
    intent_by: str
    about_us_by: str
    rude: list[str]
    priority: int
    note: str
    status: str
    assignee_id: MaybeId
    replied_by: str
    replied_at: MaybeMoment
    reply_url: str
    account_id: MaybeId
    addressed: str
    author_handle: str
    answer: AnswerOut | None
    tags: list[str]
    keywords: list[MentionKeywordOut]
    highlights: list[HighlightOut] = Field(default_factory=list, description="where the words of `q` stand")
    places: list[PlaceOut]
    story_id: MaybeId
    story_size: int
    snoozed_until: MaybeMoment
    version: int


def mentions_out(session: Session, mentions: Sequence[Mention]) -> list[MentionOut]:
    """Mentions with what stands beside them: five queries, however many there are."""
    facts = domain.read_facts(session, mentions)
    named = {hit.keyword_id for one in facts.values() for hit in one.keywords}
    names = keyword_names(session, named) if named else {}
    answers = read_answers(session, [mention.id for mention in mentions])
    return [_mention_out(mention, facts[mention.id], names, answers.get(mention.id)) for mention in mentions]


def mention_out(session: Session, mention: Mention) -> MentionOut:
    return mentions_out(session, [mention])[0]


def _mention_out(mention: Mention, facts: Facts, names: dict[int, str], answer: AnswerFacts | None) -> MentionOut:
    plain = {name: getattr(mention, name) for name in MentionOut.model_fields if hasattr(mention, name)}
    return MentionOut(
        **plain,
        keywords=[
            MentionKeywordOut(
                id=str(hit.keyword_id),
                name=names.get(hit.keyword_id, ""),
                highlights=[HighlightOut(**one) for one in hit.highlights],
            )
            for hit in facts.keywords
        ],
        places=[PlaceOut.model_validate(place) for place in facts.places],
        story_size=facts.story_size,
        answer=AnswerOut.model_validate(answer) if answer else None,
    )
