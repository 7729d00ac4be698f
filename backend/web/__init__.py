"""What the server shows in a browser: the app's shell, log-in, the practice page, proofs of the public address."""

from __future__ import annotations

from apiflask import APIFlask

from backend.web.incoming import incoming_blueprint
from backend.web.outgoing import outgoing_blueprint
from backend.web.pages import pages_blueprint
from backend.web.preview import preview_blueprint
from backend.web.websub import websub_blueprint


def register_pages(app: APIFlask) -> None:
    app.register_blueprint(pages_blueprint())
    app.register_blueprint(incoming_blueprint())
    app.register_blueprint(websub_blueprint())
    app.register_blueprint(outgoing_blueprint())
    app.register_blueprint(preview_blueprint())
