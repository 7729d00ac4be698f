"""The web process: gunicorn around the Host check, the short links and the app.

Short links and the event streams are started in each gunicorn worker and stopped before it goes.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

import backend
import backend.api  # before the fork: once for all of gunicorn's processes
from backend.config import Settings
from backend.infra.lifeline import hold_lifeline
from backend.infra.runtime import Runtime, open_runtime
from backend.links.redirect import make_redirect
from backend.web.hosts import guard_hosts

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

GRACE_S = 2  # running requests get this long at a stop; streams are ended at once


class Site:
    """One process's worth of server: the WSGI application and what must be started and stopped with it."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._app = backend.create_app(runtime)
        self._redirect = make_redirect(runtime)
        self.wsgi: WSGIApplication = guard_hosts(self._app.wsgi_app, self._redirect, runtime.settings)

    def start(self) -> None:
        self._redirect.start()

    def end_streams(self) -> None:
        self._app.extensions["entregent.streams"].stop()

    def stop(self) -> None:
        """Write the clicks that are still in memory and let go of everything."""
        self.end_streams()
        self._redirect.stop()
        self.runtime.close()


class WebServer(BaseApplication):
    def __init__(self, settings: Settings, on_ready: Callable[[], None] | None = None) -> None:
        self._settings = settings
        self._on_ready = on_ready
        self._site: Site | None = None
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": bind_address(self._settings),
            "workers": self._settings.web_workers,
            "threads": self._settings.web_threads,
            "worker_class": "gthread",
            "keepalive": 30,
            "timeout": 60,
            "graceful_timeout": GRACE_S,
            "proc_name": "entregent-web",
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._start_site,
            "worker_exit": self._stop_site,
            "when_ready": self._ready,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        self._site = Site(open_runtime(self._settings))
        return self._site.wsgi

    def _ready(self, _arbiter: object) -> None:
        if self._on_ready:
            self._on_ready()

    def _start_site(self, _worker: object) -> None:
        site = self._site
        if site is None:
            return
        site.start()
        usual = signal.getsignal(signal.SIGTERM)

        def end_streams_first(number: int, frame: FrameType | None) -> None:
            site.end_streams()
            if callable(usual):
                usual(number, frame)

        signal.signal(signal.SIGTERM, end_streams_first)

    def _stop_site(self, _arbiter: object, _worker: object) -> None:
        if self._site is not None:
            self._site.stop()


def bind_address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def serve_web(settings: Settings) -> None:
    """Run until stopped."""
    hold_lifeline()
    WebServer(settings).run()
