"""mastodon-mock (PyPI, MIT; not a real Mastodon) on loopback. Prints one JSON line when it answers: {"url", "tokens"}.

Ends when its standard input ends, so that it cannot outlive the test that started it.
"""

from __future__ import annotations

import json
import sys
import tempfile

from mastodon_mock.config import DatabaseConfig, MastodonMockConfig, SeedAccount, SeedConfig
from mastodon_mock.testing.server import MockServer

PEOPLE = ("alice", "bob", "charlie")


def serve() -> None:
    seed = SeedConfig(
        accounts=[
            SeedAccount(username=name, display_name=name.title(), access_token=f"{name}_token") for name in PEOPLE
        ]
    )
    with tempfile.NamedTemporaryFile(suffix=".sqlite3") as file:
        config = MastodonMockConfig(database=DatabaseConfig(path=file.name), seed=seed)
        with MockServer(config=config, log_level="error") as server:
            ready = {"url": server.base_url, "tokens": {name: f"{name}_token" for name in PEOPLE}}
            sys.stdout.write(json.dumps(ready) + "\n")
            sys.stdout.flush()
            sys.stdin.read()


if __name__ == "__main__":
    serve()
