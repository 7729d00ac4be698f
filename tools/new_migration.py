"""Writes a migration from the difference between the newest one and the models:  python tools/new_migration.py WORDS

Read what it wrote, run `make format`, and give data its own steps: a test upgrades with rows in every table.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from backend.infra.db import Database
from backend.migrations.steps import alembic_config, migrate


def main() -> None:
    words = " ".join(sys.argv[1:]) or sys.exit(__doc__)
    config = alembic_config()
    number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'scratch.sqlite3'}")
        if number > 1:
            migrate(database, "head")
        with database.engine.connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            command.revision(config, words, autogenerate=True, rev_id=f"{number:04d}")
        database.close()


if __name__ == "__main__":
    main()
