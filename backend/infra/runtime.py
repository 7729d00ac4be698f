"""What a turn needs to act: settings, database, the way out, secrets, the time. Built once per process at the edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.config import Settings
from backend.infra.clock import utc_now
from backend.infra.crypto import Vault
from backend.infra.db import Database
from backend.infra.http import HttpClient


@dataclass(frozen=True)
class Runtime:
    settings: Settings
    db: Database
    http: HttpClient
    vault: Vault
    clock: Callable[[], datetime] = utc_now
