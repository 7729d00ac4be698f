"""Databases for tests: SQLite in a file, and a PostgreSQL server of our own in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import wait_for


class NoPostgres(Exception):
    """PostgreSQL is not installed; the message says how to get it."""


def find_postgres() -> Path:
    """The folder with initdb and postgres: on the PATH, or where Debian keeps them. Raises NoPostgres."""
    candidates = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if all((folder / name).exists() for name in ("initdb", "postgres", "pg_isready")):
            return folder
    raise NoPostgres("PostgreSQL is not installed: apt-get install postgresql (or set PATH to its bin folder)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _as_postgres() -> tuple[Callable[[], None] | None, int | None]:
    """PostgreSQL refuses to run as root: become its own user, made by Debian's package (or nobody)."""
    if os.getuid() != 0:
        return None, None
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue

        def become(uid: int = user.pw_uid, gid: int = user.pw_gid) -> None:
            os.setgid(gid)
            os.setuid(uid)

        return become, user.pw_uid
    raise NoPostgres("running as root, and there is neither a user postgres nor nobody")


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """A server on loopback with everything in `folder`, made or as it was left.

    Gives `postgresql+psycopg://…/` without a database name.
    """
    bin_dir = find_postgres()
    become, uid = _as_postgres()
    data, port = folder / "data", free_port()
    folder.mkdir(parents=True, exist_ok=True)
    if uid is not None:
        os.chown(folder, uid, -1)
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    if not data.exists():
        subprocess.run(
            [bin_dir / "initdb", "-D", data, "-U", "entregent", "--auth=trust", "-E", "UTF8", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, preexec_fn=become, env=environment, cwd="/",
        )  # fmt: skip
    settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [bin_dir / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", data]
            + [word for setting in settings for word in ("-c", setting)],
            stdout=log, stderr=log, preexec_fn=become, env=environment, cwd="/",
        )  # fmt: skip
    try:
        ready = [bin_dir / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"]
        wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, 30)
        yield f"postgresql+psycopg://entregent@127.0.0.1:{port}/"
    finally:
        server.send_signal(signal.SIGINT)  # at once, whoever is still connected
        server.wait(20)
