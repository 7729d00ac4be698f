"""`/queries/read`: a query said back in words, what is wrong with it, how it could find more. Nothing is looked up."""

from __future__ import annotations

from typing import Literal

from apiflask import APIBlueprint
from pydantic import Field

from backend.api.base import In, Out, make_blueprint
from backend.query.advise import advise
from backend.query.explain import explain
from backend.query.grammar import parse_query, parse_search
from backend.query.widen import widen


class QueryIn(In):
    query: str = Field(max_length=10_000)
    use: Literal["keyword", "search"] = "keyword"


class QueryPartOut(Out):
    """`key`: query_explain_all, query_explain_any, query_explain_none."""

    key: str
    texts: list[str]


class AdviceOut(Out):
    """`key`: query_advice_nothing, query_advice_part, query_advice_everything, query_advice_common; `start` and `end`
    in code points."""

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
    parts: list[QueryPartOut]
    advice: list[AdviceOut]
    wider: list[WideningOut]


def queries_blueprint() -> APIBlueprint:
    bp = make_blueprint("queries")

    @bp.post("/queries/read")
    @bp.input(QueryIn)
    @bp.output(QueryReadOut)
    def read_query(json_data: QueryIn) -> QueryReadOut:
        query = parse_search(json_data.query) if json_data.use == "search" else parse_query(json_data.query)
        said = explain(query)
        return QueryReadOut(
            normalised=said.normalised,
            parts=[QueryPartOut(key=part.key, texts=list(part.texts)) for part in said.parts],
            advice=[
                AdviceOut(key=one.key, texts=list(one.texts), start=one.start, end=one.end) for one in advise(query)
            ],
            wider=[WideningOut(key=one.key, text=one.text, query=one.query) for one in widen(query)],
        )

    return bp
