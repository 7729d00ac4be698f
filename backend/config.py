"""Settings: everything an administrator may say, read from the environment once, typed, each with its sentence.

Imports nothing of ours, so that any floor may take a `Settings` as a parameter.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path

VERSION = "0.1.0"
DEFAULT_PORT = 8377


class BadSetting(Exception):
    """A setting that cannot be understood; the message names it and says what it takes."""


def default_data_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Where data lives when nobody says: the platform's own place for an application's data."""
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Entregent"
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "Entregent"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "entregent"


@dataclass(frozen=True)
class Settings:
    """What an administrator set. Names of variables are `ENTREGENT_` and the name in capitals."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    #: `sqlite:///…` in the data folder, or `postgresql+psycopg://…`
    database_url: str = ""
    #: empty: SQLite in the data folder; `redis://…`; or the word `postgres`: the queue in the database itself
    queue_url: str = ""
    #: public address of short links, e.g. `https://lum.example`
    public_url: str = ""
    #: address of the app as seen from elsewhere; its host becomes an admin host
    admin_url: str = ""
    #: `host` or `host:port` that may be reached although private
    allow_private_hosts: frozenset[str] = frozenset()
    #: addresses or networks whose `X-Forwarded-For` is believed; nobody's by default
    trusted_proxies: frozenset[str] = frozenset()
    #: base addresses of connectors, by kind in lower case: {"hackernews": "http://127.0.0.1:9001"}
    endpoints: Mapping[str, str] = field(default_factory=dict)
    #: free keys of services that give more to whom they know, by kind: {"github": "github_pat_…"}; none is needed
    keys: Mapping[str, str] = field(default_factory=dict)
    #: how a service can reach whoever runs this server; part of the User-Agent
    contact: str = ""
    #: key material for secrets at rest; empty: a file in the data folder
    secret_key: str = ""
    #: plain http off loopback is refused unless this is said
    allow_http: bool = False
    #: web processes and threads in each
    web_workers: int = 2
    web_threads: int = 8
    #: threads of one worker process for publishing, and as many again for listening and for alerts
    worker_threads: int = 4
    #: how long a server that we read from may take for its whole answer, in seconds, where less is not said
    answer_within_s: float = 60.0
    #: how long a leased piece of work belongs to one worker, in seconds
    lease_s: float = 60.0
    #: a post later than this is held and asked about, in seconds
    late_after_s: float = 15 * 60
    #: nightly copies that are kept
    backups_kept: int = 7
    #: days that read items are kept
    items_kept_days: int = 90

    @property
    def is_loopback(self) -> bool:
        """Whether only this computer can reach the web process."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def app_url(self) -> str:
        """Where people open the app: what the administrator said, else this computer's own address."""
        if self.admin_url:
            return self.admin_url
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  # compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def outside_url(self) -> str:
        """Base of addresses that are opened from elsewhere without a log-in: feeds, the end of mails."""
        return self.admin_url or self.public_url or self.app_url

    @property
    def sqlite_path(self) -> Path | None:
        prefix = "sqlite:///"
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None

    def endpoint(self, kind: str, default: str) -> str:
        """Base address of a connector, without a slash at its end."""
        return self.endpoints.get(kind, default).rstrip("/")


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment. Raises BadSetting."""

    def text(name: str, default: str = "") -> str:
        return environ.get(f"ENTREGENT_{name}", default).strip()

    def number(name: str, default: float, least: float) -> float:
        value = text(name)
        try:
            parsed = float(value) if value else default
        except ValueError:
            raise BadSetting(f"ENTREGENT_{name} takes a number, not {value!r}") from None
        if parsed < least:
            raise BadSetting(f"ENTREGENT_{name} must be at least {least:g}")
        return parsed

    data_dir = Path(text("DATA_DIR") or default_data_dir(environ)).expanduser().absolute()

    def by_kind(prefix: str) -> dict[str, str]:
        return {name.removeprefix(prefix).lower(): value for name, value in environ.items() if name.startswith(prefix)}

    return Settings(
        data_dir=data_dir,
        host=text("HOST", "127.0.0.1"),
        port=int(number("PORT", DEFAULT_PORT, 1)),
        database_url=text("DATABASE_URL") or f"sqlite:///{data_dir / 'entregent.sqlite3'}",
        queue_url=text("QUEUE_URL"),
        public_url=text("PUBLIC_URL").rstrip("/"),
        admin_url=text("ADMIN_URL").rstrip("/"),
        allow_private_hosts=frozenset(h.strip().lower() for h in text("ALLOW_PRIVATE_HOSTS").split(",") if h.strip()),
        trusted_proxies=_networks(text("TRUSTED_PROXIES")),
        endpoints={kind: base for kind, base in by_kind("ENTREGENT_ENDPOINT_").items() if base},
        keys={kind: key.strip() for kind, key in by_kind("ENTREGENT_KEY_").items() if key.strip()},
        contact=text("CONTACT"),
        secret_key=text("SECRET_KEY"),
        allow_http=text("ALLOW_HTTP").lower() in {"1", "true", "yes"},
        web_workers=int(number("WEB_WORKERS", 2, 1)),
        web_threads=int(number("WEB_THREADS", 8, 2)),
        worker_threads=int(number("WORKER_THREADS", 4, 1)),
        answer_within_s=number("ANSWER_WITHIN_S", 60.0, 0.2),
        lease_s=number("LEASE_S", 60.0, 0.2),
        late_after_s=number("LATE_AFTER_S", 15 * 60, 0),
        backups_kept=int(number("BACKUPS_KEPT", 7, 1)),
        items_kept_days=int(number("ITEMS_KEPT_DAYS", 90, 1)),
    )


def _networks(value: str) -> frozenset[str]:
    """`10.0.0.1, 10.1.0.0/16` → both. Raises BadSetting."""
    found = frozenset(part.strip() for part in value.split(",") if part.strip())
    for one in found:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise BadSetting(f"ENTREGENT_TRUSTED_PROXIES takes addresses or networks, not {one!r}") from None
    return found
