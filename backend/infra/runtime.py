"""What a turn needs to act: settings, database, the way out, secrets, the time. Built once per process at the edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from backend.config import Settings
from backend.infra.clock import utc_now
from backend.infra.crypto import Vault, open_vault
from backend.infra.db import Database
from backend.infra.http import HttpClient
from backend.infra.reach import Reach


@dataclass(frozen=True)
class Runtime:
    settings: Settings
    db: Database
    http: HttpClient
    vault: Vault
    clock: Callable[[], datetime] = utc_now
    reach: Reach = field(default_factory=Reach)

    def close(self) -> None:
        self.http.close()
        self.db.close()


def open_runtime(settings: Settings) -> Runtime:
    """The runtime of this process. The data folder must exist and the database be migrated."""
    return Runtime(
        settings=settings,
        db=Database(settings.database_url, pool_size=max(settings.web_threads, settings.worker_threads) + 2),
        http=HttpClient(
            allow_private=settings.allow_private_hosts, contact=settings.contact, reading_s=settings.answer_within_s
        ),
        vault=open_vault(settings.secret_key, settings.data_dir),
    )
