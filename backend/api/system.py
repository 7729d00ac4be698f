"""How the server is: health, metrics, its own description, where the extension lies, a copy of everything."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, current_app, send_file
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend.api.base import MaybeMoment, Out, caller, make_blueprint, now, runtime
from backend.config import VERSION
from backend.infra.backup import write_backup
from backend.infra.built import built_files
from backend.infra.errors import NotFound, Unavailable
from backend.infra.tables import last_seen

WORKER_LATE = timedelta(seconds=20)


class ReadyOut(Out):
    database: bool
    worker: bool
    worker_seen_at: MaybeMoment


class ExtensionOut(Out):
    folder: str
    chrome_zip: str
    firefox_zip: str
    version: str


def health_blueprint() -> APIBlueprint:
    """Outside /api/v1: what a supervisor asks."""
    bp = APIBlueprint("system", "system", tag="system")

    @bp.get("/healthz")
    @bp.doc(hide=True)
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @bp.get("/readyz")
    @bp.output(ReadyOut)
    @bp.doc(hide=True)
    def readyz() -> tuple[ReadyOut, int]:
        try:
            with runtime().db.read() as session:
                session.execute(text("SELECT 1"))
                seen = last_seen(session, "sweep")
        except SQLAlchemyError:
            return ReadyOut(database=False, worker=False, worker_seen_at=None), 503
        alive = seen is not None and now() - seen < WORKER_LATE
        return ReadyOut(database=True, worker=alive, worker_seen_at=seen), 200 if alive else 503

    @bp.get("/metrics")
    @bp.doc(hide=True)
    def metrics() -> Response:
        with runtime().db.read() as session:
            seen = last_seen(session, "sweep")
        age = (now() - seen).total_seconds() if seen else -1
        lines = [
            "# HELP entregent_worker_seen_seconds Seconds since a worker last swept; -1 when never.",
            "# TYPE entregent_worker_seen_seconds gauge",
            f"entregent_worker_seen_seconds {age:.3f}",
            "# HELP entregent_info Version of this server.",
            "# TYPE entregent_info gauge",
            f'entregent_info{{version="{VERSION}"}} 1',
        ]
        return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")

    @bp.get("/api/v1/openapi.json")
    @bp.doc(hide=True)
    def openapi() -> dict[str, object]:
        spec: dict[str, object] = dict(current_app.spec)  # type: ignore[attr-defined]  # APIFlask's
        return spec

    return bp


def server_blueprint() -> APIBlueprint:
    bp = make_blueprint("server")

    @bp.get("/extension")
    @bp.output(ExtensionOut)
    def get_extension() -> ExtensionOut:
        built = built_files()
        if built is None:
            raise NotFound("The extension has not been built here: run `make setup`.", code="not_built")
        return ExtensionOut(
            folder=str(built.chrome_folder),
            chrome_zip="/-/app/entregent-chrome.zip",
            firefox_zip="/-/app/entregent-firefox.zip",
            version=VERSION,
        )

    @bp.get("/backup")
    @bp.doc(responses={200: "A consistent copy"})
    def get_backup() -> Response:
        caller().need_everywhere("owner")
        if runtime().settings.sqlite_path is None:
            raise Unavailable("On PostgreSQL use pg_dump.", code="use_pg_dump", retry_after_s=3600)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "entregent-backup.zip"
            write_backup(runtime().settings, path, now=now())
            # An open file outlives its name: the folder is gone when the answer is sent.
            name = f"entregent-{now():%Y-%m-%d}.zip"
            return send_file(path.open("rb"), mimetype="application/zip", as_attachment=True, download_name=name)

    return bp
