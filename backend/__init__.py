"""Entregent: the community manager's own tool box. `create_app()` builds the server's Flask application."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from backend.config import VERSION

# Read by numpy when it is first imported: our arrays are small, and a second thread of linear algebra would only take a
# core from what is due.
os.environ.setdefault("OMP_NUM_THREADS", "1")

if TYPE_CHECKING:
    from apiflask import APIFlask

    from backend.infra.runtime import Runtime

__version__ = VERSION


def create_app(runtime: Runtime) -> APIFlask:
    """The Flask application over one runtime: API and pages. The WSGI server runs it behind the Host check
    (`backend.server`), which also answers short links before Flask is asked."""
    from apiflask import APIFlask

    from backend.api import register_api
    from backend.api.base import BoundedJson
    from backend.api.streams import Streams
    from backend.web import register_pages

    app = APIFlask("entregent", title="Entregent", version="1", spec_path=None, docs_path=None)
    app.json = BoundedJson(app)
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        VALIDATION_ERROR_STATUS_CODE=422,
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        JSON_SORT_KEYS=False,
    )
    app.extensions["entregent"] = runtime
    app.extensions["entregent.streams"] = Streams(runtime.db, most=max(1, runtime.settings.web_threads // 2))
    register_api(app)
    register_pages(app)
    return app
