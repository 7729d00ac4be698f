"""`/sources/import`, `/sources/imports/{id}`, `/sources/export.opml`: many sources at once, in and out."""

from __future__ import annotations

from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from pydantic import Field
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.api.base import (
    Id,
    In,
    Out,
    Query,
    brand_of,
    caller,
    create_once,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.connectors.kind import PURPOSES
from backend.connectors.opml.read import NotOpml, read_opml
from backend.infra.errors import Invalid
from backend.infra.text import one_line
from backend.infra.words import say
from backend.listening import imports as domain
from backend.listening.exports import export_sources
from backend.listening.models import SourceImport

MAX_OPML = 6_000_000  # characters
MOST_SHOWN = 100


class ImportIn(In):
    """`opml`: the text of the file."""

    brand_id: str | None = None
    opml: str = Field(min_length=1, max_length=MAX_OPML)


class ProblemOut(Out):
    """A line that cannot be listened to. `code`: no_address, not_web_address, alerts_page, wrong_params."""

    line: int
    title: str
    url: str
    code: str


class EntryOut(Out):
    name: str
    url: str
    kind: str
    purpose: str


class ImportOut(Out):
    """`new` lines that will be, or were, taken over; `known` ones are listened to already, `twice` named again."""

    id: Id
    brand_id: Id
    state: Literal["staged", "running", "done", "undoing", "undone"]
    new: int
    known: int
    twice: int
    wrong: int
    mended: int = Field(description="the line from which the file was read by guessing; 0: it is well formed")
    applied: int
    created: int
    by_purpose: dict[str, int]
    entries: list[EntryOut] = Field(description=f"the first {MOST_SHOWN} of the new ones")
    problems: list[ProblemOut] = Field(description=f"at most {domain.MOST_PROBLEMS}, in the order of the file")


class ExportQuery(Query):
    brand_id: str | None = None
    language: str = Field(default="", max_length=12, description="of the names of folders; left out: the brand's first")


def source_lists_blueprint() -> APIBlueprint:
    bp = make_blueprint("source_lists")

    @bp.post("/sources/import")
    @bp.input(ImportIn)
    @bp.output(ImportOut, status_code=201)
    def post_import(json_data: ImportIn) -> object:
        """Checked whole; nothing is listened to before `/start`."""
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
        try:
            opml = read_opml(json_data.opml)
        except NotOpml as error:
            fields = {"opml": str(error)}
            raise Invalid(str(error), code=error.code, fields=fields, extra={"line": error.line}) from None
        with runtime().db.write() as session:
            return create_once(
                session, json_data, lambda: _out(domain.stage_import(session, runtime(), brand_id, opml, now=now()))
            )

    @bp.get("/sources/imports/<id>")
    @bp.output(ImportOut)
    def get_import(id: str) -> ImportOut:
        with runtime().db.read() as session:
            return _out(_own(session, id))

    @bp.post("/sources/imports/<id>/start")
    @bp.output(ImportOut, status_code=202)
    def start_import(id: str) -> ImportOut:
        with runtime().db.write() as session:
            return _out(domain.start_import(session, _own(session, id).id, now=now()))

    @bp.post("/sources/imports/<id>/undo")
    @bp.output(ImportOut, status_code=202)
    def undo_import(id: str) -> ImportOut:
        with runtime().db.write() as session:
            return _out(domain.undo_import(session, _own(session, id).id, now=now()))

    @bp.get("/sources/export.opml")
    @bp.input(ExportQuery, location="query")
    def get_export(query_data: ExportQuery) -> Response:
        """OPML; to who takes only JSON, `{"name", "text"}`."""
        with runtime().db.read() as session:
            brand = get_brand(session, brand_of(session, query_data.brand_id, "viewer"))
            language = (query_data.language or next(iter(brand.languages), "en")).lower().split("-")[0]
            names: dict[str, str] = {purpose: say(language, f"purpose_{purpose}") for purpose in PURPOSES}
            text = export_sources(session, brand.id, names, title=brand.name, now=now())
            name = f"{one_line(brand.name)} {now():%Y-%m-%d}.opml"
        if request.accept_mimetypes.best_match(["text/x-opml", "application/json"]) == "application/json":
            return jsonify({"name": name, "text": text})
        return Response(
            text, mimetype="text/x-opml", headers={"Content-Disposition": 'attachment; filename="sources.opml"'}
        )

    return bp


def _out(found: SourceImport) -> ImportOut:
    by_purpose: dict[str, int] = {}
    for entry in found.entries:
        by_purpose[entry["purpose"]] = by_purpose.get(entry["purpose"], 0) + 1
    return ImportOut.model_validate(
        {
            "id": str(found.id),
            "brand_id": str(found.brand_id),
            "state": found.state,
            "new": len(found.entries),
            "known": found.known,
            "twice": found.twice,
            "wrong": len(found.problems),
            "mended": found.mended,
            "applied": found.applied,
            "created": found.created,
            "by_purpose": by_purpose,
            "entries": [_entry(entry) for entry in found.entries[:MOST_SHOWN]],
            "problems": found.problems,
        }
    )


def _entry(entry: dict[str, Any]) -> EntryOut:
    address = entry["url"] or entry["params"].get("url", "")
    return EntryOut(name=entry["name"] or address, url=address, kind=entry["kind"], purpose=entry["purpose"])


def _own(session: Session, id: str) -> SourceImport:
    found = domain.get_import(session, parse_id(id, "list"))
    caller().need(found.brand_id, "editor")
    return found
