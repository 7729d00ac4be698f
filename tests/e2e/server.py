"""The real server for tests: `entregent up` (or web and worker apart) on a free port and an empty data folder."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from backend.accounts.members import create_device
from backend.config import Settings
from backend.infra.clock import utc_now
from backend.infra.db import Database
from backend.migrations.upgrade import upgrade_database
from tests.databases import free_port
from tests.extension.browser import MOST_SAID
from tests.waiting import wait_for

LOGIN = re.compile(r"(http://\S+/-/login/\S+)")


@dataclass
class Server:
    """A running `entregent up`."""

    process: subprocess.Popen[bytes]
    base: str
    port: int
    data_dir: Path
    environment: Mapping[str, str]
    output: Path
    login_url: str
    python: str = sys.executable

    @property
    def database(self) -> Path:
        return self.data_dir / "entregent.sqlite3"

    def command(self, *words: str) -> str:
        """Run `entregent …` on the same data folder; gives what it printed."""
        done = subprocess.run(
            [self.python, "-m", "backend", *words],
            env=dict(self.environment),
            capture_output=True,
            check=True,
            cwd=self.data_dir,
        )
        return done.stdout.decode().strip()

    def token(self, role: str = "owner") -> str:
        """As `entregent token create` makes it, without a process for it."""
        with closing(Database(f"sqlite:///{self.database}", pool_size=1)) as database, database.write() as session:
            _device, secret = create_device(session, name="tests", kind="token", role=role, now=utc_now())
        return secret

    def call(
        self, method: str, path: str, body: Any = None, *, token: str, headers: Mapping[str, str] | None = None
    ) -> Any:
        """One call of the API; gives the JSON. Raises AssertionError for anything that is not 2xx."""
        request = urllib.request.Request(
            f"{self.base}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path} answered {error.code}: {error.read().decode()}") from error

    def children(self) -> list[int]:
        """Pids of everything below the parent."""
        pids, found = [self.process.pid], []
        while pids:
            parent = pids.pop()
            out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, check=False).stdout
            below = [int(word) for word in out.split() if alive(int(word))]
            found += below
            pids += below
        return found

    def stop(self, number: signal.Signals = signal.SIGINT, timeout_s: float = 10) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout_s)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def environment_for(data_dir: Path, port: int, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENTREGENT_")}
    return {
        **kept,
        "ENTREGENT_DATA_DIR": str(data_dir),
        "ENTREGENT_PORT": str(port),
        "ENTREGENT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",
        **(extra or {}),
    }


@cache
def _migrated() -> bytes:
    """A database in the newest shape without a row: made once in a run, since it takes longer than the start itself."""
    with TemporaryDirectory() as folder:
        upgrade_database(Settings(Path(folder), database_url=f"sqlite:///{folder}/entregent.sqlite3"))
        return (Path(folder) / "entregent.sqlite3").read_bytes()


@contextmanager
def running_server(
    data_dir: Path,
    extra: Mapping[str, str] | None = None,
    *,
    port: int | None = None,
    python: str = sys.executable,
    first_start: bool = False,
) -> Iterator[Server]:
    """`entregent up`, ready to be used; stopped at the end, hard if it will not. `first_start`: in an empty folder."""
    port = port or free_port()
    environment = environment_for(data_dir, port, extra)
    data_dir.mkdir(parents=True, exist_ok=True)
    database = data_dir / "entregent.sqlite3"
    if not first_start and python == sys.executable and not database.exists():
        database.write_bytes(_migrated())
    output = data_dir / "output.txt"
    with output.open("wb") as out:
        process = subprocess.Popen(
            [python, "-m", "backend", "up"], env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=data_dir
        )
    try:

        def address() -> str:
            if process.poll() is not None:
                raise AssertionError(f"the server ended: {output.read_text()}")
            found = LOGIN.search(output.read_text())
            return found.group(1) if found else ""

        login_url = wait_for(address, 90)  # machines that do much else at once
        yield Server(process, f"http://127.0.0.1:{port}", port, data_dir, environment, output, login_url, python)
    except Exception as error:
        error.add_note(f"the server said at last: {output.read_text()[-MOST_SAID:]}")
        raise
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
