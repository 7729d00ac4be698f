"""`/queries/read`: a query said back in words, what is wrong with it, how it could find more. Nothing is looked up."""

from __future__ import annotations

from typing import Literal

from apiflask import APIBlueprint
from pydantic import Field

from backend.api.base import In, Out, make_blueprint
from backend.listening.collecting import SOURCE_KIND
from backend.listening.kinds import KINDS
from backend.query.advise import advise
from backend.query.explain import Said, explain, normalise
from backend.query.grammar import parse_query, parse_search
from backend.query.widen import widen

#: what brings mentions: all kinds of sources, the round, and people
SOURCES = frozenset({*KINDS, SOURCE_KIND, "page"})


class QueryIn(In):
    query: str = Field(max_length=10_000)
    use: Literal["keyword", "search"] = "keyword"


class SaidOut(Out):
    """What a part of the query means; the kinds are those of `backend.query.explain.Said`."""

    kind: str
    text: str
    parts: list[SaidOut]


class AdviceOut(Out):
    """`key`: query_advice_nothing, query_advice_part, query_advice_everything, query_advice_common,
    query_advice_source, query_advice_source_like; `start` and `end` in code points."""

    key: str
    texts: list[str]
    start: int
    end: int


class WideningOut(Out):
    """`key`: query_widen_… says what is done to `text`; `query` is the whole query then."""

    key: str
    text: str
    query: str


class QueryReadOut(Out):
    normalised: str
    said: SaidOut
    advice: list[AdviceOut]
    wider: list[WideningOut]


def queries_blueprint() -> APIBlueprint:
    bp = make_blueprint("queries")

    @bp.post("/queries/read")
    @bp.input(QueryIn)
    @bp.output(QueryReadOut)
    def read_query(json_data: QueryIn) -> QueryReadOut:
        query = parse_search(json_data.query) if json_data.use == "search" else parse_query(json_data.query)
        return QueryReadOut(
            normalised=normalise(query),
            said=_said_out(explain(query.tree)),
            advice=[
                AdviceOut(key=one.key, texts=list(one.texts), start=one.start, end=one.end)
                for one in advise(query, sources=SOURCES)
            ],
            wider=[WideningOut(key=one.key, text=one.text, query=one.query) for one in widen(query)],
        )

    return bp


def _said_out(said: Said) -> SaidOut:
    return SaidOut(kind=said.kind, text=said.text, parts=[_said_out(part) for part in said.parts])
