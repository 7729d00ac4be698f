"""`entregent up`: web and worker under one parent.

Ctrl-C stops both within seconds; a parent that is lost takes its children with it (`infra.lifeline`); a child that
dies is started again, and when it dies again and again everything stops and says so.
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from backend.accounts.login import create_login_link
from backend.accounts.members import first_owner
from backend.config import Settings
from backend.infra.clock import utc_now
from backend.infra.db import Database
from backend.infra.lifeline import VARIABLE

STOP_WITHIN_S = 4.0
READY_WITHIN_S = 20.0
MOST_RESTARTS = 5  # within RESTART_WINDOW_S
RESTART_WINDOW_S = 60.0
LOCK = "up.lock"


class PortTaken(Exception):
    """The port is in use. `free` is the next one that is not."""

    def __init__(self, message: str, free: int) -> None:
        super().__init__(message)
        self.free = free


def run_up(settings: Settings, *, open_browser: bool = False) -> int:
    """Run until stopped; gives the exit code. Raises PortTaken before anything is started."""
    check_port(settings)
    with _holding_lock(settings):
        return _Family(settings).run(open_browser)


def check_port(settings: Settings) -> None:
    """Raises PortTaken."""
    if _is_free(settings.host, settings.port):
        return
    free = next((p for p in range(settings.port + 1, settings.port + 100) if _is_free(settings.host, p)), 0)
    raise PortTaken(f"Port {settings.port} on {settings.host} is taken by {_who_listens(settings.port)}.", free)


def make_login_url(settings: Settings, member_id: int | None = None) -> str:
    """A fresh one-time link for a member (the first owner, made if there is none)."""
    database = Database(settings.database_url, pool_size=1)
    now = utc_now()
    with database.write() as session:
        member = member_id if member_id is not None else first_owner(session, now=now).id
        secret = create_login_link(session, member, now=now)
    database.close()
    return f"{settings.app_url}/-/login/{secret}"


def is_running(settings: Settings) -> bool:
    """Whether an `entregent up` holds this data folder."""
    try:
        with _holding_lock(settings):
            return False
    except AlreadyRunning:
        return True


class AlreadyRunning(Exception):
    pass


class _Family:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._deaths: list[float] = []
        self._stop_asked = False
        # Children hold the reading end; only this process has the writing end, so it ends when we do.
        self._read_end, self._write_end = os.pipe()

    def run(self, open_browser: bool) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        for role in ("web", "worker"):
            self._start(role)
        if not self._wait_until_ready():
            self._stop()
            return 0 if self._stop_asked else 1
        address = make_login_url(self._settings)
        print(f"\n  Entregent runs. Open this address to log in (it works once):\n\n  {address}\n", flush=True)
        print(f"  Data: {self._settings.data_dir}    Stop: Ctrl-C    Another link: entregent login\n", flush=True)
        if open_browser:
            webbrowser.open(address)
        code = self._watch()
        self._stop()
        return code

    def _start(self, role: str) -> None:
        command = [sys.executable, "-m", "backend", role]
        if role == "web":
            command += ["--host", self._settings.host, "--port", str(self._settings.port)]
        environment = {**os.environ, VARIABLE: str(self._read_end)}
        # A session of its own: Ctrl-C reaches only this parent, which then stops each child in the right way.
        self._children[role] = subprocess.Popen(  # noqa: S603  # our own interpreter, our own module
            command, env=environment, pass_fds=[self._read_end], start_new_session=True
        )

    def _wait_until_ready(self) -> bool:
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until and not self._stop_asked:
            if any(child.poll() is not None for child in self._children.values()):
                print("entregent: a process ended while starting; see the lines above.", file=sys.stderr)
                return False
            if not _is_free(self._settings.host, self._settings.port):
                return True
            time.sleep(0.05)
        return False

    def _watch(self) -> int:
        while not self._stop_asked:
            for role, child in self._children.items():
                if child.poll() is not None and not self._stop_asked:
                    now = time.monotonic()
                    self._deaths = [at for at in self._deaths if now - at < RESTART_WINDOW_S] + [now]
                    if len(self._deaths) > MOST_RESTARTS:
                        print(f"entregent: the {role} process keeps ending; stopping.", file=sys.stderr)
                        return 1
                    print(f"entregent: the {role} process ended ({child.returncode}); starting it again.", flush=True)
                    self._start(role)
            time.sleep(0.1)
        return 0

    def _stop(self) -> None:
        for child in self._children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        until = time.monotonic() + STOP_WITHIN_S
        for child in self._children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, until - time.monotonic()))
        for child in self._children.values():
            if child.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        os.close(self._write_end)
        os.close(self._read_end)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_asked = True


@contextmanager
def _holding_lock(settings: Settings) -> Iterator[None]:
    with (settings.data_dir / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"Entregent runs already on {settings.data_dir}.") from None
        yield


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _who_listens(port: int) -> str:
    """The name and pid of whoever holds a port, where the system tells (Linux); "another program" elsewhere."""
    try:
        inodes = set()
        for table in ("/proc/net/tcp", "/proc/net/tcp6"):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
        for process in Path("/proc").iterdir():
            if not process.name.isdigit():
                continue
            with suppress(OSError):
                for descriptor in (process / "fd").iterdir():
                    if str(descriptor.readlink()) in inodes:
                        words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                        return f"process {process.name} ({words.strip()[:80]})"
    except OSError:
        pass
    return "another program"
