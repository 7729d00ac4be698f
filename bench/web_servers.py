"""The servers under load: ours, and a bare WSGI function under the very same gunicorn.

python -m bench.web_servers ours|bare        settings from the environment, as always
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.config import read_settings
from backend.server import WebServer

TICKS = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).parent.parent


class BareServer(WebServer):
    """The least that can redirect: same gunicorn, same options, same headers, nothing looked up or remembered."""

    def load(self) -> Any:
        headers = [
            ("Location", "https://example.org/page/1?from=bench"),
            ("Cache-Control", "private, no-store"),
            ("Content-Length", "0"),
        ]

        def bare(_environ: Any, start_response: Any) -> Any:
            start_response("302 Found", headers)
            return ()

        return bare


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    port: int

    def cpu_s(self) -> float:
        """CPU that the server and its children have used so far, user and system."""
        return sum(_cpu_of(pid) for pid in _family(self.process.pid))

    def load(self, seconds: float, connections: int, paths: Path, rate: float = 0) -> dict[str, float]:
        command = [sys.executable, "-m", "bench.http_load", str(self.port), str(seconds), str(connections), str(rate)]
        done = subprocess.run([*command, str(paths)], cwd=ROOT, capture_output=True, check=True, text=True)
        found: dict[str, float] = json.loads(done.stdout)
        return found

    def stop(self) -> None:
        """A clean stop, as Ctrl-C or a supervisor does it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@contextmanager
def running(kind: str, folder: Path) -> Iterator[Running]:
    """A server on a free port with its data in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("ENTREGENT_")}
    env |= {"ENTREGENT_DATA_DIR": str(folder), "ENTREGENT_PORT": str(port)}
    with (folder / f"{kind}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.web_servers", kind], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=log
        )
    server = Running(process, port)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError((folder / f"{kind}.log").read_text()[-2000:])
        yield server
    finally:
        if process.poll() is None:
            server.stop()


def _family(parent: int) -> list[int]:
    pids = [parent]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            pids.append(int(path.parent.name))
    return pids


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def main() -> None:
    settings = read_settings()
    server = BareServer if sys.argv[1] == "bare" else WebServer
    server(settings, on_ready=lambda: print("ready", flush=True)).run()


if __name__ == "__main__":
    main()
